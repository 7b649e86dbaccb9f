"""Omzien: telling of somebody else, whom one can speak to, and mediation between neighbours."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.errors import DomainError, NotFound, TooMany
from app.http import Opened
from app.outreach import near, service
from app.outreach.models import MediationStatus, SignalFrom
from app.outreach.schemas import Mediated, MediationStep, NewMediation, NewSignal
from app.pacing import network
from app.people import phone
from app.places.service import SpansTwo
from app.schemas import Nothing
from web import forms, i18n
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other, site
from web.session import SignedIn, Visitor

router = APIRouter()
SIGNAL: Final = "/zorg-om-iemand"
MINE: Final = "/mijn/bemiddeling"
MEDIATE: Final = "/bemiddelen"
WHO: Final = {
    SignalFrom.NEIGHBOUR: N_("Buur"),
    SignalFrom.FAMILY: N_("Familie of vriend"),
    SignalFrom.SHOP: N_("Winkel of kapper"),
    SignalFrom.POST: N_("Bezorger of chauffeur"),
    SignalFrom.ORGANISATION: N_("Vereniging of organisatie"),
    SignalFrom.OTHER: N_("Iemand anders"),
}
STATES: Final = {
    MediationStatus.ASKED: N_("Wij zoeken een bemiddelaar."),
    MediationStatus.ASSIGNED: N_("De bemiddelaar belt u, en vraagt daarna de ander."),
    MediationStatus.BOTH: N_("De ander wil ook praten."),
    MediationStatus.SETTLED: N_("Klaar. Fijn dat het gelukt is."),
    MediationStatus.STOPPED: N_("Gestopt."),
}
MEDIATING: Final = STATES | {MediationStatus.ASSIGNED: N_("Bel eerst deze buur, en vraag daarna de ander.")}
"""The same for the mediator."""
STEPS: Final = {
    MediationStep.NOTE: N_("Alleen een notitie"),
    MediationStep.OTHER_AGREES: N_("De ander wil ook praten"),
    MediationStep.SETTLED: N_("Het is opgelost"),
    MediationStep.STOPPED: N_("Het gaat niet verder"),
}
REFUSALS: Final = {
    "asked-before": N_("U vroeg dit al. Wij zijn ermee bezig."),
    "stale": N_("Iemand anders veranderde dit net. Kijk hoe het nu is."),
    "transition-not-allowed": N_("Dat kan niet meer. Kijk hoe het nu is."),
}
forms.say(
    NewSignal,
    wieBentU=N_("Kies hoe u iemand kent."),
    watZagU=N_("Schrijf in een paar woorden wat u zag."),
    postcode=N_("Vul de postcode in van de straat, bijvoorbeeld 5664 HJ."),
    reach=N_("Vul de naam in, en een telefoonnummer of huisnummer."),
)
forms.say(NewMediation, watSpeeltEr=N_("Schrijf wat er speelt."))
forms.say(Mediated, wat=N_("Kies wat er gebeurde."), notitie=N_("Schrijf iets op."))


@router.get(SIGNAL, name="outreach.tell")
def tell(request: Request, _actor: Visitor) -> Response:
    """Somebody sees that another could use help."""
    return _tell(request, forms.blank())


def _tell(
    request: Request, form: Form[Any], *, status: int = 200, choices: list[tuple[str, str]] | None = None
) -> Response:
    lang = i18n.language(request)
    return page(
        request, "outreach/tell.html", status=status, form=form, choices=choices or [],
        who=[(one.value, translate(lang, name)) for one, name in WHO.items()],
        done=request.query_params.get("gedaan", ""),
    )  # fmt: skip


@router.post(SIGNAL, name="outreach.tell.post")
def told(request: Request, session: Opened, actor: Visitor, form: Submitted[NewSignal]) -> Response:
    """Keep it; without that other's yes only the neighbourhood."""
    if form.value is None:
        return _tell(request, form, status=422)
    try:
        with session.begin_nested():
            service.signal(session, actor, form.value, network(request))
    except SpansTwo as two:
        form.refuse("gemeente", N_("Deze postcode ligt in twee gemeenten. Kies er één."))
        return _tell(request, form, status=422, choices=sorted(two.details.items(), key=lambda item: item[1]))
    except TooMany:
        form.refuse("", N_("U vertelde vandaag al veel. Bel ons, dan doen wij het samen."))
        return _tell(request, form, status=429)
    except DomainError as error:
        return _tell(request, form.refused(error), status=422)
    return see_other(f"{SIGNAL}?gedaan={'ja' if form.value.agreed else 'straat'}")


@router.get("/vertrouwensmensen", name="outreach.trustees")
def trustees(request: Request, session: Opened, actor: Visitor) -> Response:
    """Whom one can speak to in the neighbourhood."""
    here = site(request).municipality_id
    return page(request, "outreach/trustees.html", rows=near.trustees(session, actor, here) if here else [])


@router.post("/vertrouwensmensen/{id}/stoppen", name="outreach.trustees.stop")
def stop_trustee(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Whoever is one stops when they like."""
    if form.value is None:
        raise DomainError
    near.stop_being_trustee(session, actor, id)
    return see_other("/vertrouwensmensen")


@router.get(MINE, name="mediation.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Somebody who listens to both, and what one asked before."""
    return _mine(request, session, actor, forms.blank())


def _mine(request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200) -> Response:
    lang = i18n.language(request)
    return page(
        request, "outreach/mediation.html", status=status, form=form,
        rows=[(row, translate(lang, STATES[row.status])) for row in near.mine(session, actor)],
        mediates=near.mediates(session, actor),
    )  # fmt: skip


@router.post(MINE, name="mediation.ask")
def ask(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewMediation]) -> Response:
    """Only the desk and the mediator read it."""
    status = attempted(session, form, lambda new: near.ask(session, actor, new), REFUSALS)
    return see_other(MINE) if status == 303 else _mine(request, session, actor, form, status=status)


@router.post(MINE + "/{id}/stoppen", name="mediation.stop")
def stop(request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """At any moment, without a reason."""
    status = attempted(session, form, lambda _: near.withdraw(session, actor, id), REFUSALS)
    return see_other(MINE) if status == 303 else _mine(request, session, actor, form, status=status)


@router.get(MEDIATE, name="mediation.given")
def given(request: Request, session: Opened, actor: SignedIn) -> Response:
    """In which one mediates, for who was trained."""
    return _given(request, session, actor)


def _given(
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, about: UUID | None = None,
    *, status: int = 200,
) -> Response:  # fmt: skip
    lang, given = i18n.language(request), near.given_to_me(session, actor)
    notes = near.notes(session, actor, [row.id for row in given])
    reach = near.reach(session, actor, given)
    return page(
        request, "outreach/mediate.html", status=status,
        rows=[
            (row, translate(lang, MEDIATING[row.status]), notes[row.id],
             form if form and row.id == about else forms.blank(wat="notitie").among(row.id), reach[row.id])
            for row in given
        ],
        steps=[(one.value, translate(lang, name)) for one, name in STEPS.items()], phone=phone.display,
    )  # fmt: skip


@router.post(MEDIATE + "/{id}", name="mediation.step")
def mediate(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Mediated]
) -> Response:
    """What the mediator writes down."""
    if id not in {row.id for row in near.given_to_me(session, actor)}:
        raise NotFound
    status = attempted(session, form, lambda done: near.mediate(session, actor, id, done), REFUSALS)
    if status == 303:
        return see_other(MEDIATE)
    return _given(request, session, actor, form.among(id), id, status=status)
