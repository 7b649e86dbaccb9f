"""Er is iets niet goed: reporting at a contact, blocking, what one reported and blocked, and the house rules."""

from contextlib import suppress
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.clock import now
from app.errors import DomainError, Invalid, NotFound, TooMany
from app.http import Opened
from app.safety import blocks, files, house_rules, reports, subjects, suspensions
from app.safety.blocks import BlockedBefore
from app.safety.schemas import NewAppeal, NewBlock, NewReport
from app.safety.subjects import IN_GENERAL, Contact
from app.schemas import Incoming, Nothing, Whole
from web import forms, i18n, safety_words as words
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.rendering import page, see_other
from web.session import SignedIn, Visitor

router = APIRouter()
SAFE: Final = "/mijn/veilig"
RULES: Final = "/huisregels"
forms.say(
    NewReport,
    waarover=N_("Kies waar het over gaat."),
    uitleg=N_("Schrijf in een paar zinnen wat er is."),
    hoeSnel=N_("Kies hoe snel wij moeten kijken."),
    **{"too-many": N_("U meldde vandaag al vaak iets. Bel ons, of wacht een half uur.")},
)
forms.say(NewAppeal, uitleg=N_("Schrijf waarom u het er niet mee eens bent."))


class RulesAnswer(Incoming):
    """Which version was read; the button says yes or no."""

    version: Annotated[Annotated[Whole, Field(ge=1, le=10_000)], Field(alias="versie")]


@router.get("/melden", name="safety.report_in_general")
def report_in_general(request: Request, actor: SignedIn) -> Response:
    """Something that is about nobody in particular."""
    return _report(request, actor, IN_GENERAL, forms.blank())


@router.post("/melden", name="safety.reported_in_general")
def reported_in_general(
    request: Request, session: Opened, actor: SignedIn, form: Submitted[NewReport]
) -> Response:
    """The same, sent."""
    return _reported(request, session, actor, IN_GENERAL, form)


@router.get("/melden/{soort}/{id}", name="safety.report")
def report(request: Request, session: Opened, actor: SignedIn, soort: str, id: UUID) -> Response:
    """Three short questions about a contact."""
    return _report(request, actor, subjects.contact(session, actor, soort, id), forms.blank(), soort)


@router.post("/melden/{soort}/{id}", name="safety.reported")
def reported(
    request: Request, session: Opened, actor: SignedIn, soort: str, id: UUID, form: Submitted[NewReport]
) -> Response:
    """Sent to the makelaar, and to nobody else."""
    return _reported(request, session, actor, subjects.contact(session, actor, soort, id), form, soort)


def _report(
    request: Request, actor: Actor, at: Contact, form: Form[Any], word: str = "", *, status: int = 200
) -> Response:
    lang = i18n.language(request)
    return page(
        request,
        "safety/report.html",
        status=status,
        form=form,
        at=at,
        word=word,
        where=f"/{word}/{at.id}" if word else "",
        what=words.options(words.WHAT, lang),
        urgencies=words.urgencies(lang),
        may_block=at.person is not None and actor.behind is None,
    )


def _reported(
    request: Request, session: Opened, actor: Actor, at: Contact, form: Form[Any], word: str = ""
) -> Response:
    if form.value is None:
        return _report(request, actor, at, form, word, status=422)
    try:
        reports.report(session, actor, at, form.value)
    except TooMany as refusal:
        return _report(request, actor, at, form.refused(refusal), word, status=429)
    return page(
        request, "safety/reported.html", at=at, where=f"/{word}/{at.id}" if word else "", behind=actor.behind,
        then=translate(i18n.language(request), words.URGENCY[form.value.urgency][1]),
    )  # fmt: skip


@router.get("/blokkeren/{soort}/{id}", name="safety.block")
def block(request: Request, session: Opened, actor: SignedIn, soort: str, id: UUID) -> Response:
    """What blocking does, and what becomes of what was agreed."""
    return _block(
        request, session, actor, _somebody(session, actor, soort, id), forms.blank(afspraken="stop"), soort
    )


