"""Digests go at a decent hour on a Dutch wall clock, follow how much there is, and letters come once a week."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import AMSTERDAM
from app.notifications import texts
from app.notifications.groups import (
    ASKS,
    DEFAULTS,
    GROUP_OF,
    MUST,
    TOO_LATE_BY_LETTER,
    URGENT,
    Group,
    Way,
    choices,
    way_of,
)
from app.notifications.rhythm import MUCH, is_due, last_morning


def at(day: str, clock: str = "08:05") -> datetime:
    """A moment on a Dutch wall clock, in UTC as the database tells it."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


def test_every_kind_is_in_a_group_and_every_exception_is_a_kind() -> None:
    assert set(GROUP_OF) == set(texts.PATHS)
    assert set(GROUP_OF) >= ASKS | URGENT | TOO_LATE_BY_LETTER
    assert len(Group) <= 12


@pytest.mark.parametrize("mail", [True, False])
@pytest.mark.parametrize("group", Group)
def test_what_must_arrive_cannot_be_switched_off(group: Group, mail: bool) -> None:
    offered = choices(group, mail=mail)
    assert way_of(group, None, mail=mail) in (*offered, Way.LETTER)
    if group is not Group.DESK:
        assert (Way.SITE in offered) is (group not in MUST) or not mail
    if group in MUST:
        assert way_of(group, Way.SITE, mail=mail) is not Way.SITE
    assert DEFAULTS[group] in choices(group, mail=True)


def test_three_things_make_a_mail_of_the_day_and_one_waits_a_day_longer() -> None:
    evening = at("2026-06-02", "19:00")
    three = [evening - timedelta(minutes=minute) for minute in range(3)]
    assert is_due(Way.DAY, three, at("2026-06-03"))
    assert not is_due(Way.DAY, three[:1], at("2026-06-03"))
    assert is_due(Way.DAY, three[:1], at("2026-06-04"))
    assert is_due(Way.DAY, three[:1], at("2026-06-03"), must=True)
    assert not is_due(Way.DAY, [], at("2026-06-04"))


def test_nothing_goes_at_night() -> None:
    old = [at("2026-06-01", "10:00")] * 9
    for clock in ("00:05", "07:59", "20:01", "23:59"):
        assert not any(is_due(way, old, at("2026-06-09", clock), must=True) for way in Way)


def test_a_week_ends_on_monday_morning_unless_very_much_came() -> None:
    told = [at("2026-06-02", "12:00")]  # a Tuesday
    days = [at(f"2026-06-{day:02}") for day in range(3, 9)]
    assert [is_due(Way.WEEK, told, day) for day in days] == [False] * 5 + [True]
    assert is_due(Way.WEEK, told * MUCH, days[0])


def test_a_letter_that_cannot_wait_is_ready_the_next_working_day() -> None:
    friday = [at("2026-06-05", "12:00")]
    assert not is_due(Way.LETTER, friday, at("2026-06-06"), must=True)
    assert is_due(Way.LETTER, friday, at("2026-06-08"), must=True)
    assert not is_due(Way.LETTER, [at("2026-06-02", "12:00")], at("2026-06-03"))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_eight_o_clock_is_eight_o_clock_on_the_days_that_the_clock_changes(day: str) -> None:
    moment = at(day, "08:00")
    assert last_morning(moment).astimezone(AMSTERDAM).isoformat().startswith(f"{day}T08:00")
    assert last_morning(moment - timedelta(minutes=1)) < moment - timedelta(hours=22)
    midnight = moment.replace(hour=0, minute=4)
    told = [midnight - timedelta(days=1)] * 3
    due = {
        hour.astimezone(AMSTERDAM).hour
        for hour in (midnight + timedelta(hours=hours) for hours in range(22))
        if is_due(Way.DAY, told, hour)
    }
    assert due == set(range(8, 20))
