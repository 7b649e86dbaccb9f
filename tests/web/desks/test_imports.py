"""Reading a file: a rehearsal changes nothing, the real reading does what it told, and each wrong line is named."""

import os
import re
import time
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.access.roles import Role
from app.db import Database, Scope, scope_to
from app.imports import service
from app.imports.models import ImportKind
from app.social_map import files as social_map_files
from tests.app.activities.making import an_organisation
from tests.app.conftest import rows_of
from tests.databases import Database as Migrated
from tests.web.desks.helpers import TOKEN, Desk, a_desk

HEAD = "voornaam;achternaam;postcode;huisnummer;telefoon;email;geboortejaar;opmerking"
PEOPLE_LINES = 100_000 if os.environ.get("ZVE_TEST_LONG") else 600


@pytest.fixture
def karin(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    return a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin")


def said(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sent(desk: Desk, content: bytes, **typed: str) -> Any:
    token = TOKEN.search(desk.get("/gemeente/inlezen").text)
    assert token is not None
    return desk.client.post(
        "/gemeente/inlezen",
        data={"csrf": token[1], **typed},
        files={"bestand": ("mensen.csv", content, "text/csv")},
    )


def people(count: int) -> bytes:
    """One of every hundred is wrong: a postcode that is none."""
    lines = [HEAD]
    for number in range(1, count + 1):
        postcode = "niet bekend" if number % 100 == 0 else "5664 HJ"
        lines.append(f"Jo;van Dam;{postcode};{number};;jo{number}@voorbeeld.nl;1950;vriendelijk")
    return "\n".join(lines).encode()


def test_people_offers_and_organisations_are_read_in_after_a_rehearsal(
    fresh_database: Migrated, karin: Desk
) -> None:
    count = "SELECT count(*) FROM membership WHERE municipality_id = 1771"
    [(before,)] = rows_of(fresh_database, count)
    file = people(300)

    tried = sent(karin, file, soort="people", knop="proef")
    rehearsal = said(karin.get(tried.headers["location"]).text)
    nothing = rows_of(fresh_database, count)
    untold = sent(karin, file, soort="people", knop="lees")
    read = sent(karin, file, soort="people", knop="lees", weten="ja")
    again = sent(karin, file, soort="people", knop="lees", weten="ja")
    offers = b"email,categorie,titel\njo1@voorbeeld.nl,samen-op-pad,Samen wandelen\nwie@voorbeeld.nl,samen-op-pad,Nee"
    offered = sent(karin, offers, soort="offers", knop="lees", weten="ja")
    clubs = b"sleutel;naam;soort\n1;De Fietsclub;club\n2;De Fietsclub;club\n3;Zonder soort;anders"
    joined = sent(karin, clubs, soort="organisations", knop="lees", weten="ja")

    assert "297 regels zijn goed om in te lezen" in rehearsal
    assert "3 regels overgeslagen" in rehearsal
    assert "101 postcode Dit kunnen wij niet lezen." in rehearsal
    assert nothing == [(before,)]
    assert untold.status_code == 422
    assert "297 regels zijn ingelezen" in said(karin.get(read.headers["location"]).text)
    assert rows_of(fresh_database, count) == [(before + 297,)]
    assert "kenden wij al 297" in said(karin.get(again.headers["location"]).text)
    faults = karin.get(f"{read.headers['location']}/fouten.csv").text.splitlines()
    assert [line.split(";")[0] for line in faults[1:]] == ["101", "201", "301"]
    assert "Bij dit e-mailadres hoort hier niemand." in said(karin.get(offered.headers["location"]).text)
    assert rows_of(fresh_database, "SELECT status FROM help_offer WHERE title = 'Samen wandelen'") == [
        ("draft",)
    ]
    assert "1 regel is ingelezen" in said(karin.get(joined.headers["location"]).text)
    assert rows_of(
        fresh_database, "SELECT count(*) FROM import_run WHERE faults::text LIKE '%voorbeeld%'"
    ) == [(0,)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Kies een bestand."),
        (b"naam\nRia", "In de eerste regel missen kolommen."),
        (b"voornaam;postcode;voornaam\nRia;5664 HJ;Ria", "Een kolom staat twee keer"),
        (b"PK\x03\x04\x00\x00", "Dit is geen CSV."),
    ],
    ids=["empty", "columns", "twice", "zip"],
)
def test_what_is_no_list_says_so(karin: Desk, content: bytes, why: str) -> None:
    answer = sent(karin, content, soort="people", knop="proef")

    assert answer.status_code == 422
    assert why in answer.text


def test_a_long_list_with_one_wrong_line_in_a_hundred_takes_over_all_the_others(
    fresh_database: Migrated, program: Database, karin: Desk
) -> None:
    file = people(PEOPLE_LINES)
    began = time.monotonic()

    with program.transaction() as session:
        scope_to(session, karin.actor.scope)
        run = service.run(session, karin.actor, 1771, ImportKind.PEOPLE, file, rehearsal=False)
        wrong, taken = run.wrong, run.taken_over
        faults = [line for line, _, _ in run.faults]

    assert (wrong, taken) == (PEOPLE_LINES // 100, PEOPLE_LINES - PEOPLE_LINES // 100)
    assert faults == [number + 1 for number in range(100, PEOPLE_LINES + 1, 100)]
    assert time.monotonic() - began < 300


def test_a_municipality_joins_step_by_step_and_only_the_region_says_so(
    fresh_database: Migrated, program: Database, site: FastAPI, karin: Desk
) -> None:
    rows_of(fresh_database, "UPDATE municipality SET joined = false WHERE id = 794 RETURNING 1")
    frank = a_desk(fresh_database, program, site, Role.REGION_ADMINISTRATOR, None, "Frank")

    not_for_karin = karin.get("/regio/aansluiten")
    frank.get("/regio/aansluiten")
    assert "Helmond" in frank.page
    frank.post("/regio/aansluiten", wie="794")
    steps = frank.get("/regio/aansluiten/794")
    wrong = frank.post("/regio/aansluiten/794/begin", telefoon="12", openingstijden="altijd", bemiddeling="2")
    frank.get("/regio/aansluiten/794")
    frank.post(
        "/regio/aansluiten/794/begin", telefoon="0492 123456", openingstijden="altijd", bemiddeling="3"
    )
    frank.get("/regio/aansluiten/794")
    frank.post("/regio/aansluiten/794/beheerder", voornaam="Hein", email="hein@helmond.voorbeeld.nl")
    done = said(frank.get("/regio/aansluiten/794").text)
    health = said(frank.get("/regio/gezondheid").text)

    assert not_for_karin.status_code == 404
    assert steps.status_code == 200
    assert wrong.status_code == 422
    assert rows_of(fresh_database, "SELECT joined, phone, mediation FROM municipality WHERE id = 794") == [
        (True, "+31492123456", 3)
    ]
    assert (
        "Helmond: drie van de vijf stappen klaar" in done or "Helmond: vier van de vijf stappen klaar" in done
    )
    assert "Hein" in done
    assert "De database past bij dit programma." in health
    with program.transaction() as session:
        scope_to(session, Scope(person_id=UUID(str(karin.actor.person_id)), municipalities=frozenset({1771})))
        assert session.execute(text("SELECT let_join(772)")).scalar_one() is False


MAP = "/voorzieningen/bestand/inlezen"
COLUMNS = "organisatie;naam;toelichting;categorieen;postcode"
PROVISIONS = "SELECT name, municipality_id FROM provision ORDER BY name"


def on_the_map(desk: Desk, content: bytes, **typed: str) -> Any:
    token = TOKEN.search(desk.get(MAP).text)
    assert token is not None
    return desk.client.post(
        MAP, data={"csrf": token[1], **typed}, files={"bestand": ("kaart.csv", content, "text/csv")}
    )


def test_a_spreadsheet_of_the_social_map_is_tried_read_in_and_the_second_time_changes_nothing(
    fresh_database: Migrated, karin: Desk
) -> None:
    line = "Taalhuis;Taalcafé;Samen praten.;nederlands-oefenen-lezen-en-schrijven;5664 HJ"
    file = f"{COLUMNS}\n{line}\n".encode("cp1252")

    tried = on_the_map(karin, file, knop="proef")
    before = rows_of(fresh_database, PROVISIONS)
    read = on_the_map(karin, file, knop="lees")
    again = on_the_map(karin, file, knop="lees")

    assert "Dit was een proef: er is niets veranderd." in said(tried.text)
    assert before == []
    assert (read.status_code, "Het staat op de kaart" in said(read.text)) == (200, True)
    assert rows_of(fresh_database, PROVISIONS) == [("Taalcafé", 1771)]
    assert "Er was niets te veranderen" in said(again.text)


def test_one_wrong_line_of_the_social_map_and_each_mistake_is_told_and_nothing_is_read_in(
    fresh_database: Migrated, karin: Desk
) -> None:
    good = "Taalhuis;Taalcafé;Samen praten.;nederlands-oefenen-lezen-en-schrijven;5664 HJ"
    wrong = [
        "Taalhuis;Zonder tekst;;samen-op-pad;5664 HJ",
        "Taalhuis;Zonder onderwerp;Ja;wat-is-dit;5664 HJ",
        "Taalhuis;Van hiernaast;Ja;samen-op-pad;5611 AB",
        "Taalhuis;Geen postcode;Ja;samen-op-pad;boven",
        "Taalhuis;Te kort;Ja",
    ]

    answer = on_the_map(karin, "\n".join([COLUMNS, good, *wrong]).encode(), knop="lees")
    page = said(answer.text)

    assert answer.status_code == 422
    assert "Er is niets ingelezen" in page
    for sentence in (
        "3 toelichting Dit is niet ingevuld.",
        "4 categorieen Dit onderwerp kennen wij niet.",
        "5 postcode Dit hoort bij een andere gemeente.",
        "6 postcode Schrijf vier cijfers en twee letters, zoals 5664 HJ.",
        "7 Deze regel heeft meer of minder vakjes dan de eerste regel.",
    ):
        assert sentence in page
    assert rows_of(fresh_database, PROVISIONS) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Kies een bestand."),
        (b"naam;naam\n", "Een kolom staat twee keer in de eerste regel."),
        (b"naam;soort\n", "Deze kolom mist."),
        (b"{nee", "Dit bestand kunnen wij niet lezen."),
        (b"[3]", "Hier staat geen voorziening."),
        (b"\x00\x01\x02", "Deze kolom mist."),
    ],
)
def test_what_is_no_social_map_gets_a_sentence(karin: Desk, content: bytes, sentence: str) -> None:
    answer = on_the_map(karin, content, knop="proef")

    assert answer.status_code == 422
    assert sentence in said(answer.text)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_map_that_a_desk_takes_out_reads_back_as_it_was(
    fresh_database: Migrated, karin: Desk, kind: str
) -> None:
    line = "Taalhuis;Taalcafé;Samen praten.;nederlands-oefenen-lezen-en-schrijven;5664 HJ"
    on_the_map(karin, f"{COLUMNS}\n{line}\n".encode(), knop="lees")

    taken = karin.get(f"/voorzieningen/bestand/kaart.{kind}")
    back = on_the_map(karin, taken.content, knop="lees")

    assert "Taalcafé" in taken.text
    assert "Er was niets te veranderen" in said(back.text)


