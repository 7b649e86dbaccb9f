"""The first page, choosing a municipality, and lists that cost the same whatever their length."""

from collections.abc import Callable

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_agreement
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]


def test_the_first_page_asks_one_question_with_one_main_button(visit: Browsers) -> None:
    visitor = visit().get("/")
    assert visitor.page.count("<h1") == 1
    assert visitor.says("Waar kunt u hulp bij gebruiken?")
    main = visitor.page.partition("<main")[2].partition("</main>")[0]
    assert main.count('class="btn full"') == 1
    assert 'href="tel:' in main


def test_neighbours_questions_come_from_near_and_from_who_shares(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        for name, postcode, across in (
            ("Mierlo", "5731 AA", True), ("Helmond", "5701 AA", True), ("Binnen", "5701 AA", False),
            ("Bladel", "5531 AA", True),
        ):  # fmt: skip
            asker = a_person(session, postcode=postcode)
            a_request(session, asker, titel=f"Hulp in {name}", buurgemeenten=across)
    visitor = visit().get("/")
    assert visitor.says("Hulp in Mierlo")
    assert visitor.says("Hulp in Helmond")
    assert visitor.says("uit Helmond")
    assert not visitor.says("Hulp in Binnen")
    assert not visitor.says("Hulp in Bladel")


def test_a_postcode_chooses_whose_site_it_is(visit: Browsers) -> None:
    visitor = visit().get("/kies-gemeente?volgende=/helpen")
    visitor.post("/kies-gemeente", postcode="5701AA", volgende="/helpen")
    assert visitor.path == "/helpen"
    assert "Helmond" in visitor.get("/").page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Vul uw postcode in, bijvoorbeeld 5664 HJ."),
        ({"postcode": "abc"}, "Vul uw postcode in, bijvoorbeeld 5664 HJ."),
        ({"postcode": "1012 AB"}, "Deze postcode ligt niet in ons gebied."),
    ],
)
def test_a_postcode_that_is_none_says_what_to_do(
    visit: Browsers, typed: dict[str, str], sentence: str
) -> None:
    visitor = visit().get("/kies-gemeente").post("/kies-gemeente", **typed)
    assert visitor.status == 422
    assert visitor.says(sentence)


def test_a_municipality_that_does_not_take_part_does_not_exist(visit: Browsers) -> None:
    visitor = visit().get("/kies-gemeente")
    assert visitor.post("/kies-gemeente", gemeente="363", volgende="//evil.example").status in (404, 422)


def a_busy_life(program: Program, ria: Actor, count: int) -> None:
    """So many questions of Ria's, one with somebody willing, one agreed."""
    with program.transaction() as session:
        for number in range(count):
            act(session, ria)
            row = a_request(session, ria, titel=f"Vraag {number}")
            helper, _ = a_helper(session, minutenPerWeek=2400)
            a_willing_helper(session, ria, helper, row)
            an_agreement(session, ria, helper, days=3 + number)


def test_a_list_costs_the_same_at_one_and_at_fifteen_rows(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        ria = a_person(session)
    visitor = visit().sign_in(program, ria)

    def costs() -> dict[str, int]:
        found = {}
        for path in ("/", "/mijn", "/mijn/vragen"):
            visitor.get(path)
            with count_queries(program.engine) as queries:
                assert visitor.get(path).status == 200
            found[path] = queries.count
        return found

    a_busy_life(program, ria, 1)
    few = costs()
    a_busy_life(program, ria, 14)
    assert costs() == few


def test_an_address_that_leads_nowhere_knows_who_looks(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        youssef = a_person(session, first_name="Youssef", postcode="5701 AA")
    visitor = visit().get("/bestaat-niet")
    assert visitor.status == 404
    assert visitor.says("Geldrop-Mierlo")
    assert not visitor.says("Naar mijn vragen")
    visitor.sign_in(program, youssef)
    for path in ("/bestaat-niet", "/bureau/onbekend"):
        visitor.get(path)
        assert visitor.status == 404
        assert visitor.says("Helmond")
        assert not visitor.says("Geldrop-Mierlo")
        assert visitor.says("Naar mijn vragen")
