"""Every route, asked by every role, here and elsewhere: exactly as it was written down beforehand in `verdicts.txt`."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import UUID
from zlib import crc32

from fastapi import FastAPI

from app.access.roles import Role
from app.branch import routes_of
from tests.app.conftest import rows_of
from tests.app.matrix.asking import QUERIES, Asking
from tests.app.matrix.fields import found_in, kept_from
from tests.app.matrix.filled import forms, names_a_row
from tests.app.matrix.village import AT_ORGANISATIONS, STAFF, Village
from web.forms import read

TABLE = Path(__file__).with_name("verdicts.txt")
TWINS = {str(role): f"{role}_elsewhere" for role in (*STAFF, *AT_ORGANISATIONS)}
LONG = bool(os.environ.get("ZVE_TEST_LONG"))
BY_TURNS = 1
"""Of the others who may not, in a run that is not long."""
PEOPLE = ("asker", "helper", "neighbour", "resident_elsewhere")
COLUMNS = ("visitor", *PEOPLE, "suspended", *TWINS, *TWINS.values(), "region_administrator")
NAMED = {
    "everybody": COLUMNS,
    "signed_in": COLUMNS[1:],
    "able": tuple(who for who in COLUMNS[1:] if who != "suspended"),
    "parties": ("asker", "helper"),
    "nobody": (),
}  # fmt: skip
ONCE_LET_IN = {
    "GET /api/v1/personen/{persoon}/controles": ["safety_officer"],
    "GET /bureau/welzijnsbudget/{id}/uitgave": ["treasurer"],
    "POST /bureau/welzijnsbudget/{id}/bonnen": ["treasurer"],
    "POST /mijn/namens/{id}/stoppen": ["broker"],
    "POST /mijn/welzijnsbudget/uitgaven/{id}/intrekken": ["broker"],
}
"""Cells that were open; asked in every run."""
AWAY = {("GET /inloggen/via/{provider_id}", 503), ("GET /inloggen/via/{provider_id}/uit", 503)}
"""The village's provider is away, and the page says so."""
TO_THE_DOOR = {("POST /inloggen/tweede/opnieuw", 303)}
"""Who signs out there is sent to the page where one signs in; a visitor gets 401."""
HER_OWN = ("asker", "suspended")
"""She herself; and he whose appeal repeats what she reported."""


def routes(site: FastAPI) -> Iterator[str]:
    """Every route that the program answers to, but for its files."""
    for route in routes_of(site):
        yield from (f"{method} {route.path}" for method in sorted(route.methods or ()))


def declared() -> Iterator[tuple[str, frozenset[str]]]:
    """Each route of the table, with the columns that may."""
    who: frozenset[str] = frozenset()
    for line in TABLE.read_text().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            who = frozenset(name for word in line.split() for name in NAMED.get(word, (word,)))
            assert who <= {*COLUMNS, "parent"}, line
            continue
        yield line.strip(), who


@cache
def may() -> dict[str, frozenset[str]]:
    """The same, with a role elsewhere where a request names no row and no municipality of ours."""
    return {
        route: who
        if names_a_row(route) or route in QUERIES
        else who | {TWINS[name] for name in who & set(TWINS)}
        for route, who in declared()
    }


def expected(route: str, who: str) -> str:
    """The declared verdict of a cell."""
    if who in may()[route]:
        return "in"
    return "sign in" if who == "visitor" and may()[route] else "out"


def test_the_table_declares_every_route_once_and_nothing_else(asking: Asking) -> None:
    lines = Counter(route for route, _ in declared())
    assert {route for route, times in lines.items() if times > 1} == set()
    assert set(lines) == set(routes(asking.village.site))
    assert {str(role) for role in Role} - {"member"} <= set(COLUMNS)


def state(village: Village) -> dict[str, str]:
    """A fingerprint of every table, but for what a look itself leaves behind."""
    looks = ("refused_access", "web_session", "api_token", "attempt", "pace")
    tables = rows_of(
        village.database,
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'ledger') AND c.relname <> ALL (:looks)",
        looks=list(looks),
    )
    return {
        table: rows_of(
            village.database, f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
        )[0][0]
        for (table,) in tables
    }


