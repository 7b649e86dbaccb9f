"""Receipts: a photograph or PDF comes in, and leaves as something that can do no harm.

A photograph is made anew from its pixels: what else was in the file (where and when it was taken, by which
telephone, a script for who opens it as a page) does not come along. A PDF is kept as it is and only ever sent as a
file to be saved. Pillow is imported when a photograph comes, since the web process starts without it.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from app.welfare.errors import WrongFile

FIELD: Final = "bon"
SENT_BYTES_MAX: Final = 10 * 1024 * 1024
"""What a telephone makes; it becomes smaller here."""
PDF_BYTES_MAX: Final = 5 * 1024 * 1024
PIXELS_MAX: Final = 50_000_000
SIDE_PX: Final = 1600
"""Enough to read a receipt."""
QUALITY: Final = 80
JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
STARTS: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-1.", PDF), (b"%PDF-2.", PDF))
FORMATS: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
ACTIVE: Final = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/RichMedia", b"/SubmitForm",
                 b"/ImportData", b"/XFA")  # fmt: skip
"""What a script or another program cannot do without; shorter names stand in any photograph by chance."""


def _spelled(name: bytes) -> bytes:
    """A pattern for a name of a PDF, of which any letter may be written as its number."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name[1:])


USES: Final = re.compile(b"(?:" + b"|".join(map(_spelled, ACTIVE)) + b")(?![0-9A-Za-z])")
"""``/XFAB`` is another name than ``/XFA``."""
PACKED: Final = re.compile(_spelled(b"/ObjStm") + rb"\b.{0,400}?stream\r?\n", re.DOTALL)
PACKED_MAX: Final = 200
"""Streams of packed objects in one PDF; a receipt has a few."""
UNPACKED_MAX: Final = 4 * 1024 * 1024
"""All of them together: small files can hold very much."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A file as it is kept, and the SHA-256 of what was sent."""

    media_type: str
    content: bytes
    sent_hash: bytes
    width: int | None = None
    height: int | None = None


def read(sent: bytes) -> Receipt:
    """The receipt in a file, by what it holds and never by its name.

    Raises WrongFile: file-missing, file-large, file-type, file-broken.
    """
    if not sent:
        raise _wrong("file-missing")
    if len(sent) > SENT_BYTES_MAX:
        raise _wrong("file-large")
    kind = _kind(sent)
    if kind == PDF:
        return _pdf(sent)
    return _photograph(sent, kind)


def _wrong(code: str) -> WrongFile:
    return WrongFile(details={FIELD: code})


def _kind(sent: bytes) -> str:
    if sent[:4] == b"RIFF" and sent[8:12] == b"WEBP":
        return WEBP
    found = next((kind for start, kind in STARTS if sent.startswith(start)), None)
    if found is None:
        raise _wrong("file-type")
    return found


def _pdf(sent: bytes) -> Receipt:
    if len(sent) > PDF_BYTES_MAX:
        raise _wrong("file-large")
    if b"%%EOF" not in sent[-2048:]:
        raise _wrong("file-broken")
    for part in chain((sent,), _unpacked(sent)):
        if USES.search(part):
            raise _wrong("file-type")
    return Receipt(PDF, sent, sha256(sent).digest())


def _unpacked(sent: bytes) -> Iterator[bytes]:
    """Objects of a PDF that are packed together; what cannot be unpacked, or is too much, is not taken."""
    left = UNPACKED_MAX
    for number, found in enumerate(PACKED.finditer(sent), 1):
        unpacker = zlib.decompressobj()
        try:
            part = unpacker.decompress(sent[found.end() :], left)
        except zlib.error as broken:
            raise _wrong("file-broken") from broken
        left -= len(part)
        if not unpacker.eof or left <= 0 or number > PACKED_MAX:
            raise _wrong("file-large")
        yield part


def _photograph(sent: bytes, kind: str) -> Receipt:
    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint lets half a picture through, for the whole process
    try:
        with Image.open(io.BytesIO(sent), formats=[FORMATS[kind]]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise _wrong("file-large")
            image.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))  # a JPEG is then decoded small, in little memory
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((SIDE_PX, SIDE_PX))
            flat = _on_white(upright)
    except WrongFile:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError) as broken:
        raise _wrong("file-broken") from broken
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Receipt(JPEG, made.getvalue(), sha256(sent).digest(), flat.width, flat.height)


def _on_white(image: Any) -> Any:
    """Pixels only, without transparency and without what came with the file."""
    from PIL import Image

    seen = image.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat
