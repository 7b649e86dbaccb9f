"""Choosing somebody who said yes: get acquainted first, agree on a day, or a neutral no."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.agreements import agree
from app.agreements.agree import HelperBusy
from app.categories.vocabulary import Kind
from app.checks.newcomers import MeetFirst
from app.clock import now
from app.errors import DomainError, Invalid, NotFound
from app.help_requests import service, standing
from app.help_requests.models import Status as RequestStatus
from app.http import Opened
from app.matches import answer, propose
from app.matches.models import Proposal, Status
from app.matches.propose import DoesNotFit
from app.schemas import Incoming, Nothing
from web import forms, i18n, reasons
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.my_requests import own
from web.rendering import page, see_other
from web.request_forms import Agreeing, agreeing_form
from web.session import SignedIn

router = APIRouter()
PATH = "/mijn/vragen/{id}/kies/{proposal_id}"
CHOOSABLE = (Status.WILLING, Status.MEETING)


class Unwanted(Incoming):
    """With whom one would rather not."""

    proposals: Annotated[list[UUID], Field(alias="wie", min_length=1, max_length=50)]


forms.say(Unwanted, wie=N_("Kies ten minste één naam, of ga terug."))


@router.get(PATH, name="choosing.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID, proposal_id: UUID) -> Response:
    """Kies Tonnie: meet first, or agree at once."""
    proposal = _own(session, actor, id, proposal_id)
    if proposal.status not in CHOOSABLE:
        return see_other(f"/mijn/vragen/{id}")
    return _shown(request, proposal, agreeing_form(proposal, now(session)))


@router.post(f"{PATH}/kennismaken", name="choosing.meet")
def meet(session: Opened, actor: SignedIn, id: UUID, proposal_id: UUID, form: Submitted[Nothing]) -> Response:
    """Get acquainted: both get the code word for the door."""
    proposal = _own(session, actor, id, proposal_id)
    _only_a_button(form)
    if proposal.status is Status.WILLING:
        answer.meet(session, actor, proposal_id)
    return see_other(f"/mijn/vragen/{id}/kies/{proposal_id}")


@router.post(f"{PATH}/afspreken", name="choosing.agree")
def make_appointment(
    request: Request, session: Opened, actor: SignedIn, id: UUID, proposal_id: UUID, form: Submitted[Agreeing]
) -> Response:
    """The asker's own yes, with a day and a time; pressed twice, it is one appointment."""
    proposal = _own(session, actor, id, proposal_id)
    if proposal.status is Status.AGREED:
        return see_other(f"/mijn/vragen/{id}")
    if form.value is not None:
        _agree(session, actor, proposal, form)
    if form.value is None:
        proposal = _own(session, actor, id, proposal_id)
        return _shown(request, proposal, form, status=422)
    return see_other(f"/mijn/vragen/{id}")


def _agree(session: Opened, actor: Actor, proposal: Proposal, form: Form[Agreeing]) -> None:
    """Agree, or say in the form why not. A helper at two places is told by the database: hence the savepoint."""
    assert form.value is not None  # the caller's branch
    name = proposal.helper.first_name
    try:
        with session.begin_nested():
            agree.agree(session, actor, proposal.id, form.value.appointment())
    except HelperBusy:
        form.refuse("tijd", N_("%(helper)s heeft dan al iets anders. Kies een andere tijd."), helper=name)
    except DoesNotFit:
        form.refuse("", N_("%(helper)s kan nu toch niet. Kies iemand anders, of bel ons."), helper=name)
    except MeetFirst:
        form.refuse(
            "", N_("%(helper)s helpt voor het eerst. Maak eerst kennis. Daarna kiest u een dag."), helper=name
        )
    except Invalid as refusal:
        form.refused(refusal)


@router.post(f"{PATH}/liever-niet", name="choosing.pass")
def pass_over(
    session: Opened, actor: SignedIn, id: UUID, proposal_id: UUID, form: Submitted[Nothing]
) -> Response:
    """A neutral no; the next ones are asked."""
    proposal = _own(session, actor, id, proposal_id)
    _only_a_button(form)
    if proposal.status in CHOOSABLE:
        answer.pass_over(session, actor, proposal_id)
        _ask_others(session, actor, id)
    return see_other(f"/mijn/vragen/{id}")


@router.get("/mijn/vragen/{id}/liever-anders", name="choosing.instead")
def instead(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Liever iemand anders: which of them."""
    return _instead(request, session, actor, id, forms.blank())


@router.post("/mijn/vragen/{id}/liever-anders", name="choosing.others")
def others(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Unwanted]
) -> Response:
    """A neutral no to each that was ticked; the next ones are asked."""
    if form.value is None:
        return _instead(request, session, actor, id, form, status=422)
    for proposal_id in set(form.value.proposals):
        if _own(session, actor, id, proposal_id).status in CHOOSABLE:
            answer.pass_over(session, actor, proposal_id)
    _ask_others(session, actor, id)
    return see_other(f"/mijn/vragen/{id}")


def _instead(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    held = own(session, actor, id)
    choices = standing.of(session, actor, [held])[id].choices
    lang = i18n.language(request)
    people = [(str(row.id), row.helper.first_name, reasons.about(row, lang)) for row in choices]
    if not people:
        return see_other(f"/mijn/vragen/{id}")
    return page(request, "my_requests/instead.html", status=status, form=form, held=held, people=people)


def _ask_others(session: Opened, actor: Actor, id: UUID) -> None:
    help_request = service.get(session, actor, id)
    if help_request.status is RequestStatus.OPEN:
        propose.for_request(session, actor, help_request)


def _own(session: Opened, actor: Actor, id: UUID, proposal_id: UUID) -> Proposal:
    """A proposal for this question of one's own; any other does not exist here."""
    proposal = answer.get(session, actor, proposal_id)
    if proposal.help_request_id != id or proposal.asker_id != actor.person_id:
        raise NotFound
    return proposal


def _only_a_button(form: Form[Nothing]) -> None:
    if form.value is None:
        raise DomainError


def _shown(request: Request, proposal: Proposal, form: Form[Any], *, status: int = 200) -> Response:
    lang = i18n.language(request)
    row = proposal.help_request
    why = reasons.of_proposal(proposal, lang)
    item = {
        "name": proposal.helper.first_name, "about": reasons.about(proposal, lang), "best": True,
        "away": reasons.away(proposal, lang), "fit": why.level, "reasons": why.reasons, "minds": why.minds,
    }  # fmt: skip
    return page(
        request, "my_requests/choose.html", status=status, form=form, proposal=proposal, held=row, item=item,
        meeting=proposal.status is Status.MEETING, first_meet=row.category.introduction,
        paid=row.kind is Kind.BETAALD, path=f"/mijn/vragen/{row.id}/kies/{proposal.id}",
    )  # fmt: skip
