"""Mijn welzijnsbudget: asking for one, what is done with it, receipts, and what it brought."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import today
from app.errors import DomainError, NotFound
from app.http import Opened
from app.schemas import Nothing
from app.welfare import plans, queues, receipts, spending
from app.welfare.models import STANDING
from app.welfare.queues import Entry
from app.welfare.receipts import PDF
from app.welfare.schemas import Told
from web import i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page
from web.rendering import page, see_other
from web.session import SignedIn
from web.welfare_forms import PlanForm, ReceiptForm, SpendingForm, fresh, mend, sent_once
from web.welfare_words import GRANTS, HELPED, PLANS, SPENDINGS, named, reason_of

router = APIRouter()
MINE: Final = "/mijn/welzijnsbudget"
DESK: Final = "/bureau/welzijnsbudget"
SHOWN_AS: Final = {
    # a file of somebody else's making is saved, never opened as a page of ours
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def base_of(request: Request, actor: Actor) -> str:
    """At the desk, or on one's own page; there is no desk for who does not work there."""
    if request.url.path.startswith(DESK):
        if not actor.reach(Permission.SEE_WELFARE):
            raise NotFound
        return DESK
    return MINE


def drawn(
    request: Request, actor: Actor, template: str, form: Form[Any] | None = None, **context: Any
) -> Response:
    """A page with the frame of the desk or of the resident, and the words of this part."""
    base, lang = base_of(request, actor), i18n.language(request)
    status = 422 if form is not None and form.errors else 200
    words = {
        "plan_state": lambda plan: named(PLANS[plan.status], lang),
        "grant_state": lambda grant: named(GRANTS[grant.status], lang),
        "spending_state": lambda row: named(SPENDINGS[row.status], lang),
        "reason_of": lambda row: reason_of(row, lang),
        "answers": [(str(value), translate(lang, name)) for value, name in HELPED.items()],
    }
    layout = "desk/_base.html" if base == DESK else "base.html"
    known = {
        "layout": layout,
        "base": base,
        "at_desk": base == DESK,
        "form": form or blank(),
        **words,
        **context,
    }
    if base == DESK:
        return desk_page(request, actor, template, status=status, **known)
    return page(request, template, status=status, **known)


def entry_of(session: Opened, actor: Actor, request: Request, id: UUID) -> Entry:
    """A plan with its budget, for who may write in it; on one's own page only one's own."""
    plan = plans.get(session, actor, id)
    if base_of(request, actor) == MINE and plan.person_id != actor.person_id:
        raise NotFound
    plans.with_resident(actor, plan)
    return queues.entries(session, [plan])[0]


@router.get(MINE, name="welfare.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What a budget is, one's own, and what came of earlier ones."""
    entries = queues.entries(session, plans.mine(session, actor))
    return drawn(
        request,
        actor,
        "welfare/mine.html",
        entries=entries,
        may_ask=not any(entry.plan.status in STANDING for entry in entries),
        today=today(session),
        done=request.query_params.get("gedaan", ""),
    )


@router.get(f"{MINE}/nieuw", name="welfare.new")
def new(request: Request, actor: SignedIn) -> Response:
    """What would you like, and why?"""
    return drawn(request, actor, "welfare/new.html", fresh(), person=None)


@router.post(f"{MINE}/nieuw", name="welfare.ask")
def ask(request: Request, session: Opened, actor: SignedIn, form: Submitted[PlanForm]) -> Response:
    """The makelaar reads it and works it out together with the resident."""
    if form.value is not None and form.value.person_id not in (None, actor.person_id):
        raise NotFound

    def act() -> str:
        plans.ask(session, actor, form.value)  # type: ignore[arg-type]  # only with a value
        return f"{MINE}?gedaan=gevraagd"

    path = sent_once(session, actor, form, act)
    return see_other(path) if path else drawn(request, actor, "welfare/new.html", form, person=None)


@router.post(f"{MINE}/{{id}}/intrekken", name="welfare.withdraw")
def withdraw(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]
) -> Response:
    """Rather not; twice is once."""
    entry = entry_of(session, actor, request, id)
    return _step(session, form, lambda: plans.withdraw(session, actor, entry.plan.id), MINE)


def _step(session: Opened, form: Submitted[Nothing], act: Any, back: str) -> Response:
    """A button without fields: what cannot be any more leads back to how it is now."""
    if form.value is None:
        raise DomainError
    try:
        with session.begin_nested():
            act()
    except DomainError as refusal:
        if refusal.status != 409:
            raise
        return see_other(f"{back}?gedaan=veranderd")
    return see_other(back)


