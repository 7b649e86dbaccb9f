"""Hoe vaak: a helper's own limits, and what an asker reads about who was asked and what would help."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.clock import today
from app.db import Database as Program
from app.ids import uuid7
from app.matches import propose
from app.matches.index import MatchIndex, request_by_id
from app.organisations.models import OrganisationKind
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]
PATH = "/mijn/hoe-vaak"


def test_a_helper_says_how_often_how_much_and_when(program: Program, visit: Visits) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        until = (today(session) + timedelta(days=9)).isoformat()
    page = visit().sign_in(program, helper).get(PATH)
    assert page.says("Zoals het meestal gaat: hoogstens 3 keer")
    page.post(PATH, pauzeTot=until, vragenPerWeek="2", minutenSamen="120", rustDagen="7")

    assert page.says("Bewaard.")
    (row,) = page.rows(
        "SELECT paused, paused_until::text, proposals_per_week, load_limit_minutes, rest_days FROM person"
        " WHERE id = :id", id=helper.person_id,
    )  # fmt: skip
    assert tuple(row) == (True, until, 2, 120, 7)
    assert f'value="{until}"' in page.page
    page.post(PATH)
    (row,) = page.rows(
        "SELECT paused, paused_until, proposals_per_week, load_limit_minutes, rest_days FROM person"
        " WHERE id = :id", id=helper.person_id,
    )  # fmt: skip
    assert tuple(row) == (False, None, None, None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("pauzeTot", "2020-01-01"), ("pauzeTot", "ooit"), ("vragenPerWeek", "0"), ("vragenPerWeek", "21"),
     ("minutenSamen", "1"), ("rustDagen", "-1"), ("geslacht", "x"), ("alleenVoorOrganisatie", "1")],
)  # fmt: skip
def test_what_is_wrong_comes_back_and_changes_nothing(
    program: Program, visit: Visits, field: str, value: str
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
    page = visit().sign_in(program, helper).get(PATH)
    page.post(PATH, **{"minutenSamen": "240", field: value})

    assert page.status == 422
    (row,) = page.rows("SELECT load_limit_minutes FROM person WHERE id = :id", id=helper.person_id)
    assert row[0] is None


def test_gender_is_asked_of_who_cares_for_the_body_and_of_nobody_else(
    program: Program, visit: Visits
) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
    page = visit().sign_in(program, helper).get(PATH)
    assert "geslacht" not in page.page
    page.rows("UPDATE help_offer SET category_numbers = '{35}' WHERE id = :id RETURNING id", id=offer.id)
    page.get(PATH)
    assert page.says("Bent u een vrouw of een man?")
    page.post(PATH, geslacht="vrouw")
    (row,) = page.rows("SELECT gender FROM contact WHERE person_id = :id", id=helper.person_id)
    assert row[0] == "vrouw"


def organisation(page: Visit, name: str = "Zorgcoop") -> UUID:
    key = uuid7()
    page.rows(
        "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website)"
        " VALUES (:id, 1771, :name, :kind, '', '', '') RETURNING id",
        id=key, name=name, kind=OrganisationKind.VOLUNTEERS.value,
    )  # fmt: skip
    return key


def test_a_volunteer_of_an_organisation_chooses_whether_others_may_ask(
    program: Program, visit: Visits
) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
    page = visit().sign_in(program, helper)
    key = organisation(page)
    page.rows("UPDATE help_offer SET organisation_id = :o WHERE id = :id RETURNING id", o=key, id=offer.id)
    assert page.get(PATH).says("Wat doet u alleen via uw organisatie?")
    page.post(PATH, alleenVoorOrganisatie=str(offer.id))

    assert page.rows("SELECT exclusive FROM help_offer WHERE id = :id", id=offer.id)[0][0] is True


OFFERED = {
    "categorieen": ["samen-op-pad"], "titel": "Samen wandelen", "tijden": [], "minutenPerWeek": "120",
    "hoeVerKm": "5", "talen": ["1"], "buurgemeenten": "ja",
}  # fmt: skip


def its_version(page: Visit, path: str) -> str:
    """Which version of the offer the form was opened on."""
    return page.get(path).page.split('name="versie" value="')[1].split('"')[0]


def found(program: Program, page: Visit, request: UUID, organisation_id: UUID | None) -> list[UUID]:
    """Whom the engine finds when this organisation handles the request."""
    page.rows(
        "UPDATE help_request SET organisation_id = :o WHERE id = :i RETURNING id",
        o=organisation_id,
        i=request,
    )
    with program.transaction() as session:
        row = request_by_id(session, request)
        return [match.person_id for match in MatchIndex.of(session).offers.top_k(row)]


def test_who_an_organisation_vouches_for_may_be_asked_through_it_alone(
    program: Program, visit: Visits
) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session)
        request = a_request(session, a_person(session, first_name="Bo")).id
        makelaar = a_member_of_staff(visit().database, session)
    page, desk = visit().sign_in(program, helper), visit().sign_in(program, makelaar)
    ours, other = organisation(page), organisation(page, "Ander")
    page.rows("UPDATE organisation SET covenant_signed_on = '2020-01-01' RETURNING id")
    mine = f"/mijn/aanbod/{offer.id}"
    version = its_version(page, mine)
    assert not page.says("Doet u dit via een organisatie?")
    assert page.post(mine, **OFFERED, versie=version, viaOrganisatie=str(ours)).status == 422

    checks = f"/bureau/mensen/{helper.person_id}/controles"
    desk.get(checks).post(checks, soort="vog", hoe="gezien", organisatie=str(ours))
    version = its_version(page, mine)
    assert page.says("Doet u dit via een organisatie?")
    assert page.post(mine, **OFFERED, versie=version, viaOrganisatie=str(other)).status == 422
    assert page.post(mine, **OFFERED, versie=version, viaOrganisatie=str(ours)).status == 200
    assert found(program, page, request, other) == [
        helper.person_id
    ]  # shared, until the helper says otherwise
    page.get(PATH).post(PATH, alleenVoorOrganisatie=str(offer.id))

    assert found(program, page, request, None) == found(program, page, request, other) == []
    assert found(program, page, request, ours) == [helper.person_id]
    version = its_version(page, mine)
    page.post(mine, **OFFERED, versie=version, viaOrganisatie="")
    assert found(program, page, request, None) == [helper.person_id]


def test_a_makelaar_lets_an_organisation_handle_a_request_and_its_volunteers_are_asked(
    program: Program, visit: Visits
) -> None:
    page = visit()
    with program.transaction() as session:
        helper, offer = a_helper(session)
        asker = a_person(session, first_name="Bo")
        row = a_request(session, asker)
        makelaar = a_member_of_staff(page.database, session)
    key = organisation(page)
    page.rows(
        "UPDATE help_offer SET organisation_id = :o, exclusive = true WHERE id = :id RETURNING id",
        o=key,
        id=offer.id,
    )
    page.sign_in(program, makelaar).get(f"/bureau/zaken/{row.id}")
    assert f"/bureau/zaken/{row.id}/organisatie" in page.page
    page.get(f"/bureau/zaken/{row.id}/organisatie")
    page.post(f"/bureau/zaken/{row.id}/organisatie", organisatie=str(key))

    assert page.status == 200
    assert page.rows("SELECT helper_id FROM proposal")[0][0] == helper.person_id


def test_an_organisation_of_elsewhere_is_no_choice(program: Program, visit: Visits) -> None:
    page = visit()
    with program.transaction() as session:
        row = a_request(session, a_person(session))
        makelaar = a_member_of_staff(page.database, session)
    key = organisation(page)
    page.rows("UPDATE organisation SET municipality_id = 794 WHERE id = :id RETURNING id", id=key)
    page.sign_in(program, makelaar).get(f"/bureau/zaken/{row.id}/organisatie")
    page.post(f"/bureau/zaken/{row.id}/organisatie", organisatie=str(key))

    assert page.status == 422
    assert page.rows("SELECT organisation_id FROM help_request")[0][0] is None


def test_an_asker_reads_why_these_people_were_asked_and_no_name_of_theirs(
    program: Program, visit: Visits
) -> None:
    with program.transaction() as session:
        a_helper(session, first_name="Wilhelmina", postcode="5664 HJ")
    with program.transaction() as session:
        asker = a_person(session)
        row = a_request(session, asker)
        session.flush()
        assert len(propose.for_request(session, asker, row)) == 1
    page = visit().sign_in(program, asker).get(f"/mijn/vragen/{row.id}")

    assert page.says("Waarom wij deze mensen vroegen")
    assert page.says("Zij doen dit graag: samen op pad")
    assert page.says("Zij wonen binnen 15 km van u")
    assert "Wilhelmina" not in page.page
    assert "5664" not in page.page


def test_an_asker_with_few_people_reads_what_would_help_and_does_it_with_one_button(
    program: Program, visit: Visits
) -> None:
    with program.transaction() as session:
        for _ in range(7):
            a_helper(session, postcode="5708 AB", hoeVerKm=50)
        asker = a_person(session)
        row = a_request(session, asker, hoeVerKm=1)
    page = visit().sign_in(program, asker).get(f"/mijn/vragen/{row.id}")
    assert page.says("10 km verder: minstens 5 mensen")
    page.post(f"/mijn/vragen/{row.id}/ruimer", ruimer="verder", hoeveel="10", versie=str(row.version))

    assert page.rows("SELECT max_km FROM help_request")[0][0] == 11
    assert page.says("Waarom wij deze mensen vroegen")
    assert not page.says("10 km verder: minstens 5 mensen")


def test_a_number_under_five_stands_nowhere_on_the_askers_page(program: Program, visit: Visits) -> None:
    with program.transaction() as session:
        for _ in range(4):
            a_helper(session, postcode="5708 AB", hoeVerKm=50)
        asker = a_person(session)
        row = a_request(session, asker, hoeVerKm=1)
    page = visit().sign_in(program, asker).get(f"/mijn/vragen/{row.id}")

    assert page.says("10 km verder")
    assert "4 mensen" not in page.page
