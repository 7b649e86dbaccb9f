"""Somebody who collects everything that was ever shown, and computes with it: what do they know of small groups?

Written in other words than the protection: over the single crossings of all dimensions at once (who is in which theme
and month and area), not over the sums of the tables. Whoever knows nothing but the shown counts and that no count is
below zero can find exactly this much.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor

import numpy as np
from scipy.optimize import linprog

from app.reports.disclosure import LEAST, Key, Row


@dataclass(frozen=True, slots=True)
class Found:
    """A group of which the attacker knows that it is small: between these two."""

    of: tuple[Key, ...]
    least: int
    most: int


def _inside(of: Key, atom: Mapping[str, str]) -> bool:
    return all(atom[name] == value for name, value in of)


class Attacker:
    """Everything that was shown, over a population that the attacker does not see."""

    def __init__(self, rows: Sequence[Row], shown: Mapping[Key, int | None]) -> None:
        self.rows = rows
        self.atoms = self._atoms(rows)
        self.known = {of: count for of, count in shown.items() if count is not None}
        self.matrix = np.array([self._members((of,)) for of in self.known], dtype=float)
        self.right = np.array(list(self.known.values()), dtype=float)

    @staticmethod
    def _atoms(rows: Sequence[Row]) -> list[dict[str, str]]:
        names = sorted(rows[0].values)
        each = [sorted({row.values[name] for row in rows}) for name in names]
        # a waiting time has its own answer to "was anybody found": what never goes together is known not to
        together = {
            (one, two, row.values[one], row.values[two])
            for row in rows
            for one, two in (("wait", "helped"),)
            if one in row.values
        }
        atoms = [dict(zip(names, values, strict=True)) for values in product(*each)]
        if not together:
            return atoms
        return [atom for atom in atoms if ("wait", "helped", atom["wait"], atom["helped"]) in together]

    def _members(self, group: Iterable[Key]) -> list[int]:
        return [int(any(_inside(of, atom) for of in group)) for atom in self.atoms]

    def between(self, group: Sequence[Key]) -> tuple[int, int]:
        """The least and the most that the group can be, by all that is known."""
        members = np.array(self._members(group), dtype=float)
        if not len(self.known):
            return 0, 10**6
        ends = []
        for sign in (1.0, -1.0):
            answer = linprog(
                sign * members, A_eq=self.matrix, b_eq=self.right, bounds=(0, 10**6), method="highs"
            )
            ends.append(answer.fun * sign)
        return ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)

    def people(self, group: Sequence[Key]) -> int:
        """How many there are in truth."""
        inside = [row.people for row in self.rows if any(_inside(of, row.values) for of in group)]
        return min((len(set(side)) for side in zip(*inside, strict=True)), default=0)

    def finds(self, groups: Iterable[Sequence[Key]]) -> list[Found]:
        """Of which groups they know that fewer than five are in it, or exactly which few people's count it is."""
        found = []
        for group in groups:
            if self.people(group) >= LEAST:
                continue
            least, most = self.between(group)
            if most < LEAST or least == most:
                found.append(Found(tuple(group), least, most))
        return found
