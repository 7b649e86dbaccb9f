"""Who somebody is. The row stays, so that books and agreements of others keep standing; it says nothing more."""

from app.privacy.processings import CHECKS, FACTS, FOR_ANOTHER, PEOPLE
from app.privacy.register import table

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
    name="name",
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
    state="kind status created_at ended_at valid_from valid_until",
    words="claimed- question-",
    proof="consent_way consent_at",
    who="recorded_by_id ended_by_id",
)
