"""The mail to a practice: that there is something to read, and nothing of whom or what."""

from email.message import EmailMessage
from typing import Final
from urllib.parse import quote

from app.config import Settings
from app.notifications.mail import letter
from app.referrals import links
from app.referrals.watch import Told

PAGE: Final = "/verwijzing"


def message(settings: Settings, told: Told, secret: bytes) -> EmailMessage:
    """With the signed link to the one referral; the mail names a number and no person."""
    address = f"{settings.address}{PAGE}/{quote(links.told_token(secret, told.id, told.day))}"
    body = (
        f"Er is nieuws over uw verwijzing {told.reference}. De bewoner vindt goed dat u dit leest. Open de link om te"
        " zien hoe het gaat."
    )
    key = f"{told.id}-{told.version}"
    return letter(
        settings, told.email, f"Nieuws over verwijzing {told.reference}", ["Beste verwijzer,", body], address,
        "Lees hoe het gaat", key,
        in_english=f"In English: there is news about your referral {told.reference}. Open the link to read it.",
    )  # fmt: skip
