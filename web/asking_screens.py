"""The five screens of asking as pages: their paths, the draft behind their cookie, and what each shows."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.categories import service as categories
from app.categories.models import Category
from app.categories.vocabulary import Unpaid, Visibility
from app.help_requests import asking, kinds
from app.help_requests.draft import AskDraft
from app.help_requests.standing import last_day
from app.help_requests.steps import SOMEBODY, Topic, What, When, Where, Who, chosen_kind
from app.http import Opened
from app.people import service as people
from app.places import service as places
from app.places.models import Municipality
from app.privacy.standing import YES, is_sensitive
from app.representations import service as representations
from web import cookies, forms, i18n, words, yes
from web.forms import Form
from web.i18n import N_, translate
from web.rendering import page, see_other, site
from web.security import cookie
from web.supplied import plain

DRAFT_COOKIE: Final = "__Host-zve-vraag"
BEGIN: Final = "/hulpvragen/nieuw"
LIKE: Final = f"{BEGIN}/lijkt-op"
PATHS: Final = {
    "wat": BEGIN, "soort": f"{BEGIN}/soort", "wanneer": f"{BEGIN}/wanneer", "waar": f"{BEGIN}/waar",
    "versturen": f"{BEGIN}/versturen",
}  # fmt: skip
SCREENS: Final = tuple(PATHS)
MAILED: Final = f"{BEGIN}/kijk-in-uw-mail"
RECEIVED: Final = f"{BEGIN}/ontvangen"
KEPT: Final = f"{BEGIN}/bewaard"
CONSENT: Final = f"{BEGIN}/toestemming"
SAVE: Final = "bewaar"
"""The button that keeps what is there, whole or not."""
BACK: Final = "terug"
"""The button to the screen before, which keeps it as well."""
TEXT: Final = "tekst"
"""The button that goes back to the words of the question, and keeps it too."""
FROM_HOME: Final = "begin"
SEVERAL: Final = frozenset({"tijden", "talen", "vaardigheden"})
DRAFT_S: Final = asking.HOURS * 3600

LAST: Final = ("soort", "voornaam", "achternaam", "telefoon", "email", YES)
"""The fields of the last screen, from the top down."""
PLACE_SENTENCES: Final = {
    "spans-two": N_("Deze postcode ligt in twee gemeenten. Kies de uwe."),
    "postcode-outside": N_("Deze postcode ligt niet in ons gebied. Kijk hem na, of bel ons."),
}
forms.say(What, tekst=N_("Schrijf in een paar woorden waar u hulp bij kunt gebruiken."))
forms.say(
    Topic,
    thema=N_("Kies waar het over gaat."),
    categorie=N_("Kies ook wat het meest lijkt op wat u zoekt."),
)
WHEN_SENTENCES: Final = {
    "date-needed": N_("Vul de dag in, bijvoorbeeld 3-12-2026."),
    "parts-needed": N_("Kies ten minste één dagdeel."),
    "past": N_("Kies een dag vanaf vandaag."),
    "datum": N_("Vul de dag in, bijvoorbeeld 3-12-2026."),
    "tijd": N_("Vul een tijd in, bijvoorbeeld 14.00."),
}
forms.say(When, **WHEN_SENTENCES)
OTHER_SENTENCES: Final = {
    "voorWie": N_("Kies voor wie u hulp vraagt."),
    "naamAnder": N_("Vul de voornaam in van wie u hulp vraagt."),
    "telefoonAnder": N_("Vul een nummer of een e-mailadres van die ander in. Dan vragen wij of het goed is."),
    "weetErvan": N_("Zet hier een vinkje. Vraag het eerst aan de ander."),
    "own": N_("Dit is uw eigen adres. Vul het adres van de ander in, of alleen het nummer."),
}
forms.say(Where, **PLACE_SENTENCES, **OTHER_SENTENCES)
KIND_SENTENCES: Final = {
    "soort": N_("Kies wat er tegenover staat."),
    "professionals-only": N_("Dit is werk voor een vakman. Kies betalen of een dienstencheque."),
    "closed-here": N_("Deze hulp loopt in uw gemeente niet via deze site. Bel ons, dan wijzen wij u de weg."),
    "paid-here": N_("In uw gemeente is dit betaald werk. Kies betalen of een dienstencheque."),
}
forms.say(Who, **KIND_SENTENCES)

DAYS: Final = (
    ("maakt-niet-uit", N_("Dat maakt niet uit")),
    ("vandaag", N_("Vandaag")),
    ("morgen", N_("Morgen")),
    ("deze-week", N_("Deze week")),
    ("dag", N_("Op een dag die ik kies")),
    ("dagdelen", N_("Op vaste dagdelen")),
)
DURATIONS: Final = (
    (30, N_("een half uur")), (60, N_("1 uur")), (90, N_("anderhalf uur")), (120, N_("2 uur")), (180, N_("3 uur")),
    (240, N_("een halve dag")),
)  # fmt: skip
DISTANCES_KM: Final = (3, 5, 10, 15, 25)


def own_draft(request: Request, session: Opened, *, lock: bool = False) -> AskDraft | None:
    """The draft of this browser, sent or not."""
    return asking.draft_of(session, cookie(request, DRAFT_COOKIE), lock=lock)


def draft(request: Request, session: Opened) -> AskDraft | None:
    """The draft of this browser while it can still be written in."""
    found = own_draft(request, session)
    return None if found is None or found.sent_request_id is not None else found


def form_of(kept: AskDraft | None, screen: str, **default: object) -> Form[Any]:
    """What was typed on this screen before, exactly as it was typed."""
    typed_before = kept.answers.get(screen) if kept else None
    return forms.blank(**(default if typed_before is None else typed_before))


def typed(form: Form[Any]) -> dict[str, Any]:
    """What is worth keeping of a form: all that was typed, also what is still to be mended."""
    assert form.model is not None  # it was submitted
    names = {info.alias or name for name, info in form.model.model_fields.items()}
    return {
        name: form.all(name) if name in SEVERAL else form.get(name)
        for name in form.values
        if name in names and any(value.strip() for value in form.all(name)) and _can_be_kept(form.all(name))
    }


def _can_be_kept(values: list[str]) -> bool:
    """Whether the database can hold it: no NUL, no half of a pair."""
    return not any("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value) for value in values)


def text_of(kept: AskDraft) -> str:
    """The question in the asker's own words."""
    return str(kept.answers.get("wat", {}).get("tekst", ""))


