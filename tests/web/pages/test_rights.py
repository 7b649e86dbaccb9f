"""What one asks about one's own data, as a browser without JavaScript does it."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.access.roles import STAFF_ROLES, Role
from app.access.sign_in import act_as
from app.audit.write import Act
from app.db import Database as Program
from app.people import service as people
from app.people.service import PersonChange
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, an_agreement
from tests.databases import Database
from tests.web.pages.helpers import Visit
from web.privacy_words import ACTS, LOOKED, ROLES, role

Browsers = Callable[[], Visit]


@pytest.fixture
def ria(program: Program) -> Actor:
    """Somebody with an address."""
    with program.transaction() as session:
        actor = a_person(session, email="ria@voorbeeld.nl")
        people.change(session, actor, PersonChange.model_validate({
            "voornaam": "Ria", "achternaam": "Verspeek", "postcode": "5664 HJ", "huisnummer": "137",
            "telefoon": "0612987654",
        }))  # fmt: skip
    return actor


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The broker of her municipality."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def test_a_no_is_said_with_one_button_and_taken_back_with_another(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/toestemming")
    assert browser.status == 200

    browser.post("/mijn/gegevens/toestemming", waarvoor="tips", ja="nee")
    assert browser.says("U zei nee")
    browser.post("/mijn/gegevens/toestemming", waarvoor="tips", ja="ja")

    assert (
        browser.rows("SELECT do_not_ask FROM person WHERE id = :id", id=ria.person_id)[0].do_not_ask is False
    )
    assert [
        row.version for row in browser.rows("SELECT version FROM consent WHERE withdrawn_at IS NULL")
    ] == [1]


def test_a_yes_for_a_child_is_not_a_button_for_anybody_else(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/toestemming")

    browser.post("/mijn/gegevens/toestemming", waarvoor="jong-helpen", ja="ja")
    assert browser.status == 400
    browser.get("/mijn/gegevens/toestemming").post("/mijn/namens/kind", ja="ja")

    assert browser.status == 403
    assert browser.rows("SELECT id FROM consent") == []


def test_a_resident_reads_who_opened_their_address_and_why(
    visit: Browsers, program: Program, ria: Actor, marja: Actor
) -> None:
    with program.transaction() as session:
        case = a_request(session, act_as(session, ria.person_id)).id
    desk = visit().sign_in(program, marja).get(f"/bureau/zaken/{case}")
    assert "5664" not in desk.page.replace("5664 HJ, bijvoorbeeld", "") or "137" not in desk.page
    assert f"/bureau/zaken/{case}/inkijken" in desk.page
    desk.get(f"/bureau/zaken/{case}/inkijken").post(
        f"/bureau/zaken/{case}/inkijken", wat="adres", reden="kort"
    )
    assert desk.status == 422
    assert "137" not in desk.page

    desk.post(
        f"/bureau/zaken/{case}/inkijken", wat="adres", reden="Zij belt niet terug en ik maak mij zorgen"
    )
    assert desk.says("5664 HJ") or desk.says("5664HJ")

    own = visit().sign_in(program, ria).get("/mijn/gegevens/inzage")
    assert own.says("Marja (makelaar) zag uw adres.")
    assert own.says("Waarom: Zij belt niet terug en ik maak mij zorgen")
    assert own.says("zag uw achternaam en telefoonnummer")


def test_every_page_of_the_desk_that_shows_private_details_is_written_down(
    visit: Browsers, program: Program, ria: Actor, marja: Actor
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        agreement = an_agreement(session, act_as(session, ria.person_id), helper)
        case, person = agreement.help_request_id, ria.person_id
    desk = visit().sign_in(program, marja)
    shown = 0
    for path in (f"/bureau/zaken/{case}", f"/bureau/mensen/{person}", "/bureau/mensen", "/bureau/mensen?zoek=Verspeek",
                 "/bureau", f"/bureau/zaken/{case}/inkijken", f"/bureau/vraag-opnemen?persoon={person}",
                 "/bureau/zoeken?zoek=Verspeek"):  # fmt: skip
        before = looks(desk, ria)
        desk.get(path)
        private = [
            one
            for one in ("Verspeek", "12987654", "12 98 76 54", "ria@voorbeeld.nl")
            if one in desk.page.replace(f'value="{one}"', "")
        ]
        if private:
            shown += 1
            assert looks(desk, ria) > before, (path, private)
    assert shown >= 3


def looks(browser: Visit, whom: Actor) -> int:
    """How often somebody else is written down as having seen this person's data."""
    query = "SELECT count(*) FROM audit_entry WHERE subject_id = :id AND actor_id <> :id"
    found: int = browser.rows(query, id=whom.person_id)[0][0]
    return found


