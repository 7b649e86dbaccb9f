"""Referrals, organisations that take part, and outreach."""

from app.privacy.processings import MEDIATING, OUTREACH, PARTNERS, PHONING, REFERRING
from app.privacy.register import table

table(
    "referral_link",
    REFERRING,
    linked="made_by_id",
    follow=True,
    key="id municipality_id",
    name="name",
    reach="email",
    entry="turn",
    state="source valid_until created_at ended_at",
    who="made_by_id",
)
table(
    "referral",
    REFERRING,
    own="person_id",
    linked="referrer_id",
    follow=True,
    key="id municipality_id reference link_id from_organisation_id organisation_id help_request_id person_id",
    name="first_name! last_name-",
    reach="phone- referrer_name referrer_email",
    address="postcode- house_number-",
    fit="birth_year? wish",
    words="words- told-",
    who="referrer_id owner_id stand_in_id",
    proof="tells_back- tells_back_since tells_back_ended_at",
    state="source home_at due_at asked_at status stop_reason told_at created_at taken_at spoken_at ended_at version",
)
table(
    "referral_need",
    REFERRING,
    linked="referral_id",
    key="id municipality_id referral_id",
    fit="kind",
    words="who-",
    state="arranged_at",
    who="arranged_by_id",
)
table(
    "referral_step",
    REFERRING,
    linked="referral_id author_id",
    key="id municipality_id referral_id",
    words="words-",
    state="kind at",
    who="author_id",
)
table(
    "joining",
    PARTNERS,
    own="applicant_id",
    follow=True,
    key="id municipality_id organisation_id applicant_id",
    fact="name kind description phone website kvk_number",
    words="reason",
    wish="position-",
    who="decided_by_id",
    state="status created_at decided_at version",
)
table(
    "covenant",
    PARTNERS,
    linked="by_id",
    key="id municipality_id",
    fact="number text changed sign_before",
    who="by_id",
    state="published_at",
)
table(
    "covenant_signature",
    PARTNERS,
    own="person_id",
    key="id municipality_id covenant_id organisation_id",
    proof="side name position text_sha256 signed_at",
    who="person_id",
)
table(
    "organisation_invitation",
    PARTNERS,
    own="person_id",
    linked="invited_by_id",
    goes=True,
    key="id municipality_id organisation_id person_id",
    name="first_name",
    reach="email",
    state="role exclusive created_at expires_at used_at withdrawn_at",
    who="invited_by_id",
)
table(
    "organisation_volunteer",
    PARTNERS,
    own="person_id",
    goes=True,
    key="id municipality_id organisation_id person_id",
    state="exclusive since ended_at",
)
table(
    "introduction",
    PARTNERS,
    linked="made_by_id",
    key="id municipality_id one_id other_id",
    words="why outcome",
    state="one_yes other_yes status created_at ended_at version",
    who="made_by_id",
)
table(
    "phone_talk",
    PHONING,
    own="person_id",
    linked="by_id",
    goes=True,
    key="id municipality_id person_id",
    proof="way",
    words="lines",
    state="at",
    who="by_id",
)
table(
    "outreach",
    OUTREACH,
    own="person_id",
    linked="from_id",
    goes=True,
    key="id municipality_id person_id",
    name="from_name about_name",
    reach="from_reach about_phone",
    address="house_number",
    place="pc4",
    words="words outcome",
    proof="agreed",
    who="from_id owner_id",
    state="seen_by next_on status created_at ended_at version",
)
table(
    "trustee",
    OUTREACH,
    own="person_id",
    linked="made_by_id",
    goes=True,
    key="id municipality_id person_id",
    place="pc4",
    words="words",
    fit="people",
    state="since ended_at",
    who="made_by_id",
)
table(
    "mediator",
    MEDIATING,
    own="person_id",
    linked="made_by_id",
    goes=True,
    key="id municipality_id person_id",
    proof="trained_on valid_until",
    state="ended_at",
    who="made_by_id",
)
table(
    "mediation",
    MEDIATING,
    own="asker_id",
    linked="mediator_id",
    follow=True,
    key="id municipality_id asker_id",
    words="words! other-",
    state="status other_agreed_at created_at ended_at version",
    who="mediator_id",
)
table(
    "mediation_note",
    MEDIATING,
    own="author_id",
    linked="mediation_id",
    goes=True,
    key="id municipality_id mediation_id",
    words="words",
    who="author_id",
    state="at",
)
