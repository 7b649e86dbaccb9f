"""The makelaar's map from rows: where few ask, nothing on it tells how many."""

import re
from html import unescape

from fastapi import FastAPI

from app.db import Database as Program
from tests.app.api.conftest import Api, a_token
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request, act
from tests.clients import TestClient
from tests.databases import Database
from tests.web.desks.helpers import a_desk

FEW, MANY, MORE = "5663", "5664", "5731"


def test_how_many_ask_where_few_do_stands_nowhere(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    with program.transaction() as session:
        for pc4, count in ((FEW, 4), (MANY, 6), (MORE, 6)):
            for _ in range(count):
                a_request(session, act(session, a_person(session, postcode=f"{pc4} AB")))
    kept = rows_of(
        fresh_database,
        "SELECT pc4, count(*) FROM help_request WHERE status = 'open' AND municipality_id = 1771"
        " GROUP BY pc4 ORDER BY pc4",
    )
    assert kept == [(5663, 4), (5664, 6), (5731, 6)]
    desk = a_desk(fresh_database, program, site)

    page = re.sub(r">\s+|\s+<", lambda found: found[0].strip(), unescape(desk.get("/bureau/kaart").text))
    headers = {"Authorization": f"Bearer {a_token(program, desk.actor)}"}
    found = Api(TestClient(site, headers=headers)).get("/gemeentecijfers/1771")

    body = page[page.index("<tbody>") : page.index("</tbody>")]
    lines = re.findall(
        r'<th scope="row">\d+\. ([^<]+)<span class="soft">(\d{4})</span></th><td class="n">([^<]+)</td>', body
    )
    told = {pc4: count for _, pc4, count in lines}
    assert (told.pop(FEW), told.pop(MANY), told.pop(MORE)) == ("niet getoond", "niet getoond", "6")
    assert set(told.values()) == {"niet getoond"}  # one of six goes with the four: else 16 - 12 would tell it
    assert re.findall(r'<td class="n"><b>([^<]+)</b></td>', body) == ["16", "niet getoond"]
    place = next(place for place, pc4, _ in lines if pc4 == MORE)
    assert f"De meeste vragen staan open in {place.strip()} {MORE}: 6" in page
    shades = {
        name.split()[-1]: fill
        for fill, name in re.findall(r'fill="([^"]+)"[^>]*><title>([^<]+)</title>', page)
    }
    assert {pc4 for pc4, fill in shades.items() if fill != "url(#hatch-map)"} == {MORE}
    api = found.json()
    assert api["vandaag"] == {"mensen": 16, "openVragen": 16, "openAanbod": None, "lopendeAfspraken": None}
    assert (api["themas"], api["wachttijden"]) == ([], [])
