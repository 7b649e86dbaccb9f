"""Files for one's own agenda: iCalendar (RFC 5545), written by hand, for it is this small.

Times are UTC, so that no description of time zones is needed and a phone shows its own clock, also where it changes in
October and March. Lines end in CRLF and are folded at 75 octets, never within a character. The same things give the
same file, to the last octet: no moment of writing is in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

FOLD: Final = 75
KIND: Final = "text/calendar; charset=utf-8"


class Sure(StrEnum):
    """Whether it goes on."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Event:
    """One time, as an agenda keeps it: ``key`` names it for ever, and a later ``sequence`` replaces an earlier one."""

    key: str
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    address: str
    """Of its page."""
    where: str = ""
    text: str = ""
    sequence: int = 0
    sure: Sure = Sure.CONFIRMED


def written(events: Iterable[Event], host: str, name: str = "") -> str:
    """The file; ``host`` is this site, ``name`` what an agenda calls it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(host)}//ZorgvoorElkaar//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    if name:
        # asked again twice a day, which is soon enough for what is moved
        lines += [
            f"X-WR-CALNAME:{_text(name)}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
            "X-PUBLISHED-TTL:PT12H",
        ]
    for event in events:
        lines += _event(event, host)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(event: Event, host: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.key}@{host}",
        f"DTSTAMP:{_moment(event.made_at)}",
        f"DTSTART:{_moment(event.starts_at)}",
        f"DTEND:{_moment(event.ends_at)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{event.sure}",
        f"SUMMARY:{_text(event.title)}",
        *([f"LOCATION:{_text(event.where)}"] if event.where else []),
        *([f"DESCRIPTION:{_text(event.text)}"] if event.text else []),
        f"URL:{event.address}",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """What RFC 5545, section 3.3.11, has escaped."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> list[str]:
    """The line in pieces of at most 75 octets; each but the first begins with a blank (section 3.1)."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += octets
    return [*pieces, piece]
