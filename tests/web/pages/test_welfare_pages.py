"""Welfare budgets on pages: asked, worked out, approved, spent and told, by those who may and nobody else."""

import io
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from PIL import Image

from app import multipart
from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database as Program
from app.welfare import granting, spending
from app.welfare.receipts import SENT_BYTES_MAX
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person
from tests.app.welfare.conftest import PDF, SWIMMING, Town, a_photograph, town
from tests.databases import Database
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

__all__ = ["town"]
Browsers = Callable[[], Visit]
MINE, DESK = "/mijn/welzijnsbudget", "/bureau/welzijnsbudget"
KEY = re.compile(r'name="sleutel" value="([^"]+)"')


def key(visitor: Visit) -> str:
    found = KEY.search(visitor.page)
    assert found is not None
    return found[1]


def send_file(visitor: Visit, path: str, content: bytes | None, **fields: str) -> Visit:
    """Send the form of the page that is open with a file, as a browser does."""
    files = {"bon": ("bon van Ria.jpg", content or b"", "image/jpeg")}
    answer = visitor.client.post(path, data={**fields, "csrf": visitor.csrf}, files=files)
    visitor.status, visitor.path = answer.status_code, answer.headers.get("location", path)
    if visitor.status == 303:
        return visitor.get(visitor.path)
    visitor.page = answer.text
    return visitor


def test_a_plan_goes_from_the_resident_to_the_desk_and_back(
    visit: Browsers, program: Program, town: Town
) -> None:
    ria = visit().sign_in(program, town.ria).get(f"{MINE}/nieuw")
    ria.post(f"{MINE}/nieuw", sleutel=key(ria), **SWIMMING, bedrag="€ 200")
    assert ria.says("Uw plan is binnen.")

    marja = visit().sign_in(program, town.marja).get(DESK)
    assert marja.says("Ria: Zwemles")
    plan = rows_of(town.database, "SELECT id, asked_cents FROM welfare_plan")[0]
    assert plan.asked_cents == 20_000
    with program.transaction() as session:
        days = town.period(session)
    marja.get(f"{DESK}/{plan.id}/bedrag")
    marja.post(f"{DESK}/{plan.id}/bedrag", sleutel=key(marja), bedrag="250", **days)
    assert marja.says("Een collega kijkt mee. Wie het voorstelt, keurt het niet goed.")

    karel = visit().sign_in(program, town.karel).get(f"{DESK}/{plan.id}")
    grant = rows_of(town.database, "SELECT id FROM welfare_grant")[0].id
    karel.post(f"{DESK}/toekenningen/{grant}/goedkeuren")
    assert karel.says("Er is nog € 250 over")
    assert ria.get(MINE).says("Er is nog € 250 over")
    assert ria.get("/mijn/berichten").says("U heeft een welzijnsbudget")


def test_what_is_typed_stays_when_something_must_be_mended(
    visit: Browsers, program: Program, town: Town
) -> None:
    ria = visit().sign_in(program, town.ria).get(f"{MINE}/nieuw")
    for amount in ("450,01", "0", "-1", "1e400", "12,345", "NaN", "true"):
        ria.post(f"{MINE}/nieuw", sleutel=key(ria), **SWIMMING | {"wens": ""}, bedrag=amount)
        assert ria.status == 422, amount
        assert ria.says("Vul een bedrag in tot en met 450 euro")
        assert SWIMMING["doel"] in ria.page
        assert f'value="{amount}"' in ria.page
    assert rows_of(town.database, "SELECT count(*) FROM welfare_plan")[0][0] == 0


def test_a_form_that_is_sent_twice_is_one_plan_and_one_spending(
    visit: Browsers, program: Program, town: Town
) -> None:
    ria = visit().sign_in(program, town.ria).get(f"{MINE}/nieuw")
    form = {"sleutel": key(ria), **SWIMMING}
    assert [ria.post(f"{MINE}/nieuw", **form).path for _ in range(2)] == [f"{MINE}?gedaan=gevraagd"] * 2
    plan = rows_of(town.database, "SELECT id FROM welfare_plan")[0].id
    town.do(town.karel, granting.approve, town.proposes(plan))

    spent = {"sleutel": str(uuid4()), "wat": "Badpak", "bedrag": "20"}
    for _ in range(2):
        ria.get(MINE).post(f"{MINE}/{plan}/uitgave", **spent)
    assert rows_of(town.database, "SELECT count(*) FROM welfare_spending")[0][0] == 1
    other = spent | {"bedrag": "30"}
    assert ria.get(f"{MINE}/{plan}/uitgave").post(f"{MINE}/{plan}/uitgave", **other).status == 422


