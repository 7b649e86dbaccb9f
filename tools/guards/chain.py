"""What desks, organisations and who refers may write: about their own, in their own name, and for nobody else."""

from typing import Final

from tools.guards.guard import Guard

DOORS: Final = "tests/app/attacks/test_new_doors.py"
DESK: Final = "migrations/sql/0049_desk.sql"
CHAIN: Final = "migrations/sql/0050_chain.sql"
PARTNERS: Final = "migrations/sql/0050_partners.sql"
OUTREACH: Final = "migrations/sql/0050_outreach.sql"
INSIGHT: Final = "migrations/sql/0048_insight.sql"


def proof(*names: str) -> tuple[str, ...]:
    """Tests of that file."""
    return tuple(f"{DOORS}::test_{name}" for name in names)


GUARDS: Final = (
    Guard(
        "safety 17", "a row about a question is of that question", DESK,
        "CREATE POLICY of_here ON %I AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (\n"
        "            EXISTS (SELECT FROM help_request r",
        "CREATE POLICY of_here ON %I AS PERMISSIVE FOR INSERT TO {application} WITH CHECK (\n"
        "            EXISTS (SELECT FROM help_request r",
        proof("a_desk_writes_about_its_own_people_and_questions_only"),
    ),
    Guard(
        "safety 17", "a row about somebody is of who lives here", DESK,
        "CREATE POLICY of_here ON %I AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (\n"
        "            EXISTS (SELECT FROM membership m",
        "CREATE POLICY of_here ON %I AS PERMISSIVE FOR INSERT TO {application} WITH CHECK (\n"
        "            EXISTS (SELECT FROM membership m",
        proof("a_desk_writes_about_its_own_people_and_questions_only", "nobody_of_elsewhere_is_put_in_a_plan"),
    ),
    Guard(
        "safety 17", "a report is of that question", DESK,
        "CREATE POLICY of_here ON wmo_report AS RESTRICTIVE", "CREATE POLICY of_here ON wmo_report AS PERMISSIVE",
        proof("a_desk_writes_about_its_own_people_and_questions_only"),
    ),
    Guard(
        "safety 17", "that mail stopped is the worker's to know", DESK,
        "        SELECT nullif(current_setting('app.person_id', true), '') IS NULL\n            AND EXISTS (",
        "        SELECT EXISTS (", proof("whether_mail_to_somebody_stopped_is_told_to_the_worker_only"),
    ),
    Guard(
        "safety 17", "who stands in does so in their days", DESK,
        " AND n.day BETWEEN t.away_from AND coalesce(t.away_until, n.day)", "",
        proof("who_stands_in_reads_what_is_for_few_while_they_stand_in"),
    ),
    Guard(
        "safety 17", "a question that is put back is theirs", "app/life/stopping.py",
        "    theirs = HelpRequest.person_id == event.person_id\n", "    theirs = HelpRequest.id == id\n",
        proof("what_is_put_back_after_a_mistake_is_of_whom_it_was_about"),
    ),
    Guard(
        "safety 18", "the rest of a referral is the desk's", CHAIN,
        "        RAISE EXCEPTION 'that is the desk''s to change' USING ERRCODE = 'insufficient_privilege';\n",
        "        NULL;\n",
        proof("whom_a_referral_is_about_takes_back_a_yes_and_changes_nothing_else",
              "an_organisation_says_how_a_referral_goes_and_not_about_whom_it_is"),
    ),
    Guard(
        "safety 18", "what was done is told in one's own name", CHAIN,
        "CREATE POLICY in_own_name ON referral_step AS RESTRICTIVE",
        "CREATE POLICY in_own_name ON referral_step AS PERMISSIVE",
        proof("what_was_done_about_a_referral_is_told_in_ones_own_name"),
    ),
    Guard(
        "safety 18", "who refers no more reads nothing", CHAIN,
        " AND (SELECT is_referrer())\n             AND NOT", "\n             AND NOT",
        proof("who_refers_no_more_reads_nothing_of_what_they_referred"),
    ),
    Guard(
        "safety 19", "an invitation stands as long as who made it", PARTNERS,
        "              WHERE g.person_id = i.invited_by_id AND", "              WHERE",
        proof("an_invitation_ends_with_the_role_of_who_made_it"),
    ),
    Guard(
        "safety 19", "an invitation is of the organisation's municipality", PARTNERS,
        "CREATE POLICY in_own_name ON organisation_invitation AS RESTRICTIVE",
        "CREATE POLICY in_own_name ON organisation_invitation AS PERMISSIVE",
        proof("an_invitation_gives_a_role_in_the_organisations_own_municipality"),
    ),
    Guard(
        "safety 19", "one administrator stays", PARTNERS,
        "    PERFORM FROM organisation o JOIN role_grant g ON g.organisation_id = o.id WHERE g.id = key"
        " FOR UPDATE OF o;\n", "", proof("of_two_administrators_who_end_each_others_role_at_once_one_stays"),
    ),
    Guard(
        "safety 19", "a desk gives the first role", PARTNERS,
        "WHERE g.organisation_id = org AND g.role = 'organisation_administrator') THEN",
        "WHERE false) THEN", proof("a_desk_gives_no_role_in_an_organisation_that_somebody_administers"),
    ),
    Guard(
        "safety 19", "each says yes for itself", PARTNERS,
        "        RAISE EXCEPTION 'nobody says yes for another' USING ERRCODE = 'insufficient_privilege';\n",
        "        NULL;\n", proof("nobody_says_yes_for_the_other_of_an_introduction"),
    ),
    Guard(
        "safety 19", "a signature is under these words", PARTNERS,
        "CREATE POLICY of_these_words ON covenant_signature AS RESTRICTIVE",
        "CREATE POLICY of_these_words ON covenant_signature AS PERMISSIVE",
        proof("a_signature_is_under_the_words_of_that_covenant"),
    ),
    Guard(
        "safety 19", "who joins has a website of the web", "app/partners/schemas.py",
        "    website: Website | None = None\n", "    website: Line | None = None\n",
        proof("a_website_of_an_organisation_is_an_address_of_the_web"),
    ),
    Guard(
        "safety 19", "and so has who is read in", "app/imports/lines.py",
        "    website: Website | None = None\n", "    website: Line | None = None\n",
        proof("a_website_of_an_organisation_is_an_address_of_the_web"),
    ),
    Guard(
        "safety 20", "mediation is asked for in one's own name", OUTREACH,
        "CREATE POLICY in_own_name ON mediation AS RESTRICTIVE", "CREATE POLICY in_own_name ON mediation AS PERMISSIVE",
        proof("nobody_asks_for_mediation_in_the_name_of_another"),
    ),
    Guard(
        "safety 20", "nobody is pointed to who is suspended", OUTREACH,
        "USING (ended_at IS NULL AND NOT is_suspended(person_id));", "USING (ended_at IS NULL);",
        proof("who_is_suspended_or_blocked_by_the_asker_mediates_nothing_and_is_shown_to_nobody"),
    ),
    Guard(
        "safety 20", "who is blocked mediates nothing for who blocked them", OUTREACH,
        " AND NOT are_apart(asker_id, mediator_id)\n", "\n",
        proof("who_is_suspended_or_blocked_by_the_asker_mediates_nothing_and_is_shown_to_nobody"),
    ),
    Guard(
        "safety 20", "nor is it given to them", "app/outreach/near.py",
        "not meeting.may(session, assigned.mediator_id, row.asker_id)", "False",
        proof("who_is_suspended_or_blocked_by_the_asker_mediates_nothing_and_is_shown_to_nobody"),
    ),
    Guard(
        "safety 20", "nobody is in a plan beside who blocked them", "app/households/service.py",
        "    _refuse_blocked(session, actor, plan, new.person_id)\n", "",
        proof("nobody_comes_in_a_plan_beside_somebody_who_blocked_them"),
    ),
    Guard(
        "safety 20", "a makelaar does not speak for the other side of their own help", "app/phoning/service.py",
        "        _refuse_ones_own(session, actor, them, talk)\n", "",
        proof("a_makelaar_says_nothing_by_telephone_about_their_own_help"),
    ),
    Guard(
        "privacy 13", "a release of a municipality is the worker's", INSIGHT,
        "CREATE POLICY counted ON report_release AS RESTRICTIVE",
        "CREATE POLICY counted ON report_release AS PERMISSIVE",
        proof("no_desk_writes_the_figures_of_its_own_or_of_the_region"),
    ),
    Guard(
        "privacy 13", "and so is one of the region", INSIGHT,
        "CREATE POLICY counted ON region_release AS RESTRICTIVE",
        "CREATE POLICY counted ON region_release AS PERMISSIVE",
        proof("no_desk_writes_the_figures_of_its_own_or_of_the_region"),
    ),
)  # fmt: skip
