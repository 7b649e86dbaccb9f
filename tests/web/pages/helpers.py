"""A visitor with a browser that knows forms, cookies and links, and no JavaScript."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import text

from app.access.actor import Actor
from app.access.sign_in import link_token, open_session
from app.db import Database as Program
from tests.app.factories import SHOWN
from tests.clients import TestClient
from tests.databases import Database
from web.security import SESSION_COOKIE

ORIGIN = "https://testserver"
FORM = re.compile(r"<form(?P<head>[^>]*)>(?P<body>.*?)</form>", re.S)


class Visit:
    """One browser. ``get`` and ``post`` remember the page; ``post`` takes its CSRF field along."""

    def __init__(self, site: FastAPI, database: Database) -> None:
        self.site = site
        self.database = database
        self.client = TestClient(site, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
        self.page = ""
        self.status = 0
        self.path = ""

    def get(self, path: str) -> "Visit":
        """Open a page; redirects are followed."""
        for _ in range(5):
            answer = self.client.get(path)
            if answer.status_code not in (302, 303, 307):
                break
            path = answer.headers["location"]
        self.status, self.page, self.path = answer.status_code, unescape(answer.text), path
        return self

    def post(self, path: str, *, follow: Any = True, csrf: Any = None, **fields: Any) -> "Visit":
        """Send the form of the page that is open."""
        token = self.csrf if csrf is None else csrf
        answer = self.client.post(path, data={**fields, "csrf": token})
        self.status, self.path = answer.status_code, answer.headers.get("location", path)
        if self.status == 303 and follow:
            return self.get(self.path)
        self.page = unescape(answer.text)
        return self

    @property
    def csrf(self) -> str:
        """The token in the page that is open."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.page)
        return found[1] if found else ""

    def says(self, sentence: str) -> bool:
        """Whether the page has this sentence, whatever the marks within it."""
        return sentence in " ".join(re.sub(r"<[^>]+>", "", self.page).split())

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the owner sees behind the scenes."""
        with self.database.owner.begin() as connection:
            return list(connection.execute(text(query), values).all())

    def mailed_link(self, email: str) -> str:
        """The token of the newest link that was queued for an address."""
        query = "SELECT id FROM sign_in_link WHERE email = :email ORDER BY created_at DESC, id DESC LIMIT 1"
        key: UUID = self.rows(query, email=email)[0].id
        return link_token(self.site.state.secret, key)

    def sign_in(self, program: Program, actor: Actor) -> "Visit":
        """Come in as somebody, without the mail."""
        with program.transaction() as session:
            token = open_session(session, actor.person_id, proof=SHOWN)
        self.client.cookies.set(SESSION_COOKIE, token, domain="testserver.local", path="/")
        return self
