"""The chart of the months: as they were told, the same in picture and table, and only where every count is shown."""

import re
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI

from app.access.actor import system
from app.clock import today
from app.db import Database, scope_to
from app.reports.models import Release, Span
from app.reports.periods import month_of, plus
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

Count = int | None


@pytest.fixture
def desk(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    return a_desk(fresh_database, program, site)


def page(desk: Desk, program: Database, months: list[tuple[Count, Count]]) -> str:
    """The page when so many were asked and agreed in each month, the last one last."""
    with program.transaction() as session:
        scope_to(session, system(frozenset({1771})).scope)
        end = month_of(today(session))
        for back, (asked, agreed) in enumerate(reversed(months), start=1):
            figures: dict[str, Any] = {"requests": [[[], asked]], "agreements": [[[], agreed]]}
            since = plus(end, -back)
            session.add(
                Release(
                    municipality_id=1771, span=Span.MONTH, since=since, until=plus(since, 1), figures=figures
                )
            )
    answer = desk.get("/bureau/cijfers")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def test_months_are_drawn_as_they_were_told_and_stand_in_a_table(desk: Desk, program: Database) -> None:
    said = page(desk, program, [(9, 6), (12, 8), (20, 14)])

    body = said[said.index("<tbody>") : said.index("</tbody>")]
    rows = re.findall(r'<td class="n">(\d+)</td> ?<td class="n">(\d+)</td>', body)
    assert rows == [("9", "6"), ("12", "8"), ("20", "14")]
    assert said.count(">20 gevraagd</text>") == said.count(">14 gekoppeld</text>") == 2
    assert len(re.findall(r'<path class="l1" d="(M[^"]+)"', said)[0].split("L")) == 3
    assert "Het eerste halfjaar is nog niet voorbij" in said


def test_where_a_month_is_too_small_all_stand_in_a_table_and_none_is_drawn(
    desk: Desk, program: Database
) -> None:
    said = page(desk, program, [(9, 6), (None, None), (20, 14)])

    assert "Niet iedere maand is te tekenen" in said
    assert 'class="l1"' not in said
    assert said.count("niet getoond") == 2


def test_nothing_at_all_breaks_nothing(desk: Desk, program: Database) -> None:
    said = page(desk, program, [])

    assert "Het eerste halfjaar is nog niet voorbij" in said
    assert "Een maand staat hier vanaf de nacht waarin zij voorbij is." in said
    assert '<svg class="ch' not in said
