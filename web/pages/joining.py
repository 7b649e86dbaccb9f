"""Samen doen: what there is to come to, one activity, signing up and off, and the file for one's agenda."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from app import ics
from app.access.actor import Actor
from app.access.roles import Permission
from app.activities import joining, search, service
from app.activities.models import ACCESS, Activity, ActivityDate, ActivityKind, DateStatus, Status, mask_of
from app.activities.schemas import Joining, Leaving
from app.activities.service import ActivityOver
from app.clock import now, today
from app.errors import NotFound
from app.http import Opened
from app.places import service as places
from app.schemas import Day
from web import activity_words as words, dutch, forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other, site
from web.session import SignedIn, Visitor

router = APIRouter()
SHOWN: Final = 12
"""So many times to choose from on a page; who wants a later one finds it nearer its day."""
EVERYWHERE: Final = "alle"
_DAY: Final = TypeAdapter[date](Day)
forms.say(Joining, keer=N_("Kies een dag."))


def asked_municipality(request: Request) -> int | None:
    """The one in the address, none for the whole region, else that of the site."""
    typed = request.query_params.get("gemeente", "")
    if typed == EVERYWHERE:
        return None
    code = number_in(typed)
    return code if code is not None else site(request).municipality_id


def number_in(typed: str) -> int | None:
    """A short whole number; None for whatever else somebody put in an address."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


def _day(typed: str) -> date | None:
    """A day as a form sends it; None for any other text, and for one that no calendar of ours reaches."""
    try:
        return _DAY.validate_python(typed[:10])
    except ValidationError:
        return None


def _wanted(request: Request) -> search.Wanted:
    asked = request.query_params
    kind = asked.get("soort", "")
    return search.Wanted(
        municipality_id=asked_municipality(request),
        typed=asked.get("zoek", "")[:200],
        kind=ActivityKind(kind) if kind in set(ActivityKind) else None,
        pc4=number_in(asked.get("buurt", "")),
        day=_day(asked.get("dag", "")),
        access=mask_of(word for word in asked.getlist("toegang") if word in ACCESS),
        number=number_in(asked.get("pagina", "")) or 1,
    )


@router.get("/activiteiten", name="activities.all")
def every(request: Request, session: Opened, _actor: Visitor) -> Response:
    """What there is to do together, the soonest first."""
    wanted, lang, day = _wanted(request), i18n.language(request), today(session)
    found = search.shown(session, wanted)
    typed = [
        (name, value) for name, value in request.query_params.multi_items() if name != "pagina" and value
    ]
    return page(
        request,
        "activities/all.html",
        form=_filled(request, wanted),
        found=found,
        cards=[words.card(row, day, lang, wanted.municipality_id) for row in found.rows],
        kinds=words.kinds(lang),
        access=words.access_choices(lang),
        neighbourhoods=search.neighbourhoods(session, wanted.municipality_id),
        municipalities=_municipalities(session, lang),
        more=bool(wanted.kind or wanted.pc4 or wanted.access),
        address=f"/activiteiten?{urlencode([*typed, ('pagina', '')], errors='replace')}",
    )


def _filled(request: Request, wanted: search.Wanted) -> Form[Any]:
    return forms.blank(
        zoek=wanted.typed,
        gemeente=str(wanted.municipality_id or EVERYWHERE),
        soort=wanted.kind or "",
        buurt=str(wanted.pc4 or ""),
        dag=wanted.day.isoformat() if wanted.day else "",
        toegang=[word for word in request.query_params.getlist("toegang") if word in ACCESS],
    )


def _municipalities(session: Opened, lang: str) -> list[tuple[str, str]]:
    everywhere = (EVERYWHERE, translate(lang, N_("De hele regio")))
    return [everywhere, *words.municipalities(places.joined(session))]


@router.get("/activiteiten/keren/{id}", name="activities.time")
def time_of(session: Opened, actor: SignedIn, id: UUID) -> Response:
    """From a notice to the page of the activity."""
    return see_other(f"/activiteiten/{service.of_date(session, actor, id)}")


@router.get("/activiteiten/{id}", name="activities.show")
def show(request: Request, session: Opened, actor: Visitor, id: UUID) -> Response:
    """One activity, with a place for the reader."""
    return _shown(request, session, actor, id, forms.blank())


