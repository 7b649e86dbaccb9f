"""The walk through the year: every hold, settlement and gift booked by the ledger itself, at its own time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, text

import rewards
from app.categories.vocabulary import Kind
from app.db import Database, apart
from app.demo.world import Act, Resident, World
from rewards import errors

CEILING = 3_600
"""Minutes: the ledger's own, left as it is."""
GRACE = timedelta(days=rewards.Terms().grace_days)
"""How long after its date a time keeps its hold; no municipality of the demonstration says otherwise."""


class Clock:
    """The database's clock as its owner moves it, in whole seconds."""

    def __init__(self, owner: Connection, now: datetime) -> None:
        self._owner, self._now = owner, now
        self._ahead = 0

    def to(self, at: datetime) -> None:
        """Let it be that moment."""
        wanted = round((at - self._now).total_seconds())
        if wanted != self._ahead:
            self._shift(wanted - self._ahead)

    def back(self) -> None:
        """Let it be now again, exactly."""
        if self._ahead:
            self._shift(-self._ahead)

    def _shift(self, seconds: int) -> None:
        self._owner.execute(text("SELECT ledger.shift(make_interval(secs => :by))"), {"by": seconds})
        self._ahead += seconds


@contextmanager
def a_clock(owner_url: str, now: datetime) -> Iterator[Clock]:
    """The clock, put back whatever happens."""
    with apart(owner_url).execution_options(isolation_level="AUTOCOMMIT").connect() as owner:
        # nobody waits for these small commits: should the machine stop here, the filling is done anew
        owner.execute(text("SET synchronous_commit = off"))
        clock = Clock(owner, now)
        try:
            yield clock
        finally:
            clock.back()


class Books:
    """Books acts on one connection after another, and remembers accounts and settlements."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._accounts: dict[Resident, rewards.AccountId] = {}
        self._settled: dict[UUID, rewards.TransferId] = {}

    def act(self, connection: Connection, act: Act) -> None:
        """One booking; what a limit refuses goes on without Roosjes, as in the service."""
        occurrence = act.occurrence
        if act.kind == "pay":
            self._pay(connection, act)
        elif act.kind == "limit":
            self._widen(connection, act)
        elif occurrence is None or occurrence.kind is not Kind.ROOSJES:
            return
        elif act.kind == "hold":
            self._hold(connection, act)
        elif occurrence.hold_id is not None:
            self._resolve(connection, act)

    def _widen(self, connection: Connection, act: Act) -> None:
        """A makelaar gives somebody who is helped every week more room."""
        assert act.other is not None
        account = self._account(connection, act.other)
        rewards.set_limits(connection, account, floor=-act.minutes, ceiling=CEILING)

    def _hold(self, connection: Connection, act: Act) -> None:
        occurrence, residents = act.occurrence, self._world.residents
        assert occurrence is not None
        # opened outside the savepoint: an account stays when the hold is refused
        asker = self._account(connection, residents[occurrence.asker_id])
        helper = self._account(connection, residents[occurrence.helper_id])
        try:
            with connection.begin_nested():
                booking = rewards.hold(
                    connection,
                    key=f"hold:{occurrence.id}:{occurrence.starts_at.isoformat()}",
                    actor=_pseudonym(act.by),
                    asker=asker,
                    helper=helper,
                    minutes=occurrence.minutes,
                    expires_at=occurrence.ends_at + GRACE,
                    occurred_at=occurrence.starts_at,
                    subject=occurrence.id,
                )
        except (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen):
            occurrence.kind = Kind.ZONDER
            return
        occurrence.hold_id = int(booking.transfer)

    def _resolve(self, connection: Connection, act: Act) -> None:
        occurrence = act.occurrence
        assert occurrence is not None
        assert occurrence.hold_id is not None
        hold, actor = rewards.TransferId(occurrence.hold_id), _pseudonym(act.by)
        if act.kind == "void":
            rewards.void(connection, key=f"void:{hold}", actor=actor, hold=hold)
            occurrence.hold_id = None
        elif act.kind == "settle":
            booking = rewards.settle(
                connection, key=f"settle:{hold}", actor=actor, hold=hold, minutes=act.minutes,
                occurred_at=occurrence.starts_at,
            )  # fmt: skip
            self._settled[occurrence.id] = booking.transfer
        elif occurrence.id in self._settled:
            rewards.reverse(
                connection,
                key=f"reverse:{self._settled[occurrence.id]}",
                actor=actor,
                transfer=self._settled[occurrence.id],
                reason=rewards.Reason.WRONG_AMOUNT,
            )

    def _pay(self, connection: Connection, act: Act) -> None:
        assert act.by is not None
        assert act.other is not None
        payer, payee = self._account(connection, act.by), self._account(connection, act.other)
        try:
            with connection.begin_nested():
                rewards.pay(
                    connection,
                    key=f"gift:{act.number}",
                    actor=act.by.person.pseudonym,
                    payer=payer,
                    payee=payee,
                    minutes=act.minutes,
                )
        except (errors.OverLimit, errors.NoTrust):
            return  # a gift that one cannot afford is not given

    def _account(self, connection: Connection, resident: Resident) -> rewards.AccountId:
        if resident not in self._accounts:
            self._accounts[resident] = rewards.open_account(
                connection,
                municipality_id=resident.municipality_id,
                unit=rewards.Unit.ROOSJE_MIN,
                kind=rewards.AccountKind.MEMBER,
                owner=resident.person.pseudonym,
            ).id
        return self._accounts[resident]


def _pseudonym(resident: Resident | None) -> UUID:
    return rewards.SYSTEM if resident is None else resident.person.pseudonym


def walk(database: Database, owner_url: str, world: World, tell: Callable[[int, int], None]) -> int:
    """Book everything in the order of its time, a transaction a day; says how many acts there were."""
    acts = sorted(world.acts, key=lambda act: (act.at, act.number))
    books, done = Books(world), 0
    with a_clock(owner_url, world.moments.now) as clock:
        for _, day in groupby(acts, key=lambda act: act.at.date()):
            with database.transaction() as session:
                connection = session.connection()
                for act in day:
                    clock.to(act.at)
                    books.act(connection, act)
                    done += 1
            tell(done, len(acts))
    return done
