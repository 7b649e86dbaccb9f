"""Controles in the settings: what a municipality asks of who helps, and how it sees newcomers through."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.categories.vocabulary import Check, Unpaid
from app.checks import requirements
from app.checks.models import CheckName, CheckRole
from app.checks.requirements import Rule
from app.checks.schemas import CheckSettings, NewRequirement, TaxonomyAgain
from app.errors import Invalid
from app.http import Opened
from web import check_words as words, dutch, forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/gemeente/controles")
HERE: Final = "/gemeente/controles"
WEEKS: Final = (2, 3, 4, 6, 8, 12)
forms.say(NewRequirement, categorie=N_("Kies een soort hulp."), rol=N_("Kies wie er helpt."))
forms.say(TaxonomyAgain, categorie=N_("Kies een soort hulp."), rol=N_("Kies wie er helpt."))
forms.say(
    CheckSettings,
    wekenVooraf=N_("Kies hoogstens vier momenten."),
    eersteKeren=N_("Vul een aantal keren in van 0 tot en met 10."),
)


@router.get("", name="check_rules.show")
def show(request: Request, session: Opened, actor: Staff, categorie: str = "", rol: str = "") -> Response:
    """All rules; one of them in the form when it was picked."""
    municipality = own_municipality(session, actor, Permission.SET_CHECK_RULES)
    rules = requirements.every(session, municipality.id)
    picked = next((rule for rule in rules if (rule.category.slug, rule.role.value) == (categorie, rol)), None)
    form = _form_of(picked) if picked else forms.blank(rol=CheckRole.VOLUNTEER)
    return _page(request, session, actor, rule=form)


def _form_of(rule: Rule) -> Form[Any]:
    return forms.blank(
        categorie=rule.category.slug,
        rol=rule.role,
        controles=_names(rule.checks),
        ookBijVast=_names(rule.lasting),
    )


def _names(mask: Check) -> list[str]:
    return [name.value for name in CheckName if name.check & mask]


def _page(
    request: Request, session: Opened, actor: Actor, *, rule: Form[Any] | None = None,
    settings: Form[Any] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.SET_CHECK_RULES)
    lang, rules = i18n.language(request), requirements.every(session, municipality.id)
    kept = forms.blank(
        wekenVooraf=municipality.check_notice_weeks,
        eersteKeren=municipality.newcomer_visits,
        eerstKennismaken=municipality.newcomer_meeting,
    )
    here = at_desk(request, HERE, municipality)
    shown = [one for one in rules if one.own or one.role is _usual(one)]
    categories = dict.fromkeys((one.category.slug, one.category.name) for one in rules)
    return desk_page(
        request, actor, "checks/rules.html", status=status, municipality=municipality,
        rule=rule or forms.blank(rol=CheckRole.VOLUNTEER), settings=settings or kept,
        rules=[_line(one, lang, here) for one in shown],
        categories=[(slug, translate(lang, name)) for slug, name in categories],
        roles=[(role.value, translate(lang, name)) for role, name in words.ROLES.items()],
        names=words.options(list(CheckName), lang),
        weeks=[(week, translate(lang, N_("%(count)s weken"), count=week)) for week in WEEKS],
        at=lambda path: at_desk(request, path, municipality),
        saved="bewaard" in request.query_params,
    )  # fmt: skip


def _usual(rule: Rule) -> CheckRole:
    """Who gives this kind of help as a rule."""
    return CheckRole.PROFESSIONAL if rule.category.unpaid is Unpaid.PROFESSIONALS else CheckRole.VOLUNTEER


def _line(rule: Rule, lang: str, here: str) -> dict[str, Any]:
    def named(mask: Check) -> str:
        said = [translate(lang, name) for check, name in words.NAMES.items() if check.check & mask]
        return dutch.listed(said, lang) if said else "–"

    return {
        "slug": rule.category.slug,
        "role": rule.role.value,
        "path": f"{here}{'&' if '?' in here else '?'}categorie={rule.category.slug}&rol={rule.role}",
        "name": translate(lang, rule.category.name),
        "who": translate(lang, words.ROLES[rule.role]),
        "checks": named(rule.checks),
        "lasting": named(rule.lasting) if rule.lasting else "",
        "own": rule.own,
    }


@router.post("", name="check_rules.decide")
def decide(request: Request, session: Opened, actor: Staff, form: Submitted[NewRequirement]) -> Response:
    """Ask this from now on."""
    municipality = own_municipality(session, actor, Permission.SET_CHECK_RULES)
    if form.value is None:
        return _page(request, session, actor, rule=form, status=422)
    try:
        requirements.decide(session, actor, municipality.id, form.value)
    except Invalid as error:
        return _page(request, session, actor, rule=form.refused(error), status=422)
    return _saved(request, municipality)


@router.post("/landelijk", name="check_rules.undo")
def undo(request: Request, session: Opened, actor: Staff, form: Submitted[TaxonomyAgain]) -> Response:
    """Back to what everybody asks."""
    municipality = own_municipality(session, actor, Permission.SET_CHECK_RULES)
    if form.value is None:
        return _page(request, session, actor, rule=form, status=422)
    try:
        requirements.undo(session, actor, municipality.id, form.value)
    except Invalid as error:
        return _page(request, session, actor, rule=form.refused(error), status=422)
    return _saved(request, municipality)


@router.post("/termijnen", name="check_rules.settle")
def settle(request: Request, session: Opened, actor: Staff, form: Submitted[CheckSettings]) -> Response:
    """Notices in advance, and the first times of newcomers."""
    municipality = own_municipality(session, actor, Permission.SET_CHECK_RULES)
    if form.value is None:
        return _page(request, session, actor, settings=form, status=422)
    requirements.settle(session, actor, municipality.id, form.value)
    return _saved(request, municipality)


def _saved(request: Request, municipality: Any) -> Response:
    here = at_desk(request, HERE, municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}bewaard=ja")
