"""The log says what went wrong and where, and nothing of anybody."""

import logging
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from app.logs import BLOT, Discreet, set_up


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
