"""Hoe wij u schrijven: a choice per group of notices, and stopping mail by the link below it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import sessions
from app.access.actor import Actor
from app.access.sign_in import LinkDead
from app.errors import Conflict, DomainError, Forbidden, Invalid, Unavailable
from app.http import Opened
from app.notifications import letters, wishes
from app.notifications.groups import NAMES, Group, Way
from app.notifications.mail import UNSUBSCRIBE, WISHES
from app.people import service as people
from app.push import keys, service as push
from app.schemas import Incoming, Nothing
from web import i18n
from web.forms import Form, Submitted, blank, say
from web.i18n import N_, translate
from web.notice_words import how_it_stands
from web.rendering import page, see_other
from web.session import SignedIn, Visitor
from web.ways import Ways, offered

router = APIRouter()
DEVICES: Final = "/mijn/berichten/toestellen"
ONE_CLICK: Final = f"{UNSUBSCRIBE}/direct"


class Wishes(Ways):
    """What somebody chooses in person, the desk and their devices as well."""

    desk: Annotated[Way | None, Field(alias="bureau")] = None
    push: Annotated[list[Group], Field(alias="toestel", max_length=len(Group))] = []
    """What one's browsers show as well; asked only of who has one."""


class Stopping(Incoming):
    """The button of the page that a link in a mail opens."""

    token: Annotated[str, Field(alias="t", max_length=200)]


_NO_DEVICE: Final = N_("Dat lukte niet op dit toestel. Probeer het nog eens, of kies een mail of een brief.")
say(
    push.NewDevice,
    **dict.fromkeys(("adres", "sleutel", "geheim", "push-service-unknown", "push-not-here"), _NO_DEVICE),
    onzeSleutel=N_("Deze pagina was te oud. Probeer het nog eens."),
    **{"too-many-devices": N_("U heeft al tien toestellen. Zet er eerst een uit.")},
)
say(Wishes, **{group.value: N_("Kies hoe wij u dit laten weten.") for group in Group})


@router.get(WISHES, name="notices.wishes")
def show(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Per group how one hears of it, and what was sent lately."""
    return _page(request, session, actor, blank())


def _page(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    if actor.behind is not None:
        raise Forbidden  # how somebody hears from us is theirs to say
    lang = i18n.language(request)
    choices = wishes.mine(session, actor)
    contact = people.details(session, actor)
    shown = form.all("toestel") if form.values else [one.group.value for one in choices if one.push]
    sent = [(one, translate(lang, how_it_stands(one))) for one in letters.mine(session, actor)]
    return page(
        request, "notices/wishes.html", status=status, form=form, groups=offered(choices, form, lang),
        email=contact.email or "",
        paused=contact.person.paused, sent=sent,
        saved="bewaard" in request.query_params, done=request.query_params.get("toestel", ""),
        devices=push.mine(session, actor), push_key=keys.public_key(request.app.state.settings), shown=shown,
    )  # fmt: skip


@router.post(WISHES, name="notices.wishes.choose")
def choose(request: Request, session: Opened, actor: SignedIn, form: Submitted[Wishes]) -> Response:
    """Keep them; they count from the next thing that is told."""
    if actor.behind is not None:
        raise Forbidden
    if form.value is None:
        return _page(request, session, actor, form, 422)
    try:
        wishes.choose(session, actor, form.value.chosen())
        if push.count(session, actor):
            wishes.choose_push(session, actor, form.value.push)
    except Invalid as refusal:
        return _page(request, session, actor, form.refused(refusal), 422)
    return see_other(f"{WISHES}?bewaard=ja")


@router.post(DEVICES, name="notices.devices.add")
def add_device(
    request: Request, session: Opened, actor: SignedIn, form: Submitted[push.NewDevice]
) -> Response:
    """This browser shows from now on that there is something. The same one twice is one."""
    if form.value is None:
        return _no_device(request, session, actor, form)
    name = sessions.in_words(request.headers.get("user-agent", "")[:400])
    try:
        push.add(session, actor, request.app.state.settings, form.value, name)
    except (Invalid, Conflict, Unavailable) as refusal:
        return _no_device(request, session, actor, form.refused(refusal))
    return see_other(f"{WISHES}?toestel=aan")


def _no_device(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    """A script filled this in: there is one sentence to say, and no field to mend."""
    said = blank()
    said.errors[""] = next(iter(form.errors.values()))
    return _page(request, session, actor, said, 422)


@router.post(f"{DEVICES}/{{device_id}}/weg", name="notices.devices.end")
def end_device(session: Opened, actor: SignedIn, device_id: UUID, form: Submitted[Nothing]) -> Response:
    """No signs there any more."""
    if form.value is None:
        raise DomainError
    push.end(session, actor, device_id)
    return see_other(f"{WISHES}?toestel=uit")


@router.get(UNSUBSCRIBE, name="notices.stop")
def stop(request: Request, _actor: Visitor, t: str = "") -> Response:
    """What the link stops, with a button: a mail scanner that opens every link stops nothing."""
    try:
        _, _, groups = wishes.read_token(request.app.state.secret, t[:200])
    except LinkDead:
        return _dead(request)
    return _stopping(request, groups, t)


def _stopping(request: Request, groups: list[Group], token: str) -> Response:
    lang = i18n.language(request)
    names = [NAMES[group].of(lang) for group in groups]
    return page(request, "notices/stop.html", names=names, token=token, form=blank())


@router.post(UNSUBSCRIBE, name="notices.stopped")
def stopped(request: Request, session: Opened, _actor: Visitor, form: Submitted[Stopping]) -> Response:
    """No more mail about these. Nobody is signed in by it."""
    if form.value is None:
        raise DomainError
    try:
        groups = wishes.unsubscribe(session, request.app.state.secret, form.value.token)
    except LinkDead:
        return _dead(request)
    return _stopping(request, groups, "")


@router.get(ONE_CLICK, name="notices.one_click_page")
def one_click_page(t: str = "") -> Response:
    """A mail program that opens the address instead of posting to it."""
    return see_other(f"{UNSUBSCRIBE}?t={t[:200]}")


def _dead(request: Request) -> Response:
    return page(request, "notices/stop_dead.html", status=410)
