"""Keeping an outcome for oneself, finding it again, and throwing it away; until somebody asks nothing is kept."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, refuse_visitor
from app.clock import now
from app.errors import Conflict, Forbidden, Invalid
from app.ids import uuid7
from app.people import service as people
from app.signposts.models import KeptChoices
from app.signposts.rules import Choices, read
from app.signposts.themes import LIFE_THEMES

KEPT_FOR: Final = timedelta(days=365)
MOST: Final = 10


class KeptEnough(Conflict):
    """As many as one may keep: one of them goes first."""

    code = "kept-enough"


def keep(session: Session, actor: Actor, codes: Sequence[str]) -> KeptChoices:
    """Keep these answers for a year; the same ones once more begin a new year.

    What may give somebody away who is in danger is left out. Raises Invalid where nothing is left, and KeptEnough.
    """
    refuse_visitor(actor)
    if actor.behind is not None:
        raise Forbidden  # whoever acts for another keeps nothing in their name
    kept = read(LIFE_THEMES, codes).to_keep().codes
    if not kept:
        raise Invalid(details={"keus": "choose"})
    others = select(func.count()).where(KeptChoices.owned_by(actor.person_id), KeptChoices.codes != kept)
    if session.scalars(others.select_from(KeptChoices)).one() >= MOST:
        raise KeptEnough
    moment = now(session)
    term = {"kept_at": moment, "expires_at": moment + KEPT_FOR}
    row = insert(KeptChoices).values(
        id=uuid7(),
        person_id=actor.person_id,
        municipality_id=people.home_of(session, actor).municipality_id,
        codes=kept,
        **term,
    )
    session.execute(row.on_conflict_do_update(index_elements=["person_id", "codes"], set_=term))
    own = select(KeptChoices).where(KeptChoices.owned_by(actor.person_id), KeptChoices.codes == kept)
    return session.scalars(own.execution_options(populate_existing=True)).one()


def mine(session: Session, actor: Actor) -> list[KeptChoices]:
    """One's own, the newest first."""
    own = select(KeptChoices).where(
        KeptChoices.owned_by(actor.person_id), KeptChoices.expires_at > now(session)
    )
    return list(session.scalars(own.order_by(KeptChoices.kept_at.desc(), KeptChoices.id)))


def get(session: Session, actor: Actor, id: UUID) -> KeptChoices:
    """One of one's own."""
    own = select(KeptChoices).where(KeptChoices.id == id, KeptChoices.owned_by(actor.person_id))
    return found(session.scalars(own).one_or_none())


def forget(session: Session, actor: Actor, id: UUID) -> None:
    """Throw it away, which also takes back the yes that it was kept on. NotFound when it is gone already."""
    session.delete(get(session, actor, id))
    session.flush()


def choices_of(kept: KeptChoices) -> Choices:
    """What was answered, as far as the themes still ask it."""
    return read(LIFE_THEMES, kept.codes)


def in_words(codes: Sequence[str]) -> list[str]:
    """The answers as they were read, for a copy of one's own data."""
    choices = read(LIFE_THEMES, codes)
    return [
        f"{theme.name.nl}: {', '.join(option.says.nl for _, option in choices.chosen(theme))}".removesuffix(
            ": "
        )
        for theme in choices.themes
    ]
