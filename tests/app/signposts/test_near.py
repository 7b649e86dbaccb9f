"""The seam for what is near: sources fill it, each asked once, and without any it is empty."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.signposts.near import MOST, SOURCES, Provision, provisions_near
from app.signposts.rules import outcome, read
from app.signposts.themes import LIFE_THEMES

EATING = outcome(read(LIFE_THEMES, ["k", "k1a", "k1b", "k2c"]))
asked: list[tuple[int | None, list[str]]] = []


def a_table(
    _session: Session, municipality_id: int | None, categories: Sequence[str]
) -> Mapping[str, Sequence[Provision]]:
    """Knows of meals only."""
    asked.append((municipality_id, list(categories)))
    return {"samen-eten-of-koken": [Provision("Eettafel De Weverij", "dinsdag om 12 uur", "/samen-doen/1")]}


def many(
    _session: Session, _municipality_id: int | None, categories: Sequence[str]
) -> Mapping[str, Sequence[Provision]]:
    """Knows too much."""
    return {category: [Provision(f"{category} {number}") for number in range(9)] for category in categories}


def test_a_source_is_asked_once_for_all_signs_of_a_page(session: Session) -> None:
    asked.clear()

    found = provisions_near(session, 1771, EATING, [a_table])

    assert asked == [(1771, ["groep-cursus-of-sport", "samen-eten-of-koken"])]
    assert found["samen-eten-of-koken"][0].name == "Eettafel De Weverij"
    assert "groep-cursus-of-sport" not in found


def test_the_first_source_comes_first_and_a_few_are_enough(session: Session) -> None:
    found = provisions_near(session, 1771, EATING, [a_table, many])

    assert [one.name for one in found["samen-eten-of-koken"]] == [
        "Eettafel De Weverij",
        "samen-eten-of-koken 0",
        "samen-eten-of-koken 1",
    ]
    assert {len(provisions) for provisions in found.values()} == {MOST}


def test_where_no_sign_looks_for_anything_nobody_is_asked(session: Session) -> None:
    asked.clear()

    assert provisions_near(session, 1771, outcome(read(LIFE_THEMES, ["c", "c2c"])), [a_table]) == {}
    assert asked == []


def test_until_somebody_knows_provisions_the_page_invents_none(session: Session) -> None:
    assert SOURCES == ()
    assert provisions_near(session, 1771, EATING) == {}
