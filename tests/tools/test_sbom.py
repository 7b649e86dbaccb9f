"""The bill of materials lists what the lock files hold, and says it the same way each time."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.databases import ROOT
from tools.sbom import bill, from_requirements, main


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return bill()


def test_every_locked_package_is_in_it_with_its_version_and_hashes(made: dict[str, Any]) -> None:
    locked = re.findall(
        r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", (ROOT / "requirements/run.txt").read_text(), re.M
    )
    purls = {one["purl"]: one for one in made["components"]}
    assert len(locked) > 30
    for name, version in locked:
        assert purls[f"pkg:pypi/{name}@{version}"]["hashes"]


def test_what_is_served_is_in_it_and_what_only_tests_is_not(made: dict[str, Any]) -> None:
    names = {one["name"] for one in made["components"]}
    assert {"@fontsource-variable/schibsted-grotesk", "fastapi"} <= names
    assert names.isdisjoint({"axe-core", "pytest", "oidc-provider"})


def test_it_is_cyclonedx(made: dict[str, Any]) -> None:
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["serialNumber"])
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(refs) == len(set(refs))
    (root,) = made["dependencies"]
    assert root["dependsOn"] == refs
    for one in made["components"]:
        assert one["type"] == "library"
        for digest in one["hashes"]:
            length = {"SHA-256": 64, "SHA-512": 128}[digest["alg"]]
            assert re.fullmatch(rf"[0-9a-f]{{{length}}}", digest["content"])


def test_most_components_say_their_licence(made: dict[str, Any]) -> None:
    without = [one["name"] for one in made["components"] if "licenses" not in one]
    assert len(without) < len(made["components"]) / 3


def test_the_same_locks_make_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        main([str(tmp_path / name)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert json.loads((tmp_path / "one").read_text())["components"]


def test_a_package_for_some_machines_only_says_for_which() -> None:
    text = f"some-thing==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{'a' * 64}\n"
    (one,) = from_requirements(text)
    assert one["properties"][0]["value"] == "sys_platform == 'win32'"
