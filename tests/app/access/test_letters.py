"""A code by letter: for one person, once, a fortnight, with their postcode."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from app.access import events, letters
from app.access.actor import Actor
from app.access.letters import HasKey, HasMail, NotForOneself, NotForStaff
from app.access.proof_models import MOST_TRIES
from app.access.sign_in import LinkDead
from app.audit import service as audit
from app.audit.write import Act
from app.db import Database as Program
from app.errors import NotFound
from app.places.postcodes import parse
from tests.app.conftest import rows_of
from tests.app.factories import HELMOND, a_member_of_staff, a_person, act, nobody, without_mail
from tests.databases import Database

SECRET = b"a secret of this installation"
HERS, ANOTHER = parse("5664 hj"), parse("5664 HK")


@pytest.fixture
def marja(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


@pytest.fixture
def ria(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        actor = a_person(session)
    return without_mail(fresh_database, actor)


def a_letter(program: Program, marja: Actor, ria: Actor) -> str:
    with program.transaction() as session:
        return letters.make(session, act(session, marja), SECRET, ria.person_id)[0]


def opens(program: Program, code: str, postcode: object = HERS) -> bool:
    with program.transaction() as session:
        try:
            letters.use(session, SECRET, code, postcode)  # type: ignore[arg-type]
        except LinkDead:
            return False
        return True


def test_the_code_with_the_postcode_opens_once(program: Program, marja: Actor, ria: Actor) -> None:
    code = a_letter(program, marja, ria)
    with program.transaction() as session:
        assert letters.use(session, SECRET, code, HERS) == ria.person_id
    assert not opens(program, code)


def test_five_wrong_postcodes_end_it(program: Program, marja: Actor, ria: Actor) -> None:
    code = a_letter(program, marja, ria)
    assert not any(opens(program, code, ANOTHER) for _ in range(MOST_TRIES))
    assert not opens(program, code)


def test_it_lives_a_fortnight_and_until_the_next_letter(
    program: Program, marja: Actor, ria: Actor, travel: Callable[[timedelta], None]
) -> None:
    older, newer = a_letter(program, marja, ria), a_letter(program, marja, ria)
    assert not opens(program, older)
    travel(timedelta(days=letters.DAYS, minutes=1))
    assert not opens(program, newer)
    assert opens(program, a_letter(program, marja, ria))


def test_a_letter_that_was_withdrawn_opens_nothing(program: Program, marja: Actor, ria: Actor) -> None:
    code = a_letter(program, marja, ria)
    with program.transaction() as session:
        letters.withdraw(session, act(session, marja), ria.person_id)
    assert not opens(program, code)


def test_eight_at_once_open_it_once(program: Program, marja: Actor, ria: Actor) -> None:
    code = a_letter(program, marja, ria)
    gate, entered = Barrier(8), []

    def enter() -> None:
        gate.wait()
        entered.append(opens(program, code))

    threads = [Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert entered.count(True) == 1


def test_neither_code_nor_a_plain_hash_of_it_is_kept(
    fresh_database: Database, program: Program, marja: Actor, ria: Actor
) -> None:
    code = a_letter(program, marja, ria)
    (row,) = rows_of(fresh_database, "SELECT code_hash, sha256(CAST(:code AS bytea)) AS plain FROM letter_code",
                     code=code.encode())  # fmt: skip
    assert row.code_hash == letters.hash_of(SECRET, code)
    assert row.code_hash != row.plain


def test_only_the_desk_of_where_somebody_lives_makes_one_and_never_for_itself(
    fresh_database: Database, program: Program, marja: Actor, ria: Actor
) -> None:
    with program.transaction() as session:
        stranger = a_member_of_staff(fresh_database, session, municipality_id=HELMOND, first_name="Piet")
    with program.transaction() as session:
        for who in (stranger, ria):
            with pytest.raises(NotFound):
                letters.make(session, act(session, who), SECRET, ria.person_id)
    with program.transaction() as session, pytest.raises((NotForOneself, NotFound)):
        letters.make(session, act(session, marja), SECRET, marja.person_id)
    assert rows_of(fresh_database, "SELECT count(*) FROM letter_code")[0][0] == 0


def test_the_person_reads_who_made_it(program: Program, marja: Actor, ria: Actor) -> None:
    a_letter(program, marja, ria)
    with program.transaction() as session:
        told = events.mine(session, act(session, ria))
        looks = audit.mine(session, ria)
        nobody(session)
        unseen = events.mine(session, ria)

    assert [(row.kind, name) for row, name in told] == [("letter_made", "Marja")]
    assert [(look.act, look.by, look.reason) for look in looks] == [
        (Act.ADDRESS, "Marja", letters.WHY_THE_ADDRESS)
    ]
    assert unseen == []


def test_who_is_shut_out_is_not_let_in_by_a_letter(
    fresh_database: Database, program: Program, marja: Actor, ria: Actor
) -> None:
    code = a_letter(program, marja, ria)
    with program.transaction() as session:
        act(session, ria)
        session.execute(
            text("UPDATE person SET disabled_at = ledger.now() WHERE id = :id"), {"id": ria.person_id}
        )
    assert not opens(program, code)


def test_a_letter_opens_no_desk(fresh_database: Database, program: Program, marja: Actor, ria: Actor) -> None:
    """Otherwise who makes it could be the second pair of eyes as well."""
    before = a_letter(program, marja, ria)
    rows_of(
        fresh_database,
        "INSERT INTO role_grant (id, person_id, role, municipality_id)"
        " VALUES (gen_random_uuid(), :who, 'treasurer', 794) RETURNING id",
        who=ria.person_id,
    )
    assert not opens(program, before)
    with program.transaction() as session, pytest.raises(NotForStaff):
        letters.make(session, act(session, marja), SECRET, ria.person_id)


def test_who_has_mail_gets_no_letter(program: Program, marja: Actor) -> None:
    """Whoever makes one could be them: read their messages, and their address, without a case or a reason."""
    with program.transaction() as session:
        wim = a_person(session, first_name="Wim")
    with program.transaction() as session, pytest.raises(HasMail):
        letters.make(session, act(session, marja), SECRET, wim.person_id, "Hij las zijn mail niet")


def test_who_has_a_key_reads_why_there_is_a_letter(
    fresh_database: Database, program: Program, marja: Actor, ria: Actor
) -> None:
    key = "INSERT INTO passkey (id, person_id, credential_id, public_key, user_handle, sign_count, name) "
    rows_of(
        fresh_database,
        key + "VALUES (gen_random_uuid(), :who, 'a', 'b', 'c', 0, '') RETURNING id",
        who=ria.person_id,
    )
    for reason in ("", "kwijt"):
        with program.transaction() as session, pytest.raises(HasKey):
            letters.make(session, act(session, marja), SECRET, ria.person_id, reason)
    with program.transaction() as session:
        letters.make(session, act(session, marja), SECRET, ria.person_id, "De tablet is kapot")
    with program.transaction() as session:
        (look,) = audit.mine(session, act(session, ria))
    assert look.reason.endswith(": De tablet is kapot")
