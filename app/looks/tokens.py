"""Reading design tokens of NL Design System: what we know becomes our two colours, line by line.

Token files come as trees (Style Dictionary, with ``value``, or the Design Tokens format, with ``$value``), as flat
objects (``"utrecht-button-...": "#..."``), or as CSS custom properties (``--utrecht-button-...: #...;``). A value may
point at another token, ``{voorbeeld.color.blue.500}``. Names differ between municipalities by their first word only, so
that is left out. Source of the names: the components of the Utrecht and Rijkshuisstijl communities, Open Formulieren,
and the brand tokens of the themes that NL Design System publishes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.errors import Invalid
from app.looks import palette
from app.looks.palette import NotAColour

FIELD: Final = "tokens"
SENT_CHARACTERS_MAX: Final = 200_000
LEAVES_MAX: Final = 6_000
DEEP_MAX: Final = 24
TOLD_MAX: Final = 200
"""Lines that are told one by one; of the rest the number."""
CUSTOM: Final = re.compile(r"(?<![\w-])--([\w-]{1,120})\s*:\s*([^;{}]{1,200})(?=[;}]|$)")
REFERENCE: Final = re.compile(r"\{([^{}]{1,200})\}|var\(\s*--([\w-]{1,120})\s*(?:,[^()]*)?\)")
RGB: Final = re.compile(
    r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*(1|1\.0|100%))?\s*\)"
)
_PART: Final = r"(\d{1,3}(?:\.\d{1,2})?)"
HSL: Final = re.compile(rf"hsla?\(\s*{_PART}(?:deg)?\s*[, ]\s*{_PART}%\s*[, ]\s*{_PART}%\s*\)")


class Role(StrEnum):
    """Which of our two colours a token speaks of."""

    ROSE = "rose"
    """What one does: the main button."""
    GREEN = "green"
    """What one knows and where one goes: links, facts."""


class Outcome(StrEnum):
    """What became of one line."""

    TAKEN = "taken"
    SECOND = "second"
    """Known, but another line speaks louder about the same."""
    OURS = "ours"
    """About something that is the same for every municipality: type, sizes, error, focus."""
    UNKNOWN = "unknown"
    NO_COLOUR = "no-colour"


# Without the first word; the first that is found wins.
KNOWN: Final[dict[Role, tuple[str, ...]]] = {
    Role.ROSE: (
        "button.primary-action.background-color",
        "button.primary.background-color",
        "button.primary.bg",
        "button.primary.color.bg",
        "action-button.background-color",
        "color.action-1.color-default",
        "color.action-1.bg-default",
        "color.accent-1.color-default",
        "color.accent-1.bg-default",
        "color.primary.action",
        "button.background-color",
        "color.primary.500",
        "color.primary",
        "color.brand.primary",
        "brand.primary",
    ),
    Role.GREEN: (
        "link.color",
        "link.fg",
        "link.color.default",
        "color.link",
        "color.accent-2.color-default",
        "page-header.background-color",
        "navigation.background-color",
        "nav-bar.background-color",
        "footer.background-color",
        "page-footer.background-color",
        "footer.bg",
        "color.secondary.500",
        "color.secondary",
        "color.brand.secondary",
        "brand.secondary",
    ),
}
OURS: Final = (
    "font", "line-height", "letter-spacing", "text-decoration", "border-radius", "border-width", "padding", "margin",
    "gap", "size", "spacing", "space", "outline", "focus", "invalid", "error", "danger", "negative", "warning",
    "success", "positive", "shadow", "breakpoint", "z-index", "weight",
)  # fmt: skip
"""Parts of a name that belong to what no municipality changes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One token: its name, what stood there, the colour that was read, and what became of it."""

    name: str
    value: str
    outcome: Outcome
    role: Role | None = None
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found: the two colours as far as they were there, and every line that was read."""

    lines: list[Line]
    more: int
    """Lines that are not told one by one."""

    def of(self, role: str) -> str:
        """The colour of this role, or empty."""
        taken = (line.colour for line in self.lines if line.role == role and line.outcome is Outcome.TAKEN)
        return next(taken, "")

    def count(self, outcome: Outcome) -> int:
        """How many of the told lines ended so."""
        return sum(line.outcome is outcome for line in self.lines)


def read(typed: str) -> Reading:
    """What the tokens say. Raises Invalid: tokens-missing, tokens-large, tokens-form, tokens-none."""
    if not typed.strip():
        raise _wrong("tokens-missing")
    if len(typed) > SENT_CHARACTERS_MAX:
        raise _wrong("tokens-large")
    values = _values(typed)
    if not values:
        raise _wrong("tokens-none")
    return _judged(values)


def _wrong(code: str) -> Invalid:
    return Invalid(details={FIELD: code})


