"""What neighbours ask: the public list, one request as others see it, and saying yes or no to it."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.categories import service as categories
from app.checks import requirements as rules
from app.clock import today
from app.errors import Conflict, NotFound
from app.help_offers import service as help_offers
from app.help_offers.models import Status as OfferStatus
from app.help_requests import public, service
from app.help_requests.models import HelpRequest, Status
from app.http import Opened
from app.matches import answer, mine, volunteer
from app.matches.answer import TakenAlready
from app.matches.models import Proposal, Status as ProposalStatus
from app.matches.propose import DoesNotFit
from app.matches.schemas import Answer
from app.people import service as people
from app.schemas import Nothing, Why
from web import forms, i18n, words
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other, site
from web.request_cards import card
from web.requirements import requirements
from web.session import SignedIn, Visitor

router = APIRouter()
RULES: Final = {
    "no-offer": N_("Zeg eerst wat u graag doet. Dan weten wij wat bij u past."),
    "border": N_("Deze vraag is voor mensen uit de eigen gemeente."),
    "language": N_("U en de ander spreken niet dezelfde taal. Bel ons, dan kijken wij samen."),
    "checks": N_("Voor deze hulp is eerst een controle nodig."),
    "oneself": N_("Dit is uw eigen vraag."),
    "paused": N_("U heeft pauze. Zet de pauze uit en probeer het dan opnieuw."),
    "kind": N_("Deze vraag is voor betaalde hulp."),
}
ELSE: Final = N_("Dit past nu niet. Bel ons, dan kijken wij samen.")
NO_REASONS: Final = (
    N_("Ik heb nu geen tijd"),
    N_("Het is te ver voor mij"),
    N_("Dit doe ik liever niet"),
    N_("Ik ken deze persoon"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for in a public list: words, a theme, and which page; and where more of the same is."""

    typed: str
    theme: str
    number: int
    address: str


def asked_for(request: Request, path: str) -> Asked:
    """What the address asks; a page number that is none is the first. The page's number is added to ``address``."""
    asked = request.query_params
    typed, theme = asked.get("zoek", "")[:200], asked.get("thema", "")[:40].replace("\0", "")
    page_number = asked.get("pagina", "1")
    number = (
        int(page_number) if page_number.isascii() and page_number.isdigit() and len(page_number) < 6 else 1
    )
    query = {name: value for name, value in (("zoek", typed), ("thema", theme)) if value}
    return Asked(typed, theme, number, f"{path}?{urlencode({**query, 'pagina': ''})}")


@router.get("/hulpvragen", name="help_requests.all")
def every(request: Request, session: Opened, actor: Visitor) -> Response:
    """The public list, by words and theme."""
    asked = asked_for(request, "/hulpvragen")
    found = public.shown(
        session, site(request).municipality_id, typed=asked.typed, theme=asked.theme, number=asked.number
    )
    lang, day = i18n.language(request), today(session)
    return page(
        request,
        "help_requests/all.html",
        form=forms.blank(zoek=asked.typed, thema=asked.theme),
        found=found,
        cards=[card(row, lang, day, home=actor.home) for row in found.rows],
        themes=[(theme, i18n.translate(lang, name)) for theme, name in categories.themes()],
        address=asked.address,
    )


@router.get("/hulpvragen/{id}", name="help_requests.show")
def show(request: Request, session: Opened, actor: Visitor, id: UUID) -> Response:
    """One request: never more than a first name and a neighbourhood."""
    help_request = service.get(session, actor, id)
    return _shown(request, session, actor, help_request, forms.blank())


def _shown(
    request: Request,
    session: Opened,
    actor: Actor,
    help_request: HelpRequest,
    form: Form[Any],
    *,
    status: int = 200,
) -> Response:
    lang, day = i18n.language(request), today(session)
    proposal = mine.for_one(session, actor, help_request.id) if actor.signed_in else None
    own = people.checks_of(session, actor) if actor.signed_in else []
    needed = requirements(
        rules.of_request(session, help_request),
        own,
        day,
        lang,
        organisation_id=_flag(session, actor, help_request),
    )
    state = _state(session, actor, help_request, proposal)
    if state in ("may", "asked") and not all(one.met for one in needed):
        state = "checks"
    return page(
        request,
        "help_requests/show.html",
        status=status,
        form=form,
        help_request=help_request,
        card=card(help_request, lang, day, home=actor.home, distance_m=proposal.distance_m if proposal else None),
        kind=translate(lang, words.KINDS[help_request.kind]),
        proposal=proposal,
        may_write=proposal is not None and proposal.is_introduced(help_request.municipality),
        needed=needed,
        state=state,
        no_reasons=[(reason, translate(lang, reason)) for reason in NO_REASONS],
    )  # fmt: skip


