"""Who comes back: in another's name, from the same house, by a copy, from a new address, or without an end."""

from typing import Final

from tools.guards.guard import Guard

OWN_HOUSE: Final = "tests/app/attacks/test_own_house.py"
ANOTHERS_NAME: Final = "tests/app/attacks/test_anothers_name.py"
APART_SQL: Final = "migrations/sql/0031_apart.sql"
SAFETY_PAGES: Final = "tests/web/safety/test_safety_pages.py"

GUARDS: Final = (
    Guard(
        "safety 1", "a block holds for who acts for one of the two", APART_SQL,
        "FROM person_block b, hands_of(one) AS ours, hands_of(other) AS theirs",
        "FROM person_block b, (SELECT ARRAY[one], ARRAY[other]) AS two (ours, theirs)",
        (f"{ANOTHERS_NAME}::test_nobody_meets_or_agrees_with_whom_blocked_them_in_the_name_of_another",),
    ),
    Guard(
        "safety 1", "the match index hears of who acts for another", APART_SQL,
        "CREATE TRIGGER log AFTER INSERT OR UPDATE OF status, valid_until ON representation FOR EACH ROW\n", "--",
        (f"{ANOTHERS_NAME}::test_a_block_that_counts_for_two_is_over_when_one_acts_for_the_other_no_more",),
    ),
    Guard(
        "safety 1", "what was agreed before is not read in another's name", APART_SQL,
        "POLICY acting_apart ON agreement AS RESTRICTIVE", "POLICY acting_apart ON agreement AS PERMISSIVE",
        (f"{ANOTHERS_NAME}::test_what_was_agreed_before_tells_them_neither_where_nor_when",),
    ),
    Guard(
        "safety 1", "a name that is there with nobody behind it tells", "app/roosjes/giving.py",
        ", ~func.are_blocked(Person.id, mine)", "",
        (f"{ANOTHERS_NAME}::test_who_is_kept_apart_is_not_named_among_whom_one_knows",),
    ),
    Guard(
        "safety 2", "who is suspended acts for nobody", "migrations/sql/0047_mandates.sql",
        "          AND NOT is_suspended(r.representative_id)\n", "",
        (f"{ANOTHERS_NAME}::test_who_is_suspended_acts_for_nobody",),
    ),
    Guard(
        "safety 2", "nor asks what waited for consent", "app/representations/service.py",
        "    if meeting.suspended(session, row.representative_id):\n        return None\n", "",
        (f"{ANOTHERS_NAME}::test_a_question_that_waits_for_consent_is_not_asked_by_who_was_suspended_meanwhile",),
    ),
    Guard(
        "safety 3", "who lives with whom it is about reads nothing", "app/safety/reports.py",
        "    return ~func.one_house(SafetyReport.about_id, actor.person_id)",
        "    return SafetyReport.about_id.is_distinct_from(actor.person_id)",
        (f"{OWN_HOUSE}::test_a_makelaar_reads_no_report_about_their_own_house_whoever_read_it_first",),
    ),
    Guard(
        "safety 4", "no officer opens a file of their own house", "app/safety/files.py",
        "~func.one_house(SafetyFile.person_id, actor.person_id)", "SafetyFile.person_id != actor.person_id",
        (f"{OWN_HOUSE}::test_a_safety_officer_opens_no_file_of_their_own_house",),
    ),
    Guard(
        "check 4", "no consent about one's own house", "app/representations/service.py",
        "    refuse_own(session, actor, representative_id, person_id)\n", "",
        (f"{OWN_HOUSE}::test_a_makelaar_writes_down_no_consent_that_is_about_their_own_house",),
    ),
    Guard(
        "check 4", "no letter to one's own house", "app/access/letters.py",
        "    refuse_own(session, actor, person_id)\n", "",
        (f"{OWN_HOUSE}::test_a_makelaar_makes_no_letter_that_lets_them_be_somebody_of_their_own_house",),
    ),
    Guard(
        "privacy 9", "what came of a report is not in the copy", "app/privacy/export.py",
        '    "safety_report": {"outcome"},', '    "safety_report": set(),',
        ("tests/app/attacks/test_own_copy.py::test_a_reporter_does_not_read_in_their_copy_what_became_of_the_other",),
    ),
    Guard(
        "privacy 9", "nor that somebody reported", "app/privacy/export.py",
        '    "suspension": {"report_id"},', '    "suspension": set(),',
        ("tests/app/attacks/test_own_copy.py::test_a_reporter_does_not_read_in_their_copy_what_became_of_the_other",),
    ),
    Guard(
        "privacy 9", "nor who said no to a ring", "app/privacy/export.py",
        '    "ring_arc": {"answer", "answered_at"},', '    "ring_arc": set(),',
        ("tests/app/attacks/test_own_copy.py::test_a_copy_does_not_tell_who_said_no_to_a_ring",),
    ),
    Guard(
        "outside 3", "a whole network of addresses counts as one", "app/pacing.py",
        'f"{IPv6Address(int(found) >> 64 << 64)}/64"', "address",
        ("tests/app/test_pacing.py::test_a_new_address_each_time_helps_nobody_who_has_a_whole_network_of_them",),
    ),
    Guard(
        "safety 2", "a session goes on under one's own name", "app/access/sign_in.py",
        "        ~func.is_suspended(oneself.person_id),\n", "",
        (f"{ANOTHERS_NAME}::test_who_is_suspended_acts_for_nobody",),
    ),
    Guard(
        "outside 4", "a head without an end is given up", "app/listening.py",
        "if self._withheld > WITHHELD_BYTES_MAX and", "if False and",
        ("tests/app/attacks/test_heads.py::test_what_has_no_end_is_given_up",),
    ),
    Guard(
        "outside 4", "a head that is slow as well", "app/listening.py",
        "        super().connection_made(transport)\n        self._await_head()\n",
        "        super().connection_made(transport)\n",
        ("tests/app/attacks/test_heads.py::test_whoever_is_slow_with_a_head_is_let_go",),
    ),
    Guard(
        "outside 4", "what is of a body is not withheld", "app/listening.py",
        "        self._came_through = True\n        super().on_body(body)", "        super().on_body(body)",
        ("tests/app/attacks/test_heads.py::test_a_long_body_and_a_second_request_are_heard",),
    ),
    Guard(
        "safety 3", "nobody buries a report under a hundred others", "app/safety/reports.py",
        "    spend(session, BY_PERSON, str(actor.hand))\n", "",
        (f"{SAFETY_PAGES}::test_nobody_buries_a_report_about_themselves_and_who_is_in_need_is_heard_again",),
    ),
)  # fmt: skip