def test_an_organisation_of_the_neighbours_is_not_changed_by_its_key(
    fresh_database: Migrated, karin: Desk
) -> None:
    theirs = an_organisation(fresh_database, name="Van elders")
    moved = "UPDATE organisation SET external_id = 'O9', municipality_id = 772 WHERE id = :id RETURNING 1"
    rows_of(fresh_database, moved, id=theirs)
    line = "O9;Van ons;040 285 4030;Taalcafé;Ja;samen-op-pad;5664 HJ"
    head = "organisatie_sleutel;organisatie;organisatie_telefoon;naam;toelichting;categorieen;postcode"

    answer = on_the_map(karin, f"{head}\n{line}".encode(), knop="lees")

    assert "2 organisatie_sleutel Dit hoort bij een andere gemeente." in said(answer.text)
    assert rows_of(fresh_database, "SELECT phone FROM organisation WHERE id = :id", id=theirs) != [
        ("+31402854030",)
    ]


def test_what_comes_after_so_many_lines_is_told_and_nothing_is_read_in(
    fresh_database: Migrated, karin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(social_map_files, "MOST_AT_ONCE", 1)
    lines = [f"Taalhuis;Taalcafé {n};Ja;samen-op-pad;5664 HJ" for n in range(3)]

    answer = on_the_map(karin, "\n".join([COLUMNS, *lines]).encode(), knop="lees")

    assert "3 Het bestand is te lang." in said(answer.text)
    assert rows_of(fresh_database, PROVISIONS) == []
