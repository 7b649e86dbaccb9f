"""What was typed: a request's form fields, read once and kept for whoever asks again.

A page's route takes its form through ``web.forms.Submitted``, never through FastAPI's own ``Form``: that one
reads the body first, and nothing is left for the token to be looked up in.
"""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from app import multipart
from app.multipart import WITH_FILES, Garbled, Typed, one_line_end

MAX_BYTES: Final = 256 * 1024
MAX_FIELDS: Final = 400


async def typed(request: Request) -> Typed | None:
    """The form of this request; None when its content type is not that of our forms. Raises TooLarge, Garbled."""
    if not hasattr(request.state, "typed"):
        request.state.typed = await _read(request)
    kept: Typed | None = request.state.typed
    return kept


async def _read(request: Request) -> Typed | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(await multipart.body(request, MAX_BYTES))
    if kind == "multipart/form-data" and request.url.path.endswith(WITH_FILES):
        return await multipart.parts(request)
    return None


def _urlencoded(body: bytes) -> Typed:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError:  # not ASCII, not UTF-8 below the percent signs, or too many fields
        raise Garbled from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(one_line_end(value))
    return Typed(values)
