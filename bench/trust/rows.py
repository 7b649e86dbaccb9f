"""Lists and searches of the program, statement by statement, with row-level security and without."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session

from app.access.actor import VISITOR, Actor
from app.access.sign_in import actor_of_session
from app.agreements import occur
from app.agreements.models import Agreement
from app.categories import service as categories
from app.db import SET_SCOPE, Database, Scope
from app.help_requests import public, service
from app.help_requests.models import HelpRequest
from app.help_requests.search import search
from app.matches import answer
from app.matches.models import Proposal
from bench.trust.world import MUNICIPALITY_ID, World

Statements = list[tuple[str, Any]]
BESIDE = ", against inline"
COMMON, RARE = "wandelen", "nummer77"
INLINE = (
    "SELECT r.id, r.municipality_id, r.title, r.posted_at,"
    " ts_rank(r.search, q.words) + (r.category_number = ANY (%(numbers)s::smallint[]))::integer AS rank"
    " FROM (SELECT websearch_to_tsquery('dutch', plain(%(typed)s)) AS words,"
    " '%%' || plain(%(typed)s) || '%%' AS part) q, help_request r"
    " WHERE (r.search @@ q.words OR r.words LIKE q.part OR r.category_number = ANY (%(numbers)s::smallint[]))"
    " AND (r.is_public OR r.municipality_id = ANY (%(reach)s::integer[]) OR r.person_id = %(person)s)"
    " ORDER BY rank DESC, r.posted_at DESC NULLS LAST, r.id LIMIT 20"
)
"""What one would write where no policy stood behind it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a page asks: its statements where policies stand, and where none do."""

    name: str
    scope: Scope
    guarded: Statements
    plain: Statements


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of the middle round, and the middle of the ratios of rounds that came after each other."""

    name: str
    guarded_ms: float
    plain_ms: float
    ratio: float


def lists(world: World) -> list[Asked]:
    """What a makelaar, a resident and a visitor see of all requests, and of what came of them."""
    newest = HelpRequest.posted_at.desc().nulls_last(), HelpRequest.id

    def list_of(session: Session, actor: Actor) -> None:
        session.scalars(service.selection(actor).order_by(*newest).limit(20)).all()

    def at_the_desk(session: Session, actor: Actor) -> None:
        own = HelpRequest.municipality_id == MUNICIPALITY_ID
        session.scalars(service.selection(actor).where(own).order_by(*newest).limit(20)).all()

    def mine(session: Session, actor: Actor) -> None:
        service.mine(session, actor)

    def everybodys(session: Session, _actor: Actor) -> None:
        public.shown(session, MUNICIPALITY_ID)

    def agreements(session: Session, actor: Actor) -> None:
        session.scalars(
            occur.selection(actor).order_by(Agreement.created_at.desc(), Agreement.id).limit(20)
        ).all()

    def proposals(session: Session, actor: Actor) -> None:
        newest = Proposal.created_at.desc(), Proposal.id
        session.scalars(answer.selection(actor).order_by(*newest).limit(20)).all()

    return [
        _asked(world, "list, makelaar, agreements", world.broker.token, agreements),
        _asked(world, "list, resident, agreements", world.resident.token, agreements),
        _asked(world, "list, makelaar, proposals", world.broker.token, proposals),
        _asked(world, "list, resident, proposals", world.resident.token, proposals),
        _asked(world, "list, makelaar, all in reach", world.broker.token, list_of),
        _asked(world, "list, makelaar, one municipality", world.broker.token, at_the_desk),
        _asked(world, "list, resident, all in sight", world.resident.token, list_of),
        _asked(world, "list, resident, one's own", world.resident.token, mine),
        _asked(world, "list, visitor, public", None, everybodys),
    ]


def searches(world: World) -> list[Asked]:
    """The same words, for a makelaar and a resident; the plain side looks without function and policy."""
    found = []
    for who, token in (("makelaar", world.broker.token), ("resident", world.resident.token)):
        for name, typed in (("common", COMMON), ("rare", RARE)):

            def look(session: Session, actor: Actor, typed: str = typed) -> None:
                search(session, actor, typed)

            asked = _asked(world, f"search, {who}, {name} word", token, look)
            found.append(asked)
            found.append(_inline(world, asked, typed))
    return found


def _inline(world: World, asked: Asked, typed: str) -> Asked:
    database = Database(world.guarded, pool_size=1)
    with database.transaction() as session:
        numbers = categories.matching(session, typed)
    database.close()
    values = {
        "typed": typed, "numbers": numbers,
        "reach": sorted(asked.scope.municipalities), "person": asked.scope.person_id,
    }  # fmt: skip
    alone = asked.guarded[-1:]
    return Asked(asked.name + BESIDE, asked.scope, alone, [(INLINE, values)])


def _asked(world: World, name: str, token: str | None, act: Callable[[Session, Actor], None]) -> Asked:
    """The statements that the program itself sends, on both sides the same."""
    database = Database(world.guarded, pool_size=1)
    said: Statements = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        said.append((statement, parameters))

    with database.transaction() as session:
        actor = actor_of_session(session, token) if token else VISITOR
        event.listen(database.engine, "before_cursor_execute", note)
        act(session, actor)
        event.remove(database.engine, "before_cursor_execute", note)
    database.close()
    assert said
    return Asked(name, actor.scope, said, said)


def measured(world: World, asked: Asked, rounds: int, times: int) -> Cost:
    """In turn on both sides, over one connection each, as the role that serves."""
    with _connection(world.guarded, asked.scope) as guarded, _connection(world.plain, asked.scope) as plain:
        assert _found(guarded, asked.guarded) == _found(plain, asked.plain)
        pairs = []
        for turn in range(rounds):
            sides = [(guarded, asked.guarded), (plain, asked.plain)]
            took = [_ms(*side, times) for side in (sides if turn % 2 else sides[::-1])]
            pairs.append(tuple(took if turn % 2 else took[::-1]))
    ratio = median(one / other for one, other in pairs)
    return Cost(asked.name, median(one for one, _ in pairs), median(other for _, other in pairs), ratio)


def _connection(url: str, scope: Scope) -> psycopg.Connection[Any]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, prepare_threshold=None)
    connection.execute(SET_SCOPE, scope.as_parameters())
    return connection


def _found(connection: psycopg.Connection[Any], statements: Statements) -> list[int]:
    """How many rows each statement gives."""
    return [len(connection.execute(sql.encode(), values).fetchall()) for sql, values in statements]


def _ms(connection: psycopg.Connection[Any], statements: Statements, times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        for sql, values in statements:
            connection.execute(sql.encode(), values).fetchall()
    return (time.perf_counter() - begin) / times * 1000
