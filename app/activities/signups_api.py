"""Signing up for an activity, what one comes to, and giving a place back. Who else comes is not in it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.activities import joining
from app.activities.joining import Coming
from app.activities.models import SignupStatus
from app.activities.schemas import Joining
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.schemas import Moment, Outgoing
from app.words import State

router = APIRouter(tags=["Activiteiten"])
STANDING = {SignupStatus.IN: "plaats", SignupStatus.WAITING: "wachtlijst"}


class SignupOut(Outgoing):
    """One time to which one comes, or for which one waits."""

    date_id: Annotated[UUID, Field(serialization_alias="keer")]
    activity_id: Annotated[UUID, Field(serialization_alias="activiteit")]
    title: Annotated[str, Field(serialization_alias="titel")]
    starts_at: Annotated[Moment, Field(serialization_alias="begintOp")]
    ends_at: Annotated[Moment, Field(serialization_alias="eindigtOp")]
    going_on: Annotated[State, Field(serialization_alias="staat")]
    standing: Annotated[str, Field(serialization_alias="aanmelding", description="plaats of wachtlijst.")]
    heads: Annotated[int, Field(serialization_alias="personen")]


class SignupsOut(Outgoing):
    """Where one stands with the times of an activity."""

    activity_id: Annotated[UUID, Field(serialization_alias="activiteit")]
    signups: Annotated[list[SignupOut], Field(serialization_alias="aanmeldingen")]


def _out(coming: Coming) -> SignupOut:
    return SignupOut(
        date_id=coming.date.id, activity_id=coming.activity.id, title=coming.activity.title,
        starts_at=coming.date.starts_at, ends_at=coming.date.ends_at, going_on=coming.date.status,
        standing=STANDING[coming.signup.status], heads=coming.signup.heads,
    )  # fmt: skip


@router.get("/activiteitaanmeldingen", response_model=list[SignupOut], summary="Lees waar u naartoe gaat")
def mine(session: Opened, actor: ApiActor) -> list[SignupOut]:
    """Het eerste boven, tot en met honderd. Wat niet doorgaat, staat erbij tot de dag voorbij is."""
    return [_out(coming) for coming in joining.mine(session, actor)]


@router.post(
    "/activiteiten/{id}/aanmeldingen", response_model=SignupsOut, summary="Meld u aan voor een activiteit"
)
def join(once: OnceOnly, id: UUID, wanted: Sent[Joining]) -> Response:
    """Voor één `keer`, of voor `alle`. Is het vol, dan staat u op de wachtlijst. Nog eens aanmelden verandert niets."""

    def act() -> SignupsOut:
        joining.join(once.session, once.actor, id, wanted)
        own = [_out(one) for one in joining.mine(once.session, once.actor) if one.activity.id == id]
        return SignupsOut(activity_id=id, signups=own)

    return once.answer(wanted, act)


@router.post(
    "/activiteitkeren/{id}/afmeldingen", response_model=SignupsOut, summary="Meld u af voor een keer"
)
def leave(once: OnceOnly, id: UUID) -> Response:
    """Wie het eerst wacht, krijgt uw plaats en hoort dat."""

    def act() -> SignupsOut:
        activity_id = joining.leave(once.session, once.actor, id).id
        own = [_out(one) for one in joining.mine(once.session, once.actor) if one.activity.id == activity_id]
        return SignupsOut(activity_id=activity_id, signups=own)

    return once.answer(None, act)
