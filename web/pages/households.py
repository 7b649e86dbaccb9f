"""Het plan van een huishouden, at the desk: who, what side by side, decisions with reasons, moments to look again."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.casework import colleagues
from app.clock import today
from app.households import carers, lines, service
from app.households.models import Plan, PlanLine, PlanRole, PlanStatus
from app.households.schemas import (
    LineChange,
    MomentHeld,
    NewDecision,
    NewLine,
    NewLoad,
    NewMember,
    NewMoment,
    NewPlan,
    PlanChange,
    PlanClosing,
    Reassessment,
)
from app.http import Opened
from app.moderation import people
from app.schemas import Nothing
from web import dutch, forms, household_words as words, i18n
from web.agreement_words import FACES
from web.desk_forms import attempted
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
HERE: Final = "/bureau/huishoudens"
REFUSALS: Final = {
    "stale": N_("Een collega veranderde dit plan net. Kijk het na en bewaar het opnieuw."),
    "has-plan": N_("Deze bewoner hoort al bij een plan. Eén gezin heeft één plan."),
    "plan-closed": N_("Dit plan is gesloten."),
    "bridged": N_("Er loopt een herbeoordeling. Tot het besluit blijft alles zoals het is."),
    "line-over": N_("Dit is al voorbij."),
    "not-reassessed": N_("Er loopt geen herbeoordeling. Begin die eerst."),
}
forms.say(NewPlan, watWillenZij=N_("Schrijf op wat zij willen, in hun eigen woorden."))
forms.say(
    PlanChange,
    watWillenZij=N_("Schrijf op wat zij willen, in hun eigen woorden."),
    **{
        "another": N_("Kies een ander dan het vaste gezicht."),
        "required": N_("Vul in vanaf welke dag het erkend is."),
        "before-start": N_("Kies een dag op of na de eerste dag."),
        "choose": N_("Kies een collega."),
    },
)
forms.say(
    NewMember,
    persoon=N_("Kies een bewoner van uw gemeente."),
    wieIsDit=N_("Kies wie dit is."),
    **{"last-one": N_("Dit is de laatste in het plan. Sluit dan het plan.")},
)
forms.say(
    NewLine,
    bron=N_("Kies waar dit vandaan komt."),
    wat=N_("Schrijf wat er gebeurt."),
    vanaf=N_("Kies vanaf welke dag."),
    **{
        "before-start": N_("Kies een dag op of na de eerste dag."),
        "too-far": N_("Kies een dag binnen 20 jaar."),
        "choose": N_("Kies iemand of iets uit dit plan."),
    },
)
forms.say(
    LineChange,
    vanaf=N_("Kies vanaf welke dag."),
    **{
        "after-start": N_("Kies een dag na de eerste dag hiervan."),
        "past": N_("Kies vandaag of een dag die nog komt."),
    },
)
forms.say(
    Reassessment, werkdagen=N_("Vul in binnen hoeveel werkdagen zij het besluit krijgen, bijvoorbeeld 20.")
)
forms.say(
    NewDecision,
    besluit=N_("Kies wat het besluit is."),
    watBetekentDit=N_("Schrijf wat dit voor hen betekent."),
    waarom=N_("Schrijf waarom, in ten minste één hele zin."),
    ingangsdatum=N_("Kies vanaf welke dag."),
    past=N_("Kies vandaag of een dag die nog komt."),
)
forms.say(
    NewMoment,
    wanneer=N_("Kies wanneer u weer kijkt."),
    **{"past": N_("Kies vandaag of een dag die nog komt."), "too-far": N_("Kies een dag binnen 20 jaar.")},
)
forms.say(MomentHeld, gezicht=N_("Kies hoe het gaat."))
forms.say(PlanClosing, reden=N_("Schrijf waarom het plan klaar is."))
forms.say(NewLoad, hoeZwaar=N_("Kies hoe zwaar het is."))


@router.get("/huishoudens", name="households.all")
def every(request: Request, session: Opened, actor: Staff) -> Response:
    """Plans, what is due first; and carers for whom it is heavy."""
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    day, lang = today(session), i18n.language(request)
    rows = service.every(session, actor, municipality.id)
    return desk_page(
        request, actor, "households/all.html",
        rows=[_listed(row, day, lang) for row in rows],
        due=sum(service.is_due(row, day) for row in rows),
        heavy=[
            (one, words.load(one.load, lang), dutch.day(one.said_at, lang))
            for one in carers.heavy(session, actor, municipality.id)
        ],
    )  # fmt: skip


def _listed(row: service.Listed, day: date, lang: str) -> dict[str, Any]:
    plan = row.plan
    return {
        "id": plan.id,
        "names": _names(plan, lang),
        "goal": plan.goal,
        "face": plan.contact.first_name,
        "status": plan.status,
        "due": service.is_due(row, day),
        "when": _when(row, lang),
    }


def _names(plan: Plan, lang: str) -> str:
    return dutch.listed([one.person.first_name for one in plan.people if one.left_on is None], lang)


def _when(row: service.Listed, lang: str) -> str:
    if row.plan.promised_on is not None:
        said = N_("besluit uiterlijk %(day)s")
        return translate(lang, said, day=dutch.full_date(row.plan.promised_on, lang))
    if row.due_on is None:
        return ""
    return translate(lang, N_("weer kijken op %(day)s"), day=dutch.full_date(row.due_on, lang))


@router.get("/mensen/{id}/plan", name="households.of_person")
def of_person(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The plan of somebody; where there is none, making one."""
    person = person_of(session, actor, Permission.MODERATE_REQUEST, id)
    plan = service.of_person(session, actor, id)
    if plan is not None:
        return see_other(f"{HERE}/{plan.id}")
    return desk_page(request, actor, "households/new.html", person=person, form=blank())


