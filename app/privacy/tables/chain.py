"""Referrals, organisations that take part, and outreach."""

from app.privacy.processings import REFERRING
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
