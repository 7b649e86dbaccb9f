"""Webhooks, addresses, files that are read, and two at one moment."""

from typing import Final

from tools.guards.guard import Guard

DOORS: Final = "tests/app/attacks/test_last_doors.py"
THEIRS: Final = "migrations/sql/0054_only_theirs.sql"
CELLS: Final = "tests/app/matrix/test_every_cell.py"
FILES: Final = "a_head_that_no_table_has_is_no_file"


def proof(*names: str) -> tuple[str, ...]:
    """Tests of that file."""
    return tuple(f"{DOORS}::test_{name}" for name in names)


GUARDS: Final = (
    Guard(
        "outside 7", "the address is its administrators'", THEIRS,
        "CREATE POLICY administered ON webhook AS RESTRICTIVE", "CREATE POLICY administered ON webhook AS PERMISSIVE",
        proof("a_webhook_is_its_administrators_in_their_own_name"),
    ),
    Guard(
        "outside 7", "and in their own name", THEIRS,
        "CREATE POLICY in_own_name ON webhook AS RESTRICTIVE", "CREATE POLICY in_own_name ON webhook AS PERMISSIVE",
        proof("a_webhook_is_its_administrators_in_their_own_name"),
    ),
    Guard(
        "outside 7", "what happened is said by the trigger only", THEIRS,
        "CREATE POLICY a_trial ON webhook_message AS RESTRICTIVE",
        "CREATE POLICY a_trial ON webhook_message AS PERMISSIVE",
        proof("no_system_hears_what_never_happened"),
    ),
    Guard(
        "outside 7", "what was sent stays", THEIRS,
        "CREATE POLICY let_go ON webhook_message AS RESTRICTIVE",
        "CREATE POLICY let_go ON webhook_message AS PERMISSIVE",
        proof("what_was_sent_is_let_go_of_by_the_worker_only"),
    ),
    Guard(
        "outside 7", "no more is read of how long than counts", "app/webhooks/sending.py",
        "int(asked[:9])", "int(asked)",
        proof("how_long_a_system_asks_to_be_left_alone_stays_within_bounds"),
    ),
    Guard(
        "outside 8", "only what was handed out is of the internet", "app/outgoing.py",
        "        if not (address in INTERNET or address.is_private):\n            return False\n", "",
        proof("no_address_in_which_another_hides_is_of_the_internet"),
    ),
    Guard(
        "outside 8", "a name is one that a header holds", "app/outgoing.py",
        "        or not PLAIN_HOST.fullmatch(host)\n", "        or not host\n",
        proof("a_name_that_no_header_holds_is_no_address"),
    ),
    Guard(
        "outside 9", "an address with a NUL is none", "app/branch.py",
        "        if NOWHERE in scope[\"path\"]:\n            return found\n", "",
        (f"{CELLS}::test_a_name_or_a_number_that_no_row_can_have_is_no_error",),
    ),
    Guard(
        "outside 9", "a municipality has a code", "web/in_address.py",
        "Place = Annotated[int, Path(ge=1, le=9999)]", "Place = Annotated[int, Path(ge=1)]",
        (f"{CELLS}::test_a_name_or_a_number_that_no_row_can_have_is_no_error",),
    ),
    Guard(
        "outside 10", "a drawing is in plain letters", "app/looks/logo.py",
        "    if b\"\\0\" in sent:", "    if b\"\\0\" == sent:",
        proof("a_logo_in_other_letters_declares_nothing"),
    ),
    Guard(
        "outside 10", "a colour has numbers", "app/looks/tokens.py",
        '_PART: Final = r"(\\d{1,3}(?:\\.\\d{1,2})?)"', '_PART: Final = r"([\\d.]{1,6})"',
        proof("a_colour_of_dots_is_no_colour"),
    ),
    Guard(
        "outside 10", "half a sign is none", "app/looks/tokens.py",
        'return text.encode("utf-8", "replace").decode()', "return text",
        proof("half_a_sign_in_a_token_is_shown_as_no_sign"),
    ),
    Guard(
        "outside 10", "a head can be no head of people", "app/imports/lines.py",
        "    except csv.Error:\n        raise NotAFile(\"no-text\") from None\n",
        "    except ZeroDivisionError:\n        raise NotAFile(\"no-text\") from None\n",
        proof(FILES),
    ),
    Guard(
        "outside 10", "nor of addresses", "app/factlab/counting.py",
        "        names = [(name or \"\").strip().lower() for name in reader.fieldnames or ()]\n    except csv.Error:",
        "        names = [(name or \"\").strip().lower() for name in reader.fieldnames or ()]\n    except OSError:",
        proof(FILES),
    ),
    Guard(
        "outside 11", "the link to one referral ends", "app/referrals/links.py",
        "    if not 0 <= day.toordinal() - made <= TOLD_FOR.days:\n        raise NotFound\n", "",
        proof("the_link_to_one_referral_ends"),
    ),
    Guard(
        "outside 12", "one covenant after the other", "app/partners/covenants.py",
        '    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("covenant", municipality_id))))\n',
        "",
        proof("of_two_who_publish_a_covenant_at_once_each_is_a_version"),
    ),
    Guard(
        "outside 12", "one mandate after the other", "app/representations/mandates.py",
        'func.hashtextextended(f"mandate {actor.person_id}", 0)', "func.hashtextextended(str(uuid7()), 0)",
        proof("a_mandate_that_is_given_from_several_windows_is_one"),
    ),
    Guard(
        "outside 13", "a ring that lives did not end", "app/rings/answer.py",
        ".where(Ring.status.not_in((*LIVE, RingStatus.AGREED)))", "",
        ("tests/app/rings/test_rings.py::test_nobody_hears_that_a_ring_ended_while_it_lives",),
    ),
    Guard(
        "outside 13", "a change is mailed that was noted", "app/jobs/mails.py",
        "if not events.happened(session, UUID(person_id), UUID(event_id), Happened(kind)):", "if False:",
        ("tests/app/test_jobs.py::test_nobody_is_mailed_a_change_of_their_keys_that_never_was",),
    ),
    Guard(
        "outside 14", "who has no place keeps no wishes", "app/access/policy.py",
        "    if not places:\n        raise Forbidden\n    return min(places)\n", "    return min(places)\n",
        proof("whose_role_ended_and_who_lives_nowhere_here_chooses_nothing_and_meets_no_error"),
    ),
)  # fmt: skip
