"""Huisstijl: a municipality's colours and logo, tried before anybody sees them, shown, and taken back."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, DomainError, Invalid, NotFound, Stale
from app.http import Opened
from app.looks import dress, logo, palette, service, sheet, tokens
from app.looks.models import Look
from app.looks.palette import Colour, Shade
from app.looks.schemas import LookChange, Published
from app.looks.tokens import Outcome, Reading, Role
from app.places import service as places
from app.schemas import Incoming, Nothing
from web import forms, i18n, share_picture, style_tokens
from web.forms import Form, Submitted, blank
from web.i18n import N_, translate
from web.in_address import Place
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff, share_key

router = APIRouter()
HERE: Final = "/gemeente/huisstijl"
FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
NO_STORE: Final = {"Cache-Control": "no-store"}
PICTURE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'none'; sandbox",
    "Content-Disposition": "inline",
}
"""A logo is a picture and nothing more, also for who opens it as a page."""
COLOUR: Final = N_("Vul een kleur in, bijvoorbeeld #154273.")
NEAR: Final = N_(
    "Deze kleur lijkt op die van een fout of een waarschuwing. Kies een andere, dan blijft dat duidelijk."
)
OUTCOMES: Final = {
    Outcome.TAKEN: (N_("Overgenomen"), "g"),
    Outcome.SECOND: (N_("Bekend, maar een andere regel gaat voor"), ""),
    Outcome.NO_COLOUR: (N_("Hier staat geen kleur die wij kunnen lezen"), "w"),
    Outcome.UNKNOWN: (N_("Hier doen wij niets mee"), ""),
    Outcome.OURS: (N_("Dit is overal hetzelfde, zodat iedereen het kan lezen"), ""),
}
ROLES: Final = {Role.ROSE: N_("hoofdkleur"), Role.GREEN: N_("steunkleur")}
LOGO_WRONG: Final = {
    "logo-missing": N_("Kies een bestand met uw logo."),
    "logo-large": N_("Dit logo is te groot of te fijn getekend. Kies een kleiner of eenvoudiger bestand."),
    "logo-type": N_("Kies een logo als SVG of PNG."),
    "logo-broken": N_("Dit bestand is niet te lezen. Bewaar uw logo opnieuw en probeer het nog eens."),
}
TOKENS_WRONG: Final = {
    "tokens-missing": N_("Plak hier uw tokens, of kies een bestand."),
    "tokens-large": N_("Dit is te lang. Kies alleen het bestand met de kleuren."),
    "tokens-form": N_("Dit is geen JSON en geen CSS met tokens. Kijk het nog eens na."),
    "tokens-none": N_("Hier staan geen tokens in."),
}


class TokensForm(Incoming):
    """Tokens as text; a file may stand in their place."""

    tokens: str | None = None


forms.say(LookChange, hoofdkleur=COLOUR, steunkleur=COLOUR, **{"colour-form": COLOUR, "colour-near": NEAR})


@dataclass(frozen=True, slots=True)
class Told:
    """One of the two colours, with what was done to it, for both themes."""

    name: str
    colour: Colour
    light: Shade
    dark: Shade
    ratios: tuple[float, float]


@router.get(HERE, name="look.show")
def show(request: Request, session: Opened, actor: Staff) -> Response:
    """The draft as it would look, what shows now, and what showed before."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    row = service.draft(session, actor, municipality.id)
    shown = service.history(session, actor, municipality.id)
    return _page(request, session, actor, _as_typed(row or (shown[0] if shown else None), row))


def _as_typed(look: Look | None, draft: Look | None) -> Form[Any]:
    return blank(
        hoofdkleur=look.main if look else "",
        steunkleur=look.accent if look else "",
        versie=str(draft.version if draft else 0),
    )


def _page(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    reading: Reading | None = None,
) -> Response:
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    lang = i18n.language(request)
    row = service.draft(session, actor, municipality.id)
    history = service.history(session, actor, municipality.id)
    tried = row or (history[0] if history else None)
    return desk_page(
        request,
        actor,
        "municipality/look.html",
        status=status,
        form=form,
        municipality=municipality,
        draft=row,
        tried=tried,
        told=_told(tried, lang),
        history=history,
        done=request.query_params.get("gedaan", ""),
        reading=reading,
        lines=_lines(reading, lang) if reading else [],
        to=lambda path="": at_desk(request, HERE + path, municipality),
    )


def _told(look: Look | None, lang: str) -> list[Told]:
    names = (translate(lang, N_("Hoofdkleur")), translate(lang, N_("Steunkleur")))
    return [
        Told(
            name, colour, colour.light, colour.dark,
            (palette.ratios(colour.light, "light")["paper"], palette.ratios(colour.dark, "dark")["paper"]),
        )
        for name, colour in zip(names, service.colours(look), strict=True) if colour is not None
    ]  # fmt: skip


def _lines(reading: Reading, lang: str) -> list[tuple[str, str, str, str, str]]:
    """Name, what stood there, the colour, what became of it, and how loud that is."""
    said = []
    for line in reading.lines:
        words, kind = OUTCOMES[line.outcome]
        text = translate(lang, words)
        if line.outcome is Outcome.TAKEN and line.role is not None:
            text = f"{text}: {translate(lang, ROLES[line.role])}"
        said.append((line.name, line.value, line.colour, text, kind))
    return said


