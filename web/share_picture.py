"""The picture beside a shared address: our street in the colours of a municipality, with its name.

The colours of the drawing, and the mixtures at their edges, are exchanged in its palette; the words are set anew.
"""

import io
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Final

from app.looks.dress import LIGHT, Dress
from web.assets import STATIC_DIR

if TYPE_CHECKING:
    from PIL import Image as Pictures

Rgb = tuple[float, ...]
FIXED: Final = ("#ffffff", "#14211b", "#46564d")
"""White and our inks: they are read on every ground."""
WORDS: Final = (225, 160, 900, 240)
"""Where the words below the name of the site stand."""
LEFT, LINE_1, LINE_2, SIZE = 233, 160, 214, 40
MOST_WIDE: Final = 760
SAID: Final = "Vraag hulp aan een buur, of help zelf."


def _rgb(value: str) -> Rgb:
    return tuple(int(value[at : at + 2], 16) for at in (1, 3, 5))


@lru_cache(maxsize=64)
def made(place: str, colours: tuple[tuple[str, str], ...]) -> bytes:
    """A PNG of 1200 by 630 with these colours, by the names of their tokens."""
    from PIL import Image

    with Image.open(STATIC_DIR / "share.png") as file:
        picture = file.copy()
    picture = _recoloured(picture, dict(colours)).convert("RGB")
    _write(picture, place, dict(colours))
    kept = io.BytesIO()
    picture.quantize(256).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def of(dress: Dress, place: str) -> bytes:
    """The picture of a municipality."""
    return made(place, tuple(sorted(dress.light.items())))


def _recoloured(picture: "Pictures.Image", wanted: dict[str, str]) -> "Pictures.Image":
    """Each colour of the palette is one of ours or a mixture of two: the same of the others."""
    pairs = [
        (_rgb(LIGHT[name]), _rgb(wanted[name]))
        for name in ("il-sky", "il-2", "il-3", "il-5", "rose", "green")
    ]
    pairs += [(_rgb(one), _rgb(one)) for one in FIXED]
    flat = picture.getpalette() or []
    entries = [tuple(map(float, flat[at : at + 3])) for at in range(0, len(flat), 3)]
    picture.putpalette([round(part) for entry in entries for part in _mixed(entry, pairs)])
    return picture


def _mixed(entry: Rgb, pairs: list[tuple[Rgb, Rgb]]) -> Rgb:
    best: tuple[float, Rgb] = (float("inf"), entry)
    for (one, one_to), (other, other_to) in combinations(pairs, 2):
        span = [b - a for a, b in zip(one, other, strict=True)]
        along = sum((e - a) * s for e, a, s in zip(entry, one, span, strict=True))
        share = min(1.0, max(0.0, along / (sum(s * s for s in span) or 1)))
        off = sum((e - a - share * s) ** 2 for e, a, s in zip(entry, one, span, strict=True))
        if off < best[0]:
            best = off, tuple(a + share * (b - a) for a, b in zip(one_to, other_to, strict=True))
    return best[1]


def _write(picture: "Pictures.Image", place: str, wanted: dict[str, str]) -> None:
    from PIL import ImageDraw, ImageFont

    draw = ImageDraw.Draw(picture)
    draw.rectangle(WORDS, fill=wanted["il-sky"])
    font = STATIC_DIR / "vendor" / "schibsted-grotesk.woff2"
    words = ImageFont.truetype(font, SIZE)
    draw.text((LEFT, LINE_1), SAID, font=words, fill=FIXED[2])
    name = ImageFont.truetype(font, SIZE)
    name.set_variation_by_axes([700])
    while name.getlength(place) > MOST_WIDE:
        name = ImageFont.truetype(font, round(name.size * 0.9))
        name.set_variation_by_axes([700])
    draw.text((LEFT, LINE_2), place, font=name, fill=wanted["green"])
