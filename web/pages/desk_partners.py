"""Organisations at the desk: who would like to join, the covenant with its signatures, and introductions."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.http import Opened
from app.moderation import organisations
from app.partners import covenants, introductions, joining
from app.partners.schemas import Decided, IntroductionEnded, NewCovenant, NewIntroduction, Signing
from app.places.models import Municipality
from web import forms, i18n, partner_words as words
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_people import KINDS
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter()
JOINING: Final = "/bureau/meedoen"
COVENANT: Final = "/bureau/overeenkomst"
MEETING: Final = "/bureau/introducties"
forms.say(Decided, reden=N_("Schrijf waarom niet. De aanvrager leest dit."))
forms.say(NewCovenant, tekst=N_("Schrijf de tekst van de overeenkomst."), same=N_("Deze tekst staat er al."),
          past=N_("Kies een dag die nog komt."))  # fmt: skip
forms.say(NewIntroduction, een=N_("Kies een organisatie."), ander=N_("Kies een andere organisatie."),
          waarom=N_("Schrijf wat zij samen kunnen doen. Beide lezen dit."))  # fmt: skip
forms.say(IntroductionEnded, uitkomst=N_("Schrijf wat eruit kwam."))


@router.get(JOINING, name="desk.joining")
def waiting(request: Request, session: Opened, actor: Staff) -> Response:
    """Who would like to take part."""
    return _waiting(request, session, actor)


def _waiting(
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, about: UUID | None = None,
    *, status: int = 200,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    lang = i18n.language(request)
    return desk_page(
        request, actor, "partners/desk_joining.html", status=status, municipality=municipality,
        rows=[
            (row, translate(lang, KINDS[row.kind]), form if form and row.id == about else forms.blank().among(row.id))
            for row in joining.waiting(session, actor, municipality.id)
        ],
        **_tools(request, municipality),
    )  # fmt: skip


def _tools(request: Request, municipality: Municipality) -> dict[str, Any]:
    return {"desk_path": lambda path: at_desk(request, path, municipality)}


@router.post(JOINING + "/{id}/ja", name="desk.joining.approve")
def approve(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Decided]) -> Response:
    """It takes part; the covenant is next."""
    return _decide(request, session, actor, id, form, joining.approve)


@router.post(JOINING + "/{id}/nee", name="desk.joining.reject")
def reject(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Decided]) -> Response:
    """It does not, and why."""
    return _decide(request, session, actor, id, form, joining.reject)


def _decide(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Decided], act: Any
) -> Response:
    own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    joining.get(session, actor, id)
    status = attempted(session, form, lambda decided: act(session, actor, id, decided), words.REFUSALS)
    if status == 303:
        return see_other(JOINING)
    return _waiting(request, session, actor, form.among(id), id, status=status)


@router.get(COVENANT, name="desk.covenant")
def covenant(request: Request, session: Opened, actor: Staff) -> Response:
    """The text as it is now, who signed, and who waits for the municipality."""
    return _covenant(request, session, actor, forms.blank(naam=actor.first_name))


def _covenant(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.SEE_ORGANISATIONS)
    there = covenants.versions(session, actor, municipality.id)
    rows = [one.organisation for one in organisations.of_municipality(session, actor, municipality.id)]
    return desk_page(
        request, actor, "partners/desk_covenant.html", status=status, form=form, municipality=municipality,
        newest=there[0] if there else None, earlier=there[1:], rows=rows,
        wait={one.id for one in covenants.unsigned_by_us(session, actor, municipality.id)},
        may=bool(actor.at_desk(Permission.CHANGE_SETTINGS)), **_tools(request, municipality),
    )  # fmt: skip


@router.post(COVENANT, name="desk.covenant.publish")
def publish(request: Request, session: Opened, actor: Staff, form: Submitted[NewCovenant]) -> Response:
    """A new version."""
    municipality = own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    status = attempted(
        session, form, lambda new: covenants.publish(session, actor, municipality.id, new), words.REFUSALS
    )
    return see_other(COVENANT) if status == 303 else _covenant(request, session, actor, form, status=status)


@router.post(COVENANT + "/{id}", name="desk.covenant.sign")
def countersign(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Signing]
) -> Response:
    """The municipality signs after the organisation did."""
    own_municipality(session, actor, Permission.CHANGE_SETTINGS)
    status = attempted(
        session, form, lambda signing: covenants.countersign(session, actor, id, signing), words.REFUSALS
    )
    return see_other(COVENANT) if status == 303 else _covenant(request, session, actor, form, status=status)


@router.get(MEETING, name="desk.introductions")
def meetings(request: Request, session: Opened, actor: Staff) -> Response:
    """Who could do something together, and what came of it."""
    return _meetings(request, session, actor, forms.blank())


def _meetings(
    request: Request, session: Opened, actor: Actor, form: Form[Any], *, status: int = 200
) -> Response:
    municipality = own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    lang = i18n.language(request)
    return desk_page(
        request, actor, "partners/desk_introductions.html", status=status, form=form, municipality=municipality,
        flags=[
            (str(one.organisation.id), one.organisation.name)
            for one in organisations.of_municipality(session, actor, municipality.id)
        ],
        rows=[
            (row, translate(lang, words.INTRODUCTIONS[row.status][0]), words.INTRODUCTIONS[row.status][1])
            for row in introductions.every(session, actor, municipality.id)
        ],
        **_tools(request, municipality),
    )  # fmt: skip


@router.post(MEETING, name="desk.introductions.propose")
def introduce(request: Request, session: Opened, actor: Staff, form: Submitted[NewIntroduction]) -> Response:
    """Ask both."""
    municipality = own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    status = attempted(
        session, form, lambda new: introductions.propose(session, actor, municipality.id, new), words.REFUSALS
    )
    return see_other(MEETING) if status == 303 else _meetings(request, session, actor, form, status=status)


@router.post(MEETING + "/{id}/klaar", name="desk.introductions.finish")
def finish(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[IntroductionEnded]
) -> Response:
    """What came of it."""
    own_municipality(session, actor, Permission.KEEP_SOCIAL_MAP)
    introductions.get(session, actor, id)
    status = attempted(
        session, form, lambda ended: introductions.finish(session, actor, id, ended), words.REFUSALS
    )
    return see_other(MEETING) if status == 303 else _meetings(request, session, actor, form, status=status)
