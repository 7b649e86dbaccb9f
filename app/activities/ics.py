"""An activity as a file for one's own agenda: iCalendar (RFC 5545), written by hand, for it is this small.

Times are UTC, so that no description of time zones is needed and a phone shows its own clock. Lines end in CRLF and
are folded at 75 octets, never within a character.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from app.activities.models import Activity, ActivityDate, DateStatus

FOLD: Final = 75
KIND: Final = "text/calendar; charset=utf-8"


def written(
    activity: Activity, dates: Iterable[ActivityDate], *, where: str, address: str, host: str, now: datetime
) -> str:
    """The file; ``address`` is that of the page, ``host`` of this site, ``where`` what the reader may know."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(host)}//ZorgvoorElkaar//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for date in dates:
        lines += _event(activity, date, where, address, host, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(
    activity: Activity, date: ActivityDate, where: str, address: str, host: str, now: datetime
) -> list[str]:
    cancelled = date.status is DateStatus.CANCELLED
    return [
        "BEGIN:VEVENT",
        f"UID:{date.id}@{host}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(date.starts_at)}",
        f"DTEND:{_moment(date.ends_at)}",
        f"SEQUENCE:{activity.version + cancelled}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(activity.title)}",
        f"LOCATION:{_text(where)}",
        f"DESCRIPTION:{_text(activity.body)}",
        f"URL:{address}",
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
