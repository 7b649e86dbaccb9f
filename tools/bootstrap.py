"""Make .venv and install the locked requirements into it: `tools/bootstrap.py run build [test] [check]`.

Runs on the machine's own Python, with nothing installed. A second call finds its stamp and does nothing. Each
failure is one sentence: whoever reads it only wanted to start the program.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER = [f"python3.{minor}" for minor in (13, 12, 11, 14)]


def main(groups: list[str]) -> None:
    """Install the groups, each a file of requirements, and the project itself."""
    if sys.version_info < OLDEST:
        run_under_a_newer_python()
    stamp, wanted = VENV / ".installed", fingerprints(groups)
    if venv_works() and set(wanted) <= set(read(stamp)):
        return
    make_venv()
    kept = [line for line in read(stamp) if line.split()[0] not in groups]
    stamp.unlink(missing_ok=True)
    install(groups)
    stamp.write_text("\n".join([*kept, *wanted]) + "\n")


def run_under_a_newer_python() -> None:
    """Start anew under a newer Python of this machine, if it has one."""
    for name in NEWER:
        if found := shutil.which(name):
            os.execv(found, [found, __file__, *sys.argv[1:]])
    found_version = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"ZorgvoorElkaar needs Python 3.11 or newer; this is {found_version}.")


def fingerprints(groups: list[str]) -> list[str]:
    """One line a group: its name, and a digest of all that its installation depends on."""
    shared = (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    return [
        f"{group} {hashlib.sha256(shared + requirements(group).read_bytes()).hexdigest()}" for group in groups
    ]


def requirements(group: str) -> Path:
    """The locked file of a group."""
    return ROOT / "requirements" / f"{group}.txt"


def read(stamp: Path) -> list[str]:
    """The lines of the stamp, none if there is no stamp."""
    return stamp.read_text().splitlines() if stamp.exists() else []


def venv_works() -> bool:
    """Whether the environment is there and its Python, which may have been upgraded away, still runs."""
    return PYTHON.exists() and quiet(PYTHON, "-c", "import pip").returncode == 0


def make_venv() -> None:
    """Make the environment, unless a working one stands."""
    if venv_works():
        return
    if quiet(sys.executable, "-c", "import ensurepip, venv").returncode != 0:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"Python's venv is missing: install it with `apt install python3-venv` (or python{version}-venv)."
        )
    say("Making .venv ...")
    made = quiet(sys.executable, "-m", "venv", "--clear", VENV)
    if made.returncode != 0:
        sys.exit(f"Python cannot make {VENV}: {last_line(made)}")


def install(groups: list[str]) -> None:
    """The locked packages, each checked against its hash, then the project as it stands here."""
    say(f"Installing what the project needs ({', '.join(groups)}) ...")
    files = [part for group in groups for part in ("-r", requirements(group))]
    pip("install", "--require-hashes", *files)
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT)


def pip(command: str, *arguments: object) -> None:
    """Run the environment's pip; what it says is shown only if it fails."""
    done = quiet(
        PYTHON, "-m", "pip", command, "--quiet", "--no-input", "--disable-pip-version-check", *arguments
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        sys.exit("The packages could not be installed; pip says why above. Is there a network?")


def quiet(*command: object) -> "subprocess.CompletedProcess[str]":
    """Run a program and keep what it says."""
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=ROOT,
    )


def last_line(done: "subprocess.CompletedProcess[str]") -> str:
    """The last thing a program said."""
    return (done.stdout.strip().splitlines() or ["it says nothing"])[-1]


def say(text: str) -> None:
    """Tell the person who waits what takes so long."""
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
