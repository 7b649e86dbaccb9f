"""Controles at the desk: what was seen of somebody, writing it down, withdrawing it, and what ends."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import found
from app.access.roles import Permission
from app.checks import ahead, lookups, newcomers, renewal, service
from app.checks.models import NAME_OF, CheckName
from app.checks.schemas import NewCheck, NumberAsked, Withdrawn
from app.clock import today
from app.errors import NotFound
from app.http import Opened
from app.people.models import CheckWay
from web import check_words as words, forms, i18n
from web.check_forms import tried
from web.forms import Form, Submitted
from web.i18n import translate
from web.pages.desk_shell import desk_page, leafing, own_municipality, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")


@router.get("/controles", name="desk.checks")
def every(
    request: Request, session: Opened, actor: Staff, blad: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """What ended and what ends soon, and who helps for the first times."""
    municipality = own_municipality(session, actor, Permission.SEE_CHECKS)
    lang, day = i18n.language(request), today(session)
    endings = renewal.listed(session, actor, municipality, blad)
    return desk_page(
        request,
        actor,
        "checks/desk.html",
        municipality=municipality,
        unchecked=ahead.of_municipality(session, actor, municipality.id),
        ending=[
            (one, translate(lang, words.NAMES[NAME_OF[one.check]]), one.last_day < day)
            for one in endings.rows
        ],
        sheet=endings,
        address=leafing(request, "/bureau/controles", municipality),
        newcomers=newcomers.of_municipality(session, actor, municipality),
    )


@router.get("/mensen/{id}/controles", name="desk.checks.of")
def of_person(request: Request, session: Opened, actor: Staff, id: UUID, nummer: str = "") -> Response:
    """What was seen of one person; a number that was looked up stands ready to be written down."""
    fresh = forms.blank(hoe=CheckWay.SEEN)
    if nummer:
        fresh = forms.blank(soort=CheckName.KVK, hoe=CheckWay.LOOKED_UP, nummer=nummer[:40])
    return _of_person(request, session, actor, id, fresh)


def _of_person(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    person, lang = person_of(session, actor, Permission.SEE_CHECKS, id), i18n.language(request)
    rows = service.of_person(session, actor, id)
    trusted = service.organisations(session, actor, service.home_desk(session, actor, id))
    return desk_page(
        request,
        actor,
        "checks/person.html",
        status=status,
        form=form,
        person=person,
        oneself=id == actor.person_id,
        standing=words.standing(rows, today(session), lang),
        lines=[words.line(row, lang) for row in rows],
        kinds=words.options(list(CheckName), lang),
        ways=[(way.value, translate(lang, name)) for way, name in words.WAYS.items()],
        organisations=[(str(one.id), one.name) for one in trusted],
    )


@router.post("/mensen/{id}/controles", name="desk.checks.record")
def record(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewCheck]) -> Response:
    """Write down what was seen."""
    own_municipality(session, actor, Permission.RECORD_CHECKS)
    status = tried(request, session, form, lambda new: service.record(session, actor, id, new))
    return _back(id) if status == 303 else _of_person(request, session, actor, id, form, status)


@router.get("/mensen/{id}/controles/{check}/intrekking", name="desk.checks.why")
def why(request: Request, session: Opened, actor: Staff, id: UUID, check: UUID) -> Response:
    """Ask why it no longer counts."""
    return _why(request, session, actor, id, check, forms.blank())


def _why(  # noqa: PLR0913 - the path has two keys
    request: Request, session: Opened, actor: Actor, id: UUID, check: UUID, form: Form[Any], status: int = 200
) -> Response:
    person, lang = person_of(session, actor, Permission.RECORD_CHECKS, id), i18n.language(request)
    row = next((row for row in service.of_person(session, actor, id) if row.id == check), None)
    return desk_page(
        request, actor, "checks/withdraw.html", status=status, person=person, form=form,
        line=words.line(found(row), lang),
    )  # fmt: skip


@router.post("/mensen/{id}/controles/{check}/intrekking", name="desk.checks.withdraw")
def withdraw(
    request: Request, session: Opened, actor: Staff, id: UUID, check: UUID, form: Submitted[Withdrawn]
) -> Response:
    """It no longer counts."""
    own_municipality(session, actor, Permission.RECORD_CHECKS)
    status = tried(request, session, form, lambda typed: service.withdraw(session, actor, check, typed))
    return _back(id) if status == 303 else _why(request, session, actor, id, check, form, status)


@router.get("/mensen/{id}/kvk", name="desk.checks.kvk")
def kvk(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Numbers that were looked up in the register of companies, and what it answered."""
    return _kvk(request, session, actor, id, forms.blank())


def _kvk(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    person = person_of(session, actor, Permission.RECORD_CHECKS, id)
    return desk_page(
        request,
        actor,
        "checks/kvk.html",
        status=status,
        form=form,
        person=person,
        asked=[words.asked(row, i18n.language(request)) for row in lookups.of_person(session, actor, id)],
        has_register=_has_register(request),
    )


def _has_register(request: Request) -> bool:
    return lookups.register_of(request.app.state.settings) is not None


@router.post("/mensen/{id}/kvk", name="desk.checks.look_up")
def look_up(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NumberAsked]
) -> Response:
    """Ask the register of companies about a number; without a key there is nobody to ask."""
    own_municipality(session, actor, Permission.RECORD_CHECKS)
    if not _has_register(request):
        raise NotFound
    status = tried(request, session, form, lambda asked: lookups.ask(session, actor, id, asked))
    here = f"/bureau/mensen/{id}/kvk"
    return see_other(here) if status == 303 else _kvk(request, session, actor, id, form, status)


def _back(id: UUID) -> Response:
    return see_other(f"/bureau/mensen/{id}/controles")
