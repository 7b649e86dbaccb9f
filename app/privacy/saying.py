"""Saying yes: a row for each, to one version of a text. Taking it back, and what follows, is in ``consents``."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.audit.write import Act, note
from app.categories.models import Category
from app.clock import now
from app.ids import uuid7
from app.people import service as people
from app.people.models import Person
from app.privacy import standing, texts
from app.privacy.models import Consent, Purpose
from app.privacy.standing import ToCome, YesNeeded
from app.representations.models import FULL, ConsentWay, RepresentationKind


def give_for(session: Session, actor: Actor, person_id: UUID, purpose: Purpose, way: ConsentWay) -> Consent:
    """The yes of somebody whom the caller may speak for; said twice to the same text it is one."""
    live = standing_yes(session, person_id, purpose)
    if live is not None and live.version == texts.version(purpose):
        return live
    if live is not None:
        end(session, actor, live)
    row = Consent(
        id=uuid7(), municipality_id=people.home(session, person_id).municipality_id, person_id=person_id,
        purpose=purpose, version=texts.version(purpose), way=way, recorded_by_id=actor.hand, given_at=now(session),
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, actor, Act.CONSENT, subject=person_id, municipality_id=row.municipality_id, entity="consent",
         entity_id=row.id)  # fmt: skip
    if purpose is Purpose.TIPS:
        found(session.get(Person, person_id)).do_not_ask = False
    return row


def standing_yes(session: Session, person_id: UUID, purpose: Purpose) -> Consent | None:
    """The yes that counts, locked; None without one."""
    # unscoped: goes with whom the caller may speak for, and row-level security stands behind it
    query = select(Consent).where(
        Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return session.scalars(query.with_for_update()).one_or_none()


def end(session: Session, actor: Actor, row: Consent) -> None:
    """It counts no longer; the row stays."""
    row.withdrawn_at, row.withdrawn_by_id = now(session), actor.hand
    session.flush()


def may_say(session: Session, actor: Actor, person_id: UUID) -> bool:
    """Whether a yes to sensitive facts may come by way of this actor.

    The person, who decides for them, or a makelaar who hears them; of a child only from a parent or guardian.
    """
    own = actor.person_id == person_id
    if standing.is_under_16(session, person_id):
        return own and actor.behind is not None and actor.behind.kind == RepresentationKind.LEGAL
    return not own or actor.behind is None or RepresentationKind(actor.behind.kind) in FULL


def asks(session: Session, actor: Actor, person_id: UUID, category: Category, skills: int) -> bool:
    """Whether a request of this kind asks for a yes that may come by way of this actor and is not there yet."""
    if not standing.is_sensitive(category, skills):
        return False
    said = standing.agreed_version(session, person_id, Purpose.SENSITIVE)
    return said != texts.version(Purpose.SENSITIVE) and may_say(session, actor, person_id)


def waits_for(
    session: Session, actor: Actor, person_id: UUID, category: Category, skills: int
) -> ToCome | None:
    """Whose yes is still to come, where it cannot come by way of this actor; None when nothing waits for it."""
    if asks(session, actor, person_id, category, skills):
        return None
    if standing.is_under_16(session, person_id) and may_say(session, actor, person_id):
        return None
    return standing.to_come(session, person_id, category.number, skills)


def hear(
    session: Session, actor: Actor, person_id: UUID, category: Category, skills: int, version: int | None
) -> None:
    """Keep the yes that came along with a request, where this one asks for it.

    ``version`` is that of the text that was read, None without a yes. Raises YesNeeded for another text than today's.
    What somebody says who may not say it counts for nothing: the request then waits for the yes of who may.
    """
    if version is None or not asks(session, actor, person_id, category, skills):
        return
    if version != texts.version(Purpose.SENSITIVE):
        raise YesNeeded
    way = ConsentWay.SITE if actor.person_id == person_id else ConsentWay.VOICE
    give_for(session, actor, person_id, Purpose.SENSITIVE, way)


def waits(session: Session, actor: Actor, person_id: UUID, category: Category, skills: int) -> bool:
    """Whether a request that is sent now waits for the yes of somebody else than who sends it.

    Raises YesNeeded where who sends it could say so themselves. A parent who asks for their child says yes by asking.
    """
    if standing.is_under_16(session, person_id) and may_say(session, actor, person_id):
        give_for(session, actor, person_id, Purpose.YOUNG_ASKER, ConsentWay.SITE)
    if asks(session, actor, person_id, category, skills):
        raise YesNeeded
    return standing.to_come(session, person_id, category.number, skills) is not None
