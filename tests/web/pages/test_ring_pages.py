"""Why this ring: each member reads why they were asked and why that helper; the desk reads points that add up."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from app.access.sign_in import act_as
from app.db import Database as Program
from app.help_requests import service as requests
from app.jobs import tasks
from app.matches import propose
from tests.app.factories import HELMOND, a_member_of_staff
from tests.app.rings.three import Circle, circle
from tests.web.pages.helpers import Visit

__all__ = ["circle"]
Browsers = Callable[[], Visit]


@pytest.fixture
def ring(circle: Circle) -> UUID:
    (found,) = circle.find()
    return found


def test_a_member_reads_why_they_are_asked_and_why_that_helper(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    ria = visit().sign_in(program, circle.ria).get(f"/mijn/kringen/{ring}")
    assert ria.says("Waarom wij u vragen")
    assert ria.says("u gaf dit soort hulp op")
    assert ria.says("u heeft tijd als het Kees uitkomt")
    assert ria.says("Waarom deze helper")
    assert ria.says("doet dit graag: samen eten of koken")
    assert ria.says("heeft tijd als het u uitkomt")


def test_one_request_waits_once_for_whoever_is_asked_for_it_in_a_ring_as_well(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    with program.transaction() as session:
        kees = act_as(session, circle.kees.person_id)
        asked = propose.for_request(session, kees, requests.get(session, kees, circle.requests["Kees"]))
        assert [one.helper_id for one in asked] == [circle.ria.person_id]
    ria = visit().sign_in(program, circle.ria).get("/mijn")
    assert ria.says("Doet u mee in een kring?")
    assert not ria.says("Past dit bij u?")


def test_why_tells_nothing_of_who_may_not_be_known_yet(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    """Ans lives round the corner and has nothing on this week: that is Ans's, until she says yes."""
    ria = visit().sign_in(program, circle.ria).get(f"/mijn/kringen/{ring}")
    assert not ria.says("Ans")
    assert not ria.says("woont in dezelfde buurt")
    assert not ria.says("heeft deze week nog niets afgesproken")
    circle.says_yes(circle.ans, ring)
    ria.get(f"/mijn/kringen/{ring}")
    assert ria.says("woont in dezelfde buurt")
    assert ria.says("heeft deze week nog niets afgesproken")


def test_a_ring_that_ended_gives_no_reasons_any_more(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    circle.says_no(circle.kees, ring)
    ria = visit().sign_in(program, circle.ria).get(f"/mijn/kringen/{ring}")
    assert ria.says("Deze kring gaat niet door")
    assert not ria.says("Waarom")


def test_the_desk_reads_every_arc_with_points_that_add_up(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    with program.transaction() as session:
        staff = a_member_of_staff(circle.database, session)
    marja = visit().sign_in(program, staff).get("/bureau/kringen")
    assert f"/bureau/kringen/{ring}" in marja.page
    assert marja.says("Van 3 mensen die vragen en aanbieden, kwamen er 3 in een kring.")
    assert marja.says("Meer kan niet met kringen tot vier mensen. Dat is nagerekend.")
    marja.get(f"/bureau/kringen/{ring}")
    lists = re.findall(r'<dl class="parts".*?</dl>', marja.page, re.S)
    assert len(lists) == 3
    for one in lists:
        total, *points = [int(found.replace("−", "-")) for found in re.findall(r"<dd>([+−]?\d+)</dd>", one)]
        assert total == sum(points) > 0
        assert len(points) > 2


def test_for_another_desk_and_for_a_resident_the_page_does_not_exist(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    with program.transaction() as session:
        helmond = a_member_of_staff(circle.database, session, municipality_id=HELMOND)
    assert visit().sign_in(program, helmond).get(f"/bureau/kringen/{ring}").status == 404
    assert visit().sign_in(program, circle.ria).get(f"/bureau/kringen/{ring}").status in (403, 404)


def test_ones_own_request_tells_of_its_ring_and_from_which_proposal_it_came(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    path = f"/mijn/vragen/{circle.requests['Ria']}"
    ria = visit().sign_in(program, circle.ria).get(path)
    assert ria.says("Deze vraag zit ook in een kring")
    assert f"/mijn/kringen/{ring}" in ria.page
    circle.all_say_yes(ring)
    tasks.carry_out_ring(circle.work, str(ring))
    ria.get(path)
    assert ria.says("Ans helpt u in een kring")
    assert f"/mijn/kringen/{ring}" in ria.page
    assert not ria.says("Deze vraag zit ook in een kring")


def test_a_ring_that_ended_is_not_told_beside_the_request(
    visit: Browsers, program: Program, circle: Circle, ring: UUID
) -> None:
    circle.says_no(circle.kees, ring)
    ria = visit().sign_in(program, circle.ria).get(f"/mijn/vragen/{circle.requests['Ria']}")
    assert "/mijn/kringen/" not in ria.page
