"""The rules of a municipality about Roosjes: what holds now, what held before, and new ones from a day on."""

from typing import Any, Final
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import DomainError, Invalid, NotFound
from app.http import Opened
from app.places import service as places
from app.places.models import Municipality
from app.pots import limits
from app.pots.schemas import NewRules
from web import forms
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page
from web.pot_words import REFUSALS
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/regels")
HERE: Final = "/bureau/regels"
forms.say(
    NewRules,
    vanaf=N_("Kies vandaag of een dag die nog komt."),
    ondergrens=N_("Vul minuten in van -60000 tot en met 0."),
    bovengrens=N_("Vul minuten in van 0 tot en met 60000."),
    laagsteOndergrens=N_("Vul minuten in, niet hoger dan de ondergrens."),
    groeiProcent=N_("Vul een getal in van 0 tot en met 100."),
    tweedeBlikBoven=N_("Vul minuten in van 0 tot en met 60000."),
    tweedeBlikDagen=N_("Vul een aantal dagen in van 1 tot en met 365."),
    antwoordDagen=N_("Vul een aantal dagen in van 1 tot en met 365."),
    welzijnTweedeBlikBoven=N_("Vul een bedrag in van 0 tot en met 450 euro."),
    uitloopDagen=N_("Vul een aantal dagen in van 14 tot en met 365."),
    past=N_("Kies een dag die nog komt, of laat het leeg voor nu."),
    floors_in_order=N_("De laagste ondergrens is niet hoger dan de ondergrens."),
)


def _desk(session: Opened, actor: Actor) -> Municipality:
    """The municipality of this desk, for who sees the ledger or sets the rules."""
    reach = actor.at_desk(Permission.SET_POLICY) | actor.at_desk(Permission.SEE_LEDGER)
    reach = reach or actor.reach(Permission.SET_POLICY) | actor.reach(Permission.SEE_LEDGER)
    if not reach:
        raise NotFound
    return places.municipality(session, min(reach))


@router.get("", name="pots.rules")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """What holds, and the form for who may change it."""
    terms = limits.rules_at(session, _desk(session, actor).id).terms
    form = forms.blank(
        sleutel=str(uuid4()), ondergrens=str(terms.floor), bovengrens=str(terms.ceiling),
        laagsteOndergrens=str(terms.lowest_floor), groeiProcent=str(terms.growth_percent),
        tweedeBlikBoven=str(terms.eyes_above), tweedeBlikDagen=str(terms.eyes_days),
        antwoordDagen=str(terms.asked_days), uitloopDagen=str(terms.grace_days),
        welzijnTweedeBlikBoven=f"{terms.eyes_above_cents / 100:.2f}".replace(".", ","),
    )  # fmt: skip
    return _show(request, session, actor, form)


def _show(request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200) -> Response:
    municipality = _desk(session, actor)
    return desk_page(
        request,
        actor,
        "pots/rules.html",
        status=status,
        municipality=municipality,
        form=form,
        rules=limits.rules_at(session, municipality.id),
        history=limits.history(session, actor, municipality.id),
        may=municipality.id in actor.reach(Permission.SET_POLICY),
        save_at=at_desk(request, HERE, municipality),
        saved="bewaard" in request.query_params,
    )


@router.post("", name="pots.rules.set")
def save(request: Request, session: Opened, actor: Staff, form: Submitted[NewRules]) -> Response:
    """New rules, from a day on; what was before stays as history."""
    municipality = _desk(session, actor)
    if municipality.id not in actor.reach(Permission.SET_POLICY):
        raise NotFound
    if form.value is None:
        return _show(request, session, actor, form, 422)
    try:
        with session.begin_nested():
            limits.set_rules(session, actor, municipality.id, form.value, form.value.key)
    except Invalid as error:
        return _show(request, session, actor, form.refused(error), 422)
    except DomainError as error:
        if error.code not in REFUSALS:
            raise
        return _show(request, session, actor, form.refuse("", REFUSALS[error.code]), error.status)
    here = at_desk(request, HERE, municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}bewaard=ja")
