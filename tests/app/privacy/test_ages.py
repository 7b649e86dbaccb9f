"""Who is old enough for what, and until when a parent agrees."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor, Behind
from app.access.sign_in import act_as, act_for
from app.categories.models import Category
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, Invalid
from app.help_offers import service as help_offers
from app.help_offers.models import Status
from app.ids import uuid7
from app.people import service as people
from app.people.service import PersonChange
from app.privacy import ages, parents, texts
from app.privacy.ages import ParentFirst
from app.privacy.models import Purpose
from app.representations.models import RepresentationKind
from tests.app.factories import a_member_of_staff, a_person, a_representation, an_offer
from tests.databases import Database


def of_age(session: Session, years: int, first_name: str = "Sem") -> Actor:
    """Somebody who turned this old last year at the latest."""
    actor = a_person(session, first_name=first_name)
    typed = {"voornaam": first_name, "postcode": "5664 HJ", "geboortejaar": today(session).year - years - 1}
    people.change(session, actor, PersonChange.model_validate(typed))
    session.flush()
    return actor


def test_every_rule_is_about_a_category_that_there_is(session: Session) -> None:
    there = set(session.scalars(select(Category.slug)))

    assert set(ages.rules()) <= there
    assert all(10 <= rule.minimum <= rule.parent_until == 18 for rule in ages.rules().values())


@pytest.mark.parametrize(
    ("years", "category"), [(13, "samen-op-pad"), (17, "rit-met-de-auto"), (15, "oppas"), (17, "waken")]
)
def test_who_is_too_young_for_something_does_not_offer_it(
    session: Session, years: int, category: str
) -> None:
    child = of_age(session, years)

    with pytest.raises(Invalid) as refused:
        an_offer(session, child, categorieen=[category])

    assert refused.value.details == {"categorieen": "too-young"}


def test_a_parent_agrees_first(session: Session) -> None:
    child = of_age(session, 16)

    with pytest.raises(ParentFirst):
        an_offer(session, child)


@pytest.mark.parametrize("years", [18, 40])
def test_adults_and_who_did_not_tell_offer_what_they_like(session: Session, years: int) -> None:
    assert an_offer(session, of_age(session, years)).status is Status.OPEN
    assert an_offer(session, a_person(session)).status is Status.OPEN


def test_a_parent_says_yes_and_no_while_acting_for_the_child(
    program: Program, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program.transaction() as session:
        child, parent = of_age(session, 16), a_person(session, first_name="Moeder")
        broker = a_member_of_staff(fresh_database, session)
        row = a_representation(
            session, broker, parent, child, kind=RepresentationKind.LEGAL, valid_until=tomorrow(session)
        ).id
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        assert parents.agree(session, acting).recorded_by_id == parent.person_id
    with program.transaction() as session:
        offer = an_offer(session, act_as(session, child.person_id)).id
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        with monkeypatch.context() as newer:
            newer.setitem(texts.TEXTS, Purpose.YOUNG_HELPER, texts.TEXTS[Purpose.YOUNG_HELPER] * 2)
            assert parents.agree(session, acting).version == 2  # a yes to a newer text pauses nothing
    with program.transaction() as session:
        assert help_offers.get_own(session, act_as(session, child.person_id), offer).status is Status.OPEN
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        parents.take_back(session, acting)
    with program.transaction() as session:
        assert help_offers.get_own(session, act_as(session, child.person_id), offer).status is Status.PAUSED


def test_the_authority_of_a_parent_ends_when_the_child_is_of_age(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        child, parent = of_age(session, 16), a_person(session, first_name="Moeder")
        adult, broker = of_age(session, 18, "Jo"), a_member_of_staff(fresh_database, session)
        late = ages.last_day_as_a_child(session, child.person_id)
        assert late is not None
        legal = RepresentationKind.LEGAL
        for wrong in (None, late + timedelta(days=1)):
            with pytest.raises(Invalid) as refused:
                a_representation(session, broker, parent, child, kind=legal, valid_until=wrong)
            assert refused.value.details == {"totEnMet": "of-age"}
        row = a_representation(session, broker, parent, child, kind=legal, valid_until=tomorrow(session)).id
        a_representation(session, broker, parent, adult, kind=legal)  # a guardian of an adult stays one
    travel(timedelta(days=2))
    with program.transaction() as session:
        assert act_for(session, act_as(session, parent.person_id), row) is None


def tomorrow(session: Session) -> date:
    return today(session) + timedelta(days=1)


def test_a_contact_person_has_no_authority(session: Session) -> None:
    someone = a_person(session)
    behind = Behind(uuid7(), uuid7(), "Kees", RepresentationKind.CONTACT)

    with pytest.raises(Forbidden):
        parents.agree(session, Actor(person=someone.person_id, behind=behind))
    with pytest.raises(Forbidden):
        parents.agree(session, someone)