def test_a_copy_is_fetched_once_and_holds_what_there_is(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        a_request(session, act_as(session, ria.person_id), titel="Naar de bloemenmarkt")
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/kopie")
    browser.post("/mijn/gegevens/kopie")
    assert browser.says("Uw kopie staat klaar.")
    receipt = browser.path

    answer = browser.client.post(receipt, data={"csrf": browser.csrf})

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    copy = json.loads(archive.read("mijn-gegevens.json"))
    assert copy["gegevens"]["mensen"]["rijen"]["contact"][0]["email"] == "ria@voorbeeld.nl"
    assert copy["gegevens"]["hulp"]["rijen"]["help_request"][0]["title"] == "Naar de bloemenmarkt"
    assert "token_hash" not in json.dumps(copy)
    page = archive.read("mijn-gegevens.html").decode()
    assert "Naar de bloemenmarkt" in page
    assert "Verspeek" in page
    assert browser.get(receipt).says("U haalde deze kopie op")
    assert browser.client.post(receipt, data={"csrf": browser.csrf}).status_code in (403, 409)


@pytest.mark.parametrize("path", ["/mijn/gegevens/kopie", "/mijn/gegevens/wissen"])
def test_a_browser_that_was_left_open_neither_copies_nor_erases(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None], path: str
) -> None:
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/kopie").post("/mijn/gegevens/kopie")
    receipt = browser.path
    travel(timedelta(minutes=11))

    browser.get("/mijn").post(path, zeker="ja")
    assert browser.status == 401
    browser.get("/mijn").post(receipt)
    assert browser.status == 401
    counted = "SELECT (SELECT count(*) FROM erasure), (SELECT count(*) FROM data_export WHERE fetched_at IS NOT NULL)"
    assert tuple(browser.rows(counted)[0]) == (0, 0)


def test_a_copy_of_another_does_not_exist(visit: Browsers, program: Program, ria: Actor) -> None:
    owner = visit().sign_in(program, ria).get("/mijn/gegevens/kopie").post("/mijn/gegevens/kopie")
    with program.transaction() as session:
        stranger = a_person(session, first_name="Vreemde")

    other = visit().sign_in(program, stranger).get("/mijn/gegevens/kopie")
    path = owner.path

    assert other.post(path).status == 404
    assert other.get(path).status == 404


def test_a_copy_lasts_a_day(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None]
) -> None:
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/kopie").post("/mijn/gegevens/kopie")
    path = browser.path
    browser.rows("UPDATE data_export SET expires_at = ledger.now() RETURNING id")

    assert browser.post(path).status == 409


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [("kopie", {}, "Uw kopie staat klaar."), ("wissen", {"zeker": "ja"}, "Uw bewijs:")],
)
def test_all_that_is_kept_and_its_end_ask_who_one_is_and_go_on_where_one_was(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None], act: str,
    typed: dict[str, str], said: str,
) -> None:  # fmt: skip
    path = f"/mijn/gegevens/{act}"
    browser = visit().sign_in(program, ria)
    travel(timedelta(minutes=11))
    browser.get(path).post(path, **typed)
    assert browser.status == 401
    assert (
        browser.rows("SELECT (SELECT count(*) FROM data_export) + (SELECT count(*) FROM erasure)")[0][0] == 0
    )
    kept = re.search(r'name="bewaard" value="(.*?)">', browser.page)
    assert kept is not None
    browser.post("/inloggen/tweede", bewaard=kept[1])
    assert browser.says("Log voor deze stap opnieuw in.")
    browser.post("/inloggen/tweede/opnieuw", volgende="/inloggen/tweede/klaar")
    assert browser.path == "/inloggen?next=/inloggen/tweede/klaar"

    browser.sign_in(program, ria).get("/inloggen/tweede/klaar")
    assert browser.says("Wat u invulde, staat klaar.")
    browser.post(path, **typed)

    assert browser.status == 200
    assert browser.says(said)


