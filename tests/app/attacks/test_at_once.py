"""The same form from several windows at one moment, and the key of somebody else's form."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database as Program
from app.errors import DomainError
from app.pots import granting, groups, leaving, limits
from app.pots.errors import KeyUsed
from app.pots.schemas import Gift, Group, Limits
from app.welfare import granting as budgets, spending
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, act
from tests.app.roosjes.moving import balances
from tests.app.welfare.conftest import Town, town
from tests.databases import Database
from tests.web.desks.pots import fill

__all__ = ["town"]
Act = Callable[[Session, Actor], Any]
GIFT = Gift.model_validate({"minuten": 60, "reden": "Ziek geweest"})
WINDOWS = 4


def at_once(program: Program, *acts: tuple[Actor, Act]) -> list[object]:
    """Each in a transaction of its own, at one barrier; what each came to. Anything but a refusal is raised."""
    barrier = Barrier(len(acts), timeout=30)

    def one(who: Actor, what: Act) -> object:
        try:
            with program.transaction() as session:
                actor = act(session, who)
                barrier.wait()
                return what(session, actor)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(lambda each: one(*each), acts))


def refusals(results: list[object]) -> list[str]:
    return [result.code for result in results if isinstance(result, DomainError)]


def _pressed(what: str, key: UUID, one: UUID, other: UUID) -> Act:
    group = {"hoofd": one, "deelnemers": [other], "minuten": 60, "reden": "Geholpen"}
    limit = {"ondergrens": -900, "bovengrens": 3600, "reden": "Afgesproken"}
    acts: dict[str, Act] = {
        "grant": lambda s, a: granting.give(s, a, one, GIFT, key),
        "group": lambda s, a: groups.book(s, a, 1771, groups.Form.ONE, Group.model_validate(group), key),
        "limits": lambda s, a: limits.set_personal(s, a, one, Limits.model_validate(limit), key),
    }
    return acts[what]


@pytest.mark.parametrize(("what", "came"), [("grant", (60, 0)), ("group", (-60, 60)), ("limits", (0, 0))])
def test_one_form_from_several_windows_is_one_act(
    program: Program, fresh_database: Database, what: str, came: tuple[int, int]
) -> None:
    fill(program)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria, tom = a_person(session), a_person(session, first_name="Tom")
    pressed = _pressed(what, uuid4(), ria.person_id, tom.person_id)

    assert refusals(at_once(program, *[(marja, pressed)] * WINDOWS)) == []

    assert balances(program, ria, tom) == came


def test_the_key_of_a_form_elsewhere_is_used_and_says_no_more(
    program: Program, fresh_database: Database
) -> None:
    fill(program)
    key = uuid4()
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        karin = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
        ria, eva = a_person(session), a_person(session, first_name="Eva", postcode="5611 AB")
    with program.transaction() as session:
        granting.give(session, act(session, marja), ria.person_id, GIFT, key)

    for again in (
        lambda s, a: granting.give(s, a, eva.person_id, GIFT, key),
        lambda s, a: leaving.leave(s, a, eva.person_id, "Verhuisd", key),
    ):
        with program.transaction() as session, pytest.raises(KeyUsed):
            again(session, act(session, karin))


def test_of_two_who_approve_a_budget_at_once_one_does(town: Town) -> None:
    plan = town.asks()
    grant = town.proposes(plan, 25_000)
    yes: Act = lambda s, a: budgets.approve(s, a, grant).status  # noqa: E731

    results = at_once(town.program, (town.sanne, yes), (town.karel, yes))

    assert len(refusals(results)) == 1
    assert town.budget(plan)[0] == 25_000


def test_a_spending_is_not_paid_while_it_is_taken_back(town: Town) -> None:
    plan = town.granted()
    row = town.wants(plan)
    town.do(town.sanne, spending.approve, row)
    pay: Act = lambda s, a: spending.pay(s, a, row)  # noqa: E731
    back: Act = lambda s, a: spending.withdraw(s, a, row)  # noqa: E731

    results = at_once(town.program, (town.sanne, pay), (town.karel, pay), (town.ria, back))

    assert len(refusals(results)) == 2
    assert town.budget(plan)[1] in (0, 4_000)
