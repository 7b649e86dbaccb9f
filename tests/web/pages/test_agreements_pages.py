"""Afspraken: what each button does, what each side reads, and pressing twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.agreements import occur
from app.agreements.contact import counterpart_contact
from app.agreements.models import Agreement
from app.clock import now, today
from app.db import Database
from app.matches import answer
from app.roosjes import service as roosjes
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act, an_agreement
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]
Travel = Callable[[timedelta], None]


def _agreed(session: Session, **request: Any) -> tuple[Actor, Actor, Agreement]:
    asker = a_person(session, telefoon="06 12345678", huisnummer="12")
    helper, _ = a_helper(session)
    agreement = an_agreement(session, asker, helper, **request)
    return asker, helper, agreement


def _key(session: Session, actor: Actor, agreement: Agreement) -> str:
    return str(occur.get(session, actor, agreement.id).occurrences[0].id)


def test_the_two_see_how_to_reach_each_other_only_while_it_lives(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        stranger = a_person(session, first_name="Vreemd")
    page = visit().sign_in(program, helper).get(f"/mijn/afspraken/{agreement.id}")
    assert page.says("06 12345678") or page.says("06 12 34 56 78") or page.says("06 1234 5678")
    assert page.says("5664 HJ")
    assert page.says("U helpt als buur.")
    assert visit().sign_in(program, stranger).get(f"/mijn/afspraken/{agreement.id}").status == 404

    with program.transaction() as session:
        occur.end(session, act(session, asker), agreement.id)
    page.get(f"/mijn/afspraken/{agreement.id}")

    assert page.says("Gestopt")
    assert not page.says("5664 HJ")
    with program.transaction() as session:
        actor = act(session, helper)
        assert counterpart_contact(session, actor, occur.get(session, actor, agreement.id)) is None


def test_gebeurd_and_klopt_book_the_roosjes_once(program: Database, visit: Visits, travel: Travel) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
    travel(timedelta(days=4))
    theirs = visit().sign_in(program, helper).get("/mijn/afspraken")
    for _ in range(2):
        theirs.post(f"/mijn/keren/{key}/gebeurd")
        assert theirs.says("Gedaan (wacht op ja van Ria)")
    mine = visit().sign_in(program, asker).get("/mijn/afspraken")
    assert mine.says("Tonnie zegt dat het gebeurd is: 1 uur.")
    for _ in range(2):
        mine.post(f"/mijn/keren/{key}/gebeurd")
        assert mine.says("Tonnie kreeg 1 Roosje.")

    assert theirs.get(f"/mijn/afspraken/{agreement.id}").says("U kreeg 1 Roosje.")
    mine.post(f"/mijn/keren/{key}/bedanken", bedankje="Dank je wel!")
    assert theirs.get(f"/mijn/afspraken/{agreement.id}").says("Dank je wel!")


def test_it_took_less_time_and_never_more_than_agreed(
    program: Database, visit: Visits, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
    travel(timedelta(days=4))
    page = visit().sign_in(program, helper).get(f"/mijn/keren/{key}/gebeurd")

    assert page.post(f"/mijn/keren/{key}/gebeurd", minuten="90").status == 422
    assert page.says("Dit is meer dan u afsprak.")
    assert page.post(f"/mijn/keren/{key}/gebeurd", minuten="een uur").status == 422
    page.post(f"/mijn/keren/{key}/gebeurd", minuten="45")

    assert visit().sign_in(program, asker).get("/mijn/afspraken").says("het gebeurd is: 45 minuten.")


def test_what_it_took_more_than_agreed_moves_with_a_yes_of_the_other_only(
    program: Database, visit: Visits, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
    travel(timedelta(days=4))
    theirs, mine = visit().sign_in(program, helper), visit().sign_in(program, asker)
    gift = f"/mijn/roosjes/geven?aan={helper.person_id}&uren=0&minuten=30"
    mine.get(f"/mijn/keren/{key}/gebeurd").post(f"/mijn/keren/{key}/gebeurd", minuten="90")
    assert f'href="{gift}"' in mine.page

    theirs.get(f"/mijn/keren/{key}/gebeurd").post(f"/mijn/keren/{key}/gebeurd", minuten="90")
    rest = f"/mijn/roosjes/vragen?aan={asker.person_id}&uren=0&minuten=30"
    assert f'href="{rest}"' in theirs.page
    theirs.post(f"/mijn/keren/{key}/gebeurd", minuten="60")
    mine.post(f"/mijn/keren/{key}/gebeurd")
    assert _posted(program, asker, helper) == (-60, 60)

    page = theirs.get(rest).page
    assert [f'value="{value}"' in page for value in (asker.person_id, 30)] == [True, True]
    typed = {"aan": str(asker.person_id), "uren": "0", "minuten": "30", "sleutel": str(uuid4()), "knop": "ja"}
    assert theirs.post("/mijn/roosjes/vragen", **typed).says("U vroeg Ria om 30 minuten.")
    assert _posted(program, asker, helper) == (-60, 60)
    (note,) = mine.rows("SELECT id FROM roosjes_note WHERE question_id IS NOT NULL")
    mine.get("/mijn/roosjes").post(f"/mijn/roosjes/vragen/{note.id}/ja", sleutel=str(uuid4()))

    assert _posted(program, asker, helper) == (-90, 90)


def _posted(program: Database, *people: Actor) -> tuple[int, ...]:
    with program.transaction() as session:
        return tuple(roosjes.statement(session, act(session, one)).balance.posted for one in people)


def test_moving_there_and_back_keeps_one_hold(program: Database, visit: Visits, travel: Travel) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
        first = (today(session) + timedelta(days=3)).isoformat()
        later = (today(session) + timedelta(days=5)).isoformat()
    page = visit().sign_in(program, asker).get(f"/mijn/keren/{key}/verzetten")
    assert page.says("De Roosjes gaan mee naar de nieuwe dag.")
    for day in (later, first, first):
        page.post(f"/mijn/keren/{key}/verzetten", datum=day, tijd="10:00")
        assert page.status == 200
        other = visit().sign_in(program, helper).get(f"/mijn/afspraken/{agreement.id}")
        asked = re.search(r'name="voorstel" value="([^"]+)"', other.page)
        if asked is None:
            assert day == first  # where it stands by now
            continue
        for _ in range(2):
            other.post(f"/mijn/keren/{key}/ander-moment", voorstel=asked[1], antwoord="ja")
            assert other.status == 200
            assert not other.says("Er is net iets veranderd.")
        page.get(f"/mijn/keren/{key}/verzetten")
    page.get(f"/mijn/afspraken/{agreement.id}")
    assert page.says("Verplaatst")
    assert (
        page.get(f"/mijn/keren/{key}/verzetten")
        .post(f"/mijn/keren/{key}/verzetten", datum="2020-01-01", tijd="10:00")
        .status
        == 422
    )
    with program.transaction() as session:
        assert roosjes.statement(session, act(session, asker)).balance.held_out == 60

    travel(timedelta(days=4))
    for actor in (helper, asker):
        page = visit().sign_in(program, actor).get("/mijn/afspraken").post(f"/mijn/keren/{key}/gebeurd")
    assert page.says("Tonnie kreeg 1 Roosje.")


def test_a_late_cancel_is_said_and_frees_the_roosjes(
    program: Database, visit: Visits, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
        begins = occur.get(session, asker, agreement.id).occurrences[0].starts_at
        until = begins - now(session)
    travel(until - timedelta(hours=5))
    page = visit().sign_in(program, helper).get(f"/mijn/keren/{key}/afzeggen")
    assert page.says("Dit is kort van tevoren.")

    for _ in range(2):
        page.post(f"/mijn/keren/{key}/afzeggen", reden="Ik ben ziek")
        assert page.says("Afgezegd door u")

    other = visit().sign_in(program, asker).get(f"/mijn/afspraken/{agreement.id}")
    assert other.says("Afgezegd door Tonnie")
    assert other.says("Afgezegd op de dag zelf of de dag ervoor.")
    with program.transaction() as session:
        assert roosjes.statement(session, act(session, asker)).balance.held_out == 0


def test_dit_klopt_niet_waits_for_somebody_to_look(program: Database, visit: Visits, travel: Travel) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
    travel(timedelta(days=4))
    visit().sign_in(program, helper).get("/mijn/afspraken").post(f"/mijn/keren/{key}/gebeurd")
    page = visit().sign_in(program, asker).get(f"/mijn/keren/{key}/klopt-niet")

    for _ in range(2):
        page.post(f"/mijn/keren/{key}/klopt-niet", reden="Er kwam niemand")

    assert page.says("Dit klopt niet")
    assert page.says("Tot dan verandert er niets.")


def test_an_agreement_without_a_time_to_come_stays_on_the_helpers_page(
    program: Database, visit: Visits, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
    travel(timedelta(days=4))
    visit().sign_in(program, helper).get("/mijn/afspraken").post(f"/mijn/keren/{key}/gebeurd")
    visit().sign_in(program, asker).get("/mijn/afspraken").post(f"/mijn/keren/{key}/klopt-niet")

    page = visit().sign_in(program, helper).get("/mijn/aanbod")

    assert page.status == 200
    assert page.says(agreement.help_request.title)


def test_a_button_that_came_too_late_shows_how_it_stands(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
        key = _key(session, asker, agreement)
    page = visit().sign_in(program, asker).get(f"/mijn/keren/{key}/afzeggen")
    visit().sign_in(program, helper).get(f"/mijn/keren/{key}/afzeggen").post(f"/mijn/keren/{key}/afzeggen")

    page.post(f"/mijn/keren/{key}/niet-gekomen")

    assert page.status == 200
    assert page.says("Er is net iets veranderd. Zo staat het nu.")
    assert page.get(f"/mijn/keren/{key}/onzin").status == 404


def test_a_whole_series_stops_at_once(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        _, helper, agreement = _agreed(session, hoeVaak="wekelijks")
    page = visit().sign_in(program, helper).get(f"/mijn/afspraken/{agreement.id}/stoppen")

    for _ in range(2):
        page.post(f"/mijn/afspraken/{agreement.id}/stoppen", reden="Ik verhuis")
        assert page.says("Gestopt")
    assert page.get("/mijn/afspraken").says("Afgezegd door u")


def test_getting_acquainted_ends_neutrally_for_both(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        asker = a_person(session)
        proposal = a_willing_helper(session, asker, helper, a_request(session, asker))
        answer.meet(session, asker, proposal.id)
        code, path = proposal.code_word, f"/mijn/afspraken/kennismaken/{proposal.id}"
        stranger = a_person(session, first_name="Vreemd")
    page = visit().sign_in(program, helper).get(path)
    assert page.says(code)
    assert visit().sign_in(program, asker).get(path).says(code)
    assert visit().sign_in(program, stranger).get(path).status == 404

    for _ in range(2):
        page.post(f"{path}/nee", reden="Wij zijn te verschillend")
        assert page.says("Dit gaat nu niet samen door.")
    other = visit().sign_in(program, asker).get(path)
    assert other.says("Dit gaat nu niet samen door.")
    assert not other.says("verschillend")


def test_the_agenda_costs_as_many_queries_at_fifteen_rows_as_at_one(program: Database, visit: Visits) -> None:
    with program.transaction() as session:
        asker, helper, agreement = _agreed(session)
    page = visit().sign_in(program, asker).get("/mijn/afspraken")
    page.get("/mijn/afspraken")
    counts = []
    for more in (0, 14):
        with program.transaction() as session:
            for number in range(more):
                an_agreement(session, asker, helper, days=4 + number)
        for path in ("/mijn/afspraken", "/mijn/berichten"):
            page.get(path)
            with count_queries(program.engine) as queries:
                page.get(path)
            counts.append(queries.count)
    assert counts[:2] == counts[2:]
    assert page.get(f"/mijn/afspraken/{agreement.id}").status == 200
