"""Onze vrijwilligers: what an organisation saw of the people who help under its flag."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import found
from app.checks import volunteers
from app.checks.models import CheckName
from app.checks.schemas import NewCheck, Withdrawn
from app.clock import today
from app.http import Opened
from app.people.models import CheckWay
from web import check_words as words, forms, i18n
from web.check_forms import tried
from web.forms import Form, Submitted
from web.i18n import translate
from web.rendering import page, see_other
from web.session import ForOrganisation

router = APIRouter()
HERE: Final = "/organisatie/vrijwilligers"


@router.get(HERE, name="volunteers.all")
def every(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """Everybody under the flag."""
    flag = volunteers.organisation(session, actor)
    lang, day = i18n.language(request), today(session)
    people = [
        (one, words.standing(one.checks, day, lang, organisation_id=flag.id))
        for one in volunteers.every(session, actor)
    ]
    return page(request, "checks/volunteers.html", organisation=flag, people=people)


@router.get(HERE + "/{id}", name="volunteers.one")
def one(request: Request, session: Opened, actor: ForOrganisation, id: UUID) -> Response:
    """What was seen of one of them."""
    return _one(request, session, actor, id, forms.blank(hoe=CheckWay.SEEN))


def _one(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    lang, volunteer = i18n.language(request), volunteers.one(session, actor, id)
    flag = volunteers.organisation(session, actor)
    return page(
        request,
        "checks/volunteer.html",
        status=status,
        form=form,
        organisation=flag,
        person=volunteer,
        oneself=id == actor.person_id,
        standing=words.standing(volunteer.checks, today(session), lang, organisation_id=flag.id),
        lines=[words.line(row, lang) for row in volunteer.checks],
        kinds=words.options(list(CheckName), lang),
        ways=[(way.value, translate(lang, name)) for way, name in words.WAYS.items()],
    )


@router.post(HERE + "/{id}", name="volunteers.record")
def record(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[NewCheck]
) -> Response:
    """Write down what the organisation saw."""
    volunteers.organisation(session, actor)
    status = tried(request, session, form, lambda new: volunteers.record(session, actor, id, new))
    return see_other(f"{HERE}/{id}") if status == 303 else _one(request, session, actor, id, form, status)


@router.get(HERE + "/{id}/intrekking/{check}", name="volunteers.why")
def why(request: Request, session: Opened, actor: ForOrganisation, id: UUID, check: UUID) -> Response:
    """Ask why it no longer counts."""
    return _why(request, session, actor, id, check, forms.blank())


def _why(  # noqa: PLR0913 - the path has two keys
    request: Request, session: Opened, actor: Actor, id: UUID, check: UUID, form: Form[Any], status: int = 200
) -> Response:
    volunteer = volunteers.one(session, actor, id)
    row = found(next((row for row in volunteer.checks if row.id == check), None))
    line = words.line(row, i18n.language(request))
    return page(
        request, "checks/volunteer_withdraw.html", status=status, person=volunteer, form=form, line=line
    )


@router.post(HERE + "/{id}/intrekking/{check}", name="volunteers.withdraw")
def withdraw(
    request: Request,
    session: Opened,
    actor: ForOrganisation,
    id: UUID,
    check: UUID,
    form: Submitted[Withdrawn],
) -> Response:
    """It no longer counts."""
    volunteers.organisation(session, actor)
    status = tried(request, session, form, lambda typed: volunteers.withdraw(session, actor, check, typed))
    if status == 303:
        return see_other(f"{HERE}/{id}")
    return _why(request, session, actor, id, check, form, status)
