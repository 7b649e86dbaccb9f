"""The register of processings: every table and every column has a purpose, said once, here and in `tables`.

The page /privacy/register, ``docs/verwerkingsregister.md``, the copy of one's own data and forgetting somebody all
follow from it: a column that is added without a line here fails a test, and one with a line is copied and forgotten.
"""

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from app.privacy.words import Said


class Basis(Enum):
    """Why the law allows it: articles 6 and 9 of the GDPR (AVG)."""

    TASK = Said(
        "een taak van de gemeente (AVG artikel 6, lid 1 onder e; Wmo 2015)", "a public task (GDPR 6(1)(e))"
    )
    ASKED = Said(
        "u vraagt of biedt het zelf aan (AVG artikel 6, lid 1 onder b)", "at one's own request (GDPR 6(1)(b))"
    )
    CONSENT = Said("uw toestemming (AVG artikel 6, lid 1 onder a)", "consent (GDPR 6(1)(a))")
    EXPLICIT = Said(
        "uw uitdrukkelijke toestemming (AVG artikel 9, lid 2 onder a)", "explicit consent (GDPR 9(2)(a))"
    )
    LAW = Said("een plicht uit de wet (AVG artikel 6, lid 1 onder c)", "a legal duty (GDPR 6(1)(c))")
    INTEREST = Said("een veilige dienst (AVG artikel 6, lid 1 onder f)", "a safe service (GDPR 6(1)(f))")
    NONE = Said("geen persoonsgegevens", "no personal data")


class Sort(Enum):
    """What a column is for."""

    KEY = Said("verbindt gegevens met elkaar", "connects rows")
    STATE = Said("hoe het ervoor staat, en sinds wanneer", "how it stands, and since when")
    NAME = Said("hoe iemand heet", "what somebody is called")
    REACH = Said("om iemand te bereiken", "to reach somebody")
    ADDRESS = Said(
        "waar iemand woont, voor wie een afspraak heeft", "where somebody lives, for who agreed with them"
    )
    PLACE = Said("om iemand in de buurt te vinden", "to find somebody near")
    FIT = Said("om vraag en aanbod bij elkaar te zoeken", "to match requests and offers")
    WORDS = Said("wat iemand schreef", "what somebody wrote")
    AMOUNT = Said("hoeveel er werd gevraagd, gegeven of uitgegeven", "how much was asked, given or spent")
    PROOF = Said("om te kunnen laten zien dat het klopt", "to show that it is right")
    WHO = Said("wie het deed of besliste", "who did or decided it")
    WISH = Said("wat iemand van ons wil", "what somebody wants from us")
    SAFETY = Said("om misbruik tegen te gaan", "to prevent abuse")
    ENTRY = Said("om iemand veilig binnen te laten", "to let somebody in safely")
    FACT = Said(
        "feiten die openbaar zijn, en keuzes van de gemeente", "public facts, and choices of the municipality"
    )


class Fate(StrEnum):
    """What becomes of a column of somebody's own row when they are forgotten."""

    KEEP = "keep"
    EMPTY = "empty"
    GONE = "gone"
    """Reads "[gewist]", where something has to stand."""
    NULL = "null"


MARKS = {"-": Fate.EMPTY, "!": Fate.GONE, "?": Fate.NULL}


@dataclass(frozen=True, slots=True)
class Processing:
    """One line of the register of processings (verwerkingsregister)."""

    slug: str
    name: Said
    why: Said
    basis: Basis
    kept: Said
    seen_by: Said


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is for, and what becomes of it."""

    sort: Sort
    fate: Fate = Fate.KEEP
    words: bool = False
    """Whether anything may stand in it, names of others too."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: for which processing it is, whose rows are whose, and its columns."""

    name: str
    processing: Processing
    own: tuple[str, ...] = ()
    """Columns that say whose row it is."""
    linked: tuple[str, ...] = ()
    """Columns that lead to somebody, or to a row of theirs: only names are taken out of these."""
    follow: bool = False
    """Whether other rows lead to this one by its ``id``."""
    goes: bool = False
    """Whether the row is deleted when its owner is forgotten."""
    whole: Sort | None = None
    """One purpose for all columns: only where there are no personal data, or only numbers without a name."""
    held: bool = False
    """Whether the law keeps it until its term, whole, also when somebody is forgotten."""
    columns: dict[str, Column] = field(default_factory=dict)


REGISTER: dict[str, Table] = {}
"""By the name of the table, in the order in which they are declared."""


def table(  # noqa: PLR0913 - what there is to say about a table
    name: str, processing: Processing, /, *, own: str = "", linked: str = "", follow: bool = False, goes: bool = False,
    whole: Sort | None = None, held: bool = False, **sorts: str,
) -> None:  # fmt: skip
    """Declare a table. Each keyword is a sort in lower case, with its columns; a mark behind one is its fate.

    ``table("contact", PEOPLE, own="person_id", key="person_id", reach="email? phone-")``
    """
    columns: dict[str, Column] = {}
    for sort_name, names in sorts.items():
        sort = Sort[sort_name.upper()]
        for marked in names.split():
            column = marked.rstrip("".join(MARKS))
            if column in columns:
                raise ValueError(f"{name}.{column} is declared twice")
            fate = MARKS.get(marked.removeprefix(column), Fate.KEEP)
            columns[column] = Column(sort, fate, words=sort is Sort.WORDS)
    if name in REGISTER:
        raise ValueError(f"{name} is declared twice")
    REGISTER[name] = Table(
        name, processing, tuple(own.split()), tuple(linked.split()), follow, goes, whole, held, columns
    )
