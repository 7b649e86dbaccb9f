"""Another degree of mediation: who could choose still can, and what stands open follows at once."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.matches import answer
from app.matches.models import Status
from app.places import settings
from app.places.models import Municipality
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_offer,
)
from tests.databases import Database as Migrated

HOME = 1771


@dataclass(frozen=True)
class Case:
    """A request at home with one who said yes, and the administrator of that municipality."""

    program: Database
    administrator: Actor
    asker: Actor
    request_id: UUID
    offer_id: UUID

    def degree(self, degree: int) -> None:
        """The administrator's choice."""
        with self.program.transaction() as session:
            actor = act(session, self.administrator)
            held = settings.current(session, session.get_one(Municipality, HOME))
            wanted = held.model_copy(update={"mediation": degree})
            settings.save(session, actor, HOME, wanted)

    def willing(self) -> int:
        """How many the asker may choose from."""
        with self.program.transaction() as session:
            seen = answer.for_request(session, act(session, self.asker), self.request_id)
            return sum(one.status is Status.WILLING for one in seen)

    def public(self) -> tuple[bool, bool]:
        """Whether everybody may see the request, and the offer."""
        with self.program.transaction() as session:
            act(session, self.asker)
            request = session.get_one(HelpRequest, self.request_id)
            helper = session.get_one(HelpOffer, self.offer_id)
            return request.is_public, helper.is_public


@pytest.fixture
def case(program: Database, fresh_database: Migrated) -> Case:
    with program.transaction() as session:
        asker = a_person(session)
        offer = an_offer(session, asker)
        request = a_request(session, asker)
        helper, _ = a_helper(session)
        a_willing_helper(session, asker, helper, request)
        staff = a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, municipality_id=HOME
        )
        return Case(program, staff, asker, request.id, offer.id)


@pytest.mark.parametrize("degree", [4, 5])
def test_who_said_yes_can_be_chosen_also_when_the_makelaar_introduces_from_now_on(
    case: Case, degree: int
) -> None:
    assert case.willing() == 1
    case.degree(degree)
    assert case.willing() == 1


def test_where_nothing_is_public_what_stands_open_is_hidden_at_once_and_comes_back(case: Case) -> None:
    assert case.public() == (True, True)
    case.degree(5)
    assert case.public() == (False, False)
    case.degree(3)
    assert case.public() == (True, True)
