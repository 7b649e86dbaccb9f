"""A few kills; `make test-faults` kills more than a hundred times, at every point."""

import os
import random

from tests.faults.clients import Act
from tests.faults.play import Size, play, schedule
from tests.faults.points import ALL, QUICK

SEED = int(os.environ.get("ZVE_FAULTS_SEED", "1771"))


def test_what_was_acknowledged_is_there_once_after_server_and_worker_were_killed() -> None:
    report = play(QUICK, len(QUICK), SEED, Size(clients=4, each=3))

    assert report.found == []
    assert set(report.kills) == set(QUICK)
    assert report.again > 0
    assert report.done_before > 0
    assert min(report.acknowledged[act] for act in Act) > 0


def test_every_point_is_in_the_schedule_as_often_as_any_other() -> None:
    planned = [point for point, _ in schedule(ALL, 2 * len(ALL), random.Random(SEED))]

    assert all(planned.count(point) == 2 for point in ALL)
    assert planned == [point for point, _ in schedule(ALL, 2 * len(ALL), random.Random(SEED))]
