"""Questions: nothing moves before somebody else says yes, and the one answer stands."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import SYSTEM, Account, AccountStatus, Asked, Outcome, QuestionId, Reason, Unit, check, errors
from tests.rewards.factories import MAKELAAR, A, B, a_member, a_pot, posted, refused, see, trusting
from tests.rewards.gift_factories import (
    COLLEAGUE,
    NOBODY,
    a_grant_to_see,
    a_question,
    a_verdict,
    eyes_above,
    fill,
    pot,
)

YES, NO = Outcome.ACCEPTED, Outcome.REJECTED


def let_all_lapse(owner: Connection) -> None:
    """What other tests left waiting, so that what lapses after this is one's own."""
    owner.exec_driver_sql("SELECT ledger.shift(interval '40 days')")
    while rewards.lapse_questions(owner, 1000):
        pass
    owner.exec_driver_sql("SELECT ledger.shift(interval '-40 days')")


def a_pair(connection: Connection) -> tuple[Account, Account]:
    return a_member(connection), a_member(connection)


def test_what_is_asked_moves_when_the_payer_says_yes(connection: Connection) -> None:
    payer, asker = a_pair(connection)
    subject = uuid4()
    asked = a_question(connection, payer, asker, 100, subject=subject, reason=Reason.OTHER)
    assert posted(connection, payer, asker) == [0, 0]

    verdict = a_verdict(connection, asked, payer.owner)

    assert posted(connection, payer, asker) == [-100, 100]
    (line,) = rewards.statement(connection, asker.id)
    assert (line.transfer, line.counterparty, line.subject, line.actor, line.reason) == (
        verdict.transfer, payer.owner, subject, payer.owner, "other"
    )  # fmt: skip
    assert check.run(connection) == []


def test_what_is_refused_stays_as_it_is(connection: Connection) -> None:
    payer, asker = a_pair(connection)
    verdict = a_verdict(connection, a_question(connection, payer, asker), payer.owner, NO)

    assert (verdict.batch, verdict.transfer) == (None, None)
    assert posted(connection, payer, asker) == [0, 0]
    assert check.run(connection) == []


@pytest.mark.parametrize(("first", "then"), [(YES, NO), (NO, YES), (YES, YES), (NO, NO)])
def test_an_answer_does_not_become_another(connection: Connection, first: Outcome, then: Outcome) -> None:
    payer, asker = a_pair(connection)
    asked = a_question(connection, payer, asker)
    a_verdict(connection, asked, payer.owner, first)
    before = posted(connection, payer, asker)

    with refused(connection, errors.AlreadyDecided) as caught:
        a_verdict(connection, asked, payer.owner, then)
    assert caught.value.details == {"outcome": first}
    assert posted(connection, payer, asker) == before


def test_who_asked_or_would_get_it_does_not_answer(connection: Connection) -> None:
    payer, payee = a_pair(connection)
    asked = a_question(connection, payer, payee, actor=MAKELAAR)
    for actor in (MAKELAAR, payee.owner):
        for outcome in (YES, NO):
            with refused(connection, errors.OwnInterest):
                a_verdict(connection, asked, actor, outcome)
    a_verdict(connection, asked, payer.owner)


def test_nobody_but_the_payer_says_yes_or_no_to_a_payment(connection: Connection) -> None:
    payer, payee = a_pair(connection)
    asked = a_question(connection, payer, payee)
    for actor in (COLLEAGUE, a_member(connection).owner, SYSTEM):
        for outcome in (YES, NO):
            with refused(connection, errors.OwnInterest):
                a_verdict(connection, asked, actor, outcome)

    assert posted(connection, payer, payee) == [0, 0]


def test_a_grant_above_the_threshold_waits_for_a_colleague(connection: Connection) -> None:
    fill(connection, {1: 500, 2: 500})
    member = a_member(connection)
    asked = a_grant_to_see(connection, member, 700)
    assert posted(connection, member) == [0]

    for actor in (MAKELAAR, member.owner):
        with refused(connection, errors.OwnInterest):
            a_verdict(connection, asked, actor)
    a_verdict(connection, asked, COLLEAGUE)

    assert posted(connection, member) == [700]
    assert sum(pot(connection).values()) == 300
    assert check.run(connection) == []


def test_nobody_asks_a_grant_for_themselves(connection: Connection) -> None:
    with refused(connection, errors.OwnInterest):
        a_grant_to_see(connection, a_member(connection, owner=MAKELAAR))


