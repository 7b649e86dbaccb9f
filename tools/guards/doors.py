"""What somebody tries with rows, times and words that they may write themselves."""

from typing import Final

from tools.guards.guard import Guard

DOORS_SQL: Final = "migrations/sql/0046_doors.sql"
DOORS: Final = "migrations/versions/0046_doors.py"
OWN_DOOR: Final = "tests/app/attacks/test_own_door.py"
ACTIVITIES: Final = "tests/app/activities/test_activities.py"
NAMES: Final = "tests/app/activities/test_in_anothers_name.py"
TALKS: Final = "tests/app/couplings/test_talks.py"
SUSPENSIONS: Final = "tests/app/safety/test_suspensions.py"
LOOKS_FIRST: Final = (
    "        RAISE EXCEPTION 'the desk looks first' USING ERRCODE = 'insufficient_privilege';\n", "        NULL;\n"
)  # fmt: skip
ONLY_THE_WORKER: Final = (
    "        RAISE EXCEPTION 'only the worker lets go' USING ERRCODE = 'insufficient_privilege';\n"
    "    END IF;\n"
)
HOSTED: Final = "    activity = service.get_hosted(session, actor, id)\n"
MOVED: Final = "    activity = service.get_hosted(session, actor, id, moderated=True)\n"
REFUSED: Final = "    meeting.refuse_suspended(session, actor.person_id)\n"

