"""What would bring an asker more helpers, told without giving anybody away, and done with one button.

A number under five is not told, nor one that follows from two that are: the ways that bring as few stand there without
a number, and nobody can tell none from four. What is told is told in fives: with exact numbers, who asked again from
one kilometre to the next could find out where somebody lives. Which rule keeps a certain helper away is never told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.categories.vocabulary import ALL_DAYTIME
from app.errors import Invalid
from app.help_requests.models import HelpRequest, Status
from app.help_requests.service import NotOpen
from app.matches import changing, propose
from app.matches.index import MatchIndex, request_by_id
from app.matches.models import Proposal, Status as ProposalStatus
from app.reports import hiding
from app.schemas import Incoming, Whole
from matching.explain import FURTHER_KM
from matching.types import Request
from matching.validation import MAX_KM

FEW: Final = 5
"""So many people who could help, or more, and nothing need change."""
LEAST_MINUTES: Final = 15


class Way(StrEnum):
    """What the asker may allow."""

    FURTHER = "verder"
    """`amount` km more."""
    ANY_DAY = "andere-dagen"
    ACROSS = "buurgemeenten"
    SHORTER = "korter"
    """`amount` minutes in all."""
    WITHOUT = "zonder"
    """Without the skill of bit `amount`."""


class Wider(Incoming):
    """The button that was pressed; ``version`` tells on which request."""

    way: Annotated[Way, Field(alias="ruimer")]
    amount: Annotated[Annotated[Whole, Field(ge=0, le=2400)], Field(alias="hoeveel")] = 0
    version: Annotated[Whole, Field(alias="versie")]


@dataclass(frozen=True, slots=True)
class Option:
    """One way; at least ``more`` people more could help, a multiple of five, or None when that stays hidden."""

    way: Way
    amount: int
    more: int | None


def options(session: Session, help_request: HelpRequest) -> list[Option]:
    """What would help, the most first; nothing while enough people fit. The request was read in scope."""
    if help_request.status is not Status.OPEN:
        return []
    index = MatchIndex.of(session).offers
    request = request_by_id(session, help_request.id)
    present = index.count(request)
    if present >= FEW:
        return []
    counted = [
        (way, amount, index.count(wide) - present) for way, amount, wide in _ways(request, help_request)
    ]
    told = [Option(way, amount, _in_fives(more)) for way, amount, more in _without_differences(counted)]
    return sorted(told, key=lambda option: -(option.more or 0))


def _in_fives(count: int) -> int | None:
    shown = hiding.one(count)
    return shown and shown // FEW * FEW


def still_asked(session: Session, help_request: HelpRequest) -> list[Proposal]:
    """Who was asked and may still answer. An asker does not know them: tell only what the request itself asked for."""
    # unscoped: row-level security lets an asker's own proposals through
    waiting = select(Proposal).where(
        Proposal.help_request_id == help_request.id, Proposal.status == ProposalStatus.PROPOSED
    )
    return list(session.scalars(waiting.options(joinedload(Proposal.help_offer))))


def _ways(request: Request, row: HelpRequest) -> Iterator[tuple[Way, int, Request]]:
    """Every way that is left, with the request as it would be then; how long it takes stays as it was agreed."""
    for km in FURTHER_KM:
        if request.max_km + km <= MAX_KM:
            yield Way.FURTHER, km, replace(request, max_km=request.max_km + km)
    if request.slots & ALL_DAYTIME != ALL_DAYTIME:
        yield Way.ANY_DAY, 0, replace(request, slots=request.slots | ALL_DAYTIME)
    if not request.cross_border:
        yield Way.ACROSS, 0, replace(request, cross_border=True)
    shorter = request.minutes // 2 // LEAST_MINUTES * LEAST_MINUTES
    if shorter and not row.helpers_found:
        yield Way.SHORTER, shorter, replace(request, minutes=shorter)
    for bit in range(request.skills.bit_length()):
        if request.skills >> bit & 1:
            yield Way.WITHOUT, bit, replace(request, skills=request.skills & ~(1 << bit))


def _without_differences(counted: list[tuple[Way, int, int]]) -> Iterator[tuple[Way, int, int]]:
    """Leave out a larger circle that brings fewer than five more than a smaller one that is told."""
    smaller = 0
    for way, amount, more in counted:
        if way is Way.FURTHER:
            if smaller >= hiding.LEAST and more - smaller < hiding.LEAST:
                continue
            smaller = more
        yield way, amount, more


def widen(session: Session, actor: Actor, id: UUID, wanted: Wider) -> HelpRequest:
    """Change the request in this one way and ask whoever fits now.

    Nothing happens when the request changed since the page was read, as when a button is pressed twice. Who had said
    yes to more time is asked again. Raises NotOpen, or Invalid for a way that this request does not have.
    """
    help_request, before = changing.as_it_was(session, actor, id)
    if help_request.status is not Status.OPEN:
        raise NotOpen
    if help_request.version != wanted.version:
        return help_request
    possible = {(way, amount) for way, amount, _ in _ways(request_by_id(session, id), help_request)}
    if (wanted.way, wanted.amount) not in possible:
        raise Invalid(details={"ruimer": "choose"})
    for name, value in _change(help_request, wanted).items():
        setattr(help_request, name, value)
    session.flush()
    changing.ask_again(session, actor, help_request, before)
    propose.for_request(session, actor, help_request)
    return help_request


def _change(row: HelpRequest, wanted: Wider) -> dict[str, Any]:
    changes: dict[Way, dict[str, Any]] = {
        Way.FURTHER: {"max_km": row.max_km + wanted.amount},
        Way.ANY_DAY: {"slots": ALL_DAYTIME, "on_date": None, "at_time": None},
        Way.ACROSS: {"cross_border": True},
        Way.SHORTER: {"minutes": wanted.amount},
        Way.WITHOUT: {"skills": row.skills & ~(1 << wanted.amount)},
    }
    return changes[wanted.way]
