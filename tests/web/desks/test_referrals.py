"""A referral over the pages: the practice's link, the core team, the organisation, and what is told back."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from app.db import Database as Program
from tests.app.conftest import rows_of
from tests.app.referrals.making import GREET, Chain
from tests.clients import TestClient
from tests.databases import Database
from tests.queries import count_queries
from tests.web.desks.helpers import ORIGIN, TOKEN, VERSION, Desk

LINK = re.compile(r'value="[^"]*?(/verwijs/[^"]+)"')
TYPED = {name: "ja" if value is True else value for name, value in GREET.items()}


class Visitor:
    """A browser of a practice: nobody is signed in."""

    def __init__(self, site: FastAPI) -> None:
        self.client = TestClient(site, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
        self.page = ""

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        self.page = answer.text
        return answer

    def post(self, path: str, **typed: Any) -> Any:
        found = TOKEN.search(self.page)
        assert found is not None
        form = re.search(r'name="formulier" value="([^"]+)"', self.page)
        assert form is not None
        answer = self.client.post(path, data={"csrf": found[1], "formulier": form[1], **typed})
        self.page = answer.text or self.page
        return answer


@pytest.fixture
def chain(fresh_database: Database, program: Program) -> Chain:
    return Chain(fresh_database, program)


def act(who: Desk, base: str, what: str, **typed: Any) -> Any:
    """Read the page and press one of its buttons, as it was read."""
    version = VERSION.search(who.get(base).text)
    assert version is not None
    return who.post(f"{base}/{what}", versie=version[1], **typed)


def test_a_practice_refers_the_core_team_shares_out_and_the_practice_hears(
    chain: Chain, program: Program, site: FastAPI
) -> None:
    marja, els, practice = Desk(site, program, chain.marja), Desk(site, program, chain.els), Visitor(site)
    found = LINK.search(marja.get("/bureau/verwijzers").text)
    assert found is not None
    assert "Praktijk De Linde verwijst" in practice.get(found[1]).text
    # without the person's yes the page comes back with all that was typed
    wrong = practice.post(found[1], **{**TYPED, "vindtGoed": ""})
    assert wrong.status_code == 422
    assert "Sinds mijn man er niet meer is" in wrong.text
    assert "Zonder ja bewaren wij niets" in wrong.text
    typed = TYPED | {"magTerugvertellen": "ja"}
    sent = [practice.post(found[1], **typed) for _ in range(2)]  # a double click
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    told = sent[0].headers["location"]
    assert "Binnen. Wij zoeken wie het oppakt." in practice.get(told).text
    ((key,),) = rows_of(chain.database, "SELECT id FROM referral")
    base, theirs = f"/bureau/verwijzingen/{key}", f"/organisatie/verwijzingen/{key}"
    assert "Eén bewoner heeft nog niemand" in marja.get("/bureau/kernteam").text
    version = VERSION.search(marja.page)
    assert version is not None
    both = marja.post(f"/bureau/kernteam/{key}", versie=version[1])
    assert both.status_code == 422
    assert "Kies een collega of een organisatie" in both.text
    passed = marja.post(f"/bureau/kernteam/{key}", versie=version[1], organisatie=str(chain.samen))
    assert passed.status_code == 303
    assert "Kunt u één bewoner helpen?" in els.get("/organisatie/verwijzingen").text
    assert act(els, theirs, "ja").status_code == 303
    assert act(els, theirs, "schrijven", wat="bezocht", notitie="Zij zingt graag.").status_code == 303
    assert act(els, theirs, "begonnen").status_code == 303
    assert act(els, theirs, "terugvertellen", bericht="Greet zingt nu bij het koor.").status_code == 303
    page = practice.get(told).text
    assert "Er is iets begonnen." in page
    assert "Greet zingt nu bij het koor." in page
    assert "Zij zingt graag." not in page
    assert act(els, theirs, "klaar").headers["location"] == "/organisatie/verwijzingen"
    done = marja.get(base).text
    assert "klaar" in done
    assert practice.get("/verwijs/onzin").status_code == 404
    assert practice.get("/verwijzing/onzin").status_code == 404


def test_a_stale_save_is_a_conflict_and_a_hospital_asks_for_a_stand_in(
    chain: Chain, program: Program, site: FastAPI
) -> None:
    key = chain.from_hospital()
    marja, samira = Desk(site, program, chain.marja), Desk(site, program, chain.samira)
    base = f"/bureau/verwijzingen/{key}"
    page = marja.get(base).text
    assert "komt thuis uit het ziekenhuis" in page
    assert "vervanger:" in page
    version = VERSION.search(page)
    assert version is not None
    assert act(samira, base, "schrijven", wat="notitie", notitie="Ik bel haar dochter.").status_code == 303
    assert act(samira, base, "schrijven", wat="gebeld").status_code == 303
    stale = marja.post(f"{base}/schrijven", versie=version[1], wat="notitie", notitie="Ook een woord")
    assert stale.status_code == 409
    assert "Ook een woord" in stale.text
    alone = act(marja, base, "uitdelen", collega=str(chain.samira.person_id))
    assert alone.status_code == 422
    assert "Kies een vervanger" in alone.text
    need = rows_of(chain.database, "SELECT id FROM referral_need ORDER BY id")[0][0]
    marja.get(base)
    assert marja.post(f"{base}/thuis/{need}", wie="buurvrouw Tiny").status_code == 303
    assert "Nog één ding te regelen" in marja.get(base).text


def test_the_list_takes_as_many_queries_for_fifteen_as_for_one(
    chain: Chain, program: Program, site: FastAPI
) -> None:
    marja = Desk(site, program, chain.marja)
    chain.from_hospital()
    marja.get("/bureau/verwijzingen")
    counted = []
    for _ in range(2):
        with count_queries(program.engine) as queries:
            assert marja.get("/bureau/verwijzingen").status_code == 200
        counted.append(queries.count)
        for number in range(14):
            chain.from_hospital(
                voornaam=f"Greet{'abcdefghijklmnop'[number]}", telefoon=f"06 223344{number:02}"
            )

    assert counted[0] == counted[1]
