"""Half a year in words: names of the bands, and the findings that stand above the charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.places.models import Municipality
from app.reports import facts, reading
from app.reports.periods import Period
from app.reports.reading import Half, RegionHalf, out_of_100
from web import dutch
from web.i18n import N_, translate

Bar = tuple[str, int | None]
Bars = list[Bar]
WAITS: Final = {
    "day0": N_("zelfde|dag"), "day1": N_("1|dag"), "days3": N_("2 of 3|dagen"),
    "days7": N_("4 tot 7|dagen"), "days8": N_("8 dagen|of meer"), facts.NOBODY: N_("nog|niemand"),
}  # fmt: skip
DISTANCES: Final = {
    "km1": N_("minder dan 1 km"), "km3": N_("1 tot 3 km"), "km5": N_("3 tot 5 km"), "km10": N_("5 tot 10 km"),
    facts.FARTHEST: N_("10 km of verder"),
}  # fmt: skip
AGES: Final = {
    "to26": N_("tot en met 26"), "to49": N_("27 tot en met 49"), "to64": N_("50 tot en met 64"),
    "to74": N_("65 tot en met 74"), facts.OLDEST: N_("75 en ouder"), facts.UNTOLD: N_("niet verteld"),
}  # fmt: skip
KINDS: Final = {
    "roosjes": N_("met Roosjes"), "zonder": N_("zonder Roosjes"), "cheque": N_("met een dienstencheque"),
    "betaald": N_("betaald"),
}  # fmt: skip
PARTS: Final = {
    facts.ASKS: N_("vraagt alleen"), facts.BOTH: N_("vraagt en helpt"), facts.HELPS: N_("helpt alleen"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report to the council: now, before, and what that is in words."""

    name: str
    now: str
    before: str
    change: str


def named(rows: Sequence[tuple[str, int | None]], names: dict[str, str], lang: str) -> Bars:
    """Counts in the order of the names; what nobody had is left out."""
    counts = dict(rows)
    return [(translate(lang, name), counts[value]) for value, name in names.items() if value in counts]


def span(period: Period, lang: str) -> str:
    """``mei tot en met oktober 2026``; with both years where they differ."""
    last = period.last
    first = dutch.month(period.since, lang)
    if period.since.year == last.year:
        first = first.rsplit(" ", 1)[0]
    return translate(lang, N_("%(first)s tot en met %(last)s"), first=first, last=dutch.month(last, lang))


def title(half: Half, lang: str) -> str:
    """The answer first."""
    asked, helped = half.asked(), half.asked(helped=facts.YES)
    if asked is None:
        return translate(lang, N_("Nog te weinig vragen om te tonen"))
    if helped is None:
        return translate(lang, N_("Er kwamen %(asked)s vragen"), asked=dutch.number(asked, lang))
    return translate(
        lang,
        N_("%(asked)s vragen om hulp. Voor %(helped)s is er iemand."),
        asked=dutch.number(asked, lang),
        helped=dutch.number(helped, lang),
    )


def lead(half: Half, before: Half | None, lang: str) -> list[str]:
    """Two or three sentences: beside the half year before, how fast, and what stays behind."""
    said = []
    helped = half.asked(helped=facts.YES)
    earlier = before.asked(helped=facts.YES) if before else None
    if helped is not None and earlier is not None and helped != earlier:
        text = N_("Dat zijn er %(count)s meer dan in het half jaar ervoor.")
        if helped < earlier:
            text = N_("Dat zijn er %(count)s minder dan in het half jaar ervoor.")
        said.append(translate(lang, text, count=dutch.number(abs(helped - earlier), lang)))
    if half.median_days is not None:
        days = max(half.median_days, 1)
        text = (
            N_("De helft had binnen een dag iemand.")
            if days == 1
            else N_("De helft had binnen %(days)s dagen iemand.")
        )
        said.append(translate(lang, text, days=dutch.words(days, lang)))
    return said


def themes(half: Half, lang: str) -> list[tuple[str, int | None, int | None]]:
    """Theme, helped, asked: the most asked first, what is hidden last."""
    rows = [
        (translate(lang, name), half.asked(theme=name, helped=facts.YES), asked)
        for name, asked in half.by("theme")
    ]
    return sorted(rows, key=lambda row: (row[2] is None, -(row[2] or 0), row[0]))


def behind(rows: Sequence[tuple[str, int | None, int | None]], lang: str) -> str:
    """Which theme stays behind most."""
    shown = [
        (helped / asked, name, helped, asked) for name, helped, asked in rows if asked and helped is not None
    ]
    if not shown or min(shown)[0] >= 0.8:
        return translate(lang, N_("Waar vragen over gaan"))
    _, name, helped, asked = min(shown)
    return translate(
        lang, N_("%(name)s blijft achter: %(helped)s van %(asked)s"), name=name, helped=helped, asked=asked
    )


