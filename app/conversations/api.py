"""/gesprekken: what asker and helper write to each other, for the two of them and nobody else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.access.actor import Actor
from app.api.bodies import Sent
from app.api.once import Once, OnceOnly
from app.conversations import service
from app.conversations.models import Message
from app.conversations.schemas import NewMessage, SentMessage, YesOrNo
from app.conversations.service import Conversation
from app.http import ApiActor, Opened
from app.ids import uuid7
from app.schemas import Moment, Outgoing

router = APIRouter(prefix="/gesprekken", tags=["Gesprekken"])


class LineOut(Outgoing):
    """A conversation in the list."""

    proposal_id: Annotated[UUID, Field(serialization_alias="id")]
    title: Annotated[str, Field(serialization_alias="titel")]
    other: Annotated[str, Field(serialization_alias="ander")]
    last_at: Annotated[Moment | None, Field(serialization_alias="laatstOp")]
    unread: Annotated[int, Field(serialization_alias="ongelezen")]


class MessageOut(Outgoing):
    """What one of the two wrote."""

    id: UUID
    mine: Annotated[bool, Field(serialization_alias="vanMij")]
    words: Annotated[str, Field(serialization_alias="bericht")]
    sent_at: Annotated[Moment, Field(serialization_alias="verstuurdOp")]


class ReachedOut(Outgoing):
    """How to reach the other, once both said so."""

    phone: Annotated[str, Field(serialization_alias="telefoon")]
    email: str


class ConversationOut(Outgoing):
    """A conversation with its latest messages, as one of the two reads it."""

    id: UUID
    other: Annotated[str, Field(serialization_alias="ander")]
    writable: Annotated[bool, Field(serialization_alias="kanSchrijven")]
    until: Annotated[Moment | None, Field(serialization_alias="schrijvenTotOp")]
    agreement_id: Annotated[UUID | None, Field(serialization_alias="afspraak")]
    shares: Annotated[bool, Field(serialization_alias="ikDeelGegevens")]
    reached: Annotated[ReachedOut | None, Field(serialization_alias="gegevens")]
    read_along: Annotated[bool, Field(serialization_alias="makelaarMagMeelezen")]
    messages: Annotated[list[MessageOut], Field(serialization_alias="berichten")]


def message_out(actor: Actor, row: Message) -> MessageOut:
    """A message, told from the actor's side."""
    return MessageOut(id=row.id, mine=row.author_id == actor.person_id, words=row.words, sent_at=row.sent_at)


def conversation_out(actor: Actor, talk: Conversation) -> ConversationOut:
    """A conversation, told from the actor's side."""
    proposal, sides = talk.proposal, [side for side in (talk.mine, talk.theirs) if side is not None]
    other = proposal.asker if proposal.helper_id == actor.person_id else proposal.helper
    return ConversationOut(
        id=proposal.id,
        other=other.first_name,
        writable=talk.writable,
        until=talk.until,
        agreement_id=talk.agreement_id,
        shares=talk.mine is not None and talk.mine.shares_at is not None,
        reached=ReachedOut.model_validate(talk.reached) if talk.reached else None,
        read_along=len(sides) == 2 and all(side.shows_at is not None for side in sides),
        messages=[message_out(actor, row) for row in talk.messages],
    )


def shown(once: Once, id: UUID) -> ConversationOut:
    """The conversation as it stands now."""
    once.session.flush()
    once.session.expire_all()
    return conversation_out(once.actor, service.get(once.session, once.actor, id))


@router.get("", response_model=list[LineOut], summary="Lees uw gesprekken")
def list_(session: Opened, actor: ApiActor) -> list[LineOut]:
    """De laatste veertig, het nieuwste eerst. Een gesprek hoort bij een voorstel en heeft dezelfde sleutel."""
    return [LineOut.model_validate(line) for line in service.mine(session, actor)]


@router.get("/{id}", response_model=ConversationOut, summary="Lees één gesprek")
def get(session: Opened, actor: ApiActor, id: UUID) -> ConversationOut:
    """De laatste tweehonderd berichten, het oudste eerst. Alleen voor de twee zelf: voor ieder ander 404."""
    return conversation_out(actor, service.get(session, actor, id))


@router.post("/{id}/berichten", response_model=MessageOut, summary="Stuur een bericht")
def send(once: OnceOnly, id: UUID, new: Sent[SentMessage]) -> Response:
    """De ander krijgt bericht dat u schreef, zonder uw woorden.

    Staat er een telefoonnummer, mailadres of adres in voor u beiden ja zei tegen het delen daarvan, dan volgt 400;
    met `tochVersturen` gaat het door. Kunt u elkaar niet meer schrijven, dan volgt 409 met `conversation-closed`.
    """

    def act() -> MessageOut:
        message = NewMessage.model_validate({**new.model_dump(by_alias=True), "sleutel": uuid7()})
        return message_out(once.actor, service.send(once.session, once.actor, id, message))

    return once.answer(new, act)


@router.post("/{id}/leesmomenten", response_model=ConversationOut, summary="Zeg dat u het las")
def read(once: OnceOnly, id: UUID) -> Response:
    """Tot en met het laatste bericht van de ander. Daarna krijgt u van een nieuw bericht weer een melding."""

    def act() -> ConversationOut:
        service.mark_read(once.session, once.actor, service.get(once.session, once.actor, id))
        return shown(once, id)

    return once.answer(None, act)


@router.post("/{id}/gegevens", response_model=ConversationOut, summary="Deel hoe u te bereiken bent")
def share(once: OnceOnly, id: UUID, said: Sent[YesOrNo]) -> Response:
    """Telefoon en mail; pas als u beiden ja zei, ziet ieder die van de ander. Met nee is het weer voorbij."""

    def act() -> ConversationOut:
        service.share(once.session, once.actor, id, said.yes)
        return shown(once, id)

    return once.answer(said, act)


@router.post("/{id}/meelezen", response_model=ConversationOut, summary="Laat een makelaar meelezen")
def show(once: OnceOnly, id: UUID, said: Sent[YesOrNo]) -> Response:
    """Pas als u beiden ja zei; wie meelas, staat in uw leesoverzicht. Met nee is het weer voorbij."""

    def act() -> ConversationOut:
        service.show(once.session, once.actor, id, said.yes)
        return shown(once, id)

    return once.answer(said, act)
