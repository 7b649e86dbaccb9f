"""A JSON body, in which a number is a number: the same model reads a form, where everything is text.

Every body comes by here, also the fields beside a file, so that what may be a BSN is seen before it goes anywhere.
"""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import Body
from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.errors import Invalid
from app.privacy import bsn
from app.schemas import JSON

M = TypeVar("M", bound=BaseModel)
NO_BSN: Final = "Geen-BSN"
"""The header of who looked at it: the number is none. What the box is on a page."""
LOOKED_AT: ContextVar[bool] = ContextVar("looked_at", default=False)
"""Whether this request came with that header; set by the edge."""


class MayBeBsn(Invalid):
    """A text holds what may be a citizen service number, which we may not have; ``details`` names where."""

    status, code = 422, "bsn"


def refuse_bsn(sent: Any) -> None:
    """Raises MayBeBsn for a body, as it was sent, in which a text may hold a BSN and nobody looked at it."""
    if LOOKED_AT.get():
        return
    where = {"/".join(path): MayBeBsn.code for path in bsn.places(sent)}
    if where:
        raise MayBeBsn(details=where)


class _AsJson:
    """Validates with the context that tells JSON from a form."""

    def __get_pydantic_core_schema__(
        self, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def read(sent: Any, _: Any) -> BaseModel:
            if isinstance(sent, source):
                return sent
            refuse_bsn(sent)
            return source.model_validate(sent, context=JSON)

        return core_schema.no_info_wrap_validator_function(read, handler(source))


if TYPE_CHECKING:
    Sent = Annotated[M, "from the body"]
else:

    class Sent:
        """``new: Sent[NewHelpRequest]`` in a route."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            return Annotated[model, _AsJson(), Body()]
