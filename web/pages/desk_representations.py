"""Regelen voor een ander at the desk: what waits for consent, and who may act for one of its people."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.clock import today
from app.errors import DomainError
from app.http import Opened
from app.representations import service
from app.representations.models import ConsentWay, RepresentationKind
from app.representations.schemas import Arranged, HeardQuestion
from app.schemas import Nothing
from web import forms, i18n, representation_words as words, yes
from web.desk_forms import attempted
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import desk_page, own_municipality, person_of
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau")
WAITING: Final = "/bureau/namens"
SENTENCES: Final = {
    "hoe": N_("Kies hoe de toestemming gegeven is."),
    "on-paper": N_("Een wettelijk vertegenwoordiger laat een papier zien. Kies: op papier."),
    "totEnMet": N_("Vul een dag in die nog komt, of laat dit leeg."),
    "of-age": N_("Dit gaat over een kind. Vul de laatste dag in voor het kind 18 wordt."),
    "email": N_("Vul het e-mailadres in van iemand die wij kennen, en die een ander is."),
    "persoon": N_(
        "Dit e-mailadres is van iemand die wij al kennen. Bel het nummer dat wij van die persoon hebben."
    ),
}
forms.say(HeardQuestion, **SENTENCES)
forms.say(Arranged, **SENTENCES)
REFUSALS: Final = {
    "representation-stands": N_("Dit staat al vast. Stop eerst wat er staat."),
    "conflict": N_("Hier is al op geantwoord."),
}


@router.get("/namens", name="desk.representations")
def waiting(request: Request, session: Opened, actor: Staff) -> Response:
    """What waits for consent."""
    return _waiting(request, session, actor)


def _waiting(
    request: Request, session: Opened, actor: Actor, form: Form[Any] | None = None, about: UUID | None = None,
    *, status: int = 200,
) -> Response:  # fmt: skip
    municipality = own_municipality(session, actor, Permission.REGISTER_PERSON)
    rows = service.waiting(session, actor, municipality.id)
    fresh = forms.blank(soort=RepresentationKind.CONTACT.value, hoe=ConsentWay.VOICE.value)
    return desk_page(
        request, actor, "desk/representations.html", status=status, rows=rows, form=form or fresh,
        form_for=lambda id: form if form is not None and id == about else fresh.among(id),
        yes=yes.asked(i18n.language(request)), asking=service.asking_yes(session, rows),
        **_choices(i18n.language(request)),
    )  # fmt: skip


def _choices(lang: str) -> dict[str, Any]:
    return {
        "kinds": [(kind.value, translate(lang, name)) for kind, name in words.KINDS.items()],
        "ways": [
            (way.value, translate(lang, name))
            for way, name in words.WAYS.items()
            if way is not ConsentWay.SITE
        ],
    }


@router.post("/namens/{id}/toestemming", name="desk.representations.record")
def record(
    request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[HeardQuestion]
) -> Response:
    """The makelaar heard or read it: it stands, and what was asked is asked."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    status = attempted(session, form, lambda heard: service.record(session, actor, id, heard), REFUSALS)
    return see_other(WAITING) if status == 303 else _waiting(request, session, actor, form, id, status=status)


@router.post("/namens/{id}/stoppen", name="desk.representations.end")
def end(session: Opened, actor: Staff, id: UUID, form: Submitted[Nothing]) -> Response:
    """Taken back, or said no to."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    if form.value is None:
        raise DomainError
    row = service.end(session, actor, id)
    return see_other(f"/bureau/mensen/{row.represented_id}/namens" if row.represented_id else WAITING)


@router.get("/mensen/{id}/namens", name="desk.representations.of")
def of_person(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """Who may act for one of the desk's people, and for whom they act."""
    return _of_person(request, session, actor, id)


def _of_person(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any] | None = None, *, status: int = 200
) -> Response:  # fmt: skip
    person, lang = person_of(session, actor, Permission.REGISTER_PERSON, id), i18n.language(request)
    rows, day = service.of_person(session, actor, id), today(session)
    return desk_page(
        request, actor, "desk/represented.html", status=status, person=person,
        form=form or forms.blank(soort=RepresentationKind.CONTACT.value, hoe=ConsentWay.VOICE.value),
        for_them=[
            words.line(row, row.representative.first_name, lang, day) for row in rows if row.represented_id == id
        ],
        by_them=[words.line(row, row.about, lang, day) for row in rows if row.representative_id == id],
        **_choices(lang),
    )  # fmt: skip


@router.post("/mensen/{id}/namens", name="desk.representations.arrange")
def arrange(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Arranged]) -> Response:
    """Write down who may act for somebody."""
    own_municipality(session, actor, Permission.REGISTER_PERSON)
    status = attempted(
        session, form, lambda arranged: service.arrange(session, actor, id, arranged), REFUSALS
    )
    here = f"/bureau/mensen/{id}/namens"
    return see_other(here) if status == 303 else _of_person(request, session, actor, id, form, status=status)
