"""Who looks at a page: the cookie's session, and the municipality whose site this is for them."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request, Response

from app.access import sign_in
from app.access.actor import Actor
from app.access.policy import require_fresh
from app.access.roles import REGIONAL, STAFF_ROLES
from app.cheques import handing_in
from app.errors import NotFound, NotSignedIn, ProofNeeded
from app.http import Opened
from app.people import phone
from app.places import service as places
from app.representations import powers
from web import cookies
from web.faces import SITE_FIELD
from web.rendering import YEAR_S, Site
from web.security import SESSION_COOKIE, cookie
from web.step_up import ACTS

MUNICIPALITY_COOKIE = "__Host-gemeente"
DESK_COOKIE = "__Host-bureau"
MUNICIPALITY_FIELD = "gemeente"
"""In an address."""


def visitor(request: Request, session: Opened) -> Actor:
    """Anybody; sets ``actor``, ``site`` and ``takes_cheques`` of ``request.state`` for the templates."""
    actor = recognise(request, session)
    request.state.takes_cheques = actor.behind is None and handing_in.works_for_one(session, actor)
    powers.check(actor, request.method, request.scope["route"].path)
    return actor


def recognise(request: Request, session: Opened) -> Actor:
    """Who this browser belongs to, and whose site that makes it; on an address that leads nowhere just as well."""
    actor = _seated(request, sign_in.actor_of_session(session, cookie(request, SESSION_COOKIE)))
    request.state.actor = actor
    request.state.site = site_for(request, session, actor)
    return actor


def signed_in(request: Request, session: Opened) -> Actor:
    """Somebody; a visitor is sent to sign in and comes back."""
    actor = visitor(request, session)
    if not actor.signed_in:
        raise NotSignedIn
    return actor


def staff(request: Request, session: Opened) -> Actor:
    """Somebody of the desk; for anybody else there is no desk, and none of a municipality out of reach.

    Raises ProofNeeded where a second proof was not shown yet, or for some acts not a short while ago.
    """
    actor = signed_in(request, session)
    if actor.waiting:
        raise ProofNeeded
    named = request.query_params.get(MUNICIPALITY_FIELD)
    if not actor.is_staff or (named is not None and _code(named) not in actor.scope.municipalities):
        raise NotFound
    _ask_again(request, actor)
    request.state.desks = _desks(session, actor)
    return actor


def organisation(request: Request, session: Opened) -> Actor:
    """Somebody who may work for an organisation, which the service asks. Raises ProofNeeded as a desk does."""
    actor = signed_in(request, session)
    if actor.waiting:
        raise ProofNeeded
    _ask_again(request, actor)
    return actor


def _ask_again(request: Request, actor: Actor) -> None:
    if request.scope["route"].name in ACTS:
        require_fresh(actor)


Visitor = Annotated[Actor, Depends(visitor, scope="function")]
SignedIn = Annotated[Actor, Depends(signed_in, scope="function")]
Staff = Annotated[Actor, Depends(staff, scope="function")]
ForOrganisation = Annotated[Actor, Depends(organisation, scope="function")]


def site_for(request: Request, session: Opened, actor: Actor) -> Site:
    """The municipality where the actor works or lives, else the one that the visitor chose, else the default."""
    wanted = actor.desk or actor.home or chosen_municipality(request)
    facts = places.site_facts(session, wanted) or places.site_facts(session, None)
    return site_of(facts, request.app.state.municipality_count)


def _seated(request: Request, actor: Actor) -> Actor:
    """At the desk that the address names, else the one chosen before, else the first with a role of one's own."""
    if not actor.is_staff:
        return actor
    reach = actor.scope.municipalities
    own = {
        place
        for grant in actor.grants
        if grant.role in STAFF_ROLES - REGIONAL
        for place in grant.municipalities
    }
    named = _code(request.query_params.get(MUNICIPALITY_FIELD, ""))
    chosen = _code(request.cookies.get(DESK_COOKIE, ""))
    desk = next((place for place in (named, chosen) if place in reach), min(own, default=None))
    return replace(at(actor, desk), desk_named=desk is not None and desk == named)


def at(actor: Actor, desk: int | None) -> Actor:
    """The same actor, at this desk."""
    return replace(actor, desk=desk)


def _desks(session: Opened, actor: Actor) -> list[tuple[int, str]]:
    """The desks to choose from, by name; none where there is nothing to choose."""
    reach = actor.scope.municipalities
    return places.names(session, reach) if len(reach) > 1 else []


def choose_desk(response: Response, municipality_id: int) -> None:
    """Remember at whose desk somebody sits, as long as their browser is open."""
    cookies.give(response, DESK_COOKIE, str(municipality_id))


def chosen_municipality(request: Request) -> int | None:
    """The municipality whose site the address names, else the one that a visitor picked before; None for neither."""
    named = _code(request.query_params.get(SITE_FIELD, ""))
    return named if named is not None else _code(request.cookies.get(MUNICIPALITY_COOKIE, ""))


def _code(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else None


def site_of(facts: places.SiteFacts | None, count: int) -> Site:
    """What every page says about its municipality; bare before a region was loaded."""
    if facts is None:
        return Site(municipality_count=count)
    return Site(
        municipality_id=facts.municipality_id,
        municipality_name=facts.municipality_name,
        phone_display=phone.display(facts.phone),
        phone_href=f"tel:{facts.phone}" if facts.phone else "",
        makelaar_name=facts.broker_name,
        makelaar_title=facts.broker_title,
        mediation=facts.mediation,
        hours=facts.opening_hours,
        region_name=facts.region_name,
        municipality_count=count,
        demonstration=facts.demonstration,
        stylesheet=f"/huisstijl/{facts.municipality_id}/{facts.look}.css" if facts.look else "",
        logo=f"/huisstijl/{facts.municipality_id}/logo/{facts.logo}" if facts.logo else "",
    )


def choose_municipality(session: Opened, response: Response, municipality_id: int) -> None:
    """Remember whose site a visitor wants to see; raises NotFound for one that does not take part."""
    places.municipality(session, municipality_id)
    cookies.give(response, MUNICIPALITY_COOKIE, str(municipality_id), lasts_s=YEAR_S)
