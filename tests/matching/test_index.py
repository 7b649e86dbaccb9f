"""The indexes answer as brute force does, whatever happened to them before."""

import copy
import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from matching.brute import best_offers, best_requests
from matching.cells import STRIDE, cell_of
from matching.errors import BadRow, DuplicateId, NotWhole, OutOfRange, OutsideTheWorld, UnknownCategory
from matching.ids import key_of
from matching.index import OfferIndex, RequestIndex
from matching.kernel.search import MOST_K
from matching.types import Change, Offer, Request
from tests.matching.worlds import (
    BORDERS,
    GELDROP,
    OFFER,
    REQUEST,
    a_request,
    alike,
    an_offer,
    cells,
    offers,
    requests,
    several,
)

counts = st.sampled_from([0, 1, 2, 5, 20, MOST_K, MOST_K + 1])
EXAMPLES = 5_000 if os.environ.get("ZVE_TEST_LONG") else 400


@settings(max_examples=EXAMPLES)
@given(several(offers), requests, counts, st.integers(0, 5))
def test_the_best_offers_are_those_of_brute_force_in_its_order(
    offered: list[Offer], request: Request, k: int, seed: int
) -> None:
    index = OfferIndex(offered, borders=BORDERS, seed=seed)
    assert alike(lambda: index.top_k(request, k)) == best_offers(request, offered, BORDERS, seed=seed, k=k)


@settings(max_examples=EXAMPLES)
@given(several(requests), offers, counts, st.integers(0, 5))
def test_the_best_requests_are_those_of_brute_force_in_its_order(
    asked: list[Request], offer: Offer, k: int, seed: int
) -> None:
    index = RequestIndex(asked, borders=BORDERS, seed=seed)
    assert alike(lambda: index.top_k(offer, k)) == best_requests(offer, asked, BORDERS, seed=seed, k=k)


def easy_offers() -> st.SearchStrategy[list[Offer]]:
    """Many that fit, of few people and few scores: only ties and the one-per-person rule order them."""
    people = st.integers(1, 12).map(lambda number: UUID(int=number))
    offer = st.builds(
        lambda number, person, step: an_offer(id=UUID(int=number), person_id=person, cell=GELDROP + step),
        st.integers(0, 2**128 - 1), people, st.integers(0, 1),
    )  # fmt: skip
    return several(offer, 80)


@given(easy_offers(), counts, st.data())
def test_the_order_in_which_rows_came_changes_nothing(
    offered: list[Offer], k: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(offered))
    answer = alike(lambda: OfferIndex(offered, borders=BORDERS, seed=7).top_k(REQUEST, k))
    assert OfferIndex(shuffled, borders=BORDERS, seed=7).top_k(REQUEST, k) == answer
    assert answer == best_offers(REQUEST, offered, BORDERS, seed=7, k=k)
    assert len({match.person_id for match in answer}) == len(answer)


def changes(rows: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Change[Any]]]:
    """Changes to few keys, with versions in any order, moves and removals among them."""
    few = st.integers(0, 12).map(lambda number: UUID(int=number << 60))

    def a_change(key: UUID, version: int, row: Any) -> Change[Any]:
        return Change(key, version, None if row is None else replace(row, id=key))

    return st.lists(st.builds(a_change, few, st.integers(0, 2**40), rows | rows | st.none()), max_size=40)


def newest(log: list[Change[Any]]) -> list[Any]:
    """The rows that stand at the end: per key the highest version, the first to come at that version."""
    standing: dict[UUID, Change[Any]] = {}
    for change in log:
        held = standing.get(change.id)
        if held is None or change.version > held.version:
            standing[change.id] = change
    return [change.row for change in standing.values() if change.row is not None]


@given(changes(offers), requests, st.data())
def test_an_offer_index_after_any_changes_is_as_one_built_anew(
    log: list[Change[Offer]], request: Request, data: st.DataObject
) -> None:
    index = OfferIndex(borders=BORDERS)
    cut = data.draw(st.integers(0, len(log)))
    index.apply(log[:cut])
    if data.draw(st.booleans()):
        index.rebuild()
    index.apply(log[cut:])
    assert index.apply(log) == 0
    standing = newest(log)
    assert len(index) == len(standing)
    assert sorted(index, key=lambda row: row.id) == sorted(standing, key=lambda row: row.id)
    assert all(index.get(row.id) == row for row in standing)
    answer = alike(lambda: index.top_k(request))
    assert answer == OfferIndex(standing, borders=BORDERS).top_k(request)
    index.rebuild()
    assert index.top_k(request) == answer


