"""Mijn Roosjes: where the account stands, what came and went, and giving some to somebody one knows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.errors import DomainError, NotFound
from app.http import Opened
from app.people.models import Person
from app.roosjes import story
from app.roosjes.service import OutOfRoosjes
from app.schemas import Incoming, Whole
from rewards.types import TransferKind
from web import dutch, forms, i18n
from web.forms import Form, Submitted, say
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/roosjes"
FIRST_LINES: Final = 6
AMOUNTS: Final = (15, 30, 45, 60, 90, 120, 180, 240)
MUCH: Final = 300
"""So many minutes to spare, or to give back, and we say a word about it."""
REASONS: Final = {
    "booked_by_mistake": N_("het was niet zo bedoeld"),
    "wrong_amount": N_("het aantal klopte niet"),
    "wrong_party": N_("het was voor iemand anders"),
    "not_delivered": N_("de hulp ging niet door"),
    "cancelled": N_("het was afgezegd"),
    "dispute": N_("u zag het verschillend"),
}


class Gift(Incoming):
    """Roosjes for somebody one knows; ``key`` makes a form that is sent twice one gift."""

    to: Annotated[UUID, Field(alias="aan")]
    minutes: Annotated[Annotated[Whole, Field(ge=15, le=600)], Field(alias="minuten")]
    key: Annotated[UUID, Field(alias="sleutel")]


say(
    Gift,
    aan=N_("Kies aan wie."),
    minuten=N_("Kies hoeveel."),
    **{"out-of-roosjes": N_("Zoveel kan nu niet. Kies iets minder, of bel ons.")},
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the statement as ``macros/roosjes.html`` draws it."""

    day: datetime
    minutes: int
    text: str
    balance: int
    held: bool = False


@router.get(HERE, name="roosjes.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The picture, the last lines, and what one may do with it."""
    return _mine(request, session, actor, forms.blank(sleutel=str(uuid4())))


def _mine(request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200) -> Response:
    lang = i18n.language(request)
    told = story.story(session, actor, limit=FIRST_LINES)
    person = session.get(Person, actor.person_id)
    return page(
        request,
        "roosjes/mine.html",
        status=status,
        form=form,
        story=told,
        left=told.balance.available,
        held=told.balance.held_out,
        borrow=-told.balance.floor,
        advice="" if person is None or person.do_not_ask else advice(told.balance.available),
        rows=[*(_held(row, lang) for row in told.holds), *(line(row, lang) for row in told.lines)],
        known=[(str(row.id), row.first_name) for row in story.acquaintances(session, actor)],
        amounts=[(minutes, dutch.roosjes(minutes, lang)) for minutes in AMOUNTS],
        given="gegeven" in request.query_params,
    )


def advice(left: int) -> str:
    """A word on the balance, never a demand: "ask" for who gave much, "give" for who received much."""
    if left >= MUCH:
        return "ask"
    return "give" if left <= -MUCH else ""


def _held(row: story.Held, lang: str) -> Row:
    whom = translate(lang, N_("met %(name)s"), name=row.name or "ZorgvoorElkaar")
    return Row(row.moment, row.minutes, dutch.after(row.about or "Roosjes", whom), row.balance, held=True)


def line(row: story.Line, lang: str) -> Row:
    """One line in words: who, and what it was."""
    return Row(row.moment, row.minutes, _text(row, lang), row.balance)


def _text(row: story.Line, lang: str) -> str:
    name = row.name or "ZorgvoorElkaar"
    if row.kind is TransferKind.REVERSE:
        by = row.corrected_by or translate(lang, N_("ons"))
        why = translate(lang, REASONS.get(row.reason, N_("het klopte niet")))
        return translate(lang, N_("Verbeterd door %(by)s: %(why)s"), by=by, why=why)
    if row.about:
        whom = N_("voor %(name)s") if row.minutes > 0 else N_("met hulp van %(name)s")
        return dutch.after(row.about, translate(lang, whom, name=name))
    return translate(
        lang, N_("Gekregen van %(name)s") if row.minutes > 0 else N_("Gegeven aan %(name)s"), name=name
    )


@router.get(f"{HERE}/alles", name="roosjes.all")
def every(request: Request, session: Opened, actor: SignedIn) -> Response:
    """All lines, a page at a time; ``?voor=`` is where the page before ended."""
    typed = request.query_params.get("voor", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 16 else None
    told = story.story(session, actor, before=before or None)
    lang = i18n.language(request)
    rows = [line(row, lang) for row in told.lines]
    return page(request, "roosjes/all.html", rows=rows, older=told.older, first=before is None)


@router.post(HERE, name="roosjes.give")
def give(request: Request, session: Opened, actor: SignedIn, form: Submitted[Gift]) -> Response:
    """Give some to somebody one knows."""
    if form.value is None:
        return _mine(request, session, actor, form, status=422)
    try:
        with session.begin_nested():
            story.give(session, actor, form.value.to, form.value.minutes, f"gift:{form.value.key}")
    except OutOfRoosjes:
        form.refuse("minuten", N_("Zoveel kan nu niet. Kies iets minder, of bel ons."))
    except NotFound:
        form.refuse("aan", N_("Kies aan wie."))
    except DomainError:
        form.refuse("", N_("Dit formulier is al verstuurd. Kijk hieronder of het goed staat."))
        form.values = {**form.values, "sleutel": [str(uuid4())]}
    else:
        return see_other(f"{HERE}?gegeven=ja")
    return _mine(request, session, actor, form, status=409)
