"""The last yes: who may say it, who wins, and who is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import rewards
from app.agreements import agree, occur
from app.agreements.agree import HelperBusy
from app.agreements.models import Agreement, ArrangedBy, Occurrence, OccurrenceStatus
from app.categories.vocabulary import Kind
from app.clock import now
from app.config import Settings
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound
from app.help_offers import service as help_offers
from app.help_requests import asking, service as help_requests
from app.help_requests.models import HelpRequest, Status
from app.jobs import tasks
from app.jobs.work import Work
from app.matches import answer, volunteer
from app.matches.answer import NotConfirmed, TakenAlready
from app.matches.models import Proposal, Status as ProposalStatus
from app.matches.propose import DoesNotFit
from app.notifications.models import Notice
from app.roosjes import service as roosjes
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
    an_appointment,
)  # fmt: skip
from tests.databases import Database


def notices(session: Session, kind: str) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def test_the_last_yes_makes_an_agreement_with_one_open_hold(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)

    agreement = an_agreement(session, asker, helper)

    (occurrence,) = occur.get(session, asker, agreement.id).occurrences
    assert occurrence.status is OccurrenceStatus.AGREED
    assert [hold.subject for hold in roosjes.statement(session, asker).holds] == [occurrence.id]
    assert help_requests.get(session, asker, agreement.help_request_id).status is Status.FILLED


@pytest.mark.parametrize("many", [2, 8])
def test_of_many_who_agree_at_one_moment_exactly_one_wins(program: Program, many: int) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        helpers = [a_helper(session)[0] for _ in range(many)]
        help_request = a_request(session, act(session, asker))
        proposals = [a_willing_helper(session, asker, helper, help_request).id for helper in helpers]
    start = Barrier(many)

    def say_yes(proposal_id: UUID) -> bool:
        start.wait()
        try:
            with program.transaction() as session:
                agree.agree(session, act(session, asker), proposal_id, an_appointment(session))
        except TakenAlready:
            return False
        return True

    with ThreadPoolExecutor(many) as pool:
        won = list(pool.map(say_yes, proposals))

    assert won.count(True) == 1
    with program.transaction() as session:
        assert len(roosjes.statement(session, act(session, asker)).holds) == 1
        rows = answer.for_request(session, asker, help_request.id)
        assert sorted(row.status for row in rows) == sorted(["agreed", *["full"] * (many - 1)])


def test_the_others_hear_that_somebody_was_just_before_them(session: Session) -> None:
    asker = a_person(session)
    first, second = a_helper(session)[0], a_helper(session)[0]
    help_request = a_request(session, act(session, asker))
    one = a_willing_helper(session, asker, first, help_request)
    other = a_willing_helper(session, asker, second, help_request)

    agree.agree(session, asker, one.id, an_appointment(session))

    assert other.status is ProposalStatus.FULL
    act(session, second)
    assert [notice.subject_id for notice in notices(session, "full")] == [other.id]


def test_a_request_for_two_is_confirmed_by_the_second_and_closed_to_a_third(session: Session) -> None:
    asker = a_person(session)
    helpers = [a_helper(session)[0] for _ in range(3)]
    help_request = a_request(session, act(session, asker), aantalHelpers=2)
    proposals = [a_willing_helper(session, asker, helper, help_request) for helper in helpers]

    agree.agree(session, asker, proposals[0].id, an_appointment(session))
    after_one: Status = help_request.status
    agree.agree(session, asker, proposals[1].id, an_appointment(session))
    after_two: Status = help_request.status
    assert (after_one, after_two) == (Status.OPEN, Status.FILLED)

    with pytest.raises(TakenAlready):
        agree.agree(session, asker, proposals[2].id, an_appointment(session))


def test_when_a_helper_falls_away_the_request_looks_again_and_the_waiting_list_is_asked(
    program: Program,
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        first, second = a_helper(session)[0], a_helper(session)[0]
        help_request = a_request(session, act(session, asker))
        one = a_willing_helper(session, asker, first, help_request)
        other = a_willing_helper(session, asker, second, help_request)
        agreement = agree.agree(session, asker, one.id, an_appointment(session))

    with program.transaction() as session:
        occur.end(session, act(session, first), agreement.id, "ziek")
    tasks.reopened(Work(Settings(), program), str(help_request.id))

    with program.transaction() as session:
        act(session, asker)
        again = help_requests.get(session, asker, help_request.id)
        assert (again.status, again.helpers_found) == (Status.OPEN, 0)
        assert answer.get(session, asker, other.id).status is ProposalStatus.WILLING
        assert roosjes.statement(session, asker).holds == []
    with program.transaction() as session:
        act(session, second)
        assert [notice.subject_id for notice in notices(session, "again")] == [other.id]


def test_who_was_not_proposed_for_a_hidden_request_is_refused(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    hidden = a_request(session, act(session, asker), zichtbaarVoor="voorgesteld")
    act(session, helper)

    with pytest.raises(NotFound):
        volunteer.come_forward(session, helper, hidden.id, "Ik wil wel")


def test_only_the_asker_says_the_last_yes(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    help_request = a_request(session, act(session, asker))
    proposal = a_willing_helper(session, asker, helper, help_request)

    with pytest.raises(Forbidden):
        agree.agree(session, act(session, helper), proposal.id, an_appointment(session))


def test_a_makelaar_writes_down_a_yes_that_was_spoken_and_no_other(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        help_request = a_request(session, act(session, asker))
        proposal = a_willing_helper(session, asker, helper, help_request)
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)

        with pytest.raises(Invalid):
            agree.agree(session, broker, proposal.id, an_appointment(session))
        agreement = agree.agree(session, broker, proposal.id, an_appointment(session, gesproken=True))

        assert agreement.arranged_by is ArrangedBy.BROKER
        assert agreement.arranged_by_id == broker.person_id


def test_a_makelaar_of_another_municipality_cannot_agree_for_anyone(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        help_request = a_request(session, act(session, asker))
        proposal = a_willing_helper(session, asker, helper, help_request)
    with program.transaction() as session:
        stranger = a_member_of_staff(fresh_database, session, municipality_id=772)

        with pytest.raises(NotFound):
            agree.agree(session, stranger, proposal.id, an_appointment(session, gesproken=True))


def test_where_each_match_is_introduced_the_asker_chooses_after_the_makelaar_confirmed(
    program: Program, fresh_database: Database
) -> None:
    rows_of(fresh_database, "UPDATE municipality SET mediation = 4 WHERE id = 1771 RETURNING id")
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
        asker, (helper, _) = a_person(session), a_helper(session)
        help_request = a_request(session, act(session, asker))
        help_requests.release(session, act(session, broker), help_request.id)
        proposal = a_willing_helper(session, asker, helper, help_request)

        with pytest.raises(NotConfirmed):
            answer.meet(session, asker, proposal.id)
        answer.confirm(session, act(session, broker), proposal.id)
        answer.meet(session, act(session, asker), proposal.id)

        assert proposal.status is ProposalStatus.MEETING
        assert proposal.code_word


def test_a_helper_who_paused_one_moment_ago_is_not_confirmed(session: Session) -> None:
    asker, (helper, offer) = a_person(session), a_helper(session)
    help_request = a_request(session, act(session, asker))
    proposal = a_willing_helper(session, asker, helper, help_request)
    help_offers.pause(session, act(session, helper), offer.id)

    with pytest.raises(DoesNotFit):
        agree.agree(session, act(session, asker), proposal.id, an_appointment(session))


def test_a_helper_cannot_be_at_two_places_at_once(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    an_agreement(session, asker, helper)

    with pytest.raises(HelperBusy):
        an_agreement(session, asker, helper)


def test_a_limit_on_roosjes_never_refuses_the_help(session: Session) -> None:
    asker = a_person(session)
    for number in range(3):
        helper, _ = a_helper(session, minutenPerWeek=2400)
        agreement = an_agreement(session, asker, helper, minuten=300, days=3 + number)

    (occurrence,) = occur.get(session, asker, agreement.id).occurrences
    assert occurrence.status is OccurrenceStatus.AGREED
    assert (occurrence.kind, occurrence.hold_id) == (Kind.ZONDER, None)
    assert roosjes.statement(session, asker).balance.held_out == 600


def test_roosjes_stay_set_aside_as_long_as_the_rules_of_that_day_say(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    for key, days, begins in (("now", 20, None), ("then", 45, now(session) + timedelta(days=5))):
        rewards.set_policy(
            session.connection(),
            key=key,
            actor=rewards.SYSTEM,
            municipality_id=GELDROP_MIERLO,
            terms=rewards.Terms(grace_days=days),
            valid_from=begins,
        )

    agreements = [an_agreement(session, asker, helper, days=ahead) for ahead in (3, 8)]

    ends = [occur.get(session, asker, one.id).occurrences[0].ends_at for one in agreements]
    holds = roosjes.statement(session, asker).holds
    assert [hold.expires_at - end for hold, end in zip(holds, ends, strict=True)] == [
        timedelta(days=20),
        timedelta(days=45),
    ]


def test_a_series_is_agreed_two_weeks_ahead_and_planned_beyond(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)

    agreement = an_agreement(session, asker, helper, hoeVaak="wekelijks")

    occurrences = occur.get(session, asker, agreement.id).occurrences
    assert [o.status for o in occurrences[:2]] == [OccurrenceStatus.AGREED] * 2
    assert {o.status for o in occurrences[2:]} == {OccurrenceStatus.PLANNED}
    assert len(roosjes.statement(session, asker).holds) == 2
    steps = {b.starts_at.date() - a.starts_at.date() for a, b in pairwise(occurrences)}
    assert steps == {timedelta(days=7)}


def test_paid_help_starts_only_with_a_contract(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    help_request = a_request(session, act(session, asker))
    help_request.kind = Kind.BETAALD
    act(session, helper)  # whose yes it is
    proposal = session.merge(Proposal(**_proposal_values(session, help_request, helper.person_id)))
    session.flush()
    act(session, asker)

    with pytest.raises(Invalid, match="invalid"):
        agree.agree(session, asker, proposal.id, an_appointment(session))


def _proposal_values(session: Session, help_request: HelpRequest, helper_id: UUID) -> dict[str, object]:
    return {
        "municipality_id": help_request.municipality_id,
        "helper_municipality_id": help_request.municipality_id,
        "help_request_id": help_request.id,
        "asker_id": help_request.person_id,
        "helper_id": helper_id,
        "origin": "helper",
        "status": ProposalStatus.WILLING,
        "answered_at": help_request.posted_at,
        "score": 0,
        "terms": {},
        "distance_m": 0,
        "expires_at": help_request.expires_at,
    }


def test_no_agreement_in_the_past(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    help_request = a_request(session, act(session, asker))
    proposal = a_willing_helper(session, asker, helper, help_request)

    with pytest.raises(Invalid):
        agree.agree(session, asker, proposal.id, an_appointment(session, days=-1))
    assert session.scalars(select(Agreement)).all() == []
    assert session.scalars(select(Occurrence)).all() == []


def test_who_said_yes_hears_that_a_question_was_withdrawn_and_nobody_is_asked_any_more(
    program: Program,
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        help_request = a_request(session, act(session, asker))
        proposal = a_willing_helper(session, asker, helper, help_request)
    with program.transaction() as session:
        help_requests.withdraw(session, act(session, asker), help_request.id)

    tasks.stopped(Work(Settings(), program), str(help_request.id))

    with program.transaction() as session:
        act(session, helper)
        assert answer.get(session, helper, proposal.id).status is ProposalStatus.WITHDRAWN
        assert [notice.subject_id for notice in notices(session, "stopped")] == [proposal.id]


def test_what_a_visitor_typed_and_never_sent_is_gone_the_day_after(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        asking.begin(session)
    travel(timedelta(days=2))

    tasks.tidy(Work(Settings(), program))

    assert rows_of(fresh_database, "SELECT token_hash FROM ask_draft") == []
