"""A pot with something in it, and residents who get from it."""

from uuid import uuid4

import rewards
from app.access.actor import Actor
from app.access.sign_in import act_as
from app.db import Database
from app.people.models import Person
from app.roosjes import service as roosjes
from tests.app.factories import a_person
from tests.web.desks.helpers import Desk

HERE = "/bureau/roosjes"


def fill(program: Database, minutes: int = 3000) -> Actor:
    """A pot with so much in it, given by residents."""
    with program.transaction() as session:
        for _ in range(-(-minutes // 700)):
            giver = a_person(session, first_name="Gulle")
            account = roosjes.account_of(session, session.get_one(Person, giver.person_id), 1771)
            part = min(minutes, 700)
            minutes -= part
            rewards.donate(
                session.connection(), key=str(uuid4()), actor=giver.pseudonym or uuid4(), payer=account.id,
                minutes=part,
            )  # fmt: skip
        return giver


def a_resident(program: Database, first_name: str = "Ria", **details: str) -> Actor:
    with program.transaction() as session:
        return a_person(session, first_name=first_name, **details)


def balance(program: Database, who: Actor) -> rewards.Balance:
    with program.transaction() as session:
        act_as(session, who.person_id)
        return roosjes.account_of(session, session.get_one(Person, who.person_id), 1771).balance


def grant(desk: Desk, who: Actor, minutes: int, key: str = "") -> int:
    desk.get(f"/bureau/mensen/{who.person_id}/roosjes")
    return desk.post(
        f"/bureau/mensen/{who.person_id}/roosjes/pot", minuten=str(minutes), reden="Haar pot was leeg",
        sleutel=key or str(uuid4()),
    ).status_code  # fmt: skip


def group(desk: Desk, kind: str, head: str, others: list[str], minutes: int, **more: str) -> int:
    desk.get(f"{HERE}/boeken")
    return desk.post(
        f"{HERE}/boeken", soort=kind, hoofd=head, deelnemers="\n".join(others), minuten=str(minutes),
        **{"reden": "Opruimdag", "sleutel": str(uuid4()), **more},
    ).status_code  # fmt: skip
