"""Whom an asker gets to know, and when: at a helper's own yes, and not because we asked them."""

from fastapi import FastAPI

from app.access.actor import Actor
from app.db import Database as Program
from app.matches import answer
from tests.app.api.conftest import Api, ApiFor
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, act, proposals_for
from tests.databases import Database
from tests.web.pages.helpers import Visit


class Asked:
    """Three helpers were asked: Wim said yes, Nel said no, and Suus has said nothing yet."""

    def __init__(self, program: Program) -> None:
        with program.transaction() as session:
            helpers = {name: a_helper(session, first_name=name)[0] for name in ("Wim", "Nel", "Suus")}
        with program.transaction() as session:
            self.asker: Actor = a_person(session)
            help_request = a_request(session, self.asker)
            proposals_for(session, self.asker, help_request)
            self.request_id = help_request.id
            self.ids = {}
            for name, helper in helpers.items():
                act(session, helper)
                self.ids[name] = answer.for_helper(session, helper)[0].id
            answer.accept(session, act(session, helpers["Wim"]), self.ids["Wim"])
            answer.decline(session, act(session, helpers["Nel"]), self.ids["Nel"])
        self.helpers = helpers


def test_an_asker_knows_only_who_said_yes_by_program_and_on_the_page(
    program: Program, site: FastAPI, fresh_database: Database, api_for: ApiFor
) -> None:
    asked = Asked(program)
    ria: Api = api_for(asked.asker)
    visitor = Visit(site, fresh_database).sign_in(program, asked.asker)

    lists = [ria.get("/voorstellen").json(), ria.get(f"/hulpvragen/{asked.request_id}/voorstellen").json()]
    page = visitor.get(f"/mijn/vragen/{asked.request_id}").page

    assert [[row["helper"] for row in rows] for rows in lists] == [["Wim"], ["Wim"]]
    assert [name for name in asked.ids if name in page] == ["Wim"]
    for name in ("Nel", "Suus"):
        key = asked.ids[name]
        assert ria.get(f"/voorstellen/{key}").status_code == 404
        assert visitor.get(f"/mijn/voorstellen/{key}").status == 404
        assert visitor.get(f"/mijn/vragen/{asked.request_id}/kies/{key}").status == 404
        for deed in ("kennismakingen", "afwijzingen"):
            assert ria.post(f"/voorstellen/{key}/{deed}").status_code == 404
    assert ria.get(f"/voorstellen/{asked.ids['Wim']}").json()["helper"] == "Wim"


def test_a_helper_reads_what_they_were_asked_and_the_makelaar_everything(
    program: Program, fresh_database: Database, api_for: ApiFor
) -> None:
    asked = Asked(program)
    with program.transaction() as session:
        marja = api_for(a_member_of_staff(fresh_database, session))

    for name, helper in asked.helpers.items():
        (own,) = api_for(helper).get("/voorstellen").json()
        assert (own["id"], own["helper"]) == (str(asked.ids[name]), name)
    rows = marja.get(f"/hulpvragen/{asked.request_id}/voorstellen").json()
    assert {row["helper"] for row in rows} == {"Wim", "Nel", "Suus"}


def test_who_said_yes_and_then_no_stays_known_so_that_the_notice_leads_somewhere(
    program: Program, site: FastAPI, fresh_database: Database
) -> None:
    asked = Asked(program)
    with program.transaction() as session:
        answer.decline(session, act(session, asked.helpers["Wim"]), asked.ids["Wim"])
    visitor = Visit(site, fresh_database).sign_in(program, asked.asker)

    assert visitor.get(f"/mijn/voorstellen/{asked.ids['Wim']}").path == f"/mijn/vragen/{asked.request_id}"
    assert visitor.says("Wim kan toch niet")
