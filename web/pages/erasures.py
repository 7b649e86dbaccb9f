"""Wissen: for who asks it of the municipality instead of doing it themselves, and the log of what was wiped."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Conflict, DomainError
from app.http import Opened
from app.privacy import erasures
from app.privacy.erasures import Asked
from app.privacy.models import ErasureWay
from web import forms, i18n
from web.forms import Form, Submitted
from web.i18n import N_, translate
from web.pages.desk_shell import at_desk, desk_page, own_municipality
from web.rendering import see_other
from web.session import Staff

router = APIRouter(prefix="/bureau/wissen")
WAYS: Final = {
    ErasureWay.SELF: N_("door de bewoner zelf"),
    ErasureWay.DESK: N_("op verzoek, door de gemeente"),
    ErasureWay.TERM: N_("omdat de termijn voorbij was"),
}
REFUSALS: Final = {
    "still-open": N_("Er staat nog iets open. Hieronder leest u wat."),
    "balance-not-confirmed": N_("Zet een vinkje dat de Roosjes naar de pot mogen."),
    "own-interest": N_("Dit gaat over uzelf of over iemand bij u thuis. Een collega kijkt ernaar."),
}
forms.say(Asked, gezien=N_("Kijk eerst wie het vraagt."), zeker=N_("Zet een vinkje als u het zeker weet."))


@router.get("", name="erasures.all")
def every(
    request: Request, session: Opened, actor: Staff, zoek: Annotated[str, Query(max_length=120)] = ""
) -> Response:
    """The log, and finding somebody by exactly what they say about themselves."""
    municipality = own_municipality(session, actor, Permission.ERASE_PERSON)
    lang = i18n.language(request)
    return desk_page(
        request, actor, "privacy/erasures.html", municipality=municipality, typed=zoek.strip(),
        faces=erasures.find(session, actor, municipality.id, zoek) if zoek.strip() else None,
        rows=[
            (row, translate(lang, WAYS[row.way]), sum(row.counts.values()))
            for row in erasures.log(session, actor, municipality.id)
        ],
        done=request.query_params.get("bewijs", "")[:20],
        action=at_desk(request, router.prefix, municipality),
    )  # fmt: skip


@router.get("/{id}", name="erasures.show")
def show(request: Request, session: Opened, actor: Staff, id: UUID) -> Response:
    """What would happen, and what has to be settled first."""
    return _page(request, session, actor, id, forms.blank())


def _page(
    request: Request, session: Opened, actor: Actor, id: UUID, form: Form[Any], status: int = 200
) -> Response:
    own_municipality(session, actor, Permission.ERASE_PERSON)
    face, standing = erasures.of(session, actor, id)
    return desk_page(
        request, actor, "privacy/erase_for.html", status=status, form=form, face=face, standing=standing
    )


@router.post("/{id}", name="erasures.erase")
def erase(request: Request, session: Opened, actor: Staff, id: UUID, form: Submitted[Asked]) -> Response:
    """Whole or not at all; the receipt goes to who asked."""
    municipality = own_municipality(session, actor, Permission.ERASE_PERSON)
    if form.value is None:
        return _page(request, session, actor, id, form, 422)
    settings = request.app.state.settings
    try:
        with session.begin_nested():
            receipt = erasures.erase_for(session, actor, settings, id, form.value)
    except Conflict as refusal:
        sentence = N_("De Roosjes kunnen nu niet weg. Zoek het samen met de penningmeester uit.")
        form.refuse("", REFUSALS.get(refusal.code, sentence))
        return _page(request, session, actor, id, form, 409)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        form.refused(refusal)
        return _page(request, session, actor, id, form, 422)
    here = at_desk(request, router.prefix, municipality)
    return see_other(f"{here}{'&' if '?' in here else '?'}bewijs={receipt.reference}")
