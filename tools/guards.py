"""Guards of the program, each with what takes it away and the tests that must then fail: read by `prove_guards`.

The cases are those of `docs/cases.md`. A text must stand in its file exactly once.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Guard:
    """``old`` in ``path`` becomes ``new``; at least one of ``tests`` must then fail."""

    case: str
    what: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


REFUSALS: Final = "tests/app/api/test_refusals.py"
RACES: Final = "tests/app/api/test_races.py"
FORMS: Final = "tests/web/pages/test_every_form.py"
LEDGER: Final = "rewards/sql"
FAILURES: Final = "tests/app/api/test_failures.py"
GEOCODER: Final = "tests/web/pages/test_slow_geocoder.py"
AUTHOR: Final = "if actor.person_id not in (help_request.person_id, help_request.author_id):"
GIVING_PAGES: Final = "tests/web/pages/test_giving_pages.py"
EVERY_CALL: Final = "tests/rewards/test_every_call.py"
KILLED: Final = "tests/faults/test_killed.py"
AGREE: Final = "tests/app/agreements/test_agree.py"
UNPERMITTED: Final = "tests/app/api/test_without_permission.py"
LIMITS: Final = "tests/app/matches/test_limits.py"
LOST: Final = "tests/rewards/test_lost_papers.py"
ACCOUNTS: Final = "tests/app/attacks/test_two_accounts.py"
ANOTHERS_NAME: Final = "tests/app/attacks/test_anothers_name.py"
APART_SQL: Final = "migrations/sql/0031_apart.sql"
OWN_HOUSE: Final = "tests/app/attacks/test_own_house.py"
MATRIX: Final = "tests/app/matrix/test_every_cell.py"
SAFETY: Final = "tests/app/safety"
SAFETY_PAGES: Final = "tests/web/safety/test_safety_pages.py"
SAFETY_SQL: Final = "migrations/sql/0027_safety.sql"
SUSPENSIONS: Final = "tests/app/safety/test_suspensions.py"
FILES: Final = "tests/app/safety/test_files.py"
GETTING_IN: Final = "tests/app/access"
MAIL: Final = "tests/app/attacks/test_mail.py"
PROVIDER_REFUSALS: Final = "tests/web/oidc/test_refusals.py"
PROVIDER_SETUP: Final = "tests/app/test_oidc_setup.py"
SECOND_PROOF: Final = "tests/web/oidc/test_second_proof.py"
VOUCHERS: Final = "tests/rewards/test_vouchers.py"
CHECKS_SQL: Final = "migrations/sql/0026_checks.sql"
CONFIRMING: Final = "tests/app/checks/test_confirming.py"
VALIDITY: Final = "tests/app/checks/test_validity.py"
KVK: Final = "tests/app/checks/test_kvk.py"
INVOICES_SQL: Final = "rewards/sql/34_invoices.sql"
INVOICES: Final = "tests/rewards/test_invoices.py"
MAIL_SERVER: Final = "tests/app/attacks/test_mail_server.py"
STOPPED: Final = "tests/faults/test_stopped.py"
PRIVACY_SQL: Final = "migrations/sql/0028_privacy.sql"
AUDIT_SQL: Final = "migrations/sql/0028_audit.sql"
CONSENTS: Final = "tests/app/privacy/test_consents.py"
CHAIN: Final = "tests/app/audit/test_chain.py"

GUARDS: Final = (
    Guard(
        "security 1", "a refused access leaves a row", "app/http.py",
        "if refusal.status in (403, 404):", "if refusal.status in ():",
        (f"{REFUSALS}::test_anothers_request_does_not_exist_and_asking_for_it_is_noted",),
    ),
    Guard(
        "security 1", "a hidden request is no row for others", "migrations/sql/0003_access.sql",
        "CREATE POLICY shown ON help_request FOR SELECT USING (is_public);",
        "CREATE POLICY shown ON help_request FOR SELECT USING (true);",
        ("tests/app/test_tenancy.py::test_rows_of_others_do_not_exist_for_a_transaction_without_reach",),
    ),
    Guard(
        "security 1", "what the role does not carry is not there", "app/access/policy.py",
        "    clauses = [model.in_reach_of(actor.reach(permission)), model.is_public_row()]\n",
        "    clauses = [model.municipality_id.is_not(None)]\n",
        (f"{UNPERMITTED}::test_staff_without_the_permission_read_what_they_would_read_of_nothing",),
    ),
    Guard(
        "security 5", "unknown names are refused", "app/schemas.py",
        'extra="forbid", frozen=True', 'extra="ignore", frozen=True',
        (f"{REFUSALS}::test_a_field_that_one_may_not_set_is_refused",
         f"{FORMS}::test_a_field_that_one_may_not_set_changes_nothing"),
    ),
    Guard(
        "security 5", "also on the screen with two schemas", "web/pages/desk_intake.py",
        "if form.values.keys() - PERSON_FIELDS - QUESTION_FIELDS - OWN_FIELDS:", "if False:",
        ("tests/web/desks/test_desk_intake.py::test_a_field_of_nobodys_is_refused",),
    ),
    Guard(
        "security 11", "a second proof comes with a new token", "app/access/sign_in.py",
        ".values(ended_at=func.ledger.now())\n        .returning(WebSession)",
        ".values(browser=WebSession.browser)\n        .returning(WebSession)",
        (f"{GETTING_IN}/test_sessions.py::test_a_new_proof_comes_with_a_new_token_and_the_same_end",),
    ),
    Guard(
        "security 11", "a role that changes ends every session", "migrations/sql/0024_getting_in.sql",
        "CREATE TRIGGER role_changed AFTER INSERT OR UPDATE OR DELETE ON role_grant",
        "CREATE TRIGGER role_changed AFTER INSERT ON role_grant",
        (f"{GETTING_IN}/test_sessions.py::test_every_session_ends_when_a_role_changes_or_a_person_is_shut_out",),
    ),
    Guard(
        "security 13", "no script reads the cookie", "web/proofs.py",
        "max_age=SESSION_S, secure=True, httponly=True", "max_age=SESSION_S, secure=True, httponly=False",
        ("tests/web/pages/test_sign_in.py::test_the_cookie_is_secure_http_only_and_bound_to_the_host",),
    ),
    Guard(
        "security 15", "five tries a link", "app/access/codes.py",
        "SignInLink.tries < MOST_TRIES,", "SignInLink.tries < 2 * MOST_TRIES,",
        (f"{GETTING_IN}/test_codes.py::test_five_wrong_codes_end_the_code_and_not_the_link",),
    ),
    Guard(
        "security 15", "a letter opens once", "migrations/sql/0024_getting_in.sql",
        "AND l.used_at IS NULL AND l.withdrawn_at IS NULL", "AND l.withdrawn_at IS NULL",
        (f"{GETTING_IN}/test_letters.py::test_the_code_with_the_postcode_opens_once",),
    ),
    Guard(
        "security 19", "what was shown is worth nothing again", "app/access/spent.py",
        "return session.execute(once.returning(SpentProof.hash)).one_or_none() is not None",
        "return session.execute(once) is not None",
        (f"{GETTING_IN}/test_passkeys.py::test_the_same_answer_is_worth_nothing_a_second_time",
         f"{GETTING_IN}/test_authenticators.py::test_a_code_works_once"),
    ),
    Guard(
        "security 19", "a key is one's own", "app/access/passkeys.py",
        "if found is None or (actor is not None and found.person_id != actor.person_id):", "if found is None:",
        (f"{GETTING_IN}/test_passkeys.py::test_a_key_of_another_is_no_second_proof_of_mine",),
    ),
    Guard(
        "security 19", "a challenge is for one purpose", "app/access/passkeys.py",
        'b"passkey\\0" + purpose.encode() + b"\\0" + begun', 'b"passkey\\0" + begun',
        (f"{GETTING_IN}/test_passkeys.py::test_a_challenge_serves_only_what_it_was_made_for",),
    ),
    Guard(
        "security 19", "a code of an app counts once", "app/access/authenticators.py",
        "if not spend_once(session, shown, kept_until):", "if spend_once(session, shown, kept_until) is None:",
        (f"{GETTING_IN}/test_authenticators.py::test_a_code_works_once",),
    ),
    Guard(
        "security 19", "the acts of the list ask for a fresh proof", "web/session.py",
        'if request.scope["route"].name in ACTS:', "if False:",
        ("tests/web/desks/test_staff_pages.py::test_every_act_of_the_list_asks_for_a_fresh_proof",),
    ),
    Guard(
        "security 19", "a mail alone adds no second key", "web/pages/my_sign_in.py",
        "if passkeys.mine(session, actor) or authenticators.has(session, actor):", "if False:",
        ("tests/web/pages/test_getting_in.py::test_with_the_mail_alone_no_second_key_is_added_and_none_removed",),
    ),
    Guard(
        "security 49", "a template escapes", "web/rendering.py", "autoescape=True,", "autoescape=False,",
        ("tests/web/test_rendering.py::test_what_people_type_is_escaped_and_stays_literal",),
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
        (f"{MAIL}::test_a_title_or_a_name_adds_no_header_and_nobody_and_stays_the_words_it_is",),
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
        "provider 1", "a token is for this very attempt", "app/oidc/tokens.py",
        "if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):", "if False:",
        (f"{PROVIDER_REFUSALS}::test_a_token_that_does_not_hold_lets_nobody_in",),
    ),
    Guard(
        "provider 1", "a token is for nobody beside us", "app/oidc/tokens.py",
        'if claims["aud"] not in (provider.client_id, [provider.client_id]):', "if False:",
        (f"{PROVIDER_REFUSALS}::test_a_token_that_does_not_hold_lets_nobody_in",),
    ),
    Guard(
        "provider 1", "what stands beside the token is about the same subject", "app/oidc/flow.py",
        'if answer.get("sub") != claims["sub"]:', "if False:",
        (f"{PROVIDER_REFUSALS}::test_what_is_told_beside_the_token_must_be_about_the_same_subject",),
    ),
    Guard(
        "provider 2", "a session links its own address only", "app/oidc/linking.py",
        "return person_for_email(session, arrival.email) == actor.person_id", "return True",
        ("tests/web/oidc/test_coming_in.py::test_a_session_with_another_address_links_nothing",),
    ),
    Guard(
        "provider 2", "an address counts when somebody vouches for it", "app/oidc/claims.py",
        'return email if claims.get("email_verified") is True or own else None', "return email",
        ("tests/web/oidc/test_coming_in.py::test_an_unverified_address_is_nobodys",
         f"{SECOND_PROOF}::test_an_address_that_nobody_vouches_for_says_nothing_of_whom_we_know"),
    ),
    Guard(
        "provider 3", "a role from a claim counts in no other session", "app/access/sign_in.py",
        "or_(RoleGrant.provider_id.is_(None), RoleGrant.provider_id == provider_id),", "True,",
        ("tests/web/oidc/test_coming_in.py::test_a_role_from_a_claim_counts_in_no_other_session",),
    ),
    Guard(
        "provider 3", "a session lasts as long as the provider's word", "app/access/sign_in.py",
        "timedelta(hours=through.hours) if through else timedelta(days=SESSION_DAYS)", "timedelta(days=SESSION_DAYS)",
        ("tests/web/oidc/test_coming_in.py::test_a_session_through_a_provider_ends_after_its_hours",),
    ),
    Guard(
        "provider 4", "a second proof counts in the municipality's words only", "app/oidc/tokens.py",
        "if not counts_second(provider):\n        return False", "if not counts_second(provider):\n        return True",
        (f"{SECOND_PROOF}::test_a_provider_that_shows_no_second_proof_opens_no_desk",),
    ),
    Guard(
        "provider 4", "a second proof was shown just now", "app/oidc/tokens.py",
        "or at < time.time() - SECOND_AGE_S - LEEWAY_S:", "or False:",
        (f"{PROVIDER_SETUP}::test_a_second_proof_at_a_provider_counts_when_the_municipality_says_so_and_just_shown",),
    ),
    Guard(
        "provider 4", "a second proof stands in the signed token", "app/oidc/flow.py",
        "second=shows_second(provider, claims))", "second=shows_second(provider, {**about, **claims}))",
        (f"{SECOND_PROOF}::test_what_stands_beside_the_token_is_no_second_proof",),
    ),
    Guard(
        "security 12", "a form needs its token", "web/security.py",
        "if form is None or not _token_fits(request, form):", "if form is None:",
        ("tests/web/test_security.py::test_without_a_token_nothing_happens",
         f"{FORMS}::test_no_form_does_anything_without_its_token"),
    ),
    Guard(
        "security 12", "a form comes from ourselves", "web/security.py",
        "if not _from_ourselves(request):", "if False:",
        ("tests/web/test_security.py::test_a_form_from_elsewhere_is_refused",
         "tests/web/pages/test_sign_in.py::test_signing_in_and_out_need_a_form_of_ours"),
    ),
    Guard(
        "security 12", "only JSON is read as JSON", "app/api/edge.py",
        "    if has_body and request", "    if has_body and False and request",
        (f"{REFUSALS}::test_json_that_is_called_something_else_is_refused",),
    ),
    Guard(
        "security 21", "a backslash is a slash to a browser", "web/rendering.py",
        ' or character == "\\\\" for character in value', " for character in value",
        ("tests/web/pages/test_sign_in.py::test_only_a_path_of_ours_is_followed",),
    ),
    Guard(
        "security 21", "only what begins with a slash", "web/rendering.py",
        'if not value or not value.startswith("/") or', "if not value or",
        ("tests/web/pages/test_sign_in.py::test_only_a_path_of_ours_is_followed",),
    ),
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
        "security 28", "what is acknowledged is on disk", "app/cluster.py",
        "({} if durable else WITHOUT_SAFETY)", "WITHOUT_SAFETY",
        (f"{KILLED}::test_what_was_acknowledged_is_there_once_after_server_and_worker_were_killed",),
    ),
    Guard(
        "security 29", "a database that is away is no failure of ours", "app/errors_http.py",
        "    if database_is_away(error):\n        return Unavailable()", "",
        (f"{FAILURES}::test_a_database_that_restarts_mid_request_is_503_and_back_within_five_seconds",),
    ),
    Guard(
        "security 29", "come back in some seconds", "app/errors_http.py",
        'response.headers["Retry-After"] = str(RETRY_AFTER_S)', "pass",
        (f"{FAILURES}::test_a_database_that_restarts_mid_request_is_503_and_back_within_five_seconds",),
    ),
    Guard(
        "security 29", "a dead connection is not handed out", "app/db.py",
        '        event.listen(self.engine, "checkout", _refuse_the_dead)\n', "",
        (f"{FAILURES}::test_connections_that_died_in_the_pool_are_not_handed_out",),
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
    Guard(
        "security 43", "no answer is an answer", "app/places/geocoding.py",
        "except NoAnswer as reason:", "except ZeroDivisionError as reason:",
        ("tests/app/places/test_geocoding.py::test_a_geocoder_that_misbehaves_leaves_the_postcodes_own_point",),
    ),
    Guard(
        "security 43", "nobody waits longer than agreed", "app/places/outside.py",
        ".result(self.timeout_s)", ".result(self.timeout_s + 30)",
        ("tests/app/places/test_geocoding.py::test_a_geocoder_that_misbehaves_leaves_the_postcodes_own_point",),
    ),
    Guard(
        "security 43", "a page leaves the asking to a job", "app/people/service.py",
        'defer(session, "people.locate", person_id=str(person_id))', '__import__("time").sleep(1.5)',
        (f"{GEOCODER}::test_registering_and_asking_answer_within_a_second_while_pdok_hangs",),
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
    Guard(
        "scenario 1", "an hour is a whole number from nought on", "web/pages/giving.py",
        "Whole, Field(ge=0, le=HOURS_MAX)", "Whole, Field(ge=-1, le=HOURS_MAX)",
        (f"{FORMS}::test_what_is_no_amount_comes_back_with_a_reason_and_books_nothing",),
    ),
    Guard(
        "scenario 1", "who pays has less, who is paid has more", "rewards/ledger.py",
        "*_between(payer, payee),", "*_between(payee, payer),",
        ("tests/rewards/test_bookings.py::test_a_payment_is_one_transfer_with_two_entries_that_sum_to_zero",),
    ),
    Guard(
        "scenario 3", "the entry names the makelaar", "app/pots/groups.py",
        '"key": f"desk:{note.id}", "actor": found(actor.pseudonym),',
        '"key": f"desk:{note.id}", "actor": people[group.head_id].pseudonym,',
        ("tests/web/desks/test_pot_groups.py::test_a_makelaar_books_from_one_to_another",),
    ),
    Guard(
        "scenario 4", "who stands in the way of all is named", "app/pots/groups.py",
        "REFUSED = (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen, errors.WrongAccount)",
        "REFUSED = ()",
        ("tests/web/desks/test_pot_groups.py::test_one_organiser_pays_five_helpers_or_nobody",),
    ),
    Guard(
        "scenario 5", "nobody pays themselves", f"{LEDGER}/05_rules.sql",
        "IF in_payer = in_payee THEN", "IF false THEN",
        ("tests/rewards/test_bookings.py::test_one_pays_oneself_or_a_stranger_in_vain",),
    ),
    Guard(
        "scenario 2", "a gift for an offer is about that offer", "app/roosjes/giving.py",
        "            subject=to.offer_id,\n", "",
        (f"{GIVING_PAGES}::test_thanks_with_two_hours_for_an_offer_is_one_row_about_that_offer",),
    ),
    Guard(
        "scenario 5", "only people one knows are given to by name", "app/roosjes/giving.py",
        "    shared = found(session.scalars(_knows(actor.person_id, person_id)).first())\n",
        "    shared = session.scalars(_knows(actor.person_id, person_id)).first() or Occurrence()\n",
        ("tests/app/roosjes/test_giving.py::test_nobody_gives_to_a_stranger_or_to_themselves",),
    ),
    Guard(
        "scenario 6", "a makelaar's floor is set", "app/pots/limits.py",
        "return rewards.set_limits(connection, account.id, floor=limits.floor, ceiling=limits.ceiling)",
        "return rewards.follow_policy(connection, account.id)",
        ("tests/app/pots/test_pots_api.py::test_scenario_6_a_lower_floor_lets_through_what_was_refused",),
    ),
    Guard(
        "scenario 8", "who asked does not answer", "app/roosjes/asking.py",
        "    if asking.payer.id != actor.person_id:\n", "    if False:\n",
        (f"{GIVING_PAGES}::test_asking_waits_and_a_yes_and_a_no_stay_what_they_are",),
    ),
    Guard(
        "scenario 8", "nobody but the payer says yes", f"{LEDGER}/11_pending.sql",
        "AND (ledger.existing(asked.payer_id)).owner_pseudonym IS DISTINCT FROM in_actor THEN",
        "AND false THEN",
        ("tests/rewards/test_pending.py::test_nobody_but_the_payer_says_yes_or_no_to_a_payment",),
    ),
    Guard(
        "scenario 8", "a gift's words are no question's", "app/roosjes/asking.py",
        'return f"ask:{key}"', 'return f"pay:{key}"',
        (f"{ACCOUNTS}::test_a_question_under_the_key_of_a_gift_is_not_answered_by_who_got_the_gift",),
    ),
    Guard(
        "scenario 3", "nobody books for their own house", "app/pots/notes.py",
        "func.bool_or(func.one_house(of_them, actor.person_id))", "func.bool_or(of_them == actor.person_id)",
        (f"{OWN_HOUSE}::test_nothing_is_booked_between_residents_when_one_lives_with_the_makelaar",),
    ),
    Guard(
        "scenario 14", "nothing within a week of anything", "app/roosjes/advice.py",
        "AND n.created_at > :quiet)", "AND false)",
        ("tests/app/roosjes/test_advice.py::test_no_advice_comes_twice_within_three_months_and_again_after",
         "tests/app/roosjes/test_advice.py::test_nothing_comes_within_a_week_of_anything_else",
         "tests/app/roosjes/test_advice.py::test_below_zero_without_an_offer_hears_of_offering_and_above_without_a_request_of_asking"),
    ),
    Guard(
        "scenario 14", "nothing with niet vragen", "app/roosjes/advice.py",
        "AND NOT p.do_not_ask AND", "AND",
        ("tests/app/roosjes/test_advice.py::test_who_does_not_want_to_be_asked_hears_nothing",),
    ),
    Guard(
        "security 38", "much back and forth is shown", "app/roosjes/watch.py",
        "WHERE least(there, back) >= :back_and_forth", "WHERE least(there, back) > 10 * :back_and_forth",
        ("tests/app/roosjes/test_watch.py::test_eight_hours_a_day_back_and_forth_for_a_month_is_shown_and_changes_nothing",),
    ),
    Guard(
        "security 38", "nobody is agreed at two places at once", "migrations/versions/0002_tables.py",
        "where=sa.text(\"status IN ('agreed', 'helped', 'received')\"),", 'where=sa.text("false"),',
        ("tests/app/roosjes/test_watch.py::test_a_helper_is_not_agreed_at_two_places_at_once",),
    ),
    Guard(
        "scenario 10", "what was booked stays", f"{LEDGER}/04_entries.sql",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transfer", "BEFORE TRUNCATE ON ledger.transfer",
        ("tests/rewards/test_guards.py::test_what_was_booked_stays_even_for_the_owner",),
    ),
    Guard(
        "scenario 10", "a draft is its author's", "app/help_requests/service.py",
        f"get_locked(session, actor, id)\n    {AUTHOR}",
        "get_locked(session, actor, id)\n    if False:",
        ("tests/app/api/test_nobodys_rows.py::test_a_draft_is_thrown_away_by_its_author_only",),
    ),
    Guard(
        "scenario 16", "only what is open is ranked", "migrations/sql/0009_following.sql",
        "r.status = 'open' AND p.disabled_at IS NULL AS open", "p.disabled_at IS NULL AS open",
        ("tests/app/matches/test_matchable.py::test_an_accepted_request_is_gone_from_every_list_at_once",
         "tests/app/matches/test_matchable.py::test_only_what_is_open_can_be_matched"),
    ),
    Guard(
        "scenario 16", "each query reads what was committed before it", "app/matches/index.py",
        "                    self._follow(held, news)\n", "",
        ("tests/app/matches/test_index.py::test_a_commit_is_in_the_next_query",),
    ),
    Guard(
        "scenario 17", "the others are put on the waiting list", "app/agreements/agree.py",
        "        other.step(Status.FULL, actor.person_id)\n", "",
        (f"{AGREE}::test_the_others_hear_that_somebody_was_just_before_them",),
    ),
    Guard(
        "scenario 18", "a request closes with its last place", "app/agreements/agree.py",
        "if help_request.helpers_found < help_request.helpers_wanted:", "if False:",
        (f"{AGREE}::test_a_request_for_two_is_confirmed_by_the_second_and_closed_to_a_third",),
    ),
    Guard(
        "scenario 18", "and is open again when one falls away", "app/agreements/agree.py",
        "        help_request.step(RequestStatus.OPEN, actor.person)\n", "",
        (f"{RACES}::test_one_place_more_gives_one_winner_more",),
    ),
    Guard(
        "scenario 18", "a yes after the last place is too late", "app/matches/answer.py",
        "    if help_request.status is not RequestStatus.OPEN:\n", "    if False:\n",
        (f"{RACES}::test_the_one_who_was_too_late_reads_so",),
    ),
    Guard(
        "scenario 19", "closing takes one of three reasons", "app/help_requests/service.py",
        "if closing.reason not in set(ClosingReason):", "if False:",
        ("tests/app/api/test_story.py::test_a_makelaar_reads_releases_proposes_and_closes",),
    ),
    Guard(
        "scenario 21", "what was accepted fills the week", "migrations/sql/0009_following.sql",
        "w.helper_id = o.person_id AND w.status IN ('willing', 'meeting') AND",
        "w.helper_id = o.person_id AND false AND",
        (f"{LIMITS}::test_a_volunteer_who_accepted_what_blocks_the_week_is_not_asked_elsewhere",),
    ),
    Guard(
        "scenario 21", "what was merely asked does not", "migrations/sql/0009_following.sql",
        "w.status IN ('willing', 'meeting') AND r.status",
        "w.status IN ('proposed', 'willing', 'meeting') AND r.status",
        (f"{LIMITS}::test_one_who_was_merely_invited_is_asked_elsewhere_too",),
    ),
    Guard(
        "scenario 21", "who helps through one organisation is another's no more", "app/matches/index.py",
        "organisation_number(row.organisation_id) if row.exclusive else None", "None",
        (f"{LIMITS}::test_exclusive_to_one_organisation_is_invisible_to_another",),
    ),
    Guard(
        "scenario 27", "Saturday is no working day", "app/places/working_days.py",
        "return day.weekday() < 5 and", "return day.weekday() < 6 and",
        ("tests/app/places/test_working_days.py::test_working_days_skip_the_weekend",),
    ),
    Guard(
        "scenario 28", "a step must be in the table", "app/states.py",
        "if wanted not in self.allowed.get(current, frozenset()):", "if False:",
        ("tests/app/test_states.py::test_exactly_the_steps_of_the_table_succeed_with_one_event_each",),
    ),
    Guard(
        "scenario 28", "and leaves one event", "app/states.py",
        "        self.tell(str(before), by, reason)\n", "",
        ("tests/app/test_states.py::test_exactly_the_steps_of_the_table_succeed_with_one_event_each",),
    ),
    Guard(
        "paper 1", "a cheque counts in its own municipality", f"{LEDGER}/21_vouchers.sql",
        "IF (ledger.existing(paper.suspense_id)).municipality_id <> provider.municipality_id THEN", "IF false THEN",
        (f"{VOUCHERS}::test_every_serial_that_does_not_count_here_is_refused_in_the_same_words",),
    ),
    Guard(
        "paper 1", "a desk pays back what it sold", f"{LEDGER}/21_vouchers.sql",
        "IF paper.source_id <> in_desk THEN", "IF false THEN",
        (f"{VOUCHERS}::test_a_cheque_is_refunded_at_the_desk_that_sold_it_only",),
    ),
    Guard(
        "paper 1", "a code checks itself", "rewards/serials.py",
        "if number >> BITS or characters[-1] != _check(characters[:-1]):", "if number >> BITS:",
        ("tests/app/cheques/test_api.py::test_what_can_be_no_code_is_invalid_and_books_nothing",),
    ),
    Guard(
        "paper 2", "a number is of use where it came from only", f"{LEDGER}/20_serials.sql",
        "IF NOT FOUND OR paper.source_id <> in_source THEN", "IF NOT FOUND THEN",
        (f"{LOST}::test_a_number_that_is_not_this_desks_is_refused_in_the_same_words",
         f"{LOST}::test_a_paper_is_taken_back_once_by_the_account_that_issued_it_and_no_other"),
    ),
    Guard(
        "paper 3", "wrong codes are counted", "app/cheques/papers.py",
        "        spend(session, WRONG_CODES, subject)\n", "",
        ("tests/web/desks/test_cheques_handed_in.py::test_who_guesses_has_to_wait_and_who_hands_in_much_has_not",),
    ),
    Guard(
        "paper 3", "somebody else's code is a wrong one", "app/cheques/roosjes.py",
        "            raise errors.SerialRefused  # counted", "            raise KeyUsed  # counted",
        (f"{ACCOUNTS}::test_somebody_elses_code_is_counted_as_a_code_that_is_nobodys",),
    ),
    Guard(
        "paper 4", "an organisation sees its provider's account only", f"{LEDGER}/21_vouchers.sql",
        "    kind = 'provider'\n    AND owner_pseudonym", "    owner_pseudonym",
        (f"{LOST}::test_people_of_an_organisation_see_its_account_as_a_provider_and_nothing_else",),
    ),
    Guard(
        "security 7", "a role carries its own permissions and no others", "app/access/actor.py",
        "*(g.municipalities for g in self.grants if permission in PERMISSIONS[g.role])",
        "*(g.municipalities for g in self.grants)",
        (f"{MATRIX}::test_whoever_may_not_is_refused_reads_nothing_and_changes_nothing",),
    ),
    Guard(
        "security 7", "an act asks whether one may, there", "app/access/policy.py",
        "    if municipality_id not in reach(actor, permission):\n        raise Forbidden(permission)",
        "    reach(actor, permission)",
        (f"{MATRIX}::test_whoever_may_not_is_refused_reads_nothing_and_changes_nothing",),
    ),
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
         f"{OWN_HOUSE}::test_a_makelaar_sees_no_papers_of_their_own_house"),
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
        "if answer.status == httpx.codes.NOT_FOUND and _codes(answer.body) & NOTHING_FOUND:",
        "if answer.status == httpx.codes.NOT_FOUND:",
        (f"{KVK}::test_no_other_answer_says_that_a_company_does_not_exist",),
    ),
    Guard(
        "invoice 1", "who reported a payment does not confirm it", INVOICES_SQL,
        "    ELSIF in_state = 'paid' AND last.by_whom = in_actor THEN\n"
        "        PERFORM ledger.refuse('ZL032', 'nobody confirms what they reported');\n", "",
        (f"{INVOICES}::test_who_reported_a_payment_does_not_confirm_it",),
    ),
    Guard(
        "invoice 1", "the rows themselves ask for two", INVOICES_SQL,
        "    CONSTRAINT invoice_step_paid_by_two CHECK (state <> 'paid' OR by_whom <> prev_by),\n", "",
        ("tests/rewards/test_guards.py::test_the_database_refuses",),
    ),
    Guard(
        "invoice 2", "a cheque goes on one invoice", INVOICES_SQL,
        "            leg := least(leg, ledger.book_leg(batch, 'VOUCHER',",
        "            leg := least(leg, ledger.book_leg(batch, 'EURCENT',",
        (f"{INVOICES}::test_cheques_are_on_one_invoice_only",),
    ),
    Guard(
        "invoice 3", "for a third there is no such invoice", INVOICES_SQL,
        "        OR (in_municipality IN (in_payer, in_payee)) IS NOT TRUE THEN", "        THEN",
        (f"{INVOICES}::test_for_others_there_is_no_such_invoice",),
    ),
    Guard(
        "invoice 4", "an organisation is paid by its own municipality", "app/cheques/payouts.py",
        "        raise PaidElsewhere\n", "        pass\n",
        ("tests/web/desks/test_invoices.py::test_an_organisation_of_a_neighbour_is_not_paid_past_that_neighbour",),
    ),
    Guard(
        "invoice 5", "an account that stands still is a sentence", "app/treasury/invoicing.py",
        "    except errors.PassedOn as refusal:\n        raise PassedOn from refusal\n"
        "    except errors.AccountNotOpen as refusal:\n        raise AccountStands from refusal\n",
        "    except errors.PassedOn as refusal:\n        raise PassedOn from refusal\n",
        ("tests/web/desks/test_invoices.py::test_an_account_that_stands_still_is_said",),
    ),
    Guard(
        "security 41", "a page leaves the mail to a job", "web/pages/sign_in.py",
        'defer(session, "sign_in.mail", queue="mail", link_id=str(link.id))\n    return mailed(request, link)',
        '__import__("time").sleep(10)\n    return mailed(request, link)',
        (f"{MAIL_SERVER}::test_pages_answer_while_the_mail_server_misbehaves_and_the_mail_comes_once",),
    ),
    Guard(
        "security 41", "a mail that failed is tried again", "app/jobs/worker.py",
        'app.task(name="sign_in.mail", queue="mail", retry=MAIL_RETRIES)',
        'app.task(name="sign_in.mail", queue="mail")',
        (f"{MAIL_SERVER}::test_pages_answer_while_the_mail_server_misbehaves_and_the_mail_comes_once",),
    ),
    Guard(
        "security 41", "what was given up is named", "app/jobs/queue.py",
        "ON e.job_id = j.id WHERE j.status = 'failed'", "ON e.job_id = j.id WHERE j.status = 'aborted'",
        (f"{MAIL_SERVER}::test_a_mail_that_is_given_up_is_named_and_can_be_tried_again",),
    ),
    Guard(
        "security 41", "a mail does not go in the clear", "app/notifications/mail.py",
        "            server.starttls(context=trusted)", "            server.has_extn('starttls') and server.starttls()",
        (f"{MAIL_SERVER}::test_a_mail_goes_elsewhere_over_tls_that_is_verified_or_not_at_all",),
    ),
    Guard(
        "security 47", "what was begun has time to end", "app/cli.py",
        "timeout_graceful_shutdown=30,", "timeout_graceful_shutdown=1,",
        (f"{STOPPED}::test_a_site_that_is_told_to_stop_answers_what_was_begun_and_takes_nothing_new",),
    ),
    Guard(
        "security 47", "jobs of who was killed are given back", "app/jobs/queue.py",
        "WHERE j.status = 'doing' AND NOT EXISTS", "WHERE j.status = 'failed' AND NOT EXISTS",
        (f"{STOPPED}::test_what_a_worker_had_in_hand_when_it_was_killed_is_given_back",),
    ),
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
    Guard(
        "outside 1", "only origins that were named are asked", "app/outgoing.py",
        "        if origin_of(str(request.url)) not in allowed:", "        if False:",
        ("tests/test_outgoing.py::test_an_origin_that_nobody_named_is_not_asked",),
    ),
    Guard(
        "outside 1", "redirects are not followed", "app/outgoing.py",
        "follow_redirects=False,", "follow_redirects=True,",
        ("tests/test_outgoing.py::test_a_redirect_is_not_followed",),
    ),
    Guard(
        "outside 2", "the log holds nobody", "app/logs.py",
        "return _SHAPES.sub(BLOT, super().format(record))", "return super().format(record)",
        ("tests/app/test_logs.py::test_what_looks_like_somebodys_is_blotted_out",),
    ),
    Guard(
        "outside 3", "what was rolled back was counted", "app/pacing.py",
        "    afterwards(session, count)\n", "    count(session)\n",
        ("tests/app/test_pacing.py::test_what_was_rolled_back_was_counted",),
    ),
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
        "safety 2", "who is suspended acts for nobody", APART_SQL,
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
        "privacy 5", "what came of a report is not in the copy", "app/privacy/export.py",
        '    "safety_report": {"outcome"},', '    "safety_report": set(),',
        ("tests/app/attacks/test_own_copy.py::test_a_reporter_does_not_read_in_their_copy_what_became_of_the_other",),
    ),
    Guard(
        "privacy 5", "nor that somebody reported", "app/privacy/export.py",
        '    "suspension": {"report_id"},', '    "suspension": set(),',
        ("tests/app/attacks/test_own_copy.py::test_a_reporter_does_not_read_in_their_copy_what_became_of_the_other",),
    ),
    Guard(
        "privacy 5", "nor who said no to a ring", "app/privacy/export.py",
        '    "ring_arc": {"answer", "answered_at"},', '    "ring_arc": set(),',
        ("tests/app/attacks/test_own_copy.py::test_a_copy_does_not_tell_who_said_no_to_a_ring",),
    ),
    Guard(
        "outside 3", "a whole network of addresses counts as one", "app/http.py",
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
