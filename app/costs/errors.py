"""Why something about costs cannot be."""

from app.errors import Conflict


class AboveAgreed(Conflict):
    """More than the two agreed for one time."""

    code = "above-agreed"


class AboveAllowance(Conflict):
    """The helper would get more than the rules let a volunteer have in this month or year."""

    code = "above-allowance"


class AgreedAlready(Conflict):
    """There is an agreement, or a proposal, about this kind of cost."""

    code = "agreed-already"


class WrittenAlready(Conflict):
    """For this time this kind of cost was written down."""

    code = "written-already"


class NoBudget(Conflict):
    """The asker has no welfare budget that could pay."""

    code = "no-budget"
