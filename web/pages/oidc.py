"""Inloggen met de gemeente: to a provider and back, and who one is here when it is the first time.

Going there and coming back are links, not forms: a browser holds a form's redirects to our own policy, which names
no other host. Between the two transactions of each nobody holds a connection: the provider may be slow.
"""

from typing import Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.access.limits import OIDC_BY_ADDRESS, spend
from app.access.models import Way
from app.access.sign_in import Proof, Through
from app.http import Opened, database
from app.oidc import arriving, flow, linking
from app.oidc.claims import Arrived
from app.oidc.errors import AttemptOver, OidcFailed, ProviderDown
from app.oidc.metadata import Talk
from app.oidc.models import OidcProvider
from app.pacing import network
from app.secrets import new_token
from web import cookies, forms, i18n
from web.oidc_words import sentence_for
from web.pages.sign_in import HOME_OF_ONE
from web.proofs import enter, proof
from web.rendering import next_path, page, see_other
from web.security import cookie
from web.session import visitor

router = APIRouter()
WAY_COOKIE: Final = "__Host-zve-weg"
WAY_S: Final = 600
RETRY_S: Final = 30
FORWARD: Final = ("same-origin", "same-site", "none")


@router.get("/inloggen/via/{provider_id}", name="oidc.begin")
def begin(request: Request, provider_id: UUID) -> Response:
    """Off to the provider. Somebody else's page cannot send one on this way."""
    if request.headers.get("sec-fetch-site", "none") not in FORWARD or "sec-purpose" in request.headers:
        return see_other("/inloggen")
    following = next_path(request.query_params.get("next"), HOME_OF_ONE)
    browser = cookie(request, WAY_COOKIE) or new_token()
    with database(request).transaction() as session:
        visitor(request, session)
        spend(session, OIDC_BY_ADDRESS, network(request))
        provider = arriving.provider(session, provider_id)
        state = arriving.begin(session, provider, following)
    way = flow.way(request.app.state.secret, state, browser)
    try:
        there = flow.authorization_url(_talk(request), provider, _address(request), way)
    except OidcFailed as failure:
        return failed(request, failure, provider)
    response = RedirectResponse(there, 303)
    cookies.give(response, WAY_COOKIE, browser, lasts_s=WAY_S)
    return response


@router.get("/inloggen/terug/{provider_id}", name="oidc.back")
def back(request: Request, provider_id: UUID) -> Response:
    """Back from the provider: spend the attempt, ask who it was, and let them in."""
    browser, answer = cookie(request, WAY_COOKIE), _answer(request)
    with database(request).transaction() as session:
        visitor(request, session)
        spend(session, OIDC_BY_ADDRESS, network(request))
        provider = arriving.provider(session, provider_id)
        try:
            following = arriving.spend(session, provider, answer.get("state", ""))
        except AttemptOver as over:
            return failed(request, over, provider)
    try:
        if browser is None:
            raise AttemptOver("other-browser")
        way = flow.way(request.app.state.secret, answer["state"], browser)
        who = flow.came_back(_talk(request), provider, _address(request), way, answer)
        with database(request).transaction() as session:
            return _let_in(request, session, provider, who, following)
    except OidcFailed as failure:
        return failed(request, failure, provider)


def _let_in(
    request: Request, session: Opened, provider: OidcProvider, who: Arrived, following: str
) -> Response:
    """In under a new token, or to the page where one says who one is here."""
    actor = visitor(request, session)
    subject = arriving.subject_hash(request.app.state.secret, provider, who.subject)
    person_id = arriving.recognised(session, provider, subject, who)
    if person_id is None:
        token = linking.wait(session, provider, subject, who, following)
        arrival = linking.waiting(session, token)
        may_be_hired = linking.may_be_hired(provider, arrival)
        if actor.signed_in or not may_be_hired or linking.is_known(session, arrival):
            return see_other(f"/inloggen/koppelen?t={quote(token)}")
        person_id = linking.hire(session, arrival)
    return enter(session, actor, person_id, following, proof=vouched(request, provider, second=who.second))


def vouched(request: Request, provider: OidcProvider, *, second: bool) -> Proof:
    """For the session: through whom, for how long, and whether that counts as a second proof too."""
    through = Through(provider.id, provider.session_hours)
    return proof(request, Way.OIDC, second=second, through=through)


@router.get("/inloggen/via/{provider_id}/uit", name="oidc.out")
def out(request: Request, provider_id: UUID) -> Response:
    """To the place where one signs out at the provider too."""
    with database(request).transaction() as session:
        visitor(request, session)
        provider = arriving.provider(session, provider_id)
    try:
        there = flow.sign_out_url(_talk(request), provider, _address(request))
    except OidcFailed as failure:
        return failed(request, failure, provider)
    return RedirectResponse(there, 303) if there else see_other("/")


def failed(request: Request, failure: OidcFailed, provider: OidcProvider) -> Response:
    """What went wrong, whose turn it is, and the way in that is always there."""
    headers = {"Retry-After": str(RETRY_S)} if isinstance(failure, ProviderDown) else None
    return page(
        request,
        "oidc/failed.html",
        status=failure.status,
        headers=headers,
        said=i18n.translate(i18n.language(request), sentence_for(failure.code)),
        name=provider.name,
        again=not isinstance(failure, ProviderDown),
        provider_id=provider.id,
        form=forms.blank(volgende=HOME_OF_ONE),
    )


def _answer(request: Request) -> dict[str, str]:
    """What the provider sent along; a name that comes twice counts as wrong, and nothing is read for ever."""
    pairs = request.query_params.multi_items()
    names = [name for name, _ in pairs]
    return {name: value for name, value in pairs if names.count(name) == 1 and len(value) <= 4_000}


def _talk(request: Request) -> Talk:
    talk: Talk = request.app.state.oidc
    return talk


def _address(request: Request) -> str:
    address: str = request.app.state.settings.address
    return address
