"""A token for one's own program: made after a proof of just now, told once, and stopped by whoever made it."""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest

from app.access.actor import Actor
from app.access.roles import TokenScope
from app.access.sign_in import actor_of_token, new_api_token
from app.access.tokens import MOST
from app.db import Database as Program
from app.errors import NotSignedIn
from tests.app.factories import a_person, act
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
NEW = "/mijn/inloggen/programma"
TYPED = {"naam": "mijn agenda", "mag": "read", "dagen": "30"}
TOKEN = re.compile(r'value="(zve_[^"]+)"')


@pytest.fixture
def ria(program: Program) -> Actor:
    with program.transaction() as session:
        return a_person(session)


def told(visitor: Visit) -> str:
    found = TOKEN.search(visitor.page)
    assert found is not None, visitor.page
    return found[1]


def test_a_token_is_told_once_kept_as_a_hash_and_shown_with_what_it_may(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    visitor = visit().sign_in(program, ria).get(NEW)
    visitor.post(NEW, **TYPED)
    token = told(visitor)

    (row,) = visitor.rows(
        "SELECT token_hash, name, scope, (expires_at - created_at)::interval(0) AS lasts FROM api_token"
    )
    assert bytes(row.token_hash) == sha256(token.encode()).digest()
    assert (row.name, row.scope, row.lasts) == ("mijn agenda", "read", timedelta(days=30))
    visitor.get("/mijn/inloggen")
    assert token not in visitor.page
    assert visitor.says("Mag lezen wat van u is.")
    assert visitor.says("Nog niet gebruikt.")
    assert visitor.says("Er is een token gemaakt: “mijn agenda”.")
    mailed = visitor.rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'sign_in.told'")
    assert [row.args["kind"] for row in mailed] == ["program_added"]
    with program.transaction() as session:
        actor = actor_of_token(session, token)
    assert (actor.person, actor.token) == (ria.person, TokenScope.READ)
    assert visitor.get("/mijn/inloggen").says("Laatst gebruikt")


def test_whoever_made_it_stops_it_and_nobody_else(visit: Browsers, program: Program, ria: Actor) -> None:
    with program.transaction() as session:
        token = new_api_token(session, ria.person_id, "agenda", scope=TokenScope.OWN)
        wim = a_person(session, first_name="Wim")
    mine, his = visit().sign_in(program, ria).get("/mijn/inloggen"), visit().sign_in(program, wim)
    path = f"/mijn/inloggen/programmas/{mine.rows('SELECT id FROM api_token')[0].id}/weg"
    assert path in mine.page

    assert his.get("/mijn/inloggen").post(path).status == 404
    with program.transaction() as session:
        assert actor_of_token(session, token).person == ria.person
    assert mine.post(path).says("Het token is gestopt.")
    assert mine.says("U stopte het token “agenda”.")
    with program.transaction() as session, pytest.raises(NotSignedIn):
        actor_of_token(session, token)
    assert mine.post(path).status == 404


def test_making_one_asks_for_a_proof_of_just_now_and_stopping_one_does_not(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        new_api_token(session, ria.person_id, "agenda")
    visitor = visit().sign_in(program, ria).get(NEW)
    key = visitor.rows("SELECT id FROM api_token")[0].id
    travel(timedelta(minutes=11))

    assert visitor.post(NEW, **TYPED).status == 401
    assert visitor.rows("SELECT count(*) FROM api_token")[0][0] == 1
    assert visitor.get(NEW).path.startswith("/inloggen/tweede")
    visitor.get("/mijn/inloggen").post(f"/mijn/inloggen/programmas/{key}/weg")
    assert visitor.says("Het token is gestopt.")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("naam", ""), ("naam", "x" * 41), ("mag", "everything"), ("mag", ""), ("dagen", "366"), ("dagen", "0"),
     ("dagen", "veel")],
)  # fmt: skip
def test_what_cannot_be_is_asked_again_with_what_was_typed(
    visit: Browsers, program: Program, ria: Actor, field: str, typed: str
) -> None:
    visitor = visit().sign_in(program, ria).get(NEW)
    visitor.post(NEW, **TYPED | {field: typed})

    assert visitor.status == 422
    assert f'href="#veld-{field}"' in visitor.page
    assert field == "naam" or 'value="mijn agenda"' in visitor.page
    assert visitor.rows("SELECT count(*) FROM api_token")[0][0] == 0


def test_an_eleventh_waits_until_one_was_stopped(visit: Browsers, program: Program, ria: Actor) -> None:
    with program.transaction() as session:
        act(session, ria)
        for number in range(MOST):
            new_api_token(session, ria.person_id, f"programma {number}")
    visitor = visit().sign_in(program, ria).get(NEW)

    assert visitor.post(NEW, **TYPED).says("U heeft al tien tokens. Stop er eerst een.")
    assert visitor.rows("SELECT count(*) FROM api_token")[0][0] == MOST
