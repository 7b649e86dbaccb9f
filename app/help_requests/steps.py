"""The five screens of asking: what each takes, and the request that they add up to."""

import re
from collections.abc import Collection, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from app.categories.models import Category
from app.categories.vocabulary import SLOTS, Frequency, Kind, Part, Visibility, slot
from app.errors import Invalid
from app.help_requests import kinds
from app.help_requests.schemas import NewHelpRequest
from app.people.phone import TypedPhone
from app.places.postcodes import TypedPostcode
from app.privacy.standing import YES
from app.schemas import Incoming, Minutes, Whole
from app.text import Email, FirstName, Name, Typed

MYSELF, SOMEBODY = "mij", "ander"
TITLE_LENGTH = 80
"""A title longer than this is cut at a word; the whole text is then below it."""
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_NAMED = re.compile(rf"(?:[a-z]+dag )?(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2}))? ?(?:uur|u)?")
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)")


def _as_date(typed: Any) -> Any:
    """``3-12-2026`` and ``3 december 2026`` as a browser's date field sends it."""
    if not isinstance(typed, str):
        return typed
    plain = " ".join(typed.lower().split())
    if numbers := _NUMBERS.fullmatch(plain):
        return f"{numbers[3]}-{numbers[2]:0>2}-{numbers[1]:0>2}"
    if named := _NAMED.fullmatch(plain):
        return f"{named[3]}-{MONTHS.index(named[2]) + 1:02}-{named[1]:0>2}"
    return typed


def _as_time(typed: Any) -> Any:
    """``14.00``, ``14 uur`` and ``9u`` as a browser's time field sends it."""
    found = _TIME.fullmatch(typed.strip().lower()) if isinstance(typed, str) else None
    return f"{found[1]:0>2}:{found[2] or '00'}" if found else typed


TypedDate = Annotated[date, BeforeValidator(_as_date)]
TypedTime = Annotated[time, BeforeValidator(_as_time)]
SlotBits = Annotated[list[Annotated[Whole, Field(ge=0, lt=SLOTS)]], Field(max_length=SLOTS)]
MaskBits = Annotated[list[Annotated[Whole, Field(ge=0, lt=31)]], Field(max_length=31)]


def mask(bits: list[int]) -> int:
    """The bits as one number."""
    return reduce(or_, (1 << bit for bit in bits), 0)


class What(Incoming):
    """Screen 1: in one's own words."""

    text: Annotated[Annotated[str, Typed(2000, lines=True)], Field(alias="tekst")]
    like: Annotated[str | None, Field(alias="lijktOp", max_length=80)] = None
    """The category that was recognised while one wrote, and pressed."""


class Topic(Incoming):
    """Screen 2: a theme with its picture, and what it is within that theme."""

    theme: Annotated[str, Field(alias="thema", max_length=40)]
    category: Annotated[str | None, Field(alias="categorie", max_length=80)] = None


class Day(StrEnum):
    """How one says when."""

    ANY = "maakt-niet-uit"
    TODAY = "vandaag"
    TOMORROW = "morgen"
    THIS_WEEK = "deze-week"
    DATE = "dag"
    PARTS = "dagdelen"


class When(Incoming):
    """Screen 3: when, how often, how long, and how many people."""

    day: Annotated[Day, Field(alias="wanneer")] = Day.ANY
    on_date: Annotated[TypedDate | None, Field(alias="datum")] = None
    at_time: Annotated[TypedTime | None, Field(alias="tijd")] = None
    slots: Annotated[SlotBits, Field(alias="tijden")] = []
    frequency: Annotated[Frequency, Field(alias="hoeVaak")] = Frequency.ONCE
    minutes: Annotated[Minutes, Field(alias="minuten")] = 60
    helpers_wanted: Annotated[Annotated[Whole, Field(ge=1, le=20)], Field(alias="aantalHelpers")] = 1

    @field_validator("on_date")
    @classmethod
    def _date_when_chosen(cls, on_date: date | None, info: ValidationInfo) -> date | None:
        if on_date is None and info.data.get("day") is Day.DATE:
            raise PydanticCustomError("date-needed", "a date is needed")
        return on_date

    @field_validator("slots")
    @classmethod
    def _parts_when_chosen(cls, slots: list[int], info: ValidationInfo) -> list[int]:
        if not slots and info.data.get("day") is Day.PARTS:
            raise PydanticCustomError("parts-needed", "a part of a day is needed")
        return slots

    def terms(self, today: date) -> dict[str, Any]:
        """The same in the words of a request; relative days count from ``today``."""
        return {
            "minuten": self.minutes, "hoeVaak": self.frequency, "aantalHelpers": self.helpers_wanted,
            **self._day(today),
        }  # fmt: skip

    def _day(self, today: date) -> dict[str, Any]:
        near = {Day.TODAY: today, Day.TOMORROW: today + timedelta(days=1), Day.DATE: self.on_date}
        if self.day in near:
            return {"datum": near[self.day], "tijd": self.at_time}
        if self.day is Day.PARTS:
            return {"tijden": mask(self.slots)}
        if self.day is Day.THIS_WEEK:
            days = range(today.weekday(), 7)
            parts = (Part.MORNING, Part.AFTERNOON, Part.EVENING)
            sunday = today + timedelta(days=6 - today.weekday())
            until = {"totEnMet": sunday} if self.frequency is Frequency.ONCE else {}
            return {"tijden": sum(slot(day, part) for day in days for part in parts), **until}
        return {}


