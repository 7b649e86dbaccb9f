"""Huisregels and insurance of a municipality: a new version, and how who helps is insured."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.http import Opened
from app.safety import house_rules
from app.safety.schemas import Insurance, NewRules
from web import forms, i18n
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages import safety_desk
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
HERE: Final = "/gemeente/huisregels"
forms.say(
    NewRules,
    huisregels=N_("Schrijf de huisregels, elke regel apart."),
    watVeranderde=N_("Schrijf in een zin wat er anders is."),
)


@router.get(HERE, name="safety_settings.show")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The rules that hold, and who insures whom."""
    return _show(request, session, actor)


def _show(
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, act: object = "",
    *, status: int = 200,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    rules, lang = house_rules.current(session, municipality.id), i18n.language(request)
    lines = rules.lines or tuple(translate(lang, line) for line in house_rules.FIRST_LINES)
    insured, organisations = house_rules.insurances(session, actor, municipality.id)
    fresh = forms.blank(huisregels="\n".join(lines))
    return desk_page(
        request, actor, "safety/settings.html", status=status, municipality=municipality, rules=rules, lines=lines,
        form=form or fresh, rules_form=form if form is not None and act == "huisregels" else fresh,
        insurances=[
            (id, name, form if form is not None and act == id else forms.blank(verzekering=text, organisatie=id or ""))
            for id, name, text in [
                (None, municipality.name, insured),
                *((one.id, one.name, one.insurance) for one in organisations),
            ]
        ],
    )  # fmt: skip


@router.post(HERE, name="safety_settings.publish")
def publish(request: Request, session: Opened, actor: Staff, form: Submitted[NewRules]) -> Response:
    """A new version: everybody is asked once."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    status = attempted(
        session,
        form,
        lambda new: house_rules.publish(session, actor, municipality.id, new),
        safety_desk.REFUSALS,
    )
    return (
        see_other(HERE)
        if status == 303
        else _show(request, session, actor, form, "huisregels", status=status)
    )


@router.post("/gemeente/verzekering", name="safety_settings.insure")
def insure(request: Request, session: Opened, actor: Staff, form: Submitted[Insurance]) -> Response:
    """How who helps is insured from now on."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    status = attempted(
        session,
        form,
        lambda how: house_rules.insure(session, actor, municipality.id, how),
        safety_desk.REFUSALS,
    )
    if status == 303:
        return see_other(HERE)
    return _show(request, session, actor, form, _organisation(form), status=status)


def _organisation(form: Form[Any]) -> UUID | None:
    try:
        return UUID(form.get("organisatie"))
    except ValueError:
        return None
