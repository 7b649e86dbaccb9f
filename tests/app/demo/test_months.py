"""What the treasurer of the demonstration finds: a year that is closed and adds up, and nettings that wait."""

from app.demo.desks import HELMOND, HOME
from rewards import invoices, months, netting
from rewards.types import Unit
from tests.app.demo.conftest import Region
from tests.rewards.factories import see


def test_a_year_of_months_is_closed_and_one_is_left_to_close(region: Region) -> None:
    closed, last = region.rows(
        "SELECT count(*), max(month) FROM ledger.period WHERE municipality_id = 1771 AND unit = 'ROOSJE_MIN'"
    )[0]
    now = region.one("SELECT ledger.month_of(ledger.now())")
    assert closed >= 10  # twelve, but for the one that runs and the one to close
    assert (now.year - last.year) * 12 + now.month - last.month == 2
    assert region.one("SELECT count(*) FROM ledger.period WHERE closed_at > ends_at + interval '4 days'") == 0


def test_every_closed_month_and_the_open_ones_reconcile(region: Region) -> None:
    with region.program.engine.connect() as connection:
        see(connection, HOME)
        every = region.rows("SELECT DISTINCT month FROM ledger.period WHERE municipality_id = 1771")
        newest = months.next_month(connection, HOME, Unit.ROOSJE_MIN)
        for month in [row[0] for row in every] + [newest]:
            for unit in months.units(connection, HOME):
                end = months.month_end(connection, HOME, unit, month)
                assert end.reconciles, (unit, month, [check for check in end.checks if not check.right])


def test_one_netting_waits_for_us_and_one_for_a_neighbour(region: Region) -> None:
    with region.program.engine.connect() as connection:
        see(connection, HOME)
        waiting = [
            ((one.giver if one.giver_id == HOME else one.taker) is None)
            for one in netting.nettings(connection, HOME)
            if (one.giver is None) != (one.taker is None)
        ]
    assert sorted(waiting) == [False, True]


def test_the_netting_that_waits_for_us_can_be_paid_from_the_pot(region: Region) -> None:
    with region.program.engine.connect() as connection:
        see(connection, HOME)
        ours = next(
            one
            for one in netting.nettings(connection, HOME)
            if (one.taker if one.taker_id == HOME else one.giver) is None
            and (one.giver if one.taker_id == HOME else one.taker) is not None
        )
    pot = "SELECT sum(posted) FROM ledger.account WHERE kind = 'pot' AND municipality_id = :giver"
    assert region.one(pot, giver=ours.giver_id) >= ours.minutes


def test_one_invoice_between_neighbours_is_paid_and_one_is_open(region: Region) -> None:
    with region.program.engine.connect() as connection:
        see(connection, HOME)
        standing = [
            (one.payee_id, one.state) for one in invoices.of_municipality(connection, HOME) if one.payee_id
        ]
    assert standing == [(HELMOND, invoices.State.SENT), (HELMOND, invoices.State.PAID)]
