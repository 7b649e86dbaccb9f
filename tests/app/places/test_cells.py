"""Distances between cells, as they may be shown."""

import pytest
from sqlalchemy.orm import Session

from app.places.cells import cell_of, centre, distance_km, distance_text, rounded_km
from app.places.postcodes import parse
from app.places.service import place_of


def test_two_points_in_one_cell_are_less_than_a_kilometre_apart() -> None:
    middle = cell_of(51.42, 5.56)
    assert distance_km(middle, cell_of(*centre(middle))) == 0
    assert distance_text(0) == "minder dan 1 km"


def test_geldrop_lies_about_six_kilometres_from_eindhoven() -> None:
    assert 5 < distance_km(cell_of(51.4205, 5.5594), cell_of(51.4416, 5.4697)) < 8


@pytest.mark.parametrize(
    ("km", "shown", "text"),
    [
        (0.999, None, "minder dan 1 km"),
        (1.0, 1.0, "1,0 km"),
        (1.44, 1.4, "1,4 km"),
        (9.94, 9.9, "9,9 km"),
        (9.96, 10.0, "10 km"),
        (12.5, 12.0, "12 km"),
        (123.6, 124.0, "124 km"),
    ],
)
def test_a_distance_is_rounded_to_what_helps_in_choosing(km: float, shown: float | None, text: str) -> None:
    assert rounded_km(km) == shown
    assert distance_text(km) == text


def test_every_house_of_a_neighbourhood_is_in_one_cell(session: Session) -> None:
    places = {place_of(session, parse(f"5664 {letters}")) for letters in ("AA", "HJ", "ZX")}
    assert len(places) == 1
