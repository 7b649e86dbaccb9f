"""What is listed to be matched can still be matched, and what was accepted is gone from every list at once."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.categories.vocabulary import Skill
from app.db import Database
from app.help_offers import service as help_offers
from app.help_requests import public
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.matches import nearby, propose
from app.matches.explained import of_offers
from app.matches.index import MatchIndex, request_by_id
from matching.explain import explain_offers
from matching.score import Term
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, act, an_agreement
from tests.databases import Database as Migrated

STATES = ("draft", "submitted", "paused", "filled", "done", "withdrawn", "closed", "referred", "expired")

TURN = (
    "UPDATE help_request SET status = :state, is_public = false, closing_reason = 'vervuld'"
    " WHERE id = :id RETURNING id"
)


def fitting(session: Session, helper: Actor) -> list[object]:
    """What the helper's own list of fitting requests shows."""
    act(session, helper)
    offers = help_offers.mine(session, helper)
    return [one.help_request.id for one in nearby.for_offers(session, helper, offers)]


def indexed(session: Session) -> set[object]:
    """What the engine ranks."""
    return {request.id for request in MatchIndex.of(session).requests}


def test_an_accepted_request_is_gone_from_every_list_at_once(program: Database) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        (first, _), (other, _) = a_helper(session), a_helper(session)
        left = a_request(session, act(session, asker), titel="Nog open").id
    with program.transaction() as session:
        taken = an_agreement(session, asker, first).help_request_id

    with program.transaction() as session:
        assert fitting(session, other) == [left]
        assert indexed(session) == {left}
        assert [row.id for row in public.shown(session, 1771).rows] == [left]
        act(session, asker)
        assert propose.for_request(session, asker, session.get_one(HelpRequest, taken)) == []


def test_only_what_is_open_can_be_matched(program: Database, fresh_database: Migrated) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        open_one = a_request(session, act(session, asker), titel="Nog open").id
        other = a_request(session, asker).id

    for state in STATES:
        rows_of(fresh_database, TURN, state=state, id=other)
        with program.transaction() as session:
            assert indexed(session) == {open_one}, state
            assert fitting(session, helper) == [open_one], state


def test_of_two_who_are_otherwise_alike_goes_first_who_can_what_the_category_welcomes(
    program: Database,
) -> None:
    with program.transaction() as session:
        for first_name, skills in (("Bo", 0), ("Cor", Skill.TOOLS), ("Dora", 0)):
            a_helper(session, first_name=first_name, categorieen=["klussen-in-huis"], vaardigheden=skills)
        asker = a_person(session)
        asked = a_request(session, asker, categorie="klussen-in-huis")
    with program.transaction() as session:
        request = request_by_id(session, asked.id)
        index = MatchIndex.of(session).offers
        found = [match.offer_id for match in index.top_k(request)]
        first, *others = explain_offers(request, found, index)

    assert [one.terms[Term.SKILLS] for one in (first, *others)] == [30, 0, 0]


def test_who_left_the_index_since_they_were_found_is_left_out_of_the_explanations(program: Database) -> None:
    with program.transaction() as session:
        offers = [a_helper(session)[1].id for _ in range(3)]
        asked = a_request(session, a_person(session)).id
    with program.transaction() as session:
        request, index = request_by_id(session, asked), MatchIndex.of(session).offers
        first, *_ = explain_offers(request, offers[:1], index)

        explained = of_offers(request, [uuid7(), *offers, uuid7()], index)

    assert list(explained) == offers
    assert explained[offers[0]] == first
    assert of_offers(request, [uuid7()], index) == {}
