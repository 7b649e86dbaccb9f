"""The work list: each count is the length of the list behind it, and the list costs the same at any length."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements import occur
from app.db import Database
from app.errors import Forbidden
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status
from app.matches import answer, propose
from app.moderation import cases, finding, queues
from app.moderation.conditions import Group, Queue
from app.moderation.deadlines import deadlines
from app.moderation.queues import Board
from app.places.models import Mediation, Municipality
from app.places.working_days import add_working_days
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.databases import Database as Migrated
from tests.queries import count_queries

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def a_board(session: Session, broker: Actor, queue: Queue = Queue.ALL) -> Board:
    municipality = session.get_one(Municipality, GELDROP_MIERLO)
    return queues.board(session, act(session, broker), municipality, queue)


def titles(board: Board) -> set[str]:
    return {entry.help_request.title for entry in board.entries}


def a_desk_with_everything(session: Session, broker: Actor) -> None:
    """One request for each state that a queue asks about; time passes afterwards."""
    asker = a_person(session)
    for title in ("Nieuw", "Gezien", "Gepauzeerd", "Verwezen", "Gesloten", "Alles nee", "Gesprek", "Van mij"):
        act(session, asker)
        row = a_request(session, asker, titel=title)
        act(session, broker)
        if title == "Gezien":
            help_requests.see(session, broker, row)
        elif title == "Gepauzeerd":
            cases.pause(session, broker, row.id, row.version)
        elif title == "Verwezen":
            cases.refer(
                session,
                broker,
                row.id,
                cases.Referral.model_validate({"waarheen": "de huisarts", "versie": row.version}),
            )
        elif title == "Gesloten":
            closing = cases.CaseClosing.model_validate({"reden": "niet meer nodig", "versie": row.version})
            cases.close(session, broker, row.id, closing)
        elif title == "Van mij":
            cases.take(session, broker, row.id, row.version)
        elif title in ("Alles nee", "Gesprek"):
            helper, _ = a_helper(session, first_name="Piet")
            proposal = a_willing_helper(session, asker, helper, row)
            if title == "Gesprek":
                answer.meet(session, act(session, asker), proposal.id)
            else:
                answer.decline(session, act(session, helper), proposal.id)


@pytest.fixture
def broker(fresh_database: Migrated, program: Database) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def test_each_count_is_the_length_of_its_list(
    program: Database, broker: Actor, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        a_desk_with_everything(session, broker)
        helper, _ = a_helper(session, first_name="Ans")
        asker = a_person(session, first_name="Wim")
        disputed = an_agreement(session, asker, helper, titel="Betwist", days=2)
        lapsed_helper, _ = a_helper(session, first_name="Bep")
        an_agreement(
            session, a_person(session, first_name="Jan"), lapsed_helper, titel="Niets gezegd", days=2
        )
    travel(timedelta(days=7))
    with program.transaction() as session:
        occurrence = occur.get(session, act(session, asker), disputed.id).occurrences[0]
        occur.happened(session, act(session, helper), occurrence.id)
        occur.dispute(session, act(session, asker), occurrence.id, "Zij kwam niet")
    with program.transaction() as session:
        act(session, broker)
        expected = {
            Queue.NEW: {"Nieuw", "Alles nee", "Gesprek"},
            Queue.NOBODY: {"Nieuw", "Gezien", "Van mij", "Alles nee"},
            Queue.STUCK: {"Alles nee", "Niets gezegd"},
            Queue.MEETING: {"Gesprek"},
            Queue.REPORTS: {"Betwist"},
            Queue.RESTING: {"Gepauzeerd", "Verwezen"},
            Queue.RECENT: {"Gesloten"},
            Queue.MINE: {"Gezien", "Van mij"},
        }
        for queue in Queue:
            board = a_board(session, broker, queue)
            assert len(board.entries) == board.counts[queue], queue
            if queue in expected:
                assert titles(board) == expected[queue], queue
            assert all(queue in entry.queues for entry in board.entries)
        every = a_board(session, broker)
        assert every.counts[Queue.ALL] == every.counts[Queue.MINE] + every.counts[Queue.UNCLAIMED]
        assert every.late == sum(entry.group is Group.LATE for entry in every.entries)


@pytest.mark.parametrize("degree", list(Mediation))
def test_each_degree_of_mediation_gives_the_desk_its_own_work(
    program: Database,
    fresh_database: Migrated,
    broker: Actor,
    travel: Callable[[timedelta], None],
    degree: Mediation,
) -> None:
    rows_of(fresh_database, "UPDATE municipality SET mediation = :d WHERE id = 1771 RETURNING id", d=degree)
    with program.transaction() as session:
        asker = a_person(session)
        a_request(session, asker, titel="Voor iedereen")
        a_request(session, asker, titel="Voor u alleen", zichtbaarVoor="makelaar")
        act(session, broker)
        new, work = (titles(a_board(session, broker, queue)) for queue in (Queue.NEW, Queue.ALL))
        told = {"Voor iedereen", "Voor u alleen"} if degree >= Mediation.TOLD else {"Voor u alleen"}
        assert (new, work) == (told, told)
        shown = {row.title: (row.status, row.is_public) for row in session.scalars(select(HelpRequest))}
        status = Status.SUBMITTED if degree >= Mediation.CHECKED else Status.OPEN
        assert shown == {
            "Voor iedereen": (status, degree < Mediation.CHECKED), "Voor u alleen": (status, False)
        }  # fmt: skip
    travel(timedelta(days=4))
    with program.transaction() as session:
        act(session, broker)
        assert titles(a_board(session, broker)) == {"Voor iedereen", "Voor u alleen"}


def test_who_waits_longest_stands_on_top_and_a_choice_of_helpers_is_not_late(
    program: Database, broker: Actor, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        a_request(session, asker, titel="Eerst")
        chosen = a_request(session, asker, titel="Er wil iemand")
        helper, _ = a_helper(session)
        a_willing_helper(session, asker, helper, chosen)
    travel(timedelta(days=10))
    with program.transaction() as session:
        a_request(session, a_person(session, first_name="Jan"), titel="Vandaag gevraagd")
        board = a_board(session, broker)
    groups = [(entry.help_request.title, entry.group) for entry in board.entries]
    assert groups == [
        ("Eerst", Group.LATE), ("Er wil iemand", Group.CHOICE), ("Vandaag gevraagd", Group.WEEK)
    ]  # fmt: skip
    assert board.late == 1


@given(st.integers(0, 60 * 24 * 700), st.integers(1, 30), st.integers(0, 60 * 24 * 50))
def test_a_start_is_late_exactly_when_its_promise_is_past(minute: int, days: int, minutes: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=AMSTERDAM) + timedelta(minutes=minute)
    since = moment - timedelta(minutes=minutes)
    late = deadlines(moment, days).late
    assert (since <= late) == (add_working_days(since, days) < moment) or abs(since - late) <= timedelta(
        seconds=1
    )


def test_the_list_sends_as_many_queries_for_fifteen_rows_as_for_one(program: Database, broker: Actor) -> None:
    def queries() -> int:
        with program.transaction() as session:
            act(session, broker)
            with count_queries(program.engine) as counted:
                board = a_board(session, broker)
                [entry.help_request.person.first_name for entry in board.entries]
            return counted.count

    with program.transaction() as session:
        a_request(session, a_person(session))
    one = queries()
    with program.transaction() as session:
        for number in range(14):
            a_request(session, a_person(session, first_name=f"Vrager{'abcdefghijklmn'[number]}"))
    assert queries() == one


def test_another_municipality_has_its_own_list(
    fresh_database: Migrated, program: Database, broker: Actor
) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session, postcode="5708 AB"), titel="In Helmond")
        helmond = a_member_of_staff(fresh_database, session, municipality_id=HELMOND, first_name="Samira")
        assert titles(a_board(session, broker)) == set()
        with pytest.raises(Forbidden):
            queues.board(session, act(session, helmond), session.get_one(Municipality, GELDROP_MIERLO))


def test_a_case_is_found_by_number_name_place_and_words(program: Database, broker: Actor) -> None:
    with program.transaction() as session:
        asker = a_person(session, first_name="Zoë", achternaam="van 't Hof")
        row = a_request(session, asker, titel="Ramen lappen")
        act(session, broker)
        municipality = session.get_one(Municipality, GELDROP_MIERLO)
        for typed in (
            row.number,
            row.number.lower().replace("-", " "),
            "zoe",
            "van 't hof",
            "ramen",
            "Geldrop",
        ):
            found = finding.cases(session, broker, municipality, typed)
            assert [entry.help_request.id for entry in found] == [row.id], typed
        assert finding.cases(session, broker, municipality, "bestaatniet") == []
        assert finding.cases(session, broker, municipality, "%_'\\") == []


def test_a_no_show_leaves_the_list_when_somebody_has_called(
    program: Database, broker: Actor, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        agreement = an_agreement(session, asker, helper, days=1)
        occurrence_id = occur.get(session, asker, agreement.id).occurrences[0].id
    travel(timedelta(days=2))
    with program.transaction() as session:
        occur.no_show(session, act(session, asker), occurrence_id)
    with program.transaction() as session:
        assert a_board(session, broker).counts[Queue.REPORTS] == 1
        cases.note(session, broker, agreement.help_request_id, "Gebeld met allebei")
    with program.transaction() as session:
        assert a_board(session, broker).counts[Queue.REPORTS] == 0


def test_the_engine_is_asked_again_only_while_somebody_is_looked_for(
    program: Database, broker: Actor
) -> None:
    with program.transaction() as session:
        row = a_request(session, a_person(session))
        act(session, broker)
        cases.pause(session, broker, row.id, row.version)
        case = cases.open_case(session, broker, row.id)
        assert (case.candidates, case.counterfactuals) == ([], [])
        assert propose.for_request(session, broker, row) == []