def _somebody(session: Opened, actor: Actor, soort: str, id: UUID) -> Contact:
    """A contact that is a person: nobody else can be blocked."""
    at = subjects.contact(session, actor, soort, id)
    if at.person is None:
        raise NotFound
    return at


def _block(  # noqa: PLR0913 - a page shows what it has
    request: Request, session: Opened, actor: Actor, at: Contact, form: Form[Any], word: str, *, status: int = 200
) -> Response:  # fmt: skip
    assert at.person is not None  # `_somebody` raises otherwise
    return page(
        request,
        "safety/block.html",
        status=status,
        form=form,
        at=at,
        where=f"/{word}/{at.id}",
        agreements=blocks.agreements_with(session, actor, at.person.id),
        choices=words.options(words.STANDING, i18n.language(request)),
    )


@router.post("/blokkeren/{soort}/{id}", name="safety.blocked")
def blocked(
    request: Request, session: Opened, actor: SignedIn, soort: str, id: UUID, form: Submitted[NewBlock]
) -> Response:
    """From now on; pressed twice it counts once."""
    at = _somebody(session, actor, soort, id)
    if form.value is None:
        return _block(request, session, actor, at, form, soort, status=422)
    with suppress(BlockedBefore):  # that is what was asked
        blocks.block(session, actor, at, form.value)
    return see_other(f"{SAFE}?gedaan=geblokkeerd")


@router.get(SAFE, name="safety.mine")
def mine(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What one reported and what came of it, whom one blocked, and whether one may take part."""
    return _mine(request, session, actor, forms.blank())


def _mine(request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200) -> Response:
    lang, moment = i18n.language(request), now(session)
    suspension = suspensions.mine(session, actor)
    return page(
        request,
        "safety/mine.html",
        status=status,
        form=form,
        moment=moment,
        reports=[
            (row, words.said(row, lang), translate(lang, words.WHAT[row.what]), *words.state(row, late, lang))
            for row in reports.mine(session, actor)
            for late in [row.due_at < moment]
        ],
        blocks=blocks.mine(session, actor),
        suspension=suspension,
        appeals=suspensions.my_appeals(session, actor, suspension.id) if suspension else [],
        openings=files.disclosed(session, actor),
        answered=house_rules.answered(session, actor),
        done=request.query_params.get("gedaan", ""),
    )  # fmt: skip


@router.post(f"{SAFE}/blokkades/{{id}}/opheffen", name="safety.unblock")
def unblock(session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]) -> Response:
    """Let a block go."""
    if form.value is None:
        raise DomainError
    blocks.end(session, actor, id)
    return see_other(f"{SAFE}?gedaan=opgeheven")


@router.post(f"{SAFE}/bezwaar", name="safety.appeal")
def appeal(request: Request, session: Opened, actor: SignedIn, form: Submitted[NewAppeal]) -> Response:
    """Say that one does not agree with a suspension; sent twice it counts once."""
    if suspensions.mine(session, actor) is None:
        raise NotFound
    if form.value is None:
        return _mine(request, session, actor, form, status=422)
    with suppress(suspensions.AppealedBefore):  # one is being looked at
        suspensions.appeal(session, actor, form.value)
    return see_other(f"{SAFE}?gedaan=bezwaar")


@router.get(RULES, name="safety.rules")
def rules(request: Request, session: Opened, actor: Visitor) -> Response:
    """The house rules of the municipality whose site this is; who has not answered them is asked."""
    asked = house_rules.question(session, actor) if actor.signed_in else None
    shown = (
        asked.rules
        if asked
        else house_rules.current(session, actor.home or request.state.site.municipality_id)
    )
    lang = i18n.language(request)
    return page(
        request,
        "safety/rules.html",
        rules=shown,
        lines=shown.lines or tuple(translate(lang, line) for line in house_rules.FIRST_LINES),
        asked=asked,
    )


@router.post(RULES, name="safety.rules_answered")
def rules_answered(session: Opened, actor: SignedIn, form: Submitted[RulesAnswer]) -> Response:
    """Yes or no to the version that was read; one is asked once."""
    if form.value is None or form.button not in ("ja", "nee"):
        raise Invalid
    house_rules.answer(session, actor, form.value.version, form.button == "ja")
    return see_other("/mijn")
