"""What two makelaars do about a case beside finding somebody, what its asker reads of it, and who comes too late."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.access.actor import Actor
from app.clock import today
from app.config import Settings
from app.db import Database
from app.jobs.timetable import DEFERRED
from app.jobs.work import Work
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, act, an_agreement
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

Travel = Callable[[timedelta], None]


class Two:
    """Marja and Samira of one desk, and Ria who asks."""

    def __init__(self, database: Migrated, program: Database, site: FastAPI) -> None:
        self.database, self.program, self.site = database, program, site
        self.marja = a_desk(database, program, site)
        self.samira = a_desk(database, program, site, first_name="Samira")
        with program.transaction() as session:
            self.ria: Actor = a_person(session)
            self.case: UUID = a_request(session, self.ria, titel="Boodschappen op vrijdag").id
        self.asker = Desk(site, program, self.ria)
        self.base = f"/bureau/zaken/{self.case}"

    def reads(self) -> str:
        """The page of the question, as its asker reads it."""
        return self.asker.get(f"/mijn/vragen/{self.case}").text

    def day(self, ahead: int) -> str:
        with self.program.transaction() as session:
            return (today(session) + timedelta(days=ahead)).isoformat()

    def later(self, travel: Travel, **time: int) -> None:
        """Time passes, and each comes back the next morning."""
        travel(timedelta(**time))
        for one in (self.marja, self.samira, self.asker):
            one.sign_in()

    def told(self, kind: str) -> list[UUID]:
        return [
            row[0] for row in rows_of(self.database, "SELECT person_id FROM notice WHERE kind = :k", k=kind)
        ]

    def run(self, name: str, **values: str) -> None:
        """What a worker does."""
        task = next(one for one in DEFERRED if one.name == name)
        task.run(Work(Settings(), self.program), **values)


@pytest.fixture
def two(fresh_database: Migrated, program: Database, site: FastAPI) -> Two:
    return Two(fresh_database, program, site)


def test_who_has_a_case_before_them_is_seen_for_a_short_while_and_a_late_save_is_no_save(
    two: Two, travel: Travel
) -> None:
    two.marja.get(two.base)
    seen = two.samira.get(two.base).text
    assert "Marja kijkt mee sinds" in seen
    assert "Marja kijkt nu" in two.samira.get("/bureau?bak=alles").text

    two.samira.get(two.base)
    stale = two.samira.version()
    two.marja.get(two.base)
    two.marja.post(f"{two.base}/loslaten", versie=two.marja.version())
    beat = two.samira.post(f"{two.base}/hier", versie=stale)
    assert "Iemand veranderde deze zaak" in beat.text
    two.samira.get(two.base)
    conflict = two.samira.post(f"{two.base}/pauze", versie=stale)
    assert conflict.status_code == 409
    assert "Marja veranderde dit" in conflict.text

    two.later(travel, minutes=3)
    assert "kijkt mee sinds" not in two.samira.get(two.base).text


def test_a_promise_in_working_days_is_read_by_the_asker_who_also_reads_that_it_is_late(
    two: Two, travel: Travel
) -> None:
    two.marja.get(two.base)
    nothing = two.marja.post(f"{two.base}/taken", taak="Ria bellen over vrijdag", soortTaak="belofte")
    assert nothing.status_code == 422
    assert "Ria bellen over vrijdag" in nothing.text
    two.marja.post(f"{two.base}/taken", taak="Ria bellen over vrijdag", soortTaak="belofte", werkdagen="1")
    two.marja.post(f"{two.base}/taken", taak="Ria bellen over vrijdag", soortTaak="belofte", werkdagen="1")
    two.marja.post(f"{two.base}/taken", taak="Buurtauto vragen", opDag=two.day(30))
    assert len(rows_of(two.database, "SELECT id FROM case_task")) == 2

    page = two.reads()
    assert "Ria bellen over vrijdag" in page
    assert "Buurtauto vragen" not in page
    assert two.told("case-promised") == [two.ria.person_id]

    two.later(travel, days=6)
    assert "Wij zijn te laat" in two.reads()
    late = two.marja.get("/bureau?bak=vandaag-terug").text
    assert "Vandaag terugkomen: één vraag" in late
    assert "Ria bellen over vrijdag" in late
    assert "Boodschappen op vrijdag" in two.marja.get("/bureau?bak=te-laat").text

    key = rows_of(two.database, "SELECT id FROM case_task WHERE kind = 'belofte'")[0][0]
    two.samira.get(two.base)
    assert two.samira.post(f"{two.base}/taken/{key}/gedaan").status_code == 303
    two.marja.get(two.base)
    assert two.marja.post(f"{two.base}/taken/{key}/gedaan").status_code == 409
    assert "Ria bellen over vrijdag" not in two.reads()


def test_notes_are_read_by_whom_they_are_for_and_a_document_stays_where_it_is(two: Two) -> None:
    two.marja.get(two.base)
    page = two.marja.post(f"{two.base}/notities", notitie="Zij zit krap.", knop="notitie", wieLeest="zaak")
    assert page.status_code == 303
    two.marja.get(two.base)
    two.marja.post(f"{two.base}/notities", notitie="Tot vrijdag.", knop="notitie", wieLeest="vrager",
                   document="https://dossier.voorbeeld.nl/brief/7")  # fmt: skip
    wrong = two.marja.post(
        f"{two.base}/notities", notitie="Fout", knop="notitie", document="javascript:alert(1)"
    )
    assert wrong.status_code == 422

    assert "Zij zit krap." in two.marja.get(two.base).text
    colleague = two.samira.get(two.base).text
    assert "Zij zit krap." not in colleague
    assert "Tot vrijdag." in colleague
    assert "Tot vrijdag." in two.reads()
    assert "https://dossier.voorbeeld.nl/brief/7" in two.reads()
    assert "Zij zit krap." not in two.reads()

    two.marja.get(f"{two.base}/gezichten")
    two.marja.post(f"{two.base}/gezichten", versieGezichten="0", kijktMee=str(two.samira.actor.person_id))
    assert "Zij zit krap." in two.samira.get(two.base).text
    assert "Samira kijkt mee." in two.reads()
    two.samira.get(f"{two.base}/gezichten")
    late = two.samira.post(f"{two.base}/gezichten", versieGezichten="0")
    assert late.status_code == 409


def test_a_case_goes_to_a_colleague_who_knows_what_matters_and_a_stand_in_has_it_meanwhile(
    two: Two, travel: Travel
) -> None:
    two.marja.get(two.base)
    me, other = two.marja.actor.person_id, two.samira.actor.person_id
    two.marja.get(f"{two.base}/gezichten")
    two.marja.post(f"{two.base}/gezichten", versieGezichten="0", vervanger=str(other), wegTotEnMet=two.day(3))
    assert "Boodschappen op vrijdag" in two.samira.get("/bureau?bak=alles&wie=ik").text
    two.later(travel, days=5)
    assert "Boodschappen op vrijdag" not in two.samira.get("/bureau?bak=alles&wie=ik").text

    two.marja.get(f"{two.base}/gezichten")
    version = two.marja.version()
    two.marja.post(
        f"{two.base}/overdragen", aanWie=str(other), overdracht="Zij belt liever 's middags.", versie=version
    )
    assert "Zij belt liever" in two.samira.get(two.base).text
    assert "Boodschappen op vrijdag" in two.samira.get("/bureau?bak=alles&wie=ik").text
    assert two.told("case-face") == [two.ria.person_id]
    assert two.told("case-handed-over") == [other]
    assert "Samira" in two.reads()
    two.marja.get(f"{two.base}/gezichten")
    again = two.marja.post(f"{two.base}/overdragen", aanWie=str(me), overdracht="Toch ik.", versie=version)
    assert again.status_code == 409


def test_where_nobody_moves_somebody_decides_and_the_asker_reads_why(two: Two) -> None:
    two.marja.get(two.base)
    two.marja.get(f"{two.base}/overleg")
    asked = {"soortVraag": "knoop", "vraagstelling": "Wie betaalt de taxi?"}
    assert two.marja.post(f"{two.base}/overleg", **asked).status_code == 422
    two.marja.post(f"{two.base}/overleg", **asked, collega=str(two.samira.actor.person_id))
    assert two.marja.get(f"{two.base}/overleg").status_code == 200
    assert "Boodschappen op vrijdag" in two.marja.get("/bureau?bak=loopt-vast").text
    key = rows_of(two.database, "SELECT id FROM case_question")[0][0]
    two.marja.get(f"{two.base}/overleg")
    mine = two.marja.post(f"{two.base}/overleg/{key}", antwoord="De gemeente.")
    assert mine.status_code == 403
    assert "Wie betaalt" not in two.reads()

    two.samira.get(f"{two.base}/overleg")
    two.samira.post(f"{two.base}/overleg/{key}", antwoord="De gemeente betaalt, omdat lopen niet gaat.")
    assert "omdat lopen niet gaat" in two.reads()
    assert two.told("case-decided") == [two.ria.person_id]
    assert "Boodschappen op vrijdag" not in two.marja.get("/bureau?bak=loopt-vast").text

    two.marja.get(f"{two.base}/overleg")
    advice = {"soortVraag": "overleg", "deskundige": "casemanager dementie", "vraagstelling": "Wat helpt?"}
    two.marja.post(f"{two.base}/overleg", **advice)
    page = two.marja.get(f"{two.base}/overleg").text
    assert "Advies van casemanager dementie" in page
    assert "Wat helpt?" not in two.reads()


def test_a_report_under_the_wmo_has_its_day_and_its_receipt_and_changes_nothing_else(two: Two) -> None:
    two.marja.get(f"{two.base}/wmo")
    before = rows_of(two.database, "SELECT status, version FROM help_request")[0]
    two.marja.post(f"{two.base}/wmo", melding="Ik kan de trap niet meer op.", gemeldOp=two.day(-2))
    two.marja.post(f"{two.base}/wmo", melding="Nog een keer.")
    report = rows_of(two.database, "SELECT number, reported_on FROM wmo_report")
    assert [row.number for row in report] == [1]
    assert rows_of(two.database, "SELECT status FROM help_request")[0][0] == before[0]
    receipt = two.marja.get(f"{two.base}/wmo/bewijs")
    assert receipt.status_code == 200
    assert "Uw Wmo-melding" in two.reads()
    assert f"{report[0].reported_on.year}-001" in two.reads()
    assert two.told("wmo-reported") == [two.ria.person_id]


def test_the_list_is_kept_as_it_was_left_and_shows_the_part_one_works_in(two: Two) -> None:
    two.marja.get(two.base)
    assert "U koos nog geen buurten" in two.marja.get("/bureau?bak=alles&wie=wijk").text
    two.marja.get("/bureau/wijken")
    two.marja.post("/bureau/wijken", wijken="5664")
    mine = two.marja.get("/bureau?bak=nieuw&wie=wijk").text
    assert "Mijn wijken" in mine
    assert two.marja.get("/bureau").text.count('aria-current="page"') >= 2
    assert "bak=nieuw&wie=wijk" in two.marja.get("/bureau").text.replace("&amp;", "&")
    assert "Boodschappen op vrijdag" in two.marja.get("/bureau?bak=alles&wie=wijk").text
    two.marja.get("/bureau/wijken")
    two.marja.post("/bureau/wijken", wijken="5667")
    assert "Boodschappen op vrijdag" not in two.marja.get("/bureau?bak=alles&wie=wijk").text


def test_help_that_lasts_is_talked_about_in_its_rhythm_and_never_ends_by_it(two: Two, travel: Travel) -> None:
    with two.program.transaction() as session:
        helper, _ = a_helper(session, minutenPerWeek=2400)
        row = an_agreement(session, act(session, two.ria), helper, titel="Wandelen", hoeVaak="wekelijks")
        case = row.help_request_id
    assert "Wandelen" not in two.marja.get("/bureau?bak=hoe-gaat-het").text
    two.later(travel, days=6)
    assert "Wandelen" in two.marja.get("/bureau?bak=hoe-gaat-het").text
    two.marja.get(f"/bureau/zaken/{case}")
    two.marja.post(f"/bureau/zaken/{case}/gesprekken", gezicht="blij", gezegd="Zij lachen veel.")
    assert "Wandelen" not in two.marja.get("/bureau?bak=hoe-gaat-het").text
    two.samira.get(f"/bureau/zaken/{case}")
    twice = two.samira.post(f"/bureau/zaken/{case}/gesprekken", gezicht="gaat-wel")
    assert twice.status_code == 409
    two.later(travel, days=7)
    assert "Wandelen" in two.marja.get("/bureau?bak=hoe-gaat-het").text
    two.marja.get(f"/bureau/zaken/{case}")
    two.marja.post(f"/bureau/zaken/{case}/gesprekken", gezicht="blij", volgendeKeer=two.day(60))
    two.later(travel, days=30)
    assert "Wandelen" not in two.marja.get("/bureau?bak=hoe-gaat-het").text
    assert rows_of(two.database, "SELECT status FROM agreement")[0][0] == "active"


def the_count(page: str, address: str) -> int:
    """Of the rail."""
    rail = page.split('<div class="rail wide">')[1].split("</nav>")[0]
    line = rail.split(f'href="{address}"')[1].split("</a>")[0]
    return int(line.split('class="cnt')[1].split(">")[1].split("<")[0])


def test_who_is_looked_in_on_stands_in_the_rail_with_as_many_as_its_list_shows(two: Two) -> None:
    with two.program.transaction() as session:
        quiet = a_person(session, first_name="Joop")
        left_alone = a_person(session, first_name="Nel")
    with two.database.owner.begin() as owner:
        owner.execute(
            text("UPDATE person SET do_not_ask = true WHERE id = :id"), {"id": left_alone.person_id}
        )
    assert the_count(two.marja.get("/bureau").text, "/bureau/omzien") == 0
    assert "Zet Joop bij Omzien" in two.marja.get(f"/bureau/mensen/{quiet.person_id}").text
    assert two.marja.post("/bureau/omzien", persoon=str(quiet.person_id)).status_code == 303
    refused = two.marja.post("/bureau/omzien", persoon=str(left_alone.person_id))
    assert refused.status_code == 422
    assert "Deze bewoner wil niet gevraagd worden" in refused.text
    shown = two.samira.get("/bureau/omzien").text.count('id="omzien-')
    page = two.samira.get("/bureau").text
    assert (the_count(page, "/bureau/omzien"), shown) == (1, 1)
    assert the_count(page, "/bureau/verwijzingen") == 0


def test_where_nobody_fits_one_looks_oneself_and_reads_what_stands_in_the_way(two: Two) -> None:
    with two.program.transaction() as session:
        a_helper(session, first_name="Bep", hoeVerKm=1)
        a_helper(session, first_name="Cor", categorieen=["tuin"])
    assert f"{two.base}/zelf-zoeken" in two.marja.get(two.base).text
    same = two.marja.get(f"{two.base}/zelf-zoeken").text
    assert "Stel Bep voor" in same
    assert "Cor" not in same
    by_name = two.marja.get(f"{two.base}/zelf-zoeken?zoek=Cor").text
    assert "kan niet: doet dit soort hulp niet" in by_name
    assert "Stel Cor voor" not in by_name
    assert "Niemand gevonden" in two.marja.get(f"{two.base}/zelf-zoeken?zoek=Xandra").text

    two.marja.get(f"{two.base}/zelf-zoeken?zoek=bep")
    offer = rows_of(two.database, "SELECT o.id FROM help_offer o JOIN person p ON p.id = o.person_id"
                                  " WHERE p.first_name = 'Bep'")[0][0]  # fmt: skip
    assert two.marja.post(f"{two.base}/voorstellen", hulpaanbod=str(offer)).status_code == 303
    assert "gevraagd, nog geen antwoord" in two.marja.get(f"{two.base}/zelf-zoeken").text


def test_a_row_says_why_it_is_in_the_list_that_is_shown(two: Two, travel: Travel) -> None:
    two.marja.get(two.base)
    two.marja.post(f"{two.base}/taken", taak="Bellen over vrijdag", werkdagen="0")
    two.later(travel, days=4)
    for queue, words in (("vandaag-terug", "vandaag terugkomen"), ("niemand-gevonden", "niemand gevonden")):
        rows = two.marja.get(f"/bureau?bak={queue}").text.split("<tbody")[1]
        assert f">{words}</span>" in rows
    assert "Bellen over vrijdag" in two.marja.get("/bureau?bak=vandaag-terug").text


def test_the_counts_of_the_rail_are_the_lengths_of_the_lists_for_every_part(two: Two, travel: Travel) -> None:
    with two.program.transaction() as session:
        for title in ("Een", "Twee"):
            a_request(session, a_person(session, first_name=title, postcode="5667 AB"), titel=title)
    two.marja.get(two.base)
    two.marja.post(f"{two.base}/taken", taak="Bellen", werkdagen="0")
    two.marja.get("/bureau/wijken")
    two.marja.post("/bureau/wijken", wijken="5664")
    two.later(travel, days=4)
    for whose in ("ik", "wijk", "allen"):
        page = two.marja.get(f"/bureau?bak=alles&wie={whose}").text
        for queue in ("alles", "te-laat", "nieuw", "niemand-gevonden", "vandaag-terug", "van-niemand"):
            address = f"/bureau?bak={queue}" + ("" if whose == "allen" else f"&amp;wie={whose}")
            count = the_count(page, address)
            shown = two.marja.get(address.replace("&amp;", "&")).text.count("data-row")
            assert (queue, whose, count) == (queue, whose, shown)
