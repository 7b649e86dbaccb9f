"""What a makelaar does with a case between all its people: hand over, ask who knows more, reopen, stop all and undo."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import ViewportSize, expect

from app.access.roles import Role
from app.clock import today
from app.config import Settings
from app.jobs import tasks
from app.jobs.work import Work
from tests.app.conftest import rows_of
from tests.app.factories import (
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
    an_offer,
)
from tests.browser.acting import Person, Stage
from tests.browser.looking import look

pytestmark = pytest.mark.browser
PHONE, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
SOON_MS = 20_000
WHY = "U kunt minder dan een jaar geleden. Daarom komt er een middag bij."


def of_staff(
    stage: Stage, name: str, role: Role = Role.BROKER, place: int = 1771, *, javascript: bool = False
) -> Person:
    with stage.program.transaction() as session:
        actor = a_member_of_staff(stage.database, session, role=role, municipality_id=place, first_name=name)
    return Person(stage, actor, javascript=javascript, viewport=WIDE)


def asks(stage: Stage, name: str, title: str) -> tuple[Person, UUID]:
    """Somebody on a phone who asked for something."""
    with stage.program.transaction() as session:
        asker = a_person(session, first_name=name)
        asked = a_request(session, act(session, asker), titel=title).id
    return Person(stage, asker, viewport=PHONE), asked


def the_day(stage: Stage, days: int = 0) -> str:
    with stage.program.transaction() as session:
        return (today(session) + timedelta(days=days)).isoformat()


def test_a_case_gets_a_stand_in_for_a_week_and_then_another_face_and_its_asker_reads_who(
    stage: Stage, axe_source: str
) -> None:
    ria, asked = asks(stage, "Ria", "Boodschappen op vrijdag")
    samira, marja = of_staff(stage, "Samira"), of_staff(stage, "Marja")
    case = f"/bureau/zaken/{asked}"

    marja.visit(case).reads("Vast gezicht Marja").follow("Overdragen, meekijken, vervangen")
    marja.page.get_by_label("Wie vervangt?").select_option(label="Samira")
    marja.type("Vanaf welke dag?", the_day(stage)).type("Tot en met welke dag?", the_day(stage, 7))
    look(stage.browser, marja.page, axe_source)
    marja.press("Bewaar")
    samira.visit("/bureau?bak=van-mij").reads("Boodschappen op vrijdag")
    samira.visit(case).reads("Samira vervangt Marja")

    marja.visit(f"{case}/gezichten").page.get_by_label("Aan wie?").select_option(label="Samira")
    marja.press("Draag over").reads("Wat moet uw collega weten?")
    assert marja.page.get_by_label("Aan wie?").input_value() != ""
    marja.type("Wat moet uw collega weten?", "Ria belt liever in de ochtend.").press("Draag over")
    samira.visit(case).reads("Ria belt liever in de ochtend.").page.get_by_role(
        "button", name="Laat los"
    ).wait_for()
    ria.visit(f"/mijn/vragen/{asked}").reads("Samira")
    look(stage.browser, ria.page, axe_source)


def test_who_knows_more_is_asked_and_who_cuts_the_knot_is_the_only_one_who_can(
    stage: Stage, axe_source: str
) -> None:
    ria, asked = asks(stage, "Ria", "Iemand voor de nacht")
    samira, veerle = of_staff(stage, "Samira"), of_staff(stage, "Veerle")
    marja = of_staff(stage, "Marja")
    case = f"/bureau/zaken/{asked}"

    marja.visit(case).follow("Vraag advies, of laat de knoop doorhakken")
    marja.type("Of welke deskundige?", "casemanager dementie").type("Wat wilt u weten?", "Mag dit onbetaald?")
    marja.press("Vraag advies").reads("casemanager dementie", "Mag dit onbetaald?")
    marja.page.get_by_label("Wie hakt de knoop door?").select_option(label="Samira")
    marja.type("Waar zit het op vast?", "Niemand betaalt de nacht.").press("Laat de knoop doorhakken")
    marja.reads("Alleen Samira beslist hierover.")
    look(stage.browser, marja.page, axe_source)
    marja.visit(case).reads("Samira hakt de knoop door", "Advies van casemanager dementie")
    veerle.visit(f"{case}/overleg").reads("Alleen Samira beslist hierover.")
    assert veerle.page.get_by_label("Uw besluit, met waarom").count() == 0

    samira.visit(f"{case}/overleg").type("Uw besluit, met waarom", "De gemeente betaalt de nacht tot mei.")
    samira.press("Hak de knoop door").reads("De gemeente betaalt de nacht tot mei.")
    marja.visit(f"{case}/overleg").type("Het advies", "Niet onbetaald: dit is zorg.").press(
        "Schrijf het advies op"
    )
    marja.reads("Niet onbetaald: dit is zorg.")
    ria.visit(f"/mijn/vragen/{asked}").reads("De gemeente betaalt de nacht tot mei.")
    ria.does_not_read("casemanager dementie", "Niet onbetaald")
    look(stage.browser, ria.page, axe_source)


def test_what_was_closed_is_opened_again_with_all_that_was_known(stage: Stage, axe_source: str) -> None:
    ria, asked = asks(stage, "Ria", "Samen naar de markt")
    marja = of_staff(stage, "Marja")
    case = f"/bureau/zaken/{asked}"

    marja.visit(case).page.get_by_text("Vraag sluiten").click()
    marja.page.locator("[name=reden]").first.check()
    marja.page.locator("form[action$='/sluiten'] [name=toelichting]").fill("Haar zus gaat mee.")
    marja.press("Sluit de vraag").reads("Haar zus gaat mee.")
    marja.visit("/bureau?wie=allen").does_not_read("Samen naar de markt")
    marja.visit(case).press("Zoek weer").visit(case).reads("Haar zus gaat mee.")
    look(stage.browser, marja.page, axe_source)
    marja.visit("/bureau?wie=allen").reads("Samen naar de markt")
    ria.visit(f"/mijn/vragen/{asked}").reads("Wij zoeken iemand")


@pytest.mark.parametrize(("kind", "said"), [("verhuisd", "verhuisd"), ("overleden", "overleden")])
def test_who_moved_or_died_stops_at_once_for_everybody_and_a_mistake_is_undone(
    stage: Stage, axe_source: str, kind: str, said: str
) -> None:
    with stage.program.transaction() as session:
        harrie = a_person(session, first_name="Harrie")
        fatima, _ = a_helper(session, first_name="Fatima", minutenPerWeek=2400)
        agreed = an_agreement(
            session, act(session, harrie), fatima, titel="Boodschappen", hoeVaak="wekelijks"
        ).id
        an_offer(session, act(session, harrie), titel="Fietsen nakijken")
    marja, helper = of_staff(stage, "Marja"), Person(stage, fatima, viewport=PHONE)
    held = rows_of(stage.database, "SELECT count(*) FROM ledger.open_hold")[0][0]
    work = Work(Settings(), stage.program)

    marja.visit(f"/bureau/mensen/{harrie.person_id}/gebeurtenis")
    marja.page.locator(f"[name=gebeurtenis][value={kind}]").check()
    marja.page.get_by_label("Ik weet dit zeker").check()
    marja.press("Zet alles stil").reads(f"Harrie is {said}", "Terugzetten kan tot")
    for event in rows_of(stage.database, "SELECT id FROM life_event"):
        tasks.life_happened(work, str(event[0]))
    look(stage.browser, marja.page, axe_source)
    assert rows_of(stage.database, "SELECT count(*) FROM ledger.open_hold")[0][0] == 0
    helper.visit("/mijn/berichten").reads("Boodschappen").does_not_read(said)
    helper.visit(f"/mijn/afspraken/{agreed}").does_not_read(said)
    helper.visit("/hulpaanbod").does_not_read("Fietsen nakijken")

    marja.visit(f"/bureau/mensen/{harrie.person_id}/gebeurtenis").press("Zet alles terug")
    marja.reads("Wat is er gebeurd met Harrie?")
    for event in rows_of(stage.database, "SELECT id FROM life_event WHERE undone_at IS NOT NULL"):
        tasks.life_undone(work, str(event[0]))
    assert rows_of(stage.database, "SELECT count(*) FROM ledger.open_hold")[0][0] == held
    helper.visit("/hulpaanbod").reads("Fietsen nakijken")


def test_during_a_reassessment_all_goes_on_and_the_decision_is_read_in_the_same_words(
    stage: Stage, axe_source: str
) -> None:
    with stage.program.transaction() as session:
        ria = a_person(session)
    marja, her = of_staff(stage, "Marja"), Person(stage, ria, viewport=PHONE)

    marja.visit(f"/bureau/mensen/{ria.person_id}/plan")
    marja.type("Wat willen zij", "Thuis blijven wonen.").press("Maak het plan")
    plan = marja.page.url
    marja.page.get_by_text("Begin een herbeoordeling").click()
    marja.page.locator("form[action$='/herbeoordeling'] [name=werkdagen]").fill("10")
    marja.press("Begin").reads("Tot het besluit gaat alle hulp door zoals die is.")
    her.visit("/mijn/plan").reads("Tot dan gaat alle hulp gewoon door.")
    look(stage.browser, her.page, axe_source)

    marja.visit(plan).page.locator("[name=besluit]").first.check()
    marja.type("Wat betekent dit voor hen?", "Een middag erbij.").type("Waarom?", "Kort.")
    marja.page.locator("[name=ingangsdatum]").fill(the_day(stage, 1))
    marja.press("Leg het besluit vast")
    assert marja.page.get_by_label("Wat betekent dit voor hen?").input_value() == "Een middag erbij."
    look(stage.browser, marja.page, axe_source)
    marja.type("Waarom?", WHY).press("Leg het besluit vast").reads("Een middag erbij.", WHY)
    her.visit("/mijn/plan").reads("Een middag erbij.", WHY)
    look(stage.browser, her.page, axe_source)


def test_one_municipality_shares_its_settings_and_another_sees_first_what_would_change(
    stage: Stage, axe_source: str
) -> None:
    karin = of_staff(stage, "Karin", Role.MUNICIPALITY_ADMINISTRATOR)
    hein = of_staff(stage, "Hein", Role.MUNICIPALITY_ADMINISTRATOR, HELMOND)

    karin.visit("/gemeente/instellingen").type("Binnen hoeveel werkdagen belooft u iemand?", "7")
    karin.press("Bekijk eerst wat verandert").press("Bewaar deze instellingen")
    karin.visit("/gemeente/voorbeelden").type("Hoe heet het?", "Rustig beginnen")
    karin.type("Waarom werkt dit bij u?", "Wij hebben nog weinig vrijwilligers.").press("Deel dit voorbeeld")
    karin.reads("Rustig beginnen")
    look(stage.browser, karin.page, axe_source)

    hein.visit("/gemeente/voorbeelden").reads("Wij hebben nog weinig vrijwilligers.")
    assert hein.page.get_by_role("button", name="Deel dit niet meer").count() == 0
    hein.follow("Rustig beginnen").reads("Nog niets is bewaard.", "Wij beloven binnen 7 werkdagen iemand.")
    look(stage.browser, hein.page, axe_source)
    hein.press("Bewaar deze instellingen").reads("Uw instellingen zijn bewaard.")
    days = dict(rows_of(stage.database, "SELECT id, promise_days FROM municipality WHERE id IN (1771, 794)"))
    assert days == {1771: 7, 794: 7}
    karin.visit("/gemeente/voorbeelden").press("Deel dit niet meer: Rustig beginnen")
    hein.visit("/gemeente/voorbeelden").reads("Nog niemand deelde een voorbeeld.")


def test_work_that_stays_paid_here_is_asked_of_no_volunteer(stage: Stage, axe_source: str) -> None:
    with stage.program.transaction() as session:
        a_helper(session, first_name="Fatima")
        her = a_person(session)
    ria = Person(stage, her, viewport=PHONE)
    karin, marja = of_staff(stage, "Karin", Role.MUNICIPALITY_ADMINISTRATOR), of_staff(stage, "Marja")
    paid = karin.page.get_by_role("group", name="Dit is hier betaald werk").get_by_label("Samen op pad")

    karin.visit("/gemeente/instellingen").page.get_by_text("Kies het werk").click()
    paid.check()
    karin.press("Bekijk eerst wat verandert").reads("Nog niets is bewaard.", "Samen op pad")
    look(stage.browser, karin.page, axe_source)
    karin.press("Bewaar deze instellingen").reads("Uw instellingen zijn bewaard.")
    to_the_last_screen(ria).reads("U betaalt ervoor.")
    look(stage.browser, ria.page, axe_source)
    ria.press("Verstuur mijn vraag").reads("Wie heeft het")
    marja.visit("/bureau?wie=allen").follow("Samen naar de weekmarkt").reads("Niemand past")
    marja.does_not_read("Fatima")

    karin.visit("/gemeente/instellingen")
    paid.uncheck()
    karin.press("Bewaar de instellingen").reads("Uw instellingen zijn bewaard.")
    to_the_last_screen(ria).does_not_read("U betaalt ervoor.")
    ria.press("Verstuur mijn vraag").reads("Wie heeft het")
    kinds = rows_of(stage.database, "SELECT kind FROM help_request ORDER BY created_at")
    assert [row.kind for row in kinds] == ["betaald", "roosjes"]


def to_the_last_screen(person: Person) -> Person:
    """Asking, up to what others will see."""
    person.visit("/").type("Waar kunt u hulp bij gebruiken?", "Samen naar de weekmarkt").press("Vraag hulp")
    person.page.get_by_label("Samen op pad").check()
    return person.press("Verder").press("Verder").press("Verder").reads("Dit zien anderen niet")


def test_what_the_panel_said_gets_somebody_a_day_and_an_answer(stage: Stage, axe_source: str) -> None:
    marja = of_staff(stage, "Marja", Role.MUNICIPALITY_ADMINISTRATOR)

    marja.visit("/bureau/panel").type("In één zin", "Bellen duurt te lang")
    marja.page.locator("[name=datum]").fill(the_day(stage, -2))
    marja.press("Schrijf het op").reads("1 punt vraagt nog om een antwoord")
    marja.follow("Bellen duurt te lang").page.locator("[name=stap][value=opgepakt]").check()
    marja.type("Wie pakt het op?", "Het klantcontact")
    marja.page.locator("[name=voor]").fill(the_day(stage, 20))
    marja.press("Bewaar").reads("Het klantcontact")
    look(stage.browser, marja.page, axe_source)
    stage.travel(timedelta(days=30))
    marja.sign_in()
    marja.visit("/bureau/panel").reads("te laat").follow("Bellen duurt te lang")
    marja.page.locator("[name=stap][value=gedaan]").check()
    marja.type("Wat ermee gedaan is", "Er is een tweede telefoon.").press("Bewaar")
    marja.visit("/bureau/panel").reads("Ieder punt heeft een antwoord", "Er is een tweede telefoon.")
    look(stage.browser, marja.page, axe_source)


def test_a_case_is_done_by_keys_alone(stage: Stage) -> None:
    with stage.program.transaction() as session:
        a_helper(session, first_name="Fatima")
        asker = a_person(session, first_name="Ria")
        a_request(session, act(session, asker), titel="Samen naar de markt")
    marja = of_staff(stage, "Marja", javascript=True)
    keys = marja.page.keyboard

    marja.visit("/bureau?wie=allen")
    keys.press("j")
    keys.press("Enter")
    expect(marja.page.locator("h1")).to_have_text("Samen naar de markt", timeout=SOON_MS)
    keys.press("k")
    expect(marja.page.locator("main")).to_contain_text("Eén helper voorgesteld", timeout=SOON_MS)
    assert [row[0] for row in rows_of(stage.database, "SELECT status FROM proposal")] == ["proposed"]
    keys.press("o")
    expect(marja.page.locator("main")).not_to_contain_text("Eén helper voorgesteld", timeout=SOON_MS)
    assert rows_of(stage.database, "SELECT count(*) FROM proposal WHERE status = 'proposed'")[0][0] == 0
    keys.press("v")
    expect(marja.page.locator("[name=waarheen]")).to_be_focused(timeout=SOON_MS)
    keys.type("de bibliotheek")
    keys.press("Enter")
    expect(marja.page.locator("main")).to_contain_text("Marja stuurde door", timeout=SOON_MS)
    assert [row[0] for row in rows_of(stage.database, "SELECT status FROM help_request")] == ["referred"]
