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
READ_BACK: Final = (
    "tests/app/matrix/test_fields.py::"
    "test_the_desk_reads_an_address_and_messages_after_a_reason_that_the_asker_reads_back"
)
AT_THE_DESK: Final = "tests/app/privacy/test_erase_at_the_desk.py"

GUARDS: Final = (
    Guard(
        "place 1", "an address is there while an agreement lives", "migrations/sql/0003_access.sql",
        "WHERE a.status = 'active'\n          AND ((a.asker_id = contact.person_id",
        "WHERE true\n          AND ((a.asker_id = contact.person_id",
        ("tests/app/test_tenancy.py::test_contact_details_are_there_for_both_only_while_an_agreement_lives",),
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
        "audit 1", "an entry stays", AUDIT_SQL,
        "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stays();", "",
        (f"{CHAIN}::test_not_even_the_owner_changes_it_by_accident",),
    ),
    Guard(
        "audit 2", "a look that is shown later is not there before", AUDIT_SQL,
        "    AND (shown_from IS NULL OR shown_from <= (SELECT ledger.now()))\n", "",
        (f"{CHAIN}::test_what_is_shown_later_is_not_there_before",),
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
        "audit 4", "who asked reads why their messages were opened", "app/audit/opening.py",
        "    _tell(\n        session, actor, Act.MESSAGES, help_request.person_id, help_request.municipality_id, id, "
        "opening.reason\n    )\n", "",
        (READ_BACK,),
    ),
    Guard(
        "audit 4", "who helps reads it too", "app/audit/opening.py",
        "        _tell(session, actor, Act.MESSAGES, helper_id, municipality_id, id, opening.reason)\n",
        "        len(str(municipality_id))\n",
        (READ_BACK,),
    ),
    Guard(
        "audit 4", "whose address it is reads why it was opened", "app/audit/opening.py",
        "            Act.ADDRESS,\n            help_request.person_id,",
        "            Act.ADDRESS,\n            actor.person_id,",
        (READ_BACK,),
    ),
)  # fmt: skip