def test_a_yes_that_cannot_be_carried_out_leaves_the_question_waiting(connection: Connection) -> None:
    payer, asker = a_pair(connection)
    asked, grant = a_question(connection, payer, asker, 721), a_grant_to_see(connection, asker, 700)

    with refused(connection, errors.Overdrawn):
        a_verdict(connection, asked, payer.owner, key="k")
    with refused(connection, errors.PotEmpty):
        a_verdict(connection, grant, COLLEAGUE)

    fill(connection, {3: 700})
    assert not a_verdict(connection, grant, COLLEAGUE).hit
    assert not a_verdict(connection, asked, payer.owner, NO, key="k").hit


def test_a_payment_can_be_asked_across_the_border(connection: Connection) -> None:
    payer, asker = a_member(connection, A), a_member(connection, B)
    with refused(connection, errors.NoTrust):
        a_question(connection, payer, asker)
    trusting(connection, B, A)
    a_verdict(connection, a_question(connection, payer, asker), payer.owner)

    assert posted(connection, payer, asker) == [-100, 100]
    assert check.run(connection) == []


def test_what_could_not_be_paid_is_not_asked(connection: Connection) -> None:
    payer, asker = a_pair(connection)
    frozen, welfare = a_member(connection), a_member(connection, unit=Unit.WELFARE_CENT)
    rewards.set_status(connection, frozen.id, AccountStatus.FROZEN)
    before = rewards.waiting(connection)
    wrong: list[tuple[Account, Account, type[errors.LedgerError]]] = [
        (asker, asker, errors.SameAccount),
        (frozen, asker, errors.AccountNotOpen),
        (payer, frozen, errors.AccountNotOpen),
        (welfare, asker, errors.DifferentUnits),
        (a_pot(connection), asker, errors.WrongAccount),
        (payer, a_pot(connection), errors.WrongAccount),
    ]
    for one, other, error in wrong:
        with refused(connection, error):
            a_question(connection, one, other, actor=MAKELAAR)
    with refused(connection, errors.UnknownAccount):
        rewards.ask(connection, key="k", actor=MAKELAAR, payer=NOBODY, payee=asker.id, minutes=1)
    for account in (welfare, a_pot(connection)):
        with refused(connection, errors.WrongAccount):
            a_grant_to_see(connection, account)
    assert rewards.waiting(connection) == before


def test_a_question_lapses_when_nobody_answers_in_time(owner: Connection) -> None:
    let_all_lapse(owner)
    payer, asker = a_pair(owner)
    first = a_question(owner, payer, asker)
    eyes_above(owner, 600, asked_days=30)
    second = a_question(owner, payer, asker)
    answered = a_question(owner, payer, asker, 5)
    a_verdict(owner, answered, payer.owner)
    assert rewards.lapse_questions(owner) == []

    owner.exec_driver_sql("SELECT ledger.shift(interval '14 days')")

    with refused(owner, errors.TooLateToDecide):
        a_verdict(owner, first, payer.owner)
    assert rewards.lapse_questions(owner) == [first.question]
    assert rewards.lapse_questions(owner) == []
    with refused(owner, errors.AlreadyDecided):
        a_verdict(owner, first, payer.owner)
    assert [question.id for question in rewards.waiting(owner)] == [second.question]
    assert posted(owner, payer) == [-5]
    assert check.run(owner) == []


def test_questions_lapse_in_bounded_steps(owner: Connection) -> None:
    let_all_lapse(owner)
    payer, asker = a_pair(owner)
    asked = [a_question(owner, payer, asker).question for _ in range(5)]
    owner.exec_driver_sql("SELECT ledger.shift(interval '15 days')")

    assert [rewards.lapse_questions(owner, 2) for _ in range(4)] == [asked[:2], asked[2:4], asked[4:], []]


def test_the_same_question_twice_is_asked_once(connection: Connection) -> None:
    payer, asker = a_pair(connection)
    other = a_member(connection)
    before = len(rewards.waiting(connection, limit=1000))

    questions: list[tuple[Callable[..., Asked], list[Account]]] = [
        (a_question, [payer, asker]),
        (a_grant_to_see, [other]),
    ]
    for ask, parties in questions:
        values: dict[str, Any] = {"minutes": 100, "key": "k", "actor": MAKELAAR}
        first = ask(connection, *parties, **values)
        assert ask(connection, *parties, **values) == Asked(first.question, hit=True)
        for changes in (
            {"minutes": 101}, {"subject": uuid4()}, {"reason": Reason.OTHER}, {"note_hash": b"n" * 32}
        ):  # fmt: skip
            with refused(connection, errors.KeyReused):
                ask(connection, *parties, **(values | changes))
    assert len(rewards.waiting(connection, limit=1000)) == before + 2


def test_every_party_tells_one_question_from_another(connection: Connection) -> None:
    one, two, three = (a_member(connection) for _ in range(3))
    a_question(connection, one, two, key="k", actor=MAKELAAR)
    a_grant_to_see(connection, one, key="k")
    for payer, payee in ((three, two), (one, three)):
        with refused(connection, errors.KeyReused):
            a_question(connection, payer, payee, key="k", actor=MAKELAAR)
    with refused(connection, errors.KeyReused):
        a_grant_to_see(connection, two, key="k")


