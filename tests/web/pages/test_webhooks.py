"""An administrator adds a system, sees its secret, tries it, has sent again what did not arrive, and stops it."""

import re
from collections.abc import Callable

from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database as Program
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff
from tests.databases import Database
from tests.web.pages.helpers import Visit

HERE = "/gemeente/webhooks"
SYSTEM = {"naam": "Zaaksysteem", "adres": "https://zaken.example/haak?sleutel=1"}
DEAD = "UPDATE webhook_message SET status = 'dead', attempts = 9, answer = 503 RETURNING id"


def test_a_system_is_added_tried_repaired_and_stopped(
    program: Program, visit: Callable[[], Visit], site: FastAPI, fresh_database: Database
) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin"
        )
    page = visit().sign_in(program, karin).get(HERE)
    assert page.says("Er hoort nog geen systeem van ons.")
    assert page.get(f"{HERE}/nieuw").says("Er is nog geen adres toegestaan.")

    page.post(HERE, **SYSTEM, soorten=["afspraak.klaar"])
    assert (page.status, page.says("Dit adres mag nog niet.")) == (422, True)
    assert 'value="https://zaken.example/haak?sleutel=1"' in page.page
    site.state.settings = site.state.settings.model_copy(update={"webhooks_to": "https://*.example"})
    page.get(f"{HERE}/nieuw").post(HERE, **SYSTEM)
    assert (page.status, page.says("Kies waarvan dit systeem hoort.")) == (422, True)
    for _ in range(2):  # pressed twice
        page.get(f"{HERE}/nieuw").post(HERE, **SYSTEM, soorten=["afspraak.klaar", "keer.klaar"])
        assert page.says("Een afspraak is klaar, Er is een keer geholpen")
    here = page.path
    assert rows_of(fresh_database, "SELECT count(*) FROM webhook") == [(1,)]
    assert "whsec_" not in page.page

    page.post(f"{here}/geheim")
    (first,) = re.findall(r'value="(whsec_[^"]+)"', page.page)
    page.post(f"{here}/nieuw-geheim")
    assert page.says("Er is een nieuw geheim. Het oude werkt nog een dag.")
    page.post(f"{here}/geheim")
    assert re.findall(r'value="(whsec_[^"]+)"', page.page) not in ([], [first])

    page.post(f"{here}/proef")
    assert page.says("Er gaat een proefbericht naar dit adres.")
    assert page.says("Een proefbericht")
    ((message,),) = rows_of(fresh_database, DEAD)
    assert page.get(HERE).says("1 bericht kwam niet aan")
    assert page.get(here).says("Niet aangekomen (antwoord 503)")
    page.post(f"{here}/berichten/{message}/opnieuw")
    assert page.says("Wij sturen het opnieuw.")
    assert page.says("Onderweg")
    rows_of(fresh_database, DEAD)
    assert page.get(here).post(f"{here}/opnieuw").says("Wij sturen het opnieuw.")

    page.post(f"{here}/stop")
    assert page.says("Dit adres krijgt niets meer.")
    assert page.says("Er hoort nog geen systeem van ons.")
    assert page.says("Gestopt Zaaksysteem, ")
    assert page.get(here).status == 404
