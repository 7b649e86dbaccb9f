"""/categorieen: what one may ask for. Public: it says nothing about anybody."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.categories import service
from app.categories.models import Category
from app.help_requests.schemas import CategoryOut
from app.help_requests.search import words_of
from app.http import Opened
from app.schemas import Incoming
from app.text import Typed

router = APIRouter(prefix="/categorieen", tags=["Naslag"])


class Wanted(Incoming):
    """Which categories."""

    words: Annotated[
        Annotated[str, Typed(200)] | None, Field(alias="zoek", description="Bijvoorbeeld: ramen lappen.")
    ] = None


@router.get("", response_model=list[CategoryOut], summary="Lees de categorieën")
def list_(session: Opened, wanted: Annotated[Wanted, Query()]) -> Sequence[Category]:
    """Alle categorieën, of met `zoek` de best passende. Hiervoor is geen token nodig."""
    if wanted.words is None:
        return service.every(session)
    return service.suggest(session, words_of(wanted.words))
