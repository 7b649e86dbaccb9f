"""Numbers in the address of a page: what no column holds is the number of nothing."""

from typing import Annotated

from fastapi import Path

Place = Annotated[int, Path(ge=1, le=9999)]
"""A municipality, by its code without GM."""
Number = Annotated[int, Path(ge=1, le=2**63 - 2)]
"""A row that is counted: a booking, a bill, a receipt."""
