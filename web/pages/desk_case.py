"""De zaak: one screen with the question, who fits and why, the course, and everything a makelaar does with it."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.casework import presence
from app.clock import now
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.help_requests.models import ClosingReason, HelpRequest, Status
from app.help_requests.service import RESUMABLE
from app.help_requests.standing import last_day
from app.http import Opened
from app.matches import answer, propose
from app.matches.models import Status as ProposalStatus
from app.matches.schemas import ByHand
from app.moderation import bookings, cases, history
from app.moderation.cases import CaseClosing, Further, NewNote, OnVersion, Referral
from app.moderation.deadlines import deadlines
from app.moderation.models import NoteKind
from app.pots import shortage
from app.privacy.standing import ToCome, to_come
from app.schemas import Nothing, Why
from web import dutch, forms, i18n, yes
from web.desk_words import STATUSES
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_case_view import view
from web.pages.desk_case_work_view import work_on
from web.pages.desk_shell import desk_page, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/zaken/{id}")


forms.say(NewNote, document=N_("Plak het hele adres van het document. Het begint met https."))
forms.say(Referral, waarheen=N_("Schrijf waar iemand beter geholpen is."))
forms.say(CaseClosing, reden=N_("Kies waarom u de vraag sluit."))
CHOSEN_FROM: Final = (ProposalStatus.WILLING, ProposalStatus.MEETING)
CLOSING: Final = {
    ClosingReason.FULFILLED: N_("Vervuld: er is geholpen"),
    ClosingReason.FAILED: N_("Niet gelukt: wij vonden niemand"),
    ClosingReason.NOT_NEEDED: N_("Niet meer nodig"),
}


@router.get("", name="desk.case")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The case; opening it marks it seen."""
    return show_case(request, session, actor, id)


def show_case(  # noqa: PLR0913 - what went wrong has three sides
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    *,
    form: Form[Any] | None = None,
    status: int = 200,
    problem: str = "",
    stale: bool = False,
) -> Response:
    """The case as it stands, with what was typed or what stands in the way."""
    case = cases.open_case(session, actor, id)
    lang, moment = i18n.language(request), now(session)
    line = history.of_case(session, actor, id)
    asked = case.help_request
    presence.come(session, actor, asked)
    promise = deadlines(moment, asked.municipality.promise_days)
    due = promise.due(asked.waits_since or asked.created_at)
    return desk_page(
        request,
        actor,
        "desk/case.html",
        status=status,
        case=case,
        asked=asked,
        seen=view(case, line, moment, lang),
        changed=history.last_change(session, actor, id) if stale else None,
        correctable=bookings.correctable(session, actor, case),
        work=work_on(session, actor, case, moment, lang),
        short=[(one, uuid4()) for one in shortage.of_case(session, actor, case.agreements)],
        late=due < moment,
        choice=due < moment and any(one.status in CHOSEN_FROM for one in case.proposals),
        due_day=dutch.local_date(last_day(due)),
        state=translate(lang, STATUSES[asked.status]),
        now=moment,
        form=form or blank(),
        problem=problem,
        stale=stale,
        looking=asked.status is Status.OPEN,
        **_yes(session, asked, lang),
        reasons=[(value.value, translate(lang, text)) for value, text in CLOSING.items()],
    )


def _yes(session: Opened, asked: HelpRequest, lang: str) -> dict[str, Any]:
    """The text to read out before the case opens, or that a parent is to say yes first."""
    why = None
    if asked.status in (Status.SUBMITTED, *RESUMABLE):
        why = to_come(session, asked.person_id, asked.category_number, asked.skills)
    from_parent = why is ToCome.PARENT
    return {
        "yes": yes.asked(lang) if why is not None and not from_parent else None,
        "waits": yes.waits(why, lang, name=asked.person.first_name) if from_parent else "",
    }


def act(
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    form: Form[Any],
    done: Callable[[Any], object],
) -> Response:
    """Do it on what was typed and show the case anew; a refusal shows it with what stands in the way."""
    if form.value is None:
        cases.get(session, actor, id)
        return show_case(request, session, actor, id, form=form, status=422)
    try:
        cases.attempt(session, lambda: done(form.value))
    except Stale:
        return show_case(request, session, actor, id, form=form, status=409, stale=True)
    except (Conflict, Invalid, Forbidden) as error:
        if isinstance(error, Invalid) and error.code == Invalid.code and error.details:
            return show_case(request, session, actor, id, form=form.refused(error), status=422)
        cases.get(session, actor, id)
        return show_case(
            request, session, actor, id, form=form, status=error.status, problem=refusal(request, error)
        )
    return see_other(f"/bureau/zaken/{id}")


