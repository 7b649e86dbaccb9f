"""What municipalities owe each other in hours, for the whole region; and laying the proposals ready for all of them.

The region sees and proposes. Only the two sides settle, each with its own yes (decision 0020).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import NotFound
from app.treasury.calendar import names
from app.treasury.errors import NotOver
from rewards import errors, netting
from rewards.netting import Netting

SETTLED = 10
"""Shown."""
_OPEN = text(
    "SELECT a.municipality_id AS taker, a.counter_municipality_id AS giver, a.posted,"
    " coalesce(t.limit_minutes, 0) AS trust"
    " FROM ledger.account a"
    " LEFT JOIN ledger.trust t ON (t.municipality_id, t.counter_municipality_id)"
    "  = (a.counter_municipality_id, a.municipality_id)"
    " WHERE a.kind = 'clearing' AND a.unit = 'ROOSJE_MIN' AND a.posted > 0 AND a.municipality_id = ANY (:reach)"
    " ORDER BY a.posted DESC, a.municipality_id"
)
"""The account of who got more is the one above zero."""


@dataclass(frozen=True, slots=True)
class Open:
    """Between two municipalities: residents of the taker got so much more from the giver than they gave."""

    taker_id: int
    taker: str
    giver: str
    minutes: int
    trust_minutes: int
    proposed: Netting | None
    """What was proposed last, and still waits for a yes."""

    @property
    def used_percent(self) -> int:
        """How much of what the giver trusts the taker with is used."""
        return 100 * self.minutes // self.trust_minutes if self.trust_minutes else 100

    @property
    def waits_for(self) -> list[str]:
        """Which sides said nothing yet."""
        if self.proposed is None:
            return []
        sides = ((self.taker, self.proposed.taker), (self.giver, self.proposed.giver))
        return [name for name, answer in sides if answer is None]


@dataclass(frozen=True, slots=True)
class Clearing:
    """The region's page."""

    pairs: list[Open]
    settled: list[tuple[Netting, str, str]]
    """What was settled lately: the proposal, who got and who gave."""

    @property
    def minutes(self) -> int:
        """All that is open."""
        return sum(pair.minutes for pair in self.pairs)


def clearing(session: Session, actor: Actor) -> Clearing:
    """Every pair that is out of balance, the most first. Raises NotFound for who is not of the region."""
    reach = _reach(actor)
    places = names(session)
    known = netting.nettings_of_all(session.connection(), sorted(reach))
    newest: dict[tuple[int, int], Netting] = {}
    for row in known:  # the newest first
        newest.setdefault((row.taker_id, row.giver_id), row)
    waiting = {pair: row for pair, row in newest.items() if row.batch is None and not _refused(row)}
    pairs = [
        Open(row.taker, places[row.taker], places[row.giver], row.posted, row.trust,
             waiting.get((row.taker, row.giver)))
        for row in session.execute(_OPEN, {"reach": sorted(reach)})
    ]  # fmt: skip
    settled = [(row, places[row.taker_id], places[row.giver_id]) for row in known if row.batch is not None]
    return Clearing(pairs, settled[:SETTLED])


def _refused(row: Netting) -> bool:
    return any(answer is not None and not answer.approved for answer in (row.taker, row.giver))


def propose_all(session: Session, actor: Actor, month: date) -> None:
    """Lay ready, for every pair, what stood open when the month ended. Raises NotFound, NotOver."""
    for municipality_id in sorted(_reach(actor)):
        try:
            with session.connection().begin_nested():
                netting.propose(session.connection(), municipality_id, month)
        except errors.MonthNotOver as refusal:
            raise NotOver from refusal
        except errors.UnknownBooks:
            continue  # nobody there has an account yet


def _reach(actor: Actor) -> frozenset[int]:
    reach = actor.reach(Permission.SEE_REGION)
    if not reach:
        raise NotFound
    return reach
