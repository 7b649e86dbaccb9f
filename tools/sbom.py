"""Write what a release consists of as CycloneDX 1.6: `python tools/sbom.py [file]`, by default `dist/sbom.cdx.json`.

Read from the two lock files, which are what a release installs: requirements/run.txt and, of package-lock.json,
what pages are served. Licences come from the installed packages. The same locks make the same file, byte for byte.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "dist" / "sbom.cdx.json"
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)(?: ; (.+?))? \\$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
SPDX = re.compile(r"[A-Za-z0-9.+-]+")
Component = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Write the file, and say what is in it."""
    target = Path(arguments[0]) if arguments else TARGET
    made = bill()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(made, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{target}: {len(made['components'])} components")


def bill() -> dict[str, Any]:
    """The whole bill of materials."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = sorted([*from_requirements(), *from_npm()], key=lambda one: str(one["purl"]))
    itself = f"pkg:generic/{project['name']}@{project['version']}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps([itself, components], sort_keys=True))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": itself, "name": project["name"], "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}], "purl": itself,
            }
        },
        "components": components,
        "dependencies": [{"ref": itself, "dependsOn": [one["bom-ref"] for one in components]}],
    }  # fmt: skip


def from_requirements(text: str | None = None) -> Iterator[Component]:
    """Every locked Python package, with the hashes of the files that may be installed for it."""
    found: Component | None = None
    for line in (text or (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")).splitlines():
        if pinned := PINNED.match(line):
            if found:
                yield found
            name, version, only = pinned.groups()
            found = component(f"pkg:pypi/{name}@{version}", name, version, licence_of(name))
            found["hashes"] = []
            if only:
                found["properties"] = [{"name": "installed-when", "value": only}]
        elif found:
            found["hashes"] += [{"alg": "SHA-256", "content": one} for one in HASH.findall(line)]
    if found:
        yield found


def from_npm() -> Iterator[Component]:
    """Every locked package of which something is served; what only builds or tests is left out."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, package in packages.items():
        if path and not package.get("dev"):
            name = path.rpartition("node_modules/")[2]
            purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
            found = component(purl, name, package["version"], package.get("license", ""))
            algorithm, _, digest = package["integrity"].partition("-")
            content = base64.b64decode(digest).hex()
            found["hashes"] = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
            yield found


def component(purl: str, name: str, version: str, licence: str) -> Component:
    """One library; a licence that is one word is an SPDX name, else it is given as it was written."""
    made: Component = {"type": "library", "bom-ref": purl, "purl": purl, "name": name, "version": version}
    if licence:
        one_word = SPDX.fullmatch(licence)
        made["licenses"] = [{"license": {"id" if one_word else "name": licence}}]
    return made


def licence_of(name: str) -> str:
    """What an installed package says its licence is, when it says so in one line; nothing for who is not installed."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return ""
    said = next((str(found[name]) for name in ("License-Expression", "License") if name in found), "")
    return said if "\n" not in said and len(said) <= 100 and said != "UNKNOWN" else ""


if __name__ == "__main__":
    main(sys.argv[1:])
