"""Who may read a statement and who may do each act of the ledger: one table, asked over HTTP with real rows.

Each column is somebody, each row something to read or do. A letter is the verdict, written down beforehand:
`y` may, `1` signs in first (a page leads there), `3` knows that it is there and may not, `4` finds nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as, new_api_token, open_session
from app.cheques import payouts
from app.clock import today
from app.config import Settings
from app.db import Database as Program, Scope
from app.pots import granting as pot_grants
from app.pots.schemas import Gift as PotGift
from app.roosjes import asking, codes, giving, questions
from app.roosjes.giving import Gift
from app.welfare import granting, plans, spending
from app.welfare.schemas import NewGrant, NewPlan, NewReceipt, NewSpending
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, SHOWN, a_member_of_staff, a_person, act
from tests.app.welfare.conftest import PDF, SWIMMING
from tests.clients import TestClient
from tests.databases import Database
from tests.sites import a_program, a_site
from tests.web.desks.cheques import a_market
from tests.web.desks.pots import fill
from web.security import SESSION_COOKIE

WHO = ("visitor", "ria", "tom", "marja", "karin", "nel", "toos", "coby", "bea")
"""Nobody; whose it is; a neighbour; makelaars here and elsewhere; treasurer; seller; provider; the region's."""
LIMITS = {"ondergrens": -900, "bovengrens": 3600, "reden": "Afgesproken"}
RULES = {
    "ondergrens": -720, "bovengrens": 3600, "laagsteOndergrens": -720, "groeiProcent": 0, "tweedeBlikBoven": 600,
    "tweedeBlikDagen": 30, "antwoordDagen": 14,
}  # fmt: skip
WHY = {"reden": "Ziek geweest"}
GROUP = {"gemeente": 1771, "soort": "een", "hoofd": "{tom}", "deelnemers": ["{ria}"], "minuten": 15} | WHY
SETTING = {"reden": "booked_by_mistake"}
EXPLAIN = {"hoe": "uitleggen", "uitleg": "Zo staat het goed."}
TABLE: tuple[tuple[str, str, dict[str, Any] | None, str], ...] = (
    # reading                                                                   v r t m k n s c b
    ("GET", "/roosjesrekeningen/mijn/boekingen", None,                         "1 y y 4 4 4 4 y 4"),
    ("GET", "/mijn/roosjes/afschrift.csv", None,                               "1 y y 4 4 4 4 y 4"),
    ("GET", "/mijn/roosjes/regels/{line}", None,                               "1 y y 4 4 4 4 4 4"),
    ("GET", "/bureau/mensen/{ria}/roosjes", None,                              "1 4 4 y 4 y 4 4 4"),
    ("GET", "/bureau/roosjes", None,                                           "1 4 4 y y y 4 4 4"),
    ("GET", "/bureau/roosjes/boekingen/{transfer}", None,                      "1 4 4 y 4 4 4 4 4"),
    ("GET", "/bureau/roosjesvragen", None,                                     "1 4 4 y y 4 4 4 4"),
    ("GET", "/bureau/welzijnsbudget/{plan}", None,                             "1 4 4 y 4 y 4 4 4"),
    ("GET", "/welzijnsplannen/{plan}", None,                                   "1 y 4 y 4 y 4 4 4"),
    ("GET", "/potten/1771", None,                                              "1 3 3 y 3 y 3 3 3"),
    ("GET", "/potten/1771/wachtend", None,                                     "1 3 3 y 3 y 3 3 3"),
    ("GET", "/roosjesregels/1771", None,                                       "1 3 3 y 3 y 3 3 3"),
    ("GET", "/roosjesgrenzen", None,                                           "1 3 3 y y 3 3 3 3"),
    ("GET", "/roosjesvragen", None,                                            "1 3 3 y y 3 3 3 3"),
    ("GET", "/maanden/1771", None,                                             "1 4 4 y 4 y 4 4 4"),
    ("GET", "/maanden/1771/{month}", None,                                     "1 4 4 y 4 y 4 4 4"),
    ("GET", "/verrekeningen?gemeente=1771", None,                              "1 4 4 y 4 y 4 4 4"),
    ("GET", "/facturen?gemeente=1771", None,                                   "1 4 4 y 4 y 4 4 4"),
    ("GET", "/facturen/{invoice}?gemeente=1771", None,                         "1 4 4 y 4 y 4 4 4"),
    ("GET", "/bureau/facturen", None,                                          "1 4 4 y y y 4 4 4"),
    ("GET", "/bureau/facturen/{invoice}", None,                                "1 4 4 y 4 y 4 4 4"),
    ("GET", "/cheque-aanbieders?gemeente=1771", None,                          "1 4 4 4 4 y 4 4 4"),
    ("GET", "/verkooppunten", None,                                            "1 y y y y y y y y"),
    # acts                                                                      v r t m k n s c b
    ("POST", "/roosjesrekeningen/{ria}/toekenningen", {"minuten": 15} | WHY,   "1 3 4 y 4 4 4 4 4"),
    ("PUT", "/roosjesrekeningen/{ria}/grenzen", LIMITS,                        "1 3 4 y 4 4 4 4 4"),
    ("POST", "/potten/wachtend/{question}/besluiten", {"akkoord": True},       "1 3 4 y 4 4 4 4 4"),
    ("POST", "/groepsboekingen", GROUP,                                        "1 3 3 y 3 3 3 3 3"),
    ("POST", "/roosjesvragen/{asked}/antwoorden", EXPLAIN,                     "1 4 4 y 4 4 4 4 4"),
    ("POST", "/roosjesboekingen/{transfer}/goedmakingen", SETTING,             "1 4 4 y 4 4 4 4 4"),
    ("POST", "/roosjesboekingen/{transfer}/correcties", SETTING,               "1 4 4 y 4 4 4 4 4"),
    ("POST", "/roosjesrekeningen/{bo}/vertrekken", {},                         "1 4 4 y 4 4 4 4 4"),
    ("POST", "/roosjesregels/1771", RULES,                                     "1 3 3 3 3 y 3 3 3"),
    ("POST", "/roosjesrekeningen/mijn/betaalverzoeken/{asking}/acceptaties", None, "1 y 4 4 4 4 4 4 4"),
    ("POST", "/welzijnsplannen/{plan}/uitgaven", {"wat": "Les", "bedrag": 100}, "1 y 4 y 4 3 4 4 4"),
    ("POST", "/welzijnsplannen/{plan}/toekenningen", {"bedrag": 100},          "1 3 4 y 4 3 4 4 4"),
    ("POST", "/welzijnstoekenningen/{grant}/goedkeuringen", None,              "1 3 4 y 4 y 4 4 4"),
    ("POST", "/welzijnsuitgaven/{spending}/goedkeuringen", None,               "1 3 4 y 4 y 4 4 4"),
    ("POST", "/welzijnsuitgaven/{spending}/betalingen", None,                  "1 3 4 y 4 y 4 4 4"),
    ("POST", "/welzijnsuitgaven/{receipt}/vergoedingen", None,                 "1 3 4 y 4 y 4 4 4"),
    ("POST", "/verkooppunten/{desk}/verkopen", {"aantal": 1},                  "1 4 4 4 4 4 y 4 4"),
    ("POST", "/cheque-inleveringen", {"code": "{code}"},                       "1 4 4 4 4 4 4 y 4"),
    ("POST", "/cheque-aanbieders/{provider}/uitbetalingen", {"aantal": 1},     "1 4 4 4 4 y 4 4 4"),
    ("POST", "/facturen", {"gemeente": 1771, "maand": "2020-01"},              "1 4 4 4 4 y 4 4 4"),
    ("POST", "/facturen/{invoice}/standen", {"gemeente": 1771, "stand": "verstuurd"}, "1 4 4 4 4 y 4 4 4"),
    ("POST", "/maanden/1771/{month}/afsluitingen", None,                       "1 4 4 4 4 y 4 4 4"),
    ("POST", "/verrekeningen", {"gemeente": 1771, "maand": "{month}"},         "1 4 4 y 4 y 4 4 4"),
)  # fmt: skip


