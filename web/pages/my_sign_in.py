"""Inloggen en veiligheid: one's keys and app, where one is signed in, and what happened to it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access import authenticators, events, passkeys, sessions, tokens
from app.access.actor import Actor
from app.access.authenticators import AppThere, WrongAppCode
from app.access.passkeys import PasskeyKnown, TooManyPasskeys, WrongPasskey
from app.access.policy import require_fresh
from app.access.typed import SixDigits
from app.errors import Conflict, DomainError, NotFound, ProofNeeded, TooMany
from app.http import Opened
from app.oidc import linking
from app.people import service as people
from app.schemas import Incoming, Nothing
from app.text import Typed
from web import documents, forms, i18n
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.proofs import door as our_door, step_up, with_token
from web.rendering import next_path, page, see_other, site
from web.session import SignedIn
from web.sign_in_words import events_in_words, sessions_in_words, tokens_in_words

HERE: Final = "/mijn/inloggen"
router = APIRouter(prefix=HERE)
KeyName = Annotated[str, Typed(40)]


class LastOne(Conflict):
    """Whoever works at a desk keeps one way of showing who they are."""

    code = "last-one"


class NewKey(Incoming):
    """What a browser made, and what one calls it."""

    credential: Annotated[str, Field(alias="sleutel", max_length=passkeys.LONGEST)]
    name: Annotated[KeyName, Field(alias="naam")]
    following: Annotated[str, Field(alias="volgende")] = HERE


class KeyRenamed(Incoming):
    """Another name for a key."""

    name: Annotated[KeyName, Field(alias="naam")]


class FirstCode(Incoming):
    """The first code shows that the app works."""

    code: Annotated[SixDigits, Field(alias="code")]
    following: Annotated[str, Field(alias="volgende")] = HERE


_NAME: Final = N_("Geef de sleutel een naam, bijvoorbeeld: mijn telefoon.")
forms.say(
    NewKey,
    naam=_NAME,
    sleutel=N_("Dat lukte niet. Probeer het nog eens, of kies een andere manier."),
    **{
        "wrong-passkey": N_("Dat lukte niet. Probeer het nog eens, of kies een andere manier."),
        "passkey-known": N_("Deze sleutel is er al."),
        "too-many-passkeys": N_("U heeft al tien sleutels. Haal er eerst een weg."),
    },
)
forms.say(KeyRenamed, naam=_NAME)
forms.say(
    FirstCode,
    code=N_("Vul de zes cijfers in die uw app nu laat zien."),
    **{
        "wrong-app-code": N_(
            "Deze code klopt niet. Kijk of de tijd van uw telefoon klopt, en typ de volgende code."
        ),
        "too-many": N_("U probeerde het vaak. Wacht een kwartier en probeer het dan opnieuw."),
    },
)


@router.get("", name="my_sign_in.show")
def show(request: Request, session: Opened, actor: SignedIn) -> Response:
    """All of it on one page."""
    lang = i18n.language(request)
    linked, doors = linking.ways(session, actor, site(request).municipality_id, works=_works(actor))
    return page(
        request,
        "sign_in/mine.html",
        keys=passkeys.mine(session, actor),
        app=authenticators.has(session, actor),
        sessions=sessions_in_words(sessions.mine(session, actor), actor, lang),
        tokens=tokens_in_words(tokens.mine(session, actor), lang),
        events=events_in_words(events.mine(session, actor), lang),
        works=_works(actor),
        linked=linked,
        doors=doors,
        done=request.query_params.get("gedaan", ""),
    )


def _works(actor: Actor) -> bool:
    return actor.waiting or actor.proves_twice


def _may_add(session: Opened, actor: Actor) -> None:
    """The first comes right after a sign-in, another only after what is there was shown. Raises ProofNeeded."""
    if passkeys.mine(session, actor) or authenticators.has(session, actor):
        require_fresh(actor)
    elif not actor.recent:
        raise ProofNeeded


def _may_remove(session: Opened, actor: Actor) -> None:
    """Raises ProofNeeded, or LastOne for who needs one at a desk."""
    require_fresh(actor)
    left = len(passkeys.mine(session, actor)) + authenticators.has(session, actor)
    if _works(actor) and left <= 1:
        raise LastOne


@router.get("/sleutel", name="my_sign_in.new_passkey")
def new_passkey(request: Request, session: Opened, actor: SignedIn) -> Response:
    """A name and a button."""
    _may_add(session, actor)
    following = next_path(request.query_params.get("next"), HERE)
    return _passkey_page(request, session, actor, blank(volgende=following))


def _passkey_page(
    request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200
) -> Response:
    contact = people.details(session, actor)
    shown = contact.email or contact.person.first_name
    options = passkeys.to_register(session, actor, our_door(request), shown)
    return page(
        request, "sign_in/new_passkey.html", status=status, form=form, options=options, works=_works(actor)
    )


@router.post("/sleutel", name="my_sign_in.add_passkey")
def add_passkey(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewKey]) -> Response:
    """Keep it. Whoever waits at the door of a desk has just shown it."""
    _may_add(session, actor)
    if form.value is None:
        return _passkey_page(request, session, actor, form, 422)
    try:
        passkeys.register(session, actor, our_door(request), form.value.credential, form.value.name)
    except (WrongPasskey, PasskeyKnown, TooManyPasskeys) as refusal:
        form.refused(DomainError(details={"": refusal.code}))
        return _passkey_page(request, session, actor, form, 422)
    to = next_path(form.value.following, HERE)
    return with_token(see_other(f"{HERE}?gedaan=sleutel" if to == HERE else to), step_up(session, actor))


@router.post("/sleutels/{id}/naam", name="my_sign_in.rename_passkey")
def rename(session: Opened, actor: SignedIn, id: UUID, form: Submitted[KeyRenamed]) -> Response:
    """Another name."""
    if form.value is not None:
        passkeys.rename(session, actor, id, form.value.name)
    return see_other(f"{HERE}?gedaan={'naam' if form.value is not None else 'geen-naam'}")


@router.post("/sleutels/{id}/weg", name="my_sign_in.remove_passkey")
def remove_passkey(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """It opens nothing from here on."""
    if form.value is None:
        raise DomainError
    if id not in {key.id for key in passkeys.mine(session, actor)}:
        raise NotFound
    try:
        _may_remove(session, actor)
    except LastOne:
        return see_other(f"{HERE}?gedaan=laatste")
    passkeys.remove(session, actor, id)
    return see_other(f"{HERE}?gedaan=weg")


@router.get("/app", name="my_sign_in.new_app")
def new_app(request: Request, session: Opened, actor: SignedIn) -> Response:
    """A square to scan, or letters to type."""
    _may_add(session, actor)
    following = next_path(request.query_params.get("next"), HERE)
    return _app_page(request, session, actor, blank(volgende=following))


def _app_page(
    request: Request, session: Opened, actor: Actor, form: Form[Any], status: int = 200
) -> Response:
    try:
        row = authenticators.begin(session, actor)
    except AppThere:
        return see_other(HERE)
    contact = people.details(session, actor)
    key = authenticators.key_of(request.app.state.secret, row.id)
    letters = authenticators.in_letters(key)
    return page(
        request,
        "sign_in/new_app.html",
        status=status,
        form=form,
        square=documents.qr(authenticators.address_for(key, contact.email or contact.person.first_name)),
        letters=" ".join(letters[at : at + 4] for at in range(0, len(letters), 4)),
        works=_works(actor),
    )


@router.post("/app", name="my_sign_in.add_app")
def add_app(request: Request, session: Opened, actor: SignedIn, form: Submitted[FirstCode]) -> Response:
    """Keep it, once it showed a code."""
    _may_add(session, actor)
    if form.value is None:
        return _app_page(request, session, actor, form, 422)
    try:
        authenticators.confirm(session, actor, request.app.state.secret, form.value.code)
    except AppThere:
        return see_other(HERE)
    except (WrongAppCode, TooMany) as refusal:
        form.refused(DomainError(details={"code": refusal.code}))
        return _app_page(request, session, actor, form, 429 if isinstance(refusal, TooMany) else 422)
    to = next_path(form.value.following, HERE)
    return with_token(see_other(f"{HERE}?gedaan=app" if to == HERE else to), step_up(session, actor))


@router.post("/app/weg", name="my_sign_in.remove_app")
def remove_app(session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """Its codes open nothing from here on."""
    if form.value is None:
        raise DomainError
    try:
        _may_remove(session, actor)
    except LastOne:
        return see_other(f"{HERE}?gedaan=laatste")
    authenticators.remove(session, actor)
    return see_other(f"{HERE}?gedaan=weg")


@router.post("/elders", name="my_sign_in.end_others")
def end_others(session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """Sign out everywhere but here."""
    if form.value is None:
        raise DomainError
    sessions.end_others(session, actor)
    return see_other(f"{HERE}?gedaan=uit")


@router.post("/elders/{id}", name="my_sign_in.end_one")
def end_one(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Sign out in one browser."""
    if form.value is None:
        raise DomainError
    sessions.end(session, actor, id)
    return see_other(f"{HERE}?gedaan=uit")
