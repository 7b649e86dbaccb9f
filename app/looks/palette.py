"""From one colour of a municipality to the set that a page needs, readable in both themes.

The hue stays; lightness goes in steps of a hundredth (HLS) until text in that colour can be read: at least 6 : 1 on
the white page and 7 : 1 on the dark one. What stands on it is picked by its ratio. A hue beside that of an error or a
warning is refused: red must keep meaning that something is wrong.
"""

import colorsys
import re
from dataclasses import dataclass
from typing import Final

HEX: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
PAPER: Final = {"light": "#ffffff", "dark": "#111916"}
INK: Final = {"light": "#14211b", "dark": "#eef4f0"}
LEAST_ON_PAPER: Final = {"light": 6.0, "dark": 7.0}
LEAST_TEXT: Final = 4.5
LEAST_EDGE: Final = 3.0
RESERVED: Final = (("brick", "#a52a0a"), ("amber", "#9a5b00"))
"""Colours that mean something everywhere: wrong, and mind this."""
NEAR_DEGREES: Final = 12.0
GREY: Final = 0.12
"""Below this saturation a colour has no hue to be mistaken for."""
STEP: Final = 0.01
OURS: Final = {"rose": "#b0174f", "green": "#12513e"}
"""What each of the two is where a municipality has chosen nothing."""


class NotAColour(ValueError):
    """This cannot be read as a colour."""


class TooNear(ValueError):
    """The hue is that of an error or a warning; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Shade:
    """One of the two colours in one theme: itself, its deeper form for hovering, its soft ground, what stands on it."""

    base: str
    deep: str
    soft: str
    ink: str
    on: str
    mid: str
    steps: int
    """How many steps it was made darker or lighter to be read; 0 is as it was given."""

    @property
    def changed(self) -> bool:
        """Whether it is another colour than was given."""
        return self.steps > 0


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as it was given, and what it is in both themes."""

    given: str
    light: Shade
    dark: Shade


def hexadecimal(typed: str) -> str:
    """``#rrggbb`` in lower case, of ``E30613``, ``#e30`` and the like. Raises NotAColour."""
    text = typed.strip().lower()
    text = text if text.startswith("#") else f"#{text}"
    if HEX.fullmatch(text) is None:
        raise NotAColour(typed)
    return text if len(text) == 7 else "#" + "".join(letter * 2 for letter in text[1:])


def colour(given: str) -> Colour:
    """The colour in both themes. Raises NotAColour, TooNear."""
    whole = hexadecimal(given)
    _refuse_near(whole)
    return Colour(whole, _shade(whole, "light"), _shade(whole, "dark"))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2: 1 for two that are alike, 21 for black on white."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(value: str) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(value)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _rgb(value: str) -> tuple[float, float, float]:
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hls(value: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_rgb(value))


def _from_hls(hue: float, lightness: float, saturation: float) -> str:
    parts = colorsys.hls_to_rgb(hue, min(1, max(0, lightness)), min(1, max(0, saturation)))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def from_hsl(hue_degrees: float, saturation: float, lightness: float) -> str:
    """The colour of CSS's ``hsl()``, as ``#rrggbb``."""
    return _from_hls(hue_degrees % 360 / 360, lightness, saturation)


def _refuse_near(value: str) -> None:
    hue, _, saturation = _hls(value)
    if saturation < GREY:
        return
    for name, reserved in RESERVED:
        apart = abs(hue - _hls(reserved)[0]) * 360
        if min(apart, 360 - apart) < NEAR_DEGREES:
            raise TooNear(name)


def _until(value: str, ground: str, least: float, *, darker: bool) -> tuple[str, int]:
    """The nearest form of this hue with at least that ratio on the ground, and how many steps away it is."""
    hue, lightness, saturation = _hls(value)
    found, steps = value, 0
    while contrast(found, ground) < least and steps < 100:
        steps += 1
        found = _from_hls(hue, lightness - STEP * steps if darker else lightness + STEP * steps, saturation)
    return found, steps


def _shade(given: str, theme: str) -> Shade:
    darker = theme == "light"
    base, steps = _until(given, PAPER[theme], LEAST_ON_PAPER[theme], darker=darker)
    hue, lightness, saturation = _hls(base)
    deep = _from_hls(hue, lightness - 0.1 if darker else lightness + 0.08, saturation)
    soft = _soft(hue, saturation, theme)
    base, more = _until(base, soft, LEAST_TEXT, darker=darker)
    ink, _ = _until(deep, soft, LEAST_TEXT + 1.5, darker=darker)
    on = _on(base, deep)
    mid, _ = _until(_from_hls(hue, lightness + (0.16 if darker else -0.12), saturation), PAPER[theme],
                    LEAST_EDGE + 1, darker=darker)  # fmt: skip
    return Shade(base, deep, soft, ink, on, mid, steps + more)


def _soft(hue: float, saturation: float, theme: str) -> str:
    """A ground of this hue on which the page's own ink reads well."""
    lightness = 0.945 if theme == "light" else 0.15
    soft = _from_hls(hue, lightness, min(saturation, 0.6))
    return _until(soft, INK[theme], 10.0, darker=theme == "dark")[0]


def _on(base: str, deep: str) -> str:
    """White or nearly black, whichever reads best on the colour, and on its form under the pointer."""
    return max(("#ffffff", "#0d1411"), key=lambda text: min(contrast(text, base), contrast(text, deep)))


def tokens(rose: Colour | None, green: Colour | None, theme: str) -> dict[str, str]:
    """The custom properties that differ from ours, by name without the dashes."""
    found: dict[str, str] = {}
    if rose is not None:
        shade = rose.light if theme == "light" else rose.dark
        found |= {
            "rose": shade.base, "rose-deep": shade.deep, "rose-soft": shade.soft, "rose-ink": shade.ink,
            "on-rose": shade.on, "il-5": shade.soft if theme == "light" else shade.mid,
        }  # fmt: skip
    if green is not None:
        shade = green.light if theme == "light" else green.dark
        bar = green.light
        found |= {
            "green": shade.base, "green-deep": shade.ink, "green-soft": shade.soft, "green-mid": shade.mid,
            "on-green": shade.on, "www": shade.base if theme == "light" else shade.soft,
            "on-www": shade.on if theme == "light" else INK["dark"], "bar": bar.deep,
        }  # fmt: skip
        found |= _street(green, theme)
    return found


def _street(green: Colour, theme: str) -> dict[str, str]:
    """The street on the first page, in the municipality's own colour."""
    hue, _, saturation = _hls(green.given)
    saturation = min(saturation, 0.5)
    steps = (0.93, 0.22, 0.42, 0.78) if theme == "light" else (0.12, 0.30, 0.20, 0.17)
    names = ("il-sky", "il-1", "il-2", "il-3")
    return {name: _from_hls(hue, step, saturation) for name, step in zip(names, steps, strict=True)}


def ratios(shade: Shade, theme: str) -> dict[str, float]:
    """What was reckoned, for whoever wants to see it: on the page, on its own soft ground, and what stands on it."""
    return {
        "paper": contrast(shade.base, PAPER[theme]),
        "soft": contrast(shade.base, shade.soft),
        "on": min(contrast(shade.on, shade.base), contrast(shade.on, shade.deep)),
        "ink": contrast(INK[theme], shade.soft),
    }
