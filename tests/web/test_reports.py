"""What browsers refuse on our pages reaches the log, in words that are ours."""

import json
import logging
from typing import Any

import pytest

from app.config import Settings
from app.db import Database as Program
from tests.app.conftest import program_database
from tests.clients import TestClient
from tests.sites import a_site
from web.reports import BYTES_MAX

__all__ = ["program_database"]
HOST = "https://testserver"


@pytest.fixture(scope="module")
def browser(program_database: Program, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    site = a_site(Settings(data_dir=tmp_path_factory.mktemp("data")), program_database)
    return TestClient(site, base_url=HOST)


def report(
    page: str = f"{HOST}/mijn/vragen/0198c1d2-0000-7000-8000-000000000000?q=Ria", **changes: Any
) -> str:
    """As a browser sends it."""
    said = {
        "document-uri": page, "effective-directive": "script-src-elem", "violated-directive": "script-src",
        "blocked-uri": "inline", "script-sample": "ria@voorbeeld.nl", "original-policy": "…", "referrer": HOST,
    }  # fmt: skip
    return json.dumps({"csp-report": said | changes})


def test_a_page_names_where_to_report(browser: TestClient) -> None:
    assert browser.get("/").headers["content-security-policy"].endswith("; report-uri /csp")


def test_a_report_is_two_words_in_the_log(browser: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "zorgvoorelkaar.policy"):
        answer = browser.post("/csp", content=report(), headers={"content-type": "application/csp-report"})
    assert answer.status_code == 204
    assert [record.getMessage() for record in caplog.records] == [
        "the policy of pages refused script-src-elem on /mijn/vragen/…"
    ]


NUMBER: dict[str, Any] = {"effective-directive": 7}


@pytest.mark.parametrize("body", [
    "", "null", "[]", "{}", '{"csp-report": null}', '{"csp-report": "x"}', "[" * 5_000, "\0", b"\xff\xfe\x00\xd8",
    report("https://elders.example/mijn"), report("https://testserver.elders.example/"), report("//[kapot"),
    report(**{"effective-directive": "script-src\r\nERROR alles stuk"}), report(**NUMBER),
])  # fmt: skip
def test_what_is_no_report_of_ours_leaves_no_word(
    browser: TestClient, caplog: pytest.LogCaptureFixture, body: str | bytes
) -> None:
    assert browser.post("/csp", content=body).status_code == 204
    assert caplog.records == []


def test_no_word_of_a_sender_is_in_the_log(browser: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    browser.post("/csp", content=report(f"{HOST}/Ria/ria@voorbeeld.nl/5664HJ/\x1b[31m/%0aERROR"))
    assert [record.getMessage() for record in caplog.records] == [
        "the policy of pages refused script-src-elem on /…/…/…/…/…"
    ]


def test_a_flood_is_given_up(browser: TestClient) -> None:
    assert browser.post("/csp", content="x" * (BYTES_MAX + 1)).status_code == 413
    assert browser.get("/csp").status_code == 405
