"""Who looked is written once; whoever changes it afterwards is found, at the first row that is wrong."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.audit import chain, outside
from app.audit.write import Act, note
from app.config import Settings
from app.db import Database as Program
from app.jobs.evidence import chain_audit, check_audit
from app.jobs.work import Work
from tests.app.factories import GELDROP_MIERLO, a_person
from tests.databases import Database

SECOND = "(SELECT entry_id FROM audit_link WHERE number = 2)"


@pytest.fixture
def work(program: Program, tmp_path: Path) -> Work:
    """A worker with an empty copy outside, and three looks in the log."""
    sink = tmp_path / "audit.log"
    sink.touch()
    with program.transaction() as session:
        someone = a_person(session)
        for number in range(3):
            note(session, someone, Act.ADDRESS, subject=someone.person_id, municipality_id=GELDROP_MIERLO,
                 entity="person", entity_id=uuid4(), reason=f"reden {number}")  # fmt: skip
    made = Work(Settings(data_dir=tmp_path, audit_sink=str(sink)), program)
    chain_audit(made)
    return made


def faults(work: Work) -> list[chain.Fault]:
    with work.transaction() as (session, _):
        return chain.faults(session) + chain.differs(session, work.settings)


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the owner's password does: the guards off, a change, the guards on."""
    engine = create_engine(database.owner_url, poolclass=NullPool)
    with engine.begin() as owner:
        for table in ("audit_entry", "audit_link", "audit_reason"):
            owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            owner.execute(text(statement))
        for table in ("audit_entry", "audit_link", "audit_reason"):
            owner.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def test_what_was_written_is_linked_and_kept_outside(work: Work) -> None:
    assert sorted(outside.read_file(Path(work.settings.audit_sink)).hashes) == [1, 2, 3]
    assert faults(work) == []
    check_audit(work)


@pytest.mark.parametrize("change", [
    "UPDATE audit_entry SET subject_id = gen_random_uuid() WHERE id = {second}",
    "UPDATE audit_entry SET at = at - interval '1 second' WHERE id = {second}",
    "UPDATE audit_entry SET actor_id = NULL WHERE id = {second}",
    "DELETE FROM audit_entry WHERE id = {second}",
    "UPDATE audit_reason SET reason = 'iets anders' WHERE entry_id = {second}",
    "UPDATE audit_link SET entry_hash = sha256('x') WHERE number = 2",
    "UPDATE audit_link SET hash = sha256('x') WHERE number = 2",
])  # fmt: skip
def test_the_first_row_that_was_changed_is_named(work: Work, fresh_database: Database, change: str) -> None:
    tamper(fresh_database, change.format(second=SECOND))

    found = faults(work)

    assert found[0].number == 2
    with pytest.raises(chain.Tampered, match="entry 2 "):
        check_audit(work)


def test_a_link_that_is_gone_shows_at_the_next(work: Work, fresh_database: Database) -> None:
    tamper(fresh_database, "DELETE FROM audit_link WHERE number = 2")

    assert faults(work)[0].number == 3


def test_a_chain_that_was_made_anew_differs_from_the_copy_outside(
    work: Work, fresh_database: Database
) -> None:
    tamper(
        fresh_database,
        f"UPDATE audit_entry SET act = 'person' WHERE id = {SECOND}",
        "INSERT INTO audit_waiting SELECT entry_id FROM audit_link WHERE number >= 2",
        "DELETE FROM audit_link WHERE number >= 2",
        "SELECT audit_chain(10)",
    )

    with work.transaction() as (session, _):
        assert chain.faults(session) == []
        assert [fault.number for fault in chain.differs(session, work.settings)] == [2, 3]


def test_an_end_that_was_cut_off_differs_from_the_copy_outside(work: Work, fresh_database: Database) -> None:
    tamper(
        fresh_database, "DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_link WHERE number = 3)",
        "DELETE FROM audit_link WHERE number = 3",
    )  # fmt: skip

    assert [fault.number for fault in faults(work)] == [3]


def test_an_entry_that_was_slipped_in_is_named(work: Work, fresh_database: Database) -> None:
    tamper(fresh_database, "INSERT INTO audit_entry (role, act, entity) VALUES ('', 'person', '')")

    assert [fault.number for fault in faults(work)] == [None]


def test_a_copy_that_cannot_be_kept_fails_where_it_is_seen(work: Work, tmp_path: Path) -> None:
    (tmp_path / "audit.log").unlink()

    with pytest.raises(outside.SinkAway, match="cannot be read"):
        chain_audit(work)
    with work.transaction() as (session, _):
        lines = chain.lines(session, 0)
    with pytest.raises(outside.SinkAway, match="is not there"):
        outside.keep(work.settings, lines)


@pytest.mark.parametrize("statement", [
    "UPDATE audit_entry SET act = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
    "INSERT INTO audit_entry (role, act, entity) VALUES ('', '', '')", "UPDATE audit_link SET number = 9",
    "DELETE FROM audit_link",
    "DELETE FROM audit_reason", "SELECT number FROM audit_link",
])  # fmt: skip
def test_the_program_only_adds_through_the_one_door(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET act = ''", "DELETE FROM audit_entry", "TRUNCATE audit_link"]
)
def test_not_even_the_owner_changes_it_by_accident(
    work: Work, fresh_database: Database, statement: str
) -> None:
    engine = create_engine(fresh_database.owner_url, poolclass=NullPool)
    with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as owner:
        owner.execute(text(statement))


def test_nobody_writes_in_the_name_of_another(session: Session) -> None:
    looked, watched = a_person(session), a_person(session, first_name="Anneke")
    note(session, looked, Act.ADDRESS, subject=watched.person_id, municipality_id=GELDROP_MIERLO)

    actors = session.execute(text("SELECT actor_id FROM audit_entry")).scalars().all()

    assert actors == [
        watched.person_id
    ]  # the one this transaction acts as, who reads what is about themselves


def test_what_is_shown_later_is_not_there_before(session: Session) -> None:
    someone = a_person(session)
    moment = session.execute(text("SELECT ledger.now()")).scalar_one()
    for later in (timedelta(days=1), -timedelta(days=1)):
        note(session, someone, Act.NOTES, subject=someone.person_id, shown_from=moment + later)

    assert len(session.execute(text("SELECT id FROM audit_entry")).all()) == 1
