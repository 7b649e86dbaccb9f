"""Roosjes at the desk: the pot, the second pair of eyes, and setting a booking right."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now
from app.errors import DomainError, Forbidden, NotFound
from app.http import Opened
from app.moderation import people
from app.pots import correcting, granting, pot as pots, shortage
from app.pots.errors import CannotBear
from app.pots.schemas import Answer, Setting
from web import dutch, forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.in_address import Number
from web.pages.desk_case_times import REASONS
from web.pages.desk_figures import SHORT_MONTHS
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.pot_words import REFUSALS, operation, refused
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/roosjes")
HERE: Final = "/bureau/roosjes"
forms.say(Setting, reden=N_("Kies wat er niet klopt."))
forms.say(Answer, akkoord=N_("Kies ja of nee."))


@router.get("", name="pots.show")
def show(
    request: Request,
    session: Opened,
    actor: Staff,
    zoek: Annotated[str, Query(max_length=120)] = "",
    voor: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """The pot as it stands, what waits, and the people to give to."""
    return _show(request, session, actor, typed=zoek, before=voor)


def _show(
    request: Request, session: Opened, actor: Actor, *, status: int = 200, problem: str = "", **more: Any
) -> Response:
    typed, before = str(more.get("typed", "")).strip(), more.get("before")
    municipality = own_municipality(session, actor, Permission.SEE_LEDGER)
    lang, moment = i18n.language(request), now(session)
    found = pots.pot(session, actor, municipality.id, before=before)
    gives = municipality.id in actor.reach(Permission.GIVE_FROM_POT)
    return desk_page(
        request,
        actor,
        "pots/show.html",
        status=status,
        municipality=municipality,
        pot=found,
        gives=gives,
        waiting=[
            (one, dutch.waited(one.asked_at, moment, lang), gives and granting.may_decide(actor, one))
            for one in granting.waiting(session, actor, municipality.id)
        ],
        months=[_month(month.first, lang) for month in found.months],
        lines=[(line, operation(line, lang)) for line in found.lines],
        typed=typed,
        people=_people(session, actor, typed, municipality.id) if gives and typed else [],
        problem=problem,
        here=at_desk(request, HERE, municipality),
        first=before is None,
        hours_of=lambda minutes: [round(one / 60) for one in minutes],
        done=request.query_params.get("gedaan", ""),
    )


def _month(first: Any, lang: str) -> str:
    return SHORT_MONTHS[lang][first.month - 1]


def _people(session: Opened, actor: Actor, typed: str, municipality_id: int) -> list[people.Known]:
    found = people.find(session, actor, typed, municipality_id=municipality_id)
    return [person for person in found if person.lives_here][:20]


@router.post("/vragen/{question}", name="pots.decide")
def decide(
    request: Request, session: Opened, actor: Staff, question: Number, form: Submitted[Answer]
) -> Response:
    """The second pair of eyes: yes or no."""
    own_municipality(session, actor, Permission.GIVE_FROM_POT)
    if form.value is None:
        return _show(request, session, actor, status=422, problem=next(iter(form.errors.values())))
    yes = form.value.yes
    try:
        with session.begin_nested():
            asked = granting.decide(session, actor, question, yes)
    except DomainError as error:
        if error.status == 404 or error.code not in REFUSALS:
            raise
        return _show(request, session, actor, status=error.status, problem=refused(request, error))
    if yes and asked.occurrence_id is not None:
        shortage.hold_after(session, actor, asked.occurrence_id)
    return see_other(f"{HERE}?gedaan={'ja' if yes else 'nee'}")


@router.get("/boekingen/{transfer}", name="pots.booking")
def booking(request: Request, session: Opened, actor: Staff, transfer: Number) -> Response:
    """One booking, and how to set it right."""
    return _booking(request, session, actor, transfer, blank())


def _booking(
    request: Request, session: Opened, actor: Actor, transfer: int, form: Form[Any], status: int = 200,
    **more: Any,
) -> Response:  # fmt: skip
    if not 0 < transfer < 2**62:
        raise NotFound
    own_municipality(session, actor, Permission.CORRECT_LEDGER)
    seen = correcting.booked(session, actor, transfer)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "pots/booking.html",
        status=status,
        form=form,
        seen=seen,
        cannot_bear=more.get("cannot_bear", False),
        done=request.query_params.get("gedaan", ""),
        mine=actor.person_id in seen.parties(),
        reasons=[(reason.value, translate(lang, text)) for reason, text in REASONS.items()],
    )


@router.post("/boekingen/{transfer}", name="pots.booking.correct")
def set_right(
    request: Request, session: Opened, actor: Staff, transfer: Number, form: Submitted[Setting]
) -> Response:
    """Take it back; or, where that cannot be, let the pot make it good."""
    own_municipality(session, actor, Permission.CORRECT_LEDGER)
    if form.value is None:
        return _booking(request, session, actor, transfer, form, 422)
    whole = form.button == "pot"
    act = correcting.make_whole if whole else correcting.take_back
    try:
        with session.begin_nested():
            act(session, actor, transfer, form.value.reason)
    except CannotBear as error:
        form.refuse("", REFUSALS[error.code])
        return _booking(request, session, actor, transfer, form, 409, cannot_bear=True)
    except Forbidden as error:
        form.refuse("", REFUSALS.get(error.code, N_("Dat mag alleen wie het aangaat.")))
        return _booking(request, session, actor, transfer, form, 403)
    except DomainError as error:
        if error.code not in REFUSALS:
            raise
        form.refuse("", REFUSALS[error.code])
        return _booking(request, session, actor, transfer, form, error.status)
    return see_other(f"{HERE}/boekingen/{transfer}?gedaan={'pot' if whole else 'terug'}")
