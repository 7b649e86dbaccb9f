"""Acting for another: who may for whom, going on in somebody's name, and the person's own yes by the link in a mail."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.sign_in import LinkDead
from app.clock import today
from app.errors import DomainError, NotFound
from app.help_requests.schemas import SaidYes
from app.http import Opened
from app.representations import consent, service
from app.schemas import Incoming, Nothing
from web import representation_words as words, yes
from web.forms import Submitted, blank
from web.i18n import language
from web.proofs import enter
from web.rendering import next_path, page, see_other
from web.session import SignedIn, Visitor

router = APIRouter()
HERE: Final = "/mijn/namens"
LINK: Final = "/namens/toestemming"
FIRST: Final = "/mijn/vragen"


class Going(Incoming):
    """Going on for somebody, perhaps to the page that a mail named."""

    to: Annotated[str, Field(alias="naar", max_length=1000)] = ""


class Answer(SaidYes):
    """The button below a question for consent."""

    token: Annotated[str, Field(alias="t", max_length=200)]


@router.get(HERE, name="representations.mine")
def mine(request: Request, session: Opened, actor: SignedIn, naar: str = "") -> Response:
    """Voor wie ik regel, en wie er voor mij regelt."""
    following = next_path(naar, "")
    if actor.behind is not None and following:
        return see_other(following)
    rows = [] if actor.behind else service.mine(session, actor)
    sides = words.sides(rows, actor, language(request), today(session))
    return page(request, "representations/mine.html", sides=sides, to=following)


@router.post(f"{HERE}/zelf", name="representations.oneself")
def oneself(session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """Back to one's own pages, under a new token."""
    if form.value is None:
        raise DomainError
    return enter(session, actor, actor.hand, HERE)


@router.post(f"{HERE}/{{id}}/verder", name="representations.act")
def act(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Going]) -> Response:
    """Go on in somebody's name, under a new token."""
    if form.value is None:
        raise DomainError
    if id not in {row.id for row in service.for_others(session, actor)}:
        raise NotFound
    to = next_path(form.value.to, FIRST)
    return enter(session, actor, actor.person_id, to, representation_id=id)


@router.post(f"{HERE}/{{id}}/stoppen", name="representations.end")
def end(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Either side ends it at once."""
    if form.value is None:
        raise DomainError
    if actor.person_id not in service.get(session, actor, id).parties():
        raise NotFound
    service.end(session, actor, id)
    return see_other(HERE)


@router.get(LINK, name="representations.asked")
def asked(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Who asks what, with two buttons: a mail scanner that opens every link says nothing."""
    token = request.query_params.get("t", "")[:200]
    try:
        waiting = consent.asked(session, request.app.state.secret, token)
    except LinkDead:
        return _dead(request)
    asks = service.asks_yes(session, waiting.question)
    return page(
        request, "representations/asked.html", waiting=waiting, token=token, form=blank(),
        yes=yes.asked(language(request)) if asks else None,
    )  # fmt: skip


@router.post(LINK, name="representations.answered")
def answered(request: Request, session: Opened, _actor: Visitor, form: Submitted[Answer]) -> Response:
    """The person's own word. Nobody is signed in by it."""
    if form.value is None:
        raise DomainError
    token, secret = form.value.token, request.app.state.secret
    try:
        if form.button == "nee":
            consent.decline(session, secret, token)
            return page(request, "representations/answered.html", waiting=None)
        if form.button != "ja":
            raise DomainError
        waiting = consent.agree(session, secret, token, form.value.sensitive_yes)
    except LinkDead:
        return _dead(request)
    return page(request, "representations/answered.html", waiting=waiting)


def _dead(request: Request) -> Response:
    return page(request, "representations/dead.html", status=410)
