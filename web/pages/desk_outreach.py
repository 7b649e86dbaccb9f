"""Omzien at the desk: who is looked in on, who does not ask, where we do not reach, trustees and mediation."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import now, today
from app.errors import DomainError
from app.http import Opened
from app.outreach import near, service
from app.outreach.models import MediationStatus, Outreach, OutreachStatus
from app.outreach.schemas import Assigned, Done, NewLookIn, NewMediator, NewTrustee, Next
from app.paging import one_page
from app.places.models import Municipality
from app.schemas import Nothing
from web import forms, i18n
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, leafing, own_municipality
from web.pages.outreach import REFUSALS as BETWEEN
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
HERE: Final = "/bureau/omzien"
STATES: Final = {
    OutreachStatus.NEW: (N_("nieuw"), "w"),
    OutreachStatus.PLANNED: (N_("gepland"), ""),
    OutreachStatus.VISITED: (N_("langs geweest"), ""),
    OutreachStatus.HELPED: (N_("geholpen"), "g"),
    OutreachStatus.CLOSED: (N_("afgesloten"), ""),
}
MEDIATION: Final = {
    MediationStatus.ASKED: (N_("Nog niemand bemiddelt. Kies iemand die ervoor geleerd heeft."), "w"),
    MediationStatus.ASSIGNED: (N_("De bemiddelaar luistert eerst, en vraagt daarna de ander."), ""),
    MediationStatus.BOTH: (N_("Beide buren willen praten."), "g"),
}
STEPS: Final = {
    Next.PLAN: N_("Ik ga langs of bel, op deze dag"),
    Next.VISITED: N_("Ik was er"),
    Next.HELPED: N_("Er is nu iemand voor deze mens"),
    Next.CLOSED: N_("Dit is niet nodig, of gaat niet"),
}
WITHDREW: Final = N_("trok een vraag zelf in")
QUIET: Final = N_("werd geholpen, daarna werd het stil")
REFUSALS: Final = BETWEEN | {
    "already-there": N_("Iemand kijkt al om naar deze bewoner."),
    "conflict": N_("Deze bewoner staat er al bij."),
}
forms.say(Done, wat=N_("Kies wat u deed of gaat doen."), past=N_("Kies vandaag, of een dag die nog komt."))
FIRST: Final = N_("Zoek eerst wie het is.")
forms.say(NewLookIn, past=N_("Kies vandaag, of een dag die nog komt."), persoon=FIRST,
          **{"do-not-ask": N_("Deze bewoner wil niet gevraagd worden. Dat blijft zo.")})  # fmt: skip
HEARD: Final = N_("Vraag eerst of iemand dit wil, en zet dan het vinkje.")
forms.say(NewTrustee, vindtGoed=HEARD, consent=HEARD, persoon=FIRST,
          missing=N_("Vul een postcode in, of voor wie iemand er is."))  # fmt: skip
forms.say(NewMediator, persoon=FIRST, getraindOp=N_("Vul de dag in van de training."),
          geldigTot=N_("Vul in tot wanneer dit geldt."), past=N_("De training was al, en geldt nog."))  # fmt: skip
forms.say(Assigned, bemiddelaar=N_("Kies een bemiddelaar die niet een van de twee is."))


def _tools(request: Request, municipality: Municipality) -> dict[str, Any]:
    return {"municipality": municipality, "desk_path": lambda path: at_desk(request, path, municipality)}


@router.get("/omzien", name="desk.outreach")
def every(
    request: Request, session: Opened, actor: Staff, blad: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """Who should be looked in on."""
    return _every(request, session, actor, page=blad)


def _every(  # noqa: PLR0913 - a page of a list with forms in it
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, about: UUID | None = None,
    *, status: int = 200, page: int = 1,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    lang, moment = i18n.language(request), now(session)
    rows = service.board(session, actor, municipality.id, page)
    count, late = service.count_live(session, actor, municipality.id)
    found = one_page(rows, count, page)
    if about is not None and all(row.id != about for row in rows):
        rows.insert(0, service.get(session, actor, about))  # what is to be mended is not on the first page
    day = today(session)
    return desk_page(
        request, actor, "outreach/desk.html", status=status,
        rows=[
            (row, _title(row, lang), translate(lang, STATES[row.status][0]), _late(row, day),
             form if form and row.id == about else forms.blank().among(row.id))
            for row in rows
        ],
        late=late, found=found, address=leafing(request, HERE, municipality),
        over=[(row, _title(row, lang), translate(lang, STATES[row.status][0])) for row in
              service.ended(session, actor, municipality.id)],
        shy=[
            (one, translate(lang, WITHDREW if one.withdrew else QUIET))
            for one in service.shy(session, actor, municipality.id)
        ],
        steps=[(one.value, translate(lang, name)) for one, name in STEPS.items()], moment=moment,
        refused=form if about is None else None,
        **_tools(request, municipality),
    )  # fmt: skip


def _late(row: Outreach, day: date) -> bool:
    return row.next_on is not None and row.next_on < day


def _title(row: Outreach, lang: str) -> str:
    name = row.person.first_name if row.person else row.about_name
    where = row.neighbourhood.place
    if name:
        return translate(lang, N_("%(name)s, %(where)s"), name=name, where=where)
    return translate(lang, N_("Iemand in %(where)s, naam niet bekend"), where=where)


@router.post("/omzien", name="desk.outreach.add")
def add(request: Request, session: Opened, actor: Staff, form: Submitted[NewLookIn]) -> Response:
    """Somebody of the desk's own people."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    status = attempted(session, form, lambda new: service.add(session, actor, new), REFUSALS)
    return see_other(HERE) if status == 303 else _every(request, session, actor, form, status=status)


