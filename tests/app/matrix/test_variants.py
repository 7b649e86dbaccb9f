"""Beside every route: another method, a slash too many, capitals and dots in code open nothing that it does not."""

import re
from collections.abc import Iterator
from zlib import crc32

from tests.app.matrix.asking import Asking
from tests.app.matrix.fields import found_in
from tests.app.matrix.test_every_cell import COLUMNS, LONG, TWINS, expected, may, state

BY_TURNS = 1
"""Of the ways to write an address, in a run that is not long; each route has others."""
AWAY = (301, 302, 303, 307, 308)
NOTHING = (404, 405)


def written_otherwise(path: str) -> list[str]:
    """The same address as others might read it: a slash behind, other letters, empty steps, dots in code."""
    first, _, rest = path[1:].partition("/")
    return [
        f"{path}/",
        path.upper(),
        f"/{path}",
        f"/{first}//{rest}",
        f"/%2e{path}",
        f"/zo-werkt-het/%2e%2e{path}",
        re.sub(r"/([^/]+)$", r"/%2e/\1", path),
        f"{path}/%2e",
    ]


def who_may_not(route: str) -> list[str]:
    """Those that guards most likely forget, of whom one has a turn; four of them in a long run."""
    likely = ["visitor", "neighbour", *(TWINS[who] for who in may()[route] if who in TWINS), *TWINS.values()]
    out = list(dict.fromkeys(who for who in likely if expected(route, who) != "in"))
    turn = crc32(route.encode()) % max(1, len(out))
    return out[:4] if LONG else out[turn : turn + 1]


def variants(asking: Asking) -> Iterator[tuple[str, str, str, str]]:
    """Who, the route as it is declared, and the method and the path that are asked instead."""
    for route in may():
        method, address = route.split(" ")[0], asking.address(route)
        paths = written_otherwise(address)
        turn = crc32(route[::-1].encode()) % len(paths)
        chosen = paths if LONG else (paths + paths)[turn : turn + BY_TURNS]
        asked = [(method, path) for path in chosen]
        if method == "GET":
            asked += [("HEAD", address), ("OPTIONS", address)]
        yield from ((who, route, *one) for who in who_may_not(route) for one in asked)


def test_beside_a_route_nobody_finds_what_it_keeps_from_them(asking: Asking) -> None:
    before = state(asking.village)
    wrong, read, asked = {}, [], 0
    for who, route, method, path in variants(asking):
        answer = asking.ask(who, route, method=method, path=path)
        asked += 1
        same = answer.verdict == expected(route, who)
        if not (same or answer.status in (*NOTHING, *AWAY)):
            wrong[who, method, path] = answer.status
        if answer.status in AWAY and "//" in answer.location:
            wrong[who, method, path] = answer.status  # led on to another host
        if found_in(answer.text):
            read.append((who, method, path))

    assert (wrong, read) == ({}, [])
    assert asked > 900
    changed = {table for table, now in state(asking.village).items() if now != before[table]}
    assert changed == set()


def test_whoever_may_finds_no_failure_there_either(asking: Asking) -> None:
    """A route that everybody may open answers to no other spelling with a failure, or with somebody's words."""
    failed = {}
    for route in (route for route, who in may().items() if len(who) == len(COLUMNS)):
        method, address = route.split(" ")[0], asking.address(route)
        for path in written_otherwise(address) if LONG else [f"/{address}", f"{address}/%2e"]:
            answer = asking.ask("neighbour", route, method=method, path=path)
            if answer.status >= 500 or found_in(answer.text):
                failed[method, path] = answer.status
    assert failed == {}