@router.get(f"{MINE}/{{id}}/uitgave", name="welfare.spend")
@router.get(f"{DESK}/{{id}}/uitgave", name="welfare_desk.spend")
def spend(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """May it be spent on this?"""
    return drawn(request, actor, "welfare/spend.html", fresh(), entry=entry_of(session, actor, request, id))


@router.post(f"{MINE}/{{id}}/uitgave", name="welfare.spent")
@router.post(f"{DESK}/{{id}}/uitgave", name="welfare_desk.spent")
def spent(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[SpendingForm]
) -> Response:
    """Asked before anything is paid."""
    entry = entry_of(session, actor, request, id)

    def act() -> str:
        spending.ask(session, actor, id, form.value)  # type: ignore[arg-type]  # only with a value
        return _back(request, actor, id, "uitgave")

    path = sent_once(session, actor, form, act)
    return see_other(path) if path else drawn(request, actor, "welfare/spend.html", form, entry=entry)


@router.get(f"{MINE}/{{id}}/bonnen", name="welfare.receipt")
@router.get(f"{DESK}/{{id}}/bonnen", name="welfare_desk.receipt")
def receipt(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Something was bought: a photograph of its receipt."""
    return drawn(request, actor, "welfare/receipt.html", fresh(), entry=entry_of(session, actor, request, id))


@router.post(f"{MINE}/{{id}}/bonnen", name="welfare.handed_in")
@router.post(f"{DESK}/{{id}}/bonnen", name="welfare_desk.handed_in")
def handed_in(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[ReceiptForm]
) -> Response:
    """The receipt with its file; a file that cannot be kept says so, with all that was typed still there."""
    entry = entry_of(session, actor, request, id)
    sent: bytes = request.state.typed.files.get(receipts.FIELD, b"")

    def act() -> str:
        spending.hand_in(session, actor, id, form.value, sent)  # type: ignore[arg-type]  # only with a value
        return _back(request, actor, id, "bon")

    path = sent_once(session, actor, form, act, sent)
    if path is None and not sent:
        form.refuse(receipts.FIELD, N_("Kies een foto of PDF van uw bon."))
    return see_other(path) if path else drawn(request, actor, "welfare/receipt.html", form, entry=entry)


def _back(request: Request, actor: Actor, id: UUID, done: str) -> str:
    base = base_of(request, actor)
    return f"{base}?gedaan={done}" if base == MINE else f"{base}/{id}?gedaan={done}"


@router.post(f"{MINE}/uitgaven/{{id}}/intrekken", name="welfare.unspend")
def unspend(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Rather not buy it, before it is paid."""
    _, plan = spending.get_locked(session, actor, id)
    if plan.person_id != actor.person_id:
        raise NotFound
    return _step(session, form, lambda: spending.withdraw(session, actor, id), MINE)


@router.get(f"{MINE}/bonnen/{{id}}", name="welfare.file")
@router.get(f"{DESK}/bonnen/{{id}}", name="welfare_desk.file")
def file(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """A receipt, to be saved; a photograph may stand in a page as a picture."""
    kept = spending.content_of(session, actor, id)
    if base_of(request, actor) == MINE and kept.person_id != actor.person_id:
        raise NotFound
    name = f"bon-{kept.id.hex[-8:]}.{'pdf' if kept.media_type == PDF else 'jpg'}"
    headers = {**SHOWN_AS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kept.content, media_type=kept.media_type, headers=headers)


@router.get(f"{MINE}/{{id}}/wat-het-bracht", name="welfare.tell")
@router.get(f"{DESK}/{{id}}/wat-het-bracht", name="welfare_desk.tell")
def tell(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """What did it bring you?"""
    entry = entry_of(session, actor, request, id)
    form = blank(tekst=entry.plan.brought, geholpen=entry.plan.helped, meerMensen=entry.plan.sees_people)
    return drawn(request, actor, "welfare/tell.html", form, entry=entry)


@router.post(f"{MINE}/{{id}}/wat-het-bracht", name="welfare.told")
@router.post(f"{DESK}/{{id}}/wat-het-bracht", name="welfare_desk.told")
def told(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Told]) -> Response:
    """In the resident's own words; telling it again replaces it."""
    entry = entry_of(session, actor, request, id)
    if form.value is not None:
        try:
            with session.begin_nested():
                plans.tell_what_it_brought(session, actor, id, form.value)
            return see_other(_back(request, actor, id, "verteld"))
        except DomainError as refusal:
            if refusal.status != 409:
                raise
            mend(form, refusal)
    return drawn(request, actor, "welfare/tell.html", form, entry=entry)
