"""Cheques and Roosjes on paper for programs: sold, handed in, paid out; refused in one way, whatever is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.access.roles import Role
from app.cheques import desks
from app.db import Database as Program
from app.ids import uuid7
from rewards.serials import new_serial
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person
from tests.databases import Database
from tests.web.desks.cheques import a_market, an_organisation, grant

__all__ = ["api_for"]
Travel = Callable[[timedelta], None]
BOOKS = (
    "SELECT (SELECT count(*) FROM ledger.batch), (SELECT count(*) FROM ledger.transfer),"
    " (SELECT count(*) FROM ledger.serial), (SELECT count(*) FROM ledger.serial_end)"
)
CHEQUE, PAPER = "/cheque-inleveringen", "/papieren-roosjes"


@dataclass
class Sides:
    """Everybody around a paper, each with a program of their own."""

    seller: Api
    other_seller: Api
    provider: Api
    foreign: Api
    treasurer: Api
    resident: Api
    neighbour: Api
    desk_id: UUID
    other_desk_id: UUID
    organisation_id: UUID
    worker: Actor
    """Whose program ``provider`` is."""

    def sell(self, number: int = 1) -> list[Any]:
        """Papers of a sale: number and code."""
        sold = self.seller.made(f"/verkooppunten/{self.desk_id}/verkopen", {"aantal": number})
        return list(sold["papieren"])

    def issue(self, number: int = 1, minutes: int = 30) -> list[Any]:
        """Papers against the resident's account."""
        made = self.resident.made(PAPER, {"aantal": number, "minuten": minutes})
        return list(made["papieren"])


@pytest.fixture
def sides(fresh_database: Database, program: Program, site: FastAPI, api_for: ApiFor) -> Sides:
    market = a_market(fresh_database, program, site)
    with program.transaction() as session:
        neighbour = a_person(session, first_name="Bo")
    return Sides(
        seller=api_for(market.seller.actor),
        other_seller=api_for(market.other_seller.actor),
        provider=api_for(market.provider.actor),
        foreign=api_for(_worker_of_helmond(fresh_database, program)),
        treasurer=api_for(market.treasurer.actor),
        resident=api_for(market.resident.actor),
        neighbour=api_for(neighbour),
        desk_id=market.desk_id,
        other_desk_id=market.other_desk_id,
        organisation_id=market.organisation_id,
        worker=market.provider.actor,
    )


def _worker_of_helmond(database: Database, program: Program) -> Actor:
    there = an_organisation(database, "Klusbus Helmond", HELMOND)
    with program.transaction() as session:
        treasurer = a_member_of_staff(database, session, role=Role.TREASURER, municipality_id=HELMOND)
        desks.add_provider(session, treasurer, HELMOND, there)
    with program.transaction() as session:
        worker = a_person(session, first_name="Sjaak", postcode="5707 AB")
    grant(database, worker, Role.ORGANISATION_MEMBER, there, HELMOND)
    return worker


def attempt(api: Api, path: str, body: dict[str, Any]) -> Any:
    """A POST under a key of its own."""
    return api.post(path, body, key=uuid7().hex)


