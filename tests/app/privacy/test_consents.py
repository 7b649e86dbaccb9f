"""A yes belongs to a text; a no counts at once, in the index of every process too."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Grant
from app.access.roles import Role
from app.access.sign_in import act_as
from app.db import Database as Program
from app.help_offers import service as help_offers
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches import propose
from app.privacy import consents, texts
from app.privacy.models import Consent, Purpose
from app.privacy.standing import ConsentWithdrawn
from tests.app.factories import GELDROP_MIERLO, a_helper, a_person, a_request, an_offer

SENSITIVE = "helpen-bij-dementie"


def proposed(program: Program, asker: UUID) -> set[UUID]:
    """Whom the engine finds for somebody's question at this moment."""
    with program.transaction() as session:
        desk = (Grant(Role.BROKER, frozenset({GELDROP_MIERLO})),)
        actor = replace(act_as(session, asker), grants=desk)
        case = session.scalars(select(HelpRequest).where(HelpRequest.person_id == asker)).one()
        return {one.match.person_id for one in propose.candidates(session, actor, case)}


def test_a_no_counts_in_the_next_question_to_the_index(program: Program) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        a_request(session, asker)
    assert proposed(program, asker.person_id) == {helper.person_id}

    with program.transaction() as session:
        consents.withdraw(session, act_as(session, helper.person_id), Purpose.PROPOSALS)
    assert proposed(program, asker.person_id) == set()

    with program.transaction() as session:
        actor = act_as(session, helper.person_id)
        consents.give(session, actor, Purpose.PROPOSALS)
        for offer in help_offers.mine(session, actor):
            help_offers.resume(session, actor, offer.id)
    assert proposed(program, asker.person_id) == {helper.person_id}


def test_nothing_opens_against_a_no_whatever_the_program_does(session: Session) -> None:
    helper, offer = a_helper(session)
    consents.withdraw(session, helper, Purpose.PROPOSALS)
    assert offer.status is OfferStatus.PAUSED

    with pytest.raises(ConsentWithdrawn):
        help_offers.resume(session, helper, offer.id)
    with pytest.raises(DBAPIError, match="taken back"), session.begin_nested():
        session.execute(update(HelpOffer).where(HelpOffer.id == offer.id).values(status="open"))


def test_a_no_to_borders_keeps_help_within_them(session: Session) -> None:
    helper, offer = a_helper(session, buurgemeenten=True)
    consents.withdraw(session, helper, Purpose.ACROSS_BORDERS)
    assert not offer.cross_border

    later = an_offer(session, helper, buurgemeenten=True)
    session.refresh(later)

    assert not later.cross_border


def test_a_no_to_sensitive_facts_pauses_those_questions_only(session: Session) -> None:
    asker = a_person(session)
    other = a_request(session, asker)
    row = a_request(session, asker, categorie=SENSITIVE)
    row.step(RequestStatus.OPEN, asker.person_id)
    session.flush()

    consents.withdraw(session, asker, Purpose.SENSITIVE)

    assert (row.status, other.status) == (RequestStatus.PAUSED, RequestStatus.OPEN)
    with pytest.raises(ConsentWithdrawn):
        help_requests.renew(session, asker, row.id)


def test_a_sensitive_question_is_never_public(session: Session) -> None:
    asker = a_person(session)
    row = a_request(session, asker, categorie=SENSITIVE)
    session.execute(update(HelpRequest).where(HelpRequest.id == row.id).values(is_public=True))

    assert not session.scalars(select(HelpRequest.is_public).where(HelpRequest.id == row.id)).one()


def test_a_new_text_asks_again_and_the_old_yes_is_kept(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = a_person(session)
    consents.give(session, actor, Purpose.TIPS)
    assert consents.give(session, actor, Purpose.TIPS).version == 1
    monkeypatch.setitem(texts.TEXTS, Purpose.TIPS, texts.TEXTS[Purpose.TIPS] * 2)
    assert next(one for one in consents.standings(session, actor) if one.purpose is Purpose.TIPS).renewed

    consents.give(session, actor, Purpose.TIPS)

    assert [(row.version, row.withdrawn_at is None) for row in consents.history(session, actor)] == [
        (2, True),
        (1, False),
    ]


def test_a_no_to_what_was_never_asked_is_a_no(session: Session) -> None:
    helper, _ = a_helper(session)
    consents.withdraw(session, helper, Purpose.PROPOSALS)
    consents.withdraw(session, helper, Purpose.PROPOSALS)

    rows = session.scalars(select(Consent)).all()

    assert [(row.given_at, row.withdrawn_by_id) for row in rows] == [(None, helper.person_id)]


def test_what_was_said_cannot_be_written_over(session: Session) -> None:
    actor = a_person(session)
    consents.give(session, actor, Purpose.TIPS)

    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(update(Consent).values(version=9))
