"""How an agreement reads to one of its two people, and what each may do at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, TimeProposal, TimeStatus
from app.agreements.occur import LATE
from app.categories.vocabulary import Kind
from app.matches.models import Proposal, Status as ProposalStatus
from app.satisfaction.models import Face, Satisfaction
from web import dutch
from web.i18n import N_, translate

O = OccurrenceStatus  # noqa: E741 - short, beside so many states
COMING: Final = (O.PLANNED, O.AGREED)
LIVE: Final = (O.PLANNED, O.AGREED, O.HELPED, O.RECEIVED, O.DISPUTED)


@dataclass(frozen=True, slots=True)
class Side:
    """Who reads: the helper or the asker, and what the other is called."""

    helps: bool
    name: str
    lang: str

    @property
    def their_word(self) -> OccurrenceStatus:
        """What an occurrence became when the other said that it happened."""
        return O.RECEIVED if self.helps else O.HELPED


@dataclass(frozen=True, slots=True)
class Time:
    """One time on the screen: how it reads, its tag's colour, and the buttons under it."""

    id: UUID
    path: str
    starts_at: datetime
    reading: str
    colour: str
    acts: tuple[str, ...]
    minutes: int
    done_minutes: int | None
    held: bool
    roosjes: bool
    late: bool
    moved: bool
    thanks: str
    done: bool
    live: bool
    disputed: bool
    late_cancel: bool
    title: str
    other: str
    helps: bool
    offer_id: UUID | None = None
    """The offer for which the one who asked may say thanks with Roosjes."""
    asked: "AnotherTime | None" = None
    """The other moment that waits for a yes."""
    course: tuple[tuple[datetime, str], ...] = ()
    """What was proposed and answered about the moment, the oldest first."""
    content: tuple["Looked", ...] = ()
    """How the two look back, as far as the reader may know."""

    @property
    def course_entries(self) -> list[dict[str, object]]:
        """The same as lines of a timeline."""
        return [{"state": "done", "title": said, "moment": at} for at, said in self.course]


@dataclass(frozen=True, slots=True)
class AnotherTime:
    """Another moment that one of the two proposed and the other has not answered."""

    id: UUID
    starts_at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """How one of the two looks back on one time."""

    face: str
    said: str
    words: str
    mine: bool
    for_other: bool


@dataclass(frozen=True, slots=True)
class Background:
    """What is known besides the rows: the moment, who cancelled, what was moved, proposed and said."""

    now: datetime
    cancelled_by: Mapping[UUID, UUID | None]
    moved: frozenset[UUID] | set[UUID]
    proposed: Mapping[UUID, list[TimeProposal]] = field(default_factory=dict)
    content: Mapping[UUID, list[Satisfaction]] = field(default_factory=dict)


def side_of(agreement: Agreement, person_id: UUID, lang: str) -> Side:
    """From which side this person looks; a makelaar looks as the asker does."""
    helps = agreement.helper_id == person_id
    return Side(helps, (agreement.asker if helps else agreement.helper).first_name, lang)


def times(agreement: Agreement, person_id: UUID, lang: str, background: Background) -> list[Time]:
    """Every time of an agreement, in order."""
    side = side_of(agreement, person_id, lang)
    return [_time(agreement, row, side, person_id, background) for row in agreement.occurrences]


def _time(agreement: Agreement, row: Occurrence, side: Side, mine: UUID, known: Background) -> Time:
    proposed, content = known.proposed.get(row.id, []), known.content.get(row.id, [])
    may = acts(row, side, known.now) if mine in agreement.parties() else ()
    if any(one.author_id == mine for one in content):
        may = tuple(act for act in may if act != "tevreden")
    return Time(
        id=row.id,
        path=f"/mijn/afspraken/{agreement.id}",
        starts_at=row.starts_at,
        reading=reading(row, side, mine, known),
        colour=COLOURS.get(row.status, ""),
        acts=may,
        minutes=row.minutes,
        done_minutes=row.done_minutes,
        held=row.hold_id is not None and row.status in LIVE,
        roosjes=row.kind is Kind.ROOSJES,
        late=timedelta(0) < row.starts_at - known.now < LATE,
        moved=row.id in known.moved,
        thanks=row.thanks,
        done=row.status is O.DONE,
        live=row.status in LIVE,
        disputed=row.status is O.DISPUTED,
        late_cancel=row.late_cancel,
        title=agreement.help_request.title,
        other=side.name,
        helps=side.helps,
        offer_id=agreement.proposal.help_offer_id
        if agreement.asker_id == mine and row.status is O.DONE
        else None,
        asked=_asked(row, proposed, mine, known.now),
        course=tuple((at, said) for one in proposed for at, said in _course(one, side, mine)),
        content=tuple(_looked(one, side.lang, mine) for one in content),
    )


