"""Files that come in and go out: what a reader of PDF, or a spreadsheet, would do with them."""

import csv
import io
import struct
import time
import zlib

import pytest
from PIL import Image, ImageFile

from app.tables import Table, csv_bytes
from app.welfare import receipts
from app.welfare.errors import WrongFile

SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"


def a_pdf(body: bytes) -> bytes:
    return b"%PDF-1.7\n" + body + b"\n%%EOF\n"


def packed(
    body: bytes, begin: bytes = b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n"
) -> bytes:
    return begin + zlib.compress(body) + b"\nendstream endobj"


@pytest.mark.parametrize("body", [
    SCRIPT, b"<</S/Java#53cript/J#53(app.alert(1))>>", packed(b"2 0 " + SCRIPT),
    packed(b"2 0 <</S/#4aavaScript>>", b"1 0 obj<</Filter/FlateDecode/Type/Obj#53tm/N 1\n/First 4>>\r\nstream\r\n"),
    b"<</S/Launch/F(calc.exe)>>", b"<</S/SubmitForm/F(https://elders.voorbeeld)>>", b"<</Subtype/RichMedia>>",
    b"<</XFA 3 0 R>>", packed(b"x" * 5_000_000), b"<</Type/ObjStm>>stream\nniet ingepakt endstream",
])  # fmt: skip
def test_a_receipt_that_does_something_is_no_receipt(body: bytes) -> None:
    with pytest.raises(WrongFile):
        receipts.read(a_pdf(body))


@pytest.mark.parametrize(("each", "times"), [(b"", 2_000), (b"#4a" * 200_000, 40), (b"x" * 3_000_000, 3)])
def test_a_small_file_that_holds_very_much_is_given_up_soon(each: bytes, times: int) -> None:
    """Each of its streams is no more than a receipt may have; together they would keep us busy for minutes."""
    sent, began = a_pdf(packed(each) * times), time.process_time()
    with pytest.raises(WrongFile) as refusal:
        receipts.read(sent)

    assert refusal.value.details == {"bon": "file-large"}
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "body", [packed(b"2 0 <</Type/Page>>"), b"stream\n\x01/JS \x02/AA(\nendstream", b"<</XFAB 1>>"]
)
def test_a_receipt_that_only_shows_is_taken(body: bytes) -> None:
    assert receipts.read(a_pdf(body)).media_type == receipts.PDF


def a_png(width: int, height: int) -> bytes:
    """A few bytes that say they are this large."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    made = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks)  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@pytest.mark.parametrize(("sent", "why"), [
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file-type"),
    (b"<?xml version='1.0'?><svg><script>alert(1)</script></svg>", "file-type"),
    (b"PK\x03\x04" + b"x" * 99, "file-type"),
    (b"GIF89a<script>alert(1)</script>", "file-type"), (b"MZ" + b"\0" * 99, "file-type"), (b"", "file-missing"),
    (a_png(30_000, 30_000), "file-broken"), (a_png(8_000, 7_000), "file-large"), (a_png(10, 10), "file-broken"),
])  # fmt: skip
def test_what_is_no_photograph_is_refused_whatever_it_is_called(
    sent: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as it is once a document was made
    with pytest.raises(WrongFile) as refused:
        receipts.read(sent)
    assert refused.value.details == {receipts.FIELD: why}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_photograph_that_is_a_page_too_only_the_photograph_is_kept(kind: str) -> None:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, kind)
    kept = receipts.read(made.getvalue() + b"<html><script>alert(1)</script>PK\x03\x04/../../x con.png")
    assert kept.media_type == receipts.JPEG
    assert Image.open(io.BytesIO(kept.content)).size == (40, 30)
    assert all(part not in kept.content for part in (b"script", b"html", b"PK\x03\x04", b"con.png"))


@pytest.mark.parametrize("text", [
    "Dank,=HYPERLINK(\"https://elders.voorbeeld\")", "Dank;@SUM(A1)", "Dank\t+1+1", "Dank, -1+1", "Dank,\"=1",
    "Dank\n=1+1", "Dank\r-cmd|' /C calc'!A0",
])  # fmt: skip
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_words_stay_words_in_a_spreadsheet_that_cuts_at_another_sign(text: str, separator: str) -> None:
    content = csv_bytes(Table("t", ("a", "b"), [("Ria", text)])).decode("utf-8-sig")

    cells = [
        cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) for cell in row
    ]
    cells += [cell for line in content.splitlines() for cell in line.split(separator)]
    assert [cell for cell in cells if cell.lstrip(" \"'")[:1] and cell.strip()[:1] in "=+-@"] == []


@pytest.mark.parametrize("text", ["Het kostte € 5,- en was mooi", "ja, nee; misschien", "a-b, c - d"])
def test_words_that_look_like_none_are_left_as_they_are(text: str) -> None:
    content = csv_bytes(Table("t", ("a",), [(text,)])).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1] == [text]


def test_a_torn_photograph_is_refused_also_after_a_document_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as importing weasyprint does
    with pytest.raises(WrongFile):
        receipts.read(a_png(10, 10))
