"""A municipality looks like itself in its mails, on its paper and beside a shared address."""

import io
from email.message import EmailMessage

import pytest
from fastapi import FastAPI
from PIL import Image

from app.access.roles import Role
from app.config import Settings
from app.db import Database as Program
from app.looks import dress, palette, service
from app.looks.dress import DARK, LIGHT, OURS_ALONE, Dress
from app.looks.schemas import LookChange
from app.notifications import mail, sending
from app.notifications.layout import Sender
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, act
from tests.clients import TestClient
from tests.databases import Database
from web import documents, rendering, share_picture

BLUE, PURPLE = "#154273", "#8b2f9e"


def a_logo() -> bytes:
    picture = io.BytesIO()
    Image.new("RGBA", (60, 30), BLUE).save(picture, "PNG")
    return picture.getvalue()


@pytest.fixture
def dressed(program: Program, fresh_database: Database) -> str:
    """Geldrop-Mierlo shows its own colours and logo; the key of its sheet."""
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
    with program.transaction() as session:
        admin = act(session, karin)
        wanted = LookChange.model_validate({"hoofdkleur": PURPLE, "steunkleur": BLUE})
        service.change(session, admin, GELDROP_MIERLO, wanted)
        row = service.change_logo(session, admin, GELDROP_MIERLO, a_logo())
        return service.publish(session, admin, GELDROP_MIERLO, row.version).key


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_mail_wears_the_colours_and_the_logo_of_who_sends_it_and_fetches_nothing(
    program: Program, dressed: str
) -> None:
    with program.transaction() as session:
        ours, theirs = (sending.sender_of(session, place) for place in (HELMOND, GELDROP_MIERLO))
    plain, worn = (
        mail.letter(Settings(), "ria@voorbeeld.nl", "Dag", ["Dag."], "https://x", "Kijk", "k", sender=sender)
        for sender in (ours, theirs)
    )

    assert (BLUE in html_of(worn), PURPLE in html_of(worn)) == (True, True)
    assert "cid:logo@zorgvoorelkaar" in html_of(worn)
    assert [part.get_content_type() for part in worn.walk()][-1] == "image/png"
    assert "http://" not in html_of(worn).replace("https://x", "")
    assert 'src="http' not in html_of(worn)
    assert (BLUE in html_of(plain), "<img" in html_of(plain)) == (False, False)
    assert "image/png" not in [part.get_content_type() for part in plain.walk()]


def test_whatever_colours_are_chosen_words_on_them_can_be_read() -> None:
    for main, accent in (("#ffe600", "#00a1de"), ("#000000", "#ffffff"), (PURPLE, BLUE)):
        worn = [LIGHT | palette.tokens(palette.colour(main), palette.colour(accent), "light"),
                DARK | palette.tokens(palette.colour(main), palette.colour(accent), "dark")]  # fmt: skip
        assert palette.contrast(worn[0]["green"], worn[0]["on-green"]) >= 4.5
        for theme in worn:
            assert palette.contrast(theme["rose"], theme["on-rose"]) >= 4.5
        assert palette.contrast(worn[0]["green"], "#ffffff") >= 4.5
        assert palette.contrast(worn[1]["green"], "#19241f") >= 4.5


def test_a_logo_that_mail_programs_do_not_show_stays_on_paper() -> None:
    drawn = Dress(logo=b"<svg/>", logo_type="image/svg+xml")

    message = mail.letter(
        Settings(),
        "ria@voorbeeld.nl",
        "Dag",
        ["Dag."],
        "https://x",
        "Kijk",
        "k",
        sender=Sender("Helmond", dress=drawn),
    )
    assert "<img" not in html_of(message)
    template = "{% from 'documents/_brand.html' import brand with context %}{{ brand('Helmond', dress) }}"
    assert drawn.inside in rendering.environment("nl").from_string(template).render(dress=drawn)


def test_a_document_shows_the_very_picture_that_was_named_and_no_other() -> None:
    inside = Dress(logo=a_logo(), logo_type="image/png").inside
    page = f'<html lang="nl"><head><title>x</title></head><body><img src="{inside}" alt="logo"></body></html>'
    try:
        assert documents.pdf_of(page, [inside]).startswith(b"%PDF")
    except documents.NoPrinter:
        pytest.skip("Pango is not on this computer")
    with pytest.raises(PermissionError):
        documents.pdf_of(page)


def test_the_picture_beside_a_shared_address_has_the_colours_and_the_name(
    program: Program, site: FastAPI, dressed: str
) -> None:
    visitor = TestClient(site, base_url="https://testserver")
    head = visitor.get(f"/?van={GELDROP_MIERLO}").text
    address = head.partition('property="og:image" content="')[2].partition('"')[0]
    path = address.partition("/delen/")[2]
    answer = visitor.get(f"/delen/{path}")

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (1200, 630)
        seen = {colour for _, colour in picture.convert("RGB").getcolors(1_000_000) or []}
    assert tuple(bytes.fromhex(BLUE[1:])) in seen
    assert tuple(bytes.fromhex("12513e")) not in seen
    assert len(answer.content) < 60_000
    older = visitor.get(f"/delen/{GELDROP_MIERLO}/older.png")
    assert (older.content, older.headers["cache-control"]) == (answer.content, "no-store")
    assert visitor.get("/delen/9999/x.png").status_code == 404
    assert share_picture.of(OURS_ALONE, "Helmond") != answer.content


def test_where_nothing_was_chosen_all_is_ours(program: Program) -> None:
    with program.transaction() as session:
        assert dress.of(session, HELMOND) == OURS_ALONE
