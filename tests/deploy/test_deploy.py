"""What stands in deploy/ names commands, settings, addresses and figures that are there."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from app.cli import command
from app.config import Settings, unknown, variable
from app.watching import watch
from tests.databases import ROOT

DEPLOY = ROOT / "deploy"
FIGURE = re.compile(r"\bzve_[a-z_]+")
SUFFIXES = re.compile(r"_(bucket|sum|count)$")


def commands() -> set[str]:
    return set(get_command(command).commands)  # type: ignore[attr-defined]


def figures() -> set[str]:
    """Every figure that the code writes; that `/metrics` has them all is tried in tests/app/test_watching.py."""
    sources = (ROOT / "app" / "watching").glob("*.py")
    return {name for path in sources for name in re.findall(r'"(zve_[a-z_]+)"', path.read_text())}


def unit(path: Path) -> ConfigParser:
    parsed = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(path.read_text())
    return parsed


UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_is_there_with_the_settings_of_a_region(path: Path) -> None:
    parsed = unit(path)
    if path.suffix == ".timer":
        assert parsed["Timer"]["OnCalendar"]
        assert path.with_suffix(".service") in UNITS
        return
    started = parsed["Service"]["ExecStart"].split()

    assert (ROOT / started[0].removeprefix("/opt/zorgvoorelkaar/")).stat().st_mode & 0o111
    assert started[1] == "%i"
    assert started[2] == "/opt/zorgvoorelkaar/.venv/bin/zorgvoorelkaar"
    assert started[3] in commands()
    assert parsed["Service"]["NoNewPrivileges"] == "yes"
    assert parsed["Service"]["User"] == "zorgvoorelkaar"


def test_the_container_starts_a_command_that_is_there_and_asks_whether_it_lives() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    (entry,) = re.findall(r"^ENTRYPOINT (\[.*\])$", text, re.MULTILINE)
    (started,) = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)

    assert json.loads(entry) == ["/opt/zorgvoorelkaar/.venv/bin/zorgvoorelkaar"]
    assert set(json.loads(started)) <= commands()
    assert f"http://127.0.0.1:8000{watch.ALIVE}'" in text
    assert re.findall(r"^USER (\w+)$", text, re.MULTILINE) == ["zorgvoorelkaar"]
    assert {tool for tool in re.findall(r"tools/\w+\.py", text) if not (ROOT / tool).exists()} == set()
    (environment,) = re.findall(r"^ENV (.*)$", text, re.MULTILINE)
    names = [pair.partition("=")[0] for pair in environment.split()]
    assert unknown(dict.fromkeys(names, "")) == []


def test_the_composition_starts_commands_that_are_there_in_their_order() -> None:
    whole: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    ours = {name: one for name, one in whole["services"].items() if one["image"] == "zorgvoorelkaar"}

    assert {one["command"][0] for one in ours.values()} == {"migrate", "serve", "worker"}
    assert {one["command"][0] for one in ours.values()} <= commands()
    assert all("migrate" in one["depends_on"] for name, one in ours.items() if name != "migrate")
    assert all(
        port.startswith("127.0.0.1:") for one in whole["services"].values() for port in one.get("ports", ())
    )
    named = {volume.split(":")[0] for one in whole["services"].values() for volume in one.get("volumes", ())}
    assert {name for name in named if not name.startswith(".")} == set(whole["volumes"])


class Composed(yaml.SafeLoader):
    """With the mark that compose has for what an earlier file said and a later one takes back."""


def _list(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> list[Any]:
    return loader.construct_sequence(node)


Composed.add_constructor("!reset", _list)


def test_more_processes_go_over_the_composition_of_one_and_through_the_pool() -> None:
    one: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    many: dict[str, Any] = yaml.load((DEPLOY / "compose.many.yaml").read_text(), Composed)["services"]  # noqa: S506 - a safe one

    assert set(many) & set(one) == {"web", "worker"}
    assert {name for name, it in many.items() if it.get("deploy", {}).get("replicas") == 2} == {
        "web",
        "worker",
    }
    assert all("pool" in many[name]["depends_on"] for name in ("web", "worker"))
    assert many["web"]["ports"] == []  # two cannot have the same one
    ports = [port for it in many.values() for port in it.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    beside = {volume.split(":")[0] for it in many.values() for volume in it.get("volumes", ())}
    assert beside == {"./pgbouncer.ini", "./userlist.txt", "./Caddyfile"}
    asked = (DEPLOY / "Caddyfile.compose.example").read_text()
    assert "dynamic a web 8000" in asked
    assert f"@inside path /metrics {watch.READY}" in asked


def test_the_example_of_settings_names_settings_that_can_be_right() -> None:
    lines = (DEPLOY / "region.env.example").read_text().splitlines()
    pairs = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    known = {variable(name): name for name in Settings.model_fields}

    assert set(pairs) <= set(known)
    given: dict[str, Any] = {
        name if name == known[name].upper() else known[name]: value.strip("'")
        for name, value in pairs.items()
    }
    Settings(**given)


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
def test_only_figures_that_are_there_are_looked_at(name: str) -> None:
    named = set(FIGURE.findall((DEPLOY / name).read_text()))

    assert len(named) > 5
    assert {
        one for one in named if SUFFIXES.sub("", one) not in figures() | {"zve_http_request_seconds"}
    } == set()


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]:
        yield from group["rules"]


def test_each_alert_says_what_is_wrong_and_what_to_type() -> None:
    for rule in rules():
        assert FIGURE.search(rule["expr"]), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["remedy"].split()[1] in commands()


def test_each_panel_of_the_dashboard_has_a_title_a_place_and_a_question() -> None:
    panels = json.loads((DEPLOY / "dashboard.json").read_text())["panels"]
    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in panels]

    assert len(panels) == len({one["id"] for one in panels}) == len(set(places))
    assert all(one["title"] and one["targets"] for one in panels)


@pytest.mark.parametrize(
    ("instance", "said"),
    [("zuid-oost-8001", "8001 https://zorg.voorbeeld.nl"), ("zuid-oost", "8123 https://zorg.voorbeeld.nl")],
)
def test_a_command_runs_with_the_settings_of_its_region_and_the_port_of_its_process(
    tmp_path: Path, instance: str, said: str
) -> None:
    (tmp_path / "zuid-oost.env").write_text("PORT=8123\nZVE_BASE_URL=https://zorg.voorbeeld.nl\n")
    done = in_region(tmp_path, instance, "sh", "-c", "echo $PORT $ZVE_BASE_URL")

    assert done.stdout.strip() == said


def test_nothing_but_the_settings_and_the_port_is_passed_on(tmp_path: Path) -> None:
    """A variable `port` of the script's own would be read as the setting PORT."""
    (tmp_path / "zuid.env").write_text("ZVE_LOG=json\n")
    done = in_region(tmp_path, "zuid", "env")

    assert {line.partition("=")[0] for line in done.stdout.splitlines()} - {"_"} == {
        "PATH", "PWD", "ZVE_ETC", "ZVE_LOG"
    }  # fmt: skip


@pytest.mark.parametrize("instance", ["../zuid", "nergens", ""])
def test_a_region_without_settings_is_a_sentence(tmp_path: Path, instance: str) -> None:
    done = in_region(tmp_path, instance, "true")

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def in_region(etc: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DEPLOY / "in_region", *words], env={"PATH": os.environ["PATH"], "ZVE_ETC": str(etc)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