@router.post("/mensen/{id}/plan", name="households.make")
def make(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewPlan]) -> Response:
    """One plan for the whole household."""
    person = person_of(session, actor, Permission.MODERATE_REQUEST, id)
    made: list[Plan] = []
    status = attempted(
        session, form, lambda new: made.append(service.make(session, actor, id, new)), REFUSALS
    )
    if status == 303:
        return see_other(f"{HERE}/{made[0].id}")
    return desk_page(request, actor, "households/new.html", status=status, person=person, form=form)


@router.get("/huishoudens/{id}", name="households.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The whole plan on one page."""
    return _show(request, session, actor, id, blank(), "")


def _show(  # noqa: PLR0913 - which of its forms came back
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    form: Form[Any],
    which: str,
    *,
    status: int = 200,
) -> Response:
    plan, lang, day = service.read(session, actor, id), i18n.language(request), today(session)
    names = [(str(key), name) for key, name in colleagues.brokers(session, actor, plan.municipality_id)]
    members = [one for one in plan.people if one.left_on is None]
    return desk_page(
        request, actor, "households/show.html", status=status, plan=plan, names=_names(plan, lang), which=which,
        members=[(one, translate(lang, words.ROLES[one.role])) for one in members],
        groups=_groups(plan, day, lang), quadrant=_quadrant(plan, day),
        coming=[row for row in plan.moments if row.held_on is None],
        held=[row for row in reversed(plan.moments) if row.held_on is not None],
        about={one: translate(lang, name) for one, name in words.ABOUT.items()},
        faces={one: translate(lang, name) for one, name in FACES.items()},
        outcomes={one: translate(lang, name) for one, name in words.OUTCOMES.items()},
        colleagues=names, today=day, form=form, edited=_filled(plan) if which != "veranderen" else form,
        forms_of=lambda mark: form if which == mark else blank().among(mark),
        roles=[(one.value, translate(lang, name)) for one, name in words.ROLES.items()],
        sources=[
            (one.value, translate(lang, name), translate(lang, words.EXPLAINED[one]))
            for one, name in words.SOURCES.items()
        ],
        carers=[(str(one.person_id), one.person.first_name) for one in members if one.role is not PlanRole.CHILD],
        asked=service.questions_of(session, actor, plan), loads=_loads(session, actor, plan, lang),
        reassessed=plan.status is PlanStatus.REASSESSED, closed=plan.status is PlanStatus.CLOSED,
    )  # fmt: skip


def _filled(plan: Plan) -> Form[Any]:
    return blank(
        watWillenZij=plan.goal, watWijWeten=plan.known, vastGezicht=plan.contact_id, kijktMee=plan.second_id or "",
        erkendOp=plan.recognised_on or "", erkendTotEnMet=plan.lasts_until or "",
    ).among("veranderen")  # fmt: skip


def _groups(plan: Plan, day: date, lang: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Lines by where they come from, the lightest first; what is past stands below."""
    return [
        (
            translate(lang, name),
            translate(lang, words.EXPLAINED[source]),
            [_line(row, day, lang) for row in plan.lines if row.source is source],
        )
        for source, name in words.SOURCES.items()
    ]


def _line(row: PlanLine, day: date, lang: str) -> dict[str, Any]:
    return {
        "row": row,
        "much": words.a_week(row.minutes_per_week, lang),
        "when": words.period(row, lang),
        "place": words.place(row, lang),
        "past": row.ends_on is not None and row.ends_on < day,
        "coming": row.starts_on > day,
        "carer": row.carer.first_name if row.carer else "",
    }


def _quadrant(plan: Plan, day: date) -> list[list[list[str]]]:
    """What runs now, on the quadrant: rows individual and collective, columns facilitating and organised."""
    now_ = [row for row in plan.lines if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]
    return [
        [
            [row.what for row in now_ if row.collective is collective and row.organised is organised]
            for organised in (False, True)
        ]
        for collective in (False, True)
    ]


def _loads(session: Opened, actor: Actor, plan: Plan, lang: str) -> list[dict[str, Any]]:
    """What carers in the plan said of how heavy it is; they read their own and nobody else's."""
    who = [one for one in plan.people if one.left_on is None and one.role is PlanRole.CARER]
    courses = carers.of_members(session, actor, [one.person_id for one in who])
    return [
        {
            "person": one.person,
            "said": [(row, words.load(row.load, lang)) for row in courses[one.person_id].said[:6]],
            "heavier": courses[one.person_id].heavier,
        }
        for one in who
    ]


def _do(  # noqa: PLR0913 - which form, and what it does
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], which: str, act: Callable[[Any], object]
) -> Response:  # fmt: skip
    service.get(session, actor, id)
    status = attempted(session, form, act, REFUSALS)
    if status == 303:
        return see_other(f"{HERE}/{id}")
    return _show(request, session, actor, id, form.among(which), which, status=status)


@router.post("/huishoudens/{id}/veranderen", name="households.change")
def change(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[PlanChange]
) -> Response:
    """Other words, faces, or the recognition."""
    return _do(
        request, session, actor, id, form, "veranderen", lambda to: service.change(session, actor, id, to)
    )


@router.post("/huishoudens/{id}/mensen", name="households.join")
def join(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewMember]) -> Response:
    """Somebody more in the plan."""
    return _do(
        request, session, actor, id, form, "mensen", lambda new: service.add_member(session, actor, id, new)
    )


