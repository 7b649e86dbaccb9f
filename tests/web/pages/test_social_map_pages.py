"""Wat is er in de buurt? on its pages, and keeping it."""

from collections.abc import Callable

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from app.social_map import keeping
from app.social_map.models import Provision
from app.social_map.schemas import NewProvision
from tests.app.activities.making import an_organisation, works_for
from tests.app.factories import a_member_of_staff, a_person, act
from tests.databases import Database
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
TYPED = {
    "naam": "Formulierenhulp",
    "toelichting": "Samen uw post bekijken.",
    "categorieen": ["post-formulieren-en-toeslagen"],
    "postcode": "5664 HJ",
    "telefoon": "040 285 4030",
    "website": "www.voorbeeld.nl",
    "toegang": ["rolstoel"],
    "stand": "active",
}


@pytest.fixture
def marja(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


@pytest.fixture
def kept(fresh_database: Database, program: Program, marja: Actor) -> Provision:
    flag = an_organisation(fresh_database, name="Taalhuis De Letterbrug")
    with program.transaction() as session:
        return keeping.add(
            session, act(session, marja), NewProvision.model_validate(TYPED | {"organisatie": flag})
        )


def test_a_visitor_finds_it_and_reads_whom_to_call(visit: Browsers, kept: Provision) -> None:
    visitor = visit().get("/in-de-buurt?zoek=brief")

    assert visitor.says("1 plek om naartoe te gaan")
    visitor.get(f"/in-de-buurt/{kept.id}")
    assert visitor.says("Met een rolstoel te bereiken")
    assert 'href="tel:+31402854030"' in visitor.page
    assert 'href="https://www.voorbeeld.nl"' in visitor.page
    assert visitor.get(f"/in-de-buurt/organisaties/{kept.organisation_id}").says("Formulierenhulp")


@pytest.mark.parametrize(
    "query",
    ["zoek=%00", "thema=%00", "buurt=x", "pagina=-1", "gemeente=99999", "zoek=zeppelin", "gemeente=alle"],
)
def test_whatever_stands_in_the_address_the_page_is_there(
    visit: Browsers, kept: Provision, query: str
) -> None:
    assert visit().get(f"/in-de-buurt?{query}").status == 200


def test_an_administrator_of_the_organisation_keeps_it_and_typed_words_come_back(
    fresh_database: Database, visit: Browsers, program: Program, kept: Provision
) -> None:
    with program.transaction() as session:
        head = a_person(session, first_name="Sjef")
    works_for(fresh_database, head, kept.organisation_id)
    browser = visit().sign_in(program, head).get("/voorzieningen")
    assert browser.says("Ons aanbod op de kaart")
    browser.get(f"/voorzieningen/{kept.id}")
    wrong = browser.post(f"/voorzieningen/{kept.id}", **{**TYPED, "website": "geen adres", "versie": "1"})
    assert wrong.status == 422
    assert "geen adres" in wrong.page

    browser.post(f"/voorzieningen/{kept.id}", **{**TYPED, "naam": "Hulp met post", "versie": "1"})
    assert browser.says("Hulp met post")
    browser.get("/voorzieningen/nieuw")
    browser.post(
        "/voorzieningen/nieuw", **{**TYPED, "naam": "Taalcafé", "organisatie": str(kept.organisation_id)}
    )
    assert browser.says("Taalcafé")
    browser.get(f"/voorzieningen/organisaties/{kept.organisation_id}")
    browser.post(f"/voorzieningen/organisaties/{kept.organisation_id}", overOns="Wij leren lezen.")
    assert browser.says("Wij leren lezen.")
    assert browser.get("/voorzieningen/organisaties/nieuw").status == 404


def test_the_desk_adds_an_organisation_and_then_what_it_has(
    visit: Browsers, program: Program, marja: Actor
) -> None:
    desk = visit().sign_in(program, marja).get("/voorzieningen/organisaties/nieuw")
    desk.post("/voorzieningen/organisaties/nieuw", naam="Repaircafé", soort="club")

    assert desk.path.startswith("/voorzieningen/nieuw?organisatie=")
    assert desk.says("Repaircafé")


def test_who_keeps_nothing_has_no_such_page(visit: Browsers, program: Program, kept: Provision) -> None:
    with program.transaction() as session:
        joop = a_person(session, first_name="Joop")
    browser = visit().sign_in(program, joop)

    assert browser.get("/voorzieningen").status == 404
    assert browser.get(f"/voorzieningen/{kept.id}").status == 404
    assert browser.get("/voorzieningen/nieuw").status == 404


@pytest.mark.parametrize("path", ["/in-de-buurt", "/voorzieningen", "/in-de-buurt/organisaties/{flag}"])
def test_a_list_takes_as_many_queries_for_fifteen_as_for_one(
    visit: Browsers, program: Program, kept: Provision, marja: Actor, path: str
) -> None:
    browser = visit().sign_in(program, marja)
    path = path.format(flag=kept.organisation_id)
    browser.get(path)
    with count_queries(program.engine) as one:
        browser.get(path)
    with program.transaction() as session:
        desk = act(session, marja)
        for number in range(14):
            typed = TYPED | {"organisatie": kept.organisation_id, "naam": f"Hulp {number}"}
            keeping.add(session, desk, NewProvision.model_validate(typed))
    with count_queries(program.engine) as fifteen:
        browser.get(path)

    assert (browser.status, fifteen.count) == (200, one.count)
