"""The first seconds on a machine where nothing is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import ROOT
from tools import bootstrap


def test_a_second_start_installs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "venv_works", lambda: True)
    monkeypatch.setattr(bootstrap, "install", installed.append)

    bootstrap.main(["run", "build"])
    bootstrap.main(["run", "build"])
    bootstrap.main(["build"])

    assert installed == [["run", "build"]]


def test_new_requirements_are_installed_beside_those_that_stand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "venv_works", lambda: True)
    monkeypatch.setattr(bootstrap, "install", installed.append)

    bootstrap.main(["run"])
    bootstrap.main(["run", "test"])
    bootstrap.main(["run"])

    assert installed == [["run"], ["run", "test"]]


def test_an_old_python_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"^ZorgvoorElkaar needs Python 3\.11 or newer; this is 3\.\d+\.$"):
        bootstrap.main(["run"])


def test_a_missing_venv_is_told_in_one_sentence(tmp_path: Path) -> None:
    """As on Debian without python3-venv: the module that brings pip is not there."""
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    (tmp_path / "tools").mkdir()
    (tmp_path / "requirements").mkdir()
    for path in ("tools/bootstrap.py", "requirements/run.txt", "pyproject.toml"):
        (tmp_path / path).write_bytes((ROOT / path).read_bytes())

    done = subprocess.run(
        [sys.executable, "tools/bootstrap.py", "run"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert done.stderr.count("\n") == 1