class Reach(Incoming):
    """Who may see it, who may come, and what they should know."""

    max_km: Annotated[Annotated[Whole, Field(ge=1, le=50)], Field(alias="hoeVerKm")] = 15
    cross_border: Annotated[bool, Field(alias="buurgemeenten")] = False
    """A box that is not ticked is not sent: absent is no."""
    visibility: Annotated[Visibility, Field(alias="zichtbaarVoor")] = Visibility.EVERYONE
    languages: Annotated[MaskBits, Field(alias="talen")] = [0]
    skills: Annotated[MaskBits, Field(alias="vaardigheden")] = []

    def reach(self) -> dict[str, Any]:
        """The same in the words of a request."""
        return {
            "hoeVerKm": self.max_km, "buurgemeenten": self.cross_border, "zichtbaarVoor": self.visibility,
            "talen": mask(self.languages) or 1, "vaardigheden": mask(self.skills),
        }  # fmt: skip


class Where(Reach):
    """Screen 4: where one lives, unless that is known already."""

    postcode: TypedPostcode | None = None
    municipality_id: Annotated[Whole | None, Field(alias="gemeente")] = None
    for_whom: Annotated[str, Field(alias="voorWie", max_length=40)] = MYSELF
    """Oneself, somebody new, or the key of a representation."""
    other_name: Annotated[FirstName | None, Field(alias="naamAnder")] = None
    other_phone: Annotated[TypedPhone | None, Field(alias="telefoonAnder")] = None
    other_email: Annotated[Email | None, Field(alias="emailAnder")] = None
    told: Annotated[bool, Field(alias="weetErvan")] = False
    """Whether the other knows that this is asked."""

    def check_for_whom(self, acting_under: str | None, *, signed_in: bool) -> None:
        """Raise Invalid unless this was answered by who acts now, in the name that they act in."""
        if acting_under is not None:
            fits = self.for_whom == acting_under
        else:
            fits = self.for_whom == MYSELF or (signed_in and self.for_whom == SOMEBODY)
        if not fits:
            raise Invalid(details={"voorWie": "choose"})
        if self.for_whom == SOMEBODY:
            self._check_other()

    def _check_other(self) -> None:
        wrong: dict[str, str] = {}
        if self.other_name is None:
            wrong["naamAnder"] = "needed"
        if self.postcode is None:
            wrong["postcode"] = "postcode-empty"
        if self.other_phone is None and self.other_email is None:
            wrong["telefoonAnder"] = "reach"
        if not self.told:
            wrong["weetErvan"] = "needed"
        if wrong:
            raise Invalid(details=wrong)


class Who(Incoming):
    """Screen 5: what stands against the help, and whom to call; the latter nothing for who is signed in."""

    kind: Annotated[Kind | None, Field(alias="soort")] = None
    sensitive_yes: Annotated[Whole | None, Field(alias=YES)] = None
    """The version of the text about sensitive facts that was ticked."""

    first_name: Annotated[FirstName | None, Field(alias="voornaam")] = None
    last_name: Annotated[Name | None, Field(alias="achternaam")] = None
    phone: Annotated[TypedPhone | None, Field(alias="telefoon")] = None
    email: Email | None = None


def split(text: str) -> tuple[str, str]:
    """A title, and what is left to tell: the first sentence, or its beginning with the whole text below."""
    first, _, rest = text.partition("\n")
    sentence = _SENTENCE.match(first)
    if sentence and len(first) > sentence.end():
        first, rest = first[: sentence.end()], f"{first[sentence.end() :].strip()}\n{rest}"
    title = first.strip().removesuffix(".").strip() or first.strip()
    if len(title) <= TITLE_LENGTH:
        return title, rest.strip()
    cut = title[: TITLE_LENGTH - 1].rsplit(" ", 1)[0]
    return f"{cut}…", text


def chosen_kind(
    answers: Mapping[str, Mapping[str, Any]], category: Category, paid_only: Collection[int] = ()
) -> Kind:
    """What was chosen on the last screen, while the subject allows it; else what is usual."""
    typed = answers.get("versturen", {}).get("soort", "")
    allowed = kinds.allowed(category, paid_only)
    return Kind(typed) if typed in allowed else allowed[0]


def said_yes(answers: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The version of the text that was ticked on the last screen, as it was typed; None without one."""
    typed = str(answers.get("versturen", {}).get(YES, ""))
    return typed if typed.isdecimal() and len(typed) < 5 and int(typed) > 0 else None


def request_of(
    answers: Mapping[str, Mapping[str, Any]], category: Category, day: date, paid_only: Collection[int]
) -> NewHelpRequest:
    """The request that the answers add up to, where nobody does ``paid_only`` unpaid.

    Raises pydantic's ValidationError while something is missing.
    """
    title, body = split(What.model_validate(answers.get("wat", {})).text)
    return NewHelpRequest.model_validate(
        {
            "categorie": category.slug, "titel": title, "toelichting": body or None,
            "soort": chosen_kind(answers, category, paid_only), YES: said_yes(answers),
            **When.model_validate(answers.get("wanneer", {})).terms(day),
            **Where.model_validate(answers.get("waar", {})).reach(),
        }
    )  # fmt: skip
