"""Whoever erases for others does so in their place for a moment only, and never for their own house."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.config import Settings
from app.db import Database as Program
from app.pots.errors import OwnInterest
from app.privacy import erase, obligations
from app.privacy.obligations import Open
from app.representations import service as representations
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    act,
    an_agreement,
)
from tests.databases import Database

Broken = Callable[[Session, Actor], Open]
Act = Callable[[Session, Actor, Settings, UUID], object]
ACTING = "SELECT current_setting('app.person_id'), current_setting('app.municipalities')"


def looked(session: Session, officer: Actor, settings: Settings, person_id: UUID) -> object:
    """The page before the act."""
    return erase.standing_of(session, officer, person_id)


def erased(session: Session, officer: Actor, settings: Settings, person_id: UUID) -> object:
    """The act."""
    return erase.erase_for(session, officer, settings, person_id)


def still_open(session: Session, actor: Actor) -> Open:
    """Somebody who did not say yet whether the help was given."""
    raise erase.StillOpen


def failing(session: Session, actor: Actor) -> Open:
    """A statement that the database refuses."""
    session.execute(text("SELECT 1 / 0"))
    raise AssertionError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def fatima(program: Program, fresh_database: Database) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session, role=Role.PRIVACY_OFFICER, first_name="Fatima")


def moved_to(database: Database, person_id: UUID, postcode: str, house_number: str) -> None:
    change = (
        "UPDATE contact SET postcode = :postcode, house_number = :number WHERE person_id = :id RETURNING 1"
    )
    rows_of(database, change, id=person_id, postcode=postcode, number=house_number)


@pytest.mark.parametrize(("broken", "error"), [(still_open, erase.StillOpen), (failing, DBAPIError)])
@pytest.mark.parametrize("act_of", [erased, looked])
def test_after_a_failure_in_their_place_one_is_oneself_again(
    program: Program, settings: Settings, fatima: Actor, monkeypatch: pytest.MonkeyPatch,
    broken: Broken, error: type[Exception], act_of: Act,
) -> None:  # fmt: skip
    monkeypatch.setattr(obligations, "of", broken)
    with program.transaction() as session:
        ria = a_person(session)
    with program.transaction() as session:
        officer = act(session, fatima)
        with pytest.raises(error):
            act_of(session, officer, settings, ria.person_id)

        assert session.info["scope"] == officer.scope
        assert tuple(session.execute(text(ACTING)).one()) == (
            str(fatima.person_id), f"{{{GELDROP_MIERLO}}}",
        )  # fmt: skip


def test_what_was_begun_in_their_place_does_not_stand_half(
    program: Program, settings: Settings, fatima: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        helper, _ = a_helper(session)
        agreement = an_agreement(session, act(session, ria), helper)
        status = agreement.status

    def stuck(session: Session, standing: Open) -> None:
        raise erase.RoosjesStuck

    monkeypatch.setattr(erase, "_leave_the_books", stuck)
    with program.transaction() as session, pytest.raises(erase.RoosjesStuck):
        erase.erase_for(session, act(session, fatima), settings, ria.person_id, to_pot=True)
    with program.transaction() as session:
        act(session, ria)
        assert session.get_one(type(agreement), agreement.id).status is status


def test_nobody_at_the_desk_erases_who_lives_with_them(
    program: Program, settings: Settings, fatima: Actor, fresh_database: Database
) -> None:
    with program.transaction() as session:
        piet = a_person(session, first_name="Piet", huisnummer="7")
        moved_to(fresh_database, fatima.person_id, "5664hj", "7 ")
    for act_of in (looked, erased):
        with program.transaction() as session, pytest.raises(OwnInterest):
            act_of(session, act(session, fatima), settings, piet.person_id)
    moved_to(fresh_database, fatima.person_id, "5664hj", "9")
    with program.transaction() as session:
        assert erase.erase_for(session, act(session, fatima), settings, piet.person_id).rows > 0


def test_nobody_at_the_desk_erases_themselves_there(
    program: Program, settings: Settings, fatima: Actor, fresh_database: Database
) -> None:
    lives = "INSERT INTO membership (person_id, municipality_id, kind) VALUES (:id, :m, 'lives') RETURNING 1"
    rows_of(fresh_database, lives, id=fatima.person_id, m=GELDROP_MIERLO)

    with program.transaction() as session, pytest.raises(OwnInterest):
        erase.erase_for(session, act(session, fatima), settings, fatima.person_id)


def test_nobody_at_the_desk_erases_whom_they_act_for(
    program: Program, settings: Settings, fatima: Actor, fresh_database: Database
) -> None:
    with program.transaction() as session:
        greet = a_person(session, first_name="Greet")
        makelaar = a_member_of_staff(fresh_database, session)
        row = a_representation(session, makelaar, fatima, greet)
    with program.transaction() as session, pytest.raises(OwnInterest):
        erase.erase_for(session, act(session, fatima), settings, greet.person_id)
    with program.transaction() as session:
        representations.end(session, act(session, fatima), row.id)
    with program.transaction() as session:
        assert erase.erase_for(session, act(session, fatima), settings, greet.person_id).rows > 0
