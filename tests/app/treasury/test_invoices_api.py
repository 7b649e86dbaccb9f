"""/facturen: made, sent, paid by two, disputed and withdrawn, for programs; two who pay at once book once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.access.roles import Role
from app.db import Database
from app.treasury import invoicing
from app.treasury.errors import InvoiceMoved
from rewards.invoices import State
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, act
from tests.app.treasury.bills import Providers, handed_in, in_order
from tests.app.treasury.books import FIRST, SECOND, as_owner
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.rewards.factories import A, B
from tests.rewards.paper_factories import a_desk, a_redemption, a_sale

__all__ = ["api_for"]
MONTH, PAID_ON = f"{FIRST:%Y-%m}", SECOND.replace(day=4).isoformat()


@pytest.fixture
def providers(fresh_database: Migrated) -> Providers:
    return handed_in(fresh_database)


@pytest.fixture
def sides(
    fresh_database: Migrated, program: Database, api_for: ApiFor, providers: Providers
) -> dict[str, Api]:
    with program.transaction() as session:
        staff = {
            name: a_member_of_staff(fresh_database, session, role=Role.TREASURER, municipality_id=place)
            for name, place in (("ours", A), ("colleague", A), ("theirs", B))
        }
    return {name: api_for(actor) for name, actor in staff.items()}


def made(sides: dict[str, Api]) -> str:
    (one,) = sides["theirs"].made("/facturen", {"gemeente": B, "maand": MONTH})["facturen"]
    return f"/facturen/{one['id']}"


def takes(api: Api, path: str, place: int, state: str, **more: str) -> tuple[int, str]:
    answer = api.post(f"{path}/standen", {"gemeente": place, "stand": state} | more)
    return answer.status_code, answer.json().get("stand", answer.json().get("code"))


def reported(sides: dict[str, Api]) -> str:
    path = made(sides)
    assert takes(sides["theirs"], path, B, "verstuurd") == (200, "verstuurd")
    assert takes(sides["ours"], path, A, "gemeld", betaaldatum=PAID_ON) == (200, "gemeld")
    return path


def test_an_invoice_is_paid_by_two_and_read_on_both_sides(
    sides: dict[str, Api], fresh_database: Migrated
) -> None:
    path = reported(sides)
    assert takes(sides["ours"], path, A, "betaald") == (409, "invoice-needs-two")
    assert takes(sides["colleague"], path, A, "betaald") == (200, "betaald")

    ours = sides["ours"].get(path, gemeente=A).json()
    theirs = sides["theirs"].get(path, gemeente=B).json()
    assert (ours["wijBetalen"], theirs["wijBetalen"], ours["centen"], ours["open"]) == (
        True,
        False,
        4500,
        False,
    )
    assert ours["regels"] == [{"organisatie": "De Klusploeg", "cheques": 3, "centen": 4500}]
    assert [step["stand"] for step in ours["verloop"]] == ["gemaakt", "verstuurd", "gemeld", "betaald"]
    assert ours["verloop"][2]["betaaldatum"] == PAID_ON
    still = sides["theirs"].get("/facturen", gemeente=B, open=True).json()["facturen"]
    assert [(one["aan"], one["centen"]) for one in still] == [("De Klusploeg", 4500)]
    in_order(fresh_database)


def test_the_same_key_takes_a_step_once_and_another_body_is_refused(sides: dict[str, Api]) -> None:
    path = made(sides)
    body = {"gemeente": B, "stand": "verstuurd"}
    first = sides["theirs"].post(f"{path}/standen", body, key="k")
    again = sides["theirs"].post(f"{path}/standen", body, key="k")
    assert (first.status_code, again.status_code, again.headers["Idempotency-Hit"]) == (200, 200, "true")
    assert (
        sides["theirs"].post(f"{path}/standen", body | {"stand": "ingetrokken"}, key="k").status_code == 409
    )


def test_making_again_makes_nothing_new(sides: dict[str, Api], fresh_database: Migrated) -> None:
    made(sides)
    assert sides["ours"].made("/facturen", {"gemeente": A, "maand": MONTH}) == {"facturen": []}
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.invoice")[0][0] == 1


def test_a_disputed_invoice_is_withdrawn(sides: dict[str, Api], fresh_database: Migrated) -> None:
    path = made(sides)
    takes(sides["theirs"], path, B, "verstuurd")
    assert takes(sides["ours"], path, A, "betwist")[0] == 400
    assert takes(sides["ours"], path, A, "betwist", reden="bedrag") == (200, "betwist")
    assert sides["theirs"].get(path, gemeente=B).json()["verloop"][-1]["reden"] == "bedrag"
    assert takes(sides["ours"], path, A, "gemeld", betaaldatum=PAID_ON) == (409, "invoice-moved")
    assert takes(sides["theirs"], path, B, "ingetrokken", reden="bedrag") == (200, "ingetrokken")
    in_order(fresh_database)


@pytest.mark.parametrize(
    "wrong",
    [{"stand": "betaald!"}, {"stand": "gemeld"}, {"stand": "gemeld", "betaaldatum": "morgen"}, {"stand": "gemeld",
     "betaaldatum": "2999-01-01"}, {"stand": "betwist", "reden": "zomaar"}, {"stand": "gemeld", "betaaldatum": PAID_ON,
     "reden": "bedrag"}, {"stand": 1}, {}, {"stand": "gemeld", "betaaldatum": PAID_ON, "door": "ons"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    sides: dict[str, Api], fresh_database: Migrated, wrong: dict[str, object]
) -> None:
    path = made(sides)
    takes(sides["theirs"], path, B, "verstuurd")
    assert sides["ours"].post(f"{path}/standen", {"gemeente": A} | wrong).status_code == 400
    assert sides["ours"].get(path, gemeente=A).json()["stand"] == "verstuurd"


def test_a_month_that_runs_is_not_invoiced(sides: dict[str, Api]) -> None:
    answer = sides["ours"].post("/facturen", {"gemeente": A, "maand": f"{SECOND:%Y-%m}"})
    assert (answer.status_code, answer.json()["code"]) == (409, "month-not-over")


def test_out_of_reach_is_as_what_does_not_exist(
    sides: dict[str, Api], program: Database, api_for: ApiFor
) -> None:
    path = made(sides)
    with program.transaction() as session:
        person = a_person(session)
    member = api_for(person)
    for api, place in ((sides["ours"], B), (sides["theirs"], A), (member, A)):
        assert api.get("/facturen", gemeente=place).status_code == 404
        assert api.get(path, gemeente=place).status_code == 404
        assert api.post("/facturen", {"gemeente": place, "maand": MONTH}).status_code == 404
        assert takes(api, path, place, "verstuurd")[0] == 404
    assert sides["ours"].get("/facturen/99999", gemeente=A).status_code == 404


@pytest.mark.parametrize("ways", [2, 8])
def test_of_many_who_confirm_a_payment_at_once_one_books_it(
    sides: dict[str, Api], fresh_database: Migrated, program: Database, ways: int
) -> None:
    """Real threads, each another treasurer in a transaction of their own, through the service."""
    id = int(reported(sides).rpartition("/")[2])
    with program.transaction() as session:
        people = [a_member_of_staff(fresh_database, session, role=Role.TREASURER) for _ in range(ways)]
    barrier = threading.Barrier(ways)

    def confirm(number: int) -> str:
        barrier.wait()
        try:
            with program.transaction() as session:
                invoicing.step(session, act(session, people[number]), A, id, State.PAID)
        except InvoiceMoved:
            return "late"
        return "paid"

    with ThreadPoolExecutor(ways) as threads:
        came_to = sorted(threads.map(confirm, range(ways)))

    assert came_to == ["late"] * (ways - 1) + ["paid"]
    assert (
        rows_of(fresh_database, "SELECT count(*) FROM ledger.batch WHERE operation = 'invoice_pay'")[0][0]
        == 1
    )
    in_order(fresh_database)


def test_a_list_costs_as_many_queries_at_fifteen_as_at_one(
    sides: dict[str, Api], fresh_database: Migrated, program: Database, providers: Providers
) -> None:
    made(sides)
    with program.transaction() as session:
        treasurer = a_member_of_staff(fresh_database, session, role=Role.TREASURER)

    def queries() -> int:
        with count_queries(program.engine) as counted, program.transaction() as session:
            invoicing.listed(session, act(session, treasurer), A)
        return counted.count

    few = queries()
    with as_owner(fresh_database) as owner:
        for serial in a_sale(owner, a_desk(owner), 15).serials:
            a_redemption(owner, serial.text, providers.here)
    with program.transaction() as session:
        for number in range(14):
            invoicing.owe(session, act(session, treasurer), A, providers.here.id, 1, f"k{number}")
    assert queries() == few
    assert len(rows_of(fresh_database, "SELECT id FROM ledger.invoice")) == 15
