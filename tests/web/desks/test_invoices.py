"""De facturen at the desk: made at the month's end, sent, paid with a colleague, disputed, withdrawn, corrected."""

import re
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from tests.app.conftest import rows_of
from tests.app.treasury.bills import ABROAD, Providers, handed_in, in_order
from tests.app.treasury.books import FIRST, SECOND, as_owner
from tests.databases import Database as Migrated
from tests.rewards.factories import A, B, C
from tests.web.desks.helpers import Desk, a_desk
from tools.find_system import has_pdf_libraries

PLACE = "/bureau/facturen"
PAID_ON = SECOND.replace(day=4).isoformat()


@dataclass(frozen=True)
class Sides:
    """Two treasurers of Geldrop-Mierlo, which pays, and one of Helmond."""

    ours: Desk
    colleague: Desk
    theirs: Desk


@pytest.fixture
def providers(fresh_database: Migrated) -> Providers:
    return handed_in(fresh_database)


@pytest.fixture
def sides(fresh_database: Migrated, program: Database, site: FastAPI, providers: Providers) -> Sides:
    people = ((A, "Hans"), (A, "Bram"), (B, "Petra"))
    return Sides(
        *(a_desk(fresh_database, program, site, Role.TREASURER, place, name) for place, name in people)
    )


def made(sides: Sides) -> str:
    """The address of the invoice that Helmond's treasurer made."""
    sides.theirs.get(PLACE)
    assert sides.theirs.post(PLACE).status_code == 303
    (path,) = re.findall(r'href="(/bureau/facturen/\d+)"', sides.theirs.get(PLACE).text)
    return str(path)


def does(desk: Desk, path: str, button: str, **typed: str) -> int:
    desk.get(path)
    return desk.post(path, knop=button, **typed).status_code


def paid(sides: Sides) -> str:
    path = made(sides)
    assert does(sides.theirs, path, "sent") == 303
    assert does(sides.ours, path, "reported", betaaldatum=PAID_ON) == 303
    assert does(sides.colleague, path, "paid") == 303
    return path


def test_an_invoice_goes_from_made_to_paid_on_both_desks(sides: Sides, fresh_database: Migrated) -> None:
    waiting = sides.ours.get(PLACE).text
    assert "Geldrop-Mierlo betaalt Helmond" in waiting
    assert "3 cheques, €\u00a045" in waiting
    path = made(sides)

    assert "Maak deze facturen" not in sides.ours.get(PLACE).text
    assert "Wij moeten nog betalen: €\u00a045." in sides.ours.page
    assert "Wij krijgen nog: €\u00a045." in sides.theirs.get(PLACE).text
    assert does(sides.theirs, path, "sent") == 303
    assert "Is er betaald?" not in sides.theirs.get(path).text
    assert does(sides.ours, path, "reported", betaaldatum=PAID_ON) == 303
    assert "Een collega, of iemand van de andere kant, bevestigt het." in sides.ours.get(path).text
    assert "Hans zei dat er op" in sides.colleague.get(path).text
    assert does(sides.colleague, path, "paid") == 303

    for desk in (sides.ours, sides.theirs):
        assert "betaald" in desk.get(path).text
    assert "Helmond betaalt De Klusploeg" in sides.theirs.get(PLACE).text  # what came in is passed on
    assert "Er is niets meer te betalen." in sides.ours.get(PLACE).text
    in_order(fresh_database)


def test_who_said_it_was_paid_does_not_confirm_it(sides: Sides, fresh_database: Migrated) -> None:
    path = made(sides)
    does(sides.theirs, path, "sent")
    does(sides.ours, path, "reported", betaaldatum=PAID_ON)

    sides.ours.get(path)
    assert "Ja, het is betaald" not in sides.ours.page
    assert does(sides.ours, path, "paid") == 409
    assert "Laat een collega dit bevestigen." in sides.ours.page
    assert (
        rows_of(fresh_database, "SELECT count(*) FROM ledger.batch WHERE operation = 'invoice_pay'")[0][0]
        == 0
    )

    assert does(sides.theirs, path, "paid") == 303  # whoever got it may say so


