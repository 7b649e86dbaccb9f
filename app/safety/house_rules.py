"""House rules by version: everybody begins with the first, and is asked once when a municipality has new ones."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.clock import now
from app.ids import uuid7
from app.organisations.models import Organisation
from app.places.models import Municipality
from app.safety.models import HouseRules, RulesAcceptance
from app.safety.schemas import Insurance, NewRules
from app.words import N_

FIRST: Final = 1
FIRST_LINES: Final = (
    N_("Wij gaan vriendelijk met elkaar om. Nee zeggen mag altijd."),
    N_("U doet wat u afspreekt, of zegt het op tijd af."),
    N_("Wat u bij iemand thuis ziet of hoort, vertelt u niet door."),
    N_("U leent geen geld, en u neemt geen pas, pincode of DigiD van een ander aan."),
    N_("U vraagt geen geld voor hulp die zonder geld is."),
    N_("Kinderen en mensen die kwetsbaar zijn, beschermt u extra."),
    N_("Gaat er iets mis, dan meldt u het. Dat mag ook als u twijfelt."),
)
"""Version 1: of everybody, until a municipality writes its own."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A version; the first has the words of ``FIRST_LINES``, which the page translates."""

    version: int
    lines: tuple[str, ...] = ()
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A version that somebody has not answered yet, and whether they answered an earlier one."""

    rules: Rules
    is_change: bool


def current(session: Session, municipality_id: int | None) -> Rules:
    """The rules that hold now."""
    if municipality_id is None:
        return Rules(FIRST)
    # unscoped: anybody may read the rules
    query = select(HouseRules).where(HouseRules.municipality_id == municipality_id)
    row = session.scalars(query.order_by(HouseRules.version.desc()).limit(1)).one_or_none()
    if row is None:
        return Rules(FIRST)
    lines = tuple(line.strip() for line in row.text.splitlines() if line.strip())
    return Rules(row.version, lines, row.changed)


def question(session: Session, actor: Actor) -> Question | None:
    """What to ask the actor; nothing for who answered, and nothing of who acts for them."""
    if actor.home is None or actor.behind is not None:
        return None
    rules = current(session, actor.home)
    own = select(func.max(RulesAcceptance.version)).where(
        RulesAcceptance.owned_by(actor.person_id), RulesAcceptance.municipality_id == actor.home
    )
    answered: int | None = session.execute(own).scalar_one()
    if answered is not None and answered >= rules.version:
        return None
    return Question(rules, answered is not None)


def answer(session: Session, actor: Actor, version: int, accepted: bool) -> None:
    """Keep the answer to the version that was read; a later yes replaces a no."""
    if actor.home is None or actor.behind is not None or version > current(session, actor.home).version:
        return
    new = insert(RulesAcceptance).values(
        id=uuid7(), municipality_id=actor.home, person_id=actor.person_id, version=version, accepted=accepted,
        at=now(session),
    )  # fmt: skip
    session.execute(
        new.on_conflict_do_update(
            index_elements=["person_id", "municipality_id", "version"],
            set_={"accepted": accepted, "at": now(session)},
            where=RulesAcceptance.accepted.is_(False),
        )
    )


def answered(session: Session, actor: Actor) -> RulesAcceptance | None:
    """One's last answer where one lives."""
    own = select(RulesAcceptance).where(
        RulesAcceptance.owned_by(actor.person_id), RulesAcceptance.municipality_id == actor.home
    )
    return session.scalars(own.order_by(RulesAcceptance.version.desc()).limit(1)).one_or_none()


def publish(session: Session, actor: Actor, municipality_id: int, new: NewRules) -> HouseRules:
    """A new version; everybody here is asked once, with what changed."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    # two who publish at once come one after the other
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("house rules", municipality_id))))
    row = HouseRules(
        id=uuid7(),
        municipality_id=municipality_id,
        version=current(session, municipality_id).version + 1,
        text=new.text,
        changed=new.changed,
        by_id=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row


def insurances(session: Session, actor: Actor, municipality_id: int) -> tuple[str, list[Organisation]]:
    """How neighbours are insured here, and the organisations with theirs."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    municipality = found(session.get(Municipality, municipality_id))
    # unscoped: the permission was asked for this municipality
    query = select(Organisation).where(Organisation.municipality_id == municipality_id)
    return municipality.insurance, list(session.scalars(query.order_by(Organisation.name, Organisation.id)))


def insure(session: Session, actor: Actor, municipality_id: int, how: Insurance) -> None:
    """Write down how who helps is insured from now on; what was agreed before keeps what stood then."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    text = how.text or ""
    if how.organisation_id is None:
        session.execute(update(Municipality).where(Municipality.id == municipality_id).values(insurance=text))
        return
    # unscoped: the permission was asked for this municipality
    own = update(Organisation).where(
        Organisation.id == how.organisation_id, Organisation.municipality_id == municipality_id
    )
    found(session.execute(own.values(insurance=text).returning(Organisation.id)).scalar_one_or_none())