def _values(typed: str) -> dict[str, str]:
    """Every leaf by its dotted name, in the order in which they stand."""
    text = typed.strip().removeprefix("\ufeff")
    if not text.startswith(("{", "[")):
        found = {name.replace("_", "-"): value.strip() for name, value in CUSTOM.findall(text)}
        if not found:
            raise _wrong("tokens-form")
        return found
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise _wrong("tokens-form") from broken
    if not isinstance(tree, dict):
        raise _wrong("tokens-form")
    return {_shown(name): _shown(value) for name, value in _leaves(tree)}


def _shown(text: str) -> str:
    """What JSON can write as half a sign, no page can show."""
    return text.encode("utf-8", "replace").decode()


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values, wherever a ``value`` or ``$value`` stands, or a plain text under a name; not recursive."""
    waiting: list[tuple[str, Any, int]] = [("", tree, 0)]
    count = 0
    while waiting:
        path, node, depth = waiting.pop()
        if depth > DEEP_MAX:
            continue
        if isinstance(node, Mapping):
            if any(isinstance(node.get(sign), str | int | float) for sign in ("$value", "value")):
                node = node.get("$value", node.get("value"))
            else:
                inner = [(f"{path}.{key}" if path else str(key), child, depth + 1) for key, child in node.items()
                         if not str(key).startswith("$")]  # fmt: skip
                waiting.extend(reversed(inner))
                continue
        if isinstance(node, str | int | float) and not isinstance(node, bool):
            count += 1
            if count > LEAVES_MAX:
                raise _wrong("tokens-large")
            yield path.removeprefix("--"), str(node)[:200]


def _judged(values: dict[str, str]) -> Reading:
    names = {_plain(name): name for name in values}
    best = {role: _best(role, names, values) for role in Role}
    told: list[Line] = []
    for name, value in values.items():
        told.append(_line(name, value, values, names, best))
    # what says something comes first; the rest in the order of the file
    order = {Outcome.TAKEN: 0, Outcome.SECOND: 1, Outcome.NO_COLOUR: 2, Outcome.UNKNOWN: 3, Outcome.OURS: 4}
    told.sort(key=lambda line: order[line.outcome])
    return Reading(told[:TOLD_MAX], max(0, len(told) - TOLD_MAX))


def _line(
    name: str, value: str, values: dict[str, str], names: dict[str, str], best: dict[Role, str]
) -> Line:
    plain = _plain(name)
    for role in Role:
        if any(_fits(plain, known) for known in KNOWN[role]):
            found = _colour(value, values, names)
            if not found:
                return Line(name, value, Outcome.NO_COLOUR, role)
            taken = best[role] == name
            return Line(name, value, Outcome.TAKEN if taken else Outcome.SECOND, role, found)
    if any(part in plain for part in OURS):
        return Line(name, value, Outcome.OURS)
    return Line(name, value, Outcome.UNKNOWN)


def _best(role: Role, names: dict[str, str], values: dict[str, str]) -> str:
    """The token that speaks loudest about this role, and is a colour."""
    for known in KNOWN[role]:
        for plain, name in names.items():
            if _fits(plain, known) and _colour(values[name], values, names):
                return name
    return ""


def _plain(name: str) -> str:
    """``utrecht.button.primary-action.background-color`` and ``--utrecht-button-primary-action-background-color``
    and ``utrechtButtonPrimaryActionBackgroundColor`` are one name: with hyphens only."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return re.sub(r"[._\s/-]+", "-", spaced).strip("-").lower()


def _fits(plain: str, known: str) -> bool:
    """Whether the name is the known one, or that with one or two words of its owner before it."""
    wanted = known.replace(".", "-")
    if plain == wanted:
        return True
    owner, found, rest = plain.rpartition(f"-{wanted}")
    return bool(found) and not rest and owner.count("-") <= 1


def _colour(value: str, values: dict[str, str], names: dict[str, str]) -> str:
    """The colour as ``#rrggbb``, through as many references as a file may honestly have; empty where it is none."""
    for _ in range(DEEP_MAX):
        pointed = REFERENCE.fullmatch(value.strip())
        if pointed is None:
            return _literal(value.strip())
        name = (pointed[1] or pointed[2]).removesuffix(".value")
        target = names.get(_plain(name))
        if target is None or values[target] == value:
            return ""
        value = values[target]
    return ""


def _literal(value: str) -> str:
    numbers = RGB.fullmatch(value.lower())
    if numbers is not None:
        parts = [int(numbers[place]) for place in (1, 2, 3)]
        return "#" + "".join(f"{part:02x}" for part in parts) if max(parts) < 256 else ""
    turned = HSL.fullmatch(value.lower())
    if turned is not None:
        hue, saturation, lightness = (float(turned[place]) for place in (1, 2, 3))
        return palette.from_hsl(hue, saturation / 100, lightness / 100)
    if not value.startswith("#"):
        return ""
    try:
        return palette.hexadecimal(value.removesuffix("ff") if len(value) == 9 else value)
    except NotAColour:
        return ""
