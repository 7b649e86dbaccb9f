"""Whatever route staff may read, by page or by program: where somebody's private details appear, the look is written
down. The routes are found in the program, so that one which is added tomorrow is tried tomorrow."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements.models import Occurrence
from app.checks import service as checks
from app.checks.schemas import NewCheck
from app.db import Database as Program
from app.people import service as people
from app.people.service import PersonChange
from app.safety import reports, subjects
from app.safety.schemas import NewReport
from app.welfare import plans
from app.welfare.schemas import NewPlan
from tests.app.api.conftest import a_token
from tests.app.factories import a_helper, a_member_of_staff, a_person, an_agreement
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
PRIVATE = ("Verspeek", "12987654", "12 98 76 54", "ria.prive@voorbeeld.nl", "5664 HJ 137", "5664HJ 137",
           "Hij vroeg steeds naar mijn geld", "Ik kom de deur niet meer uit", "OV-4711")  # fmt: skip
"""Name, telephone, mail, address, a report, a wish in a plan for a welfare budget, and the source of a check."""
STAFF = ("/bureau", "/gemeente", "/regio", "/penningmeester", "/api/v1")
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


def addresses(site: Any, keys: list[UUID]) -> Iterator[str]:
    """Every GET route of staff, each with every key at hand."""
    for route in iter_route_contexts(site.routes):
        path = str(route.path)
        if "GET" not in (route.methods or ()) or not path.startswith(STAFF):
            continue
        path = path.replace("{gemeente}", "1771").replace("{soort}", "afspraak")
        holes = re.findall(r"\{\w+(?::\w+)?\}", path)
        if not holes:
            yield path
        for key in keys if len(holes) == 1 else ():
            yield path.replace(holes[0], str(key))


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_route_shows_what_is_private_without_a_word_in_the_log(
    visit: Browsers, program: Program, fresh_database: Database, role: Role
) -> None:
    desk = Desk(program, fresh_database)
    browser = visit().sign_in(program, desk.staff[role])
    browser.client.headers["authorization"] = f"Bearer {a_token(program, desk.staff[role])}"
    query = "SELECT count(*) FROM audit_entry WHERE subject_id = :ria AND actor_id = :staff"
    who = {"ria": desk.ria.person_id, "staff": desk.staff[role].person_id}
    shown, silent = set(), set()

    def private_at(path: str) -> list[str]:
        answer = browser.client.get(path)
        kind = answer.headers.get("content-type", "")
        if answer.status_code != 200 or not kind.startswith(("text/", "application/")):
            return []
        return [word for word in PRIVATE if word in re.sub(r"<[^>]+>", " ", answer.text)]

    for path in addresses(browser.site, desk.keys):
        if not private_at(path):
            continue
        shown.add(path)
        before = browser.rows(query, **who)[0][0]
        private = private_at(path)
        if private and browser.rows(query, **who)[0][0] == before:
            silent.add((path, *private))

    assert silent == set()
    if role is Role.BROKER:
        assert len(shown) >= 5
