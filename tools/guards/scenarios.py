"""The scenarios: Roosjes and proposals as people use them."""

from typing import Final

from tools.guards.guard import Guard

RACES: Final = "tests/app/api/test_races.py"
FORMS: Final = "tests/web/pages/test_every_form.py"
LEDGER: Final = "rewards/sql"
AUTHOR: Final = "if actor.person_id not in (help_request.person_id, help_request.author_id):"
GIVING_PAGES: Final = "tests/web/pages/test_giving_pages.py"
BORDER: Final = "tests/app/agreements/test_across_the_border.py"
AGREE: Final = "tests/app/agreements/test_agree.py"
LIMITS: Final = "tests/app/matches/test_limits.py"
ACCOUNTS: Final = "tests/app/attacks/test_two_accounts.py"
OWN_HOUSE: Final = "tests/app/attacks/test_own_house.py"
TOGETHER: Final = "tests/app/activities/test_activities.py"
WORKING_DAYS: Final = "tests/app/places/test_working_days.py"

GUARDS: Final = (
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
        "scenario 12", "who helps has their account where they live", "app/roosjes/service.py",
        "helper=account_of(session, helper, occurrence.helper_municipality_id).id,",
        "helper=account_of(session, helper, occurrence.municipality_id).id,",
        (f"{BORDER}::test_ten_hours_of_help_across_the_border_move_and_the_two_municipalities_sum_to_zero",),
    ),
    Guard(
        "scenario 12", "help needs no trust", "app/roosjes/service.py",
        "except (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen):",
        "except (errors.OverLimit, errors.AccountNotOpen):",
        (f"{BORDER}::test_without_trust_the_help_goes_on_without_roosjes_and_the_makelaar_hears",),
    ),
    Guard(
        "scenario 12", "a gift without trust is refused as any other", "app/roosjes/giving.py",
        "except (errors.OverLimit, errors.NoTrust, errors.AccountNotOpen) as refusal:",
        "except (errors.OverLimit, errors.AccountNotOpen) as refusal:",
        (f"{BORDER}::test_a_gift_to_where_no_trust_goes_is_refused_and_leaves_nothing",),
    ),
    Guard(
        "scenario 14", "nothing within a week of anything", "app/roosjes/advice.py",
        "AND n.created_at > :quiet)", "AND false)",
        ("tests/app/roosjes/test_advice.py::test_nothing_comes_within_a_week_of_another_message",),
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
        "scenario 16", "only what is open is ranked", "migrations/sql/0026_checks.sql",
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
        "scenario 21", "what was accepted fills the week", "migrations/sql/0026_checks.sql",
        "w.helper_id = o.person_id AND w.status IN ('willing', 'meeting') AND",
        "w.helper_id = o.person_id AND false AND",
        (f"{LIMITS}::test_a_volunteer_who_accepted_what_blocks_the_week_is_not_asked_elsewhere",),
    ),
    Guard(
        "scenario 21", "what was merely asked does not", "migrations/sql/0026_checks.sql",
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
        "scenario 23", "what nobody joined goes away", "app/activities/joining.py",
        "        if date.taken + date.waiting == 0:\n", "        if date.taken + date.waiting < 0:\n",
        (f"{TOGETHER}::test_a_weekly_series_that_ends_in_eight_days_has_two_times_and_ending_it_tells_each_once",),
    ),
    Guard(
        "scenario 23", "the places hold whoever writes", "migrations/sql/0038_together.sql",
        "CHECK (taken BETWEEN 0 AND places)", "CHECK (taken >= 0)",
        (f"{TOGETHER}::test_nobody_writes_more_heads_than_there_are_places_whoever_writes",),
    ),
    Guard(
        "scenario 23", "who leaves makes room for who waits", "migrations/sql/0046_doors.sql",
        "RETURN QUERY SELECT let_waiting_in(wanted);", "RETURN;",
        ("tests/app/activities/test_joining.py::test_who_waits_longest_comes_in_when_somebody_leaves_and_is_told",),
    ),
    Guard(
        "scenario 23", "only the host reads who comes", "migrations/sql/0038_together.sql",
        "person_id = (SELECT actor_person()) OR hosts_activity(activity_id)\n",
        "person_id = (SELECT actor_person()) OR true\n",
        (f"{TOGETHER}::test_the_desk_stops_what_a_resident_hosts_and_reads_not_who_comes",),
    ),
    Guard(
        "scenario 27", "Saturday is no working day", "app/places/working_days.py",
        "return day.weekday() < 5 and", "return day.weekday() < 6 and",
        (f"{WORKING_DAYS}::test_working_days_skip_the_weekend",),
    ),
    Guard(
        "scenario 27", "a holiday is no working day", "app/places/working_days.py",
        " and day not in holidays(day.year)", "",
        (f"{WORKING_DAYS}::test_working_days_skip_the_holidays",),
    ),
    Guard(
        "scenario 27", "King's Day is never on a Sunday", "app/places/working_days.py",
        "kings_day - _ONE_DAY if kings_day.weekday() == 6 else kings_day", "kings_day",
        (f"{WORKING_DAYS}::test_kings_day_moves_to_saturday_when_it_falls_on_a_sunday",),
    ),
    Guard(
        "scenario 27", "days are those of Amsterdam's clock, also when it changes", "app/places/working_days.py",
        "    return start.astimezone(AMSTERDAM)\n", "    return start.astimezone(UTC)\n",
        (f"{WORKING_DAYS}::test_the_day_is_that_of_amsterdam_and_not_of_utc",
         f"{WORKING_DAYS}::test_the_clock_on_the_wall_stays_when_summer_time_begins_and_ends"),
    ),
    Guard(
        "scenario 27", "a time that the clock skips is an hour later", "app/places/working_days.py",
        "    return moment.astimezone(UTC).astimezone(AMSTERDAM)\n", "    return moment\n",
        (f"{WORKING_DAYS}::test_a_time_that_summer_time_skips_becomes_an_hour_later",),
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
)  # fmt: skip
