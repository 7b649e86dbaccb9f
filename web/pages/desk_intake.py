"""Nieuwe vraag opnemen: one screen while somebody is on the telephone, a page to read back, then it is posted."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.categories import service as categories
from app.categories.vocabulary import Frequency, Kind
from app.clock import today
from app.errors import DomainError, Invalid
from app.help_requests import kinds
from app.help_requests.schemas import NewHelpRequest
from app.http import Opened
from app.moderation import cases, intake, people
from app.moderation.intake import PERSON_FIELDS, QUESTION_FIELDS, Intake, fields, only
from app.moderation.people import Known
from app.people.service import NewPerson
from app.places.models import Municipality
from app.places.service import SpansTwo
from app.privacy.standing import YES
from web import dutch, forms, i18n, words, yes
from web.asking_screens import KIND_SENTENCES, when_options, where_options
from web.desk_words import CHECKS
from web.forms import Form, Submitted, blank, read
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
READ, PLACE = "lees", "plaats"
LENGTHS: Final = (30, 60, 90, 120, 180, 240)
SLOTS: Final = "dagdelen"
MASKS: Final = {SLOTS: ("tijden", 28), "talen": ("talen", 31), "vaardigheden": ("vaardigheden", 31)}
"""Boxes, each a bit of one mask of the question, and how many there are."""
BOX: Final = "buurgemeenten"
"""A box that is not ticked is not sent: absent is no."""
WISHES: Final = {
    "aantalHelpers": "1", "hoeVerKm": "15", "zichtbaarVoor": "iedereen", "talen": "0", BOX: "true",
    "vaardigheden": "", "soort": "",
}  # fmt: skip
"""Meer wensen, as they are when nobody wishes anything."""
OWN_FIELDS: Final = fields(Intake) | {SLOTS, "csrf", "knop"}
"""What the screen holds besides the person and the question."""

forms.say(
    Intake,
    **KIND_SENTENCES,
    toestemming=N_("Vraag of u dit namens de beller mag plaatsen. Kies hoe dat gezegd is."),
    persoon=N_("Zoek de persoon opnieuw, of vul een nieuwe in."),
)
forms.say(
    NewHelpRequest,
    **KIND_SENTENCES,
    categorie=N_("Kies waar het over gaat."),
    helperGeslacht=N_("Dit kan alleen bij wassen, aankleden en verzorgen."),
)


@router.get("/nieuwe-vraag", name="desk.intake")
def ask(
    request: Request,
    session: Opened,
    actor: Staff,
    zoek: Annotated[str, Query(max_length=120)] = "",
    persoon: UUID | None = None,
) -> Response:
    """The screen; ``zoek`` looks for somebody who is known, ``persoon`` has chosen one."""
    who = people.get(session, actor, persoon).person if persoon else None
    wishes = {name: value for name, value in WISHES.items() if value}
    form = blank(persoon=persoon, minuten=60, hoeVaak=Frequency.ONCE.value, haast=1, **wishes)
    return _screen(request, session, actor, form, typed=zoek, who=who)


def _screen(  # noqa: PLR0913 - the same screen before and after
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    typed: str = "",
    who: Known | None = None,
    choices: list[tuple[str, str]] | None = None,
) -> Response:
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    lang = i18n.language(request)
    return desk_page(
        request,
        actor,
        "desk/intake.html",
        status=422 if form.errors else 200,
        form=form,
        typed=typed,
        who=who,
        found=people.find(session, actor, typed)[:8] if typed.strip() else [],
        choices=choices or [],
        themes=_by_theme(session, lang),
        lengths=[(minutes, words.how_long(minutes, lang)) for minutes in LENGTHS],
        frequencies=[(one.value, translate(lang, words.FREQUENCIES[one])) for one in Frequency],
        municipality=municipality,
        wishes=words.wishes_for_helper(lang)[1:],
        kinds=[one[:2] for one in words.kind_choices(_kinds(session, municipality), lang)],
        wished=_wished(form),
        people_wanted=when_options(lang)["people_wanted"],
        **where_options(request),
    )


def _kinds(session: Opened, municipality: Municipality) -> list[Kind]:
    return kinds.offered(session, tuple(Kind), municipality.id)


def _wished(form: Form[Any]) -> bool:
    """Whether more is wished than the short form holds."""
    wished = {name: [value for value in form.all(name) if value] for name in WISHES}
    usual = {name: [value] if value else [] for name, value in WISHES.items()}
    return wished != usual or bool(form.errors.keys() & WISHES.keys())


def _by_theme(session: Opened, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    themes: dict[str, list[tuple[str, str]]] = {}
    for category in categories.every(session):
        within = themes.setdefault(translate(lang, category.theme_name), [])
        within.append((category.slug, translate(lang, category.name)))
    return list(themes.items())


@router.post("/nieuwe-vraag", name="desk.intake.posted")
def posted(request: Request, session: Opened, actor: Staff, form: Submitted[Intake]) -> Response:
    """Read back what was typed; once it is confirmed, post it."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    who = _who(session, actor, form)
    person, question = _read(request, form)
    if question is not None:
        try:
            question = intake.as_asked(session, question)
        except Invalid as error:
            form.refused(error)
    if form.errors or form.value is None or form.button not in (READ, PLACE):
        return _screen(request, session, actor, form, who=who)
    if form.button == READ:
        return _read_back(request, session, actor, form, who, person, question)
    return _place(request, session, actor, form, who, person, question)


