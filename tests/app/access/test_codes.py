"""Six digits beside the link: once, for the page that asked, and not to be guessed."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access import codes, sign_in
from app.access.codes import WrongCode, code_of, ticket_of, use_code
from app.access.limits import CODE_BY_EMAIL
from app.access.models import SignInLink
from app.access.proof_models import MOST_TRIES
from app.access.sign_in import LinkDead, link_token, new_link, use_link
from app.db import Database as Program
from app.errors import TooMany

SECRET = b"a secret of this installation"
RIA = "ria@voorbeeld.nl"


def a_link(session: Session) -> tuple[UUID, str, str]:
    """A link, its ticket and its code."""
    link = new_link(session, RIA, "/mijn")
    return link.id, ticket_of(SECRET, link.id), code_of(SECRET, link.id)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_and_the_link_are_one_and_used_together(session: Session) -> None:
    link_id, ticket, code = a_link(session)

    assert use_code(session, SECRET, ticket, code).email == RIA
    with pytest.raises(LinkDead):
        use_link(session, SECRET, link_token(SECRET, link_id))
    with pytest.raises(LinkDead):
        use_code(session, SECRET, ticket, code)


def test_a_used_link_takes_its_code_along(session: Session) -> None:
    link_id, ticket, code = a_link(session)
    use_link(session, SECRET, link_token(SECRET, link_id))

    with pytest.raises(LinkDead):
        use_code(session, SECRET, ticket, code)


def test_five_wrong_codes_end_the_code_and_not_the_link(session: Session) -> None:
    link_id, ticket, code = a_link(session)
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongCode):
            use_code(session, SECRET, ticket, wrong(code))

    with pytest.raises(LinkDead):
        use_code(session, SECRET, ticket, code)
    assert use_link(session, SECRET, link_token(SECRET, link_id)).email == RIA


def test_a_code_without_the_ticket_of_its_page_is_nothing(session: Session) -> None:
    link_id, _, code = a_link(session)
    for ticket in ("", "x", link_id.hex, link_token(SECRET, link_id), ticket_of(b"another", link_id), "é.é"):
        with pytest.raises(LinkDead):
            use_code(session, SECRET, ticket, code)


def test_a_code_dies_with_a_newer_mail_and_after_a_quarter_of_an_hour(
    program: Program, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        _, older, code_before = a_link(session)
    with program.transaction() as session:
        _, ticket, code = a_link(session)
        with pytest.raises(LinkDead):
            use_code(session, SECRET, older, code_before)
    travel(timedelta(minutes=sign_in.LINK_MINUTES, seconds=1))

    with program.transaction() as session, pytest.raises(LinkDead):
        use_code(session, SECRET, ticket, code)


def test_an_address_has_fifteen_codes_a_day_and_its_link_always(
    program: Program, travel: Callable[[timedelta], None]
) -> None:
    for number in range(CODE_BY_EMAIL.most):
        if number % MOST_TRIES == 0:
            with program.transaction() as session:
                _, ticket, code = a_link(session)
        with program.transaction() as session, pytest.raises(WrongCode):
            use_code(session, SECRET, ticket, wrong(code))
    with program.transaction() as session:
        link_id, ticket, code = a_link(session)
    with program.transaction() as session, pytest.raises(TooMany):
        use_code(session, SECRET, ticket, code)
    with program.transaction() as session:
        assert use_link(session, SECRET, link_token(SECRET, link_id)).email == RIA
    travel(timedelta(days=1, minutes=1))
    with program.transaction() as session:
        _, ticket, code = a_link(session)
    with program.transaction() as session:
        assert use_code(session, SECRET, ticket, code).email == RIA


def test_one_code_from_many_threads_signs_in_once(program: Program) -> None:
    with program.transaction() as session:
        link_id, ticket, code = a_link(session)
    gate, entered = Barrier(9), []

    def enter(*, by_link: bool) -> None:
        with program.transaction() as session:
            gate.wait()
            try:
                if by_link:
                    entered.append(use_link(session, SECRET, link_token(SECRET, link_id)))
                else:
                    entered.append(use_code(session, SECRET, ticket, code))
            except LinkDead:
                pass

    threads = [Thread(target=enter, kwargs={"by_link": number == 0}) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entered) == 1


def test_tries_at_once_are_counted_one_by_one(program: Program) -> None:
    with program.transaction() as session:
        link_id, ticket, code = a_link(session)
    gate, answers = Barrier(9), []

    def guess() -> None:
        with program.transaction() as session:
            gate.wait()
            try:
                use_code(session, SECRET, ticket, wrong(code))
            except (WrongCode, LinkDead) as refusal:
                answers.append(type(refusal))

    threads = [Thread(target=guess) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(WrongCode) == MOST_TRIES
    with program.transaction() as session:
        assert session.get_one(SignInLink, link_id).tries == MOST_TRIES


def test_codes_of_different_links_do_not_follow_from_each_other(session: Session) -> None:
    made = {code_of(SECRET, UUID(int=number)) for number in range(2_000)}

    assert len(made) > 1_980
    assert all(len(code) == codes.DIGITS and code.isdigit() for code in made)