def test_a_copy_that_was_asked_for_is_fetched_only_by_who_just_showed_who_they_are(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None]
) -> None:
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/kopie").post("/mijn/gegevens/kopie")
    path = browser.path
    travel(timedelta(minutes=11))

    assert browser.get(path).post(path).status == 401
    assert browser.rows("SELECT fetched_at FROM data_export")[0].fetched_at is None


def test_being_forgotten_takes_one_act_and_leaves_a_receipt(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = visit().sign_in(program, ria).get("/mijn/gegevens/wissen")
    assert browser.says("Wat er gebeurt")
    browser.post("/mijn/gegevens/wissen")
    assert browser.status == 422
    assert browser.says("Zet een vinkje als u het zeker weet.")

    browser.post("/mijn/gegevens/wissen", zeker="ja")

    assert browser.status == 200
    reference = browser.rows("SELECT reference FROM erasure")[0].reference
    assert browser.says(f"Uw bewijs: {reference}")
    assert visit().get("/mijn").path.startswith("/inloggen")
    assert browser.rows("SELECT email FROM contact WHERE person_id = :id", id=ria.person_id)[0].email is None


def test_the_privacy_officer_searches_the_log_and_is_in_it(
    visit: Browsers, program: Program, fresh_database: Database, ria: Actor, marja: Actor
) -> None:
    with program.transaction() as session:
        officer = a_member_of_staff(fresh_database, session, role=Role.PRIVACY_OFFICER, first_name="Fatima")
    visit().sign_in(program, marja).get(f"/bureau/mensen/{ria.person_id}")

    browser = visit().sign_in(program, officer).get("/bureau/logboek?zoek=Ria")
    assert browser.says("Marja makelaar")
    assert browser.get("/bureau/logboek?wat=audit").says("zoek: Ria")

    assert visit().sign_in(program, marja).get("/bureau/logboek").status == 404
    assert visit().sign_in(program, ria).get("/bureau/logboek").status == 404


def test_a_term_is_chosen_within_the_law(visit: Browsers, program: Program, fresh_database: Database) -> None:
    with program.transaction() as session:
        officer = a_member_of_staff(fresh_database, session, role=Role.PRIVACY_OFFICER, first_name="Fatima")
    browser = visit().sign_in(program, officer).get("/bureau/bewaren")

    browser.post("/bureau/bewaren", soort="contact", dagen="90")
    assert browser.rows("SELECT days FROM retention_term")[0].days == 90
    browser.post("/bureau/bewaren", soort="wmo", dagen="90")

    assert browser.status == 422
    assert browser.says("Zo staat het in de wet.")


def test_a_bsn_comes_back_before_it_is_sent_and_the_text_stays(
    visit: Browsers, program: Program, ria: Actor, marja: Actor
) -> None:
    with program.transaction() as session:
        case = a_request(session, act_as(session, ria.person_id)).id
    browser = visit().sign_in(program, marja).get(f"/bureau/zaken/{case}")
    note = "Haar nummer is 111222333, zei ze"

    browser.post(f"/bureau/zaken/{case}/notities", notitie=note)
    assert browser.status == 422
    assert browser.says("burgerservicenummer")
    assert note in browser.page
    assert browser.rows("SELECT text FROM case_note") == []
    browser.post(f"/bureau/zaken/{case}/notities", notitie=note, geenBsn="ja")

    assert [row.text for row in browser.rows("SELECT text FROM case_note")] == [note]


def test_everybody_reads_the_register(visit: Browsers) -> None:
    browser = visit().get("/privacy/register")

    assert browser.status == 200
    assert browser.says("Wie keek in uw gegevens")


def test_every_act_and_every_role_that_looks_has_words() -> None:
    looks = set(Act)

    assert set(LOOKED) == set(ACTS) == looks
    assert set(ROLES) >= STAFF_ROLES


@pytest.mark.parametrize(
    ("names", "said"),
    [("member,privacy_officer", "privacyfunctionaris"), ("broker,member", "makelaar"), ("member", "bewoner"),
     ("elsewhere", "")],
)  # fmt: skip
def test_who_looked_at_a_desk_is_called_by_what_they_do_there(names: str, said: str) -> None:
    assert role(names) == said
