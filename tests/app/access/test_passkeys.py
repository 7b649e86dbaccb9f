"""Passkeys against whoever has one, had one, or only says so."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access import passkeys
from app.access.actor import Actor
from app.access.passkeys import Door, PasskeyKnown, TooManyPasskeys, WrongPasskey
from app.db import Database as Program
from app.errors import NotFound
from tests.app.factories import a_person, act, nobody
from tests.keys import ADDRESS, PRESENT, Key

DOOR = Door(ADDRESS, b"a secret of this installation")


def a_key(session: Session, actor: Actor, **about: object) -> Key:
    """A key that is registered for somebody, under whom the session acts."""
    key = Key(**about)  # type: ignore[arg-type]
    typed = key.made(passkeys.to_register(session, actor, DOOR, "Ria"))
    passkeys.register(session, actor, DOOR, typed, "mijn telefoon")
    return key


@pytest.fixture
def ria(session: Session) -> Actor:
    return a_person(session)


def test_a_key_leads_to_its_person_without_an_address(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    nobody(session)

    assert passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR))) == ria.person_id
    (row,) = passkeys.mine(session, ria)
    assert (row.name, row.sign_count, row.used_at is not None) == ("mijn telefoon", 1, True)


def test_the_same_answer_is_worth_nothing_a_second_time(session: Session, ria: Actor) -> None:
    key = a_key(session, ria, counts=False)
    nobody(session)
    shown = key.shown(passkeys.to_sign_in(session, DOOR))
    passkeys.use(session, DOOR, shown)
    nobody(session)

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, shown)


@pytest.mark.parametrize(
    ("origin", "rp_id"),
    [
        ("http://evil.example", "localhost"),
        (ADDRESS, "evil.example"),
        ("https://localhost:8000", "localhost"),
    ],
)
def test_a_key_of_another_site_opens_nothing(session: Session, ria: Actor, origin: str, rp_id: str) -> None:
    key = a_key(session, ria)
    key.origin, key.rp_id = origin, rp_id
    nobody(session)

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))


def test_a_counter_that_goes_back_is_a_copy(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    nobody(session)
    key.count = 41
    passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))
    nobody(session)
    key.count = 40

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))


def test_a_key_that_was_not_opened_by_its_owner_opens_nothing(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    key.flags = PRESENT
    nobody(session)

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))


def test_a_key_that_its_owner_did_not_open_is_not_kept(session: Session, ria: Actor) -> None:
    key = Key()
    key.flags = PRESENT

    with pytest.raises(WrongPasskey):
        passkeys.register(session, ria, DOOR, key.made(passkeys.to_register(session, ria, DOOR, "Ria")), "x")


def test_a_removed_key_opens_nothing(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    passkeys.remove(session, ria, passkeys.mine(session, ria)[0].id)
    nobody(session)

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))


def test_a_key_of_another_is_no_second_proof_of_mine(session: Session, ria: Actor) -> None:
    theirs = a_key(session, ria)
    wim = a_person(session, first_name="Wim")

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, theirs.shown(passkeys.to_sign_in(session, DOOR, wim)), wim)


def test_a_key_under_the_name_of_another_opens_nothing(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    other = a_key(session, a_person(session, first_name="Wim"))
    key.handle = other.handle
    nobody(session)

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))


@pytest.mark.parametrize("asked", ["sign in", "second", "register"])
def test_a_challenge_serves_only_what_it_was_made_for(session: Session, ria: Actor, asked: str) -> None:
    key = a_key(session, ria)
    options = {
        "sign in": lambda: passkeys.to_sign_in(session, DOOR),
        "second": lambda: passkeys.to_sign_in(session, DOOR, ria),
        "register": lambda: passkeys.to_register(session, ria, DOOR, "Ria"),
    }[asked]()
    for_what = None if asked == "second" else ria

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(options), for_what)


def test_a_challenge_of_another_installation_is_none_of_ours(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    nobody(session)
    options = passkeys.to_sign_in(session, Door(ADDRESS, b"another secret"))

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(options))


def test_a_challenge_lives_ten_minutes(program: Program, travel: Callable[[timedelta], None]) -> None:
    with program.transaction() as session:
        key = a_key(session, a_person(session))
    with program.transaction() as session:
        options = passkeys.to_sign_in(session, DOOR)
    travel(timedelta(minutes=11))

    with program.transaction() as session, pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(options))


def test_one_answer_sent_by_eight_at_once_signs_in_once(program: Program) -> None:
    with program.transaction() as session:
        key = a_key(session, a_person(session), counts=False)
        nobody(session)
        shown = key.shown(passkeys.to_sign_in(session, DOOR))
    gate, entered = Barrier(8), []

    def enter() -> None:
        with program.transaction() as session:
            gate.wait()
            with suppress(WrongPasskey):
                entered.append(passkeys.use(session, DOOR, shown))

    threads = [Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entered) == 1


def test_who_is_shut_out_has_no_key_either(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    session.execute(
        text("UPDATE person SET disabled_at = ledger.now() WHERE id = :id"), {"id": ria.person_id}
    )
    nobody(session)

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, key.shown(passkeys.to_sign_in(session, DOOR)))


def test_a_key_is_kept_once_and_ten_are_enough(session: Session, ria: Actor) -> None:
    key = a_key(session, ria)
    with pytest.raises(PasskeyKnown):
        passkeys.register(session, ria, DOOR, key.made(passkeys.to_register(session, ria, DOOR, "Ria")), "x")
    for _ in range(passkeys.MOST - 1):
        a_key(session, ria)
    with pytest.raises(TooManyPasskeys):
        a_key(session, ria)


def test_nobody_sees_renames_or_removes_the_key_of_another(session: Session, ria: Actor) -> None:
    a_key(session, ria)
    (row,) = passkeys.mine(session, ria)
    wim = a_person(session, first_name="Wim")

    assert passkeys.mine(session, ria) == []  # as the database has it: the session acts as Wim
    with pytest.raises(NotFound):
        passkeys.rename(session, wim, row.id, "van mij")
    with pytest.raises(NotFound):
        passkeys.remove(session, wim, row.id)
    assert [one.name for one in passkeys.mine(session, act(session, ria))] == ["mijn telefoon"]


@pytest.mark.parametrize(
    "typed",
    ["", "x", "[]", "null", "{}", '{"response": 1}', '{"response": {"clientDataJSON": "e30"}}', "[" * 8_000,
     '{"rawId": "AA", "response": {"clientDataJSON": null}}', '"\\ud800"', "{" + "a" * 20_000],
)  # fmt: skip
def test_whatever_is_sent_instead_is_refused_and_nothing_else(
    session: Session, ria: Actor, typed: str
) -> None:
    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, typed)
    with pytest.raises(WrongPasskey):
        passkeys.register(session, ria, DOOR, typed, "x")


@pytest.mark.parametrize("part", ["authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "AA", "é", None, 7, {"a": 1}, "A" * 4_000])
def test_a_mangled_part_of_a_right_answer_is_refused(
    session: Session, ria: Actor, part: str, value: object
) -> None:
    key = a_key(session, ria)
    nobody(session)
    sent = json.loads(key.shown(passkeys.to_sign_in(session, DOOR)))
    sent["response"][part] = value

    with pytest.raises(WrongPasskey):
        passkeys.use(session, DOOR, json.dumps(sent))
