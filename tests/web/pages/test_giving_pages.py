"""Giving, asking, thanking for an offer, questioning a line, and keeping the statement: as a resident does it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.agreements import occur
from app.db import Database as Program
from app.roosjes import codes
from tests.app.factories import a_person, act
from tests.app.roosjes.moving import STORED, a_pair, balances
from tests.databases import Database
from tests.promised import missing
from tests.web.pages.helpers import Visit
from tools.find_system import has_pdf_libraries

Visits = Callable[[], Visit]
Travel = Callable[[timedelta], None]


def _typed(to: object, **fields: object) -> dict[str, Any]:
    return {"aan": str(to), "uren": "0", "minuten": "0", "sleutel": str(uuid4()), "knop": "ja"} | fields


def test_a_gift_is_looked_over_then_booked_once_and_both_read_it(program: Program, visit: Visits) -> None:
    ria, tonnie, _ = a_pair(program)
    page = visit().sign_in(program, ria).get("/mijn/roosjes/geven")
    assert page.says("Tonnie")
    gift = _typed(tonnie.person_id, uren="0", minuten="5", bericht="Dank u <b>wel</b>", knop="")

    page.post("/mijn/roosjes/geven", **gift)
    assert page.says("U geeft Tonnie 5 minuten.")
    assert balances(program, ria, tonnie) == (0, 0)
    page.post("/mijn/roosjes/geven", **(gift | {"knop": "terug"}))
    assert 'value="5"' in page.page
    assert page.says("Dank u <b>wel</b>") or "Dank u" in page.page

    for _ in range(2):
        page.post("/mijn/roosjes/geven", **(gift | {"knop": "ja"}))
        assert page.says("Gegeven. Dat is aardig van u.")
    assert balances(program, ria, tonnie) == (-5, 5)
    assert page.says("Gegeven aan Tonnie")
    theirs = visit().sign_in(program, tonnie).get("/mijn/roosjes")
    assert theirs.says("Gekregen van Ria")
    assert "<b>wel</b>" not in theirs.client.get("/mijn/roosjes").text
    again = page.get("/mijn/roosjes/geven").post(
        "/mijn/roosjes/geven", **(gift | {"minuten": "6", "knop": "ja"})
    )
    assert again.status == 409
    assert again.says("Dit formulier is al verstuurd.")


def test_thanks_with_two_hours_for_an_offer_is_one_row_about_that_offer(
    program: Program, visit: Visits
) -> None:
    ria, tonnie, offer = a_pair(program)
    page = visit().sign_in(program, ria).get(f"/mijn/roosjes/geven?aanbod={offer}")
    assert page.says("Voor: Samen wandelen")

    page.post("/mijn/roosjes/geven", **_typed("aanbod", aanbod=str(offer), uren="2", minuten="0"))

    assert page.says("Gegeven aan Tonnie: Samen wandelen")
    assert page.says("− 2 uur")
    assert balances(program, ria, tonnie) == (-120, 120)
    (row,) = page.rows("SELECT subject FROM ledger.batch WHERE operation = 'pay'")
    assert row.subject == offer


def test_after_help_the_page_of_the_appointment_leads_to_thanks_for_the_offer(
    program: Program, visit: Visits, travel: Travel
) -> None:
    ria, tonnie, offer = a_pair(program)
    travel(timedelta(days=4))
    for actor in (tonnie, ria):
        with program.transaction() as session:
            act(session, actor)
            agreement = occur.mine(session, actor)[0]
            occur.happened(session, actor, agreement.occurrences[0].id)

    mine, theirs = (
        visit().sign_in(program, one).get(f"/mijn/afspraken/{agreement.id}") for one in (ria, tonnie)
    )
    assert f'href="/mijn/roosjes/geven?aanbod={offer}"' in mine.page
    assert "/mijn/roosjes/geven" not in theirs.page
    assert mine.get(f"/mijn/roosjes/geven?aanbod={offer}").says("Samen naar de weekmarkt")


def test_a_number_that_was_told_finds_its_person_and_any_other_nobody(
    program: Program, visit: Visits, fresh_database: Database
) -> None:
    ria, tonnie, _ = a_pair(program, met=False)
    with program.transaction() as session:
        code = codes.own(session, act(session, tonnie))
        stranger = a_person(session, first_name="Vreemd")
        own = codes.own(session, act(session, ria))
    page = visit().sign_in(program, ria).get("/mijn/roosjes/geven")
    before = page.rows(STORED)
    spoken = f"{code[:4].lower()}-{code[4:].lower()}"

    said = {
        page.post("/mijn/roosjes/geven", **one).page.split('class="msg"')[1][:300]
        for one in (
            _typed("nummer", nummer="22223333", uren="1"),
            _typed("nummer", nummer=own, uren="1"),
        )
    }
    assert len(said) == 1
    assert page.status == 422
    for to in (stranger.person_id, uuid4(), ria.person_id, "wie dan ook", "aanbod"):
        page.get("/mijn/roosjes/geven").post(
            "/mijn/roosjes/geven", **_typed(to, uren="1", bericht="mijn woorden")
        )
        assert page.status == 422
        assert page.says("Kies aan wie.")
        assert "mijn woorden" in page.page
    assert page.rows(STORED) == before

    page.post("/mijn/roosjes/geven", **_typed("nummer", nummer=spoken, uren="1"))
    assert balances(program, ria, tonnie) == (-60, 60)


def test_who_keeps_trying_numbers_has_to_wait(program: Program, visit: Visits) -> None:
    ria, _, _ = a_pair(program, met=False)
    page = visit().sign_in(program, ria).get("/mijn/roosjes/geven")

    statuses = [
        page.post("/mijn/roosjes/geven", **_typed("nummer", nummer=f"2222333{letter}", uren="1")).status
        for letter in "BCDFGHJKMNPQRSTVWXYZ2"
    ]

    assert statuses == [422] * 20 + [429]


@pytest.mark.parametrize("amount", ["0", "-1", "1.5", "true", "NaN", str(2**63), "6000"])
def test_a_wrong_amount_is_refused_the_same_whoever_it_is_for(
    program: Program, visit: Visits, amount: str
) -> None:
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        stranger = a_person(session, first_name="Vreemd")
    page = visit().sign_in(program, ria).get("/mijn/roosjes/geven")
    before = page.rows(STORED)

    said = set()
    for to in (tonnie.person_id, stranger.person_id, uuid4(), "pot"):
        page.get("/mijn/roosjes/geven").post(
            "/mijn/roosjes/geven", **_typed(to, uren=amount, bericht="mijn woorden")
        )
        assert page.status == 422
        assert "mijn woorden" in page.page
        assert f'value="{amount}"' in page.page
        said.add(page.page.split('id="fout-uren"')[1][:200])

    assert len(said) == 1
    assert page.rows(STORED) == before


def test_what_is_more_than_one_can_is_refused_kindly_and_the_pot_takes_the_rest(
    program: Program, visit: Visits
) -> None:
    ria, tonnie, _ = a_pair(program)
    page = visit().sign_in(program, ria).get("/mijn/roosjes/geven")

    page.post("/mijn/roosjes/geven", **_typed(tonnie.person_id, uren="13"))
    assert page.status == 409
    assert page.says("Zoveel kan nu niet.")
    page.post("/mijn/roosjes/geven", **_typed("pot", uren="1", minuten="30"))
    assert page.says("Gegeven aan de pot")
    assert balances(program, ria, tonnie) == (-90, 0)


def test_asking_waits_and_a_yes_and_a_no_stay_what_they_are(program: Program, visit: Visits) -> None:
    asker, payer, _ = a_pair(program, first="Bas", second="Anna")
    asks, pays = visit().sign_in(program, asker), visit().sign_in(program, payer)

    asks.get("/mijn/roosjes/vragen").post(
        "/mijn/roosjes/vragen", **_typed(payer.person_id, uren="1", minuten="40", bericht="Voor de tuin")
    )
    assert asks.says("U vroeg Anna om 1 uur en 40 minuten.")
    assert balances(program, asker, payer) == (0, 0)
    twice = asks.get("/mijn/roosjes/vragen").post("/mijn/roosjes/vragen", **_typed(payer.person_id, uren="1"))
    assert twice.status == 409
    assert twice.says("U vroeg dit al aan deze persoon.")

    pays.get("/mijn/roosjes")
    assert pays.says("Bas vraagt 1 uur en 40 minuten")
    assert pays.says("“Voor de tuin”")
    (note,) = pays.rows("SELECT id FROM roosjes_note WHERE question_id IS NOT NULL")
    own = asks.get("/mijn/roosjes").post(f"/mijn/roosjes/vragen/{note.id}/ja", sleutel=str(uuid4()))
    assert own.status == 404
    pays.post(f"/mijn/roosjes/vragen/{note.id}/ja", sleutel=str(note.id))
    assert pays.says("Gegeven. Dat is aardig van u.")
    assert balances(program, asker, payer) == (100, -100)
    pays.post(f"/mijn/roosjes/vragen/{note.id}/nee", sleutel=str(uuid4()))
    assert pays.says("Deze vraag is al voorbij.")
    assert balances(program, asker, payer) == (100, -100)

    asks.get("/mijn/roosjes/vragen").post("/mijn/roosjes/vragen", **_typed(payer.person_id, uren="1"))
    (second,) = pays.rows(
        "SELECT id FROM roosjes_note WHERE question_id IS NOT NULL AND id <> :id", id=note.id
    )
    pays.get("/mijn/roosjes").post(f"/mijn/roosjes/vragen/{second.id}/nee", sleutel=str(second.id))
    assert pays.says("U zei nee. Er verandert niets.")
    pays.post(f"/mijn/roosjes/vragen/{second.id}/ja", sleutel=str(uuid4()))
    assert pays.says("Deze vraag is al voorbij.")
    assert balances(program, asker, payer) == (100, -100)


def test_the_statement_is_kept_on_paper_and_in_a_file(program: Program, visit: Visits) -> None:
    ria, tonnie, _ = a_pair(program)
    page = visit().sign_in(program, ria)
    page.get("/mijn/roosjes/geven").post(
        "/mijn/roosjes/geven", **_typed(tonnie.person_id, uren="2", bericht="=1+1")
    )

    shown = page.get("/mijn/roosjes/afschrift")
    assert shown.says("Roosjes van Ria")
    assert shown.says("u gaf 2 uur")
    answer = page.client.get("/mijn/roosjes/afschrift.csv")
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Datum;Minuten;Waarvoor")
    assert lines[1].split(";")[1:4] == ["-120", "Gegeven aan Tonnie", "'=1+1"]
    assert page.get("/mijn/roosjes/afschrift?jaar=2001").says("In deze tijd kwam er niets bij")
    for odd in ("x", "20", "99999", "-201"):
        assert page.get(f"/mijn/roosjes/afschrift?jaar={odd}").status == 404
    if not has_pdf_libraries():
        assert page.client.get("/mijn/roosjes/afschrift.pdf").status_code == 503
        missing("no Pango, so that no PDF can be made")
    import pypdfium2

    made = page.client.get("/mijn/roosjes/afschrift.pdf")
    assert made.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(made.content))
    words = document[0].get_textpage().get_text_bounded()
    assert "Roosjes van Ria" in words
    assert "Gegeven aan Tonnie" in words


def test_another_statement_has_other_lines_and_a_line_that_is_not_there_does_not_exist(
    program: Program, visit: Visits
) -> None:
    ria, tonnie, _ = a_pair(program)
    page = visit().sign_in(program, ria)
    page.get("/mijn/roosjes/geven").post("/mijn/roosjes/geven", **_typed(tonnie.person_id, uren="2"))

    assert page.get("/mijn/roosjes/regels/1").says("U gaf 2 uur")
    assert page.get("/mijn/roosjes/regels/2").status == 404
    assert visit().sign_in(program, tonnie).get("/mijn/roosjes/regels/1").says("U kreeg 2 uur")
    with program.transaction() as session:
        stranger = a_person(session, first_name="Vreemd")
    assert visit().sign_in(program, stranger).get("/mijn/roosjes/regels/1").status == 404
    assert visit().sign_in(program, stranger).get(f"/mijn/roosjes/vraag/{uuid4()}").status == 404


def test_who_is_no_longer_here_is_somebody(program: Program, visit: Visits, fresh_database: Database) -> None:
    ria, tonnie, _ = a_pair(program)
    page = visit().sign_in(program, ria)
    page.get("/mijn/roosjes/geven").post("/mijn/roosjes/geven", **_typed(tonnie.person_id, uren="2"))
    page.rows("UPDATE person SET disabled_at = now() WHERE id = :id RETURNING id", id=tonnie.person_id)

    assert page.get("/mijn/roosjes").says("Gegeven aan iemand")
    assert not page.says("Tonnie")


def test_a_present_is_no_help_in_the_picture_over_time(program: Program, visit: Visits) -> None:
    ria, tonnie, _ = a_pair(program)
    page = visit().sign_in(program, ria)
    page.get("/mijn/roosjes/geven").post("/mijn/roosjes/geven", **_typed(tonnie.person_id, uren="2"))

    page.get("/mijn/roosjes")
    assert page.says("Er ging 2 uur meer af dan erbij kwam. Dat mag.")
    assert not page.says("Het laatste jaar")
