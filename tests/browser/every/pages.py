"""Every page that the router knows, opened as those who may see it: what is added tomorrow is looked at tomorrow."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from zlib import crc32

from tests.app.matrix.asking import QUERIES, SEARCHES, Asking
from tests.app.matrix.filled import forms
from tests.app.matrix.test_every_cell import COLUMNS, may

LONG = bool(os.environ.get("ZVE_TEST_LONG"))
FIRST = ("asker", "helper", "visitor")
"""Whose page is looked at where one is enough."""
EMPTY_HANDED = "neighbour"
"""Who asked and offered nothing: for them lists are empty. In a short run they look at a part."""
ALSO = ("visitor", "asker", "broker")
"""A page for all looks different without a name, with one, and for who works at a desk."""
OURS_ALONE = re.compile(
    r'(name="(?:csrf|sleutel|key|challenge)" value="[^"]*"|(?:nonce|data-ends)="[^"]*"'
    r"|\?v=\w+|[0-9a-f]{8}-[0-9a-f-]{27})"
)
GONE = (410, 503)
LONG_WORD = "Meervoudigepersoonlijkheidsstoornisbehandelingsovereenkomst" * 12
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "path", "circle", "rect", "line", "use", "polygon", "polyline", "ellipse",
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A page as somebody gets it."""

    route: str
    who: str
    path: str
    html: str

    @property
    def name(self) -> str:
        """For whoever reads a failure."""
        return f"{self.route.removeprefix('GET ')} as {self.who}"

    @property
    def at_a_desk(self) -> bool:
        """Where who works here reads: smaller letters, other words."""
        return '<body class="desk"' in self.html


def sheets(asking: Asking, only: str = "/") -> list[Sheet]:
    """Of every route that answers with a page, who sees something of their own; one of them in a short run.

    ``only`` is how their addresses begin.
    """
    found: list[Sheet] = []
    for route in may():
        if route.startswith(f"GET {only}") and "/api/" not in route:
            found += _as_those_who_may(asking, route)
    return found


def _as_those_who_may(asking: Asking, route: str) -> Iterator[Sheet]:
    allowed = [who for who in COLUMNS if who in may()[route]]
    first = [who for who in FIRST if who in allowed]
    seen: set[str] = set()
    for who in [*first, *(who for who in allowed if who not in first)]:
        if seen and not LONG and (who != EMPTY_HANDED or crc32(route.encode()) % 4):
            continue
        if len(seen) >= len(ALSO) and len(allowed) == len(COLUMNS) and who not in ALSO:
            continue
        answer = asking.ask_and_undo(who, route)
        if answer.status == 200 and not answer.kind.startswith("text/html"):
            return  # a paper or a file, which it is for everybody
        if answer.status in GONE and not LONG:
            return  # a link that ended and a provider that is away are so for everybody
        if answer.status != 200:
            continue
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        mark = sha256(OURS_ALONE.sub("", main).encode()).hexdigest()
        if mark not in seen:
            seen.add(mark)
            yield Sheet(route, who, path_of(asking, route), answer.text)


def to_be_mended(asking: Asking) -> list[Sheet]:
    """Every form that comes back: with a word too long for any line where words are asked, and else nothing."""
    found = []
    for number, (route, model) in enumerate(forms().items()):
        if not LONG and number % 6:
            continue
        fields = model.model_json_schema(by_alias=True).get("properties", {})
        typed = {name: LONG_WORD if field.get("type") == "string" else "" for name, field in fields.items()}
        allowed = [who for who in COLUMNS if who in may().get(route, ())]
        for who in sorted(allowed, key=lambda each: each not in FIRST)[:1]:
            answer = asking.ask_and_undo(who, route, **typed)
            if answer.status in (409, 422) and answer.kind.startswith("text/html"):
                found.append(Sheet(route, who, asking.address(route), answer.text))
    return found


def path_of(asking: Asking, route: str) -> str:
    """The address as a browser asks it."""
    query = (QUERIES | SEARCHES).get(route, "")
    return asking.address(route) + (f"?{query}" if query else "")


def every_nth(found: list[Sheet], n: int, turn: int = 0) -> list[Sheet]:
    """A part of the pages in a short run; all in a long one."""
    return found if LONG else found[turn % n :: n]


@dataclass(frozen=True)
class Text:
    """Words that stand together, in which language, and within which elements."""

    words: str
    lang: str
    within: tuple[str, ...]


class Reading(HTMLParser):
    """What stands on a page, with the language that it says it is in."""

    SILENT = frozenset({"script", "style", "template", "textarea", "svg", "option"})
    """What is not read, is drawn, or is typed by somebody."""
    INLINE = frozenset(
        {"a", "b", "em", "strong", "span", "small", "time", "abbr", "i", "br", "output", "code"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Text] = []
        self._stack: list[tuple[str, str]] = []
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang = given.get("lang") or (self._stack[-1][1] if self._stack else "")
        if tag not in self.INLINE or lang != (self._stack[-1][1] if self._stack else ""):
            self._end()
        for said in ("aria-label", "placeholder", "title", "alt"):
            if words := (given.get(said) or "").strip():
                self.found.append(Text(words, lang, self._within))
        if tag not in VOID:
            self._stack.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in self._within:
            return
        before = self._stack[-1][1]
        if tag not in self.INLINE:
            self._end()
        while self._stack:
            if before != self._stack[-1][1]:
                self._end()
            if self._stack.pop()[0] == tag:
                break
        if self._stack and self._stack[-1][1] != before:
            self._end(before)

    def handle_data(self, data: str) -> None:
        if not self.SILENT.intersection(self._within):
            self._words.append(data)

    def close(self) -> None:
        self._end()
        super().close()

    @property
    def _within(self) -> tuple[str, ...]:
        return tuple(tag for tag, _ in self._stack)

    def _end(self, lang: str | None = None) -> None:
        words = " ".join(" ".join(self._words).split())
        self._words.clear()
        if words:
            said = lang if lang is not None else (self._stack[-1][1] if self._stack else "")
            self.found.append(Text(words, said, self._within))


def read(html: str) -> list[Text]:
    """The words of a page, one for each line or paragraph."""
    reading = Reading()
    reading.feed(html)
    reading.close()
    return reading.found


def main_of(texts: Iterable[Text]) -> list[Text]:
    """Those of the page itself, without head and foot."""
    return [text for text in texts if "main" in text.within]
