"""The client package that is written from the description: it speaks with our own API, and checks our own webhooks."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.db import Database as Program
from app.ids import uuid7
from app.webhooks import signing
from app.webhooks.models import WebhookMessage
from tests.app.api.conftest import OFFER, PREFIX, SAID, WALK, a_token, served
from tests.app.conftest import program, site  # noqa: F401 - fixtures
from tests.app.factories import GELDROP_MIERLO, a_person
from tools import client as writer


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """As whoever installed it imports it."""
    folder = str(writer.write(tmp_path_factory.mktemp("client") / "made"))
    sys.path.insert(0, folder)
    yield importlib.import_module(writer.PACKAGE)
    sys.path.remove(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == writer.PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def address(site: FastAPI) -> Iterator[str]:  # noqa: F811
    """Where the program listens."""
    with served(site) as found:
        yield found.removesuffix(PREFIX)


@pytest.fixture
def ria(package: ModuleType, address: str, program: Program) -> Iterator[Any]:  # noqa: F811
    """Somebody's program."""
    with program.transaction() as session:
        person = a_person(session)
    token = a_token(program, person)
    with package.Api(address, token) as api:
        yield api


def test_what_is_asked_is_there_in_all_its_pages(ria: Any) -> None:
    made = [ria.hulpvragen.post_hulpvragen({**WALK, **SAID, "titel": f"Naar de markt {n}"}) for n in range(3)]

    assert ria.hulpvragen.get_hulpvragen_een(made[0]["id"])["titel"] == "Naar de markt 0"
    found = list(ria.hulpvragen.every_get_hulpvragen(mijn=True, aantal=2))
    assert {one["id"] for one in found} == {one["id"] for one in made}
    assert len(ria.hulpvragen.get_hulpvragen(mijn=True, aantal=2)) == 2


def test_one_key_is_one_order(ria: Any) -> None:
    key = uuid4().hex
    first = ria.hulpaanbod.post_hulpaanbod(OFFER, key=key)

    assert ria.hulpaanbod.post_hulpaanbod(OFFER, key=key)["id"] == first["id"]
    assert ria.hulpaanbod.post_hulpaanbod(OFFER)["id"] != first["id"]


def test_a_refusal_says_what_is_wrong_and_where(ria: Any, package: ModuleType) -> None:
    with pytest.raises(package.Problem) as refused:
        ria.hulpvragen.post_hulpvragen({"titel": "", "minuten": 1})
    assert refused.value.status == 400
    assert len(refused.value.errors) >= 3

    with pytest.raises(package.Problem) as unknown:
        ria.hulpvragen.get_hulpvragen_een(str(uuid7()))
    assert (unknown.value.status, bool(unknown.value.detail)) == (404, True)


def test_without_a_token_there_is_what_is_open_to_all(package: ModuleType, address: str) -> None:
    with package.Api(address) as nobody:
        assert len(nobody.naslag.get_categorieen()) > 40
        with pytest.raises(package.Problem) as refused:
            nobody.hulpvragen.get_hulpvragen()
    assert refused.value.status == 401


class Line(httpx.MockTransport):
    """Answers one after the other, or breaks."""

    def __init__(self, *answers: httpx.Response | None) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()
        super().__init__(self._next)

    def _next(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if answer is None:
            raise httpx.ReadError("broken")
        return answer


def over(package: ModuleType, line: Line) -> tuple[Any, list[float]]:
    slept: list[float] = []
    return package.Api("https://zorg.voorbeeld.nl", "t", transport=line, sleep=slept.append), slept


def test_a_broken_line_is_tried_again_under_the_same_key(package: ModuleType) -> None:
    line = Line(None, httpx.Response(201, json={"id": "1"}))
    api, _ = over(package, line)

    assert api.hulpaanbod.post_hulpaanbod(OFFER) == {"id": "1"}
    assert len({request.headers["idempotency-key"] for request in line.asked}) == 1


def test_who_asks_to_wait_is_waited_for(package: ModuleType) -> None:
    line = Line(httpx.Response(503, headers={"retry-after": "7"}), httpx.Response(200, json=[]))
    api, slept = over(package, line)

    assert (api.hulpvragen.get_hulpvragen(), slept) == ([], [7.0])


def test_what_never_answers_is_said(package: ModuleType) -> None:
    line = Line(None, None, None)
    api, _ = over(package, line)

    with pytest.raises(package.NoAnswer):
        api.hulpvragen.get_hulpvragen()
    assert len(line.asked) == 3


def test_our_webhooks_are_known_as_ours_and_others_are_not(package: ModuleType) -> None:
    webhooks = importlib.import_module(f"{writer.PACKAGE}.webhooks")
    key, number = signing.key_of(b"installation", uuid7(), 1), uuid7()
    message = WebhookMessage(municipality_id=GELDROP_MIERLO, kind="proef")
    message.at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    body = signing.body_of(message)
    headers = signing.headers_of(number, 1_800_000_000, body, [b"x" * 32, key])
    known = {"secret": signing.shown(key), "now_s": 1_800_000_100.0}

    assert webhooks.opened(body, headers, **known) == (
        str(number),
        {"type": "proef", "timestamp": "2026-01-05T09:00:00Z", "data": {"gemeente": GELDROP_MIERLO}},
    )
    for wrong in (
        (body + b" ", headers, known),
        (body, {}, known),
        (body, headers | {"webhook-id": "1"}, known),
        (body, headers, known | {"now_s": 1_800_001_000.0}),
        (body, headers, known | {"secret": signing.shown(b"y" * 32)}),
    ):
        with pytest.raises(webhooks.NotOurs):
            webhooks.opened(wrong[0], wrong[1], **wrong[2])


def test_every_operation_of_the_description_has_its_method(package: ModuleType) -> None:
    described = writer.document()
    api = package.Api("https://zorg.voorbeeld.nl")
    operations = [(tag, one.name) for tag, some in writer.operations_of(described).items() for one in some]

    assert len(operations) > 200
    assert [
        one for one in operations if not callable(getattr(getattr(api, writer.snake(one[0])), one[1], None))
    ] == []


def test_what_the_writer_does_not_know_it_refuses() -> None:
    with pytest.raises(writer.NotUnderstood):
        writer.type_of({"type": "tuple"})


@pytest.mark.skipif(not os.environ.get("ZVE_TEST_LONG"), reason="reads 3,000 lines with mypy: half a minute")
def test_its_types_hold(package: ModuleType) -> None:
    folder = str(next(iter(package.__path__)))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]


def test_the_site_serves_the_description_that_it_was_written_from(ria: Any) -> None:
    served_now = ria.call("GET", "/openapi.json")

    assert served_now["paths"].keys() == writer.document()["paths"].keys()