@pytest.mark.parametrize("outcome", [YES, NO])
def test_the_same_answer_twice_is_a_hit(connection: Connection, outcome: Outcome) -> None:
    payer, asker = a_pair(connection)
    asked, another = a_question(connection, payer, asker), a_question(connection, payer, asker)

    first = a_verdict(connection, asked, payer.owner, outcome, key="k")
    again = a_verdict(connection, asked, payer.owner, outcome, key="k")

    assert again == rewards.Verdict(asked.question, outcome, first.batch, first.transfer, hit=True)
    other = NO if outcome is YES else YES
    wrong: list[tuple[Asked, dict[str, Any]]] = [
        (asked, {"outcome": other}), (asked, {"reason": Reason.OTHER}), (another, {})
    ]  # fmt: skip
    for question, changes in wrong:
        values: dict[str, Any] = {"key": "k", "outcome": outcome} | changes
        with refused(connection, errors.KeyReused):
            a_verdict(connection, question, payer.owner, **values)


def test_a_key_that_a_payment_took_does_not_answer_for_a_question(connection: Connection) -> None:
    payer, asker = a_pair(connection)
    asked = a_question(connection, payer, asker)
    rewards.pay(
        connection, key=f"pending:{asked.question}", actor=payer.owner or MAKELAAR, payer=payer.id,
        payee=asker.id, minutes=1,
    )  # fmt: skip
    with refused(connection, errors.KeyReused):
        a_verdict(connection, asked, payer.owner)
    a_verdict(connection, asked, payer.owner, NO)


def test_what_was_never_asked_is_not_answered(connection: Connection) -> None:
    with refused(connection, errors.UnknownQuestion):
        a_verdict(connection, Asked(QuestionId(9_000_000_000), hit=False), MAKELAAR)


@pytest.mark.parametrize("minutes", [0, -1, True, "60", 1.5, float("inf"), 10**9 + 1])
def test_a_question_is_about_whole_minutes(connection: Connection, minutes: Any) -> None:
    payer, asker = a_pair(connection)
    with pytest.raises(errors.InvalidAmount):
        a_question(connection, payer, asker, minutes)
    with pytest.raises(errors.InvalidAmount):
        a_grant_to_see(connection, asker, minutes)


@pytest.mark.parametrize(
    "call",
    [
        lambda connection: rewards.lapse_questions(connection, 0),
        lambda connection: rewards.waiting(connection, limit=1001),
        lambda connection: a_verdict(connection, Asked(QuestionId(0), hit=False), MAKELAAR),
        lambda connection: a_verdict(connection, Asked(QuestionId(1), hit=False), MAKELAAR, Outcome.LAPSED),
        lambda connection: a_verdict(connection, Asked(QuestionId(1), hit=False), None),
    ],
)
def test_what_makes_no_sense_is_refused(connection: Connection, call: Callable[[Connection], object]) -> None:
    with pytest.raises(errors.InvalidInput):
        call(connection)


def test_a_question_is_seen_by_its_parties_and_their_desks(connection: Connection) -> None:
    trusting(connection, B, A)
    one, other = uuid4(), uuid4()
    payer, asker = a_member(connection, A), a_member(connection, B)
    asked = a_question(connection, payer, asker)
    answered = a_question(connection, payer, asker, actor=other)
    a_verdict(connection, answered, payer.owner, NO)
    grant = a_grant_to_see(connection, asker, actor=one)

    def seen() -> tuple[list[QuestionId], int]:
        decisions = connection.exec_driver_sql("SELECT count(*) FROM ledger.decision").scalar_one()
        return [question.id for question in rewards.waiting(connection)], decisions

    see(connection, A)
    assert seen() == ([asked.question], 1)
    see(connection, B)
    assert seen() == ([asked.question, grant.question], 1)
    see(connection, pseudonym=payer.owner)
    assert seen() == ([asked.question], 1)
    see(connection, pseudonym=one)
    assert seen() == ([grant.question], 0)
    see(connection, pseudonym=other)
    assert seen() == ([], 1)
    see(connection, pseudonym=uuid4())
    assert seen() == ([], 0)


@pytest.mark.parametrize("table", ["pending", "decision"])
@pytest.mark.parametrize("verb", ["UPDATE ledger.{} SET reason = NULL", "DELETE FROM ledger.{}"])
def test_questions_and_answers_stay_even_for_the_owner(owner: Connection, table: str, verb: str) -> None:
    with pytest.raises(Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE)"):
        owner.exec_driver_sql(verb.format(table))
