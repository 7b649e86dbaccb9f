"""Choosing how to be told, stopping mail by its link or by one press, and what the desk and an administrator see."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database as Program
from app.ids import uuid7
from app.jobs.work import Work
from app.notifications import mail, service, wishes
from app.notifications.groups import Group
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    without_mail,
)
from tests.app.notifications.conftest import mails
from tests.app.notifications.posting import post_all
from tests.clients import TestClient
from tests.databases import Database
from tests.web.pages.helpers import Visit
from web import documents

Browsers = Callable[[], Visit]
HERE = "/mijn/berichten/voorkeuren"
WAYS = "SELECT about, way FROM notice_wish ORDER BY about"


def kept(database: Database) -> dict[str, str]:
    return {row.about: row.way for row in rows_of(database, WAYS)}


def test_somebody_chooses_per_group_and_not_to_miss_what_others_count_on(
    program: Program, visit: Browsers, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
    page = visit().sign_in(program, ria).get("/mijn/berichten")
    assert HERE in page.page

    page.get(HERE).post(HERE, tips="site", vragen="dag")
    assert page.says("Bewaard.")
    page.get(HERE).post(HERE, afspraken="site")
    assert (page.status, page.says("Kies hoe wij u dit laten weten.")) == (422, True)
    page.get(HERE).post(HERE, afspraken="nooit", tips="week")
    assert page.status == 422
    assert re.search(r'<option value="week" selected>', page.page)

    assert kept(fresh_database) == {"tips": "site", "vragen": "dag"}


def test_the_link_below_a_mail_stops_it_after_a_press_and_one_click_at_once(
    program: Program, visit: Browsers, site: FastAPI, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        for kind in ("submitted", "reminder"):
            service.tell(session, ria.person_id, GELDROP_MIERLO, kind, uuid7(), title="Naar de markt")
    work = Work(site.state.settings, program)
    post_all(work)
    (sent,) = mails(work)
    one_click = urlsplit(sent["List-Unsubscribe"].strip("<>"))
    (raw,) = (path.read_bytes() for path in site.state.settings.mailbox_dir.rglob("*") if path.is_file())
    assert b"\nList-Unsubscribe: <http" in raw  # as it is, in no other code
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    seen = f"/afmelden?{one_click.query}"
    assert seen in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    stranger = visit().get(seen)
    assert stranger.says("Hoe het gaat met uw vraag of activiteit")
    assert kept(fresh_database) == {}
    token = one_click.query.removeprefix("t=")
    stranger.post("/afmelden", t=token)
    assert stranger.says("U krijgt hierover geen mail meer")
    assert kept(fresh_database) == {"herinneringen": "site", "vragen": "site"}
    rows_of(fresh_database, "DELETE FROM notice_wish RETURNING 1")

    program_of_mail = TestClient(site, base_url="https://testserver")
    for _ in range(2):
        answer = program_of_mail.post(
            f"{one_click.path}?{one_click.query}", data={"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200
    assert kept(fresh_database) == {"herinneringen": "site", "vragen": "site"}
    assert program_of_mail.post(f"{one_click.path}?t=x{token}").status_code == 410
    assert stranger.get("/afmelden?t=onzin").status == 410


def test_what_always_arrives_has_no_link_to_stop_it(program: Program, site: FastAPI) -> None:
    secret = site.state.secret
    with program.transaction() as session:
        ria = a_person(session)
    assert wishes.token_of(secret, ria.person_id, GELDROP_MIERLO, [Group.AGREED]) == ""
    token = wishes.token_of(secret, ria.person_id, GELDROP_MIERLO, [Group.AGREED, Group.TIPS])
    assert wishes.read_token(secret, token)[2] == [Group.TIPS]


def test_the_desk_prints_and_posts_and_without_pango_there_is_a_page(
    program: Program, visit: Browsers, fresh_database: Database
) -> None:
    with program.transaction() as session:
        annie = a_person(session, first_name="Annie")
        marja = a_member_of_staff(fresh_database, session)
    without_mail(fresh_database, annie)
    rows_of(fresh_database, "UPDATE contact SET street = 'Langstraat', house_number = '12' RETURNING 1")
    told = rows_of(
        fresh_database,
        "INSERT INTO notice (id, person_id, municipality_id, kind, subject_id, turn, params) VALUES"
        " (gen_random_uuid(), :who, 794, 'released', gen_random_uuid(), 0, '{\"title\": \"De markt\"}') RETURNING id",
        who=annie.person_id,
    )[0].id
    rows_of(
        fresh_database,
        "INSERT INTO dispatch (id, municipality_id, person_id, carrier, notice_ids, reference)"
        " VALUES (gen_random_uuid(), 1771, :who, 'letter', ARRAY[CAST(:told AS uuid)], 'B-7K3M-Q9XD') RETURNING id",
        who=annie.person_id, told=told,
    )  # fmt: skip
    desk = visit().sign_in(program, marja).get("/bureau/brieven")
    assert desk.says("1 brief om te printen")
    assert desk.says("B-7K3M-Q9XD")

    answer = desk.client.post("/bureau/brieven/pdf", data={"csrf": desk.csrf})
    assert answer.headers["content-type"] in ("application/pdf", "text/html; charset=utf-8")
    desk.get("/bureau/brieven")
    assert desk.says("1 brief is geprint")
    (key,) = re.findall(r'name="brieven" value="([^"]+)"', desk.page)
    desk.post("/bureau/brieven", brieven=key)
    assert desk.says("Laatst gepost")
    assert desk.says("Er ligt geen brief om te printen.")


def test_who_reads_on_paper_chooses_on_a_slip_to_cut_off(
    program: Program, visit: Browsers, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program.transaction() as session:
        annie = a_person(session, first_name="Annie")
        marja = a_member_of_staff(fresh_database, session)
        helper, _ = a_helper(session, first_name="Youssef")
        act(session, annie)
        held = a_request(session, annie)
        a_willing_helper(session, annie, helper, held)
        number = held.number
    without_mail(fresh_database, annie)
    rows_of(fresh_database, "UPDATE contact SET street = 'Langstraat', house_number = '12' RETURNING 1")
    told = rows_of(
        fresh_database,
        "INSERT INTO notice (id, person_id, municipality_id, kind, subject_id, turn, params) VALUES"
        " (gen_random_uuid(), :who, 1771, 'willing', gen_random_uuid(), 0, '{\"title\": \"De markt\"}') RETURNING id",
        who=annie.person_id,
    )[0].id
    rows_of(
        fresh_database,
        "INSERT INTO dispatch (id, municipality_id, person_id, carrier, notice_ids, reference)"
        " VALUES (gen_random_uuid(), 1771, :who, 'letter', ARRAY[CAST(:told AS uuid)], 'B-7K3M-Q9XD') RETURNING id",
        who=annie.person_id, told=told,
    )  # fmt: skip
    rows_of(
        fresh_database,
        "UPDATE municipality SET post_address = 'Antwoordnummer 7, Geldrop' WHERE id = 1771 RETURNING 1",
    )
    monkeypatch.setattr(documents, "pdf", no_printer)
    desk = visit().sign_in(program, marja).get("/bureau/brieven")

    desk.post("/bureau/brieven/pdf")

    assert desk.says(f"Uw nummer: {number}.")
    assert desk.says("stuur het naar ons: Geldrop-Mierlo, Antwoordnummer 7, Geldrop.")
    assert desk.says("1. Youssef, ")
    assert not desk.says("Iemand wil u helpen")  # that there is a choice is not told twice
    assert desk.page.count("post-box") == len(("Youssef", "Niemand van hen", "Bel mij even"))


def no_printer(*_: object, **__: object) -> bytes:
    """Where Pango is not."""
    raise documents.NoPrinter


def test_an_administrator_sees_that_a_mail_did_not_arrive_and_not_whose(
    program: Program, visit: Browsers, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session, first_name="Riaatje")
        karin = a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin"
        )
    rows_of(
        fresh_database,
        "INSERT INTO dispatch (id, municipality_id, person_id, carrier, notice_ids, failed_at, failure, attempts)"
        " VALUES (gen_random_uuid(), 1771, :who, 'mail', ARRAY[gen_random_uuid()], now(), 'refused', 1) RETURNING id",
        who=ria.person_id,
    )
    page = visit().sign_in(program, karin).get("/gemeente/mail")
    assert page.says("Het adres bestaat niet (meer)")
    assert "Riaatje" not in page.page

    path = re.findall(r'action="(/gemeente/mail/[^"]+)"', page.page)[0]
    page.post(path)

    assert page.says("Wij proberen het opnieuw.")
    assert page.says("Alle mail kwam aan.")


def test_the_mailbox_of_a_demonstration_shows_the_html_in_a_box_that_runs_nothing(
    visit: Browsers, site: FastAPI
) -> None:
    visitor = visit()
    visitor.client.base_url = "https://localhost"
    visitor.client.headers["origin"] = "https://localhost"
    settings = site.state.settings
    mail.send(
        settings,
        mail.letter(settings, "ria@voorbeeld.nl", "Dag", ["<script>alert(1)</script>"], "x", "Kijk", "1"),
    )
    key = visitor.get("/postbus").page.partition('href="/postbus/')[2].partition('"')[0]
    assert 'sandbox="allow-popups' in visitor.get(f"/postbus/{key}").page

    answer = visitor.client.get(f"/postbus/{key}/opgemaakt")

    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "allow-scripts" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
