"""Asking, offering, and what comes of it."""

from app.privacy.processings import CHOOSING, DESK, HELP, HOUSEHOLD, STORIES, TALKING, TELLING, TOGETHER, WMO
from app.privacy.register import table

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
    "message",
    TALKING,
    own="author_id",
    linked="asker_id helper_id proposal_id",
    goes=True,
    key="id municipality_id helper_municipality_id proposal_id asker_id helper_id form_key",
    who="author_id",
    words="words",
    state="sent_at",
)
table(
    "talk_side",
    TALKING,
    own="person_id",
    linked="proposal_id",
    goes=True,
    key="id municipality_id helper_municipality_id proposal_id asker_id helper_id person_id",
    wish="shares_at shows_at",
    state="read_at created_at",
)
table(
    "time_proposal",
    HELP,
    own="asker_id helper_id",
    linked="occurrence_id",
    key="id municipality_id helper_municipality_id occurrence_id asker_id helper_id",
    who="proposed_by_id",
    state="was_at starts_at status created_at answered_at",
)
table(
    "satisfaction",
    HELP,
    own="author_id",
    linked="asker_id helper_id occurrence_id",
    key="id municipality_id helper_municipality_id occurrence_id asker_id helper_id",
    who="author_id",
    words="words-",
    state="face for_other created_at",
)
table(
    "coupling_talk",
    HELP,
    own="asker_id helper_id",
    linked="agreement_id",
    follow=True,
    key="id municipality_id helper_municipality_id agreement_id asker_id helper_id organisation_id",
    who="planned_by_id",
    state="kind due_on starts_at how status outcome ended_at created_at version",
)
table(
    "talk_answer",
    HELP,
    own="author_id",
    linked="asker_id helper_id talk_id",
    key="id municipality_id helper_municipality_id talk_id asker_id helper_id",
    who="author_id",
    words="words-",
    state="face goes_on said_at",
)
table(
    "ring",
    HELP,
    own="member_ids",
    follow=True,
    key="id municipality_id municipality_ids member_ids",
    fit="chords members served upper_bound optimal",
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
    "activity",
    TOGETHER,
    own="host_id",
    linked="made_by_id",
    follow=True,
    key="id municipality_id host_id organisation_id",
    who="made_by_id",
    words="title! body- venue address reason",
    place="pc4",
    fit="kind at_home access guests search words",
    amount="cost_cents places minutes",
    wish="cost_words",
    state="frequency status is_public created_at version",
)
table(
    "activity_home",
    TOGETHER,
    linked="activity_id",
    key="id municipality_id activity_id",
    address="address",
)
table(
    "activity_date",
    TOGETHER,
    linked="activity_id",
    key="id municipality_id activity_id",
    state="starts_at ends_at status",
    amount="places taken waiting",
    words="reason",
)
table(
    "activity_signup",
    TOGETHER,
    own="person_id",
    goes=True,
    key="id municipality_id date_id activity_id person_id",
    linked="by_id",
    who="by_id",
    amount="heads",
    state="status signed_at moved_up_at",
)
table(
    "look",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    fact="main accent logo logo_type logo_key key",
    state="is_public created_at published_at version",
)
table(
    "settings_version",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    fact="number settings",
    state="saved_at",
)
table(
    "settings_template",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    words="title why",
    fact="settings",
    state="is_public created_at",
)
table(
    "panel_point",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    words="title body keeper outcome",
    state="said_on due_on status created_at ended_at version",
)
table(
    "factlab",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    words="title partners",
    fact="figures",
    state="created_at linked_at",
)
table(
    "webhook",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    fact="name address kinds",
    state="turn turned_at made_at ended_at failures rests_until taken_at",
)
table(
    "webhook_message",
    DESK,
    key="id municipality_id webhook_id subject_id",
    fact="kind",
    state="at status attempts answer tried_at since",
)
table(
    "import_run",
    DESK,
    linked="made_by_id",
    key="id municipality_id",
    who="made_by_id",
    proof="fingerprint",
    fact="kind is_rehearsal lines taken_over known_already faults",
    state="made_at",
)
table(
    "story",
    STORIES,
    own="teller_id",
    linked="made_by_id",
    goes=True,
    key="id municipality_id teller_id",
    who="made_by_id",
    name="name",
    words="title body reason",
    wish="theme",
    state="status is_public created_at shown_at ended_at version",
)
table(
    "idea",
    STORIES,
    own="author_id",
    linked="made_by_id",
    follow=True,
    key="id municipality_id author_id",
    who="made_by_id",
    name="name!",
    words="title! body! outcome reason",
    state="kind status is_public open_until outcome_at created_at shown_at ended_at version",
)
table(
    "idea_reaction",
    STORIES,
    own="author_id",
    linked="idea_id",
    goes=True,
    key="id municipality_id idea_id author_id organisation_id",
    name="name",
    words="body reason",
    state="status is_public created_at ended_at version",
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
    words="text link",
    state="kind access at",
)
table(
    "desk_presence",
    DESK,
    own="person_id",
    linked="help_request_id",
    goes=True,
    key="id municipality_id help_request_id person_id",
    state="since seen_at",
)
table(
    "desk_choice",
    DESK,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    wish="queue whose pc4s",
)
table(
    "case_task",
    DESK,
    own="asker_id",
    linked="help_request_id for_id made_by_id done_by_id",
    key="id municipality_id help_request_id asker_id",
    words="what!",
    who="for_id made_by_id done_by_id",
    state="kind due_at made_at done_at",
)
table(
    "case_team",
    DESK,
    own="asker_id",
    linked="help_request_id second_id stand_in_id",
    key="id municipality_id help_request_id asker_id",
    who="second_id stand_in_id",
    state="away_from away_until version",
)
table(
    "case_question",
    DESK,
    own="asker_id",
    linked="help_request_id asked_by_id asked_of_id answered_by_id",
    key="id municipality_id help_request_id asker_id",
    words="question! answer- expert",
    who="asked_by_id asked_of_id answered_by_id",
    state="kind asked_at due_at answered_at",
)
table(
    "wmo_report",
    WMO,
    own="person_id",
    linked="help_request_id by_id",
    key="id municipality_id help_request_id person_id number",
    words="words!",
    who="by_id",
    state="reported_on at",
)
table(
    "case_evaluation",
    DESK,
    own="asker_id",
    linked="help_request_id by_id",
    key="id municipality_id help_request_id asker_id number",
    words="words-",
    who="by_id",
    state="held_on face next_on at",
)
table(
    "plan_person",
    HOUSEHOLD,
    own="person_id",
    linked="plan_id",
    key="id municipality_id plan_id person_id",
    state="role since left_on",
)
table(
    "household_plan",
    HOUSEHOLD,
    linked="contact_id second_id made_by_id",
    key="id municipality_id",
    words="goal known closing_reason",
    who="contact_id second_id made_by_id",
    state="recognised_on lasts_until status reassessing_since promised_on made_at version",
)
table(
    "plan_line",
    HOUSEHOLD,
    linked="plan_id help_request_id carer_id made_by_id",
    key="id municipality_id plan_id help_request_id provision_id carer_id follows_id",
    words="what who",
    fit="source collective organised respite",
    amount="minutes_per_week",
    who="made_by_id",
    state="starts_on ends_on made_at",
)
table(
    "plan_decision",
    HOUSEHOLD,
    linked="plan_id by_id",
    key="id municipality_id plan_id",
    words="words reasons",
    who="by_id",
    state="outcome from_on at",
)
table(
    "plan_moment",
    HOUSEHOLD,
    linked="plan_id by_id",
    key="id municipality_id plan_id",
    words="words",
    who="by_id",
    state="about due_on held_on face",
)
table(
    "carer_load",
    HOUSEHOLD,
    own="person_id",
    linked="by_id",
    goes=True,
    key="id municipality_id person_id",
    words="words",
    who="by_id",
    state="load said_at heard_at",
)
table(
    "life_event",
    DESK,
    own="person_id",
    linked="by_id undone_by_id",
    key="id municipality_id person_id",
    words="words-",
    who="by_id undone_by_id",
    state="kind on_date at stopped settled_at undone_at",
)
table(
    "notice",
    TELLING,
    own="person_id",
    linked="subject_id",
    goes=True,
    key="id municipality_id person_id subject_id turn",
    words="params",
    state="kind created_at read_at mailed_at waiting",
)
table(
    "notice_wish",
    TELLING,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    wish="about way push",
    state="chosen_at",
)
table(
    "push_device",
    TELLING,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    entry="endpoint mark public_key auth server_key",
    wish="name",
    state="made_at shown_at refusals",
)
table(
    "dispatch",
    TELLING,
    own="person_id",
    linked="reader_id posted_by_id",
    goes=True,
    key="id municipality_id person_id notice_ids reference",
    state="carrier made_at handed_at attempts sent_at failed_at failure call_before printed_at",
    who="reader_id posted_by_id",
)
table(
    "kept_choices",
    CHOOSING,
    own="person_id",
    goes=True,
    key="id municipality_id person_id",
    wish="codes",
    state="kept_at expires_at",
)
