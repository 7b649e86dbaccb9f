"""A body with a file in it: read no further than its limit, and taken apart as browsers and programs send it."""

import re
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from app.errors import DomainError

FILE_BYTES_MAX: Final = 11 * 1024 * 1024
"""A photograph as a telephone makes it, and the fields beside it; the same for pages and for programs."""
WITH_FILES: Final = ("/bonnen", "/huisstijl/logo", "/huisstijl/tokens", "/koppeling", "/inlezen")
"""Only what is sent to an address that ends like this comes with a file; all else stays small."""
PARTS_MAX: Final = 400
_PART: Final = re.compile(
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


async def body(request: Request, limit: int) -> bytes:
    """The body, given up as soon as it is longer than the limit, whatever its header promised. Raises TooLarge."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > limit:
            raise TooLarge
    return bytes(read)


async def parts(request: Request) -> Typed:
    """Fields and files of a multipart body. Raises TooLarge, Garbled."""
    boundary = _BOUNDARY.search(request.headers.get("content-type", "").strip())
    if boundary is None:
        raise Garbled
    return _apart(await body(request, FILE_BYTES_MAX), boundary[1].encode())


def _apart(sent: bytes, boundary: bytes) -> Typed:
    """Fields and files between the lines of a boundary (RFC 7578)."""
    before, *pieces = (b"\r\n" + sent).split(b"\r\n--" + boundary, PARTS_MAX + 1)
    if before or not pieces or pieces[-1].strip(b"\r\n") != b"--":
        raise Garbled
    read = Typed({})
    for piece in pieces[:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        named = _PART.search(head)
        if named is None:
            raise Garbled
        try:
            name = named[1].decode()
            if named[2]:
                read.files[name] = content
            else:
                read.values.setdefault(name, []).append(one_line_end(content.decode()))
        except UnicodeDecodeError:
            raise Garbled from None
    return read


def one_line_end(value: str) -> str:
    """Browsers send CR LF for each line of a text area; lengths are counted without the CR."""
    return value.replace("\r\n", "\n")
