"""The simulated year, as the region's administrator reads it."""

from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from app.simulation.compare import calibration, differences, policies
from app.simulation.measures import Figures
from app.simulation.report import FILE_NAME, LOADS, MEASURE_NAMES, POLICY_NAMES, Report, keep
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk
from web import simulation_words as words
from web.simulation_charts import dot_chart

PATH = "/regio/simulatie"


@pytest.fixture
def data_dir(site: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(site.state, "settings", site.state.settings.model_copy(update={"data_dir": tmp_path}))
    return tmp_path


@pytest.fixture
def region(fresh_database: Migrated, program: Database, site: FastAPI, data_dir: Path) -> Desk:
    return a_desk(fresh_database, program, site, Role.REGION_ADMINISTRATOR, None)


def a_report(**changed: tuple[float, float]) -> Report:
    """All policies equal over two seeds, but for what the engine with rings is given."""
    load = (1.0, *([0.0] * (len(LOADS) - 1)))

    def figures(name: str, seed: int) -> Figures:
        own: dict[str, float | None] = (
            {measure: values[seed] for measure, values in changed.items()} if name == "rings" else {}
        )
        equal: dict[str, float | None] = dict.fromkeys(MEASURE_NAMES, 0.5 + seed / 100)
        return Figures(equal | own, load, f"{seed}")

    runs = {name: [figures(name, 0), figures(name, 1)] for name in POLICY_NAMES}
    return Report(
        commit="abc1234+", seeds=[7, 8], people=1234, days=90, helpers=321, requests=456.4, arrivals=["0", "1"],
        seconds=1.5, cores=2, policies=policies(runs), differences=differences(runs), calibration=calibration(runs),
    )  # fmt: skip


def test_without_a_simulation_the_page_says_how_to_make_one(region: Desk) -> None:
    answer = region.get(PATH)
    assert answer.status_code == 200
    assert "zorgvoorelkaar simulate" in answer.text
    assert "Er is nog geen jaar nagespeeld" in answer.text


def test_a_file_that_is_no_simulation_is_told_and_breaks_nothing(region: Desk, data_dir: Path) -> None:
    (data_dir / FILE_NAME).write_text('{"version": 1}')
    answer = region.get(PATH)
    assert answer.status_code == 200
    assert "niet te lezen" in answer.text


def test_the_page_says_what_was_played(region: Desk, data_dir: Path) -> None:
    keep(a_report(), data_dir / FILE_NAME)
    text = unescape(region.get(PATH).text)
    assert "2 keer gespeeld, met de nummers 7 tot en met 8." in text
    assert "1.234 mensen, van wie er 321 willen helpen" in text
    assert "90 dagen, met ongeveer 456 vragen" in text
    assert "Versie van het programma: abc1234+." in text
    assert "Er waren wijzigingen die nog niet vastlagen." in text


def test_what_the_engine_loses_on_is_told_from_the_figures(region: Desk, data_dir: Path) -> None:
    keep(a_report(), data_dir / FILE_NAME)
    assert "Afstand, gemiddeld: " not in unescape(region.get(PATH).text)
    keep(a_report(distance_km=(2.5, 2.52), gini=(0.3, 0.31)), data_dir / FILE_NAME)
    text = unescape(region.get(PATH).text)
    worse, better = text.index("Slechter"), text.index("Beter")
    assert worse < text.index("Afstand, gemiddeld: 2 km meer (tussen 1,9 en 2,1).") < better
    assert better < text.index("Ongelijkheid tussen helpers (0 is gelijk, 1 is alles bij één): 0,2 minder")


def test_a_long_list_of_what_is_better_folds_and_what_is_worse_does_not(region: Desk, data_dir: Path) -> None:
    low = dict.fromkeys(sorted(MEASURE_NAMES - {"requests", "helped"}), (0.2, 0.21))
    keep(a_report(**low), data_dir / FILE_NAME)
    text = unescape(region.get(PATH).text)
    figure = text[text.index("Slechter") : text.index("Slechter", text.index("Slechter") + 1)]
    worse, _, better = figure.partition("Beter")
    shown, folded, rest = better.partition("<details>")

    assert "minder" in worse
    assert "<details" not in worse
    assert shown.count("<li") == 6
    assert folded
    assert f"Nog {rest.count('<li')} punt" in rest


def test_every_picture_has_its_table(region: Desk, data_dir: Path) -> None:
    keep(a_report(), data_dir / FILE_NAME)
    text = region.get(PATH).text
    main = text[text.index("<main") :]
    pictures = main.count('role="img"')
    assert pictures == main.count("<details>") - 1  # the last table stands for itself
    assert pictures == 13


def test_only_the_region_reads_it(
    fresh_database: Migrated, program: Database, site: FastAPI, data_dir: Path
) -> None:
    keep(a_report(), data_dir / FILE_NAME)
    for role in (Role.BROKER, Role.MUNICIPALITY_ADMINISTRATOR):
        assert a_desk(fresh_database, program, site, role).get(PATH).status_code == 404


def test_every_policy_and_measure_has_its_words() -> None:
    assert words.POLICIES.keys() == set(POLICY_NAMES)
    assert words.MEASURES.keys() == MEASURE_NAMES - {"requests", "helped"}
    assert len(words.LOADS) == len(LOADS)


def test_dots_stand_on_one_scale_from_nothing_to_the_highest_bound() -> None:
    found = {policy.name: policy.measures["gini"] for policy in a_report(gini=(0.2, 0.2)).policies}
    unknown = found["list"].model_copy(update={"mean": None, "low": None, "high": None})
    chart = dot_chart(
        [("a", "", found["list"], False), ("b", "", found["rings"], True), ("c", "", unknown, True)]
    )
    high, low, none = chart.dots
    assert high.mean is not None
    assert low.mean is not None
    assert low.mean < high.low < high.mean < high.high == chart.width - chart.left
    assert none.mean is None
    assert dot_chart([]).height == 0
