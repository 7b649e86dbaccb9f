"""Two makelaars in two browsers: lists by keyboard, who is busy with what, a late save, and a case from end to end."""

from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize, expect

from app.clock import today
from tests.app.conftest import rows_of
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.browser.acting import Person, Stage
from tests.browser.looking import look

pytestmark = pytest.mark.browser
PHONE, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
SOON_MS = 20_000


def makelaar(stage: Stage, name: str, *, javascript: bool = True) -> Person:
    with stage.program.transaction() as session:
        actor = a_member_of_staff(stage.database, session, first_name=name)
    return Person(stage, actor, javascript=javascript, viewport=WIDE)


def test_two_makelaars_see_each_other_at_a_case_and_the_late_one_gets_a_page_of_conflict(
    stage: Stage, axe_source: str
) -> None:
    with stage.program.transaction() as session:
        asker = a_person(session, first_name="Harrie")
        for title in ("Boodschappen op vrijdag", "Naar de dagopvang", "Maatje om te schaken"):
            a_request(session, asker, titel=title)
    marja, samira = makelaar(stage, "Marja"), makelaar(stage, "Samira")

    marja.visit("/bureau?bak=nieuw&wie=allen")
    look(stage.browser, marja.page, axe_source)
    rows = marja.page.locator("[data-row]")
    assert rows.count() == 3
    marja.page.keyboard.press("j")
    marja.page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    marja.page.keyboard.press("k")
    title, second = (rows.nth(place).inner_text() for place in (0, 1))
    marja.page.keyboard.press("Enter")
    expect(marja.page.locator("h1")).to_have_text(title, timeout=SOON_MS)
    # the next case of the list is one key away, and the way back too
    expect(marja.page.locator("[data-beside]")).to_contain_text("1 van 3")
    marja.page.keyboard.press("j")
    expect(marja.page.locator("h1")).to_have_text(second, timeout=SOON_MS)
    marja.follow("Vorige zaak")
    expect(marja.page.locator("h1")).to_have_text(title, timeout=SOON_MS)
    case = marja.page.url

    samira.page.goto(case)
    expect(samira.page.locator("[data-told]")).to_contain_text("Marja kijkt mee sinds", timeout=SOON_MS)
    marja.page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    expect(marja.page.locator("[data-told]")).to_contain_text("Samira kijkt mee sinds", timeout=SOON_MS)

    samira.press("Laat los") if samira.page.get_by_role("button", name="Laat los").count() else samira.press(
        "Pak op"
    )
    marja.page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    expect(marja.page.locator("[data-told]")).to_contain_text("Iemand veranderde deze zaak", timeout=SOON_MS)
    marja.page.get_by_text("Verwijzen", exact=True).click()
    marja.type("Waarheen?", "de huisarts").press("Stuur door")
    marja.reads("Samira veranderde dit om")
    assert marja.page.locator("[name=waarheen]").input_value() == "de huisarts"
    status = rows_of(stage.database, "SELECT DISTINCT status FROM help_request")
    assert [row[0] for row in status] == ["open"]
    marja.visit("/bureau")
    assert "bak=nieuw" in (marja.page.locator(".rail.wide a[aria-current=page]").get_attribute("href") or "")


def test_a_case_from_a_promise_to_a_plan_and_its_asker_reads_what_is_theirs(
    stage: Stage, axe_source: str
) -> None:
    with stage.program.transaction() as session:
        ria = a_person(session)
        helper, _ = a_helper(session, first_name="Fatima")
        asked = a_request(session, act(session, ria), titel="Boodschappen op vrijdag")
        a_willing_helper(session, ria, helper, asked)
        act(session, ria)
    makelaar(stage, "Samira", javascript=False)
    marja = makelaar(stage, "Marja", javascript=False)
    case = f"/bureau/zaken/{asked.id}"

    marja.visit(case)
    marja.page.get_by_text("Nieuwe taak of belofte").click()
    marja.type("Wat gaat u doen?", "Ria bellen over vrijdag")
    marja.page.get_by_label("Binnen hoeveel werkdagen?").select_option("3")
    marja.page.get_by_label("Dit beloof ik de vrager").check()
    marja.press("Zet erbij").reads("Ria bellen over vrijdag", "beloofd")
    marja.page.get_by_text("Wie leest dit, en een document").click()
    marja.type("Nieuwe notitie", "Vrijdag komt goed.")
    marja.page.get_by_label("Wie leest dit?").select_option("vrager")
    marja.press("Bewaar notitie").reads("de vrager leest dit ook")
    look(stage.browser, marja.page, axe_source)

    marja.follow("Overdragen, meekijken, vervangen")
    marja.page.get_by_label("Wie kijkt mee?").select_option(label="Samira")
    marja.press("Bewaar").follow("Dit is een Wmo-melding")
    marja.type("Wat is er gemeld", "De trap gaat niet meer.").press("Leg de melding vast")
    marja.reads("Onderzoek klaar, uiterlijk").visit(case).follow("Maak een plan voor het huishouden")
    marja.type("Wat willen zij", "Thuis blijven wonen.").press("Maak het plan")
    marja.page.get_by_text("Zet iets in het plan").click()
    marja.page.locator("[name=bron][value=eigen-kring]").check()
    marja.type("Wat gebeurt er?", "De buurman doet de container")
    marja.type("Vanaf welke dag?", "2027-03-01").press("Zet in het plan")
    marja.reads("De buurman doet de container", "komt nog")
    look(stage.browser, marja.page, axe_source)

    her = Person(stage, ria, viewport=PHONE).visit(f"/mijn/vragen/{asked.id}")
    her.reads(
        "Wat wij u beloofden",
        "Ria bellen over vrijdag",
        "Vrijdag komt goed.",
        "Uw Wmo-melding",
        "Samira kijkt mee.",
    )
    look(stage.browser, her.page, axe_source)
    her.visit("/mijn/plan").reads("Thuis blijven wonen.", "De buurman doet de container")
    look(stage.browser, her.page, axe_source)
    her.follow("Zorgt u voor iemand?")
    her.page.locator("[name=hoeZwaar][value='3']").check()
    her.press("Vertel het ons").reads("Wat u eerder zei", "Best zwaar")
    look(stage.browser, her.page, axe_source)

    marja.visit(f"/bureau/mensen/{ria.person_id}/gebeurtenis")
    marja.page.locator("[name=gebeurtenis][value=ziekenhuis]").check()
    marja.page.get_by_label("Ik weet dit zeker").check()
    marja.press("Zet alles stil").reads("Ria is in het ziekenhuis")
    look(stage.browser, marja.page, axe_source)
    marja.visit(case).reads("Post, afspraken en voorstellen staan stil.")


