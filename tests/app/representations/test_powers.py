"""What who acts for another may do is a list: all that is on it exists, and all else is refused."""

import pytest
from fastapi import FastAPI

from app.access.actor import Actor, Behind
from app.branch import routes_of
from app.errors import Forbidden
from app.ids import uuid7
from app.representations import powers
from app.representations.models import RepresentationKind


def acting(kind: RepresentationKind) -> Actor:
    return Actor(person=uuid7(), behind=Behind(uuid7(), uuid7(), "Karin", kind.value))


def routes(site: FastAPI) -> set[str]:
    """Every method and path of the program, as declared."""
    return {f"{method} {found.path}" for found in routes_of(site) for method in found.methods or ()}


def test_everything_that_may_be_done_for_another_exists(site: FastAPI) -> None:
    assert powers.DECIDE - routes(site) == set()


@pytest.mark.parametrize("kind", list(RepresentationKind))
def test_all_that_is_not_named_is_refused_to_who_acts_for_another(
    site: FastAPI, kind: RepresentationKind
) -> None:
    allowed = powers.FOLLOW if kind is RepresentationKind.CONTACT else powers.DECIDE
    refused = set()
    for route in routes(site):
        verb, _, path = route.partition(" ")
        try:
            powers.check(acting(kind), verb, path)
        except Forbidden:
            refused.add(route)
    assert {route for route in routes(site) if not route.startswith("HEAD")} - refused == allowed


@pytest.mark.parametrize("kind", list(RepresentationKind))
@pytest.mark.parametrize(
    "act",
    ["POST /mijn/roosjes/geven", "POST /mijn/roosjes/papier", "POST /api/v1/roosjesrekeningen/mijn/betalingen",
     "POST /mijn/gegevens", "POST /mijn/namens/{id}/stoppen", "GET /bureau", "POST /mijn/aanbod/nieuw"],
)  # fmt: skip
def test_nobody_gives_roosjes_away_or_changes_details_in_anothers_name(
    kind: RepresentationKind, act: str
) -> None:
    with pytest.raises(powers.NotForAnother):
        powers.check(acting(kind), *act.split(" "))


def test_who_acts_for_nobody_is_not_held_back() -> None:
    powers.check(Actor(person=uuid7()), "POST", "/mijn/roosjes/geven")
