"""Amounts in euro: whole cents everywhere, typed in a form as people write them."""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationInfo
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


Cents = Annotated[int, BeforeValidator(_cents, json_schema_input_type=int)]
BudgetCents = Annotated[Cents, Field(ge=1, le=45_000, description="In hele centen.")]
CostCents = Annotated[Cents, Field(ge=1, le=100_000, description="In hele centen.")]
