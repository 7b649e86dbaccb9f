"""What stands against the help: chosen when one asks and when one changes it, and nobody has to choose."""

from collections.abc import Callable
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from tests.app.factories import a_person, a_request, act
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
