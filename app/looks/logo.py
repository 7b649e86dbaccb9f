"""A logo comes in as SVG or PNG, and leaves as a picture that can do no harm.

A PNG is made anew from its pixels, small enough for a page's head. An SVG is read, and written again with only shapes
and paint: no script, no style sheet, no link, no text from elsewhere, nothing that asks another host. It is served with
a policy of its own that forbids the same, so that one mistake here opens nothing.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET  # nosec B405
from xml.parsers import expat

from app.errors import Invalid

FIELD: Final = "logo"
SENT_BYTES_MAX: Final = 1024 * 1024
KEPT_BYTES_MAX: Final = 12 * 1024
"""It goes with the first page that somebody asks for, and that stays below 100 kB."""
PIXELS_MAX: Final = 20_000_000
HIGH_PX, WIDE_PX = 96, 320
"""Twice what is shown, for screens with small dots."""
SVG, PNG = "image/svg+xml", "image/png"
NAMESPACE: Final = "http://www.w3.org/2000/svg"
PARTS_MAX: Final = 600
SHAPES: Final = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "title", "desc",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask",
})  # fmt: skip
NUMBERS: Final = frozenset({
    "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "d", "points",
    "viewBox", "transform", "gradientTransform", "offset", "opacity", "fill-opacity", "stroke-opacity", "stop-opacity",
    "stroke-width", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
})  # fmt: skip
WORDS: Final = frozenset({
    "fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin", "preserveAspectRatio", "gradientUnits",
    "clipPathUnits", "maskUnits", "maskContentUnits", "spreadMethod",
})  # fmt: skip
PAINT: Final = frozenset({"fill", "stroke", "stop-color", "color", "clip-path", "mask"})
NUMERIC: Final = re.compile(r"[\sa-zA-Z0-9.,()+%-]*")
A_COLOUR: Final = re.compile(
    r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,24}|rgba?\([\d\s.,%/]{1,60}\)|hsla?\([\d\s.,%/a-z]{1,60}\)"
)
OWN: Final = re.compile(r"url\(\s*['\"]?#([A-Za-z_][\w-]{0,60})['\"]?\s*\)")
"""Paint of its own, by its name; never one from elsewhere."""
ID: Final = re.compile(r"[A-Za-z_][\w-]{0,60}")


class WrongLogo(Invalid):
    """This file cannot become a logo; the details say why."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is kept."""

    media_type: str
    content: bytes

    @property
    def key(self) -> str:
        """Its name in an address: changes with what is in it, and tells by its ending what it is."""
        return f"{hashlib.sha256(self.content).hexdigest()[:12]}.{'svg' if self.media_type == SVG else 'png'}"


def read(sent: bytes) -> Logo:
    """The logo in a file, by what it holds and never by its name.

    Raises WrongLogo: logo-missing, logo-large, logo-type, logo-broken.
    """
    if not sent:
        raise _wrong("logo-missing")
    if len(sent) > SENT_BYTES_MAX:
        raise _wrong("logo-large")
    if sent.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(sent)
    if b"<svg" in sent[:4096]:
        return _svg(sent)
    raise _wrong("logo-type")


def _wrong(code: str) -> WrongLogo:
    return WrongLogo(details={FIELD: code})


def _png(sent: bytes) -> Logo:
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(sent), formats=["PNG"]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise _wrong("logo-large")
            picture = image.convert("RGBA")
    except WrongLogo:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError) as broken:
        raise _wrong("logo-broken") from broken
    box = picture.getchannel("A").getbbox()
    if box is None:
        raise _wrong("logo-broken")  # nothing to see
    picture = picture.crop(box)
    picture.thumbnail((WIDE_PX, HIGH_PX))
    for colours in (256, 64, 16):
        made = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.FASTOCTREE).save(made, "PNG", optimize=True)
        if made.tell() <= KEPT_BYTES_MAX:
            return Logo(PNG, made.getvalue())
    raise _wrong("logo-large")


