"""Mijn controles: what was seen of me, by whom and until when, and what my kinds of help ask."""

from functools import reduce
from operator import or_
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.categories.vocabulary import Check
from app.checks import newcomers, requirements as rules, service
from app.clock import today
from app.help_offers import service as help_offers
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.http import Opened
from app.people import service as people
from app.places import service as places
from web import check_words, i18n
from web.offer_forms import offered
from web.rendering import page
from web.requirements import requirements
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/controles"


@router.get(HERE, name="checks.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's own checks; nobody else finds them here."""
    lang, own = i18n.language(request), service.mine(session, actor)
    home = people.home_of(session, actor)
    municipality = places.municipality(session, home.municipality_id)
    offers = [row for row in help_offers.mine(session, actor) if row.status is OfferStatus.OPEN]
    asked, flags = (
        _asked(session, actor, home.municipality_id, offers),
        {row.organisation_id for row in offers},
    )
    flag = next(iter(flags)) if len(flags) == 1 else None
    return page(
        request,
        "checks/mine.html",
        needed=requirements(asked, own, today(session), lang, organisation_id=flag),
        lines=[check_words.line(row, lang) for row in own],
        visits=newcomers.visits(session, actor.person_id),
        first_visits=municipality.newcomer_visits,
        meets_first=municipality.newcomer_meeting,
    )


def _asked(session: Opened, actor: Actor, municipality_id: int, offers: list[HelpOffer]) -> Check:
    """All that these offers may be asked for."""
    numbers = {number for row in offers for number in row.category_numbers}
    rows = [row for row in offered(session, actor) if row.number in numbers]
    masks = rules.of_offers(session, municipality_id, rows, paid=any(row.paid for row in offers))
    return reduce(or_, masks.values(), Check(0))
