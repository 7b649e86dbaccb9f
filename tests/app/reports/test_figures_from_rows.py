"""From rows to what a municipality and its region read: exact numbers, on the pages and over the API."""

import re
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.access.actor import system
from app.access.roles import Role
from app.agreements.models import Agreement
from app.clock import AMSTERDAM, today
from app.db import Database as Program, scope_to
from app.help_requests import service as help_requests
from app.help_requests.schemas import NewHelpRequest
from app.places.models import Region
from app.reports import releases
from app.reports.periods import HALF, month_of, plus
from tests.app.api.conftest import Api, a_token
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_helper, a_person, a_request, an_agreement
from tests.clients import TestClient
from tests.databases import Database
from tests.web.desks.helpers import Desk, a_desk

GELDROP, HELMOND, EINDHOVEN = "5664 HJ", "5708 AB", "5611 AB"


class Rows:
    """Requests and agreements in the database, with the age that they are given."""

    def __init__(self, database: Database, session: Session) -> None:
        self.database, self.session = database, session
        self.end: date = month_of(today(session))
        self.begin: date = plus(self.end, -HALF)
        self.ages: list[tuple[str, dict[str, Any]]] = []

    def _age(self, statement: str, **values: Any) -> None:
        self.ages.append((statement, values))

    def asked(self, postcode: str, month: int, number: int = 1) -> None:
        """So many asked at noon on the second of that month of the half year, and nobody was found."""
        for _ in range(number):
            asker = a_person(self.session, postcode=postcode)
            self._posted(a_request(self.session, asker).id, month)

    def drafted(self, postcode: str) -> None:
        """Somebody wrote a request and did not send it."""
        asker = a_person(self.session, postcode=postcode)
        typed = {"categorie": "samen-op-pad", "titel": "Misschien later", "minuten": 60}
        help_requests.draft(self.session, asker, NewHelpRequest.model_validate(typed))

    def agreed(self, asker: str, helper: str, *, days: int, status: str = "active", number: int = 1) -> None:
        """So many asked in the last month, and days and some hours later each found somebody of there."""
        for _ in range(number):
            helps, _ = a_helper(self.session, postcode=helper, hoeVerKm=50)
            asks = a_person(self.session, postcode=asker)
            made = an_agreement(self.session, asks, helps, days=3)
            self._posted(made.help_request_id, HALF - 1)
            self._agreed(made, days, status)

    def _posted(self, id: Any, month: int) -> None:
        self._age("UPDATE help_request SET posted_at = :at WHERE id = :id", id=id, at=self._noon(month))

    def _agreed(self, made: Agreement, days: int, status: str) -> None:
        at = self._noon(HALF - 1) + timedelta(days=days, hours=5)
        self._age("UPDATE agreement SET created_at = :at, status = :status WHERE id = :id",
                  id=made.id, at=at, status=status)  # fmt: skip
        of_request = {"active": "filled", "done": "done", "cancelled": "open"}[status]
        self._age("UPDATE help_request SET status = :status WHERE id = :id",
                  id=made.help_request_id, status=of_request)  # fmt: skip

    def _noon(self, month: int) -> datetime:
        return datetime.combine(plus(self.begin, month).replace(day=2), time(12), tzinfo=AMSTERDAM)

    def let_them_age(self) -> None:
        """What the owner writes after all were made: only when, and how it went on."""
        engine = create_engine(self.database.owner_url, poolclass=NullPool)
        with engine.begin() as owner:
            for statement, values in self.ages:
                owner.execute(text(statement), values)
            owner.execute(update(Region).values(reports_since=self.begin))


@pytest.fixture
def rows(fresh_database: Database, program: Program) -> None:
    """Geldrop-Mierlo: 20 asked in the half year, 13 helped, 6 from Helmond. Eindhoven: 5 and 5, from Geldrop."""
    with program.transaction() as session:
        made = Rows(fresh_database, session)
        made.agreed(GELDROP, HELMOND, days=3, number=6)
        made.agreed(GELDROP, GELDROP, days=9, number=5)
        made.agreed(GELDROP, GELDROP, days=9, number=2, status="done")
        made.agreed(GELDROP, GELDROP, days=1, status="cancelled")
        made.agreed(EINDHOVEN, GELDROP, days=1, number=5)
        made.asked(GELDROP, 0, number=6)
        made.asked(GELDROP, -1)
        made.asked(GELDROP, HALF)
        made.drafted(GELDROP)
    made.let_them_age()
    tell(program)


def tell(program: Program) -> int:
    """What the worker does in the night."""
    with program.transaction() as session:
        worker = system(frozenset({GELDROP_MIERLO, 794, 772}))
        scope_to(session, worker.scope)
        return releases.make_due(session, worker, municipalities=[GELDROP_MIERLO, 772])


def sides(
    role: Role, place: int | None, database: Database, program: Program, site: FastAPI
) -> tuple[Desk, Api]:
    """Somebody of the staff, in a browser and with a program."""
    desk = a_desk(database, program, site, role, place)
    headers = {"Authorization": f"Bearer {a_token(program, desk.actor)}"}
    return desk, Api(TestClient(site, headers=headers))


def read(desk: Desk, path: str) -> str:
    """A page as text with its tags, and no white space between them."""
    answer = desk.get(path)
    assert answer.status_code == 200
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", " ".join(unescape(answer.text).split())))


def told(page: str) -> dict[str, str]:
    """The sums on a page: what they are, and what they come to."""
    return dict(re.findall(r'<dt>([^<]+)</dt><dd class="num">([^<]+)</dd>', page))


