"""Getting in: links by e-mail, sessions on the server, bearer tokens for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy import LargeBinary, Select, Uuid, and_, bindparam, func, or_, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import VISITOR, Actor, Behind, Grant
from app.access.models import ApiToken, RoleGrant, SignInLink, Way, WebSession
from app.access.roles import PROVEN_ROLES, Role, TokenScope
from app.clock import now
from app.db import afterwards, scope_to
from app.errors import DomainError, NotSignedIn
from app.people.models import Membership, MembershipKind, Person
from app.places.models import Municipality, Region
from app.representations.models import FULL, Representation
from app.secrets import digest, new_token

LINK_MINUTES = 15
SESSION_DAYS = 14
IDLE_HOURS = 24
SEEN_EVERY = timedelta(minutes=5)
FRESH_FOR = timedelta(minutes=10)
"""How long a proof serves for what asks for it anew."""


@dataclass(frozen=True, slots=True)
class Through:
    """The provider through which somebody comes in, and for how many hours its word is good."""

    provider_id: UUID
    hours: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody showed to come in: how, whether with a second proof, and in what kind of browser."""

    way: Way = Way.LINK
    second: bool = False
    browser: str = ""
    through: Through | None = None
    """Goes with the way of that name, and no other."""


class LinkDead(DomainError):
    """The link was used, is older than a quarter of an hour, or a newer one was made."""

    status, code = 410, "link-dead"


def new_link(session: Session, email: str, next_path: str, draft_hash: bytes | None = None) -> SignInLink:
    """A link for whoever reads this mailbox; older ones die. The same whether or not the address is known."""
    # unscoped: found by its own secret: an address has no municipality before somebody is signed in
    older = update(SignInLink).where(SignInLink.email == email, SignInLink.used_at.is_(None))
    session.execute(older.values(used_at=func.ledger.now()))
    expires_at = now(session) + timedelta(minutes=LINK_MINUTES)
    link = SignInLink(email=email, next_path=next_path, draft_hash=draft_hash, expires_at=expires_at)
    session.add(link)
    session.flush()
    return link


def link_token(secret: bytes, link_id: UUID) -> str:
    """What the mail carries: made again from the key each time, so that no secret is stored."""
    return _signer(secret).sign(link_id.hex).decode()


def _signer(secret: bytes) -> Signer:
    return Signer(secret, salt="sign-in-link", digest_method=sha256)


def use_link(session: Session, secret: bytes, token: str) -> SignInLink:
    """Spend a link; raises LinkDead when it is not good, whatever the cause."""
    try:
        link_id = UUID(_signer(secret).unsign(token).decode())
    except (BadSignature, ValueError):
        raise LinkDead from None
    # unscoped: found by its own secret
    spent = (
        update(SignInLink)
        .where(
            SignInLink.id == link_id, SignInLink.used_at.is_(None), SignInLink.expires_at > func.ledger.now()
        )
        .values(used_at=func.ledger.now())
        .returning(SignInLink)
    )
    link = session.scalars(spent).one_or_none()
    if link is None:
        raise LinkDead
    return link


def person_for_email(session: Session, email: str) -> UUID | None:
    """The person behind an address, also before anyone is signed in."""
    found: UUID | None = session.execute(
        text("SELECT person_for_email(CAST(:email AS citext))"), {"email": email}
    ).scalar_one()
    return found


BY_LINK = Proof()