@given(changes(requests), offers)
def test_a_request_index_after_any_changes_is_as_one_built_anew(
    log: list[Change[Request]], offer: Offer
) -> None:
    index = RequestIndex(borders=BORDERS)
    index.apply(log)
    standing = newest(log)
    assert sorted(index, key=lambda row: row.id) == sorted(standing, key=lambda row: row.id)
    assert alike(lambda: index.top_k(offer)) == best_requests(offer, standing, BORDERS)


def test_a_removed_offer_stays_removed_when_an_older_version_comes_late() -> None:
    index = OfferIndex([OFFER], borders=BORDERS, version=1)
    assert index.apply([Change(OFFER.id, 5, None), Change(OFFER.id, 4, OFFER)]) == 1
    assert index.top_k(REQUEST) == []
    index.rebuild()
    assert index.apply([Change(OFFER.id, 4, OFFER)]) == 0
    assert index.apply([Change(OFFER.id, 6, OFFER)]) == 1
    assert len(index.top_k(REQUEST)) == len(index) == 1


def test_many_changes_are_merged_without_being_asked() -> None:
    index = OfferIndex(borders=BORDERS)
    for number in range(1000):
        row = an_offer(id=UUID(int=number), person_id=UUID(int=number), last_proposed_days=number % 40)
        index.apply([Change(row.id, 1, row)])
    index.apply(Change(UUID(int=number), 2, None) for number in range(0, 1000, 2))
    standing = [row for row in index if row.id.int % 2]
    assert len(standing) == len(index) == 500
    assert index.top_k(REQUEST) == best_offers(REQUEST, standing, BORDERS)


@given(several(offers), requests, st.tuples(cells, cells))
def test_a_move_is_found_at_the_new_place_only(
    offered: list[Offer], request: Request, places: tuple[int, int]
) -> None:
    index = OfferIndex(offered, borders=BORDERS)
    moved = [replace(offer, cell=places[at % 2]) for at, offer in enumerate(offered)]
    index.apply(Change(offer.id, 1, offer) for offer in moved)
    assert alike(lambda: index.top_k(request)) == best_offers(request, moved, BORDERS)


@given(several(offers), requests)
def test_points_of_one_cell_get_one_answer(offered: list[Offer], request: Request) -> None:
    index = OfferIndex(offered, borders=BORDERS)
    points = [(51.4214, 5.5597), (51.42141, 5.5598), (51.4200, 5.5600)]
    placed = {cell_of(*point) for point in points}
    assert len(placed) == 1
    answers = [index.top_k(replace(request, cell=cell_of(*point))) for point in points]
    assert answers[0] == answers[1] == answers[2]


def test_an_exclusion_goes_with_the_row_that_made_it() -> None:
    wary = an_offer(excluded=frozenset([REQUEST.person_id]))
    index = OfferIndex([wary], borders=BORDERS)
    assert alike(lambda: index.top_k(REQUEST)) == []
    index.apply([Change(wary.id, 1, OFFER)])
    assert index.get(wary.id) == OFFER
    assert len(alike(lambda: index.top_k(REQUEST))) == 1
    index.apply([Change(wary.id, 2, wary)])
    index.rebuild()
    assert alike(lambda: index.top_k(REQUEST)) == []
    index.apply([Change(wary.id, 3, replace(wary, cell=GELDROP + 1))])
    assert alike(lambda: index.top_k(REQUEST)) == []
    index.apply([Change(wary.id, 4, None)])
    index.rebuild()
    assert list(index) == []


def test_a_category_named_twice_counts_once() -> None:
    offer = an_offer(categories=(3, 3, 7))
    assert len(RequestIndex([REQUEST], borders=BORDERS).top_k(offer)) == 1
    assert len(OfferIndex([offer], borders=BORDERS).top_k(REQUEST)) == 1


def test_answers_stay_whole_while_another_thread_changes_the_index() -> None:
    near = [an_offer(id=UUID(int=n), person_id=UUID(int=n)) for n in range(1, 60)]
    elsewhere = [an_offer(id=UUID(int=n), categories=(9,), cell=GELDROP + n % 9) for n in range(1000, 2500)]
    index = OfferIndex(near, borders=BORDERS)
    expected = index.top_k(REQUEST)
    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(lambda: [index.apply([Change(row.id, 1, row)]) for row in elsewhere])
        answers = [index.top_k(REQUEST)]
        while not changing.done():
            answers.append(index.top_k(REQUEST))
    assert all(answer == expected for answer in answers)
    assert len(index) == len(near) + sum(changing.result())


def test_an_empty_index_answers_nobody() -> None:
    assert alike(lambda: OfferIndex(borders=BORDERS).top_k(REQUEST)) == []
    assert alike(lambda: RequestIndex(borders=BORDERS).top_k(OFFER)) == []
    assert OfferIndex(borders=BORDERS).count(REQUEST) == 0


