"""The register of companies, and what becomes of a question when it misbehaves."""

import json
import logging
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from app.access.actor import Actor
from app.checks import kvk, lookups
from app.checks.kvk import Company, KeyRefused, Kvk, KvkError, TooBusy, Unavailable
from app.checks.models import KvkOutcome
from app.checks.numbers import WrongNumber
from app.checks.schemas import NumberAsked
from app.config import Settings
from app.db import Database
from app.errors import Invalid, NotFound, TooMany
from app.jobs import outside
from app.jobs.work import Work
from tests.app.checks import fake_kvk
from tests.app.checks.fake_kvk import KEY, Answer, FakeKvk, say
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, act
from tests.databases import Database as Migrated

PATIENCE_S = 0.6


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKvk]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with fake_kvk.a_register() as server:
        yield server


def asked(register: FakeKvk, number: str, *, key: str = KEY) -> Company | None:
    return Kvk(key, register.url, timeout_s=10).find(number)


def test_the_published_test_numbers_are_found(register: FakeKvk) -> None:
    assert asked(register, "695 99 084") == Company(
        "69599084", "Test EMZ Dagobert", "Eenmanszaak", "Amsterdam", active=True
    )
    assert asked(register, fake_kvk.FOUNDATION) == Company(
        "69599068", "Test Stichting Bolderbast", "Stichting", "Lochem", active=True
    )
    ended, shielded = asked(register, fake_kvk.ENDED), asked(register, fake_kvk.SHIELDED)
    assert ended is not None
    assert not ended.active
    assert shielded is not None
    assert shielded.place == ""
    assert {path for path, _ in register.asked} >= {
        "/test/api/v2/zoeken",
        "/test/api/v1/basisprofielen/69599084",
    }


def test_a_number_that_nobody_has_is_no_failure(register: FakeKvk) -> None:
    assert asked(register, "12345678") is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1234567",
        "123456789",
        "0000 0000",
        "6959908a",
        "６９５９９０８４",
        "٦٩٥٩٩٠٨٤",
        "69599084\0",
        "+69599084",
    ],
)
def test_what_is_no_number_is_never_asked(register: FakeKvk, typed: str) -> None:
    with pytest.raises(WrongNumber):
        asked(register, typed)
    assert register.asked == []


def test_a_wrong_key_is_told_apart_from_a_register_that_is_away(register: FakeKvk) -> None:
    with pytest.raises(KeyRefused):
        asked(register, fake_kvk.COMPANY, key="wrong")
    register.instead = partial(say, status=403, answer={})
    with pytest.raises(KeyRefused):
        asked(register, fake_kvk.COMPANY)


@pytest.mark.parametrize(("header", "wait_s"), [("30", 30), ("999999", 3600), ("soon", None), ("-1", None)])
def test_a_register_that_is_too_busy_says_how_long_to_wait(
    register: FakeKvk, header: str, wait_s: int | None
) -> None:
    register.instead = partial(say, status=429, answer={}, Retry_After=header)

    with pytest.raises(TooBusy) as refused:
        asked(register, fake_kvk.COMPANY)
    assert refused.value.wait_s == wait_s


