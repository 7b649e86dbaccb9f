"""What the forms of the desk share: an act is done whole, or its form says what stands in the way."""

from collections.abc import Callable, Mapping
from typing import Any

from app.errors import DomainError
from app.http import Opened
from web.forms import Form


def attempted(
    session: Opened, form: Form[Any], act: Callable[[Any], object], refusals: Mapping[str, str]
) -> int:
    """The status of the answer; 303 when it was done. ``refusals`` are sentences above the form, by code."""
    if form.value is None:
        return 422
    try:
        with session.begin_nested():
            act(form.value)
    except DomainError as error:
        if error.status == 404:
            raise
        if error.code in refusals:
            form.refuse("", refusals[error.code])
        else:
            form.refused(error)
        session.expire_all()
        return error.status if error.status in (403, 409) else 422
    return 303
