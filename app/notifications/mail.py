"""Mail: plain text with its HTML twin, one recipient, an id that stays the same when it is sent again."""

import mailbox
import re
import smtplib
from collections.abc import Sequence
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import quote

from app.access.invitations import Invited
from app.access.models import SignInLink
from app.access.proof_models import Happened
from app.access.roles import Role
from app.config import Settings
from app.notifications import smtp
from app.notifications.layout import LOGO, Item, Page, Sender, html_of, text_of
from app.notifications.models import Notice
from app.notifications.texts import mail_text

PERMANENT = 500
POLICY = SMTP.clone(max_line_length=500)
"""An address in a header stays whole: folded it would be written in another code, which no mail program follows."""
SEEN_AGAIN = 200
"""Mails in the folder among which one that is sent again is looked for."""
GREETING = {"nl": "Beste {name},", "en": "Dear {name},"}
BUTTON = {"nl": "Bekijk het op ZorgvoorElkaar", "en": "See it on ZorgvoorElkaar"}
LINK_KNOWN = {
    "nl": (
        "Uw link om in te loggen",
        (
            "U wilt inloggen bij ZorgvoorElkaar. Open de link en druk op de knop. De link werkt één keer,"
            " een kwartier lang. Vroeg u dit niet? Dan hoeft u niets te doen."
        ),
        "Inloggen",
    ),
    "en": (
        "Your link to sign in",
        (
            "You want to sign in to ZorgvoorElkaar. Open the link and press the button. The link works once, for a"
            " quarter of an hour. Did you not ask for this? Then you need not do anything."
        ),
        "Sign in",
    ),
}
LINK_SENDS = {
    "nl": (
        "Verstuur uw vraag",
        (
            "U vroeg hulp bij ZorgvoorElkaar. Open de link en druk op de knop. Dan is uw vraag verstuurd."
            " De link werkt één keer, een kwartier lang. Vroeg u niets? Dan hoeft u niets te doen."
        ),
        "Verstuur mijn vraag",
    ),
    "en": (
        "Send your question",
        (
            "You asked for help at ZorgvoorElkaar. Open the link and press the button. Then your question is sent."
            " The link works once, for a quarter of an hour. Did you ask nothing? Then you need not do anything."
        ),
        "Send my question",
    ),
}
LINK_UNKNOWN = {
    "nl": (
        "Wij kennen dit adres nog niet",
        (
            "Iemand wilde inloggen met dit e-mailadres. Wij kennen het nog niet. Was u dat? Vraag hulp of meld u aan"
            " als helper. Dan maken wij het voor u in orde."
        ),
        "Naar ZorgvoorElkaar",
    ),
    "en": (
        "We do not know this address yet",
        (
            "Somebody wanted to sign in with this e-mail address. We do not know it yet. Was that you? Ask for help or"
            " sign up as a helper. Then we arrange it for you."
        ),
        "To ZorgvoorElkaar",
    ),
}

ROLES = {
    Role.BROKER: "sociaal makelaar",
    Role.TREASURER: "penningmeester",
    Role.SELLER: "verkoper van cheques",
    Role.PRIVACY_OFFICER: "privacyfunctionaris",
    Role.MUNICIPALITY_ADMINISTRATOR: "beheerder",
}
"""Roles that somebody is invited to."""
CODE = {
    "nl": "Leest u deze mail op een ander apparaat? Typ daar dan deze code: {code}. Geef de code aan niemand anders.",
    "en": "Are you reading this on another device? Then type this code there: {code}. Give the code to nobody else.",
}


SEVERAL = {
    "nl": ("{count} berichten voor u", "Er zijn {count} dingen gebeurd. Hier leest u ze kort.", "Bekijk het"),
    "en": ("{count} messages for you", "{count} things happened. Here they are, in short.", "See it"),
}
WISHES = "/mijn/berichten/voorkeuren"
UNSUBSCRIBE = "/afmelden"


def notice_message(  # noqa: PLR0913 - the parts of a mail
    settings: Settings, notices: Sequence[Notice], to: str, first_name: str, lang: str,
    *, key: str, sender: Sender | None = None, unsubscribe: str = "", instead: str = "", way: str = "{path}",
) -> EmailMessage:  # fmt: skip
    """One or more notices as a mail: nothing personal beyond a first name; what it is about is behind the link.

    ``unsubscribe`` is a signed token; ``instead`` tells for whom it is, for who reads in their place, and ``way``
    leads to the page in that case.
    """
    chosen = lang if lang in GREETING else "nl"
    texts = [mail_text(notice.kind, notice.params, chosen) for notice in notices]
    links = [
        settings.address + way.format(path=quote(text.path.format(id=notice.subject_id), safe="/"))
        for text, notice in zip(texts, notices, strict=True)
    ]
    opening = [GREETING[chosen].format(name=first_name), *([instead] if instead else [])]
    page = Page(
        chosen, [*opening, texts[0].body], link=links[0], button=BUTTON[chosen], sender=sender or Sender(),
        wishes="" if instead else settings.address + WISHES,
        unsubscribe=f"{settings.address}{UNSUBSCRIBE}?t={quote(unsubscribe)}" if unsubscribe else "",
        always=not unsubscribe and not instead,
    )  # fmt: skip
    if len(notices) == 1:
        return _message(settings, to, texts[0].subject, page, key)
    subject, lead, button = SEVERAL[chosen]
    items = [Item(text.subject, text.body, link, button) for text, link in zip(texts, links, strict=True)]
    together = replace(
        page, paragraphs=[*opening, lead.format(count=len(items))], items=items, link="", button=""
    )
    return _message(settings, to, subject.format(count=len(items)), together, key)


