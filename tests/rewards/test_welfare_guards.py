"""Budgets by hand, as the owner: every constraint by an attempt to break it, and the invariant by damage."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection

from rewards import check, welfare
from tests.rewards import guards_welfare as guards
from tests.rewards.factories import a_member, a_payment, broken_rule
from tests.rewards.paper_factories import by
from tests.rewards.test_checks import unguard
from tests.rewards.test_guards import World
from tests.rewards.test_welfare import a_grant, a_period, a_spending


@pytest.fixture
def world(owner: Connection) -> World:
    period, closed = a_period(owner), a_period(owner)
    a_grant(owner, period, 1_000)
    spent = a_spending(owner, period, 400)
    welfare.close_period(owner, period=closed.id, **by())
    giver = a_member(owner)
    gift, other = (a_payment(owner, giver, a_member(owner), 10) for _ in range(2))
    return World(owner, {
        "period": period.id, "budget": period.account, "closed": closed.id, "spent": spent.transfer,
        "giver": giver.id, "gift": gift.transfer, "other": other.transfer,
    })  # fmt: skip


@pytest.mark.parametrize("name", guards.ATTEMPTS)
def test_the_database_refuses(world: World, name: str) -> None:
    with broken_rule(world.connection, name):
        world.attempt(guards.ATTEMPTS[name])


@pytest.mark.parametrize("name", guards.SOUND)
def test_the_attempts_fail_for_no_other_reason(world: World, name: str) -> None:
    world.attempt(guards.SOUND[name])


@pytest.mark.parametrize("name", guards.FORGED)
def test_nothing_is_forged_into_a_budget(world: World, name: str) -> None:
    with pytest.raises(Exception, match=r"violates foreign key|duplicate key|violates exclusion"):
        world.attempt(guards.FORGED[name])


@pytest.mark.parametrize("table", guards.TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_a_budget_stays_as_it_was_even_for_the_owner(world: World, table: str, verb: str) -> None:
    column = guards.TABLES[table]
    with pytest.raises(Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        world.attempt(verb.format(f"ledger.{table}", column, column))


@pytest.mark.parametrize("table", guards.TABLES)
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"])
def test_the_application_writes_no_budget(connection: Connection, table: str, verb: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        connection.exec_driver_sql(verb.format(f"ledger.{table}"))


@pytest.mark.parametrize("damage", guards.DAMAGE)
def test_damage_to_a_budget_is_reported(world: World, damage: str) -> None:
    unguard(world.connection)
    for table in guards.TABLES:
        world.attempt(f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only")
    assert check.run(world.connection) == []

    world.attempt(damage)

    assert "I13" in {violation.invariant for violation in check.run(world.connection)}


def test_a_receipt_that_slips_past_the_look_is_stopped_by_its_key(world: World) -> None:
    """Two budgets that are refunded at one moment hold no lock in common."""
    line = (
        f"SELECT ledger.write_line(p, 'spend', 10, %s, '{uuid4()}', NULL, sha256('r'), 0)"
        " FROM ledger.welfare_period p WHERE id = {period}"
    )
    world.attempt(line % "{gift}")
    with pytest.raises(Exception, match="refunded before"):
        world.attempt(line % "{other}")
