"""Every table and column with its purpose. The marks are in `app.privacy.register.MARKS`."""

from app.privacy.processings import (
    ACCESS,
    AUDIT,
    CHECKS,
    DESK,
    FACTS,
    FOR_ANOTHER,
    HELP,
    INVOICES,
    MACHINE,
    PEOPLE,
    RIGHTS,
    ROOSJES,
    SAFETY,
    SAFETY_FILE,
    STAFF,
    TELLING,
    WELFARE,
)
from app.privacy.register import Sort, table

# Public facts, and the machine.
for name in (
    "region",
    "category",
    "municipality",
    "neighbourhood",
    "neighbourhood_span",
    "border",
    "sharing",
    "organisation",
    "cheque_desk",
    "cheque_provider",
):
    table(name, FACTS, whole=Sort.FACT)
for name in ("match_change", "data_table", "data_column", "audit_waiting", "alembic_version"):
    table(name, MACHINE, whole=Sort.STATE)
table("attempt", ACCESS, whole=Sort.SAFETY)

# Who somebody is. The row stays, so that the books and the agreements of others keep standing; it says nothing more.
table(
    "person",
    PEOPLE,
    own="id",
    key="id pseudonym",
    name="first_name",
    state="registered_at disabled_at forgotten_at",
    wish="language do_not_ask paused paused_until proposals_per_week rest_days load_limit_minutes",
)
table(
    "contact",
    PEOPLE,
    own="person_id",
    key="person_id",
    name="last_name-",
    reach="email? phone-",
    address="postcode- house_number- street- latitude? longitude? address_doubtful",
    fit="birth_year? gender?",
)
table(
    "membership",
    PEOPLE,
    own="person_id",
    goes=True,
    key="person_id municipality_id",
    state="kind since",
    place="pc4 cell",
)
table(
    "person_check",
    CHECKS,
    own="person_id",
    linked="seen_by_id",
    goes=True,
    key="id municipality_id person_id",
    proof="kind way valid_from valid_until number source organisation_id seen_at withdrawn_at",
    words="reason withdrawn_reason",
    who="seen_by_id withdrawn_by_id",
)
table(
    "check_requirement",
    FACTS,
    key="id municipality_id",
    fact="category_number role checks lasting_checks",
    state="changed_at",
    who="changed_by_id",
)
table(
    "kvk_lookup",
    CHECKS,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    proof="number name legal_form place outcome",
    state="asked_at answered_at",
    who="asked_by_id",
)
table(
    "professional",
    CHECKS,
    own="person_id",
    goes=True,
    key="person_id municipality_id",
    proof="kvk_number checked_at",
    words="services",
    amount="rate_cents",
)
table(
    "representation",
    FOR_ANOTHER,
    own="representative_id represented_id",
    follow=True,
    key="id municipality_id representative_id represented_id",
    state="kind status created_at ended_at valid_until",
    words="claimed- question-",
    proof="consent_way consent_at",
    who="recorded_by_id ended_by_id",
)