@router.get("/huishoudens/{id}/mensen", name="households.find")
def find(request: Request, session: Opened, actor: Staff, id: UUID, zoek: str = "") -> Response:
    """Who else belongs to the household: found by name, number or postcode."""
    plan, lang = service.get(session, actor, id), i18n.language(request)
    found = (
        people.find(session, actor, zoek, municipality_id=plan.municipality_id)[:20] if zoek.strip() else []
    )
    inside = {one.person_id for one in plan.people if one.left_on is None}
    return desk_page(
        request, actor, "households/find.html", plan=plan, names=_names(plan, lang), typed=zoek.strip()[:120],
        found=[one for one in found if one.lives_here and one.id not in inside],
        roles=[(one.value, translate(lang, name)) for one, name in words.ROLES.items()], form=blank(),
    )  # fmt: skip


@router.post("/huishoudens/{id}/mensen/{person_id}/weg", name="households.leave")
def leave(
    request: Request, session: Opened, actor: Staff, id: UUID, person_id: UUID, form: Submitted[Nothing]
) -> Response:
    """Somebody left the household."""
    return _do(
        request,
        session,
        actor,
        id,
        form,
        "mensen",
        lambda _: service.remove_member(session, actor, id, person_id),
    )


@router.post("/huishoudens/{id}/regels", name="households.line")
def add_line(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewLine]) -> Response:
    """One more thing in the plan."""
    return _do(request, session, actor, id, form, "regels", lambda new: lines.add(session, actor, id, new))


