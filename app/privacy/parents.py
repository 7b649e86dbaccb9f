"""A parent or guardian says what their child may: acting for them, by a representation on paper."""

from typing import Final

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.errors import Forbidden
from app.privacy import consents, saying, standing, texts
from app.privacy.models import Consent, Purpose
from app.representations.models import ConsentWay, RepresentationKind

YOUNG: Final = (Purpose.YOUNG_HELPER, Purpose.YOUNG_ASKER, Purpose.SENSITIVE)
"""What a parent says yes or no to for a child under sixteen; from then on only whether it helps."""


def said(session: Session, actor: Actor) -> list[tuple[Purpose, bool]]:
    """What there is to decide for this child, and whether it stands. Raises Forbidden for who has no authority."""
    _refuse_others(actor)
    return [
        (purpose, standing.agreed_version(session, actor.person_id, purpose) == texts.version(purpose))
        for purpose in _theirs(session, actor)
    ]


def agree(session: Session, actor: Actor, purpose: Purpose = Purpose.YOUNG_HELPER) -> Consent:
    """They may. Raises Forbidden for whoever has no authority over them."""
    _refuse_others(actor, purpose, _theirs(session, actor))
    return saying.give_for(session, actor, actor.person_id, purpose, ConsentWay.SITE)


def take_back(session: Session, actor: Actor, purpose: Purpose = Purpose.YOUNG_HELPER) -> None:
    """They may no longer; what they offer or ask is paused at once."""
    _refuse_others(actor, purpose, _theirs(session, actor))
    consents.withdraw_for(session, actor, actor.person_id, purpose)


def _theirs(session: Session, actor: Actor) -> tuple[Purpose, ...]:
    return YOUNG if standing.is_under_16(session, actor.person_id) else YOUNG[:1]


def _refuse_others(
    actor: Actor, purpose: Purpose = Purpose.YOUNG_HELPER, theirs: tuple[Purpose, ...] = YOUNG
) -> None:
    if actor.behind is None or actor.behind.kind != RepresentationKind.LEGAL or purpose not in theirs:
        raise Forbidden
