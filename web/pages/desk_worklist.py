"""De werklijst: who waits, how long, and what to do now; and finding a case."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.casework import choices
from app.casework.models import Whose
from app.couplings import service as couplings
from app.errors import NotFound
from app.help_requests.models import Status
from app.households import carers, service as households
from app.http import Opened
from app.moderation import finding, people, queues, today
from app.moderation.conditions import Group, Part, Queue
from app.moderation.queues import Board, Entry
from app.outreach import service as outreach
from app.pots import granting
from app.referrals import service as referrals
from app.representations import service as representations
from app.safety import reports as safety_reports
from web import dutch, i18n
from web.desk_words import ROUTINE, next_step, tags
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, home_of, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
Line = tuple[str, str, int, str, bool]
"""Of the rail: name, address, count, colour, and whether one is there."""

NAMES: Final = {
    Queue.ALL: N_("Alles"),
    Queue.LATE: N_("Te laat"),
    Queue.NEW: N_("Nieuw"),
    Queue.NOBODY: N_("Niemand gevonden"),
    Queue.STUCK: N_("Loopt vast"),
    Queue.MEETING: N_("Kennismaken"),
    Queue.EVALUATION: N_("Gesprek te doen"),
    Queue.FOLLOW_UP: N_("Vandaag terugkomen"),
    Queue.REPORTS: N_("Meldingen"),
    Queue.MINE: N_("Van mij"),
    Queue.UNCLAIMED: N_("Van niemand"),
    Queue.RESTING: N_("Even gestopt"),
    Queue.RECENT: N_("Onlangs klaar"),
}
BINS: Final = (
    Queue.ALL, Queue.LATE, Queue.NEW, Queue.NOBODY, Queue.STUCK, Queue.MEETING, Queue.EVALUATION, Queue.FOLLOW_UP,
    Queue.REPORTS,
)  # fmt: skip
COLOURS: Final = {
    Queue.LATE: "b",
    Queue.NOBODY: "b",
    Queue.STUCK: "b",
    Queue.REPORTS: "w",
    Queue.FOLLOW_UP: "w",
}
WHOSE: Final = {Whose.MINE: N_("Van mij"), Whose.TEAM: N_("Mijn wijken"), Whose.ALL: N_("Van iedereen")}
HERE: Final = "/bureau"
DAY: Final = timedelta(days=1)
GROUPS: Final = {
    Group.LATE: ("b", "alert", N_("Te laat")),
    Group.TODAY: ("w", "clock", N_("Vandaag")),
    Group.CHOICE: ("", "user", N_("Er is iemand: kiezen")),
    Group.WEEK: ("", "cal", N_("Deze week")),
}


@router.get(HERE, name="desk.worklist")
def worklist(  # noqa: PLR0913 - what one may look at
    request: Request,
    session: Opened,
    actor: Staff,
    bak: Queue | None = None,
    wie: Whose | None = None,
    van: UUID | None = None,
    blad: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """One queue of the own municipality; without any in the address the one that was looked at last."""
    if not actor.at_desk(Permission.MODERATE_REQUEST):
        return see_other(home_of(actor))
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    kept = choices.mine(session, actor, municipality.id)
    nothing_said = bak is None and wie is None and van is None
    queue = (Queue(kept.queue) if nothing_said and kept.queue in set(Queue) else bak) or Queue.ALL
    part = Part((kept.whose if nothing_said else wie) or Whose.ALL, tuple(kept.pc4s))
    if van is None:
        choices.keep(session, actor, kept, queue, part.whose)
    board = queues.board(session, actor, municipality, queue, page=blad, of=van, part=part)
    if van is not None and all(key != van for key, _, _ in board.colleagues):
        raise NotFound
    lang = i18n.language(request)
    reported = safety_reports.waiting(session, actor, municipality.id)
    return desk_page(
        request,
        actor,
        "desk/worklist.html",
        board=board,
        reported=reported,
        groups=grouped(board.entries, queue, board.now, lang),
        bins=_bins(board, lang, van, _elsewhere(session, actor, municipality.id, reported, lang)),
        whose=_whose(board, lang, van),
        areas=len(kept.pc4s),
        title=_title(board, van, lang),
        day=today.of_desk(session, actor, municipality.id),
        promise_days=municipality.promise_days,
        query=f"van={van}" if van else address_of(queue, part.whose).removeprefix(f"{HERE}?"),
        consents=len(representations.waiting(session, actor, municipality.id)),
        grants=[
            dutch.waited(one.asked_at, board.now, lang)
            for one in granting.waiting(session, actor, municipality.id)
        ],
        empty=queue is Queue.ALL and part.whose is Whose.ALL and van is None and not board.entries,
    )


def address_of(queue: Queue, whose: Whose) -> str:
    """Where this queue stands for this part of the work."""
    return f"{HERE}?bak={queue}" + ("" if whose is Whose.ALL else f"&wie={whose}")


def _whose(board: Board, lang: str, of: UUID | None) -> list[tuple[str, str, int, bool]]:
    """Mine, my team's, everybody's: the same queue for another part of the work."""
    return [
        (
            translate(lang, name),
            address_of(board.queue, one),
            board.whose[one],
            of is None and one is board.part.whose,
        )
        for one, name in WHOSE.items()
    ]


def _elsewhere(
    session: Opened, actor: Actor, municipality_id: int, reported: tuple[int, int], lang: str
) -> list[Line]:
    """Queues with a page of their own; each counts the rows that its page shows."""
    talks = couplings.count_due(session, actor, municipality_id)
    referred, overdue = referrals.count_open(session, actor, municipality_id)
    unseen, behind = outreach.count_live(session, actor, municipality_id)
    plans = households.count_due(session, actor, municipality_id)
    heavy = carers.count_heavy(session, actor, municipality_id)
    return [
        (
            translate(lang, N_("Veiligheid")),
            "/bureau/veiligheid",
            reported[0],
            _colour("b", reported[1]),
            False,
        ),
        (translate(lang, N_("Verwijzingen")), "/bureau/verwijzingen", referred, _colour("b", overdue), False),
        (translate(lang, N_("Omzien")), "/bureau/omzien", unseen, _colour("b", behind), False),
        (translate(lang, N_("Maatjes")), "/bureau/maatjes", talks, _colour("w", talks), False),
        (
            translate(lang, N_("Plannen om te bekijken")),
            "/bureau/huishoudens",
            plans,
            _colour("w", plans),
            False,
        ),
        (
            translate(lang, N_("Zwaar voor wie zorgt")),
            "/bureau/huishoudens#zwaar",
            heavy,
            _colour("b", heavy),
            False,
        ),
    ]


def _colour(colour: str, count: int) -> str:
    return colour if count else ""


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
        return [
            (
                "",
                "list",
                translate(lang, NAMES[queue]),
                [row(entry, moment, lang, queue) for entry in entries],
            )
        ]
    return [
        (
            kind,
            icon,
            translate(lang, name),
            [row(e, moment, lang, queue) for e in entries if e.group is group],
        )
        for group, (kind, icon, name) in GROUPS.items()
    ]


def row(entry: Entry, moment: datetime, lang: str, shown: Queue = Queue.ALL) -> dict[str, Any]:
    """A line of the list as ``macros/desk.html`` draws it."""
    asked = entry.help_request
    return {
        "waited_days": max((moment - entry.since).days, 0),
        "waited": dutch.waited(entry.since, moment, lang),
        "promise_days": max((entry.due - entry.since) / DAY, 0),
        "title": asked.title,
        "path": f"/bureau/zaken/{asked.id}",
        "number": asked.number,
        "tags": tags(entry, lang, shown),
        "who": f"{asked.person.first_name}, {asked.neighbourhood.place}",
        "next": next_step(entry, moment, lang, shown),
        "busy": asked.broker.first_name if asked.broker and asked.status is not Status.DONE else "",
        "looking": dutch.listed(entry.busy, lang) if entry.busy else "",
    }


def _bins(board: Board, lang: str, of: UUID | None, elsewhere: list[Line]) -> list[tuple[str, list[Line]]]:
    def line(queue: Queue) -> Line:
        count = board.counts[queue]
        here = of is None and queue is board.queue
        return (
            translate(lang, NAMES[queue]),
            address_of(queue, board.part.whose),
            count,
            _colour(COLOURS.get(queue, ""), count),
            here,
        )

    others = [
        (translate(lang, N_("Van %(name)s"), name=name), f"{HERE}?van={id}", count, "", id == of)
        for id, name, count in board.colleagues
    ]
    return [
        (translate(lang, N_("Werkbakken")), [line(queue) for queue in BINS]),
        (translate(lang, N_("Op een eigen blad")), elsewhere),
        (translate(lang, N_("Wie doet wat")), [line(Queue.MINE), *others, line(Queue.UNCLAIMED)]),
        (translate(lang, N_("Verder")), [line(Queue.RESTING), line(Queue.RECENT)]),
    ]


def _title(board: Board, of: UUID | None, lang: str) -> str:
    """The state of things in one sentence."""
    if of is not None:
        name = next(name for id, name, _ in board.colleagues if id == of)
        return translate(lang, N_("Wat %(name)s doet"), name=name)
    if board.queue is not Queue.ALL or board.part.whose is not Whose.ALL:
        name = translate(lang, NAMES[board.queue])
        count = board.counts[board.queue]
        said = i18n.translations(lang).ngettext("%(words)s vraag", "%(words)s vragen", count)
        words = dutch.words(count, lang) if count else translate(lang, N_("geen"))
        part = (
            "" if board.part.whose is Whose.ALL else f", {translate(lang, WHOSE[board.part.whose]).lower()}"
        )
        return f"{name}{part}: {said % {'words': words}}"
    if board.late:
        said = i18n.translations(lang).ngettext(
            "%(words)s mens wacht te lang", "%(words)s mensen wachten te lang", board.late
        )
        return (said % {"words": dutch.words(board.late, lang)}).capitalize()
    if board.counts[Queue.ALL]:
        return translate(lang, N_("Niemand wacht te lang"))
    return translate(lang, N_("Alles is gedaan"))
