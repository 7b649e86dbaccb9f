"""Acting for another in words: what somebody may do, who agreed to it, how and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.access.actor import Actor
from app.representations.models import ConsentWay, Representation, RepresentationKind, RepresentationStatus
from web import dutch
from web.i18n import N_, translate

KINDS: Final = {
    RepresentationKind.CONTACT: N_("contactpersoon"),
    RepresentationKind.AUTHORISED: N_("gemachtigde"),
    RepresentationKind.LEGAL: N_("wettelijk vertegenwoordiger"),
}
MAY: Final = {
    RepresentationKind.CONTACT: N_("Mag hulp vragen, en volgt wat daarmee gebeurt."),
    RepresentationKind.AUTHORISED: N_("Mag hulp vragen, ja zeggen, afzeggen en het afschrift lezen."),
    RepresentationKind.LEGAL: N_("Mag hulp vragen, ja zeggen, afzeggen en het afschrift lezen."),
}
WAYS: Final = {
    ConsentWay.WRITING: N_("op papier"),
    ConsentWay.VOICE: N_("met de stem, aan de makelaar"),
    ConsentWay.SITE: N_("zelf op de site"),
}
STATUSES: Final = {
    RepresentationStatus.ASKED: N_("wacht op ja"),
    RepresentationStatus.ACTIVE: N_("geldt"),
    RepresentationStatus.DECLINED: N_("zei nee"),
    RepresentationStatus.LAPSED: N_("geen antwoord"),
    RepresentationStatus.ENDED: N_("gestopt"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One representation on a screen."""

    id: UUID
    who: str
    kind: str
    may: str
    consent: str
    since: str
    """Only of what is to begin."""
    until: str
    status: str
    live: bool
    """Whether one may act by it today."""
    waits: bool
    known: bool
    """Whether there is a person on the other side, and not only what was typed."""


@dataclass(frozen=True, slots=True)
class Sides:
    """For whom one acts, and who acts for oneself."""

    for_others: list[Line]
    for_me: list[Line]


def sides(rows: Sequence[Representation], actor: Actor, lang: str, day: date) -> Sides:
    """Both lists of one person."""
    return Sides(
        [line(row, row.about, lang, day) for row in rows if row.representative_id == actor.person],
        [
            line(row, row.representative.first_name, lang, day)
            for row in rows
            if row.represented_id == actor.person
        ],
    )


def line(row: Representation, who: str, lang: str, day: date) -> Line:
    """``who`` is the name on the other side, ``day`` today."""
    until, begins = row.valid_until, row.valid_from
    later = (
        begins if begins is not None and begins > day and row.status is RepresentationStatus.ACTIVE else None
    )
    return Line(
        row.id, who, translate(lang, KINDS[row.kind]), translate(lang, MAY[row.kind]), _consent(row, lang),
        translate(lang, N_("Vanaf %(day)s."), day=dutch.full_date(later, lang)) if later else "",
        translate(lang, N_("Tot en met %(day)s."), day=dutch.full_date(until, lang)) if until else "",
        translate(lang, N_("begint later") if later else STATUSES[row.status]), row.holds_on(day),
        row.status is RepresentationStatus.ASKED, row.represented_id is not None,
    )  # fmt: skip


def in_short(row: Representation, lang: str) -> str:
    """Who acts, as what, and by whose word, on one line."""
    return f"{row.representative.first_name}, {translate(lang, KINDS[row.kind])}. {_consent(row, lang)}"


def _consent(row: Representation, lang: str) -> str:
    """Who agreed, how, when, and who wrote it down."""
    if row.consent_at is None or row.consent_way is None:
        return ""
    values = {
        "name": row.about, "how": translate(lang, WAYS[row.consent_way]),
        "day": dutch.full_date(dutch.local_date(row.consent_at), lang),
    }  # fmt: skip
    if row.recorded_by is None or row.recorded_by_id == row.represented_id:
        return translate(lang, N_("%(name)s zei ja op %(day)s, %(how)s."), **values)
    by = row.recorded_by.first_name
    return translate(lang, N_("%(name)s zei ja op %(day)s, %(how)s. %(by)s schreef het op."), by=by, **values)
