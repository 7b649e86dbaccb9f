"""The chart of a region and the settings of pgbouncer name commands, settings, addresses and values that are there."""

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import yaml

from app.config import Settings, variable
from app.watching import watch
from tests.databases import ROOT
from tests.deploy.test_deploy import commands

CHART = ROOT / "deploy" / "helm" / "zorgvoorelkaar"
VALUE = re.compile(r"{{ \.(Values|Release)\.([\w.]+) }}")
SETTINGS = {variable(name) for name in Settings.model_fields}


def value(found: re.Match[str]) -> str:
    """What Helm puts there; raises KeyError for what `values.yaml` has not."""
    if found[1] == "Release":
        return {"Name": "zuidoost"}[found[2]]
    here: Any = yaml.safe_load((CHART / "values.yaml").read_text())
    for step in found[2].split("."):
        here = here[step]
    return str(here)


def objects() -> dict[tuple[str, str], dict[str, Any]]:
    """Every object of the chart, by kind and name. The templates use nothing but values: nothing else is filled in."""
    found = {}
    for path in sorted((CHART / "templates").glob("*.yaml")):
        filled = VALUE.sub(value, path.read_text())
        assert "{{" not in filled, path.name
        for one in yaml.safe_load_all(filled):
            found[one["kind"], one["metadata"]["name"]] = one
    return found


def containers() -> dict[str, dict[str, Any]]:
    return {
        name: container
        for (kind, _), one in objects().items()
        if kind in ("Deployment", "Job")
        for container in one["spec"]["template"]["spec"]["containers"]
        for name in [container["name"]]
    }


def test_each_program_starts_a_command_that_is_there_as_nobody_in_particular() -> None:
    found = containers()

    assert {one["args"][0] for one in found.values()} == {"serve", "worker", "migrate"} <= commands()
    assert all(one["securityContext"]["readOnlyRootFilesystem"] for one in found.values())
    for (kind, _), one in objects().items():
        if kind in ("Deployment", "Job"):
            assert one["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_every_setting_is_one_of_ours_and_every_secret_stands_elsewhere() -> None:
    given = objects()["ConfigMap", "zuidoost-settings"]["data"]
    assert set(given) <= SETTINGS
    for name, one in containers().items():
        passed = {entry["name"]: entry for entry in one["env"]}
        assert set(passed) - SETTINGS <= {"APP_PASSWORD", "OWNER_PASSWORD"}, name
        for entry in passed.values():
            plain = entry.get("value", "")
            assert "postgresql" not in plain or re.search(r":\$\((APP|OWNER)_PASSWORD\)@", plain), name
    aliases = {one for one in given if not one.startswith("ZVE_")}
    assert aliases == set()
    Settings(**{name.removeprefix("ZVE_").lower(): text for name, text in given.items()})


def test_processes_go_through_the_pool_and_listen_migrate_and_read_beside_it() -> None:
    found = objects()
    cluster = found["Cluster", "zuidoost-db"]["metadata"]["name"]
    pool = found["Pooler", "zuidoost-pool"]["spec"]
    assert (pool["cluster"]["name"], pool["pgbouncer"]["poolMode"], pool["type"]) == (
        cluster,
        "transaction",
        "rw",
    )
    for name in ("web", "worker"):
        urls = {entry["name"]: entry.get("value", "") for entry in containers()[name]["env"]}
        assert "@zuidoost-pool:" in urls["DATABASE_URL"]
        assert f"@{cluster}-rw:" in urls["DATABASE_DIRECT_URL"]
        assert f"@{cluster}-ro:" in urls["DATABASE_REPLICA_URL"]
        assert "DATABASE_OWNER_URL" not in urls
    urls = {entry["name"]: entry.get("value", "") for entry in containers()["migrate"]["env"]}
    assert f"@{cluster}-rw:" in urls["DATABASE_OWNER_URL"]


def test_a_process_gets_visitors_when_it_is_ready_and_none_is_missed_while_they_are_replaced() -> None:
    web = containers()["web"]
    spec = objects()["Deployment", "zuidoost-web"]["spec"]

    assert web["readinessProbe"]["httpGet"]["path"] == watch.READY
    assert web["livenessProbe"]["httpGet"]["path"] == watch.ALIVE
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert spec["template"]["spec"]["terminationGracePeriodSeconds"] > 5 + 30
    assert objects()["Job", "zuidoost-migrate"]["metadata"]["annotations"]["helm.sh/hook"].endswith(
        "pre-upgrade"
    )


def test_what_is_acknowledged_stands_on_two_machines() -> None:
    spec = objects()["Cluster", "zuidoost-db"]["spec"]

    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"] == {"method": "any", "number": 1}
    assert spec["managed"]["roles"][0]["bypassrls"] is False


def test_pgbouncer_is_in_transaction_mode_and_gives_up_before_the_program_does() -> None:
    parsed = ConfigParser(interpolation=None, comment_prefixes=(";",))
    parsed.read_string(Path(ROOT / "deploy" / "pgbouncer.example.ini").read_text())
    settings = parsed["pgbouncer"]

    assert settings["pool_mode"] == "transaction"
    assert int(settings["query_wait_timeout"]) < 10
    assert settings["auth_type"] == "scram-sha-256"
