"""What people ask of a region at once: 80 % reading, 15 % matching, 5 % booking, drawn with a seed."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

API: Final = "/api/v1"
HOUSEHOLDS: Final = 4_000
"""From so many addresses, for a pace is counted by address."""
PAGES: Final = 3
"""So far people leaf through a list."""


class Act(StrEnum):
    """One kind of request."""

    LIST = "reading: a page of what is asked"
    ONE = "reading: one request"
    ACCOUNT = "reading: one's own account"
    FITTING = "matching: what fits a helper"
    GIVE = "booking: Roosjes for the pot"


PATHS: Final = {
    Act.ACCOUNT: f"{API}/roosjesrekeningen/mijn",
    Act.FITTING: f"{API}/passende-hulpvragen",
    Act.GIVE: f"{API}/roosjesrekeningen/mijn/schenkingen",
}
SHARES: Final = {Act.LIST: 35, Act.ONE: 30, Act.ACCOUNT: 15, Act.FITTING: 15, Act.GIVE: 5}


@dataclass(frozen=True, slots=True)
class World:
    """Whom and what the mix is about: tokens of helpers, keys of public requests, numbers of municipalities."""

    tokens: tuple[str, ...]
    requests: tuple[str, ...]
    municipalities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it goes over the wire, from a house in the region through the proxy."""

    act: Act
    path: str
    token: str = ""
    body: bytes = b""
    key: str = ""
    house: int = 0

    @property
    def wire(self) -> bytes:
        """Its bytes."""
        lines = [
            f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1",
            "Host: zorgvoorelkaar.example",
            f"X-Forwarded-For: 10.1.{self.house // 250}.{self.house % 250}",
        ]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
            lines.append(f"Idempotency-Key: {self.key}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def drawn(world: World, seed: str) -> Iterator[Asked]:
    """Without end; the same for the same seed."""
    chance = random.Random(seed)
    acts, weights = list(SHARES), list(SHARES.values())
    number = 0
    while True:
        number += 1
        yield asked(world, chance, chance.choices(acts, weights)[0], f"{seed}-{number}")


def asked(world: World, chance: random.Random, act: Act, key: str) -> Asked:
    """One of a kind, of somebody."""
    house, token = chance.randrange(HOUSEHOLDS), chance.choice(world.tokens)
    match act:
        case Act.LIST:
            where = f"van={chance.choice(world.municipalities)}&pagina={chance.randint(1, PAGES)}"
            return Asked(act, f"/hulpvragen?{where}", house=house)
        case Act.ONE:
            return Asked(act, f"/hulpvragen/{chance.choice(world.requests)}", house=house)
        case Act.GIVE:
            return Asked(act, PATHS[act], token, json.dumps({"minuten": 1}).encode(), key, house)
        case _:
            return Asked(act, PATHS[act], token, house=house)
