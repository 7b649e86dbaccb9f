"""The chain in a real browser, each story between all its people: on a phone without JavaScript, and at a wide desk."""

from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize

from app.access.actor import Actor
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program
from app.partners import people
from app.referrals import links
from app.secrets import installation_secret
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, a_willing_helper, act
from tests.app.referrals.making import Chain
from tests.browser.acting import Person, Stage
from tests.browser.looking import PHONE, look
from tests.databases import Database
from web import dutch

pytestmark = pytest.mark.browser
WIDE = ViewportSize(width=1280, height=900)


@pytest.fixture
def chain(fresh_database: Database, program: Program) -> Chain:
    return Chain(fresh_database, program)


class Story:
    """Everybody of a story has a browser of their own, and each page that matters is looked at in one window."""

    def __init__(self, stage: Stage, chain: Chain, axe_source: str) -> None:
        self.stage, self.chain, self.axe = stage, chain, axe_source
        self.desk = Person(stage, chain.marja, viewport=WIDE)

    def somebody(self, first_name: str) -> Person:
        with self.stage.program.transaction() as session:
            actor = a_person(session, first_name=first_name, telefoon="06 12345678")
        return Person(self.stage, actor, viewport=PHONE)

    def nobody(self) -> Person:
        """Somebody who is not signed in."""
        person = self.somebody("Niemand")
        person.context.clear_cookies()
        return person

    def look(self, *people: Person) -> None:
        for one in people:
            phone = one.actor not in (self.chain.marja, self.chain.samira)
            look(self.stage.browser, one.page, self.axe, viewport=PHONE if phone else WIDE, thumb=phone)


@pytest.fixture
def story(stage: Stage, chain: Chain, axe_source: str) -> Story:
    return Story(stage, chain, axe_source)


def opened(person: Person, summary: str) -> Person:
    """Something that is folded away at first."""
    person.page.locator("main summary").filter(has_text=summary).first.click()
    return person


def test_a_practice_refers_and_hears_what_came_of_it(story: Story) -> None:
    stage, chain, desk = story.stage, story.chain, story.desk
    desk.visit("/bureau/verwijzers").reads("Praktijk De Linde", "De link van")
    practice = story.nobody()
    token = links.token_of(installation_secret(stage.site.settings), chain.link)
    practice.visit(f"/verwijs/{token}").reads("Praktijk De Linde verwijst")
    typed = {
        "Voornaam": "Greet", "Telefoon van de bewoner": "06 22334455", "Postcode": "5664 HJ",
        "In eigen woorden": "Ik zie weinig mensen.", "Uw naam en functie": "Anja, POH",
    }  # fmt: skip
    for label, value in typed.items():
        practice.type(label, value)
    practice.page.get_by_label("Het liefst").select_option("mensen")
    practice.press("Verwijs").reads("Er is nog één ding", "Zonder ja bewaren wij niets")
    story.look(practice)
    practice.page.get_by_label("De bewoner vindt goed dat u dit stuurt").check()
    practice.page.get_by_label("De verwijzer mag horen hoe het gaat").check()
    practice.press("Verwijs").reads("De verwijzing is binnen", "Wij zoeken wie het oppakt")
    told = practice.page.url
    desk.visit("/bureau/kernteam").reads("Eén bewoner heeft nog niemand", "Ik zie weinig mensen.")
    story.look(desk)
    desk.page.get_by_label("Of organisatie").first.select_option(label="Samen Thuis")
    desk.page.get_by_role("button", name="Deel uit").first.click()
    desk.reads("Iedereen heeft iemand")
    els = Person(stage, chain.els, viewport=PHONE)
    els.visit("/organisatie/verwijzingen").reads("Kunt u één bewoner helpen?")
    story.look(els)
    els.follow("Greet").press("Ja, wij pakken het op")
    els.page.get_by_label("Ik belde en sprak de bewoner").check()
    els.press("Schrijf op").press("Er is iets begonnen")
    els.type("Wat Anja", "Greet zingt bij het koor.").press("Vertel het")
    story.look(els)
    practice.page.goto(told)
    practice.reads("Er is iets begonnen.", "Greet zingt bij het koor.", "Samen Thuis")
    story.look(practice)
    # Greet is somebody of whom the desk knows from here on, and takes her yes back
    desk.visit("/bureau/verwijzingen?bak=loopt").follow("Mensen leren kennen").press("Schrijf Greet in")
    found = "SELECT person_id FROM referral WHERE first_name = 'Greet'"
    key = rows_of(stage.database, found)[0].person_id
    greet = Person(stage, Actor(person=key), viewport=PHONE)
    greet.visit("/mijn/verwijzingen").reads(
        "Anja, POH, Praktijk De Linde meldde u aan", "Ik zie weinig mensen."
    )
    story.look(greet)
    greet.press("Vertel het liever niet meer").reads("hoort niets meer")
    practice.page.goto(told)
    practice.reads("De bewoner wil niet dat wij meer vertellen").does_not_read("Greet zingt")


