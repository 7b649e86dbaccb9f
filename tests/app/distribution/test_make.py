"""A run shares out the whole region; what is kept says who gets whom, who stays without, and why."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database
from app.distribution import service
from app.distribution.models import Distribution, DistributionLine, Outcome
from app.errors import Forbidden, NotFound
from app.matches import answer
from app.matches.index import MatchIndex
from app.matches.models import Proposal
from app.people import limits
from app.people.limits import LimitsChange
from tests.app.conftest import rows_of
from tests.app.distribution.scarcity import Scarce, scarce
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_offer,
    proposals_for,
)
from tests.databases import Database as Migrated

__all__ = ["scarce"]


def made(session: Session, makelaar: Actor) -> Distribution:
    """A run by hand, as the preview reads it."""
    act(session, makelaar)
    key = service.make(session, makelaar, GELDROP_MIERLO).id
    return service.get(session, makelaar, key)


def served(run: Distribution) -> dict[UUID, UUID | None]:
    return {line.help_request_id: line.helper_id for line in run.lines if line.outcome is Outcome.SERVED}


def line_of(run: Distribution, help_request_id: UUID) -> DistributionLine:
    (line,) = [line for line in run.lines if line.help_request_id == help_request_id]
    return line


def test_everybody_is_served_where_first_come_first_served_leaves_one_without(
    program: Database, scarce: Scarce
) -> None:
    with program.transaction() as session:
        run = made(session, scarce.makelaar)

    assert served(run) == {scarce.easy: scarce.far.person_id, scarce.hard: scarce.near.person_id}
    assert (run.places, run.coverage, run.coverage_bound, run.first_come) == (2, 2, 2, 1)
    assert run.proven


def test_each_line_has_terms_that_add_up_to_its_score(program: Database, scarce: Scarce) -> None:
    with program.transaction() as session:
        run = made(session, scarce.makelaar)

    assert all(sum(line.terms.values()) == line.score for line in run.lines)
    assert all(line.score > 0 for line in run.lines)


def test_a_run_by_hand_is_for_whoever_proposes_there_and_nobody_else(
    program: Database, scarce: Scarce, fresh_database: Migrated
) -> None:
    with program.transaction() as session:
        run = made(session, scarce.makelaar)
    with program.transaction() as session:
        other = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Bas")
        with pytest.raises(NotFound):
            service.get(session, other, run.id)
        with pytest.raises(Forbidden):
            service.make(session, other, GELDROP_MIERLO)
        assert session.execute(text("SELECT count(*) FROM distribution_line")).scalar_one() == 0
    with program.transaction() as session:
        treasurer = a_member_of_staff(fresh_database, session, role=Role.TREASURER, first_name="Els")
        with pytest.raises(NotFound):
            service.get(session, treasurer, run.id)


def test_who_was_asked_and_may_still_answer_is_kept_and_not_asked_again(
    program: Database, scarce: Scarce
) -> None:
    with program.transaction() as session:
        act(session, scarce.asker)
        proposals_for(session, scarce.asker, scarce.request(session, scarce.hard))
    with program.transaction() as session:
        run = made(session, scarce.makelaar)

    assert line_of(run, scarce.hard).kept
    assert not line_of(run, scarce.easy).kept


def test_who_said_no_is_not_suggested_again(program: Database, scarce: Scarce) -> None:
    with program.transaction() as session:
        act(session, scarce.asker)
        (proposal,) = proposals_for(session, scarce.asker, scarce.request(session, scarce.hard))
        session.flush()
        answer.decline(session, act(session, scarce.near), proposal)
    with program.transaction() as session:
        run = made(session, scarce.makelaar)

    line = line_of(run, scarce.hard)
    assert line.outcome is Outcome.NOBODY_FITS
    assert line.why["asked"] == 1


def test_a_request_with_somebody_willing_has_no_place_to_share_out(program: Database, scarce: Scarce) -> None:
    with program.transaction() as session:
        act(session, scarce.asker)
        (proposal,) = proposals_for(session, scarce.asker, scarce.request(session, scarce.hard))
        session.flush()
        answer.accept(session, act(session, scarce.near), proposal)
    with program.transaction() as session:
        run = made(session, scarce.makelaar)

    assert scarce.hard not in {line.help_request_id for line in run.lines}


def test_nobody_fits_is_said_with_the_rule_that_stands_in_the_way_and_what_would_help(
    program: Database, fresh_database: Migrated
) -> None:
    with program.transaction() as session:
        for _ in range(3):
            a_helper(session, postcode="5708 AB", hoeVerKm=50)
        alone = a_request(session, a_person(session), hoeVerKm=1).id
        makelaar = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        run = made(session, makelaar)

    why = line_of(run, alone).why
    assert (why["rule"], why["count"]) == ("distance", 3)
    assert ["further", 10, 3] in why["would_help"]


def test_needed_elsewhere_says_how_many_fit_and_for_whom(program: Database, fresh_database: Migrated) -> None:
    with program.transaction() as session:
        a_helper(session, minutenPerWeek=60)
        calm = a_request(session, a_person(session), titel="Rustig", haast=0).id
        urgent = a_request(session, a_person(session, first_name="Bo"), titel="Haast", haast=3).id
        makelaar = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        run = made(session, makelaar)

    assert urgent in served(run)
    line = line_of(run, calm)
    assert line.outcome is Outcome.NEEDED_ELSEWHERE
    assert (line.why["fitting"], line.why["for"]) == (1, "first")
    assert line.why["price"] > 0


def test_a_week_is_never_filled_beyond_what_the_helper_wants(
    program: Database, fresh_database: Migrated
) -> None:
    with program.transaction() as session:
        a_helper(session, minutenPerWeek=150)
        keys = {
            a_request(session, a_person(session, first_name=name), minuten=minutes).id: minutes
            for name, minutes in (("Ans", 60), ("Bo", 90), ("Cor", 60))
        }
        makelaar = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        run = made(session, makelaar)

    assert 0 < sum(keys[key] for key in served(run)) <= 150


def test_nobody_gets_more_new_questions_than_their_share_of_the_week(
    program: Database, fresh_database: Migrated
) -> None:
    """The helper had their three; what waits may stay, a fourth may not come, though the run would like it."""
    with program.transaction() as session:
        a_helper(session)
        asked = []
        for name in ("Ans", "Bo", "Cor"):
            asker = a_person(session, first_name=name)
            asked.append(a_request(session, asker))
            session.flush()
    for one in asked:
        with program.transaction() as session:
            actor = act(session, Actor(person=one.person_id))
            assert len(proposals_for(session, actor, session.merge(one, load=True))) == 1
    with program.transaction() as session:
        fourth = a_request(session, a_person(session, first_name="Dora"), haast=3).id
        makelaar = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        run = made(session, makelaar)

    assert {line.help_request_id for line in run.lines if line.kept} == {one.id for one in asked}
    assert line_of(run, fourth).outcome is not Outcome.SERVED


def owing(program: Database, *askers: str, **offer: Any) -> tuple[list[UUID], Actor]:
    """A helper who owes these an answer and may be asked once more this week; the requests that wait."""
    with program.transaction() as session:
        helper, _ = a_helper(session, **offer)
        share = LimitsChange.model_validate({"vragenPerWeek": len(askers) + 1})
        limits.save(session, act(session, helper), share)
    waiting = []
    for name in askers:
        with program.transaction() as session:
            asker = a_person(session, first_name=name)
            waits = a_request(session, asker, haast=0)
            session.flush()
            assert len(proposals_for(session, asker, waits)) == 1
            waiting.append(waits.id)
    return waiting, helper


def two_new(program: Database) -> set[UUID]:
    with program.transaction() as session:
        return {a_request(session, a_person(session, first_name=name), haast=3).id for name in ("Bo", "Cor")}


def test_who_owes_an_answer_keeps_it_and_gets_what_is_left_of_their_share(
    program: Database, fresh_database: Migrated
) -> None:
    """Three of whom two are new and in a hurry: room for one new one, and what waits takes none of it."""
    [waits], _ = owing(program, "Ans", minutenPerWeek=2400)
    new = two_new(program)
    with program.transaction() as session:
        run = made(session, a_member_of_staff(fresh_database, session))

    assert waits in served(run)
    assert len(new & served(run).keys()) == 1
    assert (run.coverage, run.coverage_bound, run.proven) == (2, 2, True)


def test_one_asker_may_have_a_question_that_waits_and_a_new_one_with_the_same_helper(
    program: Database, fresh_database: Migrated
) -> None:
    [waits], helper = owing(program, "Ans", minutenPerWeek=2400)
    with program.transaction() as session:
        (asker,) = session.execute(text("SELECT person_id FROM help_request")).scalars()
    with program.transaction() as session:
        other = a_request(session, act(session, Actor(person=asker)), titel="Nog iets").id
        makelaar = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        run = made(session, makelaar)

    assert served(run) == {waits: helper.person_id, other: helper.person_id}
    assert line_of(run, waits).kept
    assert not line_of(run, other).kept


def test_a_claim_is_made_only_where_the_bound_is_reached(program: Database, fresh_database: Migrated) -> None:
    """A week with hours for two of four: undivided they would both go to what is new and in a hurry, one too many."""
    waiting, _ = owing(program, "Ans", "Els", minutenPerWeek=120)
    new = two_new(program)
    with program.transaction() as session:
        run = made(session, a_member_of_staff(fresh_database, session))

    assert len(served(run).keys() & set(waiting)) == 1
    assert len(new & served(run).keys()) == 1
    assert (run.coverage, run.coverage_bound) == (2, 2)
    assert run.objective < run.dual_objective
    assert not run.proven


def test_a_municipality_says_itself_who_goes_first(program: Database, fresh_database: Migrated) -> None:
    with program.transaction() as session:
        a_helper(session, minutenPerWeek=60)
        urgent = a_request(session, a_person(session), haast=3).id
        vulnerable = a_request(session, a_person(session, first_name="Bo"), haast=0).id
        makelaar = a_member_of_staff(fresh_database, session)
    rows_of(
        fresh_database, "UPDATE help_request SET vulnerable = true WHERE id = :id RETURNING id", id=vulnerable
    )
    with program.transaction() as session:
        assert urgent in served(made(session, makelaar))
    rows_of(fresh_database, "UPDATE municipality SET points_urgency = 0 WHERE id = 1771 RETURNING id")
    with program.transaction() as session:
        assert vulnerable in served(made(session, makelaar))


def test_a_run_writes_nothing_to_anybody(program: Database, scarce: Scarce) -> None:
    with program.transaction() as session:
        made(session, scarce.makelaar)
        assert session.query(Proposal).count() == 0


def test_an_empty_region_gives_an_empty_run(program: Database, fresh_database: Migrated) -> None:
    with program.transaction() as session:
        run = made(session, a_member_of_staff(fresh_database, session))

    assert (run.lines, run.places, run.coverage, run.proven) == ([], 0, 0, True)


def test_the_index_is_not_changed_by_a_run(program: Database, scarce: Scarce) -> None:
    with program.transaction() as session:
        act(session, scarce.asker)
        proposals_for(session, scarce.asker, scarce.request(session, scarce.hard))
    with program.transaction() as session:
        before = {offer.id: offer for offer in MatchIndex.of(session).offers}
        made(session, scarce.makelaar)
        assert {offer.id: offer for offer in MatchIndex.of(session).offers} == before
        an_offer(session, act(session, scarce.near))
