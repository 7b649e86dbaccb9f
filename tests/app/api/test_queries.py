"""A list over HTTP costs as many queries at many rows as at one."""

import pytest

from app.db import Database as Program
from tests.app.api.conftest import OFFER, WALK, Api, on_day
from tests.queries import count_queries

MORE = 4
LISTS = [
    "/hulpvragen",
    "/hulpvragen?zoek=weekmarkt",
    "/hulpvragen?mijn=true",
    "/hulpaanbod",
    "/hulpaanbod?zoek=wandelen",
    "/voorstellen",
    "/passende-hulpvragen",
    "/afspraken",
    "/meldingen",
    "/roosjesrekeningen/mijn/boekingen",
]


@pytest.fixture
def grown(program: Program, ria: Api, youssef: Api) -> dict[str, tuple[int, int]]:
    """For each list and each of two people: queries at one row of everything, and at more."""
    costs = []
    for day in range(1, 1 + MORE):
        youssef.made("/hulpaanbod", OFFER)
        ria.made("/hulpvragen", WALK)
        question = ria.made("/hulpvragen", WALK)
        proposal = youssef.made(f"/hulpvragen/{question['id']}/aanmeldingen")
        agreement = ria.made(f"/voorstellen/{proposal['id']}/afspraken", on_day(program, day))
        pay = {"aan": agreement["helper"]["id"], "minuten": 5}
        ria.post("/roosjesrekeningen/mijn/betalingen", pay, key=agreement["id"])
        if day in (1, MORE):
            costs.append(cost(program, ria) | cost(program, youssef))
    return {name: (costs[0][name], costs[1][name]) for name in costs[0]}


def cost(program: Program, api: Api) -> dict[str, int]:
    """How many queries each list takes."""
    found = {}
    for path in LISTS:
        with count_queries(program.engine) as queries:
            answer = api.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, path
        found[f"{path} {api.client.headers['authorization'][-4:]}"] = queries.count
    return found


def test_lists_cost_a_constant_number_of_queries(grown: dict[str, tuple[int, int]]) -> None:
    assert {name: costs for name, costs in grown.items() if costs[1] > costs[0]} == {}