def test_who_comes_home_from_hospital_has_somebody_a_stand_in_and_all_that_is_needed(story: Story) -> None:
    key = story.chain.from_hospital(magTerugvertellen=True)
    desk = story.desk.visit("/bureau/verwijzingen").follow("Hulp in huis")
    desk.reads("Greet komt thuis uit het ziekenhuis", "vervanger:", "Nog 2 dingen te regelen", "klaar vóór")
    story.look(desk)
    for who in ("buurvrouw Tiny", "de wasserette"):
        desk.page.get_by_label("Wie doet dit?").first.fill(who)
        desk.page.get_by_role("button", name="Geregeld").first.click()
    desk.reads("Thuis is alles geregeld", "buurvrouw Tiny", "de wasserette")
    desk.page.get_by_label("Ik belde en sprak de bewoner").check()
    desk.press("Schrijf op").reads("alles is geregeld").visit("/bureau/verwijzingen").reads(
        "alles is geregeld"
    )
    story.look(desk)
    assert str(key) in desk.page.content()


def test_on_the_telephone_all_is_done_on_one_screen_read_back_and_put_on_paper(story: Story) -> None:
    stage, desk, ria = story.stage, story.desk, story.somebody("Ria")
    desk.visit(f"/bureau/mensen/{ria.actor.person_id}").follow("Aan de lijn").reads("Wat wil Ria regelen?")
    desk.press("Lees het voor").reads("Er is niets gekozen")
    story.look(desk)
    opened(desk, "Biedt iets nieuws aan").type("Wat, in een paar woorden?", "Voorlezen")
    desk.page.get_by_label("Waar gaat het over?").select_option("samen-op-pad")
    desk.page.get_by_label("Nooit meer iets vragen").check()
    desk.press("Lees het voor").reads("U biedt aan: Voorlezen", "Klopt dat, en mag ik het zo voor u doen?")
    story.look(desk)
    desk.press("Ria zei ja, doe het").reads("Geregeld met Ria", "U biedt aan: Voorlezen")
    story.look(desk)
    letter = desk.page.get_by_role("link", name="Druk de brief af").get_attribute("href")
    assert letter
    paper = desk.context.request.get(letter)
    assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
    ria.visit("/mijn/aanbod").reads("Voorlezen")
    # at the door, another day: she stops with it
    desk.visit(f"/bureau/mensen/{ria.actor.person_id}/aan-de-lijn").reads(
        "niet vragen", "Eerder samen geregeld"
    )
    desk.page.get_by_role("group", name="Stopt met").get_by_label("Voorlezen").check()
    desk.page.get_by_label("aan de deur of op bezoek").check()
    desk.press("Lees het voor").reads("U stopt met aanbieden: Voorlezen.").press("Ria zei ja, doe het")
    desk.reads("aan de deur of op bezoek", "U stopt met aanbieden: Voorlezen.")
    said = rows_of(stage.database, "SELECT way, lines FROM phone_talk ORDER BY at")
    assert [(row.way, len(row.lines)) for row in said] == [("telefoon", 2), ("deur", 1)]
    # on the telephone she chooses who comes, and later another day; who helps reads both, and says yes
    with stage.program.transaction() as session:
        fatima, _ = a_helper(session, first_name="Fatima")
        asked = a_request(session, act(session, ria.actor), titel="Samen naar de markt")
        a_willing_helper(session, ria.actor, fatima, asked)
        soon, later = (today(session) + timedelta(days=days) for days in (5, 6))
    helper = Person(stage, fatima, viewport=PHONE)
    line = f"/bureau/mensen/{ria.actor.person_id}/aan-de-lijn"
    for field, words, day in (
        ("kiest", "Kiest wie komt helpen", soon),
        ("verzet", "Verzet een afspraak", later),
    ):
        part = opened(desk.visit(line), words).page.locator(f"details:has([name={field}])")
        part.locator(f"[name={field}]").select_option(index=1)
        desk.press("Lees het voor").reads("Welke dag")  # what is missing is said where it is missing
        part.locator(f"[name={field}Dag]").fill(day.isoformat())
        part.locator(f"[name={field}Tijd]").fill("10:00")
        desk.press("Lees het voor").reads("Fatima", dutch.day(day), "10.00 uur")
        desk.press("Ria zei ja, doe het").reads(dutch.day(day))
    agreed = rows_of(stage.database, "SELECT id FROM agreement")[0].id
    helper.visit(f"/mijn/afspraken/{agreed}").reads(dutch.day(soon), dutch.day(later))


