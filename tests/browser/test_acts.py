"""Every act on an agreement by its button, without JavaScript: what the other reads, and what becomes of the Roosjes.

How to reach each other is there for both from the last yes on, and gone when it is over.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.agreements import occur
from app.clock import now, today
from app.matches import answer
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, act
from tests.browser.acting import Person, Stage, a_pair, at_one_moment, willing_to_help

pytestmark = pytest.mark.browser


def test_contact_is_there_after_the_last_yes_moves_along_and_is_gone_after_cancelling(stage: Stage) -> None:
    one, (other,), request_id, _ = willing_to_help(stage)
    ria, tonnie = Person(stage, one), Person(stage, other)
    ria.visit(f"/mijn/vragen/{request_id}").does_not_read(tonnie.email).follow("Kies Tonnie")
    ria.does_not_read(tonnie.email)
    tonnie.visit(f"/hulpvragen/{request_id}").does_not_read(ria.email)
    with stage.program.transaction() as session:
        day = today(session)
    ria.type("Welke dag?", (day + timedelta(days=4)).isoformat()).type("Hoe laat?", "10:00")
    ria.press("Spreek af met Tonnie").reads("Afgesproken")
    agreement_id: UUID = rows_of(stage.database, "SELECT id FROM agreement")[0].id

    tonnie.is_told("Afgesproken", "10.00 uur").reads("Ria", ria.email)
    ria.reaches(tonnie, agreement_id)
    ria.has_on_hold(1)

    tonnie.visit(f"/mijn/afspraken/{agreement_id}").follow("Ander moment")
    tonnie.type("Op welke dag?", (day + timedelta(days=6)).isoformat()).type("Hoe laat?", "14:30")
    tonnie.press("Stel dit moment voor").reads(
        "U stelde voor", "14.30 uur", "Tot dan blijft het zoals het staat."
    )
    ria.is_told("Kan het een andere keer?", "14.30 uur").reads("Tonnie vraagt een ander moment", "10.00 uur")
    ria.has_on_hold(1)
    ria.visit(f"/mijn/afspraken/{agreement_id}").press("Ja, dat is goed").reads(
        "Verplaatst", "14.30 uur", tonnie.email
    )
    tonnie.is_told("Verplaatst", "14.30 uur").reads("Verplaatst")
    ria.has_on_hold(1)

    ria.visit(f"/mijn/afspraken/{agreement_id}").follow("Afzeggen").does_not_read("kort van tevoren")
    ria.type("Wat is er aan de hand?", "Ik ben ziek").press("Deze keer afzeggen").reads("Afgezegd door u")
    tonnie.is_told("Afgezegd", "gaat niet door").reads("Afgezegd door Ria")
    tonnie.does_not_read("Afgezegd op de dag zelf", ria.email)
    ria.reaches(tonnie, agreement_id, there=False)
    ria.has_on_hold(0)


def test_a_helper_says_no_with_a_reason_that_the_asker_never_reads(stage: Stage) -> None:
    one, (other,), request_id, _ = willing_to_help(stage)
    ria, tonnie = Person(stage, one), Person(stage, other)

    tonnie.visit(f"/hulpvragen/{request_id}").page.locator("summary", has_text="Nu niet").click()
    tonnie.page.get_by_label("Het is te ver voor mij").check()
    tonnie.press("Nee, nu niet").reads("Dank u. Wij vragen een ander.")

    ria.is_told("Deze keer niet", "gaat nu niet samen door").does_not_read("te ver", tonnie.email)
    assert rows_of(stage.database, "SELECT reason FROM state_event WHERE after = 'declined'")[0].reason


@pytest.mark.parametrize("who", ["asker", "helper"])
def test_a_no_after_getting_acquainted_is_one_neutral_sentence(stage: Stage, who: str) -> None:
    one, (other,), _, (proposal_id,) = willing_to_help(stage)
    with stage.program.transaction() as session:
        answer.meet(session, act(session, one), proposal_id)
    ria, tonnie = Person(stage, one), Person(stage, other)
    speaker, listener = (ria, tonnie) if who == "asker" else (tonnie, ria)
    listener.is_told("Kennismaken", "codewoord").reads("Codewoord").does_not_read(speaker.email)

    speaker.visit(f"/mijn/afspraken/kennismaken/{proposal_id}").does_not_read(listener.email)
    speaker.page.locator("summary", has_text="Liever niet").click()
    speaker.type("Wilt u ons zeggen waarom?", "Wij zijn te verschillend").press("Liever niet")
    speaker.reads("Dit gaat nu niet samen door. Dank u voor het meedenken.")

    listener.is_told("Deze keer niet", "Dank u voor het meedenken").does_not_read("verschillend")
    listener.visit(f"/mijn/afspraken/kennismaken/{proposal_id}").reads("Dit gaat nu niet samen door.")
    listener.does_not_read("verschillend", speaker.email)


def test_a_late_cancellation_is_said_and_frees_the_roosjes(stage: Stage) -> None:
    pair = a_pair(stage)
    with stage.program.transaction() as session:
        row = occur.get(session, act(session, pair.asker.actor), pair.agreement_id).occurrences[0]
        until = row.starts_at - now(session)
    pair.later(until - timedelta(hours=5))
    pair.both_reach_each_other()
    pair.asker.has_on_hold(1)

    pair.opened_by(pair.helper).follow("Afzeggen").reads("Dit is kort van tevoren.")
    pair.helper.press("Deze keer afzeggen").reads("Afgezegd door u")

    pair.asker.is_told("Afgezegd").reads("Afgezegd door Tonnie", "Afgezegd op de dag zelf of de dag ervoor.")
    pair.asker.has_on_hold(0)
    pair.both_reach_each_other(there=False)


def test_who_waited_in_vain_says_so_and_nothing_is_booked(stage: Stage) -> None:
    with stage.program.transaction() as session:
        broker = a_member_of_staff(stage.database, session)
    pair = a_pair(stage)
    pair.later(timedelta(days=4))

    pair.opened_by(pair.asker).follow("Niet gekomen")
    pair.asker.type("Wat gebeurde er?", "Ik heb gewacht").press("Niet gekomen").reads("Niet gekomen")

    pair.helper.is_told("Niet gekomen", "geen Roosjes geboekt").reads("Niet gekomen")
    Person(stage, broker).is_told("Niet gekomen")
    pair.asker.has_on_hold(0)
    pair.asker.reads("U gaf en kreeg evenveel")
    pair.both_reach_each_other(there=False)


def test_what_two_see_differently_the_makelaar_decides_and_a_word_of_thanks_follows(stage: Stage) -> None:
    with stage.program.transaction() as session:
        broker = a_member_of_staff(stage.database, session)
    pair = a_pair(stage)
    pair.later(timedelta(days=4))
    pair.opened_by(pair.helper).press("Het is gebeurd").reads("Gedaan (wacht op ja van Ria)")
    pair.asker.is_told("Klopt het?").reads("Tonnie zegt dat het gebeurd is: 1 uur.").follow("Dit klopt niet")
    pair.asker.type("Vertel het in uw eigen woorden", "Het was een half uur").press("Dit klopt niet")
    pair.asker.reads("Tot dan verandert er niets.")
    pair.helper.is_told("Dit klopt niet", "Er verandert nog niets").does_not_read("half uur")
    pair.asker.has_on_hold(1)
    pair.both_reach_each_other()

    marja = Person(stage, broker).is_told("Dit klopt niet")
    marja.visit(f"/bureau/zaken/{pair.request_id}/keren/{pair.time_id}").reads("Wat is er gebeurd?")
    marja.type("Hoeveel minuten is er geholpen?", "30").press("Beslis")
    for person, sign in ((pair.asker, "−"), (pair.helper, "+")):
        person.is_told("Klaar", "Geboekt: 2 blaadjes").reads("Klaar")
        person.has_on_hold(0)
        person.reads(f"{sign} 30 min")
    pair.both_reach_each_other(there=False)

    pair.opened_by(pair.asker).follow("Bedanken")
    pair.asker.type("Uw bedankje", "Fijn dat u er was").press("Stuur het bedankje")
    pair.helper.is_told("U kreeg een bedankje").reads("Fijn dat u er was")


def test_a_series_stops_at_once_and_lets_all_roosjes_go(stage: Stage) -> None:
    pair = a_pair(stage, hoeVaak="wekelijks")
    pair.asker.has_on_hold(2)
    pair.both_reach_each_other()

    pair.opened_by(pair.helper).follow("De hele reeks stoppen")
    pair.helper.type("Wilt u zeggen waarom?", "Ik verhuis").press("Ja, stop de hele reeks").reads("Gestopt")

    pair.asker.is_told("Gestopt").reads("Gestopt")
    pair.asker.has_on_hold(0)
    pair.both_reach_each_other(there=False)


def test_of_two_choices_at_one_moment_one_wins_and_the_other_reads_so_kindly(stage: Stage) -> None:
    one, helpers, request_id, proposals = willing_to_help(stage, helpers=2)
    phone, tablet = Person(stage, one), Person(stage, one)
    with stage.program.transaction() as session:
        day = (today(session) + timedelta(days=4)).isoformat()
    for browser, proposal_id in zip((phone, tablet), proposals, strict=True):
        browser.visit(f"/mijn/vragen/{request_id}/kies/{proposal_id}")
        browser.type("Welke dag?", day).type("Hoe laat?", "10:00")

    def pressed(browser: Person) -> Callable[[], None]:
        button = browser.page.locator("main").get_by_role("button", name="Spreek af met").first
        return lambda: button.click(no_wait_after=True)

    answers: list[int] = []
    for browser in (phone, tablet):
        browser.page.on(
            "response", lambda got: answers.append(got.status) if got.request.method == "POST" else None
        )
    at_one_moment(stage, request_id, [pressed(phone), pressed(tablet)])
    for browser in (phone, tablet):
        browser.page.wait_for_url(lambda url: url.endswith("/afspreken") or "/kies/" not in url)

    assert sorted(answers) == [303, 409]
    (loser,) = [browser for browser in (phone, tablet) if browser.page.url.endswith("/afspreken")]
    loser.reads("Iemand was u net voor", "Kijk hoe het nu is").does_not_read("Er ging iets mis")
    phone.has_on_hold(1)
    kept = "SELECT (SELECT count(*) FROM agreement), (SELECT count(*) FROM ledger.open_hold)"
    assert tuple(rows_of(stage.database, kept)[0]) == (1, 1)
    agreed, full = (
        Person(stage, helper)
        for helper in sorted(helpers, key=lambda who: rows_of(
            stage.database, "SELECT status FROM proposal WHERE helper_id = :id", id=who.person_id)[0].status)
    )  # fmt: skip
    agreed.is_told("Afgesproken").reads("Ria")
    full.is_told("Iemand was u net voor", "U staat op de wachtlijst").reads("U staat op de wachtlijst")
    full.does_not_read(phone.email)
