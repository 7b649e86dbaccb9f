"""The bound of the search, and that a kernel with a fault would not go unnoticed."""

import ctypes
import os
import shutil
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from matching.cells import STRIDE, metres_between
from matching.index import OfferIndex, RequestIndex
from matching.kernel import sources
from matching.kernel.load import without_kernel
from matching.kernel.search import Compiled
from matching.loading import offers_of, requests_of
from matching.score import score
from matching.types import Change, Offer, Request
from tests.matching.region import BORDERS, draw_offers, draw_requests, entangled
from tests.matching.worlds import GELDROP, a_request, alike, an_offer
from tools.build_kernel import compile_into, find_compiler

FAULTS: list[tuple[str, str, str]] = [
    # The rules, each left out or turned.
    ("score.h", "(offer->bits & needs) != needs", "0"),
    ("score.h", "offer->bits & needs", "needs & offer->bits & ~1ull"),
    ("score.h", "!(shared & SLOT_MASK)", "0"),
    ("score.h", "!(shared & ~SLOT_MASK)", "0"),
    ("score.h", "!(request->languages & offer->languages)", "0"),
    ("score.h", "!(request->categories & offer->categories)", "0"),
    ("score.h", "request->minutes > offer->minutes", "0"),
    ("score.h", "request->minutes > offer->minutes", "request->minutes >= offer->minutes"),
    ("score.h", "offer->load + request->minutes > offer->load_limit", "0"),
    ("score.h", "offer->load + request->minutes > offer->load_limit", "offer->load > offer->load_limit"),
    ("score.h", "offer->organisation && offer->organisation != request->organisation", "0"),
    ("score.h", "request->municipality == offer->municipality", "1"),
    ("score.h", "!(request->bits & offer->bits & CROSSES)", "0"),
    ("score.h", "return index->open_borders[", "return 1 || index->open_borders["),
    ("topk.c", "now->metres > 1000 * least(row->km, search->row->km)", "0"),
    ("topk.c", "least(row->km, search->row->km)", "search->row->km"),
    ("topk.c", "row->person_lo == search->row->person_lo && row->person_hi == search->row->person_hi", "0"),
    ("topk.c", "at < search->shunned_count", "at < 0"),
    ("topk.c", "at < search->shunned_by_count", "at < 0"),
    # The terms.
    *(("score.h", f"terms[{term}] = ", f"terms[{term}] = 0 * ") for term in (1, 2, 3, 4, 5, 8, 10)),
    ("score.h", "terms[0] = most(", "terms[0] = 0 * most("),
    ("score.h", "terms[6] = -least", "terms[6] = 0 * least"),
    ("score.h", "terms[7] = -ASKED", "terms[7] = 0 * ASKED"),
    ("score.h", "terms[9] = request->vulnerable ? VULNERABLE_POINTS", "terms[9] = request->vulnerable ? 0"),
    # The search: its bound, its order, its reach.
    ("topk.c", "if (one->tie != other->tie) return one->tie < other->tie;", ""),
    ("topk.c", "if (now->index->of_offers)", "if (0)"),
    ("topk.c", "(NEAR_POINTS - needed + 1) - 1", "(NEAR_POINTS - needed - 20)"),
    ("topk.c", "away ? 0 : NEIGHBOUR_POINTS", "-NEIGHBOUR_POINTS"),
    ("topk.c", "least(widths[side] + 1, km)", "least(widths[side] - 1, km)"),
    ("topk.c", "    scan_added(&now);\n", ""),
    ("topk.c", "*entry < end", "*entry < end - 1"),
    ("topk.c", "most(middle - width, index->first_column)", "most(middle - width + 1, index->first_column)"),
    ("score.h", "1 + chord_2 * index->stretch", "1.0001"),
    ("score.h", "count_bits(skills), MOST_SKILLS", "count_bits(skills) - 1, MOST_SKILLS"),
]
TRIED = FAULTS if os.environ.get("ZVE_TEST_LONG") else FAULTS[::7]

ALL: dict[str, Any] = {
    "slots": 0b111111, "languages": 0b111, "skills": 0b1111, "radius_km": 25, "minutes_per_week": 600,
    "proposal_cap": 6,
}  # fmt: skip
AWAY = [(0, 1), (1, 0), (-1, 2), (0, 5), (0, -5), (5, 0), (-4, 3), (3, 4), (0, 8), (6, -4), (-8, 0)]