NONSENSE: dict[str, Any] = {
    "no JSON": b"<html>Onderhoud</html>",
    "not UTF-8": b'{"resultaten": "\xff"}',
    "a list": [],
    "nothing inside": {},
    "rows that are none": {"resultaten": ["69599084"]},
    "rows that are a text": {"resultaten": "geen"},
    "a number": 3,
    "a company without a name": {
        "resultaten": [{"kvkNummer": "68750110", "naam": 7}],
        "kvkNummer": "68750110",
    },
    "another company's profile": {
        "resultaten": [{"kvkNummer": "68750110", "naam": "A"}],
        "kvkNummer": "11111112",
    },
    "deep": b"[" * 100_000,
    "large": b" " * (kvk.LARGEST_ANSWER_BYTES + 1),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_no_company_and_no_missing_one(register: FakeKvk, answer: Any) -> None:
    register.instead = partial(say, status=200, answer=answer)

    with pytest.raises(Unavailable):
        asked(register, fake_kvk.COMPANY)


@pytest.mark.parametrize(
    ("status", "answer"),
    [(404, {"message": "no Route matched"}), (404, b"gone"), (404, {"fout": "IPD5200"}),
     (400, fake_kvk.fault("IPD1999", "")), (302, {}),
     (500, fake_kvk.fault("IPD9999", "")), (503, fake_kvk.fault("IPD1002", "")), (502, b"")],
)  # fmt: skip
def test_no_other_answer_says_that_a_company_does_not_exist(
    register: FakeKvk, status: int, answer: Any
) -> None:
    register.instead = partial(say, status=status, answer=answer, Location="http://127.0.0.1:9/elders")

    with pytest.raises(Unavailable):
        asked(register, fake_kvk.COMPANY)
    assert len(register.asked) == 1


@pytest.mark.parametrize("misbehave", [fake_kvk.drips, fake_kvk.says_nothing, fake_kvk.hangs_up])
def test_nobody_waits_longer_than_the_time_for_an_answer(register: FakeKvk, misbehave: Answer) -> None:
    register.instead = misbehave
    began = time.monotonic()

    with pytest.raises(Unavailable):
        Kvk(KEY, register.url, timeout_s=PATIENCE_S).find(fake_kvk.COMPANY)
    assert time.monotonic() - began < 10 * PATIENCE_S


def test_a_register_that_is_down_is_unavailable() -> None:
    with fake_kvk.a_register() as gone:
        url = gone.url
    with pytest.raises(Unavailable):
        Kvk(KEY, url, timeout_s=PATIENCE_S).find(fake_kvk.COMPANY)


def test_neither_number_nor_key_is_logged_or_told_in_an_error(
    register: FakeKvk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="zorgvoorelkaar")
    caplog.set_level(logging.INFO)
    with pytest.raises(KvkError) as told:
        asked(register, fake_kvk.FAULTY)
    asked(register, fake_kvk.COMPANY)
    written = " ".join([*caplog.messages, repr(told.value), json.dumps(list(map(str, told.value.args)))])
    assert KEY not in written
    assert fake_kvk.FAULTY not in written
    assert fake_kvk.COMPANY not in written


class Question:
    """Marja asks about Tonnie, and a worker that knows the register."""

    def __init__(self, program: Database, database: Migrated, register: FakeKvk, folder: Path) -> None:
        self.program, self.database = program, database
        settings = Settings(
            data_dir=folder, kvk_key=SecretStr(KEY), kvk_url=register.url, kvk_timeout_s=PATIENCE_S
        )
        self.work = Work(settings, program, kvk=lookups.register_of(settings))
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.tonnie = a_person(session, first_name="Tonnie")

    def ask(self, number: str, *, by: Actor | None = None) -> UUID:
        """Asked, not answered yet."""
        with self.program.transaction() as session:
            actor = act(session, by or self.marja)
            typed = NumberAsked.model_validate({"nummer": number})
            return lookups.ask(session, actor, self.tonnie.person_id, typed).id

    def outcome(self) -> tuple[str | None, str, str]:
        """What the desk reads."""
        (row,) = rows_of(self.database, "SELECT outcome, name, place FROM kvk_lookup")
        return row.outcome, row.name, row.place


@pytest.fixture
def question(program: Database, fresh_database: Migrated, register: FakeKvk, tmp_path: Path) -> Question:
    return Question(program, fresh_database, register, tmp_path)


def test_a_job_writes_down_what_the_register_says(question: Question) -> None:
    id = question.ask("6959 9084")
    assert question.outcome() == (None, "", "")

    outside.look_up_company(question.work, str(id))

    assert question.outcome() == (KvkOutcome.FOUND, "Test EMZ Dagobert", "Amsterdam")


@pytest.mark.parametrize(
    ("number", "outcome"), [("12345678", KvkOutcome.UNKNOWN), (fake_kvk.ENDED, KvkOutcome.ENDED)]
)
def test_a_company_that_is_not_there_or_no_more_is_told_so(
    question: Question, number: str, outcome: KvkOutcome
) -> None:
    outside.look_up_company(question.work, str(question.ask(number)))

    assert question.outcome()[0] == outcome


def test_what_the_register_cannot_say_now_is_asked_again_and_answered_later(
    question: Question, register: FakeKvk
) -> None:
    id = question.ask(fake_kvk.COMPANY)
    register.instead = partial(say, status=503, answer=fake_kvk.fault("IPD1002", ""))
    with pytest.raises(Unavailable):  # so that the queue tries again
        outside.look_up_company(question.work, str(id))
    assert question.outcome()[0] == KvkOutcome.UNAVAILABLE

    register.instead = None
    outside.look_up_company(question.work, str(id))
    assert question.outcome()[:2] == (KvkOutcome.FOUND, "Test BV Donald")
    outside.look_up_company(question.work, str(id))
    assert len(register.asked) == 3


def test_a_key_that_is_refused_is_not_tried_again_and_is_logged(
    question: Question, register: FakeKvk, caplog: pytest.LogCaptureFixture
) -> None:
    register.instead = partial(say, status=401, answer={})

    outside.look_up_company(question.work, str(question.ask(fake_kvk.COMPANY)))

    assert question.outcome()[0] == KvkOutcome.REFUSED
    assert any("ZVE_KVK_KEY" in message for message in caplog.messages)


def test_the_desk_asks_no_wrong_numbers_and_no_more_than_ten_a_day(question: Question) -> None:
    with pytest.raises(Invalid):
        question.ask("1234")
    for _ in range(lookups.MOST_A_DAY):
        question.ask(fake_kvk.COMPANY)
    with pytest.raises(TooMany):
        question.ask(fake_kvk.COMPANY)


def test_nobody_but_the_own_desk_asks(
    question: Question, fresh_database: Migrated, program: Database
) -> None:
    with program.transaction() as session:
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=772, first_name="Els")
    for stranger in (elsewhere, question.tonnie):
        with pytest.raises(NotFound):
            question.ask(fake_kvk.COMPANY, by=stranger)


def test_without_a_key_there_is_no_register(tmp_path: Path) -> None:
    assert lookups.register_of(Settings(data_dir=tmp_path, kvk_key=None)) is None
    assert lookups.register_of(Settings(data_dir=tmp_path, kvk_key=SecretStr(""))) is None
