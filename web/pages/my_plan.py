"""Ons plan, and how heavy caring is: what a household reads of its plan, and what a carer says for themselves."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.clock import today
from app.errors import NotFound
from app.households import carers, service
from app.households.models import PlanStatus
from app.households.schemas import NewLoad
from app.http import Opened
from web import household_words as words, i18n
from web.forms import Form, Submitted, blank
from web.i18n import translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter(prefix="/mijn")
CARING: Final = "/mijn/zorgen"


@router.get("/plan", name="my_plan.show")
def show(request: Request, session: Opened, actor: SignedIn) -> Response:
    """One's own plan: what stands side by side, decisions with their reasons, and when somebody looks again."""
    if actor.behind is not None:
        raise NotFound
    plan, lang, day = service.mine(session, actor), i18n.language(request), today(session)
    if plan is None:
        return page(request, "households/none.html")
    runs = [row for row in plan.lines if row.ends_on is None or row.ends_on >= day]
    return page(
        request, "households/mine.html", plan=plan, today=day,
        members=[(one, translate(lang, words.ROLES[one.role])) for one in plan.people if one.left_on is None],
        groups=[
            (
                translate(lang, words.SOURCES[source]),
                [
                    (row, words.a_week(row.minutes_per_week, lang), words.period(row, lang))
                    for row in runs
                    if row.source is source
                ],
            )
            for source in words.SOURCES
        ],
        outcomes={one: translate(lang, name) for one, name in words.OUTCOMES.items()},
        about={one: translate(lang, name) for one, name in words.ABOUT.items()},
        coming=[row for row in plan.moments if row.held_on is None],
        reassessed=plan.status is PlanStatus.REASSESSED,
    )  # fmt: skip


@router.get("/zorgen", name="my_plan.caring")
def caring(request: Request, session: Opened, actor: SignedIn) -> Response:
    """How heavy is it now? For who cares for somebody; nobody else in the plan reads it."""
    return _caring(request, session, actor, blank())


def _caring(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    if actor.behind is not None:
        raise NotFound
    lang = i18n.language(request)
    course = carers.mine(session, actor)
    return page(
        request, "households/caring.html", status=status, form=form,
        said=[(row, words.load(row.load, lang)) for row in course.said],
        loads=[(value, translate(lang, name)) for value, name in words.LOADS],
        heavy=bool(course.said) and course.said[0].load >= carers.HEAVY,
    )  # fmt: skip


@router.post("/zorgen", name="my_plan.say")
def say(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewLoad]) -> Response:
    """In one's own word."""
    if form.value is None:
        return _caring(request, session, actor, form, status=422)
    carers.say(session, actor, form.value)
    return see_other(CARING)