def link_message(  # noqa: PLR0913 - the parts of a mail
    settings: Settings, link: SignInLink, token: str | None,
    *, sends: bool = False, code: str = "", sender: Sender | None = None, lang: str = "nl",
) -> EmailMessage:  # fmt: skip
    """The mail with a sign-in link and its code; without a token it says that the address is not known.

    ``sends`` tells that the link sends a question that waits for it.
    """
    chosen = lang if lang in GREETING else "nl"
    known = LINK_SENDS if sends else LINK_KNOWN
    subject, body, button = (known if token else LINK_UNKNOWN)[chosen]
    address = f"{settings.address}/inloggen/link?t={quote(token)}" if token else settings.address
    paragraphs = [body, CODE[chosen].format(code=f"{code[:3]} {code[3:]}")] if token and code else [body]
    return letter(settings, link.email, subject, paragraphs, address, button, str(link.id), chosen, sender)


CHANGED = {
    "nl": (
        "Uw manier van inloggen is veranderd",
        "{what} Wilde u dit niet? Bel ons dan meteen.",
        "Bekijk hoe u inlogt",
    ),
    "en": (
        "Your way of signing in has changed",
        "{what} Did you not want this? Then call us at once.",
        "See how you sign in",
    ),
}
WHAT_CHANGED = {
    Happened.PASSKEY_ADDED: ("Er is een toegangssleutel gemaakt.", "A passkey was made."),
    Happened.PASSKEY_REMOVED: ("Er is een toegangssleutel weggehaald.", "A passkey was removed."),
    Happened.APP_ADDED: ("Er is een app met codes gekoppeld.", "An app with codes was linked."),
    Happened.APP_REMOVED: ("De app met codes is weggehaald.", "The app with codes was removed."),
    Happened.FACTORS_RESET: (
        "Een beheerder haalde al uw sleutels en uw app weg. U maakt nieuwe als u weer inlogt.",
        "An administrator removed all your keys and your app. You make new ones when you sign in again.",
    ),
    Happened.LETTER_MADE: (
        "Er is een brief met een code voor u gemaakt.",
        "A letter with a code was made for you.",
    ),
    Happened.ROLE_GIVEN: ("U werkt nu mee voor een gemeente.", "You now work for a municipality."),
    Happened.ROLE_ENDED: (
        "Uw werk voor een gemeente is beëindigd.",
        "Your work for a municipality has ended.",
    ),
    Happened.PROVIDER_ADDED: (
        "U kunt voortaan ook inloggen via een gemeente.",
        "From now on you can also sign in through a municipality.",
    ),
    Happened.PROVIDER_REMOVED: (
        "U haalde het inloggen via een gemeente weg.",
        "You removed signing in through a municipality.",
    ),
    Happened.SHUT_OUT: (
        "Uw makelaar zette uw toegang dicht, om u te beschermen. U kunt nu niet inloggen.",
        "Your broker shut your way in, to protect you. You cannot sign in now.",
    ),
    Happened.PROGRAM_ADDED: (
        "Er is een token gemaakt waarmee een programma in uw naam werkt.",
        "A token was made, with which a program works in your name.",
    ),
    Happened.PROGRAM_REMOVED: (
        "Een token voor een programma is gestopt.",
        "A token for a program was ended.",
    ),
    Happened.LET_IN: ("U kunt weer inloggen.", "You can sign in again."),
}


def changed_message(
    settings: Settings, to: str, kind: Happened, lang: str, key: str, sender: Sender | None = None
) -> EmailMessage:
    """That somebody's keys, app or role changed; never a code, and no name of a key."""
    subject, body, button = CHANGED.get(lang, CHANGED["nl"])
    what = WHAT_CHANGED[kind][lang == "en"]
    return letter(
        settings,
        to,
        subject,
        [body.format(what=what)],
        f"{settings.address}/mijn/inloggen",
        button,
        key,
        lang,
        sender,
    )


