"""Gifts, grants and questions for the ledger's tests."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

import rewards
from rewards import Account, AccountId, AccountKind, Asked, Booking, Outcome, Terms, Verdict
from rewards.model_gifts import shard_of
from tests.rewards.factories import MAKELAAR, A, a_member, a_payment, a_pot

COLLEAGUE = uuid4()
"""Another makelaar."""


def key_for(shard: int) -> str:
    """A new key whose gifts go to this shard."""
    return next(key for key in (str(uuid4()) for _ in range(10**4)) if shard_of(key) == shard)


def a_donation(connection: Connection, payer: Account, minutes: int = 60, **changes: Any) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": payer.owner or MAKELAAR}
    return rewards.donate(connection, payer=payer.id, minutes=minutes, **(values | changes))


def a_grant(connection: Connection, payee: Account, minutes: int = 60, **changes: Any) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": MAKELAAR}
    return rewards.grant(connection, payee=payee.id, minutes=minutes, **(values | changes))


def a_question(
    connection: Connection, payer: Account, payee: Account, minutes: int = 100, **changes: Any
) -> Asked:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": payee.owner}
    return rewards.ask(connection, payer=payer.id, payee=payee.id, minutes=minutes, **(values | changes))


def a_grant_to_see(connection: Connection, payee: Account, minutes: int = 700, **changes: Any) -> Asked:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": MAKELAAR}
    return rewards.ask_grant(connection, payee=payee.id, minutes=minutes, **(values | changes))


def a_verdict(
    connection: Connection,
    asked: Asked,
    actor: UUID | None,
    outcome: Outcome = Outcome.ACCEPTED,
    **changes: Any,
) -> Verdict:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": actor}
    return rewards.decide(connection, question=asked.question, outcome=outcome, **(values | changes))


def fill(connection: Connection, parts: dict[int, int], municipality_id: int = A) -> None:
    """Put minutes into shards of the pot, by number."""
    for shard, minutes in parts.items():
        giver = a_member(connection, municipality_id, floor=-(10**6))
        pot = a_pot(connection, municipality_id, shard=shard)
        a_payment(connection, giver, pot, minutes)


def pot(connection: Connection, municipality_id: int = A) -> dict[int, int]:
    """What the shards of the pot hold, those that hold something."""
    rows = connection.exec_driver_sql(
        "SELECT shard, posted FROM ledger.account WHERE kind = 'pot' AND municipality_id = %s AND posted <> 0",
        (municipality_id,),
    )
    return {row[0]: row[1] for row in rows}


def eyes_above(connection: Connection, minutes: int, municipality_id: int = A, **terms: Any) -> None:
    """Let a policy ask for a second pair of eyes above so many minutes."""
    rewards.set_policy(
        connection, key=str(uuid4()), actor=MAKELAAR, municipality_id=municipality_id,
        terms=Terms(eyes_above=minutes, **terms),
    )  # fmt: skip


def an_organisation(connection: Connection) -> Account:
    return a_member(connection, kind=AccountKind.ORGANISATION)


NOBODY = AccountId(9_000_000_000)
