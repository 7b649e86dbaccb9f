"""I15: a time of help and its hold go together. Whatever the owner of the database changes behind it is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import text

from app.agreements.upkeep import OCCURRENCES_OUT_OF_STEP
from app.config import Settings
from app.db import Database as Program
from app.jobs.work import Work
from app.treasury import check
from tests.app.agreements.test_occur import Story
from tests.databases import Database

Travel = Callable[[timedelta], None]
HELD: Final = "FROM occurrence o JOIN ledger.transfer t ON t.id = o.hold_id WHERE o.status = 'agreed'"
ANOTHER: Final = (
    "SELECT ledger.hold('again', b.actor, t.debit_id, t.credit_id, 10, ledger.now() + interval '1 day', NULL, o.id)"
    " FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id JOIN occurrence o ON o.id = b.subject"
    " WHERE t.kind = 'hold'"
)
DAMAGE: Final = {
    "a second hold": (f"{ANOTHER} AND o.status = 'agreed'", ("agreed", 2, 0)),
    "a hold that was let go": (f"SELECT ledger.void('gone', o.id, o.hold_id, NULL, NULL) {HELD}", ("agreed", 0, 0)),
    "settled before it was done": (
        f"SELECT ledger.settle('early', o.id, o.hold_id, 60, NULL) {HELD}", ("agreed", 0, 1)
    ),
    "done and not settled": ("UPDATE occurrence SET status = 'done' WHERE status = 'agreed'", ("done", 1, 0)),
    "cancelled and still held": (
        "UPDATE occurrence SET status = 'cancelled', hold_id = NULL WHERE status = 'agreed'", ("cancelled", 1, 0)
    ),
    "without Roosjes and held": (
        "UPDATE occurrence SET kind = 'zonder', hold_id = NULL WHERE status = 'agreed'", ("agreed", 1, 0)
    ),
    "another hold than its own": (
        "UPDATE occurrence SET hold_id = hold_id - 1 WHERE status = 'agreed'", ("agreed", 1, 0)
    ),
    "held again after it was done": (f"{ANOTHER} AND o.status = 'done'", ("done", 1, 1)),
    "done by the hold of another": (
        "UPDATE occurrence SET hold_id = hold_id + 1 WHERE status = 'done'", ("done", 0, 1)
    ),
    "settled and taken for cancelled": (
        "UPDATE occurrence SET status = 'cancelled', hold_id = NULL WHERE status = 'done'", ("cancelled", 0, 1)
    ),
}  # fmt: skip


def test_whatever_puts_a_time_and_its_hold_out_of_step_is_named(
    program: Program, fresh_database: Database, travel: Travel
) -> None:
    done, coming = Story(program), Story(program)
    travel(timedelta(days=4))
    done.happened(done.helper)
    done.happened(done.asker)

    found = {}
    with fresh_database.owner.connect() as owner:
        assert owner.execute(text(OCCURRENCES_OUT_OF_STEP)).all() == []
        for name, (damage, _) in DAMAGE.items():
            with owner.begin_nested() as savepoint:
                owner.execute(text(damage))
                rows = owner.execute(text(OCCURRENCES_OUT_OF_STEP)).all()
                found[name] = [(row.status, row.holds, row.settlements) for row in rows]
                savepoint.rollback()

    assert found == {name: [expected] for name, (_, expected) in DAMAGE.items()}
    assert {done.row()[0].status, coming.row()[0].status} == {"done", "agreed"}


def test_the_nightly_check_says_which_time_is_out_of_step(program: Program, fresh_database: Database) -> None:
    story = Story(program)
    with fresh_database.owner.begin() as owner:
        owner.execute(text(DAMAGE["a second hold"][0]))

    with Work(Settings(), program).transaction() as (session, _):
        found = [line for line in check.faults(session) if line.startswith("I15")]

    assert found == [f"I15: occurrence {story.occurrence_id} is agreed with 2 open holds and 0 settlements"]
