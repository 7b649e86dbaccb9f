"""Statistical disclosure control: which counts of a release may be shown, so that no small group can be computed.

A release is one set of tables over the same people: a whole, its parts by each dimension, and some crossings of two
dimensions. A count of fewer than five people is hidden (primary). What is hidden could still be found by subtraction:
from a total, through a filter (the same count under another dimension), by area, by month, or from what an earlier
release showed. So other counts are hidden with it (secondary), until nothing that is hidden can be known to within
five: every hidden count could be at least five more or less, by all that is shown together. Zero is small too.

The tables hang together as a tree: two crossings share at most the dimension between them. Then what can be known of
the counts is known from their sums alone, and a linear program per group of hidden counts that hang together tells the
least and the most that each can be (the feasibility interval of Fischetti and Salazar, 2001). Which of the hidden
counts were small is not told.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any, Final

LEAST: Final = 5
NEARLY: Final = 1e-6
NO_MORE: Final = 10_000_000
"""What no count is above."""
ROUNDS: Final = 20
"""How often the sums are gone through before they are asked all together."""

Key = tuple[tuple[str, str], ...]
"""What a count is of: a value for each of some dimensions, by name; () is the whole."""
Shown = dict[Key, int | None]
WHOLE: Final[Key] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is counted: whose it is (of help: who asked and who helped), and its value in every dimension."""

    people: tuple[Hashable, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A whole and its parts, which add up to it."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """All of it."""
        return (self.whole, *self.parts)


@dataclass(frozen=True, slots=True)
class Tables:
    """Every count of a release, whose they are, and how they add up."""

    counts: dict[Key, int]
    people: dict[Key, tuple[frozenset[Hashable], ...]]
    """Each side by itself: who asked, who helped."""
    lines: tuple[Line, ...]

    def few(self, of: Iterable[Key]) -> bool:
        """Whether these together are of fewer than five people, on any side; nobody is few."""
        sides = list(zip(*(self.people[one] for one in of if self.people[one]), strict=True))
        return not sides or any(len(frozenset[Hashable]().union(*side)) < LEAST for side in sides)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which tables a release has: dimensions and pairs of them, and which dimension is told finer by another."""

    faces: tuple[tuple[str, ...], ...]
    finer: Mapping[str, str] = field(default_factory=dict)
    """``{"wait": "helped"}``: each value of ``wait`` has one value of ``helped``."""
    zeros: bool = True
    """Whether nobody at all is a count too. Without them a reader is taken to know where there was nobody, which hides
    a little more, and is far cheaper where most crossings are empty."""


def key(**values: str) -> Key:
    """What a count is of: ``key(theme="Vervoer")``."""
    return tuple(sorted(values.items()))


def tabulate(plan: Plan, rows: Iterable[Row]) -> Tables:
    """Count the rows into the tables of the plan."""
    counts: dict[Key, int] = {WHOLE: 0}
    people: dict[Key, list[set[Hashable]]] = {}
    values: dict[str, set[str]] = defaultdict(set)
    within: dict[str, str] = {}
    rows = list(rows)
    for face in ((), *plan.faces):
        names = sorted(face)
        alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            alike[tuple([row.values[name] for name in names])].append(row)
        for own, counted in alike.items():
            of = tuple(zip(names, own, strict=True))
            counts[of] = len(counted)
            people[of] = [set(side) for side in zip(*(row.people for row in counted), strict=True)]
    for row in rows:
        for name, value in row.values.items():
            values[name].add(value)
        for fine, coarse in plan.finer.items():
            within[row.values[fine]] = row.values[coarse]
    if plan.zeros:
        _fill_with_zeros(plan, values, counts)
    lines = tuple(_lines(plan, values, within, counts))
    whose = {of: tuple(frozenset(side) for side in people.get(of, ())) for of in counts}
    return Tables(counts, whose, lines)


def _fill_with_zeros(plan: Plan, values: Mapping[str, set[str]], counts: dict[Key, int]) -> None:
    for face in plan.faces:
        for of in _crossed(face, values):
            counts.setdefault(of, 0)


def _crossed(face: Sequence[str], values: Mapping[str, set[str]]) -> list[Key]:
    found: list[Key] = [WHOLE]
    for name in face:
        found = [tuple(sorted((*of, (name, value)))) for of in found for value in sorted(values[name])]
    return found


def _lines(
    plan: Plan, values: Mapping[str, set[str]], within: Mapping[str, str], counts: Mapping[Key, int]
) -> Iterator[Line]:
    faces: set[frozenset[str]] = {frozenset(face) for face in plan.faces} | {frozenset()}
    for face in plan.faces:
        for name in face:
            rest = [other for other in face if other != name]
            coarse = plan.finer.get(name)
            for of in _crossed(rest, values):
                crossed = {value: tuple(sorted((*of, (name, value)))) for value in sorted(values[name])}
                parts = {value: part for value, part in crossed.items() if part in counts}
                if coarse is not None and frozenset((*rest, coarse)) in faces:
                    for whole in sorted(values[coarse]):
                        own = tuple(part for value, part in parts.items() if within[value] == whole)
                        if own:
                            yield Line(tuple(sorted((*of, (coarse, whole)))), own)
                elif frozenset(rest) in faces and parts:
                    yield Line(of, tuple(parts.values()))


def protect(tables: Tables, *, kept: Mapping[Key, bool] | None = None, secondary: bool = True) -> Shown:
    """Every count, or None where it stays hidden.

    ``kept`` says what earlier releases did: what they showed is known for good, what they hid stays hidden. Without
    ``secondary`` only small counts are hidden, which is not enough: it is there for who wants to see that.
    """
    kept = kept or {}
    fixed = {of for of, shown in kept.items() if shown}
    hidden = {of for of in tables.counts if of not in fixed and tables.few([of])}
    hidden |= {of for of, shown in kept.items() if not shown}
    if secondary:
        _hide_more(tables, hidden, fixed)
    return {of: None if of in hidden else count for of, count in tables.counts.items()}


def _hide_more(tables: Tables, hidden: set[Key], fixed: set[Key]) -> None:
    around: dict[Key, list[Line]] = defaultdict(list)
    for line in tables.lines:
        for of in line.keys:
            around[of].append(line)
    safe: set[frozenset[Key]] = set()
    # what was found possible stays so when more is hidden: nothing is asked twice
    ends = {of: [float(count), float(count)] for of, count in tables.counts.items()}
    while True:
        more = _of_few_people(tables, hidden, fixed)
        for group in _groups(tables.lines, hidden):
            if group in safe:
                continue
            narrow = _narrow(tables, group, around, ends)
            if not narrow:
                safe.add(group)
                continue
            one = _next_to(narrow, tables, around, hidden, fixed) or _next_to(
                group, tables, around, hidden, fixed
            )
            if one is not None:
                more.add(one)
        if not more - hidden:
            return
        hidden |= more


def _of_few_people(tables: Tables, hidden: set[Key], fixed: set[Key]) -> set[Key]:
    """What is hidden of a line whose whole is shown adds up to a count that anybody can make: not of a few people."""
    more: set[Key] = set()
    for line in tables.lines:
        parts = [part for part in line.parts if part in hidden]
        if line.whole in hidden or not parts:
            continue
        if tables.few(parts):
            rest = [of for of in line.keys if of not in hidden and of not in fixed]
            if rest:
                more.add(min(rest, key=lambda of: _missed(tables, of)))
    return more


def _groups(lines: Sequence[Line], hidden: set[Key]) -> list[frozenset[Key]]:
    """Hidden counts that hang together through lines."""
    head: dict[Key, Key] = {of: of for of in hidden}

    def find(of: Key) -> Key:
        while head[of] != of:
            head[of] = of = head[head[of]]
        return of

    for line in lines:
        own = [of for of in line.keys if of in hidden]
        for other in own[1:]:
            head[find(other)] = find(own[0])
    groups: dict[Key, set[Key]] = defaultdict(set)
    for of in hidden:
        groups[find(of)].add(of)
    return [frozenset(group) for group in groups.values()]


def _next_to(
    group: Iterable[Key],
    tables: Tables,
    around: Mapping[Key, list[Line]],
    hidden: set[Key],
    fixed: set[Key],
) -> Key | None:
    """What is shown in a line with one of these, and is missed least: a crossing before a sum, the smallest first."""
    found = {
        of
        for one in group
        for line in around[one]
        for of in line.keys
        if of not in hidden and of not in fixed
    }
    return min(
        found,
        key=lambda of: (
            -len(of),
            -sum(any(one in hidden for one in line.keys) for line in around[of]),
            tables.counts[of],
            of,
        ),
        default=None,
    )


def _missed(tables: Tables, of: Key) -> tuple[int, int, Key]:
    return -len(of), tables.counts[of], of


Ends = dict[Key, list[float]]
"""The least and the most that each count was found to be able to be, by all that is shown."""


def _narrow(tables: Tables, group: frozenset[Key], around: Mapping[Key, list[Line]], ends: Ends) -> set[Key]:
    """Which of a group can be known to within five, by all that is shown."""
    names = sorted(group)
    if all(_wide(*ends[of]) for of in names):
        return set()
    places = {of: place for place, of in enumerate(names)}
    lines = list(dict.fromkeys(line for of in names for line in around[of]))
    if not lines:
        return set()
    sums = [_equation(line, places, tables.counts) for line in lines]
    return {names[place] for place in _known(sums, [ends[of] for of in names])}


def _wide(low: float, high: float) -> bool:
    return floor(high + NEARLY) - ceil(low - NEARLY) >= LEAST


Equation = tuple[dict[int, int], int]
"""Hidden counts by place with their sign, and what they add up to."""


def _equation(line: Line, places: Mapping[Key, int], counts: Mapping[Key, int]) -> Equation:
    signs: dict[int, int] = {}
    known = 0
    for of, sign in ((line.whole, -1), *((part, 1) for part in line.parts)):
        if of in places:
            signs[places[of]] = sign
        else:
            known -= sign * counts[of]
    return signs, known


def _within(sums: Sequence[Equation], count: int) -> list[tuple[int, int]]:
    """A least and a most for each place that no answer goes beyond, sum by sum: often enough to know, and cheap."""
    least, most = [0] * count, [NO_MORE] * count
    for _ in range(ROUNDS):
        before = least.copy(), most.copy()
        for signs, known in sums:
            # of a sum and one of its parts, the rest says between what that part is
            low = sum(least[place] if sign > 0 else -most[place] for place, sign in signs.items())
            high = sum(most[place] if sign > 0 else -least[place] for place, sign in signs.items())
            for place, sign in signs.items():
                own = (least[place], most[place]) if sign > 0 else (-most[place], -least[place])
                ends = sorted((sign * (known - high + own[1]), sign * (known - low + own[0])))
                least[place], most[place] = max(least[place], ends[0]), min(most[place], ends[1])
        if (least, most) == before:
            break
    return list(zip(least, most, strict=True))


def _known(sums: Sequence[Equation], ends: Sequence[list[float]]) -> set[int]:
    """Places whose least and most are less than five apart. What is true is one of the answers that are possible, and
    each corner that is found moves the ends of all of them at once."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    rows, columns, values = zip(
        *((row, place, sign) for row, (own, _) in enumerate(sums) for place, sign in own.items()), strict=True
    )
    matrix = csr_array((values, (rows, columns)), shape=(len(sums), len(ends)))
    right = np.array([known for _, known in sums], dtype=float)

    def push(cost: "np.ndarray[Any, Any]") -> None:
        answer = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, NO_MORE), method="highs")
        for own, value in zip(ends, answer.x, strict=True):
            own[0], own[1] = min(own[0], value), max(own[1], value)

    # most are far from narrow: a few corners, each away from half of them, show that of nearly all at once
    chance, closed = np.random.default_rng(0), len(ends) + 1
    while (left := sum(not _wide(*own) for own in ends)) and left < closed:
        closed = left
        signs = chance.choice((-1.0, 1.0), len(ends)) * [not _wide(*own) for own in ends]
        push(signs)
        push(-signs)
    narrow = {place for place, (least, most) in enumerate(_within(sums, len(ends))) if most - least < LEAST}
    for place, own in enumerate(ends):
        if place in narrow:
            continue
        for sign in (-1.0, 1.0):
            if _wide(*own):
                break
            cost = np.zeros(len(ends))
            cost[place] = sign
            push(cost)
        if not _wide(*own):
            narrow.add(place)
    return narrow
