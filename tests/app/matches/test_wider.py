"""What would help an asker: with a button each, without a number under five, and without giving anybody away."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.agreements import agree
from app.db import Database
from app.errors import Invalid, NotFound
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.matches import wider
from app.matches.index import MatchIndex, request_by_id
from app.matches.models import Proposal, Status
from app.matches.wider import Way, Wider
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_appointment

HELMOND_EAST = "5708 AB"


def helpers(program: Database, count: int, **offer: Any) -> None:
    with program.transaction() as session:
        for _ in range(count):
            a_helper(session, **{"hoeVerKm": 50, **offer})


def a_case(program: Database, **request: Any) -> tuple[Actor, UUID]:
    with program.transaction() as session:
        asker = a_person(session)
        return asker, a_request(session, asker, **{"hoeVerKm": 1, **request}).id


def told(program: Database, asker: Actor, id: UUID) -> dict[tuple[Way, int], int | None]:
    with program.transaction() as session:
        row = help_requests.get(session, act(session, asker), id)
        return {(one.way, one.amount): one.more for one in wider.options(session, row)}


@pytest.mark.parametrize(("count", "shown"), [(5, 5), (7, 5), (11, 10)])
def test_numbers_are_told_in_fives_so_that_one_more_kilometre_places_nobody(
    program: Database, count: int, shown: int
) -> None:
    helpers(program, count, postcode=HELMOND_EAST)
    asker, id = a_case(program)

    assert told(program, asker, id)[Way.FURTHER, 10] == shown


@pytest.mark.parametrize("count", [0, 1, 4])
def test_nobody_can_tell_none_from_four(program: Database, count: int) -> None:
    helpers(program, count, postcode=HELMOND_EAST)
    asker, id = a_case(program)

    found = told(program, asker, id)
    assert set(found.values()) == {None}
    assert (Way.FURTHER, 10) in found


def test_a_larger_circle_that_would_tell_a_small_number_by_subtraction_is_left_out() -> None:
    kept = [(Way.FURTHER, 5, 7), (Way.FURTHER, 10, 10), (Way.ANY_DAY, 0, 9)]
    assert list(wider._without_differences(kept)) == [kept[0], kept[2]]

    apart = [(Way.FURTHER, 5, 7), (Way.FURTHER, 10, 12)]
    assert list(wider._without_differences(apart)) == apart

    hidden = [(Way.FURTHER, 5, 3), (Way.FURTHER, 10, 7)]
    assert list(wider._without_differences(hidden)) == hidden


def test_while_enough_people_fit_nothing_need_change(program: Database) -> None:
    helpers(program, 5, postcode="5664 HJ")
    helpers(program, 7, postcode=HELMOND_EAST)
    asker, id = a_case(program)

    assert told(program, asker, id) == {}


def test_each_way_counts_exactly_what_its_button_brings(program: Database) -> None:
    helpers(program, 10, postcode="5664 HJ", tijden=1 << 4, vaardigheden=1)
    helpers(program, 5, postcode="5664 HJ", tijden=1, minutenPerWeek=60)
    asker, id = a_case(program, tijden=1, minuten=120, vaardigheden=2)
    found = told(program, asker, id)

    assert found[Way.ANY_DAY, 0] is None
    assert found[Way.WITHOUT, 1] is None
    assert found[Way.SHORTER, 60] is None
    with program.transaction() as session:
        version = help_requests.get(session, act(session, asker), id).version
        wider.widen(
            session, asker, id, Wider.model_validate({"ruimer": "zonder", "hoeveel": 1, "versie": version})
        )
    found = told(program, asker, id)
    assert found[Way.SHORTER, 60] == 5
    assert found[Way.ANY_DAY, 0] == 10


def test_the_button_changes_the_request_and_asks_whoever_fits_then(program: Database) -> None:
    helpers(program, 7, postcode=HELMOND_EAST)
    asker, id = a_case(program)
    with program.transaction() as session:
        act(session, asker)
        version = session.get_one(HelpRequest, id).version
        wanted = Wider.model_validate({"ruimer": "verder", "hoeveel": 10, "versie": version})
        wider.widen(session, asker, id, wanted)

    with program.transaction() as session:
        act(session, asker)
        assert session.get_one(HelpRequest, id).max_km == 11
        assert session.query(Proposal).count() == 5


def test_a_button_that_is_pressed_twice_counts_once(program: Database) -> None:
    asker, id = a_case(program)
    with program.transaction() as session:
        version = help_requests.get(session, act(session, asker), id).version
    for _ in range(2):
        with program.transaction() as session:
            act(session, asker)
            wanted = Wider.model_validate({"ruimer": "verder", "hoeveel": 5, "versie": version})
            wider.widen(session, asker, id, wanted)

    with program.transaction() as session:
        act(session, asker)
        assert session.get_one(HelpRequest, id).max_km == 6


@pytest.mark.parametrize(
    "typed",
    [
        {"ruimer": "verder", "hoeveel": 49},
        {"ruimer": "zonder", "hoeveel": 3},
        {"ruimer": "korter", "hoeveel": 1},
    ],
)
def test_a_way_that_the_request_does_not_have_is_refused(program: Database, typed: dict[str, Any]) -> None:
    asker, id = a_case(program)
    with program.transaction() as session:
        act(session, asker)
        version = session.get_one(HelpRequest, id).version
        with pytest.raises(Invalid):
            wider.widen(session, asker, id, Wider.model_validate({**typed, "versie": version}))


def test_nobody_widens_the_request_of_another(program: Database) -> None:
    _, id = a_case(program, zichtbaarVoor="voorgesteld")
    with program.transaction() as session:
        stranger = a_person(session, first_name="Bo")
        with pytest.raises(NotFound):
            wider.widen(
                session, stranger, id, Wider.model_validate({"ruimer": "verder", "hoeveel": 5, "versie": 1})
            )


def test_who_excluded_the_asker_is_neither_counted_nor_missed(
    program: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven further away, of whom three want nothing to do with the asker: the four left stay hidden."""
    helpers(program, 7, postcode=HELMOND_EAST)
    asker, id = a_case(program)
    with program.transaction() as session:
        act(session, asker)
        gone = frozenset(offer.person_id for offer in list(MatchIndex.of(session).offers)[:3])
        real = request_by_id(session, id)
        monkeypatch.setattr(wider, "request_by_id", lambda *_: replace(real, excluded=gone))
        row = help_requests.get(session, asker, id)
        assert {one.more for one in wider.options(session, row)} == {None}


