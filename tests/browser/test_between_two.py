"""Two people on their phones, with JavaScript and without: writing, another moment, how it was, and our being late."""

import time
from datetime import timedelta
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.agreements import occur
from app.clock import today
from app.jobs import tasks
from app.jobs.work import Work
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, an_agreement
from tests.browser.acting import TITLE, WAIT_S, Person, Stage, willing_to_help
from tests.browser.looking import PHONE, look

pytestmark = pytest.mark.browser


@pytest.fixture(params=[False, True], ids=["without-javascript", "with-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def on_a_phone(stage: Stage, actor: Actor, javascript: bool) -> Person:
    return Person(stage, actor, javascript=javascript, viewport=PHONE)


def mails(stage: Stage, person: Person, subject: str, *, until: int) -> int:
    """How many mails with this subject somebody got, once there are so many."""
    end = time.monotonic() + WAIT_S
    while True:
        found = [mail for mail in stage.site.mails_to(person.email) if mail["Subject"] == subject]
        if len(found) >= until or time.monotonic() > end:
            return len(found)
        time.sleep(0.05)


def test_they_write_from_the_first_yes_and_are_told_once(
    stage: Stage, axe_source: str, javascript: bool
) -> None:
    one, (other,), request_id, (proposal_id,) = willing_to_help(stage)
    ria, tonnie = (on_a_phone(stage, who, javascript) for who in (one, other))
    ria.visit(f"/mijn/vragen/{request_id}").follow("Schrijf Tonnie").reads("Gesprek met Tonnie")
    look(stage.browser, ria.page, axe_source)

    ria.type("Uw bericht", "Bel me op 06 12345678").press("Verstuur")
    ria.reads("Hier staat een telefoonnummer.")
    assert ria.page.get_by_label("Uw bericht").input_value() == "Bel me op 06 12345678"
    look(stage.browser, ria.page, axe_source)
    ria.type("Uw bericht", "Komt dinsdag u uit?").press("Verstuur").reads("Komt dinsdag u uit?")
    ria.type("Uw bericht", "Om tien uur bijvoorbeeld").press("Verstuur").reads("Om tien uur bijvoorbeeld")
    ria.page.reload()
    ria.page.go_back()

    assert rows_of(stage.database, "SELECT count(*) FROM message")[0][0] == 2
    assert mails(stage, tonnie, "U heeft een bericht", until=1) == 1
    (mail,) = (one for one in stage.site.mails_to(tonnie.email) if one["Subject"] == "U heeft een bericht")
    assert "dinsdag" not in str(mail)
    tonnie.is_told("U heeft een bericht").reads("Komt dinsdag u uit?", "nieuw")
    look(stage.browser, tonnie.page, axe_source)
    tonnie.visit("/mijn/berichten").reads("Gesprekken", "Ria").does_not_read("2 nieuw")
    look(stage.browser, tonnie.page, axe_source)
    tonnie.visit(f"/mijn/gesprekken/{proposal_id}")
    tonnie.type("Uw bericht", "Dat is goed").press("Verstuur").reads("Dat is goed")
    ria.is_told("U heeft een bericht").reads("Dat is goed")


def test_numbers_are_shared_when_both_say_so_and_a_block_closes_the_door(
    stage: Stage, axe_source: str, javascript: bool
) -> None:
    one, (other,), _, (proposal_id,) = willing_to_help(stage)
    ria, tonnie = (on_a_phone(stage, who, javascript) for who in (one, other))
    path = f"/mijn/gesprekken/{proposal_id}"
    ria.visit(path).press("Deel ze met Tonnie").reads("Zegt Tonnie ook ja?").does_not_read(tonnie.email)
    tonnie.visit(path).does_not_read(ria.email)
    tonnie.press("Deel ze met Ria").reads("U deelt ze met elkaar.", ria.email)
    ria.visit(path).reads(tonnie.email)
    look(stage.browser, ria.page, axe_source)

    ria.follow("Er is iets niet goed")
    ria.visit(f"/blokkeren/voorstel/{proposal_id}")
    ria.page.locator("main button[type=submit]").first.click()
    tonnie.visit(path).reads("U kunt elkaar hier niet meer schrijven.").does_not_read(ria.email, "blok")
    look(stage.browser, tonnie.page, axe_source)


def agreed(stage: Stage, javascript: bool) -> tuple[Person, Person, UUID, UUID, UUID]:
    with stage.program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, minutenPerWeek=2400)
        agreement = an_agreement(session, asker, helper)
        time_id = occur.get(session, asker, agreement.id).occurrences[0].id
    ria, tonnie = (on_a_phone(stage, who, javascript) for who in (asker, helper))
    return ria, tonnie, agreement.id, agreement.help_request_id, time_id


def test_another_moment_is_proposed_answered_with_another_and_agreed(
    stage: Stage, axe_source: str, javascript: bool
) -> None:
    ria, tonnie, agreement_id, request_id, _ = agreed(stage, javascript)
    with stage.program.transaction() as session:
        day = today(session)

    def proposes(person: Person, days: int, at: str) -> None:
        person.visit(f"/mijn/afspraken/{agreement_id}").follow("Ander moment")
        look(stage.browser, person.page, axe_source)
        person.type("Op welke dag?", (day + timedelta(days=days)).isoformat()).type("Hoe laat?", at)
        person.press("Stel dit moment voor").reads("U stelde voor")

    proposes(ria, 5, "14:00")
    tonnie.is_told("Kan het een andere keer?", "14.00 uur").reads("Ria vraagt een ander moment", "10.00 uur")
    look(stage.browser, tonnie.page, axe_source)
    proposes(tonnie, 6, "15:30")
    ria.visit("/mijn/afspraken").reads("Wacht op u", "15.30 uur")
    look(stage.browser, ria.page, axe_source)
    ria.visit(f"/mijn/afspraken/{agreement_id}").press("Ja, dat is goed").reads("Verplaatst", "15.30 uur")
    look(stage.browser, ria.page, axe_source)

    tonnie.is_told("Verplaatst", "15.30 uur").page.locator(
        "summary", has_text="Hoe dit moment gekozen werd"
    ).click()
    tonnie.reads("Ria stelde voor", "U stelde voor", "Ria zei ja").does_not_read("Er is net iets veranderd")
    ria.visit(f"/mijn/vragen/{request_id}").reads("U en Tonnie kozen een ander moment", "15.30 uur")
    ria.has_on_hold(1)


def test_after_help_both_say_how_it_was_and_what_is_not_finished_goes_back(
    stage: Stage, axe_source: str, javascript: bool
) -> None:
    ria, tonnie, agreement_id, request_id, _ = agreed(stage, javascript)
    with stage.program.transaction() as session:
        makelaar = a_member_of_staff(stage.database, session)
    stage.travel(timedelta(days=4))
    for person in (ria, tonnie):
        person.sign_in()
    for person, button in ((tonnie, "Het is gebeurd"), (ria, "Ja, dit klopt")):
        person.visit("/mijn/afspraken").page.locator("main").get_by_role("button", name=button).first.click()
    ria.reads("Tonnie kreeg 1 Roosje.")

    ria.follow("Tevreden?")
    look(stage.browser, ria.page, axe_source)
    ria.press("Verstuur").reads("Kies een van de drie.")
    look(stage.browser, ria.page, axe_source)
    ria.page.get_by_label("Niet tevreden").check()
    ria.type("Wilt u er iets bij schrijven?", "De tas bleef staan")
    ria.page.get_by_label("Tonnie leest het ook").check()
    ria.press("Verstuur").reads("Niet tevreden", "De tas bleef staan")
    look(stage.browser, ria.page, axe_source)
    tonnie.is_told("De ander schreef iets").reads(
        "Ria: Niet tevreden", "De tas bleef staan", "kreeg 1 Roosje"
    )
    tonnie.follow("Tevreden?").page.get_by_label("Tevreden", exact=True).check()
    tonnie.type("Wilt u er iets bij schrijven?", "Alleen voor u").press("Verstuur").reads(
        "Alleen wij lezen dit."
    )
    ria.visit(f"/mijn/afspraken/{agreement_id}").does_not_read("Alleen voor u")

    ria.visit(f"/mijn/vragen/{request_id}").reads("Klaar").follow("Het is toch niet klaar")
    look(stage.browser, ria.page, axe_source)
    ria.type("Vertel het in uw eigen woorden", "De tas staat er nog").press("Het is toch niet klaar")
    ria.reads("Wij lezen uw vraag", "U zei: het is toch niet klaar")
    look(stage.browser, ria.page, axe_source)

    marja = Person(stage, makelaar)
    marja.visit(f"/bureau/zaken/{request_id}").reads(
        "zegt: het is toch niet klaar", "De tas staat er nog", "Ria is niet tevreden", "Alleen voor u"
    )


def test_the_page_says_by_itself_that_we_are_late_and_the_asker_is_told_once(
    stage: Stage, axe_source: str, javascript: bool
) -> None:
    with stage.program.transaction() as session:
        asker = a_person(session)
        request_id = a_request(session, asker).id
    ria = on_a_phone(stage, asker, javascript)
    ria.visit(f"/mijn/vragen/{request_id}").reads("Wij zoeken iemand", "uiterlijk")
    stage.travel(timedelta(days=12))
    ria.sign_in()

    ria.visit(f"/mijn/vragen/{request_id}").reads("Wij zijn te laat.", "Dat spijt ons.", "Wij beloofden")
    look(stage.browser, ria.page, axe_source)
    for _ in range(2):
        tasks.tell_late(Work(stage.site.settings, stage.program))

    assert mails(stage, ria, "Wij zijn te laat", until=1) == 1
    ria.is_told("Wij zijn te laat", TITLE).reads("Wij zijn te laat.")
