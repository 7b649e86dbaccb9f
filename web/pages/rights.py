"""What one may ask about one's own data: what one allowed, who looked, a copy, and to be forgotten."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import require_fresh
from app.audit import service as audit
from app.errors import Conflict, DomainError, Forbidden, NotFound
from app.http import Opened
from app.privacy import consents, erase, export, obligations, parents, texts
from app.privacy.models import Purpose
from app.privacy.paper import processings
from app.schemas import Incoming
from web import cookies, forms, i18n
from web.forms import Form, Submitted, say
from web.i18n import N_, translate
from web.pages.profile import HERE
from web.privacy_words import LOOKED, role, said
from web.rendering import environment, page, see_other
from web.security import SESSION_COOKIE
from web.session import SignedIn, Visitor

router = APIRouter()
CHILD: Final = "/mijn/namens/kind"


class Answer(Incoming):
    """Yes or no to one purpose."""

    purpose: Annotated[Purpose, Field(alias="waarvoor")]
    yes: Annotated[bool, Field(alias="ja")] = False


class Nothing(Incoming):
    """A button."""


class Erase(Incoming):
    """That one knows what it means."""

    sure: Annotated[bool, Field(alias="zeker")] = False
    to_pot: Annotated[bool, Field(alias="naarPot")] = False


class Agreement(Incoming):
    """A parent's yes or no."""

    yes: Annotated[bool, Field(alias="ja")] = False


say(Answer, waarvoor=N_("Kies waar het over gaat."))


