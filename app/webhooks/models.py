"""Addresses that a municipality has us tell, and each message to one of them."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.states import Transitions, one_of


class WebhookKind(StrEnum):
    """What a system may be told of. None says anything of somebody: only what it is, where, when, and its key."""

    REQUEST_OPEN = "hulpvraag.open"
    REQUEST_FILLED = "hulpvraag.vervuld"
    REQUEST_DONE = "hulpvraag.klaar"
    REQUEST_OVER = "hulpvraag.gestopt"
    OFFER_OPEN = "hulpaanbod.open"
    AGREED = "afspraak.gemaakt"
    AGREEMENT_DONE = "afspraak.klaar"
    AGREEMENT_OFF = "afspraak.afgezegd"
    TIME_DONE = "keer.klaar"
    ACTIVITY_OPEN = "activiteit.open"
    JOINED = "organisatie.aangesloten"
    TRIAL = "proef"


K = WebhookKind
TOLD_OF: Final[dict[WebhookKind, tuple[str, frozenset[str]]]] = {
    K.REQUEST_OPEN: ("help_request", frozenset({"open"})),
    K.REQUEST_FILLED: ("help_request", frozenset({"filled"})),
    K.REQUEST_DONE: ("help_request", frozenset({"done"})),
    K.REQUEST_OVER: ("help_request", frozenset({"closed", "withdrawn", "expired", "referred"})),
    K.OFFER_OPEN: ("help_offer", frozenset({"open"})),
    K.AGREED: ("agreement", frozenset({"active"})),
    K.AGREEMENT_DONE: ("agreement", frozenset({"done"})),
    K.AGREEMENT_OFF: ("agreement", frozenset({"cancelled"})),
    K.TIME_DONE: ("occurrence", frozenset({"done"})),
    K.ACTIVITY_OPEN: ("activity", frozenset({"open"})),
    K.JOINED: ("joining", frozenset({"approved"})),
}
"""The entity, and the states in which it is told; `webhook_kind()` in the database says the same."""
LIKED: Final = tuple(TOLD_OF)
"""To choose from; a trial comes when somebody asks for one."""


class MessageStatus(StrEnum):
    """The life of one message to one address."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Tried as often and as long as we do; somebody may have it sent again."""


M = MessageStatus
TRANSITIONS: Transitions[MessageStatus] = Transitions(
    {
        M.WAITING: frozenset({M.DELIVERED, M.DEAD}),
        M.DELIVERED: frozenset(),
        M.DEAD: frozenset({M.WAITING}),
    }
)


class Webhook(Keyed, Tenanted, Base):
    """An address of a municipality's own system, and what it hears of."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("char_length(name) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("char_length(address) BETWEEN 10 AND 500", name="address"),
        CheckConstraint("cardinality(kinds) BETWEEN 1 AND 20", name="kinds"),
        CheckConstraint("turn BETWEEN 1 AND 30000", name="turn"),
        CheckConstraint("failures BETWEEN 0 AND 30000", name="failures"),
        Index("uq_webhook_live", "municipality_id", "address", unique=True,
              postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    address: Mapped[str]
    """Some hold a key of the other side; it is never logged."""
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    turn: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    """Which secret signs: it is made from the installation's, and stored nowhere."""
    turned_at: Mapped[datetime | None]
    """When the secret was made anew; for a day after, the one before signs as well."""
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How often in a row it did not take what we sent."""
    rests_until: Mapped[datetime | None]
    """Before then nothing is sent there."""
    taken_at: Mapped[datetime | None]
    """When it last took something."""


class WebhookMessage(Keyed, Tenanted, Base):
    """One message; what it says follows from the row, the same each time that it is sent."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        one_of("status", MessageStatus),
        CheckConstraint("attempts BETWEEN 0 AND 100", name="attempts"),
        CheckConstraint("answer IS NULL OR answer BETWEEN 100 AND 999", name="answer"),
        Index(None, "webhook_id", "status", "at"),
        Index(None, "municipality_id", "at"),
    )
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    """What it is about; the key opens nothing for who is not signed in."""
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.WAITING, server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    answer: Mapped[int | None] = mapped_column(SmallInteger)
    """The status of the last answer; none when there was no answer."""
    tried_at: Mapped[datetime | None]
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    """From when the days count in which it is tried."""

    def step(self, wanted: MessageStatus) -> None:
        """Take one allowed step; raises NotAllowed."""
        self.status = TRANSITIONS.next(self.status, wanted)
