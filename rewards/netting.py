"""Imbalances between municipalities, proposed at the month's end and cancelled against the pots, never in euro.

When residents of one municipality (the taker) got more help from the other (the giver) than they gave, the
giver's pot pays and the taker's pot receives, along both clearing accounts, so that both come back towards zero.
Somebody of each side has to approve, and not the same person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.errors import InvalidInput, UnknownNetting, refusals
from rewards.months import first_day
from rewards.types import BatchId


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side said, and who."""

    approved: bool
    by: UUID


@dataclass(frozen=True, slots=True)
class Netting:
    """A proposal of minutes to cancel, with what each side answered; `batch` is what was booked."""

    id: int
    taker_id: int
    giver_id: int
    month: date
    minutes: int
    taker: Answer | None
    giver: Answer | None
    batch: BatchId | None


def propose(connection: Connection, municipality_id: int, month: date) -> list[Netting]:
    """Propose, for each neighbour, to cancel what stood open when the month ended; all proposals of that month.

    The same again proposes nothing new. Raises UnknownBooks, MonthNotOver.
    """
    values = (strict.municipality(municipality_id), first_day(month))
    with refusals():
        connection.exec_driver_sql("SELECT ledger.propose_netting(%s, %s)", values)
    return [one for one in nettings(connection, municipality_id) if one.month == month]


def answer(
    connection: Connection, *, actor: UUID, netting: int, municipality_id: int, approved: bool
) -> Netting:
    """Approve or reject for one side; the second approval books. The same again changes nothing.

    Raises UnknownNetting, NettingAnswered, NettingOutgrown when less is open by now or a later month was
    proposed, OwnInterest when the actor answered for the other side, PotEmpty for the giver's pot.
    """
    if type(approved) is not bool:
        raise InvalidInput("an answer is yes or no")
    values = (
        strict.pseudonym(actor, "actor"),
        strict.identity(netting, "netting"),
        strict.municipality(municipality_id),
        approved,
    )
    with refusals():
        connection.exec_driver_sql("SELECT ledger.answer_netting(%s, %s, %s, %s)", values)
    for one in nettings(connection, municipality_id):
        if one.id == netting:
            return one
    raise UnknownNetting(netting=netting)


def nettings(connection: Connection, municipality_id: int) -> list[Netting]:
    """All proposals with this municipality on either side that this transaction may see, the newest first."""
    return nettings_of_all(connection, [strict.municipality(municipality_id)])


def nettings_of_all(connection: Connection, municipalities: Sequence[int]) -> list[Netting]:
    """The same for several municipalities at once."""
    rows = connection.exec_driver_sql(
        """
        SELECT n.id, n.taker_id, n.giver_id, n.month, n.amount, t.approved, t.answered_by,
               g.approved, g.answered_by, coalesce(t.batch_id, g.batch_id)
        FROM ledger.netting n
        LEFT JOIN ledger.netting_answer t ON t.netting_id = n.id AND t.side = 'taker'
        LEFT JOIN ledger.netting_answer g ON g.netting_id = n.id AND g.side = 'giver'
        WHERE n.taker_id = ANY (%(places)s) OR n.giver_id = ANY (%(places)s)
        ORDER BY n.month DESC, n.id
        """,
        {"places": [strict.municipality(one) for one in municipalities]},
    )
    return [_netting(row) for row in rows]


def _netting(row: Any) -> Netting:
    taker = None if row[5] is None else Answer(row[5], row[6])
    giver = None if row[7] is None else Answer(row[7], row[8])
    return Netting(row[0], row[1], row[2], row[3], row[4], taker, giver, row[9])
