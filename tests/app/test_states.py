"""Lives are tables: exactly the steps in the table succeed, each with one event; every other raises and emits none."""

from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activities import models as activities
from app.agreements import models as agreements
from app.costs import models as costs
from app.couplings import models as couplings
from app.db import Base
from app.distribution import models as distribution
from app.errors import NotAllowed
from app.help_offers import models as help_offers
from app.help_requests import models as help_requests
from app.ideas import models as ideas
from app.ids import uuid7
from app.matches import models as matches
from app.outreach import models as outreach
from app.panel import models as panel
from app.partners import models as partners
from app.referrals import models as referrals
from app.representations import models as representations
from app.rings import models as rings
from app.roosjes import models as roosjes
from app.safety import models as safety
from app.safety.words import SuspensionStatus
from app.states import Living, StateEvent, Transitions
from app.stories import models as stories
from app.welfare import models as welfare
from tests.app.factories import a_helper, a_person, an_agreement

LIVES: dict[str, tuple[Transitions[Any], type[StrEnum]]] = {
    "help_request": (help_requests.TRANSITIONS, help_requests.Status),
    "help_offer": (help_offers.TRANSITIONS, help_offers.Status),
    "proposal": (matches.TRANSITIONS, matches.Status),
    "agreement": (agreements.TRANSITIONS, agreements.Status),
    "occurrence": (agreements.OCCURRENCE_TRANSITIONS, agreements.OccurrenceStatus),
    "time_proposal": (agreements.TIME_TRANSITIONS, agreements.TimeStatus),
    "distribution_line": (distribution.TRANSITIONS, distribution.LineStatus),
    "representation": (representations.TRANSITIONS, representations.RepresentationStatus),
    "ring": (rings.TRANSITIONS, rings.RingStatus),
    "welfare_plan": (welfare.PLAN_TRANSITIONS, welfare.PlanStatus),
    "welfare_grant": (welfare.GRANT_TRANSITIONS, welfare.GrantStatus),
    "welfare_spending": (welfare.SPENDING_TRANSITIONS, welfare.SpendingStatus),
    "agreed_cost": (costs.AGREED_TRANSITIONS, costs.AgreedStatus),
    "paid_cost": (costs.PAID_TRANSITIONS, costs.PaidStatus),
    "suspension": (safety.SUSPENSION_TRANSITIONS, SuspensionStatus),
    "line_question": (roosjes.QUESTION_TRANSITIONS, roosjes.QuestionStatus),
    "coupling_talk": (couplings.TRANSITIONS, couplings.TalkStatus),
    "activity": (activities.TRANSITIONS, activities.Status),
    "story": (stories.TRANSITIONS, stories.StoryStatus),
    "idea": (ideas.TRANSITIONS, ideas.IdeaStatus),
    "idea_reaction": (ideas.REACTIONS, ideas.ReactionStatus),
    "panel_point": (panel.TRANSITIONS, panel.PointStatus),
    "referral": (referrals.TRANSITIONS, referrals.ReferralStatus),
    "outreach": (outreach.OUTREACH, outreach.OutreachStatus),
    "mediation": (outreach.MEDIATION, outreach.MediationStatus),
    "joining": (partners.JOINING, partners.JoiningStatus),
    "introduction": (partners.INTRODUCING, partners.IntroductionStatus),
}


