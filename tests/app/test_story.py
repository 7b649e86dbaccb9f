"""The story of the platform, through its services: from a question to a booked Roosje."""

from collections.abc import Callable
from datetime import timedelta

from app.agreements import occur
from app.db import Database
from app.help_requests import service as help_requests
from app.help_requests.models import Status
from app.roosjes import service as roosjes
from tests.app.factories import a_helper, a_person, act, an_agreement


def test_a_question_across_the_border_ends_as_a_booked_roosje(
    program: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        helper, _ = a_helper(session, postcode="5708 AB")
        agreement = an_agreement(session, asker, helper)
        occurrence_id = occur.get(session, asker, agreement.id).occurrences[0].id
        assert roosjes.statement(session, asker).balance.held_out == 60
    travel(timedelta(days=4))

    with program.transaction() as session:
        occur.happened(session, act(session, helper), occurrence_id)
    with program.transaction() as session:
        occur.happened(session, act(session, asker), occurrence_id)

    with program.transaction() as session:
        assert roosjes.statement(session, act(session, asker)).balance.posted == -60
        assert help_requests.get(session, asker, agreement.help_request_id).status is Status.DONE
    with program.transaction() as session:
        assert roosjes.statement(session, act(session, helper)).balance.posted == 60
