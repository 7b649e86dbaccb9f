"""Who one is: sessions, links, passkeys, and the providers of a municipality."""

from typing import Final

from tools.guards.guard import Guard

GETTING_IN: Final = "tests/app/access"
PROVIDER_REFUSALS: Final = "tests/web/oidc/test_refusals.py"
PROVIDER_SETUP: Final = "tests/app/test_oidc_setup.py"
SECOND_PROOF: Final = "tests/web/oidc/test_second_proof.py"
TOKENS: Final = "tests/app/api/test_tokens.py"
MY_TOKENS: Final = "tests/web/pages/test_my_tokens.py"

GUARDS: Final = (
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
        "security 13", "no script reads the cookie", "web/cookies.py",
        "max_age=lasts_s, secure=True, httponly=True", "max_age=lasts_s, secure=True, httponly=False",
        ("tests/web/pages/test_sign_in.py::test_the_cookie_is_secure_http_only_and_bound_to_the_host",),
    ),
    Guard(
        "security 13", "a cookie that is given twice is none", "web/security.py",
        "return values[0] if len(values) == 1 and values[0] else None",
        "return values[0] if values and values[0] else None",
        ("tests/web/pages/test_sign_in.py::test_a_session_given_twice_is_nobodys",
         "tests/web/test_security.py::test_a_cookie_given_twice_is_nobodys"),
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
        ("migrations/sql/0024_getting_in.sql",
         "CREATE POLICY own ON passkey TO {application} USING (person_id = (SELECT actor_person()));",
         "CREATE POLICY own ON passkey TO {application} USING (true);"),
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
        'through = or_(RoleGrant.provider_id.is_(None), RoleGrant.provider_id == bindparam("provider", type_=Uuid))',
        "through = RoleGrant.id == RoleGrant.id",
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
        (f"{PROVIDER_SETUP}::test_a_second_proof_counts_for_some_minutes",),
    ),
    Guard(
        "provider 4", "a second proof stands in the signed token", "app/oidc/flow.py",
        "second=shows_second(provider, claims))", "second=shows_second(provider, {**about, **claims}))",
        (f"{SECOND_PROOF}::test_what_stands_beside_the_token_is_no_second_proof",),
    ),
    Guard(
        "program 1", "reading is not writing", "app/access/tokens.py",
        "    if for_another or (actor.token is not TokenScope.OWN and method not in READING):",
        "    if for_another:",
        (f"{TOKENS}::test_every_route_that_writes_refuses_a_token_for_reading",),
    ),
    Guard(
        "program 1", "a role goes with all only", "app/access/sign_in.py",
        "    if row.scope is not TokenScope.ALL:", "    if False:",
        (f"{TOKENS}::test_without_all_a_token_has_no_role_in_the_program_nor_in_the_database",),
    ),
    Guard(
        "program 2", "it is made after a proof of just now", "app/access/tokens.py",
        "    require_fresh(actor)\n", "",
        (f"{MY_TOKENS}::test_making_one_asks_for_a_proof_of_just_now_and_stopping_one_does_not",),
    ),
    Guard(
        "program 2", "a role that changes ends it", "migrations/sql/0030_tokens.sql",
        "        UPDATE api_token SET ended_at = ledger.now()\n        WHERE ended_at IS NULL"
        " AND person_id IN (OLD.person_id, NEW.person_id);\n", "",
        (f"{TOKENS}::test_a_token_ends_when_a_role_changes_or_its_person_is_shut_out",),
    ),
)  # fmt: skip
