"""What the safety officer, the makelaar and the privacy officer find on a morning in the demonstration."""

from sqlalchemy.orm import Session

from app.safety import files, reports, suspensions
from tests.app.demo.conftest import Region
from tests.app.demo.test_personas import as_persona

HOME = 1771


def test_the_queue_has_what_is_late_what_is_new_and_what_was_answered(looking: Session) -> None:
    board = reports.board(looking, as_persona(looking, "veiligheid"), HOME)

    assert len(board.open) == 3
    assert {row.about_id is None for row in board.open} == {True, False}
    assert [row.outcome for row in board.handled] == ["suspended"]


def test_an_appeal_waits_for_the_colleague_of_who_suspended(looking: Session) -> None:
    veerle = as_persona(looking, "collega")
    (appeal,) = suspensions.appeals(looking, veerle, HOME)
    assert appeal.suspension.by.first_name == "Marja"
    assert [row.person_id for row in suspensions.standing(looking, veerle, HOME)] == [appeal.person_id]


def test_a_file_is_closed_until_it_is_opened_with_a_reason(looking: Session) -> None:
    saskia = as_persona(looking, "veiligheid")
    (file,) = files.every(looking, saskia, HOME)
    assert not files.read(looking, saskia, file.id).is_open


def test_who_blocked_somebody_has_no_agreement_with_them_left(region: Region) -> None:
    assert region.one("SELECT count(*) FROM person_block") == 1
    assert region.one(
        "SELECT count(*) FROM agreement a JOIN person_block b ON b.blocker_id = a.asker_id"
        " WHERE b.blocked_id = a.helper_id AND a.status = 'active'"
    ) == 0  # fmt: skip


def test_every_agreement_says_who_insures_it(region: Region) -> None:
    assert region.one("SELECT count(*) FROM agreement WHERE insurance = ''") == 0
    assert region.one("SELECT count(DISTINCT insurance) FROM agreement") == 2