@router.post("/huishoudens/{id}/regels/{line_id}", name="households.line.change")
def change_line(
    request: Request, session: Opened, actor: Staff, id: UUID, line_id: UUID, form: Submitted[LineChange]
) -> Response:
    """More, less, or the end of it, from a day on."""
    return _do(
        request, session, actor, id, form, f"regel-{line_id}",
        lambda to: lines.change(session, actor, id, line_id, to),
    )  # fmt: skip


@router.post("/huishoudens/{id}/herbeoordeling", name="households.reassess")
def reassess(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Reassessment]
) -> Response:
    """Look whether the plan should change; meanwhile all goes on."""
    return _do(
        request, session, actor, id, form, "herbeoordeling", lambda to: lines.reassess(session, actor, id, to)
    )


@router.post("/huishoudens/{id}/besluiten", name="households.decide")
def decide(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewDecision]
) -> Response:
    """What was decided, and why."""
    return _do(
        request, session, actor, id, form, "besluiten", lambda new: lines.decide(session, actor, id, new)
    )


@router.post("/huishoudens/{id}/momenten", name="households.look")
def look(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewMoment]) -> Response:
    """When to look again."""
    return _do(request, session, actor, id, form, "momenten", lambda new: lines.look(session, actor, id, new))


@router.post("/huishoudens/{id}/momenten/{moment_id}", name="households.held")
def held(
    request: Request, session: Opened, actor: Staff, id: UUID, moment_id: UUID, form: Submitted[MomentHeld]
) -> Response:
    """Somebody looked, and this was said."""
    return _do(
        request, session, actor, id, form, f"moment-{moment_id}",
        lambda said: lines.hold(session, actor, id, moment_id, said),
    )  # fmt: skip


@router.post("/huishoudens/{id}/sluiten", name="households.close")
def close(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[PlanClosing]
) -> Response:
    """The plan is done."""
    return _do(request, session, actor, id, form, "sluiten", lambda to: service.close(session, actor, id, to))


@router.get("/mensen/{id}/mantelzorg", name="households.load")
def load(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What a carer said of how heavy it is, and asking again."""
    return _load(request, session, actor, id, blank())


def _load(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    person, lang = person_of(session, actor, Permission.MODERATE_REQUEST, id), i18n.language(request)
    course = carers.of_person(session, actor, id)
    return desk_page(
        request, actor, "households/load.html", status=status, form=form, person=person, course=course,
        said=[(row, words.load(row.load, lang)) for row in course.said],
        loads=[(value, translate(lang, name)) for value, name in words.LOADS],
    )  # fmt: skip


@router.post("/mensen/{id}/mantelzorg", name="households.load.write")
def write_load(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[NewLoad]
) -> Response:
    """As a makelaar heard it."""
    person_of(session, actor, Permission.MODERATE_REQUEST, id)
    status = attempted(session, form, lambda new: carers.write_down(session, actor, id, new), REFUSALS)
    if status == 303:
        return see_other(f"/bureau/mensen/{id}/mantelzorg")
    return _load(request, session, actor, id, form, status=status)


@router.post("/mantelzorg/{load_id}/gebeld", name="households.load.heard")
def heard(session: Opened, actor: Staff, load_id: UUID, form: Submitted[Nothing]) -> Response:
    """Somebody phoned this carer."""
    if form.value is None:
        return see_other(HERE)
    carers.heard(session, actor, load_id)
    return see_other(HERE)