def _shown(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    activity = service.get(session, actor, id)
    lang, moment = i18n.language(request), now(session)
    dates = service.dates_of(session, actor, id)
    mine = joining.my_places(session, actor, id)
    ahead = [one for one in dates if one.status is DateStatus.PLANNED and one.starts_at > moment]
    may = activity.status is Status.OPEN and not service.hosts(actor, activity)
    open_to_me = [one for one in ahead if one.id not in mine][:SHOWN] if may else []
    return page(
        request,
        "activities/show.html",
        status=status,
        form=form,
        activity=activity,
        when=_when(dates, ahead, lang),
        address=service.address_of(session, actor, activity),
        access=words.access_of(activity.access, lang),
        cost=words.cost(activity, lang),
        where=words.where(activity, lang),
        kind=translate(lang, words.KINDS[activity.kind]),
        picture=words.PICTURES[activity.kind],
        often=words.often(activity, lang),
        ahead=ahead,
        left={one.id: words.left(one, lang) for one in dates},
        choices=_choices(open_to_me, lang),
        guests=_guests(activity, lang),
        mine=[(one, mine[one.id], words.standing(mine[one.id], lang)) for one in dates
              if one.id in mine and one.ends_at > moment],
        hosts=service.hosts(actor, activity),
        moderates=activity.municipality_id in actor.at_desk(Permission.MODERATE_ACTIVITY),
    )  # fmt: skip


def _when(dates: list[ActivityDate], ahead: list[ActivityDate], lang: str) -> str:
    """The next time, or the last one that there was."""
    shown = ahead[:1] or dates[-1:]
    return dutch.moment(shown[0].starts_at, lang) if shown else translate(lang, N_("gaat niet door"))


def _choices(dates: list[ActivityDate], lang: str) -> list[tuple[str, str, str]]:
    """The times to choose from, with how many places are left; all of them at once where there are several."""
    one_by_one = [(str(one.id), dutch.moment(one.starts_at, lang), words.left(one, lang)) for one in dates]
    if len(dates) < 2:
        return one_by_one
    return [*one_by_one, (EVERYWHERE, translate(lang, N_("Ik kom alle keren")), "")]


def _guests(activity: Activity, lang: str) -> list[tuple[str, str]]:
    """How many one may bring; nothing to choose where that is nobody."""
    alone = translate(lang, N_("Niemand, ik kom alleen"))
    names = [alone, translate(lang, N_("1 ander"))]
    names += [translate(lang, N_("%(num)s anderen"), num=count) for count in range(2, activity.guests + 1)]
    return [(str(count), name) for count, name in enumerate(names[: activity.guests + 1])]


@router.post("/activiteiten/{id}/aanmelden", name="activities.join")
def join(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Joining]) -> Response:
    """Ik kom: a place, or the waiting list; the page says which."""
    if form.value is None:
        return _shown(request, session, actor, id, form, 422)
    try:
        with session.begin_nested():
            joining.join(session, actor, id, form.value)
    except ActivityOver:
        form.refuse("", N_("Hier kunt u zich niet meer voor aanmelden. Kijk hoe het nu is."))
        return _shown(request, session, actor, id, form, 409)
    return see_other(f"/activiteiten/{id}#mijn")


@router.post("/activiteiten/{id}/afmelden", name="activities.leave")
def leave(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Leaving]) -> Response:
    """Ik kom niet: who waits longest comes in."""
    service.get(session, actor, id)
    if form.value is None:
        return _shown(request, session, actor, id, form, 422)
    try:
        joining.leave(session, actor, form.value.date_id)
    except ActivityOver:
        form.refuse("", N_("Dit is al begonnen. U hoeft zich niet meer af te melden."))
        return _shown(request, session, actor, id, form, 409)
    return see_other("/mijn/activiteiten?dank=ja")


@router.get("/activiteiten/{id}/agenda.ics", name="activities.ics")
def calendar(request: Request, session: Opened, actor: Visitor, id: UUID) -> Response:
    """The times that are still to come, for one's own agenda; for who comes somewhere, only theirs."""
    activity = service.get(session, actor, id)
    moment = now(session)
    mine = joining.my_places(session, actor, id)
    dates = [one for one in service.dates_of(session, actor, id) if one.ends_at > moment]
    dates = [one for one in dates if one.id in mine] or dates
    if not dates:
        raise NotFound
    address = request.app.state.settings.address
    where = (activity.venue, service.address_of(session, actor, activity), activity.neighbourhood.place)
    events = [
        ics.Event(
            key=str(one.id), made_at=activity.created_at, starts_at=one.starts_at, ends_at=one.ends_at,
            title=activity.title, address=f"{address}/activiteiten/{id}", text=activity.body,
            where=", ".join(part for part in where if part),
            sequence=activity.version + (one.status is DateStatus.CANCELLED),
            sure=ics.Sure.CANCELLED if one.status is DateStatus.CANCELLED else ics.Sure.CONFIRMED,
        )
        for one in dates
    ]  # fmt: skip
    text = ics.written(events, urlsplit(address).hostname or "zorgvoorelkaar.example")
    name = {"Content-Disposition": 'attachment; filename="activiteit.ics"'}
    return Response(text, media_type=ics.KIND, headers=name)
