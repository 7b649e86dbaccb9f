"""What holds for every form of every page: no field of ours too many, no form without its token, no odd amount."""

import inspect
import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app import pacing
from app.agreements import occur
from app.branch import routes_of
from app.db import Database as Program
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, an_agreement
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
LONG = bool(os.environ.get("ZVE_TEST_LONG"))
"""Else each form gets no token from one visitor and a wrong one from the next, by turns."""
FORBIDDEN_FIELDS = ("municipality_id", "role", "status", "balance", "min_available", "owner_id")
NO_AMOUNTS = (
    "0",
    "-1",
    "1e400",
    "1.5",
    "1,5",
    "1_5",
    "15.0",
    "true",
    "NaN",
    "Infinity",
    str(2**63),
    "null",
    "[]",
    "½",
    "1" * 5000,
)
STORED = (
    "SELECT (SELECT count(*) FROM state_event), (SELECT count(*) FROM help_request), (SELECT count(*) FROM help_offer),"
    " (SELECT count(*) FROM proposal), (SELECT count(*) FROM ledger.transfer), (SELECT count(*) FROM notice),"
    " (SELECT count(*) FROM sign_in_link), (SELECT count(*) FROM web_session),"
    " (SELECT string_agg(first_name || language || paused, ',' ORDER BY id) FROM person)"
)


def taking(site: FastAPI) -> Iterator[tuple[str, str, Dependant]]:
    """Method, path and dependencies of every route that takes something."""
    for context in routes_of(site):
        route = context.original_route
        if isinstance(route, APIRoute):
            for method in sorted((route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}):
                yield method, str(context.path), route.dependant


def dependencies(dependant: Dependant) -> Iterator[Dependant]:
    """All of them, those of dependencies too."""
    yield dependant
    for one in dependant.dependencies:
        yield from dependencies(one)


def models_of(dependant: Dependant) -> Iterator[type[BaseModel]]:
    """What a route reads a form or a JSON body into."""
    for one in dependencies(dependant):
        for field in one.body_params:
            annotation = field.field_info.annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                yield annotation
        if one.call is not None and getattr(one.call, "__module__", "") == "web.forms":
            model = inspect.getclosurevars(one.call).nonlocals.get("model")
            if model is not None:
                yield model


def test_whatever_a_form_or_a_body_may_hold_refuses_all_else(site: FastAPI) -> None:
    models = {model for _, _, dependant in taking(site) for model in models_of(dependant)}

    assert len(models) > 30
    lenient = {model.__name__ for model in models if model.model_config.get("extra") != "forbid"}
    assert lenient <= set(CHECKED_BY_HAND)


CHECKED_BY_HAND = {"Intake": "one screen for a person and a question; tests/web/desks/test_desk_intake.py"}
"""Models that leave unknown names to their page, with the reason."""


def test_every_form_reads_into_a_model(site: FastAPI) -> None:
    pages = {path: set(models_of(one)) for _, path, one in taking(site) if not path.startswith("/api/")}

    assert len(pages) > 30
    assert {path for path, models in pages.items() if not models} <= set(WITHOUT_FIELDS)


WITHOUT_FIELDS = {
    "/csp": "what a browser reports by itself, which changes nothing; tests/web/test_reports.py",
    "/afmelden/direct": "what a mail program sends by itself: the signed token in the address is its proof;"
    " tests/web/pages/test_notice_wishes.py",
}
"""Paths that read no form of ours, with the reason."""


@pytest.fixture
def agreed(program: Program) -> tuple[Any, UUID]:
    """A person who asks, and the one time that was agreed."""
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        agreement = an_agreement(session, asker, helper)
        return asker, occur.get(session, asker, agreement.id).occurrences[0].id


