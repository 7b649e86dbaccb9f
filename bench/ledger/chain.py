"""How long a long chain takes to verify.

A ledger of its own, with one account whose chain has a million entries and a thousand accounts that hold the other
side.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url

from app import postgres
from rewards import AccountKind, Unit, check, open_account, seals
from rewards.schema import install_statements

OTHERS = 1_000
MUNICIPALITY = 1771
# The guards on each row are what a booking costs, not what a check costs.
UNGUARD = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
               WHERE contype = 'f' AND connamespace = 'ledger'::regnamespace LOOP
        EXECUTE 'ALTER TABLE ' || one.place || ' DROP CONSTRAINT ' || quote_ident(one.conname);
    END LOOP;
END $$;
ALTER TABLE ledger.entry DISABLE TRIGGER USER;
ALTER TABLE ledger.transfer DISABLE TRIGGER USER
"""
BOOK = """
INSERT INTO ledger.batch (actor, operation, key, body_hash, occurred_at, booked_at)
SELECT '00000000-0000-0000-0000-000000000001', 'pay', n::text, sha256(n::text::bytea), now(), now()
FROM generate_series(1, {entries}) n;
INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount)
SELECT b.id, 'pay', 'ROOSJE_MIN', {issuer}, {first} + mod(b.id, {others}), 1 FROM ledger.batch b ORDER BY b.id
"""
LINK = """
CREATE FUNCTION pg_temp.link(in_before bytea, in_line text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN sha256(coalesce(in_before, ''::bytea) || convert_to(in_line, 'UTF8'));
END
$$;
CREATE AGGREGATE pg_temp.chained (text) (SFUNC = pg_temp.link, STYPE = bytea)
"""
"""All links of a chain in one statement: each hash needs the one before, so an aggregate carries it along."""
CHAIN = """
SET LOCAL work_mem = '256MB';
INSERT INTO ledger.entry (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)
SELECT account_id, seq, transfer_id, delta, balance - delta, balance, lag(hash) OVER own, hash
FROM (
    SELECT *, pg_temp.chained(concat_ws('|', account_id, seq, delta, balance, said)) OVER own AS hash
    FROM (
        SELECT account_id, t.id AS transfer_id, delta, ledger.canonical(t, b) AS said,
               row_number() OVER own AS seq, (sum(delta) OVER own)::bigint AS balance
        FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        CROSS JOIN LATERAL (VALUES (debit_id, -amount), (credit_id, amount)) AS side (account_id, delta)
        WINDOW own AS (PARTITION BY account_id ORDER BY t.id)
    ) line WINDOW own AS (PARTITION BY account_id ORDER BY transfer_id)
) link WINDOW own AS (PARTITION BY account_id ORDER BY transfer_id);
UPDATE ledger.account SET posted = balance, entries = seq, head = hash
FROM (SELECT DISTINCT ON (account_id) * FROM ledger.entry ORDER BY account_id, seq DESC) last WHERE id = account_id
"""


def build(connection: Connection, entries: int) -> int:
    """One long chain, past the guards; returns its account."""
    issuer = open_account(
        connection, municipality_id=MUNICIPALITY, unit=Unit.ROOSJE_MIN, kind=AccountKind.ISSUER, owner=None
    )
    connection.exec_driver_sql(
        "INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, floor, ceiling, min_available,"
        " max_balance, opened_at) SELECT 1771, 'ROOSJE_MIN', 'member', gen_random_uuid(), 0, 1000000000, 0,"
        f" 1000000000, now() FROM generate_series(1, {OTHERS})"
    )
    first = issuer.id + 1
    for script in (
        UNGUARD,
        BOOK.format(entries=entries, issuer=issuer.id, first=first, others=OTHERS),
        "ANALYZE",
        LINK,
        CHAIN,
    ):
        connection.exec_driver_sql(script)
    connection.exec_driver_sql("ANALYZE")
    return issuer.id


def timed(act: Callable[[], object]) -> float:
    """Seconds; what was found must be nothing."""
    begin = time.perf_counter()
    found = act()
    took = time.perf_counter() - begin
    if found:
        raise AssertionError(found)
    return round(took, 2)


def measure(connection: Connection, entries: int) -> dict[str, float]:
    """Seconds of each check, on a chain of this many entries."""
    begin = time.perf_counter()
    build(connection, entries)
    built = round(time.perf_counter() - begin, 2)

    def broken(view: str) -> Callable[[], object]:
        return lambda: connection.exec_driver_sql(f"SELECT * FROM ledger.{view}").all()

    figures = {
        "entries in the chain": entries,
        "entries in the ledger": 2 * entries,
        "built (s)": built,
        "links and balances of all chains, I7 (s)": timed(broken("broken_i7")),
        "hashes of all chains, I8 (s)": timed(broken("broken_i8")),
    }
    begin = time.perf_counter()
    seals.seal(connection)
    figures["sealed (s)"] = round(time.perf_counter() - begin, 2)
    figures["seals verified (s)"] = timed(lambda: seals.verify(connection))
    figures["every invariant of the whole ledger (s)"] = timed(lambda: check.run(connection))
    return figures


def on_a_server_of_its_own(entries: int) -> dict[str, float]:
    """Installed, filled, measured, thrown away."""
    with tempfile.TemporaryDirectory() as folder, postgres.start(Path(folder)) as server:
        engine = create_engine(server.owner_url)
        role = str(make_url(server.application_url).username)
        with engine.begin() as connection:
            for script in install_statements(role):
                connection.exec_driver_sql(script)
        with engine.begin() as connection:
            figures = measure(connection, entries)
        engine.dispose()
    return figures
