"""De maand at the desk: read it, close it for good, and take it along as files that all say the same."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from app.access.roles import Role
from app.db import Database
from tests.app.conftest import rows_of
from tests.app.treasury.books import FIRST, SECOND, THIRD, Booked, as_owner, travel, two_months
from tests.databases import Database as Migrated
from tests.promised import missing
from tests.queries import count_queries
from tests.rewards.factories import A, a_member, a_payment
from tests.rewards.test_checks import unguard
from tests.web.desks.helpers import Desk, a_desk
from tools.find_system import has_pdf_libraries
from web import dutch

HERE = "/bureau/maand"
JANUARY, FEBRUARY, MARCH = (f"{HERE}/{month:%Y-%m}" for month in (FIRST, SECOND, THIRD))
NAME = dutch.month(FIRST)
FIGURES = """
SELECT a.unit::text, a.kind::text, coalesce(sum(e.delta) FILTER (WHERE b.booked_at < :begin), 0)::bigint AS opening,
       coalesce(sum(e.delta) FILTER (WHERE b.booked_at >= :begin AND e.delta > 0), 0)::bigint AS credits,
       coalesce(-sum(e.delta) FILTER (WHERE b.booked_at >= :begin AND e.delta < 0), 0)::bigint AS debits,
       sum(e.delta)::bigint AS closing
FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id
JOIN ledger.transfer t ON t.id = e.transfer_id JOIN ledger.batch b ON b.id = t.batch_id
WHERE a.municipality_id = 1771 AND b.booked_at < :end GROUP BY 1, 2 ORDER BY 1, 2"""
BOOKS = {"ROOSJE_MIN": "Roosjes", "VOUCHER": "Dienstencheques", "EURCENT": "Geld van de cheques",
         "WELFARE_CENT": "Welzijnsbudgetten"}  # fmt: skip
KINDS = {"member": "inwoners", "pot": "pot", "issuer": "uitgifte", "desk": "balie", "provider": "aanbieders",
         "clearing": "tussen gemeenten", "suspense": "onderweg, op papier"}  # fmt: skip


@pytest.fixture
def booked(fresh_database: Migrated) -> Booked:
    return two_months(fresh_database)


@pytest.fixture
def treasurer(fresh_database: Migrated, program: Database, site: FastAPI, booked: Booked) -> Desk:
    return a_desk(fresh_database, program, site, Role.TREASURER, first_name="Hans")


def of_sql(database: Migrated) -> set[tuple[str, str, int, int, int, int]]:
    """January per book and kind, straight from the entries."""
    rows = rows_of(database, FIGURES, begin=FIRST, end=SECOND)
    named = {("WELFARE_CENT", "suspense"): "uitgegeven"}
    return {(BOOKS[row[0]], named.get((row[0], row[1]), KINDS[row[1]]), *row[2:]) for row in rows}


def whole(unit: str, typed: Any) -> int:
    """Minutes, cheques or cents again, from what a file says."""
    if isinstance(typed, str):
        typed = (
            Decimal(typed.replace(".", "").replace(",", "."))
            if unit == "euro"
            else int(typed.replace(".", ""))
        )
    return round(Decimal(str(typed)) * 100) if unit == "euro" else int(typed)


def balances(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {
        (
            row["boek"],
            row["naam"],
            *(whole(row["eenheid"], row[name]) for name in ("begin", "erbij", "eraf", "eind")),
        )
        for row in rows
        if row["onderdeel"] == "saldo"
    }


def rows_of_csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_month_says_that_it_adds_up_and_why(treasurer: Desk) -> None:
    page = treasurer.get(HERE).text

    assert f"{NAME.capitalize()} klopt en kan dicht" in page
    assert "klopt niet" not in page
    for sentence in (
        "Verkocht is ingeleverd, nog in omloop, verlopen en terugbetaald samen (5)",
        "Geld bij de balies is 15 euro voor elke verkochte cheque (€\u00a060)",
        "Toegekend is besteed, teruggegeven en nog over samen (€\u00a0123,45)",
        "Wat open staat is bij beide gemeenten gelijk: Helmond (0 min)",
    ):
        assert sentence in page


def test_a_month_is_closed_in_two_steps_and_then_is_history(
    treasurer: Desk, fresh_database: Migrated
) -> None:
    page = treasurer.get(f"{JANUARY}/afsluiten").text
    assert "Het gaat niet meer terug." in page

    answer = treasurer.post(f"{JANUARY}/afsluiten")

    assert answer.headers["location"] == f"{JANUARY}?afgesloten=1"
    assert f"{NAME.capitalize()} is afgesloten en klopt" in treasurer.get(JANUARY).text
    assert "Door Hans." in treasurer.page
    assert "/afsluiten" not in treasurer.page
    closed = rows_of(fresh_database, "SELECT count(*), count(DISTINCT closed_by) FROM ledger.period")
    assert tuple(closed[0]) == (4, 1)


def test_sending_it_twice_closes_it_once(treasurer: Desk, fresh_database: Migrated) -> None:
    treasurer.get(f"{JANUARY}/afsluiten")
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: treasurer.post(f"{JANUARY}/afsluiten").status_code, range(4)))

    assert answers == [303] * 4
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.period")[0][0] == 4


def test_months_are_closed_in_order_and_only_when_they_are_over(treasurer: Desk) -> None:
    assert "Ja, sluit" not in treasurer.get(f"{FEBRUARY}/afsluiten").text
    treasurer.get(f"{JANUARY}/afsluiten")
    early = treasurer.post(f"{FEBRUARY}/afsluiten")
    assert early.status_code == 409
    assert "Er is nog een eerdere maand open." in early.text
    for month in (JANUARY, FEBRUARY):
        treasurer.get(f"{month}/afsluiten")
        assert treasurer.post(f"{month}/afsluiten").status_code == 303
    late = treasurer.post(f"{MARCH}/afsluiten")
    assert late.status_code == 409
    assert "nog niet voorbij" in late.text


def test_a_correction_of_a_closed_month_is_listed_in_the_open_one(treasurer: Desk, booked: Booked) -> None:
    treasurer.get(f"{JANUARY}/afsluiten")
    treasurer.post(f"{JANUARY}/afsluiten")

    page = treasurer.get(FEBRUARY).text

    assert f"verbetert boeking {booked.wrong.transfer} van {NAME}" in page
    assert "verbetert" not in treasurer.get(JANUARY).text


def test_the_four_files_say_what_the_entries_say(treasurer: Desk, fresh_database: Migrated) -> None:
    expected = of_sql(fresh_database)
    assert len(expected) >= 10

    assert balances(rows_of_csv(treasurer.get(f"{JANUARY}/maand.csv").content)) == expected
    assert balances(rows_of_xlsx(treasurer.get(f"{JANUARY}/maand.xlsx").content)) == expected
    assert balances_of_json(treasurer.get(f"{JANUARY}/maand.json").json()) == expected
    if not has_pdf_libraries():
        missing("no Pango, so that no PDF can be made")
    printed, tagged = text_of(treasurer.get(f"{JANUARY}/maand.pdf").content)
    assert tagged
    for row in rows_of_csv(treasurer.get(f"{JANUARY}/maand.csv").content):
        figures = [
            paper(row["eenheid"], row[name]) for name in ("aantal", "begin", "erbij", "eraf", "eind", "hoort")
        ]
        line = " ".join(
            part for part in (row["naam"] if row["onderdeel"] == "saldo" else "", *figures) if part
        )
        assert line in printed, line


def rows_of_xlsx(content: bytes) -> list[dict[str, Any]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def balances_of_json(month: dict[str, Any]) -> set[tuple[Any, ...]]:
    return {
        (book["boek"], row["naam"], row["begin"], row["erbij"], row["eraf"], row["eind"])
        for book in month["boeken"]
        for row in book["regels"]
        if row["onderdeel"] == "saldo"
    }


def text_of(content: bytes) -> tuple[str, bool]:
    """Every word of a PDF with single spaces, and whether it is tagged."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(words.split()), bool(pypdfium2.raw.FPDFCatalog_IsTagged(document.raw))


def paper(unit: str, typed: str) -> str:
    """As it stands on paper: with points between the thousands."""
    if not typed:
        return ""
    whole_part, comma, rest = typed.partition(",")
    return f"{int(whole_part):,}".replace(",", ".") + comma + rest


