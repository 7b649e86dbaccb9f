"""Why the treasurer's acts are refused."""

from app.errors import Conflict


class NotOver(Conflict):
    """Only a month that is over can be closed."""

    code = "month-not-over"


class OutOfOrder(Conflict):
    """An earlier month has to be closed first; ``maand`` says which."""

    code = "month-out-of-order"


class NotReconciled(Conflict):
    """The books of the month do not add up, so it stays open."""

    code = "month-does-not-reconcile"


class BothSides(Conflict):
    """Two people answer a netting, one of each municipality."""

    code = "netting-needs-two"


class NettingAnswered(Conflict):
    """The proposal was answered before."""

    code = "netting-answered"


class NettingOutgrown(Conflict):
    """By now less is open, or a later month was proposed."""

    code = "netting-outgrown"


class PotEmpty(Conflict):
    """The pot that would pay has not got that much."""

    code = "pot-empty"


class InvoiceMoved(Conflict):
    """The invoice stands differently by now, or this step is for the other side."""

    code = "invoice-moved"


class SecondPerson(Conflict):
    """Whoever said that it was paid does not confirm it."""

    code = "invoice-needs-two"


class AccountStands(Conflict):
    """An account of a provider is frozen or closed, so that nothing can be booked on it."""

    code = "account-stands-still"


class PassedOn(Conflict):
    """The money of this payment was passed on to an organisation; that is corrected first."""

    code = "invoice-passed-on"
