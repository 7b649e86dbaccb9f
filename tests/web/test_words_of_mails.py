"""What is told by mail and on the page of messages: plain in Dutch, and without a word of it in English."""

from datetime import date
from uuid import UUID

import pytest

from app.access.invitations import Invited
from app.access.models import SignInLink
from app.access.roles import Role
from app.config import Settings
from app.looks.dress import OURS_ALONE
from app.notifications import mail, texts
from app.notifications.layout import Page, Sender, html_of, text_of
from app.notifications.letters import Letter
from app.partners import people as partners
from app.partners.models import InvitedAs, OrganisationInvitation
from app.places.models import Municipality
from app.referrals import mailed as referrals
from app.referrals.watch import Told
from app.representations import mailed
from app.representations.mailed import Consenting
from tests.browser.every.pages import read
from tests.plain_dutch import dutch_in, flesch_douma, jargon_in, mean_length, sentences_of
from web import rendering
from web.i18n import DUTCH

PARAMS = {"title": "X", "starts_at": "2026-03-03T13:00:00+00:00", "minutes": 90, "terms": "roosjes"}


def told(lang: str) -> list[str]:
    """Every notice, whole."""
    said = [texts.text_of(kind, PARAMS, lang) for kind in sorted(texts.PATHS)]
    return [f"{text.subject}. {text.body}" for text in said]


def test_no_notice_in_english_has_dutch_in_it() -> None:
    said = [*told("en"), *(sentence for _, sentence in mail.WHAT_CHANGED.values()), *mail.CHANGED["en"]]
    assert [text for text in said if dutch_in(text)] == []


def test_no_mail_in_english_has_dutch_around_its_words() -> None:
    """Greeting, foot, buttons and how to stop it, in both its parts."""
    whole = Sender("Geldrop-Mierlo", "+31402834567", "Monday to Friday")
    page = Page(
        "en", ["Hello"], link="https://x.example", button="Look", sender=whole, wishes="https://x.example",
        unsubscribe="https://x.example", always=True,
    )  # fmt: skip
    said = [text_of(page), *(each.words for each in read(html_of(page, "Hello")))]
    assert len(said) > 5
    for token, sends in ("x", True), ("x", False), (None, False):
        link = SignInLink(id=UUID(int=1), email="ria@voorbeeld.nl")
        message = mail.link_message(Settings(), link, token, sends=sends, code="123456", lang="en")
        said += [
            message["Subject"],
            *(part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"),
        ]
    assert [words for words in said if dutch_in(words.replace("voorbeeld", ""))] == []


def test_who_never_chose_a_language_reads_in_both_what_is_asked_of_them() -> None:
    """Written to strangers: a colleague, somebody for whom another asks, a practice, a volunteer of an organisation."""
    secret, key = b"x" * 32, UUID(int=1)
    invitation = OrganisationInvitation(
        id=key, email="a@voorbeeld.nl", first_name="An", role=InvitedAs.VOLUNTEER
    )
    mails = [
        mail.invitation_message(
            Settings(), Invited(key, "a@voorbeeld.nl", "An", Role.BROKER, 1771), "Geldrop-Mierlo", "t"
        ),
        mailed.consent_message(Settings(), Consenting(key, "a@voorbeeld.nl", "An", "Bo", 1771), secret),
        referrals.message(Settings(), Told(key, 1, "a@voorbeeld.nl", "V-1", date(2026, 3, 3)), secret),
        partners.mail(Settings(), invitation, "De Buurt", secret),
    ]
    for message in mails:
        plain, html = (part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
        (english,) = [each.words for each in read(html) if each.lang == "en"]
        assert english.startswith("In English: ")
        assert " ".join(english.split()) in " ".join(plain.split())
        assert not dutch_in(english.replace("De Buurt", ""))
        assert dutch_in(plain)


def test_no_letter_in_english_has_dutch_in_it() -> None:
    said = [texts.text_of(kind, PARAMS, "en") for kind in sorted(texts.PATHS)]
    letter = Letter(
        UUID(int=1), "B-7K3M", "Annie Smit", "Annie", "Langstraat 12", "5664 HJ", "Geldrop", "en",
        Municipality(name="Geldrop-Mierlo", broker_name="Marja", phone="+31402834567", broker_title="sociaal makelaar",
                     opening_hours="maandag tot en met vrijdag, 9.00 tot 17.00 uur"), said,
    )  # fmt: skip
    paper = (
        rendering.environment("en")
        .get_template("notices/_letter.html")
        .render(
            letter=letter, texts=said, choosing=[], day=date(2026, 3, 3), call="040 283 45 67", address="x.example",
            dress=OURS_ALONE,
        )
    )  # fmt: skip
    words = [each.words for each in read(paper)]
    assert len(words) > len(said)
    assert [each for each in words if dutch_in(each) and "Langstraat" not in each] == []


def test_notices_are_plain_dutch() -> None:
    said = told(DUTCH)
    sentences = sentences_of(said)
    assert mean_length(sentences) <= 12
    assert flesch_douma(sentences) >= 60
    assert [text for text in said if jargon_in(text)] == []


@pytest.mark.parametrize("text", ["Kies wie u komt helpen.", "De Roosjes van Ria", "Uw vraag is binnen"])
def test_dutch_is_found(text: str) -> None:
    assert dutch_in(text)


@pytest.mark.parametrize(
    "text", ["Choose who comes to help.", "Roosjes of Ria", "We met at WCAG 2.2, EN 301 549"]
)
def test_english_is_not_taken_for_it(text: str) -> None:
    assert not dutch_in(text)