def test_a_family_is_recognised_once_rests_in_time_and_is_asked_how_it_goes(
    stage: Stage, axe_source: str
) -> None:
    with stage.program.transaction() as session:
        corrie, jan = a_person(session, first_name="Corrie"), a_person(session, first_name="Jan")
        helper, _ = a_helper(session, first_name="Fatima", minutenPerWeek=2400)
        agreed = an_agreement(
            session, act(session, corrie), helper, titel="Iemand bij Jan thuis", hoeVaak="wekelijks"
        )
        asked = agreed.help_request_id
        ahead = [(today(session) + timedelta(days=days)).isoformat() for days in (7, 35)]
    marja, samira = makelaar(stage, "Marja", javascript=False), makelaar(stage, "Samira", javascript=False)

    marja.visit(f"/bureau/mensen/{jan.person_id}/plan")
    marja.type("Wat willen zij", "Samen thuis blijven.").press("Maak het plan")
    plan = marja.page.url
    marja.follow("Iemand erbij zetten").page.locator("main [name=zoek]").fill("Corrie")
    marja.press("Zoek").page.locator("[name=wieIsDit]").first.select_option("mantelzorger")
    marja.press("Zet in het plan: Corrie").visit(plan)
    marja.page.get_by_text("Verander dit").click()
    marja.type("Erkend vanaf", ahead[0]).press("Bewaar").reads(
        "erkend, voor het leven", "zorgt voor iemand hier"
    )
    marja.page.get_by_text("Zet iets in het plan").click()
    marja.page.locator("[name=bron][value=vrijwilliger]").check()
    marja.type("Wat gebeurt er?", "Een middag iemand bij Jan").type("Vanaf welke dag?", ahead[0])
    marja.page.locator("form[action$='/regels'] [name=minutenPerWeek]").fill("180")
    marja.page.locator("form[action$='/regels'] [name=vanaf]").fill(ahead[0])
    marja.page.get_by_label("Neemt dit het over").select_option(label="Corrie")
    marja.press("Zet in het plan").reads("zodat Corrie kan rusten", "3 uur per week")

    her = Person(stage, corrie, viewport=PHONE).visit("/mijn/zorgen")
    her.page.locator("[name=hoeZwaar][value='5']").check()
    her.press("Vertel het ons").reads("Wij bellen u")
    samira.visit("/bureau").page.locator(".rail.wide").get_by_role(
        "link", name="Zwaar voor wie zorgt 1"
    ).click()
    samira.press("Gebeld: Corrie").reads("Niemand wacht op een telefoontje.")
    samira.visit(plan).page.get_by_text("Meer, minder of stoppen").first.click()
    samira.page.locator("form[action*='/regels/'] [name=minutenPerWeek]").first.fill("360")
    samira.page.locator("form[action*='/regels/'] [name=vanaf]").first.fill(ahead[1])
    samira.press("Leg vast: Een middag iemand bij Jan").reads("6 uur per week", "Te zwaar")
    look(stage.browser, samira.page, axe_source)
    her.visit("/mijn/plan").reads("Samen thuis blijven.", "6 uur per week")

    stage.travel(timedelta(days=20))
    marja.sign_in()
    marja.visit("/bureau?bak=hoe-gaat-het&wie=allen").reads("Bel Corrie: hoe gaat het met de hulp?")
    marja.follow("Iemand bij Jan thuis")
    marja.page.get_by_text("Schrijf een gesprek op").click()
    marja.page.locator("[name=gezicht]").first.check()
    marja.press("Bewaar het gesprek").visit("/bureau?bak=hoe-gaat-het&wie=allen").reads(
        "In deze bak ligt niets."
    )
    look(stage.browser, marja.page, axe_source)
    status = rows_of(stage.database, "SELECT status FROM help_request WHERE id = :id", id=asked)
    assert status[0][0] == "filled"
