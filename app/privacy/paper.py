"""The register of processings as a file, in Dutch: it is a paper of the municipality (AVG artikel 30)."""

from collections.abc import Iterator

from app.privacy import tables  # noqa: F401 - declares them all
from app.privacy.register import REGISTER, Processing, Sort, Table

HEAD = """# Verwerkingsregister

Gemaakt uit de code met `zorgvoorelkaar audit register`: elke tabel en elke kolom heeft precies één doel. Een kolom
zonder doel laat een test falen. Wie verantwoordelijk is, staat in [controllers.md](controllers.md).
"""


def markdown() -> str:
    """The whole register."""
    return "\n".join([HEAD, *(line for one in processings() for line in _section(one))]).rstrip() + "\n"


def processings() -> list[Processing]:
    """All of them, in the order in which their tables are declared; what is about people first."""
    found = dict.fromkeys(one.processing for one in REGISTER.values())
    return sorted(found, key=lambda one: one.basis.name == "NONE")


def tables_of(processing: Processing) -> list[Table]:
    """The tables of one processing."""
    return [one for one in REGISTER.values() if one.processing == processing]


def by_sort(one: Table) -> dict[Sort, list[str]]:
    """The columns of a table by what they are for."""
    found: dict[Sort, list[str]] = {}
    for name, column in one.columns.items():
        found.setdefault(column.sort, []).append(name)
    return found


def _section(one: Processing) -> Iterator[str]:
    yield f"## {one.name.nl}\n"
    yield f"- Waarvoor: {one.why.nl}"
    yield f"- Grondslag: {one.basis.value.nl}"
    yield f"- Hoe lang: {one.kept.nl}"
    yield f"- Wie ziet het: {one.seen_by.nl}\n"
    yield "| tabel | kolommen | doel |\n|---|---|---|"
    for part in tables_of(one):
        if part.whole is not None:
            yield f"| {part.name} | alle | {part.whole.value.nl} |"
        for sort, names in by_sort(part).items():
            yield f"| {part.name} | {', '.join(names)} | {sort.value.nl} |"
    yield ""
