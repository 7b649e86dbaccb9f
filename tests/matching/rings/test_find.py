"""From people with offers and requests to rings: which arcs there are, how each explains itself, what is refused."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from matching.borders import NO_BORDERS
from matching.brute import best_offers
from matching.errors import BadRow, DuplicateId, NotWhole, OutOfRange, OutsideTheWorld
from matching.explain import explain
from matching.rings import find
from matching.rings.find import find_rings
from matching.rings.graph import graph_of
from matching.rings.types import Arc, Member
from matching.rules import first_failed
from matching.types import Offer, Request
from tests.matching.worlds import BORDERS, GELDROP, a_request, an_offer, offers, requests, several

PERSONS = [UUID(int=number << 62) for number in range(8)]


def members_of(offered: list[Offer], asked: list[Request]) -> list[Member]:
    """Everybody with what is theirs, some of them with nothing."""
    return [
        Member(
            person,
            [request for request in asked if request.person_id == person],
            [offer for offer in offered if offer.person_id == person],
        )
        for person in PERSONS
    ]


@settings(max_examples=120)
@given(several(offers, 16), several(requests, 16), st.integers(0, 9))
def test_there_is_an_arc_for_every_two_whom_the_rules_let_through(
    offered: list[Offer], asked: list[Request], seed: int
) -> None:
    graph = graph_of(members_of(offered, asked), BORDERS, seed)
    pairs = list(zip(graph.fits.givers.tolist(), graph.fits.receivers.tolist(), strict=True))
    arcs = dict(zip(pairs, graph.arcs(pairs), strict=True))
    assert list(arcs) == sorted(arcs)
    for giver, person in enumerate(PERSONS):
        for receiver, other in enumerate(PERSONS):
            theirs = [offer for offer in offered if offer.person_id == person]
            best = [best_offers(r, theirs, BORDERS, seed=seed, k=1) for r in asked if r.person_id == other]
            scores = [each[0].score for each in best if each]
            assert max(scores, default=None) == getattr(arcs.get((giver, receiver)), "score", None)


@settings(max_examples=80)
@given(several(offers, 16), several(requests, 16), st.integers(2, 4))
def test_every_arc_of_a_ring_holds_and_its_terms_sum_to_its_score(
    offered: list[Offer], asked: list[Request], longest: int
) -> None:
    by_id = {row.id: row for row in offered}
    wanted = {row.id: row for row in asked}
    found = find_rings(members_of(offered, asked), BORDERS, longest=longest)
    assert found.served <= found.upper_bound
    for ring in found.rings:
        for arc in ring.arcs:
            offer, request = by_id[arc.offer_id], wanted[arc.request_id]
            assert (offer.person_id, request.person_id) == (arc.giver_id, arc.receiver_id)
            assert first_failed(request, offer, BORDERS) is None
            explained = explain(request, offer)
            assert sum(explained.terms.values()) == explained.score == arc.score
            assert explained.distance_m == arc.distance_m


def a_member(number: int, gives: int, asks: int, **changes: Any) -> Member:
    """Somebody of whom only the categories matter."""
    person = UUID(int=number)
    request = a_request(id=UUID(int=100 + number), person_id=person, category=asks)
    return Member(
        person,
        [request],
        [an_offer(id=UUID(int=200 + number), person_id=person, categories=(gives,), **changes)],
    )


def with_row(member: Member, row: Offer | Request) -> Member:
    """The member with this row and no other of its kind."""
    return replace(member, offers=[row]) if isinstance(row, Offer) else replace(member, requests=[row])


def test_three_who_each_need_what_the_next_one_gives_form_a_ring() -> None:
    found = find_rings([a_member(1, 3, 5), a_member(2, 4, 3), a_member(3, 5, 4)], NO_BORDERS)
    assert [ring.people for ring in found.rings] == [(UUID(int=1), UUID(int=2), UUID(int=3))]
    assert (found.served, found.upper_bound, found.optimal) == (3, 3, True)


def test_a_ring_longer_than_asked_for_is_none_but_counts_in_the_bound() -> None:
    five = [a_member(number, number, number % 5 + 1) for number in range(1, 6)]
    found = find_rings(five, NO_BORDERS)
    assert (found.rings, found.served, found.upper_bound, found.optimal) == ((), 0, 5, True)


def test_nobody_and_people_with_nothing_to_ask_or_offer_are_an_empty_answer() -> None:
    assert find_rings([], NO_BORDERS).rings == ()
    only_asks = replace(a_member(1, 3, 4), offers=[])
    only_gives = replace(a_member(2, 4, 3), requests=[])
    found = find_rings([only_asks, only_gives, Member(UUID(int=3), [], [])], NO_BORDERS)
    assert (found.rings, found.served, found.upper_bound, found.optimal) == ((), 0, 0, True)


@pytest.mark.parametrize("longest", [1, 5, 0, -2])
def test_no_ring_is_longer_than_four_or_shorter_than_two(longest: int) -> None:
    with pytest.raises(OutOfRange, match="longest"):
        find_rings([], NO_BORDERS, longest=longest)


@pytest.mark.parametrize("longest", [2.5, float("nan"), True, None])
def test_the_longest_ring_is_a_whole_number(longest: Any) -> None:
    with pytest.raises(NotWhole, match="longest"):
        find_rings([], NO_BORDERS, longest=longest)


def test_a_member_who_comes_twice_is_named() -> None:
    with pytest.raises(DuplicateId) as refused:
        find_rings([a_member(1, 3, 4), a_member(1, 4, 3)], NO_BORDERS)
    assert refused.value.row_id == UUID(int=1)


@pytest.mark.parametrize("field", ["offers", "requests"])
def test_a_row_that_comes_twice_is_named(field: str) -> None:
    one, other = a_member(1, 3, 4), a_member(2, 4, 3)
    row = replace(getattr(one, field)[0], person_id=other.person_id)
    with pytest.raises(DuplicateId) as refused:
        find_rings([one, with_row(other, row)], NO_BORDERS)
    assert refused.value.row_id == row.id


@pytest.mark.parametrize("field", ["offers", "requests"])
def test_a_row_of_somebody_else_is_named(field: str) -> None:
    member = a_member(1, 3, 4)
    row = replace(getattr(member, field)[0], person_id=UUID(int=9))
    with pytest.raises(BadRow, match="person_id") as refused:
        find_rings([with_row(member, row)], NO_BORDERS)
    assert refused.value.row_id == row.id


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"cell": float("nan")}, NotWhole),
        ({"cell": -5}, OutsideTheWorld),
        ({"radius_km": float("inf")}, NotWhole),
        ({"minutes_per_week": -1}, OutOfRange),
    ],
)
def test_a_faulty_row_is_named(change: dict[str, Any], error: type[BadRow]) -> None:
    with pytest.raises(error) as refused:
        find_rings([a_member(1, 3, 4), a_member(2, 4, 3, **change)], NO_BORDERS)
    assert refused.value.row_id == UUID(int=202)


def test_no_common_time_makes_no_ring() -> None:
    late = a_member(2, 4, 3, slots=1 << 27)
    assert find_rings([a_member(1, 3, 4), late], NO_BORDERS).rings == ()


def test_more_members_than_fit_in_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "MOST_MEMBERS", 1)
    with pytest.raises(OutOfRange, match="members"):
        find_rings([a_member(1, 3, 4, cell=GELDROP), a_member(2, 4, 3)], NO_BORDERS)


def test_an_arc_is_a_plain_value() -> None:
    found = find_rings([a_member(1, 3, 4), a_member(2, 4, 3)], NO_BORDERS)
    assert all(isinstance(arc, Arc) for ring in found.rings for arc in ring.arcs)
    assert isinstance(found.served, int)
    assert isinstance(found.upper_bound, int)
    assert isinstance(found.rings[0].arcs[0].score, int)
