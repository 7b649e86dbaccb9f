"""The safety file: only for the safety officers of the municipality, and each time with a reason that stays.

The database asks the same by itself (`safety_reach()`, and the policy `opened`): without an opening of the last half
hour nobody reads what stands in a file, whatever this module does.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, require_anywhere
from app.access.roles import Permission
from app.audit import write as audit
from app.clock import now, today
from app.errors import Conflict, Invalid
from app.ids import uuid7
from app.moderation import people
from app.notifications.service import tell
from app.people.service import home
from app.pots.notes import refuse_own
from app.safety import reports
from app.safety.file_models import SafetyEntry, SafetyFile, SafetyOpening, SafetyStep
from app.safety.schemas import Disclosure, NewEntry, NewFile, NewStep, Opening
from app.safety.words import Decision

OPEN_FOR: Final = timedelta(minutes=30)
"""As the policy has it."""
HELD: Final = timedelta(days=183)
"""How long at most the person concerned waits before reading who looked, each time it is put off."""
SHORTEST_REASON: Final = 10
LAST_STEP: Final = 5


class FileStands(Conflict):
    """There is a file about this person."""

    code = "file-stands"


class FileClosed(Conflict):
    """Nothing is written in a file that was closed."""

    code = "file-closed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was opened. Without a fresh opening of one's own, only that it is there."""

    file: SafetyFile
    is_open: bool
    entries: list[SafetyEntry]
    steps: list[SafetyStep]
    openings: list[SafetyOpening]


def start(session: Session, actor: Actor, person_id: UUID, new: NewFile) -> SafetyFile:
    """Begin a file about somebody who lives here. Raises FileStands, OwnInterest, NotFound."""
    people.get(session, actor, person_id)
    municipality_id = home(session, person_id).municipality_id
    require(actor, Permission.SEE_SAFETY_FILE, municipality_id)
    refuse_own(session, actor, person_id)
    if new.report_id is not None:
        reports.get_locked(session, actor, new.report_id)
    file = SafetyFile(
        id=uuid7(),
        municipality_id=municipality_id,
        person_id=person_id,
        why=new.why,
        opened_by_id=actor.person_id,
        disclose_on=today(session) + HELD,
        report_id=new.report_id,
    )
    try:
        with session.begin_nested():
            session.add(file)
            session.flush()
    except IntegrityError as twice:
        raise FileStands from twice
    return file


def selection(actor: Actor) -> Select[SafetyFile]:
    """The files of the municipalities of which one is the safety officer; none about oneself or one's own house."""
    # unscoped: the permission was asked, by its reach
    return (
        select(SafetyFile)
        .where(
            SafetyFile.municipality_id.in_(require_anywhere(actor, Permission.SEE_SAFETY_FILE)),
            ~func.one_house(SafetyFile.person_id, actor.person_id),
        )
        .options(joinedload(SafetyFile.person))
    )


def every(session: Session, actor: Actor, municipality_id: int) -> list[SafetyFile]:
    """The files of a municipality, open ones first; what stands in them is not read."""
    require(actor, Permission.SEE_SAFETY_FILE, municipality_id)
    query = selection(actor).where(SafetyFile.municipality_id == municipality_id)
    return list(
        session.scalars(query.order_by(SafetyFile.closed_at.desc().nulls_first(), SafetyFile.disclose_on))
    )


def get(session: Session, actor: Actor, id: UUID) -> SafetyFile:
    """That a file is there; NotFound for who is no safety officer there."""
    return found(session.scalars(selection(actor).where(SafetyFile.id == id)).one_or_none())


def open_file(session: Session, actor: Actor, id: UUID, why: Opening) -> SafetyOpening:
    """Open a file for half an hour; the reason stays. Raises Invalid for a reason that says nothing."""
    file = get(session, actor, id)
    if len(why.reason) < SHORTEST_REASON:
        raise Invalid(details={"reden": "too-short"})
    opening = SafetyOpening(
        id=uuid7(),
        municipality_id=file.municipality_id,
        file_id=file.id,
        person_id=file.person_id,
        by_id=actor.person_id,
        reason=why.reason,
        at=now(session),
    )
    session.add(opening)
    session.flush()
    audit.note(session, actor, audit.Act.SAFETY_FILE, subject=file.person_id, municipality_id=file.municipality_id,
               entity="safety_file", entity_id=id)  # fmt: skip
    return opening