@router.post("/omzien/{id}", name="desk.outreach.step")
def step(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Done]) -> Response:
    """What was done, or will be."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    service.get(session, actor, id)
    status = attempted(session, form, lambda done: service.step(session, actor, id, done), REFUSALS)
    if status == 303:
        return see_other(HERE)
    return _every(request, session, actor, form.among(id), id, status=status)


@router.get("/omzien/buurten", name="desk.outreach.neighbourhoods")
def neighbourhoods(request: Request, session: Opened, actor: Staff) -> Response:
    """Where those of 65 and over live, and how many of them asked."""
    municipality = own_municipality(session, actor, Permission.SEE_REQUESTS)
    rows = service.reached(session, actor, municipality.id)
    return desk_page(
        request, actor, "outreach/neighbourhoods.html", rows=rows, **_tools(request, municipality)
    )


@router.get("/vertrouwensmensen", name="desk.trustees")
def trustees(request: Request, session: Opened, actor: Staff) -> Response:
    """Whom people can speak to, by neighbourhood or group."""
    return _trustees(request, session, actor, forms.blank(persoon=request.query_params.get("persoon", "")))


def _trustees(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    return desk_page(
        request, actor, "outreach/desk_trustees.html", status=status, form=form,
        rows=near.trustees(session, actor, municipality.id), **_tools(request, municipality),
    )  # fmt: skip


@router.post("/vertrouwensmensen", name="desk.trustees.add")
def add_trustee(request: Request, session: Opened, actor: Staff, form: Submitted[NewTrustee]) -> Response:
    """With their own yes."""
    place = own_municipality(session, actor, Permission.MODERATE_REQUEST).id
    status = attempted(session, form, lambda new: near.add_trustee(session, actor, place, new), REFUSALS)
    if status == 303:
        return see_other("/bureau/vertrouwensmensen")
    return _trustees(request, session, actor, form, status=status)


@router.post("/vertrouwensmensen/{id}/einde", name="desk.trustees.end")
def end_trustee(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """They are no longer."""
    if form.value is None:
        raise DomainError
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    near.end_trustee(session, actor, id)
    return see_other("/bureau/vertrouwensmensen")


@router.get("/bemiddeling", name="desk.mediation")
def mediation(request: Request, session: Opened, actor: Staff) -> Response:
    """Neighbours who asked for somebody in between, and who was trained for it."""
    return _mediation(request, session, actor, forms.blank(persoon=request.query_params.get("persoon", "")))


def _mediation(
    request: Request, session: Opened, actor: Actor, form: Form[Any], about: UUID | None = None, *, status: int = 200
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.MODERATE_REQUEST)
    lang = i18n.language(request)
    trained = near.mediators(session, actor, municipality.id)
    return desk_page(
        request, actor, "outreach/desk_mediation.html", status=status, form=form, mediators=trained,
        options=[(str(one.person_id), one.person.first_name) for one in trained],
        rows=[
            (row, translate(lang, MEDIATION[row.status][0]), form if row.id == about else forms.blank().among(row.id))
            for row in near.of_desk(session, actor, municipality.id)
        ],
        **_tools(request, municipality),
    )  # fmt: skip


@router.post("/bemiddeling/bemiddelaars", name="desk.mediators.add")
def add_mediator(request: Request, session: Opened, actor: Staff, form: Submitted[NewMediator]) -> Response:
    """Somebody whose training was seen."""
    place = own_municipality(session, actor, Permission.MODERATE_REQUEST).id
    status = attempted(session, form, lambda new: near.add_mediator(session, actor, place, new), REFUSALS)
    return (
        see_other("/bureau/bemiddeling")
        if status == 303
        else _mediation(request, session, actor, form, status=status)
    )


@router.post("/bemiddeling/bemiddelaars/{id}/einde", name="desk.mediators.end")
def end_mediator(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """They mediate no more."""
    if form.value is None:
        raise DomainError
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    near.end_mediator(session, actor, id)
    return see_other("/bureau/bemiddeling")


@router.post("/bemiddeling/{id}", name="desk.mediation.assign")
def assign(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Assigned]) -> Response:
    """To somebody who was trained."""
    own_municipality(session, actor, Permission.MODERATE_REQUEST)
    near.get(session, actor, id)
    status = attempted(session, form, lambda wanted: near.assign(session, actor, id, wanted), REFUSALS)
    if status == 303:
        return see_other("/bureau/bemiddeling")
    return _mediation(request, session, actor, form.among(id), id, status=status)
