"""The public lists of a large region: counted so far, read in the order of an index, and nothing left out."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.help_offers import public as offers
from app.help_requests import public as requests
from app.paging import PAGE
from tests.app.factories import a_helper, a_person, a_request

HERE = 1771
ALL = PAGE + 3


def listed(session: Session, public: Any) -> None:
    """More than a page of them."""
    if public is offers:
        for _ in range(ALL):
            a_helper(session)
    else:
        asker = a_person(session)
        for _ in range(ALL):
            a_request(session, asker)


@pytest.mark.parametrize("public", [requests, offers])
def test_a_long_list_says_more_than_it_counted_and_goes_on_to_its_last_row(
    session: Session, public: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(session, public)
    whole = public.shown(session, HERE)
    assert (whole.count, whole.pages, whole.more, whole.follows) == (ALL, 2, False, True)
    assert not public.shown(session, HERE, number=2).follows

    monkeypatch.setattr(public, "COUNTED", ALL)
    assert not public.shown(session, HERE).more
    monkeypatch.setattr(public, "COUNTED", 10)
    pages = [public.shown(session, HERE, number=number) for number in (1, 2)]
    assert [(each.count, each.more, each.follows) for each in pages] == [(10, True, True), (10, True, False)]
    assert len({row.id for page in pages for row in page.rows}) == ALL
    assert public.shown(session, HERE, number=3).number == 1  # past the end


@pytest.mark.parametrize(("public", "table"), [(requests, "help_request"), (offers, "help_offer")])
def test_the_newest_come_in_the_order_of_their_index(session: Session, public: Any, table: str) -> None:
    compiled = public._listing(False, False, False).compile(session.connection())
    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("SET LOCAL enable_bitmapscan = off"))
    asked = {**compiled.params, "skip": 0, "counted": 1001}
    plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", asked)
    lines = [row[0].strip() for row in plan]
    assert any(f"ix_{table}_newest" in line for line in lines)
    assert not [line for line in lines if "Sort" in line]
