"""Amounts in euro: whole cents everywhere, typed in a form as people write them."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.schemas import JSON

TYPED: Final = re.compile(r"(?:€\s*)?(\d{1,6})(?:[.,](\d{2}|-{1,2}))?(?:\s*euro)?", re.ASCII)


def _cents(value: Any, info: ValidationInfo) -> Any:
    """Whole cents; in a form ``12,50``, ``€ 12.50`` or ``12``. Refuses all that only resembles an amount."""
    if isinstance(value, bool | float):
        raise PydanticCustomError("euro_wanted", "an amount is needed")
    if not isinstance(value, str):
        return value
    found = TYPED.fullmatch(value.strip()) if info.context != JSON else None
    if found is None:
        raise PydanticCustomError("euro_wanted", "an amount is needed")
    cents = found[2] or "0"
    return 100 * int(found[1]) + (0 if "-" in cents else int(cents))


def _within(most: int, least: int = 1) -> Callable[[int], int]:
    def checked(cents: int) -> int:
        if not least <= cents <= most:
            # the field's own sentence names the bounds: in euro, where these are cents
            raise PydanticCustomError("euro_wanted", "an amount is needed")
        return cents

    return checked


def _schema(most: int, least: int = 1) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "integer", "minimum": least, "maximum": most, "description": "In hele centen."}
    )


BudgetCents = Annotated[int, BeforeValidator(_cents), AfterValidator(_within(45_000)), _schema(45_000)]
"""At most what a person may be granted in a period."""
EyesCents = Annotated[int, BeforeValidator(_cents), AfterValidator(_within(45_000, 0)), _schema(45_000, 0)]
"""Above which amount somebody else looks as well; nought for always."""
CostCents = Annotated[int, BeforeValidator(_cents), AfterValidator(_within(100_000)), _schema(100_000)]
"""At most a thousand euro."""
LimitCents = Annotated[int, BeforeValidator(_cents), AfterValidator(_within(99_999_999)), _schema(99_999_999)]
"""What rules let somebody have in a month or a year."""
PriceCents = Annotated[int, BeforeValidator(_cents), AfterValidator(_within(100_000, 0)), _schema(100_000, 0)]
"""What something costs to come to; nought is free."""
