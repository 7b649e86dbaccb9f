"""In a demonstration the page reads the simulation that is kept with the project, never an invented one."""

from pathlib import Path

import pytest

from app.simulation import report as reports


def test_the_measured_file_is_read_as_it_stands_with_its_commit(tmp_path: Path) -> None:
    assert reports.show_measured(tmp_path, reports.MEASURED)

    shown, measured = reports.last(tmp_path), reports.last(reports.MEASURED.parent)
    assert shown is not None
    assert shown == measured
    assert shown.commit


def test_a_simulation_that_was_played_here_stays(tmp_path: Path) -> None:
    (tmp_path / reports.FILE_NAME).write_text("played here")
    assert not reports.show_measured(tmp_path, reports.MEASURED)
    assert (tmp_path / reports.FILE_NAME).read_text() == "played here"


def test_without_a_measured_file_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert not reports.show_measured(tmp_path, tmp_path / "nowhere" / reports.FILE_NAME)
    assert reports.last(tmp_path) is None


def test_a_file_that_is_not_ours_is_not_shown(tmp_path: Path) -> None:
    broken = tmp_path / "kept" / reports.FILE_NAME
    broken.parent.mkdir()
    broken.write_text("{}")
    with pytest.raises(reports.Unreadable):
        reports.show_measured(tmp_path, broken)
    assert not (tmp_path / reports.FILE_NAME).exists()
