"""What exists in a demonstration only: being somebody else with one press, and reading the mail that was sent."""

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.access.models import Way
from app.access.sign_in import act_as
from app.config import THIS_MACHINE, Settings
from app.demo.personas import PERSONAS, persona_id
from app.errors import NotFound
from app.http import Opened, asked_here
from app.places import service as places
from app.schemas import Nothing
from web.forms import Submitted
from web.i18n import N_
from web.proofs import enter, proof
from web.rendering import page
from web.session import Visitor

router = APIRouter()
MOST: Final = 60
LONGEST_BYTES: Final = 200_000
SANDBOX: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none';"
    " style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A mail may bring its own look, and nothing else."""

# Who each persona is, and what there is to see.
ABOUT: Final = {
    "bewoner": (
        N_("Bewoner"),
        N_(
            "Ria is 78 en woont in Geldrop. Drie mensen willen met haar naar de markt. Zij vraagt ook voor een buur."
        ),
    ),
    "vrijwilliger": (
        N_("Vrijwilliger"),
        N_("Youssef woont in Helmond. Hij helpt ook over de gemeentegrens en spaart Roosjes."),
    ),
    "makelaar": (
        N_("Sociaal makelaar"),
        N_("Marja werkt voor Geldrop-Mierlo. Zij ziet wie wacht en belt als het niet lukt."),
    ),
    "beheerder": (
        N_("Beheerder van de gemeente"),
        N_("Karin regelt de instellingen van Geldrop-Mierlo en bekijkt de cijfers."),
    ),
    "regiobeheerder": (
        N_("Beheerder van de regio"),
        N_("Frank ziet de cijfers van alle gemeenten samen."),
    ),
    "penningmeester": (
        N_("Penningmeester"),
        N_("Hans sluit de maand van Geldrop-Mierlo af en verrekent met de buren."),
    ),
    "verkoper": (
        N_("Verkoper van cheques"),
        N_("Toos verkoopt dienstencheques in de bibliotheek van Geldrop. Zij drukt ze af en neemt ze terug."),
    ),
    "aanbieder": (
        N_("Medewerker van een organisatie"),
        N_("Coby neemt dienstencheques aan. Zij levert ze in en ziet wat er is uitbetaald."),
    ),
    "collega": (
        N_("Collega van de makelaar"),
        N_("Veerle is de tweede blik. Zij zegt ja of nee als Marja veel uit de pot wil geven."),
    ),
    "veiligheid": (
        N_("Aandachtsfunctionaris"),
        N_(
            "Saskia let op de veiligheid in Geldrop-Mierlo. Zij ziet meldingen en opent dossiers, met een reden."
        ),
    ),
    "privacy": (
        N_("Functionaris voor privacy"),
        N_("Mirjam ziet wie in gegevens keek. Zij bepaalt hoelang iets bewaard wordt."),
    ),
    "organisatie": (
        N_("Beheerder van een organisatie"),
        N_("Gerrie tekent de overeenkomst voor haar organisatie, en nodigt collega’s en vrijwilligers uit."),
    ),
    "maatjes": (
        N_("Begeleider van maatjes"),
        N_("Wilma leidt een organisatie. Zij spreekt haar maatjes en regelt wie er meedoet."),
    ),
}