def invitation_message(
    settings: Settings, invited: Invited, place: str, token: str, sender: Sender | None = None
) -> EmailMessage:
    """The mail to a colleague who is asked to come and work at a desk."""
    role = ROLES[invited.role]
    paragraphs = [
        GREETING["nl"].format(name=invited.first_name),
        f"De gemeente {place} vraagt u om mee te werken in ZorgvoorElkaar. U wordt dan {role} van {place}.",
        (
            "Open de link en druk op de knop. De link werkt één keer, zeven dagen lang."
            " Kent u deze gemeente niet? Dan hoeft u niets te doen."
        ),
    ]
    address = f"{settings.address}/uitnodiging?t={quote(token)}"
    return letter(
        settings, invited.email, "Wilt u meewerken?", paragraphs, address, "Bekijk de uitnodiging",
        f"{invited.id}", sender=sender,
        in_english=f"In English: the municipality of {place} asks you to work along in ZorgvoorElkaar. The link works"
        " once, for seven days. Do you not know this municipality? Then you need to do nothing.",
    )  # fmt: skip


def letter(  # noqa: PLR0913 - the parts of a letter
    settings: Settings, to: str, subject: str, paragraphs: list[str], link: str, button: str, key: str,
    lang: str = "nl", sender: Sender | None = None, in_english: str = "",
) -> EmailMessage:  # fmt: skip
    """Paragraphs and one button, to one address; ``key`` makes the Message-ID.

    Who never chose a language reads Dutch, and below it ``in_english`` what it is about.
    """
    chosen = lang if lang in GREETING else "nl"
    page = Page(
        chosen, paragraphs, link=link, button=button, in_english=in_english, sender=sender or Sender()
    )
    return _message(settings, to, subject, page, key)


def _message(settings: Settings, to: str, subject: str, page: Page, key: str) -> EmailMessage:
    message = EmailMessage(policy=POLICY)  # refuses CR and LF in a header
    message["From"] = settings.mail_from
    message["To"] = to
    if [one.addr_spec for one in message["To"].addresses] != [to]:
        raise ValueError("not the one address that it seems to be")
    message["Subject"] = subject.replace("=?", "= ?")  # else the library unpacks it, line breaks and all
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "zorgvoorelkaar.example"
    message["Message-ID"] = f"<{key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if page.unsubscribe:  # RFC 8058: one press in the mail program, without a page and without signing in
        message["List-Unsubscribe"] = f"<{page.unsubscribe.replace(UNSUBSCRIBE, UNSUBSCRIBE + '/direct', 1)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text_of(page), cte="quoted-printable")
    message.add_alternative(html_of(page, subject), subtype="html", cte="quoted-printable")
    if picture := page.sender.dress.picture:
        written = message.get_body(("html",))
        assert written is not None, "it was added just now"
        written.add_related(
            picture, "image", "png", cid=f"<{LOGO}>", disposition="inline", filename="logo.png"
        )
    message["Content-Language"] = page.lang  # now: with the words it would go to the first part
    return message


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand the mail to the SMTP server, or put it in the mailbox folder where none is set."""
    if not settings.smtp_url:
        settings.mailbox_dir.parent.mkdir(parents=True, exist_ok=True)
        _lay_down(mailbox.Maildir(settings.mailbox_dir, create=True), message)
        return
    with smtp.reached(settings, patience_s=smtp.PATIENCE_S) as server:
        _hand_over(server, message)


class AddressRefused(Exception):
    """The mail server will never take mail for this address (5xx)."""


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        if all(code >= PERMANENT for code, _ in refused.recipients.values()):
            raise AddressRefused from refused
        raise


def _lay_down(box: mailbox.Maildir, message: EmailMessage) -> None:
    """In the folder, once: a mail that lies there is not put there again under its own key."""
    key = str(message["Message-ID"])
    newest = sorted(box.keys(), reverse=True)[:SEEN_AGAIN]
    if not any(str(box.get_message(name)["Message-ID"]) == key for name in newest):
        box.add(message)


def forget(settings: Settings, patterns: list[re.Pattern[str]]) -> int:
    """Throw away what the mailbox folder holds to or about somebody; says how many messages. A real mail server has
    handed its mail over long ago."""
    if settings.smtp_url or not settings.mailbox_dir.is_dir():
        return 0
    box = mailbox.Maildir(settings.mailbox_dir, create=False)
    about = [key for key, message in box.items() if any(one.search(_words(message)) for one in patterns)]
    for key in about:
        box.discard(key)
    return len(about)


def _words(message: mailbox.MaildirMessage) -> str:
    """All that a message says, headers too, decoded."""
    bodies = [
        bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")
        for part in message.walk() if not part.is_multipart()
    ]  # fmt: skip
    return "\n".join([*(str(make_header(decode_header(str(value)))) for value in message.values()), *bodies])
