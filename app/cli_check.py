"""``zorgvoorelkaar check`` and ``settings``: whether this installation works, and what may be set."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_parts import Refused, addresses, configured, say

if TYPE_CHECKING:
    from app.watching.findings import Finding

PAGE = Path("docs/configuration.md")


def check(
    as_json: Annotated[bool, typer.Option("--json", help="One object, for programs.")] = False,
) -> None:
    """Look at everything that this installation needs; each line is ok or a remedy. Ends with 1 when one is wrong."""
    lines = _found()
    if as_json:
        whole = [{"name": one.name, "ok": one.ok, "said": one.said, "remedy": one.remedy} for one in lines]
        print(json.dumps({"ok": all(one.ok for one in lines), "findings": whole}, indent=2))  # noqa: T201
    else:
        for one in lines:
            print(f"{'ok   ' if one.ok else 'WRONG'}  {one.name}: {one.said}")  # noqa: T201
            if not one.ok:
                print(f"       {one.remedy}")  # noqa: T201
    if not all(one.ok for one in lines):
        raise typer.Exit(1)


def _found() -> "list[Finding]":
    from app import cluster, runtime
    from app.watching.findings import findings

    settings = configured()
    try:
        with addresses(settings) as where:
            return list(findings(settings, where))
    except (cluster.CannotStart, runtime.NotConfigured) as refusal:
        return list(findings(settings, None, str(refusal)))


def settings(
    write: Annotated[bool, typer.Option("--write", help="Write docs/configuration.md.")] = False,
) -> None:
    """Print every setting with its default and its meaning, as docs/configuration.md has them."""
    from app.config import markdown

    if not write:
        print(markdown(), end="")  # noqa: T201
        return
    if not PAGE.parent.is_dir():
        raise Refused(f"There is no folder {PAGE.parent} here.")
    PAGE.write_text(markdown(), encoding="utf-8")
    say(f"Written to {PAGE}.")
