"""Dates, durations, Roosjes and distances as people say them; ``lang`` gives the English counterpart.

Moments are aware datetimes and shown in Amsterdam time. Durations are whole minutes, distances kilometres. A few words
for each language stand here, which a test holds beside those of Babel: its tables would be 5 MB in each process.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from app.clock import AMSTERDAM

DUTCH: Final = "nl"
PETAL_MINUTES: Final = 15
PARTS_OF_DAY: Final = {
    "nl": ("ochtend", "middag", "avond", "nacht"),
    "en": ("morning", "afternoon", "evening", "night"),
}
WEEKDAYS: Final = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Final = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni",
           "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_DUTCH_SIGNS: Final = str.maketrans(",.", ".,")
_WORDS: Final = {
    "nl": tuple("nul één twee drie vier vijf zes zeven acht negen tien elf twaalf".split()),  # noqa: SIM905
    "en": tuple("no one two three four five six seven eight nine ten eleven twelve".split()),  # noqa: SIM905
}
_NEAR: Final = {
    "nl": {-1: "gisteren", 0: "vandaag", 1: "morgen", 2: "overmorgen"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "the day after tomorrow"},
}


def local_date(moment: date | datetime) -> date:
    """The date on a Dutch wall calendar."""
    return moment.astimezone(AMSTERDAM).date() if isinstance(moment, datetime) else moment


def _day_and_month(when: date, lang: str) -> str:
    return f"{when.day} {MONTHS[lang][when.month - 1]}"


def day(moment: date | datetime, lang: str = DUTCH, *, now: date | datetime | None = None) -> str:
    """``dinsdag 3 maart``, with the year when it is not that of ``now``."""
    when = local_date(moment)
    year = "" if now is None or local_date(now).year == when.year else f" {when.year}"
    return f"{WEEKDAYS[lang][when.weekday()]} {_day_and_month(when, lang)}{year}"


def full_date(moment: date | datetime, lang: str = DUTCH) -> str:
    """``3 maart 2026``."""
    when = local_date(moment)
    return f"{_day_and_month(when, lang)} {when.year}"


def last_day(ends_at: datetime, lang: str = DUTCH) -> str:
    """The last day on which something counts that ends at this moment: ``31 december 2027``."""
    return full_date(ends_at - timedelta(microseconds=1), lang)


def due(ends_at: datetime, lang: str = DUTCH, *, now: date | datetime | None = None) -> str:
    """The day on which what was promised is there at the latest: a promise until midnight is due the day before."""
    return day(ends_at - timedelta(microseconds=1), lang, now=now)


def month(moment: date | datetime, lang: str = DUTCH) -> str:
    """``maart 2026``."""
    when = local_date(moment)
    return f"{MONTHS[lang][when.month - 1]} {when.year}"


def short_month(when: date, lang: str = DUTCH) -> str:
    """``mrt``: under a picture."""
    return "mrt" if lang == DUTCH and when.month == 3 else MONTHS[lang][when.month - 1][:3]


def clock(moment: datetime, lang: str = DUTCH) -> str:
    """``14.00 uur``."""
    local = moment.astimezone(AMSTERDAM)
    return f"{local.hour}.{local.minute:02} uur" if lang == DUTCH else f"{local.hour}:{local.minute:02}"


def moment(when: datetime, lang: str = DUTCH, *, now: date | datetime | None = None) -> str:
    """``dinsdag 3 maart, 14.00 uur``."""
    return f"{day(when, lang, now=now)}, {clock(when, lang)}"


def full_moment(when: datetime, lang: str = DUTCH) -> str:
    """``3 maart 2026, 14.00 uur``: on what is kept for years."""
    return f"{full_date(when, lang)}, {clock(when, lang)}"


def near(when: date | datetime, now: date | datetime, lang: str = DUTCH) -> str:
    """``vandaag``, ``morgen``, ``gisteren``, else the day; a datetime adds its time."""
    distance = (local_date(when) - local_date(now)).days
    said = _NEAR[lang].get(distance) or day(when, lang, now=now)
    return f"{said}, {clock(when, lang)}" if isinstance(when, datetime) else said


def period(first: date, last: date, today: date, lang: str = DUTCH) -> str:
    """``deze week``, ``volgende week``, ``dit weekend``, else the two days."""
    said = {
        "nl": ("deze week", "volgende week", "dit weekend", "tot en met"),
        "en": ("this week", "next week", "this weekend", "to"),
    }[lang]
    if first == last:
        return near(first, today, lang)
    monday = today - timedelta(days=today.weekday())
    if first >= monday + timedelta(days=5) and last == monday + timedelta(days=6):
        return said[2]
    for place, week in enumerate((monday, monday + timedelta(days=7))):
        if week <= first and last <= week + timedelta(days=6):
            return said[place]
    return f"{day(first, lang, now=today)} {said[3]} {day(last, lang, now=today)}"


def waited(since: datetime, now: datetime, lang: str = DUTCH) -> str:
    """How long it lasts already, in the largest whole unit: ``6 dagen``, ``3 uur``, ``10 minuten``."""
    minutes = max(0, int((now - since).total_seconds()) // 60)
    if minutes >= 24 * 60:
        return counted(minutes // (24 * 60), *(("dag", "dagen") if lang == DUTCH else ("day", "days")), lang)
    if minutes >= 60:
        return counted(minutes // 60, *(("uur", "uur") if lang == DUTCH else ("hour", "hours")))
    return counted(minutes, *(("minuut", "minuten") if lang == DUTCH else ("minute", "minutes")))


def term(days: int, lang: str = DUTCH) -> str:
    """How long something is kept, as people think of it: ``7 jaar``, ``6 maanden``, ``30 dagen``."""
    dutch_names, english_names = (("jaar", "jaar"), ("maand", "maanden"), ("dag", "dagen")), (
        ("year", "years"), ("month", "months"), ("day", "days"),
    )  # fmt: skip
    year, month, day = dutch_names if lang == DUTCH else english_names
    years, months = round(days / 365.25), round(days / 30.44)
    if years and years * 365 <= days <= years * 366:
        return counted(years, *year, lang)
    if months > 1 and abs(months * 30.44 - days) <= 1:
        return counted(months, *month, lang)
    return counted(days, *day, lang)


def duration(minutes: int, lang: str = DUTCH) -> str:
    """``1 uur 30``, ``45 min``, ``1.000 uur``; the sign is left off."""
    hours, rest = divmod(abs(minutes), 60)
    whole = number(hours, lang)
    if lang != DUTCH:
        said = [f"{whole} hr"] if hours else []
        return " ".join([*said, f"{rest} min"] if rest or not hours else said)
    if not hours:
        return f"{rest} min"
    return f"{whole} uur {rest:02}" if rest else f"{whole} uur"


@lru_cache(maxsize=1024)
def long_duration(minutes: int, lang: str = DUTCH) -> str:
    """``2 uur en 45 minuten``; the sign is left off."""
    hours, rest = divmod(abs(minutes), 60)
    names = ("uur", "uur", "minuut", "minuten") if lang == DUTCH else ("hour", "hours", "minute", "minutes")
    parts = [counted(hours, *names[:2], lang)] if hours else []
    if rest or not hours:
        parts.append(counted(rest, *names[2:]))
    return listed(parts, lang)


def signed(minutes: int, lang: str = DUTCH) -> str:
    """``+ 1 uur 30`` or ``− 30 min``, with the true minus sign."""
    return f"{'−' if minutes < 0 else '+'} {duration(minutes, lang)}"


def limit(minutes: int, lang: str = DUTCH) -> str:
    """``60 uur``, and below nothing ``− 12 uur``."""
    return signed(minutes, lang) if minutes < 0 else duration(minutes, lang)


def roosjes(minutes: int, lang: str = DUTCH) -> str:
    """``2 Roosjes en 2 blaadjes``; what is no whole petal is said in minutes."""
    hours, rest = divmod(abs(minutes), 60)
    petals, left = divmod(rest, PETAL_MINUTES)
    names = ("blaadje", "blaadjes", "minuut", "minuten")
    if lang != DUTCH:
        names = ("petal", "petals", "minute", "minutes")
    parts = [counted(hours, "Roosje", "Roosjes", lang)] if hours or not (petals or left) else []
    parts += [counted(petals, *names[:2])] if petals else []
    parts += [counted(left, *names[2:])] if left else []
    return listed(parts, lang)


def km(distance_km: float, lang: str = DUTCH) -> str:
    """``0,8 km``, and from 10 km on whole ones."""
    return f"{number(round(Decimal(str(distance_km)), 1 if distance_km < 9.95 else 0), lang)} km"


def number(value: float | Decimal, lang: str = DUTCH) -> str:
    """``1.234``, and ``0,125`` with at most three decimals."""
    said = f"{value:,}" if isinstance(value, int) else f"{round(Decimal(str(value)), 3).normalize():,f}"
    return said.translate(_DUTCH_SIGNS) if lang == DUTCH else said


def euros(cents: int, lang: str = DUTCH) -> str:
    """``€ 12,50``; whole euros without cents: ``€ 450``."""
    whole, rest = divmod(abs(cents), 100)
    said = number(whole, lang) + (f"{',' if lang == DUTCH else '.'}{rest:02}" if rest else "")
    sign = "−" if cents < 0 else ""
    return f"{sign}€\u00a0{said}" if lang == DUTCH else f"{sign}€{said}"


def counted(count: int, one: str, many: str, lang: str = DUTCH) -> str:
    """``1 dag``, ``2 dagen``, ``1.200 dagen``."""
    return f"{number(count, lang)} {one if count == 1 else many}"


def words(count: int, lang: str = DUTCH) -> str:
    """``drie``; figures above twelve."""
    return _WORDS[lang][count] if 0 <= count < len(_WORDS[lang]) else number(count, lang)


def listed(items: Sequence[str], lang: str = DUTCH) -> str:
    """``a, b en c``."""
    joint = " en " if lang == DUTCH else " and "
    return joint.join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def after(title: str, rest: str) -> str:
    """``Naar de markt, voor Kees``; a title that ends a sentence begins another: ``Kletsen we even? Voor Kees``."""
    plain = title.rstrip(" ,;:")
    if plain.rstrip("”’\"')").endswith((".", "?", "!", "…")):
        return f"{plain} {rest[:1].upper()}{rest[1:]}"
    return f"{plain}, {rest}"


def slot(bit: int, lang: str = DUTCH) -> str:
    """``dinsdagmiddag``; a slot is weekday * 4 + part of the day, Monday first."""
    weekday, part = divmod(bit, 4)
    glue = "" if lang == DUTCH else " "
    return f"{WEEKDAYS[lang][weekday]}{glue}{PARTS_OF_DAY[lang][part]}"


def slots(mask: int, lang: str = DUTCH) -> list[str]:
    """The slots of a 28-bit mask by name; a weekday of which all but the night is set is said once."""
    said: list[str] = []
    for weekday in range(7):
        parts = (mask >> weekday * 4) & 0b1111
        if parts & 0b0111 == 0b0111:
            name = WEEKDAYS[lang][weekday]
            said.append(f"{name} heel de dag" if lang == DUTCH else f"all {name}")
            parts &= 0b1000
        said += [slot(weekday * 4 + part, lang) for part in range(4) if parts >> part & 1]
    return said


def postcode(code: str) -> str:
    """``5664 HJ`` for ``5664HJ``."""
    return f"{code[:4]} {code[4:]}".strip()
