"""Iets organiseren: making an activity, changing it, who comes, and telling everybody that it is off."""

from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.activities import changing, joining, service
from app.activities.models import Activity, DateStatus, words_in
from app.activities.schemas import DESK, MYSELF, ActivityChange, MoveTime, NewActivity, Stopping
from app.clock import now
from app.errors import Conflict, Invalid, NotFound, Stale
from app.http import Opened
from web import activity_words as words, dutch, forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
OPERATION: Final = "POST /activiteiten/nieuw"
SENTENCES: Final = {
    "soort": N_("Kies wat u gaat doen."),
    "titel": N_("Schrijf in een paar woorden wat u gaat doen."),
    "gastheer": N_("Kies wie de mensen ontvangt."),
    "adres": N_("Vul het adres in, bijvoorbeeld Kerkstraat 1."),
    "plaatsen": N_("Vul in hoeveel mensen er kunnen komen, bijvoorbeeld 12."),
    "kosten": N_("Vul een bedrag in, bijvoorbeeld 7,50. Gratis is 0."),
    "totEnMet": N_("Kies de laatste dag, bijvoorbeeld 3-12-2026."),
    "only-oneself": N_("Thuis ontvangen kan alleen wie zelf de gastheer is."),
    "date-past": N_("Kies een tijd die nog komt."),
    "date-far": N_("Kies een dag binnen een jaar."),
    "date-until": N_("Kies een laatste dag die na de eerste komt."),
    "keer": N_("Kies een dag."),
    "date-there": N_("Het is dan al. Kies een andere dag of tijd."),
    "places-taken": N_("Er komen al meer mensen. Kies meer plaatsen, of bel eerst iemand af."),
    "postcode-elsewhere": N_("Dit ligt in een andere gemeente. Maak daar een nieuwe activiteit voor."),
}
for _model in (ActivityChange, NewActivity, MoveTime):
    forms.say(_model, **SENTENCES)
forms.say(Stopping, bericht=N_("Schrijf een bericht voor wie zou komen."))