def where_moved(session: Session, person_id: UUID) -> str:
    """Address of the installation to which somebody's municipality moved; empty for everybody else."""
    # unscoped: one's own home, by one's key
    query = (
        select(Municipality.moved_to)
        .join(Membership, Membership.municipality_id == Municipality.id)
        .where(Membership.person_id == person_id, Membership.kind == MembershipKind.LIVES)
        .order_by(Membership.since.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none() or ""


def open_session(
    session: Session, person_id: UUID, representation_id: UUID | None = None, *, proof: Proof = BY_LINK
) -> str:
    """A new session for the person, perhaps to act for another; the answer is the token for the cookie."""
    token, moment, through = new_token(), now(session), proof.through
    lasts = timedelta(hours=through.hours) if through else timedelta(days=SESSION_DAYS)
    made = WebSession(
        token_hash=digest(token),
        person_id=person_id,
        representation_id=representation_id,
        provider_id=through.provider_id if through else None,
        expires_at=moment + lasts,
        way=proof.way,
        proven_at=moment,
        second_at=moment if proof.second else None,
        browser=proof.browser,
    )
    session.add(made)
    session.flush()
    return token


def renew_session(
    session: Session, token_hash: bytes, representation_id: UUID | None = None, *, second: bool = False
) -> str | None:
    """The same session under a new token, after a second proof or in another's name; None when it ended meanwhile.

    It ends when it would have ended.
    """
    # unscoped: found by its own secret
    ended = (
        update(WebSession)
        .where(WebSession.token_hash == token_hash, WebSession.ended_at.is_(None))
        .values(ended_at=func.ledger.now())
        .returning(WebSession)
    )
    old = session.scalars(ended).one_or_none()
    if old is None:
        return None
    token, moment = new_token(), now(session)
    session.add(
        WebSession(
            token_hash=digest(token), person_id=old.person_id, representation_id=representation_id,
            provider_id=old.provider_id, way=old.way, browser=old.browser,
            created_at=old.created_at, expires_at=old.expires_at,
            proven_at=moment if second else old.proven_at, second_at=moment if second else old.second_at,
        )
    )  # fmt: skip
    session.flush()
    return token


def end_session(session: Session, token_hash: bytes) -> UUID | None:
    """Sign out on the server; the cookie is worth nothing from here on. The provider through which one came in."""
    # unscoped: found by its own secret
    ended = update(WebSession).where(WebSession.token_hash == token_hash).values(ended_at=func.ledger.now())
    return session.scalars(ended.returning(WebSession.provider_id)).one_or_none()


def whose_lapsed(session: Session, token: str | None) -> UUID | None:
    """Whose session ran out by itself; None for one that somebody ended, or that never was."""
    if not token:
        return None
    row = session.execute(_session_of_token(), {"shown": digest(token)}).one_or_none()
    return row[0].person_id if row is not None else None


def actor_of_session(session: Session, token: str | None) -> Actor:
    """The actor behind a cookie, or a visitor; the session is scoped to them from here on."""
    if not token:
        return VISITOR
    row = session.execute(_live_session(), {"shown": digest(token)}).one_or_none()
    if row is None:
        return VISITOR
    web_session, at, demonstration = row
    if at - web_session.last_seen_at > SEEN_EVERY:
        web_session.last_seen_at = at
    oneself = act_as(session, web_session.person_id, web_session.token_hash, web_session.provider_id)
    oneself = _proven(session, oneself, web_session, at, demonstration=bool(demonstration))
    idle = web_session.last_seen_at + timedelta(hours=IDLE_HOURS)
    ends_in_s = int((min(web_session.expires_at, idle) - at).total_seconds())
    oneself = replace(oneself, ends_in_s=ends_in_s)
    if web_session.representation_id is None or not oneself.signed_in:
        return oneself
    other = act_for(session, oneself, web_session.representation_id)
    if other is None:  # taken back in the meantime: from here on one is oneself again
        web_session.representation_id = None
    return replace(other, ends_in_s=ends_in_s) if other else oneself


@cache
def _live_session() -> Select[Any]:
    """The same while it runs; made once, as every page asks it."""
    moment = func.ledger.now()
    return _session_of_token().where(
        WebSession.expires_at > moment, WebSession.last_seen_at > moment - timedelta(hours=IDLE_HOURS)
    )


def _session_of_token() -> Select[Any]:
    """A session that nobody ended by its token, the moment, and whether this is a demonstration."""
    moment = func.ledger.now()
    marked = select(Region.demonstration).where(Region.id == 1).scalar_subquery()
    # unscoped: found by its own secret
    return select(WebSession, moment, marked).where(
        WebSession.token_hash == bindparam("shown", type_=LargeBinary),
        WebSession.ended_at.is_(None),
    )


def _proven(
    session: Session, actor: Actor, web_session: WebSession, at: datetime, *, demonstration: bool
) -> Actor:
    """The actor with what this session has shown: without a second proof nobody has a role at a desk or
    writes for an organisation what was seen of its volunteers.

    A persona of a demonstration has shown all of it, and nobody else has outside of one.
    """
    if web_session.way is Way.DEMONSTRATION:
        if not demonstration:
            scope_to(session, VISITOR.scope)
            return VISITOR
        return replace(actor, fresh=True, recent=True)
    waits = actor.proves_twice and web_session.second_at is None
    recent = at - web_session.proven_at <= FRESH_FOR
    second = web_session.second_at is not None and at - web_session.second_at <= FRESH_FOR
    actor = replace(actor, waiting=waits, recent=recent, fresh=second if actor.proves_twice else recent)
    if waits:
        own = tuple(grant for grant in actor.grants if grant.role not in PROVEN_ROLES)
        actor = replace(actor, grants=own)
        scope_to(session, actor.scope)
    return actor


def act_for(session: Session, oneself: Actor, representation_id: UUID) -> Actor | None:
    """Let the session act in the name of whom one stands for; None, and no change, where no consent stands.

    Nor for who is suspended: another's name is no way around that.
    """
    # unscoped: one's own, by its key
    query = select(Representation).where(
        Representation.id == representation_id,
        Representation.representative_id == oneself.person_id,
        Representation.is_live(),
        ~func.is_suspended(oneself.person_id),
    )
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.represented_id is None:
        return None
    other = act_under(session, row, oneself.first_name, oneself.session_hash)
    if not other.signed_in:
        scope_to(session, oneself.scope)
        return None
    return other


def act_under(session: Session, row: Representation, first_name: str, session_hash: bytes | None) -> Actor:
    """Let the session act in the name of whom a live representation is for; a visitor where they are disabled.

    Without the person's roles, and for a contact person without their Roosjes.
    """
    assert row.represented_id is not None  # it is live
    other = act_as(session, row.represented_id)
    if not other.signed_in:
        return other
    behind = Behind(row.id, row.representative_id, first_name, row.kind.value)
    actor = replace(
        other, grants=other.grants[:1], session_hash=session_hash, behind=behind,
        pseudonym=other.pseudonym if row.kind in FULL else None,
    )  # fmt: skip
    scope_to(session, actor.scope)
    return actor


def new_api_token(
    session: Session, person_id: UUID, name: str, days: int = 30, scope: TokenScope = TokenScope.ALL
) -> str:
    """A bearer token; shown once, stored as a hash."""
    token = "zve_" + new_token()
    expires_at = now(session) + timedelta(days=days)
    session.add(
        ApiToken(token_hash=digest(token), person_id=person_id, name=name, expires_at=expires_at, scope=scope)
    )
    session.flush()
    return token


def actor_of_token(session: Session, token: str) -> Actor:
    """The actor behind a bearer token, with a role only where the token is for all that one may.

    Raises NotSignedIn for a wrong, ended or expired one.
    """
    found = session.execute(_live_token(), {"shown": digest(token)}).one_or_none()
    actor = act_as(session, found[0].person_id) if found else VISITOR
    if found is None or not actor.signed_in:
        raise NotSignedIn
    row, at = found
    if row.used_at is None or at - row.used_at > SEEN_EVERY:
        _mark_used(session, row.token_hash)
    actor = replace(actor, token=row.scope)
    if row.scope is not TokenScope.ALL:
        actor = replace(actor, grants=actor.grants[:1])
        scope_to(session, actor.scope)
    return actor


@cache
def _live_token() -> Select[ApiToken, datetime]:
    """A token by what is shown, and the moment; made once, as every request of a program asks it."""
    moment = func.ledger.now()
    # unscoped: found by its own secret
    return select(ApiToken, moment).where(
        ApiToken.token_hash == bindparam("shown", type_=LargeBinary),
        ApiToken.ended_at.is_(None),
        ApiToken.expires_at > moment,
    )


def _mark_used(session: Session, token_hash: bytes) -> None:
    """Afterwards, so that requests with one token do not wait for one another's row."""
    # unscoped: found by its own secret
    used = update(ApiToken).where(ApiToken.token_hash == token_hash).values(used_at=func.ledger.now())

    def mark(second: Session) -> None:
        second.execute(used)

    afterwards(session, mark)


def act_as(
    session: Session, person_id: UUID, session_hash: bytes | None = None, provider_id: UUID | None = None
) -> Actor:
    """Load a person with their grants and scope the session to them; who is disabled, or whose municipality
    moved to another installation, is a visitor.

    What a provider's claims gave counts only where ``provider_id`` is that provider.
    """
    scope_to(session, Actor(person=person_id).scope)
    rows = session.execute(_oneself(), {"person": person_id, "provider": provider_id}).all()
    if not rows:
        return VISITOR
    person, home, _ = rows[0]
    session.info["oneself"] = person  # a session forgets whom nobody holds, and would read them again
    member = Grant(Role.MEMBER, frozenset() if home is None else frozenset({home}))
    granted = _expanded(session, [grant for _, _, grant in rows if grant is not None])
    actor = Actor(person.id, person.pseudonym, person.first_name, home, (member, *granted), session_hash)
    scope_to(session, actor.scope)
    return actor


@cache
def _oneself() -> Select[Any]:
    """Somebody, where they live, and beside them each grant; made once: building it costs as much as asking it."""
    home = (
        select(Membership.municipality_id)
        .where(Membership.person_id == Person.id, Membership.kind == MembershipKind.LIVES)
        .order_by(Membership.since.desc())
        .limit(1)
        .scalar_subquery()
    )
    # of those that went to another installation nothing counts here any more
    moved = select(Municipality.id).where(Municipality.moved_to != "")
    through = or_(RoleGrant.provider_id.is_(None), RoleGrant.provider_id == bindparam("provider", type_=Uuid))
    here = func.coalesce(RoleGrant.municipality_id, 0).not_in(moved)
    # unscoped: one's own row, with one's own home and grants
    return (
        select(Person, home, RoleGrant)
        .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, through, here))
        .where(
            Person.id == bindparam("person", type_=Uuid),
            Person.disabled_at.is_(None),
            func.coalesce(home, 0).not_in(moved),
        )
        .execution_options(populate_existing=True)
    )


def _expanded(session: Session, rows: Sequence[RoleGrant]) -> list[Grant]:
    """A region's role counts in all municipalities that joined."""
    everywhere: frozenset[int] = frozenset()
    if any(row.municipality_id is None for row in rows):
        everywhere = frozenset(session.scalars(select(Municipality.id).where(Municipality.joined)))
    return [
        Grant(
            row.role,
            everywhere if row.municipality_id is None else frozenset({row.municipality_id}),
            row.organisation_id,
        )
        for row in rows
    ]
