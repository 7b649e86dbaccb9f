"""Who looks at a page: the cookie's session, and the municipality whose site this is for them."""

from typing import Annotated

from fastapi import Depends, Request, Response

from app.access import sign_in
from app.access.actor import Actor
from app.errors import NotFound, NotSignedIn
from app.http import Opened
from app.people import phone
from app.places import service as places
from web.rendering import YEAR_S, Site
from web.security import SESSION_COOKIE, cookie

MUNICIPALITY_COOKIE = "gemeente"


def visitor(request: Request, session: Opened) -> Actor:
    """Anybody; sets ``request.state.actor`` and ``request.state.site`` for the templates."""
    actor = sign_in.actor_of_session(session, cookie(request, SESSION_COOKIE))
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
    """Somebody of the desk; for anybody else there is no desk."""
    actor = signed_in(request, session)
    if not actor.is_staff:
        raise NotFound
    return actor


Visitor = Annotated[Actor, Depends(visitor, scope="function")]
SignedIn = Annotated[Actor, Depends(signed_in, scope="function")]
Staff = Annotated[Actor, Depends(staff, scope="function")]


def site_for(request: Request, session: Opened, actor: Actor) -> Site:
    """The municipality where the actor works or lives, else the one that the visitor chose, else the default."""
    wanted = _working(actor) or actor.home or chosen_municipality(request)
    facts = places.site_facts(session, wanted) or places.site_facts(session, None)
    return site_of(facts, request.app.state.municipality_count)


def _working(actor: Actor) -> int | None:
    """Whose desk it is, for somebody with a role in one municipality."""
    for grant in actor.grants:
        if (
            grant.role.value in ("broker", "municipality_administrator", "treasurer")
            and len(grant.municipalities) == 1
        ):
            return next(iter(grant.municipalities))
    return None


def chosen_municipality(request: Request) -> int | None:
    """The municipality that a visitor picked before; None for whatever else stands in that cookie."""
    value = request.cookies.get(MUNICIPALITY_COOKIE, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else None


def site_of(facts: places.SiteFacts | None, count: int) -> Site:
    """What every page says about its municipality; bare before a region was loaded."""
    if facts is None:
        return Site(municipality_count=count)
    return Site(
        municipality_id=facts.municipality_id,
        municipality_name=facts.municipality_name,
        phone_display=phone.display(facts.phone),
        phone_href=f"tel:{facts.phone}",
        makelaar_name=facts.broker_name,
        makelaar_title=facts.broker_title,
        hours=facts.opening_hours,
        region_name=facts.region_name,
        municipality_count=count,
        demonstration=facts.demonstration,
    )


def choose_municipality(session: Opened, response: Response, municipality_id: int) -> None:
    """Remember whose site a visitor wants to see; raises NotFound for one that does not take part."""
    places.municipality(session, municipality_id)
    response.set_cookie(
        MUNICIPALITY_COOKIE, str(municipality_id), secure=True, samesite="lax", max_age=YEAR_S
    )
