"""Aan de lijn: what a resident can do, in one screen, read back, done, and told in a letter."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access import once
from app.access.actor import Actor
from app.access.roles import Permission
from app.categories import service as categories
from app.clock import AMSTERDAM, today
from app.errors import DomainError, Invalid
from app.http import Opened
from app.looks import dress
from app.people import phone, service as people
from app.phoning import service
from app.phoning.models import TalkWay
from app.phoning.schemas import Talk
from app.phoning.service import Choice, Screen
from app.places import service as places
from web import documents, dutch, forms, i18n, words
from web.documents import NoPrinter
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_intake import LENGTHS
from web.pages.desk_shell import at_desk, desk_page, own_municipality, refusal
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
OPERATION: Final = "POST /bureau/mensen/{id}/aan-de-lijn"
READ, DO = "lees", "doe"
CHANGED: Final = N_("Er veranderde net iets. Kijk wat er nu kan, en lees het opnieuw voor.")
WAYS: Final = {
    TalkWay.PHONE: N_("per telefoon"),
    TalkWay.DOOR: N_("aan de deur of op bezoek"),
    TalkWay.DESK: N_("aan de balie"),
}
forms.say(
    Talk,
    hoe=N_("Kies waar u elkaar spreekt."),
    aanbodTitel=N_("Schrijf in een paar woorden wat iemand aanbiedt."),
    aanbodWat=N_("Kies waar het aanbod over gaat."),
    rustTot=N_("Kies een dag die nog komt."),
    past=N_("Kies een dag die nog komt."),
    kiestDag=N_("Kies een dag die nog komt."),
    kiestTijd=N_("Vul in hoe laat."),
    verzetDag=N_("Kies een dag die nog komt."),
    verzetTijd=N_("Vul in hoe laat."),
    kiest=N_("Kies ook wie er komt, of laat de dag leeg."),
    verzet=N_("Kies ook welke afspraak, of laat de dag leeg."),
    contractGezien=N_("Bij betaalde hulp heeft iemand eerst de overeenkomst nodig."),
    both=N_("Kies ja of nee, niet allebei."),
    gone=N_("Iemand anders veranderde dit net. Kijk hoe het nu is."),
    nothing=N_("Er is niets gekozen. Kies wat u samen wilt regelen."),
)


@router.get("/mensen/{id}/aan-de-lijn", name="desk.talk")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The one screen."""
    return _screen(
        request, session, actor, id, forms.blank(aanbodMinuten=60, aanbodKm=5, hoe=TalkWay.PHONE.value)
    )


