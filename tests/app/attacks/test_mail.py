"""What reaches the header of a mail: one recipient, the one that was typed, and no header more."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from app.access.invitations import Invited
from app.access.models import SignInLink
from app.access.roles import Role
from app.config import Settings
from app.notifications.mail import invitation_message, letter, link_message, notice_message
from app.notifications.models import Notice
from app.notifications.texts import text_of
from app.text import Email

RIA = "ria@voorbeeld.nl"
EMAIL: TypeAdapter[str] = TypeAdapter(Email)
HOSTILE = (
    "Marktdag\r\nBcc: dief@elders.example", "Marktdag\nBcc: dief@elders.example", "Markt\u2028Bcc: dief@elders.example",
    "=?utf-8?q?Bcc=3A_dief=40elders.example?=", "=?utf-8?b?DQpCY2M6IGRpZWZAZWxkZXJzLmV4YW1wbGU=?=",
    "{{7*7}} {% raw %} ${7*7} #{7*7} {title} {0} %(name)s", "<script>alert(1)</script>", "x" * 120,
)  # fmt: skip
"""Titles and names as somebody might type them, and as none of our own types would let through."""


@pytest.mark.parametrize("typed", [
    "=?utf-8?q?dief=40elders.example=2C?=@voorbeeld.nl", "=?utf-8?b?ZGllZkBlbGRlcnMuZXhhbXBsZQ==?=@voorbeeld.nl",
    "ria@voorbeeld.nl, dief@elders.example", "ria@voorbeeld.nl;dief@elders.example",
    "ria@voorbeeld.nl dief@elders.example",
    "ria@voorbeeld.nl\r\nBcc: dief@elders.example", "ria@voorbeeld.nl\u2028Bcc: dief@elders.example",
    '"ria x"@voorbeeld.nl',
    "ria(dief@elders.example)@voorbeeld.nl", "ria@[127.0.0.1]", "j\u00fcrgen@voorbeeld.nl", "ria@b\u00fccher.example",
    f"{'r' * 308}@voorbeeld.nl", "\0ria@voorbeeld.nl", "ria@voorbeeld.nl\0", "@voorbeeld.nl", "ria@",
])  # fmt: skip
def test_what_a_mail_program_could_read_as_another_address_is_none(typed: str) -> None:
    with pytest.raises(ValidationError):
        EMAIL.validate_python(typed)


@pytest.mark.parametrize(
    "typed", [RIA, "ria.de-vries+zorg@mail.voorbeeld.nl", "o'brien@voorbeeld.nl", "Ria@Voorbeeld.nl"]
)
def test_the_address_of_a_mail_is_the_one_that_was_typed(typed: str) -> None:
    address = EMAIL.validate_python(typed)
    message = letter(Settings(), address, "Dag", ["Dag"], "https://voorbeeld.nl", "Kijk", "1")
    assert [one.addr_spec for one in message["To"].addresses] == [address]


def test_no_letter_goes_to_whom_a_stored_address_could_be_read_as() -> None:
    with pytest.raises(ValueError, match="one address"):
        letter(
            Settings(), "=?utf-8?q?a=40b.nl=2C?=@c.nl", "Dag", ["Dag"], "https://voorbeeld.nl", "Kijk", "1"
        )


@pytest.mark.parametrize("typed", HOSTILE, ids=ascii)
def test_a_title_or_a_name_adds_no_header_and_nobody_and_stays_the_words_it_is(typed: str) -> None:
    key = UUID(int=1, version=4)
    made: list[Callable[[], EmailMessage]] = [
        lambda: notice_message(
            Settings(),
            [Notice(id=key, subject_id=key, kind="proposed", params={"title": typed})],
            RIA,
            typed,
            "nl",
            key="1",
            unsubscribe="token",
        ),
        lambda: invitation_message(Settings(), Invited(key, RIA, typed, Role.BROKER, 1771), typed, "token"),
        lambda: link_message(Settings(), SignInLink(id=key, email=RIA), "token", code="123456"),
        lambda: letter(Settings(), RIA, typed, [typed], "https://voorbeeld.nl", typed, "1"),
    ]
    sent = 0
    for make in made:
        try:
            raw = make().as_bytes()
        except ValueError:
            continue  # refused altogether: nothing is sent
        sent += 1
        message = message_from_bytes(raw, policy=SMTP)
        assert {name.lower() for name in message} <= {
            "from", "to", "subject", "message-id", "auto-submitted", "mime-version", "content-type", "content-language",
            "list-unsubscribe", "list-unsubscribe-post",
        }  # fmt: skip
        assert [one.addr_spec for one in message["To"].addresses] == [RIA]
        body = message.get_body(("html",))
        assert body is not None
        html = body.get_content()
        assert "<script>" not in html
        assert "49" not in html.replace("alert", "")
    # what breaks a line is refused where it would stand in a header, and nowhere else
    assert sent == (3 if {*typed} & {*"\r\n\u2028"} else 4)


@pytest.mark.parametrize("typed", HOSTILE, ids=ascii)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_title_stays_the_words_it_is_in_what_a_notice_says(typed: str, lang: str) -> None:
    """A mail leaves the title out; the page of notices and a letter on paper show it."""
    said = text_of("proposed", {"title": typed}, lang)

    assert f"“{typed}”" in said.body
    assert typed not in said.subject
