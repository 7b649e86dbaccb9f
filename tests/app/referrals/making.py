"""A village with a practice, a hospital ward, two makelaars and two organisations."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.access.actor import system
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program, scope_to
from app.referrals import links, sending, watch
from app.referrals.links import Practice
from app.referrals.models import ReferralLink
from app.referrals.schemas import NewLink, NewReferral
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, act, nobody
from tests.databases import Database
from tests.web.desks.cheques import an_organisation, grant

SECRET = b"geheim"
GREET: dict[str, Any] = {
    "voornaam": "Greet", "achternaam": "Jansen", "postcode": "5664 HJ", "telefoon": "06 22334455", "wens": "mensen",
    "toelichting": "Sinds mijn man er niet meer is, zie ik weinig mensen.", "vindtGoed": True,
    "uwNaam": "Anja, praktijkondersteuner", "uwMail": "anja@praktijk.voorbeeld.nl",
}  # fmt: skip


class Chain:
    """Everybody around a referral."""

    def __init__(self, database: Database, program: Program) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.samira = a_member_of_staff(database, session, first_name="Samira")
            self.bram = a_member_of_staff(database, session, role=Role.TREASURER, first_name="Bram")
            self.els, self.piet = a_person(session, first_name="Els"), a_person(session, first_name="Piet")
        self.samen, self.zorg = (
            an_organisation(database, "Samen Thuis"),
            an_organisation(database, "Zorg Nabij"),
        )
        for flag in (self.samen, self.zorg):
            signed = "UPDATE organisation SET covenant_signed_on = '2026-01-01' WHERE id = :o RETURNING id"
            rows_of(database, signed, o=flag)
        grant(database, self.els, Role.ORGANISATION_MEMBER, self.samen)
        grant(database, self.piet, Role.ORGANISATION_ADMINISTRATOR, self.zorg)
        with program.transaction() as session:
            new = NewLink.model_validate({"naam": "Praktijk De Linde", "bron": "huisarts"})
            self.link: ReferralLink = links.make(session, act(session, self.marja), GELDROP_MIERLO, new)

    def practice(self) -> Practice:
        with self.program.transaction() as session:
            nobody(session)
            return links.practice(session, SECRET, links.token_of(SECRET, self.link))

    def refer(self, **changes: Any) -> UUID:
        """With the link of the practice; the worker then does its part."""
        with self.program.transaction() as session:
            nobody(session)
            sent = sending.by_practice(session, self.practice(), NewReferral.model_validate(GREET | changes))
        self.work(lambda session, worker: watch.received(session, worker, sent.id))
        return sent.id

    def from_hospital(self, *, days: int = 2, **changes: Any) -> UUID:
        with self.program.transaction() as session:
            day = (today(session) + timedelta(days=days)).isoformat()
        return self.refer(
            thuisDag=day, thuisTijd="11:00", wens="huis", nodig=["boodschappen", "was"], **changes
        )

    def work(self, what: Any) -> None:
        """The worker, whose reach is every municipality."""
        with self.program.transaction() as session:
            worker = system(frozenset({1771, 794, 772}))
            scope_to(session, worker.scope)
            what(session, worker)

    def told(self, kind: str) -> list[UUID]:
        rows = rows_of(self.database, "SELECT person_id FROM notice WHERE kind = :kind ORDER BY 1", kind=kind)
        return [row.person_id for row in rows]
