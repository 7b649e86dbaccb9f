"""See that the browser tests have a Chromium: Debian's, installed when it is missing and we may."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")


def main() -> None:
    """Install a browser, or say in one sentence that there is none. Never fails: other tests run without."""
    if any(map(shutil.which, NAMES)):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print("There is no Chromium: browser tests are skipped (as root: apt-get install chromium).")
        return
    print("Installing Chromium for the browser tests ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "--quiet"), INSTALL):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"Chromium could not be installed ({reason}): browser tests are skipped.")
            return


if __name__ == "__main__":
    main()
