"""Ons aanbod op de kaart: keeping the social map, for an organisation's own administrator and for the desk."""

from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.access.roles import Permission
from app.activities.models import words_in
from app.categories import service as categories
from app.clock import today
from app.errors import DomainError, Invalid, NotFound
from app.http import Opened
from app.organisations.models import Organisation
from app.places import service as places
from app.social_map import keeping
from app.social_map.models import Provision
from app.social_map.schemas import NewOrganisation, NewProvision, OrganisationChange, ProvisionChange
from web import activity_words, forms, i18n, social_map_words as words, words as common
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import desk_page
from web.rendering import page, see_other
from web.session import ForOrganisation

router = APIRouter()
HERE: Final = "/voorzieningen"
OPERATION: Final = "POST /voorzieningen/nieuw"
LONG_AGO_DAYS: Final = 365
SENTENCES: Final = {
    "naam": N_("Schrijf hoe het heet."),
    "toelichting": N_("Schrijf wat mensen er krijgen."),
    "categorieen": N_("Kies ten minste één onderwerp."),
    "organisatie": N_("Kies een organisatie."),
    "website": N_("Vul een adres in, bijvoorbeeld www.voorbeeld.nl."),
    "postcode-outside": N_("Deze postcode ligt niet in de regio. Kijk hem nog eens na."),
    "organisation-there": N_("Deze organisatie staat er al."),
}
for _model in (ProvisionChange, NewProvision, OrganisationChange, NewOrganisation):
    forms.say(_model, **SENTENCES)


def _shell(request: Request, actor: Actor, template: str, status: int = 200, **context: Any) -> Response:
    """At the desk with its menu, else as a page of one's own."""
    if actor.at_desk(Permission.KEEP_SOCIAL_MAP):
        request.state.desks = getattr(request.state, "desks", [])
        return desk_page(request, actor, template, status=status, frame="desk/_base.html", **context)
    return page(request, template, status=status, frame="base.html", **context)


