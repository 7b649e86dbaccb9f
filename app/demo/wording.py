"""Texts put together from hand-written fragments; none is said too often.

A file has blocks (``# key``), lines of a sort (one capital) and, after ``=``, variables that hold their value
through one text: ``= wie man/hem|vrouw/haar`` gives ``{wie}`` and ``{wie.1}``. ``{a|b}`` is a choice.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from random import Random

MOST = 5
"""Times that one sentence may be said in the whole region."""
WANTED = 3
_CHOICE = re.compile(r"\{([^{}]*)\}")

Block = dict[str, tuple[str, ...]]


class Exhausted(RuntimeError):
    """Every sentence of this sort was said as often as it may be."""


@cache
def fragments(*names: str) -> dict[str, Block]:
    """The blocks of these files, by key: the templates of each sort, variables under ``=``."""
    blocks: dict[str, Block] = {}
    key = ""
    for name in names:
        for line in (files("app.demo") / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            sort, _, rest = line.partition(" ")
            if sort == "#":
                key = rest
                blocks[key] = {}
            elif line:
                blocks[key][sort] = (*blocks[key].get(sort, ()), rest)
    return blocks


def variables(block: Block) -> dict[str, list[list[str]]]:
    """The values of each variable of a block, each in its forms."""
    named = (line.partition(" ") for line in block.get("=", ()))
    return {name: [value.split("/") for value in values.split("|")] for name, _, values in named}


def expansions(template: str, held: dict[str, list[list[str]]]) -> Iterator[str]:
    """Everything that one template can say."""
    parts = _CHOICE.split(template)
    spoken = [name for name in held if any(part.split(".")[0] == name for part in parts[1::2])]
    for values in product(*(held[name] for name in spoken)):
        bound = dict(zip(spoken, values, strict=True))
        choices = [_options(part, bound) if odd % 2 else [part] for odd, part in enumerate(parts)]
        yield from map("".join, product(*choices))


def _options(part: str, bound: dict[str, list[str]]) -> list[str]:
    name, _, form = part.partition(".")
    return [bound[name][int(form or 0)]] if name in bound else part.split("|")


class Voice:
    """Says sentences of one file's blocks, and counts them over all files."""

    said: Counter[str]

    def __init__(self, random: Random, said: Counter[str], *names: str) -> None:
        self._random, self.said = random, said
        self._blocks = fragments(*names)
        self._bound: dict[str, list[str]] = {}

    def begin(self, key: str) -> None:
        """A new text: variables may take another value."""
        held = variables(self._blocks.get(key, {}))
        self._bound = {name: self._random.choice(values) for name, values in held.items()}

    def say(self, key: str, sort: str) -> str:
        """One sentence; raises Exhausted."""
        templates = self._blocks.get(key, {}).get(sort, ())
        for _ in range(24 if templates else 0):
            sentence = self._expand(self._random.choice(templates))
            if self.said[sentence] < WANTED:
                return self._count(sentence)
        held = {name: [value] for name, value in self._bound.items()}
        rest = [s for t in templates for s in expansions(t, held) if self.said[s] < MOST]
        if not rest:
            raise Exhausted(f"{key} {sort}")
        return self._count(min(rest, key=self.said.__getitem__))

    def may_say(self, key: str, sort: str) -> str:
        """One sentence, or nothing when all were said often enough."""
        try:
            return self.say(key, sort)
        except Exhausted:
            return ""

    def _count(self, sentence: str) -> str:
        self.said[sentence] += 1
        return sentence

    def _expand(self, template: str) -> str:
        return _CHOICE.sub(lambda found: self._random.choice(_options(found[1], self._bound)), template)
