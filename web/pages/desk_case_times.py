"""What a makelaar writes down for the asker: the spoken yes with a date, a decision, a booking set right."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.agreements import agree
from app.agreements.schemas import Appointment, Verdict
from app.categories.vocabulary import Kind
from app.clock import today
from app.errors import Conflict, Invalid
from app.http import Opened
from app.matches.models import Status
from app.moderation import bookings, cases
from app.schemas import Incoming
from rewards import Reason
from web import dutch, forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken/{id}")
CHOOSABLE: Final = (Status.WILLING, Status.MEETING)
REASONS: Final = {
    Reason.NOT_DELIVERED: N_("De hulp is niet gegeven"),
    Reason.WRONG_AMOUNT: N_("De tijd klopt niet"),
    Reason.WRONG_PARTY: N_("Het staat bij de verkeerde"),
    Reason.BOOKED_BY_MISTAKE: N_("Het staat er dubbel"),
    Reason.OTHER: N_("Iets anders"),
}


class Correction(Incoming):
    """Why a booking is taken back."""

    reason: Annotated[Reason, Field(alias="reden")]


forms.say(
    Appointment,
    **{
        "needs-the-asker": N_("Zet een vinkje als de vrager zelf ja zei."),
        "past": N_("Kies een dag en tijd die nog komen."),
        "too-far": N_("Kies een dag binnen een jaar."),
        "required": N_("Zet een vinkje als het contract er is."),
    },
)
forms.say(
    Verdict,
    minuten=N_("Vul het aantal minuten in. 0 betekent: het is niet gebeurd."),
    **{
        "more-than-agreed": N_(
            "Kies hoogstens de afgesproken tijd. Om meer vraagt de helper zelf, bij Roosjes."
        )
    },
)
forms.say(Correction, reden=N_("Kies wat er niet klopt."))


@router.get("/voorstellen/{proposal_id}/afspreken", name="desk.case.arrange")
def ask_when(request: Request, session: Opened, actor: Staff, id: UUID, proposal_id: UUID) -> Response:
    """When, and did the asker say yes?"""
    cases.proposal_of(session, actor, id, proposal_id)
    return _arrange(request, session, actor, id, proposal_id, blank())


def _arrange(  # noqa: PLR0913 - a path of two keys
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    proposal_id: UUID,
    form: Form[Any],
    status: int = 200,
) -> Response:
    proposal = cases.proposal_of(session, actor, id, proposal_id)
    if proposal.status not in CHOOSABLE:
        raise Conflict
    return desk_page(
        request,
        actor,
        "desk/arrange.html",
        status=status,
        form=form,
        proposal=proposal,
        asked=proposal.help_request,
        today=today(session),
        paid=proposal.help_request.kind is Kind.BETAALD,
    )


@router.post("/voorstellen/{proposal_id}/afspreken", name="desk.case.arranged")
def arrange(
    request: Request, session: Opened, actor: Staff, id: UUID, proposal_id: UUID, form: Submitted[Appointment]
) -> Response:
    """Write down the yes that the asker spoke."""
    cases.proposal_of(session, actor, id, proposal_id)
    appointment = form.value
    if appointment is not None:
        try:
            cases.attempt(session, lambda: agree.agree(session, actor, proposal_id, appointment))
        except Invalid as error:
            form.refused(error)
        except Conflict as error:
            form.refuse("", refusal(request, error))
        else:
            return see_other(f"/bureau/zaken/{id}")
    return _arrange(request, session, actor, id, proposal_id, form, 422)


@router.get("/keren/{occurrence_id}", name="desk.case.time")
def one_time(request: Request, session: Opened, actor: Staff, id: UUID, occurrence_id: UUID) -> Response:
    """One time of help: decide on it, or set its booking right."""
    return _one_time(request, session, actor, id, occurrence_id, blank())


def _one_time(  # noqa: PLR0913 - a path of two keys
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    occurrence_id: UUID,
    form: Form[Any],
    status: int = 200,
) -> Response:
    lang = i18n.language(request)
    case = cases.open_case(session, actor, id)
    occurrence = bookings.occurrence_of(session, actor, id, occurrence_id)
    agreement = next(one for one in case.agreements if one.id == occurrence.agreement_id)
    return desk_page(
        request,
        actor,
        "desk/time.html",
        status=status,
        form=form,
        asked=case.help_request,
        agreement=agreement,
        occurrence=occurrence,
        correctable=occurrence_id in bookings.correctable(session, actor, case),
        agreed=dutch.duration(occurrence.minutes, lang),
        reasons=[(reason.value, translate(lang, text)) for reason, text in REASONS.items()],
    )


@router.post("/keren/{occurrence_id}/beslissen", name="desk.case.decide")
def decide(
    request: Request, session: Opened, actor: Staff, id: UUID, occurrence_id: UUID, form: Submitted[Verdict]
) -> Response:
    """What really happened."""
    verdict = form.value
    if verdict is not None:
        try:
            cases.attempt(
                session, lambda: bookings.decide(session, actor, id, occurrence_id, verdict.minutes)
            )
        except Invalid as error:
            form.refused(error)
        except Conflict as error:
            form.refuse("", refusal(request, error))
        else:
            return see_other(f"/bureau/zaken/{id}")
    return _one_time(request, session, actor, id, occurrence_id, form, 422)


@router.post("/keren/{occurrence_id}/corrigeren", name="desk.case.correct")
def correct(
    request: Request,
    session: Opened,
    actor: Staff,
    id: UUID,
    occurrence_id: UUID,
    form: Submitted[Correction],
) -> Response:
    """Take the booking back with a new line."""
    correction = form.value
    if correction is not None:
        try:
            cases.attempt(
                session, lambda: bookings.correct(session, actor, id, occurrence_id, correction.reason)
            )
        except Conflict as error:
            form.refuse("", refusal(request, error))
        else:
            return see_other(f"/bureau/zaken/{id}")
    return _one_time(request, session, actor, id, occurrence_id, form, 422)
