"""A ring goes ahead when all say yes, and otherwise leaves everything as it was."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.sign_in import act_as
from app.agreements import agree
from app.distribution.region import situation
from app.help_offers import service as help_offers
from app.help_requests import service as help_requests
from app.jobs import tasks
from app.matches import answer as matches, propose as proposing
from app.matches.index import MatchIndex
from app.rings import answer, parts, propose
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_helper, an_appointment
from tests.app.rings.three import Circle, circle

__all__ = ["circle"]


def test_three_who_each_need_what_the_next_one_does_are_asked_for_a_ring(circle: Circle) -> None:
    (ring,) = circle.find()

    arcs = rows_of(
        circle.database, "SELECT giver_id, receiver_id, title, score, terms FROM ring_arc ORDER BY position"
    )
    assert {(row.giver_id, row.receiver_id, row.title) for row in arcs} == {
        (circle.ria.person_id, circle.kees.person_id, "Een eindje lopen"),
        (circle.kees.person_id, circle.ans.person_id, "De zware boodschappen"),
        (circle.ans.person_id, circle.ria.person_id, "Een warme maaltijd"),
    }
    assert all(sum(row.terms.values()) == row.score for row in arcs)
    told = rows_of(
        circle.database,
        "SELECT person_id FROM notice WHERE kind = 'ring-proposed' AND subject_id = :id",
        id=ring,
    )
    assert {row[0] for row in told} == {member.person_id for member in circle.members}


def test_a_ring_tells_the_desk_how_good_the_search_was(
    circle: Circle, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="zorgvoorelkaar.rings")
    circle.find()

    [row] = rows_of(circle.database, "SELECT members, served, upper_bound, optimal FROM ring")
    assert tuple(row) == (3, 3, 3, True)
    assert "rings: 1, with 3 people of at most 3, among 3 who ask and offer; proven optimal" in caplog.text


def test_more_people_than_one_search_holds_are_looked_through_in_parts(
    circle: Circle, caplog: pytest.LogCaptureFixture
) -> None:
    with circle.program.transaction() as session:
        seen = situation(session)
        members = propose.members_of(seen, set(), frozenset())
        borders = MatchIndex.of(session).borders
    whole, in_two = parts.find(members, borders, most=3), parts.find(members, borders, most=2)

    assert (whole.served, whole.upper_bound, whole.optimal) == (3, 3, True)
    # no ring of two people: each needs what the third one does
    assert (in_two.served, in_two.upper_bound, in_two.optimal) == (0, 3, False)
    assert "3 people are more than one search for rings holds: 2 parts" in caplog.text


def test_a_second_night_asks_nobody_who_is_in_a_live_ring(circle: Circle) -> None:
    assert circle.find() == circle.find()


def test_nothing_goes_ahead_before_all_have_said_yes(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    circle.says_yes(circle.kees, ring)
    tasks.carry_out_ring(circle.work, str(ring))

    assert circle.state(ring) == ("proposed", "")
    assert circle.waiting_jobs("rings.carry_out") == 0
    assert circle.count("SELECT count(*) FROM proposal") == 0


def test_when_all_agree_each_asker_plans_a_day_on_the_ordinary_path(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.all_say_yes(ring)
    assert circle.waiting_jobs("rings.carry_out") == 1
    tasks.carry_out_ring(circle.work, str(ring))

    assert circle.state(ring) == ("agreed", "")
    proposals = rows_of(circle.database, "SELECT id, asker_id, helper_id, status, origin FROM proposal")
    assert {(row.asker_id, row.helper_id, row.status, row.origin) for row in proposals} == {
        (circle.kees.person_id, circle.ria.person_id, "willing", "ring"),
        (circle.ans.person_id, circle.kees.person_id, "willing", "ring"),
        (circle.ria.person_id, circle.ans.person_id, "willing", "ring"),
    }
    for row in proposals:
        with circle.program.transaction() as session:
            asker = act_as(session, row.asker_id)
            agreed = agree.agree(session, asker, row.id, an_appointment(session))
            assert (agreed.asker_id, agreed.helper_id) == (row.asker_id, row.helper_id)
    assert circle.count("SELECT count(*) FROM help_request WHERE status = 'filled'") == 3
    assert circle.count("SELECT count(*) FROM notice WHERE kind = 'ring-agreed'") == 3


def test_carrying_out_twice_happens_once(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.all_say_yes(ring)
    for _ in range(2):
        tasks.carry_out_ring(circle.work, str(ring))
    assert circle.count("SELECT count(*) FROM proposal") == 3
    assert circle.count("SELECT count(*) FROM notice WHERE kind = 'ring-agreed'") == 3


def test_a_no_dissolves_the_ring_and_the_others_are_told_kindly(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    circle.says_no(circle.kees, ring)
    tasks.ring_ended(circle.work, str(ring))

    assert circle.state(ring) == ("dissolved", "no")
    told = rows_of(circle.database, "SELECT person_id FROM notice WHERE kind = 'ring-ended'")
    assert {row[0] for row in told} == {circle.ria.person_id, circle.ans.person_id}
    assert circle.count("SELECT count(*) FROM help_request WHERE status = 'open'") == 3
    assert circle.count("SELECT count(*) FROM ring_arc WHERE live") == 0
    with circle.program.transaction() as session, pytest.raises(answer.RingEnded):
        answer.yes(session, act_as(session, circle.ans.person_id), ring)


def test_who_said_no_is_written_in_no_step_that_members_can_read(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_no(circle.kees, ring)
    steps = rows_of(
        circle.database,
        "SELECT by_person_id FROM state_event WHERE entity_id = :id AND after = 'dissolved'",
        id=ring,
    )
    assert [row[0] for row in steps] == [None]


def test_one_may_still_say_no_after_a_yes(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    circle.says_no(circle.ria, ring)
    assert circle.state(ring) == ("dissolved", "no")


def test_after_a_no_one_is_left_alone_with_rings_for_two_weeks(
    circle: Circle, travel: Callable[[timedelta], None]
) -> None:
    (ring,) = circle.find()
    circle.says_no(circle.kees, ring)
    assert circle.find() == [ring]
    travel(timedelta(days=15))
    assert len(circle.find()) == 2


def test_a_yes_said_twice_counts_once(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    circle.says_yes(circle.ria, ring)
    assert circle.ring(ring).yes == 1


def test_after_seven_days_a_ring_runs_out_and_nobody_is_harmed(
    circle: Circle, travel: Callable[[timedelta], None]
) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    travel(timedelta(days=6))
    tasks.let_rings_go(circle.work)
    assert circle.state(ring) == ("proposed", "")
    travel(timedelta(days=1, minutes=1))
    with circle.program.transaction() as session, pytest.raises(answer.RingEnded):
        answer.yes(session, act_as(session, circle.ans.person_id), ring)
    tasks.let_rings_go(circle.work)
    assert circle.state(ring) == ("expired", "")
    assert circle.waiting_jobs("rings.ended") == 1
    assert circle.count("SELECT count(*) FROM help_request WHERE status = 'open'") == 3


@pytest.mark.parametrize("what", ["request", "offer"])
def test_a_withdrawn_request_or_offer_dissolves_the_ring(circle: Circle, what: str) -> None:
    (ring,) = circle.find()
    with circle.program.transaction() as session:
        ria = act_as(session, circle.ria.person_id)
        if what == "request":
            help_requests.withdraw(session, ria, circle.requests["Ria"])
        else:
            help_offers.withdraw(session, ria, circle.offers["Ria"])
    tasks.let_rings_go(circle.work)
    assert circle.state(ring) == ("dissolved", "gone")


def test_what_no_longer_fits_at_the_last_yes_dissolves_the_ring_and_writes_nothing(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.all_say_yes(ring)
    with circle.program.transaction() as session:
        help_requests.withdraw(session, act_as(session, circle.ria.person_id), circle.requests["Ria"])
    tasks.carry_out_ring(circle.work, str(ring))

    assert circle.state(ring) == ("dissolved", "changed")
    assert circle.count("SELECT count(*) FROM proposal") == 0
    assert circle.count("SELECT count(*) FROM help_request WHERE status = 'open'") == 2
    assert circle.waiting_jobs("rings.ended") == 1


def test_ordinary_proposals_go_on_beside_a_ring(circle: Circle) -> None:
    (ring,) = circle.find()
    with circle.program.transaction() as session:
        helper, _ = a_helper(session, categorieen=["samen-eten-of-koken"])
    with circle.program.transaction() as session:
        ria = act_as(session, circle.ria.person_id)
        asked = proposing.for_request(session, ria, help_requests.get(session, ria, circle.requests["Ria"]))
        assert helper.person_id in [proposal.helper_id for proposal in asked]
        act_as(session, helper.person_id)
        mine = next(proposal for proposal in asked if proposal.helper_id == helper.person_id)
        matches.accept(session, helper, mine.id)
        act_as(session, circle.ria.person_id)
        agree.agree(session, ria, mine.id, an_appointment(session))
    tasks.let_rings_go(circle.work)
    assert circle.state(ring) == ("dissolved", "gone")


def test_a_helper_who_was_asked_already_becomes_willing_by_the_ring(circle: Circle) -> None:
    with circle.program.transaction() as session:
        kees = act_as(session, circle.kees.person_id)
        (asked,) = proposing.for_request(
            session, kees, help_requests.get(session, kees, circle.requests["Kees"])
        )
        assert asked.helper_id == circle.ria.person_id
    (ring,) = circle.find()
    circle.all_say_yes(ring)
    tasks.carry_out_ring(circle.work, str(ring))
    assert circle.state(ring) == ("agreed", "")
    states = rows_of(circle.database, "SELECT status FROM proposal")
    assert [row[0] for row in states] == ["willing"] * 3


def test_who_said_no_to_a_request_is_not_put_in_a_ring_with_it(circle: Circle) -> None:
    with circle.program.transaction() as session:
        kees = act_as(session, circle.kees.person_id)
        (asked,) = proposing.for_request(
            session, kees, help_requests.get(session, kees, circle.requests["Kees"])
        )
        matches.decline(session, act_as(session, circle.ria.person_id), asked.id)
    assert circle.find() == []


def test_where_only_a_makelaar_proposes_the_night_finds_no_ring_but_the_makelaar_does(circle: Circle) -> None:
    rows_of(circle.database, "UPDATE municipality SET mediation = 5 WHERE id = 1771 RETURNING id")
    assert circle.find() == []
    tasks.find_rings(circle.work, str(GELDROP_MIERLO))
    assert circle.count("SELECT count(*) FROM ring WHERE occasion = 'hand'") == 1


def test_nobody_hears_that_a_ring_ended_while_it_lives(circle: Circle) -> None:
    (ring,) = circle.find()
    ended = "SELECT count(*) FROM notice WHERE kind = 'ring-ended'"

    tasks.ring_ended(circle.work, str(ring))
    assert circle.count(ended) == 0

    circle.says_no(circle.ria, ring)
    tasks.ring_ended(circle.work, str(ring))
    assert circle.count(ended) == 2