# Asking, offering, and what comes of it.
table(
    "help_request",
    HELP,
    own="person_id",
    linked="author_id",
    follow=True,
    key="id municipality_id reference person_id",
    who="author_id broker_id",
    words="title! body- consent- closing_reason",
    place="pc4 cell",
    fit="category_number kind visibility skills languages slots minutes frequency on_date at_time until_date"
    " helpers_wanted"
    " helpers_found urgency vulnerable- max_km cross_border helper_gender? organisation_id search words",
    state="status is_public created_at posted_at reopened_at seen_at expires_at warned_at version",
)
table(
    "help_offer",
    HELP,
    own="person_id",
    follow=True,
    key="id municipality_id person_id organisation_id",
    words="title! body-",
    place="pc4 cell",
    fit="exclusive category_numbers paid skills languages slots minutes_per_week radius_km cross_border"
    " search words",
    state="status is_public created_at posted_at version",
)
table(
    "proposal",
    HELP,
    own="asker_id helper_id",
    linked="help_request_id help_offer_id",
    follow=True,
    key="id municipality_id helper_municipality_id help_request_id help_offer_id asker_id helper_id",
    state="origin status created_at answered_at expires_at meeting_until confirmed_at",
    fit="score terms distance_m",
    words="message-",
    entry="code_word-",
)
table(
    "agreement",
    HELP,
    own="asker_id helper_id",
    follow=True,
    key="id municipality_id helper_municipality_id help_request_id proposal_id asker_id helper_id",
    amount="minutes",
    state="kind frequency arranged_by contract_seen status created_at version",
    who="arranged_by_id",
    fact="flag_id insurance",
    words="flag",
)
table(
    "occurrence",
    HELP,
    own="asker_id helper_id",
    linked="agreement_id",
    follow=True,
    key="id municipality_id helper_municipality_id agreement_id asker_id helper_id hold_id",
    amount="minutes done_minutes",
    state="starts_at ends_at kind late_cancel thanked_at status created_at version",
    words="thanks-",
)
table(
    "ring",
    HELP,
    own="member_ids",
    follow=True,
    key="id municipality_id municipality_ids member_ids",
    fit="chords",
    state="status occasion yes created_at expires_at ended_at",
    words="reason",
)
table(
    "ring_arc",
    HELP,
    own="receiver_id",
    linked="giver_id ring_id",
    key="id municipality_id ring_id giver_municipality_id giver_id receiver_id help_request_id help_offer_id"
    " proposal_id",
    words="title!",
    fit="score terms distance_m position",
    state="live answer answered_at",
)
table(
    "distribution",
    DESK,
    key="id municipality_id",
    who="made_by_id",
    state="occasion created_at expires_at",
    fit="requests places people coverage coverage_bound first_come objective dual_objective edges",
)
table(
    "distribution_line",
    DESK,
    own="helper_id",
    linked="help_request_id help_offer_id",
    key="id municipality_id distribution_id help_request_id help_offer_id helper_id helper_municipality_id proposal_id",
    fit="position outcome score terms distance_m kept places",
    words="why reason",
    state="status decided_at",
    who="decided_by_id",
)
table(
    "state_event",
    DESK,
    own="by_person_id",
    linked="parties entity_id",
    key="id municipality_id other_municipality_id entity entity_id",
    state="before after at",
    who="by_person_id parties",
    words="reason-",
)
table(
    "case_note",
    DESK,
    linked="help_request_id author_id",
    key="id municipality_id help_request_id",
    who="author_id",
    words="text",
    state="kind at",
)
table(
    "notice",
    TELLING,
    own="person_id",
    linked="subject_id",
    goes=True,
    key="id municipality_id person_id subject_id turn",
    words="params",
    state="kind created_at read_at mailed_at",
)

# Safety. A wish to be forgotten makes no report, suspension or file go away; names leave what has no term by law.
table(
    "safety_report",
    SAFETY,
    own="reporter_id",
    linked="about_id by_id subject_id",
    follow=True,
    key="id municipality_id other_municipality_id reporter_id subject subject_id",
    who="by_id about_id seen_by_id assigned_to_id handled_by_id",
    words="title words answer",
    safety="what urgency anonymous outcome",
    state="status created_at due_at seen_at handled_at version",
)
table(
    "safety_note",
    SAFETY,
    linked="report_id author_id",
    key="id municipality_id other_municipality_id report_id",
    who="author_id",
    words="text",
    state="kind at",
)
table(
    "person_block",
    SAFETY,
    own="blocker_id",
    linked="blocked_id",
    goes=True,
    key="id municipality_id other_municipality_id blocker_id blocked_id",
    safety="agreements",
    state="created_at ended_at",
    who="by_id",
)
table(
    "suspension",
    SAFETY,
    own="person_id",
    linked="report_id",
    follow=True,
    key="id municipality_id person_id report_id",
    words="told lifted_words",
    safety="why agreements",
    state="status started_at review_on lifted_at version",
    who="by_id lifted_by_id",
)
table(
    "suspension_appeal",
    SAFETY,
    own="person_id",
    linked="suspension_id",
    key="id municipality_id suspension_id person_id",
    words="words answer",
    state="at due_at decided_at granted",
    who="decided_by_id",
)
table(
    "safety_signal",
    SAFETY,
    own="person_id",
    key="id municipality_id other_municipality_id person_id",
    safety="kind since count found_at",
    words="remark-",
    state="seen_at",
    who="seen_by_id",
)
table(
    "house_rules",
    FACTS,
    key="id municipality_id",
    fact="version text changed",
    state="published_at",
    who="by_id",
)
table(
    "rules_acceptance",
    SAFETY,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    proof="version accepted",
    state="at",
)
table(
    "safety_file",
    SAFETY_FILE,
    own="person_id",
    held=True,
    key="id municipality_id person_id report_id",
    name="name",
    words="why held_why",
    state="opened_at disclose_on closed_at",
    who="opened_by_id closed_by_id",
)
table(
    "safety_opening",
    SAFETY_FILE,
    own="person_id",
    held=True,
    key="id municipality_id file_id person_id",
    words="reason",
    who="by_id",
    state="at",
)
table(
    "safety_entry",
    SAFETY_FILE,
    linked="file_id",
    held=True,
    key="id municipality_id file_id",
    words="text",
    who="author_id",
    state="kind at",
)
table(
    "safety_step",
    SAFETY_FILE,
    linked="file_id",
    held=True,
    key="id municipality_id file_id",
    words="words",
    safety="step decision",
    state="on_date at",
    who="by_id",
)

