"""Hulp vragen, in five screens that each stand on their own: what, what sort, when, where, and who."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.access.actor import Actor
from app.access.limits import POST_BY_ADDRESS, spend
from app.errors import DomainError, Invalid, TooMany
from app.help_requests import asking
from app.help_requests.draft import AskDraft
from app.help_requests.steps import MYSELF, SOMEBODY, Topic, What, When, Where, Who
from app.http import Opened
from app.pacing import network
from app.places import service as places
from app.places.service import SpansTwo
from app.privacy.standing import YES
from app.representations import asking as for_another, service as representations
from app.representations.service import ASKED_DAYS
from web import asking_screens as screens, i18n, rendering, yes
from web.asking_screens import BEGIN, CONSENT, FROM_HOME, KEPT, LIKE, MAILED, PATHS, RECEIVED, SAVE
from web.forms import Form, Submitted, blank
from web.i18n import N_
from web.proofs import enter, ticket
from web.rendering import page, see_other
from web.session import SignedIn, Visitor, choose_municipality

router = APIRouter()


@router.get(BEGIN, name="asking.what")
def what(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Screen 1."""
    return screens.what(request, screens.form_of(screens.draft(request, session), "wat"))


@router.post(BEGIN, name="asking.what_typed")
def what_typed(request: Request, session: Opened, _actor: Visitor, form: Submitted[What]) -> Response:
    """Keep it and go on; from the home page without a word, come here first."""
    if form.value is None and form.button == FROM_HOME and not form.get("tekst").strip():
        return see_other(BEGIN)
    if form.value is None:
        return screens.saved(request, session, "wat", form) or screens.what(request, form, status=422)
    return screens.begun_like(request, session, form)


@router.get(LIKE, name="asking.like")
def like(request: Request, session: Opened, _actor: Visitor) -> Response:
    """What one may ask for, by which a browser recognises what somebody writes: nothing that is typed leaves it."""
    lang = i18n.language(request)
    part = rendering.environment(lang).get_template("asking/like.html")
    kinds = screens.kinds_to_recognise(session, lang)
    return JSONResponse({"html": part.render(kinds=kinds)})


