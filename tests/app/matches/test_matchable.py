"""What is listed to be matched can still be matched, and what was accepted is gone from every list at once."""

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database
from app.help_offers import service as help_offers
from app.help_requests import public
from app.help_requests.models import HelpRequest
from app.matches import nearby, propose
from app.matches.index import MatchIndex
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