@pytest.fixture
def living(session: Session) -> dict[str, Living[Any]]:
    """One of each; most as a real agreement leaves them."""
    asker, (helper, offer) = a_person(session), a_helper(session)
    agreement = an_agreement(session, asker, helper)
    occurrence = session.scalars(select(agreements.Occurrence)).one()
    rows: list[Living[Any]] = [
        session.get_one(help_requests.HelpRequest, agreement.help_request_id),
        offer,
        session.get_one(matches.Proposal, agreement.proposal_id),
        agreement,
        occurrence,
    ]
    session.flush()
    # these are never written: a step looks at a row, and tells of it
    line = distribution.DistributionLine(id=uuid7(), municipality_id=agreement.municipality_id)
    ring = rings.Ring(
        id=uuid7(),
        municipality_id=agreement.municipality_id,
        municipality_ids=[agreement.municipality_id],
        member_ids=agreement.parties(),
    )
    question = roosjes.LineQuestion(
        id=uuid7(), municipality_id=agreement.municipality_id, asked_by_id=asker.person_id
    )
    here = {"municipality_id": agreement.municipality_id}
    two = {"asker_id": asker.person_id, "helper_id": helper.person_id}
    unwritten: list[Living[Any]] = [
        line, ring, question, safety.Suspension(id=uuid7(), person_id=helper.person_id, **here),
        representations.Representation(id=uuid7(), representative_id=helper.person_id, **here),
        welfare.WelfarePlan(id=uuid7(), person_id=asker.person_id, **here),
        welfare.WelfareGrant(id=uuid7(), person_id=asker.person_id, **here),
        welfare.WelfareSpending(id=uuid7(), person_id=asker.person_id, **here),
        costs.AgreedCost(id=uuid7(), **two, **here),
        costs.PaidCost(id=uuid7(), **two, **here),
        agreements.TimeProposal(id=uuid7(), **two, **here),
        couplings.CouplingTalk(id=uuid7(), **two, **here),
        activities.Activity(id=uuid7(), host_id=helper.person_id, **here),
        stories.Story(id=uuid7(), teller_id=helper.person_id, **here),
        ideas.Idea(id=uuid7(), author_id=helper.person_id, **here),
        ideas.IdeaReaction(id=uuid7(), author_id=helper.person_id, **here),
        referrals.Referral(id=uuid7(), person_id=helper.person_id, **here),
        partners.Joining(id=uuid7(), applicant_id=helper.person_id, **here),
        partners.Introduction(id=uuid7(), **here),
        panel.PanelPoint(id=uuid7(), made_by_id=asker.person_id, **here),
        outreach.Outreach(id=uuid7(), **here),
        outreach.MediationCase(id=uuid7(), asker_id=asker.person_id, **here),
    ]  # fmt: skip
    session.add_all(unwritten)
    rows += unwritten
    return {row.__tablename__: row for row in rows}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LIVES)
def test_exactly_the_steps_of_the_table_succeed_with_one_event_each(
    living: dict[str, Living[Any]], session: Session, name: str
) -> None:
    transitions, states = LIVES[name]
    pairs = [(before, after) for before in states for after in states]
    allowed = [(before, after) for before, after in pairs if after in transitions.allowed[before]]

    with session.no_autoflush:
        done = [pair for pair in pairs if stepped(session, living[name], *pair)]
        session.expunge_all()

    assert done == allowed


def stepped(session: Session, row: Living[Any], before: StrEnum, after: StrEnum) -> bool:
    """Whether it went from the one state to the other, with one event; if not, it stays, and none is told of it."""
    row.status = before
    try:
        row.step(after, None)
    except NotAllowed:
        went = False
    else:
        went = True
    events = [event for event in session.new if isinstance(event, StateEvent)]
    assert [(event.before, event.after) for event in events] == ([(before, after)] if went else [])
    assert row.status == (after if went else before)
    for event in events:
        session.expunge(event)
    return went


@pytest.mark.parametrize("name", LIVES)
def test_the_database_repeats_the_states_in_a_check(session: Session, name: str) -> None:
    definition = (
        session.connection()
        .exec_driver_sql(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", (f"ck_{name}_status",)
        )
        .scalar_one()
    )

    assert all(f"'{state}'" in definition for state in LIVES[name][1])


@pytest.mark.parametrize("name", LIVES)
def test_every_state_is_in_its_table(name: str) -> None:
    transitions, states = LIVES[name]

    assert set(transitions.allowed) == set(states)


def test_every_life_is_tried_here() -> None:
    lives = {row.local_table.name for row in Base.registry.mappers if issubclass(row.class_, Living)}  # type: ignore[attr-defined]

    assert lives == set(LIVES)
