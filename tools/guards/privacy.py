"""What is kept, shown and forgotten."""

from typing import Final

from tools.guards.guard import Guard

PRIVACY_SQL: Final = "migrations/sql/0028_privacy.sql"
AUDIT_SQL: Final = "migrations/sql/0028_audit.sql"
CONSENTS: Final = "tests/app/privacy/test_consents.py"
CHAIN: Final = "tests/app/audit/test_chain.py"

GUARDS: Final = (
    Guard(
        "place 1", "an address is there while an agreement lives", "migrations/sql/0003_access.sql",
        "WHERE a.status = 'active'\n          AND ((a.asker_id = contact.person_id",
        "WHERE true\n          AND ((a.asker_id = contact.person_id",
        ("tests/app/test_tenancy.py::test_contact_details_are_there_for_both_only_while_an_agreement_lives",),
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
        "privacy 2", "what is sensitive is never public", PRIVACY_SQL,
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
)  # fmt: skip
