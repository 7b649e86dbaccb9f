"""An offer as it is typed on a page: boxes for the week, for skills and languages, which become masks."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from app.access.actor import Actor
from app.categories import service as categories
from app.categories.models import Category
from app.categories.vocabulary import ALL_DAYTIME, Unpaid
from app.help_offers import service
from app.help_offers.models import HelpOffer
from app.help_offers.schemas import HelpOfferChange, NewHelpOffer
from app.http import Opened
from app.people import service as people
from app.schemas import Incoming, Minutes, Whole
from app.text import Line, Typed
from web import forms, words
from web.forms import Form, say
from web.i18n import N_, translate

UNDECIDED: Final = "anders"
MINUTES: Final = (
    (60, N_("Ongeveer een uur per week")),
    (120, N_("Ongeveer twee uur per week")),
    (240, N_("Ongeveer vier uur per week")),
    (480, N_("Ongeveer een dag per week")),
)
Slot = Annotated[Whole, Field(ge=0, le=27)]
Bit = Annotated[Whole, Field(ge=1, le=4096)]


class When(Incoming):
    """What somebody would like to do, when, how far and how often."""

    categories: Annotated[
        list[Annotated[str, Field(max_length=80)]], Field(alias="categorieen", min_length=1, max_length=12)
    ]
    slots: Annotated[list[Slot], Field(alias="tijden")] = []
    minutes_per_week: Annotated[Minutes, Field(alias="minutenPerWeek")] = 120
    radius_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="hoeVerKm")] = 5
    cross_border: Annotated[bool, Field(alias="buurgemeenten")] = False


class TypedOffer(When):
    """A whole offer; ``version`` is there when one is changed."""

    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="toelichting")] = None
    skills: Annotated[list[Bit], Field(alias="vaardigheden")] = []
    languages: Annotated[list[Bit], Field(alias="talen", min_length=1)]
    organisation_id: Annotated[UUID | None, Field(alias="viaOrganisatie")] = None
    version: Annotated[Whole | None, Field(alias="versie")] = None


OFFER_SENTENCES: Final = {
    "categorieen": N_("Kies ten minste één ding dat u graag doet."),
    "titel": N_("Schrijf in een paar woorden wat u graag doet."),
    "talen": N_("Kies ten minste één taal."),
    "viaOrganisatie": N_("Kies een organisatie waar u vrijwilliger bent."),
    "professionals-only": N_("Dit werk is voor betaalde mensen. Kies iets anders."),
}
for _model in (When, TypedOffer):
    say(_model, **OFFER_SENTENCES)


def new_offer(typed: TypedOffer) -> NewHelpOffer:
    """The same in the words of the API."""
    return NewHelpOffer.model_validate(_values(typed))


def changed_offer(typed: TypedOffer) -> HelpOfferChange:
    """The same, with the version that the change was made on."""
    return HelpOfferChange.model_validate(_values(typed) | {"versie": typed.version or 0})


def _values(typed: TypedOffer) -> dict[str, Any]:
    shown = typed.model_dump(by_alias=True, exclude={"slots", "skills", "languages", "version", "themes"})
    return shown | {
        "tijden": _mask(1 << bit for bit in typed.slots),
        "vaardigheden": _mask(typed.skills),
        "talen": _mask(typed.languages),
    }


def _mask(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


def offer_as_typed(offer: HelpOffer, rows: list[Category]) -> Form[Any]:
    """An offer in the boxes of its form; any time of the day leaves the week open."""
    slugs = {row.number: row.slug for row in rows}
    return forms.blank(
        categorieen=[slugs[number] for number in offer.category_numbers if number in slugs],
        titel=offer.title,
        toelichting=offer.body,
        tijden=[] if offer.slots == ALL_DAYTIME else list(words.bits(offer.slots)),
        minutenPerWeek=nearest(offer.minutes_per_week),
        hoeVerKm=offer.radius_km,
        buurgemeenten=offer.cross_border,
        vaardigheden=[1 << bit for bit in words.bits(offer.skills)],
        talen=[1 << bit for bit in words.bits(offer.languages)],
        viaOrganisatie=offer.organisation_id or "",
        versie=offer.version,
    )


def nearest(minutes_per_week: int) -> int:
    """The choice that lies nearest to what was once given."""
    return min((minutes for minutes, _ in MINUTES), key=lambda minutes: abs(minutes - minutes_per_week))


def offered(session: Opened, actor: Actor) -> list[Category]:
    """The kinds of help that this person may offer: work for professionals only by a checked one."""
    paid = people.is_professional(session, actor)
    return [
        row
        for row in categories.every(session)
        if row.theme != UNDECIDED and (paid or row.unpaid is not Unpaid.PROFESSIONALS)
    ]


def flags(session: Opened, actor: Actor, offer: HelpOffer | None, lang: str) -> list[tuple[str, str]]:
    """Through whom one may do this, as (value, name); none where one is nobody's volunteer."""
    named = {str(one.id): one.name for one in service.flags(session, actor.person_id)}
    if offer is not None and offer.organisation is not None:
        named.setdefault(str(offer.organisation.id), offer.organisation.name)
    return [("", translate(lang, N_("Nee, gewoon als buur"))), *named.items()] if named else []


def choices(lang: str) -> dict[str, Any]:
    """Skills, languages and hours as (value, name) pairs for the form."""
    return {
        "skills": [(int(skill), translate(lang, name)) for skill, name in words.SKILLS.items()],
        "language_options": [
            (int(language), translate(lang, name)) for language, name in words.LANGUAGES.items()
        ],
        "minutes": [(minutes, translate(lang, name)) for minutes, name in MINUTES],
    }
