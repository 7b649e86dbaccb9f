"""The bent makelaar and the welfare budget: of who lives with them, and of somebody for whom they write things down."""

from uuid import UUID

import pytest

from app.access.actor import Actor
from app.clock import today
from app.errors import Forbidden
from app.welfare import granting, spending
from app.welfare.schemas import NewReceipt, NewSpending
from tests.app.conftest import rows_of
from tests.app.factories import act
from tests.app.welfare.conftest import Town, a_photograph, town

__all__ = ["town"]


def _moves_in(town: Town, who: Actor) -> None:
    """From now on this colleague lives where Ria does."""
    rows_of(
        town.database,
        "UPDATE contact SET postcode = '5664 HJ', house_number = '7' WHERE person_id IN (:one, :other)"
        " RETURNING 1",
        one=who.person_id,
        other=town.ria.person_id,
    )


def test_a_makelaar_grants_nothing_to_their_own_house(town: Town) -> None:
    plan = town.asks()
    _moves_in(town, town.marja)

    with pytest.raises(Forbidden):
        town.proposes(plan, 2_000)


def test_nobody_is_the_second_pair_of_eyes_for_their_own_house(town: Town) -> None:
    grant = town.proposes(town.asks(), 25_000)
    _moves_in(town, town.karel)

    for decide in (granting.approve, lambda s, a, id: granting.refuse(s, a, id, "Nee")):
        with pytest.raises(Forbidden):
            town.do(town.karel, decide, grant)


def test_nobody_decides_on_what_their_own_house_spends(town: Town) -> None:
    plan = town.granted()
    wanted, receipt = town.wants(plan), town.hands_in(plan)
    _moves_in(town, town.marja)

    for decide, row in ((spending.approve, wanted), (spending.refund, receipt)):
        with pytest.raises(Forbidden):
            town.do(town.marja, decide, row)
    assert town.budget(plan) == (25_000, 0, 25_000)


def test_who_wrote_a_spending_down_for_the_resident_does_not_decide_on_it(town: Town) -> None:
    """Alone they could empty the budget of somebody who never looks."""
    plan = town.granted()
    new = NewSpending.model_validate({"wat": "Tien zwemlessen", "bedrag": 4_000})
    wanted = town.do(town.marja, spending.ask, plan, new).id
    receipt = _a_receipt_by(town, town.marja, plan)

    for decide, row in ((spending.approve, wanted), (spending.refund, receipt)):
        with pytest.raises(Forbidden):
            town.do(town.marja, decide, row)
        town.do(town.sanne, decide, row)
    with pytest.raises(Forbidden):
        town.do(town.marja, lambda s, a, id: spending.undo(s, a, id, "Toch niet"), receipt)
    assert town.budget(plan) == (25_000, 1_250, 23_750)


def _a_receipt_by(town: Town, who: Actor, plan: UUID) -> UUID:
    with town.program.transaction() as session:
        actor = act(session, who)
        said = {"wat": "Badpak", "bedrag": 1_250, "datum": today(session).isoformat()}
        return spending.hand_in(session, actor, plan, NewReceipt.model_validate(said), a_photograph()).id