def waits_title(half: Half, promise_days: int, lang: str) -> str:
    """How many within the promise."""
    (part, _), whole = half.in_time(promise_days), half.asked(helped=facts.YES)
    if part is None or whole is None:
        return translate(lang, N_("Hoe lang het duurde"))
    return translate(
        lang,
        N_("%(part)s van %(whole)s hadden binnen %(days)s dagen iemand"),
        part=dutch.number(part, lang),
        whole=dutch.number(whole, lang),
        days=dutch.words(promise_days, lang),
    )


def by_vulnerability(half: Half, promise_days: int, lang: str) -> list[tuple[str, int | None, int | None]]:
    """Within the promise, of all who asked: who is vulnerable, and the others."""
    rows = []
    for value, name in ((facts.YES, N_("wie kwetsbaar is")), (facts.NO, N_("alle anderen"))):
        part, whole = half.in_time(promise_days, vulnerable=value)
        rows.append((translate(lang, name), part, whole))
    return rows


def vulnerable_title(rows: Sequence[tuple[str, int | None, int | None]], lang: str) -> str:
    """Who waits longest, said so."""
    shares = [out_of_100(part, whole) for _, part, whole in rows]
    if None in shares or len(shares) < 2:
        return translate(lang, N_("Wachten, naar kwetsbaarheid"))
    ours, others = shares[0] or 0, shares[1] or 0
    if abs(ours - others) <= 2:
        return translate(lang, N_("Wie kwetsbaar is wacht even lang als anderen"))
    text = N_("Wie kwetsbaar is wacht langer") if ours < others else N_("Wie kwetsbaar is wacht korter")
    return translate(lang, text)


def reciprocity_title(half: Half, lang: str) -> str:
    """How many give and get."""
    both, asks = half.took_part(part=facts.BOTH), half.askers
    share = out_of_100(both, asks)
    if share is None:
        return translate(lang, N_("Vragen en helpen"))
    return translate(lang, N_("Van elke 100 vragers helpen er %(count)s ook zelf"), count=share)


def near_title(half: Half, lang: str) -> str:
    """How near help is."""
    near = reading.together([half.found(distance=name) for name in ("km1", "km3")])
    share = out_of_100(near, half.found())
    if share is None:
        return translate(lang, N_("Hoe ver de helper woont"))
    return translate(lang, N_("%(count)s van elke 100 helpers wonen binnen 3 km"), count=share)


def across(half: Half) -> int | None:
    """Agreements with a helper from another municipality, out of a hundred."""
    return out_of_100(half.found(**{"from": facts.ELSEWHERE}), half.found())


def euros(half: Half, municipality: Municipality) -> int | None:
    """What the hours would have cost, in cents; None without the municipality's own assumption."""
    if half.hours is None or municipality.hour_cents is None:
        return None
    return half.hours * municipality.hour_cents


def council(municipality: Municipality, half: Half, before: Half | None, lang: str) -> list[Line]:
    """Half year on half year, as the pilot is evaluated."""
    promise = municipality.promise_days

    def covered(one: Half) -> int | None:
        return out_of_100(one.asked(helped=facts.YES), one.asked())

    def fast(one: Half) -> int | None:
        return out_of_100(*one.in_time(promise))

    fast_within = translate(
        lang, N_("Van elke 100 vragen binnen %(days)s dagen"), days=dutch.words(promise, lang)
    )
    counts: tuple[tuple[str, Callable[[Half], int | None]], ...] = (
        (N_("Nieuwe helpers"), lambda one: one.new_helpers),
        (N_("Jonge helpers, tot en met 26 jaar"), lambda one: one.young_helpers),
        (N_("Mensen die hielpen"), lambda one: one.helpers),
        (N_("Mensen die iets vroegen"), lambda one: one.askers),
        (N_("Vragen"), lambda one: one.asked()),
        (N_("Koppelingen"), lambda one: one.found()),
        (N_("Van elke 100 vragen is er iemand"), covered),
        (fast_within, fast),
        (N_("Van elke 100 koppelingen over de grens"), across),
        (N_("Uren hulp"), lambda one: one.hours),
    )
    return [
        _line(translate(lang, name), count(half), count(before) if before else None, lang, known=bool(before))
        for name, count in counts
    ]


def _line(name: str, now: int | None, then: int | None, lang: str, *, known: bool) -> Line:
    hidden = translate(lang, N_("niet getoond"))
    change = ""
    if now is not None and then is not None:
        if now == then:
            change = translate(lang, N_("gelijk"))
        else:
            text = N_("%(count)s meer") if now > then else N_("%(count)s minder")
            change = translate(lang, text, count=dutch.number(abs(now - then), lang))
    return Line(
        name,
        dutch.number(now, lang) if now is not None else hidden,
        (dutch.number(then, lang) if then is not None else hidden) if known else "–",
        change,
    )


def flows(
    region: RegionHalf | None, names: dict[int, str], municipality_id: int
) -> list[tuple[str, str, int]]:
    """Help to and from one municipality, of the pairs that are shown."""
    if region is None:
        return []
    return [
        (names[at], names[to], count)
        for at, to, count in region.between()
        if municipality_id in (at, to) and at in names and to in names
    ]
