"""A rebuild goes on aside: answers stay right and prompt meanwhile, and no change is lost."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from matching.brute import best_offers
from matching.cells import STRIDE
from matching.errors import UnknownRow
from matching.index import SMALLEST_DELTA, OfferIndex
from matching.kernel.load import without_kernel
from matching.store import Store
from matching.table import Table
from matching.types import Change, Offer
from tests.matching.worlds import BORDERS, GELDROP, REQUEST, alike, an_offer, offers, several


def crowd(size: int, category: int = 9) -> list[Offer]:
    """Many offers around the village, none of them for what is asked."""
    draw = random.Random(size)

    def cell() -> int:
        return GELDROP + draw.randint(-40, 40) * STRIDE + draw.randint(-40, 40)

    return [
        an_offer(id=UUID(int=n << 64 | 7), person_id=UUID(int=n), cell=cell(), categories=(category,))
        for n in range(1000, 1000 + size)
    ]


def near(number: int, **changes: object) -> Offer:
    """One that fits the request."""
    return an_offer(id=UUID(int=number), person_id=UUID(int=number), **changes)


@contextmanager
def rebuilding(index: OfferIndex) -> Iterator[threading.Thread]:
    """Another thread rebuilds until the block is left."""
    stop = threading.Event()

    def again() -> None:
        while not stop.is_set():
            index.rebuild()

    thread = threading.Thread(target=again)
    thread.start()
    yield thread
    stop.set()
    thread.join()


@pytest.mark.parametrize("form", ["kernel", "numpy"])
def test_answers_during_a_rebuild_are_right_and_hardly_later(form: str) -> None:
    index = OfferIndex([*crowd(100_000), *(near(number) for number in range(30))], borders=BORDERS)
    expected = index.top_k(REQUEST)
    if form == "numpy":
        with without_kernel():
            _answers_go_on(index, lambda: index.top_k(REQUEST) == expected)
    else:
        _answers_go_on(index, lambda: index.top_k(REQUEST) == expected)


def _answers_go_on(index: OfferIndex, right: Callable[[], bool]) -> None:
    """Most answers fit many times into one rebuild: had a lock kept them out, none would."""
    started = time.perf_counter()
    index.rebuild()
    alone_s = time.perf_counter() - started
    waits_s: list[float] = []
    with rebuilding(index):
        until = time.perf_counter() + 20 * alone_s
        while time.perf_counter() < until:
            asked = time.perf_counter()
            assert right()
            waits_s.append(time.perf_counter() - asked)
    waits_s.sort()
    assert len(waits_s) > 60  # three times as many as rebuilds
    assert waits_s[len(waits_s) * 9 // 10] < alone_s / 2


def test_what_changes_during_rebuilds_is_in_the_next_answer_and_stays() -> None:
    index = OfferIndex(crowd(20_000), borders=BORDERS)
    draw = random.Random(4)
    standing: dict[int, Offer] = {}
    with rebuilding(index):
        for version in range(1, 1500):
            number = draw.randrange(60)
            row: Offer | None = near(
                number, cell=GELDROP + draw.randint(-3, 3), last_proposed_days=draw.randrange(30)
            )
            if draw.random() < 0.3:
                row = None
            index.apply([Change(UUID(int=number), version, row)])
            standing.pop(number, None)
            if row is not None:
                standing[number] = row
            assert index.get(UUID(int=number)) == row
            if version % 50 == 0:
                assert index.top_k(REQUEST) == best_offers(REQUEST, standing.values(), BORDERS)
    index.rebuild()
    assert alike(lambda: index.top_k(REQUEST)) == best_offers(REQUEST, standing.values(), BORDERS)
    assert len(index) == 20_000 + len(standing)
    assert {row.id: row for row in index if row.id.int < 60} == {row.id: row for row in standing.values()}


def test_who_became_unavailable_a_moment_ago_is_in_no_later_answer() -> None:
    index = OfferIndex([*crowd(20_000), *(near(number) for number in range(500))], borders=BORDERS)
    gone: set[UUID] = set()
    wrong: list[UUID] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            before = set(gone)
            wrong.extend(match.offer_id for match in index.top_k(REQUEST, 500) if match.offer_id in before)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    with rebuilding(index):
        for thread in asking:
            thread.start()
        for number in range(500):
            index.apply([Change(UUID(int=number), 1, near(number, paused=True) if number % 2 else None)])
            gone.add(UUID(int=number))
            if number % 50 == 0:
                time.sleep(0.005)
        done.set()
        for thread in asking:
            thread.join()
    assert wrong == []
    assert index.top_k(REQUEST) == []


def test_a_full_delta_is_merged_by_a_thread_of_its_own() -> None:
    index = OfferIndex(borders=BORDERS)
    for number in range(4 * SMALLEST_DELTA):
        index.apply([Change(UUID(int=number), 1, near(number))])
    deadline = time.monotonic() + 20
    while index._store.table.size - index._store.table.built > SMALLEST_DELTA:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(index) == 4 * SMALLEST_DELTA


@given(several(offers, 30), st.data())
def test_a_copy_that_was_half_overwritten_is_mended_by_putting_its_changes_again(
    offered: list[Offer], data: st.DataObject
) -> None:
    """The worst that a rebuild may see: rows of which any field is already another's."""
    index = OfferIndex(offered, borders=BORDERS)
    table = index._store.table
    extent = table.extent()
    torn: Table[Offer] = table.sorted(*extent)
    touched = data.draw(st.lists(st.sampled_from(range(len(offered))), unique=True)) if offered else []
    changes = [
        Change(offered[at].id, 1, data.draw(st.none() | offers.map(_as(offered[at])))) for at in touched
    ]
    for change in changes:
        number = torn.records["id_lo"].tolist().index(change.id.int & 2**64 - 1)
        torn.records["person_lo"][number] = 99
        torn.records["bits"][number] = 0
        torn.records["slots_kinds"][number] = 0
        index.apply([change])
    fresh = Store(torn)
    for change in changes:
        fresh.put(change)
    assert sorted(fresh.rows(), key=lambda row: row.id) == sorted(index, key=lambda row: row.id)
    index._swap(fresh)
    assert alike(lambda: index.top_k(REQUEST)) == best_offers(REQUEST, list(index), BORDERS)


def _as(held: Offer) -> Callable[[Offer], Offer]:
    return lambda row: replace(row, id=held.id)


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    index = OfferIndex([near(1)], borders=BORDERS)

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Table, "sorted", full)
    with pytest.raises(MemoryError):
        index.rebuild()
    monkeypatch.undo()
    index.apply([Change(UUID(int=2), 1, near(2))])
    assert len(index.top_k(REQUEST)) == 2
    index.rebuild()
    assert len(index.top_k(REQUEST)) == 2


def test_a_row_that_is_not_there_cannot_be_explained() -> None:
    index = OfferIndex([near(1)], borders=BORDERS)
    with pytest.raises(UnknownRow) as refusal:
        alike(lambda: index.taken_apart(REQUEST, [UUID(int=1), UUID(int=5)]).tolist())
    assert refusal.value.row_id == UUID(int=5)