def only_just_better(rows: int, columns: int) -> tuple[OfferIndex, Request]:
    """Twenty at home, and one far away with the most of all other terms, who scores a point more."""
    far = an_offer(id=UUID(int=1), person_id=UUID(int=1), cell=GELDROP + rows * STRIDE + columns, **ALL)
    request = a_request(slots=0b111111, languages=0b111, skills_wished=0b1111, max_km=25)
    behind = 40 + metres_between(GELDROP, far.cell) // 50 + 1
    asked = min(behind // 30, 5)
    home = ALL | {
        "load_minutes": 10 * (behind - 30 * asked),
        "load_limit_minutes": 1000,
        "proposals_this_week": asked,
    }
    near = [an_offer(id=UUID(int=n), person_id=UUID(int=n), **home) for n in range(2, 22)]
    assert score(request, far) == score(request, near[0]) + 1
    return OfferIndex([far, *near], borders=BORDERS, seed=3), request


def only_just_more_urgent(rows: int, columns: int) -> tuple[RequestIndex, Offer]:
    """The same for somebody who offers: the far one scores up to four points more."""
    cell = GELDROP + rows * STRIDE + columns
    asked: dict[str, Any] = {
        "slots": 0b111111, "languages": 0b111, "skills_wished": 0b1111, "max_km": 25, "vulnerable": True
    }  # fmt: skip
    far = a_request(id=UUID(int=1), cell=cell, urgency=3, days_waiting=30, **asked)
    behind = 40 + metres_between(GELDROP, cell) // 50 + 1
    less_urgent = min(behind // 60, 3)
    waited = 30 - -(-(behind - 60 * less_urgent) // 4)
    near = [
        a_request(id=UUID(int=n), urgency=3 - less_urgent, days_waiting=waited, **asked) for n in range(2, 22)
    ]
    offer = an_offer(**ALL)
    assert 0 < score(far, offer) - score(near[0], offer) <= 4
    return RequestIndex([far, *near], borders=BORDERS, seed=3), offer


@pytest.mark.parametrize("away", AWAY)
def test_who_is_only_just_better_is_found_however_far(away: tuple[int, int]) -> None:
    offers, request = only_just_better(*away)
    assert alike(lambda: offers.top_k(request))[0].offer_id == UUID(int=1)
    requests, offer = only_just_more_urgent(*away)
    assert alike(lambda: requests.top_k(offer))[0].request_id == UUID(int=1)


@lru_cache(maxsize=1)
def questions() -> list[tuple[Any, list[Any]]]:
    """Indexes with rows added since they were built, each with questions that every rule and term decide."""
    draw = np.random.default_rng(5)
    size, number = 30_000, 150
    drawn, wanted = draw_offers(draw, size, people=size // 30), draw_requests(draw, size, people=size // 2)
    askers = list(RequestIndex(requests_of(wanted.columns), borders=BORDERS))[:: size // number]
    helpers = list(OfferIndex(offers_of(drawn.columns), borders=BORDERS))[:: size // number]
    first = OfferIndex(offers_of(drawn.columns), borders=BORDERS, seed=3)
    askers, excluded = entangled(askers, [[m.offer_id for m in first.top_k(r)] for r in askers], drawn)
    offers = OfferIndex(offers_of(drawn.columns, excluded), borders=BORDERS, seed=3)
    moved = [replace(row, categories=(1, 7), cell=row.cell + 1) for row in list(offers)[:: size // 600]]
    offers.apply(Change(row.id, 1, row) for row in moved)
    requests = RequestIndex(requests_of(wanted.columns), borders=BORDERS, seed=3)
    edges: list[tuple[Any, Any]] = [only_just_better(*away) for away in AWAY]
    edges += [only_just_more_urgent(*away) for away in AWAY]
    return [(offers, askers), (requests, helpers), *((index, [row]) for index, row in edges)]


def answers(mutant: ctypes.CDLL | None = None) -> list[Any]:
    """All answers, by the kernel that is given or by the one that there is."""
    found = []
    for index, asking in questions():
        whole = index._compiled
        if mutant is not None:
            index._compiled = Compiled(mutant, index._store, BORDERS, 3)
        found += [index.top_k(row) for row in asking]
        index._compiled = whole
    return found


@pytest.mark.skipif(find_compiler() is None, reason="there is no C compiler here")
@pytest.mark.long
@pytest.mark.parametrize(("name", "right", "wrong"), TRIED)
def test_a_kernel_with_a_fault_gives_another_answer_somewhere(
    name: str, right: str, wrong: str, tmp_path: Path
) -> None:
    for path in [*sources.sources(), *sources.FOLDER.glob("*.h")]:
        shutil.copy(path, tmp_path)
    text = (tmp_path / name).read_text()
    assert text.count(right) == 1, "the fault no longer has its place"
    (tmp_path / name).write_text(text.replace(right, wrong))
    compiler = find_compiler()
    assert compiler is not None
    library = tmp_path / "faulty.so"
    done = compile_into(compiler, [tmp_path / "topk.c", tmp_path / "explain.c"], library)
    assert library.exists(), done.stdout
    assert answers(ctypes.CDLL(str(library))) != answers()


def test_a_kernel_without_a_fault_answers_as_numpy_does() -> None:
    found = answers()
    with without_kernel():
        assert answers() == found
