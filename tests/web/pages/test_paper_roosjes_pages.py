"""Roosjes on paper: printed against one's account, handed in once, taken back when lost."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.db import Database
from rewards.serials import new_serial
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.pages.helpers import Visit
from web.paper_forms import REFUSED

Visits = Callable[[], Visit]
HERE = "/mijn/roosjes/papier"
CODE = re.compile(r'name="code" value="((?:\w{3}-){8}\w{3})"')
prints = pytest.mark.usefixtures("printer")


@pytest.fixture
def two(program: Database) -> tuple[Actor, Actor]:
    """Ria, and Piet who helps her."""
    with program.transaction() as session:
        return a_person(session), a_person(session, first_name="Piet")


def printed(visitor: Visit, papers: int = 1, minutes: int = 60, at: str = HERE) -> list[str]:
    """Codes of papers that are made now."""
    visitor.get(at).post(at, aantal=str(papers), minuten=str(minutes), sleutel=str(uuid4()))
    assert visitor.status == 200, visitor.page
    return CODE.findall(visitor.page)


def posted(database: Migrated, actor: Actor) -> int:
    """Minutes on somebody's account."""
    query = "SELECT coalesce(sum(posted), 0) FROM ledger.account WHERE owner_pseudonym = :who"
    return int(rows_of(database, query, who=actor.pseudonym)[0][0])


def test_a_paper_goes_from_one_account_to_whoever_hands_it_in(
    program: Database, visit: Visits, fresh_database: Migrated, two: tuple[Actor, Actor]
) -> None:
    ria, piet = two
    codes = printed(visit().sign_in(program, ria), papers=2, minutes=30)
    assert posted(fresh_database, ria) == -60

    theirs = visit().sign_in(program, piet).get(f"/papier/{codes[0].replace('-', '').lower()}")
    assert theirs.says("Druk op de knop, dan komt het bij uw Roosjes.")
    assert posted(fresh_database, piet) == 0
    theirs.post(f"{HERE}/inleveren", code=codes[0], sleutel="s")
    assert theirs.says("Erbij gezet: 30 minuten.")
    assert posted(fresh_database, piet) == 30
    theirs.get(HERE).post(f"{HERE}/inleveren", code=codes[0], sleutel="t")
    assert theirs.status == 409
    assert theirs.says(REFUSED)
    assert posted(fresh_database, piet) == 30


def test_a_lost_paper_is_taken_back_by_its_number_and_by_nobody_else(
    program: Database, visit: Visits, fresh_database: Migrated, two: tuple[Actor, Actor]
) -> None:
    ria, piet = two
    mine, theirs = visit().sign_in(program, ria), visit().sign_in(program, piet)
    (code,) = printed(mine)
    number = rows_of(fresh_database, "SELECT id FROM ledger.serial")[0][0]

    theirs.get(HERE).post(f"{HERE}/terug", nummer=str(number), sleutel="x")
    assert theirs.status == 409
    mine.get(HERE).post(f"{HERE}/terug", nummer=str(number), sleutel="x")
    assert mine.says("Dat papier is niets meer waard.")
    assert posted(fresh_database, ria) == 0
    theirs.get(HERE).post(f"{HERE}/inleveren", code=code, sleutel="y")
    assert theirs.says(REFUSED)


def test_what_is_not_there_is_refused_like_what_is_somebody_elses(
    program: Database, visit: Visits, fresh_database: Migrated, two: tuple[Actor, Actor]
) -> None:
    _, piet = two
    theirs = visit().sign_in(program, piet).get(HERE)
    before = rows_of(fresh_database, "SELECT count(*) FROM ledger.batch")
    theirs.post(f"{HERE}/inleveren", code=new_serial().text, sleutel="z")
    assert theirs.says(REFUSED)
    theirs.get(HERE).post(f"{HERE}/inleveren", code="onzin", sleutel="z")
    assert theirs.status == 422
    assert 'value="onzin"' in theirs.page
    assert visit().sign_in(program, piet).get("/papier/onzin").status == 404
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.batch") == before


def test_no_more_is_printed_than_one_may_owe(
    program: Database, visit: Visits, fresh_database: Migrated, two: tuple[Actor, Actor]
) -> None:
    ria, _ = two
    mine = visit().sign_in(program, ria).get(HERE)
    mine.post(HERE, aantal="20", minuten="120", sleutel="k")
    assert mine.status == 409
    assert mine.says("Zoveel kan nu niet.")
    assert 'value="20"' in mine.page
    for papers, minutes in (("0", "60"), ("21", "60"), ("1", "1e9"), ("1.5", "60"), ("", "")):
        mine.get(HERE).post(HERE, aantal=papers, minuten=minutes, sleutel="l")
        assert mine.status == 422
    assert posted(fresh_database, ria) == 0


def test_a_form_that_is_sent_twice_prints_once(
    program: Database, visit: Visits, fresh_database: Migrated, two: tuple[Actor, Actor]
) -> None:
    mine = visit().sign_in(program, two[0]).get(HERE)
    for _ in range(2):
        mine.post(HERE, aantal="1", minuten="60", sleutel="k")
        assert mine.status == 200
        mine.csrf or mine.get(HERE)  # the second answer has no form
    assert posted(fresh_database, two[0]) == -60


@prints
def test_the_pdf_is_made_for_whoever_printed(
    program: Database, visit: Visits, two: tuple[Actor, Actor]
) -> None:
    import pypdfium2
    import zxingcpp

    ria, piet = two
    mine = visit().sign_in(program, ria)
    codes = printed(mine, papers=3, minutes=15)
    answer = mine.client.post(f"{HERE}/pdf", data={"csrf": mine.csrf, "code": codes})

    with pypdfium2.PdfDocument(answer.content) as paper:
        seen = {one.text for one in zxingcpp.read_barcodes(paper[0].render(scale=2).to_pil())}
        words = paper[0].get_textpage().get_text_range()
    assert {address.rpartition("/papier/")[2] for address in seen} == {c.replace("-", "") for c in codes}
    assert "1 blaadje" in words
    theirs = visit().sign_in(program, piet).get(HERE)
    refused = theirs.client.post(f"{HERE}/pdf", data={"csrf": theirs.csrf, "code": codes})
    assert refused.status_code == 409


def test_a_makelaar_prints_and_hands_in_for_somebody_without_a_telephone(
    program: Database, visit: Visits, fresh_database: Migrated, two: tuple[Actor, Actor]
) -> None:
    ria, piet = two
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=794)
    desk = visit().sign_in(program, marja)
    (code,) = printed(desk, at=f"/bureau/mensen/{ria.person_id}/papier")
    there = f"/bureau/mensen/{piet.person_id}/papier"
    desk.get(there).post(f"{there}/inleveren", code=code, sleutel="d")
    assert desk.says("Erbij gezet: 1 uur.")
    assert (posted(fresh_database, ria), posted(fresh_database, piet)) == (-60, 60)
    assert visit().sign_in(program, elsewhere).get(there).status == 404
    assert visit().sign_in(program, piet).get(f"/bureau/mensen/{ria.person_id}/papier").status == 404


def test_the_list_of_papers_costs_as_many_queries_at_fifteen_as_at_one(
    program: Database, visit: Visits, two: tuple[Actor, Actor]
) -> None:
    mine = visit().sign_in(program, two[0])
    printed(mine, minutes=15)
    mine.get(HERE)
    with count_queries(program.engine) as one:
        mine.get(HERE)
    printed(mine, papers=14, minutes=15)
    with count_queries(program.engine) as fifteen:
        mine.get(HERE)
    assert fifteen.count == one.count
