"""Mijn pagina: what waits for one's own yes, and what is coming."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.access.actor import Actor
from app.activities import joining
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.clock import now
from app.help_requests import service as help_requests, standing
from app.help_requests.standing import Reading
from app.http import Opened
from app.matches import answer
from app.matches.models import Status as ProposalStatus
from app.notifications import service as notifications
from app.people import service as people
from app.rings import service as rings
from app.safety import house_rules, suspensions
from web import dutch, i18n
from web.i18n import N_, translate
from web.rendering import page
from web.ring_words import my_ring
from web.session import SignedIn

router = APIRouter()
COMING: Final = 3
O = OccurrenceStatus  # noqa: E741 - short, beside so many states


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: a sentence, what it is about, and the page to do it on."""

    verb: str
    about: str
    path: str


@dataclass(frozen=True, slots=True)
class Coming:
    """One time that is agreed."""

    starts_at: datetime
    title: str
    who: str
    path: str


@router.get("/mijn", name="mine")
def show(request: Request, session: Opened, actor: SignedIn) -> Response:
    """What needs me now, and the next few times."""
    lang, moment = i18n.language(request), now(session)
    agreements = occur.mine(session, actor)
    ring_asks = _in_a_ring(session, actor, lang, moment)
    waiting = [
        *_to_choose(session, actor, lang),
        *_to_confirm(agreements, actor, lang, moment),
        *_asked_of_me(session, actor, lang, ring_asks),
        *ring_asks.values(),
    ]
    return page(
        request, "my_requests/mine.html", waiting=waiting,
        coming=_coming(agreements, actor, moment, joining.mine(session, actor)),
        unread=notifications.unread(session, actor), suspended=suspensions.mine(session, actor) is not None,
        paused=people.oneself(session, actor).paused, rules_question=house_rules.question(session, actor),
    )  # fmt: skip


def _in_a_ring(session: Opened, actor: Actor, lang: str, moment: datetime) -> dict[UUID, Item]:
    """The ring that waits for one's own yes, by the request that one would help with in it."""
    ring = rings.waiting(session, actor)
    seen = my_ring(ring, actor.person_id, lang, moment) if ring is not None else None
    if ring is None or seen is None or not seen.asks:
        return {}
    item = Item(translate(lang, N_("Doet u mee in een kring?")), seen.gives, f"/mijn/kringen/{seen.id}")
    return {rings.own_arcs(ring, actor.person_id)[0].help_request_id: item}


def _to_choose(session: Opened, actor: Actor, lang: str) -> list[Item]:
    rows = help_requests.mine(session, actor)
    stands = standing.of(session, actor, rows)
    verbs = {
        Reading.CHOOSE: N_("Kies wie u helpt"),
        Reading.UNSENT: N_("Verstuur uw vraag"),
        Reading.EXPIRED: N_("Is dit nog nodig?"),
    }
    return [
        Item(translate(lang, verbs[stands[row.id].reading]), row.title, f"/mijn/vragen/{row.id}")
        for row in rows
        if stands[row.id].reading in verbs
    ]


def _to_confirm(agreements: list[Agreement], actor: Actor, lang: str, moment: datetime) -> list[Item]:
    return [
        Item(
            translate(lang, N_("Is dit gebeurd?")),
            f"{agreement.help_request.title}, {dutch.moment(time.starts_at, lang, now=moment)}",
            f"/mijn/afspraken/{agreement.id}",
        )
        for agreement in agreements
        for time in agreement.occurrences
        if waits_for(time, actor, moment)
    ]


def waits_for(time: Occurrence, actor: Actor, moment: datetime) -> bool:
    """Whether this time is over and the actor has not yet said that it happened."""
    other_said = O.HELPED if time.asker_id == actor.person else O.RECEIVED
    return time.ends_at <= moment and time.status in (O.AGREED, other_said)


def _asked_of_me(session: Opened, actor: Actor, lang: str, elsewhere: Mapping[UUID, Item]) -> list[Item]:
    return [
        Item(
            translate(lang, N_("Past dit bij u?")),
            proposal.help_request.title,
            f"/hulpvragen/{proposal.help_request_id}",
        )
        for proposal in answer.for_helper(session, actor)
        if proposal.status is ProposalStatus.PROPOSED and proposal.help_request_id not in elsewhere
    ]


def _coming(
    agreements: list[Agreement], actor: Actor, moment: datetime, together: list[joining.Coming]
) -> list[Coming]:
    horizon = moment + timedelta(days=30)
    times = [
        Coming(time.starts_at, agreement.help_request.title, _with(agreement, actor), f"/mijn/afspraken/{agreement.id}")
        for agreement in agreements
        for time in agreement.occurrences
        if time.status in (O.PLANNED, O.AGREED) and moment < time.starts_at <= horizon
    ]  # fmt: skip
    times += [
        Coming(
            one.date.starts_at, one.activity.title, one.activity.host_name, f"/activiteiten/{one.activity.id}"
        )
        for one in together
        if one.signup.status == "in"
        and one.date.status == "planned"
        and moment < one.date.starts_at <= horizon
    ]
    return sorted(times, key=lambda time: time.starts_at)[:COMING]


def _with(agreement: Agreement, actor: Actor) -> str:
    other = agreement.helper if agreement.asker_id == actor.person else agreement.asker
    return other.first_name