def _asked(row: Occurrence, proposed: list[TimeProposal], mine: UUID, now: datetime) -> AnotherTime | None:
    """What waits for a yes; nothing once the time itself has begun, or the proposed moment is past."""
    waiting = next((one for one in proposed if one.status is TimeStatus.PROPOSED), None)
    if waiting is None or row.status not in COMING or min(row.starts_at, waiting.starts_at) <= now:
        return None
    return AnotherTime(waiting.id, waiting.starts_at, waiting.proposed_by_id == mine)


ANSWERS: Final = {
    TimeStatus.AGREED: (N_("U zei ja"), N_("%(name)s zei ja")),
    TimeStatus.DECLINED: (N_("U liet het zoals het was"), N_("%(name)s liet het zoals het was")),
    TimeStatus.WITHDRAWN: (N_("U trok dat weer in"), N_("%(name)s trok dat weer in")),
}
"""What came of another moment, as who did it reads it, and as the other does; a new proposal tells of itself."""


def _course(one: TimeProposal, side: Side, mine: UUID) -> list[tuple[datetime, str]]:
    own = one.proposed_by_id == mine
    when = dutch.moment(one.starts_at, side.lang)
    asked = N_("U stelde voor: %(when)s") if own else N_("%(name)s stelde voor: %(when)s")
    names = {} if own else {"name": side.name}
    told = [(one.created_at, translate(side.lang, asked, when=when, **names))]
    answer = ANSWERS.get(one.status)
    if answer is not None and one.answered_at is not None:
        by_me = own if one.status is TimeStatus.WITHDRAWN else not own
        said = answer[0 if by_me else 1]
        names = {} if by_me else {"name": side.name}
        told.append((one.answered_at, translate(side.lang, said, **names)))
    return told


FACES: Final = {
    Face.HAPPY: N_("Tevreden"),
    Face.FAIR: N_("Gaat wel"),
    Face.UNHAPPY: N_("Niet tevreden"),
}
"""The three faces in words, in the order in which they are drawn."""


def _looked(one: Satisfaction, lang: str, mine: UUID) -> Looked:
    said = translate(lang, FACES[one.face])
    return Looked(one.face.value, said, one.words, one.author_id == mine, one.for_other)


COLOURS: Final = {O.AGREED: "g", O.HELPED: "w", O.RECEIVED: "w", O.DISPUTED: "b"}


def reading(row: Occurrence, side: Side, mine: UUID, known: Background) -> str:
    """Afgesproken, Gedaan (wacht op ja van Ria), Klaar, Afgezegd door u, ..."""
    if row.status in (O.HELPED, O.RECEIVED):
        if row.status is side.their_word:
            return translate(side.lang, N_("Gedaan (wacht op uw ja)"))
        return translate(side.lang, N_("Gedaan (wacht op ja van %(name)s)"), name=side.name)
    if row.status is O.CANCELLED:
        return translate(side.lang, N_("Afgezegd door %(name)s"), name=_who(row, side, mine, known))
    return translate(side.lang, READINGS[row.status])


READINGS: Final = {
    O.PLANNED: N_("Gepland"),
    O.AGREED: N_("Afgesproken"),
    O.DONE: N_("Klaar"),
    O.DISPUTED: N_("Dit klopt niet"),
    O.NO_SHOW: N_("Niet gekomen"),
}


def _who(row: Occurrence, side: Side, mine: UUID, known: Background) -> str:
    by = known.cancelled_by.get(row.id)
    if by == mine:
        return translate(side.lang, N_("u"))
    return side.name if by in (row.asker_id, row.helper_id) else translate(side.lang, N_("ons"))


def acts(row: Occurrence, side: Side, now: datetime) -> tuple[str, ...]:
    """The buttons under one time; what the state does not allow is not offered."""
    begun = now >= row.starts_at
    if row.status is O.AGREED and begun:
        return ("gebeurd", "niet-gekomen")
    if row.status in COMING:
        return ("verzetten", "afzeggen")
    if row.status is side.their_word:
        return ("klopt", "klopt-niet")
    if row.status is O.NO_SHOW:
        return ("klopt-niet",)
    if row.status is O.DONE:
        return ("tevreden",) if side.helps or row.thanks else ("tevreden", "bedanken")
    return ()


def proposal_reading(proposal: Proposal, mine: UUID, lang: str) -> str:
    """Voorstel, Wacht op uw ja, Kennismaken."""
    if proposal.status is ProposalStatus.MEETING:
        return translate(lang, N_("Kennismaken"))
    if proposal.status is ProposalStatus.PROPOSED:
        return translate(lang, N_("Voorstel"))
    if proposal.asker_id == mine:
        return translate(lang, N_("Wacht op uw ja"))
    return translate(lang, N_("Wacht op ja van %(name)s"), name=proposal.asker.first_name)
