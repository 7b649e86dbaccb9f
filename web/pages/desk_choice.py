"""At whose desk one sits, for somebody with roles in several municipalities."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.errors import DomainError, NotFound
from app.schemas import Incoming, Whole
from web.forms import Submitted
from web.pages.desk_shell import pages_of
from web.rendering import see_other
from web.session import Staff, at, choose_desk

router = APIRouter()


class Chosen(Incoming):
    """A desk, and the page from which it was chosen."""

    municipality_id: Annotated[Whole, Field(alias="gemeente")]
    following: Annotated[str, Field(alias="volgende", max_length=1000)] = ""


@router.post("/bureau/gemeente", name="desk.choose")
def choose(actor: Staff, form: Submitted[Chosen]) -> Response:
    """Sit down at another desk: the same page there, when the menu still has it, else the first of the menu."""
    if form.value is None:
        raise DomainError
    if form.value.municipality_id not in actor.scope.municipalities:
        raise NotFound
    paths = pages_of(at(actor, form.value.municipality_id))
    response = see_other(form.value.following if form.value.following in paths else paths[0])
    choose_desk(response, form.value.municipality_id)
    return response
