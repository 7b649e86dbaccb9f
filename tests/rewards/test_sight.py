"""Who sees which rows: a ledger with a row in every table, looked at by everybody for whom there is a policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

import rewards
from rewards import AccountKind, Unit, paper, seals, welfare
from tests.databases import Database, Server
from tests.rewards import conftest, guards_invoices as invoices, guards_months as months
from tests.rewards.factories import MAKELAAR, A, B, a_hold, a_member, a_payment, now, refused, see, trusting
from tests.rewards.gift_factories import COLLEAGUE, a_grant_to_see, a_question, a_verdict, eyes_above, fill
from tests.rewards.paper_factories import an_issue, by, pass_time
from tests.rewards.test_allowance import a_note
from tests.rewards.test_columns import FILLED
from tests.rewards.test_welfare import a_grant, a_period

ELSEWHERE, WITH_MONTHS, WITH_A_POLICY_ONLY = 3, 7, 9
"""Municipalities: one with nothing, one with closed months and a netting, one with a policy and no account."""
ME, PROVIDER = UUID(int=0xE), UUID(int=0xF)
OPEN_TO_ALL = {"allowance_limit"}
HIDDEN_ROWS = {"clock", "elsewhere", "seal", "sealed_head"}
"""No policy shows these to the application, or there is none."""
TENANTED = sorted(FILLED.keys() - {"clock"})


def _whole(owner: Connection) -> None:
    """A payment that its receiver cannot give back, made good by the pot."""
    receiver = a_member(owner, floor=0)
    mine = a_member(owner, owner=ME)
    wrong = a_payment(owner, mine, receiver, 30)
    a_payment(owner, receiver, a_member(owner), 30)
    rewards.make_whole(
        owner, key="whole", actor=MAKELAAR, transfer=wrong.transfer, reason=rewards.Reason.OTHER
    )


def everything(owner: Connection) -> None:
    """Rows of everybody in every table, most of them of one person."""
    see(owner, A, B)
    mine, other = a_member(owner, owner=ME), a_member(owner)
    fill(owner, dict.fromkeys(range(16), 100))
    trusting(owner, B, A)
    a_payment(owner, mine, other, 10)
    a_hold(owner, mine, other, 20)
    eyes_above(owner, 600)
    eyes_above(owner, 60, WITH_A_POLICY_ONLY)
    a_question(owner, mine, other)
    a_verdict(owner, a_grant_to_see(owner, other), COLLEAGUE)
    _whole(owner)
    leaver = a_member(owner)
    rewards.leave(owner, key="leave", actor=MAKELAAR, account=leaver.id)
    an_issue(owner, mine, papers=2)
    an_issue(owner, mine, expires_at=now(owner) + timedelta(hours=1))
    pass_time(owner, hours=2)
    paper.lapse_due(owner)
    a_member(owner, kind=AccountKind.PROVIDER, unit=Unit.VOUCHER, owner=PROVIDER)
    budget = a_period(owner, ME)
    a_grant(owner, budget)
    welfare.close_period(owner, period=budget.id, **by())
    a_note(owner, ME)
    owner.exec_driver_sql(months.a_second_line())
    batch = owner.exec_driver_sql("SELECT max(id) FROM ledger.batch").scalar_one()
    owner.exec_driver_sql(months.two_answers().format(batch=batch))
    bills = ";".join([invoices.a_line(), invoices.to_one(owner=f"'{PROVIDER}'"), invoices.a_step()])
    owner.exec_driver_sql(bills.format(batch=batch, payer=mine.id))
    seals.seal(owner)
    owner.exec_driver_sql("INSERT INTO ledger.elsewhere VALUES (%s, 0)", (a_member(owner).id,))


@dataclass
class World:
    """Connections of the two roles to the same rows."""

    owner: Engine
    application: Engine


@pytest.fixture(scope="module")
def full(database_server: Server, worker: str) -> Iterator[World]:
    with database_server.empty(f"sight_{worker}") as database:
        yield from opened(database)


def opened(database: Database) -> Iterator[World]:
    conftest.install(database)
    yield from filled(database)


def filled(database: Database) -> Iterator[World]:
    """With rows in every table of a ledger that is there."""
    owner = create_engine(database.owner_url, poolclass=NullPool)
    application = create_engine(database.app_url, poolclass=NullPool)
    with owner.begin() as connection:
        everything(connection)
    yield World(owner, application)
    owner.dispose()
    application.dispose()


@dataclass(frozen=True)
class Eyes:
    """Who looks: staff of municipalities, a person, or people of an organisation."""

    staff_of: tuple[int, ...] = ()
    person: UUID | None = None
    organisation: UUID | None = None

    def rows(self, world: World, table: str) -> int:
        with world.application.connect() as connection:
            see(connection, *self.staff_of, pseudonym=self.person)
            connection.exec_driver_sql(
                "SELECT set_config('app.organisations', %s, true)",
                (f"{{{self.organisation}}}" if self.organisation else "",),
            )
            column = "id" if table == "serial" else "*"
            query = f"SELECT count(*) FROM (SELECT {column} FROM ledger.{table}) seen"
            number: int = connection.exec_driver_sql(query).scalar_one()
        return number


ME_ONLY, STAFF = Eyes(person=ME), Eyes(staff_of=(A,))
SEEN_BY = {
    "account.own": ME_ONLY,
    "account.staff": STAFF,
    "account.of_organisation": Eyes(organisation=PROVIDER),
    "allowance.own": ME_ONLY,
    "allowance.staff": STAFF,
    "allowance_limit.read": Eyes(),
    "allowance_total.with_allowance": ME_ONLY,
    "batch.with_transfer": ME_ONLY,
    "decision.with_question": STAFF,
    "departure.with_account": STAFF,
    "entry.with_account": ME_ONLY,
    "invoice.of_organisation": Eyes(organisation=PROVIDER),
    "invoice.staff": Eyes(staff_of=(WITH_MONTHS,)),
    "invoice_line.with_invoice": Eyes(staff_of=(WITH_MONTHS,)),
    "invoice_step.with_invoice": Eyes(staff_of=(WITH_MONTHS,)),
    "made_whole.with_transfer": ME_ONLY,
    "netting.staff": Eyes(staff_of=(WITH_MONTHS,)),
    "netting_answer.with_netting": Eyes(staff_of=(WITH_MONTHS,)),
    "open_hold.with_account": ME_ONLY,
    "pending.asked": Eyes(person=MAKELAAR),
    "pending.with_account": ME_ONLY,
    "period.staff": Eyes(staff_of=(WITH_MONTHS,)),
    "period_line.staff": Eyes(staff_of=(WITH_MONTHS,)),
    "policy.staff": Eyes(staff_of=(WITH_A_POLICY_ONLY,)),
    "policy.with_account": ME_ONLY,
    "serial.with_account": ME_ONLY,
    "serial_end.with_serial": ME_ONLY,
    "transfer.with_account": ME_ONLY,
    "trust.staff": Eyes(staff_of=(B,)),
    "welfare_line.with_period": ME_ONLY,
    "welfare_period.with_account": ME_ONLY,
}


@pytest.mark.parametrize("policy", SEEN_BY)
def test_whom_a_row_concerns_sees_it(full: World, policy: str) -> None:
    assert SEEN_BY[policy].rows(full, policy.partition(".")[0]) > 0


@pytest.mark.parametrize("table", sorted(FILLED.keys() - HIDDEN_ROWS - OPEN_TO_ALL))
@pytest.mark.parametrize(
    "who",
    [Eyes(), Eyes(staff_of=(ELSEWHERE,)), Eyes(person=uuid4()), Eyes(organisation=uuid4())],
    ids=["nobody", "staff-elsewhere", "a-stranger", "another-organisation"],
)
def test_whom_it_does_not_concern_sees_no_row(full: World, table: str, who: Eyes) -> None:
    assert who.rows(full, table) == 0


@pytest.mark.parametrize("table", TENANTED)
def test_the_owner_sees_every_row(full: World, table: str) -> None:
    with full.owner.connect() as owner:
        assert owner.exec_driver_sql(f"SELECT count(*) FROM ledger.{table}").scalar_one() > 0


@pytest.mark.parametrize("table", TENANTED)
def test_without_a_policy_the_owner_too_is_refused(owner: Connection, table: str) -> None:
    """Row-level security is on, and forced on the owner, whose functions otherwise would see past it."""
    owner.exec_driver_sql(f"DROP POLICY owner_all ON ledger.{table}")
    with refused(owner, DBAPIError, "violates row-level security policy"):
        owner.exec_driver_sql(f"INSERT INTO ledger.{table} DEFAULT VALUES")


@pytest.mark.parametrize("table", ["seal", "sealed_head"])
def test_nobody_reads_seals_past_a_right_to_read(full: World, table: str) -> None:
    """Should somebody grant it by mistake, there is no policy that shows a row."""
    with full.owner.connect() as owner, full.application.connect() as application:
        role = application.engine.url.username
        owner.exec_driver_sql(f'GRANT SELECT ON ledger.{table} TO "{role}"')
        owner.commit()
        try:
            see(application, A, B)
            assert application.exec_driver_sql(f"SELECT count(*) FROM ledger.{table}").scalar_one() == 0
        finally:
            application.rollback()
            owner.exec_driver_sql(f'REVOKE SELECT ON ledger.{table} FROM "{role}"')
            owner.commit()