def test_the_workbook_has_every_booking_as_what_it_is_and_no_name(treasurer: Desk, booked: Booked) -> None:
    book = load_workbook(io.BytesIO(treasurer.get(f"{FEBRUARY}/maand.xlsx").content))

    assert book.sheetnames == [f"Geldrop-Mierlo {SECOND:%Y-%m}", "Facturen", "Verbeteringen", "Boekingen"]
    head, *rows = book["Boekingen"].iter_rows(values_only=True)
    (line,) = (dict(zip(map(str, head), row, strict=True)) for row in rows)
    assert (line["bedrag"], line["verbetert boeking"], line["van maand"]) == (
        60,
        booked.wrong.transfer,
        f"{FIRST:%Y-%m}",
    )
    assert {line["van pseudoniem"], line["naar pseudoniem"]} == {str(one.owner) for one in booked.members[:2]}


def test_all_bookings_of_a_large_month_stream_and_add_up(treasurer: Desk, fresh_database: Migrated) -> None:
    with as_owner(fresh_database) as owner:
        one, other = a_member(owner, A), a_member(owner, A, floor=-(10**6))
        for _ in range(1_050):
            a_payment(owner, other, one, 1)

    answer = treasurer.get(f"{MARCH}/boekingen.csv")

    rows = rows_of_csv(answer.content)
    assert "content-length" not in answer.headers
    assert len(rows) == 1_050
    assert sum(int(row["bedrag"]) for row in rows) == 1_050


def test_what_does_not_reconcile_is_named_with_its_row_and_stays_open(
    treasurer: Desk, fresh_database: Migrated, booked: Booked
) -> None:
    account = booked.members[0].id
    treasurer.get(f"{JANUARY}/afsluiten")
    with as_owner(fresh_database) as owner:
        unguard(owner)
        owner.exec_driver_sql(
            f"UPDATE ledger.entry SET delta = delta - 7 WHERE (account_id, seq) = ({account}, 2)"
        )

    refused = treasurer.post(f"{JANUARY}/afsluiten")
    assert refused.status_code == 409
    assert "De maand klopt niet." in refused.text
    page = treasurer.get(JANUARY).text
    assert f"{NAME.capitalize()} klopt niet" in page
    assert f"rekening {account}, regel 2, boeking {booked.wrong.transfer}" in page
    assert "Het bedrag of het saldo klopt niet" in page
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.period")[0][0] == 0


@pytest.mark.parametrize("path", [f"{HERE}/1999-01", f"{HERE}/2031-13", f"{HERE}/2031-1", f"{HERE}/2020-12",
                                  f"{HERE}/2199-04", f"{JANUARY}/maand.exe", f"{HERE}/x"])  # fmt: skip
def test_a_month_without_books_does_not_exist(treasurer: Desk, path: str) -> None:
    assert treasurer.get(path).status_code == 404


ROLES = {Role.TREASURER: (200, 200), Role.BROKER: (200, 404), Role.PRIVACY_OFFICER: (404, 404),
         Role.MUNICIPALITY_ADMINISTRATOR: (404, 404)}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_and_who_closes(
    fresh_database: Migrated, program: Database, site: FastAPI, booked: Booked, role: Role
) -> None:
    desk = a_desk(fresh_database, program, site, role)
    read, closes = ROLES[role]
    assert desk.get(JANUARY).status_code == read
    assert desk.get(f"{JANUARY}/maand.csv").status_code == read
    assert desk.get(f"{JANUARY}/boekingen.csv").status_code == read
    assert desk.get(f"{JANUARY}/afsluiten").status_code == closes


def test_another_treasurer_sees_their_own_books_only(
    fresh_database: Migrated, program: Database, site: FastAPI, booked: Booked
) -> None:
    desk = a_desk(fresh_database, program, site, Role.TREASURER, 794)
    assert "Helmond" in desk.get(JANUARY).text
    assert {row["gemeente"] for row in rows_of_csv(desk.get(f"{JANUARY}/maand.csv").content)} == {"Helmond"}
    assert desk.get(f"{JANUARY}?gemeente=1771").text.count("Geldrop-Mierlo klopt") == 0


def test_the_page_asks_as_much_of_few_months_as_of_many(
    treasurer: Desk, program: Database, fresh_database: Migrated, site: FastAPI
) -> None:
    with count_queries(program.engine) as few:
        treasurer.get(FEBRUARY)
    travel(fresh_database, date(THIRD.year + 1, 5, 5))
    later = a_desk(fresh_database, program, site, Role.TREASURER)
    with count_queries(program.engine) as many:
        assert later.get(FEBRUARY).text.count("/bureau/maand/2") > 15
    assert many.count == few.count
