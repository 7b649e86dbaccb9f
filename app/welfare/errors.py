"""Why something about a welfare budget cannot be; each has a sentence on the page."""

from app.errors import Conflict, Invalid


class HasPlan(Conflict):
    """There is a plan already: one at a time."""

    code = "has-plan"


class BudgetCeiling(Conflict):
    """More than a person may be granted in a period."""

    code = "budget-ceiling"


class BudgetEmpty(Conflict):
    """The budget has not got that much left."""

    code = "budget-empty"


class PeriodOver(Conflict):
    """The period is over, or the spending was not in it."""

    code = "period-over"


class PeriodTaken(Conflict):
    """The person had a budget on some of these days."""

    code = "period-taken"


class ReceiptUsed(Conflict):
    """This very receipt was refunded before."""

    code = "receipt-used"


class WrongFile(Invalid):
    """The file is no photograph or PDF that can be kept; ``details`` says which field and why."""
