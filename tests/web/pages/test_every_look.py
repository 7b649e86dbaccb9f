"""Whatever route staff may read, by page or by program: where somebody's private details appear, the look is written
down. The routes are found in the program, so that one which is added tomorrow is tried tomorrow."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements.models import Occurrence
from app.audit.write import Act
from app.branch import routes_of
from app.checks import service as checks
from app.checks.schemas import NewCheck
from app.clock import today
from app.config import Settings
from app.db import Database as Program
from app.ids import uuid7
from app.moderation import cases
from app.people import service as people
from app.people.service import PersonChange
from app.pots import limits
from app.pots.schemas import Limits
from app.safety import reports, subjects, suspensions
from app.safety.schemas import NewAppeal, NewReport, NewSuspension
from app.welfare import plans
from app.welfare.schemas import NewPlan
from tests.app.api.conftest import a_token
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, an_agreement
from tests.databases import Database
from tests.sites import a_program, a_site
from tests.web.pages.helpers import Visit

LONG = bool(os.environ.get("ZVE_TEST_LONG"))
PRIVATE = ("Verspeek", "12987654", "12 98 76 54", "ria.prive@voorbeeld.nl", "5664 HJ 137", "5664HJ 137",
           "Hij vroeg steeds naar mijn geld", "Ik kom de deur niet meer uit", "OV-4711",
           "Zij klonk erg moe", "Zij is net weduwe", "Ik deed niemand kwaad")  # fmt: skip
"""Name, telephone, mail, address, a report, a wish in a plan for a welfare budget, the source of a check; a note on the
case, why the desk let somebody borrow more, and an appeal."""
NAMED = {
    "Hij vroeg steeds naar mijn geld": Act.REPORT, "Ik kom de deur niet meer uit": Act.PLAN, "OV-4711": Act.CHECKS,
    "Zij klonk erg moe": Act.NOTES, "Zij is net weduwe": Act.BOOKINGS, "Ik deed niemand kwaad": Act.APPEAL,
}  # fmt: skip
"""What is written down by its own name: that somebody saw her name on the same page does not tell it."""
STAFF = ("/bureau", "/gemeente", "/organisatie", "/regio", "/penningmeester", "/api/v1")
ROLES = (
    Role.BROKER,
    Role.SAFETY_OFFICER,
    Role.PRIVACY_OFFICER,
    Role.TREASURER,
    Role.MUNICIPALITY_ADMINISTRATOR,
)


class Desk:
    """Ria with everything that is private, and what leads to it."""

    def __init__(self, program: Program, database: Database) -> None:
        self.database = database
        with program.transaction() as session:
            self.ria = a_person(session, email="ria.prive@voorbeeld.nl")
            people.change(session, self.ria, PersonChange.model_validate({
                "voornaam": "Ria", "achternaam": "Verspeek", "postcode": "5664 HJ", "huisnummer": "137",
                "telefoon": "0612987654",
            }))  # fmt: skip
            helper, _ = a_helper(session)
            agreement = an_agreement(session, act_as(session, self.ria.person_id), helper)
            met = subjects.contact(session, self.ria, "afspraak", agreement.id)
            typed = {"waarover": "unsafe", "uitleg": "Hij vroeg steeds naar mijn geld.", "hoeSnel": "now"}
            report = reports.report(session, self.ria, met, NewReport.model_validate(typed))
            wish = {"doel": "Mensen zien", "wens": "Zwemles", "waarom": "Ik kom de deur niet meer uit"}
            plan = plans.ask(session, self.ria, NewPlan.model_validate(wish)).id
            occurrence = session.scalars(
                select(Occurrence.id).where(Occurrence.agreement_id == agreement.id)
            ).one()
            case = agreement.help_request_id
            self.keys: list[UUID] = [
                self.ria.person_id, case, agreement.id, agreement.proposal_id, occurrence, report, plan,
            ]  # fmt: skip
        self.staff: dict[Role, Actor] = {}
        for role in ROLES:
            with program.transaction() as session:
                self.staff[role] = a_member_of_staff(
                    database, session, role=role, first_name=role.value.title()
                )
        with program.transaction() as session:
            broker = act_as(session, self.staff[Role.BROKER].person_id)
            seen = {"soort": "vog", "waar": "OV-4711"}
            checks.record(session, broker, self.ria.person_id, NewCheck.model_validate(seen))
            cases.note(session, broker, case, "Zij klonk erg moe")
            wider = {"ondergrens": -600, "bovengrens": 3600, "reden": "Zij is net weduwe"}
            limits.set_personal(session, broker, self.ria.person_id, Limits.model_validate(wider), uuid7())
            told = {"waarom": "looking", "uitleg": "Wij zoeken iets uit.", "afspraken": "keep",
                    "kijkWeerOp": (today(session) + timedelta(days=9)).isoformat()}  # fmt: skip
            suspensions.suspend(session, broker, self.ria.person_id, NewSuspension.model_validate(told))
            no = NewAppeal.model_validate({"uitleg": "Ik deed niemand kwaad"})
            suspensions.appeal(session, act_as(session, self.ria.person_id), no)
            self.everything = a_member_of_staff(database, session, first_name="Alles")
        for role in ROLES[1:]:
            rows_of(
                database, "INSERT INTO role_grant (id, person_id, role, municipality_id)"
                " VALUES (:id, :person, :role, 1771) RETURNING id",
                id=uuid7(), person=self.everything.person_id, role=role.value,
            )  # fmt: skip


class Looker:
    """A member of staff with a browser and a program, who looks for what is private of Ria's."""

    def __init__(self, site: Any, program: Program, desk: "Desk", staff: Actor) -> None:
        self.ria, self.staff, self.database = desk.ria, staff, desk.database
        self.site, self.keys = site, desk.keys
        self.client = Visit(site, desk.database).sign_in(program, staff).client
        self.client.headers["authorization"] = f"Bearer {a_token(program, staff)}"

    def private_at(self, path: str) -> list[str]:
        """What of hers is shown there."""
        answer = self.client.get(path)
        kind = answer.headers.get("content-type", "")
        if answer.status_code != 200 or not kind.startswith(("text/", "application/")):
            return []
        words = re.sub(r"<[^>]+>", " ", answer.text)
        return [word for word in PRIVATE if word in words]

    def noted(self) -> Counter[str]:
        """What was written down of this one's looks at Ria, and how often."""
        query = "SELECT act FROM audit_entry WHERE subject_id = :ria AND actor_id = :staff"
        who = {"ria": self.ria.person_id, "staff": self.staff.person_id}
        return Counter(str(row.act) for row in rows_of(self.database, query, **who))


