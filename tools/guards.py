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
OWN_HOUSE: Final = "tests/app/attacks/test_own_house.py"
VOUCHERS: Final = "tests/rewards/test_vouchers.py"

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
        "(mine is not None and addresses.get(person_id) == mine)", "False",
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
)  # fmt: skip