@pytest.mark.usefixtures("rows")
def test_who_opens_the_report_while_it_is_made_sees_how_many_municipalities_were_counted(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    desk, _ = sides(Role.MUNICIPALITY_ADMINISTRATOR, GELDROP_MIERLO, fresh_database, program, site)
    with program.transaction() as session:
        every = releases.joined(session)

    during = read(desk, "/bureau/verslag")
    with program.transaction() as session:
        worker = system(frozenset(every))
        scope_to(session, worker.scope)
        for municipality_id in every:
            releases.due_of(session, worker, municipality_id)
    after = read(desk, "/bureau/verslag")

    assert f"2 van {len(every)} gemeenten zijn geteld." in during
    assert f'<progress id="telling" max="{len(every)}" value="2"></progress>' in during
    assert "zijn geteld" not in after


@pytest.mark.usefixtures("rows")
def test_a_municipality_reads_its_people_requests_agreements_waiting_time_and_coverage(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    desk, api = sides(Role.MUNICIPALITY_ADMINISTRATOR, GELDROP_MIERLO, fresh_database, program, site)

    page = read(desk, "/gemeente")
    today_told = told(page)
    found = api.get("/gemeentecijfers/1771").json()

    # 14 who were helped or nearly, 9 who asked in vain or only wrote, 8 helpers here and 5 for Eindhoven
    people = rows_of(
        fresh_database, "SELECT count(DISTINCT person_id) FROM membership WHERE municipality_id = 1771"
    )
    assert people == [(36,)]
    assert "Voor 13 van 20 vragen is er iemand" in page
    assert today_told["mensen die meedoen"] == "36"
    assert today_told["open vragen"] == "9"
    assert today_told["lopende afspraken"] == "11"
    assert today_told["de helft heeft iemand binnen"] == "9 dagen"
    assert found["vandaag"] == {
        "mensen": 36, "openVragen": 9, "openAanbod": 13, "lopendeAfspraken": 11
    }  # fmt: skip
    assert (found["gevraagd"], found["geholpen"], found["middelsteDagen"]) == (20, 13, 9)
    assert [(wait["vanDagen"], wait["aantal"]) for wait in found["wachttijden"]] == [
        (2, 6), (8, 7)
    ]  # fmt: skip
    assert [(theme["gevraagd"], theme["geholpen"]) for theme in found["themas"]] == [(20, 13)]


@pytest.mark.usefixtures("rows")
def test_a_municipality_stands_beside_its_region_in_shares_of_a_hundred(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    desk, _ = sides(Role.BROKER, GELDROP_MIERLO, fresh_database, program, site)

    page = read(desk, "/bureau/cijfers")

    pairs = page[page.index("Gemeente en regio") :].partition("</tbody>")[0]
    shares = re.findall(
        r'<th scope="row">([^<]+)</th><td class="n">(\d+)</td><td class="n">(\d+)</td>', pairs
    )
    # 13 of 20 and 18 of 25 were helped, 6 and 11 of them in time; 6 of 13 and 11 of 18 went over a border
    assert [(int(ours), int(theirs)) for _, ours, theirs in shares] == [(65, 72), (30, 44), (46, 61)]


@pytest.mark.usefixtures("rows")
def test_what_happens_afterwards_changes_nothing_that_was_told(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    """Two readings cannot be subtracted: a stretch that slides along with the calendar does not exist."""
    desk, api = sides(Role.BROKER, GELDROP_MIERLO, fresh_database, program, site)
    first, counted = read(desk, "/bureau/cijfers"), api.get("/gemeentecijfers/1771").json()

    [(gone,)] = rows_of(
        fresh_database,
        "SELECT min(id::text) FROM help_request WHERE status = 'open' AND municipality_id = 1771",
    )
    rows_of(fresh_database, "UPDATE help_request SET posted_at = now() WHERE id = :id RETURNING 1", id=gone)
    again = tell(program)

    assert again == 0
    assert read(desk, "/bureau/cijfers") == first
    after = api.get("/gemeentecijfers/1771").json()
    assert {**after, "vandaag": None} == {**counted, "vandaag": None}
    assert (counted["maanden"][0]["gevraagd"], counted["maanden"][-1]["gevraagd"]) == (6, 14)


@pytest.mark.usefixtures("rows")
def test_the_region_reads_its_municipalities_side_by_side_and_what_crossed_a_border(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    desk, api = sides(Role.REGION_ADMINISTRATOR, None, fresh_database, program, site)

    page = read(desk, "/regio")
    found = api.get("/regiocijfers").json()

    assert (found["gevraagd"], found["geholpen"], found["overDeGrens"]) == (25, 18, 11)
    lines = {line["naam"]: line for line in found["gemeenten"]}
    told_of = ("gevraagd", "geholpen", "middelsteDagen")
    assert [lines["Geldrop-Mierlo"][name] for name in told_of] == [20, 13, 9]
    assert [lines["Eindhoven"][name] for name in told_of] == [5, 5, 1]
    assert lines["Asten"]["gevraagd"] is None
    assert [(one["van"], one["naar"], one["aantal"]) for one in found["stromen"]] == [
        ("Helmond", "Geldrop-Mierlo", 6), ("Geldrop-Mierlo", "Eindhoven", 5)
    ]  # fmt: skip
    assert "21 gemeenten, 25 vragen om hulp" in page
    assert "Voor 18 van de 25 is er iemand." in page
    assert "11 afspraken gingen de grens over" in page
    row = page[page.index("<b>Geldrop-Mierlo</b>") :]
    assert re.findall(r">([^<>]+)</td>", row[: row.index("</tr>")])[1:] == ["20", "13", "9", "2"]
    assert re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td><td class="n">(\d+)</td>', page) == [
        ("Helmond", "Geldrop-Mierlo", "6"), ("Geldrop-Mierlo", "Eindhoven", "5")
    ]  # fmt: skip