@router.get(PATHS["soort"], name="asking.topic")
def topic(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Screen 2; what fits the words is chosen already."""
    draft = screens.draft(request, session)
    if draft is None or "wat" not in draft.answers:
        return see_other(BEGIN)
    form = screens.form_of(draft, "soort") if "soort" in draft.answers else screens.suggested(session, draft)
    return screens.topic(request, session, draft, form)


@router.post(PATHS["soort"], name="asking.topic_typed")
def topic_typed(request: Request, session: Opened, _actor: Visitor, form: Submitted[Topic]) -> Response:
    """Find the category within the theme, keep it and go on."""
    draft = screens.draft(request, session)
    if draft is None:
        return see_other(BEGIN)
    if form.value is None:
        return screens.saved(request, session, "soort", form) or screens.topic(
            request, session, draft, form, status=422
        )
    try:
        category = asking.chosen_category(session, form.value, screens.text_of(draft))
    except Invalid as refusal:
        return screens.topic(request, session, draft, form.refused(refusal), status=422)
    typed = {"thema": category.theme, "categorie": category.slug}
    return screens.go_on(request, session, "soort", typed, saving=form.button == SAVE)


@router.get(PATHS["wanneer"], name="asking.when")
def when(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Screen 3."""
    draft = screens.draft(request, session)
    if draft is None or "soort" not in draft.answers:
        return see_other(BEGIN)
    first = {"wanneer": "maakt-niet-uit", "hoeVaak": "eenmalig", "minuten": 60, "aantalHelpers": 1}
    return screens.when(request, screens.form_of(draft, "wanneer", **first))


@router.post(PATHS["wanneer"], name="asking.when_typed")
def when_typed(request: Request, session: Opened, _actor: Visitor, form: Submitted[When]) -> Response:
    """Keep it and go on."""
    if before := screens.back(request, session, "wanneer", form):
        return before
    if form.value is not None:
        try:
            asking.check_when(session, form.value)
        except Invalid as refusal:
            form.refused(refusal)
    if form.value is None:
        return screens.saved(request, session, "wanneer", form) or screens.when(request, form, status=422)
    return screens.next_screen(request, session, "wanneer", form)


@router.get(PATHS["waar"], name="asking.where")
def where(request: Request, session: Opened, actor: Visitor) -> Response:
    """Screen 4."""
    draft = screens.draft(request, session)
    if draft is None or "wanneer" not in draft.answers:
        return see_other(BEGIN)
    form = screens.form_of(
        draft, "waar", hoeVerKm=15, zichtbaarVoor="iedereen", talen=["0"], buurgemeenten="true"
    )
    return screens.where(request, session, actor, form)


@router.post(PATHS["waar"], name="asking.where_typed")
def where_typed(request: Request, session: Opened, actor: Visitor, form: Submitted[Where]) -> Response:
    """Keep it and go on; ask for the municipality when the postcode lies in two."""
    if before := screens.back(request, session, "waar", form):
        return before
    options: dict[str, str] = {}
    municipality_id = None
    if form.value is not None and actor.signed_in and actor.behind is None:
        acting = _in_anothers_name(request, session, actor, form)
        if acting is not None:
            return acting
    if form.value is not None:
        try:
            municipality_id = asking.place_of(session, actor, form.value).municipality_id
            if actor.signed_in:
                for_another.check_other(session, actor, form.value)
        except SpansTwo as two:
            options = two.details
            form.refused(DomainError(details={"gemeente": "spans-two"}))
        except Invalid as refusal:
            form.refused(refusal)
    if form.value is None:
        saved = screens.saved(request, session, "waar", form)
        return saved or screens.where(request, session, actor, form, status=422, options=options)
    response = screens.next_screen(request, session, "waar", form)
    if municipality_id is not None and not actor.signed_in:
        # from here on the page names the makelaar who will read it
        choose_municipality(session, response, municipality_id)
    return response


def _in_anothers_name(request: Request, session: Opened, actor: Actor, form: Form[Where]) -> Response | None:
    """Whoever chose somebody for whom they may ask goes on in that name; None for any other choice."""
    assert form.value is not None  # the caller's branch
    if form.value.for_whom in (MYSELF, SOMEBODY):
        return None
    mine = {str(row.id): row.id for row in representations.for_others(session, actor)}
    chosen = mine.get(form.value.for_whom)
    if chosen is None:
        return None  # refused as a choice that is none
    kept = screens.next_screen(request, session, "waar", form)
    return enter(session, actor, actor.person_id, kept.headers["location"], representation_id=chosen)


@router.get(PATHS["versturen"], name="asking.last")
def last(request: Request, session: Opened, actor: Visitor) -> Response:
    """Screen 5: what others will see, and whom we may phone."""
    draft = screens.draft(request, session)
    unanswered = asking.unanswered(session, actor, draft.answers) if draft else "wat"
    if draft is None or unanswered:
        return see_other(PATHS[unanswered or "wat"])
    return screens.last(request, session, actor, draft, screens.form_of(draft, "versturen"))


@router.post(PATHS["versturen"], name="asking.send")
def send(request: Request, session: Opened, actor: Visitor, form: Submitted[Who]) -> Response:
    """Send once, however often the button is pressed or the page reloaded."""
    draft = screens.own_draft(request, session, lock=True)
    if draft is not None and draft.sent_request_id is not None:
        return _sent(actor, draft.sent_request_id)
    if draft is not None and (before := screens.back(request, session, "versturen", form)):
        return before
    unanswered = asking.unanswered(session, actor, draft.answers) if draft else "wat"
    if draft is None or unanswered:
        return see_other(PATHS[unanswered or "wat"])
    if form.button == SAVE:
        asking.keep(session, draft, "versturen", screens.typed(form))
        return see_other(KEPT)
    here = asking.kinds_of(session, actor, draft.answers)
    if not here:
        form.refuse("", screens.KIND_SENTENCES["closed-here"])
    elif form.value is not None and form.value.kind not in (None, *here):
        form.refuse("soort", N_("Kies wat er tegenover staat."))
    if asking.asks_yes(session, actor, draft.answers) and form.get(YES) != str(yes.asked(form.lang).version):
        form.refuse(YES, yes.NEEDED)
    if actor.signed_in:
        return _send_as(request, session, actor, draft, form)
    return _send_for_visitor(request, session, draft, form)


@router.get(MAILED, name="asking.mailed")
def mailed(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Kijk in uw mail: the same whether or not the address is known."""
    draft = screens.draft(request, session)
    told = draft.answers.get("gemaild", {}) if draft else {}
    if not told.get("email") or not told.get("mail"):
        return see_other(BEGIN)
    form = blank(kaartje=ticket(request, UUID(told["mail"])))
    return page(request, "asking/mailed.html", to=told["email"], form=form)


@router.get(RECEIVED, name="asking.received")
def received(request: Request, session: Opened, _actor: Visitor) -> Response:
    """The number to tell by phone, for who left no e-mail address."""
    draft = screens.own_draft(request, session)
    told = draft.answers.get("ontvangen") if draft else None
    if told is None:
        return see_other("/")
    municipality = places.municipality(session, told["gemeente"])
    return page(request, "asking/received.html", **screens.receipt(told, municipality))


@router.get(KEPT, name="asking.kept")
def kept(request: Request, session: Opened, actor: Visitor) -> Response:
    """Bewaard: how to come back."""
    draft = screens.draft(request, session)
    if draft is None:
        return see_other(BEGIN)
    path = PATHS[asking.unanswered(session, actor, draft.answers) or "versturen"]
    return page(request, "asking/kept.html", path=path, until=draft.expires_at)


def _send_as(request: Request, session: Opened, actor: Actor, draft: AskDraft, form: Form[Who]) -> Response:
    """For who is signed in, at once."""
    if form.value is None:
        return screens.last(request, session, actor, draft, form, status=422)
    asking.keep(session, draft, "versturen", screens.typed(form))
    if not for_another.is_for_another(draft):
        return _sent(actor, str(asking.send_as(session, actor, draft).id))
    try:
        for_another.send(session, actor, draft)
    except (Invalid, TooMany) as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422
        return screens.last(request, session, actor, draft, form.refused(refusal), status=status)
    return see_other(CONSENT)


@router.get(CONSENT, name="asking.consent")
def consent(request: Request, session: Opened, _actor: SignedIn) -> Response:
    """What happens now: the other is asked first. The same whether or not we know them."""
    draft = screens.own_draft(request, session)
    told = draft.answers.get("gevraagd") if draft else None
    if told is None:
        return see_other("/mijn/namens")
    return page(request, "asking/consent.html", name=told["naam"], by_mail=told["mail"], days=ASKED_DAYS)


def _send_for_visitor(request: Request, session: Opened, draft: AskDraft, form: Form[Who]) -> Response:
    """With an e-mail address by a link, so that nobody asks in another's name; else at once."""
    actor = request.state.actor
    if _incomplete(form):
        return screens.last(request, session, actor, draft, form, status=422)
    asking.keep(session, draft, "versturen", screens.typed(form))
    try:
        person = asking.new_person(draft.answers)
    except ValidationError:  # an answer that was good when it was typed, before a change of ours
        return see_other(BEGIN)
    try:
        spend(session, POST_BY_ADDRESS, network(request))
        if person.email is not None:
            asking.ask_by_mail(session, draft, person, i18n.language(request))
            return see_other(MAILED)
    except TooMany as refusal:
        return screens.last(request, session, actor, draft, form.refused(refusal), status=429)
    asking.send_by_phone(session, draft, person)
    return see_other(RECEIVED)


def _incomplete(form: Form[Who]) -> bool:
    """A first name, and a way to reach somebody."""
    if not form.get("voornaam").strip():
        form.refuse("voornaam", N_("Vul uw voornaam in."))
    if not form.get("telefoon").strip() and not form.get("email").strip():
        form.refuse("telefoon", N_("Vul uw nummer in, bijvoorbeeld 06 12 34 56 78."))
    return form.value is None


def _sent(actor: Actor, request_id: str) -> Response:
    if request_id.startswith(for_another.SENT):
        return see_other(CONSENT)
    return see_other(f"/mijn/vragen/{request_id}" if actor.signed_in else RECEIVED)
