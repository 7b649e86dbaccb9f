"""Giving and asking through the service and the API: what moves, what does not, and who is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

import rewards
from app.db import Database as Program
from app.errors import Invalid, NotFound
from app.jobs import tasks
from app.jobs.work import Work
from app.notifications.models import Notice
from app.people.models import Person
from app.roosjes import asking, codes, giving, notes, service, story
from app.roosjes.giving import Gift
from app.roosjes.service import OutOfRoosjes
from tests.app.api.conftest import PREFIX, ApiFor
from tests.app.conftest import rows_of
from tests.app.factories import a_person, act
from tests.app.roosjes.moving import STORED, a_pair, balances
from tests.databases import Database

Travel = Callable[[timedelta], None]
PATH = "/roosjesrekeningen/mijn"


def test_five_minutes_are_one_transfer_with_two_entries_and_a_notice(
    program: Program, fresh_database: Database
) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        for _ in range(2):
            giving.give(session, ria, to, Gift(5, "k", "Dank u"))

    rows = rows_of(
        fresh_database,
        "SELECT count(DISTINCT t.id), count(*), sum(e.delta) FROM ledger.transfer t"
        " JOIN ledger.entry e ON e.transfer_id = t.id",
    )
    assert [tuple(row) for row in rows] == [(1, 2, 0)]
    assert balances(program, ria, tonnie) == (-5, 5)
    with program.transaction() as session:
        act(session, tonnie)
        assert session.scalars(select(Notice.kind)).all().count("gift") == 1
        (line,) = story.story(session, tonnie).lines
        assert (line.words, line.name, line.minutes) == ("Dank u", "Ria", 5)


def test_words_are_erased_and_the_chain_still_verifies(program: Program, fresh_database: Database) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(5, "k", "Uw been is gebroken"))
        notes.forget(session, ria.person_id)

    assert rows_of(fresh_database, "SELECT text, salt FROM roosjes_note") == []
    assert rows_of(fresh_database, "SELECT * FROM ledger.violation") == []
    with program.transaction() as session:
        (line,) = story.story(session, act(session, tonnie)).lines
        assert (line.words, line.minutes) == ("", 5)
    dumped = str(rows_of(fresh_database, "SELECT b::text FROM ledger.batch b"))
    assert "been" not in dumped


def test_the_hash_in_the_ledger_is_that_of_salt_and_words(program: Program, fresh_database: Database) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        giving.give(
            session, ria, giving.known(session, act(session, ria), tonnie.person_id), Gift(5, "k", "Dank")
        )

    (row,) = rows_of(
        fresh_database,
        "SELECT b.note_hash, n.salt FROM ledger.batch b JOIN roosjes_note n ON n.note_hash = b.note_hash",
    )
    assert bytes(row.note_hash) == notes.digest(bytes(row.salt), "Dank")


def test_a_refused_gift_leaves_nothing(program: Program, fresh_database: Database) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        service.account_of(session, session.get_one(Person, act(session, ria).person_id), 1771)
    before = rows_of(fresh_database, STORED)
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        with pytest.raises(OutOfRoosjes):
            giving.give(session, ria, to, Gift(721, "k", "Te veel"))
    after = rows_of(fresh_database, STORED)

    assert after == before


def test_nobody_gives_to_a_stranger_or_to_themselves(program: Program) -> None:
    ria, _tonnie, _ = a_pair(program)
    with program.transaction() as session:
        stranger = a_person(session, first_name="Vreemd")
        act(session, ria)
        with pytest.raises(NotFound):
            giving.known(session, ria, stranger.person_id)
        with pytest.raises(Invalid):
            giving.known(session, ria, ria.person_id)


def test_a_question_moves_nothing_until_yes_and_one_answer_never_becomes_the_other(program: Program) -> None:
    asker, payer, _ = a_pair(program, first="Bas", second="Anna")
    with program.transaction() as session:
        to = giving.known(session, act(session, asker), payer.person_id)
        id, _ = asking.ask(session, asker, to, Gift(100, "vraag"))
        with pytest.raises(asking.AskedBefore):
            asking.ask(session, asker, to, Gift(100, "nog eens"))
    assert balances(program, asker, payer) == (0, 0)
    with program.transaction() as session, pytest.raises(NotFound):
        asking.answer(session, act(session, asker), id, yes=True, key="a")
    with program.transaction() as session:
        said = asking.answer(session, act(session, payer), id, yes=False, key="n")
        assert said.outcome == "rejected"
        assert asking.answer(session, payer, id, yes=False, key="n").outcome == "rejected"
        with pytest.raises(asking.Answered):
            asking.answer(session, payer, id, yes=True, key="j")

    assert balances(program, asker, payer) == (0, 0)


def test_a_yes_that_a_limit_stops_leaves_the_question_waiting(program: Program) -> None:
    asker, payer, _ = a_pair(program)
    with program.transaction() as session:
        to = giving.known(session, act(session, asker), payer.person_id)
        id, _ = asking.ask(session, asker, to, Gift(900, "vraag"))
        with pytest.raises(OutOfRoosjes):
            asking.answer(session, act(session, payer), id, yes=True, key="j")
        assert [one.id for one in asking.for_me(session, payer)] == [id]


def test_a_question_that_nobody_answers_lapses_and_its_asker_hears_so(
    program: Program, travel: Travel, work: Work
) -> None:
    asker, payer, _ = a_pair(program)
    with program.transaction() as session:
        to = giving.known(session, act(session, asker), payer.person_id)
        id, _ = asking.ask(session, asker, to, Gift(60, "vraag"))
    travel(timedelta(days=13))
    tasks.lapse_questions(work)
    with program.transaction() as session:
        assert asking.get(session, act(session, asker), id).outcome == ""
    travel(timedelta(days=2))
    for _ in range(2):
        tasks.lapse_questions(work)

    with program.transaction() as session:
        assert asking.get(session, act(session, asker), id).outcome == "lapsed"
        assert session.scalars(select(Notice.kind)).all().count("roosjes-lapsed") == 1
        with pytest.raises(asking.Answered):
            asking.answer(session, act(session, payer), id, yes=True, key="j")
    assert balances(program, asker, payer) == (0, 0)


def test_a_new_policy_reaches_every_account_at_night(program: Program, work: Work, travel: Travel) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(60, "k"))
    with work.transaction() as (session, _):
        rewards.set_policy(session.connection(), key="p", actor=rewards.SYSTEM, municipality_id=1771,
                           terms=rewards.Terms(floor=-90, ceiling=600, lowest_floor=-90))  # fmt: skip
    travel(timedelta(hours=1))
    tasks.apply_policies(work)

    with program.transaction() as session:
        balance = story.account_of(session, act(session, ria)).balance
    assert (balance.floor, balance.ceiling) == (-90, 600)


def test_the_api_gives_asks_and_answers(program: Program, api_for: ApiFor, fresh_database: Database) -> None:
    ria, tonnie, offer = a_pair(program)
    mine, theirs = api_for(ria), api_for(tonnie)
    thanks = {"aanbod": str(offer), "minuten": 120, "bericht": "Dank u"}

    paid = mine.post(f"{PATH}/betalingen", thanks, key="k")
    assert paid.json()["saldoMinuten"] == -120
    assert mine.post(f"{PATH}/betalingen", thanks, key="k").headers["idempotency-hit"] == "true"
    assert mine.post(f"{PATH}/betalingen", thanks | {"minuten": 60}, key="k").status_code == 409
    rows_of(
        fresh_database, "UPDATE idempotency_key SET created_at = created_at - interval '3 days' RETURNING 1"
    )
    with program.transaction() as session:
        session.execute(text("SELECT forget_expired()"))
    assert rows_of(fresh_database, "SELECT 1 FROM idempotency_key") == []
    again = mine.post(f"{PATH}/betalingen", thanks, key="k")  # the ledger's own memory has no end
    assert (again.status_code, again.headers["idempotency-hit"]) == (200, "true")
    assert again.json() == paid.json()
    (line,) = theirs.get(f"{PATH}/boekingen").json()
    assert (line["met"], line["waarvoor"], line["bericht"]) == ("Ria", "Samen wandelen", "Dank u")

    number = theirs.get(f"{PATH}/nummer").json()["nummer"]
    assert mine.post(f"{PATH}/betalingen", {"nummer": number, "minuten": 60}, key="n").status_code == 201
    both = {"nummer": number, "aan": str(tonnie.person_id), "minuten": 60}
    assert mine.post(f"{PATH}/betalingen", both, key="b").status_code == 400
    assert mine.post(f"{PATH}/schenkingen", {"minuten": 30}, key="s").json()["saldoMinuten"] == -210

    asked = mine.post(
        f"{PATH}/betaalverzoeken", {"aan": str(tonnie.person_id), "minuten": 45}, key="v"
    ).json()
    assert asked["antwoord"] == "wacht"
    assert mine.post(f"{PATH}/betaalverzoeken/{asked['id']}/acceptaties").status_code == 404
    said = theirs.post(f"{PATH}/betaalverzoeken/{asked['id']}/acceptaties", key="j")
    assert said.json()["antwoord"] == "ja"
    assert theirs.post(f"{PATH}/betaalverzoeken/{asked['id']}/afwijzingen").status_code == 409
    assert balances(program, ria, tonnie) == (-165, 135)


@pytest.mark.parametrize("amount", ["0", "-1", "1e400", "1.5", '"60"', "true", "NaN", str(2**63), "null"])
def test_a_wrong_amount_reads_the_same_over_the_api_whatever_exists(
    program: Program, api_for: ApiFor, fresh_database: Database, amount: str
) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        stranger = a_person(session)
    mine = api_for(ria)
    before = rows_of(fresh_database, STORED)

    said = set()
    for path in ("betalingen", "betaalverzoeken"):
        for to in (tonnie.person_id, stranger.person_id):
            answer = mine.client.post(
                f"{PREFIX}{PATH}/{path}",
                content=f'{{"aan": "{to}", "minuten": {amount}}}',
                headers={"Content-Type": "application/json", "Idempotency-Key": "k"},
            )
            assert answer.status_code == 400
            said.add(
                (answer.status_code, str(answer.json().get("invalidParams", answer.json().get("detail"))))
            )

    assert len(said) == 1
    assert rows_of(fresh_database, STORED) == before


def test_a_number_is_read_however_it_is_typed() -> None:
    assert codes.read(" bcdf-2345 ") == "BCDF2345"
    for odd in ("", "BCDF", "BCDF234O", "AEIOUAEI", "BCDF 23456"):
        with pytest.raises(ValueError, match="no number"):
            codes.read(odd)
