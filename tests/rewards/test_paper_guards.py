"""Papers by hand, as the owner: every constraint by an attempt to break it, and every invariant by damage."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from rewards import check, paper
from tests.rewards import guards_paper
from tests.rewards.factories import a_member, broken_rule, now
from tests.rewards.paper_factories import (
    a_desk,
    a_provider,
    a_redemption,
    a_sale,
    an_issue,
    an_old_payout,
    pass_time,
)
from tests.rewards.test_checks import unguard
from tests.rewards.test_guards import World


@pytest.fixture
def world(owner: Connection) -> World:
    desk, provider, giver = a_desk(owner), a_provider(owner), a_member(owner)
    sale = a_sale(owner, desk, 3)
    an_issue(owner, giver)
    redeemed = a_redemption(owner, sale.serials[0].text, provider)
    an_old_payout(owner, provider)
    a_redemption(owner, sale.serials[1].text, provider)
    a_sale(owner, desk, expires_at=now(owner) + timedelta(days=1))
    pass_time(owner, days=2)
    paper.lapse_due(owner)
    names = owner.exec_driver_sql(
        "SELECT id, suspense_id FROM ledger.serial WHERE batch_id = %s ORDER BY id DESC LIMIT 1",
        (sale.booking.batch,),
    ).one()
    return World(owner, {
        "sale": sale.booking.batch, "sold": sale.booking.transfer, "desk": desk.id, "provider": provider.id,
        "serial": names[0], "suspense": names[1], "redeemed": redeemed.transfer, "giver": giver.id,
    })  # fmt: skip


@pytest.mark.parametrize("name", guards_paper.ATTEMPTS)
def test_the_database_refuses(world: World, name: str) -> None:
    with broken_rule(world.connection, name):
        world.attempt(guards_paper.ATTEMPTS[name])


@pytest.mark.parametrize("name", guards_paper.SOUND)
def test_the_attempts_fail_for_no_other_reason(world: World, name: str) -> None:
    world.attempt(guards_paper.SOUND[name])


@pytest.mark.parametrize("table", guards_paper.TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_is_on_paper_stays_even_for_the_owner(world: World, table: str, verb: str) -> None:
    column = guards_paper.TABLES[table]
    with pytest.raises(Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        world.attempt(verb.format(f"ledger.{table}", column, column))


@pytest.mark.parametrize("table", guards_paper.TABLES)
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"])
def test_the_application_writes_no_paper(connection: Connection, table: str, verb: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        connection.exec_driver_sql(verb.format(f"ledger.{table}"))


@pytest.mark.parametrize(
    "call",
    [
        "ledger.end_serials('{}', 'redeemed', 1)",
        "ledger.outstanding('x', 'VOUCHER', now())",
        "ledger.municipal(1771, 'VOUCHER', 'issuer')",
        "ledger.refund_papers(NULL, '{}', 1, 1)",
        "ledger.book_leg(NULL, 'VOUCHER', 1, 2, 1, NULL, NULL)",
        "ledger.lapse(NULL)",
        "ledger.write_serials(NULL, '{}', 'VOUCHER', 1, 1, 1, now())",
    ],
)
def test_the_application_calls_no_inner_function(connection: Connection, call: str) -> None:
    with pytest.raises(Exception, match="permission denied"):
        connection.exec_driver_sql(f"SELECT {call}")


DAMAGE = [
    "DELETE FROM ledger.serial WHERE id = {serial}",
    "DELETE FROM ledger.serial_end WHERE transfer_id = {redeemed}",
    "UPDATE ledger.serial SET source_id = {provider} WHERE id = {serial}",
    "UPDATE ledger.serial_end SET ending = 'refunded' WHERE transfer_id = {redeemed}",
    "UPDATE ledger.serial_end SET ending = 'redeemed' WHERE ending = 'lapsed'",
    "UPDATE ledger.serial_end SET transfer_id = {sold} WHERE transfer_id = {redeemed}",
    "UPDATE ledger.account SET posted = posted - 1500 WHERE id = {desk}",
    "UPDATE ledger.account SET posted = posted + 1 WHERE id = {provider}",
    "UPDATE ledger.serial SET amount = 61 WHERE source_id = {giver}",
    "UPDATE ledger.serial SET batch_id = {sale} WHERE source_id = {giver}",
    "INSERT INTO ledger.serial_end VALUES ({serial}, 'redeemed', {redeemed})",
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_to_papers_is_reported(world: World, damage: str) -> None:
    unguard(world.connection)
    for table in guards_paper.TABLES:
        world.attempt(f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only")
    assert check.run(world.connection) == []

    world.attempt(damage)

    assert "I12" in {violation.invariant for violation in check.run(world.connection)}


def test_half_of_a_sale_cannot_be_reversed_by_hand(world: World) -> None:
    with pytest.raises(Exception, match="not reversed"):
        world.attempt(
            "INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, reverses_id,"
            " reverses_kind) SELECT batch_id, 'reverse', unit, credit_id, debit_id, amount, id, 'pay'"
            " FROM ledger.transfer WHERE id = {sold}"
        )


def test_two_who_skip_the_locks_are_stopped_by_the_key(world: World) -> None:
    world.attempt("SELECT ledger.end_serials(ARRAY[{serial}::bigint], 'redeemed', {sold})")
    with pytest.raises(Exception, match="no paper with this serial"):
        world.attempt("SELECT ledger.end_serials(ARRAY[{serial}::bigint], 'refunded', {sold})")
