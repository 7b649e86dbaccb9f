"""Mensen en organisaties of one's own municipality, as far as the desk needs to know them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.roles import Permission
from app.help_offers.models import Status as OfferStatus
from app.http import Opened
from app.moderation import organisations, people
from app.organisations.models import OrganisationKind
from app.safety import suspensions
from web import dutch, i18n
from web.desk_words import STATUSES
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality
from web.session import Staff

router = APIRouter(prefix="/bureau")
KINDS: Final = {
    OrganisationKind.WELFARE: N_("welzijn"),
    OrganisationKind.CARE: N_("zorg"),
    OrganisationKind.VOLUNTEERS: N_("vrijwilligers"),
    OrganisationKind.CLUB: N_("vereniging"),
    OrganisationKind.SCHOOL: N_("school"),
    OrganisationKind.EMPLOYER: N_("werkgever"),
    OrganisationKind.LIBRARY: N_("bibliotheek"),
}
OFFERS: Final = {OfferStatus.OPEN: N_("staat open"), OfferStatus.PAUSED: N_("pauze")}


@router.get("/mensen", name="desk.people")
def every(
    request: Request,
    session: Opened,
    actor: Staff,
    zoek: Annotated[str, Query(max_length=120)] = "",
    blad: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """Who lives or helps here."""
    municipality = own_municipality(session, actor, Permission.SEE_PEOPLE)
    count = people.count(session, actor, zoek, municipality_id=municipality.id)
    found = people.find(session, actor, zoek, municipality_id=municipality.id, page=blad)
    many = count == people.COUNTED
    return desk_page(
        request,
        actor,
        "desk/people.html",
        municipality=municipality,
        typed=zoek.strip(),
        found=found,
        count=count,
        many=many,
        page_number=blad,
        pages=max(1, -(-count // people.PAGE)),
        follows=len(found) == people.PAGE if many else blad * people.PAGE < count,
    )


@router.get("/mensen/{id}", name="desk.person")
def one(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What somebody asks and offers."""
    own_municipality(session, actor, Permission.SEE_PEOPLE)
    profile = people.get(session, actor, id)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "desk/person.html",
        person=profile.person,
        may_arrange=bool(actor.at_desk(Permission.MODERATE_REQUEST)),
        may_suspend=bool(actor.at_desk(Permission.SUSPEND_PERSON)),
        suspended=suspensions.standing_of(session, actor, id) is not None,
        sees_files=bool(actor.at_desk(Permission.SEE_SAFETY_FILE)),
        requests=[
            (
                one.id,
                one.title,
                one.number,
                translate(lang, STATUSES[one.status]),
                _since(one.posted_at, lang),
            )
            for one in profile.requests
        ],
        offers=[
            (one.title, one.radius_km, translate(lang, OFFERS.get(one.status, N_("pauze"))))
            for one in profile.offers
        ],
    )


def _since(posted_at: datetime | None, lang: str) -> str:
    return dutch.day(posted_at, lang) if posted_at is not None else ""


@router.get("/organisaties", name="desk.organisations")
def partners(request: Request, session: Opened, actor: Staff) -> Response:
    """The organisations of the own municipality."""
    municipality = own_municipality(session, actor, Permission.SEE_ORGANISATIONS)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "desk/organisations.html",
        municipality=municipality,
        partners=[
            (partner.organisation, translate(lang, KINDS[partner.organisation.kind]), partner.offers)
            for partner in organisations.of_municipality(session, actor, municipality.id)
        ],
    )
