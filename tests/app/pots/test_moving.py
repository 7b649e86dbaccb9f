"""Moving house to another municipality: the account comes along, and nobody has two credit lines."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import rewards
from app.access.actor import Actor
from app.access.sign_in import act_as
from app.config import Settings
from app.db import Database as Program
from app.jobs.tasks import carry_along, moved_house
from app.jobs.work import Work
from app.people import service as people
from app.people.models import Person
from app.people.service import PersonChange
from app.roosjes import service as roosjes
from tests.app.factories import HELMOND, a_helper, a_person, an_agreement


def move(program: Program, who: Actor, work: Work) -> None:
    with program.transaction() as session:
        actor = act_as(session, who.person_id)
        people.change(session, actor, PersonChange.model_validate({"voornaam": "Ria", "postcode": "5701 AB"}))
    moved_house(work, str(who.person_id))


def account(program: Program, who: Actor) -> rewards.Account:
    with program.transaction() as session:
        actor = act_as(session, who.person_id)
        home = people.home_of(session, actor).municipality_id
        return roosjes.account_of(session, session.get_one(Person, who.person_id), home)


def test_what_stands_goes_along_to_the_new_municipality(program: Program, tmp_path: Path) -> None:
    work = Work(Settings(data_dir=tmp_path), program)
    with program.transaction() as session:
        ria = a_person(session)
        other = a_person(session, first_name="Tom")
        home = [
            roosjes.account_of(session, session.get_one(Person, one.person_id), 1771) for one in (ria, other)
        ]
        rewards.pay(
            session.connection(),
            key="k",
            actor=rewards.SYSTEM,
            payer=home[0].id,
            payee=home[1].id,
            minutes=500,
        )

    move(program, ria, work)

    after = account(program, ria)
    assert after.municipality_id == HELMOND
    assert (after.balance.posted, after.balance.floor) == (-500, -720)


def test_what_is_agreed_ends_where_it_began_and_then_comes_along(
    program: Program, tmp_path: Path, travel: Callable[[timedelta], None]
) -> None:
    work = Work(Settings(data_dir=tmp_path), program)
    with program.transaction() as session:
        helper, _ = a_helper(session)
        ria = a_person(session)
        an_agreement(session, ria, helper)
    before = account(program, ria)
    assert before.balance.held_out == 60

    move(program, ria, work)

    assert account(program, ria).balance.floor == -660
    travel(timedelta(days=40))
    with program.transaction() as session:
        rewards.expire_due(session.connection())
    carry_along(work)
    assert account(program, ria).municipality_id == HELMOND
