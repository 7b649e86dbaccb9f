"""When one talks about help that lasts, on the dates of the scenario."""

from datetime import date

from app.casework import rhythm

START, TODAY = date(2027, 1, 1), date(2027, 2, 14)
TWO_WEEKS_ON = date(2027, 2, 28)


def days(*said: tuple[int, int]) -> list[date]:
    return [date(2027, month, day) for month, day in said]


def test_after_two_days_then_four_times_weekly_then_every_fortnight() -> None:
    due = rhythm.due(START, [], TWO_WEEKS_ON)

    assert due == days((1, 3), (1, 10), (1, 17), (1, 24), (1, 31), (2, 14), (2, 28))


def test_a_talk_that_was_held_sets_the_next_from_its_own_day() -> None:
    due = rhythm.due(START, days((1, 2)), TWO_WEEKS_ON)

    assert due == days((1, 9), (1, 16), (1, 23), (1, 30), (2, 13), (2, 27))


def test_after_help_ended_nothing_is_due_any_more() -> None:
    due = rhythm.due(START, [], TWO_WEEKS_ON, ended_on=date(2027, 2, 1))

    assert due == days((1, 3), (1, 10), (1, 17), (1, 24), (1, 31))


def test_nothing_is_due_before_it_is_time() -> None:
    assert rhythm.due(START, [], date(2027, 1, 2)) == []
    assert rhythm.due(START, days((1, 3)), TODAY)[0] == date(2027, 1, 10)
