"""Whether both programs answer the same: pages to the letter, lists by key and score, bookings once for a key."""

import asyncio
import json
import random
import re
from dataclasses import dataclass
from typing import Any, Final

from bench.load.driver import Line
from bench.load.mix import Act, Asked, World, asked

CHANGES: Final = re.compile(rb'nonce="[^"]*"|name="csrf" value="[^"]*"')
"""All that differs between two answers of one page. The bare program guards no form."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One program's."""

    status: int
    headers: dict[str, str]
    body: bytes


def compared(ours: str, bare: str, world: World, each: int, seed: str) -> dict[str, dict[str, int]]:
    """Of each kind so many: how many were answered alike."""
    return asyncio.run(_compared(Line(ours), Line(bare), world, each, seed))


async def _compared(ours: Line, bare: Line, world: World, each: int, seed: str) -> dict[str, dict[str, int]]:
    found = {}
    for act in Act:
        chance = random.Random(f"{seed} {act}")
        like = 0
        for number in range(each):
            one = asked(world, chance, act, f"same {seed} {number}".replace(" ", "-"))
            like += await (_books_alike if act is Act.GIVE else _alike)(ours, bare, one)
        found[str(act)] = {"same": like, "of": each}
    await ours.close()
    await bare.close()
    return found


async def _alike(ours: Line, bare: Line, one: Asked) -> bool:
    mine, theirs = Answer(*await ours.ask(one.wire)), Answer(*await bare.ask(one.wire))
    if (mine.status, theirs.status) != (200, 200):
        return False
    if one.act is Act.FITTING:
        return _same_list(json.loads(mine.body), json.loads(theirs.body), theirs.headers["scores"])
    if one.act is Act.ACCOUNT:
        return bool(json.loads(mine.body) == json.loads(theirs.body))
    return CHANGES.sub(b"", mine.body) == CHANGES.sub(b"", theirs.body)


def _same_list(mine: list[Any], theirs: list[Any], scores: str) -> bool:
    """The same at the same scores; whoever scores alike may change places, and at the end there may be more of them."""
    told = [int(score) for score in scores.split()]
    if len(mine) != len(theirs):
        return False
    last = told[-1] if told else 0
    known = {_key(line): (score, line) for line, score in zip(theirs, told, strict=True)}
    for line, score in zip(mine, told, strict=True):
        other = known.get(_key(line))
        if other is None and score == last:
            continue
        if other != (score, line):
            return False
    return True


def _key(line: dict[str, Any]) -> str:
    return str(line["hulpvraag"]["id"])


async def _books_alike(ours: Line, bare: Line, one: Asked) -> bool:
    """One gift through each: either takes a minute, and neither takes it twice for one key."""
    balances = []
    for name, line in (("ours", ours), ("bare", bare)):
        gift = Asked(one.act, one.path, one.token, one.body, f"{name}-{one.key}", one.house)
        first, again = Answer(*await line.ask(gift.wire)), Answer(*await line.ask(gift.wire))
        if (first.status, again.status, again.headers.get("idempotency-hit")) != (201, 200, "true"):
            return False
        if json.loads(first.body) != json.loads(again.body):
            return False
        balances.append(json.loads(first.body)["saldoMinuten"])
    return bool(balances[0] - 1 == balances[1])