def test_a_button_that_is_pressed_twice_books_once(sides: Sides, fresh_database: Migrated) -> None:
    path = paid(sides)
    assert does(sides.colleague, path, "paid") == 303
    assert does(sides.ours, path, "paid") == 409
    assert (
        rows_of(fresh_database, "SELECT count(*) FROM ledger.batch WHERE operation = 'invoice_pay'")[0][0]
        == 1
    )
    sides.ours.get(PLACE)
    sides.ours.get("/bureau/buren")
    assert sides.ours.post(PLACE).status_code == 303
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.invoice WHERE follows_id IS NULL")[0][0] == 1


def test_a_disputed_invoice_is_withdrawn_and_made_again(sides: Sides, fresh_database: Migrated) -> None:
    path = made(sides)
    does(sides.theirs, path, "sent")
    assert does(sides.ours, path, "disputed") == 422
    assert "Kies wat er niet klopt." in sides.ours.page
    assert does(sides.ours, path, "disputed", reden="wrong_amount") == 303
    assert "Het bedrag klopt niet" in sides.theirs.get(path).text
    assert does(sides.ours, path, "withdrawn", reden="wrong_amount") == 409  # that is for who sent it
    assert does(sides.theirs, path, "withdrawn", reden="wrong_amount") == 303

    assert "ingetrokken" in sides.ours.get(path).text
    assert "Maak deze facturen" in sides.ours.get(PLACE).text
    in_order(fresh_database)


def test_a_payment_recorded_by_mistake_is_booked_back(sides: Sides, fresh_database: Migrated) -> None:
    path = paid(sides)
    assert does(sides.ours, path, "sent", reden="booked_by_mistake") == 303
    assert "betaling teruggeboekt" in sides.ours.get(path).text
    assert "Is er betaald?" in sides.ours.page
    in_order(fresh_database)


@pytest.mark.parametrize("typed", ["", "morgen", "2999-01-01", "1999-01-01"])
def test_a_payment_asks_for_its_day_and_keeps_what_was_typed(sides: Sides, typed: str) -> None:
    path = made(sides)
    does(sides.theirs, path, "sent")
    assert does(sides.ours, path, "reported", betaaldatum=typed) == 422
    assert "Vul de dag in waarop er betaald is." in sides.ours.page
    assert f'value="{typed}"' in sides.ours.page


@pytest.mark.parametrize("button", ["", "weg", "disputed"])
def test_an_unknown_button_does_nothing(sides: Sides, button: str) -> None:
    assert does(sides.theirs, made(sides), button) in (409, 422)


def test_a_provider_is_paid_by_an_invoice_with_two_people(
    sides: Sides, providers: Providers, fresh_database: Migrated
) -> None:
    page = sides.ours.get("/bureau/cheques/uitbetalen").text
    assert "Zij krijgt haar geld van die gemeente" in page  # De Klusploeg
    (form,) = re.findall(r'action="(/bureau/cheques/uitbetalen/[^"]+)"', page)
    key = re.findall(r'name="sleutel" value="([^"]+)"', page)[0]
    for _ in range(2):
        sides.ours.get("/bureau/cheques/uitbetalen")
        assert sides.ours.post(form, aantal="2", sleutel=key).status_code == 303
    (path,) = re.findall(r'href="(/bureau/facturen/\d+)"', sides.ours.get("/bureau/cheques/uitbetalen").text)

    assert "Op een open factuur: 2 cheques." in sides.ours.page
    assert does(sides.ours, path, "sent") == 303
    assert does(sides.ours, path, "reported", betaaldatum=PAID_ON) == 303
    assert does(sides.colleague, path, "paid") == 303
    assert "Eerder uitbetaald: 2 cheques." in sides.ours.get("/bureau/cheques/uitbetalen").text
    assert sides.theirs.get(path).status_code == 404
    in_order(fresh_database)


def test_an_organisation_of_a_neighbour_is_not_paid_past_that_neighbour(
    sides: Sides, fresh_database: Migrated
) -> None:
    (row,) = rows_of(fresh_database, f"SELECT id FROM cheque_provider WHERE organisation_id = '{ABROAD}'")
    sides.ours.get("/bureau/cheques/uitbetalen")
    answer = sides.ours.post(
        f"/bureau/cheques/uitbetalen/{row[0]}", aantal="1", sleutel="0190a6b8-0000-7000-8000-000000000000"
    )
    assert answer.status_code == 409