@router.get(HERE, name="social_map.kept")
def every(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """All that one keeps; what was looked at longest ago first."""
    day, lang = today(session), i18n.language(request)
    rows = keeping.provisions(session, actor)
    return _shell(
        request,
        actor,
        "social_map/kept.html",
        organisations=keeping.organisations(session, actor),
        rows=[
            (row, i18n.translate(lang, words.STATES[row.status]),
             row.checked_on is None or (day - row.checked_on).days > LONG_AGO_DAYS)
            for row in rows
        ],
        desk=bool(actor.at_desk(Permission.KEEP_SOCIAL_MAP)),
    )  # fmt: skip


@router.get(HERE + "/nieuw", name="social_map.new")
def new(request: Request, session: Opened, actor: ForOrganisation) -> Response:
    """Put something on the map."""
    kept = [row for row, _ in keeping.organisations(session, actor)]
    first = request.query_params.get("organisatie", "") or (str(kept[0].id) if len(kept) == 1 else "")
    return _form(request, session, actor, forms.blank(organisatie=first, stand="active"), kept=kept)


def _form(  # noqa: PLR0913 - one form for what is new and what is there
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    row: Provision | None = None,
    kept: list[Organisation] | None = None,
) -> Response:
    lang = i18n.language(request)
    return _shell(
        request,
        actor,
        "social_map/form.html",
        status,
        form=form,
        row=row,
        organisations=[(str(one.id), one.name) for one in kept or []],
        categories=common.category_choices(categories.every(session), lang),
        municipalities=activity_words.municipalities(places.joined(session)),
        access=activity_words.access_choices(lang),
        states=words.state_choices(lang),
        once=form.id or uuid4(),
    )


@router.post(HERE + "/nieuw", name="social_map.add")
def add(request: Request, session: Opened, actor: ForOrganisation, form: Submitted[NewProvision]) -> Response:
    """Everybody finds it from now on."""
    kept = [row for row, _ in keeping.organisations(session, actor)]
    if form.value is None:
        return _form(request, session, actor, form, status=422, kept=kept)
    try:
        with session.begin_nested():
            if form.id and once.first_answer(session, actor, OPERATION, form.id) is not None:
                return see_other(HERE)  # sent twice is there once
            made = keeping.add(session, actor, form.value)
    except Invalid as refusal:
        return _form(request, session, actor, form.refused(refusal), status=422, kept=kept)
    return see_other(f"/in-de-buurt/{made.id}")


@router.get(HERE + "/{id}", name="social_map.edit")
def edit(request: Request, session: Opened, actor: ForOrganisation, id: UUID) -> Response:
    """Change what is told."""
    row = keeping.provision(session, actor, id)
    return _form(request, session, actor, _as_typed(session, row), row=row)


def _as_typed(session: Opened, row: Provision) -> Form[Any]:
    slugs = {one.number: one.slug for one in categories.every(session)}
    return forms.blank(
        naam=row.name,
        toelichting=row.body,
        doelgroep=row.audience,
        aanmelden=row.how,
        categorieen=[slugs[number] for number in row.category_numbers if number in slugs],
        plek=row.venue,
        adres=row.address,
        postcode=str(row.pc4 or ""),
        ookVoor=[str(code) for code in row.serves],
        telefoon=row.phone,
        email=row.email,
        website=row.website,
        openingstijden=row.opening_hours,
        prijs=row.cost,
        toegang=words_in(row.access),
        stand=row.status,
        versie=str(row.version),
    )


@router.post(HERE + "/{id}", name="social_map.save")
def save(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[ProvisionChange]
) -> Response:
    """Keep the change; it was looked at today."""
    row = keeping.provision(session, actor, id)
    if form.value is None:
        return _form(request, session, actor, form, status=422, row=row)
    try:
        with session.begin_nested():
            keeping.change(session, actor, id, form.value)
    except NotFound:
        raise
    except DomainError as refusal:
        return _form(request, session, actor, form.refused(refusal), status=refusal.status, row=row)
    return see_other(f"/in-de-buurt/{id}")


@router.get(HERE + "/organisaties/nieuw", name="social_map.new_organisation")
def new_organisation(request: Request, actor: ForOrganisation) -> Response:
    """The desk adds an organisation."""
    _desk(actor)
    return _organisation_form(request, actor, forms.blank(soort="welfare"))


def _desk(actor: Actor) -> int:
    reach = actor.at_desk(Permission.KEEP_SOCIAL_MAP)
    if not reach:
        raise NotFound
    return min(reach)


def _organisation_form(
    request: Request, actor: Actor, form: Form[Any], *, status: int = 200, row: Organisation | None = None
) -> Response:
    kinds = words.kind_choices(i18n.language(request))
    return _shell(
        request, actor, "social_map/organisation_form.html", status, form=form, row=row, kinds=kinds
    )


@router.post(HERE + "/organisaties/nieuw", name="social_map.add_organisation")
def add_organisation(
    request: Request, session: Opened, actor: ForOrganisation, form: Submitted[NewOrganisation]
) -> Response:
    """It is on the map; next comes what it has."""
    municipality_id = _desk(actor)
    if form.value is None:
        return _organisation_form(request, actor, form, status=422)
    try:
        with session.begin_nested():
            made = keeping.add_organisation(session, actor, municipality_id, form.value)
    except Invalid as refusal:
        return _organisation_form(request, actor, form.refused(refusal), status=422)
    return see_other(f"{HERE}/nieuw?organisatie={made.id}")


@router.get(HERE + "/organisaties/{id}", name="social_map.edit_organisation")
def edit_organisation(request: Request, session: Opened, actor: ForOrganisation, id: UUID) -> Response:
    """What an organisation tells about itself."""
    row = keeping.organisation(session, actor, id)
    typed = forms.blank(overOns=row.description, telefoon=row.phone, email=row.email, website=row.website)
    return _organisation_form(request, actor, typed, row=row)


@router.post(HERE + "/organisaties/{id}", name="social_map.save_organisation")
def save_organisation(
    request: Request, session: Opened, actor: ForOrganisation, id: UUID, form: Submitted[OrganisationChange]
) -> Response:
    """Keep it."""
    row = keeping.organisation(session, actor, id)
    if form.value is None:
        return _organisation_form(request, actor, form, status=422, row=row)
    keeping.change_organisation(session, actor, id, form.value)
    return see_other(f"/in-de-buurt/organisaties/{id}")