def test_a_receipt_is_handed_in_looked_at_and_refunded(visit: Browsers, program: Program, town: Town) -> None:
    plan = town.granted()
    with program.transaction() as session:
        day = town.period(session)["van"]
    ria = visit().sign_in(program, town.ria).get(f"{MINE}/{plan}/bonnen")
    fields = {"sleutel": key(ria), "wat": "Badpak", "bedrag": "12,50", "datum": day}
    send_file(ria, f"{MINE}/{plan}/bonnen", a_photograph(), **fields)
    assert ria.says("Dat is binnen.")

    row = rows_of(town.database, "SELECT id FROM welfare_spending")[0].id
    marja = visit().sign_in(program, town.marja).get(f"{DESK}/uitgaven/{row}")
    assert 'alt="Foto van de bon voor Badpak"' in marja.page
    marja.post(f"{DESK}/uitgaven/{row}/vergoeden")
    assert marja.says("Terugbetaald")
    assert town.budget(plan) == (25_000, 1_250, 23_750)
    marja.get(f"{DESK}/{plan}").post(f"{DESK}/uitgaven/{row}/vergoeden")
    assert (marja.status, town.budget(plan)[1]) == (409, 1_250)


WRONG_FILES = [
    (b"", "Kies een foto of PDF van uw bon."),
    (b"<html><script>alert(1)</script>", "Dit is geen foto of PDF die wij kunnen bewaren."),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "Dit is geen foto of PDF"),
    (b"\xff\xd8\xff" + b"kapot" * 20, "Dit bestand is stuk."),
    (b"%PDF-1.4\n/OpenAction <</S /JavaScript /JS (app.alert(1))>>\n%%EOF", "Dit is geen foto of PDF"),
    (b"%PDF-1.4\n zonder einde", "Dit bestand is stuk."),
    (b"GIF89a" + b"\0" * 50, "Dit is geen foto of PDF"),
    (b"\xff\xd8\xff" + b"\0" * SENT_BYTES_MAX, "Dit bestand is te groot."),
]


def test_a_file_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    visit: Browsers, program: Program, town: Town
) -> None:
    plan = town.granted()
    with program.transaction() as session:
        day = town.period(session)["van"]
    ria = visit().sign_in(program, town.ria).get(f"{MINE}/{plan}/bonnen")
    assert not ria.says("Kies de foto nog een keer.")
    fields = {"sleutel": key(ria), "wat": "Badpak", "bedrag": "12,50", "datum": day}
    for sent, sentence in WRONG_FILES:
        send_file(ria, f"{MINE}/{plan}/bonnen", sent, **fields)
        assert (ria.status, ria.says(sentence)) == (422, True), sent[:20]
        assert 'value="Badpak"' in ria.page
    assert rows_of(town.database, "SELECT count(*) FROM welfare_receipt")[0][0] == 0
    send_file(ria, f"{MINE}/{plan}/bonnen", a_photograph(), **fields)  # mended, under the same key
    assert ria.says("Dat is binnen.")


def test_more_than_any_file_is_refused_before_it_is_read_whole(
    visit: Browsers, program: Program, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = town.granted()
    ria = visit().sign_in(program, town.ria).get(f"{MINE}/{plan}/bonnen")
    monkeypatch.setattr(multipart, "FILE_BYTES_MAX", 1000)

    assert send_file(ria, f"{MINE}/{plan}/bonnen", b"x" * 2000).status == 413


def test_a_photograph_leaves_without_where_it_was_taken_and_is_only_ever_saved(
    visit: Browsers, program: Program, town: Town
) -> None:
    plan = town.granted()
    sent = a_photograph(size=(4000, 3000))
    assert Image.open(io.BytesIO(sent)).getexif()
    town.hands_in(plan, sent=sent)
    receipt = rows_of(town.database, "SELECT id, content, width FROM welfare_receipt")[0]
    answer = visit().sign_in(program, town.ria).client.get(f"{MINE}/bonnen/{receipt.id}")

    kept = Image.open(io.BytesIO(answer.content))
    assert (kept.format, kept.width, receipt.width) == ("JPEG", 1600, 1600)
    assert not kept.getexif()
    assert b"Telefoon" not in answer.content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]


WHO: dict[str, tuple[Role | None, int | None]] = {
    "neighbour": (None, None),
    "makelaar": (Role.BROKER, 1771),
    "treasurer": (Role.TREASURER, 1771),
    "administrator": (Role.MUNICIPALITY_ADMINISTRATOR, 1771),
    "privacy officer": (Role.PRIVACY_OFFICER, 1771),
    "makelaar elsewhere": (Role.BROKER, 794),
    "treasurer elsewhere": (Role.TREASURER, 794),
    "region": (Role.REGION_ADMINISTRATOR, None),
}
MAY_SEE = {"makelaar", "treasurer"}
MAY_ARRANGE = {"makelaar"}


