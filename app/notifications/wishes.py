"""How somebody wants to hear from us, per group: on a page, by the API, and by the link in a mail."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_lowercase
from typing import Annotated, Final
from uuid import UUID

from itsdangerous import BadSignature, Signer
from pydantic import Field
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import kept_at
from app.access.sign_in import LinkDead
from app.db import Scope, scoped_to
from app.errors import Invalid
from app.ids import uuid7
from app.notifications.groups import MUST, Group, Way, choices, way_of
from app.notifications.models import NoticeWish
from app.people import service as people
from app.people.models import Person
from app.schemas import Incoming


@dataclass(frozen=True, slots=True)
class Choice:
    """One group: how it goes now, and the ways to choose from."""

    group: Group
    way: Way
    ways: tuple[Way, ...]
    push: bool = False
    """Whether their browsers show it as well."""

    @property
    def must(self) -> bool:
        """Whether it always arrives, sooner or later."""
        return self.group in MUST


class NewWay(Incoming):
    """Another way for one group; without ``push`` that stays as it was."""

    way: Annotated[Way, Field(alias="hoe")]
    push: Annotated[bool | None, Field(alias="ookOpToestel")] = None


def mine(session: Session, actor: Actor) -> list[Choice]:
    """One's own choices, by group; those for a desk only for who works at one."""
    mail = bool(people.details(session, actor).email)
    kept = _kept(session, actor.person_id)
    groups = [group for group in Group if group is not Group.DESK or actor.is_staff]
    return [
        Choice(
            group, way_of(group, kept[group].way if group in kept else None, mail=mail),
            choices(group, mail=mail), group in kept and kept[group].push,
        )
        for group in groups
    ]  # fmt: skip


def _kept(session: Session, person_id: UUID) -> dict[Group, NoticeWish]:
    own = select(NoticeWish).where(NoticeWish.owned_by(person_id)).execution_options(populate_existing=True)
    return {Group(wish.about): wish for wish in session.scalars(own)}


def choose(session: Session, actor: Actor, wanted: dict[Group, Way]) -> None:
    """Keep what somebody chose. What waits goes by it from now on. Raises Invalid for a way that a group has not."""
    offered = {choice.group: choice.ways for choice in mine(session, actor)}
    wrong = {group.value: "not-offered" for group, way in wanted.items() if way not in offered.get(group, ())}
    if wrong:
        raise Invalid(details=wrong)
    _keep(session, actor.person_id, kept_at(actor), wanted)


def choose_push(session: Session, actor: Actor, groups: Collection[Group]) -> None:
    """Their browsers show these groups, and no other; how each of them goes besides stays as it is."""
    now = mine(session, actor)
    ways = {choice.group: choice.way for choice in now if choice.push or choice.group in groups}
    _keep(session, actor.person_id, kept_at(actor), ways)
    own = update(NoticeWish).where(NoticeWish.owned_by(actor.person_id))
    session.execute(own.values(push=NoticeWish.about.in_(list(groups))))


def _keep(session: Session, person_id: UUID, municipality_id: int, wanted: dict[Group, Way]) -> None:
    if not wanted:
        return
    rows = [
        {
            "id": uuid7(),
            "person_id": person_id,
            "municipality_id": municipality_id,
            "about": group,
            "way": way,
        }
        for group, way in wanted.items()
    ]
    new = insert(NoticeWish).values(rows)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["person_id", "about"],
            set_={
                "way": new.excluded.way,
                "municipality_id": municipality_id,
                "chosen_at": func.ledger.now(),
            },
        )
    )


def token_of(secret: bytes, person_id: UUID, municipality_id: int, groups: Iterable[Group]) -> str:
    """What the link in a mail carries: who, where, and which groups. It opens nothing else, and needs no sign-in.

    Empty when the mail holds only what always arrives.
    """
    free = [group for group in Group if group in set(groups) - MUST]
    said = f"{person_id.hex}{municipality_id:04}{''.join(LETTERS[group] for group in free)}"
    return _signer(secret).sign(said).decode() if free else ""


LETTERS: Final = dict(zip(Group, ascii_lowercase, strict=False))


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="unsubscribe", digest_method=sha256)


def read_token(secret: bytes, token: str) -> tuple[UUID, int, list[Group]]:
    """Whose mail it was, where, and which groups it held; raises LinkDead for what we did not sign."""
    try:
        said = _signer(secret).unsign(token).decode()
        person_id, municipality_id = UUID(said[:32]), int(said[32:36])
    except (BadSignature, ValueError):
        raise LinkDead from None
    return person_id, municipality_id, [group for group in Group if LETTERS[group] in said[36:]]


def unsubscribe(session: Session, secret: bytes, token: str) -> list[Group]:
    """These groups are on the site only, from now on; safe to do again. Nobody is signed in by it. Raises LinkDead."""
    person_id, municipality_id, groups = read_token(secret, token)
    with scoped_to(session, Scope(person_id=person_id)):
        person = session.get(Person, person_id)
        if person is None or person.forgotten_at is not None:
            raise LinkDead
        _keep(session, person_id, municipality_id, dict.fromkeys(groups, Way.SITE))
    return groups
