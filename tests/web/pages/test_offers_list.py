"""Wie biedt wat aan?: what anybody may read of what neighbours like to do, found by words and theme."""

from collections.abc import Callable

import pytest

from app.access.roles import Role
from app.db import Database as Program
from app.help_offers import service
from app.help_offers.models import Status
from app.people import service as people
from tests.app.factories import a_helper, a_member_of_staff
from tests.databases import Database
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]
LIST = "/hulpaanbod"


def test_a_visitor_finds_an_offer_by_words_and_theme(program: Program, visit: Visits) -> None:
    with program.transaction() as session:
        a_helper(session, titel="Ik loop graag mee", toelichting="Mijn hond Bo gaat mee.")
        a_helper(session, titel="Gras maaien en snoeien", categorieen=["tuin"], first_name="Bep")
    page = visit().get("/hulpvragen")
    assert f'href="{LIST}"' in page.page

    assert page.get(LIST).says("2 keer aanbod")
    assert page.get(f"{LIST}?zoek=snoei").says("Bep, Geldrop")
    assert not page.says("Ik loop graag mee")
    assert page.get(f"{LIST}?thema=samen&pagina=7").says("Mijn hond Bo gaat mee.")
    assert page.says("1 aanbod")
    assert page.get(f"{LIST}?zoek=zwemmen+met+dolfijnen").says("Dit biedt nu niemand aan")
    assert page.get(f"{LIST}?zoek=%00%25&thema=x&pagina=-1").status == 200


def test_twenty_offers_stand_on_a_page(program: Program, visit: Visits) -> None:
    with program.transaction() as session:
        for number in range(21):
            a_helper(session, titel=f"Aanbod nummer {number}")

    page = visit().get(LIST)

    assert page.says("21 keer aanbod, pagina 1 van 2")
    assert page.page.count('<article class="card') == 20
    assert page.get(f"{LIST}?pagina=2").page.count('<article class="card') == 1


def test_an_offer_tells_a_first_name_and_a_place_and_no_more(program: Program, visit: Visits) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session, first_name="Tonnie")
        typed = {"voornaam": "Tonnie", "achternaam": "Jansen", "telefoon": "06 12345678", "postcode": "5667 AB",
                 "huisnummer": "73"}  # fmt: skip
        people.change(session, helper, people.PersonChange.model_validate(typed))

    page = visit().get(LIST)

    assert page.says("Tonnie, Geldrop")
    for private in ("Jansen", "12345678", "12 34 56 78", "5667AB", "5667 AB", "@voorbeeld.nl", "73"):
        assert not page.says(private), private


@pytest.mark.parametrize("act", ["pauses it", "takes a break", "withdraws it", "only drafts it"])
def test_what_is_not_on_offer_now_is_not_shown(program: Program, visit: Visits, act: str) -> None:
    with program.transaction() as session:
        helper, offer = a_helper(session, titel="Ik loop graag mee")
        if act == "pauses it":
            service.pause(session, helper, offer.id)
        elif act == "takes a break":
            people.pause(session, helper, True)
        elif act == "withdraws it":
            service.withdraw(session, helper, offer.id)
        else:
            offer.is_public, offer.status = False, Status.DRAFT

    assert visit().get(LIST).says("Niets gevonden")


def test_whose_makelaar_alone_proposes_stands_in_no_list(
    program: Program, fresh_database: Database, visit: Visits
) -> None:
    with fresh_database.owner.begin() as owner:
        owner.exec_driver_sql("UPDATE municipality SET mediation = 5 WHERE id = 1771")
    with program.transaction() as session:
        _, offer = a_helper(session, titel="Ik loop graag mee")
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session, role=Role.BROKER)
        assert service.get(session, marja, offer.id).title == "Ik loop graag mee"

    assert visit().get(LIST).says("Niets gevonden")


def test_only_who_helps_across_the_border_is_shown_across_it(
    program: Program, fresh_database: Database, visit: Visits
) -> None:
    with program.transaction() as session:
        a_helper(session, postcode="5708 AB", titel="Ik kom ook bij de buren")
        a_helper(session, postcode="5708 AB", titel="Ik blijf in Helmond", buurgemeenten=False)
        a_helper(session, postcode="5563 AA", titel="Ver weg en zonder afspraak")
    with fresh_database.owner.begin() as owner:
        owner.exec_driver_sql("DELETE FROM sharing WHERE municipality_id = 1771 AND partner_id <> 794")

    page = visit().get(LIST)

    assert page.says("Ik kom ook bij de buren")
    assert not page.says("Ik blijf in Helmond")
    assert not page.says("Ver weg en zonder afspraak")