def said(answer: Any) -> tuple[int, frozenset[tuple[str, str]]]:
    """A refusal without what differs from answer to answer by itself."""
    problem = {name: str(value) for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, frozenset(problem.items())


def test_a_cheque_goes_from_sale_to_payout(sides: Sides, travel: Travel) -> None:
    (desk,) = sides.seller.get("/verkooppunten").json()
    assert (desk["id"], desk["naam"]) == (str(sides.desk_id), "Bibliotheek Geldrop")
    path = f"/verkooppunten/{desk['id']}/verkopen"
    sold = sides.seller.post(path, {"aantal": 3}, key="s1")
    assert (sold.status_code, sold.json()["centen"], len(sold.json()["papieren"])) == (201, 4500, 3)
    again = sides.seller.post(path, {"aantal": 3}, key="s1").json()
    assert (again["id"], again["papieren"]) == (sold.json()["id"], [])
    other = sides.seller.post(path, {"aantal": 2}, key="s1")
    assert (other.status_code, other.json()["code"]) == (409, "key-used")

    codes = [paper["code"] for paper in sold.json()["papieren"]]
    taken = [sides.provider.post(CHEQUE, {"code": code}, key=f"h-{code}") for code in codes]
    assert [one.status_code for one in taken] == [201] * 3
    assert len({one.json()["id"] for one in taken} - {0}) == 3
    assert sides.provider.post(CHEQUE, {"code": codes[0]}, key=f"h-{codes[0]}").json() == taken[0].json()

    travel(timedelta(days=32))
    (due,) = sides.treasurer.get("/cheque-aanbieders", gemeente=GELDROP_MIERLO).json()
    assert (due["openstaand"], due["vanVorigeMaanden"]) == (3, 3)
    pay = f"/cheque-aanbieders/{due['id']}/uitbetalingen"
    paid = sides.treasurer.post(pay, {"aantal": 3}, key="p1")
    assert (paid.status_code, paid.json()["centen"]) == (201, 4500)
    assert sides.treasurer.post(pay, {"aantal": 3}, key="p1").json() == paid.json()
    (invoice,) = sides.treasurer.get("/facturen", gemeente=GELDROP_MIERLO).json()["facturen"]
    assert (invoice["id"], invoice["nummer"], invoice["stand"]) == (
        paid.json()["id"],
        paid.json()["nummer"],
        "gemaakt",
    )
    more = sides.treasurer.post(pay, {"aantal": 1}, key="p2")
    assert (more.status_code, more.json()["code"]) == (409, "not-that-many")
    (due,) = sides.treasurer.get("/cheque-aanbieders", gemeente=GELDROP_MIERLO).json()
    assert due["openstaand"] == 0


def test_a_roosje_on_paper_is_issued_handed_in_and_taken_back_with_the_booking_as_its_id(
    sides: Sides, fresh_database: Database
) -> None:
    first, second = sides.issue(2)

    taken = sides.neighbour.post(f"{PAPER}/inleveringen", {"code": first["code"]}, key="k")
    assert (taken.status_code, taken.json()["minuten"]) == (201, 30)
    again = sides.neighbour.post(f"{PAPER}/inleveringen", {"code": first["code"]}, key="k")
    assert again.json() == taken.json()
    back = sides.resident.made(f"{PAPER}/intrekkingen", {"nummer": second["nummer"]})
    assert back["minuten"] == 30

    ended = "SELECT transfer_id FROM ledger.serial_end ORDER BY serial_id"
    assert [row[0] for row in rows_of(fresh_database, ended)] == [taken.json()["id"], back["id"]]


def test_whatever_is_wrong_with_a_cheque_programs_read_one_answer(
    sides: Sides, fresh_database: Database, travel: Travel, api_for: ApiFor
) -> None:
    doubled, abroad, late = (paper["code"] for paper in sides.sell(3))
    (roosje,) = (paper["code"] for paper in sides.issue())
    sides.provider.made(CHEQUE, {"code": doubled})
    before = rows_of(fresh_database, BOOKS)

    answers = [
        attempt(api, CHEQUE, {"code": code})
        for api, code in (
            (sides.provider, new_serial().text),
            (sides.provider, doubled),
            (sides.provider, _looking_alike(doubled)),
            (sides.provider, roosje),
            (sides.foreign, abroad),
        )
    ]
    travel(timedelta(days=800))
    answers.append(attempt(api_for(sides.worker), CHEQUE, {"code": late}))

    assert [answer.status_code for answer in answers] == [409] * 6
    assert len({said(answer) for answer in answers}) == 1
    assert answers[0].json()["code"] == "paper-refused"
    assert rows_of(fresh_database, BOOKS) == before


def _looking_alike(code: str) -> str:
    """The same code as somebody reads it from a bad print."""
    return code.lower().replace("0", "o").replace("1", "l")


def test_whatever_is_wrong_with_a_roosje_on_paper_programs_read_one_answer(
    sides: Sides, fresh_database: Database
) -> None:
    used, given_back = sides.issue(2)
    (cheque,) = sides.sell()
    sides.neighbour.made(f"{PAPER}/inleveringen", {"code": used["code"]})
    sides.resident.made(f"{PAPER}/intrekkingen", {"nummer": given_back["nummer"]})
    before = rows_of(fresh_database, BOOKS)

    wrong = (
        new_serial().text,
        used["code"],
        _looking_alike(used["code"]),
        given_back["code"],
        cheque["code"],
    )
    answers = [attempt(sides.neighbour, f"{PAPER}/inleveringen", {"code": code}) for code in wrong]

    assert {answer.status_code for answer in answers} == {409}
    assert len({said(answer) for answer in answers}) == 1
    assert rows_of(fresh_database, BOOKS) == before


def test_a_number_of_anothers_paper_is_refused_as_one_that_is_nobodys(
    sides: Sides, fresh_database: Database
) -> None:
    out, used = sides.issue(2)
    sides.neighbour.made(f"{PAPER}/inleveringen", {"code": used["code"]})
    (cheque,) = sides.sell()
    before = rows_of(fresh_database, BOOKS)

    path = f"{PAPER}/intrekkingen"
    answers = [attempt(sides.neighbour, path, {"nummer": number}) for number in (out["nummer"], 2**62)]
    answers += [
        attempt(sides.resident, path, {"nummer": number}) for number in (used["nummer"], cheque["nummer"])
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert len({said(answer) for answer in answers}) == 1
    assert rows_of(fresh_database, BOOKS) == before


def test_what_can_be_no_code_is_invalid_and_books_nothing(sides: Sides, fresh_database: Database) -> None:
    before = rows_of(fresh_database, BOOKS)

    for code in ("", "onzin", "½" * 27, "А" * 27, "0" * 26 + "1", "x" * 5000, 7, None, ["a"]):
        for api, path in ((sides.provider, CHEQUE), (sides.neighbour, f"{PAPER}/inleveringen")):
            assert attempt(api, path, {"code": code}).status_code == 400, code
    assert rows_of(fresh_database, BOOKS) == before


def test_who_may_not_reads_what_they_would_read_of_nothing(
    sides: Sides, api_for: ApiFor, fresh_database: Database
) -> None:
    (cheque,) = sides.sell()
    (due,) = sides.treasurer.get("/cheque-aanbieders", gemeente=GELDROP_MIERLO).json()
    before = rows_of(fresh_database, BOOKS)
    nothing = uuid7()

    for api in (sides.resident, sides.other_seller, sides.provider, sides.treasurer):
        there = attempt(api, f"/verkooppunten/{sides.desk_id}/verkopen", {"aantal": 1})
        nowhere = attempt(api, f"/verkooppunten/{nothing}/verkopen", {"aantal": 1})
        assert said(there) == said(nowhere)
        assert there.status_code == 404
    for api in (sides.resident, sides.seller, sides.treasurer):
        assert attempt(api, CHEQUE, {"code": cheque["code"]}).status_code == 404
        assert said(attempt(api, CHEQUE, {"code": cheque["code"]})) == said(
            attempt(api, CHEQUE, {"code": new_serial().text})
        )
    theirs = {"code": cheque["code"], "organisatie": str(sides.organisation_id)}
    assert said(attempt(sides.foreign, CHEQUE, theirs)) == said(
        attempt(sides.foreign, CHEQUE, theirs | {"organisatie": str(nothing)})
    )
    for api in (sides.resident, sides.seller, sides.provider, sides.foreign):
        there = attempt(api, f"/cheque-aanbieders/{due['id']}/uitbetalingen", {"aantal": 1})
        nowhere = attempt(api, f"/cheque-aanbieders/{nothing}/uitbetalingen", {"aantal": 1})
        assert (said(there), there.status_code) == (said(nowhere), 404)
        assert said(api.get("/cheque-aanbieders", gemeente=GELDROP_MIERLO)) == said(
            api.get("/cheque-aanbieders", gemeente=9999)
        )
    assert sides.resident.get("/verkooppunten").json() == []
    assert rows_of(fresh_database, BOOKS) == before

    visitor = api_for(None)
    for path, body in (
        (f"/verkooppunten/{sides.desk_id}/verkopen", {"aantal": 1}),
        (CHEQUE, {"code": cheque["code"]}),
        (PAPER, {"aantal": 1, "minuten": 30}),
        (f"{PAPER}/inleveringen", {"code": cheque["code"]}),
        (f"{PAPER}/intrekkingen", {"nummer": cheque["nummer"]}),
        (f"/cheque-aanbieders/{due['id']}/uitbetalingen", {"aantal": 1}),
    ):
        assert attempt(visitor, path, body).status_code == 401
    assert visitor.get("/verkooppunten").status_code == 401


def test_no_odd_number_is_sold_issued_or_paid_out(sides: Sides, fresh_database: Database) -> None:
    (due,) = sides.treasurer.get("/cheque-aanbieders", gemeente=GELDROP_MIERLO).json()
    before = rows_of(fresh_database, BOOKS)

    for number in (0, -1, 41, 1.5, "1", True, 2**63, None):
        # so many are sold at once at most; as an amount or a number it would be right
        odd = number if number != 41 else -1
        for api, path, body in (
            (sides.seller, f"/verkooppunten/{sides.desk_id}/verkopen", {"aantal": number}),
            (sides.resident, PAPER, {"aantal": number, "minuten": 30}),
            (sides.resident, PAPER, {"aantal": 1, "minuten": odd}),
            (sides.resident, f"{PAPER}/intrekkingen", {"nummer": odd}),
            (sides.treasurer, f"/cheque-aanbieders/{due['id']}/uitbetalingen", {"aantal": odd}),
        ):
            assert attempt(api, path, body).status_code == 400, (path, number)
    assert rows_of(fresh_database, BOOKS) == before


def test_without_a_key_nothing_is_sold_issued_or_handed_in(sides: Sides, fresh_database: Database) -> None:
    (cheque,) = sides.sell()
    before = rows_of(fresh_database, BOOKS)
    for api, path, body in (
        (sides.seller, f"/verkooppunten/{sides.desk_id}/verkopen", {"aantal": 1}),
        (sides.provider, CHEQUE, {"code": cheque["code"]}),
        (sides.resident, PAPER, {"aantal": 1, "minuten": 30}),
        (sides.neighbour, f"{PAPER}/inleveringen", {"code": cheque["code"]}),
        (sides.resident, f"{PAPER}/intrekkingen", {"nummer": 1}),
    ):
        assert api.post(path, body).status_code == 400
    assert rows_of(fresh_database, BOOKS) == before


def test_more_than_one_may_borrow_goes_on_no_paper(sides: Sides, fresh_database: Database) -> None:
    before = rows_of(fresh_database, BOOKS)
    answer = attempt(sides.resident, PAPER, {"aantal": 20, "minuten": 240})
    assert (answer.status_code, answer.json()["code"]) == (409, "out-of-roosjes")
    assert rows_of(fresh_database, BOOKS) == before
