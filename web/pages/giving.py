"""Giving Roosjes, asking for them, and answering who asks: each is looked over once more before it is done."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.errors import DomainError, Invalid, NotFound, TooMany
from app.http import Opened
from app.roosjes import asking, codes, giving
from app.roosjes.giving import Receiver
from app.roosjes.service import OutOfRoosjes
from app.schemas import Incoming, Whole
from app.text import Typed
from web import dutch, forms, i18n
from web.forms import Form, Submitted, say
from web.i18n import N_
from web.rendering import page, see_other
from web.session import SignedIn

router = APIRouter()
HERE: Final = "/mijn/roosjes"
BY_CODE, TO_POT, FOR_OFFER = "nummer", "pot", "aanbod"
HOURS_MAX: Final = 100
FROM_ADDRESS: Final = ("aan", "uren", "minuten")


class Wanted(Incoming):
    """Who, how much and which words; ``key`` makes a form that is sent twice one act."""

    to: Annotated[str, Field(alias="aan", max_length=40)]
    """The key of a person, or one of nummer, pot, aanbod."""
    code: Annotated[codes.TypedCode | None, Field(alias="nummer")] = None
    offer: Annotated[UUID | None, Field(alias="aanbod")] = None
    hours: Annotated[Annotated[Whole, Field(ge=0, le=HOURS_MAX)], Field(alias="uren")] = 0
    minutes: Annotated[Annotated[Whole, Field(ge=0, le=59)], Field(alias="minuten")] = 0
    text: Annotated[Annotated[str, Typed(400, lines=True)] | None, Field(alias="bericht")] = None
    key: Annotated[UUID, Field(alias="sleutel")]

    @property
    def total(self) -> int:
        """Minutes in all."""
        return self.hours * 60 + self.minutes


class Reply(Incoming):
    """A yes or no; ``key`` makes a form that is sent twice one answer."""

    key: Annotated[UUID, Field(alias="sleutel")]


say(
    Wanted,
    aan=N_("Kies aan wie."),
    nummer=N_("Een Roosjesnummer heeft acht letters en cijfers."),
    uren=N_("Kies hele uren, van 0 tot 100."),
    minuten=N_("Kies hele minuten, van 0 tot 59."),
    sleutel=N_("Open deze bladzij opnieuw."),
    aanbod=N_("Dit aanbod is er niet meer."),
)
say(Reply, sleutel=N_("Open deze bladzij opnieuw."))


@dataclass(frozen=True, slots=True)
class Kind:
    """Giving or asking: what differs between the two pages."""

    path: str
    gives: bool


GIVE: Final = Kind(f"{HERE}/geven", gives=True)
ASK: Final = Kind(f"{HERE}/vragen", gives=False)


@router.get(GIVE.path, name="roosjes.give")
def give_form(request: Request, session: Opened, actor: SignedIn) -> Response:
    """To whom, how much, and a word with it; ``?aanbod=`` thanks for an offer."""
    offer = request.query_params.get("aanbod", "")
    start = {"aan": FOR_OFFER, "aanbod": offer} if offer else {}
    return _form(request, session, actor, GIVE, _begin(request, **start))


@router.get(ASK.path, name="roosjes.ask")
def ask_form(request: Request, session: Opened, actor: SignedIn) -> Response:
    """Whom, how much, and why."""
    return _form(request, session, actor, ASK, _begin(request))


def _begin(request: Request, **start: str) -> Form[Any]:
    """Before anything was typed; the address may say to whom and how much, for the rest of help that took longer."""
    said = {name: request.query_params[name] for name in FROM_ADDRESS if name in request.query_params}
    return forms.blank(**({"sleutel": str(uuid4()), "minuten": "0"} | said | start))


def _form(
    request: Request, session: Opened, actor: Actor, kind: Kind, form: Form[Any], *, status: int = 200
) -> Response:
    together = giving.together(session, actor)
    people = [
        (str(one.id), one.first_name, together.get(one.id, ""))
        for one in giving.acquaintances(session, actor)
    ]
    offer = _offer(session, actor, form.get("aanbod")) if kind.gives else None
    return page(
        request,
        "roosjes/give.html",
        status=status,
        form=form,
        kind=kind,
        people=people,
        offer=offer,
        by_code=BY_CODE,
        to_pot=TO_POT,
        for_offer=FOR_OFFER,
    )


def _offer(session: Opened, actor: Actor, typed: str) -> Receiver | None:
    try:
        return giving.by_offer(session, actor, UUID(typed))
    except (ValueError, NotFound, Invalid):
        return None


@router.post(GIVE.path, name="roosjes.given")
def give(request: Request, session: Opened, actor: SignedIn, form: Submitted[Wanted]) -> Response:
    """First shown once more; booked with the second press."""
    return _posted(request, session, actor, GIVE, form)


@router.post(ASK.path, name="roosjes.asked")
def ask(request: Request, session: Opened, actor: SignedIn, form: Submitted[Wanted]) -> Response:
    """First shown once more; asked with the second press."""
    return _posted(request, session, actor, ASK, form)


def _posted(request: Request, session: Opened, actor: Actor, kind: Kind, form: Form[Wanted]) -> Response:
    wanted = form.value
    if wanted is not None and wanted.total == 0:
        wanted = form.refuse("uren", N_("Kies hoeveel.")).value
    if wanted is None:
        return _form(request, session, actor, kind, form, status=422)
    try:
        with session.begin_nested():
            to = None if kind.gives and wanted.to == TO_POT else _other_end(session, actor, wanted)
            if form.button == "terug":
                return _form(request, session, actor, kind, form)
            if form.button != "ja":
                return _check(request, kind, form, wanted, to)
            _act(session, actor, kind, wanted, to)
    except DomainError as refusal:
        return _refused(request, session, actor, kind, form, refusal)
    return see_other(f"{HERE}?gedaan={'gegeven' if kind.gives else 'gevraagd'}")


def _other_end(session: Opened, actor: Actor, wanted: Wanted) -> Receiver:
    """Whoever was chosen; NotFound and Invalid are said at the field of that choice."""
    if wanted.to == BY_CODE:
        if wanted.code is None:
            raise Invalid(details={"nummer": "missing"})
        return giving.by_code(session, actor, wanted.code)
    if wanted.to == FOR_OFFER:
        return giving.by_offer(session, actor, wanted.offer or UUID(int=0))
    try:
        return giving.known(session, actor, UUID(wanted.to))
    except ValueError as odd:
        raise NotFound from odd


def _check(request: Request, kind: Kind, form: Form[Any], wanted: Wanted, to: Receiver | None) -> Response:
    """What is about to happen, in a sentence, with a way back that keeps everything."""
    lang = i18n.language(request)
    return page(
        request,
        "roosjes/check.html",
        form=form,
        kind=kind,
        to=to.person.first_name if to else "",
        about=to.about if to else "",
        much=dutch.long_duration(wanted.total, lang),
        fields=[(name, form.get(name)) for name in form.values if name not in ("csrf", "knop")],
        text=wanted.text or "",
    )


def _act(session: Opened, actor: Actor, kind: Kind, wanted: Wanted, to: Receiver | None) -> None:
    gift = giving.Gift(wanted.total, f"{'gift' if kind.gives else 'ask'}:{wanted.key}", wanted.text or "")
    if to is None:
        giving.donate(session, actor, gift)
    elif kind.gives:
        giving.give(session, actor, to, gift)
    else:
        asking.ask(session, actor, to, gift)


def _refused(
    request: Request, session: Opened, actor: Actor, kind: Kind, form: Form[Wanted], refusal: DomainError
) -> Response:
    by_code = form.get("aan") == BY_CODE
    match refusal:
        case OutOfRoosjes():
            form.refuse("uren", N_("Zoveel kan nu niet. Kies iets minder, of bel ons."))
        case NotFound() | Invalid() if by_code:
            form.refuse("nummer", N_("Wij vinden niemand met dit nummer. Kijk het nog eens na."))
        case NotFound() | Invalid():
            form.refuse("aan", N_("Kies aan wie."))
        case asking.AskedBefore():
            form.refuse("aan", N_("U vroeg dit al aan deze persoon. Wacht op het antwoord."))
        case giving.KeyUsed():
            form.refuse("", N_("Dit formulier is al verstuurd. Kijk bij uw Roosjes of het goed staat."))
            form.values = {**form.values, "sleutel": [str(uuid4())]}
        case TooMany():
            form.refuse(
                "nummer", N_("U probeerde veel nummers. Probeer het over een uur nog eens, of bel ons.")
            )
        case _:
            raise refusal
    status = 422 if isinstance(refusal, NotFound | Invalid) else refusal.status
    return _form(request, session, actor, kind, form, status=status)


@router.post(f"{HERE}/vragen/{{id}}/ja", name="roosjes.say_yes")
def say_yes(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Reply]) -> Response:
    """Give what somebody asks."""
    return _answered(session, actor, id, form, yes=True)


@router.post(f"{HERE}/vragen/{{id}}/nee", name="roosjes.say_no")
def say_no(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Reply]) -> Response:
    """Do not; a no needs no reason."""
    return _answered(session, actor, id, form, yes=False)


def _answered(session: Opened, actor: Actor, id: UUID, form: Form[Reply], *, yes: bool) -> Response:
    key = form.value.key if form.value else uuid4()
    try:
        with session.begin_nested():
            asking.answer(session, actor, id, yes=yes, key=f"answer:{key}")
    except asking.Answered:
        return see_other(f"{HERE}?gedaan=voorbij")
    except OutOfRoosjes:
        return see_other(f"{HERE}?gedaan=teveel")
    return see_other(f"{HERE}?gedaan={'gegeven' if yes else 'niet-gegeven'}")