def test_who_said_yes_to_an_hour_is_asked_again_about_half_an_hour(program: Database) -> None:
    with program.transaction() as session:
        helper = a_helper(session)[0]
        asker = a_person(session)
        row = a_request(session, asker, minuten=60)
        proposal_id = a_willing_helper(session, asker, helper, row).id
        shorter = {"ruimer": "korter", "hoeveel": 30, "versie": row.version}
        wider.widen(session, act(session, asker), row.id, Wider.model_validate(shorter))
        proposal = session.get_one(Proposal, proposal_id)
        assert (proposal.status, proposal.answered_at) == (Status.PROPOSED, None)


def test_what_was_agreed_is_not_made_shorter_by_a_button(program: Database) -> None:
    with program.transaction() as session:
        helper = a_helper(session)[0]
        asker = a_person(session)
        row = a_request(session, asker, minuten=60, aantalHelpers=2)
        proposal = a_willing_helper(session, asker, helper, row)
        act(session, asker)
        agree.agree(session, asker, proposal.id, an_appointment(session))
        session.refresh(row)
        assert Way.SHORTER not in {one.way for one in wider.options(session, row)}
        shorter = {"ruimer": "korter", "hoeveel": 30, "versie": row.version}
        with pytest.raises(Invalid):
            wider.widen(session, asker, row.id, Wider.model_validate(shorter))
