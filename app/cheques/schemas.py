"""What forms and JSON bodies about paper hold."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.cheques.papers import Code, Key
from app.schemas import Incoming, Whole
from app.text import Typed

CHEQUES_MAX = 40
"""In one sale; more is typed twice."""
PAPERS_MAX = 20
PayOutNumber = Annotated[Whole, Field(ge=1, le=100_000)]
PaperNumber = Annotated[Whole, Field(ge=1, le=2**63 - 1)]


class NewDesk(Incoming):
    """A place where cheques are sold."""

    name: Annotated[Annotated[str, Typed(80)], Field(alias="naam")]
    address: Annotated[Annotated[str, Typed(160)], Field(alias="adres")]


class NewSeller(Incoming):
    """Somebody of the municipality who may sell there."""

    person_id: Annotated[UUID, Field(alias="persoon")]


class NewProvider(Incoming):
    """An organisation that takes cheques from now on."""

    organisation_id: Annotated[UUID, Field(alias="organisatie")]


class SaleAsked(Incoming):
    """So many cheques, paid in cash."""

    number: Annotated[Annotated[Whole, Field(ge=1, le=CHEQUES_MAX)], Field(alias="aantal")]


class NewSale(SaleAsked):
    """The same from a form; ``key`` makes a form that is sent twice one sale."""

    key: Annotated[Key, Field(alias="sleutel")]


class Handing(Incoming):
    """A code that was scanned or typed."""

    code: Code
    key: Annotated[Key, Field(alias="sleutel")]


class Returning(Handing):
    """A cheque that its buyer brings back."""


class LostPaper(Incoming):
    """The number on a paper that was lost, from the receipt."""

    number: Annotated[PaperNumber, Field(alias="nummer")]
    key: Annotated[Key, Field(alias="sleutel")]


class Undone(Incoming):
    """A button that books; sent twice it books once."""

    key: Annotated[Key, Field(alias="sleutel")]


class HandingOfCheque(Handing):
    """A cheque, for which organisation, and for which time if it was for one."""

    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None
    occurrence_id: Annotated[UUID | None, Field(alias="keer")] = None


class PayOut(Incoming):
    """So many cheques of a provider."""

    number: Annotated[PayOutNumber, Field(alias="aantal")]
    key: Annotated[Key, Field(alias="sleutel")]


class PapersAsked(Incoming):
    """Roosjes on paper: so many, of so many minutes each."""

    papers: Annotated[Annotated[Whole, Field(ge=1, le=PAPERS_MAX)], Field(alias="aantal")]
    minutes: Annotated[Annotated[Whole, Field(ge=15, le=240)], Field(alias="minuten")]


class NewPapers(PapersAsked):
    """The same from a form."""

    key: Annotated[Key, Field(alias="sleutel")]


class Codes(Incoming):
    """Codes of papers that stand on the screen, to be put on a PDF."""

    codes: Annotated[list[Code], Field(alias="code", min_length=1, max_length=100)]
