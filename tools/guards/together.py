"""Activities at somebody's home, and what is between two people."""

from typing import Final

from tools.guards.guard import Guard

TOGETHER_SQL: Final = "migrations/sql/0038_together.sql"
BETWEEN_SQL: Final = "migrations/sql/0039_between_two.sql"
LASTING_SQL: Final = "migrations/sql/0043_lasting.sql"
JOINING: Final = "tests/app/activities/test_joining.py"
TALKS: Final = "tests/app/conversations/test_conversations.py"
NAMES: Final = "tests/app/activities/test_in_anothers_name.py"

GUARDS: Final = (
    Guard(
        "safety 9",
        "an address goes with the place, and the place with a block",
        TOGETHER_SQL,
        "              AND (a.host_id IS NULL OR NOT are_apart(a.host_id, s.person_id))\n",
        "",
        (f"{JOINING}::test_the_address_goes_when_the_host_blocks_a_guest",),
    ),
    Guard(
        "safety 9",
        "who is kept apart from the host gets no place",
        LASTING_SQL,
        " OR (a.host_id IS NOT NULL AND are_apart(a.host_id, me))",
        "",
        (f"{JOINING}::test_who_is_kept_apart_from_the_host_gets_no_place_and_no_address",),
    ),
    Guard(
        "safety 9",
        "only the host lets in who waits",
        LASTING_SQL,
        "IF hosts_activity((SELECT activity_id FROM activity_date WHERE id = wanted)) THEN",
        "IF true THEN",
        (f"{NAMES}::test_nobody_lets_in_who_waits_but_the_host",),
    ),
    Guard(
        "safety 10",
        "a message is for the two who write",
        BETWEEN_SQL,
        "CREATE POLICY party ON message FOR SELECT TO {application} USING (\n"
        "    asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())\n)",
        "CREATE POLICY party ON message FOR SELECT TO {application} USING (true)",
        (f"{TALKS}::test_nobody_else_finds_a_conversation",),
    ),
    Guard(
        "safety 10",
        "what a buddy says is not for the other",
        LASTING_SQL,
        "    author_id = (SELECT actor_person())\n    OR ((municipality_id = ANY",
        "    true OR ((municipality_id = ANY",
        ("tests/app/couplings/test_talks.py::test_what_one_says_the_desk_reads_and_the_other_never",),
    ),
)