# Where somebody begins whose work is on one page only.
FIRST_PAGE: Final = {
    "verkoper": "/bureau/cheques",
    "aanbieder": "/cheques",
    "collega": "/bureau/roosjes",
    "veiligheid": "/bureau/veiligheid",
    "privacy": "/bureau/logboek",
    "organisatie": "/organisatie",
    "maatjes": "/organisatie/maatjes",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it would have been sent."""

    key: str
    to: str
    subject: str
    at: datetime | None
    text: str
    has_html: bool = False


@router.get("/personas", name="demonstration.personas")
def personas(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Kijk als iemand anders."""
    only_here(request, session)
    return page(request, "demonstration/personas.html", personas=PERSONAS, about=ABOUT)


@router.post("/personas/{slug}", name="demonstration.become")
def become(
    request: Request, session: Opened, actor: Visitor, slug: str, form: Submitted[Nothing]
) -> Response:
    """Sign in as one of them, with a session like any other."""
    only_here(request, session)
    person_id = persona_id(session, slug)
    if person_id is None or form.value is None:
        raise NotFound
    following = "/bureau" if act_as(session, person_id).is_staff else "/mijn"
    to = FIRST_PAGE.get(slug, following)
    return enter(session, actor, person_id, to, proof=proof(request, Way.DEMONSTRATION))


@router.get("/postbus", name="demonstration.mailbox")
def letters(request: Request, session: Opened, _actor: Visitor) -> Response:
    """Every mail, the newest on top."""
    settings = only_here(request, session)
    return page(request, "demonstration/mailbox.html", letters=_newest(settings))


@router.get("/postbus/{key}", name="demonstration.letter")
def letter(request: Request, session: Opened, _actor: Visitor, key: str) -> Response:
    """One mail, with its links to press."""
    settings = only_here(request, session)
    box = _box(settings)
    if box is None or key not in box:
        raise NotFound
    return page(request, "demonstration/letter.html", letter=_read(key, box.get_bytes(key)))


@router.get("/postbus/{key}/opgemaakt", name="demonstration.letter.html")
def letter_html(request: Request, session: Opened, _actor: Visitor, key: str) -> Response:
    """The mail as a mail program shows it: a document of its own that runs, fetches and sends nothing."""
    settings = only_here(request, session)
    box = _box(settings)
    if box is None or key not in box:
        raise NotFound
    html = _part(box.get_bytes(key), "html")
    if not html:
        raise NotFound
    headers = {"Content-Security-Policy": SANDBOX, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(_out_of_the_frame(html), headers=headers)


def only_here(request: Request, session: Opened) -> Settings:
    """The settings, in a demonstration that listens to this computer only; anywhere else there is nothing here.

    Nor under another name: a page elsewhere may point its own at this computer, and a proxy may let others in.
    """
    settings: Settings = request.app.state.settings
    here = settings.host in THIS_MACHINE and asked_here(request)
    if not places.is_demonstration(session) or not here:
        raise NotFound
    return settings


def _box(settings: Settings) -> mailbox.Maildir | None:
    if not (settings.mailbox_dir / "cur").is_dir():  # the last of its folders that a worker makes
        return None
    return mailbox.Maildir(settings.mailbox_dir, create=False)


def _newest(settings: Settings) -> list[Letter]:
    box = _box(settings)
    if box is None:
        return []
    # a Maildir's key begins with the second in which the mail was written
    keys = sorted(box.keys(), key=lambda key: (float(key.partition(".")[0]), key), reverse=True)
    return [_read(key, box.get_bytes(key)) for key in keys[:MOST]]


def _message(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw[:LONGEST_BYTES], policy=default)
    assert isinstance(message, EmailMessage)
    return message


def _out_of_the_frame(html: str) -> str:
    """The mail with links that open in the whole window: none of our pages lets itself be shown in a frame."""
    before, head, rest = html.partition("<head>")
    return f'{before}{head}<base target="_top">{rest}' if head else f'<base target="_top">{html}'


def _part(raw: bytes, kind: str) -> str:
    body = _message(raw).get_body(preferencelist=(kind,))
    return str(body.get_content()).strip() if body is not None else ""


def _read(key: str, raw: bytes) -> Letter:
    message = _message(raw)
    sent = message["Date"]
    at = parsedate_to_datetime(str(sent)) if sent else None
    return Letter(
        key,
        str(message["To"] or ""),
        str(message["Subject"] or ""),
        at,
        _part(raw, "plain"),
        bool(_part(raw, "html")),
    )
