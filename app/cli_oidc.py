"""The commands for signing in through a municipality's own provider. All work as the owner but ``check``."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import Refused, configured, say
from app.cli_setup import as_owner

oidc = typer.Typer(
    no_args_is_help=True, help="Signing in through a municipality's own provider (OpenID Connect)."
)
Key = Annotated[str, typer.Argument(help="The provider's key, from the list.")]


@oidc.command("add")
def add(file: Annotated[Path, typer.Argument(help="A TOML file; docs/operations.md has one.")]) -> None:
    """Add a provider, and print the addresses that it has to know."""
    from app.oidc import flow, setup

    new = setup.read(file)
    with as_owner() as connection:
        provider_id = setup.add(connection, new)
    address = configured().address
    say(f"Added {new.name} of {new.municipality} as {provider_id}. At the provider, register:")
    say(f"  redirect URI              {flow.return_address(address, provider_id)}")
    say(f"  post-logout redirect URI  {address}/")


@oidc.command("list")
def show() -> None:
    """All providers, also those that ended."""
    from rich.console import Console
    from rich.table import Table

    from app.oidc import setup

    table = Table("Key", "Municipality", "Name", "Issuer", "Ended")
    with as_owner() as connection:
        for row in setup.everything(connection):
            table.add_row(*row)
    Console().print(table)


@oidc.command("check")
def check(key: Key) -> None:
    """Ask a provider for its addresses and keys, and read our secret: what a first visitor would run into."""
    from sqlalchemy.orm import Session

    from app.oidc import arriving, client_auth, setup
    from app.oidc.errors import OidcFailed
    from app.oidc.metadata import Talk
    from app.oidc.models import ClientAuth

    talk = Talk()
    with as_owner() as connection, Session(connection) as session:
        provider = arriving.provider(session, setup.key(key))
    try:
        found = talk.metadata(provider)
        keys = talk.keys(provider)
        if provider.client_auth is not ClientAuth.NONE:
            client_auth.secret_of(provider)
    except OidcFailed as failure:
        raise Refused(f"{provider.name} cannot be used: {failure.reason}.") from None
    say(f"{provider.name} answers: {found.authorization_endpoint}, {len(keys.keys) if keys else 0} keys.")


@oidc.command("invite")
def invite(
    key: Key, email: Annotated[str, typer.Argument(help="The address by which we know them.")]
) -> None:
    """Let somebody of the staff come in through a provider, once, within a fortnight."""
    from app.oidc import setup

    with as_owner() as connection:
        name = setup.invite(connection, setup.key(key), email)
    say(f"{name} can come in, when the provider vouches for {email}.")


@oidc.command("end")
def end(key: Key) -> None:
    """End a provider: its sessions and the roles that its claims gave end at once."""
    from app.oidc import setup

    with as_owner() as connection:
        setup.end(connection, setup.key(key))
    say("Nobody comes in this way any more. The link by mail still works for everybody.")
