"""The custom properties of our own sheet, read from it: what `/stijl` shows and what a look is laid over."""

import re
from functools import lru_cache
from typing import Final

from web.assets import STATIC_DIR

SHEET: Final = "zve.css"
PROPERTY: Final = re.compile(r"--([\w-]+):([^;}]+)")
COLOUR: Final = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?")
LIGHT: Final = re.compile(r"(?m)^:root\{([^}]*)\}")
DARK: Final = re.compile(r":root\[data-theme=dark\]\{([^}]*)\}")


def properties(theme: str) -> dict[str, str]:
    """Name and value of each, in "light" or "dark"; the dark set stands on top of the light one."""
    return _read(theme, (STATIC_DIR / SHEET).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(theme: str, _modified_ns: int) -> dict[str, str]:
    text = (STATIC_DIR / SHEET).read_text()
    found = dict(PROPERTY.findall(LIGHT.findall(text)[0]))
    if theme == "dark":
        found |= dict(PROPERTY.findall(DARK.findall(text)[0]))
    return {name: value.strip() for name, value in found.items()}


def colours(theme: str) -> dict[str, str]:
    """Those that are a colour, as ``#rrggbb``."""
    plain = {name: value for name, value in properties(theme).items() if COLOUR.fullmatch(value)}
    return {name: value if len(value) == 7 else "#" + "".join(2 * sign for sign in value[1:])
            for name, value in plain.items()}  # fmt: skip


def box(selector: str, theme: str, differing: str) -> str:
    """A rule that gives part of a page a whole theme of its own, whatever the page around it wears."""
    own = ";".join(f"--{name}:{value}" for name, value in properties(theme).items())
    return f"{selector}{{color-scheme:{theme};background:var(--paper);color:var(--ink);{own};{differing}}}\n"
