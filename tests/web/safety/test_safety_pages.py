"""Er is iets niet goed: from the button to the makelaar's answer, without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.agreements import agree
from app.clock import today
from app.db import Database as Program
from app.safety import reports
from tests.app.factories import a_member_of_staff, act, an_appointment
from tests.app.safety.meeting import Met
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]


class Village(Met):
    """Ria and Tonnie have an appointment; Marja, Karin and Fatma work for the municipality, An sets it up."""

    def __init__(self, program: Program, database: Database, visit: Browsers) -> None:
        super().__init__(program)
        self.visit = visit
        with program.transaction() as session:
            agreed = agree.agree(
                session, act(session, self.asker), self.proposal_key, an_appointment(session)
            )
            self.agreement_id = agreed.id
            self.marja = a_member_of_staff(database, session)
            self.karin = a_member_of_staff(database, session, first_name="Karin")
            self.fatma = a_member_of_staff(database, session, first_name="Fatma", role=Role.SAFETY_OFFICER)
            self.an = a_member_of_staff(
                database, session, first_name="An", role=Role.MUNICIPALITY_ADMINISTRATOR
            )
            self.day = (today(session) + timedelta(days=20)).isoformat()

    def at(self, who: Actor) -> Visit:
        """Their browser, signed in."""
        return self.visit().sign_in(self.program, who)

    def report(self, **typed: str) -> None:
        """Ria reports Tonnie, from the button on."""
        ria = self.at(self.asker).get(f"/mijn/afspraken/{self.agreement_id}")
        assert f'href="/melden/afspraak/{self.agreement_id}"' in ria.page
        ria.get(f"/melden/afspraak/{self.agreement_id}")
        answers = {"waarover": "unsafe", "uitleg": "Hij bleef maar vragen.", "hoeSnel": "now"}
        assert ria.post(f"/melden/afspraak/{self.agreement_id}", **(answers | typed)).status == 200
        assert ria.says("Dank u, wij kijken ernaar")


@pytest.fixture
def village(program: Program, fresh_database: Database, visit: Browsers) -> Village:
    return Village(program, fresh_database, visit)


def test_a_report_is_on_the_makelaars_screen_at_the_next_refresh_and_answered(village: Village) -> None:
    marja = village.at(village.marja).get("/bureau")
    assert not marja.says("Eén melding wacht")

    village.report()

    assert marja.get("/bureau").says("Eén melding wacht")
    marja.get("/bureau/veiligheid")
    assert marja.says("Ria over Tonnie")
    key = village.visit().rows("SELECT id FROM safety_report")[0][0]
    marja.get(f"/bureau/veiligheid/{key}")
    assert marja.says("Hij bleef maar vragen.")
    assert marja.says("Noem de naam van Ria niet.")
    assert marja.says("Afspraak, loopt")
    marja.post(f"/bureau/veiligheid/{key}/notitie", soort="call", notitie="Met beide gebeld.")
    assert marja.says("Met beide gebeld.")
    version = village.visit().rows("SELECT version FROM safety_report")[0][0]
    marja.post(
        f"/bureau/veiligheid/{key}/afhandelen", uitkomst="talked", antwoord="Wij spraken hem.", versie=version
    )
    assert marja.get("/bureau/veiligheid").says("Er wacht geen melding")
    ria = village.at(village.asker).get("/mijn/veilig")
    assert ria.says("Wij spraken hem.")


def test_three_questions_come_back_with_what_was_typed(village: Village) -> None:
    ria = village.at(village.asker).get(f"/melden/afspraak/{village.agreement_id}")

    ria.post(f"/melden/afspraak/{village.agreement_id}", uitleg="Iets met geld.")

    assert ria.status == 422
    assert ria.says("Kies waar het over gaat.")
    assert "Iets met geld." in ria.page
    assert village.visit().rows("SELECT count(*) FROM safety_report")[0][0] == 0


def test_something_in_general_can_be_reported_too_and_a_visitor_signs_in_first(village: Village) -> None:
    ria = village.at(village.asker).get("/melden")
    ria.post("/melden", waarover="rules", uitleg="Ik zag iets op de markt.", hoeSnel="later")
    assert ria.says("Dank u, wij kijken ernaar")
    assert village.visit().get("/melden").path.startswith("/inloggen")


def test_nobody_buries_a_report_about_themselves_and_who_is_in_need_is_heard_again(
    village: Village, travel: Callable[[timedelta], None]
) -> None:
    tonnie = village.at(village.helper).get("/melden")
    typed = {"waarover": "other", "uitleg": "Weer iets.", "hoeSnel": "now"}
    for _ in range(10):
        assert tonnie.get("/melden").post("/melden", **typed).says("Dank u, wij kijken ernaar")

    assert tonnie.get("/melden").post("/melden", **typed).status == 429
    assert tonnie.says("U meldde vandaag al vaak iets.")
    assert "Weer iets." in tonnie.page
    village.report()  # another is heard
    travel(timedelta(minutes=31))
    assert tonnie.get("/melden").post("/melden", **typed).says("Dank u, wij kijken ernaar")
    assert village.visit().rows("SELECT count(*) FROM safety_report")[0][0] == 12


@pytest.mark.parametrize(
    "path", ["/melden/afspraak/{}", "/melden/mens/{}", "/melden/iets/{}", "/blokkeren/voorstel/{}"]
)
def test_what_one_has_no_part_in_does_not_exist(village: Village, path: str) -> None:
    for key in (village.agreement_id, uuid4()):
        assert village.at(village.karin).get(path.format(key)).status == 404


def test_late_is_said_to_both(village: Village, travel: Callable[[timedelta], None]) -> None:
    village.report()
    travel(timedelta(days=6))

    assert village.at(village.marja).get("/bureau").says("te laat: 1")
    assert village.at(village.marja).get("/bureau/veiligheid").says("1 melding wacht te lang")
    assert village.at(village.asker).get("/mijn/veilig").says("Wij zijn te laat. Bel ons gerust.")


def test_an_address_that_somebody_made_up_claims_nothing(village: Village) -> None:
    page = village.at(village.asker).get("/mijn/veilig?gedaan=iets")
    assert page.status == 200
    assert not page.says("Uw bezwaar is binnen.")


def test_blocking_asks_what_becomes_of_appointments_and_can_be_lifted(village: Village) -> None:
    ria = village.at(village.asker).get(f"/blokkeren/afspraak/{village.agreement_id}")
    assert ria.says("Wat doen wij daarmee?")
    ria.post(f"/blokkeren/afspraak/{village.agreement_id}", afspraken="stop")
    assert ria.says("De ander hoort hier niets van.")
    assert village.visit().rows("SELECT status FROM agreement")[0][0] == "cancelled"
    tonnie = village.at(village.helper).get("/mijn/berichten")
    assert "blok" not in tonnie.page.lower()
    key = village.visit().rows("SELECT id FROM person_block")[0][0]
    ria.post(f"/mijn/veilig/blokkades/{key}/opheffen")
    assert ria.says("Opgeheven.")
    assert (
        village.at(village.helper).get("/mijn/veilig").post(f"/mijn/veilig/blokkades/{key}/opheffen").status
        == 404
    )


def test_a_suspended_person_reads_why_and_appeals_and_a_colleague_lifts_it(village: Village) -> None:
    path = f"/bureau/mensen/{village.helper.person_id}/schorsing"
    marja = village.at(village.marja).get(path)
    assert (
        marja.post(path, waarom="looking", uitleg="", afspraken="stop", kijkWeerOp=village.day).status == 422
    )
    typed = {
        "waarom": "looking",
        "uitleg": "Wij zoeken iets uit.",
        "afspraken": "stop",
        "kijkWeerOp": village.day,
    }
    assert marja.post(path, **typed).path == "/bureau/veiligheid"
    assert marja.says("Wie nu niet meedoet")
    tonnie = village.at(village.helper).get("/mijn")
    assert tonnie.says("U kunt nu even niet vragen of helpen.")
    assert tonnie.get("/mijn/veilig").says("Wij zoeken iets uit.")
    tonnie.post("/mijn/veilig/bezwaar", uitleg="Ik deed niets.")
    assert tonnie.says("Iemand anders kijkt ernaar.")
    assert tonnie.post("/mijn/veilig/bezwaar", uitleg="Nog eens.").status == 200
    key = village.visit().rows("SELECT id FROM suspension_appeal")[0][0]
    marja.get("/bureau/veiligheid")
    assert marja.post(f"/bureau/veiligheid/bezwaren/{key}", antwoord="Nee.").status == 403
    karin = village.at(village.karin).get("/bureau/veiligheid")
    karin.post(f"/bureau/veiligheid/bezwaren/{key}", antwoord="U heeft gelijk.", gelijk="ja")
    assert village.visit().rows("SELECT status FROM suspension")[0][0] == "lifted"
    assert not tonnie.get("/mijn").says("U kunt nu even niet vragen of helpen.")


def test_the_file_shows_itself_after_a_reason_and_to_no_makelaar(village: Village) -> None:
    start = f"/bureau/mensen/{village.asker.person_id}/dossier"
    fatma = village.at(village.fatma).get(start)
    assert fatma.post(start, aanleiding="Blauwe plekken.").path == "/bureau/dossiers"
    key = village.visit().rows("SELECT id FROM safety_file")[0][0]
    door = fatma.get(f"/bureau/dossiers/{key}")
    assert not door.says("Blauwe plekken.")
    assert door.post(f"/bureau/dossiers/{key}/openen", reden="kort").status == 422
    door.post(f"/bureau/dossiers/{key}/openen", reden="Ria belde vanmorgen in paniek.")
    assert door.says("Blauwe plekken.")
    door.post(f"/bureau/dossiers/{key}/notitie", soort="note", notitie="Zij klonk bang.")
    assert door.says("Zij klonk bang.")
    early = door.post(
        f"/bureau/dossiers/{key}/stap", stap="5", datum="2026-01-05", uitleg="Besloten.", besluit="help"
    )
    assert (early.status, early.says("Weeg eerst: zet stap 4 voor stap 5.")) == (422, True)
    for path in (start, "/bureau/dossiers", f"/bureau/dossiers/{key}"):
        assert village.at(village.marja).get(path).status == 404
        assert village.at(village.asker).get(path).status == 404
    assert not village.at(village.asker).get("/mijn/veilig").says("Wie keek in mijn dossier")


def test_the_person_reads_who_looked_when_the_day_has_come(
    village: Village, travel: Callable[[timedelta], None]
) -> None:
    start = f"/bureau/mensen/{village.asker.person_id}/dossier"
    fatma = village.at(village.fatma).get(start)
    fatma.post(start, aanleiding="Blauwe plekken.")
    key = village.visit().rows("SELECT id FROM safety_file")[0][0]
    fatma.get(f"/bureau/dossiers/{key}").post(f"/bureau/dossiers/{key}/openen", reden="Ria belde in paniek.")

    travel(timedelta(days=190))

    assert village.at(village.asker).get("/mijn/veilig").says("Ria belde in paniek.")


def test_house_rules_are_asked_once_for_each_version(village: Village) -> None:
    ria = village.at(village.asker).get("/mijn")
    assert ria.says("Lees de huisregels. Dat duurt een minuut.")
    ria.get("/huisregels").post("/huisregels", versie="1", knop="ja")
    assert not ria.get("/mijn").says("Lees de huisregels.")
    an = village.at(village.an).get("/gemeente/huisregels")
    an.post(
        "/gemeente/huisregels", huisregels="Wees vriendelijk.\nKom op tijd.", watVeranderde="Kom op tijd."
    )
    assert ria.get("/mijn").says("De huisregels zijn veranderd.")
    assert ria.get("/huisregels").says("Dit is er nieuw: Kom op tijd.")
    ria.post("/huisregels", versie="2", knop="nee")
    assert not ria.get("/mijn").says("De huisregels zijn veranderd.")
    assert village.visit().get("/huisregels").status == 200


def test_the_insurance_of_an_agreement_is_shown_to_both(village: Village) -> None:
    an = village.at(village.an).get("/gemeente/huisregels")
    an.post("/gemeente/verzekering", verzekering="Polis van de gemeente", organisatie="")
    assert (
        village.visit().rows("SELECT insurance FROM municipality WHERE id = 1771")[0][0]
        == "Polis van de gemeente"
    )
    for who in (village.asker, village.helper):
        seen = village.at(who).get(f"/mijn/afspraken/{village.agreement_id}")
        assert seen.says("Over een verzekering is niets opgeschreven. Vraag het ons.")


def test_a_safety_officer_has_a_desk_with_what_they_may_open(village: Village) -> None:
    fatma = village.at(village.fatma).get("/bureau")

    assert fatma.status == 200
    assert 'href="/bureau/veiligheid"' in fatma.page
    assert 'href="/bureau/verdelen"' not in fatma.page
    with village.program.transaction() as session:
        assert reports.waiting(session, act(session, village.fatma), 1771) == (0, 0)
