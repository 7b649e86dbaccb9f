"""Settings are refused at the start in a sentence each, without their values; their page is made from them."""

import pytest
from pydantic import SecretStr

from app.config import Settings, markdown, unknown
from tests.app.commands import run
from tests.databases import ROOT


def test_every_wrong_setting_is_named_at_once_and_no_value_is_shown() -> None:
    done = run(
        {"PORT": "abc", "ZVE_POOL_SIZE": "0", "DATABASE_URL": "mysql://u:geheim@h/x", "ZVE_LOG": "xml"},
        "migrate",
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "DATABASE_URL cannot be used: it begins with postgresql://.",
        "PORT cannot be used: it should be a valid integer.",
        "ZVE_POOL_SIZE cannot be used: it should be greater than or equal to 1.",
        "ZVE_LOG cannot be used: it should be 'plain' or 'json'.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", "zorg.voorbeeld.nl"),
        ("smtp_url", "http://host"),
        ("smtp_url", "smtp://host:poort"),
        ("mail_from", "niemand"),
        ("trusted_proxies", "10.0.0.1,overal"),
        ("audit_sink", "syslog:host"),
        ("backup_to", "age1kort"),
        ("request_timeout_s", 0),
        ("PORT", 70_000),
    ],
)
def test_what_cannot_be_right_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", "https://zorg.voorbeeld.nl/"),
        ("smtp_url", "smtps://naam:geheim@mail.voorbeeld.nl:465"),
        ("trusted_proxies", "10.0.0.1, ::1,10.0.0.0/8"),
        ("audit_sink", "syslog:tcp:log.voorbeeld.nl:514"),
        ("audit_sink", "syslog:/dev/log"),
        ("audit_sink", "/var/log/audit"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "postgresql+psycopg://zve_app@/zve?host=a&host=b"),
    ],
)
def test_what_can_be_right_is_taken(name: str, value: str) -> None:
    Settings(**{name: value})  # type: ignore[arg-type]


def test_an_empty_secret_is_none() -> None:
    assert Settings(secret=SecretStr("")).secret is None
    assert Settings(secret=SecretStr("x")).secret is not None


def test_a_name_that_nothing_reads_is_found() -> None:
    assert unknown({"ZVE_SMPT_URL": "", "ZVE_SMTP_URL": "", "PATH": "", "ZVE_TEST_LONG": ""}) == [
        "ZVE_SMPT_URL"
    ]


def test_the_page_of_settings_is_made_from_the_code() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == markdown()
