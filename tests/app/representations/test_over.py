"""A representation whose last day is over: it ends by itself, and is in nobody's way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.clock import today
from app.config import Settings
from app.db import Database as Program
from app.jobs import tasks
from app.jobs.work import Work
from app.representations import consent, service
from app.representations.schemas import ForAnother, Heard
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, a_representation, act
from tests.databases import Database

WALK = {"categorie": "samen-op-pad", "titel": "Samen naar de weekmarkt"}
ADDRESS, PHONE = "annie@voorbeeld.nl", "0612345678"
SECRET = b"of this test"


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The makelaar of Geldrop-Mierlo."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


@pytest.fixture
def pair(program: Program, marja: Actor, travel: Callable[[timedelta], None]) -> tuple[Actor, Actor]:
    """Karin acted for Annie until yesterday, and the night has not come yet."""
    with program.transaction() as session:
        karin = a_person(session, first_name="Karin")
        annie = a_person(session, first_name="Annie", email=ADDRESS, telefoon=PHONE)
        a_representation(session, marja, karin, annie, valid_until=today(session))
    travel(timedelta(days=1))
    return karin, annie


def statuses(database: Database) -> list[str]:
    return [row.status for row in rows_of(database, "SELECT status FROM representation ORDER BY created_at")]


def asked(program: Program, karin: Actor) -> UUID:
    """Karin asks for Annie again, by the address that was Annie's all along."""
    other = {"voornaam": "Annie", "postcode": "5664 HJ", "email": ADDRESS, "telefoon": PHONE}
    typed = ForAnother.model_validate({"voorWie": other, "hulpvraag": WALK})
    with program.transaction() as session:
        return service.ask(session, act(session, karin), typed).id


def test_the_night_ends_what_is_over_and_tells_both(
    program: Program, fresh_database: Database, tmp_path: Path, pair: tuple[Actor, Actor]
) -> None:
    tasks.tidy(Work(Settings(data_dir=tmp_path), program))

    assert statuses(fresh_database) == ["ended"]
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'representation-ended'")
    assert {row.person_id for row in told} == {one.person_id for one in pair}
    (event,) = rows_of(fresh_database, "SELECT before, by_person_id FROM state_event WHERE after = 'ended'")
    assert tuple(event) == ("active", None)


def test_the_night_leaves_what_holds_today(
    program: Program, fresh_database: Database, marja: Actor, tmp_path: Path
) -> None:
    with program.transaction() as session:
        karin, annie = a_person(session, first_name="Karin"), a_person(session, first_name="Annie")
        a_representation(session, marja, karin, annie, valid_until=today(session))

    tasks.tidy(Work(Settings(data_dir=tmp_path), program))

    assert statuses(fresh_database) == ["active"]


def test_the_makelaar_writes_down_a_new_one_before_the_night_ended_the_old(
    program: Program, fresh_database: Database, marja: Actor, pair: tuple[Actor, Actor]
) -> None:
    with program.transaction() as session:
        a_representation(session, marja, *pair)

    assert statuses(fresh_database) == ["ended", "active"]


def test_a_yes_by_the_mail_stands_before_the_night_ended_the_old(
    program: Program, fresh_database: Database, pair: tuple[Actor, Actor]
) -> None:
    id = asked(program, pair[0])

    with program.transaction() as session:
        consent.agree(session, SECRET, consent.token_of(SECRET, id))

    assert statuses(fresh_database) == ["ended", "active"]
    ((author, person),) = rows_of(fresh_database, "SELECT author_id, person_id FROM help_request")
    assert (author, person) == tuple(one.person_id for one in pair)


def test_a_yes_that_the_makelaar_heard_stands_before_the_night_ended_the_old(
    program: Program, fresh_database: Database, marja: Actor, pair: tuple[Actor, Actor]
) -> None:
    id = asked(program, pair[0])
    with program.transaction() as session:
        service.record(session, act(session, marja), id, Heard())

    assert statuses(fresh_database) == ["ended", "active"]


def test_one_that_holds_stands_in_the_way_of_another(program: Program, marja: Actor) -> None:
    with program.transaction() as session:
        karin, annie = a_person(session, first_name="Karin"), a_person(session, first_name="Annie")
        a_representation(session, marja, karin, annie, valid_until=today(session))
        with pytest.raises(service.AlreadyStands):
            a_representation(session, marja, karin, annie)
