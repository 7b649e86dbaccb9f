"""A sensitive request asks for an explicit yes, and a child's waits for that of a parent."""

from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sign_in import act_as, act_for
from app.agreements import occur
from app.categories.models import Category
from app.categories.vocabulary import OF_HEALTH, Skill
from app.db import Database as Program
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status
from app.help_requests.schemas import HelpRequestChange, NewHelpRequest
from app.ids import uuid7
from app.matches import changing
from app.privacy import consents, parents, standing, texts
from app.privacy.models import Consent, Purpose
from app.privacy.standing import YES, ConsentWithdrawn, WaitsForParent, YesNeeded
from app.representations.models import ConsentWay, RepresentationKind
from tests.app.factories import (
    SENSITIVE_TEXT,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    an_agreement,
)
from tests.app.privacy.test_ages import of_age, tomorrow
from tests.databases import Database

SENSITIVE = "helpen-bij-dementie"
ASKED = {"categorie": SENSITIVE, "titel": "Een middag bij mijn man", "minuten": 60}
WALK = {"categorie": "samen-op-pad", "titel": "Samen naar de weekmarkt", "minuten": 60}


def new(**changes: Any) -> NewHelpRequest:
    """What somebody types."""
    return NewHelpRequest.model_validate({**ASKED, **changes})


def yeses(session: Session, actor: Actor) -> list[Consent]:
    """What somebody said yes to in a sensitive request, the newest first."""
    return [row for row in consents.history(session, actor) if row.purpose is Purpose.SENSITIVE]


@pytest.mark.parametrize("typed", [{}, {"categorie": "samen-op-pad", "vaardigheden": int(Skill.WHEELCHAIR)}])
def test_without_a_yes_nothing_sensitive_is_sent_and_a_draft_waits(
    session: Session, typed: dict[str, Any]
) -> None:
    asker = a_person(session)
    kept = help_requests.draft(session, asker, new(**typed))

    with pytest.raises(YesNeeded) as refused:
        help_requests.send(session, asker, kept.id)

    assert refused.value.details == {YES: "yes-needed"}
    assert (kept.status, yeses(session, asker)) == (Status.DRAFT, [])
    assert help_requests.send(session, asker, kept.id, SENSITIVE_TEXT).status in (
        Status.SUBMITTED,
        Status.OPEN,
    )
    assert [(row.version, row.way, row.recorded_by_id) for row in yeses(session, asker)] == [
        (SENSITIVE_TEXT, ConsentWay.SITE, asker.person_id)
    ]


def test_a_yes_that_stands_is_not_asked_again_until_its_text_changes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = a_person(session)
    help_requests.post(session, asker, new(jaGevoelig=SENSITIVE_TEXT))
    help_requests.post(session, asker, new(titel="Nog een middag"))
    assert len(yeses(session, asker)) == 1
    newer = texts.TEXTS[Purpose.SENSITIVE] * 2
    monkeypatch.setitem(texts.TEXTS, Purpose.SENSITIVE, newer)

    with pytest.raises(YesNeeded):
        help_requests.post(session, asker, new(titel="Weer een middag"))
    with pytest.raises(YesNeeded):  # the old text is not the one that is asked now
        help_requests.post(session, asker, new(titel="Weer een middag", jaGevoelig=SENSITIVE_TEXT))
    help_requests.post(session, asker, new(titel="Weer een middag", jaGevoelig=len(newer)))

    assert [(row.version, row.withdrawn_at is None) for row in yeses(session, asker)] == [
        (len(newer), True),
        (SENSITIVE_TEXT, False),
    ]


def test_a_yes_that_nothing_asks_for_is_not_kept(session: Session) -> None:
    asker = a_person(session)

    a_request(session, asker)

    assert yeses(session, asker) == []


