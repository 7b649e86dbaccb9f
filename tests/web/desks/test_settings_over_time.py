"""Settings: seen before they are saved, kept as they were, taken back, laid beside others and shared with them."""

import re
from html import unescape

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from app.errors import Invalid
from tests.app.conftest import rows_of
from tests.app.factories import HELMOND, a_person, a_request
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

PATH = "/gemeente/instellingen"
TYPED = {
    "bemiddeling": "4", "titel": "buurtcoach", "naam": "Samira", "telefoon": "040 212 3456",
    "openingstijden": "iedere dag", "dagenOpen": "30", "dagenBelofte": "2", "deeltMet": [str(HELMOND)],
}  # fmt: skip


@pytest.fixture
def karin(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    return a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin")


def said(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def hidden(page: str) -> dict[str, list[str]]:
    """The fields that a preview carries along."""
    form = page[page.index(f'action="{PATH}') :]
    page = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    return found


def stands(database: Migrated) -> tuple[object, ...]:
    query = (
        "SELECT mediation, broker_title, promise_days, paid_only, version FROM municipality WHERE id = 1771"
    )
    return tuple(rows_of(database, query)[0])


def test_settings_are_seen_first_then_saved_then_taken_back(fresh_database: Migrated, karin: Desk) -> None:
    karin.get(PATH)
    before = stands(fresh_database)
    version = karin.version()

    seen = karin.post(PATH, versie=version, knop="bekijk", alleenBetaald=["3", "8"], **TYPED)
    unchanged = stands(fresh_database)
    changed_more = karin.post(PATH, **{**hidden(seen.text), "knop": "terug"})
    karin.page = seen.text
    saved = karin.post(PATH, **{name: value for name, value in hidden(seen.text).items() if name != "csrf"})
    after = stands(fresh_database)
    history = karin.get(f"{PATH}/eerder").text
    [first] = re.findall(rf'href="({PATH}/eerder/[0-9a-f-]+)"', history)
    back = karin.get(first)
    karin.post(PATH, **{name: value for name, value in hidden(back.text).items() if name != "csrf"})

    assert "Er veranderen" in said(seen.text)
    assert "Bel Samira, uw buurtcoach:" in said(seen.text)
    assert unchanged == before
    assert 'value="buurtcoach"' in changed_more.text
    assert saved.status_code == 303
    assert after[:4] == (4, "buurtcoach", 2, [3, 8])
    assert "Titel van de makelaar van sociaal makelaar naar buurtcoach" in said(history)
    assert "Karin" in said(history)
    assert "U zet eerdere instellingen terug." in said(back.text)
    assert stands(fresh_database)[:4] == before[:4]
    assert rows_of(fresh_database, "SELECT count(*) FROM settings_version") == [(3,)]


def test_a_municipality_stands_beside_the_others_and_shares_its_choices_with_them(
    fresh_database: Migrated, program: Database, site: FastAPI, karin: Desk
) -> None:
    karin.get(PATH)
    karin.post(PATH, versie=karin.version(), **TYPED)
    rows_of(fresh_database, "UPDATE municipality SET phone = '+31492123456' WHERE id = 794 RETURNING 1")
    other = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, HELMOND, "Hein")

    compared = said(karin.get(f"{PATH}/regio").text)
    karin.get("/gemeente/voorbeelden")
    empty = karin.post("/gemeente/voorbeelden", titel="Rustig beginnen")
    karin.post("/gemeente/voorbeelden", titel="Rustig beginnen", waarom="Zo went iedereen eraan.")
    examples = other.get("/gemeente/voorbeelden").text
    [there] = re.findall(r'href="(/gemeente/voorbeelden/[0-9a-f-]+)"', examples)
    preview = other.get(there)
    other.post(PATH, **{name: value for name, value in hidden(preview.text).items() if name != "csrf"})
    other.get("/gemeente/voorbeelden")
    refused = other.post(f"{there}/weg")
    karin.get("/gemeente/voorbeelden")
    gone = karin.post(f"{there}/weg")

    assert "Belofte (werkdagen) 2 3 3" in compared
    assert empty.status_code == 422
    assert "Geldrop-Mierlo" in said(examples)
    assert "Voorbeeld: Rustig beginnen" in said(preview.text)
    taken = "SELECT mediation, broker_title, promise_days, phone = '+31402123456' FROM municipality WHERE id = 794"
    assert rows_of(fresh_database, taken) == [(4, "buurtcoach", 2, False)]
    assert refused.status_code in (403, 404)
    assert gone.status_code == 303
    assert rows_of(fresh_database, "SELECT count(*) FROM settings_template") == [(0,)]


def test_work_that_stays_paid_here_is_asked_of_nobody_unpaid(
    fresh_database: Migrated, program: Database, karin: Desk
) -> None:
    [(number, slug)] = rows_of(
        fresh_database, "SELECT number, slug FROM category WHERE slug = 'samen-op-pad'"
    )
    karin.get(PATH)
    karin.post(PATH, versie=karin.version(), alleenBetaald=[str(number)], **TYPED)

    with program.transaction() as session:
        here = a_person(session, postcode="5664 HJ")
        with pytest.raises(Invalid) as refused:
            a_request(session, here, categorie=slug)
    with program.transaction() as session:
        elsewhere = a_person(session, postcode="5708 AB")
        assert a_request(session, elsewhere, categorie=slug).category_number == number

    assert refused.value.details == {"soort": "paid-here"}