@dataclass
class World:
    """Everybody with a program and a browser of their own, and the rows by name."""

    database: Database
    clients: dict[str, TestClient]
    ids: dict[str, Any]

    def ask(self, who: str, method: str, path: str, body: Any) -> Any:
        """One request; a body's texts name rows as the path does."""
        named = {name: self.named(value) for name, value in (body or {}).items()}
        address = path.format_map(self.ids)
        prefix = "" if path.startswith(("/bureau", "/mijn")) else "/api/v1"
        headers = {"Idempotency-Key": uuid4().hex}
        return self.clients[who].request(
            method,
            prefix + address,
            json=None if body is None else named,
            headers=headers,
            follow_redirects=False,
        )

    def named(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.named(one) for one in value]
        return value.format_map(self.ids) if isinstance(value, str) else value

    def booked(self) -> int:
        """How much the ledger booked so far."""
        return int(rows_of(self.database, "SELECT count(*) FROM ledger.batch")[0][0])


@pytest.fixture(scope="module")
def world(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Ria gave Tom something, is asked something, and has a budget; colleague Joost began what others decide on."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        site = a_site(Settings(data_dir=tmp_path_factory.mktemp("who")), program)
        market = a_market(database, program, site)
        fill(program)
        with program.transaction() as session:
            people = {
                "ria": market.resident.actor, "toos": market.seller.actor, "coby": market.provider.actor,
                "nel": market.treasurer.actor, "tom": a_person(session, first_name="Tom"),
                "marja": a_member_of_staff(database, session),
                "karin": a_member_of_staff(database, session, municipality_id=EINDHOVEN, first_name="Karin"),
                "bea": a_member_of_staff(database, session, role=Role.REGION_ADMINISTRATOR, municipality_id=None),
            }  # fmt: skip
            joost = a_member_of_staff(database, session, first_name="Joost")
            bo = a_person(session, first_name="Bo")
        ids = rows(program, people, joost) | {
            "bo": bo.person_id,
            "desk": market.desk_id,
            "code": market.sell(2)[0],
        }
        assert [market.hand_in(code) for code in market.sell(2)] == [303, 303]
        provider = rows_of(database, "SELECT id FROM cheque_provider")[0][0]
        with program.transaction() as session:
            ids["invoice"] = payouts.pay_out(
                session, act(session, market.treasurer.actor), provider, 1, "w"
            ).id
        ids |= {name: actor.person_id for name, actor in people.items()} | {"provider": provider}
        yield World(database, {who: _client(site, program, people.get(who)) for who in WHO}, ids)
        program.close()


def rows(program: Program, people: dict[str, Actor], joost: Actor) -> dict[str, Any]:
    """What is read and decided on, by name."""
    ria, tom = people["ria"], people["tom"]
    with program.transaction() as session:
        to = giving.by_code(session, act(session, ria), codes.own(session, act(session, tom)))
        given = giving.give(session, act(session, ria), to, Gift(60, "soep", "Dank voor de soep"))
        asked = questions.ask(
            session, ria, 1, questions.NewQuestion.model_validate({"uitleg": "Dit was in mei."})
        )
        back = giving.by_code(session, act(session, tom), codes.own(session, act(session, ria)))
        asking_id, _ = asking.ask(session, act(session, tom), back, Gift(5, "t"))
        month = f"{today(session):%Y-%m}"
    with program.transaction() as session:
        pot_grants.give(
            session,
            act(session, joost),
            ria.person_id,
            PotGift.model_validate({"minuten": 700} | WHY),
            uuid4(),
        )
        (question,) = pot_grants.waiting(session, joost, 1771)
    with program.transaction() as session:
        plan = plans.ask(session, act(session, ria), NewPlan.model_validate(SWIMMING)).id
        days = {"van": today(session).isoformat(), "totEnMet": today(session).isoformat()}
        granting.propose(
            session, act(session, joost), plan, NewGrant.model_validate({"bedrag": 9_000} | days)
        )
        grant = granting.propose(session, joost, plan, NewGrant.model_validate({"bedrag": 20_000})).id
    with program.transaction() as session:
        wanted = NewSpending.model_validate({"wat": "Les", "bedrag": 500})
        asked_for = spending.ask(session, act(session, ria), plan, wanted).id
        bought = NewReceipt.model_validate({"wat": "Pak", "bedrag": 500, "datum": days["van"]})
        receipt = spending.hand_in(session, ria, plan, bought, PDF).id
    return {
        "line": 1, "transfer": given.transfer, "asked": asked.id, "asking": asking_id, "question": question.question,
        "month": month, "plan": plan, "grant": grant, "spending": asked_for, "receipt": receipt,
    }  # fmt: skip


def _client(site: Any, program: Program, actor: Actor | None) -> TestClient:
    made = TestClient(site, base_url="https://testserver", raise_server_exceptions=False)
    if actor is not None:
        with program.transaction(Scope()) as session:
            act_as(session, actor.person_id)
            token, cookie = (
                new_api_token(session, actor.person_id, "t"),
                open_session(session, actor.person_id, proof=SHOWN),
            )
        made.headers["authorization"] = f"Bearer {token}"
        made.cookies.set(SESSION_COOKIE, cookie, domain="testserver.local", path="/")
    return made


def verdict(answer: Any) -> str:
    """The letter of an answer: what may be done can also stand in a state in which it is done already (409)."""
    if answer.status_code in (302, 303) and "/inloggen" in answer.headers["location"]:
        return "1"
    letters = {401: "1", 403: "3", 404: "4", 409: "y"}
    return "y" if answer.is_success else letters.get(answer.status_code, str(answer.status_code))


def test_it_is_as_the_table_says_and_whoever_may_not_books_nothing(world: World) -> None:
    before = world.booked()
    refused = _cells(world, lambda letter: letter != "y")
    assert world.booked() == before
    done = _cells(world, lambda letter: letter == "y")

    wrong = {
        (TABLE[row][1], who): letter
        for (row, who), letter in (refused | done).items()
        if letter != TABLE[row][3].split()[WHO.index(who)]
    }
    assert wrong == {}


def _cells(world: World, wanted: Callable[[str], bool]) -> dict[tuple[int, str], str]:
    """What was said to each cell whose letter is wanted, by row and person."""
    return {
        (number, who): verdict(world.ask(who, method, path, body))
        for number, (method, path, body, row) in enumerate(TABLE)
        for who, letter in zip(WHO, row.split(), strict=True)
        if wanted(letter)
    }


def test_nobody_but_the_two_reads_the_words_of_a_gift(world: World) -> None:
    read = {who: world.ask(who, "GET", "/roosjesrekeningen/mijn/boekingen", None).text for who in WHO}

    assert [who for who in WHO if "Dank voor de soep" in read[who]] == ["ria", "tom"]