GUARDS: Final = (
    Guard(
        "safety 11", "a tie is of who is new, or has one there", DOORS_SQL,
        "CREATE POLICY tie ON membership AS RESTRICTIVE", "CREATE POLICY tie ON membership AS PERMISSIVE",
        (f"{OWN_DOOR}::test_a_desk_ties_nobody_of_elsewhere_to_itself_to_read_how_to_reach_them",),
    ),
    Guard(
        "safety 11", "whose tie it is stays", DOORS_SQL,
        "REVOKE UPDATE ON membership FROM {application};\n", "",
        (f"{OWN_DOOR}::test_a_desk_ties_nobody_of_elsewhere_to_itself_to_read_how_to_reach_them",),
    ),
    Guard(
        "safety 12", "an invitation is in the name of who makes it", DOORS_SQL,
        "CREATE POLICY in_own_name ON staff_invitation AS RESTRICTIVE",
        "CREATE POLICY in_own_name ON staff_invitation AS PERMISSIVE",
        (f"{OWN_DOOR}::test_nobody_gives_themselves_a_role_by_an_invitation_in_the_name_of_who_administers",),
    ),
    Guard(
        "safety 12", "to whom it went stays", DOORS_SQL,
        "REVOKE UPDATE ON staff_invitation FROM {application};\n", "",
        (f"{OWN_DOOR}::test_nobody_gives_themselves_a_role_by_an_invitation_in_the_name_of_who_administers",),
    ),
    Guard(
        "privacy 12", "only the worker lets go of a kind", DOORS_SQL,
        f"{ONLY_THE_WORKER}    SELECT k.", "        NULL;\n    END IF;\n    SELECT k.",
        (f"{OWN_DOOR}::test_a_desk_lets_go_of_nothing_before_its_term",),
    ),
    Guard(
        "privacy 12", "and of what two people wrote", DOORS_SQL,
        f"{ONLY_THE_WORKER}    SELECT w.", "        NULL;\n    END IF;\n    SELECT w.",
        (f"{OWN_DOOR}::test_a_desk_lets_go_of_nothing_before_its_term",),
    ),
    Guard(
        "privacy 12", "there is no way around who asks", DOORS_SQL,
        "REVOKE EXECUTE ON FUNCTION let_go_kind(text, integer, timestamptz), "
        "let_go_words(integer, timestamptz) FROM {application};\n", "",
        (f"{OWN_DOOR}::test_a_desk_lets_go_of_nothing_before_its_term",),
    ),
    Guard(
        "safety 13", "nobody says yes for another", DOORS_SQL,
        "        RAISE EXCEPTION 'nobody says yes for another' USING ERRCODE = 'insufficient_privilege';\n",
        "        NULL;\n",
        (f"{OWN_DOOR}::test_nobody_makes_an_agreement_without_the_other_to_read_where_they_live",),
    ),
    Guard(
        "safety 13", "an agreement is of a yes between the same two", DOORS_SQL,
        "CREATE POLICY of_a_yes ON agreement AS RESTRICTIVE", "CREATE POLICY of_a_yes ON agreement AS PERMISSIVE",
        (f"{OWN_DOOR}::test_nobody_makes_an_agreement_without_the_other_to_read_where_they_live",),
    ),
    Guard(
        "safety 13", "nobody comes in another's place", DOORS_SQL,
        "        RAISE EXCEPTION 'nobody comes in the place of another' USING ERRCODE = 'insufficient_privilege';\n",
        "        NULL;\n",
        (f"{OWN_DOOR}::test_nobody_takes_another_into_what_somebody_said_yes_to",),
    ),
    Guard(
        "safety 13", "one is proposed for what one sees", DOORS_SQL,
        "CREATE POLICY of_what_one_sees ON proposal AS RESTRICTIVE",
        "CREATE POLICY of_what_one_sees ON proposal AS PERMISSIVE",
        (f"{OWN_DOOR}::test_nobody_proposes_themselves_to_read_what_is_asked_in_confidence",),
    ),
    Guard(
        "safety 14", "the desk looks again at what a resident changes", "app/activities/changing.py",
        "    if again and activity.status is Status.OPEN:\n", "    if again and False:\n",
        (f"{ACTIVITIES}::test_what_a_resident_changes_in_what_the_desk_approved_is_looked_at_before_others_read_it",),
        behind=(DOORS_SQL, *LOOKS_FIRST),
    ),
    Guard(
        "safety 14", "and the database shows nothing that it did not read", DOORS_SQL, *LOOKS_FIRST,
        (f"{ACTIVITIES}::test_at_the_database_too_nobody_shows_what_the_desk_did_not_read",),
    ),
    Guard(
        "safety 14", "who had a place hears the no", "app/activities/joining.py",
        "    _tell_stopped(session, activity, people)\n    return activity\n", "    return activity\n",
        (f"{ACTIVITIES}::test_who_had_a_place_hears_it_when_the_desk_says_no_to_what_was_changed",),
    ),
    Guard(
        "safety 15", "what they host stops", "app/safety/suspensions.py",
        "    joining.stop_hosted_by(session, actor, row.person_id, OFF)\n", "",
        (f"{SUSPENSIONS}::test_what_somebody_hosts_stops_when_they_are_suspended_and_who_would_come_reads_neutral_words",),
    ),
    Guard(
        "safety 15", "they say no other words of it", "app/activities/changing.py",
        f"{REFUSED}{HOSTED}", HOSTED,
        (f"{SUSPENSIONS}::test_who_is_suspended_changes_nothing_of_what_they_host",),
    ),
    Guard(
        "safety 15", "and put it at no other time", "app/activities/changing.py",
        f"{REFUSED}{MOVED}", MOVED,
        (f"{SUSPENSIONS}::test_who_is_suspended_moves_nothing_of_what_they_host",),
    ),
    Guard(
        "safety 16", "the talks go with the agreement", DOORS,
        '("coupling_talk", OF_THE_AGREEMENT, DECIDES),', '("coupling_talk", "true", DECIDES),',
        (f"{TALKS}::test_who_acts_for_somebody_reads_of_the_talks_only_what_they_may_read_of_the_agreement",),
    ),
    Guard(
        "safety 16", "a contact person sees the places that they took", DOORS,
        '("activity_signup", OWN_HAND, "false"),', '("activity_signup", "true", "false"),',
        (f"{NAMES}::test_a_contact_person_sees_and_gives_back_no_place_that_somebody_took_themselves",),
    ),
    Guard(
        "safety 16", "and gives back no other", DOORS_SQL,
        "\n        AND (acting_contact() IS NULL OR by_id = acting_contact());", ";",
        (f"{NAMES}::test_a_contact_person_sees_and_gives_back_no_place_that_somebody_took_themselves",),
    ),
    Guard(
        "outside 5", "a style is read in one pass", "app/looks/logo.py",
        '    for declaration in part.attrib.get("style", "").split(";"):\n'
        '        key, _, value = declaration.partition(":")\n',
        '    pattern = r"\\s*([a-z-]{1,40})\\s*:\\s*([^;]{1,200}?)\\s*(?:;|$)"\n'
        '    for key, value in re.findall(pattern, part.attrib.get("style", "")):\n',
        ("tests/app/looks/test_logo.py::test_a_style_as_long_as_the_file_may_be_keeps_nobody_waiting",),
    ),
    Guard(
        "outside 6", "a day is one that a calendar of ours reaches", "web/pages/joining.py",
        "_DAY: Final = TypeAdapter[date](Day)", "_DAY: Final = TypeAdapter[date](date)",
        ("tests/web/pages/test_activity_pages.py::test_the_list_is_searched_by_kind_place_day_and_access",),
    ),
)  # fmt: skip
