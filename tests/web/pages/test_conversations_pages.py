"""Gesprekken: writing, what is pointed out, sharing how to reach each other, and what a desk opens."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, a_willing_helper, act
from tests.databases import Database
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]


@pytest.fixture
def met(program: Program) -> tuple[Actor, Actor, UUID]:
    """Somebody who asks, somebody who said yes, and their proposal."""
    with program.transaction() as session:
        asker, (helper, _) = a_person(session, telefoon="06 12345678"), a_helper(session)
        act(session, asker)
        return asker, helper, a_willing_helper(session, asker, helper, a_request(session, asker)).id


def test_a_message_reaches_the_other_and_stands_in_their_list(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID]
) -> None:
    asker, helper, key = met
    page = visit().sign_in(program, asker).get(f"/mijn/gesprekken/{key}")
    assert page.says("Gesprek met Tonnie")

    page.post(f"/mijn/gesprekken/{key}", bericht="Komt dinsdag u uit?", sleutel=_key(page))

    assert page.says("Komt dinsdag u uit?")
    other = visit().sign_in(program, helper).get("/mijn/berichten")
    assert other.says("1 nieuw")
    assert other.says("U heeft een bericht")
    assert other.get(f"/mijn/gesprekken/{key}").says("Komt dinsdag u uit?")
    assert not other.get("/mijn/berichten").says("1 nieuw")


def _key(page: Visit) -> str:
    found = re.search(r'name="sleutel" value="([^"]+)"', page.page)
    assert found is not None
    return found[1]


def test_pressed_twice_it_is_said_once(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID], fresh_database: Database
) -> None:
    asker, _, key = met
    page = visit().sign_in(program, asker).get(f"/mijn/gesprekken/{key}")
    form = {"bericht": "Dag", "sleutel": _key(page)}

    for _ in range(2):
        assert page.post(f"/mijn/gesprekken/{key}", follow=False, **form).status == 303
        page.get(f"/mijn/gesprekken/{key}")

    assert rows_of(fresh_database, "SELECT count(*) FROM message")[0][0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Bel mij op 06 12345678", "Hier staat een telefoonnummer."),
        ("Mail ria@voorbeeld.nl", "Hier staat een e-mailadres."),
        ("Kom naar Dorpsstraat 12", "Hier staat een adres."),
    ],
)
def test_a_number_or_an_address_comes_back_once_with_all_that_was_typed(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID], words: str, said: str
) -> None:
    asker, _, key = met
    page = visit().sign_in(program, asker).get(f"/mijn/gesprekken/{key}")
    form = {"bericht": words, "sleutel": _key(page)}
    page.post(f"/mijn/gesprekken/{key}", **form)
    assert page.status == 422
    assert page.says(said)
    assert page.says(words)
    assert _key(page) == form["sleutel"]

    page.post(f"/mijn/gesprekken/{key}", tochVersturen="ja", **form)

    assert page.status == 200
    assert page.says(words)


def test_what_may_be_a_bsn_comes_back_too(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID]
) -> None:
    asker, _, key = met
    page = visit().sign_in(program, asker).get(f"/mijn/gesprekken/{key}")

    page.post(f"/mijn/gesprekken/{key}", bericht="Mijn bsn is 111222333", sleutel=_key(page))

    assert page.status == 422
    assert page.says("burgerservicenummer")


def test_a_number_is_shown_when_both_said_so(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID]
) -> None:
    asker, helper, key = met
    path = f"/mijn/gesprekken/{key}"
    visit().sign_in(program, asker).get(path).post(f"{path}/gegevens", ja="ja")
    page = visit().sign_in(program, helper).get(path)
    assert page.says("Ria wil telefoonnummer en e-mail met u delen.")
    assert "tel:+31612345678" not in page.page

    page.post(f"{path}/gegevens", ja="ja")

    assert "tel:+31612345678" in page.page
    assert not page.says("5664 HJ")


def test_a_stranger_and_a_desk_find_no_conversation(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID], fresh_database: Database
) -> None:
    with program.transaction() as session:
        others = [a_person(session, first_name="Bo"), a_member_of_staff(fresh_database, session)]

    for other in others:
        assert visit().sign_in(program, other).get(f"/mijn/gesprekken/{met[2]}").status == 404


def test_the_desk_opens_a_reported_conversation_until_the_report_is_answered(
    program: Program, visit: Visits, met: tuple[Actor, Actor, UUID], fresh_database: Database
) -> None:
    asker, helper, key = met
    writer = visit().sign_in(program, helper).get(f"/mijn/gesprekken/{key}")
    writer.post(f"/mijn/gesprekken/{key}", bericht="Doe eens aardig", sleutel=_key(writer))
    reporter = visit().sign_in(program, asker).get(f"/melden/voorstel/{key}")
    reporter.post(f"/melden/voorstel/{key}", waarover="boundary", uitleg="Dit was niet fijn", hoeSnel="soon")
    with program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
    report = rows_of(fresh_database, "SELECT id FROM safety_report")[0][0]
    desk = visit().sign_in(program, makelaar).get(f"/bureau/veiligheid/{report}")
    assert desk.says("Lees het gesprek (1 bericht)")
    assert not desk.says("Doe eens aardig")

    desk.get(f"/bureau/veiligheid/{report}/gesprekken/{key}")

    assert desk.says("Doe eens aardig")
    looks = "SELECT count(*) FROM audit_entry WHERE act = 'messages' AND subject_id IN (:a, :b)"
    assert rows_of(fresh_database, looks, a=asker.person_id, b=helper.person_id)[0][0] == 2
    handled = (
        "UPDATE safety_report SET status = 'handled', handled_at = ledger.now(), handled_by_id = :m,"
        " outcome = 'talked', answer = 'x' RETURNING id"
    )
    rows_of(fresh_database, handled, m=makelaar.person_id)
    assert desk.get(f"/bureau/veiligheid/{report}/gesprekken/{key}").status == 404