def test_a_no_counts_at_once_and_only_a_new_yes_opens_it_again(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        row = help_requests.post(session, asker, new(jaGevoelig=SENSITIVE_TEXT))
        broker = a_member_of_staff(fresh_database, session)
        help_requests.release(session, broker, row.id)
        act_as(session, asker.person_id)

        consents.withdraw(session, asker, Purpose.SENSITIVE)

        assert row.status is Status.PAUSED
        with pytest.raises(ConsentWithdrawn):
            help_requests.renew(session, asker, row.id)
        assert help_requests.renew(session, asker, row.id, SENSITIVE_TEXT).status is Status.OPEN


def test_whatever_the_program_does_nothing_sensitive_opens_without_a_yes(session: Session) -> None:
    asker = a_person(session)
    kept = help_requests.draft(session, asker, new())
    plain = a_request(session, asker)

    opened = update(HelpRequest).where(HelpRequest.id == kept.id).values(status="open")
    with pytest.raises(DBAPIError, match="not given"), session.begin_nested():
        session.execute(opened)
    for becomes in ({"skills": int(Skill.DEMENTIA)}, {"category_number": kept.category_number}):
        with pytest.raises(DBAPIError, match="not given"), session.begin_nested():
            session.execute(update(HelpRequest).where(HelpRequest.id == plain.id).values(**becomes))


def test_both_languages_of_the_rule_say_the_same(session: Session) -> None:
    for category in session.scalars(select(Category)):
        for skill in (0, *Skill):
            there = session.execute(
                text("SELECT is_sensitive(:category, :skills)"),
                {"category": category.number, "skills": int(skill)},
            )
            assert there.scalar_one() is standing.is_sensitive(category, int(skill)), (category.slug, skill)
    assert OF_HEALTH


def test_what_becomes_sensitive_asks_for_a_yes_before_anything_changes(session: Session) -> None:
    asker = a_person(session)
    row = a_request(session, asker)
    wanted = {**ASKED, "versie": row.version}

    with pytest.raises(YesNeeded):
        changing.change(session, asker, row.id, HelpRequestChange.model_validate(wanted))
    assert row.title == WALK["titel"]

    changing.change(session, asker, row.id, HelpRequestChange.model_validate(wanted | {YES: SENSITIVE_TEXT}))

    assert (row.title, row.is_public) == (ASKED["titel"], False)


def test_a_makelaar_writes_down_the_yes_that_they_heard(program: Program, fresh_database: Database) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        broker = a_member_of_staff(fresh_database, session)
        with pytest.raises(YesNeeded):
            help_requests.post(session, broker, new(), asker=asker.person_id, consent="phone")

        row = help_requests.post(
            session, broker, new(jaGevoelig=SENSITIVE_TEXT), asker=asker.person_id, consent="phone"
        )

        assert row.status is Status.OPEN
        (said,) = session.scalars(select(Consent).where(Consent.person_id == asker.person_id)).all()
        assert (said.way, said.recorded_by_id) == (ConsentWay.VOICE, broker.person_id)
        assert standing.agreed_version(session, asker.person_id, Purpose.SENSITIVE) == SENSITIVE_TEXT


def test_a_contact_person_cannot_say_yes_and_the_question_waits_with_the_makelaar(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        karin, annie = a_person(session, first_name="Karin"), a_person(session, first_name="Annie")
        broker = a_member_of_staff(fresh_database, session)
        contact = a_representation(session, broker, karin, annie).id
    with program.transaction() as session:
        acting = act_for(session, act_as(session, karin.person_id), contact)
        assert acting is not None
        row = help_requests.post(session, acting, new(jaGevoelig=SENSITIVE_TEXT))
        assert row.status is Status.SUBMITTED
        assert standing.agreed_version(session, annie.person_id, Purpose.SENSITIVE) is None
        id = row.id
    with program.transaction() as session:
        desk = act_as(session, broker.person_id)
        with pytest.raises(YesNeeded), session.begin_nested():
            help_requests.release(session, desk, id)
        assert help_requests.release(session, desk, id, SENSITIVE_TEXT).status is Status.OPEN
    with program.transaction() as session:
        (said,) = yeses(session, act_as(session, annie.person_id))
        assert (said.way, said.recorded_by_id) == (ConsentWay.VOICE, broker.person_id)


def test_who_decides_for_somebody_says_yes_in_their_name_and_no(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        karin, annie = a_person(session, first_name="Karin"), a_person(session, first_name="Annie")
        broker = a_member_of_staff(fresh_database, session)
        full = a_representation(session, broker, karin, annie, kind=RepresentationKind.AUTHORISED).id
    with program.transaction() as session:
        acting = act_for(session, act_as(session, karin.person_id), full)
        assert acting is not None
        help_requests.post(session, acting, new(jaGevoelig=SENSITIVE_TEXT))
    with program.transaction() as session:
        (said,) = yeses(session, act_as(session, annie.person_id))
        assert (said.person_id, said.recorded_by_id) == (annie.person_id, karin.person_id)


def test_an_agreement_that_falls_away_after_a_no_does_not_open_the_question(session: Session) -> None:
    helper, _ = a_helper(session)
    asker = a_person(session)
    agreement = an_agreement(session, asker, helper)
    held = help_requests.get(session, asker, agreement.help_request_id)
    session.execute(update(HelpRequest).where(HelpRequest.id == held.id).values(skills=int(Skill.DEMENTIA)))
    session.refresh(held)
    assert (held.status, yeses(session, asker)) == (Status.FILLED, [])

    occur.end(session, act_as(session, helper.person_id), agreement.id, "ziek")
    session.flush()

    assert held.status is Status.PAUSED


# a child who asks


def test_a_childs_question_waits_for_a_parent_and_nothing_is_shown_before(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        child, parent = of_age(session, 14), a_person(session, first_name="Moeder")
        broker = a_member_of_staff(fresh_database, session)
        legal = RepresentationKind.LEGAL
        row = a_representation(session, broker, parent, child, kind=legal, valid_until=tomorrow(session)).id
    with program.transaction() as session:
        asked = a_request(session, act_as(session, child.person_id))
        assert (asked.status, asked.is_public) == (Status.SUBMITTED, False)
        id = asked.id
        with pytest.raises(DBAPIError, match="not given"), session.begin_nested():
            session.execute(update(HelpRequest).where(HelpRequest.id == id).values(status="open"))
    with program.transaction() as session:
        desk = act_as(session, broker.person_id)
        assert help_requests.get(session, desk, id).id == id  # the makelaar sees it
        with pytest.raises(WaitsForParent), session.begin_nested():
            help_requests.release(session, desk, id, SENSITIVE_TEXT)
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        parents.agree(session, acting, Purpose.YOUNG_ASKER)
    with program.transaction() as session:
        assert help_requests.release(session, act_as(session, broker.person_id), id).status is Status.OPEN
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        parents.take_back(session, acting, Purpose.YOUNG_ASKER)
    with program.transaction() as session:
        child = act_as(session, child.person_id)
        assert help_requests.get(session, child, id).status is Status.PAUSED
        with pytest.raises(WaitsForParent):
            help_requests.renew(session, child, id)


def test_a_sensitive_question_of_a_child_takes_the_parents_yes_to_that_too(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        child, parent = of_age(session, 15), a_person(session, first_name="Vader")
        broker = a_member_of_staff(fresh_database, session)
        legal = RepresentationKind.LEGAL
        row = a_representation(session, broker, parent, child, kind=legal, valid_until=tomorrow(session)).id
    with program.transaction() as session:
        own = act_as(session, child.person_id)
        id = help_requests.post(session, own, new(jaGevoelig=SENSITIVE_TEXT)).id
        with pytest.raises(WaitsForParent):
            consents.give(session, own, Purpose.SENSITIVE)
        assert consents.history(session, own) == []
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        assert [said for _, said in parents.said(session, acting)] == [False, False, False]
        parents.agree(session, acting, Purpose.YOUNG_ASKER)
    with program.transaction() as session, pytest.raises(WaitsForParent), session.begin_nested():
        help_requests.release(session, act_as(session, broker.person_id), id, SENSITIVE_TEXT)
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        parents.agree(session, acting, Purpose.SENSITIVE)
    with program.transaction() as session:
        assert help_requests.release(session, act_as(session, broker.person_id), id).status is Status.OPEN


def test_a_parent_who_asks_for_the_child_says_yes_by_asking(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        child, parent = of_age(session, 12), a_person(session, first_name="Vader")
        broker = a_member_of_staff(fresh_database, session)
        legal = RepresentationKind.LEGAL
        row = a_representation(session, broker, parent, child, kind=legal, valid_until=tomorrow(session)).id
    with program.transaction() as session:
        acting = act_for(session, act_as(session, parent.person_id), row)
        assert acting is not None
        with pytest.raises(YesNeeded), session.begin_nested():
            help_requests.post(session, acting, new())
        assert a_request(session, acting).status is Status.OPEN
        (said,) = consents.history(session, acting)
        assert (said.purpose, said.recorded_by_id) == (Purpose.YOUNG_ASKER, parent.person_id)


@pytest.mark.parametrize(("years", "status"), [(15, Status.SUBMITTED), (16, Status.OPEN), (40, Status.OPEN)])
def test_from_sixteen_on_one_asks_for_oneself(session: Session, years: int, status: Status) -> None:
    assert a_request(session, of_age(session, years)).status is status


def test_a_makelaar_takes_down_a_childs_question_and_it_waits(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        child = of_age(session, 13)
        broker = a_member_of_staff(fresh_database, session)

        row = help_requests.post(
            session, broker, NewHelpRequest.model_validate(WALK), asker=child.person_id, consent="phone"
        )

        assert row.status is Status.SUBMITTED


def test_nobody_says_yes_for_a_child_but_a_parent(program: Program, fresh_database: Database) -> None:
    with program.transaction() as session:
        child = of_age(session, 13)
        broker = a_member_of_staff(fresh_database, session)
        help_requests.post(
            session, broker, new(jaGevoelig=SENSITIVE_TEXT), asker=child.person_id, consent="phone"
        )

        assert standing.agreed_version(session, child.person_id, Purpose.SENSITIVE) is None
        assert standing.agreed_version(session, uuid7(), Purpose.SENSITIVE) is None
