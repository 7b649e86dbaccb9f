"""What is another's cannot be told from what is not there: not by the answer, and not by how long it takes."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from app.db import Database as Program
from app.ids import uuid7
from tests.app.api.conftest import WALK, Api
from tests.app.conftest import rows_of
from tests.databases import Database
from tests.queries import count_queries

ROUNDS = 40
SLACK_S = 0.004
"""Less than one query more would take on a busy machine, over the median of all rounds."""


def test_anothers_row_takes_the_work_and_the_time_of_none(program: Program, ria: Api, neighbour: Api) -> None:
    draft = ria.made("/hulpvragen", WALK | {"concept": True})
    hidden = ria.made("/hulpvragen", WALK | {"zichtbaarVoor": "makelaar"})
    acts: list[Callable[[str], Any]] = [
        lambda id: neighbour.get(f"/hulpvragen/{id}"),
        lambda id: neighbour.put(f"/hulpvragen/{id}", WALK | {"versie": 1}),
        lambda id: neighbour.post(f"/hulpvragen/{id}/intrekkingen"),
        lambda id: neighbour.client.delete(f"/api/v1/hulpvragen/{id}"),
    ]

    for act in acts:
        for theirs in (draft["id"], hidden["id"]):
            act(theirs)
            assert work(program, act, theirs) == work(program, act, str(uuid7()))
    there, nowhere = [], []
    for _ in range(ROUNDS):
        there.append(seconds(acts[0], hidden["id"]))
        nowhere.append(seconds(acts[0], str(uuid7())))
    # a machine that is twice as slow is twice as uneven; that the work is the same was said above
    assert abs(median(there) - median(nowhere)) < max(SLACK_S, median(nowhere) / 2)


def work(program: Program, act: Callable[[str], Any], id: str) -> list[str]:
    """The statements that a refusal takes."""
    with count_queries(program.engine) as queries:
        assert act(id).status_code == 404
    return queries.statements


def seconds(act: Callable[[str], Any], id: str) -> float:
    """How long a refusal takes."""
    started = time.perf_counter()
    act(id)
    return time.perf_counter() - started


def test_a_draft_is_thrown_away_by_its_author_only(
    ria: Api, neighbour: Api, marja: Api, fresh_database: Database
) -> None:
    draft = ria.made("/hulpvragen", WALK | {"concept": True})
    path = f"/api/v1/hulpvragen/{draft['id']}"

    assert {who.client.delete(path).status_code for who in (neighbour, marja)} <= {403, 404}
    assert rows_of(fresh_database, "SELECT status FROM help_request")[0].status == "draft"
    assert ria.client.delete(path).status_code == 204
    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == 0