@router.post(HERE, name="look.save")
def save(request: Request, session: Opened, actor: Staff, form: Submitted[LookChange]) -> Response:
    """Other colours, for us to look at first."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _page(request, session, actor, form, status=422)
    try:
        service.change(session, actor, municipality.id, form.value)
    except Stale:
        form.refuse("", N_("Iemand anders veranderde dit net. Kijk het na en bewaar het opnieuw."))
        return _page(request, session, actor, form, status=409)
    return _back(request, municipality, "bewaard")


def _back(request: Request, municipality: Any, done: str) -> Response:
    here = at_desk(request, HERE, municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}gedaan={done}")


@router.post(HERE + "/logo", name="look.logo.save")
def save_logo(request: Request, session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Another logo, or with the other button none."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    sent: bytes = request.state.typed.files.get(logo.FIELD, b"")
    try:
        if form.button != "weg" and not sent:
            raise logo.WrongLogo(details={logo.FIELD: "logo-missing"})
        service.change_logo(session, actor, municipality.id, b"" if form.button == "weg" else sent)
    except Invalid as wrong:
        return _refused(request, session, actor, logo.FIELD, LOGO_WRONG, wrong)
    return _back(request, municipality, "bewaard")


def _refused(
    request: Request, session: Opened, actor: Actor, field: str, sentences: dict[str, str], wrong: Invalid
) -> Response:
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    row = service.draft(session, actor, municipality.id)
    form = _as_typed(row, row)
    form.lang = i18n.language(request)
    form.refuse(field, sentences[str((wrong.details or {}).get(field))])
    return _page(request, session, actor, form, status=422)


@router.post(HERE + "/tokens", name="look.tokens")
def read_tokens(request: Request, session: Opened, actor: Staff, form: Submitted[TokensForm]) -> Response:
    """What the tokens say, line by line. Nothing is kept: the colours stand in the form, to be taken over."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    sent: bytes = request.state.typed.files.get("bestand", b"")
    typed = sent[: tokens.SENT_CHARACTERS_MAX + 1].decode("utf-8", "replace") if sent else form.get("tokens")
    try:
        reading = tokens.read(typed)
    except Invalid as wrong:
        return _refused(request, session, actor, tokens.FIELD, TOKENS_WRONG, wrong)
    row = service.draft(session, actor, municipality.id)
    proposal = blank(
        hoofdkleur=reading.of(Role.ROSE),
        steunkleur=reading.of(Role.GREEN),
        versie=str(row.version if row else 0),
    )
    return _page(request, session, actor, proposal, reading=reading)


@router.post(HERE + "/tonen", name="look.publish")
def publish(request: Request, session: Opened, actor: Staff, form: Submitted[Published]) -> Response:
    """Everybody sees it from now on."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        return _page(request, session, actor, form, status=422)
    try:
        service.publish(session, actor, municipality.id, form.value.version)
    except NotFound:
        return _back(request, municipality, "getoond")  # pressed twice: it shows already
    except Conflict:
        row = service.draft(session, actor, municipality.id)
        fresh = _as_typed(row, row)
        fresh.lang = i18n.language(request)
        fresh.refuse("", N_("Iemand anders veranderde dit net. Kijk het na en bewaar het opnieuw."))
        return _page(request, session, actor, fresh, status=409)
    return _back(request, municipality, "getoond")


@router.post(HERE + "/weg", name="look.throw_away")
def throw_away(request: Request, session: Opened, actor: Staff, form: Submitted[Nothing]) -> Response:
    """Leave it as it is shown now."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        raise DomainError
    service.throw_away(session, actor, municipality.id)
    return _back(request, municipality, "weg")


@router.post(HERE + "/terug/{id}", name="look.back")
def back(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """As it was before."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    if form.value is None:
        raise DomainError
    service.go_back(session, actor, municipality.id, id)
    return _back(request, municipality, "terug")


@router.get(HERE + "/proef.css", name="look.preview")
def preview(session: Opened, actor: Staff) -> Response:
    """The sheet of the two trial boxes."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    history = service.history(session, actor, municipality.id)
    tried = service.draft(session, actor, municipality.id) or (history[0] if history else None)
    rose, green = service.colours(tried)
    text = "".join(
        style_tokens.box(f".proef-{name}", theme, sheet.declared(palette.tokens(rose, green, theme)))
        for name, theme in (("licht", "light"), ("donker", "dark"))
    )
    return Response(text, media_type="text/css", headers=NO_STORE)


@router.get(HERE + "/logo", name="look.logo.preview")
def preview_logo(session: Opened, actor: Staff) -> Response:
    """The logo of the draft; nothing where it has none."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    try:
        kind, content = service.draft_logo(session, actor, municipality.id)
    except NotFound:
        return Response(status_code=204, headers=NO_STORE)
    return Response(content, media_type=kind, headers=NO_STORE | PICTURE)


@router.get("/huisstijl/{municipality_id}/{key}.css", name="look.sheet")
def shown_sheet(session: Opened, municipality_id: Place, key: str) -> Response:
    """The colours of a municipality; its address changes with what is in it."""
    return Response(
        service.shown_sheet(session, municipality_id, key), media_type="text/css", headers=FOREVER
    )


@router.get("/huisstijl/{municipality_id}/logo/{key}", name="look.logo")
def shown_logo(session: Opened, municipality_id: Place, key: str) -> Response:
    """The logo of a municipality."""
    kind, content = service.shown_logo(session, municipality_id, key)
    return Response(content, media_type=kind, headers=FOREVER | PICTURE)


@router.get("/delen/{municipality_id}/{key}.png", name="look.share")
def share(session: Opened, municipality_id: Place, key: str) -> Response:
    """The picture beside a shared address of a municipality; under an older key it is as it looks now."""
    place = places.municipality(session, municipality_id)
    picture = share_picture.of(dress.of(session, municipality_id), place.name)
    kept = FOREVER if key == share_key(place.look, place.name) else NO_STORE
    return Response(picture, media_type="image/png", headers=kept)
