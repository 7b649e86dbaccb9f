"""How an agreement reads to one of its two people, and what each may do at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.agreements.occur import LATE
from app.categories.vocabulary import Kind
from app.matches.models import Proposal, Status as ProposalStatus
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


@dataclass(frozen=True, slots=True)
class Background:
    """What is known besides the rows: the moment, who cancelled, what was moved."""

    now: datetime
    cancelled_by: Mapping[UUID, UUID | None]
    moved: frozenset[UUID] | set[UUID]


def side_of(agreement: Agreement, person_id: UUID, lang: str) -> Side:
    """From which side this person looks; a makelaar looks as the asker does."""
    helps = agreement.helper_id == person_id
    return Side(helps, (agreement.asker if helps else agreement.helper).first_name, lang)


def times(agreement: Agreement, person_id: UUID, lang: str, background: Background) -> list[Time]:
    """Every time of an agreement, in order."""
    side = side_of(agreement, person_id, lang)
    return [_time(agreement, row, side, person_id, background) for row in agreement.occurrences]


def _time(agreement: Agreement, row: Occurrence, side: Side, mine: UUID, known: Background) -> Time:
    return Time(
        id=row.id,
        path=f"/mijn/afspraken/{agreement.id}",
        starts_at=row.starts_at,
        reading=reading(row, side, mine, known),
        colour=COLOURS.get(row.status, ""),
        acts=acts(row, side, known.now) if mine in agreement.parties() else (),
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
    )


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
    if row.status is O.DONE and not side.helps and not row.thanks:
        return ("bedanken",)
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
