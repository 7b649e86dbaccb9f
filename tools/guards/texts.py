"""What people type, mail and send along stays the words and the picture that it is."""

from typing import Final

from tools.guards.guard import Guard

REFUSALS: Final = "tests/app/api/test_refusals.py"
MAIL: Final = "tests/app/attacks/test_mail.py"

GUARDS: Final = (
    Guard(
        "security 49", "a template escapes", "web/rendering.py", "autoescape=True,", "autoescape=False,",
        ("tests/web/test_rendering.py::test_what_people_type_is_escaped_and_stays_literal",),
    ),
    Guard(
        "security 49", "no template takes words for a page", "web/templates/welfare/plan.html",
        "<dd>{{ plan.goal }}</dd>", "<dd>{{ plan.goal | safe }}</dd>",
        ("tests/app/matrix/test_fields.py::test_whatever_anybody_wrote_is_words_on_every_page_and_paper",),
    ),
    Guard(
        "security 49", "the policy lets no script in a page run", "web/security.py",
        "script-src 'self' 'nonce-{nonce}'", "script-src 'self' 'unsafe-inline'",
        ("tests/web/test_every_header.py::test_every_route_and_every_refusal_carries_its_headers",),
    ),
    Guard(
        "security 49", "a browser tells what it refused", "web/security.py",
        'f"report-uri {REPORTS}"', '""', ("tests/web/test_reports.py::test_a_page_names_where_to_report",),
    ),
    Guard(
        "security 49", "only what is about a page of ours is told", "web/reports.py",
        "if page.netloc != host or not", "if not",
        ("tests/web/test_reports.py::test_what_is_no_report_of_ours_leaves_no_word",),
    ),
    Guard(
        "security 50", "what was filled in is not filled in again", "app/notifications/texts.py",
        "said[:1].upper() + said[1:]", 'said.format(title="x")',
        (f"{MAIL}::test_a_title_stays_the_words_it_is_in_what_a_notice_says",),
    ),
    Guard(
        "security 51", "an address is one address", "app/text.py",
        'if not address.isascii() or "=?" in address:', "if False:",
        (f"{MAIL}::test_what_a_mail_program_could_read_as_another_address_is_none",),
    ),
    Guard(
        "security 51", "a subject unpacks into nothing", "app/notifications/mail.py",
        'subject.replace("=?", "= ?")', "subject",
        (f"{MAIL}::test_a_title_or_a_name_adds_no_header_and_nobody_and_stays_the_words_it_is",),
    ),
    Guard(
        "security 53", "a photograph is not larger than we can open", "app/welfare/receipts.py",
        "if image.width * image.height > PIXELS_MAX:", "if False:",
        ("tests/app/attacks/test_files.py::test_what_is_no_photograph_is_refused_whatever_it_is_called",),
    ),
    Guard(
        "security 53", "a PDF does nothing", "app/welfare/receipts.py",
        "if USES.search(part):", "if False:",
        ("tests/app/attacks/test_files.py::test_a_receipt_that_does_something_is_no_receipt",),
    ),
    Guard(
        "security 53", "a PDF holds no more than we can look through", "app/welfare/receipts.py",
        "        left -= len(part)\n", "",
        ("tests/app/attacks/test_files.py::test_a_small_file_that_holds_very_much_is_given_up_soon",),
    ),
    Guard(
        "security 54", "no text is a formula", "app/tables.py",
        'return f"\'{clean}" if FORMULA.match(clean) else clean', "return clean",
        ("tests/app/test_tables.py::test_no_text_becomes_a_formula",),
    ),
    Guard(
        "security 48", "text is stored as NFC", "app/text.py",
        '    text = unicodedata.normalize("NFC", text)\n    text = _paragraphs', "    text = _paragraphs",
        (f"{REFUSALS}::test_text_that_people_write_is_kept_as_nfc",
         "tests/app/test_text.py::test_an_accent_typed_apart_joins_its_letter"),
    ),
    Guard(
        "security 48", "marks do not pile up", "app/text.py",
        "if run > MARKS_IN_A_ROW or (run and place == 0):", "if False:",
        ("tests/app/test_text.py::test_what_cannot_be_stored_is_refused_with_its_reason",),
    ),
    Guard(
        "security 48", "nobody is called as the desk is", "app/text.py",
        "if looks_like_staff(name(text)):", "if not name(text):",
        (f"{REFUSALS}::test_a_name_that_deceives_is_refused",
         "tests/app/test_text.py::test_a_first_name_that_looks_like_staff_is_refused"),
    ),
    Guard(
        "security 48", "search passes over accents", "migrations/versions/0001_foundation.py",
        "lower(public.unaccent('public.unaccent'::regdictionary, $1))", "lower($1)",
        (f"{REFUSALS}::test_search_ignores_accents_and_survives_anything",),
    ),
)  # fmt: skip
