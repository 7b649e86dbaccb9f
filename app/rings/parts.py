"""Rings among very many people: whole where one search holds them, else in parts, neighbours with neighbours."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from app.matches.index import SEED
from matching.borders import Borders
from matching.rings.find import MOST_MEMBERS, find_rings
from matching.rings.types import LONGEST, Member, Rings

MOST: Final = MOST_MEMBERS
log = logging.getLogger("zorgvoorelkaar.rings")


def find(members: Sequence[Member], borders: Borders, *, most: int = MOST) -> Rings:
    """Disjoint rings among them; in parts of at most so many people where they are more than that.

    Rings across two parts are then not looked for, and the bound is what is certain without a search: everybody.
    """
    if len(members) <= most:
        return find_rings(members, borders, longest=LONGEST, seed=SEED)
    parts = list(_parts(members, most))
    log.warning("%d people are more than one search for rings holds: %d parts", len(members), len(parts))
    found = [find_rings(part, borders, longest=LONGEST, seed=SEED) for part in parts]
    rings = tuple(ring for one in found for ring in one.rings)
    served = sum(one.served for one in found)
    return Rings(rings, served, len(members), served == len(members))


def _parts(members: Sequence[Member], most: int) -> Iterator[list[Member]]:
    """Whole municipalities together as long as they fit; one that is larger than a part is cut by where people live."""
    at_home: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        at_home[member.requests[0].municipality_id].append(member)
    part: list[Member] = []
    for _, own in sorted(at_home.items()):
        own.sort(key=lambda member: member.requests[0].cell)
        if part and len(part) + len(own) > most:
            yield part
            part = []
        part += own
        while len(part) > most:
            yield part[:most]
            part = part[most:]
    if part:
        yield part
