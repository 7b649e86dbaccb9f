"""What stands against the help: chosen when one asks and when one changes it, and nobody has to choose."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.agreements.agree import agree
from app.clock import today
from app.db import Database as Program
from app.errors import Invalid
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request, a_willing_helper, act, an_appointment, an_offer
from tests.databases import Database
from tests.web.pages.helpers import Visit
from tests.web.pages.test_asking import START, WHO, four_screens

Browsers = Callable[[], Visit]
A_DESK = (
    "INSERT INTO cheque_desk (id, municipality_id, number, name, address)"
    " VALUES (gen_random_uuid(), 1771, 1, 'Balie', 'Markt 1') RETURNING id"
)


@pytest.fixture
def ria(program: Program) -> Actor:
    """Who asks."""
    with program.transaction() as session:
        return a_person(session)


def kind(visitor: Visit) -> str:
    return str(visitor.rows("SELECT kind FROM help_request")[0].kind)


def test_who_chooses_nothing_asks_with_roosjes(visit: Browsers) -> None:
    visitor = four_screens(visit())
    assert visitor.says("Met Roosjes (het meest gekozen)")
    assert 'name="soort" value="roosjes" id="veld-soort" checked' in visitor.page
    visitor.post(f"{START}/versturen", **WHO)
    assert kind(visitor) == "roosjes"


def test_a_visitor_may_ask_without_roosjes_or_for_pay(visit: Browsers) -> None:
    for chosen in ("zonder", "betaald"):
        visitor = four_screens(visit()).post(f"{START}/versturen", **WHO, soort=chosen)
        assert visitor.says("Uw vraag is binnen")
        kinds = [row.kind for row in visitor.rows("SELECT kind FROM help_request ORDER BY created_at")]
        assert kinds[-1] == chosen


def test_who_is_signed_in_chooses_too(visit: Browsers, program: Program, ria: Actor) -> None:
    four_screens(visitor := visit().sign_in(program, ria)).post(f"{START}/versturen", soort="zonder")
    assert visitor.path.startswith("/mijn/vragen/")
    assert kind(visitor) == "zonder"


def test_the_link_in_the_mail_sends_what_was_chosen(visit: Browsers) -> None:
    visitor = four_screens(visit())
    visitor.post(f"{START}/versturen", voornaam="Ria", email="ria@voorbeeld.nl", soort="zonder")
    token = visitor.mailed_link("ria@voorbeeld.nl")
    visitor.get(f"/inloggen/link?t={token}").post("/inloggen/link", t=token)
    assert kind(visitor) == "zonder"


def test_a_cheque_is_offered_where_cheques_are_sold(visit: Browsers) -> None:
    visitor = four_screens(visit())
    assert not visitor.says("Met een dienstencheque")
    visitor.rows(A_DESK)
    assert visitor.get(f"{START}/versturen").says("Met een dienstencheque")
    visitor.post(f"{START}/versturen", **WHO, soort="cheque")
    assert kind(visitor) == "cheque"


def test_work_for_professionals_is_never_without_pay(visit: Browsers) -> None:
    visitor = visit().get(START).post(START, tekst="Ik zoek een loodgieter")
    visitor.post(f"{START}/soort", thema="klus", categorie="vakman-nodig").post(f"{START}/wanneer")
    visitor.post(f"{START}/waar", postcode="5664 HJ", buurgemeenten="true")
    assert not visitor.says("Zonder Roosjes")
    visitor.post(f"{START}/versturen", **WHO, soort="zonder")
    assert visitor.status == 422
    assert visitor.says("Kies wat er tegenover staat.")
    assert not visitor.rows("SELECT 1 FROM help_request")


def test_another_subject_afterwards_takes_its_own_kind(visit: Browsers) -> None:
    visitor = four_screens(visit())
    visitor.post(f"{START}/versturen", voornaam="Ria", soort="zonder", knop="bewaar")
    visitor.get(f"{START}/soort").post(f"{START}/soort", thema="klus", categorie="vakman-nodig")
    visitor.get(f"{START}/versturen").post(f"{START}/versturen", **WHO)
    assert kind(visitor) == "betaald"


@pytest.mark.parametrize("wrong", ["gratis", "", "ROOSJES "])
def test_what_is_no_kind_is_refused_and_an_empty_one_is_none(visit: Browsers, wrong: str) -> None:
    visitor = four_screens(visit()).post(f"{START}/versturen", **WHO, soort=wrong)
    assert visitor.status == (422 if wrong else 200)


def changed(visitor: Visit, id: UUID, **typed: object) -> Visit:
    path = f"/mijn/vragen/{id}/veranderen"
    version = visitor.get(path).rows("SELECT version FROM help_request")[0].version
    fields = {
        "titel": "Naar de markt", "categorie": "samen-op-pad", "wanneer": "maakt-niet-uit", "hoeVaak": "eenmalig",
        "minuten": "60", "aantalHelpers": "1", "hoeVerKm": "15", "zichtbaarVoor": "iedereen", "talen": ["0"],
    }  # fmt: skip
    return visitor.post(path, **{**fields, "versie": version, **typed})


def test_the_kind_of_a_request_can_be_changed(visit: Browsers, program: Program, ria: Actor) -> None:
    with program.transaction() as session:
        id = a_request(session, act(session, ria)).id
    visitor = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/veranderen")
    assert 'value="roosjes" id="veld-soort" checked' in visitor.page
    changed(visitor, id, soort="zonder")
    assert kind(visitor) == "zonder"
    assert 'value="zonder" checked' in visitor.get(f"/mijn/vragen/{id}/veranderen").page
    changed(visitor, id)  # nothing chosen: it stays what it is
    assert kind(visitor) == "zonder"


def test_a_subject_for_professionals_asks_for_a_kind_that_it_allows(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        id = a_request(session, act(session, ria)).id
    visitor = visit().sign_in(program, ria)
    changed(visitor, id, categorie="vakman-nodig", soort="zonder")
    assert visitor.status == 422
    assert visitor.says("Dit is werk voor een vakman. Kies betalen of een dienstencheque.")
    assert 'value="betaald"' in visitor.page
    changed(visitor, id, categorie="vakman-nodig", soort="betaald")
    assert kind(visitor) == "betaald"


@pytest.mark.parametrize("chosen", ["zonder", "betaald"])
def test_help_without_roosjes_goes_from_choosing_to_done_and_books_nothing(
    visit: Browsers, program: Program, fresh_database: Database, ria: Actor,
    travel: Callable[[timedelta], None], chosen: str,
) -> None:  # fmt: skip
    paid = chosen == "betaald"
    with program.transaction() as session:
        helper = a_person(session, first_name="Tonnie")
    if paid:
        is_a_professional(fresh_database, helper)
    with program.transaction() as session:
        an_offer(session, act(session, helper))
        request = a_request(session, act(session, ria), soort=chosen)
        proposal = a_willing_helper(session, ria, helper, request)
        day = (today(session) + timedelta(days=3)).isoformat()
    if paid:
        with program.transaction() as session, pytest.raises(Invalid) as refused:
            agree(session, act(session, ria), proposal.id, an_appointment(session))
        assert refused.value.details == {"contractGezien": "required"}

    path = f"/mijn/vragen/{request.id}/kies/{proposal.id}"
    mine = visit().sign_in(program, ria).get(path)
    assert ('name="contractGezien"' in mine.page) is paid
    if paid:
        mine.post(f"{path}/afspreken", datum=day, tijd="10:00")
        assert mine.status == 422
        assert mine.says("Lees eerst het papier met de prijs, en zet dan het vinkje.")
    mine.post(f"{path}/afspreken", datum=day, tijd="10:00", **({"contractGezien": "true"} if paid else {}))
    assert mine.path == f"/mijn/vragen/{request.id}"
    travel(timedelta(days=4))
    (time,) = mine.rows("SELECT id FROM occurrence")
    theirs = visit().sign_in(program, helper).get("/mijn/afspraken").post(f"/mijn/keren/{time.id}/gebeurd")
    visit().sign_in(program, ria).get("/mijn/afspraken").post(f"/mijn/keren/{time.id}/gebeurd")

    assert theirs.get("/mijn/afspraken").status == 200
    (row,) = mine.rows(
        "SELECT o.kind, o.status, o.hold_id, a.status AS agreement, a.contract_seen"
        " FROM occurrence o JOIN agreement a ON a.id = o.agreement_id"
    )
    assert tuple(row) == (chosen, "done", None, "done", paid)
    assert mine.rows("SELECT count(*) FROM ledger.transfer")[0][0] == 0


def is_a_professional(database: Database, person: Actor) -> None:
    """The desk saw their papers, so that what they offer is for pay."""
    rows_of(
        database,
        "WITH seen AS (INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, number)"
        " VALUES (gen_random_uuid(), 1771, :id, 8, '2020-01-01', '00000001'))"
        " INSERT INTO professional (person_id, municipality_id, kvk_number, services, rate_cents, checked_at)"
        " VALUES (:id, 1771, '00000001', 'Tuinman', 4000, now()) RETURNING person_id",
        id=person.person_id,
    )
