"""Changing a request, and agreeing on a day: the forms, what they start from, and what they come to."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from app.agreements.schemas import Appointment
from app.categories.models import Category
from app.categories.vocabulary import (
    ALL_DAYTIME,
    CARE_OF_THE_BODY,
    Gender,
    Kind,
    Part,
    Visibility,
    slot,
)
from app.clock import AMSTERDAM
from app.help_requests import kinds
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import HelpRequestChange, SensitiveYes
from app.help_requests.steps import Day, Reach, TypedDate, TypedTime, When
from app.http import Opened
from app.matches.models import Proposal
from app.privacy.standing import YES, is_sensitive
from app.schemas import Incoming, Whole
from app.text import Line, Typed
from web import dutch, forms, words
from web.asking_screens import KIND_SENTENCES, WHEN_SENTENCES
from web.forms import Form
from web.i18n import N_

DAYS_TRIED: Final = 28
HOURS: Final = {Part.MORNING: 10, Part.AFTERNOON: 14, Part.EVENING: 19}


class Change(When, Reach):
    """A request as its asker changes it; ``version`` is what the change was made on."""

    title: Annotated[Line, Field(alias="titel")]
    body: Annotated[Annotated[str, Typed(4000, lines=True)] | None, Field(alias="toelichting")] = None
    category: Annotated[str, Field(alias="categorie", max_length=80)]
    helper_gender: Annotated[Gender | None, Field(alias="helperGeslacht")] = None
    kind: Annotated[Kind | None, Field(alias="soort")] = None
    sensitive_yes: SensitiveYes = None
    version: Annotated[Whole, Field(alias="versie")]

    def wanted(self, held: HelpRequest, category: Category, day: date) -> HelpRequestChange:
        """The change in the words of the service; a kind that was not chosen follows the category."""
        allowed = kinds.allowed(category)
        unsaid = held.kind if held.kind in allowed else allowed[0]
        fields = {
            "titel": self.title, "toelichting": self.body, "categorie": category.slug, "versie": self.version,
            "soort": self.kind or unsaid, "haast": held.urgency,
            "helperGeslacht": self.helper_gender if category.slug in CARE_OF_THE_BODY else None,
            **When.terms(self, day), **Reach.reach(self), YES: self.sensitive_yes,
        }  # fmt: skip
        return HelpRequestChange.model_validate(fields)


class DeskChange(Change):
    """The same at the desk, which also says who goes first when helpers are scarce."""

    urgency: Annotated[Annotated[Whole, Field(ge=0, le=3)] | None, Field(alias="haast")] = None
    vulnerable: Annotated[bool, Field(alias="kwetsbaar")] = False

    def wanted(self, held: HelpRequest, category: Category, day: date) -> HelpRequestChange:
        """The change in the words of the service; ``vulnerable`` is no part of what is asked."""
        urgency = held.urgency if self.urgency is None else self.urgency
        return super().wanted(held, category, day).model_copy(update={"urgency": urgency})


class Agreeing(Incoming):
    """A day and a time to begin."""

    on_date: Annotated[TypedDate, Field(alias="datum")]
    at_time: Annotated[TypedTime, Field(alias="tijd")]
    contract_seen: Annotated[bool, Field(alias="contractGezien")] = False

    def appointment(self) -> Appointment:
        """The same in the words of the service."""
        return Appointment.model_validate(
            {"datum": self.on_date, "tijd": self.at_time, "contractGezien": self.contract_seen}
        )


forms.say(
    Change,
    **WHEN_SENTENCES,
    **KIND_SENTENCES,
    titel=N_("Schrijf in een paar woorden waar het om gaat."),
    categorie=N_("Kies waar het over gaat."),
)
forms.say(
    Agreeing,
    **{
        "past": N_("Kies een dag en tijd die nog komen."),
        "too-far": N_("Kies een dag binnen een jaar."),
        "required": N_("Lees eerst het papier met de prijs, en zet dan het vinkje."),
    },
    datum=N_("Vul de dag in, bijvoorbeeld 3-12-2026."),
    tijd=N_("Vul een tijd in, bijvoorbeeld 14.00."),
)


def change_form(held: HelpRequest) -> Form[Any]:
    """The request as it stands, to be changed."""
    anytime = held.on_date is None and held.slots & ALL_DAYTIME == ALL_DAYTIME
    fields: dict[str, Any] = {
        "titel": held.title, "toelichting": held.body, "categorie": held.category.slug, "versie": held.version,
        "wanneer": Day.ANY if anytime else (Day.DATE if held.on_date else Day.PARTS),
        "datum": held.on_date.isoformat() if held.on_date else None,
        "tijd": held.at_time.isoformat("minutes") if held.at_time else None,
        "tijden": [] if anytime else list(words.bits(held.slots)), "hoeVaak": held.frequency, "minuten": held.minutes,
        "aantalHelpers": held.helpers_wanted, "hoeVerKm": held.max_km, "zichtbaarVoor": held.visibility,
        "buurgemeenten": "true" if held.cross_border else None, "talen": list(words.bits(held.languages)),
        "vaardigheden": list(words.bits(held.skills)), "soort": held.kind, "helperGeslacht": held.helper_gender or "",
    }  # fmt: skip
    return forms.blank(**{name: value for name, value in fields.items() if value is not None})


def desk_change_form(held: HelpRequest) -> Form[Any]:
    """The same for the desk, with what only the desk says."""
    form = change_form(held)
    first = forms.blank(haast=held.urgency, kwetsbaar="ja" if held.vulnerable else "")
    return Form({**form.values, **first.values}, lang=form.lang)


def kinds_for(session: Opened, held: HelpRequest) -> list[Kind]:
    """What may stand against the help, whatever the subject becomes; what it is now always among them."""
    found = kinds.offered(session, (*kinds.UNPAID, *kinds.PAID), held.municipality_id)
    return found if held.kind in found else [*found, held.kind]


def again(form: Form[Any], version: int) -> Form[Any]:
    """What was typed, on top of what somebody else saved in between."""
    return Form({**form.values, "versie": [str(version)]}, lang=form.lang)


def agreeing_form(proposal: Proposal, now: datetime) -> Form[Any]:
    """The day and time that were asked, or the first that suits both; nothing where the day is theirs to choose."""
    held = proposal.help_request
    today = now.astimezone(AMSTERDAM).date()
    if held.on_date is not None and held.on_date > today:
        at = held.at_time or time(10)
        return forms.blank(datum=held.on_date.isoformat(), tijd=at.isoformat("minutes"))
    shared = held.slots & (proposal.help_offer.slots if proposal.help_offer else held.slots) or held.slots
    if len(dutch.slots(shared)) > words.MOST_SLOTS_SAID:
        return forms.blank()
    for days in range(1, DAYS_TRIED):
        day = today + timedelta(days=days)
        for part, hour in HOURS.items():
            if shared & slot(day.weekday(), part):
                return forms.blank(datum=day.isoformat(), tijd=time(hour).isoformat("minutes"))
    return forms.blank()


def hidden(held: HelpRequest) -> bool:
    """Whether only those whom we ask see it."""
    return held.visibility is not Visibility.EVERYONE or is_sensitive(held.category, held.skills)
