"""Papers, let go at from many sides at once: each ends once, and cash and cheques agree afterwards."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine

from rewards import Account, AccountKind, Unit, check, errors, paper
from rewards.schema import install_statements
from rewards.serials import Serial
from tests.databases import Server
from tests.rewards.factories import A, B, a_member, now, posted, see, trusting
from tests.rewards.paper_factories import (
    a_desk,
    a_hand_in,
    a_payout,
    a_provider,
    a_redemption,
    a_refund,
    a_sale,
    an_issue,
    municipal,
)
from tests.rewards.test_races import Act, race, refusals

WAYS = [2, 8, 32]
ways = pytest.mark.parametrize("ways", WAYS)


@pytest.fixture(scope="module")
def engine(database_server: Server, worker: str) -> Iterator[Engine]:
    """A ledger of their own: what these commit would count as other tests' papers and cash."""
    with database_server.empty(f"paper_{worker}") as database:
        owner = create_engine(database.owner_url)
        with owner.begin() as connection:
            for script in install_statements(database.application_role):
                connection.exec_driver_sql(script)
        owner.dispose()
        engine = create_engine(database.app_url, poolclass=NullPool)
        yield engine
        engine.dispose()


@pytest.fixture(autouse=True)
def invariants_hold_afterwards(engine: Engine) -> Iterator[None]:
    yield
    with engine.connect() as connection:
        assert check.run(connection) == []


def sold(
    engine: Engine, vouchers: int = 1, seconds: float = 86_400
) -> tuple[Account, Account, tuple[Serial, ...]]:
    """A desk, a provider, and cheques that were sold there."""
    with engine.begin() as connection:
        desk, provider = a_desk(connection), a_provider(connection)
        sale = a_sale(connection, desk, vouchers, expires_at=now(connection) + timedelta(seconds=seconds))
        return desk, provider, tuple(sale.serials)


@ways
def test_a_cheque_is_redeemed_once_from_all_sides(engine: Engine, ways: int) -> None:
    _, provider, (serial,) = sold(engine)

    results = race(engine, [lambda connection: a_redemption(connection, serial.text, provider)] * ways)

    assert refusals(results) == [errors.SerialRefused] * (ways - 1)


@ways
def test_one_scan_sent_many_times_is_one_redemption(engine: Engine, ways: int) -> None:
    _, provider, (serial,) = sold(engine)

    results = race(
        engine, [lambda connection: a_redemption(connection, serial.text, provider, key=serial.text)] * ways
    )

    assert refusals(results) == []
    assert len({result.transfer for result in results}) == 1  # type: ignore[attr-defined]


@ways
def test_a_cheque_is_redeemed_or_refunded_never_both(engine: Engine, ways: int) -> None:
    desk, provider, (serial,) = sold(engine)

    results = race(engine, [
        lambda connection: a_redemption(connection, serial.text, provider),
        lambda connection: a_refund(connection, serial.text, desk),
    ] * (ways // 2))  # fmt: skip

    assert refusals(results) == [errors.SerialRefused] * (ways - 1)


@ways
def test_a_cheque_lapses_or_is_redeemed_at_the_moment_it_expires(engine: Engine, ways: int) -> None:
    """Everybody keeps trying across the moment itself, so that either may come first."""
    with engine.connect() as connection:
        before = municipal_expired(connection)
    _, provider, serials = sold(engine, ways, seconds=1)
    with engine.connect() as connection:
        over_at = now(connection) + timedelta(seconds=1)

    def scan(serial: Serial) -> Act:
        return lambda connection: a_redemption(connection, serial.text, provider)

    def lapse(connection: Connection) -> list[paper.LapsedPaper]:
        lapsed: list[paper.LapsedPaper] = []
        start = now(connection)
        while now(connection) < start + timedelta(seconds=1.2):
            lapsed += paper.lapse_due(connection)
            connection.commit()
        return lapsed

    results = race(engine, [lapse, *(scan(serial) for serial in serials[1:])])
    with engine.connect() as connection:
        # on a busy machine the moment may pass while the last round already looks, or waits for a lock
        while now(connection) <= over_at:
            time.sleep(0.05)
        paper.lapse_due(connection)
        connection.commit()

    with engine.connect() as connection:
        redeemed = len(serials) - 1 - len(refusals(results))
        assert municipal_expired(connection) - before == len(serials) - redeemed


def municipal_expired(connection: Connection) -> int:
    see(connection, A)
    return municipal(connection, Unit.VOUCHER, AccountKind.EXPIRED)


def paper_is_over(connection: Connection, giver: Account) -> bool:
    """Whether the last paper of this account is past its date."""
    see(connection, A)
    query = "SELECT max(expires_at) < ledger.now() FROM ledger.serial WHERE source_id = %s"
    return bool(connection.exec_driver_sql(query, (giver.id,)).scalar())


@ways
def test_expired_papers_lapse_once_from_all_sides(engine: Engine, ways: int) -> None:
    with engine.begin() as connection:
        giver = a_member(connection)
        an_issue(connection, giver, papers=10, minutes=6, expires_at=now(connection) + timedelta(seconds=2))
    with engine.connect() as connection:
        while not paper_is_over(connection, giver):
            time.sleep(0.05)

    results = race(engine, [lambda connection: paper.lapse_due(connection, 7)] * ways)
    with engine.begin() as connection:
        rest = paper.lapse_due(connection)

    lapsed = Counter(one.serial for found in [*results, rest] for one in found if one.source == giver.id)  # type: ignore[attr-defined]
    assert sorted(lapsed.values()) == [1] * 10


@ways
def test_a_paper_roosje_is_handed_in_once_on_either_side_of_the_border(engine: Engine, ways: int) -> None:
    with engine.begin() as connection:
        trusting(connection, B, A)
        here, there = a_member(connection, A), a_member(connection, B)
        (serial,) = an_issue(connection, a_member(connection, A)).serials

    results = race(engine, [
        lambda connection: a_hand_in(connection, serial.text, here),
        lambda connection: a_hand_in(connection, serial.text, there),
    ] * (ways // 2))  # fmt: skip

    assert refusals(results) == [errors.SerialRefused] * (ways - 1)


@ways
def test_a_provider_is_not_paid_twice(engine: Engine, ways: int) -> None:
    _, provider, serials = sold(engine, 3)
    with engine.begin() as connection:
        for serial in serials:
            a_redemption(connection, serial.text, provider)

    def pay(connection: Connection) -> None:
        see(connection, A)
        a_payout(connection, provider, 2)

    results = race(engine, [pay] * ways)

    assert refusals(results) == [errors.Overdrawn] * (ways - 1)


@ways
def test_sales_redemptions_and_refunds_at_once_never_deadlock(engine: Engine, ways: int) -> None:
    desk, provider, serials = sold(engine, 2 * ways)

    def busy(number: int) -> Act:
        def act(connection: Connection) -> None:
            a_sale(connection, desk)
            connection.commit()
            a_redemption(connection, serials[2 * number].text, provider)
            connection.commit()
            a_refund(connection, serials[2 * number + 1].text, desk)

        return act

    assert refusals(race(engine, [busy(number) for number in range(ways)])) == []
    with engine.begin() as connection:
        see(connection, A)
        assert posted(connection, provider) == [ways]
