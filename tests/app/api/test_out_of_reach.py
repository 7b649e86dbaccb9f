"""What is out of reach answers as what never was, to a program and on a page alike; what is not, says why not."""

import re
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database as Program
from app.help_offers import service as help_offers
from app.help_requests import service as help_requests
from app.ids import uuid7
from tests.app.api.conftest import ApiFor
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, act, an_agreement
from tests.databases import Database
from tests.web.pages.helpers import Visit

Answered = tuple[int, str]
"""Status, and what is said with every key left out."""


class Both:
    """One person with a program and a browser."""

    def __init__(
        self, program: Program, site: FastAPI, database: Database, api_for: ApiFor, actor: Actor
    ) -> None:
        self.api = api_for(actor)
        self.browser = Visit(site, database).sign_in(program, actor)

    def told(self, path: str, body: dict[str, Any]) -> Answered:
        answer = self.api.post(path, body)
        return answer.status_code, _without_keys(answer.text)

    def shown(self, path: str, **typed: Any) -> Answered:
        page = self.browser.get("/zo-werkt-het").post(path, **typed)
        return page.status, _without_keys(page.page)


def _without_keys(text: str) -> str:
    own = re.sub(r'nonce="[^"]+"|name="csrf" value="[^"]+"|data-ends="[^"]+"', "", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "KEY", own)


@pytest.fixture
def volunteer(program: Program, site: FastAPI, fresh_database: Database, api_for: ApiFor) -> Both:
    """Somebody who offers help, and was proposed for nothing."""
    with program.transaction() as session:
        actor, _ = a_helper(session, first_name="Bo")
    return Both(program, site, fresh_database, api_for, actor)


def filled(session: Session, asker: Actor, helper: Actor, **asked: Any) -> UUID:
    return an_agreement(session, asker, helper, **asked).help_request_id


def test_who_saw_a_request_and_comes_too_late_is_told_so_everywhere(
    program: Program, fresh_database: Database, volunteer: Both
) -> None:
    with program.transaction() as session:
        asker, (first, _) = a_person(session), a_helper(session)
        key = filled(session, asker, first)

    told, shown = (
        volunteer.told(f"/hulpvragen/{key}/aanmeldingen", {}),
        volunteer.shown(f"/hulpvragen/{key}/ja"),
    )

    assert (told[0], shown[0]) == (409, 409)
    assert "taken-already" in told[1]
    assert "Iemand was u net voor" in shown[1]
    assert len(rows_of(fresh_database, "SELECT FROM proposal")) == 1


def test_a_request_that_the_volunteer_could_never_see_answers_as_one_that_never_was(
    program: Program, fresh_database: Database, volunteer: Both
) -> None:
    with program.transaction() as session:
        asker, (first, _) = a_person(session), a_helper(session)
        hidden = filled(session, asker, first)
        stopped = a_request(session, act(session, asker), titel="Toch niet nodig").id
        help_requests.withdraw(session, asker, stopped)
        draft = a_request(session, asker, zichtbaarVoor="makelaar").id
    rows_of(
        fresh_database,
        "UPDATE help_request SET visibility = 'voorgesteld' WHERE id = :id RETURNING id",
        id=hidden,
    )
    nothing = uuid7()
    told = volunteer.told(f"/hulpvragen/{nothing}/aanmeldingen", {})
    shown = volunteer.shown(f"/hulpvragen/{nothing}/ja")

    assert (told[0], shown[0]) == (404, 404)
    for key in (hidden, stopped, draft):
        assert volunteer.told(f"/hulpvragen/{key}/aanmeldingen", {}) == told
        assert volunteer.shown(f"/hulpvragen/{key}/ja") == shown
    noted = rows_of(fresh_database, "SELECT path FROM refused_access WHERE status = 404")
    assert len(noted) == 8


@pytest.fixture
def makelaar(program: Program, site: FastAPI, fresh_database: Database, api_for: ApiFor) -> Both:
    """Marja of Geldrop-Mierlo."""
    with program.transaction() as session:
        actor = a_member_of_staff(fresh_database, session)
    return Both(program, site, fresh_database, api_for, actor)


def test_an_offer_out_of_the_makelaars_reach_answers_as_one_that_never_was(
    program: Program, makelaar: Both
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        request = a_request(session, asker).id
        helper, paused = a_helper(session, postcode="5708 AB")
        help_offers.pause(session, helper, paused.id)
        other, withdrawn = a_helper(session, postcode="5541 AB")
        help_offers.withdraw(session, other, withdrawn.id)
    nothing = str(uuid7())
    told = makelaar.told(f"/hulpvragen/{request}/voorstellen", {"hulpaanbod": nothing})
    shown = makelaar.shown(f"/bureau/zaken/{request}/voorstellen", hulpaanbod=nothing)

    assert (told[0], shown[0]) == (404, 404)
    for offer in (paused, withdrawn):
        key = str(offer.id)
        assert makelaar.told(f"/hulpvragen/{request}/voorstellen", {"hulpaanbod": key}) == told
        assert makelaar.shown(f"/bureau/zaken/{request}/voorstellen", hulpaanbod=key) == shown


def test_an_offer_that_the_makelaar_sees_and_that_does_not_fit_says_which_rule(
    program: Program, makelaar: Both
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        request = a_request(session, asker).id
        _, here = a_helper(session, categorieen=["post-formulieren-en-toeslagen"])
        _, there = a_helper(session, postcode="5708 AB", buurgemeenten=False)

    for offer, rule in ((here, "category"), (there, "border")):
        typed = {"hulpaanbod": str(offer.id)}
        told = makelaar.told(f"/hulpvragen/{request}/voorstellen", typed)
        assert (told[0], rule in told[1]) == (409, True)
        assert makelaar.shown(f"/bureau/zaken/{request}/voorstellen", **typed)[0] == 409
