"""Write the sheets of the screens so that they read from either side: `python -m tools.logical`.

What says left or right says start or end instead. What is printed stays: an envelope has its window on the left.
"""

import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "web" / "static"
PAPER: Final = ("letter.css", "paper.css", "papers.css")
SIDES: Final = {"left": "start", "right": "end"}
PHYSICAL: Final = re.compile(
    r"(?P<box>(?<![\w-])(?:margin|padding|border)-(?P<side>left|right)(?=-\w+:|:))"
    r"|(?P<place>(?<=[{;\s])(?P<edge>left|right)(?=:))"
    r"|(?P<text>(?<=text-align:)(?P<word>left|right)|(?<=float:)(?P<float>left|right))"
)


def sheets() -> list[Path]:
    """Those that are read from a screen, in whatever direction."""
    return sorted(path for path in FOLDER.glob("*.css") if path.name not in PAPER)


def physical(sheet: str) -> list[str]:
    """What of a sheet holds for one direction only."""
    return [found.group() for found in PHYSICAL.finditer(sheet)]


def logical(sheet: str) -> str:
    """The same sheet, without a side."""
    return PHYSICAL.sub(_without_a_side, sheet)


def _without_a_side(found: re.Match[str]) -> str:
    if found["box"]:
        return found["box"].removesuffix(found["side"]) + "inline-" + SIDES[found["side"]]
    if found["place"]:
        return f"inset-inline-{SIDES[found['edge']]}"
    word = found["word"]
    return SIDES[word] if word else f"inline-{SIDES[found['float']]}"


def main() -> None:
    """Rewrite what needs it."""
    for path in sheets():
        path.write_text(logical(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
