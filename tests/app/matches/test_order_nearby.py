"""Of what fits equally well and is equally far, the order tells nothing: neither age nor where a row lies."""

from uuid import UUID

import pytest

from app.access.actor import VISITOR
from app.db import Database as Program
from app.help_offers import service as help_offers
from app.matches import nearby
from app.places.postcodes import parse
from app.places.service import place_of
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, act, nobody
from tests.databases import Database

MANY = 8


@pytest.fixture
def asked(program: Program) -> list[UUID]:
    """The same, asked by eight people of one street, in this order."""
    keys = []
    for number in range(MANY):
        with program.transaction() as session:
            keys.append(a_request(session, a_person(session, first_name=f"Vrager{number}")).id)
    return keys


def move(database: Database, ids: list[UUID]) -> None:
    """Write these rows anew, so that they lie last in their table."""
    for id in ids:
        rows_of(database, "UPDATE help_request SET body = body WHERE id = :id RETURNING 1", id=id)


def test_what_is_equally_far_keeps_one_order_that_is_not_that_of_asking(
    program: Program, fresh_database: Database, asked: list[UUID]
) -> None:
    def looks() -> list[UUID]:
        with program.transaction() as session:
            nobody(session)
            place = place_of(session, parse("5664 HJ"))
            return [near.help_request.id for near in nearby.around(session, VISITOR, place)]

    first = looks()
    assert sorted(first) == sorted(asked)
    assert first != sorted(asked)
    move(fresh_database, asked[: MANY // 2])
    assert looks() == first


def test_what_fits_an_offer_equally_well_keeps_one_order_wherever_its_rows_lie(
    program: Program, fresh_database: Database, asked: list[UUID]
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)

    def looks() -> list[UUID]:
        with program.transaction() as session:
            tonnie = act(session, helper)
            offers = help_offers.mine(session, tonnie)
            return [one.help_request.id for one in nearby.for_offers(session, tonnie, offers)]

    first = looks()
    assert sorted(first) == sorted(asked)
    assert first != sorted(asked)
    move(fresh_database, first[: MANY // 2])
    assert looks() == first
