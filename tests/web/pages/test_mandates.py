"""Choosing oneself who arranges things for one, from a day until a day: by the link that this person hands out."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.clock import today
from app.db import Database as Program
from app.representations import mandates, service
from app.representations.schemas import Mandate
from tests.app.factories import a_person, act
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
HERE = "/mijn/namens"
PATH = f"{HERE}/volmacht"


@pytest.fixture
def two(program: Program) -> tuple[Actor, Actor]:
    """Annie, and Sofie who helps people with their talks."""
    with program.transaction() as session:
        return a_person(session, first_name="Annie"), a_person(
            session, first_name="Sofie", postcode="5708 AB"
        )


def link_of(visitor: Visit) -> str:
    """What somebody's own page hands out."""
    visitor.get(f"{HERE}/link")
    found = re.search(r'id="link" value="([^"]+)"', visitor.page)
    assert found is not None
    parts = urlsplit(found[1])
    return f"{parts.path}?{parts.query}"


def day(program: Program, days: int) -> str:
    with program.transaction() as session:
        return (today(session) + timedelta(days=days)).isoformat()


def test_a_mandate_begins_on_its_day_shows_to_both_and_stops_at_once(
    visit: Browsers, program: Program, two: tuple[Actor, Actor], travel: Callable[[timedelta], None]
) -> None:
    annie, sofie = two
    helps, asks = visit().sign_in(program, sofie), visit().sign_in(program, annie)
    link = link_of(helps)
    token = link.partition("t=")[2]
    assert asks.get(link).says("Mag Sofie voor u regelen?")
    given = {"t": token, "soort": "gemachtigde", "vanaf": day(program, 3), "totEnMet": day(program, 10)}
    assert asks.post(PATH, **given).path == HERE
    assert asks.says("begint later")
    assert asks.says("Mag hulp vragen, ja zeggen, afzeggen")
    assert helps.get(HERE).says("Annie")
    assert not helps.says("Ga verder voor Annie")
    assert asks.get(link).post(PATH, **given).status == 409

    with program.transaction() as session:
        assert service.for_others(session, act(session, sofie)) == []
    travel(timedelta(days=3))
    with program.transaction() as session:
        (row,) = service.for_others(session, act(session, sofie))
    helps, asks = visit().sign_in(program, sofie), visit().sign_in(program, annie)
    assert helps.get(HERE).post(f"{HERE}/{row.id}/verder").status == 200
    assert helps.get("/mijn/vragen").says("Annie")
    asks.get(HERE).post(f"{HERE}/{row.id}/stoppen")
    assert not asks.says("Sofie")
    assert helps.get("/mijn/vragen").status != 200 or not helps.says("Annie")


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    visit: Browsers, program: Program, two: tuple[Actor, Actor]
) -> None:
    annie, sofie = two
    link = link_of(visit().sign_in(program, sofie))
    asks = visit().sign_in(program, annie).get(link)
    token = link.partition("t=")[2]
    given = {"t": token, "soort": "contactpersoon", "vanaf": day(program, -1), "totEnMet": ""}
    assert asks.post(PATH, **given).status == 422
    assert asks.says("Kies vandaag of een dag die nog komt.")
    assert f'value="{day(program, -1)}"' in asks.page
    turned = given | {"vanaf": day(program, 5), "totEnMet": day(program, 4)}
    assert asks.post(PATH, **turned).status == 422
    assert asks.says("Kies een laatste dag die na de eerste dag komt")
    assert asks.post(PATH, **given | {"soort": "wettelijk vertegenwoordiger"}).status == 422


def test_a_link_works_for_a_month_for_anybody_but_oneself_and_tells_nothing_when_it_is_made_up(
    visit: Browsers, program: Program, two: tuple[Actor, Actor]
) -> None:
    annie, sofie = two
    helps = visit().sign_in(program, sofie)
    link = link_of(helps)
    assert helps.get(link).status == 410
    asks = visit().sign_in(program, annie)
    assert asks.get(link[:-3]).status == 410
    assert asks.get(f"{PATH}?t={sofie.person_id.hex}").status == 410
    assert not asks.says("Sofie")


def test_the_database_lets_nobody_give_in_the_name_of_another(
    program: Program, two: tuple[Actor, Actor]
) -> None:
    annie, sofie = two
    with program.transaction() as session:
        acting = act(session, annie)
        token = mandates.link(session, b"of this test", "", sofie).token
        act(session, annie)
        row = mandates.give(
            session, acting, b"of this test", token, Mandate.model_validate({"soort": "contactpersoon"})
        )
        assert row.valid_from == today(session)
        service.end(session, acting, row.id)
    forged = text(
        "INSERT INTO representation (id, municipality_id, representative_id, represented_id, kind, status, claimed,"
        " question, consent_way, consent_at, recorded_by_id) SELECT gen_random_uuid(), 1771, :who, :whom, :kind,"
        " 'active', '{}', '{}', 'site', now(), :by"
    )
    for who, whom, by, kind in (
        (annie, sofie, annie, "contactpersoon"),
        (annie, sofie, sofie, "contactpersoon"),
        (sofie, annie, annie, "wettelijk vertegenwoordiger"),
    ):
        values = {"who": who.person_id, "whom": whom.person_id, "by": by.person_id, "kind": kind}
        with program.transaction() as session:
            act(session, annie)
            with pytest.raises(DBAPIError):
                session.execute(forged, values)
            session.rollback()