def next_screen(request: Request, session: Opened, screen: str, form: Form[Any]) -> Response:
    """Keep a screen, and show the next."""
    return go_on(request, session, screen, typed(form), saving=form.button == SAVE)


def begun_like(request: Request, session: Opened, form: Form[What]) -> Response:
    """The same for the first screen; with what was pressed while one wrote, the second is chosen already."""
    wanted = form.get("lijktOp")
    found = [row for row in categories.every(session) if row.slug == wanted]
    also = {"soort": {"thema": found[0].theme, "categorie": wanted}} if found else {}
    return go_on(request, session, "wat", typed(form), saving=form.button == SAVE, also=also)


def kinds_to_recognise(session: Opened, lang: str) -> list[tuple[str, str, str, str]]:
    """Slug, picture, name, and the words by which a browser knows it while somebody writes."""
    return [
        (row.slug, words.picture(row.theme), name, "|".join([*row.synonyms, row.name, name]))
        for row in categories.every(session)
        for name in [translate(lang, row.name)]
    ]


def saved(request: Request, session: Opened, screen: str, form: Form[Any]) -> Response | None:
    """For "Bewaar en ga later verder" on a screen that is not finished: keep what can be read."""
    if form.button != SAVE:
        return None
    return go_on(request, session, screen, typed(form), saving=True)


