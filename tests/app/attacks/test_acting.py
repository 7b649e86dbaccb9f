"""Somebody with a real consent of one kind, who looks further than it goes: through the API, and with SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.sign_in import act_for
from app.representations import powers
from app.representations.models import RepresentationKind
from tests.app.attacks.conftest import Client, World
from tests.app.factories import HELMOND, a_member_of_staff, a_representation, act

CONTACT = RepresentationKind.CONTACT
FACTS = {"/buurten", "/categorieen", "/gemeenten"}
"""What anybody reads, signed in or not."""
NOTHING = ("notice", "proposal", "agreement", "occurrence", "help_offer", "state_event")
"""What is Tonnie's as somebody who helps, and what is theirs alone."""


@pytest.fixture(scope="module", params=[CONTACT, RepresentationKind.AUTHORISED], ids=str)
def consent(world: World, request: pytest.FixtureRequest) -> Iterator[UUID]:
    """Eva may arrange things for Tonnie, who helps Ria and asks nothing."""
    kind: RepresentationKind = request.param
    id = consented(world, "tonnie", kind)
    yield id
    world.rows("UPDATE representation SET status = 'ended', ended_at = ledger.now() WHERE id = :id", id=id)


def consented(world: World, whom: str, kind: RepresentationKind) -> UUID:
    """Eva acts for somebody of Helmond, as its makelaar wrote it down."""
    with world.program.transaction() as session:
        hans = a_member_of_staff(world.database, session, municipality_id=HELMOND, first_name="Hans")
        return a_representation(session, hans, world.people["eva"], world.people[whom], kind=kind).id


@contextmanager
def acting(world: World, consent: UUID) -> Iterator[Session]:
    """A transaction of the application in Tonnie's name, rolled back."""
    with world.program.sessions() as session:
        eva = act(session, world.people["eva"])
        assert act_for(session, eva, consent) is not None
        yield session
        session.rollback()


def asks(eva: Client, consent: UUID, method: str, path: str) -> httpx.Response:
    return eva.api(method, path, headers={"Namens": str(consent)})


def test_what_is_not_named_in_the_consent_is_refused_by_the_api(world: World, consent: UUID) -> None:
    eva = world.client("eva")
    prefix = powers.API
    described = world.http.get(f"{eva.address}{prefix}/openapi.json").json()["paths"]
    reading = {path for path, acts in described.items() if "get" in acts and "{" not in path}
    refused = {path for path in reading - FACTS if f"GET {prefix}{path}" not in powers.DECIDE}
    assert "/hulpaanbod" in refused
    assert len(refused) > 10

    answers = {path: asks(eva, consent, "GET", path).status_code for path in sorted(refused)}

    assert {path: status for path, status in answers.items() if status != 403} == {}


def test_what_may_be_followed_shows_nothing_that_tonnie_does_for_others(world: World, consent: UUID) -> None:
    eva = world.client("eva")

    assert asks(eva, consent, "GET", "/afspraken").json() == []
    assert asks(eva, consent, "GET", "/hulpvragen").json() == []
    for name, path in (
        ("agreement", "/afspraken/{}"),
        ("occurrence", "/keren/{}"),
        ("public", "/hulpvragen/{}"),
    ):
        assert asks(eva, consent, "GET", path.format(world.ids[name])).status_code == 404, path


@pytest.mark.parametrize("table", NOTHING)
def test_the_database_shows_nothing_that_is_tonnies_alone(world: World, consent: UUID, table: str) -> None:
    with acting(world, consent) as session:
        assert session.execute(text(f"SELECT * FROM {table}")).all() == []


def test_tonnie_has_what_is_not_shown(world: World) -> None:
    with world.acting("tonnie") as (session, _):
        for table in NOTHING:
            assert session.execute(text(f"SELECT * FROM {table}")).all() != [], table


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person SET paused = true WHERE id = :tonnie",
        "UPDATE contact SET email = 'eva@kwaad.nl' WHERE person_id = :tonnie",
        "UPDATE membership SET pc4 = 5611 WHERE person_id = :tonnie",
        "DELETE FROM membership WHERE person_id = :tonnie",
        "UPDATE help_offer SET status = 'withdrawn' WHERE person_id = :tonnie",
        "UPDATE notice SET read_at = ledger.now()",
        "UPDATE representation SET kind = 'gemachtigde', valid_until = NULL WHERE represented_id = :tonnie",
        "INSERT INTO giving_code (person_id, code) VALUES (:tonnie, '12345678')",
        "INSERT INTO membership (person_id, municipality_id, kind) VALUES (:tonnie, 1771, 'works')",
        "UPDATE agreement SET minutes = 15",
    ],
)
def test_the_database_changes_nothing_that_is_tonnies_alone(world: World, consent: UUID, change: str) -> None:
    with acting(world, consent) as session:
        refused = False
        try:
            changed = session.execute(text(change), {"tonnie": world.people["tonnie"].person_id})
            refused = changed.rowcount == 0  # type: ignore[attr-defined]
        except DBAPIError as refusal:
            refused = "row-level security" in str(refusal)
        assert refused


def test_a_municipality_or_an_organisation_that_is_named_along_opens_nothing(
    world: World, consent: UUID
) -> None:
    with acting(world, consent) as session:
        for name, value in (
            ("municipalities", "{1771,772,794}"),
            ("organisations", f"{{{world.ids['person']}}}"),
        ):
            wider = text("SELECT set_config('app.' || :name, :value, true)")
            session.execute(wider, {"name": name, "value": value})
        for table in (
            "case_note",
            "contact",
            "notice",
            "help_offer",
            "welfare_plan",
            "distribution",
            "cheque_use",
        ):
            rows = session.execute(text(f"SELECT * FROM {table}")).all()
            assert [
                row for row in rows if getattr(row, "person_id", None) != world.people["tonnie"].person_id
            ] == []


def test_an_answer_that_somebody_got_under_a_key_is_not_given_to_who_acts_for_them(world: World) -> None:
    body = {"categorie": "samen-op-pad", "titel": "Naar de film", "minuten": 60}
    key, named = {"Idempotency-Key": "film"}, {"Namens": str(consented(world, "bram", CONTACT))}
    own = world.client("bram").api("POST", "/hulpvragen", body, headers=key)
    assert own.status_code == 201, own.text

    taken = world.client("eva").api("POST", "/hulpvragen", body, headers={**key, **named})

    assert taken.status_code == 201, taken.text
    assert taken.json()["id"] != own.json()["id"]
    again = world.client("eva").api("POST", "/hulpvragen", body, headers={**key, **named})
    assert (again.json()["id"], again.headers["Idempotency-Hit"]) == (taken.json()["id"], "true")
    assert world.client("eva").api("POST", "/hulpvragen", body, headers=key).status_code == 409, "for oneself"