# Roosjes, cheques, budgets and costs. Amounts stay, under a number; words go.
table(
    "giving_code",
    ROOSJES,
    own="person_id",
    goes=True,
    key="person_id",
    state="made_at",
    entry="code",
)
table(
    "roosjes_note",
    ROOSJES,
    own="from_id to_id",
    goes=True,
    key="id municipality_id other_municipality_id from_id to_id key question_id",
    words="text about",
    entry="salt",
    proof="note_hash",
    state="created_at",
)
table(
    "ledger_note",
    ROOSJES,
    own="person_id",
    linked="by_id occurrence_id",
    goes=True,
    key="id municipality_id person_id occurrence_id",
    who="by_id",
    words="text",
    entry="salt",
    amount="minutes floor ceiling",
    state="kind at",
)
table(
    "line_question",
    ROOSJES,
    own="asked_by_id",
    linked="other_id",
    key="id municipality_id other_municipality_id transfer_id asked_by_id",
    who="other_id answered_by_id",
    amount="minutes",
    words="line- words! answer-",
    state="occurred_at status created_at answered_at version",
)
table(
    "roosjes_signal",
    ROOSJES,
    own="person_id",
    linked="other_id",
    key="id municipality_id other_municipality_id person_id other_id",
    safety="kind since minutes found_at",
    words="remark-",
    state="seen_at",
    who="seen_by_id",
)
table(
    "cheque_seller",
    STAFF,
    own="person_id",
    key="id municipality_id desk_id person_id",
    state="since ended_at",
)
table(
    "cheque_use",
    ROOSJES,
    linked="occurrence_id",
    key="id municipality_id occurrence_id organisation_id transfer_id",
    state="used_at",
)
table(
    "mileage_rate",
    FACTS,
    key="valid_from",
    amount="cents_per_km",
    fact="source",
    who="set_by_id",
    state="set_at",
)
table(
    "agreed_cost",
    WELFARE,
    own="asker_id helper_id",
    linked="agreement_id",
    follow=True,
    key="id municipality_id helper_municipality_id agreement_id asker_id helper_id",
    amount="most_km most_cents",
    state="kind payer status created_at agreed_at",
    who="proposed_by_id",
)
table(
    "paid_cost",
    WELFARE,
    own="asker_id helper_id",
    linked="occurrence_id",
    key="id municipality_id helper_municipality_id agreed_cost_id occurrence_id asker_id helper_id allowance_id"
    " spending_id",
    amount="km cents",
    state="status created_at",
    who="confirmed_by_id",
)
table(
    "welfare_plan",
    WELFARE,
    own="person_id",
    linked="author_id",
    follow=True,
    key="id municipality_id person_id period_id",
    who="author_id broker_id",
    words="goal- wish- why- reason- brought-",
    amount="asked_cents",
    proof="helped sees_people evaluated_at",
    state="starts_on ends_on status created_at version",
)
table(
    "welfare_grant",
    WELFARE,
    own="person_id",
    linked="plan_id",
    key="id municipality_id plan_id person_id transfer_id",
    amount="cents",
    who="proposed_by_id decided_by_id",
    words="reason",
    state="decided_at status created_at",
)
table(
    "welfare_spending",
    WELFARE,
    own="person_id",
    linked="plan_id",
    follow=True,
    key="id municipality_id plan_id person_id transfer_id",
    amount="cents",
    who="author_id decided_by_id",
    words="what! reason",
    state="way spent_on decided_at status created_at",
)
table(
    "welfare_receipt",
    WELFARE,
    own="person_id",
    goes=True,
    key="id municipality_id spending_id person_id",
    proof="media_type sent_hash content width height",
    state="created_at",
)

# The books: append-only, under numbers without a name (ADR 0009). Nothing in them is erased; they lead to nobody.
for name in (
    "account",
    "allowance",
    "allowance_limit",
    "allowance_total",
    "batch",
    "clock",
    "decision",
    "departure",
    "entry",
    "made_whole",
    "netting",
    "netting_answer",
    "open_hold",
    "pending",
    "period",
    "period_line",
    "policy",
    "seal",
    "sealed_head",
    "serial",
    "serial_end",
    "transfer",
    "trust",
):
    table(f"ledger.{name}", ROOSJES, whole=Sort.PROOF)
