"""Codes of an app: right by the standard, each once, and not to be guessed."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from app.access import authenticators
from app.access.actor import Actor
from app.access.authenticators import STEP_S, AppThere, WrongAppCode, code_at, key_of
from app.access.limits import SECOND_BY_PERSON
from app.clock import now
from app.db import Database as Program
from app.errors import TooMany
from tests.app.factories import a_person, act

SECRET = b"a secret of this installation"
RFC_6238 = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
            (2000000000, "279037"), (20000000000, "353130")]  # fmt: skip


def shown(session: Session, actor: Actor, steps: int = 0) -> str:
    """What the app of somebody shows, perhaps on a clock that is off."""
    row = authenticators._mine(session, actor)
    assert row is not None
    return code_at(key_of(SECRET, row.id), int(now(session).timestamp()) // STEP_S + steps)


def an_app(session: Session, actor: Actor) -> None:
    """Linked, with the code of the step before, so that this moment's is still there to show."""
    authenticators.begin(session, actor)
    authenticators.confirm(session, actor, SECRET, shown(session, actor, -1))


@pytest.fixture
def ria(session: Session) -> Actor:
    return a_person(session)


@pytest.mark.parametrize(("seconds", "digits"), RFC_6238)
def test_codes_are_those_of_the_standard(seconds: int, digits: str) -> None:
    assert code_at(b"12345678901234567890", seconds // STEP_S) == digits


def test_an_app_counts_only_after_its_first_code(session: Session, ria: Actor) -> None:
    authenticators.begin(session, ria)
    assert not authenticators.has(session, ria)
    with pytest.raises(WrongAppCode):
        authenticators.check(session, ria, SECRET, shown(session, ria))

    authenticators.confirm(session, ria, SECRET, shown(session, ria))

    assert authenticators.has(session, ria)
    with pytest.raises(AppThere):
        authenticators.begin(session, ria)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(session: Session, ria: Actor, steps: int, fits: bool) -> None:
    an_app(session, ria)
    typed = shown(session, ria, steps)
    if fits:
        authenticators.check(session, ria, SECRET, typed)
    else:
        with pytest.raises(WrongAppCode):
            authenticators.check(session, ria, SECRET, typed)


def test_a_code_works_once(session: Session, ria: Actor) -> None:
    an_app(session, ria)
    typed = shown(session, ria)
    authenticators.check(session, ria, SECRET, typed)

    with pytest.raises(WrongAppCode):
        authenticators.check(session, ria, SECRET, typed)


def test_one_code_from_eight_at_once_passes_once(program: Program) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        an_app(session, ria)
        typed = shown(session, ria)
    gate, passed = Barrier(8), []

    def show() -> None:
        with program.transaction() as session:
            act(session, ria)
            gate.wait()
            try:
                authenticators.check(session, ria, SECRET, typed)
                passed.append(1)
            except WrongAppCode:
                pass

    threads = [Thread(target=show) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 1


def test_guessing_ends_after_ten_and_begins_again_after_a_quarter_of_an_hour(
    program: Program, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        an_app(session, ria)
    for _ in range(SECOND_BY_PERSON.most - 1):  # linking it was the first
        with program.transaction() as session, pytest.raises(WrongAppCode):
            authenticators.check(session, act(session, ria), SECRET, "000000")
    with program.transaction() as session, pytest.raises(TooMany):
        authenticators.check(session, act(session, ria), SECRET, shown(session, ria))
    travel(timedelta(minutes=16))

    with program.transaction() as session:
        authenticators.check(session, act(session, ria), SECRET, shown(session, ria))


def test_the_row_alone_opens_nothing(session: Session, ria: Actor) -> None:
    an_app(session, ria)
    row = authenticators._mine(session, ria)
    assert row is not None
    step = int(now(session).timestamp()) // STEP_S

    with pytest.raises(WrongAppCode):
        authenticators.check(session, ria, SECRET, code_at(key_of(b"another secret", row.id), step))


def test_a_removed_app_is_no_proof(session: Session, ria: Actor) -> None:
    an_app(session, ria)
    typed = shown(session, ria)
    authenticators.remove(session, ria)

    with pytest.raises(WrongAppCode):
        authenticators.check(session, ria, SECRET, typed)
