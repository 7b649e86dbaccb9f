"""What comes at one moment or twice, and what is no amount."""

from typing import Final

from tools.guards.guard import Guard

REFUSALS: Final = "tests/app/api/test_refusals.py"
RACES: Final = "tests/app/api/test_races.py"
FORMS: Final = "tests/web/pages/test_every_form.py"
LEDGER: Final = "rewards/sql"
EVERY_CALL: Final = "tests/rewards/test_every_call.py"

GUARDS: Final = (
    Guard(
        "security 22", "no more than the places that are left", "app/agreements/agree.py",
        "        raise TakenAlready\n    recheck(session, proposal", "        pass\n    recheck(session, proposal",
        (f"{RACES}::test_of_many_who_agree_at_once_one_wins",),
    ),
    Guard(
        "security 22", "the request is locked first", "app/matches/answer.py",
        "help_request = found(session.scalars(locked(request)).one_or_none())",
        "help_request = found(session.scalars(request).one_or_none())",
        (f"{RACES}::test_of_many_who_agree_at_once_one_wins",),
    ),
    Guard(
        "security 22", "volunteers come one after the other", "app/matches/volunteer.py",
        "    _in_turn(session, help_request_id)\n", "",
        ("tests/app/api/test_answer_races.py::test_volunteers_come_forward_at_one_moment",),
    ),
    Guard(
        "security 22", "who answers a question holds it first", f"{LEDGER}/11_pending.sql",
        "WHERE id = in_pending FOR NO KEY UPDATE;", "WHERE id = in_pending;",
        (f"{EVERY_CALL}::test_of_many_at_one_barrier_one_comes_first",),
    ),
    Guard(
        "security 23", "one key, one answer", "app/api/once.py",
        "if first is not None:", "if False:",
        (f"{RACES}::test_the_same_acceptance_a_hundred_times_happens_once",),
    ),
    Guard(
        "security 23", "another body under the key is a conflict", "app/access/once.py",
        "if was != body_hash:", "if False:",
        (f"{RACES}::test_the_same_acceptance_a_hundred_times_happens_once",),
    ),
    *(
        Guard(
            "security 23", f"and so it is for {what}", f"{LEDGER}/{path}",
            f"IF {row}.body_hash <> in_body THEN", "IF false THEN",
            (f"{EVERY_CALL}::test_one_key_a_hundred_times_does_one_thing_and_nothing_else",),
        )
        for what, path, row in (
            ("bookings", "05_rules.sql", "earlier"),
            ("questions", "11_pending.sql", "earlier"),
            ("budgets", "22_welfare.sql", "period"),
            ("allowances", "23_allowance.sql", "noted"),
        )
    ),
    Guard(
        "security 31", "the ledger's edge knows numbers", "rewards/strict.py",
        "if type(value) is not int or not 1 <= value <= AMOUNT_MAX:", "if False:",
        ("tests/rewards/test_strict_input.py::test_what_is_no_amount_books_nothing",),
    ),
    Guard(
        "security 31", "papers and rows are numbers too", "rewards/strict.py",
        "if type(value) is not int or not lowest <= value <= highest:", "if False:",
        (f"{EVERY_CALL}::test_what_is_no_amount_or_number_does_not_reach_the_database",),
    ),
    Guard(
        "security 31", "so does JSON", "app/schemas.py",
        "if isinstance(value, bool | float) or (isinstance(value, str) and info.context == JSON):",
        "if info.context == 0:",
        (f"{REFUSALS}::test_what_is_no_amount_is_refused",),
    ),
    Guard(
        "security 31", "a form's text is digits", "app/schemas.py",
        "DIGITS.fullmatch(value) is None:", "False:",
        (f"{FORMS}::test_what_is_no_amount_comes_back_with_a_reason_and_books_nothing",),
    ),
    Guard(
        "security 31", "and the table itself", f"{LEDGER}/03_transfers.sql",
        "    CONSTRAINT transfer_amount CHECK (amount BETWEEN 1 AND 1000000000),\n", "",
        ("tests/rewards/test_guards.py::test_the_database_refuses",),
    ),
)  # fmt: skip
