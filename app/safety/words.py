"""What can be chosen: the values that stand in the database and in forms."""

from enum import StrEnum


class Subject(StrEnum):
    """At which contact somebody pressed the button."""

    AGREEMENT = "agreement"
    OCCURRENCE = "occurrence"
    PROPOSAL = "proposal"
    REQUEST = "request"
    OFFER = "offer"
    PERSON = "person"
    REPRESENTATION = "representation"
    RING = "ring"
    """One helps the other in a ring (kring); the key is that of the arc."""
    ROOSJES = "roosjes"
    """Roosjes that were given or asked for, with words."""
    ACTIVITY = "activity"
    """Something that people do together; about its host, or about nobody where an organisation is the host."""
    STORY = "story"
    IDEA = "idea"
    REACTION = "reaction"
    """What somebody said of a plan or an idea."""
    NONE = "none"


class What(StrEnum):
    """What it is about."""

    UNSAFE = "unsafe"
    MONEY = "money"
    BOUNDARY = "boundary"
    DAMAGE = "damage"
    RULES = "rules"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon somebody has to look; the number of working days is in ``DAYS``."""

    NOW = "now"
    SOON = "soon"
    LATER = "later"


DAYS = {Urgency.NOW: 1, Urgency.SOON: 2, Urgency.LATER: 5}
"""Working days within which the desk answers. Danger at this moment is for 112, as the page says."""
APPEAL_DAYS = 5
"""Working days within which somebody else looks at an appeal."""


class ReportStatus(StrEnum):
    """The life of a report."""

    NEW = "new"
    ASSIGNED = "assigned"
    HANDLED = "handled"


class Outcome(StrEnum):
    """What came of a report, as the desk says."""

    TALKED = "talked"
    EXPLAINED = "explained"
    STOPPED = "stopped"
    APART = "apart"
    SUSPENDED = "suspended"
    FILE = "file"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


class NoteKind(StrEnum):
    """A note, a telephone call, a visit; a step is what was done with the report itself."""

    NOTE = "note"
    CALL = "call"
    VISIT = "visit"
    STEP = "step"


class Standing(StrEnum):
    """What becomes of agreements that there are."""

    STOP = "stop"
    KEEP = "keep"
    CALL = "call"
    """They stay as they are until the makelaar has called."""


class Why(StrEnum):
    """Why somebody is suspended. A person of the desk says so, never a machine."""

    SAFETY = "safety"
    MONEY = "money"
    BEHAVIOUR = "behaviour"
    RULES = "rules"
    LOOKING = "looking"
    """While something is looked into."""


class SuspensionStatus(StrEnum):
    """The life of a suspension."""

    ACTIVE = "active"
    LIFTED = "lifted"


class EntryKind(StrEnum):
    """What is written in a safety file."""

    NOTE = "note"
    CALL = "call"
    VISIT = "visit"


class Decision(StrEnum):
    """The fifth step of the meldcode: two questions, answered by a person."""

    REPORT_AND_HELP = "report_and_help"
    REPORT = "report"
    HELP = "help"
    NEITHER = "neither"


class SignalKind(StrEnum):
    """What a machine noticed. It punishes nobody: somebody of the desk looks."""

    MONEY = "money"
    MANY_VULNERABLE = "many_vulnerable"
    CONTACT_IN_TEXT = "contact_in_text"
    SEVERAL_REPORTS = "several_reports"
