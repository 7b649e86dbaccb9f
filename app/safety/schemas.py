"""What the forms of safety may hold."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.safety.words import Decision, EntryKind, NoteKind, Outcome, Standing, Urgency, What, Why
from app.schemas import Day, Incoming, Whole
from app.text import Typed

Long = Annotated[str, Typed(2000, lines=True)]
Longer = Annotated[str, Typed(4000, lines=True)]
Reason = Annotated[Annotated[str, Typed(400)], Field(alias="reden")]


class NewReport(Incoming):
    """Three short questions, and whether the other may hear who asked."""

    what: Annotated[What, Field(alias="waarover")]
    words: Annotated[Long, Field(alias="uitleg")]
    urgency: Annotated[Urgency, Field(alias="hoeSnel")] = Urgency.SOON
    may_be_named: Annotated[bool, Field(alias="naamNoemen")] = False
    """A box that is not ticked is not sent: anonymous towards the other unless one says otherwise."""


class NewBlock(Incoming):
    """No contact any more; what becomes of what was agreed."""

    agreements: Annotated[Standing, Field(alias="afspraken")] = Standing.STOP


class NewNote(Incoming):
    """What the desk did."""

    kind: Annotated[NoteKind, Field(alias="soort")] = NoteKind.NOTE
    text: Annotated[Longer, Field(alias="notitie")]


class Assignment(Incoming):
    """Who takes it; nobody named is oneself."""

    to: Annotated[UUID | None, Field(alias="aan")] = None


class Handling(Incoming):
    """What came of it, what the reporter reads, and how it was read."""

    outcome: Annotated[Outcome, Field(alias="uitkomst")]
    answer: Annotated[Long, Field(alias="antwoord")]
    version: Annotated[Whole, Field(alias="versie")]


class NewSuspension(Incoming):
    """Why, what the person reads, what becomes of agreements, and when the desk looks again."""

    why: Annotated[Why, Field(alias="waarom")]
    told: Annotated[Long, Field(alias="uitleg")]
    agreements: Annotated[Standing, Field(alias="afspraken")] = Standing.STOP
    review_on: Annotated[Day, Field(alias="kijkWeerOp")]
    report_id: Annotated[UUID | None, Field(alias="melding")] = None


class Lifting(Incoming):
    """What the person reads when they may take part again."""

    words: Annotated[Long, Field(alias="uitleg")]


class Explained(Incoming):
    """Why the desk does it; the person can read it later."""

    reason: Annotated[Annotated[str, Typed(400)], Field(alias="reden", min_length=10)]


class NewAppeal(Incoming):
    """Why one does not agree."""

    words: Annotated[Long, Field(alias="uitleg")]


class AppealDecision(Incoming):
    """Somebody else's decision on an appeal."""

    granted: Annotated[bool, Field(alias="gelijk")] = False
    answer: Annotated[Long, Field(alias="antwoord")]


class NewRules(Incoming):
    """A new version of the house rules."""

    text: Annotated[Annotated[str, Typed(8000, lines=True)], Field(alias="huisregels")]
    changed: Annotated[Annotated[str, Typed(1000, lines=True)], Field(alias="watVeranderde")]


class Insurance(Incoming):
    """How who helps is insured: as a neighbour, or under the flag of an organisation."""

    text: Annotated[Annotated[str, Typed(300)] | None, Field(alias="verzekering")] = None
    organisation_id: Annotated[UUID | None, Field(alias="organisatie")] = None


class NewFile(Incoming):
    """Why a safety file is needed."""

    why: Annotated[Long, Field(alias="aanleiding")]
    report_id: Annotated[UUID | None, Field(alias="melding")] = None


class Opening(Incoming):
    """Why one opens it now; the person concerned reads it later."""

    reason: Reason


class NewEntry(Incoming):
    """What was seen, heard or done."""

    kind: Annotated[EntryKind, Field(alias="soort")] = EntryKind.NOTE
    text: Annotated[Longer, Field(alias="notitie")]


class NewStep(Incoming):
    """A step of the meldcode, on a day."""

    step: Annotated[Annotated[Whole, Field(ge=1, le=5)], Field(alias="stap")]
    on_date: Annotated[Day, Field(alias="datum")]
    words: Annotated[Longer, Field(alias="uitleg")]
    decision: Annotated[Decision | None, Field(alias="besluit")] = None


class Disclosure(Incoming):
    """From which day the person may read who looked, and why not sooner."""

    on: Annotated[Day, Field(alias="vanaf")]
    why: Annotated[Long, Field(alias="uitleg")]