def refused() -> list[tuple[str, str]]:
    """The cells of who may not: all in a long run; else those that guards most likely forget, and some by turns."""
    cells = []
    for route in may():
        out = [who for who in COLUMNS if expected(route, who) != "in"]
        elsewhere = [TWINS[who] for who in may()[route] if who in TWINS]
        first = [who for who in ("visitor", "neighbour", *elsewhere[:2]) if who in out]
        first += ONCE_LET_IN.get(route, [])
        rest = [who for who in out if who not in first]
        turn = crc32(route.encode()) % max(1, len(rest))
        chosen = out if LONG else [*first, *(rest[turn:] + rest[:turn])[:BY_TURNS]]
        cells += [(route, who) for who in chosen]
    return cells


def allowed() -> list[tuple[str, str]]:
    """The cells of who may: one of those for whom a route is alike, and every role; all in a long run."""
    return [
        (route, who)
        for route in may()
        for who in COLUMNS
        if who in may()[route]
        and (LONG or len(may()[route]) < len(COLUMNS) - 4 or who in ("visitor", "asker", "neighbour"))
    ]


def test_whoever_may_not_is_refused_reads_nothing_and_changes_nothing(asking: Asking) -> None:
    before = state(asking.village)
    wrong, read = {}, []
    for number, (route, who) in enumerate(refused()):
        if number % 1000 == 0:  # nobody asks this much in a quarter of an hour
            rows_of(asking.village.database, "DELETE FROM pace RETURNING rule")
        answer = asking.ask(who, route)
        if answer.verdict != expected(route, who):
            wrong[route, who] = answer.status
        if found_in(answer.text):
            read.append((route, who))
    assert (wrong, read) == ({}, [])
    changed = {table for table, now in state(asking.village).items() if now != before[table]}
    assert changed == set()


def test_whoever_may_is_let_in_and_nobody_elsewhere_reads_a_word_of_ours(asking: Asking) -> None:
    wrong, read = {}, []
    for route, who in allowed():
        answer = asking.glance(who, route)
        if (route, answer.status) in AWAY | TO_THE_DOOR:
            continue
        if answer.verdict != "in" or answer.status >= 500:
            wrong[route, who] = answer.status
        if who not in HER_OWN and (found := answer.of_ria & kept_from(who) - {"request"}):
            read.append((route, who, found))
    assert (wrong, read) == ({}, [])


NO_NUMBERS, NO_NAME = (str(10**20), str(2**31)), ("%00",)


def odd_addresses(asking: Asking) -> Iterator[tuple[str, str, str]]:
    """Who may open a route, that route, and its address with a name or number in it that is none of anything."""
    for route, who in may().items():
        _, _, pattern = route.partition(" ")
        plain = [step for step in pattern.split("/") if "{" in step]
        if not plain or not who:
            continue
        steps = dict(zip(pattern.split("/"), asking.address(route).split("/"), strict=True))
        for step in plain:
            if is_uuid(steps[step]):
                continue
            column = next(name for name in COLUMNS if name in who)
            for odd in NO_NUMBERS if steps[step].isdecimal() else NO_NAME:
                filled = {**steps, step: re.sub(r"\{\w+\}", lambda _: odd, step)}  # noqa: B023
                yield route, column, "/".join(filled[one] for one in pattern.split("/"))


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def test_a_name_or_a_number_that_no_row_can_have_is_no_error(asking: Asking) -> None:
    every = list(odd_addresses(asking))
    assert len(every) > 60

    wrong = [
        (route, path, answer.status)
        for route, who, path in every
        if (answer := asking.ask_and_undo(who, route, path=path)).status >= 500
    ]
    assert wrong == []


def test_every_form_is_filled_so_that_its_own_checks_let_it_through(asking: Asking) -> None:
    refused_by_itself = {
        route: form.errors
        for route, model in forms().items()
        if (form := read(model, asking.typed(route))).value is None
    }
    assert len(forms()) > 200
    assert refused_by_itself == {}
