"""See that the tests have what comes from Debian: Chromium, and Pango for PDF. Installed when missing and we may."""

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The shell without windows first: it takes half the time."""
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
INSTALL = ("install", "--yes", "--quiet", "--no-install-recommends")


def has_browser() -> bool:
    """Whether a Chromium is on the PATH."""
    return any(map(shutil.which, NAMES))


def has_pdf_libraries() -> bool:
    """Whether the libraries that lay out a PDF are there."""
    return all(map(ctypes.util.find_library, PDF_LIBRARIES))


def may_install() -> bool:
    """Whether what is missing can be installed: by root, with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def main() -> None:
    """Install what is missing, or say in one sentence what is left out. Never fails: other tests run without.

    Where we may install, a test that misses it fails instead of being skipped (`tests/promised.py`).
    """
    _see_to("Chromium", "browser tests are skipped", has_browser, ["chromium-headless-shell"], ["chromium"])
    _see_to(
        "Pango",
        "tests of letters and cheques are skipped",
        has_pdf_libraries,
        ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"],
    )


def _see_to(name: str, without: str, there: Callable[[], bool], *choices: list[str]) -> None:
    """Install the first choice of packages, or the next where Debian has not got that."""
    if there():
        return
    if not may_install():
        print(f"There is no {name}: {without} (as root: apt-get install {' '.join(choices[0])}).")
        return
    print(f"Installing {name} for the tests ...", flush=True)
    reason = _run("update", "--quiet")
    if not reason:
        for packages in choices:
            reason = _run(*INSTALL, *packages)
            if there():
                return
    print(f"{name} could not be installed ({reason or 'no reason given'}): {without}.")


def _run(*arguments: str) -> str:
    """Why apt-get did not do it, or nothing."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or ["no reason given"])[-1]


if __name__ == "__main__":
    main()
