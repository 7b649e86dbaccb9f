"""Writes the tables of docs/glossary.md anew from the code: `python -m tests.docs.write_glossary`."""

from collections.abc import Iterable

from tests.docs.test_glossary import GLOSSARY, VALUES, lines, pairs


def with_rows(page: str, heading: str, rows: Iterable[str]) -> str:
    """The page with these rows in the table under a heading, in place of those that stood there."""
    before, found, rest = page.partition(f"## {heading}\n")
    section, following, after = rest.partition("\n## ")
    kept = [line for line in section.splitlines() if not line.startswith("| `")]
    end = next(place for place, line in enumerate(kept) if line.startswith("|---")) + 1
    body = "\n".join([*kept[:end], *rows, *kept[end:]])
    return f"{before}{found}{body.rstrip()}\n{following}{after}"


def main() -> None:
    """Rewrite each table, and leave the words between them as they are."""
    page = with_rows(GLOSSARY.read_text(encoding="utf-8"), "Names in JSON and forms", lines())
    for heading, meanings in VALUES.items():
        page = with_rows(
            page, heading, (f"| `{dutch}` | `{english}` |" for dutch, english in pairs(meanings))
        )
    GLOSSARY.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
