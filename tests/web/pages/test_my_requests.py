"""One's own questions: how they read, choosing who helps, changing and stopping."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.clock import today
from app.db import Database as Program, Scope
from app.help_requests import service as help_requests, upkeep
from app.help_requests.schemas import Closing
from app.matches import answer
from app.moderation import queues
from app.people import service as people
from app.places.service import municipality
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
Travel = Callable[[timedelta], None]


@pytest.fixture
def ria(program: Program) -> Actor:
    """Who asks."""
    with program.transaction() as session:
        return a_person(session, achternaam="van Dinther", telefoon="0612345678", huisnummer="12")


def asked(program: Program, ria: Actor, **changes: object) -> UUID:
    """An open question of Ria's."""
    with program.transaction() as session:
        return a_request(session, act(session, ria), **changes).id


def with_somebody(program: Program, ria: Actor, **request: object) -> tuple[UUID, UUID]:
    """An open question and a yes from Tonnie."""
    with program.transaction() as session:
        act(session, ria)
        row = a_request(session, ria, **request)
        helper, _ = a_helper(session)
        return row.id, a_willing_helper(session, ria, helper, row).id


def test_an_open_question_says_who_has_it_what_now_and_by_when(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{asked(program, ria)}")
    assert visitor.says("Wij zoeken iemand")
    assert visitor.says("Wie heeft het")
    assert visitor.says("U hoort het uiterlijk")
    assert visitor.says("U stuurde uw vraag")


def test_late_is_said(visit: Browsers, program: Program, ria: Actor, travel: Travel) -> None:
    id = asked(program, ria)
    travel(timedelta(days=8))
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert visitor.says("Nog niemand gevonden")
    assert visitor.says("Wij zijn te laat. Dat spijt ons.")


def test_what_is_opened_anew_gets_the_whole_promise_again(
    visit: Browsers, program: Program, ria: Actor, fresh_database: Database, travel: Travel
) -> None:
    id = asked(program, ria)
    travel(timedelta(days=60))
    with program.transaction(Scope(municipalities=frozenset({1771}))) as session:
        upkeep.expire_due(session)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")

    visitor.post(f"/mijn/vragen/{id}/verder")

    assert visitor.says("Wij zoeken iemand")
    assert not visitor.says("Wij zijn te laat")
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        assert queues.board(session, marja, municipality(session, 1771)).late == 0
    travel(timedelta(days=8))
    later = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert later.says("Wij zijn te laat. Dat spijt ons.")


def test_a_new_question_that_is_read_first_says_so(visit: Browsers, program: Program, ria: Actor) -> None:
    id = asked(program, ria, categorie="iets-anders-of-ik-weet-het-niet")
    assert visit().sign_in(program, ria).get(f"/mijn/vragen/{id}").says("Wij lezen uw vraag")


def test_somebody_who_is_willing_is_shown_with_reasons(visit: Browsers, program: Program, ria: Actor) -> None:
    id, _ = with_somebody(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert visitor.says("Er is iemand: kiest u?")
    assert visitor.says("Past heel goed") or visitor.says("Past goed")
    assert visitor.says("doet dit graag: samen op pad")
    assert visitor.says("Kies Tonnie")
    assert visitor.says("Tonnie wil u helpen")


def test_one_gets_acquainted_before_a_day_is_agreed(visit: Browsers, program: Program, ria: Actor) -> None:
    id, proposal_id = with_somebody(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/kies/{proposal_id}")
    visitor.post(f"/mijn/vragen/{id}/kies/{proposal_id}/kennismaken")
    assert visitor.says("U maakt kennis met Tonnie")
    assert visitor.says("Codewoord bij de deur:")
    assert visitor.rows("SELECT status FROM proposal")[0].status == "meeting"


def test_a_day_and_time_make_the_appointment_once(visit: Browsers, program: Program, ria: Actor) -> None:
    id, proposal_id = with_somebody(program, ria)
    path = f"/mijn/vragen/{id}/kies/{proposal_id}"
    with program.transaction() as session:
        day = today(session) + timedelta(days=4)
    visitor = visit().sign_in(program, ria).get(path)
    token = visitor.csrf
    for _ in range(2):
        visitor.post(f"{path}/afspreken", csrf=token, datum=f"{day.day}-{day.month}-{day.year}", tijd="14.00")
        assert visitor.path == f"/mijn/vragen/{id}"
    assert visitor.says("Afgesproken")
    assert visitor.says("14.00 uur")
    assert visitor.rows("SELECT count(*) FROM agreement")[0][0] == 1


def test_a_day_that_was_is_refused_with_what_was_typed(visit: Browsers, program: Program, ria: Actor) -> None:
    id, proposal_id = with_somebody(program, ria)
    path = f"/mijn/vragen/{id}/kies/{proposal_id}"
    visitor = visit().sign_in(program, ria).get(path)
    visitor.post(f"{path}/afspreken", datum="2020-01-01", tijd="14:00")
    assert visitor.status == 422
    assert visitor.says("Kies een dag en tijd die nog komen.")
    assert 'value="2020-01-01"' in visitor.page


def test_a_helper_who_is_busy_then_is_a_friendly_sentence(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id, proposal_id = with_somebody(program, ria)
    with program.transaction() as session:
        proposal = answer.get(session, act(session, ria), proposal_id)
        helper, other = proposal.helper_id, a_person(session, first_name="Nel")
        an_agreement(session, other, Actor(person=helper), days=3)
        day = today(session) + timedelta(days=3)
    path = f"/mijn/vragen/{id}/kies/{proposal_id}"
    visitor = visit().sign_in(program, ria).get(path)
    visitor.post(f"{path}/afspreken", datum=day.isoformat(), tijd="10:30")
    assert visitor.status == 422
    assert visitor.says("Tonnie heeft dan al iets anders. Kies een andere tijd.")


def test_a_neutral_no_asks_the_next(visit: Browsers, program: Program, ria: Actor) -> None:
    id, proposal_id = with_somebody(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/liever-anders")
    visitor.post(f"/mijn/vragen/{id}/liever-anders", wie=[str(proposal_id)])
    assert visitor.path == f"/mijn/vragen/{id}"
    assert visitor.rows("SELECT status FROM proposal WHERE id = :id", id=proposal_id)[0].status == "passed"


def change(visitor: Visit, id: UUID, **typed: object) -> Visit:
    """Send the form of changing a question, with what it holds and what is typed."""
    fields = {"titel": "Naar de markt", "categorie": "samen-op-pad", "wanneer": "maakt-niet-uit",
              "hoeVaak": "eenmalig", "minuten": "60", "aantalHelpers": "1", "hoeVerKm": "15",
              "zichtbaarVoor": "iedereen", "talen": ["0"]}  # fmt: skip
    return visitor.post(f"/mijn/vragen/{id}/veranderen", **fields | typed)


def test_a_question_can_be_changed(visit: Browsers, program: Program, ria: Actor) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/veranderen")
    version = visitor.rows("SELECT version FROM help_request")[0].version
    assert visitor.get(f"/mijn/vragen/{id}").says("Uw vraag is binnen.")
    visitor.get(f"/mijn/vragen/{id}/veranderen")
    change(visitor, id, versie=version, minuten="90")
    assert visitor.path == f"/mijn/vragen/{id}?klaar=bewaard"
    assert visitor.rows("SELECT title, minutes FROM help_request")[0] == ("Naar de markt", 90)
    assert visitor.says("Bewaard.")
    assert visitor.says("U veranderde uw vraag")
    assert not visitor.says("Uw vraag is binnen.")

    visitor.post(f"/mijn/vragen/{id}/pauze")
    visitor.post(f"/mijn/vragen/{id}/verder")
    assert visitor.says("Wij zoeken weer verder.")
    assert not visitor.says("Uw vraag is binnen.")


def test_other_terms_ask_who_said_yes_again_and_the_page_says_so_beforehand(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id, proposal_id = with_somebody(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/veranderen")
    assert visitor.says("Al ja gezegd: Tonnie.")
    assert visitor.says("Dan vragen wij opnieuw of het past.")
    version = visitor.rows("SELECT version FROM help_request")[0].version

    change(visitor, id, versie=version, minuten="120")

    assert visitor.rows("SELECT status FROM proposal WHERE id = :id", id=proposal_id)[0].status == "proposed"
    assert visitor.get(f"/mijn/vragen/{id}/kies/{proposal_id}").status == 404
    assert not visitor.get(f"/mijn/vragen/{id}/veranderen").says("Al ja gezegd")
    assert visitor.get(f"/mijn/vragen/{id}").says("Wij vroegen Tonnie opnieuw.")


def test_terms_that_were_agreed_stand_and_the_page_says_so(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        id = an_agreement(session, ria, helper, aantalHelpers=2).help_request_id
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/veranderen")
    assert visitor.says("U sprak al iets af.")
    version = visitor.rows("SELECT version FROM help_request")[0].version

    change(visitor, id, versie=version, minuten="120", aantalHelpers="2")

    assert visitor.status == 409
    assert visitor.says("Er is al iets afgesproken.")
    assert 'name="minuten"' in visitor.page
    assert visitor.rows("SELECT minutes, title FROM help_request")[0] == (60, "Samen naar de weekmarkt")
    visitor.get(f"/mijn/vragen/{id}/veranderen")
    change(visitor, id, versie=version, aantalHelpers="2")
    assert visitor.rows("SELECT title FROM help_request")[0].title == "Naar de markt"


def test_a_stale_change_shows_both_texts_and_loses_nothing(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/veranderen")
    version = visitor.rows("SELECT version FROM help_request")[0].version
    change(visitor, id, versie=version, titel="Van een ander toestel")
    visitor.get(f"/mijn/vragen/{id}/veranderen")
    change(visitor, id, versie=version, titel="Wat ik net typte")
    assert visitor.status == 409
    assert visitor.says("Iemand veranderde uw vraag net ook")
    assert visitor.says("Van een ander toestel")
    assert 'value="Wat ik net typte"' in visitor.page
    change(visitor, id, versie=version + 1, titel="Wat ik net typte")
    assert visitor.rows("SELECT title FROM help_request")[0].title == "Wat ik net typte"


def test_two_clicks_stop_a_question_and_say_what_happens_with_it(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/stoppen")
    assert visitor.says("Over 30 dagen wissen wij wat u schreef.")
    visitor.post(f"/mijn/vragen/{id}/stoppen", reden="Al geregeld")
    assert visitor.says("Door u gestopt")
    assert visitor.rows("SELECT is_public FROM help_request")[0].is_public is False


def test_a_reason_with_signs_that_cannot_be_kept_comes_back(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/stoppen")
    visitor.post(f"/mijn/vragen/{id}/stoppen", reden="Al \0 geregeld")
    assert visitor.status == 422


def test_a_pause_is_ended_with_one_press(visit: Browsers, program: Program, ria: Actor) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert visitor.post(f"/mijn/vragen/{id}/pauze").says("Even gestopt")
    assert visitor.post(f"/mijn/vragen/{id}/verder").says("Wij zoeken iemand")


def test_another_persons_question_does_not_exist(visit: Browsers, program: Program, ria: Actor) -> None:
    id, proposal_id = with_somebody(program, ria)
    with program.transaction() as session:
        nel = a_person(session, first_name="Nel")
    visitor = visit().sign_in(program, nel)
    for path in ("", "/veranderen", "/stoppen", "/liever-anders", f"/kies/{proposal_id}"):
        assert visitor.get(f"/mijn/vragen/{id}{path}").status == 404
    visitor.get("/mijn")
    for path in ("/stoppen", "/pauze", "/verder", f"/kies/{proposal_id}/kennismaken"):
        assert visitor.post(f"/mijn/vragen/{id}{path}").status == 404
    assert visitor.rows("SELECT status FROM help_request")[0].status == "open"


@pytest.mark.parametrize("path", ["", "/veranderen", "/stoppen"])
def test_who_is_not_signed_in_is_sent_to_the_door(visit: Browsers, path: str) -> None:
    visitor = visit().get("/mijn/vragen" + (f"/{UUID(int=1)}{path}" if path else ""))
    assert visitor.path.startswith("/inloggen?next=/mijn/vragen")


def test_the_public_page_lacks_last_name_address_and_phone(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id = asked(program, ria)
    visitor = visit()
    for path in ("/", f"/hulpvragen/{id}", "/hulpvragen"):
        page = visitor.get(path).page
        assert "Samen naar de weekmarkt" in page
        assert not any(secret in page for secret in ("Dinther", "12345678", "12 34 56 78", "5664"))


def test_what_the_desk_closed_says_why(
    visit: Browsers, program: Program, ria: Actor, fresh_database: Database
) -> None:
    id = asked(program, ria)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        help_requests.see(session, marja, help_requests.get(session, marja, id))
        help_requests.close(session, marja, id, Closing.model_validate({"reden": "niet gelukt"}))
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert visitor.says("Marja las uw vraag")
    assert visitor.says("Klaar")
    assert visitor.says("niet gelukt")


def test_the_question_in_return_becomes_a_draft_that_nobody_sees(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert visitor.says("Wat doet u zelf graag voor een ander?")
    visitor.get("/mijn/wedervraag").post("/mijn/wedervraag", categorieen=["huisdier"])
    row = visitor.rows("SELECT status, is_public FROM help_offer")[0]
    assert (row.status, row.is_public) == ("draft", False)


def test_a_no_to_the_question_in_return_is_final(visit: Browsers, program: Program, ria: Actor) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    visitor.post("/mijn/wedervraag", knop="nee")
    assert not visitor.get(f"/mijn/vragen/{id}").says("Wat doet u zelf graag voor een ander?")


def test_who_is_not_to_be_asked_is_never_asked(visit: Browsers, program: Program, ria: Actor) -> None:
    id = asked(program, ria)
    visitor = visit().sign_in(program, ria)
    visitor.rows("UPDATE person SET do_not_ask = true RETURNING id")
    assert not visitor.get(f"/mijn/vragen/{id}").says("Wat doet u zelf graag voor een ander?")
    assert visitor.get("/mijn/wedervraag").path == "/mijn/vragen"


def test_my_page_says_what_waits_for_me(visit: Browsers, program: Program, ria: Actor) -> None:
    visitor = visit().sign_in(program, ria)
    assert visitor.get("/mijn").says("U hoeft nu niets te doen.")
    with_somebody(program, ria)
    assert visitor.get("/mijn").says("Kies wie u helpt")
    assert visitor.get("/mijn/vragen").says("Er is iemand: kiest u?")


def test_the_same_pages_speak_english(visit: Browsers, program: Program, ria: Actor, travel: Travel) -> None:
    id, proposal_id = with_somebody(program, ria)
    late = asked(program, ria, titel="Iets anders")
    travel(timedelta(days=8))
    visitor = visit().sign_in(program, ria)
    visitor.client.cookies.set("__Host-taal", "en", domain="testserver.local", path="/")
    assert visitor.get(f"/mijn/vragen/{id}").says("Choose Tonnie")
    assert visitor.get(f"/mijn/vragen/{id}/kies/{proposal_id}").says("You choose Tonnie")
    assert visitor.get(f"/mijn/vragen/{late}").says("We are late.")
    assert visitor.get("/mijn").says("Choose who helps you")


def test_ones_own_page_says_that_one_pauses(visit: Browsers, program: Program, ria: Actor) -> None:
    visitor = visit().sign_in(program, ria)
    assert not visitor.get("/mijn").says("U heeft pauze.")
    with program.transaction() as session:
        people.pause(session, act(session, ria), True)
    assert visitor.get("/mijn").says("U heeft pauze.")
