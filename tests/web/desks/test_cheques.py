"""Cheques: sold for cash, printed once, handed in once, brought back where they were bought, paid out."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.db import Database
from rewards.serials import new_serial
from tests.app.conftest import rows_of
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.desks.cheques import Market, again, text_of
from tests.web.desks.helpers import Desk

Travel = Callable[[timedelta], None]
prints = pytest.mark.usefixtures("printer")


def cash(database: Migrated) -> int:
    """What is in all tills, in cents."""
    query = "SELECT coalesce(sum(posted), 0) FROM ledger.account WHERE kind = 'desk'"
    return int(rows_of(database, query)[0][0])


def test_a_sale_is_cash_and_cheques_in_one_booking_and_its_codes_are_shown_once(
    market: Market, fresh_database: Migrated
) -> None:
    codes = market.sell(4, key="k1")

    assert len(set(codes)) == 4
    assert cash(fresh_database) == 6000
    legs = rows_of(fresh_database, "SELECT unit::text, amount FROM ledger.transfer ORDER BY id")
    assert [tuple(leg) for leg in legs] == [("EURCENT", 6000), ("VOUCHER", 4)]
    assert len(rows_of(fresh_database, "SELECT DISTINCT batch_id FROM ledger.transfer")) == 1
    assert market.sell(4, key="k1") == []
    assert "De codes zijn toen getoond en zijn niet bewaard" in text_of(market.seller.page)
    assert cash(fresh_database) == 6000


def test_no_code_is_stored_anywhere(market: Market, fresh_database: Migrated) -> None:
    (code,) = market.sell()
    market.hand_in(code)

    tables = rows_of(
        fresh_database,
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'ledger')",
    )
    plain = code.replace("-", "")
    for (table,) in tables:
        query = f"SELECT count(*) FROM {table} x WHERE x::text ILIKE '%{code}%' OR x::text ILIKE '%{plain}%'"
        assert rows_of(fresh_database, query)[0][0] == 0, table


@prints
def test_the_pdf_holds_every_cheque_and_its_qr_code_opens_its_page(market: Market, site: FastAPI) -> None:
    import pypdfium2
    import pypdfium2.raw as raw
    import zxingcpp

    codes = market.sell(5)
    answer = market.seller.client.post(
        f"/bureau/cheques/{market.desk_id}/pdf",
        data={"csrf": re.search(r'name="csrf" value="([^"]+)"', market.seller.page)[1], "code": codes},  # type: ignore[index]
    )

    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as paper:
        assert raw.FPDFCatalog_IsTagged(paper.raw)
        assert len(paper) == 1
        printed = " ".join(page.get_textpage().get_text_range() for page in paper)
        seen = {
            found.text for page in paper for found in zxingcpp.read_barcodes(page.render(scale=2).to_pil())
        }
    base = site.state.settings.address
    assert seen == {f"{base}/cheque/{code.replace('-', '')}" for code in codes}
    assert all(group in printed for code in codes for group in code.split("-"))


@prints
def test_a_pdf_is_only_made_of_cheques_of_this_desk_that_are_still_out(market: Market) -> None:
    (code,) = market.sell()
    for typed in (new_serial().text, "onzin"):
        market.seller.get("/bureau/cheques")
        answer = market.seller.post(f"/bureau/cheques/{market.desk_id}/pdf", code=typed)
        assert answer.status_code in (400, 409)
    market.other_seller.get("/bureau/cheques")
    answer = market.other_seller.post(f"/bureau/cheques/{market.other_desk_id}/pdf", code=code)
    assert answer.status_code == 409


@prints
def test_the_receipt_is_printed_without_codes(market: Market) -> None:
    import pypdfium2

    codes = market.sell(2)
    (bon,) = re.findall(r'href="(/bureau/cheques/bonnen/\d+)"', market.seller.page)
    page = market.seller.get(bon)
    paper = market.seller.get(f"{bon}/bon.pdf")

    assert "€ 30" in text_of(page.text).replace("\xa0", " ")
    with pypdfium2.PdfDocument(paper.content) as pdf:
        printed = pdf[0].get_textpage().get_text_range()
    assert "2 dienstencheques" in printed
    assert not any(code in page.text or code in printed for code in codes)
    assert market.other_seller.get(bon).status_code == 404


def test_money_comes_back_only_where_it_was_paid_and_only_before_the_cheque_was_used(
    market: Market, fresh_database: Migrated
) -> None:
    first, used = market.sell(2)
    market.hand_in(used)
    other = market.other_seller
    other.get("/bureau/cheques")

    refused = other.post(f"/bureau/cheques/{market.other_desk_id}/terug", code=first, sleutel="a")
    assert refused.status_code == 409
    assert "Deze cheque kan hier niet terug." in refused.text
    not_theirs = other.post(f"/bureau/cheques/{market.desk_id}/terug", code=first, sleutel="a")
    assert not_theirs.status_code == 404
    market.seller.get("/bureau/cheques")
    path = f"/bureau/cheques/{market.desk_id}/terug"
    assert market.seller.post(path, code=used, sleutel="c").status_code == 409
    market.seller.get("/bureau/cheques")
    assert [market.seller.post(path, code=first, sleutel="d").status_code for _ in range(2)] == [303, 303]
    assert cash(fresh_database) == 1500


def test_a_print_that_failed_is_undone_as_a_whole_and_a_used_one_is_not(
    market: Market, fresh_database: Migrated
) -> None:
    market.sell(3)
    (bon,) = re.findall(r'action="(/bureau/cheques/bonnen/\d+/ongedaan)"', market.seller.page)
    assert market.seller.post(bon, sleutel="u").headers["location"].endswith("ongedaan=ja")
    assert cash(fresh_database) == 0

    codes = market.sell(2)
    (bon,) = re.findall(r'action="(/bureau/cheques/bonnen/\d+/ongedaan)"', market.seller.page)
    market.hand_in(codes[0])
    assert market.seller.post(bon, sleutel="v").status_code == 409
    assert "al ingeleverd of terug" in text_of(market.seller.page)


def test_a_lost_cheque_is_made_worthless_by_its_number(market: Market, fresh_database: Migrated) -> None:
    (code,) = market.sell()
    number = rows_of(fresh_database, "SELECT id FROM ledger.serial")[0][0]
    market.other_seller.get("/bureau/cheques")
    elsewhere = market.other_seller.post(
        f"/bureau/cheques/{market.other_desk_id}/kwijt", nummer=str(number), sleutel="x"
    )
    assert elsewhere.status_code == 409

    market.seller.get("/bureau/cheques")
    market.seller.post(f"/bureau/cheques/{market.desk_id}/kwijt", nummer=str(number), sleutel="y")
    assert cash(fresh_database) == 0
    assert market.hand_in(code) == 409
    market.seller.get("/bureau/cheques")
    again = market.seller.post(f"/bureau/cheques/{market.desk_id}/kwijt", nummer=str(number), sleutel="z")
    assert again.status_code == 409


def test_no_odd_number_of_cheques_is_sold(market: Market, fresh_database: Migrated) -> None:
    for number in ("", "0", "-1", "41", "1.5", "NaN", "true", "1" * 400):
        market.seller.get("/bureau/cheques")
        answer = market.seller.post(f"/bureau/cheques/{market.desk_id}/verkopen", aantal=number, sleutel="k")

        assert answer.status_code == 422, number
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.serial")[0][0] == 0


def test_a_provider_is_paid_once_for_the_months_that_are_over(
    market: Market, fresh_database: Migrated, program: Database, site: FastAPI, travel: Travel
) -> None:
    for code in market.sell(3):
        market.hand_in(code)
    travel(timedelta(days=32))
    for name, browser in vars(market).items():
        if isinstance(browser, Desk):
            setattr(market, name, again(browser, site, program))
    (late,) = market.sell()
    market.hand_in(late)

    page = market.treasurer.get("/bureau/cheques/uitbetalen")
    assert "4 cheques staan open, waarvan 3 van vóór deze maand" in text_of(page.text)
    (path,) = re.findall(r'action="(/bureau/cheques/uitbetalen/[^"]+)"', page.text)
    assert 'value="3"' in page.text
    key = re.search(r'name="sleutel" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    assert [market.treasurer.post(path, aantal="3", sleutel=key).status_code for _ in range(2)] == [303] * 2
    assert market.treasurer.post(path, aantal="2", sleutel="other").status_code == 409
    assert "Zoveel cheques staan er niet meer open" in text_of(market.treasurer.page)

    book = market.provider.get("/cheques")
    assert "1 cheque is nog op geen factuur: € 15." in text_of(book.text).replace("\xa0", " ")
    (statement,) = re.findall(r'href="(/cheques/uitbetalingen/\d+)"', book.text)
    assert "Uitbetaling van € 45" in text_of(market.provider.get(statement).text).replace("\xa0", " ")
    assert market.resident.get(statement).status_code == 404
    market.seller.get("/bureau/cheques")
    back = market.seller.post(f"/bureau/cheques/{market.desk_id}/terug", code=late, sleutel="late")
    assert back.status_code == 409


def test_a_line_leads_to_cheques_for_who_works_for_a_provider_and_to_paper_for_everybody(
    market: Market,
) -> None:
    line = 'href="/cheques"'
    assert line in market.provider.get("/mijn").text
    assert all(line not in one.get("/mijn").text for one in (market.resident, market.seller))
    assert 'href="/mijn/roosjes/papier"' in market.resident.get("/mijn/roosjes").text


def test_for_an_outsider_there_are_no_cheques(market: Market, desk: Desk) -> None:
    for path in ("/cheques", "/bureau/cheques"):
        assert market.resident.get(path).status_code == 404
    market.resident.get("/mijn/roosjes")
    for path, typed in {
        "/cheques": {"code": new_serial().text, "sleutel": "k"},
        f"/bureau/cheques/{market.desk_id}/verkopen": {"aantal": "1", "sleutel": "k"},
        f"/bureau/cheques/{market.desk_id}/terug": {"code": "x", "sleutel": "k"},
    }.items():
        assert market.resident.post(path, **typed).status_code == 404
    market.other_seller.get("/bureau/cheques")
    sold = market.other_seller.post(f"/bureau/cheques/{market.desk_id}/verkopen", aantal="1", sleutel="k")
    assert sold.status_code == 404
    assert market.seller.get("/bureau/cheques/verkooppunten").status_code == 404
    assert market.seller.get("/bureau/cheques/uitbetalen").status_code == 404
    assert desk.get("/bureau/cheques/uitbetalen").status_code == 404


def test_desks_sellers_and_providers_are_arranged_by_who_may(market: Market, site: FastAPI) -> None:
    arranging = market.treasurer
    page = arranging.get("/bureau/cheques/verkooppunten")
    assert "Bibliotheek Geldrop" in page.text
    opened = arranging.post("/bureau/cheques/verkooppunten", naam="Wijkhuis", adres="Dorpstraat 2")
    assert opened.status_code == 303
    arranging.get("/bureau/cheques/verkooppunten")
    twice = arranging.post("/bureau/cheques/verkooppunten", naam="wijkhuis", adres="Elders")
    assert twice.status_code == 422
    assert 'value="wijkhuis"' in twice.text
    seller = market.seller.actor.person_id
    path = f"/bureau/cheques/verkooppunten/{market.other_desk_id}/verkopers"
    assert arranging.post(path, persoon=str(seller)).status_code == 303
    assert arranging.post(path, persoon=str(market.resident.actor.person_id)).status_code == 422
    assert "Gemeentehuis" in market.seller.get("/bureau/cheques").text
    assert arranging.post(f"{path}/{seller}/weg").status_code == 303
    assert "Gemeentehuis" not in market.seller.get("/bureau/cheques").text

    market.sell()
    assert arranging.post(f"/bureau/cheques/verkooppunten/{market.desk_id}/sluiten").status_code == 303
    market.seller.get("/bureau/cheques")
    closed = market.seller.post(f"/bureau/cheques/{market.desk_id}/verkopen", aantal="1", sleutel="q")
    assert closed.status_code == 409
    arranging.post(f"/bureau/cheques/aanbieders/{market.organisation_id}/weg")
    assert "neemt nu geen cheques aan" in text_of(market.provider.get("/cheques").text)


def test_lists_of_cheques_cost_as_many_queries_at_fifteen_as_at_one(
    market: Market, program: Database
) -> None:
    def costs() -> list[int]:
        counts = []
        for browser, path in (
            (market.seller, "/bureau/cheques"),
            (market.provider, "/cheques"),
            (market.treasurer, "/bureau/cheques/uitbetalen"),
            (market.treasurer, "/bureau/cheques/verkooppunten"),
        ):
            browser.get(path)
            with count_queries(program.engine) as queries:
                assert browser.get(path).status_code == 200
            counts.append(queries.count)
        return counts

    market.hand_in(market.sell()[0])
    one = costs()
    for _ in range(14):
        market.hand_in(market.sell()[0])
    assert costs() == one


def test_an_expiring_cheque_is_seen_coming(
    market: Market, site: FastAPI, program: Database, travel: Travel
) -> None:
    market.sell(2)
    travel(timedelta(days=760) - _into_the_year(program))
    seller = again(market.seller, site, program)

    page: Any = seller.get("/bureau/cheques")

    assert "2 verlopen binnen 2 maanden" in text_of(page.text)


def _into_the_year(program: Database) -> timedelta:
    from app.clock import AMSTERDAM, now

    with program.transaction() as session:
        local = now(session).astimezone(AMSTERDAM)
    return (
        local - local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=60)
    )
