"""Who reads and writes what: privileges, policies, and the functions' own footing."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ProgrammingError

import rewards
from rewards import errors
from rewards.schema import install_statements, uninstall_statements
from tests.rewards import guards_allowance, guards_months as months, guards_paper as papers, guards_welfare
from tests.rewards.factories import A, B, a_hold, a_member, a_payment, refused, see, trusting

READABLE = {"account", "trust", "batch", "transfer", "entry", "open_hold", "policy", "pending", "decision",
            "made_whole", "departure"}  # fmt: skip
CALLABLE = {
    "now", "open_account", "set_limits", "set_status", "set_trust", "hold", "pay", "settle", "void", "expire",
    "expire_due", "reverse", "policy_at", "set_policy", "apply_policy", "follow_policy",
    "donate", "grant", "ask", "ask_grant", "decide", "lapse_questions",
    "pay_many", "share", "make_whole", "leave", "move_home", "carry_home",
    # Pure computations that the view of violations uses.
    "canonical", "entry_hash",
}  # fmt: skip

SEEN_BY_ROW = papers.READABLE | guards_welfare.READABLE | guards_allowance.READABLE
CALLED = papers.CALLABLE | guards_welfare.CALLABLE | guards_allowance.CALLABLE


@pytest.mark.parametrize("table", sorted(READABLE | months.READABLE | months.HIDDEN | {"clock"}))
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"])
def test_the_application_writes_to_no_table(connection: Connection, table: str, verb: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        connection.exec_driver_sql(verb.format(f"ledger.{table}"))


@pytest.mark.parametrize(
    "change",
    [
        "account SET posted = 1000000",
        "account SET min_available = -1000000",
        "account SET status = 'open'",
        "trust SET limit_minutes = 1000000",
        "transfer SET amount = 1",
        "entry SET balance = 1",
        "batch SET actor = gen_random_uuid()",
        "open_hold SET amount = 1",
        "policy SET floor = 0",
        "pending SET amount = 1",
        "made_whole SET batch_id = 1",
        "departure SET balance = 0",
        "decision SET outcome = 'accepted'",
    ],
)
def test_the_application_changes_no_row(connection: Connection, change: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        connection.exec_driver_sql(f"UPDATE ledger.{change}")


@pytest.mark.catalogue
def test_the_application_has_these_privileges_and_no_other(owner_engine: Engine) -> None:
    with owner_engine.connect() as owner:
        granted = owner.exec_driver_sql(
            """
            SELECT relname, privilege_type FROM pg_class, LATERAL aclexplode(relacl) acl
            WHERE relnamespace = 'ledger'::regnamespace AND acl.grantee <> relowner
            """
        ).all()
        callable_names = owner.exec_driver_sql(
            """
            SELECT proname FROM pg_proc, LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner))) acl
            WHERE pronamespace = 'ledger'::regnamespace AND acl.grantee <> proowner
            """
        ).scalars()
        assert {tuple(row) for row in granted} == {
            (name, "SELECT") for name in READABLE | months.READABLE | SEEN_BY_ROW | {"violation"}
        }
        assert set(callable_names) == CALLABLE | months.CALLABLE | CALLED


@pytest.mark.catalogue
def test_what_the_application_may_call_runs_as_the_owner_on_a_fixed_path(owner_engine: Engine) -> None:
    with owner_engine.connect() as owner:
        rows = owner.exec_driver_sql(
            "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace"
        )
        footing = {name: (definer, config) for name, definer, config in rows}
    computed = {"canonical", "entry_hash"} | months.PURE
    public = (CALLABLE | months.CALLABLE | CALLED) - computed
    assert {name: footing[name] for name in public} == {
        name: (True, ["search_path=pg_catalog, pg_temp"]) for name in public
    }
    assert not any(definer for name, (definer, _) in footing.items() if name not in public)


@pytest.mark.catalogue
def test_row_level_security_is_forced_with_a_policy_for_the_owner(owner_engine: Engine) -> None:
    with owner_engine.connect() as owner:
        forced = owner.exec_driver_sql(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace
            AND relrowsecurity AND relforcerowsecurity
            """
        ).scalars()
        policies = owner.exec_driver_sql(
            "SELECT tablename, cmd FROM pg_policies WHERE schemaname = 'ledger' AND policyname = 'owner_all'"
            " AND roles = ARRAY[current_user]::name[]"
        ).all()
    tenanted = READABLE | months.READABLE | months.HIDDEN | SEEN_BY_ROW | papers.PARTLY_READABLE
    assert set(forced) == tenanted
    assert {tuple(row) for row in policies} == {(table, "ALL") for table in tenanted}


