"""Migrations go forward and back, and leave what the code expects."""

from alembic import command
from alembic.config import Config

from app import upkeep
from rewards.schema import install_statements
from tests.databases import Server
from tools.freeze_ledger import FROZEN


def test_all_migrations_go_back_to_nothing_and_forward_again(database_server: Server, worker: str) -> None:
    with database_server.empty(f"{worker}_there_and_back") as database:
        upkeep.migrate(database.owner_url, database.application_role)
        config = Config()
        config.set_main_option("script_location", str(upkeep.ROOT / "migrations"))
        config.attributes.update(owner_url=database.owner_url, application_role=database.application_role)
        command.downgrade(config, "base")
        upkeep.migrate(database.owner_url, database.application_role)
        command.check(config)


def test_the_ledger_that_the_migration_installs_is_the_one_of_the_code() -> None:
    installed = "\n".join(install_statements("{application}")).replace('"{application}"', "{application}")

    assert installed == FROZEN.read_text(encoding="utf-8")
