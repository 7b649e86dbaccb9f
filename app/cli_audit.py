"""``zorgvoorelkaar audit``: whether the log of who looked is as it was written, and ``privacy``: the register."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import Refused, addresses, configured, opened

audit = typer.Typer(no_args_is_help=True, help="The log of who looked in whose data.")


@audit.command()
def check(
    copy: Annotated[
        list[Path] | None,
        typer.Option(help="A file that a syslog server wrote, .gz too; several are one copy."),
    ] = None,
) -> None:
    """Test the whole chain and its copy outside; name the first bad row. Ends with 1 when something is wrong."""
    from app.audit import chain, outside
    from app.jobs.work import Work

    settings = configured()
    with (
        addresses(settings) as where,
        opened(settings, where) as database,
        Work(settings, database).transaction() as (session, _),
    ):
        found = chain.faults(session) + chain.differs(session, settings, copy or ())
        count = chain.state(session)
    for fault in found[:20]:
        print(fault)  # noqa: T201
    if found:
        raise Refused(
            f"The audit is not as it was written: {len(found)} rows are wrong. The first: {found[0]}"
        )
    print(f"The audit is right: {count.links} entries in the chain, {count.waiting} waiting.")  # noqa: T201
    if outside.is_syslog(settings) and not copy:
        print("Its copy was not read: name the files that the syslog server wrote, with --copy.")  # noqa: T201


@audit.command()
def register(
    path: Path = typer.Argument(Path("docs/verwerkingsregister.md"), help="Where the register is written."),  # noqa: B008
) -> None:
    """Write the register of processings (verwerkingsregister) from the code."""
    from app.privacy.paper import markdown

    path.write_text(markdown(), encoding="utf-8")
    logging.getLogger("zorgvoorelkaar").info("%s", path)
