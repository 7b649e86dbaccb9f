"""On every page on which one meets somebody stands the way to say that something is wrong."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from app.db import Database as Program
from app.roosjes import asking, giving
from app.roosjes.giving import Gift
from tests.app.conftest import rows_of
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.app.rings.three import Circle, circle
from tests.databases import Database
from tests.web.pages.helpers import Visit

__all__ = ["circle"]
Browsers = Callable[[], Visit]
LINK = re.compile(r'href="(/melden/(\w+)/[0-9a-f-]{36})"')


def leads_to(visit: Visit, path: str, word: str, *names: str) -> None:
    """The page has a way of this kind for each of them, and it opens on them."""
    assert visit.get(path).status == 200, path
    links = {link: kind for link, kind in LINK.findall(visit.page) if kind == word}
    assert len(links) == len(names), path
    told = [name for link in links for name in names if visit.get(link).says(f"Het gaat over {name}")]
    assert sorted(told) == sorted(names), path


def test_every_page_on_which_neighbours_meet_leads_to_a_report(
    program: Program, fresh_database: Database, visit: Browsers, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
        ria, (tonnie, offer) = a_person(session), a_helper(session)
        agreed = an_agreement(session, ria, tonnie)
        case = a_request(session, ria, titel="Naar de kapper")
        willing = a_willing_helper(session, ria, tonnie, case)
        giving.give(session, ria, giving.known(session, ria, tonnie.person_id), Gift(5, str(uuid4())))
        act(session, tonnie)
        asking.ask(session, tonnie, giving.known(session, tonnie, ria.person_id), Gift(60, str(uuid4())))
        a_representation(session, makelaar, tonnie, ria)

    [(time,)] = rows_of(fresh_database, "SELECT id FROM occurrence")
    hers, his = visit().sign_in(program, ria), visit().sign_in(program, tonnie)
    leads_to(hers, f"/mijn/afspraken/{agreed.id}", "afspraak", "Tonnie")
    leads_to(hers, f"/mijn/vragen/{case.id}/kies/{willing.id}", "voorstel", "Tonnie")
    leads_to(his, f"/hulpvragen/{case.id}", "vraag", "Ria")
    leads_to(hers, f"/mijn/roosjes/geven?aanbod={offer.id}", "aanbod", "Tonnie")
    leads_to(hers, "/mijn/roosjes", "roosjes", "Tonnie")
    leads_to(his, "/mijn/roosjes", "roosjes", "Ria")
    leads_to(his, "/mijn/roosjes/regels/1", "roosjes", "Ria")
    for page in ("/mijn/namens", "/mijn/gegevens"):
        leads_to(hers, page, "namens", "Tonnie")
        leads_to(his, page, "namens", "Ria")
    travel(timedelta(days=4))
    leads_to(visit().sign_in(program, ria), f"/mijn/keren/{time}", "keer", "Tonnie")


def test_a_ring_leads_to_a_report_about_whom_one_knows_of_it(
    program: Program, circle: Circle, visit: Browsers
) -> None:
    (ring,) = circle.find()
    ria = visit().sign_in(program, circle.ria)
    leads_to(ria, f"/mijn/kringen/{ring}", "kring", "Kees")
    circle.says_yes(circle.ans, ring)
    leads_to(ria, f"/mijn/kringen/{ring}", "kring", "Kees", "Ans")


def test_who_helps_one_in_a_ring_is_no_contact_before_their_yes(
    program: Program, circle: Circle, visit: Browsers
) -> None:
    (ring,) = circle.find()
    visit().sign_in(program, circle.ans).get(f"/mijn/kringen/{ring}")
    (arc,) = visit().rows("SELECT id FROM ring_arc WHERE giver_id = :id", id=circle.ans.person_id)

    assert visit().sign_in(program, circle.ria).get(f"/melden/kring/{arc.id}").status == 404
    assert visit().sign_in(program, circle.kees).get(f"/melden/kring/{arc.id}").status == 404
