"""A copy of one's own data: every row of one's own that the register knows, as JSON and as a page to read."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import ARRAY, ColumnElement, Table as SqlTable, Uuid, any_, or_, select
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, locked
from app.audit import service as audit
from app.audit.write import Act, note
from app.clock import now
from app.db import Base
from app.errors import Conflict, Forbidden
from app.ids import new_reference, uuid7
from app.matches import answer
from app.people import service as people
from app.people.models import Person
from app.privacy import tables  # noqa: F401 - declares them all
from app.privacy.models import DataExport
from app.privacy.register import REGISTER, Basis, Processing, Sort, Table
from app.signposts import service as signposts

LASTS: Final = timedelta(hours=24)
HIDDEN: Final = frozenset({Sort.ENTRY})
"""What lets somebody in, or seals the books, is nobody's to carry about."""
BEHIND: Final = frozenset(
    {"role_grant", "oidc_invitation", "roosjes_signal", "safety_signal", "safety_file", "audit_entry"}
)
"""Tables that are copied otherwise, or of which row-level security shows the person nothing."""

UNTOLD: Final = {
    "safety_report": {"outcome"},  # what came of it for the other; the answer says what the reporter may know
    "suspension": {"report_id"},  # that somebody reported, and with this kind of key when
    "ring": {"yes"},
    "ring_arc": {"answer", "answered_at"},  # the one who would help says so, or not
}
"""Columns of one's own rows that are about somebody else, and that no page tells."""

IN_WORDS: Final[Mapping[tuple[str, str], Callable[[Any], Any]]] = {
    ("kept_choices", "codes"): signposts.in_words,
}
"""Columns that hold codes, and how one reads them."""


class Fetched(Conflict):
    """The copy was fetched before, or its day is over: ask for a new one."""

    code = "fetched"


@dataclass(frozen=True, slots=True)
class Part:
    """One processing with its rows, by table."""

    processing: Processing
    rows: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Copy:
    """All that is kept about somebody, at one moment."""

    reference: str
    made_at: datetime
    first_name: str
    parts: list[Part]
    looks: list[audit.Look]
    balance_minutes: int
    lines: list[rewards.StatementLine]

    def as_json(self) -> str:
        """The whole copy for a machine, with the names of the tables and columns."""
        return json.dumps(
            {
                "kenmerk": self.reference, "gemaaktOp": self.made_at, "voornaam": self.first_name,
                "gegevens": {
                    part.processing.slug: {
                        "waarvoor": part.processing.why.nl, "grondslag": part.processing.basis.value.nl,
                        "hoeLang": part.processing.kept.nl, "wieZiet": part.processing.seen_by.nl, "rijen": part.rows,
                    }
                    for part in self.parts
                },
                "wieKeek": [
                    {"op": look.at, "wat": look.act, "wie": look.by, "rol": look.role, "waarom": look.reason}
                    for look in self.looks
                ],
                "roosjes": {
                    "standInMinuten": self.balance_minutes,
                    "regels": [{"op": line.occurred_at, "minuten": line.delta} for line in self.lines],
                },
            },
            default=plain, ensure_ascii=False, indent=2,
        )  # fmt: skip


def plain(value: Any) -> Any:
    """What JSON has no form for."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    raise TypeError(type(value).__name__)


def ask(session: Session, actor: Actor) -> DataExport:
    """A copy that can be fetched once, within a day; nothing is made or kept before."""
    if actor.behind is not None:
        raise Forbidden
    moment = now(session)
    row = DataExport(
        id=uuid7(), municipality_id=people.home_of(session, actor).municipality_id, person_id=actor.person_id,
        reference=new_reference("K"), requested_at=moment, expires_at=moment + LASTS,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def get(session: Session, actor: Actor, id: UUID) -> DataExport:
    """One's own."""
    own = select(DataExport).where(DataExport.id == id, DataExport.owned_by(actor.person_id))
    return found(session.scalars(own).one_or_none())


def fetch(session: Session, actor: Actor, id: UUID) -> Copy:
    """The copy, once. Raises Fetched the second time, and after a day."""
    if actor.behind is not None:
        raise Forbidden
    own = select(DataExport).where(DataExport.id == id, DataExport.owned_by(actor.person_id))
    row = found(session.scalars(locked(own)).one_or_none())
    moment = now(session)
    if row.fetched_at is not None or row.expires_at <= moment:
        raise Fetched
    row.fetched_at = moment
    note(session, actor, Act.EXPORT, subject=actor.person_id, municipality_id=row.municipality_id, entity="data_export",
         entity_id=row.id)  # fmt: skip
    session.flush()
    return collect(session, actor, row.reference)


def collect(session: Session, actor: Actor, reference: str) -> Copy:
    """Every row of one's own, under one's own row-level security."""
    person = found(session.get(Person, actor.person_id))
    parts: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in REGISTER.values():
        rows = _rows(session, actor, one)
        if rows:
            parts.setdefault(one.processing.slug, {})[one.name] = rows
    by_slug = {one.processing.slug: one.processing for one in REGISTER.values()}
    connection = session.connection()
    accounts = rewards.accounts(connection, person.pseudonym)
    looks, page = [], 1
    while more := audit.mine(session, actor, page=page):
        looks += more
        page += 1
    return Copy(
        reference, now(session), person.first_name, [Part(by_slug[slug], rows) for slug, rows in parts.items()], looks,
        sum(account.balance.posted for account in accounts if account.unit is rewards.Unit.ROOSJE_MIN),
        [line for account in accounts for line in rewards.statement(connection, account.id, limit=1000)],
    )  # fmt: skip


def _rows(session: Session, actor: Actor, one: Table) -> list[dict[str, Any]]:
    if not one.own or one.name in BEHIND or one.processing.basis is Basis.NONE:
        return []
    sql_table = Base.metadata.tables[one.name]
    untold = UNTOLD.get(one.name, set())
    shown = [
        sql_table.c[name]
        for name, column in one.columns.items()
        if column.sort not in HIDDEN and name not in untold
    ]
    # unscoped: one's own rows, by the columns that say whose they are
    query = select(*shown).where(or_(*(_is(sql_table, name, actor.person_id) for name in one.own)))
    if one.name == "proposal":  # who was asked and is silent, says no or waits to be introduced is not told
        query = query.where(answer.told(actor))
    return [
        {name: IN_WORDS.get((one.name, name), _as_it_is)(value) for name, value in row._mapping.items()}
        for row in session.execute(query)
    ]


def _as_it_is(value: Any) -> Any:
    return value


def _is(sql_table: SqlTable, name: str, person_id: UUID) -> ColumnElement[bool]:
    column = sql_table.c[name]
    if isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Uuid):
        return any_(column) == person_id
    return column == person_id


def packed(copy: Copy, page: str) -> bytes:
    """Both forms in one ZIP."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mijn-gegevens.json", copy.as_json())
        archive.writestr("mijn-gegevens.html", page)
    return kept.getvalue()
