"""The social map: found by the words people use, kept by who may."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.db import Database as Program
from app.errors import Invalid, NotFound, Stale
from app.social_map import keeping, search
from app.social_map.models import Provision
from app.social_map.schemas import NewOrganisation, NewProvision, OrganisationChange, ProvisionChange
from app.social_map.search import Wanted
from tests.app.activities.making import an_organisation, works_for
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person, act, nobody
from tests.databases import Database

TYPED = {
    "naam": "Formulierenhulp",
    "toelichting": "Samen uw post bekijken en brieven schrijven.",
    "categorieen": ["post-formulieren-en-toeslagen"],
    "postcode": "5664 HJ",
}


def changed(row: Provision, **changes: object) -> ProvisionChange:
    return ProvisionChange.model_validate(TYPED | {"versie": row.version} | changes)


@pytest.fixture
def kept(fresh_database: Database, program: Program) -> Provision:
    """One provision of an organisation of Geldrop-Mierlo, also for Helmond, put there by the desk."""
    flag = an_organisation(fresh_database, name="Taalhuis De Letterbrug")
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        typed = TYPED | {"organisatie": flag, "ookVoor": [HELMOND]}
        return keeping.add(session, act(session, marja), NewProvision.model_validate(typed))


@pytest.mark.parametrize(
    "typed", ["formulier", "brief", "toeslag", "belasting", "letterbrug", "FORMULIERENHULP", "schrijven"]
)
def test_people_find_it_by_their_own_words(program: Program, kept: Provision, typed: str) -> None:
    with program.transaction() as session:
        nobody(session)
        found = search.shown(session, Wanted(typed=typed))

    assert [row.id for row in found.rows] == [kept.id]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(municipality_id=GELDROP_MIERLO), 1),
        (Wanted(municipality_id=HELMOND), 1),
        (Wanted(municipality_id=EINDHOVEN), 0),
        (Wanted(theme="brieven"), 1),
        (Wanted(theme="tuin"), 0),
        (Wanted(pc4=5664), 1),
        (Wanted(pc4=5667), 0),
        (Wanted(typed="zeppelin"), 0),
        (Wanted(typed="%"), 0),
        (Wanted(number=9), 1),
    ],
)
def test_it_is_found_by_subject_and_place(
    program: Program, kept: Provision, wanted: Wanted, count: int
) -> None:
    with program.transaction() as session:
        nobody(session)

        assert search.shown(session, wanted).count == count


def test_what_has_ended_is_not_found_but_keeps_its_page(
    fresh_database: Database, program: Program, kept: Provision
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        keeping.change(session, act(session, marja), kept.id, changed(kept, stand="ended"))
    with program.transaction() as session:
        nobody(session)

        assert search.shown(session, Wanted()).count == 0
        assert search.get(session, kept.id).name == "Formulierenhulp"


def test_the_organisations_own_administrator_keeps_it_and_a_stale_change_is_refused(
    fresh_database: Database, program: Program, kept: Provision
) -> None:
    with program.transaction() as session:
        head = a_person(session, first_name="Sjef")
    works_for(fresh_database, head, kept.organisation_id)
    with program.transaction() as session:
        keeping.change(session, act(session, head), kept.id, changed(kept, prijs="Gratis"))
    with program.transaction() as session, pytest.raises(Stale):
        keeping.change(session, act(session, head), kept.id, changed(kept))
    with program.transaction() as session:
        row = search.get(session, kept.id)

    assert (row.cost, row.checked_on is not None) == ("Gratis", True)


@pytest.mark.parametrize("who", ["member", "colleague", "other desk", "other administrator"])
def test_nobody_else_keeps_it(fresh_database: Database, program: Program, kept: Provision, who: str) -> None:
    with program.transaction() as session:
        person = a_person(session, first_name="Joop")
        if who == "other desk":
            person = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN)
    if who == "colleague":
        works_for(fresh_database, person, kept.organisation_id, Role.ORGANISATION_MEMBER)
    if who == "other administrator":
        works_for(fresh_database, person, an_organisation(fresh_database, name="Een ander"))

    with program.transaction() as session, pytest.raises(NotFound):
        keeping.change(session, act(session, person), kept.id, changed(kept))


def test_an_organisation_tells_about_itself_and_cannot_sign_its_own_covenant(
    fresh_database: Database, program: Program, kept: Provision
) -> None:
    with program.transaction() as session:
        head = a_person(session, first_name="Sjef")
    works_for(fresh_database, head, kept.organisation_id)
    with program.transaction() as session:
        wanted = OrganisationChange.model_validate({"overOns": "Wij leren lezen.", "website": "voorbeeld.nl"})
        keeping.change_organisation(session, act(session, head), kept.organisation_id, wanted)
    signed = text("UPDATE organisation SET covenant_signed_on = '2026-01-01' WHERE id = :id")
    with program.transaction() as session:
        act(session, head)
        with pytest.raises(DBAPIError, match="the desk's to change"), session.begin_nested():
            session.execute(signed, {"id": kept.organisation_id})
    with program.transaction() as session:
        row, _ = search.organisation(session, kept.organisation_id)

    assert (row.description, row.website) == ("Wij leren lezen.", "https://voorbeeld.nl")


def test_the_desk_adds_an_organisation_once(fresh_database: Database, program: Program) -> None:
    new = NewOrganisation.model_validate({"naam": "Repaircafé", "soort": "club"})
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        keeping.add_organisation(session, act(session, marja), GELDROP_MIERLO, new)
    with program.transaction() as session, pytest.raises(Invalid):
        keeping.add_organisation(session, act(session, marja), GELDROP_MIERLO, new)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"categorieen": ["bestaat-niet"]}, "categorieen"),
        ({"ookVoor": [9999]}, "ookVoor"),
        ({"postcode": "9999 ZZ"}, "postcode"),
    ],
)
def test_what_is_typed_is_looked_at(
    fresh_database: Database, program: Program, kept: Provision, changes: dict[str, object], field: str
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        with pytest.raises(Invalid) as refusal:
            keeping.change(session, act(session, marja), kept.id, changed(kept, **changes))

    assert list(refusal.value.details) == [field]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://a b.nl", "geen", "https://x.nl/<script>"])
def test_a_website_is_an_address_and_nothing_else(session: Session, address: str) -> None:
    with pytest.raises(ValueError, match="website"):
        OrganisationChange.model_validate({"website": address})
