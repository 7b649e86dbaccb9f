"""Each night a seal goes outside, with what is wrong in the books; kept lines are compared with care."""

import mailbox
import resource
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from app.config import Settings
from app.db import Database as Program
from app.jobs import evidence
from app.jobs.work import Work
from app.treasury import check, sealing
from rewards import seals
from tests.databases import Database
from tests.rewards.factories import A, a_member, a_payment

OUTSIDE = "archief@voorbeeld.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, seal_to=OUTSIDE)


@pytest.fixture
def work(settings: Settings, program: Program) -> Work:
    """With two members, one of whom paid the other."""
    work = Work(settings, program)
    with work.transaction() as (session, _):
        connection = session.connection()
        a_payment(connection, a_member(connection, A), a_member(connection, A))
    return work


def mails(settings: Settings) -> list[mailbox.MaildirMessage]:
    return list(mailbox.Maildir(settings.mailbox_dir, create=True)) if settings.mailbox_dir.exists() else []


def test_the_nightly_seal_is_kept_and_sent_outside(work: Work) -> None:
    evidence.seal(work)

    (mail,) = mails(work.settings)
    with work.transaction() as (session, _):
        (made,) = seals.seals(session.connection())
    assert mail["To"] == OUTSIDE
    assert "kloppen" in mail["Subject"]
    assert "niet" not in mail["Subject"]
    assert made.entries == 2
    assert made.line in str(mail.get_payload()).replace("=\n", "").replace("=3D", "=").splitlines()


def test_without_an_address_nothing_is_sent(work: Work, tmp_path: Path) -> None:
    evidence.seal(Work(Settings(data_dir=tmp_path), work.database))

    assert mails(work.settings) == []


def test_a_night_on_which_the_books_are_wrong_fails_and_says_so(work: Work, fresh_database: Database) -> None:
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as owner:
        owner.exec_driver_sql("ALTER TABLE ledger.batch DISABLE TRIGGER append_only")
        owner.exec_driver_sql("UPDATE ledger.batch SET actor = gen_random_uuid()")
    engine.dispose()

    with pytest.raises(check.NotRight, match="I8"):
        evidence.seal(work)

    (mail,) = mails(work.settings)
    assert "kloppen niet" in mail["Subject"]
    assert "I8" in str(mail.get_payload())


def test_a_file_of_seals_gets_each_line_once(work: Work, tmp_path: Path) -> None:
    with work.transaction() as (session, _):
        made = seals.seal(session.connection())
    path = tmp_path / "seals.txt"
    path.write_text("\n")
    for _ in range(2):
        sealing.keep(made, path)

    assert path.read_text() == f"\n{made.line}\n"
    assert sealing.kept(path) == [made]
    path.write_text(made.line)
    assert sealing.kept(path) == [made]


def test_a_line_follows_a_file_that_did_not_end_its_last(work: Work, tmp_path: Path) -> None:
    with work.transaction() as (session, _):
        made = seals.seal(session.connection())
    path = tmp_path / "seals.txt"
    path.write_text("# kept by the accountant")
    sealing.keep(made, path)

    assert path.read_text().splitlines() == ["# kept by the accountant", made.line]
    with pytest.raises(sealing.NotKept, match=r"seals\.txt, line 1: not the line of a seal"):
        sealing.kept(path)


@pytest.mark.parametrize("place", [".", "nowhere/seals.txt"])
def test_a_file_that_cannot_be_used_is_a_sentence(work: Work, tmp_path: Path, place: str) -> None:
    with work.transaction() as (session, _):
        made = seals.seal(session.connection())
    with pytest.raises(sealing.NotKept, match="cannot be written: "):
        sealing.keep(made, tmp_path / place)
    with pytest.raises(sealing.NotKept, match="cannot be read: "):
        sealing.kept(tmp_path / place)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "outside" / "seals.txt"
    path.parent.mkdir()
    path.touch()
    return path


def with_file(work: Work, file: Path) -> Work:
    return Work(work.settings.model_copy(update={"seal_file": str(file)}), work.database)


def all_seals(work: Work) -> list[seals.Seal]:
    with work.transaction() as (session, _):
        return seals.seals(session.connection())


def a_day_later(database: Database) -> None:
    engine = create_engine(database.owner_url)
    with engine.begin() as owner:
        owner.exec_driver_sql("SELECT ledger.shift('1 day')")
    engine.dispose()


def test_each_night_adds_its_seal_to_the_file_and_those_that_it_missed(
    work: Work, fresh_database: Database, file: Path
) -> None:
    evidence.seal(with_file(work, file))
    evidence.seal(with_file(work, file))
    assert file.read_text() == f"{all_seals(work)[0].line}\n"

    a_day_later(fresh_database)
    evidence.seal(work)  # a night without the file
    a_day_later(fresh_database)
    evidence.seal(with_file(work, file))

    assert file.read_text().splitlines() == [one.line for one in all_seals(work)]
    assert len(sealing.kept(file)) == 3


def test_a_seal_in_the_file_that_the_books_no_longer_have_fails_the_night(
    work: Work, fresh_database: Database, file: Path
) -> None:
    evidence.seal(with_file(work, file))
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as owner:
        owner.exec_driver_sql("ALTER TABLE ledger.seal DISABLE TRIGGER append_only")
        owner.exec_driver_sql("ALTER TABLE ledger.sealed_head DISABLE TRIGGER append_only")
        owner.exec_driver_sql("DELETE FROM ledger.sealed_head; DELETE FROM ledger.seal")
    engine.dispose()
    before = file.read_text()

    with pytest.raises(check.NotRight, match="seals: seal 1: kept"):
        evidence.seal(with_file(work, file))

    assert file.read_text() == before


def test_a_file_that_is_away_fails_the_night_in_a_sentence_after_the_mail(work: Work, file: Path) -> None:
    file.unlink()

    with pytest.raises(sealing.NotKept, match=r"seals\.txt is not there\. Is its disk away\?"):
        evidence.seal(with_file(work, file))

    assert not file.exists()
    (mail,) = mails(work.settings)
    assert "niet in het bestand" in mail["Subject"]
    assert "is not there" in str(mail.get_payload())


def test_a_full_disk_fails_the_night_in_a_sentence_and_keeps_no_half_line(
    work: Work, fresh_database: Database, file: Path
) -> None:
    evidence.seal(with_file(work, file))
    a_day_later(fresh_database)
    evidence.seal(work)
    first, second = all_seals(work)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 50, hard))
    try:
        with pytest.raises(sealing.NotKept, match=r"seals\.txt cannot be written: File too large\."):
            sealing.keep_up([first, second], file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert file.read_text() == f"{first.line}\n"
    evidence.seal(with_file(work, file))
    assert sealing.kept(file) == [first, second]


def test_a_disk_with_no_room_at_all_is_a_sentence(work: Work) -> None:
    evidence.seal(work)
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")

    with pytest.raises(sealing.NotKept, match=r"/dev/full cannot be written: No space left on device\."):
        sealing._append(full, "", all_seals(work))
