"""Dates, durations, Roosjes and distances as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given, strategies as st

from web import dutch
from web.rendering import environment

TUESDAY = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


def test_a_moment_is_said_in_amsterdam_time() -> None:
    assert dutch.moment(TUESDAY) == "dinsdag 3 maart, 14.00 uur"
    assert dutch.moment(TUESDAY, "en") == "Tuesday 3 March, 14:00"
    assert dutch.moment(datetime(2026, 7, 3, 13, 5, tzinfo=UTC)) == "vrijdag 3 juli, 15.05 uur"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Naar de markt", "Naar de markt, voor Kees"),
        ("Kletsen we even?", "Kletsen we even? Voor Kees"),
        ("Een lamp ophangen!", "Een lamp ophangen! Voor Kees"),
        ("Koffie en dan …", "Koffie en dan … Voor Kees"),
        ("Wie zegt “kom maar?”", "Wie zegt “kom maar?” Voor Kees"),
        ("Samen koken,", "Samen koken, voor Kees"),
        ("Samen koken: ", "Samen koken, voor Kees"),
        ("Hulp (zwaar)", "Hulp (zwaar), voor Kees"),
    ],
)
def test_what_follows_a_title_reads_right_however_the_title_ends(title: str, said: str) -> None:
    assert dutch.after(title, "voor Kees") == said


def test_both_sides_of_a_clock_change_are_right() -> None:
    assert dutch.clock(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == "1.59 uur"
    assert dutch.clock(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == "3.00 uur"
    assert dutch.clock(datetime(2026, 10, 25, 1, 0, tzinfo=UTC)) == "2.00 uur"


def test_the_day_is_that_of_the_wall_calendar() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    assert dutch.day(late) == "woensdag 4 maart"
    assert dutch.near(late, datetime(2026, 3, 3, 12, tzinfo=UTC)) == "morgen, 0.30 uur"


def test_the_year_is_said_when_it_is_another_one() -> None:
    assert dutch.day(date(2027, 1, 5), now=date(2026, 11, 20)) == "dinsdag 5 januari 2027"
    assert dutch.day(date(2026, 12, 5), now=date(2026, 11, 20)) == "zaterdag 5 december"


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "gisteren"), (0, "vandaag"), (1, "morgen"), (2, "overmorgen"), (3, "vrijdag 6 maart")],
)
def test_near_days_have_names(days: int, said: str) -> None:
    assert dutch.near(date(2026, 3, 3) + timedelta(days), date(2026, 3, 3)) == said


def test_a_period_is_said_as_people_do() -> None:
    today = date(2026, 3, 3)
    assert dutch.period(today, date(2026, 3, 8), today) == "deze week"
    assert dutch.period(date(2026, 3, 9), date(2026, 3, 15), today) == "volgende week"
    assert dutch.period(date(2026, 3, 7), date(2026, 3, 8), today) == "dit weekend"
    assert dutch.period(today, today, today) == "vandaag"
    assert dutch.period(today, date(2026, 4, 1), today, "en") == "Tuesday 3 March to Wednesday 1 April"


@pytest.mark.parametrize(
    ("minutes", "short", "long", "roosjes"),
    [
        (0, "0 min", "0 minuten", "0 Roosjes"),
        (1, "1 min", "1 minuut", "1 minuut"),
        (15, "15 min", "15 minuten", "1 blaadje"),
        (60, "1 uur", "1 uur", "1 Roosje"),
        (90, "1 uur 30", "1 uur en 30 minuten", "1 Roosje en 2 blaadjes"),
        (125, "2 uur 05", "2 uur en 5 minuten", "2 Roosjes en 5 minuten"),
        (-165, "2 uur 45", "2 uur en 45 minuten", "2 Roosjes en 3 blaadjes"),
        (60_000, "1.000 uur", "1.000 uur", "1.000 Roosjes"),
        (60_015, "1.000 uur 15", "1.000 uur en 15 minuten", "1.000 Roosjes en 1 blaadje"),
    ],
)
def test_minutes_are_said_in_three_ways(minutes: int, short: str, long: str, roosjes: str) -> None:
    assert (dutch.duration(minutes), dutch.long_duration(minutes), dutch.roosjes(minutes)) == (
        short,
        long,
        roosjes,
    )


def test_an_amount_has_a_sign_that_is_no_hyphen() -> None:
    assert (dutch.signed(90), dutch.signed(-30)) == ("+ 1 uur 30", "− 30 min")
    assert dutch.signed(-90, "en") == "− 1 hr 30 min"


@pytest.mark.parametrize(("far", "said"), [(0.84, "0,8 km"), (3, "3 km"), (9.97, "10 km"), (12.4, "12 km")])
def test_a_distance_is_said_roughly(far: float, said: str) -> None:
    assert dutch.km(far) == said


def test_waiting_is_said_in_the_largest_whole_unit() -> None:
    for minutes, said in (
        (0, "0 minuten"),
        (59, "59 minuten"),
        (60, "1 uur"),
        (1439, "23 uur"),
        (8640, "6 dagen"),
    ):
        assert dutch.waited(TUESDAY, TUESDAY + timedelta(minutes=minutes)) == said
    assert dutch.waited(TUESDAY, TUESDAY - timedelta(hours=1)) == "0 minuten"


def test_slots_have_names() -> None:
    assert dutch.slot(5) == "dinsdagmiddag"
    assert dutch.slot(5, "en") == "Tuesday afternoon"
    assert dutch.slots(1 << 5 | 1 << 10) == ["dinsdagmiddag", "woensdagavond"]
    assert dutch.slots(0b0111) == ["maandag heel de dag"]
    assert dutch.slots(0b1111) == ["maandag heel de dag", "maandagnacht"]


def test_small_numbers_are_words() -> None:
    assert (dutch.words(3), dutch.words(1), dutch.words(13), dutch.words(2, "en")) == (
        "drie",
        "één",
        "13",
        "two",
    )


def test_a_list_ends_in_and() -> None:
    assert dutch.listed([]) == ""
    assert dutch.listed(["a"]) == "a"
    assert dutch.listed(["a", "b", "c"]) == "a, b en c"


@given(st.integers(-100_000, 100_000), st.sampled_from(["nl", "en"]))
def test_every_number_of_minutes_can_be_said(minutes: int, lang: str) -> None:
    assert all(
        say(minutes, lang) for say in (dutch.duration, dutch.long_duration, dutch.roosjes, dutch.signed)
    )


@given(st.integers(0, 2**28 - 1), st.sampled_from(["nl", "en"]))
def test_every_mask_can_be_said(mask: int, lang: str) -> None:
    assert bool(dutch.slots(mask, lang)) == bool(mask)


def test_large_numbers_are_said_as_the_language_does() -> None:
    assert (dutch.duration(60_000, "en"), dutch.counted(1_200, "dag", "dagen")) == ("1,000 hr", "1.200 dagen")
    said = "{{ ngettext('%(num)s mens', '%(num)s mensen', count) }}"
    texts = {lang: environment(lang).from_string(said).render(count=12_345) for lang in ("nl", "en")}
    assert texts == {"nl": "12.345 mensen", "en": "12,345 people"}


def test_a_promise_until_midnight_is_due_the_day_before() -> None:
    ends = datetime(2026, 11, 24, 23, tzinfo=UTC)  # midnight in Amsterdam

    assert dutch.due(ends) == "dinsdag 24 november"
    assert dutch.due(ends + timedelta(hours=14)) == "woensdag 25 november"
    assert dutch.due(ends, "en") == "Tuesday 24 November"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_is_written_here_babel_would_write_too(lang: str) -> None:
    for when in (date(2026, month, 2 * month) for month in range(1, 13)):
        for said, pattern in (
            (dutch.day(when, lang, now=date(2025, 1, 1)), "EEEE d MMMM y"),
            (dutch.full_date(when, lang), "d MMMM y"),
            (dutch.month(when, lang), "MMMM y"),
        ):
            assert said == format_date(when, pattern, locale=lang)
        assert dutch.short_month(when, lang) == format_date(when, "MMM", locale=lang).rstrip(".")
    for value in (0, 999, -1000, 1_234_567, 0.5, 0.125, 2.34567, -1234.5, 10.0):
        assert dutch.number(value, lang) == format_decimal(value, locale=lang)
    for far in (0.04, 0.25, 0.35, 2.0, 9.94, 9.95, 10.5, 1234.5):
        shape = "0.#" if far < 9.95 else "#,##0"
        assert dutch.km(far, lang) == f"{format_decimal(far, shape, locale=lang)} km"
