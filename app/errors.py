"""Refusals that a person can understand.

DomainError
├── Invalid            400  what was typed cannot be used
├── NotSignedIn        401
├── Forbidden          403  seen, but not allowed
├── ProofNeeded        401  allowed, once one has shown again who one is
├── NotFound           404  absent, or not visible: the same thing
├── Conflict           409  the state changed, or does not allow it
│   ├── NotAllowed          the table of transitions has no such step
│   └── Stale               someone else saved in between
├── TooMany            429
└── Unavailable        503
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal with an HTTP status, a stable code and, per field, what to mend."""

    status = 400
    code = "invalid"

    def __init__(self, message: str = "", *, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message or self.code)
        self.details: dict[str, str] = dict(details or {})


class Invalid(DomainError):
    """What was typed cannot be used; ``details`` maps a field to a reason code."""

    status, code = 400, "invalid"


class NotSignedIn(DomainError):
    """The act needs a person, and nobody is signed in."""

    status, code = 401, "not-signed-in"


class Forbidden(DomainError):
    """The row is visible to the actor, but the act is not theirs."""

    status, code = 403, "forbidden"


class ProofNeeded(DomainError):
    """The act asks for a second proof, shown a short while ago; the page that asks for it leads back."""

    status, code = 401, "proof-needed"


class NotFound(DomainError):
    """There is nothing there that the actor may see."""

    status, code = 404, "not-found"


class Conflict(DomainError):
    """The state of things does not allow it, or no longer."""

    status, code = 409, "conflict"


class NotAllowed(Conflict):
    """The table of transitions has no such step."""

    code = "transition-not-allowed"


class Stale(Conflict):
    """Someone else saved this in between."""

    code = "stale"


class TooMany(DomainError):
    """Too many attempts; try again after ``again_s`` seconds."""

    status, code = 429, "too-many"

    def __init__(self, message: str = "", *, again_s: int = 3_600) -> None:
        super().__init__(message)
        self.again_s = again_s


class Unavailable(DomainError):
    """The database does not answer for now."""

    status, code = 503, "unavailable"
