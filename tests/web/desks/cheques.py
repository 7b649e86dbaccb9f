"""A municipality that sells cheques: a desk with a seller, an organisation that takes them, and a treasurer."""

import re
from dataclasses import dataclass
from html import unescape
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import text

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.cheques import desks
from app.cheques.schemas import NewDesk
from app.db import Database
from app.ids import uuid7
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk

CODE = re.compile(r'name="code" value="((?:\w{3}-){8}\w{3})"')
KEY = re.compile(r'name="sleutel" value="([^"]+)"')

BOOKS = (
    "SELECT (SELECT count(*) FROM ledger.batch), (SELECT count(*) FROM ledger.transfer),"
    " (SELECT count(*) FROM ledger.serial), (SELECT count(*) FROM ledger.serial_end),"
    " (SELECT count(*) FROM cheque_use)"
)


@dataclass
class Market:
    """Everybody around a cheque, each signed in with a browser of their own."""

    seller: Desk
    other_seller: Desk
    treasurer: Desk
    provider: Desk
    resident: Desk
    desk_id: UUID
    other_desk_id: UUID
    organisation_id: UUID

    def sell(self, number: int = 1, key: str = "") -> list[str]:
        """Sell cheques at the first desk; their codes are on the answer."""
        self.seller.get("/bureau/cheques")
        answer = self.seller.post(
            f"/bureau/cheques/{self.desk_id}/verkopen", aantal=str(number), sleutel=key or str(uuid7())
        )
        assert answer.status_code == 200, answer.text
        return CODE.findall(answer.text)

    def hand_in(self, code: str, who: Desk | None = None, **typed: str) -> int:
        """Type a code at the provider's; 303 when it was taken."""
        browser = who or self.provider
        browser.get("/cheques")
        return browser.post("/cheques", **({"code": code, "sleutel": str(uuid7())} | typed)).status_code


def grant(
    database: Migrated,
    actor: Actor,
    role: Role,
    organisation_id: UUID | None = None,
    municipality_id: int | None = GELDROP_MIERLO,
) -> None:
    """Roles are the owner's to give."""
    with database.owner.begin() as owner:
        owner.execute(
            text(
                "INSERT INTO role_grant (id, person_id, role, municipality_id, organisation_id)"
                " VALUES (:id, :person, :role, :place, :organisation)"
            ),
            {"id": uuid7(), "person": actor.person_id, "role": role.value, "place": municipality_id,
             "organisation": organisation_id},
        )  # fmt: skip


def an_organisation(
    database: Migrated, name: str = "Huishulp Samen", municipality_id: int = GELDROP_MIERLO
) -> UUID:
    """An organisation of the municipality."""
    made = uuid7()
    with database.owner.begin() as owner:
        owner.execute(
            text(
                "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website)"
                " VALUES (:id, :place, :name, 'welfare', '', '', '')"
            ),
            {"id": made, "place": municipality_id, "name": name},
        )
    return made


def a_market(database: Migrated, program: Database, site: FastAPI) -> Market:
    """Two desks, a seller at each, a provider and a treasurer of Geldrop-Mierlo."""
    organisation_id = an_organisation(database)
    with program.transaction() as session:
        seller = a_member_of_staff(database, session, role=Role.SELLER, first_name="Toos")
        other = a_member_of_staff(database, session, role=Role.SELLER, first_name="Jan")
        treasurer = a_member_of_staff(database, session, role=Role.TREASURER, first_name="Bram")
        worker, resident = a_person(session, first_name="Coby"), a_person(session)
    grant(database, worker, Role.ORGANISATION_MEMBER, organisation_id)
    with program.transaction() as session:
        treasurer = act_as(session, treasurer.person_id)
        ids = []
        for name, person in (("Bibliotheek Geldrop", seller), ("Gemeentehuis", other)):
            new = NewDesk.model_validate({"naam": name, "adres": "Heuvel 1"})
            made = desks.open_desk(session, treasurer, GELDROP_MIERLO, new)
            desks.add_seller(session, treasurer, made.id, person.person_id)
            ids.append(made.id)
        desks.add_provider(session, treasurer, GELDROP_MIERLO, organisation_id)
    first, second, third, fourth, fifth = (
        Desk(site, program, actor) for actor in (seller, other, treasurer, worker, resident)
    )
    return Market(first, second, third, fourth, fifth, ids[0], ids[1], organisation_id)


def text_of(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def again(browser: Desk, site: FastAPI, program: Database) -> Desk:
    return Desk(site, program, browser.actor)
