"""Who may do what: the one table."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to a municipality, an organisation or the region."""

    MEMBER = "member"
    ORGANISATION_MEMBER = "organisation_member"
    ORGANISATION_ADMINISTRATOR = "organisation_administrator"
    REFERRER = "referrer"
    BROKER = "broker"
    TREASURER = "treasurer"
    SELLER = "seller"
    PRIVACY_OFFICER = "privacy_officer"
    SAFETY_OFFICER = "safety_officer"
    MUNICIPALITY_ADMINISTRATOR = "municipality_administrator"
    REGION_ADMINISTRATOR = "region_administrator"


class TokenScope(StrEnum):
    """What a program may do with a token: of what its person may, as much as they chose."""

    READ = "read"
    """Read what is one's own."""
    OWN = "own"
    """Read and change what is one's own."""
    ALL = "all"
    """The same with one's roles, and for whom one acts."""
    CALENDAR = "calendar"
    """Read one's own agenda at its secret address, and nothing else."""


class Permission(StrEnum):
    """An act, or a kind of row that one may see beyond one's own."""

    ASK = "ask"
    OFFER = "offer"
    SEE_REQUESTS = "see_requests"
    MODERATE_REQUEST = "moderate_request"
    SEE_OFFERS = "see_offers"
    MODERATE_OFFER = "moderate_offer"
    SEE_MATCHES = "see_matches"
    PROPOSE = "propose"
    SEE_AGREEMENTS = "see_agreements"
    ARRANGE_AGREEMENT = "arrange_agreement"
    SEE_PEOPLE = "see_people"
    REGISTER_PERSON = "register_person"
    SEE_CHECKS = "see_checks"
    RECORD_CHECKS = "record_checks"
    SET_CHECK_RULES = "set_check_rules"
    SEE_ORGANISATIONS = "see_organisations"
    SEE_ACTIVITIES = "see_activities"
    MODERATE_ACTIVITY = "moderate_activity"
    KEEP_SOCIAL_MAP = "keep_social_map"
    MODERATE_STORY = "moderate_story"
    """What residents tell, bring in or say of a plan, and the plans of the municipality."""
    SEE_LEDGER = "see_ledger"
    CORRECT_LEDGER = "correct_ledger"
    GIVE_FROM_POT = "give_from_pot"
    BOOK_FOR_OTHERS = "book_for_others"
    SET_LIMITS = "set_limits"
    CONFIRM_DEPARTURE = "confirm_departure"
    SET_POLICY = "set_policy"
    SEE_WELFARE = "see_welfare"
    ARRANGE_WELFARE = "arrange_welfare"
    APPROVE_WELFARE = "approve_welfare"
    SET_COST_RULES = "set_cost_rules"
    SELL_CHEQUES = "sell_cheques"
    ARRANGE_CHEQUES = "arrange_cheques"
    PAY_OUT_CHEQUES = "pay_out_cheques"
    CLOSE_MONTH = "close_month"
    NET_BETWEEN = "net_between"
    SET_TRUST = "set_trust"
    SEE_FIGURES = "see_figures"
    CHANGE_SETTINGS = "change_settings"
    SEE_REGION = "see_region"
    HANDLE_REPORTS = "handle_reports"
    SUSPEND_PERSON = "suspend_person"
    SEE_SAFETY_FILE = "see_safety_file"
    SEE_AUDIT = "see_audit"
    ERASE_PERSON = "erase_person"
    SET_TERMS = "set_terms"
    MANAGE_STAFF = "manage_staff"


P = Permission
_MEMBER = frozenset({P.ASK, P.OFFER})
_FIGURES = frozenset({P.SEE_FIGURES, P.SEE_ORGANISATIONS})
_BROKER = _FIGURES | {
    P.SEE_REQUESTS, P.MODERATE_REQUEST, P.SEE_OFFERS, P.MODERATE_OFFER, P.SEE_MATCHES, P.PROPOSE,
    P.SEE_AGREEMENTS, P.ARRANGE_AGREEMENT, P.SEE_PEOPLE, P.REGISTER_PERSON, P.SEE_LEDGER, P.CORRECT_LEDGER,
    P.GIVE_FROM_POT, P.BOOK_FOR_OTHERS, P.SET_LIMITS, P.CONFIRM_DEPARTURE,
    P.SEE_WELFARE, P.ARRANGE_WELFARE, P.APPROVE_WELFARE, P.NET_BETWEEN,
    P.SELL_CHEQUES, P.SEE_CHECKS, P.RECORD_CHECKS, P.HANDLE_REPORTS, P.SUSPEND_PERSON,
    P.SEE_ACTIVITIES, P.MODERATE_ACTIVITY, P.KEEP_SOCIAL_MAP, P.MODERATE_STORY,
}  # fmt: skip

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _MEMBER,
    Role.ORGANISATION_MEMBER: frozenset(),
    Role.ORGANISATION_ADMINISTRATOR: frozenset(),
    Role.REFERRER: frozenset(),
    Role.BROKER: _BROKER,
    Role.TREASURER: _FIGURES
    | {
        P.SEE_LEDGER,
        P.SET_POLICY,
        P.SEE_WELFARE,
        P.APPROVE_WELFARE,
        P.CLOSE_MONTH,
        P.NET_BETWEEN,
        P.ARRANGE_CHEQUES,
        P.PAY_OUT_CHEQUES,
    },
    Role.SELLER: frozenset({P.SELL_CHEQUES}),
    Role.PRIVACY_OFFICER: _FIGURES | {P.SEE_AUDIT, P.ERASE_PERSON, P.SET_TERMS},
    Role.SAFETY_OFFICER: frozenset(
        {P.HANDLE_REPORTS, P.SUSPEND_PERSON, P.SEE_SAFETY_FILE, P.SEE_PEOPLE, P.SEE_ORGANISATIONS}
    ),
    Role.MUNICIPALITY_ADMINISTRATOR: _FIGURES
    | {
        P.CHANGE_SETTINGS,
        P.SET_POLICY,
        P.SET_TRUST,
        P.ARRANGE_CHEQUES,
        P.SET_CHECK_RULES,
        P.SET_TERMS,
        P.MANAGE_STAFF,
        P.KEEP_SOCIAL_MAP,
    },
    Role.REGION_ADMINISTRATOR: _FIGURES | {P.SEE_REGION, P.SET_COST_RULES, P.MANAGE_STAFF},
}
"""What each role may in its municipalities.

Three carry nothing here, and that is no gap: a permission is about a municipality's rows. Who works for an
organisation may what its grant's ``organisation_id`` opens (``Scope.organisations``: its cheques); its administrator
also writes down what it saw of its volunteers (`app/checks/volunteers.py`). A referrer reads nothing of a
municipality either; what a referral shows, it shows to its own two sides.
"""

REGIONAL = frozenset({Role.REGION_ADMINISTRATOR})
"""Roles in the region as a whole, for which no municipality is named."""
STAFF_ROLES = frozenset(
    {
        Role.BROKER,
        Role.TREASURER,
        Role.SELLER,
        Role.PRIVACY_OFFICER,
        Role.SAFETY_OFFICER,
        Role.MUNICIPALITY_ADMINISTRATOR,
        Role.REGION_ADMINISTRATOR,
    }
)
"""Roles whose municipalities become the reach that row-level security knows."""
PROVEN_ROLES = STAFF_ROLES | {Role.ORGANISATION_ADMINISTRATOR}
"""Roles that one has only with a second proof: who writes down a VOG for an organisation decides who is matched."""