@router.post("/notities", name="desk.case.note")
def note(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewNote]) -> Response:
    """A note; or a call, in one click and with a word if there is one."""
    kinds = {"gebeld": NoteKind.CALL, "langs": NoteKind.VISIT}
    kind = kinds.get(form.button, NoteKind.NOTE)
    if form.value is not None and kind is NoteKind.NOTE and not form.value.text:
        form.refuse("notitie", N_("Schrijf hier iets op."))

    def write(new: NewNote) -> None:
        cases.note(session, actor, id, new.text or "", kind, access=new.access, link=new.link or "")

    return act(request, session, actor, id, form, write)


@router.post("/oppakken", name="desk.case.take")
def take(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """From here on it is mine."""
    return act(request, session, actor, id, form, lambda on: cases.take(session, actor, id, on.version))


@router.post("/loslaten", name="desk.case.leave")
def leave(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """For a colleague to take."""
    return act(request, session, actor, id, form, lambda on: cases.leave(session, actor, id, on.version))


@router.post("/vrijgeven", name="desk.case.release")
def release(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[cases.Opened]
) -> Response:
    """Read, and let through."""
    return act(request, session, actor, id, form, lambda opened: cases.release(session, actor, id, opened))


@router.post("/pauze", name="desk.case.pause")
def pause(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """Stop looking for a while."""
    return act(request, session, actor, id, form, lambda on: cases.pause(session, actor, id, on.version))


@router.post("/hervatten", name="desk.case.resume")
def resume(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[cases.Opened]
) -> Response:
    """Look again, for a whole term."""
    return act(request, session, actor, id, form, lambda opened: cases.resume(session, actor, id, opened))


@router.post("/meer-helpers", name="desk.case.more")
def more(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[OnVersion]) -> Response:
    """Ask the next few helpers."""
    return act(request, session, actor, id, form, lambda on: cases.ask_more(session, actor, id, on.version))


@router.post("/verder-zoeken", name="desk.case.further")
def further(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Further]) -> Response:
    """A wider circle."""
    return act(request, session, actor, id, form, lambda wide: cases.look_further(session, actor, id, wide))


@router.post("/verwijzen", name="desk.case.refer")
def refer(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Referral]) -> Response:
    """Better helped elsewhere."""
    return act(request, session, actor, id, form, lambda to: cases.refer(session, actor, id, to))


@router.post("/sluiten", name="desk.case.close")
def close(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[CaseClosing]
) -> Response:
    """It is over."""
    return act(request, session, actor, id, form, lambda closing: cases.close(session, actor, id, closing))


@router.post("/voorstellen", name="desk.case.propose")
def propose_by_hand(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[ByHand]
) -> Response:
    """Ask one helper by name."""

    def ask(new: ByHand) -> None:
        cases.get(session, actor, id)
        propose.by_hand(session, actor, id, new.offer_id)

    return act(request, session, actor, id, form, ask)


@router.post("/voorstellen/{proposal_id}/koppelen", name="desk.case.confirm")
def confirm(
    request: Request, session: Opened, actor: Staff, id: UUID, proposal_id: UUID, form: Submitted[Nothing]
) -> Response:
    """Introduce the two to each other."""

    def introduce(_: Nothing) -> None:
        cases.proposal_of(session, actor, id, proposal_id)
        answer.confirm(session, actor, proposal_id)

    return act(request, session, actor, id, form, introduce)


@router.post("/voorstellen/{proposal_id}/overslaan", name="desk.case.pass")
def pass_over(
    request: Request, session: Opened, actor: Staff, id: UUID, proposal_id: UUID, form: Submitted[Why]
) -> Response:
    """Not this helper."""

    def skip(why: Why) -> None:
        cases.proposal_of(session, actor, id, proposal_id)
        answer.pass_over(session, actor, proposal_id, why.reason or "")

    return act(request, session, actor, id, form, skip)


@router.post("/voorstellen/{proposal_id}/kennismaken", name="desk.case.meet")
def meet(
    request: Request, session: Opened, actor: Staff, id: UUID, proposal_id: UUID, form: Submitted[Nothing]
) -> Response:
    """The asker would like to meet first, and said so."""

    def introduce(_: Nothing) -> None:
        cases.proposal_of(session, actor, id, proposal_id)
        answer.meet(session, actor, proposal_id)

    return act(request, session, actor, id, form, introduce)