def _who(session: Opened, actor: Actor, form: Form[Intake]) -> Known | None:
    if form.value is None or form.value.person is None:
        return None
    try:
        return intake.name_of(session, actor, form.value.person)
    except Invalid as error:
        form.refused(error)
        return None


def _read(request: Request, form: Form[Intake]) -> tuple[NewPerson | None, NewHelpRequest | None]:
    """The person, when it is a new one, and the question, each by its own schema; errors go to the one form."""
    lang = i18n.language(request)
    values = dict(form.values)
    for boxes, (name, bits) in MASKS.items():
        values.pop(boxes, None)
        if ticked := [bit for bit in form.all(boxes) if bit]:
            right = all(bit.isdecimal() and int(bit) < bits for bit in ticked)
            values[name] = [str(sum({1 << int(bit) for bit in ticked}))] if right else ["?"]
    values.setdefault(BOX, ["nee"])
    question = read(NewHelpRequest, only(values, QUESTION_FIELDS), lang)
    person: Form[NewPerson] | None = None
    if not form.get("persoon"):
        person = read(NewPerson, only(values, PERSON_FIELDS), lang)
    for errors in (person.errors if person else {}, question.errors):
        for name, sentence in errors.items():
            form.errors.setdefault(name, sentence)
    if form.values.keys() - PERSON_FIELDS - QUESTION_FIELDS - OWN_FIELDS:
        form.refused(DomainError(details={"": "extra_forbidden"}))
    return person.value if person else None, question.value


def _read_back(  # noqa: PLR0913 - both parts and who it is for
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Intake],
    who: Known | None,
    person: NewPerson | None,
    question: NewHelpRequest | None,
) -> Response:
    assert question is not None  # there are no errors
    category = categories.by_slug(session, question.category)
    twin = intake.known(session, actor, person) if person else None
    lang = i18n.language(request)
    asks, waits = intake.asks_yes(session, actor, who.id if who else person, question)
    checks = [translate(lang, name) for check, name in CHECKS.items() if category.checks & check]
    return desk_page(
        request,
        actor,
        "desk/read_back.html",
        status=422 if form.errors else 200,
        yes=yes.asked(lang) if asks else None,
        waits=yes.waits(waits, lang, name=who.first_name if who else person.first_name if person else ""),
        form=form,
        kept=[
            (name, value)
            for name, typed in form.values.items()
            if name not in ("csrf", "knop", YES)
            for value in typed
        ],
        name=who.first_name if who else person.first_name if person else "",
        last_name=(who.last_name if who else (person.last_name if person else "")) or "",
        person=person,
        who=who,
        twin=twin,
        category=category,
        question=question,
        wishes=_wishes(request, question, lang),
        when=words.when(question, today(session), lang),
        how_long=words.how_long(question.minutes, lang),
        checks=checks,
        consent=form.get("toestemming"),
    )


def _wishes(request: Request, question: NewHelpRequest, lang: str) -> list[tuple[str, str]]:
    """What is wished beyond the short form, and what stands against the help."""
    far, kind = dutch.km(question.max_km, lang), translate(lang, words.KINDS[question.kind])
    seen_by = dict(where_options(request)["shown_to"])
    told = [
        (N_("Wat er tegenover staat"), kind[:1].upper() + kind[1:]),
        (N_("Hoeveel helpers"), str(question.helpers_wanted) if question.helpers_wanted > 1 else ""),
        (N_("Iemand moet"), ", ".join(words.skills(question.skills, lang))),
        (N_("Talen"), ", ".join(words.languages(question.languages, lang)) if question.languages != 1 else ""),
        (N_("Hoe ver"), far if question.cross_border
         else translate(lang, N_("%(far)s, alleen eigen gemeente"), far=far)),
        (N_("Te zien voor"), seen_by[question.visibility]),
    ]  # fmt: skip
    return [(translate(lang, term), what) for term, what in told if what]


def _place(  # noqa: PLR0913 - both parts and who it is for
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Intake],
    who: Known | None,
    person: NewPerson | None,
    question: NewHelpRequest | None,
) -> Response:
    assert form.value is not None  # there are no errors
    assert question is not None
    said, asker = form.value, person or form.value.person
    assert asker is not None
    asks, _ = intake.asks_yes(session, actor, who.id if who else person, question)
    if asks and form.get(YES) != str(yes.asked(form.lang).version):
        return _read_back(request, session, actor, form.refuse(YES, yes.NEEDED), who, person, question)
    try:
        posted = cases.attempt(
            session,
            lambda: intake.ask(session, actor, asker, question, said.consent, vulnerable=said.vulnerable),
        )
    except SpansTwo as two:
        choices = sorted(two.details.items(), key=lambda item: item[1])
        form.refuse("gemeente", N_("Deze postcode ligt in twee gemeenten. Kies er één."))
        return _screen(request, session, actor, form, who=who, choices=choices)
    except DomainError as error:
        if error.status >= 403:
            form.refuse("", N_("U kunt alleen vragen opnemen van mensen in uw eigen gemeente."))
        else:
            form.refused(error)
        return _screen(request, session, actor, form, who=who)
    return see_other(f"/bureau/zaken/{posted.id}")
