"""A month and a half year are told once; what is told later never contradicts it, nor tells who went."""

from datetime import date

from hypothesis import given, settings, strategies as st

from app.reports import facts, releases
from app.reports.disclosure import LEAST, WHOLE, Row, key
from app.reports.facts import Facts
from app.reports.periods import Period, halves_over, months_over
from app.reports.reading import RegionHalf
from app.reports.releases import told, untold
from tests.app.reports.attacking import Attacker

HALF = Period(date(2026, 1, 1), date(2026, 7, 1))


def asked(person: int, month: int, theme: str = "Vervoer", area: str = "5664") -> Row:
    """A request."""
    values = {
        "theme": theme, "month": f"2026-{month:02}", "area": area, "helped": facts.YES, "wait": "day1",
        "vulnerable": facts.NO, "age": "from75",
    }  # fmt: skip
    return Row((person,), values)


def of(rows: list[Row]) -> Facts:
    return Facts(rows, [], [], 600, (9, 9), [1] * len(rows))


def month_of_rows(rows: list[Row], month: int) -> releases.Figures:
    return releases.month_figures(of([row for row in rows if row.values["month"] == f"2026-{month:02}"]))


def test_half_years_are_counted_from_one_month_for_everybody_and_only_when_they_are_over() -> None:
    assert halves_over(date(2026, 1, 15), date(2026, 6, 30)) == []
    assert halves_over(date(2026, 1, 15), date(2026, 7, 1)) == [HALF]
    assert months_over(date(2026, 1, 1), date(2026, 3, 31))[-1] == Period(date(2026, 2, 1), date(2026, 3, 1))


@given(
    st.lists(st.integers(0, 12), min_size=6, max_size=6), st.lists(st.integers(0, 3), min_size=6, max_size=6)
)
@settings(max_examples=25, deadline=None)
def test_who_was_erased_since_a_month_was_told_cannot_be_counted_from_the_half_year(
    counts: list[int], gone: list[int]
) -> None:
    before = [
        asked(100 * month + nth, month + 1) for month, count in enumerate(counts) for nth in range(count)
    ]
    months = {date(2026, month, 1): month_of_rows(before, month) for month in range(1, 7)}
    after = [
        asked(100 * month + nth, month + 1)
        for month, count in enumerate(counts)
        for nth in range(count)
        if nth >= gone[month]
    ]

    figures = releases.half_figures(of(after), months)

    shown = untold(figures["requests"])
    for month, count in zip(range(1, 7), counts, strict=True):
        of_month = key(month=f"2026-{month:02}")
        first = untold(months[date(2026, month, 1)]["requests"])[WHOLE]
        assert first == (count if count >= LEAST else None)
        if first is not None and of_month in shown:
            assert shown[of_month] == first, "what was told stays as it was told"
    whole, themes = shown[WHOLE], shown.get(key(theme="Vervoer"))
    if whole is not None and themes is not None:
        assert whole == themes or whole - themes >= LEAST


def test_what_one_municipality_hid_cannot_be_taken_from_the_sums_of_the_region() -> None:
    def helped(to: int, at: int, count: int, first: int) -> list[Row]:
        return [
            Row((f"a{first + nth}", f"h{first + nth}"), {"to": str(to), "from": str(at)})
            for nth in range(count)
        ]

    flows = helped(1, 1, 20, 0) + helped(1, 2, 3, 100) + helped(2, 2, 30, 200) + helped(2, 1, 8, 300)
    of_one = {
        "requests": [[[], 23]],
        "agreements": [[[], 23], [[["from", "here"]], None], [[["from", "elsewhere"]], None]],
    }
    of_two = {
        "requests": [[[], 38]],
        "agreements": [[[], 38], [[["from", "here"]], 30], [[["from", "elsewhere"]], 8]],
    }

    figures = releases.region_figures(flows, {1: of_one, 2: of_two}, {1: 3, 2: 3})

    shown = untold(figures["flows"])
    assert shown[key(**{"from": "2", "to": "1"})] is None
    assert shown[key(**{"from": "1", "to": "1"})] is None
    groups = [(one,) for one in shown]
    assert Attacker(flows, shown).finds(groups) == []
    assert RegionHalf(HALF, shown, 61, {}, {}).across is None


def test_what_is_kept_of_a_release_reads_back_as_it_was() -> None:
    shown = {WHOLE: 12, key(theme="Vervoer"): None, key(theme="Vervoer", month="2026-01"): 7}

    assert untold(told(shown)) == shown