def _flag(session: Opened, actor: Actor, help_request: HelpRequest) -> UUID | None:
    """The organisation under which the actor offers this, whose own look at its volunteers counts then."""
    offers = help_offers.mine(session, actor) if actor.signed_in else []
    flags = [
        offer.organisation_id
        for offer in offers
        if offer.status is OfferStatus.OPEN and help_request.category_number in offer.category_numbers
    ]
    return flags[0] if len(set(flags)) == 1 else None


SAID: Final = {
    ProposalStatus.WILLING: "willing",
    ProposalStatus.MEETING: "meeting",
    ProposalStatus.AGREED: "agreed",
    ProposalStatus.FULL: "full",
    ProposalStatus.DECLINED: "declined",
    ProposalStatus.PASSED: "passed",
}
"""Where a helper stands with a request, as the page tells it."""


def _state(session: Opened, actor: Actor, help_request: HelpRequest, proposal: Proposal | None) -> str:
    if not actor.signed_in:
        return "visitor"
    if help_request.person_id == actor.person_id:
        return "own"
    if proposal is not None and proposal.status in SAID:
        return SAID[proposal.status]
    if help_request.status is not Status.OPEN:
        return "closed"
    if proposal is not None and proposal.status is ProposalStatus.PROPOSED:
        return "asked"
    offers = help_offers.mine(session, actor)
    return "may" if any(offer.status is OfferStatus.OPEN for offer in offers) else "no-offer"


@router.post("/hulpvragen/{id}/ja", name="help_requests.yes")
def yes(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Answer]) -> Response:
    """Ik kan helpen: to what one was asked, or of one's own accord."""
    if form.value is None:
        return _shown(request, session, actor, service.get(session, actor, id), form, status=422)
    try:
        with session.begin_nested():
            volunteer.come_forward(session, actor, id, form.value.message or "")
    except DoesNotFit as refusal:
        form.refuse("", RULES.get(refusal.details.get("regel", ""), ELSE))
        return _shown(request, session, actor, service.get(session, actor, id), form, status=409)
    except TakenAlready:
        return _too_late(request, session, actor, id)
    except Conflict:
        return _answered_before(request, session, actor, id)
    return see_other(f"/hulpvragen/{id}")


def _answered_before(request: Request, session: Opened, actor: Actor, id: UUID) -> Response:
    """The yes came twice, which is one yes; else somebody was first."""
    proposal = mine.for_one(session, actor, id)
    if proposal is not None and proposal.status in (ProposalStatus.WILLING, ProposalStatus.MEETING):
        return see_other(f"/hulpvragen/{id}")
    return _too_late(request, session, actor, id)


def _too_late(request: Request, session: Opened, actor: Actor, id: UUID) -> Response:
    """Somebody was first, whatever the reason; who was asked may stand on the waiting list."""
    proposal = mine.for_one(session, actor, id)
    waiting = proposal if proposal is not None and proposal.status is ProposalStatus.FULL else None
    return page(request, "help_requests/taken.html", status=409, proposal=waiting, id=id)


@router.post("/hulpvragen/{id}/nee", name="help_requests.no")
def no(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Why]) -> Response:
    """Nu niet: neutral, and without penalty."""
    proposal = mine.for_one(session, actor, id)
    if proposal is None:
        raise NotFound
    if form.value is None:
        return _shown(request, session, actor, service.get(session, actor, id), form, status=422)
    if proposal.status is not ProposalStatus.DECLINED:
        answer.decline(session, actor, proposal.id, form.value.reason or "")
    return see_other("/mijn/aanbod?dank=ja")


@router.post("/hulpvragen/{id}/wachtlijst", name="help_requests.wait")
def wait(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Ask me when the place comes free."""
    proposal = mine.for_one(session, actor, id)
    if proposal is None or form.value is None:
        raise NotFound
    mine.wait(session, actor, proposal.id)
    return see_other(f"/hulpvragen/{id}")


@router.get("/mijn/voorstellen/{id}", name="help_requests.proposal")
def proposal_of(session: Opened, actor: SignedIn, id: UUID) -> Response:
    """From a notice to the page where this proposal is answered."""
    proposal = answer.get(session, actor, id)
    if proposal.status is ProposalStatus.MEETING:
        return see_other(f"/mijn/afspraken/kennismaken/{id}")
    if proposal.asker_id == actor.person_id:
        return see_other(f"/mijn/vragen/{proposal.help_request_id}")
    if proposal.helper_id == actor.person_id:
        return see_other(f"/hulpvragen/{proposal.help_request_id}")
    return see_other(f"/bureau/zaken/{proposal.help_request_id}")