FAULTS: list[tuple[type[BadRow], str, Any]] = [
    (NotWhole, "minutes_per_week", float("nan")),
    (NotWhole, "minutes_per_week", math.inf),
    (NotWhole, "load_limit_minutes", -math.inf),
    (NotWhole, "cell", float("nan")),
    (NotWhole, "cell", math.inf),
    (NotWhole, "cell", True),
    (NotWhole, "radius_km", True),
    (NotWhole, "organisation", True),
    (UnknownCategory, "categories", (True,)),
    (UnknownCategory, "categories", (math.inf,)),
    (NotWhole, "radius_km", 2.5),
    (NotWhole, "load_minutes", None),
    (OutsideTheWorld, "cell", -1),
    (OutsideTheWorld, "cell", 2**30),
    (UnknownCategory, "categories", (64,)),
    (UnknownCategory, "categories", (-1,)),
    (OutOfRange, "slots", 1 << 28),
    (OutOfRange, "municipality_id", 10_000),
    (OutOfRange, "gender", 4),
    (OutOfRange, "radius_km", -1),
]


@pytest.mark.parametrize(("error", "field", "value"), FAULTS)
def test_a_bad_row_is_refused_by_name_and_nothing_is_taken(
    error: type[BadRow], field: str, value: Any
) -> None:
    index = OfferIndex([OFFER], borders=BORDERS)
    bad = an_offer(id=UUID(int=9), **{field: value})
    good = an_offer(id=UUID(int=8))
    with pytest.raises(error) as refusal:
        index.apply([Change(good.id, 1, good), Change(bad.id, 1, bad)])
    assert refusal.value.row_id == bad.id
    assert str(bad.id) in str(refusal.value)
    assert list(index) == [OFFER]
    with pytest.raises(error):
        OfferIndex([bad], borders=BORDERS)


def test_a_bad_request_is_refused_where_it_asks() -> None:
    with pytest.raises(UnknownCategory):
        OfferIndex(borders=BORDERS).top_k(a_request(category=64))
    with pytest.raises(OutOfRange):
        RequestIndex([a_request(urgency=4)], borders=BORDERS)


def test_a_key_occurs_once() -> None:
    with pytest.raises(DuplicateId) as refusal:
        OfferIndex([OFFER, an_offer(paused=True)], borders=BORDERS)
    assert refusal.value.row_id == OFFER.id


def test_a_change_speaks_of_its_own_row() -> None:
    with pytest.raises(BadRow):
        OfferIndex(borders=BORDERS).apply([Change(UUID(int=9), 1, OFFER)])


@pytest.mark.parametrize(
    ("error", "k"),
    [
        (OutOfRange, -1),
        (NotWhole, 2.5),
        (NotWhole, math.nan),
        (NotWhole, math.inf),
        (NotWhole, True),
        (NotWhole, None),
    ],
)
def test_what_is_no_count_is_refused(error: type[BadRow], k: Any) -> None:
    with pytest.raises(error) as refusal:
        OfferIndex([OFFER], borders=BORDERS).top_k(REQUEST, k)
    assert refusal.value.field == "k"
    with pytest.raises(error):
        RequestIndex([REQUEST], borders=BORDERS).top_k(OFFER, k)


@pytest.mark.parametrize("k", [0, 1, 10**12])
def test_any_count_gets_as_many_as_there_are(k: int) -> None:
    index = OfferIndex([an_offer(id=UUID(int=n), person_id=UUID(int=n)) for n in range(3)], borders=BORDERS)
    assert len(alike(lambda: index.top_k(REQUEST, k))) == min(k, 3)


def test_a_borrowed_key_is_as_good_as_one_that_was_made() -> None:
    whole = UUID("0192f0c4-5d8e-7a31-bb42-a1b2c3d4e5f6")
    assert key_of(whole.int) == whole
    assert (hash(key_of(whole.int)), str(key_of(whole.int))) == (hash(whole), str(whole))
    assert copy.deepcopy(key_of(whole.int)) == whole
    assert key_of(whole.int).is_safe is whole.is_safe


def test_an_offer_takes_about_a_hundred_bytes() -> None:
    number = 20_000
    cells = [GELDROP + STRIDE * (n % 41 - 20) + n // 41 % 41 - 20 for n in range(number)]
    rows = [an_offer(id=UUID(int=n), person_id=UUID(int=n), cell=cells[n]) for n in range(number)]
    index = OfferIndex(rows, borders=BORDERS)
    assert set(index.sizes()) == {"rows", "versions", "keys", "grid"}
    assert index.nbytes == sum(index.sizes().values()) <= 101 * number
