"""Letters with notices: who chooses finds the slip on the same sheet, and every letter counts its own pages."""

import re
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from markupsafe import Markup

from app.looks.dress import OURS_ALONE
from app.notifications.texts import NoticeText
from web import documents, rendering

PLACE = SimpleNamespace(
    name="Geldrop-Mierlo", broker_name="Marja", broker_title="sociaal makelaar",
    opening_hours="maandag tot en met vrijdag, 9.00 tot 17.00 uur", post_address="Antwoordnummer 12, 5660 AA Geldrop",
)  # fmt: skip
CHOICE = (
    SimpleNamespace(title="Samen naar de markt", number="K7-318"),
    SimpleNamespace(
        who="Marja, uw sociaal makelaar",
        what="U kiest één van de mensen hieronder",
        when="vóór vrijdag 27 november. Anders belt Marja u.",
    ),
    [
        SimpleNamespace(
            name=name, about=f"uit Geldrop, {far} km", reasons=["Vrij op dinsdagochtend"], minds=[]
        )
        for name, far in (("Tonnie", "1,2"), ("Youssef", "3,8"), ("Annelies", "3,9"))
    ],
)
NEWS = NoticeText("Wij zoeken iemand", "Wij lezen uw vraag en zoeken nu iemand die past.", "/mijn", "seen")


def a_letter(reference: str, texts: Sequence[NoticeText], choosing: Sequence[Any] = (), **place: str) -> str:
    municipality = SimpleNamespace(**{**vars(PLACE), **place})
    letter = SimpleNamespace(
        name="Ria de Vries", street="Langstraat 12", postcode="5664 HJ", place="Geldrop", first_name="Ria",
        reference=reference, municipality=municipality,
    )  # fmt: skip
    return (
        rendering.environment("nl")
        .get_template("notices/_letter.html")
        .render(
            letter=letter, texts=texts, choosing=choosing, day=date(2026, 11, 24), call="040 123 45 67",
            address="zorgvoorelkaar.example", dress=OURS_ALONE,
        )
    )  # fmt: skip


@pytest.mark.usefixtures("printer")
def test_who_chooses_has_it_all_on_one_sheet_and_each_letter_counts_its_own_pages() -> None:
    import pypdfium2

    letters = [a_letter("B-1", [NEWS] * 9), a_letter("B-2", [], [CHOICE]), a_letter("B-3", [NEWS])]
    safe = [Markup(each) for each in letters]  # noqa: S704 - our own template
    made = documents.pdf("notices/letters_pdf.html", letters=safe)
    with pypdfium2.PdfDocument(made) as paper:
        pages = [paper[at].get_textpage().get_text_range() for at in range(len(paper))]

    assert len(pages) == 4
    assert "B-1, 2" in pages[1]
    assert "Ik kies:" in pages[2]
    assert "Bel mij even" in pages[2]
    assert not [page for page in (pages[0], *pages[2:]) if re.search(r"B-\d, \d", page)]


def test_a_letter_says_where_and_when_it_was_written_and_by_whom() -> None:
    named, nobody = a_letter("B-7K3M", [NEWS]), a_letter("B-7K3M", [NEWS], broker_name="")
    assert "Geldrop-Mierlo, 24 november 2026" in named
    assert "<b>Marja</b>, sociaal makelaar" in named
    assert "<b>Uw sociaal makelaar</b>" in nobody
    assert "1 bericht voor u" in named


def test_who_has_only_a_choice_reads_it_as_the_heading() -> None:
    alone, beside = a_letter("B-1", [], [CHOICE]), a_letter("B-1", [NEWS], [CHOICE])
    assert "Wie kiest u voor “Samen naar de markt”?</h1>" in alone
    assert "2 berichten voor u</h1>" in beside
    assert "Wie kiest u voor “Samen naar de markt”?</h2>" in beside
