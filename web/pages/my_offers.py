"""Wat ik doe voor anderen: what I was asked, what I agreed, and what I offer."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.agreements import occur
from app.agreements.models import Agreement, OccurrenceStatus, Status as AgreementStatus
from app.categories import service as categories
from app.clock import today
from app.errors import Conflict, DomainError, NotFound, Stale
from app.help_offers import service
from app.help_offers.models import HelpOffer, Status
from app.help_requests.models import Status as RequestStatus
from app.http import Opened
from app.matches import answer
from app.matches.models import Proposal, Status as ProposalStatus
from app.schemas import Incoming
from web import forms, i18n, words
from web.forms import Form, Submitted
from web.offer_forms import TypedOffer, changed_offer, choices, flags, new_offer, offer_as_typed, offered
from web.pages.helping_join import OPERATION
from web.rendering import page, see_other
from web.request_cards import Between, Card, fitting_card
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/aanbod"
COMING: Final = (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)
WAITING: Final = (ProposalStatus.WILLING, ProposalStatus.FULL)
UNDER_WAY: Final = (RequestStatus.OPEN, RequestStatus.FILLED, RequestStatus.PAUSED)
"""In these a place may still come free; with any other the yes is past."""
DOES: Final = {"pauze": service.pause, "verder": service.resume, "stoppen": service.withdraw}
LATER: Final = "later"
"""The button that keeps an offer as a draft."""
LEADS_TO: Final = {"pauze": Status.PAUSED, "verder": Status.OPEN, "stoppen": Status.WITHDRAWN}


class Press(Incoming):
    """Which button of an offer was pressed."""

    what: Annotated[str, Field(alias="doe", max_length=10)]


@router.get(HERE, name="my_offers.all")
def every(request: Request, session: Opened, actor: SignedIn) -> Response:
    """The whole page: a constant number of queries, however much there is."""
    lang = i18n.language(request)
    proposals = answer.for_helper(session, actor)
    asked = [row for row in proposals if _is_asked(row)]
    offers = [row for row in service.mine(session, actor) if row.status is not Status.WITHDRAWN]
    names = {row.number: row.name for row in categories.every(session)}
    return page(
        request,
        "my_offers/all.html",
        form=forms.blank(),
        asked=_cards(session, actor, asked, lang),
        waiting=_cards(session, actor, [row for row in proposals if _waits(row)], lang),
        past=_cards(session, actor, [row for row in proposals if _is_past(row)], lang),
        meetings=[row for row in proposals if row.status is ProposalStatus.MEETING],
        agreements=_agreed(session, actor),
        offers=offers,
        named={
            row.id: [words.category(names[number], lang) for number in row.category_numbers] for row in offers
        },
        thanked="dank" in request.query_params,
    )


def _agreed(session: Opened, actor: Actor) -> list[tuple[Agreement, datetime | None]]:
    """What I help with, by its first time that is still to come; what has none stands last."""
    rows = [
        (row, min((one.starts_at for one in row.occurrences if one.status in COMING), default=None))
        for row in occur.mine(session, actor)
        if row.helper_id == actor.person_id and row.status is AgreementStatus.ACTIVE
    ]
    return sorted(rows, key=lambda pair: (pair[1] is None, pair[1]))


def _is_asked(proposal: Proposal) -> bool:
    open_still = proposal.help_request.status is RequestStatus.OPEN
    return open_still and proposal.status is ProposalStatus.PROPOSED


def _waits(proposal: Proposal) -> bool:
    """Somebody may still say yes to me: I was not too late, or I chose to wait for a place."""
    if proposal.help_request.status not in UNDER_WAY:
        return False
    return proposal.status is ProposalStatus.WILLING or (
        proposal.status is ProposalStatus.FULL and proposal.answered_at is not None
    )


def _is_past(proposal: Proposal) -> bool:
    return proposal.status in WAITING and not _waits(proposal)


def _cards(
    session: Opened, actor: Actor, proposals: list[Proposal], lang: str
) -> list[tuple[Proposal, Card]]:
    day = today(session)
    return [(row, fitting_card(Between.proposed(row), lang, day, home=actor.home)) for row in proposals]


@router.get(f"{HERE}/nieuw", name="my_offers.new")
def new(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Something more that one likes to do."""
    return _form(request, session, actor, forms.blank(talen=[1], buurgemeenten=True, minutenPerWeek=120))


def _form(
    request: Request, session: Opened, actor: Actor, form: Form[Any], offer: HelpOffer | None = None
) -> Response:
    return page(
        request,
        "my_offers/offer.html",
        status=422 if form.errors else 200,
        form=form,
        once=form.id or uuid4(),
        offer=offer,
        themes=_by_theme(session, actor, i18n.language(request)),
        flags=flags(session, actor, offer, i18n.language(request)),
        **choices(i18n.language(request)),
    )


def _by_theme(session: Opened, actor: Actor, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    themes: dict[str, list[tuple[str, str]]] = {}
    for row in offered(session, actor):
        kinds = themes.setdefault(i18n.translate(lang, row.theme_name), [])
        kinds.append((row.slug, i18n.translate(lang, row.name)))
    return list(themes.items())


@router.post(f"{HERE}/nieuw", name="my_offers.post")
def post(request: Request, session: Opened, actor: SignedIn, form: Submitted[TypedOffer]) -> Response:
    """Offer it from now on, or keep it for later; the same form sent twice is one offer."""
    if form.value is None:
        return _form(request, session, actor, form)
    if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
        return see_other(HERE)
    keep = service.draft if form.button == LATER else service.post
    try:
        with session.begin_nested():
            keep(session, actor, new_offer(form.value))
    except DomainError as refusal:
        return _form(request, session, actor, form.refused(refusal))
    return see_other(HERE)


@router.get(f"{HERE}/{{id}}", name="my_offers.show")
def show(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """One of one's own offers, to be changed."""
    offer = _own(session, actor, id)
    return _form(request, session, actor, offer_as_typed(offer, categories.every(session)), offer)


def _own(session: Opened, actor: Actor, id: UUID) -> HelpOffer:
    offer = service.get(session, actor, id)
    if offer.person_id != actor.person_id:
        raise NotFound
    return offer


@router.post(f"{HERE}/{{id}}", name="my_offers.change")
def change(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[TypedOffer]
) -> Response:
    """Change it; who saved in between is not overwritten."""
    offer = _own(session, actor, id)
    if form.value is None:
        return _form(request, session, actor, form, offer)
    try:
        with session.begin_nested():
            service.change(session, actor, id, changed_offer(form.value))
    except DomainError as refusal:
        form.refused(refusal)
        offer = _own(session, actor, id)
        if isinstance(refusal, Stale):
            # what was typed stays; sent once more it is meant
            form.values = {**form.values, "versie": [str(offer.version)]}
        return _form(request, session, actor, form, offer)
    return see_other(HERE)


@router.post(f"{HERE}/{{id}}/doe", name="my_offers.press")
def press(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Press]) -> Response:
    """Pause, go on, or stop; a second press of the same button changes nothing."""
    if form.value is None or form.value.what not in DOES:
        raise NotFound
    offer = _own(session, actor, id)
    if offer.status is LEADS_TO[form.value.what]:
        return see_other(HERE)
    if offer.status is Status.WITHDRAWN:
        raise Conflict
    DOES[form.value.what](session, actor, id)
    return see_other(HERE)
