"""Medewerkers, letters, and acts that ask for a second proof of the last ten minutes."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from fastapi import FastAPI

from app.access import authenticators
from app.access.authenticators import STEP_S, code_at, key_of
from app.access.invitations import token_of
from app.access.roles import Role
from app.branch import routes_of
from app.clock import now
from app.db import Database
from tests.app.conftest import rows_of
from tests.app.factories import a_person, act, without_mail
from tests.clients import TestClient
from tests.databases import Database as Migrated
from tests.web.desks.helpers import ORIGIN, TOKEN, Desk, a_desk
from web.security import SESSION_COOKIE
from web.step_up import ACTS

HERE = "/gemeente/medewerkers"
NEW = {"voornaam": "Nienke", "email": "nienke@gemeente.voorbeeld.nl", "rol": "broker"}


@pytest.fixture
def karin(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    return a_desk(fresh_database, program, site, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin")


def an_app_of(desk: Desk, program: Database, site: FastAPI) -> Callable[..., str]:
    """Link an app; the answer tells what it shows, so many steps from now."""
    with program.transaction() as session:
        row = authenticators.begin(session, act(session, desk.actor))
        row.confirmed_at = now(session)
        key = key_of(site.state.secret, row.id)

    def shows(steps: int = 0) -> str:
        with program.transaction() as session:
            return code_at(key, int(now(session).timestamp()) // STEP_S + steps)

    return shows


def test_a_colleague_is_invited_comes_in_and_sets_up_a_second_proof(
    fresh_database: Migrated, site: FastAPI, karin: Desk
) -> None:
    karin.get(HERE)
    assert karin.post(HERE, **NEW).headers["location"] == f"{HERE}?gedaan=uitgenodigd"
    (row,) = rows_of(fresh_database, "SELECT id FROM staff_invitation")
    token = token_of(site.state.secret, row.id)
    nienke = TestClient(site, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
    page = nienke.get("/uitnodiging", params={"t": token}).text
    assert "sociaal makelaar" in page
    assert "Geldrop-Mierlo" in page
    assert rows_of(fresh_database, "SELECT count(*) FROM role_grant WHERE role = 'broker'")[0][0] == 0
    csrf = TOKEN.search(page)
    assert csrf is not None

    answer = nienke.post("/uitnodiging", data={"t": token, "csrf": csrf[1]})

    assert answer.headers["location"] == "/inloggen/tweede?next=/bureau"
    assert nienke.get("/bureau").headers["location"] == "/inloggen/tweede?next=/bureau"
    other = TestClient(site, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
    assert other.get("/uitnodiging", params={"t": token}).status_code == 410


def test_what_was_typed_waits_while_a_second_proof_is_shown(
    fresh_database: Migrated,
    program: Database,
    site: FastAPI,
    karin: Desk,
    travel: Callable[[timedelta], None],
) -> None:
    shows = an_app_of(karin, program, site)
    travel(timedelta(minutes=11))
    karin.get(HERE)
    asked = karin.post(HERE, **NEW)
    assert asked.status_code == 401
    assert rows_of(fresh_database, "SELECT count(*) FROM staff_invitation")[0][0] == 0
    kept = _hidden(asked.text, "bewaard")
    door = karin.post("/inloggen/tweede", bewaard=kept)
    assert _hidden(door.text, "bewaard") == kept
    shown = karin.post("/inloggen/tweede/app", code=shows(), bewaard=kept, volgende="/mijn")
    assert shown.status_code == 200
    fresh = re.search(rf"{SESSION_COOKIE}=([^;]+)", shown.headers["set-cookie"])
    assert fresh is not None
    before = karin.client.headers["cookie"]
    karin.client.headers["cookie"] = f"{SESSION_COOKIE}={fresh[1]}"
    waiting = {name: _hidden(shown.text, name) for name in NEW}
    assert waiting == NEW

    assert karin.post(HERE, **waiting).status_code == 303

    assert rows_of(fresh_database, "SELECT count(*) FROM staff_invitation")[0][0] == 1
    karin.client.headers["cookie"] = before  # the token from before the proof
    assert karin.get(HERE).headers["location"].startswith("/inloggen")


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


def test_every_act_of_the_list_asks_for_a_fresh_proof(
    fresh_database: Migrated, program: Database, site: FastAPI, travel: Callable[[timedelta], None]
) -> None:
    paths = {}
    for context in routes_of(site):
        name = getattr(context.original_route, "name", "")
        if name in ACTS:
            paths[name] = (str(context.path), min(set(context.methods or ()) - {"HEAD"}))
    assert set(paths) == ACTS
    desks = [
        a_desk(fresh_database, program, site, role=role, first_name=str(role))
        for role in (Role.BROKER, Role.TREASURER, Role.MUNICIPALITY_ADMINISTRATOR)
    ]
    travel(timedelta(minutes=11))
    for desk in desks:
        desk.get("/mijn/inloggen")
        for name, (path, method) in paths.items():
            filled = re.sub(r"\{(\w+)\}", lambda part: _some(part[1]), path)
            answer = desk.get(filled) if method == "GET" else desk.post(filled)
            if method == "GET":
                assert answer.headers["location"].startswith("/inloggen/tweede?next="), (name, desk.actor)
                desk.get("/mijn/inloggen")
            else:
                assert answer.status_code == 401, (name, desk.actor)
                desk.get("/mijn/inloggen")


def _some(part: str) -> str:
    return {"month": "2026-03", "form": "csv", "kind": "csv", "payer": "1771", "payee": "794"}.get(
        part, "0198c1d2-0000-7000-8000-000000000000"
    )


def test_a_wrong_and_a_used_code_do_not_pass_the_door(
    fresh_database: Migrated,
    program: Database,
    site: FastAPI,
    karin: Desk,
    travel: Callable[[timedelta], None],
) -> None:
    shows = an_app_of(karin, program, site)
    travel(timedelta(minutes=11))
    karin.get("/inloggen/tweede")
    code = shows()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert karin.post("/inloggen/tweede/app", code=wrong, volgende=HERE).status_code == 422
    with program.transaction() as session:
        authenticators.check(session, act(session, karin.actor), site.state.secret, code)
    assert karin.post("/inloggen/tweede/app", code=code, volgende=HERE).status_code == 422
    assert karin.post("/inloggen/tweede/app", code=shows(1), volgende=HERE).headers["location"] == HERE


@pytest.mark.parametrize(
    "kept", ["", "x", "[]", "{}", '{"naar": "//evil.example", "velden": {}}', '{"naar": 1, "velden": {}}',
             '{"naar": "/mijn", "velden": []}', '{"naar": "/mijn", "velden": {"a": 1}}', "[" * 3000]
)  # fmt: skip
def test_a_made_up_form_that_waits_is_let_go(
    fresh_database: Migrated, program: Database, site: FastAPI, karin: Desk, kept: str
) -> None:
    shows = an_app_of(karin, program, site)
    karin.get("/mijn/inloggen")
    answer = karin.post("/inloggen/tweede/app", code=shows(), volgende=HERE, bewaard=kept)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)


def test_nobody_but_an_administrator_finds_the_page_of_staff(desk: Desk) -> None:
    assert desk.get(HERE).status_code == 404


def test_a_colleague_is_signed_out_begins_anew_and_loses_a_role(
    fresh_database: Migrated, program: Database, site: FastAPI, karin: Desk
) -> None:
    marja = a_desk(fresh_database, program, site)
    an_app_of(marja, program, site)
    karin.get(HERE)
    (grant,) = rows_of(fresh_database, "SELECT id FROM role_grant WHERE role = 'broker'")
    assert (
        karin.post(f"{HERE}/{marja.actor.person_id}/opnieuw").headers["location"].endswith("gedaan=opnieuw")
    )
    assert marja.get("/bureau").headers["location"].startswith("/inloggen")
    assert rows_of(fresh_database, "SELECT count(*) FROM authenticator")[0][0] == 0
    karin.get(HERE)
    assert karin.post(f"{HERE}/rollen/{grant.id}/einde").headers["location"].endswith("gedaan=beeindigd")
    assert rows_of(fresh_database, "SELECT count(*) FROM role_grant WHERE role = 'broker'")[0][0] == 0
    karin.get(HERE)
    assert karin.post(f"{HERE}/{karin.actor.person_id}/opnieuw").status_code == 404


@pytest.mark.usefixtures("printer")
def test_a_letter_is_a_tagged_pdf_with_name_and_code(
    desk: Desk, program: Database, fresh_database: Migrated
) -> None:
    import pypdfium2
    import pypdfium2.raw as raw

    with program.transaction() as session:
        ria = a_person(session, achternaam="de Vries", huisnummer="12")
    where = f"/bureau/mensen/{ria.person_id}/brief"
    assert "heeft e-mail" in desk.get(where).text
    without_mail(fresh_database, ria)
    desk.get(where)
    answer = desk.client.post(where, data={"csrf": TOKEN.search(desk.page)[1]})  # type: ignore[index]
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    document = pypdfium2.PdfDocument(answer.content)
    said = document[0].get_textpage().get_text_bounded()
    assert len(document) == 1
    assert "Ria de Vries" in said
    assert "5664 HJ" in said
    assert re.search(r"\d{4} \d{4} \d{4}", said)
    assert raw.FPDFCatalog_IsTagged(document)
    assert "tot en met" in desk.get(where).text
    assert rows_of(fresh_database, "SELECT count(*) FROM letter_code")[0][0] == 1
    query = "SELECT act FROM audit_entry WHERE subject_id = :id ORDER BY at"
    looked = [row.act for row in rows_of(fresh_database, query, id=ria.person_id)]
    assert looked == ["person", "person", "address", "person"]


def test_a_letter_for_somebody_of_another_municipality_does_not_exist(desk: Desk, program: Database) -> None:
    with program.transaction() as session:
        wim = a_person(session, first_name="Wim", postcode="5611 AA")
    assert desk.get(f"/bureau/mensen/{wim.person_id}/brief").status_code == 404