def rows_seen(connection: Connection) -> dict[str, int]:
    """How many rows of each table are in sight, where there are any."""
    counted = {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM ledger.{table}").scalar_one()
        for table in sorted(READABLE)
    }
    return {table: number for table, number in counted.items() if number}


def test_whoever_says_nothing_sees_nothing(connection: Connection) -> None:
    trusting(connection, B, A)
    payer, payee = a_member(connection), a_member(connection)
    a_payment(connection, payer, payee)
    a_hold(connection, payer, payee)

    see(connection)

    assert rows_seen(connection) == {}
    for read in (rewards.balance, rewards.statement, rewards.open_holds):
        with refused(connection, errors.UnknownAccount):
            read(connection, payer.id)


def test_a_member_sees_the_own_account_and_what_was_booked_on_it(connection: Connection) -> None:
    me, other, third = a_member(connection), a_member(connection), a_member(connection)
    a_payment(connection, me, other)
    a_payment(connection, other, third)
    a_hold(connection, other, me)
    a_hold(connection, other, third)

    see(connection, pseudonym=me.owner)

    assert rows_seen(connection) == {
        "account": 1, "batch": 2, "entry": 1, "open_hold": 1, "transfer": 2
    }  # fmt: skip
    assert [line.counterparty for line in rewards.statement(connection, me.id)] == [other.owner]
    assert [hold.delta for hold in rewards.open_holds(connection, me.id)] == [60]
    with refused(connection, errors.UnknownAccount):
        rewards.statement(connection, other.id)
    assert rewards.accounts(connection, other.owner or uuid4()) == []


def test_a_member_across_the_border_sees_the_own_leg_only(connection: Connection) -> None:
    trusting(connection, B, A)
    asker, helper = a_member(connection, A), a_member(connection, B)
    payment = a_payment(connection, asker, helper, 60)

    see(connection, pseudonym=helper.owner)

    (line,) = rewards.statement(connection, helper.id)
    assert (line.transfer, line.counterparty) == (payment.transfer, asker.owner)
    assert rows_seen(connection)["transfer"] == 1


def test_a_makelaar_sees_the_municipalities_in_reach(connection: Connection) -> None:
    trusting(connection, B, A)
    here, there = a_member(connection, A), a_member(connection, B)
    a_payment(connection, here, a_member(connection, A))
    a_payment(connection, here, there)

    see(connection, B)

    assert rewards.balance(connection, there.id).posted == 60
    with refused(connection, errors.UnknownAccount):
        rewards.balance(connection, here.id)
    assert rows_seen(connection) == {
        "account": 2, "batch": 1, "entry": 2, "transfer": 1, "trust": 1
    }  # fmt: skip


def test_booking_needs_no_sight(connection: Connection) -> None:
    """The functions run as the owner: a policy never turns a booking into half of one."""
    payer, payee = a_member(connection), a_member(connection)
    see(connection)
    a_payment(connection, payer, payee)
    see(connection, A)
    assert [rewards.balance(connection, account.id).posted for account in (payer, payee)] == [-60, 60]


def test_a_booking_that_cannot_lock_all_its_accounts_stops(owner: Connection) -> None:
    payer, payee = a_member(owner), a_member(owner)
    owner.exec_driver_sql("DROP POLICY owner_all ON ledger.account")
    owner.exec_driver_sql("CREATE POLICY reading ON ledger.account FOR SELECT USING (true)")
    owner.exec_driver_sql(
        f"CREATE POLICY writing ON ledger.account FOR UPDATE USING (id <> {payee.id}) WITH CHECK (true)"
    )
    with pytest.raises(errors.LedgerBroken):
        a_payment(owner, payer, payee)


@pytest.mark.catalogue
def test_the_scripts_survive_any_driver_and_any_role_name(owner: Connection) -> None:
    scripts = install_statements('odd "name')
    assert not any("%" in script for script in scripts)
    assert any('TO "odd ""name"' in script for script in scripts)
    for statement in uninstall_statements():
        owner.exec_driver_sql(statement)
    left = "SELECT count(*) FROM pg_namespace WHERE nspname = 'ledger'"
    assert owner.exec_driver_sql(left).scalar_one() == 0
