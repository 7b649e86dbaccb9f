"""Blocks, suspensions, reports, files, and the checks that help asks for."""

from typing import Final

from tools.guards.guard import Guard

SAFETY: Final = "tests/app/safety"
SAFETY_SQL: Final = "migrations/sql/0027_safety.sql"
SUSPENSIONS: Final = "tests/app/safety/test_suspensions.py"
FILES: Final = "tests/app/safety/test_files.py"
TRUST_SQL: Final = "migrations/sql/0034_trust.sql"
OWN_HOUSE: Final = "tests/app/attacks/test_own_house.py"
CHECKS_SQL: Final = "migrations/sql/0026_checks.sql"
CONFIRMING: Final = "tests/app/checks/test_confirming.py"
VALIDITY: Final = "tests/app/checks/test_validity.py"
KVK: Final = "tests/app/checks/test_kvk.py"

GUARDS: Final = (
    Guard(
        "safety 1", "the match index hears of a block", SAFETY_SQL,
        "CREATE TRIGGER log AFTER INSERT OR UPDATE OF ended_at ON person_block FOR EACH ROW EXECUTE", "--",
        (f"{SAFETY}/test_blocks.py::test_a_block_that_was_let_go_matches_again",),
    ),
    Guard(
        "safety 1", "words and Roosjes ask for a block too", "app/matches/meeting.py",
        "return bool(session.execute(select(func.are_blocked(one, other))).scalar_one())", "return False",
        (f"{SAFETY}/test_blocks.py::test_no_words_and_no_roosjes_go_from_one_to_the_other",),
    ),
    Guard(
        "safety 1", "what was open ends with a block", "app/safety/blocks.py",
        "    _let_go(session, actor, other)\n", "",
        (f"{SAFETY}/test_blocks.py::test_what_was_open_ends_as_any_neutral_no",),
    ),
    Guard(
        "safety 2", "the match index hears of a suspension", SAFETY_SQL,
        "CREATE TRIGGER log AFTER INSERT OR UPDATE OF status ON suspension FOR EACH ROW EXECUTE", "--",
        (f"{SUSPENSIONS}::test_who_is_suspended_is_not_matched_in_the_next_query_and_again_when_it_is_lifted",),
    ),
    Guard(
        "safety 2", "somebody else decides on an appeal", "app/safety/suspensions.py",
        "    if row.by_id == actor.person_id:", "    if False:",
        (f"{SUSPENSIONS}::test_who_suspended_somebody_does_not_decide_on_the_appeal",),
    ),
    Guard(
        "safety 2", "who lives with them reads no appeal", "app/safety/suspensions.py",
        "            ~func.one_house(SuspensionAppeal.person_id, actor.person_id),\n", "",
        (f"{OWN_HOUSE}::test_a_suspension_of_somebody_does_not_reach_their_own_house",),
    ),
    Guard(
        "safety 3", "nobody answers their own house", "app/safety/reports.py",
        "    refuse_own(session, actor, row.reporter_id)\n    if row.version", "    if row.version",
        (f"{OWN_HOUSE}::test_a_makelaar_does_not_handle_what_their_own_house_reported",),
    ),
    Guard(
        "safety 3", "a promise counts working days", "app/safety/reports.py",
        "due_at=add_working_days(moment, DAYS[new.urgency])", "due_at=moment",
        (f"{SAFETY}/test_reports.py::test_a_report_goes_to_the_desk_of_the_reporter_with_a_day_in_working_days",),
    ),
    Guard(
        "safety 3", "whom a report is about does not read it at the desk", SAFETY_SQL,
        "    AND coalesce(about_id <> (SELECT actor_person()), true)\n", "",
        (f"{SAFETY}/test_reports.py::test_a_report_about_a_makelaar_does_not_exist_for_that_makelaar",),
    ),
    Guard(
        "safety 4", "the database reads the roles itself", SAFETY_SQL,
        "AS $$ SELECT granted_in(ARRAY['safety_officer']) $$;", "AS $$ SELECT actor_reach()::integer[] $$;",
        (f"{FILES}::test_direct_sql_as_the_application_role_shows_them_nothing",
         f"{FILES}::test_a_reach_that_a_faulty_program_sets_opens_nothing"),
    ),
    Guard(
        "safety 4", "who looked is read from a day on", SAFETY_SQL,
        " AND safety_disclosed(file_id)", "",
        (f"{FILES}::test_the_person_reads_who_looked_from_the_day_that_was_set_and_not_sooner",),
    ),
    Guard(
        "safety 4", "a file opens with a reason that says something", "app/safety/files.py",
        "if len(why.reason) < SHORTEST_REASON:", "if False:",
        (f"{FILES}::test_a_reason_that_says_nothing_opens_nothing",),
    ),
    Guard(
        "safety 4", "an officer is not warned of their own house", TRUST_SQL,
        " AND NOT one_house(f.person_id, s.person_id)", "",
        (f"{OWN_HOUSE}::test_a_safety_officer_is_not_warned_of_a_file_of_their_own_house",),
    ),
    Guard(
        "safety 4", "an opening lasts half an hour", SAFETY_SQL,
        "WHERE o.file_id = safety_entry.file_id\n                AND o.by_id = (SELECT actor_person())"
        " AND o.at > (SELECT ledger.now()) - interval '30 minutes')",
        "WHERE o.file_id = safety_entry.file_id\n                AND o.by_id = (SELECT actor_person()))",
        (f"{FILES}::test_an_opening_with_a_reason_shows_it_for_half_an_hour_and_stays_on_record",),
    ),
    Guard(
        "safety 5", "weighing comes before deciding", "app/safety/files.py",
        "if new.step == LAST_STEP and LAST_STEP - 1 not in set(session.scalars(taken)):", "if False:",
        (f"{FILES}::test_the_five_steps_have_their_dates_and_a_person_decides",),
    ),
    Guard(
        "safety 6", "the same is shown once in a month", SAFETY_SQL,
        "    CONSTRAINT uq_safety_signal_kind_person_id_since UNIQUE (kind, person_id, since),\n", "",
        (f"{SAFETY}/test_watch.py::test_nobody_is_punished_and_the_same_is_shown_once_in_a_month",),
    ),
    Guard(
        "safety 6", "not told to their own house", "app/safety/watch.py",
        "reports.staff(session, row.municipality, row.person)", "reports.staff(session, row.municipality)",
        (f"{OWN_HOUSE}::test_a_signal_about_somebody_does_not_reach_their_own_house",),
    ),
    Guard(
        "safety 6", "two may hear the same by chance", "app/safety/watch.py",
        "\nMONEY: Final = 3\n", "\nMONEY: Final = 2\n",
        (f"{SAFETY}/test_watch.py::test_money_in_the_first_words_to_three_people_is_shown_and_to_two_it_is_not",),
    ),
    Guard(
        "safety 7", "a new version is asked", "app/safety/house_rules.py",
        "if answered is not None and answered >= rules.version:", "if answered is not None:",
        ("tests/app/safety/test_house_rules.py::test_a_new_version_is_asked_once_with_what_changed",),
    ),
    Guard(
        "safety 8", "the flag's own insurance", "app/agreements/agree.py",
        '"flag": row.name, "insurance": row.insurance}', '"flag": row.name, "insurance": ""}',
        ("tests/app/safety/test_house_rules.py::test_under_a_flag_the_organisation_insures",),
    ),
    Guard(
        "check 1", "the day of the help itself is looked at", "app/checks/confirming.py",
        "if not holds(session, proposal, starts_at):", "if False:",
        (f"{CONFIRMING}::test_a_day_after_the_last_day_of_the_vog_is_not_agreed_and_the_last_day_is",),
    ),
    Guard(
        "check 1", "who gives and who takes back a check come one after the other", CHECKS_SQL,
        "    PERFORM FROM person WHERE id = coalesce(NEW.person_id, OLD.person_id) FOR NO KEY UPDATE;\n", "",
        (f"{CONFIRMING}::test_a_withdrawal_that_is_not_committed_yet_is_waited_for",),
    ),
    Guard(
        "check 2", "a check counts until its last day", CHECKS_SQL,
        "                 AND (c.valid_until IS NULL\n                      OR c.valid_until >=",
        "                 AND (true\n                      OR c.valid_until >=",
        (f"{VALIDITY}::test_between_two_periods_no_visits_at_home_are_proposed",
         f"{VALIDITY}::test_an_exemption_that_has_expired_counts_as_missing"),
    ),
    Guard(
        "check 2", "the pages count until the last day too", "app/checks/standing.py",
        "        and (row.valid_until is None or day <= row.valid_until)\n", "",
        (f"{VALIDITY}::test_between_two_periods_no_visits_at_home_are_proposed",
         f"{VALIDITY}::test_an_exemption_that_has_expired_counts_as_missing"),
    ),
    Guard(
        "check 3", "what was written down stays so", CHECKS_SQL,
        "REVOKE UPDATE ON person_check FROM {application};", "",
        (f"{VALIDITY}::test_what_was_written_down_cannot_be_changed_by_the_program",),
    ),
    Guard(
        "check 4", "nobody sees their own papers", "app/checks/service.py",
        "    refuse_own(session, actor, person_id)\n    require(", "    require(",
        ("tests/web/desks/test_desk_checks.py::test_nobody_writes_about_themselves_or_about_people_of_elsewhere",
         "tests/app/attacks/test_own_house.py::test_a_makelaar_sees_no_papers_of_their_own_house"),
    ),
    Guard(
        "check 4", "who has mail needs no letter", "app/access/letters.py",
        "    if other == \"mail\":\n        raise HasMail\n", "",
        ("tests/app/access/test_letters.py::test_who_has_mail_gets_no_letter",),
    ),
    Guard(
        "check 5", "a second proof opens an organisation's papers", "app/access/roles.py",
        "PROVEN_ROLES = STAFF_ROLES | {Role.ORGANISATION_ADMINISTRATOR}", "PROVEN_ROLES = STAFF_ROLES",
        ("tests/web/pages/test_volunteer_checks.py::test_a_mailbox_alone_writes_nothing_for_an_organisation",),
    ),
    Guard(
        "check 5", "an organisation writes about its own volunteers only", CHECKS_SQL,
        "    AND person_id IN (SELECT v.person_id FROM volunteers_of(organisation_id) v)\n", "",
        ("tests/web/pages/test_volunteer_checks.py::test_the_database_says_so_too",),
    ),
    Guard(
        "check 5", "without a covenant an organisation writes nothing down", "app/checks/volunteers.py",
        "Organisation.id.in_(flags), Organisation.covenant_signed_on <= today(session)", "Organisation.id.in_(flags)",
        ("tests/web/pages/test_volunteer_checks.py::test_without_a_covenant_and_for_anybody_else_there_is_no_page",),
    ),
    Guard(
        "check 6", "only the register's own codes say that a company is not there", "app/checks/kvk.py",
        "if answer.status == HTTPStatus.NOT_FOUND and _codes(answer.body) & NOTHING_FOUND:",
        "if answer.status == HTTPStatus.NOT_FOUND:",
        (f"{KVK}::test_no_other_answer_says_that_a_company_does_not_exist",),
    ),
)  # fmt: skip
