"""Veiligheid at the desk: the queue of reports with their promised days, appeals, what stood out, and suspensions."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now
from app.conversations import desk as conversations
from app.errors import NotFound
from app.http import Opened
from app.safety import contacts, reports, suspensions, watch
from app.safety.models import SafetyReport
from app.safety.schemas import (
    AppealDecision,
    Assignment,
    Handling,
    Lifting,
    NewNote,
    NewSuspension,
)
from app.safety.watch import Remark
from web import forms, i18n, safety_words as words
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
HERE: Final = "/bureau/veiligheid"
REFUSALS: Final = {
    "stale": N_("Een collega veranderde dit net. Kijk hoe het nu is."),
    "transition-not-allowed": N_("Dat kan niet meer: er veranderde iets. Kijk hoe het nu is."),
    "own-interest": N_("Dit gaat over uzelf of over iemand bij u thuis. Een collega kijkt ernaar."),
    "own-decision": N_("U schorste deze persoon zelf. Een collega beslist over het bezwaar."),
    "suspended-before": N_("Een collega deed dit al."),
    "appealed-before": N_("Op dit bezwaar is al geantwoord."),
}
forms.say(Handling, uitkomst=N_("Kies wat eruit kwam."), antwoord=N_("Schrijf wat de melder leest."))
forms.say(NewNote, notitie=N_("Schrijf op wat u deed."))
forms.say(Assignment, aan=N_("Kies een collega die meldingen doet."))
forms.say(Lifting, uitleg=N_("Schrijf wat de persoon leest."))
forms.say(AppealDecision, antwoord=N_("Schrijf wat de persoon leest."))
forms.say(
    NewSuspension,
    **{
        "waarom": N_("Kies waar het om gaat."),
        "uitleg": N_("Schrijf wat de persoon leest."),
        "kijkWeerOp": N_("Kies een dag binnen een half jaar."),
        "within-half-a-year": N_("Kies een dag binnen een half jaar."),
    },
)


@router.get("/veiligheid", name="safety_desk.queue")
def queue(request: Request, session: Opened, actor: Staff) -> Response:
    """What waits, what is late, and what stood out."""
    return _queue(request, session, actor)


def _queue(
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, about: UUID | None = None,
    *, status: int = 200,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.HANDLE_REPORTS)
    lang = i18n.language(request)
    board = reports.board(session, actor, municipality.id)
    appeals = suspensions.appeals(session, actor, municipality.id)
    standing = suspensions.standing(session, actor, municipality.id)
    signals = watch.waiting(session, actor, municipality.id)
    shown = {*(one.id for one in appeals), *(one.id for one in standing), *(one.id for one in signals)}
    if status == 422 and about not in shown:
        raise NotFound
    fresh = forms.blank()
    return desk_page(
        request, actor, "safety/queue.html", status=status, municipality=municipality, board=board,
        rows=[_line(row, row.due_at < board.now, lang) for row in board.open],
        handled=[_line(row, False, lang) for row in board.handled],
        appeals=appeals, suspensions=[(one, translate(lang, words.WHY[one.why])) for one in standing],
        signals=[(one, translate(lang, words.SIGNALS[one.kind])) for one in signals],
        form=form or fresh, form_for=lambda id: form if form is not None and id == about else fresh.among(id),
        sees_files=bool(actor.at_desk(Permission.SEE_SAFETY_FILE)),
    )  # fmt: skip


def _line(row: SafetyReport, late: bool, lang: str) -> dict[str, Any]:
    state, colour = words.state(row, late, lang)
    return {
        "row": row,
        "what": translate(lang, words.WHAT[row.what]),
        "state": state,
        "colour": colour,
        "late": late,
        "outcome": translate(lang, words.OUTCOMES[row.outcome]) if row.outcome else "",
    }


@router.post("/veiligheid/signalen/{id}", name="safety_desk.signal_seen")
def signal_seen(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Remark]
) -> Response:
    """Somebody looked; nothing else happens."""
    own_municipality(session, actor, Permission.HANDLE_REPORTS)
    status = attempted(session, form, lambda remark: watch.seen(session, actor, id, remark), REFUSALS)
    return see_other(HERE) if status == 303 else _queue(request, session, actor, form, id, status=status)


@router.post("/veiligheid/bezwaren/{id}", name="safety_desk.decide")
def decide(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[AppealDecision]
) -> Response:
    """Somebody else than who suspended them decides."""
    own_municipality(session, actor, Permission.SUSPEND_PERSON)
    status = attempted(session, form, lambda said: suspensions.decide(session, actor, id, said), REFUSALS)
    return see_other(HERE) if status == 303 else _queue(request, session, actor, form, id, status=status)


@router.post("/veiligheid/schorsingen/{id}/opheffen", name="safety_desk.lift")
def lift(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Lifting]) -> Response:
    """They may take part again."""
    own_municipality(session, actor, Permission.SUSPEND_PERSON)
    status = attempted(session, form, lambda said: suspensions.lift(session, actor, id, said), REFUSALS)
    return see_other(HERE) if status == 303 else _queue(request, session, actor, form, id, status=status)


@router.get("/veiligheid/{id}", name="safety_desk.report")
def report(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """One report: what was said, what there was between the two, and what the desk did."""
    return _report(request, session, actor, id)


def _report(  # noqa: PLR0913 - a page shows what it has
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any] | None = None, act: str = "",
    *, status: int = 200,
) -> Response:  # fmt: skip
    own_municipality(session, actor, Permission.HANDLE_REPORTS)
    row = reports.open_report(session, actor, id)
    lang, moment = i18n.language(request), now(session)
    fresh = forms.blank(soort="note", versie=row.version)
    return desk_page(
        request, actor, "safety/desk_report.html", status=status, line=_line(row, row.due_at < moment, lang), row=row,
        said=words.said(row, lang), urgency=translate(lang, words.URGENCY[row.urgency][0]), form=form or fresh,
        form_for=lambda name: form if form is not None and name == act else fresh.among(name),
        notes=[(note, words.done(note, lang)) for note in reports.notes(session, id)],
        talks=conversations.of_report(session, id),
        log=[
            {
                "state": "done" if one.at <= moment else "next", "title": translate(lang, words.MOMENTS[one.what]),
                "moment": one.at, "text": f"{one.title}: “{one.words}”" if one.words else one.title,
            }
            for one in contacts.between_the_two(session, row)
        ],
        colleagues=[(str(one.id), one.first_name) for one in reports.colleagues(session, row)],
        kinds=words.options(words.NOTES, lang), outcomes=words.options(words.OUTCOMES, lang),
        sees_files=bool(actor.at_desk(Permission.SEE_SAFETY_FILE)), moment=moment,
    )  # fmt: skip


@router.get("/veiligheid/{id}/gesprekken/{proposal_id}", name="safety_desk.conversation")
def conversation(request: Request, session: Opened, actor: Staff, id: UUID, proposal_id: UUID) -> Response:
    """What the two wrote to each other, for as long as the report is open; both read back that it was opened."""
    own_municipality(session, actor, Permission.HANDLE_REPORTS)
    said = conversations.read_reported(session, actor, id, proposal_id)
    return desk_page(request, actor, "safety/conversation.html", said=said, report_id=id)


@router.post("/veiligheid/{id}/oppakken", name="safety_desk.assign")
def assign(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Assignment]
) -> Response:
    """Take it, or hand it to a colleague."""
    status = attempted(session, form, lambda to: reports.assign(session, actor, id, to), REFUSALS)
    return _after(request, session, actor, id, form, "oppakken", status)


@router.post("/veiligheid/{id}/notitie", name="safety_desk.note")
def note(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewNote]) -> Response:
    """A call, a visit, a thought."""
    status = attempted(session, form, lambda new: reports.note(session, actor, id, new), REFUSALS)
    return _after(request, session, actor, id, form, "notitie", status)


@router.post("/veiligheid/{id}/afhandelen", name="safety_desk.handle")
def handle(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Handling]) -> Response:
    """What came of it; the reporter reads the words."""
    status = attempted(session, form, lambda done: reports.handle(session, actor, id, done), REFUSALS)
    return _after(request, session, actor, id, form, "afhandelen", status)


def _after(  # noqa: PLR0913 - an act and its form
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], act: str, status: int
) -> Response:
    if status == 303:
        return see_other(f"{HERE}/{id}")
    return _report(request, session, actor, id, form, act, status=status)


@router.get("/mensen/{id}/schorsing", name="safety_desk.suspend")
def suspend(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Before suspending somebody: what it does, and what they will read."""
    melding = request.query_params.get("melding", "")[:40]
    return _suspend(request, session, actor, id, forms.blank(afspraken="stop", melding=melding))


def _suspend(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    person, lang = person_of(session, actor, Permission.SUSPEND_PERSON, id), i18n.language(request)
    return desk_page(
        request, actor, "safety/suspend.html", status=status, form=form, person=person,
        standing=suspensions.standing_of(session, actor, id), reasons=words.options(words.WHY, lang),
        choices=words.options(words.STANDING_AT_DESK, lang),
    )  # fmt: skip


@router.post("/mensen/{id}/schorsing", name="safety_desk.suspended")
def suspended(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewSuspension]
) -> Response:
    """From this moment."""
    own_municipality(session, actor, Permission.SUSPEND_PERSON)
    status = attempted(session, form, lambda new: suspensions.suspend(session, actor, id, new), REFUSALS)
    return see_other(HERE) if status == 303 else _suspend(request, session, actor, id, form, status=status)
