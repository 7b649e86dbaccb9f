"""Mijn agenda: all that one comes to by day, and at a secret address that a phone's own agenda asks by itself."""

import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import ics
from app.access.policy import require_fresh
from app.calendars import address as secret_address, feed
from app.calendars.feed import Entry, What
from app.clock import now
from app.errors import DomainError
from app.http import Opened
from app.people import service as people
from app.schemas import Nothing
from web import dutch, i18n
from web.forms import Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn, Visitor

router = APIRouter()
HERE: Final = "/mijn/agenda"
MOST: Final = 60
"""So many stand on the page; the address has all."""
TITLES: Final = {
    What.HELPS: N_("U helpt %(name)s"),
    What.IS_HELPED: N_("%(name)s helpt u"),
    What.COMES: "%(name)s",
    What.WAITS: N_("Wachtlijst: %(name)s"),
    What.HOSTS: N_("U ontvangt: %(name)s"),
    What.TALKS: N_("Gesprek over u en %(name)s"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One time on the page, in words."""

    one: Entry
    title: str


@router.get(HERE, name="calendar.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What is to come, day by day; and whether one's agenda has an address, with a button to make or end it."""
    moment, lang = now(session), i18n.language(request)
    coming = [one for one in feed.entries(session, actor) if one.ends_at > moment][:MOST]
    days = [
        (
            _first_upper(dutch.day(day, lang, now=moment)),
            [Line(one, translate(lang, TITLES[one.what], name=one.name)) for one in some],
        )
        for day, some in groupby(coming, key=lambda one: dutch.local_date(one.starts_at))
    ]
    return page(
        request, "calendar/mine.html", days=days, address=secret_address.current(session, actor),
        stopped="gestopt" in request.query_params,
    )  # fmt: skip


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@router.get(f"{HERE}/adres", name="calendar.new")
def new(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Before it is made: what whoever has it can read."""
    require_fresh(actor)
    return page(request, "calendar/new.html", again=secret_address.current(session, actor) is not None)


@router.post(f"{HERE}/adres", name="calendar.make")
def make(request: Request, session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """Show it, this once; what is kept is its hash."""
    if form.value is None:
        raise DomainError
    secret = secret_address.renew(session, actor)
    address = f"{request.app.state.settings.address}/agenda/{secret}.ics"
    # the scheme by which a phone knows that this is an agenda to follow
    follow = f"webcal:{address.partition(':')[2]}"
    return page(request, "calendar/address.html", address=address, follow=follow)


@router.post(f"{HERE}/stoppen", name="calendar.end")
def end(session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """It opens nothing from here on."""
    if form.value is None:
        raise DomainError
    secret_address.end(session, actor)
    return see_other(f"{HERE}?gestopt=ja")


@router.get("/agenda/{code}.ics", name="calendar.feed")
def read(request: Request, session: Opened, _actor: Visitor, code: str) -> Response:
    """The feed itself. What did not change since it was read is not sent again."""
    actor = feed.owner(session, code)
    lang = people.oneself(session, actor).language
    address = request.app.state.settings.address
    host = urlsplit(address).hostname or "zorgvoorelkaar.example"
    events = [_event(one, address, lang) for one in feed.entries(session, actor)]
    text = ics.written(events, host, translate(lang, N_("ZorgvoorElkaar")))
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=ics.KIND, headers=headers)


def _event(one: Entry, address: str, lang: str) -> ics.Event:
    sure = ics.Sure.TENTATIVE if one.what is What.WAITS else ics.Sure.CONFIRMED
    if one.cancelled:
        sure = ics.Sure.CANCELLED
    return ics.Event(
        key=str(one.id), made_at=one.made_at, starts_at=one.starts_at, ends_at=one.ends_at,
        title=translate(lang, TITLES[one.what], name=one.name), address=f"{address}{one.page}", where=one.where,
        sequence=one.version, sure=sure,
    )  # fmt: skip
