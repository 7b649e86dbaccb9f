"""Safety. A wish to be forgotten makes no report, suspension or file go away; names leave what has no term by law."""

from app.privacy.processings import FACTS, SAFETY, SAFETY_FILE
from app.privacy.register import table

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
