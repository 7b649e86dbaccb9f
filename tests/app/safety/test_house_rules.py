"""House rules by version, asked once; and under whose insurance an agreement is made."""

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.agreements import occur
from app.db import Database as Program
from app.errors import Forbidden, NotFound
from app.ids import uuid7
from app.safety import house_rules
from app.safety.schemas import Insurance, NewRules
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    act,
    an_agreement,
)
from tests.databases import Database

NEW = NewRules.model_validate(
    {"huisregels": "Wees vriendelijk.\n\nKom op tijd.", "watVeranderde": "Kom op tijd."}
)


def test_everybody_is_asked_the_first_version_once(session: Session) -> None:
    ria = a_person(session)
    asked = house_rules.question(session, ria)
    assert asked is not None
    assert (asked.rules.version, asked.is_change) == (1, False)

    house_rules.answer(session, ria, 1, True)

    assert house_rules.question(session, ria) is None


@pytest.mark.parametrize("accepted", [True, False])
def test_a_new_version_is_asked_once_with_what_changed(
    program: Program, fresh_database: Database, accepted: bool
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        house_rules.answer(session, ria, 1, True)
        an = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
        house_rules.publish(session, an, GELDROP_MIERLO, NEW)
    with program.transaction() as session:
        ria = act(session, ria)
        asked = house_rules.question(session, ria)
        assert asked is not None
        assert asked.is_change
        assert asked.rules == house_rules.Rules(2, ("Wees vriendelijk.", "Kom op tijd."), "Kom op tijd.")
        house_rules.answer(session, ria, 2, accepted)
        house_rules.answer(session, ria, 99, True)  # of a version that is not there
    with program.transaction() as session:
        assert house_rules.question(session, act(session, ria)) is None
    kept = rows_of(fresh_database, "SELECT version, accepted FROM rules_acceptance ORDER BY version")
    assert kept == [(1, True), (2, accepted)]


def test_a_yes_replaces_a_no_and_stays(session: Session) -> None:
    ria = a_person(session)
    for accepted in (False, True, False):
        house_rules.answer(session, ria, 1, accepted)

    last = house_rules.answered(session, ria)

    assert last is not None
    assert last.accepted


def test_only_the_municipality_itself_publishes_and_insures(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        far = a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, municipality_id=EINDHOVEN
        )
        marja = a_member_of_staff(fresh_database, session)
    for who in (far, marja):
        with program.transaction() as session, pytest.raises(Forbidden):
            house_rules.publish(session, act(session, who), GELDROP_MIERLO, NEW)
        with program.transaction() as session, pytest.raises(Forbidden):
            house_rules.insure(session, act(session, who), GELDROP_MIERLO, Insurance())


def insured(program: Program, database: Database, **typed: object) -> None:
    with program.transaction() as session:
        an = a_member_of_staff(
            database,
            session,
            role=Role.MUNICIPALITY_ADMINISTRATOR,
            email=f"an{uuid7().hex[-6:]}@gemeente.voorbeeld.nl",
        )
        house_rules.insure(session, an, GELDROP_MIERLO, Insurance.model_validate(typed))


def test_an_agreement_keeps_the_insurance_of_its_moment(program: Program, fresh_database: Database) -> None:
    insured(program, fresh_database, verzekering="Vrijwilligerspolis van de gemeente")
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        key = an_agreement(session, asker, helper).id
    insured(program, fresh_database, verzekering="Een andere polis")

    with program.transaction() as session:
        agreement = occur.get(session, act(session, asker), key)

        assert (agreement.flag, agreement.flag_id) == ("", None)
        assert agreement.insurance == "Vrijwilligerspolis van de gemeente"


def test_under_a_flag_the_organisation_insures(program: Program, fresh_database: Database) -> None:
    organisation = uuid7()
    rows_of(
        fresh_database,
        "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website)"
        " VALUES (:id, :m, 'De Zonnebloem', 'volunteers', '', '', '') RETURNING id",
        id=organisation, m=GELDROP_MIERLO,
    )  # fmt: skip
    insured(program, fresh_database, verzekering="Polis van De Zonnebloem", organisatie=str(organisation))
    with program.transaction() as session:
        asker, (helper, offer) = a_person(session), a_helper(session)
        offer_id = offer.id
    rows_of(fresh_database, "UPDATE help_offer SET organisation_id = :o WHERE id = :id RETURNING id",
            o=organisation, id=offer_id)  # fmt: skip
    with program.transaction() as session:
        agreement = an_agreement(session, asker, helper)

        assert (agreement.flag, agreement.flag_id) == ("De Zonnebloem", organisation)
        assert agreement.insurance == "Polis van De Zonnebloem"


def test_an_organisation_of_elsewhere_is_not_insured_here(program: Program, fresh_database: Database) -> None:
    with pytest.raises(NotFound):
        insured(program, fresh_database, verzekering="Polis", organisatie=str(uuid7()))
