"""Welfare budgets in words: where a plan or a spending stands, and what can be done with it."""

from typing import Final

from app.welfare.models import GrantStatus, Helped, PlanStatus, SpendingStatus, WelfareSpending
from app.welfare.queues import Queue
from app.welfare.upkeep import OVER
from web.i18n import N_, translate

PLANS: Final = {
    PlanStatus.ASKED: (N_("Gevraagd"), "w"),
    PlanStatus.PROPOSED: (N_("Een collega kijkt mee"), "w"),
    PlanStatus.ACTIVE: (N_("Loopt"), "g"),
    PlanStatus.ENDED: (N_("De tijd is om"), ""),
    PlanStatus.CLOSED: (N_("Afgesloten"), ""),
    PlanStatus.REJECTED: (N_("Geen budget"), ""),
    PlanStatus.WITHDRAWN: (N_("Ingetrokken"), ""),
}
SPENDINGS: Final = {
    SpendingStatus.ASKED: (N_("Wij kijken ernaar"), "w"),
    SpendingStatus.APPROVED: (N_("Dit mag, nog niet betaald"), "g"),
    SpendingStatus.PAID: (N_("Betaald"), "g"),
    SpendingStatus.REFUNDED: (N_("Terugbetaald"), "g"),
    SpendingStatus.REJECTED: (N_("Dit kan niet"), "b"),
    SpendingStatus.WITHDRAWN: (N_("Ingetrokken"), ""),
    SpendingStatus.UNDONE: (N_("Was een vergissing"), ""),
}
GRANTS: Final = {
    GrantStatus.ASKED: (N_("Wacht op een tweede blik"), "w"),
    GrantStatus.GRANTED: (N_("Goedgekeurd"), "g"),
    GrantStatus.REJECTED: (N_("Niet goedgekeurd"), "b"),
}
QUEUES: Final = {
    Queue.ASKED: N_("Nieuw gevraagd"),
    Queue.TO_APPROVE: N_("Wacht op een tweede blik"),
    Queue.TO_DECIDE: N_("Uitgaven om over te beslissen"),
    Queue.RECEIPTS: N_("Bonnen om te bekijken"),
    Queue.TO_PAY: N_("Nog te betalen"),
    Queue.ENDS_SOON: N_("Loopt binnen zes weken af"),
    Queue.TO_TELL: N_("Nog niet verteld wat het bracht"),
    Queue.ALL: N_("Alle budgetten"),
}
HELPED: Final = {Helped.YES: N_("Ja"), Helped.SOMEWHAT: N_("Een beetje"), Helped.NO: N_("Nee")}
REFUSALS: Final = {
    "has-plan": N_("Er is al een plan. Er kan er één tegelijk zijn."),
    "budget-ceiling": N_("Samen wordt dat meer dan 450 euro. Kies een lager bedrag."),
    "budget-empty": N_("Zoveel is er niet meer over. Kies een lager bedrag."),
    "period-over": N_("Dit valt buiten de tijd van het budget."),
    "period-taken": N_("Op een deel van deze dagen was er al een budget. Kies andere dagen."),
    "receipt-used": N_("Deze bon is al eerder terugbetaald."),
    "grant-waits": N_("Er wacht al een bedrag op een tweede blik."),
    "other-way": N_("Bij een bon kijkt u of het klopt. Andere uitgaven keurt u vooraf goed."),
    "key-reused": N_("Dit formulier is al verstuurd. Kijk of het goed staat."),
    "forbidden": N_("Dit doet een collega: niet wie het bedacht, en niet wie het krijgt."),
    "own-interest": N_(
        "Dit gaat over uzelf of uw huisgenoot, of u vroeg het zelf. Laat het een collega doen."
    ),
    "above-agreed": N_("Dit is meer dan u afsprak. Kies een lager bedrag, of spreek iets anders af."),
    "above-allowance": N_(
        "Dit kan niet meer: een helper mag per maand en per jaar niet meer onkosten krijgen."
    ),
    "agreed-already": N_("Hierover is al iets afgesproken of voorgesteld."),
    "written-already": N_("Voor deze keer staat dit er al."),
    "no-budget": N_("Er is nu geen welzijnsbudget dat dit kan betalen."),
    "rules-set": N_("Vanaf die dag gelden al andere regels."),
}
LATER: Final = N_("Er veranderde iets. Kijk hoe het nu is.")


def refusal(code: str, lang: str) -> str:
    """What stands in the way."""
    return translate(lang, REFUSALS.get(code, LATER))


def named(words: tuple[str, str], lang: str) -> tuple[str, str]:
    """A state in the reader's language, and its colour."""
    return translate(lang, words[0]), words[1]


def reason_of(spending: WelfareSpending, lang: str) -> str:
    """Why not: what the desk wrote, or that the time was over."""
    if spending.reason == OVER:
        return translate(lang, N_("De tijd van het budget was om."))
    return spending.reason
