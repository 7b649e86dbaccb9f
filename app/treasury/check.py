"""Are the books right? The ledger's own invariants, and those that join it with what was agreed and with people."""

import re
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.agreements.upkeep import OCCURRENCES_OUT_OF_STEP
from rewards import check
from rewards.types import Violation

MEANS: Final = {
    "I1": "Per unit all balances sum to zero.",
    "I2": "An account is the sum of its entries.",
    "I3": "What is held is what the open holds say.",
    "I4": "Nobody is past a limit.",
    "I5": "What moves has two opposite entries.",
    "I6": "Holding and letting go move nothing.",
    "I7": "Each entry begins where the one before it ended (account/entry).",
    "I8": "Each hash is that of what was booked (account/entry).",
    "I9": "A hold ends once; a question has one answer, by another.",
    "I10": "A correction is the only one, and the exact opposite.",
    "I11": "Clearing accounts mirror each other within the trust.",
    "I12": "Papers and cheques that are out, in and gone add up.",
    "I13": "Welfare is granted up to its limit and spent up to what was granted.",
    "I14": "One key is one booking.",
    "I15": "An appointment and its hold are in step.",
    "I18": "A closed account is empty.",
    "I19": "Of a course each pays the same, the helper gets it once, the pot the rest.",
    "I20": "Of whoever was forgotten no name, words or salt is left.",
    "I21": "Every chain passes where it was sealed.",
    "I22": "A closed month says what it said.",
    "I23": "What both sides of a netting approved was booked.",
    "I25": "Invoices, their steps and what was booked of them agree; two people paid.",
    "I24": "Allowances add up, below their limit.",
    "seals": "What was sealed is still so; the first seal that does not fit says since when.",
}
"""What each invariant says, for whoever reads that it is broken."""
# unscoped: the worker's reach is every municipality
LEFT_OF_THE_FORGOTTEN: Final = """
SELECT p.id, what FROM person p CROSS JOIN LATERAL (
    SELECT 'a name' AS what WHERE p.first_name <> 'Iemand'
    UNION ALL SELECT 'words with a gift' WHERE EXISTS (
        SELECT FROM roosjes_note n WHERE n.from_id = p.id OR n.to_id = p.id)
    UNION ALL SELECT 'words of the desk' WHERE EXISTS (SELECT FROM ledger_note n WHERE n.person_id = p.id)
) there WHERE p.forgotten_at IS NOT NULL ORDER BY p.id, what
"""
"""What `forget_person` takes away and is there again, or still; a row of words holds their salt."""
DIGITS = re.compile(r"(\d+)")


class NotRight(RuntimeError):
    """The books break an invariant; says the first rows."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found[:20]))


def faults(session: Session) -> list[str]:
    """One line for each row that breaks an invariant, the first entry of an account before its later ones.

    The session must reach every municipality.
    """
    found = sorted(check.run(session.connection()), key=_place)
    out_of_step = session.execute(text(OCCURRENCES_OUT_OF_STEP)).all()
    left = session.execute(text(LEFT_OF_THE_FORGOTTEN)).all()
    return [
        *(f"{row.invariant}: {row.offender} {row.detail}" for row in found),
        *(
            f"I15: occurrence {row.id} is {row.status} with {row.holds} open holds and {row.settlements} settlements"
            for row in out_of_step
        ),
        *(f"I20: person {row.id} has {row.what}" for row in left),
    ]


def _place(row: Violation) -> tuple[list[int], list[int], str]:
    """By the numbers in the names: I2 before I10, entry 7/2 before 7/10."""
    return _numbers(row.invariant), _numbers(row.offender), row.offender


def _numbers(name: str) -> list[int]:
    return [int(part) for part in DIGITS.findall(name)]
