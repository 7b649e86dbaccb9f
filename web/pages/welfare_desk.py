"""Het bureau: welfare budgets by queue, one plan, one spending, and the decisions about them."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import today
from app.errors import DomainError, NotFound
from app.http import Opened
from app.moderation import people as desk_people
from app.pots import limits
from app.schemas import Nothing
from app.welfare import granting, plans, queues, spending
from app.welfare.models import GrantStatus, WelfarePlan
from app.welfare.queues import Queue
from app.welfare.schemas import Because
from web import i18n
from web.forms import Form, Submitted, blank
from web.i18n import translate
from web.pages.desk_shell import own_municipality
from web.pages.welfare import DESK, drawn
from web.rendering import see_other
from web.session import Staff
from web.welfare_forms import GrantForm, PlanForm, fresh, mend, sent_once
from web.welfare_words import QUEUES

router = APIRouter()
DAYS: Final = 180
"""A first proposal for how long a budget lasts."""


@router.get(DESK, name="welfare_desk.all")
def every(request: Request, session: Opened, actor: Staff, bak: Queue | None = None) -> Response:
    """What waits, and for whom."""
    municipality = own_municipality(session, actor, Permission.SEE_WELFARE)
    board = queues.board(session, actor, municipality.id, bak)
    lang = i18n.language(request)
    rail = [
        (translate(lang, QUEUES[queue]), f"{DESK}?bak={queue}", count, "w" if count and queue.presses else "",
         queue is board.queue)
        for queue, count in board.counts.items()
    ]  # fmt: skip
    return drawn(
        request, actor, "welfare/board.html", municipality=municipality, board=board, rail=rail,
        title=translate(lang, QUEUES[board.queue]), may_arrange=bool(actor.at_desk(Permission.ARRANGE_WELFARE)),
    )  # fmt: skip


@router.get(f"{DESK}/nieuw", name="welfare_desk.new")
def new(request: Request, session: Opened, actor: Staff, persoon: UUID | None = None) -> Response:
    """A plan that somebody makes with a makelaar, at the desk or by telephone."""
    _arranges(actor)
    if persoon is None:
        return see_other("/bureau/mensen")
    known = desk_people.get(session, actor, persoon).person
    return drawn(request, actor, "welfare/new.html", fresh(persoon=str(persoon)), person=known)


def _arranges(actor: Actor) -> None:
    if not actor.reach(Permission.ARRANGE_WELFARE):
        raise NotFound


@router.post(f"{DESK}/nieuw", name="welfare_desk.ask")
def ask(request: Request, session: Opened, actor: Staff, form: Submitted[PlanForm]) -> Response:
    """Written down together."""
    _arranges(actor)
    chosen = form.value.person_id if form.value else _uuid(form.get("persoon"))
    if chosen is None:
        raise NotFound
    known = desk_people.get(session, actor, chosen).person

    def act() -> str:
        return f"{DESK}/{plans.ask(session, actor, form.value).id}"  # type: ignore[arg-type]  # only with a value

    path = sent_once(session, actor, form, act)
    return see_other(path) if path else drawn(request, actor, "welfare/new.html", form, person=known)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@router.get(f"{DESK}/{{id}}", name="welfare_desk.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """One plan: why, how much, what it went to, and what to do now."""
    return _show(request, session, actor, id)


def _show(
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    form: Form[Any] | None = None,
    said: str = "",
) -> Response:
    plan = plans.get(session, actor, id)
    reach = {name: plan.municipality_id in actor.reach(each) and actor.person_id != plan.person_id for name, each in (
        ("may_arrange", Permission.ARRANGE_WELFARE), ("may_approve", Permission.APPROVE_WELFARE))}  # fmt: skip
    return drawn(
        request, actor, "welfare/plan.html", form, entry=queues.entries(session, [plan])[0], today=today(session),
        waiting=next((grant for grant in plan.grants if grant.status is GrantStatus.ASKED), None),
        said=said or request.query_params.get("gedaan", ""), **reach,
    )  # fmt: skip


@router.get(f"{DESK}/{{id}}/bedrag", name="welfare_desk.amount")
def amount(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """How much, and on which days."""
    plan = _arranged(session, actor, id)
    return _amount(request, session, actor, plan, fresh())


def _arranged(session: Opened, actor: Actor, id: UUID) -> WelfarePlan:
    """A plan for who may arrange it; for anybody else there is no such page."""
    plan = plans.get(session, actor, id)
    if plan.municipality_id not in actor.reach(Permission.ARRANGE_WELFARE):
        raise NotFound
    return plan


def _amount(request: Request, session: Opened, actor: Actor, plan: WelfarePlan, form: Form[Any]) -> Response:
    entry = queues.entries(session, [plan])[0]
    alone = limits.rules_at(session, plan.municipality_id).terms.eyes_above_cents
    return drawn(request, actor, "welfare/amount.html", form, entry=entry, today=today(session), alone=alone)


@router.post(f"{DESK}/{{id}}/bedrag", name="welfare_desk.propose")
def propose(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[GrantForm]
) -> Response:
    """Proposed; above the amount of the rules somebody else of the desk looks before it counts."""
    plan = _arranged(session, actor, id)

    def act() -> str:
        grant = granting.propose(session, actor, id, form.value)  # type: ignore[arg-type]  # only with a value
        return f"{DESK}/{id}?gedaan={'toegekend' if grant.status is GrantStatus.GRANTED else 'voorgesteld'}"

    path = sent_once(session, actor, form, act)
    return see_other(path) if path else _amount(request, session, actor, plan, form)


@router.post(f"{DESK}/toekenningen/{{id}}/goedkeuren", name="welfare_desk.approve_grant")
def approve_grant(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]
) -> Response:
    """The second pair of eyes says yes."""
    _, plan = granting.get_locked(session, actor, id)
    return _decide(request, session, actor, plan.id, form, lambda: granting.approve(session, actor, id))


@router.get(f"{DESK}/toekenningen/{{id}}/afwijzen", name="welfare_desk.why_no_grant")
def why_no_grant(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Why not?"""
    _, plan = granting.get_locked(session, actor, id)
    return _why(request, actor, blank(), "grant", f"{DESK}/{plan.id}")


