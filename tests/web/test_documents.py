"""Documents on paper: PDF/UA with our own letters, and QR codes that a telephone reads."""

import builtins
import re
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from app.looks.dress import LIGHT, Dress
from tests.databases import ROOT
from web import documents, rendering

prints = pytest.mark.usefixtures("printer")
TEMPLATES = ROOT / "web" / "templates"
PAPER: dict[str, Any] = {
    "lang": "nl", "name": "Ria", "year": 2026, "place": "Geldrop-Mierlo", "rows": [], "opening": 0, "closing": 0,
    "made_at": datetime(2026, 3, 3, 12, tzinfo=UTC),
}  # fmt: skip
PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Proef</title>
<link rel="stylesheet" href="static:paper.css"></head><body><h1>Hallo</h1><p>{}</p></body></html>"""


def unpacked(made: bytes) -> bytes:
    """What stands in a PDF, with its packed streams behind it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    return made + b"".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"x")


@prints
def test_a_document_is_tagged_and_has_a_title_a_language_and_our_own_letters() -> None:
    import pypdfium2
    import pypdfium2.raw as raw

    made = documents.pdf_of(PAGE.format("Één <b>Roosje</b>"))
    with pypdfium2.PdfDocument(made) as paper:
        assert raw.FPDFCatalog_IsTagged(paper.raw)
        assert paper.get_metadata_dict()["Title"] == "Proef"
        assert "Één Roosje" in paper[0].get_textpage().get_text_range()
    inside = unpacked(made)
    assert b"/Lang (nl)" in inside
    assert b"pdfuaid" in inside
    assert b"Schibsted-Grotesk" in inside


@prints
@pytest.mark.parametrize(
    "asked",
    [
        "http://127.0.0.1:9/x.png",
        "file:///etc/hostname",
        "static:../documents.py",
        "static:zve.js",
        "data:image/png;base64,AAAA",
    ],
)
def test_a_document_gets_at_no_file_but_our_own(asked: str) -> None:
    with pytest.raises(PermissionError):
        documents.pdf_of(PAGE.format(f'<img src="{asked}" alt="">'))


def test_every_paper_carries_the_mark_and_the_colours_of_a_municipality() -> None:
    papers = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.html")
        if 'extends "documents/base.html"' in path.read_text(encoding="utf-8")
    }
    marks = ("brand(", "papers_of.", "letters.head(")
    without = {name for name, text in papers.items() if not any(mark in text for mark in marks)}
    assert without == {"notices/letters_pdf.html"}  # whose letters each bring their own
    assert "letters.head(" in (TEMPLATES / "notices" / "_letter.html").read_text(encoding="utf-8")
    look = Dress(light={**LIGHT, "green": "#5a3d8a"})
    made = rendering.environment("nl").get_template("roosjes/paper.html").render(PAPER | {"dress": look})
    assert "--green:#5a3d8a" in made
    assert "Geldrop-Mierlo" in made


def test_without_pango_a_sentence_in_dutch_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return found(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(documents.NoPrinter, match="Een PDF maken lukt hier nu niet") as refused:
        documents.pdf_of(PAGE.format(""))
    assert refused.value.status == 503


@prints
def test_a_qr_code_on_the_page_is_read_back() -> None:
    import pypdfium2
    import zxingcpp

    text = "https://zorgvoorelkaar.example/p#7K2-M4X"
    made = documents.pdf_of(PAGE.format(documents.qr(text, "QR-code")))
    with pypdfium2.PdfDocument(made) as paper:
        [seen] = zxingcpp.read_barcodes(paper[0].render(scale=2).to_pil())
    assert seen.text == text


def test_a_qr_code_says_what_it_is_to_who_does_not_see_it() -> None:
    assert 'aria-label="Een &lt;code&gt;"' in documents.qr("A", "Een <code>")
    assert 'aria-hidden="true"' in documents.qr("A")