def somebody(program: Program, database: Database, who: str) -> Actor:
    role, municipality = WHO[who]
    with program.transaction() as session:
        if role is None:
            return a_person(session, first_name="Bo")
        return a_member_of_staff(database, session, role=role, municipality_id=municipality)


def test_a_budget_is_seen_by_its_owner_the_own_makelaar_and_the_treasurer_only(
    visit: Browsers, program: Program, town: Town
) -> None:
    plan = town.granted()
    row = town.hands_in(plan, sent=PDF)
    receipt = rows_of(town.database, "SELECT id FROM welfare_receipt")[0].id
    seen = [f"{DESK}/{plan}", f"{DESK}/uitgaven/{row}", f"{DESK}/bonnen/{receipt}"]
    arranged = [
        f"{DESK}/{plan}/bedrag",
        f"{DESK}/{plan}/afwijzen",
        f"{DESK}/nieuw?persoon={town.ria.person_id}",
    ]
    own = [f"{MINE}/{plan}/uitgave", f"{MINE}/{plan}/bonnen", f"{MINE}/bonnen/{receipt}"]
    for who in WHO:
        visitor = visit().sign_in(program, somebody(program, town.database, who))

        def answers(paths: list[str], visitor: Visit = visitor) -> set[int]:
            return {visitor.client.get(path).status_code for path in paths}

        assert answers([f"{DESK}/{uuid4()}", f"{DESK}/bonnen/{uuid4()}"]) == {404}, who
        assert answers(seen) == ({200} if who in MAY_SEE else {404}), who
        assert answers(arranged) == ({200} if who in MAY_ARRANGE else {404}), who
        assert answers(own) == {404}, who
        desk = visitor.client.get(DESK)
        assert desk.status_code == (200 if who.split()[0] in MAY_SEE else 404), who
        assert ("Ria: Zwemles" in desk.text) is (who in MAY_SEE), who
        assert "In het water" not in visitor.client.get(MINE).text, who


def test_who_may_not_see_a_budget_decides_nothing_about_it(
    visit: Browsers, program: Program, town: Town
) -> None:
    plan = town.granted()
    row = town.wants(plan)
    acts: dict[str, dict[str, str]] = {
        f"{DESK}/uitgaven/{row}/goedkeuren": {}, f"{DESK}/uitgaven/{row}/betaald": {},
        f"{DESK}/uitgaven/{row}/afwijzen": {"reden": "x"}, f"{DESK}/{plan}/afwijzen": {"reden": "x"},
        f"{DESK}/{plan}/bedrag": {"sleutel": str(uuid4()), "bedrag": "10"},
        f"{MINE}/{plan}/uitgave": {"sleutel": str(uuid4()), "wat": "Boek", "bedrag": "10"},
        f"{MINE}/uitgaven/{row}/intrekken": {}, f"{MINE}/{plan}/intrekken": {},
    }  # fmt: skip
    for who in WHO.keys() - MAY_SEE:
        visitor = visit().sign_in(program, somebody(program, town.database, who)).get("/mijn/gegevens")
        token = visitor.csrf
        for path, form in acts.items():
            assert visitor.post(path, csrf=token, **form).status == 404, (who, path)

    assert rows_of(town.database, "SELECT status FROM welfare_spending")[0].status == "asked"
    assert rows_of(town.database, "SELECT count(*) FROM welfare_spending")[0][0] == 1


def test_the_lists_cost_as_many_queries_at_fifteen_plans_as_at_one(
    visit: Browsers, program: Program, town: Town
) -> None:
    def cost(visitor: Visit, path: str) -> int:
        visitor.client.get(path)
        with count_queries(program.engine) as queries:
            assert visitor.client.get(path).status_code == 200
        return queries.count

    plan = town.granted()
    town.wants(plan, 100)
    marja, ria = visit().sign_in(program, town.marja), visit().sign_in(program, town.ria)
    paths = [(marja, f"{DESK}?bak=alles"), (marja, f"{DESK}/{plan}"), (ria, MINE)]
    one = [cost(*path) for path in paths]
    for number in range(14):
        with program.transaction() as session:
            other = a_person(session, first_name=f"Vrager{chr(97 + number)}")
        Town(program, town.database, other, town.marja, town.sanne, town.karel).granted(days=number + 1)
        town.do(town.sanne, spending.approve, town.wants(plan, 100))
    assert [cost(*path) for path in paths] == one


def test_the_desk_reads_english_too(visit: Browsers, program: Program, town: Town) -> None:
    plan = town.granted()
    town.wants(plan)
    marja = visit().sign_in(program, town.marja)
    marja.client.cookies.set("__Host-taal", "en", domain="testserver.local", path="/")
    assert marja.get(f"{DESK}/{plan}").says("Expenses and receipts")
