"""The meter of allowances: what a volunteer got is counted, warned about, and refused above its limit."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine

from rewards import allowance, check, errors
from rewards.allowance import AllowanceKind, Noted, Standing
from rewards.types import AllowanceId
from tests.rewards.factories import A, B, now, refused, see
from tests.rewards.paper_factories import by, pass_time
from tests.rewards.test_races import Act, race, refusals

MARCH = date(2024, 3, 10)


def a_note(connection: Connection, person: UUID, cents: int = 1_000, **changes: Any) -> Noted:
    values = by(municipality_id=A, kind=AllowanceKind.VOLUNTEER, day=MARCH) | changes
    return allowance.note(connection, person=person, cents=cents, **values)


def a_withdrawal(connection: Connection, noted: Noted, **changes: Any) -> Noted:
    return allowance.withdraw(connection, allowance=noted.allowance, **by(**changes))


def test_a_month_stops_at_210_euro(owner: Connection) -> None:
    person = uuid4()
    assert a_note(owner, person, 16_799).standing.warns is False
    assert a_note(owner, person, 1).standing == Standing(16_800, 21_000, 16_800, 210_000)
    assert a_note(owner, person, 4_199).standing.warns is True

    with refused(owner, errors.AllowanceExceeded) as caught:
        a_note(owner, person, 2)

    assert caught.value.details == {"span": "month", "asked": 2, "room": 1}
    assert a_note(owner, person, 1).standing.room == 0
    assert a_note(owner, person, 21_000, day=date(2024, 4, 1)).standing.month == 21_000
    assert check.run(owner) == []


def test_a_year_stops_at_2100_euro(owner: Connection) -> None:
    person = uuid4()
    for month in range(1, 11):
        noted = a_note(owner, person, 21_000, day=date(2023, month, 28))
    assert noted.standing.year == 210_000

    with refused(owner, errors.AllowanceExceeded) as caught:
        a_note(owner, person, 1, day=date(2023, 12, 31))

    assert caught.value.details == {"span": "year", "asked": 1, "room": 0}
    a_note(owner, person, 1, day=date(2024, 1, 1))


def test_the_year_warns_at_80_percent(owner: Connection) -> None:
    person = uuid4()
    for month in range(1, 9):
        a_note(owner, person, 16_000, day=date(2023, month, 1))
    assert not a_note(owner, person, 16_000, day=date(2023, 9, 1)).standing.warns
    assert not a_note(owner, person, 16_000, day=date(2023, 10, 1)).standing.warns
    assert a_note(owner, person, 8_000, day=date(2023, 11, 1)).standing.warns


def test_drivers_have_a_yearly_ceiling_of_their_own(owner: Connection) -> None:
    person = uuid4()
    a_note(owner, person, 21_000)

    driven = a_note(owner, person, 210_000, kind=AllowanceKind.DRIVING)

    assert driven.standing == Standing(210_000, 210_000, 210_000, 210_000)
    with refused(owner, errors.AllowanceExceeded):
        a_note(owner, person, 1, kind=AllowanceKind.DRIVING, day=date(2024, 1, 5))


def test_all_municipalities_count_together_and_each_person_alone(owner: Connection) -> None:
    person = uuid4()
    a_note(owner, person, 20_000)
    with refused(owner, errors.AllowanceExceeded):
        a_note(owner, person, 1_001, municipality_id=B)
    a_note(owner, uuid4(), 21_000)


def test_the_same_call_again_counts_once(owner: Connection) -> None:
    person = uuid4()
    first = a_note(owner, person, key="receipt")

    again = a_note(owner, person, key="receipt")

    assert (again.hit, again.allowance, again.standing) == (True, first.allowance, first.standing)
    with refused(owner, errors.KeyReused):
        a_note(owner, person, 999, key="receipt")
    gone = a_withdrawal(owner, first, key="back")
    assert a_withdrawal(owner, first, key="back").allowance == gone.allowance
    with refused(owner, errors.KeyReused):
        a_withdrawal(owner, first, key="receipt")


def test_what_was_written_down_wrongly_is_withdrawn_once(owner: Connection) -> None:
    person = uuid4()
    wrong = a_note(owner, person, 21_000)

    gone = a_withdrawal(owner, wrong)

    assert gone.standing == Standing(0, 21_000, 0, 210_000)
    with refused(owner, errors.AllowanceWithdrawn):
        a_withdrawal(owner, wrong)
    for missing in (gone.allowance, AllowanceId(9_000_000_000)):
        with refused(owner, errors.UnknownAllowance):
            allowance.withdraw(owner, allowance=missing, **by())
    a_note(owner, person, 21_000)
    assert check.run(owner) == []


def test_rules_change_with_a_coming_month_and_what_was_counted_stays(owner: Connection) -> None:
    today = now(owner).date()
    coming = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    person = uuid4()
    early = [a_note(owner, person, 10_000, day=today) for _ in range(2)]

    def follow(**changes: Any) -> None:
        values: dict[str, Any] = {"valid_from": coming, "month": 5_000, "year": 15_000} | changes
        allowance.set_limit(owner, actor=uuid4(), kind=AllowanceKind.VOLUNTEER, **values)

    follow()
    follow()
    with refused(owner, errors.RulesSet):
        follow(month=6_000)
    with refused(owner, errors.RulesSet):
        follow(valid_from=date(2000, 1, 1))
    for begin in (today, coming + timedelta(days=1)):
        with refused(owner, errors.RulesReachBack):
            follow(valid_from=begin)
    assert a_note(owner, person, 1_000, day=today).standing.month == 21_000
    pass_time(owner, days=40)

    if coming.year == today.year:  # what was counted before keeps the year full
        with refused(owner, errors.AllowanceExceeded):
            a_note(owner, person, 1, day=coming)
        a_withdrawal(owner, early[0])
        assert a_note(owner, person, 4_000, day=coming).standing == Standing(4_000, 5_000, 15_000, 15_000)
    else:
        assert a_note(owner, person, 4_000, day=coming).standing == Standing(4_000, 5_000, 4_000, 15_000)
    with refused(owner, errors.AllowanceExceeded):
        a_note(owner, uuid4(), 5_001, day=coming)
    assert check.run(owner) == []


def test_nobody_counts_an_allowance_of_their_own(owner: Connection) -> None:
    person = uuid4()
    with refused(owner, errors.OwnInterest):
        a_note(owner, person, actor=person)
    noted = a_note(owner, person)
    with refused(owner, errors.OwnInterest):
        a_withdrawal(owner, noted, actor=person)


@pytest.mark.parametrize("cents", [0, -1, 1.5, "1000", True, None, float("nan"), 1e400, 2**63], ids=repr)
def test_what_is_no_amount_is_not_counted(owner: Connection, cents: Any) -> None:
    person = uuid4()
    with pytest.raises(errors.InvalidAmount):
        a_note(owner, person, cents)
    assert allowance.standing(owner, person=person, kind=AllowanceKind.VOLUNTEER, day=MARCH).year == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"day": "2024-03-10"},
        {"day": date(1999, 12, 31)},
        {"day": date(2199, 1, 1)},
        {"day": datetime(2024, 3, 10)},  # noqa: DTZ001
        {"kind": "volunteer"},
        {"municipality_id": 0},
        {"subject": "x"},
        {"key": ""},
    ],
    ids=repr,
)
def test_what_makes_no_sense_is_not_counted(owner: Connection, changes: dict[str, Any]) -> None:
    with refused(owner, errors.InvalidInput):
        a_note(owner, uuid4(), **changes)


def test_one_sees_the_own_allowances_and_a_desk_those_of_its_municipality(connection: Connection) -> None:
    person = uuid4()
    a_note(connection, person, 1_000)
    a_note(connection, person, 500, municipality_id=B)
    for reach, pseudonym, rows, year in (
        ((), person, 2, 1_500), ((A,), None, 1, 1_500), ((B,), None, 1, 1_500), ((772,), None, 0, 0),
        ((), uuid4(), 0, 0),
    ):  # fmt: skip
        see(connection, *reach, pseudonym=pseudonym)
        count = connection.exec_driver_sql(
            "SELECT count(*) FROM ledger.allowance WHERE person = %s", (person,)
        )
        assert count.scalar_one() == rows
        seen = allowance.standing(connection, person=person, kind=AllowanceKind.VOLUNTEER, day=MARCH)
        assert seen.year == year


@pytest.fixture
def sums_hold_afterwards(engine: Engine) -> Iterator[None]:
    yield
    with engine.connect() as connection:
        assert check.run(connection) == []


@pytest.mark.usefixtures("sums_hold_afterwards")
@pytest.mark.parametrize("ways", [2, 8, 32])
def test_allowances_at_once_stop_at_the_year(engine: Engine, ways: int) -> None:
    """Each in a month of its own, so that only the year can stop them."""
    person = uuid4()
    with engine.begin() as connection:
        a_note(connection, person, 110_000, kind=AllowanceKind.DRIVING, day=date(2023, 12, 31))

    def drive(month: int) -> Act:
        return lambda connection: a_note(
            connection, person, 90_000, kind=AllowanceKind.DRIVING, day=date(2023, month, 1)
        )

    results = race(engine, [drive(1 + number % 11) for number in range(ways)])

    assert refusals(results) == [errors.AllowanceExceeded] * (ways - 1)


@pytest.mark.usefixtures("sums_hold_afterwards")
@pytest.mark.parametrize("ways", [2, 8, 32])
def test_allowances_at_once_stop_at_the_month(engine: Engine, ways: int) -> None:
    person = uuid4()

    results = race(engine, [lambda connection: a_note(connection, person, 10_000)] * ways)

    assert refusals(results) == [errors.AllowanceExceeded] * (ways - 2)


@pytest.mark.usefixtures("sums_hold_afterwards")
@pytest.mark.parametrize("ways", [2, 8, 32])
def test_one_note_and_one_withdrawal_from_all_sides_count_once(engine: Engine, ways: int) -> None:
    person = uuid4()

    notes = race(engine, [lambda connection: a_note(connection, person, key=str(person))] * ways)
    (allowance_id,) = {noted.allowance for noted in notes if isinstance(noted, Noted)}
    gone = race(
        engine, [lambda connection: allowance.withdraw(connection, allowance=allowance_id, **by())] * ways
    )

    assert refusals(notes) == []
    assert refusals(gone) == [errors.AllowanceWithdrawn] * (ways - 1)