def _svg(sent: bytes) -> Logo:
    if b"\0" in sent:  # in letters of two bytes, among which no declaration would be seen
        raise _wrong("logo-broken")
    if b"<!doctype" in sent.lower() or b"<!entity" in sent.lower():
        sent = _without_doctype(sent)
    try:
        # no entities are left to grow, and expat asks nothing from elsewhere; whatever it says of its letters, it is
        # read in those in which a declaration was looked for
        root = ET.fromstring(sent, ET.XMLParser(encoding="utf-8"))  # noqa: S314 # nosec B314
    except (ET.ParseError, expat.ExpatError, ValueError, LookupError) as broken:
        raise _wrong("logo-broken") from broken
    if _name(root.tag) != "svg":
        raise _wrong("logo-type")
    counter = [0]
    clean = _cleaned(root, counter)
    if clean is None or not any(_name(part.tag) in _DRAWN for part in clean.iter()):
        raise _wrong("logo-broken")
    _give_size(clean)
    ET.register_namespace("", NAMESPACE)
    content = ET.tostring(clean, encoding="utf-8")
    if len(content) > KEPT_BYTES_MAX:
        raise _wrong("logo-large")
    return Logo(SVG, content)


_DRAWN: Final = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_DOCTYPE: Final = re.compile(
    rb"<!doctype\s+svg\s+public\s+\"[^\"<>\[\]]*\"\s+\"[^\"<>\[\]]*\"\s*>", re.IGNORECASE
)


def _without_doctype(sent: bytes) -> bytes:
    """Drawing programs write the same bare line on top; any other declaration could hold entities, and is refused."""
    bare = _DOCTYPE.sub(b"", sent, count=1)
    if b"<!doctype" in bare.lower() or b"<!entity" in bare.lower():
        raise _wrong("logo-type")
    return bare


def _name(tag: object) -> str:
    """The name without its namespace; empty for what is no element of SVG."""
    if not isinstance(tag, str):
        return ""
    space, closed, name = tag.rpartition("}")
    return name if not closed or space == f"{{{NAMESPACE}" else ""


def _cleaned(part: ET.Element, counter: list[int]) -> ET.Element | None:
    """The same part with only what draws; None where nothing of it may stay."""
    counter[0] += 1
    if counter[0] > PARTS_MAX:
        raise _wrong("logo-large")
    name = _name(part.tag)
    if name not in SHAPES:
        return None
    clean = ET.Element(f"{{{NAMESPACE}}}{name}")
    for key, value in _attributes(part).items():
        if _allowed(key, value):
            clean.set(key, value.strip())
    if name in ("title", "desc"):
        return None  # the name stands beside it as text
    for child in part:
        kept = _cleaned(child, counter)
        if kept is not None:
            clean.append(kept)
    return clean


def _attributes(part: ET.Element) -> dict[str, str]:
    """Its attributes, with what stands in ``style`` taken apart: a policy without inline styles would drop that."""
    found = {key: value for key, value in part.attrib.items() if key != "style"}
    # cut at its signs: a pattern would look at a long row of blanks again from each of them
    for declaration in part.attrib.get("style", "").split(";"):
        key, _, value = declaration.partition(":")
        found[key.strip()] = value.strip().removesuffix("!important").rstrip()
    return found


def _allowed(key: str, value: str) -> bool:
    if len(value) > (40_000 if key in ("d", "points") else 400):
        return False
    if key == "id":
        return ID.fullmatch(value) is not None
    if key in NUMBERS:
        return NUMERIC.fullmatch(value) is not None
    if key in WORDS:
        return value.replace(" ", "").replace("-", "").isalpha()
    if key in PAINT:
        return bool(OWN.fullmatch(value.strip()) or A_COLOUR.fullmatch(value.strip()))
    return False


def _give_size(root: ET.Element) -> None:
    """A picture without a box would be cut off: its measures become one."""
    if "viewBox" not in root.attrib:
        width, height = (re.match(r"\s*([\d.]+)", root.get(side, "")) for side in ("width", "height"))
        if width is None or height is None:
            raise _wrong("logo-broken")
        root.set("viewBox", f"0 0 {width[1]} {height[1]}")
    for side in ("width", "height"):
        root.attrib.pop(side, None)
