"""The public face on its pages: stories, plans, figures, what machines read, and a municipality's own look."""

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database as Program
from app.ideas import service as ideas
from app.ideas.schemas import NewIdea
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, act
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
PAGES = ("/", "/zo-werkt-het", "/voor-vrijwilligers", "/voor-organisaties", "/cijfers", "/verhalen", "/plannen",
         "/privacy", "/toegankelijkheid", "/contact", "/status")  # fmt: skip


@pytest.fixture
def marja(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


@pytest.fixture
def karin(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin"
        )


def test_every_public_page_says_its_own_address_to_machines_and_whom_to_call_to_people(
    visit: Browsers,
) -> None:
    visitor = visit()
    for path in PAGES:
        page = visitor.get(path).page
        assert visitor.status == 200, path
        assert page.count("<h1") == 1, path
        assert 'href="tel:' in page, path
        assert f'<link rel="canonical" href="https://testserver{path}">' in page or path in page, path
        assert 'property="og:image" content="' in page, path
        told = json.loads(
            re.findall(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', page, re.S)[0]
        )
        assert told["@context"].endswith("schema.org"), path


def test_what_neighbours_ask_is_told_to_no_machine(visit: Browsers) -> None:
    visitor = visit()
    for path in ("/hulpvragen", "/hulpaanbod", "/helpen", "/inloggen"):
        assert 'rel="canonical"' not in visitor.get(path).page
    assert "Sitemap: " in visitor.get("/robots.txt").page


def test_the_map_of_the_site_holds_public_pages_of_each_municipality_and_no_other(
    visit: Browsers, program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        new = NewIdea.model_validate({"titel": "Een bankje", "idee": "Bij de brug."})
        plan = ideas.lay_before(session, act(session, marja), GELDROP_MIERLO, new).id

    found = [part.text or "" for part in ET.fromstring(visit().get("/sitemap.xml").page).iter() if part.text]  # noqa: S314 - ours

    assert any(path.endswith(f"/plannen/{plan}") for path in found)
    assert any("/verhalen?van=" in path for path in found)
    assert not any(
        word in path for path in found for word in ("/mijn", "/bureau", "/hulpvragen", "/inloggen")
    )
    visitor = visit().get("/verhalen?van=794")
    assert visitor.says("Helmond")


def test_a_story_is_told_shown_and_taken_back(visit: Browsers, program: Program, marja: Actor) -> None:
    with program.transaction() as session:
        ria = a_person(session, first_name="Ria")
    teller, desk = visit().sign_in(program, ria), visit().sign_in(program, marja)
    teller.get("/verhalen/nieuw")
    wrong = teller.post("/verhalen/nieuw", titel="Naar de markt", verhaal="", magErop="ja", formulier="a")
    assert (wrong.status, "Naar de markt" in wrong.page) == (422, True)
    refused = teller.post("/verhalen/nieuw", titel="Naar de markt", verhaal="Wij gaan samen.")
    assert refused.status == 422
    typed = {"titel": "Naar de markt", "verhaal": "Wij gaan samen.", "magErop": "ja", "plaatje": "samen"}
    again = {**typed, "formulier": "01890000-0000-7000-8000-00000000000b"}
    for _ in range(2):
        assert teller.post("/verhalen/nieuw", **again).says("Wij lezen het eerst")
    assert teller.page.count("Wij lezen het eerst") >= 1
    assert not visit().get("/verhalen").says("Naar de markt")

    desk.get("/bureau/verhalen")
    assert desk.says("1 wacht op u")
    id = re.findall(r"/bureau/geschreven/verhaal/([0-9a-f-]{36})/goed", desk.page)[0]
    desk.post(f"/bureau/geschreven/verhaal/{id}/goed")

    reader = visit().get("/")
    assert reader.says("Naar de markt")
    reader.get(f"/verhalen/{id}")
    assert reader.says("Wij gaan samen.")
    assert reader.says("Ria, Geldrop")
    teller.get(f"/verhalen/{id}")
    teller.post(f"/verhalen/{id}/intrekken")
    assert reader.get(f"/verhalen/{id}").status == 404


def test_a_plan_is_laid_before_people_and_answered(visit: Browsers, program: Program, marja: Actor) -> None:
    with program.transaction() as session:
        ria = a_person(session, first_name="Ria")
    desk, resident = visit().sign_in(program, marja), visit().sign_in(program, ria)
    desk.get("/bureau/plannen/nieuw")
    desk.post("/bureau/plannen/nieuw", titel="Eén plek", idee="Wat vindt u?")
    plan = desk.path
    resident.get(plan)
    assert resident.post(f"{plan}/reacties", reactie="").status == 422
    resident.get(plan)
    assert resident.post(f"{plan}/reacties", reactie="Zet er een bankje bij.").says(
        "Wij lezen uw reactie eerst"
    )
    assert not visit().get(plan).says("Zet er een bankje bij.")
    desk.get("/bureau/verhalen")
    id = re.findall(r"/bureau/geschreven/reactie/([0-9a-f-]{36})/goed", desk.page)[0]
    desk.post(f"/bureau/geschreven/reactie/{id}/goed")
    assert visit().get(plan).says("Zet er een bankje bij.")
    answer = "/bureau" + plan + "/antwoord"
    desk.get(answer)
    assert desk.says("Zet er een bankje bij.")
    desk.post(answer, uitkomst="Het bankje komt er.")
    assert visit().get(plan).says("Het bankje komt er.")
    assert not visit().get(plan).says("Wat vindt u?\n")


def test_a_look_is_tried_shown_and_worn_by_its_own_municipality_only(
    visit: Browsers, program: Program, karin: Actor
) -> None:
    admin = visit().sign_in(program, karin).get("/gemeente/huisstijl")
    wrong = admin.post("/gemeente/huisstijl", hoofdkleur="#a52a0a", versie="0")
    assert wrong.status == 422
    assert wrong.says("lijkt op die van een fout")
    admin.get("/gemeente/huisstijl").post("/gemeente/huisstijl", hoofdkleur="#00A0E1", versie="0")
    assert admin.says("15 stappen donkerder")
    assert "/huisstijl/1771/" not in visit().get("/?van=1771").page
    version = re.findall(r'name="versie" value="(\d+)"', admin.page)[-1]
    admin.post("/gemeente/huisstijl/tonen", versie=version)
    assert admin.says("ziet het nu zo")

    ours, theirs = visit().get("/?van=1771").page, visit().get("/?van=794").page
    sheet = re.findall(r'href="(/huisstijl/1771/[0-9a-f]{12}\.css)"', ours)[0]
    answer = visit().client.get(sheet)
    assert "--rose:#006a94" in answer.text
    assert answer.headers["cache-control"].endswith("immutable")
    assert "/huisstijl/" not in theirs


def test_tokens_are_told_line_by_line_and_kept_by_nobody(
    visit: Browsers, program: Program, karin: Actor
) -> None:
    admin = visit().sign_in(program, karin).get("/gemeente/huisstijl")
    typed = (
        "--utrecht-button-primary-action-background-color: #154273; --utrecht-document-font-family: Arial;"
    )
    body = "".join(
        f'--grens\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"csrf": admin.csrf, "tokens": typed}.items()
    )
    answer = admin.client.post(
        "/gemeente/huisstijl/tokens", content=body + "--grens--\r\n",
        headers={"content-type": "multipart/form-data; boundary=grens"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert 'name="hoofdkleur" type="text" value="#154273"' in answer.text
    assert "Overgenomen: hoofdkleur" in answer.text
    assert "overal hetzelfde" in answer.text
    assert "#154273" not in admin.get("/gemeente/huisstijl").page
