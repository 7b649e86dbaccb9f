"""The journals against the books: nothing that was acknowledged is missing, and nothing is there twice."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from app.agreements.upkeep import OCCURRENCES_OUT_OF_STEP
from rewards import check
from tests.faults.clients import Act, Client, Line

BATCHES = """
SELECT b.actor, b.operation, b.key, count(t.id), coalesce(min(s.id::text), min(t.id)::text), sum(t.amount)
FROM ledger.batch b LEFT JOIN ledger.transfer t ON t.batch_id = b.id
LEFT JOIN welfare_spending s ON s.transfer_id = t.id AND s.status = 'paid'
WHERE b.operation IN ('pay', 'donate', 'redeem', 'welfare_spend') GROUP BY b.id
"""
"""With the id that the answer names: the transfer; of what was spent the spending, which must say that it is paid."""
HOLDS = """
SELECT o.id, o.status,
       (SELECT count(*) FROM ledger.batch b WHERE b.subject = o.id AND b.operation = 'hold'),
       (SELECT count(*) FROM ledger.batch b WHERE b.subject = o.id AND b.operation = 'void'),
       (SELECT count(*) FROM ledger.batch b WHERE b.subject = o.id AND b.operation = 'settle'),
       (o.starts_at AT TIME ZONE 'Europe/Amsterdam')::date::text
FROM occurrence o WHERE o.kind = 'roosjes'
"""
AGREEMENTS = "SELECT proposal_id, count(*) FROM agreement GROUP BY proposal_id"
POSTED = "SELECT owner_pseudonym, posted FROM ledger.account WHERE kind = 'member' AND unit = 'ROOSJE_MIN'"
BOOKED_AS = {
    Act.PAY: ("pay", "api:{key}"),
    Act.DONATE: ("donate", "api:{key}"),
    Act.HAND_IN: ("redeem", "redeem:{key}"),
    Act.SPEND: ("welfare_spend", "spending:{about}"),
}
"""Of what is one booking: its operation, and its key."""


def faults(owner: Connection, clients: Iterable[Client]) -> list[str]:
    """A sentence for each; none is what one wants to read."""
    clients = list(clients)
    lines = [line for client in clients for line in client.journal]
    return [
        *(f"invariant {fault.invariant}: {fault.offender} {fault.detail}" for fault in check.run(owner)),
        *(f"out of step: {row}" for row in owner.execute(text(OCCURRENCES_OUT_OF_STEP))),
        *_single(owner, lines),
        *_times(owner, lines, clients),
        *_balances(owner, lines),
    ]


def _single(owner: Connection, lines: list[Line]) -> list[str]:
    """What is one booking: there once, as it was acknowledged."""
    booked = {(row[0], row[1], row[2]): tuple(row[3:]) for row in owner.execute(text(BATCHES))}
    wanted: dict[Any, Any] = {}
    for line in lines:
        order = line.order
        if order.act in BOOKED_AS and line.done:
            operation, form = BOOKED_AS[order.act]
            key = (order.who.pseudonym, operation, form.format(key=line.key, about=order.about))
            wanted[key] = (1, str(line.answer["id"]), order.amount)
    lost = [f"acknowledged and lost: {key}" for key in wanted.keys() - booked.keys()]
    extra = [f"booked and never acknowledged: {key}" for key in booked.keys() - wanted.keys()]
    other = [
        f"{key}: {booked[key]}, acknowledged as {wanted[key]}"
        for key in wanted.keys() & booked.keys()
        if booked[key] != wanted[key]
    ]
    return lost + extra + other


def _times(owner: Connection, lines: list[Line], clients: list[Client]) -> list[str]:
    """Each agreed once; a hold and a void for each move; done and settled when both said so."""
    agreed = {line.order.about: UUID(line.answer["keren"][0]["id"]) for line in lines
              if line.order.act is Act.AGREE and line.done}  # fmt: skip
    known = set(agreed.values()) | {id for client in clients for id in client.pair.to_confirm}
    acts = Counter((line.order.act, line.order.about) for line in lines if line.done)
    days = {
        line.order.about: line.order.body["datum"]
        for line in lines
        if line.order.act is Act.MOVE and line.done
    }
    found = []
    rows = {row[0]: tuple(row[1:]) for row in owner.execute(text(HOLDS))}
    for id in rows.keys() ^ known:
        found.append(
            f"time {id}: {'agreed and never acknowledged' if id in rows else 'acknowledged and lost'}"
        )
    for id, (status, holds, voids, settled, day) in rows.items():
        moves, both = acts[Act.MOVE, id], acts[Act.RECEIVED, id]
        first = acts[Act.HELPED, id]
        state = "done" if both else "helped" if first else "agreed"
        if (status, holds, voids, settled) != (state, 1 + moves, moves, both) or day != days.get(id, day):
            found.append(
                f"time {id}: {status} {holds} {voids} {settled} {day}, acknowledged {state} {moves} moves"
            )
    twice = {row[0]: row[1] for row in owner.execute(text(AGREEMENTS)) if row[1] != 1}
    return found + [f"proposal {id} agreed {number} times" for id, number in twice.items()]


def _balances(owner: Connection, lines: list[Line]) -> list[str]:
    """What each has, added up from the journals alone."""
    sums: Counter[UUID] = Counter()
    helpers = {}
    for line in lines:
        if not line.done:
            continue
        order = line.order
        if order.act is Act.HELPED:
            helpers[order.about] = order.who.pseudonym
        elif order.act is Act.RECEIVED:
            sums[helpers[order.about]] += order.body["minuten"]
            sums[order.who.pseudonym] -= order.body["minuten"]
        elif order.act in (Act.PAY, Act.DONATE):
            sums[order.who.pseudonym] -= order.body["minuten"]
            if order.act is Act.PAY:
                sums[order.about] += order.body["minuten"]
    return [
        f"{row[0]} has {row[1]}, acknowledged {sums[row[0]]}"
        for row in owner.execute(text(POSTED))
        if row[1] != sums[row[0]]
    ]
