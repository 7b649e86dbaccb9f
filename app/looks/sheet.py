"""The sheet with a municipality's own colours: a few custom properties, for the light page and the dark one."""

import hashlib

from app.looks.palette import Colour, tokens


def css(rose: Colour | None, green: Colour | None) -> str:
    """The sheet that its pages link; empty where nothing differs from ours."""
    light, dark = (declared(tokens(rose, green, theme)) for theme in ("light", "dark"))
    if not light:
        return ""
    return (
        f":root{{{light}}}\n"
        f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
    )


def key(sheet: str) -> str:
    """Twelve hex digits that change with what is in it; empty for an empty one."""
    return hashlib.sha256(sheet.encode()).hexdigest()[:12] if sheet else ""


def declared(properties: dict[str, str]) -> str:
    """Custom properties as they stand in a rule."""
    return ";".join(f"--{name}:{value}" for name, value in properties.items())
