"""Two who do the same at one moment: it is done once, and the second waits, and hears what they would an hour later."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database as Program
from app.errors import Conflict
from app.outreach import near
from app.outreach.schemas import NewMediator
from app.partners import covenants
from app.partners.covenants import SignedAlready
from app.push import service as push
from tests.app.conftest import rows_of
from tests.app.factories import a_person, act
from tests.app.partners.test_partners import HERE, Town, signing
from tests.app.push.conftest import KEY, Browser
from tests.databases import Database

WAIT_S = 30
WAITING = (
    "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE NOT l.granted AND a.datname = current_database()"
)
Act = Callable[[Session], Any]


@pytest.fixture
def town(fresh_database: Database, program: Program) -> Town:
    return Town(fresh_database, program)


def at_once(town: Town, first: Act, second: Act) -> BaseException | None:
    """What the second is refused with, who began before the first was committed."""

    def later() -> None:
        with town.program.transaction() as session:
            second(session)

    with ThreadPoolExecutor(1) as pool:
        with town.program.transaction() as session:
            first(session)
            session.flush()
            waits, end = pool.submit(later), time.monotonic() + WAIT_S
            while not waits.done() and rows_of(town.database, WAITING)[0][0] == 0:
                assert time.monotonic() < end
                time.sleep(0.02)
            assert not waits.done()
        return waits.exception(WAIT_S)


def test_each_side_signs_a_covenant_once(town: Town) -> None:
    choir = town.choir()
    town.publish()

    for who, sign, times in ((town.piet, covenants.sign, 1), (town.an, covenants.countersign, 2)):
        named = [
            lambda session, who=who, sign=sign, name=name: sign(
                session, act(session, who), choir, signing(name=name)
            )
            for name in ("P. de Boer", "Piet de Boer")
        ]
        assert isinstance(at_once(town, *named), SignedAlready)
        assert rows_of(town.database, "SELECT count(*) FROM covenant_signature") == [(times,)]


def test_somebody_is_made_a_mediator_once(town: Town) -> None:
    typed = {"persoon": town.piet.person_id, "getraindOp": "2026-01-01", "geldigTot": "2099-01-01"}
    new = NewMediator.model_validate(typed)

    def add(session: Session) -> None:
        near.add_mediator(session, act(session, town.marja), HERE, new)

    refused = at_once(town, add, add)

    assert isinstance(refused, Conflict)
    assert rows_of(town.database, "SELECT count(*) FROM mediator") == [(1,)]


def test_a_browser_is_kept_once_and_of_whoever_asked_last(town: Town) -> None:
    settings = Settings(base_url="https://zve.example", push_key=KEY, push_services="https://push.example")
    browser = Browser("https://push.example/to/phone")
    with town.program.transaction() as session:
        ria = a_person(session)

    def asks(who: Any) -> Act:
        return lambda session: push.add(
            session, act(session, who), settings, browser.agrees(settings), "Firefox"
        )

    for first, second in ((town.piet, town.piet), (ria, town.piet), (town.piet, ria)):
        assert at_once(town, asks(first), asks(second)) is None
        assert rows_of(town.database, "SELECT person_id FROM push_device") == [(second.person_id,)]
