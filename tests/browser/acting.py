"""People with browsers of their own on one running program, and what they do and read there."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import text

from app.access.actor import Actor
from app.access.sign_in import open_session
from app.agreements import occur
from app.db import Database as Program
from app.upkeep import as_owner
from tests.app.conftest import rows_of
from tests.app.factories import SHOWN, a_helper, a_person, a_request, a_willing_helper, an_agreement
from tests.browser.circumstances import Circumstance
from tests.databases import Database
from tests.live import LiveSite
from web.security import SESSION_COOKIE

TITLE = "Samen naar de weekmarkt"
HELD = "Staat vast"
WAIT_S = 10
WAITING = (
    "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND locktype IN ('tuple', 'transactionid')"
)


class Person:
    """Somebody with a browser of their own, signed in; in the circumstance of the stage, where it has one."""

    def __init__(
        self, stage: "Stage", actor: Actor, *, javascript: bool = False, viewport: ViewportSize | None = None
    ) -> None:
        self.stage, self.actor = stage, actor
        if stage.circumstance:
            self.page: Page = stage.circumstance.opened(stage.browser, stage.site.address)
            self.context = self.page.context
        else:
            self.context = stage.browser.new_context(
                base_url=stage.site.address, java_script_enabled=javascript, viewport=viewport
            )
            self.context.set_default_timeout(WAIT_S * 1000)
            self.page = self.context.new_page()
        self.sign_in()

    def sign_in(self) -> None:
        """Come in, or come back after days in which the session ended."""
        with self.stage.program.transaction() as session:
            token = open_session(session, self.actor.person_id, proof=SHOWN)
        self.context.clear_cookies()
        host = self.stage.site.address.replace("http:", "https:")
        self.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": host, "secure": True}])

    @property
    def email(self) -> str:
        """Their address, which is nobody's business before the last yes."""
        query = "SELECT email FROM contact WHERE person_id = :id"
        found: str = rows_of(self.stage.database, query, id=self.actor.person_id)[0].email
        return found

    def visit(self, path: str) -> "Person":
        self.page.goto(path)
        return self

    def follow(self, link: str) -> "Person":
        self.page.locator("main").get_by_role("link", name=link).first.click()
        return self

    def press(self, button: str) -> "Person":
        # what is there for the ear only stands apart in a name
        name = re.compile("^" + re.escape(button).replace(r":\ ", r" ?:\ ") + "$")
        self.page.locator("main").get_by_role("button", name=name).first.click()
        return self

    def type(self, label: str, value: str) -> "Person":
        self.page.get_by_label(label).first.fill(value)
        return self

    def reads(self, *sentences: str) -> "Person":
        end = time.monotonic() + (WAIT_S if self.stage.circumstance else 0)  # a slow line answers later
        while True:
            seen = " ".join(self.page.locator("main").inner_text().split())
            missing = [sentence for sentence in sentences if sentence not in seen]
            if not missing:
                return self
            assert time.monotonic() < end, f"{self.page.url}: {missing} not in {seen}"
            self.page.wait_for_timeout(50)

    def does_not_read(self, *words: str) -> "Person":
        seen = self.page.content()
        assert [word for word in words if word in seen] == [], self.page.url
        return self

    def is_told(self, subject: str, *words: str) -> "Person":
        """The newest message, once, and the page that it leads to."""
        newest = self.visit("/mijn/berichten").page.locator("main li.card").first
        said = " ".join(newest.inner_text().split())
        assert all(word in said for word in (subject, "nieuw", TITLE, *words)), said
        with self.page.expect_navigation():
            newest.get_by_role("link").first.click()
        assert self.page.locator("h1").count() == 1
        return self

    def has_on_hold(self, times: int) -> None:
        """How often "Staat vast" stands on the statement."""
        self.visit("/mijn/roosjes")
        assert self.page.locator("main").inner_text().count(HELD) == times, self.page.url

    def reaches(self, other: "Person", agreement_id: UUID, *, there: bool = True) -> None:
        """Whether the page of the agreement tells how to reach the other."""
        self.visit(f"/mijn/afspraken/{agreement_id}")
        assert (other.email in self.page.content()) is there


@dataclass(frozen=True)
class Stage:
    """A running program, its database, and a browser."""

    browser: Browser
    site: LiveSite
    program: Program
    database: Database
    circumstance: Circumstance | None = None

    def travel(self, by: timedelta) -> None:
        """Some time later."""
        with as_owner(self.database.owner_url) as owner:
            owner.execute(text("SELECT ledger.shift(:by)"), {"by": by})


@dataclass(frozen=True)
class Pair:
    """An asker and a helper with their browsers, what they agreed, and its first time."""

    stage: Stage
    asker: Person
    helper: Person
    agreement_id: UUID
    request_id: UUID
    time_id: UUID

    def both_reach_each_other(self, *, there: bool = True) -> None:
        self.asker.reaches(self.helper, self.agreement_id, there=there)
        self.helper.reaches(self.asker, self.agreement_id, there=there)

    def later(self, by: timedelta) -> None:
        """Some time later, and both are back."""
        self.stage.travel(by)
        for person in (self.asker, self.helper):
            person.sign_in()

    def opened_by(self, person: Person) -> Person:
        """The page of their agreement."""
        return person.visit(f"/mijn/afspraken/{self.agreement_id}")


def a_pair(stage: Stage, **request: Any) -> Pair:
    """Two who agreed."""
    with stage.program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, minutenPerWeek=2400)
        agreement = an_agreement(session, asker, helper, **request)
        first = occur.get(session, asker, agreement.id).occurrences[0].id
    people = Person(stage, asker), Person(stage, helper)
    return Pair(stage, *people, agreement.id, agreement.help_request_id, first)


def willing_to_help(stage: Stage, helpers: int = 1) -> tuple[Actor, list[Actor], UUID, list[UUID]]:
    """An asker, helpers who said yes, the request and their proposals."""
    with stage.program.transaction() as session:
        asked = [a_helper(session, first_name=name)[0] for name in ("Tonnie", "Wim")[:helpers]]
        asker = a_person(session)
        row = a_request(session, asker)
        proposals = [a_willing_helper(session, asker, helper, row).id for helper in asked]
        return asker, asked, row.id, proposals


def at_one_moment(stage: Stage, request_id: UUID, presses: list[Callable[[], None]]) -> None:
    """Press while the request is held, so that all wait at the same lock, and then let go."""
    with as_owner(stage.database.owner_url) as owner:
        owner.execute(text("SELECT FROM help_request WHERE id = :id FOR UPDATE"), {"id": request_id})
        for number, press in enumerate(presses, 1):
            press()
            end = time.monotonic() + WAIT_S
            while rows_of(stage.database, WAITING)[0][0] < number:
                assert time.monotonic() < end
                time.sleep(0.02)
