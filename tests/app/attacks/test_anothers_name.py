"""Kept apart under one's own name, and back in the name of another: a block and a suspension hold there too."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import sign_in
from app.access.actor import Actor
from app.agreements import agree
from app.agreements.models import Agreement, Occurrence
from app.db import Database as Program
from app.errors import NotFound
from app.ids import uuid7
from app.matches import answer
from app.matches.meeting import Suspended
from app.matches.models import Proposal
from app.matches.propose import DoesNotFit
from app.people.models import Contact
from app.representations import service as representations
from app.representations.models import RepresentationKind
from app.representations.schemas import ForAnother, HeardQuestion
from app.roosjes import giving
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    act,
    an_appointment,
)
from tests.app.safety.meeting import Met
from tests.databases import Database

GREET = {"voornaam": "Annie", "postcode": "5664 HJ", "email": "annie@voorbeeld.example"}
WALK = {"categorie": "samen-op-pad", "titel": "Een rondje door het dorp", "minuten": 60}


@dataclass
class Stalker:
    """Bert, whom Tonnie keeps at a distance, and Ria, for whom Bert may decide."""

    met: Met
    database: Database
    marja: Actor
    bert: Actor

    @property
    def program(self) -> Program:
        return self.met.program

    def is_blocked(self) -> None:
        self._write(
            "INSERT INTO person_block (id, municipality_id, blocker_id, blocked_id, agreements, by_id, created_at)"
            " VALUES (:id, :m, :tonnie, :bert, 'keep', :tonnie, ledger.now()) RETURNING 1"
        )

    def is_suspended(self) -> None:
        self._write(
            "INSERT INTO suspension (id, municipality_id, person_id, why, told, agreements, by_id, review_on, status,"
            " started_at, version, lifted_words) VALUES (:id, :m, :bert, 'rules', 'Wij kijken.', 'stop', :marja,"
            " ledger.now()::date + 9, 'active', ledger.now(), 1, '') RETURNING 1"
        )

    def _write(self, statement: str) -> None:
        keys = {"tonnie": self.met.helper, "bert": self.bert, "marja": self.marja}
        known = {name: actor.person_id for name, actor in keys.items() if f":{name}" in statement}
        rows_of(self.database, statement, id=uuid7(), m=GELDROP_MIERLO, **known)

    def acts_for_ria(self, kind: RepresentationKind = RepresentationKind.AUTHORISED) -> UUID:
        with self.program.transaction() as session:
            return a_representation(session, self.marja, self.bert, self.met.asker, kind=kind).id

    def as_ria(self, session: Session, key: UUID) -> Actor:
        acting = sign_in.act_for(session, act(session, self.bert), key)
        assert acting is not None
        return acting

    def agreed(self) -> None:
        with self.program.transaction() as session:
            agree.agree(session, act(session, self.met.asker), self.met.proposal_key, an_appointment(session))


@pytest.fixture
def stalker(program: Program, fresh_database: Database) -> Stalker:
    met = Met(program)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        return Stalker(met, fresh_database, marja, a_person(session, first_name="Bert"))


@pytest.mark.parametrize("first", ["block", "consent"])
def test_who_is_blocked_is_not_matched_in_the_name_of_another_in_the_next_query(
    stalker: Stalker, first: str
) -> None:
    assert stalker.met.found()
    steps = (stalker.is_blocked, stalker.acts_for_ria)
    for step in steps if first == "block" else reversed(steps):
        step()

    assert not stalker.met.found()


def test_a_block_that_counts_for_two_is_over_when_one_acts_for_the_other_no_more(stalker: Stalker) -> None:
    stalker.is_blocked()
    key = stalker.acts_for_ria()
    assert not stalker.met.found()
    with stalker.program.transaction() as session:
        representations.end(session, act(session, stalker.met.asker), key)

    assert stalker.met.found()


def test_nobody_meets_or_agrees_with_whom_blocked_them_in_the_name_of_another(stalker: Stalker) -> None:
    stalker.is_blocked()
    key = stalker.acts_for_ria()

    for act_on in (
        lambda session, actor: answer.meet(session, actor, stalker.met.proposal_key),
        lambda session, actor: agree.agree(session, actor, stalker.met.proposal_key, an_appointment(session)),
    ):
        with stalker.program.transaction() as session, pytest.raises(NotFound):
            act_on(session, stalker.as_ria(session, key))
        with stalker.program.transaction() as session, pytest.raises(DoesNotFit) as refusal:
            act_on(session, act(session, stalker.met.asker))
        assert refusal.value.details == {"regel": "paused"}


@pytest.mark.parametrize("kind", [RepresentationKind.CONTACT, RepresentationKind.AUTHORISED])
def test_what_was_agreed_before_tells_them_neither_where_nor_when(
    stalker: Stalker, kind: RepresentationKind
) -> None:
    stalker.agreed()
    stalker.is_blocked()
    key = stalker.acts_for_ria(kind)
    tonnie = stalker.met.helper.person_id

    with stalker.program.transaction() as session:
        stalker.as_ria(session, key)
        assert session.scalars(select(Contact).where(Contact.person_id == tonnie)).all() == []
        for model in (Proposal, Agreement, Occurrence):
            assert session.scalars(select(model)).all() == []  # unscoped: what row-level security leaves
    with stalker.program.transaction() as session:  # it stands, and Ria reads it
        act(session, stalker.met.asker)
        assert len(session.scalars(select(Agreement)).all()) == 1  # unscoped: as above


def test_who_is_suspended_acts_for_nobody(stalker: Stalker) -> None:
    key = stalker.acts_for_ria()
    with stalker.program.transaction() as session:
        scope = stalker.as_ria(session, key).scope
        assert session.scalars(select(Contact)).all()
    stalker.is_suspended()

    with stalker.program.transaction() as session:
        bert = act(session, stalker.bert)
        assert sign_in.act_for(session, bert, key) is None
        assert representations.for_others(session, bert) == []
        with pytest.raises(Suspended):
            representations.ask(
                session, bert, ForAnother.model_validate({"voorWie": GREET, "hulpvraag": WALK})
            )
    with stalker.program.transaction(scope) as session:  # as if a page had gone on with what it knew
        assert session.scalars(select(Contact)).all() == []


def test_a_question_that_waits_for_consent_is_not_asked_by_who_was_suspended_meanwhile(
    stalker: Stalker,
) -> None:
    with stalker.program.transaction() as session:
        asked = ForAnother.model_validate({"voorWie": GREET, "hulpvraag": WALK})
        key = representations.ask(session, act(session, stalker.bert), asked).id
    stalker.is_suspended()
    with stalker.program.transaction() as session:
        representations.record(session, act(session, stalker.marja), key, HeardQuestion())

    titles = rows_of(
        stalker.database, "SELECT title FROM help_request WHERE title = :title", title=WALK["titel"]
    )
    assert titles == []


def test_who_is_kept_apart_is_not_named_among_whom_one_knows(stalker: Stalker) -> None:
    """A name that is there, and nobody behind it, would tell of the block: who left is not named either."""
    stalker.agreed()
    asker = stalker.met.asker
    with stalker.program.transaction() as session:
        assert giving.acquaintances(session, act(session, asker))
    with stalker.program.transaction() as session:
        stalker.met.block(session, by="helper", agreements="keep")

    with stalker.program.transaction() as session:
        assert giving.acquaintances(session, act(session, asker)) == []


def test_a_question_of_ones_own_is_still_asked(stalker: Stalker) -> None:
    stalker.is_blocked()
    stalker.acts_for_ria()
    with stalker.program.transaction() as session:
        assert a_request(session, act(session, stalker.met.asker)).status == "open"