def test_an_account_that_stands_still_is_said(sides: Sides, fresh_database: Migrated) -> None:
    said = "De rekening van een organisatie staat stil."
    with as_owner(fresh_database) as owner:
        owner.exec_driver_sql("UPDATE ledger.account SET status = 'frozen' WHERE kind = 'provider'")
    sides.theirs.get(PLACE)
    assert sides.theirs.post(PLACE).status_code == 409
    assert said in sides.theirs.page
    page = sides.ours.get("/bureau/cheques/uitbetalen").text
    (form,) = re.findall(r'action="(/bureau/cheques/uitbetalen/[^"]+)"', page)
    assert sides.ours.post(form, aantal="1", sleutel="a").status_code == 409
    assert said in sides.ours.page

    with as_owner(fresh_database) as owner:
        owner.exec_driver_sql("UPDATE ledger.account SET status = 'open' WHERE kind = 'provider'")
    path = made(sides)
    does(sides.theirs, path, "sent")
    does(sides.ours, path, "reported", betaaldatum=PAID_ON)
    with as_owner(fresh_database) as owner:
        owner.exec_driver_sql("UPDATE ledger.account SET status = 'frozen' WHERE unit = 'EURCENT'")
    assert does(sides.colleague, path, "paid") == 409
    assert said in sides.colleague.page
    in_order(fresh_database)


def test_the_month_and_the_neighbours_show_what_is_open_and_paid(sides: Sides) -> None:
    path = made(sides)
    month = f"/bureau/maand/{FIRST:%Y-%m}"
    assert "Nog open: 1, samen €\u00a045." in sides.ours.get(month).text
    does(sides.theirs, path, "sent")
    does(sides.ours, path, "reported", betaaldatum=PAID_ON)
    does(sides.colleague, path, "paid")
    assert "Nog open: 0, samen €\u00a00. Betaald: 1." in sides.ours.get(month).text
    assert path in sides.theirs.get("/bureau/buren").text
    now = sides.ours.get(f"/bureau/maand/{SECOND:%Y-%m}").text
    assert "Betaald tussen gemeenten" in now
    assert "klopt niet" not in now


def test_an_invoice_and_all_of_them_are_files(sides: Sides) -> None:
    path = paid(sides)
    rows = sides.ours.get(f"{path}/factuur.csv").text
    assert "De Klusploeg;3;45,00;betaald" in rows
    assert (
        f"{FIRST:%Y-%m};Geldrop-Mierlo;Helmond;3;45,00;betaald;{PAID_ON}"
        in sides.ours.get(f"{PLACE}/facturen.csv").text
    )
    assert "factuur" in sides.ours.get(f"/bureau/maand/{FIRST:%Y-%m}/maand.csv").text
    told = sides.ours.get(f"/bureau/maand/{FIRST:%Y-%m}/maand.json").json()["facturen"]
    assert [(one["stand"], one["open"], one["centen"]) for one in told] == [("betaald", False, 4500)]
    if has_pdf_libraries():
        assert sides.ours.get(f"{path}/factuur.pdf").content.startswith(b"%PDF-")
    assert sides.ours.get(f"{path}/factuur.doc").status_code == 404


def test_a_third_municipality_has_no_part_in_it(
    sides: Sides, fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    path = made(sides)
    third = a_desk(fresh_database, program, site, Role.TREASURER, C)
    third.get(PLACE)
    assert third.get(path).status_code == third.get(f"{PLACE}/99999").status_code == 404
    assert third.get(f"{path}/factuur.csv").status_code == 404
    third.get(PLACE)
    assert "De Klusploeg" not in third.page
    third.get("/bureau/maand")
    third.get("/bureau/zegels")
    assert third.post(path, knop="sent").status_code == 404


ROLES = {
    Role.TREASURER: (200, 303),
    Role.BROKER: (200, 404),
    Role.MUNICIPALITY_ADMINISTRATOR: (404, 404),
    Role.PRIVACY_OFFICER: (404, 404),
    Role.SELLER: (404, 404),
}


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_invoices_and_who_makes_them(
    fresh_database: Migrated, program: Database, site: FastAPI, providers: Providers, role: Role
) -> None:
    desk = a_desk(fresh_database, program, site, role)
    reads, makes = ROLES[role]
    assert desk.get(PLACE).status_code == reads
    assert desk.get(f"{PLACE}/facturen.csv").status_code == reads
    desk.get("/bureau/zegels" if role is Role.BROKER else "/mijn")
    assert desk.post(PLACE).status_code == makes
