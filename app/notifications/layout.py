"""How a mail looks: text, and the same in HTML for a narrow or a wide window, by day or by night.

In the colours of the municipality in whose name it goes, made readable on both grounds. Everything can be read without
the style. Nothing is fetched: no font, no sheet, and a logo goes along inside the mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from babel import Locale

from app.looks.dress import OURS_ALONE, Dress


@dataclass(frozen=True, slots=True)
class Sender:
    """The municipality in whose name we write; empty for the platform as a whole."""

    place: str = ""
    phone: str = ""
    """As one dials it."""
    phone_shown: str = ""
    hours: str = ""
    dress: Dress = OURS_ALONE
    """Its colours, and its logo where that is a picture that mail programs show."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things in a mail: a heading, a sentence or two, and where it is."""

    heading: str
    body: str
    link: str
    button: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that a mail says, in one language."""

    lang: str
    paragraphs: Sequence[str]
    items: Sequence[Item] = ()
    link: str = ""
    button: str = ""
    in_english: str = ""
    """The same in a few words, for a reader whose language nobody knows yet."""
    sender: Sender = Sender()
    wishes: str = ""
    """Where one chooses how to be told."""
    unsubscribe: str = ""
    """Where one stops these, without signing in."""
    always: bool = False
    """Whether it holds only what always arrives."""


SAID: Final = {
    "nl": {
        "call": "Vragen? Bel {phone}. Wij zijn er {hours}.",
        "why": "U krijgt deze mail omdat u meedoet aan ZorgvoorElkaar{place}.",
        "place": " in {place}",
        "wishes": "Kies hoe wij u schrijven",
        "unsubscribe": "Hierover geen mail meer",
        "always": "Dit bericht krijgt u altijd: iemand rekent erop.",
    },
    "en": {
        "call": "Questions? Call {phone}.",
        "why": "You receive this mail because you take part in ZorgvoorElkaar{place}.",
        "place": " in {place}",
        "wishes": "Choose how we write to you",
        "unsubscribe": "No more mail about this",
        "always": "This message always arrives: somebody counts on it.",
    },
}

LOGO: Final = "logo@zorgvoorelkaar"
"""By which the HTML finds the picture beside it."""


def _style(dress: Dress) -> str:
    dark = dress.dark
    return (
        STYLE.replace("{link}", dark["green"])
        .replace("{button}", dark["rose"])
        .replace("{on}", dark["on-rose"])
    )


STYLE: Final = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media(prefers-color-scheme:dark){"
    ".zve-out,.zve-foot{background:#111916!important;color:#b6c5bc!important}"
    ".zve-in{background:#19241f!important;color:#eef4f0!important}"
    ".zve-in p,.zve-in h1,.zve-in h2{color:#eef4f0!important}"
    ".zve-in a.zve-go,.zve-foot a{color:{link}!important}"
    ".zve-in a.zve-btn{background:{button}!important;color:{on}!important}"
    ".zve-item{border-color:#37473f!important}"
    ".zve-foot p{color:#b6c5bc!important}}"
    "@media(max-width:480px){.zve-pad{padding-left:20px!important;padding-right:20px!important}"
    ".zve-btn{display:block!important;text-align:center!important}}"
)
FONT: Final = "font-family:'Schibsted Grotesk',Verdana,Arial,sans-serif"
P: Final = f'style="margin:0 0 16px;{FONT};font-size:18px;line-height:1.5;color:#14211b"'
SMALL: Final = f'style="margin:0 0 8px;{FONT};font-size:16px;line-height:1.5;color:#46564d"'


def _button(dress: Dress) -> str:
    ground, ink = dress.light["rose"], dress.light["on-rose"]
    return (
        f'style="display:inline-block;padding:14px 24px;background:{ground};color:{ink};{FONT};font-size:18px;'
        'font-weight:bold;line-height:1.2;text-decoration:none;border-radius:12px"'
    )


def text_of(page: Page) -> str:
    """The plain part."""
    parts = [*page.paragraphs]
    for item in page.items:
        parts.append(f"* {item.heading}\n{item.body}\n{item.button}: {item.link}")
    if page.link:
        parts.append(f"{page.button}: {page.link}")
    parts += [page.in_english] if page.in_english else []
    parts.append("ZorgvoorElkaar" + (f", {page.sender.place}" if page.sender.place else ""))
    said = SAID[page.lang]
    foot = [_call(page), said["always"] if page.always else ""]
    foot += [f"{said['wishes']}: {page.wishes}"] if page.wishes else []
    foot += [f"{said['unsubscribe']}: {page.unsubscribe}"] if page.unsubscribe else []
    kept = [line for line in foot if line]
    return "\n\n".join(parts) + ("\n\n-- \n" + "\n".join(kept) if kept else "") + "\n"


def _call(page: Page) -> str:
    sender = page.sender
    return (
        SAID[page.lang]["call"].format(phone=sender.phone_shown, hours=sender.hours) if sender.phone else ""
    )


def html_of(page: Page, title: str) -> str:
    """The same as one HTML document of at most 600 px wide."""
    direction = Locale.parse(page.lang).text_direction
    return (
        f'<!doctype html><html lang="{page.lang}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(title)}</title><style>{_style(page.sender.dress)}</style></head>"
        '<body class="zve-out" style="margin:0;padding:0;background:#f2f6f3">'
        '<table role="presentation" class="zve-out" width="100%" cellpadding="0" cellspacing="0"'
        ' style="background:#f2f6f3;border-collapse:collapse"><tr><td align="center" style="padding:16px 8px">'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0"'
        ' style="width:100%;max-width:600px;border-collapse:collapse">'
        f"{_head(page.sender)}{_main(page, title)}{_foot(page)}</table></td></tr></table></body></html>"
    )


def _head(sender: Sender) -> str:
    place = (
        f'<br><span style="font-weight:normal;font-size:16px">{escape(sender.place)}</span>'
        if sender.place
        else ""
    )
    light = sender.dress.light
    logo = _logo(sender.place) if sender.dress.picture else ""
    return (
        f'<tr><td class="zve-pad" style="padding:18px 32px;background:{light["green"]};border-radius:22px 22px 0 0">'
        f'<table role="presentation" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr>{logo}'
        f'<td style="{FONT};font-size:22px;line-height:1.25;font-weight:bold;color:{light["on-green"]}">'
        f"ZorgvoorElkaar{place}</td></tr></table></td></tr>"
    )


def _logo(place: str) -> str:
    """On white, for which logos are made."""
    return (
        f'<td width="1" style="padding:0 16px 0 0"><img src="cid:{LOGO}" alt="{escape(place)}" height="48"'
        ' style="display:block;max-height:48px;height:auto;width:auto;max-width:160px;background:#ffffff;'
        'border-radius:8px;padding:6px"></td>'
    )


def _main(page: Page, title: str) -> str:
    heading = f'<h1 style="margin:0 0 16px;{FONT};font-size:26px;line-height:1.2;color:#14211b">{escape(title)}</h1>'
    body = "".join(f"<p {P}>{escape(said)}</p>" for said in page.paragraphs)
    body += "".join(_item(item, page.sender.dress.light["green"]) for item in page.items)
    if page.link:
        body += (
            f'<p style="margin:24px 0 8px"><a class="zve-btn" href="{escape(page.link)}" {_button(page.sender.dress)}>'
            f"{escape(page.button)}</a></p>"
        )
    if page.in_english:
        body += f'<p lang="en" dir="ltr" {P}>{escape(page.in_english)}</p>'
    return f'<tr><td class="zve-in zve-pad" style="padding:28px 32px;background:#ffffff">{heading}{body}</td></tr>'


def _item(item: Item, link: str) -> str:
    return (
        '<div class="zve-item" style="margin:0 0 20px;padding:0 0 4px 16px;border-left:4px solid #c6d2cb">'
        f'<h2 style="margin:0 0 4px;{FONT};font-size:20px;line-height:1.3;color:#14211b">{escape(item.heading)}</h2>'
        f'<p style="margin:0 0 6px;{FONT};font-size:18px;line-height:1.5;color:#14211b">{escape(item.body)}</p>'
        f'<p style="margin:0 0 6px;{FONT};font-size:18px;line-height:1.5"><a class="zve-go" href="{escape(item.link)}"'
        f' style="color:{link}">{escape(item.button)}<span style="display:none;font-size:0;max-height:0;'
        f'overflow:hidden;mso-hide:all">: {escape(item.heading)}</span></a></p></div>'
    )


def _foot(page: Page) -> str:
    said, colour = SAID[page.lang], page.sender.dress.light["green"]
    lines = []
    if page.sender.phone:
        shown = escape(page.sender.phone_shown)
        call = escape(said["call"].format(phone="\0", hours=page.sender.hours))
        phone = f'<a href="tel:{escape(page.sender.phone)}" style="color:{colour}">{shown}</a>'
        lines.append(call.replace("\0", phone))
    place = said["place"].format(place=page.sender.place) if page.sender.place else ""
    if page.wishes:
        lines.append(escape(said["why"].format(place=place)))
    if page.always:
        lines.append(escape(said["always"]))
    links = [(page.wishes, said["wishes"]), (page.unsubscribe, said["unsubscribe"])]
    lines += [
        f'<a href="{escape(link)}" style="color:{colour}">{escape(words)}</a>'
        for link, words in links
        if link
    ]
    body = "".join(f"<p {SMALL}>{line}</p>" for line in lines)
    return (
        '<tr><td class="zve-foot zve-pad" style="padding:20px 32px;background:#f2f6f3;'
        f'border-radius:0 0 22px 22px">{body}</td></tr>'
    )