def test_an_organisation_joins_signs_and_gets_its_own_people(story: Story) -> None:
    stage, chain, desk = story.stage, story.chain, story.desk
    with stage.program.transaction() as session:
        an = a_member_of_staff(stage.database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="An")
    with stage.program.transaction() as session:
        yvon, _ = a_helper(session, first_name="Yvon")
    town, volunteer, kees = Person(stage, an), Person(stage, yvon, viewport=PHONE), story.somebody("Kees")
    town.visit("/bureau/overeenkomst").type("De tekst", "Niemand wordt doorgestuurd zonder ja.").press(
        "Leg deze versie voor"
    )
    town.reads("De overeenkomst, versie 1")
    kees.visit("/voor-organisaties").follow("Meld uw organisatie aan")
    for label, value in (
        ("Naam van uw organisatie", "Koor Vals Alarm"), ("Wat doet u, en voor wie?", "Wij zingen op dinsdag."),
        ("Telefoon van de organisatie", "040 7654321"), ("Wat doet u daar?", "voorzitter"),
    ):  # fmt: skip
        kees.type(label, value)
    kees.page.get_by_label("Wat voor organisatie?").select_option("club")
    kees.press("Meld ons aan").reads("bellen u binnen 5 werkdagen", "wij lezen het")
    story.look(kees)
    desk.visit("/bureau/meedoen").reads("Koor Vals Alarm")
    story.look(desk)
    desk.page.get_by_role("button", name="Laat meedoen").click()
    desk.reads("Er wacht geen organisatie")
    kees.sign_in()  # who gets a role signs in anew
    kees.visit("/organisatie").reads("Koor Vals Alarm", "stappen").follow("Teken de overeenkomst")
    kees.reads("Niemand wordt doorgestuurd zonder ja.").type("Uw naam", "Kees de Wit").type(
        "Uw functie", "voorzitter"
    )
    kees.page.get_by_label("Ik las deze versie").check()
    kees.press("Teken").reads("U tekende, nu de gemeente nog")
    town.visit("/bureau/overeenkomst").reads("Eén handtekening wacht").type("Uw naam", "An").type(
        "Uw functie", "wethouder"
    )
    town.page.get_by_label("Ik las deze versie").check()
    town.press("Teken")
    kees.visit("/organisatie/overeenkomst").reads("De overeenkomst staat", "Kees de Wit", "An, wethouder")
    story.look(kees)
    kees.visit("/organisatie/mensen").type("Voornaam", "Yvon").type("E-mailadres", volunteer.email)
    kees.page.get_by_label("helpt alleen mensen van ons").check()
    kees.press("Stuur de uitnodiging").reads("De uitnodiging is verstuurd")
    key = rows_of(stage.database, "SELECT id FROM organisation_invitation")[0].id
    token = people.token_of(installation_secret(stage.site.settings), key)
    volunteer.visit(f"{people.PAGE}?t={token}").reads("Doet u mee bij Koor Vals Alarm?", "alleen mensen van")
    story.look(volunteer)
    volunteer.press("Ja, ik doe mee").reads("U doet mee", "U helpt alleen mensen van deze organisatie")
    kees.visit("/organisatie/mensen").reads("Yvon", "alleen voor ons")
    kees.page.get_by_role("button", name="Deel met iedereen").click()
    kees.reads("gedeeld met iedereen")
    story.look(kees)
    # the desk knows another with whom they could do something
    desk.visit("/bureau/introducties")
    for field, name in (("Organisatie", "Koor Vals Alarm"), ("En", "Samen Thuis")):
        desk.page.locator("main").get_by_label(field, exact=True).select_option(label=name)
    desk.type("Wat kunnen zij samen?", "Zingen na het eten.").press("Vraag beide").reads("wacht op een ja")
    story.look(desk)
    els = Person(stage, chain.els, viewport=PHONE)
    for side in (kees, els):
        side.visit("/organisatie/kennismaken").reads("Zingen na het eten.")
        side.does_not_read("+31407654321", "040 765 43 21")  # the desk's own telephone is there
        side.page.get_by_role("button", name="Ja, graag").click()
    els.reads("U kunt elkaar bereiken", "040 765 43 21")
    story.look(els)


