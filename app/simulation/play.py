"""All policies over all seeds, on as many processes as are wanted."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from app.simulation.compare import calibration, differences, policies
from app.simulation.drawing import build
from app.simulation.measures import Figures, measure
from app.simulation.policies import POLICIES
from app.simulation.report import Report
from app.simulation.world import Scale, World
from app.simulation.year import Year

FIRST_SEED: Final = 1771
Progress = Callable[[str, int, int], None]
"""Told what was just played, how many runs are done, and of how many."""
Job = tuple[int, Scale, str]


class ArrivalsDiffer(AssertionError):
    """Two policies of one seed were asked different things: then nothing can be compared."""


def play(scale: Scale, seeds: int, *, processes: int = 1, progress: Progress | None = None) -> Report:
    """Every policy on every seed, compared."""
    since = time.perf_counter()
    numbers = list(range(FIRST_SEED, FIRST_SEED + seeds))
    jobs = [(seed, scale, name) for seed in numbers for name in POLICIES]
    found: dict[tuple[int, str], Figures] = {}
    for (seed, _, name), figures in zip(jobs, _played(jobs, processes), strict=True):
        found[seed, name] = figures
        if progress is not None:
            progress(name, len(found), len(jobs))
    runs = {name: [found[seed, name] for seed in numbers] for name in POLICIES}
    drawn = policies(runs)
    return Report(
        commit=commit(),
        seeds=numbers,
        people=scale.people,
        days=scale.days,
        helpers=len(_world(numbers[0], scale).helpers),
        requests=drawn[0].measures["requests"].mean or 0.0,
        arrivals=_same_arrivals(runs),
        seconds=round(time.perf_counter() - since, 1),
        cores=os.cpu_count() or 1,
        policies=drawn,
        differences=differences(runs),
        calibration=calibration(runs),
    )


def _same_arrivals(runs: dict[str, list[Figures]]) -> list[str]:
    by_seed = [{figures.arrivals for figures in of_seed} for of_seed in zip(*runs.values(), strict=True)]
    if any(len(found) != 1 for found in by_seed):
        raise ArrivalsDiffer
    return [found.pop() for found in by_seed]


def _played(jobs: Sequence[Job], processes: int) -> Iterator[Figures]:
    """In the order of the jobs."""
    if processes == 1:
        yield from map(run, jobs)
        return
    # A fresh interpreter each: a fork would copy the thread that draws the progress bar.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(run, jobs)


def run(job: Job) -> Figures:
    """One policy on one seed."""
    seed, scale, name = job
    return measure(Year(_world(seed, scale), POLICIES[name]()).play())


@lru_cache(maxsize=1)
def _world(seed: int, scale: Scale) -> World:
    return build(seed, scale)


def commit() -> str:
    """The commit that is played, with a plus when files were changed since; empty outside a checkout."""
    here = Path(__file__).parent
    try:
        head, changed = (
            subprocess.run(
                ["git", *command], cwd=here, capture_output=True, text=True, check=True
            ).stdout.strip()
            for command in (
                ("rev-parse", "--short", "HEAD"),
                ("status", "--porcelain", "--untracked-files=no"),
            )
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changed else "")
