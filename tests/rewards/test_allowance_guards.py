"""The meter by hand, as the owner: every constraint by an attempt to break it, and the invariant by damage."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection

from rewards import check
from tests.rewards import guards_allowance as guards
from tests.rewards.factories import broken_rule
from tests.rewards.test_allowance import a_note, a_withdrawal
from tests.rewards.test_checks import unguard
from tests.rewards.test_guards import World


@pytest.fixture
def world(owner: Connection) -> World:
    person = uuid4()
    noted = a_note(owner, person, 1_000)
    gone = a_note(owner, person, 200)
    withdrawn = a_withdrawal(owner, gone)
    return World(owner, {"noted": noted.allowance, "withdrawn": withdrawn.allowance})


@pytest.mark.parametrize("name", guards.ATTEMPTS)
def test_the_database_refuses(world: World, name: str) -> None:
    with broken_rule(world.connection, name):
        world.attempt(guards.ATTEMPTS[name])


@pytest.mark.parametrize("name", guards.SOUND)
def test_the_attempts_fail_for_no_other_reason(world: World, name: str) -> None:
    world.attempt(guards.SOUND[name])


@pytest.mark.parametrize("table", guards.TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_counted_stays_even_for_the_owner(world: World, table: str, verb: str) -> None:
    column = guards.TABLES[table]
    with pytest.raises(Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        world.attempt(verb.format(f"ledger.{table}", column, column))


@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE"])
def test_a_sum_is_never_forgotten(world: World, verb: str) -> None:
    with pytest.raises(Exception, match=r"allowance_total allows no (DELETE|TRUNCATE)"):
        world.attempt(f"{verb} ledger.allowance_total")


@pytest.mark.parametrize("table", sorted(guards.READABLE))
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"])
def test_the_application_writes_no_allowance(connection: Connection, table: str, verb: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        connection.exec_driver_sql(verb.format(f"ledger.{table}"))


def test_the_application_moves_no_sum(connection: Connection) -> None:
    with pytest.raises(Exception, match="permission denied"):
        connection.exec_driver_sql("UPDATE ledger.allowance_total SET cents = 0")


@pytest.mark.parametrize("damage", guards.DAMAGE)
def test_damage_to_the_meter_is_reported(world: World, damage: str) -> None:
    unguard(world.connection)
    for table in guards.TABLES:
        world.attempt(f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only")
    world.attempt("ALTER TABLE ledger.allowance_total DISABLE TRIGGER never_deleted")
    assert check.run(world.connection) == []

    world.attempt(damage)

    assert "I24" in {violation.invariant for violation in check.run(world.connection)}
