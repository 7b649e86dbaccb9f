"""Figures that add up, differences seed by seed, and a file that is whole or refused."""

from pathlib import Path
from statistics import fmean

import pytest
from pydantic import ValidationError

from app.simulation import printing
from app.simulation.assumptions import DAY, MINUTES, TARGETS
from app.simulation.compare import difference, spread
from app.simulation.measures import Figures, busiest_tenth, busiest_week, gini
from app.simulation.play import play, run
from app.simulation.policies import POLICIES
from app.simulation.report import (
    BETTER,
    FILE_NAME,
    LARGEST_FILE_BYTES,
    MEASURE_NAMES,
    NotKept,
    Report,
    Unreadable,
    keep,
    last,
    refuse_places,
)  # fmt: skip
from app.simulation.world import Scale
from tests.databases import ROOT


@pytest.fixture(scope="module")
def report() -> Report:
    return play(Scale(people=300, days=20), 2)


def test_the_list_comes_near_the_figures_from_the_field() -> None:
    found = run((1771, Scale(), "list")).measures
    for target in TARGETS:
        assert found[target.measure] == pytest.approx(target.value, rel=0.15)
    weights = sum(weight for _, weight in MINUTES)
    assert sum(minutes * weight for minutes, weight in MINUTES) / weights / 60 == pytest.approx(2.2, abs=0.05)


def test_an_interval_is_students() -> None:
    from scipy.stats import ttest_1samp  # most of a second, that every process of the run would wait for

    values = [3.1, 2.7, 3.6, 2.9, 3.3]
    found = spread([*values, None])
    expected = ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.mean, found.low, found.high) == pytest.approx((fmean(values), expected.low, expected.high))
    assert found.by_seed == [*values, None]
    assert spread([None, None]).mean is None
    assert (spread([4.0]).mean, spread([4.0]).low) == (4.0, None)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ((4.0, 4.2, 4.1), (3.0, 3.1, 3.0), "worse"),
        ((3.0, 3.1, 3.0), (4.0, 4.2, 4.1), "better"),
        ((3.0, 4.2, 3.0), (4.0, 3.1, 3.4), "unclear"),
        ((3.0, 3.0, 3.0), (3.0, 3.0, 3.0), "unclear"),
    ],
)
def test_what_is_lost_follows_from_the_figures(
    ours: tuple[float, ...], theirs: tuple[float, ...], verdict: str
) -> None:
    runs = {
        name: [Figures({"distance_km": one, "coverage_7": one}, (), "") for one in of_seed]
        for name, of_seed in (("engine", ours), ("nearest", theirs))
    }
    assert difference("distance_km", ("engine", "nearest"), runs).verdict == verdict
    turned = {"worse": "better", "better": "worse", "unclear": "unclear"}[verdict]
    assert difference("coverage_7", ("engine", "nearest"), runs).verdict == turned


def test_a_difference_is_taken_seed_by_seed() -> None:
    runs = {
        name: [Figures({"distance_km": one}, (), "") for one in of_seed]
        for name, of_seed in (("engine", (1.0, 9.0, None)), ("nearest", (0.5, 8.5, 1.0)))
    }
    found = difference("distance_km", ("engine", "nearest"), runs)
    assert found.spread.by_seed == [0.5, 0.5, None]
    assert found.verdict == "worse"


def test_unevenness_is_measured_as_usual() -> None:
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert gini([1, 2, 3]) == pytest.approx(2 / 9)
    assert gini([0, 0]) is None
    assert busiest_tenth([10, *([1] * 10)]) == pytest.approx(0.5)
    assert busiest_week([0, DAY, 6 * DAY, 7 * DAY]) == 3
    assert busiest_week([]) == 0


def test_a_report_comes_back_from_its_file_as_it_was(report: Report, tmp_path: Path) -> None:
    assert last(tmp_path) is None
    keep(report, tmp_path / FILE_NAME)
    assert last(tmp_path) == report
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[1]", b" " * (LARGEST_FILE_BYTES + 1)])
def test_a_file_that_is_no_simulation_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(Unreadable):
        last(tmp_path)


def test_a_file_that_lacks_a_measure_or_compares_what_was_not_played_is_refused(report: Report) -> None:
    lacking = report.model_dump()
    del lacking["policies"][0]["measures"]["gini"]
    unplayed = report.model_dump()
    unplayed["policies"] = unplayed["policies"][:1]
    endless = report.model_dump_json().replace(f'"seconds":{report.seconds}', '"seconds":1e999')
    for wrong in (lacking, unplayed):
        with pytest.raises(ValidationError):
            Report.model_validate(wrong)
    with pytest.raises(ValidationError):
        Report.model_validate_json(endless)


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    refuse_places([tmp_path / FILE_NAME, tmp_path / "new" / FILE_NAME, tmp_path / "out.json"])
    for wrong in (tmp_path, tmp_path / "nowhere" / "out.json"):
        with pytest.raises(NotKept, match="cannot be written"):
            refuse_places([wrong])


def test_every_measure_and_policy_has_its_words() -> None:
    assert printing.MEASURES.keys() == MEASURE_NAMES - {"requests", "helped"}
    assert BETTER.keys() <= printing.MEASURES.keys()
    assert POLICIES.keys() <= printing.TITLES.keys() == printing.NAMES.keys()


def test_the_simulation_that_is_kept_was_played_in_full_on_a_commit() -> None:
    kept = Report.model_validate_json((ROOT / "bench" / "results" / FILE_NAME).read_bytes())
    assert (len(kept.seeds), kept.people, kept.days) == (10, Scale().people, Scale().days)
    assert [policy.name for policy in kept.policies] == list(POLICIES)
    assert kept.commit
    assert not kept.commit.endswith("+")
