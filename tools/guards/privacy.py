"""What is kept, shown and forgotten."""

from typing import Final

from tools.guards.guard import Guard

PRIVACY_SQL: Final = "migrations/sql/0028_privacy.sql"
YES_SQL: Final = "migrations/sql/0029_yes.sql"
AUDIT_SQL: Final = "migrations/sql/0028_audit.sql"
CONSENTS: Final = "tests/app/privacy/test_consents.py"
YESES: Final = "tests/app/privacy/test_yes.py"
CHAIN: Final = "tests/app/audit/test_chain.py"
SYSLOG: Final = "tests/app/audit/test_syslog.py"
FORGET_SQL: Final = "migrations/sql/0028_forget.sql"
RETENTION: Final = "tests/app/privacy/test_retention.py"
LOOKS: Final = "tests/web/pages/test_every_look.py"
READ_BACK: Final = (
    "tests/app/matrix/test_fields.py::"
    "test_the_desk_reads_an_address_and_messages_after_a_reason_that_the_asker_reads_back"
)
OPENED: Final = "tests/app/audit/test_opening.py::test_both_read_why_the_first_words_of_a_helper_were_opened"
AT_THE_DESK: Final = "tests/app/privacy/test_erase_at_the_desk.py"

GUARDS: Final = (
    Guard(
        "place 1", "an address is there while an agreement lives", "migrations/sql/0003_access.sql",
        "WHERE a.status = 'active'\n          AND ((a.asker_id = contact.person_id",
        "WHERE true\n          AND ((a.asker_id = contact.person_id",
        ("tests/app/test_tenancy.py::test_contact_details_are_there_for_both_only_while_an_agreement_lives",),
    ),
    Guard(
        "place 1", "what is equally far stays in the engine's order", "app/matches/nearby.py",
        "key=lambda near: near.distance_m)", "key=lambda near: (near.distance_m, near.help_request.id))",
        ("tests/app/matches/test_order_nearby.py::test_what_is_equally_far_keeps_one_order_that_is_not_that_of_asking",),
    ),
    Guard(
        "place 1", "a house is where its neighbourhood is", "app/places/service.py",
        "neighbourhood.pc4, neighbourhood.cell, neighbourhood.place)",
        'neighbourhood.pc4, neighbourhood.cell + len((postcode.letters or "").strip("A")), neighbourhood.place)',
        ("tests/app/places/test_cells.py::test_every_house_of_a_neighbourhood_is_in_one_cell",),
    ),
    Guard(
        "place 1", "a cell is a square kilometre at least", "matching/cells.py",
        "COLUMNS_PER_DEGREE: Final = 65", "COLUMNS_PER_DEGREE: Final = 130",
        ("tests/matching/test_cells.py::test_a_cell_is_at_least_a_kilometre_either_way",),
    ),
    Guard(
        "privacy 1", "nothing opens against a no", PRIVACY_SQL,
        "IF NEW.status = 'open' AND (refuses(NEW.person_id, 'voorstellen')",
        "IF false AND (refuses(NEW.person_id, 'voorstellen')",
        (f"{CONSENTS}::test_nothing_opens_against_a_no_whatever_the_program_does",),
    ),
    Guard(
        "privacy 1", "a no to borders holds for what comes later", PRIVACY_SQL,
        "    IF NEW.cross_border AND refuses(NEW.person_id, 'over-de-grens') THEN\n        NEW.cross_border := false;\n"
        "    END IF;\n    RETURN NEW;\nEND $$;\nCREATE FUNCTION keep_request",
        "    RETURN NEW;\nEND $$;\nCREATE FUNCTION keep_request",
        (f"{CONSENTS}::test_a_no_to_borders_keeps_help_within_them",),
    ),
    Guard(
        "privacy 2", "what is sensitive is never public", YES_SQL,
        "        NEW.is_public := false;\n", "        NULL;\n",
        (f"{CONSENTS}::test_a_sensitive_question_is_never_public",),
    ),
    Guard(
        "privacy 3", "mails go too", "app/notifications/mail.py",
        "        box.discard(key)\n", "        len(key)\n",
        ("tests/app/privacy/test_erase.py::test_an_erased_person_is_not_found_anywhere",),
    ),
    Guard(
        "privacy 4", "a BSN is one in eleven", "app/privacy/bsn.py",
        "% 11 == 0", "% 11 < 5",
        ("tests/app/privacy/test_bsn.py::test_at_most_one_last_digit_in_ten_passes",),
    ),
    Guard(
        "privacy 3", "what somebody else wrote loses their name", FORGET_SQL,
        "        n := n + take_out(t.name, patterns.strong, 'gi', NULL, keys);\n", "",
        ("tests/app/privacy/test_erase.py::test_an_erased_person_is_not_found_anywhere",),
    ),
    Guard(
        "privacy 3", "what is their own is emptied", FORGET_SQL,
        "WHERE d.table_name = t.name AND d.fate <> 'keep';", "WHERE d.table_name = t.name AND false;",
        ("tests/app/privacy/test_erase.py::test_an_erased_person_is_not_found_anywhere",),
    ),
    Guard(
        "privacy 10", "a term counts from its last day", "app/privacy/retention.py",
        "    before = moment - timedelta(days=days)\n", "    before = moment\n",
        (f"{RETENTION}::test_the_text_of_a_withdrawn_request_goes_after_thirty_days",
         f"{RETENTION}::test_of_seven_cases_exactly_the_three_that_closed_two_days_ago_lose_mail_and_telephone"),
    ),
    Guard(
        "audit 1", "an entry stays", AUDIT_SQL,
        "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stays();", "",
        (f"{CHAIN}::test_not_even_the_owner_changes_it_by_accident",),
    ),
    Guard(
        "audit 1", "what an entry says is in its link", AUDIT_SQL,
        "WHEN e.id IS NOT NULL AND audit_hash(e) IS DISTINCT FROM", "WHEN false AND audit_hash(e) IS DISTINCT FROM",
        (f"{CHAIN}::test_the_first_row_that_was_changed_is_named",),
    ),
    Guard(
        "audit 1", "a link stands behind the one before it", AUDIT_SQL,
        "coalesce(c.number_before, 0) + 1 THEN 'a link before it is gone'\n            WHEN c.previous",
        "c.number THEN 'a link before it is gone'\n            WHEN false AND c.previous",
        (f"{CHAIN}::test_a_link_that_is_gone_shows_at_the_next",),
    ),
    Guard(
        "audit 1", "there is one door", AUDIT_SQL,
        "GRANT SELECT ON audit_entry, audit_reason TO {application};",
        "GRANT SELECT, INSERT ON audit_entry, audit_reason TO {application};"
        " CREATE POLICY written ON audit_entry FOR INSERT TO {application} WITH CHECK (true);",
        (f"{CHAIN}::test_the_program_only_adds_through_the_one_door",),
    ),
    Guard(
        "audit 2", "a look that is shown later is not there before", AUDIT_SQL,
        "    AND (shown_from IS NULL OR shown_from <= (SELECT ledger.now()))\n", "",
        (f"{CHAIN}::test_what_is_shown_later_is_not_there_before",),
    ),
    Guard(
        "audit 2", "a privacy officer is not warned for their house", "migrations/sql/0034_trust.sql",
        "        AND one_house(subject_id, (SELECT actor_person()))\n", "        AND false\n",
        ("tests/app/attacks/test_own_house.py::test_a_privacy_officer_reads_of_their_own_house_what_the_house_may_read",
         "tests/app/attacks/test_own_house.py::test_a_privacy_officer_does_not_read_that_their_own_file_was_opened"),
    ),
    Guard(
        "privacy 5", "who sends says yes", "app/privacy/saying.py",
        "    if asks(session, actor, person_id, category, skills):\n        raise YesNeeded\n", "",
        (f"{YESES}::test_without_a_yes_nothing_sensitive_is_sent_and_a_draft_waits",),
    ),
    Guard(
        "privacy 5", "the database opens nothing without a yes", YES_SQL,
        ") AND yes_to_come(NEW.person_id, NEW.category_number, NEW.skills) IS NOT NULL THEN", ") AND false THEN",
        (f"{YESES}::test_whatever_the_program_does_nothing_sensitive_opens_without_a_yes",),
    ),
    Guard(
        "privacy 6", "a child waits for a parent", YES_SQL,
        "c.birth_year - 1 < 16", "c.birth_year - 1 < 0",
        (f"{YESES}::test_a_childs_question_waits_for_a_parent_and_nothing_is_shown_before",),
    ),
    Guard(
        "privacy 7", "the API looks for a BSN", "app/api/bodies.py",
        "    if where:\n", "    if False:\n",
        ("tests/app/api/test_bsn.py::test_who_looked_at_it_sends_it_and_nobody_else",),
    ),
    Guard(
        "privacy 8", "not for one's own house", "app/privacy/erase.py",
        "    refuse_own(session, staff, person_id)\n", "",
        (f"{AT_THE_DESK}::test_nobody_at_the_desk_erases_who_lives_with_them",),
    ),
    Guard(
        "privacy 8", "nor for whom one acts", "app/privacy/erase.py",
        "    if session.scalars(acts).first() is not None:", "    if False:",
        (f"{AT_THE_DESK}::test_nobody_at_the_desk_erases_whom_they_act_for",),
    ),
    Guard(
        "privacy 8", "after a failure one is oneself again", "app/db.py",
        '        session.info["scope"] = before  #', '        session.info["scope"] = scope  #',
        (f"{AT_THE_DESK}::test_after_a_failure_in_their_place_one_is_oneself_again",),
    ),
    Guard(
        "audit 3", "one line at the server is the one of the log", "app/audit/chain.py",
        "if hashes != {held.get(number)}", "if number not in held",
        (f"{SYSLOG}::test_a_log_that_was_made_anew_differs_from_what_the_server_wrote",),
    ),
    Guard(
        "audit 3", "half a line of ours is not passed by", "app/audit/outside.py",
        "            elif marked:\n", "            elif False:\n",
        (f"{SYSLOG}::test_a_line_that_was_slipped_in_or_cut_off_at_the_server_is_named",),
    ),
    Guard(
        "audit 4", "who reads papers of somebody is written down", "app/checks/service.py",
        'audit.note(session, actor, audit.Act.CHECKS, subject=person_id, municipality_id=municipality_id, entity=',
        '(lambda *_, **__: 0)(session, actor, subject=person_id, municipality_id=municipality_id, entity=',
        (f"{LOOKS}::test_no_route_shows_what_is_private_without_a_word_in_the_log",),
    ),
    Guard(
        "audit 4", "who reads a report is written down", "app/safety/reports.py",
        "audit.note(session, actor, audit.Act.REPORT, subject=row.reporter_id,",
        "(lambda *_, **__: 0)(session, actor, audit.Act.REPORT, subject=row.reporter_id,",
        (f"{LOOKS}::test_no_route_shows_what_is_private_without_a_word_in_the_log",),
    ),
    Guard(
        "audit 5", "who asked reads why their messages were opened", "app/audit/opening.py",
        "    _tell(\n        session, actor, Act.MESSAGES, help_request.person_id, help_request.municipality_id, id, "
        "opening.reason\n    )\n", "",
        (OPENED,),
    ),
    Guard(
        "audit 5", "who helps reads it too", "app/audit/opening.py",
        "        _tell(session, actor, Act.MESSAGES, helper_id, municipality_id, id, opening.reason)\n",
        "        len(str(municipality_id))\n",
        (OPENED,),
    ),
    Guard(
        "audit 5", "whose address it is reads why it was opened", "app/audit/opening.py",
        "            Act.ADDRESS,\n            help_request.person_id,",
        "            Act.ADDRESS,\n            actor.person_id,",
        (READ_BACK,),
    ),
    Guard(
        "privacy 11", "what tells of danger is never kept", "app/signposts/service.py",
        "kept = read(LIFE_THEMES, codes).to_keep().codes", "kept = read(LIFE_THEMES, codes).codes",
        ("tests/app/signposts/test_keeping.py::test_danger_and_a_wish_to_die_are_left_out",),
    ),
    Guard(
        "privacy 11", "nobody else reads what was kept", "migrations/sql/0037_choices.sql",
        "USING (person_id = (SELECT actor_person()))", "USING (true)",
        ("tests/app/signposts/test_keeping.py::test_another_finds_nothing_of_it_a_desk_neither",),
    ),
    Guard(
        "privacy 11", "nor who acts for them", "migrations/versions/0037_choices.py",
        '    narrow_while_acting("kept_choices")\n', "",
        ("tests/app/signposts/test_keeping.py::test_who_acts_for_another_neither_reads_nor_keeps_it",),
    ),
)  # fmt: skip
