"""The chart of the last weeks: joined until no count is small, said in plain words, the same in picture and table."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.clock import today
from app.db import Database
from app.reports import figures
from app.reports.figures import Row
from app.reports.sums import WEEKS
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

FOUND = timedelta(days=2)


@pytest.fixture
def desk(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    return a_desk(fresh_database, program, site, Role.BROKER, 1771)


def page(desk: Desk, program: Database, patch: pytest.MonkeyPatch, per_week: list[tuple[int, int]]) -> str:
    """The page when so many were asked and helped in each week, the last week last."""
    with program.transaction() as session:
        day = today(session)
    monday = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=day.weekday())
    rows: list[Row] = []
    for ago, (asked, helped) in enumerate(reversed(per_week), start=1):
        at = monday - timedelta(weeks=ago)
        rows += [(at, "Vervoer", FOUND if number < helped else None) for number in range(asked)]
    patch.setattr(figures, "_answered", lambda *_: rows)
    answer = desk.get("/bureau/cijfers")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def table(said: str) -> list[tuple[int, int]]:
    """What the table under the first picture says."""
    body = said[said.index("<tbody>") : said.index("</tbody>")]
    rows = re.findall(r'<td class="n">(\d+)</td> ?<td class="n">(\d+)</td>', body)
    return [(int(asked), int(helped)) for asked, helped in rows]


@pytest.mark.parametrize(
    ("per_week", "weeks", "points"),
    [
        ([(9, 6)] * WEEKS, 1, 24),
        ([(9, 6)] * (WEEKS - 1) + [(9, 4)], 4, 6),
        ([(2, 1)] * WEEKS, 8, 3),
        ([(1, 1), (0, 0)] * (WEEKS // 2), 12, 2),
    ],
)
def test_weeks_are_joined_until_no_count_is_small_and_the_page_says_so(
    desk: Desk,
    program: Database,
    monkeypatch: pytest.MonkeyPatch,
    per_week: list[tuple[int, int]],
    weeks: int,
    points: int,
) -> None:
    said = page(desk, program, monkeypatch, per_week)

    rows = table(said)
    assert len(rows) == points
    assert min(min(row) for row in rows) >= 5
    assert [sum(column) for column in zip(*rows, strict=True)] == [
        sum(column) for column in zip(*per_week, strict=True)
    ]
    asked, helped = rows[-1]
    assert said.count(f">{asked} gevraagd</text>") == said.count(f">{helped} geholpen</text>") == 2
    assert said.count('<path class="l1" d="M') == 2
    assert len(re.findall(r'<path class="l1" d="(M[^"]+)"', said)[0].split("L")) == points
    joined = f"Daarom is elk punt {weeks} weken samen."
    assert (joined in said) == (weeks > 1)
    assert ("Per week, naar de maandag" in said) == (weeks == 1)


def test_what_is_too_little_even_then_is_not_drawn_and_the_total_is_told(
    desk: Desk, program: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = page(desk, program, monkeypatch, [(1, 0)] * (WEEKS - 1) + [(1, 1)])

    assert "Er kwamen 24 vragen" in said
    assert "Ook met 12 weken samen zijn de aantallen te klein om te tekenen." in said
    assert 'class="l1"' not in said
    assert "naar de eerste maandag" not in said


def test_nothing_at_all_breaks_nothing(
    desk: Desk, program: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = page(desk, program, monkeypatch, [])

    assert "Nog te weinig vragen om te tonen" in said
    assert "Er zijn te weinig vragen om ze in de tijd te tonen." in said
    assert '<svg class="ch' not in said
