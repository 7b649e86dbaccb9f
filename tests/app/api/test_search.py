"""Searching as people do: another form of the word, another word for it, no accents, half a word."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.help_offers import public as offers_list, search as offers
from app.help_requests import search as requests
from tests.app.factories import a_helper, a_person, a_request, act, an_offer


@pytest.fixture
def count(session: Session) -> Iterator[list[str]]:
    """The statements of a session, as they come."""
    seen: list[str] = []
    engine = session.get_bind()

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("wandelingen", "Samen een wandeling maken"),
        ("wandeling", "Samen een wandeling maken"),
        ("cafe", "Koffie in het café"),
        ("café", "Koffie in het cafe"),
        ("markt", "Mee naar de weekmarkt"),
        ("ramen lappen", "Wie helpt mij een middag?"),
        ("100%", "Ik ben 100% afhankelijk van de bus"),
    ],
)
def test_a_request_is_found_by(session: Session, typed: str, title: str) -> None:
    asker = a_person(session)
    category = "klussen-in-huis" if typed == "ramen lappen" else "samen-op-pad"
    wanted = a_request(session, asker, titel=title, categorie=category)
    a_request(session, asker, titel="Een formulier invullen", categorie="post-formulieren-en-toeslagen")

    assert [row.id for row in requests.search(session, asker, typed)] == [wanted.id]


@pytest.mark.parametrize(
    "typed", ["", "  ", "\0", "\ud800", "zwemmen met dolfijnen", "'; DROP", "&|!:*", "x" * 9000]
)
def test_what_nobody_wrote_finds_nothing(session: Session, typed: str) -> None:
    asker = a_person(session)
    a_request(session, asker)
    an_offer(session, asker)

    assert requests.search(session, asker, typed) == []
    assert offers.search(session, asker, typed) == []


def test_what_one_may_not_see_is_not_found(session: Session) -> None:
    asker = a_person(session)
    a_request(session, asker, titel="Een geheime bezigheid", zichtbaarVoor="makelaar")
    stranger = a_person(session, first_name="Bo")

    assert requests.search(session, stranger, "geheime") == []
    assert len(requests.search(session, act(session, asker), "geheime")) == 1


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("wandelingen", "Samen een wandeling maken"),
        ("wandeling", "Samen een wandeling maken"),
        ("cafe", "Koffie in het café"),
        ("café", "Koffie in het cafe"),
        ("markt", "Mee naar de weekmarkt"),
        ("fiets", "Ik repareer fietsen"),
        ("ramen lappen", "Ik kom graag een middag"),
        ("100%", "Ik ben er 100% van mijn tijd"),
    ],
)
def test_an_offer_is_found_by(session: Session, typed: str, title: str) -> None:
    category = "klussen-in-huis" if typed == "ramen lappen" else "samen-op-pad"
    _, wanted = a_helper(session, titel=title, categorieen=[category])
    a_helper(session, titel="Een formulier invullen", categorieen=["post-formulieren-en-toeslagen"])
    visitor = a_person(session)

    assert [row.id for row in offers.search(session, visitor, typed)] == [wanted.id]
    assert [row.id for row in offers_list.shown(session, visitor.home, typed=typed).rows] == [wanted.id]


def test_fifteen_rows_cost_as_many_queries_as_one(session: Session, count: list[str]) -> None:
    asker = a_person(session)
    a_request(session, asker, titel="Brieven lezen")
    session.flush()
    costs = []
    for number in (1, 15):
        for _ in range(number - 1):
            a_request(session, asker, titel="Brieven lezen")
        session.flush()
        session.expire_all()
        count.clear()
        rows = requests.search(session, asker, "brieven")
        assert [(row.person.first_name, row.category.slug, row.neighbourhood.place) for row in rows]
        assert len(rows) == number
        costs.append(len(count))

    assert costs[0] == costs[1] == 2


def test_pages_of_results_do_not_overlap(session: Session) -> None:
    asker = a_person(session)
    for _ in range(5):
        a_request(session, asker, titel="Brieven lezen")
    first = requests.search(session, asker, "brieven", limit=3)
    second = requests.search(session, asker, "brieven", limit=3, offset=3)

    assert len({row.id for row in first + second}) == 5
