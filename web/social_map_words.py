"""The social map in words: kinds of organisations, and a provision as lists show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.categories.models import Category
from app.organisations.models import OrganisationKind
from app.people import phone
from app.social_map.models import Provision, ProvisionStatus
from web import words
from web.i18n import N_, translate

KINDS: Final = {
    OrganisationKind.WELFARE: N_("welzijn"),
    OrganisationKind.CARE: N_("zorg"),
    OrganisationKind.VOLUNTEERS: N_("vrijwilligers"),
    OrganisationKind.CLUB: N_("vereniging"),
    OrganisationKind.SCHOOL: N_("school"),
    OrganisationKind.EMPLOYER: N_("werkgever"),
    OrganisationKind.LIBRARY: N_("bibliotheek"),
}
STATES: Final = {
    ProvisionStatus.ACTIVE: N_("U kunt er terecht"),
    ProvisionStatus.CLOSED_FOR_NOW: N_("Nu even dicht"),
    ProvisionStatus.ENDED: N_("Gestopt"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A provision as a list shows it."""

    path: str
    name: str
    theme: str
    organisation: str
    text: str
    kinds: list[str]
    where: str
    phone: str
    phone_display: str
    closed: str
    away: str


def card(row: Provision, named: Mapping[int, Category], lang: str, home: int | None = None) -> Card:
    """What a list shows of a provision; ``home`` is the reader's municipality."""
    kinds = [named[number] for number in row.category_numbers if number in named]
    elsewhere = home is not None and row.municipality_id != home
    return Card(
        path=f"/in-de-buurt/{row.id}",
        name=row.name,
        theme=words.picture(kinds[0].theme) if kinds else "anders",
        organisation=row.organisation.name,
        text=_first_words(row.body),
        kinds=[words.category(kind.name, lang) for kind in kinds],
        where=where(row),
        phone=row.phone or row.organisation.phone,
        phone_display=phone.display(row.phone or row.organisation.phone),
        closed=translate(lang, STATES[row.status]) if row.status is not ProvisionStatus.ACTIVE else "",
        away=row.municipality.name if elsewhere else "",
    )


def where(row: Provision) -> str:
    """Building and place."""
    place = row.neighbourhood.place if row.neighbourhood else row.municipality.name
    return ", ".join(part for part in (row.venue, place) if part)


def _first_words(text: str, most: int = 180) -> str:
    """The beginning, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


def state_choices(lang: str) -> list[tuple[str, str]]:
    """Whether one can go there, to choose from."""
    return [(state.value, translate(lang, name)) for state, name in STATES.items()]


def kind_choices(lang: str) -> list[tuple[str, str]]:
    """Kinds of organisations, to choose from."""
    return [(kind.value, translate(lang, name)) for kind, name in KINDS.items()]


BECAME: Final = {
    "new": N_("komt erbij"),
    "changed": N_("wordt anders"),
    "same": N_("staat er al zo"),
}
FILE_REASONS: Final = {
    "missing": N_("Dit is niet ingevuld."),
    "wrong": N_("Dit kunnen wij niet lezen."),
    "unreadable": N_("Deze regel kunnen wij niet lezen."),
    "cells": N_("Deze regel heeft meer of minder vakjes dan de eerste regel."),
    "column-missing": N_("Deze kolom mist."),
    "column-twice": N_("Een kolom staat twee keer in de eerste regel."),
    "too-large": N_("Het bestand is te groot."),
    "too-many": N_("Het bestand is te lang. Verdeel het in delen."),
    "no-map": N_("Dit bestand kunnen wij niet lezen. Kies een bestand met CSV of HSDS."),
    "no-service": N_("Hier staat geen voorziening."),
    "unknown-category": N_("Dit onderwerp kennen wij niet. Onderaan staat welke er zijn."),
    "outside": N_("Deze gemeente doet hier niet mee."),
    "not-ours": N_("Dit hoort bij een andere gemeente."),
    "postcode-outside": N_("Deze postcode ligt niet in de regio. Kijk hem nog eens na."),
    "spans-two": N_("Deze postcode ligt in twee gemeenten. Vul ook de kolom gemeente in."),
    "twice": N_("Dezelfde staat al eerder in het bestand."),
    "bsn": N_("Hier lijkt een burgerservicenummer te staan. Haal dat weg."),
    "other-taxonomy": N_("Onderwerpen uit een andere lijst laten wij weg."),
    "first-place": N_("Hier staan meer plekken. Wij nemen de eerste."),
    "access-unknown": N_("Een woord over toegankelijkheid kennen wij niet. Dat laten wij weg."),
}
"""Why a line of a file is not taken over, or what of it is left out, by the code of a `app.social_map.lines.Fault`."""
MAY_BE: Final = {
    "gemeente": N_("Schrijf de code van de gemeente, zoals GM1771."),
    "ook_voor": N_("Schrijf de code van de gemeente, zoals GM1771."),
    "soort": N_("Kies: welzijn, zorg, vrijwilligers, vereniging, school, werkgever of bibliotheek."),
    "stand": N_("Kies: actief, tijdelijk-dicht of gestopt."),
    "nagekeken_op": N_("Schrijf de dag zo: 2026-03-31."),
    "postcode": N_("Schrijf vier cijfers en twee letters, zoals 5664 HJ."),
    "telefoon": N_("Schrijf een nummer van tien cijfers."),
    "organisatie_telefoon": N_("Schrijf een nummer van tien cijfers."),
}
