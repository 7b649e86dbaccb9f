"""The map of the desk: what is drawn can be found in the table, without colour and without a pointer."""

import re
from dataclasses import replace

import pytest

from app.places.maps import Spot, map_shape
from app.reports.map import Area
from tests.web.desks.helpers import Desk
from web.pages.desk_figures import _drawn

CELL = map_shape([Spot(5664, 1771, 51.42, 5.56)]).cells[0]
AREA = Area(5664, "Geldrop", 12, 7)


def test_every_neighbourhood_has_one_number_on_the_map_and_in_the_table(desk: Desk) -> None:
    page = desk.get("/bureau/kaart").text

    drawn = re.findall(r'text-anchor="middle">(\d+)</text>', page)
    told = re.findall(r'<th scope="row">(\d+)\. ', page)

    assert len(told) > 3
    assert told == [str(number) for number in range(1, len(told) + 1)]
    assert sorted(drawn, key=int) == told
    assert page.count("Aanbod: het aantal ruiten onder het nummer") == 1


@pytest.mark.parametrize(("offers", "diamonds"), [(None, None), (5, 1), (9, 1), (10, 2), (19, 2), (20, 3)])
def test_offers_are_drawn_as_diamonds_and_a_hidden_count_as_none(
    offers: int | None, diamonds: int | None
) -> None:
    drawn = _drawn(CELL, 3, replace(AREA, offers=offers))

    assert (drawn.number, drawn.diamonds) == (3, diamonds)


def test_requests_are_a_colour_and_a_hidden_count_a_hatching() -> None:
    assert _drawn(CELL, 1, AREA).fill == "var(--green-mid)"
    assert _drawn(CELL, 1, replace(AREA, requests=None)).fill == "url(#hatch-map)"
