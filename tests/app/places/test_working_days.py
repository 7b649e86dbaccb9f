"""Deadlines in working days and calendar days (scenario 27), across holidays and the change of clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from app.clock import AMSTERDAM
from app.places.working_days import (
    add_calendar_days,
    add_working_days,
    easter_sunday,
    holidays,
    is_working_day,
)

MOMENTS = st.integers(1_420_070_400, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def local(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2021-02-19 12:00", 1, "2021-02-22 12:00"),  # Friday, Monday
        ("2021-02-20 12:00", 1, "2021-02-23 00:00"),  # Saturday, Tuesday
        ("2021-02-21 12:00", 1, "2021-02-23 00:00"),  # Sunday, Tuesday
        ("2021-02-19 12:00", 3, "2021-02-24 12:00"),  # Friday, Wednesday
        ("2021-02-15 12:00", 10, "2021-03-01 12:00"),  # Monday, Monday
    ],
)
def test_working_days_skip_the_weekend(start: str, days: int, end: str) -> None:
    assert add_working_days(local(start), days) == local(end)


def test_a_calendar_day_counts_the_weekend() -> None:
    assert add_calendar_days(local("2021-02-20 12:00"), 1) == local("2021-02-21 12:00")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-04-03 12:00", 1, "2026-04-07 12:00"),  # Good Friday is worked, Easter Monday is not
        ("2026-04-24 12:00", 1, "2026-04-28 12:00"),  # King's Day on a Monday
        ("2026-05-13 12:00", 1, "2026-05-15 12:00"),  # Ascension
        ("2026-05-22 12:00", 1, "2026-05-26 12:00"),  # Whit Monday
        ("2026-12-24 12:00", 1, "2026-12-28 12:00"),
        ("2025-05-02 12:00", 1, "2025-05-06 12:00"),  # Liberation Day in a year of five
        ("2026-05-04 12:00", 1, "2026-05-05 12:00"),  # and in another
        ("2026-01-01 12:00", 1, "2026-01-05 00:00"),  # starts on a holiday: from Friday on
        ("2026-01-01 12:00", 0, "2026-01-02 00:00"),
    ],
)
def test_working_days_skip_the_holidays(start: str, days: int, end: str) -> None:
    assert add_working_days(local(start), days) == local(end)


def test_kings_day_moves_to_saturday_when_it_falls_on_a_sunday() -> None:
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


@pytest.mark.parametrize(
    "day",
    ["2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05",
     "2038-04-25", "2049-04-18", "2076-04-19", "1954-04-18", "1981-04-19", "2285-03-22"],
)  # fmt: skip
def test_easter_falls_where_the_calendar_says(day: str) -> None:
    assert easter_sunday(int(day[:4])) == date.fromisoformat(day)


def test_the_clock_on_the_wall_stays_when_summer_time_begins_and_ends() -> None:
    spring = add_working_days(local("2026-03-27 14:00"), 1)
    assert spring == local("2026-03-30 14:00")
    assert spring.astimezone(UTC) - local("2026-03-27 14:00").astimezone(UTC) == timedelta(hours=71)
    assert add_calendar_days(local("2026-10-24 14:00"), 1).astimezone(UTC).hour == 13


def test_a_time_that_summer_time_skips_becomes_an_hour_later() -> None:
    end = add_calendar_days(local("2026-03-28 02:30"), 1)
    assert (end.hour, end.minute, end.utcoffset()) == (3, 30, timedelta(hours=2))


def test_the_day_is_that_of_amsterdam_and_not_of_utc() -> None:
    friday_night = datetime(2026, 7, 10, 22, 30, tzinfo=UTC)  # Saturday 00:30 in Amsterdam
    assert add_working_days(friday_night, 1) == local("2026-07-14 00:00")


@pytest.mark.parametrize("days", [-1, 1001])
def test_a_count_out_of_bounds_is_a_mistake(days: int) -> None:
    with pytest.raises(ValueError, match="days"):
        add_working_days(local("2026-01-05 12:00"), days)


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        add_calendar_days(datetime(2026, 1, 5, 12), 1)  # noqa: DTZ001


@given(MOMENTS, st.integers(1, 40))
def test_a_deadline_is_on_a_working_day_and_later_with_more_days(start: datetime, days: int) -> None:
    end = add_working_days(start, days)
    assert is_working_day(end.date())
    assert start < end < add_working_days(start, days + 1)
    assert add_working_days(add_working_days(start, days), 1) == add_working_days(start, days + 1)
