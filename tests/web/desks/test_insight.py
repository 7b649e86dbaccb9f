"""What was told of half a year, on the page and in its files; the panel; and a Factlab of which only counts remain."""

import base64
import hmac
import logging
import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app.access.actor import system
from app.access.roles import Role
from app.clock import today
from app.db import Database, scope_to
from app.reports import facts, releases
from app.reports.disclosure import Row
from app.reports.facts import Facts
from app.reports.models import Release, Span
from app.reports.periods import HALF, Period, month_of, plus
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request
from tests.databases import Database as Migrated
from tests.web.desks.helpers import TOKEN, Desk, a_desk

STREETS = "5664HJ", "5664HK", "5731AB"


@pytest.fixture
def administrator(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    """Karin, who runs Geldrop-Mierlo."""
    return a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin")


def a_half(period: Period, many: int, rare: int) -> Facts:
    """Half a year in which transport is asked often and gardening rarely."""
    months = [facts.month_name(month) for month in period.months]
    asked = [("Vervoer", number) for number in range(many)] + [
        ("Tuin", many + number) for number in range(rare)
    ]
    asked += [("Gezelschap", 500 + number) for number in range(30)]
    rows = [
        Row(
            (number,),
            {
                "theme": theme, "month": months[number % len(months)], "area": ("5664", "5731")[number % 2],
                "helped": facts.NO if number % 4 == 0 else facts.YES,
                "wait": facts.NOBODY if number % 4 == 0 else ("day0", "day1", "days7")[number % 3],
                "vulnerable": facts.YES if number % 5 == 0 else facts.NO, "age": facts.UNTOLD,
            },
        )
        for theme, number in asked
    ]  # fmt: skip
    return Facts(rows, [], [], 60 * 90, (40, 20), [1] * len(rows))


def told(program: Database, halves: list[tuple[int, int]]) -> Period:
    """Releases of half years, the last one last, and the period of that."""
    with program.transaction() as session:
        scope_to(session, system(frozenset({1771})).scope)
        end = month_of(today(session))
        for back, (many, rare) in enumerate(reversed(halves)):
            period = Period(plus(end, -HALF * (back + 1)), plus(end, -HALF * back))
            figures = releases.half_figures(a_half(period, many, rare), {})
            session.add(
                Release(
                    municipality_id=1771,
                    span=Span.HALF,
                    since=period.since,
                    until=period.until,
                    figures=figures,
                )
            )
    return Period(plus(end, -HALF), end)


def said(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_before_half_a_year_is_over_the_page_says_when_it_comes(administrator: Desk) -> None:
    page = administrator.get("/bureau/verslag")

    assert page.status_code == 200
    assert "Er is nog geen half jaar om te vertellen" in page.text


def test_half_a_year_reads_the_same_on_the_page_in_a_filter_and_in_every_file(
    program: Database, administrator: Desk
) -> None:
    period = told(program, [(60, 3), (90, 3)])
    slug = f"{period.since:%Y-%m}"

    page = said(administrator.get("/bureau/verslag").text)
    garden = said(administrator.get("/bureau/verslag?thema=Tuin").text)
    unknown = administrator.get("/bureau/verslag?thema=Anders")
    council = said(administrator.get(f"/bureau/verslag/{slug}/raad").text)
    csv = administrator.get(f"/bureau/verslag/{slug}/cijfers.csv")
    xlsx = administrator.get(f"/bureau/verslag/{slug}/cijfers.xlsx")

    assert "123 vragen om hulp." in page
    assert "te weinig vragen om te tonen" in garden
    assert unknown.status_code == 404
    assert "Vragen 123 93 30 meer" in council
    assert "Wij noemen geen bedrag" in council
    lines = csv.text.splitlines()
    assert any("thema;Tuin;;;niet getoond" in line for line in lines)
    assert not any(re.search(r";[0-4]$", line) for line in lines)
    sheets = load_workbook(BytesIO(xlsx.content), read_only=True)
    counts = [row[-1] for row in sheets["Vragen"].iter_rows(min_row=2, values_only=True)]
    assert all(count == "niet getoond" or int(str(count)) >= 5 for count in counts)
    assert administrator.get("/bureau/verslag/1999-01/raad").status_code == 404


def test_who_may_not_read_each_request_sees_on_the_map_what_was_told_and_nothing_of_today(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    bram = a_desk(fresh_database, program, site, Role.TREASURER, first_name="Bram")
    before = said(bram.get("/bureau/kaart").text)
    told(program, [(90, 8)])
    first = said(bram.get("/bureau/kaart").text)
    with program.transaction() as session:
        for _ in range(7):
            a_request(session, a_person(session))
    marja = a_desk(fresh_database, program, site)

    assert "Er is nog geen half jaar om te vertellen" in before
    assert "De meeste vragen kwamen uit" in first
    assert "Samen 128" in first
    assert "Aanbod" not in first
    assert said(bram.get("/bureau/kaart").text) == first
    assert "Samen 7" in said(marja.get("/bureau/kaart").text)


def test_euros_are_told_with_their_assumption_and_the_council_reads_it_on_paper(
    program: Database, administrator: Desk
) -> None:
    period = told(program, [(90, 8)])
    administrator.get("/gemeente/instellingen")
    typed = {
        "bemiddeling": "2", "titel": "makelaar", "telefoon": "040 212 3456", "openingstijden": "iedere dag",
        "dagenOpen": "30", "dagenBelofte": "3", "versie": administrator.version(),
    }  # fmt: skip
    bare = administrator.post("/gemeente/instellingen", **typed, uurEuro="15")
    administrator.post("/gemeente/instellingen", **typed, uurEuro="15", uurReden="Wat licht werk hier kost.")

    council = said(administrator.get(f"/bureau/verslag/{period.since:%Y-%m}/raad").text)
    paper = administrator.get(f"/bureau/verslag/{period.since:%Y-%m}/raad.pdf")

    assert bare.status_code == 422
    assert "ongeveer € 1.400 hebben gekost" in council
    assert "een uur hulp telt voor € 15. Wat licht werk hier kost." in council
    assert paper.content.startswith(b"%PDF")


def test_the_council_reads_what_the_panel_said_in_that_half_year_and_what_still_waits(
    program: Database, administrator: Desk
) -> None:
    period = told(program, [(90, 8)])
    slug = f"{period.since:%Y-%m}"
    nothing = said(administrator.get(f"/bureau/verslag/{slug}/raad").text)
    for title, day in (
        ("Bellen duurt te lang", period.since),
        ("Letters zijn te klein", plus(period.since, -HALF)),
        ("Dit zegt men daarna", period.until),
    ):
        administrator.get("/bureau/panel")
        administrator.post("/bureau/panel", titel=title, datum=f"{day:%Y-%m-%d}")

    council = said(administrator.get(f"/bureau/verslag/{slug}/raad").text)

    assert "Het panel zei in dit half jaar niets." in nothing
    assert council.index("Letters zijn te klein") < council.index("Bellen duurt te lang")
    assert "Dit zegt men daarna" not in council


def test_the_panel_says_something_somebody_takes_it_up_and_it_gets_an_answer(
    fresh_database: Migrated, program: Database, site: FastAPI, administrator: Desk
) -> None:
    administrator.get("/bureau/panel")
    administrator.post("/bureau/panel", titel="Bellen duurt te lang", datum="2026-01-12")
    [(key,)] = rows_of(fresh_database, "SELECT id FROM panel_point")
    here = f"/bureau/panel/{key}"

    administrator.get(here)
    nobody = administrator.post(here, stap="opgepakt", versie="1")
    administrator.get(here)
    administrator.post(here, stap="opgepakt", wie="Het klantcontact", voor="2026-02-01", versie="1")
    administrator.get(here)
    stale = administrator.post(here, stap="gedaan", uitkomst="Er is een tweede lijn.", versie="1")
    administrator.get(here)
    done = administrator.post(here, stap="gedaan", uitkomst="Er is een tweede lijn.", versie="2")
    region = a_desk(fresh_database, program, site, Role.REGION_ADMINISTRATOR, None, "Frank")
    broker = a_desk(fresh_database, program, site)

    assert (nobody.status_code, stale.status_code, done.status_code) == (422, 409, 303)
    assert "Vul in wie dit oppakt." in nobody.text
    assert "Er is een tweede lijn." in said(broker.get("/bureau/panel").text)
    assert "Geldrop-Mierlo 0 0 1" in said(region.get("/regio/panel").text)
    assert broker.post("/bureau/panel", titel="Nee", datum="2026-01-12").status_code in (403, 404)


def a_file(addresses: list[tuple[str, int]], wrong: int = 0) -> bytes:
    lines = ["postcode;huisnummer;toevoeging;aantal"]
    lines += [f"{postcode[:4]} {postcode[4:].lower()};{number};;1" for postcode, number in addresses]
    lines += [f"geen postcode;{number};;1" for number in range(wrong)]
    return "\r\n".join(lines).encode()


def linked(desk: Desk, key: Any, files: list[bytes], words: list[str]) -> Any:
    token = TOKEN.search(desk.get(f"/bureau/factlab/{key}").text)
    assert token is not None
    return desk.client.post(
        f"/bureau/factlab/{key}/koppeling",
        data={"csrf": token[1], **{f"woord{place}": word for place, word in enumerate(words)}},
        files={f"bestand{place}": (f"{place}.csv", file, "text/csv") for place, file in enumerate(files)},
    )


def dumped(database: Migrated) -> str:
    """Every row of every table as text, the queue of jobs among them."""
    engine = create_engine(database.owner_url, poolclass=NullPool)
    with engine.connect() as owner:
        tables = owner.execute(
            text(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        ).scalars()
        return "\n".join(
            row
            for table in tables
            for row in owner.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            if row
        )


def test_after_a_factlab_no_address_and_no_link_is_anywhere_and_the_counts_are(
    fresh_database: Migrated,
    program: Database,
    administrator: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    links: list[bytes] = []
    digest = hmac.digest

    def kept(key: bytes, what: bytes, how: str) -> bytes:
        made = bytes(digest(key, what, how))
        links.extend((key, made))
        return made

    monkeypatch.setattr("app.factlab.counting.hmac.digest", kept)
    streets = [(street, number) for street in STREETS for number in range(4101, 4121)]
    youth, debts, care = streets[:40], streets[20:50], streets[30:60]
    administrator.get("/bureau/factlab")
    administrator.post("/bureau/factlab", titel="Gezinnen", deelnemers="Jeugdhulp\nSchuldhulp\nWijkzorg")
    [(key,)] = rows_of(fresh_database, "SELECT id FROM factlab")
    files = [a_file(youth), a_file(debts, wrong=3), a_file(care)]

    alone = linked(administrator, key, files, ["wandelschoen", "", "kaasschaaf"])
    done = linked(administrator, key, files, ["wandelschoen", "boekenkast", "kaasschaaf"])
    page = said(administrator.get(done.headers["location"]).text)
    again = linked(administrator, key, files, ["wandelschoen", "boekenkast", "kaasschaaf"])

    assert alone.status_code == 422
    assert "wandelschoen" not in alone.text
    assert "In 30 van 60 huizen komt hulp samen" in page
    assert "Overgeslagen, in de volgorde van de organisaties: 0, 3, 0" in page
    assert again.status_code == 303
    everything = dumped(fresh_database) + caplog.text
    assert len(links) > 100
    for street in STREETS:
        assert street not in everything
        assert f"{street[:4]} {street[4:].lower()}" not in everything
    for word in ("wandelschoen", "boekenkast", "kaasschaaf", "|4101|"):
        assert word not in everything
    for link in links:
        assert link.hex() not in everything
        assert base64.b64encode(link).decode() not in everything


def test_what_is_no_file_of_addresses_says_so_and_counts_nothing(
    fresh_database: Migrated, administrator: Desk
) -> None:
    administrator.get("/bureau/factlab")
    administrator.post("/bureau/factlab", titel="Gezinnen", deelnemers="Jeugdhulp\nSchuldhulp")
    [(key,)] = rows_of(fresh_database, "SELECT id FROM factlab")

    wrong = linked(
        administrator, key, [b"naam;bsn\nRia;1", a_file([("5664HJ", 1)])], ["wandelschoen", "boekenkast"]
    )
    one = administrator.post("/bureau/factlab", titel="Een", deelnemers="Alleen wij")

    assert wrong.status_code == 422
    assert "Dit bestand kunnen wij niet lezen." in wrong.text
    assert one.status_code == 422
    assert rows_of(fresh_database, "SELECT linked_at FROM factlab") == [(None,)]
