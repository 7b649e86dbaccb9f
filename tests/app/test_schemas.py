"""What many schemas share."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from app.schemas import BirthYear

BORN = TypeAdapter(BirthYear)


def test_a_baby_of_this_year_can_be_told_of_and_one_of_next_year_not() -> None:
    this_year = datetime.now(UTC).year

    assert BORN.validate_python(str(this_year)) == this_year
    with pytest.raises(ValidationError, match=str(this_year)):
        BORN.validate_python(this_year + 1)
