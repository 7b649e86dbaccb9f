"""A JSON body, in which a number is a number: the same model reads a form, where everything is text."""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Body
from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.schemas import JSON

M = TypeVar("M", bound=BaseModel)


class _AsJson:
    """Validates with the context that tells JSON from a form."""

    def __get_pydantic_core_schema__(
        self, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            lambda sent, _: sent if isinstance(sent, source) else source.model_validate(sent, context=JSON),
            handler(source),
        )


if TYPE_CHECKING:
    Sent = Annotated[M, "from the body"]
else:

    class Sent:
        """``new: Sent[NewHelpRequest]`` in a route."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            return Annotated[model, _AsJson(), Body()]
