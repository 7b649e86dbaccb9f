"""A desk for tests: the whole program, somebody signed in, and forms that carry their token."""

import re
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx2 import Response

from app.access import sign_in
from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database
from tests.app.factories import SHOWN, a_member_of_staff
from tests.clients import TestClient
from tests.databases import Database as Migrated
from web.security import SESSION_COOKIE

ORIGIN = "https://testserver"
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
VERSION = re.compile(r'name="versie" value="([^"]+)"')


class Desk:
    """A browser in which somebody is signed in."""

    def __init__(self, site: FastAPI, program: Database, actor: Actor) -> None:
        self.client = TestClient(site, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
        self.program = program
        self.actor = actor
        self.page = ""
        self.sign_in()

    def sign_in(self) -> None:
        """Come in, or come back after a role that changed ended the session."""
        with self.program.transaction() as session:
            token = sign_in.open_session(session, self.actor.person_id, proof=SHOWN)
        self.client.headers["cookie"] = f"{SESSION_COOKIE}={token}"

    def get(self, path: str) -> Response:
        """A page; its forms are at hand afterwards."""
        answer = self.client.get(path)
        self.page = answer.text
        return answer

    def post(self, path: str, **typed: Any) -> Response:
        """A form of the page that was read last, with its token; ``None`` leaves a field out."""
        token = TOKEN.search(self.page)
        assert token is not None
        values = {name: value for name, value in typed.items() if value is not None}
        answer = self.client.post(path, data={"csrf": token[1], **values})
        if answer.text:
            self.page = answer.text
        return answer

    def act(self, case_id: UUID, what: str, **typed: Any) -> Response:
        """Read a case and do something with it, as it was read."""
        self.get(f"/bureau/zaken/{case_id}")
        return self.post(f"/bureau/zaken/{case_id}/{what}", **typed)

    def version(self) -> str:
        """Which version of the case the last page showed."""
        found = VERSION.search(self.page)
        assert found is not None
        return found[1]


def a_desk(
    database: Migrated, program: Database, site: FastAPI, role: Role = Role.BROKER, municipality_id: int | None = 1771,
    first_name: str = "Marja",
) -> Desk:  # fmt: skip
    """Somebody of the staff, signed in."""
    with program.transaction() as session:
        actor = a_member_of_staff(
            database, session, role=role, municipality_id=municipality_id, first_name=first_name
        )
    return Desk(site, program, actor)
