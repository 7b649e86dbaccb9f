"""Settings, the report with its panel and Factlab, and the region: each as one walk, looked at on a phone and wide."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, ViewportSize

from app.access.roles import Role
from app.clock import today
from tests.app.conftest import rows_of
from tests.app.factories import HELMOND, a_member_of_staff
from tests.browser.acting import Person, Stage
from tests.browser.looking import look
from tests.web.desks.test_insight import told
from tools.find_system import has_pdf_libraries

pytestmark = pytest.mark.browser
PHONE, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)


def of_staff(stage: Stage, role: Role, name: str, place: int | None = 1771) -> Person:
    with stage.program.transaction() as session:
        actor = a_member_of_staff(stage.database, session, role=role, municipality_id=place, first_name=name)
    return Person(stage, actor)


def looks_well(person: Person, axe: str) -> None:
    """The page that stands there, on a phone and wide."""
    for viewport in (PHONE, WIDE):
        look(person.stage.browser, person.page, axe, viewport=viewport)


def a_file(*lines: str) -> FilePayload:
    return {"name": "lijst.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def test_settings_are_seen_before_they_are_saved_and_found_back_afterwards(
    stage: Stage, axe_source: str
) -> None:
    karin = of_staff(stage, Role.MUNICIPALITY_ADMINISTRATOR, "Karin")

    karin.visit("/gemeente/instellingen").type("Telefoon", "040 212 3456")
    karin.type("Binnen hoeveel werkdagen belooft u iemand?", "5")
    looks_well(karin, axe_source)
    karin.press("Bekijk eerst wat verandert").reads(
        "Nog niets is bewaard.", "Wij beloven binnen 5 werkdagen iemand."
    )
    looks_well(karin, axe_source)
    karin.press("Bewaar deze instellingen").reads("Uw instellingen zijn bewaard.")
    karin.visit("/gemeente/instellingen").follow("Eerdere instellingen").reads("Belofte (werkdagen)", "Karin")
    looks_well(karin, axe_source)
    karin.visit("/gemeente/instellingen").follow("Naast de regio").reads("Belofte (werkdagen)")
    looks_well(karin, axe_source)
    karin.visit("/gemeente/instellingen").follow("Bewaren").reads("15 jaar")
    looks_well(karin, axe_source)


def test_half_a_year_is_read_taken_to_the_council_and_counted_together(stage: Stage, axe_source: str) -> None:
    told(stage.program, [(60, 3), (90, 3)])
    karin = of_staff(stage, Role.MUNICIPALITY_ADMINISTRATOR, "Karin")

    karin.visit("/bureau/cijfers").reads("123 vragen om hulp.")
    looks_well(karin, axe_source)
    karin.follow("Bekijk het verslag van een half jaar").reads("123 vragen om hulp.")
    looks_well(karin, axe_source)
    karin.page.get_by_role("combobox", name="Onderwerp").select_option("Tuin")
    karin.press("Bekijk").reads("Tuin: te weinig vragen om te tonen").follow("Voor de raad")
    looks_well(karin, axe_source)
    if has_pdf_libraries():
        with karin.page.expect_download() as waiting:
            karin.page.get_by_role("link", name="PDF").first.click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")

    karin.visit("/bureau/panel").type("In één zin", "Bellen duurt te lang")
    with stage.program.transaction() as session:
        karin.type("Wanneer", (today(session) - timedelta(days=3)).isoformat())
    karin.press("Schrijf het op").reads("Bellen duurt te lang")
    looks_well(karin, axe_source)

    karin.visit("/bureau/factlab").type("Waar gaat het over?", "Gezinnen")
    karin.type("Welke organisaties doen mee?", "Jeugdhulp\nSchuldhulp").press("Bereid de telling voor")
    for place, first in enumerate((1, 11)):
        houses = [f"5664 HJ;{number};1" for number in range(first, first + 20)]
        karin.page.locator(f"#veld-bestand{place}").set_input_files(
            a_file("postcode;huisnummer;aantal", *houses)
        )
        karin.page.locator(f"[name=woord{place}]").fill(f"wandelschoen{place}")
    looks_well(karin, axe_source)
    karin.press("Leg naast elkaar en tel").reads("Alleen deze tellingen.")
    looks_well(karin, axe_source)


def test_a_municipality_joins_reads_in_a_list_and_the_region_sees_that_all_is_well(
    stage: Stage, axe_source: str
) -> None:
    rows_of(stage.database, "UPDATE municipality SET joined = false WHERE id = :id RETURNING 1", id=HELMOND)
    frank = of_staff(stage, Role.REGION_ADMINISTRATOR, "Frank", None)
    karin = of_staff(stage, Role.MUNICIPALITY_ADMINISTRATOR, "Karin")

    frank.visit("/regio/aansluiten")
    looks_well(frank, axe_source)
    frank.page.get_by_role("combobox", name="Gemeente", exact=True).select_option("Helmond")
    frank.press("Laat deze gemeente meedoen").type("Telefoon", "0492 123456").press("Bewaar")
    frank.type("Voornaam", "Hein").type("E-mailadres van het werk", "hein@helmond.voorbeeld.nl")
    frank.press("Nodig de beheerder uit").reads("van de vijf stappen klaar", "Hein")
    looks_well(frank, axe_source)
    karin.visit("/gemeente/inlezen").page.get_by_role("radio", name="Mensen").check()
    karin.page.locator("#veld-bestand").set_input_files(
        a_file("voornaam;postcode;huisnummer", "Jo;5664 HJ;1", "An;onbekend;2")
    )
    karin.press("Probeer het eerst").reads("1 regel is goed om in te lezen", "1 regel overgeslagen")
    looks_well(karin, axe_source)
    karin.visit("/gemeente/inlezen").page.get_by_role("radio", name="Mensen").check()
    karin.page.get_by_label("De mensen weten dat hun gegevens hierheen gaan").check()
    karin.page.locator("#veld-bestand").set_input_files(
        a_file("voornaam;achternaam;postcode;huisnummer", "Jo;van Dam;5664 HJ;1")
    )
    karin.press("Lees echt in").reads("1 regel is ingelezen")
    marja = of_staff(stage, Role.BROKER, "Marja")
    marja.visit("/bureau/mensen?zoek=van+Dam").reads("Jo van Dam")
    for path in ("/regio/gezondheid", "/regio/verrekenen", "/regio"):
        frank.visit(path)
        looks_well(frank, axe_source)


def test_a_file_of_the_social_map_is_tried_mended_and_read_in(stage: Stage, axe_source: str) -> None:
    karin = of_staff(stage, Role.MUNICIPALITY_ADMINISTRATOR, "Karin")
    head = "organisatie;naam;toelichting;categorieen;postcode"
    good = "Taalhuis;Taalcafé;Samen praten.;samen-op-pad;5664 HJ"

    karin.visit("/voorzieningen").follow("Lees een bestand in, of neem de kaart mee")
    looks_well(karin, axe_source)
    karin.page.locator("#veld-bestand").set_input_files(
        a_file(head, good, "Taalhuis;Leeg;;samen-op-pad;5664 HJ")
    )
    karin.press("Lees echt in").reads("Er is niets ingelezen", "Dit is niet ingevuld.")
    looks_well(karin, axe_source)
    karin.page.locator("#veld-bestand").set_input_files(a_file(head, good))
    karin.press("Probeer het eerst").reads("Dit was een proef")
    karin.page.locator("#veld-bestand").set_input_files(a_file(head, good))
    karin.press("Lees echt in").reads("Het staat op de kaart")
    looks_well(karin, axe_source)
    karin.visit("/in-de-buurt?zoek=Taalcafé").reads("Taalcafé")
