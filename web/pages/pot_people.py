"""Somebody's Roosjes at the desk: give from the pot, set limits, set right, and let go of who leaves."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import DomainError
from app.http import Opened
from app.pots import accounts, freezing, granting, leaving, limits
from app.pots.schemas import Key, NewGrant, NewLimits, NewStand, Why
from app.schemas import Incoming
from web import dutch, forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import desk_page, own_municipality
from web.pot_words import REFUSALS, other_end
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/mensen/{id}/roosjes")
AMOUNTS: Final = (30, 60, 120, 180, 240, 300, 480, 600, 720, 900, 1200)


class Farewell(Incoming):
    """The makelaar confirms that somebody leaves."""

    sure: Annotated[bool, Field(alias="zeker")] = False
    reason: Why
    key: Key


_WHY: Final = N_("Schrijf in een paar woorden waarom.")
forms.say(NewGrant, minuten=N_("Kies hoeveel."), reden=_WHY)
forms.say(
    NewLimits,
    ondergrens=N_("Vul minuten in van -60000 tot en met 0."),
    bovengrens=N_("Vul minuten in van 0 tot en met 60000."),
    reden=_WHY,
    both_or_none=N_("Vul beide grenzen in, of laat ze allebei leeg."),
)
forms.say(NewStand, reden=_WHY)
forms.say(Farewell, zeker=N_("Zet een vinkje als u het zeker weet."), reden=_WHY)


@router.get("", name="pots.person")
def show(
    request: Request,
    session: Opened,
    actor: Staff,
    id: UUID,
    voor: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """Where the account stands, and what one may do with it."""
    return _show(request, session, actor, id, before=voor)


def _show(  # noqa: PLR0913 - a page with a form
    request: Request, session: Opened, actor: Actor, id: UUID, *, form: Form[Any] | None = None, about: str = "",
    status: int = 200, before: int | None = None,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    seen = accounts.of_person(session, actor, id, before=before)
    lang = i18n.language(request)
    fresh = forms.blank(sleutel=str(uuid4()))
    return desk_page(
        request,
        actor,
        "pots/person.html",
        status=status,
        municipality=municipality,
        seen=seen,
        balance=seen.account.balance,
        other_end=lambda line: other_end(line, lang),
        form=form or fresh,
        about=about,
        form_for=lambda what: form if form is not None and about == what else fresh.among(what),
        amounts=[(minutes, dutch.long_duration(minutes, lang)) for minutes in AMOUNTS],
        may={
            what: seen.municipality_id in actor.reach(permission) and actor.person_id != id
            for what, permission in (
                ("pot", Permission.GIVE_FROM_POT), ("grenzen", Permission.SET_LIMITS),
                ("vertrek", Permission.CONFIRM_DEPARTURE),
            )
        },
        first=before is None,
        done=request.query_params.get("gedaan", ""),
    )  # fmt: skip


def _act(  # noqa: PLR0913 - what all forms share
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], about: str,
    act: Callable[[Any], str],
) -> Response:  # fmt: skip
    """Do it, or show the page with what was typed and what stands in the way."""
    if form.value is None:
        return _show(request, session, actor, id, form=form, about=about, status=422)
    try:
        with session.begin_nested():
            done = act(form.value)
    except DomainError as error:
        if error.status == 404 or error.code not in REFUSALS:
            raise
        form.refuse("", REFUSALS[error.code])
        session.expire_all()
        return _show(request, session, actor, id, form=form, about=about, status=error.status)
    return see_other(f"/bureau/mensen/{id}/roosjes?gedaan={done}")


@router.post("/pot", name="pots.grant")
def grant(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewGrant]) -> Response:
    """Give from the pot; above the threshold it waits for a colleague."""
    own_municipality(session, actor, Permission.GIVE_FROM_POT)

    def give(new: NewGrant) -> str:
        return "wacht" if granting.give(session, actor, id, new, new.key).waits else "pot"

    return _act(request, session, actor, id, form, "pot", give)


@router.post("/grenzen", name="pots.limits")
def set_limits(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewLimits]
) -> Response:
    """Limits for this one person."""
    own_municipality(session, actor, Permission.SET_LIMITS)

    def change(new: NewLimits) -> str:
        limits.set_personal(session, actor, id, new, new.key)
        return "grenzen"

    return _act(request, session, actor, id, form, "grenzen", change)


@router.post("/stilzetten", name="pots.stand")
def stand(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewStand]) -> Response:
    """Let somebody's Roosjes stand still, or go again."""
    own_municipality(session, actor, Permission.SET_LIMITS)

    def change(new: NewStand) -> str:
        freezing.stand(session, actor, id, new, new.key)
        return "stil" if new.still else "weer"

    return _act(request, session, actor, id, form, "stil", change)


@router.post("/vertrek", name="pots.leave")
def leave(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Farewell]) -> Response:
    """Somebody leaves: what is left goes to the pot, what is owed comes out of it."""
    own_municipality(session, actor, Permission.CONFIRM_DEPARTURE)
    if form.value is not None and not form.value.sure:
        form.refuse("zeker", N_("Zet een vinkje als u het zeker weet."))

    def close(goodbye: Farewell) -> str:
        leaving.leave(session, actor, id, goodbye.reason, goodbye.key)
        return "vertrek"

    return _act(request, session, actor, id, form, "vertrek", close)