def addresses(site: Any, keys: list[UUID]) -> Iterator[str]:
    """Every GET route of staff, each with every key at hand."""
    for route in routes_of(site):
        path = str(route.path)
        if "GET" not in (route.methods or ()) or not path.startswith(STAFF):
            continue
        path = path.replace("{gemeente}", "1771").replace("{soort}", "afspraak")
        holes = re.findall(r"\{\w+(?::\w+)?\}", path)
        if not holes:
            yield path
        for key in keys if len(holes) == 1 else ():
            yield path.replace(holes[0], str(key))


@pytest.fixture(scope="module")
def lookers(
    new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Role | None, Looker]]:
    """One for each role, and under None one who has all of them."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        site = a_site(Settings(data_dir=tmp_path_factory.mktemp("looks")), program)
        desk = Desk(program, database)
        staff: list[tuple[Role | None, Actor]] = [(None, desk.everything), *desk.staff.items()]
        yield {role: Looker(site, program, desk, who) for role, who in staff}
        program.close()


@pytest.fixture(scope="module")
def tried(lookers: dict[Role | None, Looker]) -> list[str]:
    """In a long run every address; else those where one who has every role reads something private."""
    found = lookers[None]
    paths = list(addresses(found.site, found.keys))
    return paths if LONG else [path for path in paths if found.private_at(path)]


@pytest.mark.parametrize("role", [None, *ROLES], ids=str)
def test_no_route_shows_what_is_private_without_a_word_in_the_log(
    lookers: dict[Role | None, Looker], tried: list[str], role: Role | None
) -> None:
    looker = lookers[role]
    shown, silent = set(), set()
    for path in tried:
        before = looker.noted()
        private = looker.private_at(path)
        if private:
            shown.add(path)
            new = looker.noted() - before
            silent |= {(path, word) for word in private if not (new[NAMED[word]] if word in NAMED else new)}

    assert silent == set()
    if role in (None, Role.BROKER):
        assert len(shown) >= 5
