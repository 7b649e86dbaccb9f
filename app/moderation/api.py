"""/werklijsten, and the notes on a case: the desk of a makelaar."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.desks import Code, municipality_of_desk
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.moderation import cases, history, queues
from app.moderation.conditions import Group, Queue
from app.moderation.models import CaseNote, NoteKind
from app.moderation.queues import Board, Entry
from app.schemas import Incoming, Moment, Outgoing
from app.text import Typed
from app.words import NOTES, NoteName, State

router = APIRouter(tags=["Bureau"])
GROUPS = {Group.LATE: "teLaat", Group.TODAY: "vandaag", Group.CHOICE: "erIsIemand", Group.WEEK: "dezeWeek"}
KINDS = {word: NoteKind(kind) for kind, word in NOTES.items()}


class Which(Incoming):
    """Which queue of the work list, and which part of it."""

    queue: Annotated[Queue, Field(alias="bak", description="Welke werkbak.")] = Queue.ALL
    number: Annotated[int, Field(alias="pagina", ge=1, le=10_000, description="De eerste is 1.")] = 1


class EntryOut(Outgoing):
    """A row of the work list."""

    help_request_id: Annotated[UUID, Field(serialization_alias="hulpvraag")]
    number: Annotated[str, Field(serialization_alias="nummer")]
    title: Annotated[str, Field(serialization_alias="titel")]
    first_name: Annotated[str, Field(serialization_alias="vrager")]
    place: Annotated[str, Field(serialization_alias="plaats")]
    status: Annotated[State, Field(serialization_alias="staat")]
    group: Annotated[
        str, Field(serialization_alias="haast", description="teLaat, vandaag, erIsIemand of dezeWeek.")
    ]
    queues: Annotated[list[str], Field(serialization_alias="bakken")]
    since: Annotated[Moment, Field(serialization_alias="wachtSindsOp")]
    due: Annotated[Moment, Field(serialization_alias="beloofdOp")]
    asked: Annotated[int, Field(serialization_alias="gevraagd")]
    willing: Annotated[int, Field(serialization_alias="bereid")]
    broker_id: Annotated[UUID | None, Field(serialization_alias="makelaar")]


class BoardOut(Outgoing):
    """A queue beside the counts of all queues."""

    queue: Annotated[str, Field(serialization_alias="bak")]
    page: Annotated[int, Field(serialization_alias="pagina")]
    pages: Annotated[int, Field(serialization_alias="paginas")]
    late: Annotated[int, Field(serialization_alias="teLaat")]
    counts: Annotated[dict[str, int], Field(serialization_alias="aantallen")]
    entries: Annotated[list[EntryOut], Field(serialization_alias="regels")]


class WrittenNote(Incoming):
    """A note as a program sends it."""

    text: Annotated[Annotated[str, Typed(4000, lines=True)], Field(alias="notitie")]
    kind: Annotated[Literal["notitie", "telefoontje", "bezoek"], Field(alias="soort")] = "notitie"


class NoteOut(Outgoing):
    """A note on a case; the resident does not see it."""

    id: UUID
    kind: Annotated[NoteName, Field(serialization_alias="soort")]
    text: Annotated[str, Field(serialization_alias="notitie")]
    by: Annotated[str, Field(serialization_alias="door")]
    at: Annotated[Moment, Field(serialization_alias="geschrevenOp")]


@router.get("/werklijsten/{gemeente}", response_model=BoardOut, summary="Lees de werklijst")
def worklist(session: Opened, actor: ApiActor, gemeente: Code, which: Annotated[Which, Query()]) -> BoardOut:
    """Voor makelaars: wie wacht en hoe lang, het dringendste eerst. Honderd per pagina."""
    municipality = municipality_of_desk(session, actor, Permission.MODERATE_REQUEST, gemeente)
    return _board(queues.board(session, actor, municipality, which.queue, page=which.number))


def _board(board: Board) -> BoardOut:
    return BoardOut(
        queue=board.queue.value,
        page=board.page,
        pages=board.pages,
        late=board.late,
        counts={queue.value: count for queue, count in board.counts.items()},
        entries=[_entry(entry) for entry in board.entries],
    )


def _entry(entry: Entry) -> EntryOut:
    asked = entry.help_request
    return EntryOut(
        help_request_id=asked.id,
        number=asked.number,
        title=asked.title,
        first_name=asked.person.first_name,
        place=asked.neighbourhood.place,
        status=asked.status,
        group=GROUPS[entry.group],
        queues=sorted(queue.value for queue in entry.queues),
        since=entry.since,
        due=entry.due,
        asked=entry.asked,
        willing=entry.willing,
        broker_id=asked.broker_id,
    )


@router.get(
    "/hulpvragen/{id}/notities", response_model=list[NoteOut], summary="Lees de notities bij een hulpvraag"
)
def notes(session: Opened, actor: ApiActor, id: UUID) -> list[NoteOut]:
    """Voor makelaars: wat het bureau opschreef, het nieuwste eerst, tot en met 120. De vrager ziet dit niet."""
    return [_note(row, row.author.first_name) for row in history.notes(session, actor, id)]


@router.post(
    "/hulpvragen/{id}/notities",
    response_model=NoteOut,
    status_code=201,
    summary="Schrijf een notitie bij een hulpvraag",
)
def write(once: OnceOnly, id: UUID, new: Sent[WrittenNote]) -> Response:
    """Voor makelaars, bij een hulpvraag van de eigen gemeente."""
    session, actor = once.session, once.actor

    def act() -> NoteOut:
        return _note(cases.note(session, actor, id, new.text, KINDS[new.kind]), actor.first_name)

    return once.answer(new, act, created_in=f"/hulpvragen/{id}/notities")


def _note(row: CaseNote, by: str) -> NoteOut:
    return NoteOut(id=row.id, kind=row.kind, text=row.text, by=by, at=row.at)
