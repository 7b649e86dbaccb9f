"""What was typed: a request's form fields, read once and kept for whoever asks again.

A page's route takes its form through ``web.forms.Submitted``, never through FastAPI's own ``Form``: that one
reads the body first, and nothing is left for the token to be looked up in.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from app.errors import DomainError

MAX_BYTES: Final = 256 * 1024
MAX_FIELDS: Final = 400
MAX_FILE_BYTES: Final = 11 * 1024 * 1024
"""A photograph as a telephone makes it, and the fields beside it."""
WITH_FILES: Final = "/bonnen"
"""Only forms at an address that ends so come with a file; all others stay small."""
_FIELD: Final = re.compile(
    rb'form-data; name="([^"\r\n]{1,80})"(; filename="[^"\r\n]{0,400}")?', re.IGNORECASE
)
_BOUNDARY: Final = re.compile(r"""boundary="?([0-9A-Za-z'()+_,./:=? -]{1,70})"?$""")


class TooLarge(DomainError):
    """More was sent than any form of ours holds."""

    status, code = 413, "form-too-large"


class Garbled(DomainError):
    """This cannot be read as a form."""

    status, code = 400, "form-garbled"


@dataclass(frozen=True, slots=True)
class Typed:
    """Every value of every field, in order; of a file only what is in it, whatever it was called."""

    values: dict[str, list[str]]
    files: dict[str, bytes] = field(default_factory=dict)


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
    if kind == "multipart/form-data" and request.url.path.endswith(WITH_FILES):
        boundary = _BOUNDARY.search(request.headers["content-type"].strip())
        if boundary is None:
            raise Garbled
        return _multipart(await _body(request, MAX_FILE_BYTES), boundary[1].encode())
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


def _multipart(body: bytes, boundary: bytes) -> Typed:
    """Fields and files between the lines of a boundary (RFC 7578), as browsers send them."""
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MAX_FIELDS + 1)
    if before or not parts or parts[-1].strip(b"\r\n") != b"--":
        raise Garbled
    read = Typed({})
    for part in parts[:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        named = _FIELD.search(head)
        if named is None:
            raise Garbled
        try:
            name = named[1].decode()
            if named[2]:
                read.files[name] = content
            else:
                read.values.setdefault(name, []).append(_one_line_end(content.decode()))
        except UnicodeDecodeError:
            raise Garbled from None
    return read


def _one_line_end(value: str) -> str:
    """Browsers send CR LF for each line of a text area; lengths are counted without the CR."""
    return value.replace("\r\n", "\n")
