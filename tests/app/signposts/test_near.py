"""The seam for what is near: sources fill it, each asked once, and without any it is empty."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.activities import joining
from app.activities.models import Access
from app.db import Database as Program
from app.places.models import Neighbourhood
from app.signposts.near import MOST, Around, Provision, of_categories, provisions_near
from app.signposts.rules import outcome, read
from app.signposts.themes import LIFE_THEMES
from app.social_map import keeping
from app.social_map.schemas import NewProvision
from tests.app.activities.making import an_organisation, hosted_by_desk, joining as to_join
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person, act
from tests.databases import Database

EATING = outcome(read(LIFE_THEMES, ["k", "k1a", "k1b", "k2c"]))
HERE = Around(1771)
asked: list[tuple[Around, list[str]]] = []


Desk = tuple[Session, Actor]


@pytest.fixture
def desk(fresh_database: Database, program: Program) -> Iterator[Desk]:
    """Somebody at the desk of Geldrop-Mierlo, in a transaction."""
    with program.transaction() as session:
        yield session, a_member_of_staff(fresh_database, session)


def a_provision(desk: Desk, flag: UUID, **changes: object) -> None:
    session, staff = desk
    typed = {
        "naam": "Taalhuis",
        "toelichting": "Loop binnen.",
        "organisatie": flag,
        "postcode": "5664 HJ",
        **changes,
    }
    keeping.add(session, act(session, staff), NewProvision.model_validate(typed))


def a_table(
    _session: Session, around: Around, categories: Sequence[str]
) -> Mapping[str, Sequence[Provision]]:
    """Knows of meals only."""
    asked.append((around, list(categories)))
    return {"samen-eten-of-koken": [Provision("Eettafel De Weverij", "/activiteiten/1")]}


def many(_session: Session, _around: Around, categories: Sequence[str]) -> Mapping[str, Sequence[Provision]]:
    """Knows too much."""
    return {category: [Provision(f"{category} {number}") for number in range(9)] for category in categories}


def test_a_source_is_asked_once_for_all_signs_of_a_page(session: Session) -> None:
    asked.clear()

    found = provisions_near(session, HERE, EATING, [a_table])

    assert asked == [(HERE, ["groep-cursus-of-sport", "samen-eten-of-koken"])]
    assert found["samen-eten-of-koken"][0].name == "Eettafel De Weverij"
    assert "groep-cursus-of-sport" not in found


def test_the_first_source_comes_first_and_a_few_are_enough(session: Session) -> None:
    found = provisions_near(session, HERE, EATING, [a_table, many])

    assert [one.name for one in found["samen-eten-of-koken"]] == [
        "Eettafel De Weverij",
        "samen-eten-of-koken 0",
        "samen-eten-of-koken 1",
    ]
    assert {len(provisions) for provisions in found.values()} == {MOST}


def test_where_no_sign_looks_for_anything_nobody_is_asked(session: Session) -> None:
    asked.clear()

    assert provisions_near(session, HERE, outcome(read(LIFE_THEMES, ["c", "c2c"])), [a_table]) == {}
    assert asked == []


def test_where_nobody_knows_of_any_the_page_invents_none(session: Session) -> None:
    assert provisions_near(session, HERE, EATING) == {}


def test_something_to_do_together_comes_before_what_an_organisation_has(
    fresh_database: Database, desk: Desk
) -> None:
    session, staff = desk
    flag = an_organisation(fresh_database)
    hosted_by_desk(session, staff)
    a_provision(desk, flag, naam="Warme maaltijd", categorieen=["samen-eten-of-koken"])

    found = of_categories(session, HERE, ["samen-eten-of-koken"])["samen-eten-of-koken"]

    assert [one.name for one in found] == ["Eettafel in De Weijer", "Warme maaltijd"]
    assert found[0].starts_at is not None
    assert found[0].path.startswith("/activiteiten/")


def test_what_is_full_or_elsewhere_is_no_way_out(desk: Desk) -> None:
    session, staff = desk
    activity = hosted_by_desk(session, staff, plaatsen=1)
    joining.join(session, a_person(session), activity.id, to_join())
    act(session, staff)

    assert of_categories(session, HERE, ["samen-eten-of-koken"]) == {}
    assert of_categories(session, Around(HELMOND), ["samen-eten-of-koken"]) == {}


def test_only_places_that_have_what_somebody_needs_are_shown(desk: Desk) -> None:
    session, staff = desk
    hosted_by_desk(session, staff, toegang=["rolstoel"])

    def found(access: Access) -> list[str]:
        around = Around(GELDROP_MIERLO, None, access)
        rows = of_categories(session, around, ["samen-eten-of-koken"])
        return [one.name for several in rows.values() for one in several]

    assert found(Access.WHEELCHAIR) == ["Eettafel in De Weijer"]
    assert found(Access.WHEELCHAIR | Access.HEARING_LOOP) == []


def test_the_nearest_comes_first_and_says_how_far_it_is(fresh_database: Database, desk: Desk) -> None:
    session, _ = desk
    flag = an_organisation(fresh_database)
    for name, postcode in (("Aan de overkant", "5731 AA"), ("Om de hoek", "5664 HJ")):
        a_provision(desk, flag, naam=name, postcode=postcode, categorieen=["werk-zoeken"])
    cell = session.scalars(select(Neighbourhood.cell).where(Neighbourhood.pc4 == 5664)).one()

    found = of_categories(session, Around(GELDROP_MIERLO, cell), ["werk-zoeken"])["werk-zoeken"]

    assert [one.name for one in found] == ["Om de hoek", "Aan de overkant"]
    assert found[0].distance_km == 0
    assert (found[1].distance_km or 0) > 1


def test_an_answer_that_says_so_asks_for_a_place_that_fits() -> None:
    assert outcome(read(LIFE_THEMES, ["i", "i2c"])).needs == {"rolstoel"}
    assert outcome(read(LIFE_THEMES, ["i", "i2b"])).needs == frozenset()
