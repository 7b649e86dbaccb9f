"""One asker cannot fill the week of everybody who helps by pressing a button again and again."""

from collections.abc import Callable
from datetime import timedelta

from app.db import Database
from app.help_requests import service as help_requests
from app.matches import propose
from app.matches.models import Proposal
from tests.app.factories import a_helper, a_person, a_request, act

MORE_THAN_ENOUGH = 12
AT_ONCE = 5


def asked(program: Database, travel: Callable[[timedelta], None], times: int, pause: timedelta) -> int:
    with program.transaction() as session:
        for _ in range(MORE_THAN_ENOUGH):
            a_helper(session)
    with program.transaction() as session:
        asker = a_person(session)
        id = a_request(session, asker).id
    for _ in range(times):
        with program.transaction() as session:
            actor = act(session, asker)
            help_requests.pause(session, actor, id)
            propose.for_request(session, actor, help_requests.renew(session, actor, id))
        travel(pause)
    with program.transaction() as session:
        act(session, asker)
        return session.query(Proposal).where(Proposal.help_request_id == id).count()


def test_pausing_and_going_on_asks_no_more_than_at_once(
    program: Database, travel: Callable[[timedelta], None]
) -> None:
    assert asked(program, travel, 3, timedelta(minutes=1)) == AT_ONCE


def test_who_is_silent_for_a_day_keeps_nobody_else_from_being_asked(
    program: Database, travel: Callable[[timedelta], None]
) -> None:
    assert asked(program, travel, 2, timedelta(days=1, minutes=1)) == 2 * AT_ONCE