@router.get("/activiteiten/nieuw", name="activities.new")
def new(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What would you like to do together?"""
    first = forms.blank(hoeVaak="eenmalig", minuten="120", plaatsen="12", meebrengen="1", kosten="0",
                        datum="", gastheer=MYSELF)  # fmt: skip
    return _form(request, session, actor, first)


def _form(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    activity: Activity | None = None,
) -> Response:
    lang = i18n.language(request)
    as_whom = service.may_host_as(session, actor)
    hosts = [(MYSELF, translate(lang, N_("Ik, als bewoner")))]
    hosts += [(str(one.id), one.name) for one in as_whom.organisations]
    if as_whom.desk:
        hosts.append((DESK, translate(lang, N_("De gemeente"))))
    return page(
        request,
        "activities/form.html",
        status=status,
        form=form,
        activity=activity,
        hosts=hosts,
        kinds=words.kinds(lang),
        access=words.access_choices(lang),
        frequencies=[(frequency.value, translate(lang, name)) for frequency, name in words.FREQUENCIES],
        minutes=[(str(count), dutch.long_duration(count, lang)) for count in words.MINUTES],
        guests=[(str(count), str(count)) for count in range(5)],
        once=form.id or uuid4(),
    )


@router.post("/activiteiten/nieuw", name="activities.make")
def make(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewActivity]) -> Response:
    """Keep it: shown at once for who signed a covenant, else after the desk has looked."""
    if form.value is None:
        return _form(request, session, actor, form, status=422)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
                return see_other("/mijn/activiteiten")  # sent twice is made once
            made = service.make(session, actor, form.value)
    except Invalid as refusal:
        return _form(request, session, actor, form.refused(refusal), status=422)
    return see_other(f"/activiteiten/{made.id}")


@router.get("/activiteiten/{id}/wijzigen", name="activities.change")
def change_form(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """All but when it is."""
    activity = service.get_hosted(session, actor, id)
    return _form(
        request, session, actor, _as_typed(session, actor, activity), activity=_faced(session, actor, id)
    )


def _faced(session: Opened, actor: Actor, id: UUID) -> Activity:
    return service.get(session, actor, id)


def _as_typed(session: Opened, actor: Actor, activity: Activity) -> Form[Any]:
    euros, cents = divmod(activity.cost_cents, 100)
    return forms.blank(
        soort=activity.kind,
        titel=activity.title,
        toelichting=activity.body,
        thuis=activity.at_home,
        plek=activity.venue,
        adres=service.address_of(session, actor, activity),
        postcode=str(activity.pc4),
        toegang=words_in(activity.access),
        kosten=f"{euros},{cents:02}" if cents else str(euros),
        watErbijZit=activity.cost_words,
        plaatsen=str(activity.places),
        meebrengen=str(activity.guests),
        versie=str(activity.version),
    )


@router.post("/activiteiten/{id}/wijzigen", name="activities.changed")
def change(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[ActivityChange]
) -> Response:
    """Keep the change; who comes hears of another place."""
    service.get_hosted(session, actor, id)
    if form.value is None:
        return _form(request, session, actor, form, status=422, activity=_faced(session, actor, id))
    try:
        with session.begin_nested():
            changing.change(session, actor, id, form.value)
    except (Invalid, Stale) as refusal:
        session.expire_all()
        form.refused(refusal)
        return _form(
            request, session, actor, form, status=refusal.status, activity=_faced(session, actor, id)
        )
    return see_other(f"/activiteiten/{id}")


@router.get("/activiteiten/{id}/deelnemers", name="activities.people")
def people(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Who comes, for the host only."""
    shown = joining.who_comes(session, actor, id)
    moment = now(session)
    ahead = [(date, rows) for date, rows in shown if date.ends_at > moment]
    return page(
        request,
        "activities/people.html",
        activity=_faced(session, actor, id),
        dates=[
            (date, [one for one in rows if one.status == "in"], [one for one in rows if one.status == "waiting"],
             words.heads(rows, "in"), words.heads(rows, "waiting"))
            for date, rows in ahead
        ],
    )  # fmt: skip


@router.get("/activiteiten/{id}/afzeggen", name="activities.stop_form")
def stop_form(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Which time is off, and what to say."""
    return _stop_page(request, session, actor, id, forms.blank())


def _stop_page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    activity = service.get_hosted(session, actor, id, moderated=True)
    lang, moment = i18n.language(request), now(session)
    ahead = [
        one for one in service.dates_of(session, actor, id)
        if one.status is DateStatus.PLANNED and one.starts_at > moment
    ]  # fmt: skip
    everything = ("", translate(lang, N_("Alle keren: de activiteit stopt")))
    times = [(str(one.id), dutch.moment(one.starts_at, lang)) for one in ahead]
    return page(
        request,
        "activities/stop.html",
        status=status,
        form=form,
        activity=activity,
        times=[*times, everything] if len(times) > 1 else [],
        coming=sum(one.taken + one.waiting for one in ahead),
    )


@router.post("/activiteiten/{id}/afzeggen", name="activities.stop")
def stop(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Stopping]) -> Response:
    """Everybody who would come is told, once."""
    service.get_hosted(session, actor, id, moderated=True)
    if form.value is None:
        return _stop_page(request, session, actor, id, form, 422)
    try:
        with session.begin_nested():
            joining.stop(session, actor, id, form.value)
    except (Conflict, NotFound):
        session.expire_all()  # it was off already: the page says so
    return see_other(f"/activiteiten/{id}")


@router.get("/activiteiten/{id}/verzetten", name="activities.move_form")
def move_form(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """Which time, and to when."""
    return _move_page(request, session, actor, id, forms.blank())


def _move_page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    activity = service.get_hosted(session, actor, id, moderated=True)
    lang = i18n.language(request)
    ahead = joining.upcoming(session, actor, activity)
    return page(
        request,
        "activities/move.html",
        status=status,
        form=form,
        activity=activity,
        times=[(str(one.id), dutch.moment(one.starts_at, lang)) for one in ahead],
        coming=sum(one.taken + one.waiting for one in ahead),
    )


@router.post("/activiteiten/{id}/verzetten", name="activities.move")
def move(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[MoveTime]) -> Response:
    """Everybody who comes to it hears so, and keeps their place."""
    service.get_hosted(session, actor, id, moderated=True)
    if form.value is None:
        return _move_page(request, session, actor, id, form, 422)
    try:
        with session.begin_nested():
            changing.move(session, actor, id, form.value)
    except Invalid as refusal:
        session.expire_all()
        return _move_page(request, session, actor, id, form.refused(refusal), 422)
    except (Conflict, NotFound):
        session.expire_all()  # that time is off, or over: the page says how it stands
    return see_other(f"/activiteiten/{id}")


@router.get("/mijn/activiteiten", name="activities.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """To what I come, and what I host."""
    lang = i18n.language(request)
    return page(
        request,
        "activities/mine.html",
        coming=[(one, words.standing(one.signup, lang), words.where(one.activity, lang))
                for one in joining.mine(session, actor)],
        hosted=[(one, words.where(one, lang)) for one in service.mine(session, actor)],
        thanked=request.query_params.get("dank") == "ja",
    )  # fmt: skip
