"""Why somebody did not come in through a provider; each has a sentence on the page.

OidcFailed
├── ProviderDown     503  slow, gone, or set up otherwise than we are
├── ProviderRefused  403  the person or the provider said no
├── AttemptOver      410  begun too long ago, in another browser, or used already
├── AnswerRefused    400  the answer is not what a provider of ours says to us about this very attempt
├── TooWeak          403  signed in, but with less assurance than the municipality asks
└── OtherPerson      409  this way in belongs to somebody else here
"""

from app.errors import DomainError


class OidcFailed(DomainError):
    """Nobody came in. ``reason`` is for the log: a word, never what was sent."""

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason or self.code


class ProviderDown(OidcFailed):
    """The provider is slow, gone, or speaks otherwise than we expect."""

    status, code = 503, "oidc-down"


class ProviderRefused(OidcFailed):
    """The person stopped, or the provider would not let them in."""

    status, code = 403, "oidc-refused"


class AttemptOver(OidcFailed):
    """Begun more than ten minutes ago, in another browser, or used already."""

    status, code = 410, "oidc-over"


class AnswerRefused(OidcFailed):
    """A token or an answer that does not hold."""

    status, code = 400, "oidc-answer"


class TooWeak(OidcFailed):
    """The level of assurance is lower than this municipality asks."""

    status, code = 403, "oidc-weak"


class OtherPerson(OidcFailed):
    """Somebody else here comes in this way, or this person comes in by another subject."""

    status, code = 409, "oidc-other"
