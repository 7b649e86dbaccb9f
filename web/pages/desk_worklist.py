"""De werklijst: who waits, how long, and what to do now; and finding a case."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.couplings import service as couplings
from app.errors import NotFound
from app.help_requests.models import Status
from app.http import Opened
from app.moderation import finding, people, queues, today
from app.moderation.conditions import Queue
from app.moderation.queues import Board, Entry, Group
from app.pots import granting
from app.representations import service as representations
from app.safety import reports as safety_reports
from web import dutch, i18n
from web.desk_words import ROUTINE, next_step, tags
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, home_of, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter()

NAMES: Final = {
    Queue.ALL: N_("Alles"),
    Queue.NEW: N_("Nieuw"),
    Queue.NOBODY: N_("Niemand gevonden"),
    Queue.STUCK: N_("Loopt vast"),
    Queue.MEETING: N_("Gesprek"),
    Queue.REPORTS: N_("Meldingen"),
    Queue.MINE: N_("Van mij"),
    Queue.UNCLAIMED: N_("Van niemand"),
    Queue.RESTING: N_("Even gestopt"),
    Queue.RECENT: N_("Onlangs klaar"),
}
BINS: Final = (Queue.ALL, Queue.NEW, Queue.NOBODY, Queue.STUCK, Queue.MEETING, Queue.REPORTS)
COLOURS: Final = {Queue.NOBODY: "b", Queue.STUCK: "b", Queue.REPORTS: "w"}
GROUPS: Final = {
    Group.LATE: ("b", "alert", N_("Te laat")),
    Group.TODAY: ("w", "clock", N_("Vandaag")),
    Group.WEEK: ("", "cal", N_("Deze week")),
}


@router.get("/bureau", name="desk.worklist")
def worklist(
    request: Request,
    session: Opened,
    actor: Staff,
    bak: Queue = Queue.ALL,
    van: UUID | None = None,
    blad: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """One queue of the own municipality."""
    if not actor.at_desk(Permission.MODERATE_REQUEST):
        return see_other(home_of(actor))
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    board = queues.board(session, actor, municipality, bak, page=blad, of=van)
    if van is not None and all(key != van for key, _, _ in board.colleagues):
        raise NotFound
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "desk/worklist.html",
        board=board,
        groups=grouped(board.entries, bak, board.now, lang),
        bins=_bins(board, lang, van, couplings.count_due(session, actor, municipality.id)),
        title=_title(board, van, lang),
        day=today.of_desk(session, actor, municipality.id),
        promise_days=municipality.promise_days,
        van=van,
        reported=safety_reports.waiting(session, actor, municipality.id),
        consents=len(representations.waiting(session, actor, municipality.id)),
        grants=[
            dutch.waited(one.asked_at, board.now, lang)
            for one in granting.waiting(session, actor, municipality.id)
        ],
        empty=bak is Queue.ALL and not board.entries,
    )


@router.get("/bureau/zoeken", name="desk.find")
def find(
    request: Request, session: Opened, actor: Staff, zoek: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Cases and people by name, number, place or words."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    entries = finding.cases(session, actor, municipality, zoek)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "desk/find.html",
        typed=zoek.strip(),
        rows=[row(entry, _moment(entries), lang) for entry in entries],
        found=people.find(session, actor, zoek, municipality_id=municipality.id)[:20] if zoek.strip() else [],
        promise_days=municipality.promise_days,
    )


def _moment(entries: list[Entry]) -> datetime:
    return entries[0].seen_from


def grouped(entries: list[Entry], queue: Queue, moment: datetime, lang: str) -> list[tuple[Any, ...]]:
    """Rows by how pressing they are; what rests or is done has one group of its own."""
    if queue in ROUTINE:
        return [("", "list", translate(lang, NAMES[queue]), [row(entry, moment, lang) for entry in entries])]
    return [
        (kind, icon, translate(lang, name), [row(e, moment, lang) for e in entries if e.group is group])
        for group, (kind, icon, name) in GROUPS.items()
    ]


def row(entry: Entry, moment: datetime, lang: str) -> dict[str, Any]:
    """A line of the list as ``macros/desk.html`` draws it."""
    asked = entry.help_request
    return {
        "waited_days": max((moment - entry.since).days, 0),
        "waited": dutch.waited(entry.since, moment, lang),
        "title": asked.title,
        "path": f"/bureau/zaken/{asked.id}",
        "number": asked.number,
        "tags": tags(entry, lang),
        "who": f"{asked.person.first_name}, {asked.neighbourhood.place}",
        "next": next_step(entry, moment, lang),
        "busy": asked.broker.first_name if asked.broker and asked.status is not Status.DONE else "",
    }


def _bins(
    board: Board, lang: str, of: UUID | None, talks: int
) -> list[tuple[str, list[tuple[str, str, int, str, bool]]]]:
    def line(queue: Queue) -> tuple[str, str, int, str, bool]:
        path = "/bureau" if queue is Queue.ALL else f"/bureau?bak={queue}"
        count = board.counts[queue]
        colour = COLOURS.get(queue, "") if count else ""
        return translate(lang, NAMES[queue]), path, count, colour, of is None and queue is board.queue

    others = [
        (translate(lang, N_("Van %(name)s"), name=name), f"/bureau?van={id}", count, "", id == of)
        for id, name, count in board.colleagues
    ]
    return [
        (translate(lang, N_("Werkbakken")), [*map(line, BINS), _talks(talks, lang)]),
        (translate(lang, N_("Wie doet wat")), [line(Queue.MINE), *others, line(Queue.UNCLAIMED)]),
        (translate(lang, N_("Verder")), [line(Queue.RESTING), line(Queue.RECENT)]),
    ]


def _talks(count: int, lang: str) -> tuple[str, str, int, str, bool]:
    """Talks with buddies, which have a page of their own."""
    return translate(lang, N_("Maatjes")), "/bureau/maatjes", count, "w" if count else "", False


def _title(board: Board, of: UUID | None, lang: str) -> str:
    """The state of things in one sentence."""
    if of is not None:
        name = next(name for id, name, _ in board.colleagues if id == of)
        return translate(lang, N_("Wat %(name)s doet"), name=name)
    if board.queue is not Queue.ALL:
        name = translate(lang, NAMES[board.queue])
        count = board.counts[board.queue]
        said = i18n.translations(lang).ngettext("%(words)s vraag", "%(words)s vragen", count)
        words = dutch.words(count, lang) if count else translate(lang, N_("geen"))
        return f"{name}: {said % {'words': words}}"
    if board.late:
        said = i18n.translations(lang).ngettext(
            "%(words)s mens wacht te lang", "%(words)s mensen wachten te lang", board.late
        )
        return (said % {"words": dutch.words(board.late, lang)}).capitalize()
    if board.counts[Queue.ALL]:
        return translate(lang, N_("Niemand wacht te lang"))
    return translate(lang, N_("Alles is gedaan"))
