"""One plan for a household: what stands side by side, a decision with reasons, respite, and how heavy caring is."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.clock import today
from app.db import Database
from app.households import carers, lines, service
from app.households.models import PlanStatus
from app.households.schemas import NewLoad
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request, act
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.desks.helpers import Desk, a_desk

Travel = Callable[[timedelta], None]
WHY = "Corrie slaapt te weinig. Twee middagen rust helpen haar om het vol te houden."


class Family:
    """Corrie cares for Jan; Mia is their daughter; Marja and Samira work at the desk."""

    def __init__(self, database: Migrated, program: Database, site: FastAPI) -> None:
        self.database, self.program, self.site = database, program, site
        self.marja = a_desk(database, program, site)
        self.samira = a_desk(database, program, site, first_name="Samira")
        with program.transaction() as session:
            self.corrie = a_person(session, first_name="Corrie")
            self.jan = a_person(session, first_name="Jan")
            self.mia = a_person(session, first_name="Mia", geboortejaar=2014)
            self.case = a_request(session, act(session, self.corrie), titel="Een middag vrij").id
        made = f"/bureau/mensen/{self.jan.person_id}/plan"
        self.marja.get(made)
        self.marja.post(made, watWillenZij="Samen thuis blijven wonen.", watWijWeten="Jan hoort slecht.")
        self.id: UUID = rows_of(database, "SELECT id FROM household_plan")[0][0]
        self.base = f"/bureau/huishoudens/{self.id}"
        for who, role in ((self.corrie, "mantelzorger"), (self.mia, "kind")):
            self.does("mensen", persoon=str(who.person_id), wieIsDit=role)

    def does(self, what: str, **typed: str) -> int:
        """A form of the plan, as Marja just read it."""
        return self.does_at(self.marja, what, **typed)

    def does_at(self, at: Desk, what: str, **typed: str) -> int:
        """The same at another desk, or on what was read before."""
        at.get(self.base)
        if not what.startswith(("mensen", "regel", "moment")):
            typed = {"versie": at.version(), **typed}
        return at.post(f"{self.base}/{what}", **typed).status_code

    def day(self, ahead: int) -> str:
        with self.program.transaction() as session:
            return (today(session) + timedelta(days=ahead)).isoformat()

    def mine(self, who: object) -> str:
        return Desk(self.site, self.program, who).get("/mijn/plan").text  # type: ignore[arg-type]


@pytest.fixture
def family(fresh_database: Migrated, program: Database, site: FastAPI) -> Family:
    return Family(fresh_database, program, site)


def test_a_family_has_one_plan_with_own_circle_general_volunteer_and_professional_side_by_side(
    family: Family,
) -> None:
    again = f"/bureau/mensen/{family.corrie.person_id}/plan"
    assert family.marja.get(again).headers["location"] == family.base
    assert family.does("mensen", persoon=str(family.corrie.person_id), wieIsDit="volwassene") == 409
    start = family.day(0)
    for source, what in (
        ("eigen-kring", "De buurman doet de container"), ("algemeen", "Eetclub op dinsdag"),
        ("vrijwilliger", "Samen fietsen"), ("beroep", "Hulp bij het wassen"),
    ):  # fmt: skip
        typed = {"bron": source, "wat": what, "vanaf": start, "minutenPerWeek": "60"}
        typed |= {"samenMetAnderen": "ja"} if source == "algemeen" else {}
        assert family.does("regels", **typed) == 303
    wrong = family.does("regels", bron="beroep", wat="Achterstevoren", vanaf=start, totEnMet=family.day(-3))
    assert wrong == 422
    assert "Achterstevoren" in family.marja.page

    page = family.marja.get(family.base).text
    assert (
        page.index("De buurman")
        < page.index("Eetclub")
        < page.index("Samen fietsen")
        < page.index("Hulp bij het wassen")
    )
    assert "Een middag vrij" in page
    assert "Niet opnieuw vragen" in family.marja.get(f"/bureau/zaken/{family.case}").text
    theirs = family.mine(family.corrie)
    assert "Samen thuis blijven wonen." in theirs
    assert "Hulp bij het wassen" in theirs
    with family.program.transaction() as session:
        stranger = a_person(session, first_name="Bo")
    assert "U heeft nog geen plan" in family.mine(stranger)
    with count_queries(family.program.engine) as full:
        family.marja.get(family.base)
    rows_of(family.database, "DELETE FROM plan_line WHERE source <> 'beroep' RETURNING id")
    with count_queries(family.program.engine) as bare:
        family.marja.get(family.base)
    assert len(full.statements) == len(bare.statements)


def test_while_somebody_looks_again_nothing_gets_less_and_the_decision_says_why(
    family: Family, travel: Travel
) -> None:
    family.does("regels", bron="beroep", wat="Dagbesteding", vanaf=family.day(0), minutenPerWeek="240")
    line = rows_of(family.database, "SELECT id FROM plan_line")[0][0]
    assert family.does("herbeoordeling", werkdagen="10") == 303
    assert family.does(f"regels/{line}", vanaf=family.day(5)) == 409
    assert family.does(f"regels/{line}", vanaf=family.day(5), minutenPerWeek="60") == 409
    assert family.does(f"regels/{line}", vanaf=family.day(5), minutenPerWeek="480") == 303
    assert family.does("sluiten", reden="Klaar") == 409
    assert "Tot dan gaat alle hulp gewoon door." in family.mine(family.jan)

    travel(timedelta(days=20))
    for one in (family.marja, family.samira):
        one.sign_in()
    assert "Wij zijn te laat." in family.mine(family.jan)
    assert "Eén plan om te bekijken" in family.marja.get("/bureau/huishoudens").text
    short = {"besluit": "ja", "watBetekentDit": "Twee middagen erbij.", "ingangsdatum": family.day(1)}
    assert family.does("besluiten", **short, waarom="Kort.") == 422
    assert family.does("besluiten", **short, waarom=WHY) == 303
    assert family.does_at(family.samira, "besluiten", **short, waarom=WHY, versie="1") == 409
    assert "Corrie slaapt te weinig" in family.mine(family.corrie)
    told = {
        row[0] for row in rows_of(family.database, "SELECT person_id FROM notice WHERE kind = 'plan-decided'")
    }
    assert told == {family.corrie.person_id, family.jan.person_id}


def test_a_need_is_recognised_once_and_looked_at_when_life_turns(family: Family, travel: Travel) -> None:
    face = str(family.marja.actor.person_id)
    changed = {"watWillenZij": "Samen thuis.", "vastGezicht": face, "erkendOp": family.day(0)}
    assert family.does("veranderen", **changed) == 303
    assert "erkend, voor het leven" in family.mine(family.jan)
    family.marja.get(family.base)
    family.samira.get(family.base)
    stale = family.samira.version()
    assert family.does("veranderen", **changed, kijktMee=str(family.samira.actor.person_id)) == 303
    assert family.does_at(family.samira, "veranderen", **changed, versie=stale) == 409

    assert family.does("momenten", aanleiding="nieuwe-school", wanneer=family.day(20)) == 303
    page = family.marja.get(family.base).text
    assert "wordt 18 jaar" in page
    travel(timedelta(days=43))
    family.marja.sign_in()
    with family.program.transaction() as session:
        assert service.count_due(session, act(session, family.marja.actor), 1771) == 1
    for key in rows_of(
        family.database, "SELECT id FROM plan_moment WHERE due_on <= ledger.now()::date ORDER BY due_on"
    ):
        assert family.does(f"momenten/{key[0]}", gezicht="gaat-wel", gezegd="De school is ver.") == 303
    with family.program.transaction() as session:
        assert service.count_due(session, act(session, family.marja.actor), 1771) == 0
        plan = service.get(session, act(session, family.marja.actor), family.id)
        assert plan.status is PlanStatus.RUNS
        coming = [row.due_on for row in plan.moments if row.held_on is None]
        assert min(coming) == today(session) + lines.YEAR


def test_respite_is_planned_ahead_and_grows_when_caring_gets_heavy(family: Family) -> None:
    carer = str(family.corrie.person_id)
    typed = {"bron": "vrijwilliger", "wat": "Iemand bij Jan", "vanaf": family.day(7), "minutenPerWeek": "120"}
    assert family.does("regels", **typed, voorMantelzorger=carer) == 303
    line = rows_of(family.database, "SELECT id FROM plan_line")[0][0]
    assert family.does(f"regels/{line}", vanaf=family.day(35), minutenPerWeek="240") == 303
    rows = rows_of(family.database, "SELECT minutes_per_week, ends_on FROM plan_line ORDER BY starts_on")
    assert [row[0] for row in rows] == [120, 240]
    assert rows[0].ends_on.isoformat() == family.day(34)
    assert "zodat Corrie kan rusten" in family.marja.get(family.base).text

    her = Desk(family.site, family.program, family.corrie)
    her.get("/mijn/zorgen")
    assert her.post("/mijn/zorgen").status_code == 422
    her.post("/mijn/zorgen", hoeZwaar="3")
    her.post("/mijn/zorgen", hoeZwaar="5", woorden="Ik slaap niet meer.")
    assert "Wij bellen u" in her.get("/mijn/zorgen").text
    assert "Ik slaap niet meer." not in family.mine(family.jan)
    heavy = family.marja.get("/bureau/huishoudens").text
    assert "Te zwaar" in heavy
    assert "zwaarder dan de vorige keer" in family.marja.get(family.base).text
    with family.program.transaction() as session:
        nobody = a_person(session, first_name="Bo")
        assert carers.mine(session, act(session, nobody)).said == []
        key = carers.heavy(session, act(session, family.marja.actor), 1771)[0].id
    family.marja.get("/bureau/huishoudens")
    family.marja.post(f"/bureau/mantelzorg/{key}/gebeld")
    assert "Te zwaar" not in family.marja.get("/bureau/huishoudens").text
    with family.program.transaction() as session:
        act(session, family.marja.actor)
        said = NewLoad.model_validate({"hoeZwaar": 2})
        carers.write_down(session, act(session, family.marja.actor), family.corrie.person_id, said)
        assert [row.load for row in carers.mine(session, act(session, family.corrie)).said] == [2, 5, 3]
