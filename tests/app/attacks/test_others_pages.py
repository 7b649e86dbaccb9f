"""Every page with a key in its address, asked for by somebody who has nothing to do with what the key is of."""

import os
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import httpx
import pytest

import web.pages
from app import pacing
from app.ids import uuid7
from tests.app.attacks.conftest import Client, World
from tests.app.matrix.asking import KEYS

TYPED = {"gebeurd": {"minuten": "60"}, "verzetten": {"datum": "2030-01-01", "tijd": "10:00"},
         "bedanken": {"bedankje": "Dank u"}, "doe": {"doe": "stoppen"},
         "naam": {"naam": "Telefoon"},
         "/bureau/veiligheid/bezwaren/{id}": {"antwoord": "Wij zoeken het uit."},
         "/bureau/veiligheid/schorsingen/{id}/opheffen": {"uitleg": "Wij zochten het uit."}}  # fmt: skip
"""What a form needs so as to get past its own checks."""
ENEMIES = ("eva", "karin")
"""By turns; in a long run each asks everything."""
LONG = bool(os.environ.get("ZVE_TEST_LONG"))
ANOTHERS = ("request", "proposal", "agreement", "occurrence", "person")
ALIKE = {
    "public": "request", "draft": "request", "agreed_request": "request", "meeting": "proposal",
    "helped_here": "person", "works_here": "person", "volunteer": "person",
}  # fmt: skip
"""Rows of the matrix, and what is of their kind here."""


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of every page about one row."""
    for module in iter_modules(web.pages.__path__):
        router = getattr(import_module(f"web.pages.{module.name}"), "router", None)
        for route in router.routes if router else ():
            path = getattr(route, "path", "")
            if "{id}" in path:
                yield from ((method, path) for method in sorted(getattr(route, "methods", ())))


def rows_for(place: int, method: str, path: str) -> set[str]:
    """In a long run rows of every kind; else of the kind that the page is about, and of one other by turns."""
    if LONG:
        return set(ANOTHERS)
    about = next(
        names.get("id", "")
        for start, names in KEYS
        if (f"{method} " * (" " in start) + path).startswith(start)
    )
    return ({ALIKE.get(about, about)} & set(ANOTHERS)) | {ANOTHERS[place // 2 % len(ANOTHERS)]}


def test_there_are_pages_about_one_row() -> None:
    assert len(list(routes())) > 40


@pytest.mark.parametrize("who", ENEMIES)
def test_anothers_row_answers_as_one_that_never_was(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "WRITES", pacing.Class("write", 100_000, 100_000))  # hundreds in a minute
    enemy = world.client(who)
    token = enemy.csrf()
    told = []
    for place, (method, path) in enumerate(routes()):
        if not LONG and place % 2 != ENEMIES.index(who):
            continue
        nothing = _seen(enemy, method, path, uuid7(), token)
        assert nothing[0] in (404, 409), (method, path)
        for name in rows_for(place, method, path):
            if _seen(enemy, method, path, world.ids[name], token) != nothing:
                told.append((method, path, name))

    assert told == []


def _seen(enemy: Client, method: str, path: str, key: Any, token: str) -> tuple[int, str, str]:
    """Status, destination and body, without the key and what is new in every answer."""
    place = re.sub(r"\{\w+\}", str(key), path.replace("{act}", "gebeurd"))
    form = {"csrf": token, **(TYPED.get(path) or TYPED.get(path.rpartition("/")[2], {}))}
    answer: httpx.Response = enemy.ask(method, place, **({"data": form} if method == "POST" else {}))
    body = re.sub(
        r'nonce="[^"]+"|name="csrf" value="[^"]+"|data-ends="[^"]+"', "", answer.text.replace(str(key), "KEY")
    )
    return answer.status_code, answer.headers.get("location", "").replace(str(key), "KEY"), body
