"""A resident, two makelaars and a treasurer of one municipality, and the ways of acting as each."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program
from app.welfare import granting, plans, spending
from app.welfare.models import PlanStatus, WelfarePlan, WelfareSpending
from app.welfare.schemas import NewGrant, NewPlan, NewReceipt, NewSpending
from tests.app.factories import a_member_of_staff, a_person, act
from tests.databases import Database

SWIMMING = {"doel": "Ik wil weer mensen zien.", "wens": "Zwemles", "waarom": "In het water heb ik geen pijn."}
GPS = {34853: {1: "N", 2: (51.0, 25.0, 0.0)}}


def a_photograph(color: str = "white", *, size: tuple[int, int] = (640, 480), form: str = "JPEG") -> bytes:
    """A picture as a telephone makes it, with the place where it was taken."""
    made = io.BytesIO()
    image = Image.new("RGB", size, color)
    exif = Image.Exif()
    exif[271] = "Telefoon van Ria"
    exif.get_ifd(34853)[1] = "N"
    image.save(made, form, exif=exif)
    return made.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Town:
    """Who takes part; each method acts as the right one in a transaction of its own."""

    program: Program
    database: Database
    ria: Actor
    marja: Actor
    sanne: Actor
    karel: Actor

    def do(self, actor: Actor, work: Callable[..., Any], *arguments: Any) -> Any:
        """One act in one transaction."""
        with self.program.transaction() as session:
            return work(session, act(session, actor), *arguments)

    def asks(self, **changes: Any) -> UUID:
        plan: WelfarePlan = self.do(self.ria, plans.ask, NewPlan.model_validate(SWIMMING | changes))
        return plan.id

    def period(self, session: Session, days: int = 90) -> dict[str, str]:
        day = today(session)
        return {"van": day.isoformat(), "totEnMet": (day + timedelta(days=days)).isoformat()}

    def proposes(self, plan: UUID, cents: int = 25_000, *, days: int = 90, first: bool = True) -> UUID:
        with self.program.transaction() as session:
            actor = act(session, self.marja)
            period = self.period(session, days) if first else {}
            new = NewGrant.model_validate({"bedrag": cents, **period})
            return granting.propose(session, actor, plan, new).id

    def granted(self, cents: int = 25_000, *, days: int = 90) -> UUID:
        """A plan with a budget; a second pair of eyes approved what is above the amount of the rules."""
        plan = self.asks()
        grant = self.proposes(plan, cents, days=days)
        if self.plan(plan).status is PlanStatus.PROPOSED:
            self.do(self.karel, granting.approve, grant)
        return plan

    def wants(self, plan: UUID, cents: int = 4_000, what: str = "Tien zwemlessen") -> UUID:
        new = NewSpending.model_validate({"wat": what, "bedrag": cents})
        row: WelfareSpending = self.do(self.ria, spending.ask, plan, new)
        return row.id

    def hands_in(
        self, plan: UUID, cents: int = 1_250, *, sent: bytes | None = None, days_ago: int = 0
    ) -> UUID:
        with self.program.transaction() as session:
            actor = act(session, self.ria)
            day = (today(session) - timedelta(days=days_ago)).isoformat()
            new = NewReceipt.model_validate({"wat": "Badpak", "bedrag": cents, "datum": day})
            file = a_photograph() if sent is None else sent
            return spending.hand_in(session, actor, plan, new, file).id

    def plan(self, id: UUID) -> WelfarePlan:
        found: WelfarePlan = self.do(self.marja, plans.get, id)
        return found

    def budget(self, id: UUID) -> tuple[int, int, int]:
        """Granted, spent and left, in cents."""
        with self.program.transaction() as session:
            actor = act(session, self.marja)
            found = granting.budget_of(session, plans.get(session, actor, id))
            return found.granted, found.spent, found.rest


@pytest.fixture
def town(program: Program, fresh_database: Database) -> Town:
    """Geldrop-Mierlo: Ria lives there, Marja and Sanne are makelaars, Karel keeps the books."""
    with program.transaction() as session:
        ria = a_person(session)
        staff = [
            a_member_of_staff(fresh_database, session, first_name=name, role=role)
            for name, role in (("Marja", Role.BROKER), ("Sanne", Role.BROKER), ("Karel", Role.TREASURER))
        ]
    return Town(program, fresh_database, ria, *staff)


@pytest.fixture
def other_makelaar(program: Program, fresh_database: Database) -> Actor:
    """Somebody of Helmond."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session, first_name="Joost", municipality_id=794)
