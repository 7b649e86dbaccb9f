"""What a session has shown, and what ends it."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access import sessions
from app.access.models import Way
from app.access.policy import require_fresh
from app.access.roles import REGIONAL, STAFF_ROLES, Permission
from app.access.sign_in import (
    BY_LINK,
    Proof,
    act_as,
    actor_of_session,
    new_api_token,
    open_session,
    renew_session,
)
from app.db import Database as Program
from app.errors import NotFound, ProofNeeded
from app.upkeep import as_owner
from tests.app.conftest import rows_of
from tests.app.factories import SHOWN, a_member_of_staff, a_person
from tests.databases import Database

GIVEN = (
    "INSERT INTO role_grant (id, person_id, role, municipality_id)"
    " VALUES (gen_random_uuid(), :id, 'treasurer', 1771)"
)


def test_a_mail_alone_gives_no_role_at_a_desk(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        token = open_session(session, marja.person_id, proof=BY_LINK)
    with program.transaction() as session:
        actor = actor_of_session(session, token)
        reach = session.execute(text("SELECT current_setting('app.municipalities', true)")).scalar_one()

    assert (actor.signed_in, actor.waiting, actor.is_staff, actor.fresh) == (True, True, False, False)
    assert actor.reach(Permission.SEE_PEOPLE) == frozenset()
    assert reach == ""  # nor does the database know of any


def test_a_second_proof_gives_the_role_and_is_fresh_for_ten_minutes(
    fresh_database: Database, program: Program, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        token = open_session(session, marja.person_id, proof=SHOWN)
    seen = []
    for minutes in (0, 9, 2):
        travel(timedelta(minutes=minutes))
        with program.transaction() as session:
            actor = actor_of_session(session, token)
            seen.append((actor.is_staff, actor.fresh))
    assert seen == [(True, True), (True, True), (True, False)]
    with pytest.raises(ProofNeeded):
        require_fresh(actor)


def test_a_new_proof_comes_with_a_new_token_and_the_same_end(session: Session) -> None:
    ria = a_person(session)
    before = open_session(session, ria.person_id)
    (row,) = sessions.mine(session, ria)
    ends = row.expires_at
    hash_before = actor_of_session(session, before).session_hash
    assert hash_before is not None

    after = renew_session(session, hash_before, second=True)

    assert after not in (None, before)
    assert after is not None
    assert not actor_of_session(session, before).signed_in
    assert actor_of_session(session, after).fresh
    assert [one.expires_at for one in sessions.mine(session, act_as(session, ria.person_id))] == [ends]
    assert renew_session(session, hash_before, second=True) is None  # what ended begins nothing


def test_a_resident_is_fresh_for_ten_minutes_after_signing_in(
    program: Program, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        token = open_session(session, a_person(session).person_id)
    with program.transaction() as session:
        assert actor_of_session(session, token).fresh
    travel(timedelta(minutes=11))
    with program.transaction() as session:
        assert not actor_of_session(session, token).fresh


def test_a_persona_is_nobody_outside_a_demonstration(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        token = open_session(session, marja.person_id, proof=Proof(Way.DEMONSTRATION))
    for marked in (True, False):
        with as_owner(fresh_database.owner_url) as owner:
            owner.execute(text("UPDATE region SET demonstration = :marked"), {"marked": marked})
        with program.transaction() as session:
            actor = actor_of_session(session, token)
        assert (actor.is_staff, actor.fresh, actor.waiting) == (marked, marked, False)


def test_a_session_is_256_bits_by_chance_of_which_the_row_has_the_hash(session: Session) -> None:
    ria = a_person(session)
    tokens = [open_session(session, ria.person_id, proof=SHOWN) for _ in range(20)]

    kept = {row.token_hash: row.way for row in sessions.mine(session, ria)}

    assert len(set(tokens)) == 20
    assert all(len(token.removeprefix("zve_")) >= 256 / 6 for token in tokens)
    assert kept == {sha256(token.encode()).digest(): SHOWN.way for token in tokens}


def test_a_day_without_a_request_ends_a_session_and_a_fortnight_whatever_one_does(
    program: Program, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        idle, busy = (open_session(session, ria.person_id) for _ in range(2))

    def alive(token: str) -> bool:
        with program.transaction() as session:
            return actor_of_session(session, token).signed_in

    travel(timedelta(hours=23))
    assert alive(busy)
    travel(timedelta(hours=2))
    assert (alive(idle), alive(busy)) == (False, True)
    for _ in range(15):
        travel(timedelta(hours=20))
        assert alive(busy)
    travel(timedelta(hours=14))
    assert not alive(busy)


@pytest.mark.parametrize(
    "change",
    ["UPDATE person SET disabled_at = ledger.now() WHERE id = :id",
     "DELETE FROM role_grant WHERE person_id = :id",
     "UPDATE role_grant SET role = 'seller' WHERE person_id = :id",
     GIVEN],
)  # fmt: skip
def test_every_session_ends_when_a_role_changes_or_a_person_is_shut_out(
    fresh_database: Database, program: Program, change: str
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        tokens = [open_session(session, marja.person_id, proof=SHOWN) for _ in range(2)]
        other = open_session(session, a_person(session).person_id)
    with as_owner(fresh_database.owner_url) as owner:
        owner.execute(text(change), {"id": marja.person_id})

    for token in tokens:
        with program.transaction() as session:
            assert not actor_of_session(session, token).signed_in
    with program.transaction() as session:
        assert actor_of_session(session, other).signed_in


def test_a_person_who_comes_back_does_not_find_old_sessions_and_tokens_alive(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        token = open_session(session, ria.person_id)
        new_api_token(session, ria.person_id, "mijn programma")
    for moment in ("ledger.now()", "NULL"):
        with as_owner(fresh_database.owner_url) as owner:
            owner.execute(
                text(f"UPDATE person SET disabled_at = {moment} WHERE id = :id"), {"id": ria.person_id}
            )

    with program.transaction() as session:
        assert not actor_of_session(session, token).signed_in
    assert rows_of(fresh_database, "SELECT count(*) FROM api_token WHERE ended_at IS NULL")[0][0] == 0


def test_one_ends_ones_own_sessions_and_nobody_elses(session: Session) -> None:
    ria = a_person(session)
    here, there, elsewhere = (open_session(session, ria.person_id) for _ in range(3))
    at_home = actor_of_session(session, here)
    wim = a_person(session, first_name="Wim")
    theirs = open_session(session, wim.person_id)
    (his,) = sessions.mine(session, wim)
    ria = act_as(session, ria.person_id)

    with pytest.raises(NotFound):
        sessions.end(session, ria, his.id)
    one = next(row for row in sessions.mine(session, ria) if row.token_hash != at_home.session_hash)
    sessions.end(session, ria, one.id)
    assert sessions.end_others(session, at_home) == 1

    assert actor_of_session(session, here).signed_in
    assert not actor_of_session(session, there).signed_in
    assert not actor_of_session(session, elsewhere).signed_in
    assert actor_of_session(session, theirs).signed_in


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
         "Chrome, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Windows"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_of_a_browser_only_its_kind_is_kept(agent: str, words: str) -> None:
    assert sessions.in_words(agent) == words


def test_roles_of_the_desk_all_ask_for_a_second_proof(fresh_database: Database, program: Program) -> None:
    waiting: dict[str, bool] = {}
    for role in STAFF_ROLES:
        where = None if role in REGIONAL else 1771
        with program.transaction() as session:
            who: UUID = a_member_of_staff(fresh_database, session, role=role, municipality_id=where).person_id
            token = open_session(session, who)
        with program.transaction() as session:
            waiting[role] = actor_of_session(session, token).waiting
    assert all(waiting.values()), waiting