for name in ("welfare_line", "welfare_period"):
    table(f"ledger.{name}", WELFARE, whole=Sort.PROOF)
for name in ("invoice", "invoice_line", "invoice_step"):
    table(f"ledger.{name}", INVOICES, whole=Sort.PROOF)

# Getting in, staff, and what the law asks of us.
table(
    "role_grant",
    STAFF,
    own="person_id",
    key="id person_id municipality_id organisation_id provider_id",
    state="role given_at",
)
table(
    "sign_in_link",
    ACCESS,
    key="id",
    reach="email",
    state="next_path created_at expires_at used_at tries",
    entry="draft_hash",
)
table(
    "web_session",
    ACCESS,
    own="person_id",
    goes=True,
    key="id person_id representation_id provider_id",
    entry="token_hash",
    state="created_at last_seen_at expires_at ended_at",
    proof="way proven_at second_at",
    safety="browser",
)
table(
    "passkey",
    ACCESS,
    own="person_id",
    goes=True,
    key="id person_id",
    entry="credential_id public_key user_handle sign_count",
    words="name",
    state="created_at used_at",
)
table(
    "authenticator", ACCESS, own="person_id", goes=True, key="id person_id", state="created_at confirmed_at"
)
table("spent_proof", ACCESS, whole=Sort.SAFETY)
table("pace", ACCESS, whole=Sort.SAFETY)
table(
    "letter_code",
    ACCESS,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    who="made_by_id",
    entry="code_hash",
    state="tries created_at expires_at used_at withdrawn_at",
)
table(
    "staff_invitation",
    STAFF,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    reach="email",
    name="first_name",
    who="invited_by_id",
    state="role created_at expires_at used_at withdrawn_at",
)
table(
    "sign_in_event",
    ACCESS,
    own="person_id",
    goes=True,
    key="id person_id",
    who="by_id",
    proof="kind said",
    state="at",
)
table(
    "oidc_provider",
    FACTS,
    key="id municipality_id",
    fact="name issuer client_id client_auth secret_from origins scopes acr_values second_acr second_amr email_domains"
    " role_claim role_map registers staff_only session_hours",
    state="created_at ended_at",
)
table(
    "oidc_attempt",
    ACCESS,
    key="provider_id",
    entry="state_hash",
    state="next_path created_at expires_at used_at",
)
table(
    "oidc_identity",
    ACCESS,
    own="person_id",
    goes=True,
    key="provider_id person_id",
    entry="subject_hash",
    proof="proof linked_at",
)
table(
    "oidc_arrival",
    ACCESS,
    key="provider_id",
    entry="token_hash subject_hash",
    reach="email",
    name="first_name",
    proof="roles second",
    state="next_path created_at expires_at used_at",
)
table(
    "oidc_invitation",
    STAFF,
    own="person_id",
    goes=True,
    key="id provider_id person_id",
    state="created_at expires_at used_at",
)
table(
    "api_token",
    ACCESS,
    own="person_id",
    goes=True,
    key="person_id",
    entry="token_hash",
    words="name",
    state="created_at expires_at ended_at",
)
table(
    "ask_draft",
    ACCESS,
    entry="token_hash",
    words="answers",
    key="sent_request_id",
    state="created_at expires_at",
)
table("refused_access", ACCESS, own="person_id", key="id", who="person_id?", safety="path status at")
table(
    "idempotency_key",
    ACCESS,
    own="person_id",
    goes=True,
    key="person_id operation key",
    proof="body_hash",
    words="answer",
    state="status created_at",
)
table(
    "audit_entry",
    AUDIT,
    own="subject_id",
    key="id municipality_id subject_id entity entity_id case_id",
    who="actor_id role",
    proof="act reason_hash",
    state="at shown_from",
)
table("audit_reason", AUDIT, key="entry_id", entry="salt", proof="reason")
table("audit_link", AUDIT, key="number entry_id", proof="entry_hash previous hash", state="at")
table(
    "consent",
    RIGHTS,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    proof="purpose version way given_at withdrawn_at",
    who="recorded_by_id withdrawn_by_id",
)
table(
    "data_export",
    RIGHTS,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    proof="reference",
    state="requested_at expires_at fetched_at",
)
table("erasure", RIGHTS, key="id municipality_id", proof="reference person_hash counts", state="at way")
table("retention_term", RIGHTS, key="municipality_id kind", fact="days", who="set_by_id", state="set_at")
table("retention_run", RIGHTS, key="id municipality_id", proof="kind days before looked_at done", state="at")
