"""/verwijzingen: for programs of practices and wards, under the token of whoever refers."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.access.actor import Actor
from app.access.policy import found
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.referrals import sending
from app.referrals.schemas import NewReferral, ReferralOut

router = APIRouter(prefix="/verwijzingen", tags=["Verwijzingen"])


@router.get("", response_model=list[ReferralOut], summary="Lees wie u verwees")
def list_(session: Opened, actor: ApiActor) -> list[sending.Outside]:
    """Uw laatste 200 verwijzingen. Hoe het gaat, leest u alleen als de bewoner dat goedvindt."""
    return sending.mine(session, actor)


@router.post("", status_code=201, response_model=ReferralOut, summary="Verwijs iemand")
def post(once: OnceOnly, new: Sent[NewReferral]) -> Response:
    """Alleen met het ja van de bewoner. Stuur geen diagnose en geen burgerservicenummer.

    Komt iemand thuis uit het ziekenhuis, vul dan `thuisDag` in, en bij `nodig` wat er thuis moet zijn. Wij regelen het
    binnen 48 uur na de thuiskomst.
    """

    def act() -> ReferralOut:
        sent = sending.by_referrer(once.session, once.actor, new)
        return ReferralOut.model_validate(_one(once.session, once.actor, sent.id))

    return once.answer(new, act, created_in="/verwijzingen")


@router.get("/{id}", response_model=ReferralOut, summary="Lees één verwijzing")
def get(session: Opened, actor: ApiActor, id: UUID) -> sending.Outside:
    """Die u zelf deed, of uw organisatie."""
    return _one(session, actor, id)


def _one(session: Opened, actor: Actor, id: UUID) -> sending.Outside:
    return found(next((row for row in sending.mine(session, actor) if row.id == id), None))
