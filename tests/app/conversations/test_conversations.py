"""Conversations: who may write and read, one notice for a burst, and who reads along."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.sign_in import act_for
from app.agreements import agree, occur
from app.conversations import desk, service
from app.conversations.models import Message
from app.conversations.schemas import NewMessage
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound
from app.ids import uuid7
from app.matches import answer
from app.notifications.models import Notice
from app.safety import blocks, reports, subjects
from app.safety.schemas import NewBlock, NewReport
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    a_willing_helper,
    act,
    an_appointment,
)
from tests.databases import Database
from tests.queries import count_queries

Travel = Callable[[timedelta], None]


class Two:
    """An asker and a willing helper, each step in a transaction of its own."""

    def __init__(self, program: Program) -> None:
        self.program = program
        with program.transaction() as session:
            self.asker: Actor = a_person(session)
            self.helper: Actor = a_helper(session, minutenPerWeek=2400)[0]
            act(session, self.asker)
            self.request_id: UUID = (row := a_request(session, self.asker)).id
            self.proposal_id: UUID = a_willing_helper(session, self.asker, self.helper, row).id

    def says(self, who: Actor, words: str, *, key: UUID | None = None, as_it_is: bool = False) -> UUID:
        typed = {"bericht": words, "sleutel": str(key or uuid7()), "tochVersturen": as_it_is}
        with self.program.transaction() as session:
            new = NewMessage.model_validate(typed)
            return service.send(session, act(session, who), self.proposal_id, new).id

    def reads(self, who: Actor) -> list[str]:
        with self.program.transaction() as session:
            talk = service.get(session, act(session, who), self.proposal_id)
            service.mark_read(session, who, talk)
            return [row.words for row in talk.messages]

    def told(self, who: Actor) -> int:
        with self.program.transaction() as session:
            act(session, who)
            own = select(Notice).where(Notice.kind == "message", Notice.person_id == who.person_id)
            return len(session.scalars(own).all())

    def talk(self, who: Actor) -> service.Conversation:
        with self.program.transaction() as session:
            return service.get(session, act(session, who), self.proposal_id)

    def agrees(self) -> UUID:
        with self.program.transaction() as session:
            actor = act(session, self.asker)
            return agree.agree(session, actor, self.proposal_id, an_appointment(session)).id

    def reports(self, who: Actor) -> UUID:
        with self.program.transaction() as session:
            actor = act(session, who)
            at = subjects.contact(session, actor, "voorstel", self.proposal_id)
            new = NewReport.model_validate({"waarover": "other", "uitleg": "Dit voelde niet goed"})
            return reports.report(session, actor, at, new)


@pytest.fixture
def two(program: Program) -> Two:
    return Two(program)


def test_both_write_and_read_from_the_helpers_yes_on(two: Two) -> None:
    two.says(two.helper, "Komt dinsdag u uit?")
    two.says(two.asker, "Ja hoor,\n\ntot dan")

    assert two.reads(two.asker) == two.reads(two.helper) == ["Komt dinsdag u uit?", "Ja hoor,\n\ntot dan"]


def test_one_notice_tells_of_a_burst_and_nothing_more_until_it_was_read(two: Two) -> None:
    for words in ("Hallo", "Bent u er?", "Ik hoor het wel"):
        two.says(two.helper, words)
    assert two.told(two.asker) == 1

    two.reads(two.asker)
    two.says(two.helper, "Nog iets")
    two.says(two.helper, "En nog iets")

    assert two.told(two.asker) == 2
    assert two.told(two.helper) == 0


def test_a_notice_holds_none_of_the_words(two: Two, fresh_database: Database) -> None:
    two.says(two.helper, "Geheime woorden")

    (row,) = rows_of(fresh_database, "SELECT params::text FROM notice WHERE kind = 'message'")

    assert "Geheime" not in row[0]


def test_the_same_form_sent_twice_is_there_once(two: Two) -> None:
    key = uuid7()

    assert two.says(two.asker, "Dag", key=key) == two.says(two.asker, "Dag", key=key)
    assert two.reads(two.helper) == ["Dag"]
    assert two.told(two.helper) == 1


def test_two_clicks_at_one_moment_store_one_message(two: Two) -> None:
    key, together = uuid7(), Barrier(4)

    def press(_: int) -> UUID:
        together.wait()
        return two.says(two.asker, "Dag", key=key)

    with ThreadPoolExecutor(4) as pool:
        stored = set(pool.map(press, range(4)))

    assert len(stored) == 1
    assert two.reads(two.helper) == ["Dag"]


def test_a_number_is_pointed_out_before_both_agreed_and_may_be_sent_all_the_same(two: Two) -> None:
    with pytest.raises(Invalid) as refused:
        two.says(two.helper, "Bel me op 06 12345678")
    assert refused.value.details == {"bericht": "contact-phone"}
    assert two.reads(two.asker) == []

    two.says(two.helper, "Bel me op 06 12345678", as_it_is=True)

    assert two.reads(two.asker) == ["Bel me op 06 12345678"]


def test_with_an_agreement_a_number_is_nothing_to_point_at(two: Two) -> None:
    two.agrees()

    two.says(two.helper, "Bel me op 06 12345678")

    assert two.reads(two.asker) == ["Bel me op 06 12345678"]


def test_telephone_and_mail_are_shared_when_both_say_so_and_no_longer(two: Two) -> None:
    def shares(who: Actor, yes: bool = True) -> None:
        with two.program.transaction() as session:
            service.share(session, act(session, who), two.proposal_id, yes)

    shares(two.helper)
    assert two.talk(two.asker).reached is None
    assert two.talk(two.helper).reached is None

    shares(two.asker)
    reached = two.talk(two.asker).reached
    assert reached is not None
    assert reached.email.startswith("tonnie.")

    shares(two.helper, False)
    assert two.talk(two.asker).reached is None


def test_nobody_else_finds_a_conversation(two: Two, fresh_database: Database) -> None:
    two.says(two.helper, "Voor u alleen")
    with two.program.transaction() as session:
        others = [a_person(session, first_name="Bo"), a_member_of_staff(fresh_database, session)]

    for other in others:
        with two.program.transaction() as session:
            actor = act(session, other)
            with pytest.raises(NotFound):
                service.get(session, actor, two.proposal_id)
            assert session.scalars(select(Message)).all() == []
            assert session.execute(text("SELECT count(*) FROM talk_side")).scalar_one() == 0


def test_who_acts_for_another_reads_and_writes_nothing(two: Two, fresh_database: Database) -> None:
    two.says(two.helper, "Voor u alleen")
    with two.program.transaction() as session:
        makelaar, daughter = a_member_of_staff(fresh_database, session), a_person(session, first_name="Els")
        kept = a_representation(session, makelaar, daughter, two.asker)
    with two.program.transaction() as session:
        actor = act_for(session, act(session, daughter), kept.id)
        assert actor is not None
        with pytest.raises(Forbidden):
            service.get(session, actor, two.proposal_id)
        assert session.scalars(select(Message)).all() == []


def test_a_block_closes_the_conversation_for_both_without_saying_why(two: Two) -> None:
    two.says(two.helper, "Dag")
    with two.program.transaction() as session:
        actor = act(session, two.asker)
        at = subjects.contact(session, actor, "voorstel", two.proposal_id)
        blocks.block(session, actor, at, NewBlock.model_validate({"afspraken": "keep"}))

    for who in (two.asker, two.helper):
        assert not two.talk(who).writable
        with pytest.raises(service.Closed):
            two.says(who, "Hoort u mij?")
    assert two.reads(two.asker) == ["Dag"]


def test_after_a_no_nobody_writes_any_more(two: Two) -> None:
    with two.program.transaction() as session:
        answer.decline(session, act(session, two.helper), two.proposal_id)

    with pytest.raises(service.Closed):
        two.says(two.asker, "Jammer")


def test_two_weeks_after_the_end_writing_is_over(two: Two, travel: Travel) -> None:
    agreement_id = two.agrees()
    with two.program.transaction() as session:
        occur.end(session, act(session, two.asker), agreement_id)

    travel(timedelta(days=13))
    two.says(two.helper, "Nog bedankt")
    assert two.talk(two.asker).until is not None

    travel(timedelta(days=2))
    with pytest.raises(service.Closed):
        two.says(two.helper, "Te laat")
    assert two.reads(two.asker) == ["Nog bedankt"]


def test_the_database_lets_nobody_write_in_the_name_of_another(two: Two) -> None:
    with two.program.transaction() as session:
        act(session, two.asker)
        write = (
            "INSERT INTO message (id, municipality_id, helper_municipality_id, proposal_id, asker_id, helper_id,"
            " author_id, form_key, words, sent_at) SELECT gen_random_uuid(), municipality_id, helper_municipality_id,"
            " id, asker_id, helper_id, helper_id, gen_random_uuid(), 'Dit zei ik nooit', now() FROM proposal"
            " WHERE id = :id"
        )
        with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
            session.execute(text(write), {"id": two.proposal_id})


@pytest.mark.parametrize("attempt", ["UPDATE message SET words = 'x'", "DELETE FROM message"])
def test_what_was_said_stays_said(two: Two, attempt: str) -> None:
    two.says(two.asker, "Dag")
    with two.program.transaction() as session:
        act(session, two.asker)
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(attempt))


def test_a_makelaar_reads_with_a_report_and_both_read_that_back(two: Two, fresh_database: Database) -> None:
    two.says(two.helper, "Doe eens aardig")
    with two.program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Bea")
    report_id = two.reports(two.asker)

    with two.program.transaction() as session:
        said = desk.read_reported(session, act(session, makelaar), report_id, two.proposal_id)
    with two.program.transaction() as session, pytest.raises(NotFound):
        desk.read_reported(session, act(session, elsewhere), report_id, two.proposal_id)

    assert [(one.by, one.text) for one in said] == [("Tonnie", "Doe eens aardig")]
    looks = "SELECT subject_id FROM audit_entry WHERE act = 'messages' AND actor_id = :who"
    seen = {row[0] for row in rows_of(fresh_database, looks, who=makelaar.person_id)}
    assert seen == {two.asker.person_id, two.helper.person_id}


def test_without_a_report_and_without_both_their_yes_a_desk_reads_nothing(
    two: Two, fresh_database: Database
) -> None:
    two.says(two.helper, "Voor u alleen")
    with two.program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)

    def seen() -> list[str]:
        with two.program.transaction() as session:
            actor = act(session, makelaar)
            return [
                one.text for one in desk.read(session, actor, two.proposal_id, case_id=None, why="x" * 10)
            ]

    def shows(who: Actor) -> None:
        with two.program.transaction() as session:
            service.show(session, act(session, who), two.proposal_id, True)

    assert seen() == []
    shows(two.asker)
    assert seen() == []
    assert rows_of(fresh_database, "SELECT id FROM audit_entry WHERE act = 'messages'") == []
    shows(two.helper)
    assert seen() == ["Voor u alleen"]


def test_the_list_takes_as_many_queries_for_fifteen_as_for_one(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        helper = a_helper(session, minutenPerWeek=2400)[0]

    def written(times: int) -> None:
        for _ in range(times):
            with program.transaction() as session:
                asker = a_person(session)
                proposal = a_willing_helper(session, asker, helper, a_request(session, asker))
                new = NewMessage.model_validate({"bericht": "Dag", "sleutel": str(uuid7())})
                service.send(session, asker, proposal.id, new)

    def listed() -> tuple[int, int]:
        with count_queries(program.engine) as counted, program.transaction() as session:
            rows = service.mine(session, act(session, helper))
        assert all(row.unread == 1 for row in rows)
        return len(rows), counted.count

    written(1)
    one, few = listed()
    written(14)
    many, as_many = listed()

    assert (one, many) == (1, 15)
    assert few == as_many
