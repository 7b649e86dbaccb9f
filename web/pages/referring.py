"""Verwijzen: with the link of a practice, or under an account of one's own; how it goes; and what is said about me."""

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.access.roles import Role
from app.clock import today
from app.errors import DomainError, NotFound, TooMany
from app.http import Opened
from app.people import phone
from app.places import service as places
from app.places.service import SpansTwo
from app.referrals import links, sending, service, telling
from app.referrals.models import ReferralStatus
from app.referrals.schemas import NewReferral
from app.schemas import Nothing
from web import dutch, forms, i18n, referral_words as words
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_referrals import SENT, fields
from web.rendering import page, see_other
from web.session import SignedIn, Visitor

router = APIRouter()
BY_LINK: Final = "/verwijs"
ONE: Final = "/verwijzing"
MINE: Final = "/verwijzen"
ABOUT_ME: Final = "/mijn/verwijzingen"
OPERATION: Final = "POST /verwijzen/nieuw"
PRIVATE: Final = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""The address holds a secret."""
forms.say(NewReferral, **SENT)


@router.get(BY_LINK + "/{code}", name="referring.by_link")
def by_link(request: Request, session: Opened, _actor: Visitor, code: str) -> Response:
    """One page for a practice: about whom, what they want, and what they said yes to."""
    practice = links.practice(session, request.app.state.secret, code)
    said: dict[str, Any] = {"name": practice.name, "source": practice.source, "email": practice.email}
    return _form(request, forms.blank(thuisTijd="12:00"), f"{BY_LINK}/{quote(code)}", **said)


def _form(  # noqa: PLR0913 - one form in two places
    request: Request, form: Form[Any], to: str, *, name: str = "", source: str = "", email: str = "",
    status: int = 200, choices: list[tuple[str, str]] | None = None,
) -> Response:  # fmt: skip
    return page(
        request, "referrals/refer.html", status=status, headers=PRIVATE, form=form, to=to, name=name, email=email,
        source=source, once=form.id or uuid4(), choices=choices or [], **fields(i18n.language(request)),
    )  # fmt: skip


@router.post(BY_LINK + "/{code}", name="referring.by_link.post")
def sent_by_link(
    request: Request, session: Opened, _actor: Visitor, code: str, form: Submitted[NewReferral]
) -> Response:
    """Keep it, and show how it goes from here on, at an address of its own."""
    secret = request.app.state.secret
    practice = links.practice(session, secret, code)
    said: dict[str, Any] = {"name": practice.name, "source": practice.source, "email": practice.email}
    to = f"{BY_LINK}/{quote(code)}"
    if form.value is None:
        return _form(request, form, to, status=422, **said)
    try:
        with session.begin_nested():
            made = sending.by_practice(session, practice, form.value, form.id)
    except SpansTwo as two:
        form.refuse("gemeente", N_("Deze postcode ligt in twee gemeenten. Kies er één."))
        choices = sorted(two.details.items(), key=lambda item: item[1])
        return _form(request, form, to, status=422, choices=choices, **said)
    except TooMany:
        form.refuse("", N_("Uw praktijk verwees vandaag al heel vaak. Bel ons, dan doen wij het samen."))
        return _form(request, form, to, status=429, **said)
    except DomainError as error:
        return _form(request, form.refused(error), to, status=422, **said)
    return see_other(f"{ONE}/{quote(links.told_token(secret, made.id, today(session)))}?gedaan=ja")


@router.get(ONE + "/{code}", name="referring.told")
def told(request: Request, session: Opened, _actor: Visitor, code: str) -> Response:
    """How one referral goes, as far as the person finds good."""
    row = sending.told(session, links.told_key(request.app.state.secret, code, today(session)))
    lang = i18n.language(request)
    facts = places.site_facts(session, row.municipality_id)
    return page(
        request, "referrals/told.html", headers=PRIVATE, row=row, done="gedaan" in request.query_params,
        state=translate(lang, words.OUTSIDE[ReferralStatus(row.status)]),
        who=_who(row.by_whom, facts, lang), line=phone.display(facts.phone) if facts else "",
        href=f"tel:{facts.phone}" if facts and facts.phone else "", when=_when(row, lang),
    )  # fmt: skip


def _who(by_whom: str, facts: places.SiteFacts | None, lang: str) -> str:
    place = facts.municipality_name if facts else ""
    if by_whom:
        return translate(lang, N_("%(who)s, voor %(place)s"), who=by_whom, place=place)
    return translate(lang, N_("Het kernteam van %(place)s"), place=place)


def _when(row: sending.Outside, lang: str) -> str:
    if row.status in (ReferralStatus.DONE, ReferralStatus.STOPPED):
        return dutch.moment(row.ended_at, lang) if row.ended_at else ""
    due = dutch.moment(row.due_at, lang)
    return translate(
        lang, N_("Alles is geregeld vóór %(due)s") if row.home_at else N_("Wij bellen vóór %(due)s"), due=due
    )


@router.get(MINE, name="referring.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What one referred."""
    lang = i18n.language(request)
    rows = sending.mine(session, actor)
    return page(
        request, "referrals/mine_sent.html", may=actor.has(Role.REFERRER), done="gedaan" in request.query_params,
        rows=[(row, translate(lang, words.OUTSIDE[ReferralStatus(row.status)]), _when(row, lang)) for row in rows],
    )  # fmt: skip


@router.get(MINE + "/nieuw", name="referring.new")
def new(request: Request, actor: SignedIn) -> Response:
    """Refer somebody, under one's own account."""
    _refuse(actor)
    return _form(request, forms.blank(uwNaam=actor.first_name, thuisTijd="12:00"), f"{MINE}/nieuw")


def _refuse(actor: Actor) -> None:
    if not actor.has(Role.REFERRER) or actor.behind is not None:
        raise NotFound


@router.post(MINE + "/nieuw", name="referring.post")
def post(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewReferral]) -> Response:
    """Keep it; sent twice it is one."""
    _refuse(actor)
    to = f"{MINE}/nieuw"
    if form.value is None:
        return _form(request, form, to, status=422)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
                return see_other(f"{MINE}?gedaan=ja")
            sending.by_referrer(session, actor, form.value)
    except SpansTwo as two:
        form.refuse("gemeente", N_("Deze postcode ligt in twee gemeenten. Kies er één."))
        choices = sorted(two.details.items(), key=lambda item: item[1])
        return _form(request, form, to, status=422, choices=choices)
    except DomainError as error:
        return _form(request, form.refused(error), to, status=429 if error.status == 429 else 422)
    return see_other(f"{MINE}?gedaan=ja")


@router.get(ABOUT_ME, name="referring.about_me")
def about_me(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Who referred me, who has it, and taking back that they hear of it."""
    lang = i18n.language(request)
    rows = service.mine(session, actor)
    return page(
        request, "referrals/about_me.html", done="gedaan" in request.query_params,
        rows=[
            (row, translate(lang, words.OUTSIDE[row.status]), words.holder(row),
             translate(lang, words.WISHES[row.wish]), dutch.moment(row.due_at, lang))
            for row in rows
        ],
    )  # fmt: skip


@router.post(ABOUT_ME + "/{id}/niet-terugvertellen", name="referring.take_back")
def take_back(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """From here on whoever referred hears nothing more."""
    if form.value is None:
        raise DomainError
    telling.take_back(session, actor, id)
    return see_other(f"{ABOUT_ME}?gedaan=ja")
