"""Linking files of addresses under a key that exists only here, and counting how often they meet.

Nothing in this module is written down anywhere: addresses come in as bytes, become a keyed hash line by line, and
what goes out are rows without one, which the caller counts. The key is made of a word of every organisation and of
chance, so that nobody can make it again, and is gone when the function returns.
"""

import csv
import hashlib
import hmac
import re
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from app.reports.disclosure import Plan, Row

POSTCODE: Final = re.compile(r"([1-9][0-9]{3})\s*-?\s*([A-Za-z]{2})")
NUMBER: Final = re.compile(r"[0-9]{1,5}")
ADDITION: Final = re.compile(r"[A-Za-z0-9 /-]{0,10}")
LINES_MAX: Final = 200_000
YES, NO = "yes", "no"
TOLD_LINES: Final = 20
"""So many numbers of wrong lines are told; what stands in them never is."""


class Unreadable(ValueError):
    """The file of the partner in this place is none of counts per address."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one file: how many lines were right, and the numbers of some that were not."""

    right: int
    wrong: int
    wrong_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """One row for each household, and what was read of each file."""

    rows: list[Row]
    read: tuple[Read, ...]


def plan(partners: int) -> Plan:
    """How often domains meet, and each domain by that: tables that share one dimension, so that they can be told."""
    domains = [domain(place) for place in range(partners)]
    crossed = tuple((name, "number") for name in domains)
    return Plan(faces=(("number",), ("provisions",), *((name,) for name in domains), *crossed))


def domain(place: int) -> str:
    """The name of a partner's dimension."""
    return f"d{place}"


def link(files: Sequence[bytes], words: Sequence[str]) -> Linked:
    """Link all files under one key. Raises Unreadable for a file that is none."""
    key = hashlib.sha256("\x00".join(words).encode() + secrets.token_bytes(32)).digest()
    met: dict[bytes, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    read = []
    for place, content in enumerate(files):
        right, wrong = 0, []
        for number, line in _lines(place, content):
            address = _address(line)
            if address is None:
                wrong.append(number)
                continue
            met[hmac.digest(key, address[0].encode(), "sha256")][place] += address[1]
            right += 1
        read.append(Read(right, len(wrong), tuple(wrong[:TOLD_LINES])))
    rows = [_row(number, found, len(files)) for number, found in enumerate(met.values())]
    return Linked(rows, tuple(read))


def _row(number: int, found: Mapping[int, int], partners: int) -> Row:
    """A household by its place in the counting, which says nothing of where it is."""
    meets, provisions = len(found), sum(found.values())
    values = {domain(place): YES if place in found else NO for place in range(partners)}
    values["number"] = str(min(meets, 3))
    values["provisions"] = "1" if provisions == 1 else "2" if provisions < 4 else "4"
    return Row((number,), values)


def _lines(place: int, content: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(StringIO(text), delimiter=";" if ";" in head else ",", strict=False)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    except csv.Error:
        raise Unreadable(place) from None
    if not {"postcode", "huisnummer"} <= set(names):
        raise Unreadable(place)
    reader.fieldnames = names
    lines = []
    try:
        for number, line in enumerate(reader, start=2):
            if number > LINES_MAX:
                raise Unreadable(place)
            lines.append(
                (number, {name: value for name, value in line.items() if isinstance(value, str) and name})
            )
    except csv.Error:
        raise Unreadable(place) from None
    return lines


def _address(line: Mapping[str, str]) -> tuple[str, int] | None:
    """One way of writing for one address, and how many provisions there are; None for a line that is wrong."""
    postcode = POSTCODE.fullmatch(line.get("postcode", "").strip())
    number = NUMBER.fullmatch(line.get("huisnummer", "").strip())
    addition = line.get("toevoeging", "").strip()
    typed = line.get("aantal", "").strip() or "1"
    if postcode is None or number is None or ADDITION.fullmatch(addition) is None or not typed.isascii():
        return None
    if not typed.isdigit() or not 1 <= int(typed[:4]) <= 999 or len(typed) > 3:
        return None
    plain = re.sub(r"[^a-z0-9]", "", addition.lower())
    return f"{postcode[1]}{postcode[2].upper()}|{int(number[0])}|{plain}", int(typed)
