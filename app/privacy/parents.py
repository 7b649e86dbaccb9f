"""A parent or guardian says whether their child may help: acting for them, by a representation on paper."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.errors import Forbidden
from app.privacy import consents
from app.privacy.models import Consent, Purpose
from app.representations.models import ConsentWay, RepresentationKind


def agree(session: Session, actor: Actor) -> Consent:
    """They may. Raises Forbidden for whoever has no authority over them."""
    _refuse_others(actor)
    return consents.give_for(session, actor, actor.person_id, Purpose.YOUNG_HELPER, ConsentWay.SITE)


def take_back(session: Session, actor: Actor) -> None:
    """They may no longer; their offers are paused at once."""
    _refuse_others(actor)
    consents.withdraw_for(session, actor, actor.person_id, Purpose.YOUNG_HELPER)


def _refuse_others(actor: Actor) -> None:
    if actor.behind is None or actor.behind.kind != RepresentationKind.LEGAL:
        raise Forbidden