def test_a_neighbour_is_looked_in_on_and_two_who_quarrel_get_somebody_trained(story: Story) -> None:
    stage, desk = story.stage, story.desk
    joop, ria, seer = story.somebody("Joop"), story.somebody("Ria"), story.nobody()
    seer.visit("/zorg-om-iemand?gemeente=1771").page.get_by_label("Buur", exact=True).check()
    seer.type("Wat zag u?", "De gordijnen blijven dicht.").type("Postcode van de straat", "5664 HJ")
    seer.type("Naam van de ander", "Greet Jansen").press("Vertel het ons").reads(
        "Een naam bewaarden wij niet"
    )
    story.look(seer)
    desk.visit("/bureau/omzien").reads("naam niet bekend", "De gordijnen blijven dicht.").does_not_read(
        "Greet Jansen"
    )
    with stage.program.transaction() as session:
        day = today(session)
    opened(desk, "Schrijf op").page.get_by_label("Ik ga langs of bel").check()
    desk.type("Op welke dag?", day.isoformat()).press("Bewaar").reads("Gepland:", "Marja")
    story.look(desk)
    desk.visit("/bureau/omzien/buurten").reads("Waar ouderen wonen")
    # Joop is there for his neighbourhood by his own yes, and was trained to mediate
    desk.visit(f"/bureau/mensen/{joop.actor.person_id}").follow("Maak vertrouwensmens")
    desk.type("Postcode van de buurt", "5664 HJ").press("Voeg toe").reads("Vraag eerst of iemand dit wil")
    desk.page.get_by_label("Deze mens wil dit").check()
    desk.press("Voeg toe").reads("Joop")
    story.look(desk)
    seer.visit("/vertrouwensmensen?gemeente=1771").reads("Joop")
    desk.visit(f"/bureau/mensen/{joop.actor.person_id}").follow("Maak bemiddelaar")
    desk.type("Training gezien", (day - timedelta(days=30)).isoformat())
    desk.type("Geldt tot", (day + timedelta(days=300)).isoformat()).press("Voeg toe").reads("Joop")
    ria.visit("/mijn/bemiddeling").type("Wat speelt er?", "De heg is te hoog.").type("Met wie?", "nummer 14")
    ria.press("Vraag een bemiddelaar").reads("Wij zoeken een bemiddelaar")
    desk.visit("/bureau/bemiddeling").reads("Ria", "Nog niemand bemiddelt").does_not_read(
        "De heg", "nummer 14"
    )
    story.look(desk)
    desk.page.get_by_label("Wie bemiddelt?").select_option(label="Joop")
    desk.page.get_by_role("button", name="Vraag deze bemiddelaar").click()
    joop.visit("/bemiddelen").reads("De heg is te hoog.", "nummer 14", "06 12 34 56 78")
    story.look(joop)
    joop.page.get_by_label("De ander wil ook praten").check()
    joop.page.locator("textarea[name=notitie]").fill("Bo schrok ervan.")
    joop.page.get_by_role("button", name="Schrijf op").click()
    joop.reads("De ander wil ook praten", "Bo schrok ervan.")
    ria.visit("/mijn/bemiddeling").reads("De ander wil ook praten", "Joop bemiddelt").does_not_read(
        "Bo schrok"
    )
    story.look(ria)
    desk.visit("/bureau/bemiddeling").reads("Beide buren willen praten").does_not_read("Bo schrok", "De heg")
    seer.visit("/bemiddelen").does_not_read("De heg")
    joop.visit("/vertrouwensmensen").press("Ik stop hiermee").reads("Hier is nog niemand")