def read(session: Session, actor: Actor, id: UUID) -> Opened:
    """The file, with what stands in it while one has it open."""
    file = get(session, actor, id)
    # unscoped: goes with a file that was found in the actor's reach
    openings = select(SafetyOpening).where(SafetyOpening.file_id == id).options(joinedload(SafetyOpening.by))
    opened = list(session.scalars(openings.order_by(SafetyOpening.at.desc())))
    since = now(session) - OPEN_FOR
    is_open = any(one.by_id == actor.person_id and one.at > since for one in opened)
    if not is_open:
        return Opened(file, False, [], [], opened)
    # unscoped: goes with a file in the actor's reach, behind the policy that asks for an opening
    entries = select(SafetyEntry).where(SafetyEntry.file_id == id).options(joinedload(SafetyEntry.author))
    # unscoped: goes with a file that was found in the actor's reach
    steps = select(SafetyStep).where(SafetyStep.file_id == id).options(joinedload(SafetyStep.by))
    return Opened(
        file,
        True,
        list(session.scalars(entries.order_by(SafetyEntry.at.desc(), SafetyEntry.id.desc()))),
        list(session.scalars(steps.order_by(SafetyStep.step, SafetyStep.on_date, SafetyStep.id))),
        opened,
    )


def _writable(session: Session, actor: Actor, id: UUID) -> SafetyFile:
    """A file that one has open and that was not closed."""
    seen = read(session, actor, id)
    if not seen.is_open:
        raise Invalid(details={"reden": "open-first"})
    if seen.file.closed_at is not None:
        raise FileClosed
    return seen.file


def write(session: Session, actor: Actor, id: UUID, new: NewEntry) -> SafetyEntry:
    """Add what was seen, heard or done; nothing is ever changed. Raises FileClosed, Invalid when it is not open."""
    file = _writable(session, actor, id)
    entry = SafetyEntry(
        id=uuid7(),
        municipality_id=file.municipality_id,
        file_id=id,
        author_id=actor.person_id,
        kind=new.kind,
        text=new.text,
    )
    session.add(entry)
    session.flush()
    return entry


def take_step(session: Session, actor: Actor, id: UUID, new: NewStep) -> SafetyStep:
    """A step of the meldcode on its day. The fifth needs the fourth, and a decision of a person; no machine judges."""
    file = _writable(session, actor, id)
    wrong: dict[str, str] = {}
    if new.on_date > today(session):
        wrong["datum"] = "future"
    if (new.step == LAST_STEP) != (new.decision is not None):
        wrong["besluit"] = "with-the-fifth"
    # unscoped: goes with the file that is open
    taken = select(SafetyStep.step).where(SafetyStep.file_id == id)
    if new.step == LAST_STEP and LAST_STEP - 1 not in set(session.scalars(taken)):
        wrong["stap"] = "weigh-first"
    if wrong:
        raise Invalid(details=wrong)
    step = SafetyStep(
        id=uuid7(),
        municipality_id=file.municipality_id,
        file_id=id,
        step=new.step,
        on_date=new.on_date,
        words=new.words,
        decision=Decision(new.decision) if new.decision else None,
        by_id=actor.person_id,
    )
    session.add(step)
    session.flush()
    return step


def disclose(session: Session, actor: Actor, id: UUID, when: Disclosure) -> SafetyFile:
    """Say from which day the person may read who looked: sooner, or put off by half a year at most, with a reason."""
    _writable(session, actor, id)
    if when.on > today(session) + HELD:
        raise Invalid(details={"vanaf": "within-half-a-year"})
    file = _locked(session, actor, id)
    file.disclose_on, file.held_why = when.on, when.why
    session.flush()
    return file


def close(session: Session, actor: Actor, id: UUID) -> SafetyFile:
    """Nothing more is written in it; the day of disclosure stands."""
    _writable(session, actor, id)
    file = _locked(session, actor, id)
    if file.closed_at is None:
        file.closed_at, file.closed_by_id = now(session), actor.person_id
        session.flush()
    return file


def _locked(session: Session, actor: Actor, id: UUID) -> SafetyFile:
    reach = actor.reach(Permission.SEE_SAFETY_FILE)
    # unscoped: the permission was asked, by its reach
    query = select(SafetyFile).where(SafetyFile.id == id, SafetyFile.municipality_id.in_(reach))
    return found(session.scalars(locked(query)).one_or_none())


def disclosed(session: Session, actor: Actor) -> list[SafetyOpening]:
    """Who opened a file about oneself, and why, as far as that day has come; the newest first."""
    # unscoped: one's own: about oneself, behind the policy that looks at the day
    query = select(SafetyOpening).where(
        SafetyOpening.person_id == actor.person_id, SafetyOpening.by_id != actor.person_id
    )
    return list(
        session.scalars(query.options(joinedload(SafetyOpening.by)).order_by(SafetyOpening.at.desc()))
    )


def warn(session: Session) -> int:
    """Two weeks before a person will read who looked, the officers are told, once for each day that was set.

    The worker cannot read a file: a function of the owner says which days come near and which officers live
    elsewhere, and nothing else.
    """
    rows = session.execute(
        text("SELECT file_id, municipality_id, disclose_on, officers FROM safety_disclosing()")
    ).all()
    for row in rows:
        for person_id in row.officers:
            tell(session, person_id, row.municipality_id, "safety-disclosing", row.file_id,
                 turn=_turn(row.disclose_on))  # fmt: skip
    return len(rows)


def _turn(day: date) -> int:
    return day.toordinal() % 1_000_000
