"""Wissen at the desk: for somebody who asks it by telephone, by letter or at the counter."""

import re
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict
from app.http import Opened
from app.moderation import people
from app.privacy import erase
from app.privacy.models import ErasureWay
from app.schemas import Incoming
from web import forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/wissen")
HERE: Final = "/bureau/wissen"
RECEIPT: Final = re.compile("W-[A-Z2-9]{4}-[A-Z2-9]{4}")
LEAST_LETTERS: Final = 3
WAYS: Final = {
    ErasureWay.SELF: N_("door de bewoner zelf"),
    ErasureWay.DESK: N_("op verzoek, door de gemeente"),
}
STUCK: Final = (
    "",
    N_("De Roosjes kunnen nu niet weg. Er is iets op papier, of er loopt nog een vraag om Roosjes."),
)
REFUSALS: Final = {
    "still-open": ("", N_("Er staat nog iets open. Hieronder leest u wat.")),
    "balance-not-confirmed": ("naarPot", N_("Zet een vinkje dat de Roosjes naar de pot mogen.")),
}


class EraseFor(Incoming):
    """What somebody of the desk made sure of."""

    known: Annotated[bool, Field(alias="zelf")] = False
    sure: Annotated[bool, Field(alias="zeker")] = False
    to_pot: Annotated[bool, Field(alias="naarPot")] = False


@router.get("", name="forgetting.find")
def find(
    request: Request, session: Opened, actor: Staff, zoek: Annotated[str, Query(max_length=120)] = "",
    bewijs: Annotated[str, Query(max_length=20)] = "",
) -> Response:  # fmt: skip
    """Who is it? Nobody is listed before something was typed."""
    municipality = own_municipality(session, actor, Permission.ERASE_PERSON)
    typed = zoek.strip()
    asked = len(typed) >= LEAST_LETTERS
    found = (
        people.find(
            session, actor, typed, municipality_id=municipality.id, permission=Permission.ERASE_PERSON
        )
        if asked
        else []
    )
    return desk_page(
        request, actor, "privacy/forgetting.html", municipality=municipality, typed=typed, asked=asked,
        found=[person for person in found if person.lives_here],
        receipt=bewijs if RECEIPT.fullmatch(bewijs) else "",
        erased=[
            (row, i18n.translate(i18n.language(request), WAYS[row.way]), sum(row.counts.values()))
            for row in erase.log(session, actor, municipality.id)
        ],
    )  # fmt: skip


@router.get("/{id}", name="forgetting.ask")
def ask(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What being forgotten means for this person, and what stands open."""
    return _ask(request, session, actor, id, forms.blank())


def _ask(request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any]) -> Response:
    own_municipality(session, actor, Permission.ERASE_PERSON)
    person, standing = erase.standing_of(session, actor, id)
    return desk_page(
        request, actor, "privacy/forget.html", status=422 if form.errors else 200, form=form, person=person,
        standing=standing,
    )  # fmt: skip


@router.post("/{id}", name="forgetting.do")
def do(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[EraseFor]) -> Response:
    """Forget them, in one act; the number that is told to them remains."""
    municipality = own_municipality(session, actor, Permission.ERASE_PERSON)
    if form.value is None:
        return _ask(request, session, actor, id, form)
    for name, answered, sentence in (
        ("zelf", form.value.known, N_("Zet een vinkje als u zeker weet wie het vraagt.")),
        ("zeker", form.value.sure, N_("Zet een vinkje als u het zeker weet.")),
    ):
        if not answered:
            form.refuse(name, sentence)
    if form.errors:
        return _ask(request, session, actor, id, form)
    try:
        with session.begin_nested():
            receipt = erase.erase_for(
                session, actor, request.app.state.settings, id, to_pot=form.value.to_pot
            )
    except Conflict as refusal:
        return _ask(request, session, actor, id, form.refuse(*REFUSALS.get(refusal.code, STUCK)))
    here = at_desk(request, HERE, municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}bewijs={receipt.reference}")
