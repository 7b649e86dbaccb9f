"""The commands that set up a region: its map, its name, who takes part and who works there. All work as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.access.roles import STAFF_ROLES, Role
from app.cli_parts import Refused, addresses, configured, refuse_without_tables, say

if TYPE_CHECKING:
    from sqlalchemy import Connection

geo = typer.Typer(no_args_is_help=True, help="Municipalities, postcodes and borders.")
region = typer.Typer(no_args_is_help=True, help="The region of this installation, and who takes part.")
user = typer.Typer(no_args_is_help=True, help="Who works at the desks.")
StaffRole = StrEnum("StaffRole", [(role.name, role.value) for role in Role if role in STAFF_ROLES])  # type: ignore[misc]

Email = Annotated[str, typer.Argument(help="Their e-mail address, with which they sign in.")]
WhichRole = Annotated[StaffRole, typer.Option("--role", help="What they are there.")]
Where = Annotated[
    str | None, typer.Option("--municipality", help="Name or CBS code; none for a role in the whole region.")
]


@contextmanager
def as_owner() -> "Iterator[Connection]":
    from app import upkeep

    with addresses(configured()) as where, upkeep.as_owner(where.owner_url) as connection:
        refuse_without_tables(connection)
        yield connection


def push_key() -> None:
    """Make a key towards push services, for ZVE_PUSH_KEY: with it people may choose signs in their browsers."""
    from app.push import keys

    print(keys.new_secret())  # noqa: T201
    say("Set ZVE_PUSH_KEY to it, the same on every machine. Another one later ends what browsers agreed to.")


@geo.command("import")
def geo_import(
    directory: Annotated[Path, typer.Argument(help="Holds gemeenten.csv, pc4.csv and gemeente_buren.csv.")],
) -> None:
    """Load a region or the whole country; one wrong line, and nothing is loaded."""
    from app.places import service as places
    from app.places.import_csv import BadFiles

    try:
        with as_owner() as connection:
            rows = places.load(connection, directory)
    except BadFiles as bad:
        for row in bad.rows:
            say(str(row))
        raise Refused(f"Nothing was loaded: {len(bad.rows)} wrong lines.") from None
    say(
        f"Loaded {len(rows.municipalities)} municipalities, {len(rows.neighbourhoods)} postcodes"
        f" and {len(rows.neighbours)} borders."
    )


@region.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What the region is called.")],
    number: Annotated[
        int,
        typer.Option(
            min=0, max=9999, help="Sets its books apart: no two installations you host have the same."
        ),
    ] = 0,
) -> None:
    """Make the region. An installation has one."""
    from app.places import region as places

    with as_owner() as connection:
        places.create(connection, name, number)
    say(f"The region is called {name.strip()}. Next: zorgvoorelkaar region join MUNICIPALITY ...")


@region.command("found")
def found(  # noqa: PLR0913 - all that there is to say about a region
    slug: Annotated[str, typer.Argument(help="Its name in files and units, in lower case: zuidoost.")],
    municipalities: Annotated[list[str], typer.Argument(help="Who takes part: names or CBS codes.")],
    server: Annotated[
        str, typer.Option(help="Address of a PostgreSQL server, as who may make roles and databases.")
    ],
    base_url: Annotated[str, typer.Option(help="The address of its site.")],
    number: Annotated[int, typer.Option(min=1, max=9999, help="Another one for each region that you host.")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of its first web process.")] = 8000,
    name: Annotated[str, typer.Option(help="What it is called on its pages.")] = "",
    map_: Annotated[
        Path | None, typer.Option("--map", help="Holds gemeenten.csv, pc4.csv and gemeente_buren.csv.")
    ] = None,
    etc: Annotated[Path, typer.Option(help="Where its settings are written.")] = Path("/etc/zorgvoorelkaar"),
    data: Annotated[Path, typer.Option(help="Under which its data folder is.")] = Path(
        "/var/lib/zorgvoorelkaar"
    ),
) -> None:
    """Add a region to those that are hosted here, with all that it needs to start; or nothing of it."""
    from app import founding
    from app.places.import_csv import FACTS, BadFiles

    new = founding.New(
        slug,
        name or slug.capitalize(),
        number,
        server,
        map_ or FACTS,
        municipalities,
        base_url,
        port,
        data / slug,
    )
    try:
        made = founding.found(new, etc)
    except BadFiles as bad:
        raise Refused(
            "\n".join([*map(str, bad.rows), f"Nothing was made: {len(bad.rows)} wrong lines."])
        ) from None
    say(f"{new.name}, with {', '.join(made.joined)}. Its settings are in {made.settings}. Start it:")
    say(f"systemctl enable --now zorgvoorelkaar-web@{slug}-{port} zorgvoorelkaar-worker@{slug}")


@region.command("rename")
def rename(name: Annotated[str, typer.Argument(help="What it is called from now on.")]) -> None:
    """Call the region otherwise."""
    from app.places import region as places

    with as_owner() as connection:
        places.rename(connection, name)
    say(f"The region is called {name.strip()}.")


@region.command("join")
def join(
    municipalities: Annotated[list[str], typer.Argument(help="Names or CBS codes, one or more.")],
) -> None:
    """Let municipalities take part, all that are named or none. The first one ever becomes the default."""
    from app.places import region as places

    with as_owner() as connection:
        names = places.join(connection, municipalities)
    say(
        f"Taking part: {', '.join(names)}. Telephone, opening hours and sharing are for their administrators."
    )


@region.command("default")
def default(municipality: Annotated[str, typer.Argument(help="Name or CBS code.")]) -> None:
    """Which municipality a visitor sees who chose nothing yet."""
    from app.places import region as places

    with as_owner() as connection:
        name = places.set_default(connection, municipality)
    say(f"A visitor begins in {name}.")


@region.command("show")
def show() -> None:
    """How the region is set up."""
    from app.places import region as places

    with as_owner() as connection:
        held = places.standing(connection)
    print(f"{held.name}\ndefault: {held.default or '-'}\njoined: {', '.join(held.joined) or '-'}")  # noqa: T201


@user.command("invite")
def invite(
    email: Email,
    role: WhichRole,
    municipality: Where = None,
    name: Annotated[str | None, typer.Option(help="First name, for who is not known here yet.")] = None,
) -> None:
    """Give somebody a role, and register who is not known here yet. They sign in with a link by e-mail."""
    from app.access import staff

    with as_owner() as connection:
        given = staff.give(connection, email, Role(role.value), municipality, name)
    known = "" if given.was_known else " Nobody had this address here before: they were registered."
    say(
        f"{given.first_name} is {role.value} of {given.place} from now on.{known}"
        f" They sign in at {configured().address}/inloggen with {email}."
    )


@user.command("end")
def end(email: Email, role: WhichRole, municipality: Where = None) -> None:
    """End a role at once; the person stays."""
    from app.access import staff

    with as_owner() as connection:
        ended = staff.end(connection, email, Role(role.value), municipality)
    say(f"{ended.first_name} is no {role.value} of {ended.place} any more, and was signed out.")


@user.command("reset")
def reset(email: Email) -> None:
    """Take somebody's keys and app away, for the last administrator who lost them. Be sure of who asks."""
    from app.access import staff

    with as_owner() as connection:
        first_name = staff.begin_anew(connection, email)
    say(f"{first_name} has no key and no app any more, and sets one up after signing in with {email}.")


@user.command("list")
def list_() -> None:
    """All who work at the desks, with their roles."""
    from rich.console import Console
    from rich.table import Table

    from app.access import staff

    with as_owner() as connection:
        rows = staff.everyone(connection)
    table = Table("E-mail", "First name", "Role", "Municipality", box=None)
    for address, first_name, role, place in rows:
        table.add_row(address, first_name, role, place or "(region)")
    Console().print(table)
