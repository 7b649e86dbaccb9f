"""Disjoint rings among people who ask and offer, with the bound that says how good they are."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from matching.borders import Borders
from matching.errors import BadRow, DuplicateId, NotWhole, OutOfRange
from matching.rings.bound import upper_bound
from matching.rings.exact import best_rings
from matching.rings.graph import Graph, graph_of
from matching.rings.plan import Plan
from matching.rings.search import search
from matching.rings.types import LONGEST, Member, Ring, Rings
from matching.rings.worth import SHORTEST, Path, arcs_of, chords
from matching.types import Offer, Request
from matching.validation import is_whole

MOST_MEMBERS = 30_000
"""Rows of bits grow with the square: at this number they take 225 MB."""


def find_rings(
    members: Sequence[Member], borders: Borders, *, longest: int = LONGEST, seed: int = 0
) -> Rings:
    """As many people as can be in disjoint rings of 2..`longest`, then the firmer and better ones.

    Proven optimal where the rings are few enough to weigh all sets of them; otherwise greedy and local search,
    the same for the same seed. Raises NotWhole or OutOfRange for `longest` or too many members, DuplicateId for a
    member or row that comes twice, BadRow for a faulty row or one of somebody else.
    """
    check(members, longest)
    return rings_of(graph_of(members, borders, seed), longest, seed)


def check(members: Sequence[Member], longest: int) -> None:
    """Raise for what `find_rings` refuses, rows' own faults excepted."""
    if not is_whole(longest):
        raise NotWhole(None, "longest", longest)
    if not SHORTEST <= longest <= LONGEST:
        raise OutOfRange(None, "longest", longest)
    if len(members) > MOST_MEMBERS:
        raise OutOfRange(None, "members", len(members))
    twice = [person for person, times in Counter(member.person_id for member in members).items() if times > 1]
    if twice:
        raise DuplicateId(twice[0], "person_id", str(twice[0]))
    for member in members:
        rows: list[Offer | Request] = [*member.offers, *member.requests]
        for row in rows:
            if row.person_id != member.person_id:
                raise BadRow(row.id, "person_id", row.person_id)


def rings_of(graph: Graph, longest: int = LONGEST, seed: int = 0) -> Rings:
    """The rings of a graph that stands."""
    bound = upper_bound(graph)
    proven = best_rings(graph, longest)
    found = search(graph, Plan.of(len(graph), longest, seed)) if proven is None else proven
    served = sum(len(ring) for ring in found)
    optimal = proven is not None or served == bound
    return Rings(_told(graph, sorted(map(_from_lowest, found))), served, bound, optimal)


def _told(graph: Graph, rings: list[Path]) -> tuple[Ring, ...]:
    """With people, offers and requests instead of numbers."""
    arcs = iter(graph.arcs([pair for ring in rings for pair in arcs_of(ring)]))
    return tuple(Ring(tuple(islice(arcs, len(ring))), chords(graph, ring)) for ring in rings)


def _from_lowest(ring: Path) -> Path:
    start = ring.index(min(ring))
    return ring[start:] + ring[:start]