@router.post(f"{DESK}/toekenningen/{{id}}/afwijzen", name="welfare_desk.refuse_grant")
def refuse_grant(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Because]
) -> Response:
    """The second pair of eyes says no, with a reason for the colleague."""
    _, plan = granting.get_locked(session, actor, id)
    if form.value is None:
        return _why(request, actor, form, "grant", f"{DESK}/{plan.id}")
    reason = form.value.reason
    return _decide(
        request, session, actor, plan.id, form, lambda: granting.refuse(session, actor, id, reason)
    )


@router.get(f"{DESK}/{{id}}/afwijzen", name="welfare_desk.why_no_plan")
def why_no_plan(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Why not?"""
    _arranged(session, actor, id)
    return _why(request, actor, blank(), "plan", f"{DESK}/{id}")


@router.post(f"{DESK}/{{id}}/afwijzen", name="welfare_desk.reject_plan")
def reject_plan(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Because]
) -> Response:
    """No budget for this, with the reason that the resident reads."""
    _arranged(session, actor, id)
    if form.value is None:
        return _why(request, actor, form, "plan", f"{DESK}/{id}")
    reason = form.value.reason
    return _decide(request, session, actor, id, form, lambda: plans.reject(session, actor, id, reason))


def _why(request: Request, actor: Actor, form: Form[Any], what: str, back: str) -> Response:
    return drawn(request, actor, "welfare/why.html", form, what=what, back=back, action=request.url.path)


def _decide(
    request: Request, session: Opened, actor: Actor, plan_id: UUID, form: Form[Any], act: Callable[[], Any]
) -> Response:
    """Carry a decision out; what stands in the way is said above the plan as it is now."""
    if form.value is None:
        raise DomainError
    try:
        with session.begin_nested():
            act()
    except NotFound:
        raise
    except DomainError as refused:
        answer = _show(request, session, actor, plan_id, mend(form, refused))
        answer.status_code = refused.status
        return answer
    return see_other(f"{DESK}/{plan_id}?gedaan=bewaard")


@router.get(f"{DESK}/uitgaven/{{id}}", name="welfare_desk.spending")
def one_spending(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """One spending with its receipt, and the buttons."""
    row, plan = spending.get_locked(session, actor, id)
    whole = plans.get(session, actor, plan.id)
    may = plan.municipality_id in actor.reach(Permission.APPROVE_WELFARE) and actor.person_id not in (
        plan.person_id,
        row.author_id,
    )
    return drawn(
        request, actor, "welfare/spending.html", row=next(each for each in whole.spendings if each.id == row.id),
        entry=queues.entries(session, [whole])[0], may_approve=may,
    )  # fmt: skip


ACTS: Final[dict[str, Any]] = {
    "goedkeuren": spending.approve,
    "betaald": spending.pay,
    "vergoeden": spending.refund,
}
BECAUSE: Final[dict[str, Any]] = {"afwijzen": spending.reject, "terugdraaien": spending.undo}


def _press(what: str) -> Callable[..., Response]:
    def press(
        request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]
    ) -> Response:
        """A decision without words."""
        _, plan = spending.get_locked(session, actor, id)
        return _decide(request, session, actor, plan.id, form, lambda: ACTS[what](session, actor, id))

    return press


def _ask_why(what: str) -> Callable[..., Response]:
    def ask_why(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
        """Why?"""
        spending.get_locked(session, actor, id)
        return _why(request, actor, blank(), what, f"{DESK}/uitgaven/{id}")

    return ask_why


def _say_why(what: str) -> Callable[..., Response]:
    def say_why(
        request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Because]
    ) -> Response:
        """A decision with the reason that the resident reads."""
        _, plan = spending.get_locked(session, actor, id)
        if form.value is None:
            return _why(request, actor, form, what, f"{DESK}/uitgaven/{id}")
        reason = form.value.reason
        return _decide(
            request, session, actor, plan.id, form, lambda: BECAUSE[what](session, actor, id, reason)
        )

    return say_why


for _what in ACTS:
    router.post(f"{DESK}/uitgaven/{{id}}/{_what}", name=f"welfare_desk.{_what}")(_press(_what))
for _what in BECAUSE:
    router.get(f"{DESK}/uitgaven/{{id}}/{_what}", name=f"welfare_desk.why_{_what}")(_ask_why(_what))
    router.post(f"{DESK}/uitgaven/{{id}}/{_what}", name=f"welfare_desk.{_what}")(_say_why(_what))
