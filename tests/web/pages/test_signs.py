"""Signs on one's own devices, on the page of preferences; and a desk that writes down how somebody wants to hear."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.access.actor import Actor
from app.db import Database as Program
from app.notifications.groups import Group
from app.push import keys, service
from app.push.models import mark_of
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, without_mail
from tests.app.push.conftest import Browser
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
HERE = "/mijn/berichten/voorkeuren"
WISHES = "SELECT about, way, push FROM notice_wish ORDER BY about"


@pytest.fixture
def signs(site: FastAPI) -> Browser:
    """A telephone, and a site that has a key."""
    kept = {"push_key": SecretStr(keys.new_secret()), "push_services": "https://*.push.example"}
    site.state.settings = site.state.settings.model_copy(update=kept)
    return Browser("https://web.push.example/to/phone")


def ria_of(program: Program, name: str = "Ria") -> Actor:
    with program.transaction() as session:
        return a_person(session, first_name=name)


def agree(visitor: Visit, phone: Browser, **other: str) -> Visit:
    """As the script of the page sends it."""
    said = phone.agrees(visitor.site.state.settings).model_dump(by_alias=True) | {"geenBsn": "ja"} | other
    return visitor.get(HERE).post("/mijn/berichten/toestellen", **said)


def test_somebody_switches_a_device_on_chooses_about_what_and_switches_it_off(
    program: Program, visit: Browsers, signs: Browser, fresh_database: Database
) -> None:
    page = visit().sign_in(program, ria_of(program))
    page.client.headers["user-agent"] = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
    page.get(HERE)
    assert f'data-key="{keys.public_key(page.site.state.settings)}"' in page.page
    assert 'name="toestel"' not in page.page

    agree(page, signs)
    assert page.says("Dit toestel laat nu zien dat er een bericht is.")
    assert page.says("Firefox, Android")
    assert f'data-mark="{mark_of(signs.endpoint).hex()}"' in page.page
    assert signs.endpoint not in page.page
    assert {row.about for row in rows_of(fresh_database, WISHES) if row.push} == set(service.AT_FIRST)
    page.post(HERE, tips="week", toestel=["tips", "afspraken"])
    assert {row.about for row in rows_of(fresh_database, WISHES) if row.push} == {Group.TIPS, Group.AGREED}
    page.post(HERE, afspraken="nooit", toestel="vragen")
    assert page.status == 422
    assert re.findall(r'name="toestel" value="([\w-]+)" checked', page.page) == ["vragen"]

    (way_out,) = re.findall(r'action="(/mijn/berichten/toestellen/[^"]+/weg)"', page.get(HERE).page)
    stranger = visit().sign_in(program, ria_of(program, "Bo")).get(HERE)
    assert stranger.post(way_out).status == 404
    page.post(way_out)
    assert page.says("Dat toestel laat niets meer zien.")
    assert rows_of(fresh_database, "SELECT FROM push_device") == []


def test_what_no_browser_of_ours_would_send_is_refused_with_a_sentence(
    program: Program, visit: Browsers, signs: Browser, fresh_database: Database
) -> None:
    page = visit().sign_in(program, ria_of(program))

    for other in (
        {"adres": "https://169.254.169.254/to"},
        {"adres": ""},
        {"sleutel": "AAAA"},
        {"geheim": "é"},
    ):
        agree(page, signs, **other)
        assert (page.status, page.says("Dat lukte niet op dit toestel.")) == (422, True)
    agree(page, signs, onzeSleutel="AAAA")
    assert page.says("Deze pagina was te oud.")

    assert rows_of(fresh_database, "SELECT FROM push_device") == []


def test_without_a_key_nothing_of_it_is_on_the_page(program: Program, visit: Browsers) -> None:
    page = visit().sign_in(program, ria_of(program)).get(HERE)

    assert not page.says("Een melding op uw telefoon of computer")
    assert page.post("/mijn/berichten/toestellen", adres="https://fcm.googleapis.com/x", sleutel="A",
                     geheim="A", onzeSleutel="A").status == 422  # fmt: skip


def test_a_makelaar_writes_down_what_somebody_says_on_the_telephone_and_they_hear_of_it(
    program: Program, visit: Browsers, fresh_database: Database
) -> None:
    annie = ria_of(program, "Annie")
    without_mail(fresh_database, annie)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Els")
    here = f"/bureau/mensen/{annie.person_id}/berichten"
    desk = visit().sign_in(program, marja).get(f"/bureau/mensen/{annie.person_id}")
    assert here in desk.page

    assert desk.get(here).says("Hoe wij Annie schrijven")
    assert desk.post(here, vragen="site").status == 422
    assert '<option value="site" selected>' in desk.page
    desk.post(here, gezegd="telefoon", afspraken="direct")
    assert desk.status == 422  # she has no e-mail
    desk.get(here).post(here, gezegd="telefoon", vragen="site", afspraken="brief")
    assert desk.says("Annie krijgt hier bericht van.")
    desk.get(here).post(here, gezegd="telefoon", vragen="site")

    assert [tuple(row) for row in rows_of(fresh_database, WISHES)] == [("vragen", "site", False)]
    assert len(rows_of(fresh_database, "SELECT FROM notice WHERE kind = 'wishes-written'")) == 1
    reasons = rows_of(fresh_database, "SELECT DISTINCT reason FROM audit_reason ORDER BY reason")
    assert [row.reason for row in reasons][-2:] == [
        "hoe wij schrijven", "hoe wij schrijven: veranderd, zoals gezegd (telefoon)",
    ]  # fmt: skip
    assert visit().sign_in(program, elsewhere).get(here).status == 404
    own = visit().sign_in(program, marja).get(f"/bureau/mensen/{marja.person_id}/berichten")
    assert own.status == 404 or own.says("Een collega pakt het op.")