def back(request: Request, session: Opened, screen: str, form: Form[Any]) -> Response | None:
    """For "Vorige vraag" and "Tekst veranderen": keep what is there, and show the screen before, or the first."""
    if form.button not in (BACK, TEXT):
        return None
    response = go_on(request, session, screen, typed(form), saving=True)
    before = PATHS[SCREENS[SCREENS.index(screen) - 1]]
    response.headers["location"] = BEGIN if form.button == TEXT else before
    return response


def go_on(
    request: Request, session: Opened, screen: str, answers: dict[str, Any], *, saving: bool,
    also: dict[str, dict[str, Any]] | None = None,
) -> Response:  # fmt: skip
    """Write into the draft, beginning one where there is none, and go to the next screen."""
    found, token = draft(request, session), cookie(request, DRAFT_COOKIE)
    if found is None:
        token, found = asking.begin(session)
    asking.keep(session, found, screen, answers)
    for name, kept in (also or {}).items():
        asking.keep(session, found, name, kept)
    response = see_other(KEPT if saving else PATHS[SCREENS[SCREENS.index(screen) + 1]])
    cookies.give(response, DRAFT_COOKIE, str(token), lasts_s=DRAFT_S)
    return response


def begin_with(text: str, category: Category, session: Opened) -> Response:
    """Begin anew with words and a category that somebody chose elsewhere, on the first screen, to be changed."""
    token, begun = asking.begin(session)
    asking.keep(session, begun, "wat", {"tekst": text})
    asking.keep(session, begun, "soort", {"thema": category.theme, "categorie": category.slug})
    response = see_other(BEGIN)
    cookies.give(response, DRAFT_COOKIE, token, lasts_s=DRAFT_S)
    return response


def what(request: Request, form: Form[Any], *, status: int = 200) -> Response:
    """Waar kunt u hulp bij gebruiken?"""
    return page(request, "asking/what.html", status=status, form=form)


def suggested(session: Opened, kept: AskDraft) -> Form[Any]:
    """A form in which what the words suggest is already chosen."""
    found = categories.suggest(session, text_of(kept))
    if not found:
        return forms.blank()
    return forms.blank(thema=found[0].theme, categorie=found[0].slug, voorstel="ja")


def topic(
    request: Request, session: Opened, kept: AskDraft, form: Form[Any], *, status: int = 200
) -> Response:
    """Waar gaat het over? Pictures of themes; the chosen one unfolds."""
    themes: dict[str, tuple[str, list[tuple[str, str, str]]]] = {}
    lang = i18n.language(request)
    for row in categories.every(session):
        paid = translate(lang, N_("betaald werk")) if row.unpaid is Unpaid.PROFESSIONALS else ""
        kinds = themes.setdefault(row.theme, (translate(lang, row.theme_name), []))[1]
        kinds.append((row.slug, translate(lang, row.name), paid))
    return page(
        request, "asking/topic.html", status=status, form=form, themes=themes, said=text_of(kept),
        pictures=words.PICTURES,
    )  # fmt: skip


def when(request: Request, form: Form[Any], *, status: int = 200) -> Response:
    """Wanneer komt het u uit?"""
    return page(request, "asking/when.html", status=status, form=form, **when_options(i18n.language(request)))


def when_options(lang: str) -> dict[str, Any]:
    """The choices of the third screen, in a language."""
    return {
        "days": [(value, translate(lang, name)) for value, name in DAYS],
        "frequencies": [(value, translate(lang, name)) for value, name in words.FREQUENCIES.items()],
        "durations": [(minutes, translate(lang, name)) for minutes, name in DURATIONS],
        "people_wanted": [(count, str(count)) for count in range(1, 9)],
    }


def where(
    request: Request,
    session: Opened,
    actor: Actor,
    form: Form[Any],
    *,
    status: int = 200,
    options: dict[str, str] | None = None,
) -> Response:
    """Waar woont u?"""
    given = [(key, name) for key, name in (options or {}).items()]
    if not given and form.get("gemeente").isdecimal():
        given = [(str(key), name) for key, name in places.names(session, [int(form.get("gemeente"))])]
    own = representations.for_others(session, actor) if actor.signed_in and actor.behind is None else []
    return page(
        request, "asking/where.html", status=status, form=form, municipalities=given, home=_home(session, actor),
        others=[(str(row.id), row.about) for row in own], **where_options(request),
    )  # fmt: skip


