"""See that the tests have what comes from Debian: Chromium, and Pango for PDF. Installed when missing and we may."""

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome")
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
INSTALL = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends")


def has_browser() -> bool:
    """Whether a Chromium is on the PATH."""
    return any(map(shutil.which, NAMES))


def has_pdf_libraries() -> bool:
    """Whether the libraries that lay out a PDF are there."""
    return all(map(ctypes.util.find_library, PDF_LIBRARIES))


def main() -> None:
    """Install what is missing, or say in one sentence what is left out. Never fails: other tests run without."""
    _see_to("Chromium", "browser tests are skipped", has_browser, ("chromium",))
    _see_to(
        "Pango",
        "tests of letters and cheques are skipped",
        has_pdf_libraries,
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    )


def _see_to(name: str, without: str, there: Callable[[], bool], packages: tuple[str, ...]) -> None:
    if there():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"There is no {name}: {without} (as root: apt-get install {' '.join(packages)}).")
        return
    print(f"Installing {name} for the tests ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "--quiet"), (*INSTALL, *packages)):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"{name} could not be installed ({reason}): {without}.")
            return


if __name__ == "__main__":
    main()