@router.get(f"{HERE}/toestemming", name="rights.consents")
def consent(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What one allowed, in which words, since when."""
    lang = i18n.language(request)
    lines = [
        {
            "standing": one, "asked": texts.TEXTS[one.purpose][-1],
            "title": texts.TEXTS[one.purpose][-1].title.of(lang), "text": texts.TEXTS[one.purpose][-1].text.of(lang),
            "stops": texts.TEXTS[one.purpose][-1].stops.of(lang),
        }
        for one in consents.standings(session, actor)
    ]  # fmt: skip
    past = [
        (row, texts.asked(row.purpose, row.version).title.of(lang))
        for row in consents.history(session, actor)
    ]
    return page(
        request, "privacy/consents.html", lines=lines, past=past, saved="bewaard" in request.query_params
    )


@router.post(f"{HERE}/toestemming", name="rights.consent")
def answer(session: Opened, actor: SignedIn, form: Submitted[Answer]) -> Response:
    """Yes or no, from this moment on."""
    if form.value is None or form.value.purpose not in consents.OWN:
        raise DomainError
    (consents.give if form.value.yes else consents.withdraw)(session, actor, form.value.purpose)
    return see_other(f"{HERE}/toestemming?bewaard=ja")


@router.get(CHILD, name="rights.child")
def child(request: Request, actor: SignedIn) -> Response:
    """What a parent decides about a child that wants to help."""
    if actor.behind is None:
        raise NotFound
    asked, lang = texts.TEXTS[Purpose.YOUNG_HELPER][-1], i18n.language(request)
    name = actor.first_name
    return page(request, "privacy/child.html", name=name, text=asked.text.of(lang), stops=asked.stops.of(lang),
                saved="bewaard" in request.query_params)  # fmt: skip


@router.post(CHILD, name="rights.child.answer")
def child_answer(session: Opened, actor: SignedIn, form: Submitted[Agreement]) -> Response:
    """The parent's yes or no."""
    if form.value is None:
        raise DomainError
    if form.value.yes:
        parents.agree(session, actor)
    else:
        parents.take_back(session, actor)
    return see_other(f"{CHILD}?bewaard=ja")


@router.get(f"{HERE}/inzage", name="rights.looks")
def looks(
    request: Request, session: Opened, actor: SignedIn, blad: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """Who looked at one's data, what they saw, and why."""
    lang = i18n.language(request)
    found = audit.mine(session, actor, page=blad)
    lines = [(one, translate(lang, LOOKED[one.act]), said(lang, role(one.role))) for one in found]
    return page(request, "privacy/looks.html", lines=lines, page_number=blad, more=len(found) == audit.PAGE)


@router.get(f"{HERE}/kopie", name="rights.copy")
def copy(request: Request, _actor: SignedIn) -> Response:
    """What a copy is."""
    return page(request, "privacy/copy.html", asked=None)


@router.post(f"{HERE}/kopie", name="rights.copy.ask")
def ask_copy(session: Opened, actor: SignedIn, form: Submitted[Nothing]) -> Response:
    """Ask for it: a receipt, and one button to fetch it."""
    _just_shown(actor)
    if form.value is None:
        raise DomainError
    return see_other(f"{HERE}/kopie/{export.ask(session, actor).id}")


def _just_shown(actor: Actor) -> None:
    """For all that is kept, and for its end: only the person, who showed so a short while ago. Raises ProofNeeded."""
    if actor.behind is not None:
        raise Forbidden
    require_fresh(actor)


@router.get(f"{HERE}/kopie/{{id}}", name="rights.copy.asked")
def copy_asked(request: Request, session: Opened, actor: SignedIn, id: UUID) -> Response:
    """The receipt. Looking at it fetches nothing: only the button does, once."""
    return page(request, "privacy/copy.html", asked=export.get(session, actor, id))


@router.post(f"{HERE}/kopie/{{id}}", name="rights.copy.fetch")
def fetch_copy(
    request: Request, session: Opened, actor: SignedIn, id: UUID, form: Submitted[Nothing]
) -> Response:
    """The copy as a ZIP, once."""
    _just_shown(actor)
    if form.value is None:
        raise DomainError
    made = export.fetch(session, actor, id)
    lang = i18n.language(request)
    text = environment(lang).get_template("privacy/copy_file.html").render(copy=made, plain=_plain)
    headers = {
        "Content-Disposition": f'attachment; filename="mijn-gegevens-{made.reference}.zip"',
        "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(export.packed(made, text), media_type="application/zip", headers=headers)


def _plain(value: Any) -> str:
    """A value as somebody reads it."""
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else str(value)
    if isinstance(value, list | tuple | dict):
        return (
            ", ".join(map(_plain, value))
            if not isinstance(value, dict)
            else ", ".join(f"{k}: {_plain(v)}" for k, v in value.items())
        )
    return str(export.plain(value))


@router.get(f"{HERE}/wissen", name="rights.erase")
def erasing(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What being forgotten means, and what stands open."""
    return _erasing(request, session, actor, forms.blank())


def _erasing(request: Request, session: Opened, actor: Actor, form: Form[Any]) -> Response:
    return page(
        request, "privacy/erase.html", status=422 if form.errors else 200, form=form,
        standing=obligations.of(session, actor),
    )  # fmt: skip


@router.post(f"{HERE}/wissen", name="rights.erased")
def erased(request: Request, session: Opened, actor: SignedIn, form: Submitted[Erase]) -> Response:
    """Forget somebody, in one act; the page with the receipt is the last that they see signed in."""
    _just_shown(actor)
    if form.value is None:
        return _erasing(request, session, actor, form)
    if not form.value.sure:
        return _erasing(
            request, session, actor, form.refuse("zeker", N_("Zet een vinkje als u het zeker weet."))
        )
    try:
        with session.begin_nested():
            receipt = erase.erase(session, actor, request.app.state.settings, to_pot=form.value.to_pot)
    except erase.BalanceNotConfirmed:
        return _erasing(
            request,
            session,
            actor,
            form.refuse("naarPot", N_("Zet een vinkje dat uw Roosjes naar de pot mogen.")),
        )
    except erase.StillOpen:
        return _erasing(
            request, session, actor, form.refuse("", N_("Er staat nog iets open. Hieronder leest u wat."))
        )
    except Conflict:
        return _erasing(
            request,
            session,
            actor,
            form.refuse("", N_("Uw Roosjes kunnen nu niet weg. Bel ons, dan lossen wij dat samen op.")),
        )
    request.state.actor = Actor()
    response = page(request, "privacy/erased.html", receipt=receipt)
    cookies.take_back(response, SESSION_COOKIE)
    return response


@router.get("/privacy/register", name="rights.register")
def register(request: Request, _visitor: Visitor) -> Response:
    """Why we keep what, for everybody to read."""
    lang = i18n.language(request)
    return page(
        request, "privacy/register.html", processings=processings(), lang_of=lambda said: said.of(lang)
    )
