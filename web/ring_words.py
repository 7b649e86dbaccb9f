"""A ring as its member, or a makelaar, reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.rings.models import LIVE, Ending, Ring, RingAnswer, RingArc, RingStatus
from app.rings.service import SHORTEST, own_arcs
from web import dutch, ring_reasons
from web.desk_words import parts
from web.i18n import N_, translate

SOMEBODY: Final = N_("iemand uit %(place)s")
NEIGHBOUR: Final = N_("een buur")
YOU: Final = N_("U")
UNKNOWN: Final = "?"
STATES: Final = {
    RingStatus.PROPOSED: N_("Wacht op een ja"),
    RingStatus.READY: N_("Iedereen zei ja"),
    RingStatus.AGREED: N_("Gaat door"),
    RingStatus.DISSOLVED: N_("Gaat niet door"),
    RingStatus.EXPIRED: N_("Verlopen"),
}
COLOURS: Final = {RingStatus.PROPOSED: "wait", RingStatus.READY: "wait", RingStatus.AGREED: "ok"}
WHY: Final = {
    Ending.NO: N_("Niet iedereen wilde dit nu."),
    Ending.GONE: N_("Een vraag of aanbod is er niet meer."),
    Ending.CHANGED: N_("Er paste iets niet meer."),
}


@dataclass(frozen=True, slots=True)
class MyRing:
    """At one member's place."""

    id: UUID
    state: str
    colour: str
    receiver: str
    receiver_place: str
    gives: str
    giver: str
    """First name, or "iemand uit Geldrop" before that person's yes."""
    giver_named: bool
    introduced: bool
    """Whether one may plan a day with them once the ring goes ahead."""
    gets: str
    why_i_help: list[str]
    minds: list[str]
    why_they_help: list[str]
    """Both only while the ring runs or goes ahead."""
    seats: tuple[tuple[str, str], ...]
    """For the picture: letter and name, clockwise from oneself."""
    people: int
    still: int
    """How many have to say yes yet."""
    said_yes: bool
    asks: bool
    """Whether one's own answer is still wanted."""
    stoppable: bool
    agreed: bool
    ended: bool
    expires_at: datetime
    choose_path: str
    contacts: tuple[tuple[UUID, str], ...]
    """Whom one knows of it by name, each with the arc between the two."""


def my_ring(ring: Ring, person_id: UUID, lang: str, moment: datetime) -> MyRing:
    """What this member may know of it."""
    gives, gets = own_arcs(ring, person_id)
    said_yes = gives.answer is RingAnswer.YES
    running = ring.status is RingStatus.PROPOSED and ring.expires_at > moment
    late = ring.status is RingStatus.PROPOSED and not running
    state = RingStatus.EXPIRED if late else ring.status
    named = gets.is_known or ring.people == SHORTEST
    over = state not in (*LIVE, RingStatus.AGREED)
    giver = gets.giver.first_name if named else translate(lang, SOMEBODY, place=gets.giver_municipality.name)
    return MyRing(
        id=ring.id,
        state=translate(lang, STATES[state]),
        colour=COLOURS.get(state, ""),
        receiver=gives.receiver.first_name,
        receiver_place=gives.municipality.name,
        gives=gives.title,
        giver=giver,
        giver_named=named,
        introduced=gets.is_known,
        gets=gets.title,
        why_i_help=[] if over else ring_reasons.why_i_help(gives, lang),
        minds=ring_reasons.to_mind(gives, lang) if running else [],
        why_they_help=[] if over else ring_reasons.why_they_help(gets, lang),
        seats=_seats(ring, gives, giver if named else "", lang),
        people=ring.people,
        still=ring.people - ring.yes,
        said_yes=said_yes,
        asks=running and not said_yes,
        stoppable=running,
        agreed=ring.status is RingStatus.AGREED,
        ended=over,
        expires_at=ring.expires_at,
        choose_path=_choose_path(gets) if ring.status is RingStatus.AGREED else "",
        contacts=_contacts(gives, gets, named),
    )


def _contacts(gives: RingArc, gets: RingArc, named: bool) -> tuple[tuple[UUID, str], ...]:
    receiver = (gives.id, gives.receiver.first_name)
    if not named or gets.giver_id == gives.receiver_id:
        return (receiver,)
    return receiver, (gets.id, gets.giver.first_name)


def _choose_path(gets: RingArc) -> str:
    if not gets.is_known or gets.proposal_id is None:
        return f"/mijn/vragen/{gets.help_request_id}"
    return f"/mijn/vragen/{gets.help_request_id}/kies/{gets.proposal_id}"


def _seats(ring: Ring, gives: RingArc, giver: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Oneself, then whom one helps, and so round; of those in between only that they are there."""
    receiver = gives.receiver.first_name
    mine, following = (translate(lang, YOU), ""), (receiver[:1].upper(), receiver)
    if ring.people == SHORTEST:
        return mine, following
    between = [(UNKNOWN, translate(lang, NEIGHBOUR))] * (ring.people - 3)
    last = (giver[:1].upper(), giver) if giver else (UNKNOWN, translate(lang, NEIGHBOUR))
    return mine, following, *between, last


@dataclass(frozen=True, slots=True)
class DeskArc:
    """Who would help whom with what, and the points; the parts add up to the total."""

    giver: str
    receiver: str
    title: str
    about: str
    parts: list[tuple[str, int]]
    total: int


@dataclass(frozen=True, slots=True)
class DeskRing:
    """A line of the desk's list."""

    id: UUID
    names: tuple[str, ...]
    arcs: tuple[DeskArc, ...]
    unseen: int
    """Arcs of which both people live in other municipalities."""
    state: str
    colour: str
    why: str
    yes: int
    people: int
    created_at: datetime
    expires_at: datetime
    waits: bool


def desk_ring(ring: Ring, lang: str) -> DeskRing:
    """What a makelaar may know: who is in it, how far it is, but not who said no."""
    arcs = tuple(_desk_arc(arc, lang) for arc in ring.arcs)
    why = translate(lang, WHY[Ending(ring.reason)]) if ring.reason else ""
    return DeskRing(
        id=ring.id,
        names=tuple(dict.fromkeys(name for arc in arcs for name in (arc.giver, arc.receiver))),
        arcs=arcs,
        unseen=ring.people - len(arcs),
        state=translate(lang, STATES[ring.status]),
        colour=COLOURS.get(ring.status, ""),
        why=why,
        yes=ring.yes,
        people=ring.people,
        created_at=ring.created_at,
        expires_at=ring.expires_at,
        waits=ring.status is RingStatus.PROPOSED,
    )


def _desk_arc(arc: RingArc, lang: str) -> DeskArc:
    said = [dutch.km(arc.distance_m / 1000, lang)]
    if arc.giver_municipality_id != arc.municipality_id:
        said.append(translate(lang, N_("uit %(place)s"), place=arc.giver_municipality.name))
    return DeskArc(
        giver=arc.giver.first_name,
        receiver=arc.receiver.first_name,
        title=arc.title,
        about=", ".join(said),
        parts=parts(ring_reasons.points_of(arc), lang),
        total=arc.score,
    )
