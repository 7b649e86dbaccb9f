"""Refusals of what the desk does with Roosjes."""

from app.errors import Conflict, Forbidden


class OwnInterest(Forbidden):
    """It would be for the actor, for their household, or it was their own question."""

    code = "own-interest"


class PotTooSmall(Conflict):
    """There is not that much in the pot."""

    code = "pot-too-small"


class KeyUsed(Conflict):
    """The form was sent before, with something else in it."""

    code = "key-used"


class NotNow(Conflict):
    """A limit, trust between municipalities, or an account that is not in use stands in the way."""

    code = "out-of-roosjes"


class Answered(Conflict):
    """Somebody answered before, or nobody did in time."""

    code = "answered-already"


class StillHeld(Conflict):
    """Appointments stand open on the account."""

    code = "still-held"


class CannotBear(Conflict):
    """Whoever got it cannot give it back: the pot can make it good."""

    code = "cannot-bear"


class CanBear(Conflict):
    """No case for the pot: take it back."""

    code = "can-bear"


class NeedsColleague(Conflict):
    """More than one makelaar alone gives an account out of the pot: a grant waits for a second pair of eyes."""

    code = "needs-colleague"


class NotEveryone(Conflict):
    """Somebody of the group cannot, and so nothing was booked; ``names`` are for a makelaar only."""

    code = "not-everyone"

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names
