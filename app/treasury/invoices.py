"""What a municipality pays for cheques to organisations of another, as a table."""

from decimal import Decimal

from app.tables import Table
from app.treasury.between import Invoice

COLUMNS = ("nummer", "maand", "betaalt", "aan organisaties in", "organisatie", "cheques", "bedrag in euro")


def table(of: Invoice) -> Table:
    """A line for each organisation, and the sum."""
    head = (of.number, f"{of.month:%Y-%m}", of.payer, of.payee)
    rows = [(*head, line.organisation, line.cheques, Decimal(line.cents).scaleb(-2)) for line in of.lines]
    return Table(of.number, COLUMNS, [*rows, (*head, "samen", of.cheques, Decimal(of.cents).scaleb(-2))])
