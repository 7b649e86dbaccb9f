"""The sums of ADR 0036 are those that the tool prints."""

from tests.databases import ROOT
from tools import sums


def test_the_table_of_the_decision_is_the_one_that_is_reckoned() -> None:
    page = (ROOT / "docs" / "adr" / "0036-many-machines.md").read_text(encoding="utf-8")

    assert "\n".join(sums.table()) in page


def test_a_country_is_its_regions_together() -> None:
    region, _, country, *_ = sums.SCALES

    assert abs(country.gigabytes - sums.REGIONS * region.gigabytes) < 0.01 * country.gigabytes
    assert country.writes_a_second < sums.LEDGER_PER_S / 2