def test_a_field_that_one_may_not_set_changes_nothing(
    visit: Browsers, program: Program, fresh_database: Database, agreed: tuple[Any, UUID]
) -> None:
    asker, time = agreed
    visitor = visit().sign_in(program, asker)
    before = rows_of(fresh_database, STORED)
    forms: dict[str, dict[str, str]] = {
        "/mijn/gegevens": {"voornaam": "Anders", "postcode": "5664 HJ"},
        f"/mijn/keren/{time}/afzeggen": {"reden": "Ik ben ziek"},
        f"/mijn/keren/{time}/verzetten": {"datum": "2030-01-01", "tijd": "10:00"},
        "/helpen/aanmelden": {"titel": "Wandelen", "categorieen": "samen-op-pad"},
        "/mijn/gegevens/wensen": {"taal": "en", "pauze": "ja"},
    }

    for field in FORBIDDEN_FIELDS:
        for path, typed in forms.items():
            visitor.get("/mijn/gegevens").post(path, **(typed | {field: "794"}))
            assert visitor.status in (400, 422), (path, field)

    assert rows_of(fresh_database, STORED) == before


def test_wishes_that_cannot_be_kept_come_back_with_the_page(
    visit: Browsers, program: Program, fresh_database: Database, agreed: tuple[Any, UUID]
) -> None:
    visitor = visit().sign_in(program, agreed[0])
    before = rows_of(fresh_database, STORED)

    visitor.get("/mijn/gegevens").post("/mijn/gegevens/wensen", taal="xx", pauze="ja")

    assert visitor.status == 422
    assert visitor.says("Kies één van de mogelijkheden.")
    assert re.search(r'name="pauze"[^>]* checked', visitor.page)
    assert rows_of(fresh_database, STORED) == before


def test_signing_out_with_a_field_too_many_is_refused_and_keeps_the_session(
    visit: Browsers, program: Program, agreed: tuple[Any, UUID]
) -> None:
    visitor = visit().sign_in(program, agreed[0])

    assert visitor.get("/mijn/gegevens").post("/uitloggen", owner_id="794").status == 400

    assert visitor.get("/mijn/gegevens").path == "/mijn/gegevens"
    assert visitor.post("/uitloggen").path == "/"
    assert visitor.get("/mijn/gegevens").path != "/mijn/gegevens"


def test_no_form_does_anything_without_its_token(
    visit: Browsers, site: FastAPI, program: Program, fresh_database: Database, agreed: tuple[Any, UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pacing, "WRITES", pacing.Class("write", 100_000, 100_000))  # hundreds in a minute
    asker, time = agreed
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    thief = visit().sign_in(program, marja).get("/bureau").csrf
    visitors = [visit().sign_in(program, asker), visit().sign_in(program, marja), visit()]
    before = rows_of(fresh_database, STORED)
    paths = {path for _, path, _ in taking(site) if not path.startswith("/api/")} - set(WITHOUT_FIELDS)

    for place, path in enumerate(sorted(paths)):
        address = path.replace("{id}", str(time))
        for name in ("proposal_id", "occurrence_id", "offer_id", "note_id", "check_id", "key", "slug"):
            address = address.replace(f"{{{name}}}", str(time))
        for turn, visitor in enumerate(visitors, place):
            tokens = ("", thief if visitor is not visitors[1] else "x")
            for token in tokens if LONG else tokens[turn % 2 :][:1]:
                assert visitor.post(address, csrf=token).status == 403, path

    assert rows_of(fresh_database, STORED) == before


def test_what_is_no_amount_comes_back_with_a_reason_and_books_nothing(
    visit: Browsers, program: Program, fresh_database: Database, agreed: tuple[Any, UUID]
) -> None:
    asker, time = agreed
    helper_id = rows_of(fresh_database, "SELECT helper_id FROM agreement")[0].helper_id
    visitor = visit().sign_in(program, asker)
    before = rows_of(fresh_database, STORED)

    for amount in NO_AMOUNTS:
        for way in ("geven", "vragen"):
            gift = {"aan": str(helper_id), "uren": amount, "sleutel": str(uuid4()), "knop": "ja"}
            paid = visitor.get("/mijn/roosjes").post(f"/mijn/roosjes/{way}", **gift)
            assert (paid.status, 'class="msg"' in paid.page) == (422, True), amount
        done = visitor.get("/mijn/afspraken").post(f"/mijn/keren/{time}/gebeurd", minuten=amount)
        assert (done.status, 'class="msg"' in done.page) == (422, True), amount

    assert rows_of(fresh_database, STORED) == before