def where_options(request: Request) -> dict[str, Any]:
    """The choices of the fourth screen."""
    lang = i18n.language(request)
    title = plain(site(request).makelaar_title, lang)
    return {
        "distances": [(km, translate(lang, N_("tot %(km)s km"), km=km)) for km in DISTANCES_KM],
        "shown_to": [
            (value, translate(lang, words.SHOWN_TO[value], title=title) if value is Visibility.BROKER
             else translate(lang, words.SHOWN_TO[value]))
            for value in (Visibility.EVERYONE, Visibility.PROPOSED, Visibility.BROKER)
        ],
        "spoken": [(flag.bit_length() - 1, translate(lang, name)) for flag, name in words.LANGUAGES.items()],
        "skills_known": [(flag.bit_length() - 1, translate(lang, name)) for flag, name in words.SKILLS.items()],
    }  # fmt: skip


def _home(session: Opened, actor: Actor) -> str:
    if not actor.signed_in:
        return ""
    return places.place_name(session, people.home_of(session, actor).pc4)


def last(
    request: Request, session: Opened, actor: Actor, kept: AskDraft, form: Form[Any], *, status: int = 200
) -> Response:
    """Dit zien anderen van u."""
    seen, lang = asking.preview(session, actor, kept.answers), i18n.language(request)
    other = Where.model_validate(kept.answers["waar"])
    asker = (other.other_name or "") if other.for_whom == SOMEBODY else actor.first_name
    name = asker or form.get("voornaam").strip() or translate(lang, N_("Uw voornaam"))
    item = {
        "title": seen.new.title, "theme": words.picture(seen.category.theme), "text": seen.new.body or "",
        "who": f"{name}, {seen.place.place}", "when": words.when(seen.new, seen.day, lang),
        "how_long": words.how_long(seen.new.minutes, lang),
    }  # fmt: skip
    here = seen.municipality.paid_only
    choices = kinds.offered(session, kinds.allowed(seen.category, here), seen.municipality.id)
    if "soort" not in form.errors:
        kind = chosen_kind({"versturen": {"soort": form.get("soort")}}, seen.category, here)
        form = replace(form, values={**form.values, "soort": [kind]})
    form = replace(form, errors={name: form.errors[name] for name in sorted(form.errors, key=_place_of)})
    public = seen.new.visibility is Visibility.EVERYONE and not is_sensitive(seen.category, seen.new.skills)
    return page(
        request, "asking/last.html", status=status, form=form, item=item, public=public, read_first=seen.read_first,
        paid=kinds.is_paid(seen.category, here), municipality=seen.municipality,
        other=asker if other.for_whom == SOMEBODY else "", by=last_day(seen.promised_at), picture=words.picture,
        kinds=words.kind_choices(choices, lang), **_yes(session, actor, kept, asker, lang),
    )  # fmt: skip


def _place_of(name: str) -> int:
    """Where a field stands on the last screen: what is to be mended is listed in the order in which one meets it."""
    return LAST.index(name) if name in LAST else len(LAST)


def _yes(session: Opened, actor: Actor, kept: AskDraft, asker: str, lang: str) -> dict[str, Any]:
    """The text to say yes to, or what the question will wait for."""
    mine = actor.behind is None and asker == actor.first_name
    return {
        "yes": yes.asked(lang) if asking.asks_yes(session, actor, kept.answers) else None,
        "waits": yes.waits(asking.waits_for(session, actor, kept.answers), lang, name="" if mine else asker),
    }


def receipt(told: dict[str, Any], municipality: Municipality) -> dict[str, Any]:
    """What the page after sending by phone shows."""
    by = last_day(datetime.fromisoformat(told["uiterlijk"]))
    return {"number": told["nummer"], "by": by, "municipality": municipality}
