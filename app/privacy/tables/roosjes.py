"""Roosjes, cheques, budgets and costs. Amounts stay, under a number; words go."""

from app.privacy.processings import FACTS, ROOSJES, STAFF, WELFARE
from app.privacy.register import table

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
