"""Getting in, staff, and what the law asks of us."""

from app.privacy.processings import ACCESS, AUDIT, FACTS, RIGHTS, STAFF
from app.privacy.register import Sort, table

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
    key="id person_id",
    entry="token_hash",
    words="name",
    state="scope created_at expires_at ended_at used_at",
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
