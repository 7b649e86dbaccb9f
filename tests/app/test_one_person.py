"""One person asks, helps, works for two organisations and sits at a desk, in three municipalities at once."""

import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.access.roles import Permission, Role
from app.access.sign_in import act_as
from app.cheques import desks
from app.db import Database as Program, Scope
from tests.app.api.conftest import ApiFor, api_for
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
)
from tests.databases import Database
from tests.web.desks.cheques import an_organisation, grant
from tests.web.pages.helpers import Visit

__all__ = ["api_for"]

ASKED, GIVEN, OFFERED = "De heg is te hoog", "Naar de kapper in Helmond", "Samen fietsen"
AT_THE_DESK, AT_HOME = "Een lamp in Eindhoven", "Een lamp in Geldrop"


@pytest.fixture
def noor(program: Program, fresh_database: Database) -> Actor:
    """Lives in Geldrop-Mierlo, where she asks and works for one organisation; helps and works for another in
    Helmond; makelaar of Eindhoven."""
    ours = an_organisation(fresh_database, "Buurthuis Mierlo")
    theirs = an_organisation(fresh_database, "Klusbus Helmond", HELMOND)
    with program.transaction() as session:
        noor, _ = a_helper(session, first_name="Noor", postcode="5664 HJ", titel=OFFERED)
        in_helmond = a_person(session, first_name="Sef", postcode="5707 AB")
        an_agreement(session, in_helmond, noor, titel=GIVEN)
        tonnie, _ = a_helper(session)
        an_agreement(session, act(session, noor), tonnie, titel=ASKED)
        a_request(session, a_person(session, first_name="Ed", postcode="5611 AB"), titel=AT_THE_DESK)
        a_request(session, a_person(session, first_name="Gé"), titel=AT_HOME, zichtbaarVoor="makelaar")
        for place, organisation in ((GELDROP_MIERLO, ours), (HELMOND, theirs)):
            treasurer = a_member_of_staff(fresh_database, session, role=Role.TREASURER, municipality_id=place)
            desks.add_provider(session, treasurer, place, organisation)
    grant(fresh_database, noor, Role.ORGANISATION_ADMINISTRATOR, ours)
    grant(fresh_database, noor, Role.ORGANISATION_MEMBER, theirs, HELMOND)
    grant(fresh_database, noor, Role.BROKER, None, EINDHOVEN)
    return noor


def test_an_actor_carries_every_role_with_its_own_municipality_and_organisation(
    program: Program, noor: Actor
) -> None:
    with program.transaction() as session:
        actor = act_as(session, noor.person_id)
        scope = session.info["scope"]

    held = {one.role: (sorted(one.municipalities), one.organisation_id) for one in actor.grants}
    ours, theirs = held[Role.ORGANISATION_ADMINISTRATOR][1], held[Role.ORGANISATION_MEMBER][1]
    assert ours is not None
    assert theirs is not None
    assert ours != theirs
    assert held == {
        Role.MEMBER: ([GELDROP_MIERLO], None),
        Role.ORGANISATION_ADMINISTRATOR: ([GELDROP_MIERLO], ours),
        Role.ORGANISATION_MEMBER: ([HELMOND], theirs),
        Role.BROKER: ([EINDHOVEN], None),
    }
    assert actor.home == GELDROP_MIERLO
    assert scope == actor.scope == Scope(
        noor.person_id, actor.pseudonym, frozenset({EINDHOVEN}), frozenset({ours, theirs})
    )  # fmt: skip
    # a role carries what it may to its own municipality only
    assert actor.reach(Permission.ASK) == {GELDROP_MIERLO}
    assert actor.reach(Permission.SEE_REQUESTS) == actor.reach(Permission.SEE_PEOPLE) == {EINDHOVEN}


def test_each_place_shows_what_belongs_there(
    site: FastAPI, program: Program, fresh_database: Database, noor: Actor
) -> None:
    visit = Visit(site, fresh_database).sign_in(program, noor)
    everything = (ASKED, GIVEN, OFFERED, AT_THE_DESK, AT_HOME, "Buurthuis Mierlo", "Klusbus Helmond")

    def shows(path: str) -> set[str]:
        assert visit.get(path).status == 200, path
        return {told for told in everything if visit.says(told)}

    assert shows("/mijn/vragen") == {ASKED}
    assert shows("/mijn/aanbod") == {OFFERED, GIVEN}  # and what came of it
    assert shows("/mijn/afspraken") == {ASKED, GIVEN}
    assert shows("/cheques") == {"Buurthuis Mierlo", "Klusbus Helmond"}
    assert shows("/bureau") == {AT_THE_DESK}
    assert shows("/bureau/organisaties") == set()
    assert [visit.get(path).status for path in ("/gemeente", "/regio")] == [404, 404]


def test_programs_read_the_same(noor: Actor, api_for: ApiFor) -> None:
    api = api_for(noor)

    assert [row["titel"] for row in api.get("/hulpvragen", mijn=True).json()] == [ASKED]
    assert {row["titel"] for row in api.get("/afspraken").json()} == {ASKED, GIVEN}
    assert [api.get(f"/werklijsten/{place}").status_code for place in (EINDHOVEN, GELDROP_MIERLO, HELMOND)] == [
        200, 404, 404
    ]  # fmt: skip
    assert api.get(f"/werklijsten/{EINDHOVEN}").json()["regels"] != []