def _screen(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], *, status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    seen, lang = service.screen(session, actor, id), i18n.language(request)
    return desk_page(
        request, actor, "phoning/talk.html", status=status, form=form, seen=seen, once=form.id or uuid4(),
        ways=_ways(lang), lengths=[(minutes, words.how_long(minutes, lang)) for minutes in LENGTHS],
        kinds=[(one.slug, translate(lang, one.name)) for one in categories.every(session)],
        picks={
            "zegtJa": _options(seen.proposals, lang), "zegtNee": _options(seen.proposals, lang),
            "kiest": _options(seen.helpers, lang), "verzet": _options(seen.ahead, lang),
            "zegtAf": _options(seen.ahead, lang), "gebeurd": _options(seen.past, lang),
            "kwamNiet": _options(seen.past, lang), "komtNaar": _options(seen.activities, lang),
            "komtNietNaar": _options(seen.coming, lang), "trektIn": _options(seen.asks, lang),
            "stoptMet": _options(seen.offers, lang),
        },
        talks=service.of_person(session, actor, id), way_words=dict(_ways(lang)),
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


def _ways(lang: str) -> list[tuple[str, str]]:
    return [(one.value, translate(lang, name)) for one, name in WAYS.items()]


def _options(choices: list[Choice], lang: str) -> list[tuple[str, str]]:
    return [(str(one.id), _line(one, lang)) for one in choices]


def _line(one: Choice, lang: str) -> str:
    parts = [one.title, dutch.moment(one.at, lang) if one.at else "", one.who]
    return ", ".join(part for part in parts if part)


@router.post("/mensen/{id}/aan-de-lijn", name="desk.talk.posted")
def posted(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Talk]) -> Response:
    """Read it back; once the person said yes, do all of it, or nothing."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    if form.value is None:
        return _screen(request, session, actor, id, form, status=422)
    if form.button == DO and form.id and (before := once.known_answer(session, actor, OPERATION, form.id)):
        return see_other(f"/bureau/gesprekken/{before}")  # what was done is on the screen no more
    seen, lang = service.screen(session, actor, id), i18n.language(request)
    lines = _lines(seen, form.value, dict(_kinds(session)), lang)
    try:
        service.check(session, form.value, seen)
        if not lines:
            raise Invalid(details={"": "nothing"})
    except Invalid as refused:
        return _screen(request, session, actor, id, form.refused(refused), status=422)
    except service.NotThereAnyMore:
        form.refuse("", CHANGED)
        return _screen(request, session, actor, id, form, status=409)
    if form.button != DO:
        return _read_back(request, session, actor, form, seen, lines)
    return _do(request, session, actor, id, form, seen)


def _do(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Talk], seen: Screen
) -> Response:
    assert form.value is not None  # the caller looked
    try:
        with session.begin_nested():
            if form.id and (first := once.first_answer(session, actor, OPERATION, form.id)) is not None:
                return see_other(f"/bureau/gesprekken/{first}")
            dutch_lines = _lines(seen, form.value, dict(_kinds(session)), i18n.DUTCH)
            row = service.do(session, actor, id, form.value, dutch_lines)
            if form.id:
                once.remember(session, actor, OPERATION, form.id, 303, str(row.id))
    except Invalid as refused:
        return _screen(request, session, actor, id, form.refused(refused), status=422)
    except DomainError as error:
        if error.status == 404:
            raise
        session.expire_all()
        form.errors[""] = refusal(request, error)
        return _screen(request, session, actor, id, form, status=409)
    return see_other(f"/bureau/gesprekken/{row.id}")


def _kinds(session: Opened) -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in categories.every(session)]


def _lines(seen: Screen, talk: Talk, kinds: dict[str, str], lang: str) -> list[str]:
    """What will be done, each as one sentence to read out."""

    def said(sentence: str, **values: Any) -> str:
        return translate(lang, sentence, **values)

    lines: list[str] = []
    if talk.offer_title:
        what = ", ".join(
            translate(lang, kinds[slug]).lower() for slug in talk.offer_categories if slug in kinds
        )
        lines.append(
            said(N_("U biedt aan: %(title)s (%(what)s), %(long)s in de week, tot %(far)s km."), title=talk.offer_title,
                 what=what, long=words.how_long(talk.offer_minutes, lang), far=talk.offer_km)
        )  # fmt: skip
    for names, rows, sentence in (
        (talk.says_yes, seen.proposals, N_("U zegt ja tegen: %(what)s.")),
        (talk.says_no, seen.proposals, N_("U zegt nee tegen: %(what)s.")),
        (talk.cancels, seen.ahead, N_("U zegt af: %(what)s.")),
        (talk.happened, seen.past, N_("Dit is gebeurd: %(what)s.")),
        (talk.nobody_came, seen.past, N_("De ander kwam niet: %(what)s.")),
        (talk.withdraws, seen.asks, N_("U trekt uw vraag in: %(what)s.")),
        (talk.stops, seen.offers, N_("U stopt met aanbieden: %(what)s.")),
        (talk.comes_to, seen.activities, N_("U komt naar: %(what)s.")),
        (talk.stays_away, seen.coming, N_("U komt niet naar: %(what)s.")),
    ):
        known = {one.id: one for one in rows}
        lines += [said(sentence, what=_line(known[key], lang)) for key in names if key in known]
    for key, rows, day, at, sentence in (
        (talk.chooses, seen.helpers, talk.chooses_on, talk.chooses_at, N_("U kiest: %(what)s, op %(when)s.")),
        (talk.moves, seen.ahead, talk.moves_on, talk.moves_at,
         N_("U vraagt een ander moment voor: %(what)s. Dat wordt %(when)s, als de ander ook ja zegt.")),
    ):  # fmt: skip
        known = {one.id: one for one in rows}
        if key in known and day and at:
            when = dutch.moment(datetime.combine(day, at, tzinfo=AMSTERDAM), lang)
            lines.append(said(sentence, what=_line(known[key], lang), when=when))
    if talk.paused_until:
        lines.append(
            said(N_("Wij vragen u niets tot %(day)s."), day=dutch.full_date(talk.paused_until, lang))
        )
    if talk.do_not_ask and not seen.do_not_ask:
        lines.append(said(N_("Wij vragen u nooit meer iets uit onszelf.")))
    if talk.phone:
        lines.append(said(N_("Uw telefoonnummer wordt %(number)s."), number=talk.phone))
    return lines


def _read_back(
    request: Request, session: Opened, actor: Actor, form: Form[Talk], seen: Screen, lines: list[str]
) -> Response:
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    assert form.value is not None  # the caller looked
    return desk_page(
        request, actor, "phoning/read_back.html", form=form, seen=seen, lines=lines,
        way=translate(i18n.language(request), WAYS[form.value.way]),
        kept=[
            (name, value) for name, typed in form.values.items() if name not in ("csrf", "knop") for value in typed
        ],
        desk_path=lambda path: at_desk(request, path, municipality),
    )  # fmt: skip


@router.get("/gesprekken/{id}", name="desk.talk.done")
def done(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What was done, and the letter about it."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    row = service.get(session, actor, id)
    way = translate(i18n.language(request), WAYS[row.way])
    return desk_page(request, actor, "phoning/done.html", row=row, way=way)


@router.get("/gesprekken/{id}/brief.pdf", name="desk.talk.letter")
def letter(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """The same on paper, for who it is about."""
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    row = service.get(session, actor, id)
    contact = service.envelope(session, actor, row)
    values: dict[str, Any] = {
        "row": row, "contact": contact, "municipality": municipality,
        "town": places.place_name(session, people.home(session, row.person_id).pc4),
        "call": phone.display(municipality.phone), "day": today(session),
        "way": translate(contact.person.language, WAYS[row.way]),
    }  # fmt: skip
    try:
        look = dress.of(session, municipality.id)
        made = documents.pdf("phoning/letter_pdf.html", lang=contact.person.language, dress=look, **values)
    except NoPrinter:
        return desk_page(request, actor, "phoning/done.html", row=row, way=values["way"])
    return documents.download(made, f"brief-{row.id.hex[-8:]}.pdf")
