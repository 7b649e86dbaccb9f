"""The log says what went wrong and where, and nothing of anybody."""

import json
import logging
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import Settings
from app.logs import BLOT, REQUEST, AsJson, Discreet, set_up
from tests.clients import TestClient
from tests.databases import Database
from tests.sites import a_program, a_site


def said(message: str, error: BaseException | None = None) -> str:
    """What the formatter makes of a message, and of an exception."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet("%(message)s"))
    exc_info = (type(error), error, error.__traceback__) if error else None
    handler.handle(logging.LogRecord("test", logging.ERROR, "here.py", 1, message, (), exc_info))
    return written.getvalue()


@pytest.mark.parametrize(
    "secret",
    [
        "ria@voorbeeld.nl",
        "ria.van-t.hof+zve@mail.voorbeeld.nl",
        "5664 HJ",
        "5664HJ",
        "zve_iIhVcwHm7uJ1cVd0W8yVb5X4wq1kG3t9LwQzq0a7m2E",
        "eyJhbGciOiJSUzI1NiJ9eyJhbGciOiJSUzI1NiJ9ab.eyJzdWIiOiIxIn0.c2lnbmF0dXVy",
        "06-12345678",
        "06 12 34 56 78",
        "+31612345678",
        "999990019",
    ],
)
def test_what_looks_like_somebodys_is_blotted_out(secret: str) -> None:
    line = said(f"something about {secret}, which went wrong")
    assert secret not in line
    assert BLOT in line
    assert "which went wrong" in line


@pytest.mark.parametrize(
    "harmless",
    [
        "provider 00000000-0000-4000-8000-000000000001 let nobody in: other-nonce",
        "status 503 after 1771 ms",
        "GM1771",
    ],
)
def test_what_is_nobodys_stays(harmless: str) -> None:
    assert harmless in said(harmless)


def test_a_record_is_one_line_with_its_time_in_utc_its_level_and_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    set_up()
    logging.getLogger("zorgvoorelkaar.jobs").error(
        "about %s", "x\n2026-01-01T00:00:00Z ERROR forged\r\x1b[2J\u2028y"
    )

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    moment, level, name, _ = lines[0].split(" ", 3)
    assert abs(datetime.fromisoformat(moment) - datetime.now(UTC)) < timedelta(minutes=5)
    assert (level, name) == ("ERROR", "zorgvoorelkaar.jobs:")
    assert "about x\\u000a2026" in lines[0]


def test_the_words_of_an_exception_are_left_out_and_its_place_stays() -> None:
    try:
        try:
            raise ValueError("Key (first_name)=(Ria) already exists")
        except ValueError as cause:
            raise RuntimeError("for Ria") from cause
    except RuntimeError as error:
        line = said("request failed", error)
    assert "Ria" not in line
    assert "builtins.ValueError" in line
    assert "builtins.RuntimeError" in line
    assert "test_logs.py:" in line


def test_a_record_as_json_is_one_object_with_the_number_of_its_request_and_nothing_of_anybody() -> None:
    record = logging.LogRecord(
        "zorgvoorelkaar.x", logging.ERROR, "here.py", 1, "mail to %s\nfailed", ("ria@voorbeeld.nl",), None
    )
    record.route, record.path = "/hulpvragen/{id}", "/hulpvragen/ria"
    before = REQUEST.set("0011")
    try:
        line = AsJson().format(record)
    finally:
        REQUEST.reset(before)

    said = json.loads(line)
    assert len(line.splitlines()) == 1
    assert (said["request"], said["route"], said["level"]) == ("0011", "/hulpvragen/{id}", "ERROR")
    assert said["message"] == f"mail to {BLOT}\nfailed"
    assert "path" not in said


def test_a_story_leaves_nobody_in_the_log(fresh_database: Database, tmp_path: Path) -> None:
    """Everything that the program itself says of it, from the smallest word up."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(AsJson())
    ours = logging.getLogger("zorgvoorelkaar")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    answered = logging.getLogger("zorgvoorelkaar.requests")
    answered_before = answered.level
    answered.setLevel(logging.NOTSET)  # a command set it, somewhere before
    program = a_program(fresh_database.app_url, pool_size=2)
    made = a_site(Settings(data_dir=tmp_path), program)
    try:
        with TestClient(made, base_url="https://testserver", client=("203.0.113.77", 5000)) as browser:
            browser.get("/inloggen?next=/mijn?wie=Wilhelmina")
            browser.post("/inloggen", data={"email": "wilhelmina@zonnebloem.example"})
            browser.get("/Wilhelmina/Zonnebloem?telefoon=0612345678")
            browser.get(
                "/hulpvragen?zoek=Zonnebloem",
                headers={"User-Agent": "Wilhelmina", "Referer": "https://x/Zonnebloem"},
            )
            browser.get("/api/v1/hulpvragen", headers={"Authorization": "Bearer zve_Wilhelmina"})
            browser.get("/papier/Wilhelmina-Zonnebloem")
            # the database is away in the middle of it, and quotes what it was asked
            with fresh_database.owner.begin() as owner:
                owner.execute(text("ALTER TABLE region RENAME TO gone"))
            browser.get("/hulpvragen?zoek=Zonnebloem")
    finally:
        ours.removeHandler(handler)
        ours.setLevel(before)
        answered.setLevel(answered_before)
        program.close()

    said = written.getvalue()
    assert len(said.splitlines()) >= 6
    assert all(json.loads(line)["logger"].startswith("zorgvoorelkaar") for line in said.splitlines())
    for word in ("wilhelmina", "zonnebloem", "0612345678", "203.0.113"):
        assert word not in said.lower()
