"""Systems of the home municipality that hear what happens. No setting lets anything go to their addresses, which are
nobody's: what happens from here on is written down for them, and given up."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import system
from app.db import Database, scope_to
from app.demo.desks import HOME
from app.demo.world import World
from app.ids import uuid7
from app.states import StateEvent
from app.webhooks.models import TOLD_OF, MessageStatus, Webhook, WebhookKind, WebhookMessage

K = WebhookKind
CASES: Final = (K.REQUEST_OPEN, K.REQUEST_FILLED, K.REQUEST_DONE, K.REQUEST_OVER)
FIGURES: Final = (K.AGREED, K.AGREEMENT_DONE, K.TIME_DONE)
WEBSITE: Final = (K.ACTIVITY_OPEN, K.JOINED)
SYSTEMS: Final = (
    ("Zaaksysteem", "https://zaken.geldrop-mierlo.example/meldingen/zorgvoorelkaar", CASES, 21, 204, 9),
    ("Dashboard van de raad", "https://cijfers.geldrop-mierlo.example/instroom", FIGURES, 45, 503, 3),
    ("Agenda op de website", "https://www.geldrop-mierlo.example/haken/agenda", WEBSITE, 6, 204, 2),
)
"""Name, address, what it hears of, days since it was added, what it answers, and how many messages are shown."""
GIVEN_UP_AFTER: Final = 9


def told(database: Database, world: World) -> None:
    """Last of all: what is filled in before is told to nobody."""
    with database.transaction() as session:
        scope_to(session, system(frozenset(world.municipalities)).scope)
        for name, address, kinds, days, answer, number in SYSTEMS:
            taken = answer < 300
            webhook = Webhook(
                id=uuid7(), municipality_id=HOME, made_by_id=world.personas["beheerder"].id, name=name,
                address=address, kinds=sorted(kinds), made_at=world.moments.now - timedelta(days=days),
                failures=0 if taken else GIVEN_UP_AFTER,
            )  # fmt: skip
            session.add(webhook)
            session.flush()
            for event, kind in _happened(session, kinds, number):
                at = event.at + timedelta(seconds=2)
                webhook.taken_at = max(webhook.taken_at or at, at) if taken else None
                session.add(
                    WebhookMessage(
                        id=uuid7(), municipality_id=HOME, webhook_id=webhook.id, kind=kind, subject_id=event.entity_id,
                        at=event.at, since=event.at, tried_at=at, answer=answer,
                        attempts=1 if taken else GIVEN_UP_AFTER,
                        status=MessageStatus.DELIVERED if taken else MessageStatus.DEAD,
                    )
                )  # fmt: skip
            session.flush()


def _happened(
    session: Session, kinds: tuple[WebhookKind, ...], number: int
) -> list[tuple[StateEvent, WebhookKind]]:
    """The last steps that such a system would have heard of, the oldest first."""
    of = {
        (entity, state): kind
        for kind, (entity, states) in TOLD_OF.items()
        for state in states
        if kind in kinds
    }
    # unscoped: the owner's own work: the demonstration
    query = select(StateEvent).where(
        StateEvent.municipality_id == HOME, StateEvent.entity.in_({entity for entity, _ in of})
    )
    rows = session.scalars(query.order_by(StateEvent.at.desc(), StateEvent.id).limit(500))
    found = [(row, of[row.entity, row.after]) for row in rows if (row.entity, row.after) in of]
    return found[:number][::-1]
