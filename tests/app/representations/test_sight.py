"""Who reads what of another while acting for them, as the database keeps it: also I17, the statement."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access import sign_in
from app.access.actor import Actor
from app.access.roles import Role
from app.clock import now, today
from app.db import Database as Program, Scope, scope_to
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.people.models import Contact
from app.representations import service
from app.representations.models import ConsentWay, Representation, RepresentationKind
from app.roosjes import service as roosjes
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    act,
    an_agreement,
)
from tests.databases import Database

CONTACT, AUTHORISED = RepresentationKind.CONTACT, RepresentationKind.AUTHORISED


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The makelaar of Geldrop-Mierlo."""
    with program.transaction() as opened:
        return a_member_of_staff(fresh_database, opened)


def accounts(session: Session) -> int:
    """How many accounts of the ledger this transaction reads."""
    count: int = session.execute(text("SELECT count(*) FROM ledger.account")).scalar_one()
    return count


def with_roosjes(session: Session) -> tuple[Actor, Actor]:
    """An asker with an agreement, and thus an account, and her helper."""
    asker, (helper, _) = a_person(session, first_name="Annie"), a_helper(session)
    an_agreement(session, asker, helper)
    return asker, helper


def test_a_statement_is_for_the_owner_who_is_authorised_the_own_makelaar_and_the_treasurer_only(
    program: Program, fresh_database: Database, marja: Actor
) -> None:
    with program.transaction() as session:
        treasurer = a_member_of_staff(fresh_database, session, role=Role.TREASURER, first_name="Hans")
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=794, first_name="Ans")
        asker, _ = with_roosjes(session)
        karin, bo = a_person(session, first_name="Karin"), a_person(session, first_name="Bo")
        full = a_representation(session, marja, karin, asker, kind=AUTHORISED).id
        contact = a_representation(session, marja, bo, asker, kind=CONTACT).id
        outsider = a_person(session, first_name="Iemand")
        session.flush()
        mine = text("SELECT count(*) FROM ledger.account WHERE owner_pseudonym = :who")

        def reads(actor: Actor) -> bool:
            return bool(session.execute(mine, {"who": asker.pseudonym}).scalar_one())

        assert reads(act(session, asker))
        assert reads(act(session, marja))
        assert reads(act(session, treasurer))
        assert reads(sign_in.act_for(session, act(session, karin), full) or outsider)
        assert roosjes.statement(
            session, sign_in.act_for(session, act(session, karin), full) or outsider
        ).holds
        assert not reads(act(session, elsewhere))
        assert not reads(act(session, outsider))
        assert not reads(act(session, karin)), "only while she acts for the other"
        assert not reads(sign_in.act_for(session, act(session, bo), contact) or outsider)


def test_the_database_itself_shows_nothing_once_consent_was_taken_back(
    program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        asker, _ = with_roosjes(session)
        karin = a_person(session, first_name="Karin")
        id = a_representation(session, marja, karin, asker, kind=AUTHORISED).id
        acting = sign_in.act_for(session, act(session, karin), id)
        assert acting is not None
        assert accounts(session) == 1
        assert session.scalars(select(HelpRequest)).all()

        service.end(session, act(session, asker), id)
        scope_to(session, acting.scope)  # as if a page had gone on with what it knew

        assert accounts(session) == 0
        assert session.scalars(select(HelpRequest).where(~HelpRequest.is_public)).all() == []
        assert session.scalars(select(Contact)).all() == []
        assert sign_in.act_for(session, act(session, karin), id) is None


def test_nobody_acts_under_a_key_of_somebody_else_or_for_another_person(
    program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        asker, helper = with_roosjes(session)
        karin, bo = a_person(session, first_name="Karin"), a_person(session, first_name="Bo")
        id = a_representation(session, marja, karin, asker, kind=AUTHORISED).id
        assert sign_in.act_for(session, act(session, bo), id) is None

        forged = Scope(helper.person_id, helper.pseudonym, representation=id)
        scope_to(session, forged)

        assert accounts(session) == 0
        assert session.scalars(select(Contact)).all() == []


def test_it_holds_through_its_last_day_and_no_longer(
    program: Program, marja: Actor, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        asker, karin = a_person(session, first_name="Annie"), a_person(session, first_name="Karin")
        last = today(session) + timedelta(days=1)
        id = a_representation(session, marja, karin, asker, valid_until=last).id
    travel(timedelta(days=1))
    with program.transaction() as session:
        assert sign_in.act_for(session, act(session, karin), id) is not None
    travel(timedelta(days=1))
    with program.transaction() as session:
        assert sign_in.act_for(session, act(session, karin), id) is None


@pytest.mark.parametrize("forged", ["active", "for-somebody"])
def test_saying_that_one_stands_for_somebody_does_not_make_it_so(program: Program, forged: str) -> None:
    with program.transaction() as session:
        asker, karin = a_person(session, first_name="Annie"), a_person(session, first_name="Karin")
        row = Representation(
            id=uuid7(), municipality_id=1771, representative_id=karin.person_id, kind=AUTHORISED, claimed={},
            question={}, represented_id=asker.person_id,
        )  # fmt: skip
        if forged == "active":
            row.status, row.consent_way = service.S.ACTIVE, ConsentWay.SITE
            row.consent_at, row.recorded_by_id = now(session), karin.person_id
        session.add(row)
        with pytest.raises(DBAPIError, match="row-level security"):
            session.flush()
        session.rollback()


def test_who_ended_it_cannot_make_it_live_again(program: Program, marja: Actor) -> None:
    with program.transaction() as session:
        asker, karin = a_person(session, first_name="Annie"), a_person(session, first_name="Karin")
        id = a_representation(session, marja, karin, asker).id
        act(session, karin)
        again = text("UPDATE representation SET valid_until = NULL, kind = 'gemachtigde' WHERE id = :id")
        with pytest.raises(DBAPIError, match="row-level security"):
            session.execute(again, {"id": id})
        session.rollback()


def test_a_contact_person_reads_only_what_they_asked_and_no_private_details(
    program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        asker, karin = a_person(session, first_name="Annie"), a_person(session, first_name="Karin")
        kept = a_request(session, act(session, asker), titel="Van mij alleen").id
        id = a_representation(session, marja, karin, asker).id
        acting = sign_in.act_for(session, act(session, karin), id)
        assert acting is not None
        own = a_request(session, acting).id

        seen: list[UUID] = [row.id for row in session.scalars(select(HelpRequest))]

        assert own in seen
        assert kept not in seen
        assert session.scalars(select(Contact).where(Contact.person_id == asker.person_id)).all() == []
        asked = session.get_one(HelpRequest, own)
        assert (asked.person_id, asked.author_id) == (asker.person_id, karin.person_id)
        assert asked.consent == "contactpersoon"
