"""What was typed: a request's form fields, read once and kept for whoever asks again.

A page's route takes its form through ``web.forms.Submitted``, never through FastAPI's own ``Form``: that one
reads the body first, and nothing is left for the token to be looked up in.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from app.errors import DomainError

MAX_BYTES: Final = 256 * 1024
MAX_FIELDS: Final = 400


class TooLarge(DomainError):
    """More was sent than any form of ours holds."""

    status, code = 413, "form-too-large"


class Garbled(DomainError):
    """This cannot be read as a form."""

    status, code = 400, "form-garbled"


@dataclass(frozen=True, slots=True)
class Typed:
    """Every value of every field, in order."""

    values: dict[str, list[str]]


async def typed(request: Request) -> Typed | None:
    """The form of this request; None when its content type is not that of our forms. Raises TooLarge, Garbled."""
    if not hasattr(request.state, "typed"):
        request.state.typed = await _read(request)
    kept: Typed | None = request.state.typed
    return kept


async def _read(request: Request) -> Typed | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(await _body(request, MAX_BYTES))
    return None


async def _body(request: Request, limit: int) -> bytes:
    """The body, given up as soon as it is longer than the limit, whatever its header promised."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


def _urlencoded(body: bytes) -> Typed:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError:  # not ASCII, not UTF-8 below the percent signs, or too many fields
        raise Garbled from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(_one_line_end(value))
    return Typed(values)


def _one_line_end(value: str) -> str:
    """Browsers send CR LF for each line of a text area; lengths are counted without the CR."""
    return value.replace("\r\n", "\n")
