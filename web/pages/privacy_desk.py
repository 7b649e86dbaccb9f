"""For the privacy officer: the log of who looked, what nights let go of, and the terms; and opening with a reason."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.audit import chain, opening, service as audit
from app.audit.opening import Opening, What
from app.audit.service import Search
from app.audit.write import Act
from app.errors import Invalid
from app.http import Opened
from app.moderation import cases
from app.privacy import retention
from app.privacy.retention import TERMS, Kind, NewTerm, Unit
from web import dutch, forms, i18n
from web.forms import Form, Submitted, say
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.privacy_words import ACTS, role, said
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
OPENED: Final = {What.ADDRESS: N_("Het adres"), What.MESSAGES: N_("De berichten")}

say(
    Opening,
    wat=N_("Kies wat u wilt zien."),
    reden=N_("Schrijf waarom u dit nodig heeft. De bewoner leest dit."),
)
say(NewTerm, dagen=N_("Vul een getal in."), eenheid=N_("Kies dagen, maanden of jaren."))


@router.get("/logboek", name="privacy.audit")
def log(  # noqa: PLR0913 - what one may search for
    request: Request, session: Opened, actor: Staff,
    zoek: Annotated[str, Query(max_length=120)] = "", wat: Annotated[str, Query(max_length=40)] = "",
    vanaf: Annotated[str, Query(max_length=10)] = "", totEnMet: Annotated[str, Query(max_length=10)] = "",  # noqa: N803
    blad: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:  # fmt: skip
    """Who looked at what of whom; this look is in the log as well."""
    municipality = own_municipality(session, actor, Permission.SEE_AUDIT)
    typed = {"zoek": [zoek], "wat": [wat], "vanaf": [vanaf], "totEnMet": [totEnMet], "blad": [str(blad)]}
    lang = i18n.language(request)
    form = forms.read(Search, typed, lang)
    found = audit.search(session, actor, form.value) if form.value else []
    return desk_page(
        request, actor, "privacy/audit.html", status=200 if form.value else 422, form=form, municipality=municipality,
        lines=[(one, translate(lang, ACTS[one.act]), said(lang, role(one.role))) for one in found],
        acts=[(act.value, translate(lang, ACTS[act])) for act in Act], chain=chain.state(session), page_number=blad,
        more=len(found) == audit.PAGE, sink=bool(request.app.state.settings.audit_sink),
    )  # fmt: skip


@router.get("/bewaren", name="privacy.terms")
def terms(request: Request, session: Opened, actor: Staff) -> Response:
    """How long each kind is kept here, and what the last nights did."""
    return _terms(request, session, actor, forms.blank(eenheid=Unit.YEARS.value))


def _terms(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    municipality = own_municipality(session, actor, Permission.SET_TERMS)
    lang = i18n.language(request)
    days = retention.terms(session, municipality.id)
    return desk_page(
        request, actor, "privacy/terms.html", status=422 if form.errors else 200, form=form, municipality=municipality,
        action=at_desk(request, f"{router.prefix}/bewaren", municipality),
        terms=[(kind, TERMS[kind].name.of(lang), days[kind], TERMS[kind]) for kind in Kind],
        runs=[(run, TERMS[Kind(run.kind)].name.of(lang)) for run in retention.runs(session, actor, municipality.id)],
    )  # fmt: skip


@router.post("/bewaren", name="privacy.term")
def set_term(request: Request, session: Opened, actor: Staff, form: Submitted[NewTerm]) -> Response:
    """Choose another term."""
    municipality = own_municipality(session, actor, Permission.SET_TERMS)
    if form.value is None:
        return _terms(request, session, actor, form)
    try:
        retention.choose(session, actor, municipality.id, form.value)
    except Invalid:
        term = TERMS[form.value.kind]
        lang = i18n.language(request)
        least, most = (dutch.term(days, lang) for days in (term.least, term.most))
        sentence = N_("Kies %(least)s tot en met %(most)s. Zo staat het in de wet.")
        return _terms(request, session, actor, form.refuse("dagen", sentence, least=least, most=most))
    return see_other(at_desk(request, f"{router.prefix}/bewaren", municipality))


@router.get("/zaken/{id}/inkijken", name="privacy.opening")
def before_opening(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What may be opened for this case, and that the resident reads why."""
    return _opening(request, session, actor, id, forms.blank())


def _opening(
    request: Request,
    session: Opened,
    actor: Actor,
    id: UUID,
    form: Form[Any],
    opened: opening.Opened | None = None,
) -> Response:
    case = cases.get(session, actor, id)
    lang = i18n.language(request)
    return desk_page(
        request, actor, "privacy/opening.html", status=422 if form.errors else 200, form=form, case=case, opened=opened,
        options=[(what.value, translate(lang, name)) for what, name in OPENED.items()],
    )  # fmt: skip


@router.post("/zaken/{id}/inkijken", name="privacy.open")
def open_it(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Opening]) -> Response:
    """Open it, with the reason in the log before anything shows."""
    if form.value is None:
        return _opening(request, session, actor, id, form)
    return _opening(request, session, actor, id, form, opening.open_(session, actor, id, form.value))
