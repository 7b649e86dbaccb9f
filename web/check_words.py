"""Checks in words: their short names, how one was seen, and one line of what stands written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.checks.models import CheckName, CheckRole, KvkLookup, KvkOutcome
from app.checks.requirements import mask
from app.checks.service import name_of
from app.people.models import CheckWay, PersonCheck
from web import dutch
from web.i18n import N_, translate
from web.requirements import NAMES as LONG, Requirement, requirements

NAMES: Final = {
    CheckName.VOG: N_("VOG"),
    CheckName.IDENTITY: N_("paspoort of identiteitskaart"),
    CheckName.REFERENCES: N_("referenties"),
    CheckName.KVK: N_("KvK-nummer"),
    CheckName.BIG: N_("BIG-nummer"),
    CheckName.SKJ: N_("SKJ-nummer"),
    CheckName.COURSE: N_("cursus"),
    CheckName.DRIVING: N_("rijbewijs en verzekering"),
}
WAYS: Final = {
    CheckWay.SEEN: N_("gezien"),
    CheckWay.LOOKED_UP: N_("opgezocht in het register"),
    CheckWay.EXEMPTION: N_("ontheffing"),
}
ROLES: Final = {
    CheckRole.VOLUNTEER: N_("vrijwilliger"),
    CheckRole.PROFESSIONAL: N_("vakmens, tegen betaling"),
}
OUTCOMES: Final = {
    None: N_("Wij vragen het na. Ververs deze pagina over een paar tellen."),
    KvkOutcome.FOUND: N_("Ingeschreven. Vergelijk de naam met wie voor u zit."),
    KvkOutcome.ENDED: N_("Uitgeschreven. Dit bedrijf is er niet meer."),
    KvkOutcome.UNKNOWN: N_("Dit nummer is niet bekend bij de KvK. Kijk of het goed getypt is."),
    KvkOutcome.REFUSED: N_(
        "De KvK neemt onze sleutel niet aan. De beheerder ziet dit ook. Zoek het zelf op."
    ),
    KvkOutcome.UNAVAILABLE: N_(
        "De KvK antwoordt nu niet. Wij vragen het nog een paar keer. Zelf opzoeken mag ook."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One check as it was written down."""

    id: UUID
    name: str
    period: str
    seen: str
    more: str
    """Number, register, flag, reason: what there is."""
    withdrawn: str


def line(row: PersonCheck, lang: str) -> Line:
    """A record with who saw it, when and where."""
    withdrawn = ""
    if row.withdrawn_at is not None:
        who = row.withdrawn_by.first_name if row.withdrawn_by else "?"
        day = dutch.full_date(row.withdrawn_at, lang)
        withdrawn = translate(
            lang,
            N_("Ingetrokken door %(who)s op %(day)s: %(why)s"),
            who=who,
            day=day,
            why=row.withdrawn_reason,
        )
    return Line(
        row.id,
        translate(lang, NAMES[name_of(row)]),
        _period(row, lang),
        _seen(row, lang),
        _more(row, lang),
        withdrawn,
    )


def _period(row: PersonCheck, lang: str) -> str:
    start = dutch.full_date(row.valid_from, lang)
    if row.valid_until is None:
        return translate(lang, N_("vanaf %(day)s"), day=start)
    until = dutch.full_date(row.valid_until, lang)
    return translate(lang, N_("van %(start)s tot en met %(until)s"), start=start, until=until)


def _seen(row: PersonCheck, lang: str) -> str:
    how, day = translate(lang, WAYS[row.way]), dutch.full_date(row.seen_at, lang)
    if row.seen_by is None:
        return translate(lang, N_("%(how)s, opgeschreven op %(day)s"), how=how, day=day)
    return translate(
        lang,
        N_("%(how)s, opgeschreven door %(who)s op %(day)s"),
        how=how,
        who=row.seen_by.first_name,
        day=day,
    )


def _more(row: PersonCheck, lang: str) -> str:
    flag = (
        translate(lang, N_("alleen voor hulp via %(name)s"), name=row.organisation.name)
        if row.organisation is not None
        else ""
    )
    return ", ".join(part for part in (row.number, row.source, row.reason, flag) if part)


def standing(
    rows: Sequence[PersonCheck], today: date, lang: str, *, organisation_id: UUID | None = None
) -> list[Requirement]:
    """How every check stands that was ever written down, by its short name."""
    seen = [name for name in CheckName if any(row.kind == name.check for row in rows)]
    held = requirements(mask(seen), rows, today, lang, organisation_id=organisation_id)
    named = {translate(lang, LONG[name.check]): translate(lang, NAMES[name]) for name in seen}
    return [replace(one, name=named[one.name]) for one in held]


@dataclass(frozen=True, slots=True)
class Asked:
    """A number that was looked up, and what came back."""

    number: str
    told: str
    company: str
    found: bool


def asked(row: KvkLookup, lang: str) -> Asked:
    """A question to the register of companies in words."""
    company = ", ".join(part for part in (row.name, row.legal_form, row.place) if part)
    return Asked(row.number, translate(lang, OUTCOMES[row.outcome]), company, row.outcome is KvkOutcome.FOUND)


def options(names: Sequence[CheckName], lang: str) -> list[tuple[str, str]]:
    """Checks to choose from."""
    return [(name.value, translate(lang, NAMES[name])) for name in names]
