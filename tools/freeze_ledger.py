"""Writes the ledger's SQL as the first migration installs it; never again once that has landed."""

from pathlib import Path

from rewards.schema import install_statements

FROZEN = Path(__file__).parents[1] / "migrations" / "sql" / "0001_ledger.sql"

if __name__ == "__main__":
    script = "\n".join(install_statements("{application}"))
    FROZEN.write_text(script.replace('"{application}"', "{application}"), encoding="utf-8")
