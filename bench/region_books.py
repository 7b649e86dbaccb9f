"""The books of a copied region: a hold for every time of help in Roosjes, its settlement where help was given, and
after that gifts by who helped, in the order of their time, with the chains that the ledger would have written."""

import psycopg

from bench.ledger.chain import LINK

STEP = 4
"""Numbers for each time of help: its hold, its settlement, and up to two gifts after it."""
FAR = 1_000_000_000
BOOKED = """
DELETE FROM ledger.period_line;
DELETE FROM ledger.period;
CREATE TEMP TABLE moved AS
    SELECT o.hold_id AS id, o.id AS subject, o.minutes, coalesce(o.done_minutes, o.minutes) AS done,
        o.status = 'done' AS settled, o.municipality_id, asker.pseudonym AS asker, helper.pseudonym AS helper,
        o.created_at, o.ends_at,
        row_number() OVER (PARTITION BY o.status = 'done' ORDER BY hashtext(o.id::text), o.id) AS place
    FROM occurrence o JOIN person asker ON asker.id = o.asker_id JOIN person helper ON helper.id = o.helper_id
    WHERE o.hold_id > {before};
-- what was done in less than was held cannot be settled for more
UPDATE moved SET minutes = done WHERE done > minutes;
INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, floor, ceiling, min_available, max_balance,
                            opened_at, personal)
    SELECT DISTINCT ON (owner) municipality_id, 'ROOSJE_MIN'::ledger.unit, 'member', owner,
        -{far}, {far}, -{far}, {far}, created_at, true
    FROM moved, LATERAL (VALUES (asker), (helper)) AS side (owner) ORDER BY owner, created_at;
CREATE TEMP TABLE act AS
    WITH settled AS (SELECT count(*) FILTER (WHERE settled) AS many FROM moved),
        sides AS (
            SELECT moved.*, a.id AS payer, h.id AS payee,
                lead(a.id) OVER (PARTITION BY moved.settled, moved.municipality_id ORDER BY moved.id) AS next,
                lead(asker) OVER (PARTITION BY moved.settled, moved.municipality_id ORDER BY moved.id) AS next_owner
            FROM moved JOIN ledger.account a ON a.owner_pseudonym = asker
            JOIN ledger.account h ON h.owner_pseudonym = helper
        )
    SELECT id, 'hold'::ledger.transfer_kind AS kind, 'hold' AS operation, payer AS debit, payee AS credit,
        minutes AS amount, asker AS payer, helper AS payee, created_at AS at,
        ends_at + interval '14 days' AS expires_at, NULL::bigint AS hold_id, NULL::bigint AS hold_amount,
        subject, settled
    FROM sides
    UNION ALL
    SELECT id + 1, 'settle', 'settle', payer, payee, done, asker, helper, greatest(ends_at, created_at), NULL, id,
        minutes, subject, settled
    FROM sides WHERE settled
    UNION ALL
    SELECT id + 2 + again, 'pay', 'pay', payee, CASE WHEN next = payee THEN payer ELSE coalesce(next, payer) END,
        1 + done / 2, helper, CASE WHEN next = payee THEN asker ELSE coalesce(next_owner, asker) END,
        greatest(ends_at, created_at), NULL, NULL, NULL, NULL, settled
    FROM sides, generate_series(0, 1) again
    WHERE settled AND place + again * (SELECT many FROM settled) <= {entries} / 2 - (SELECT many FROM settled);
INSERT INTO ledger.batch (id, actor, operation, key, body_hash, subject, occurred_at, booked_at) OVERRIDING SYSTEM VALUE
    SELECT {batch} + id, payer, operation, operation || ':' || id, sha256(id::text::bytea), subject, at, at
    FROM act ORDER BY id;
INSERT INTO ledger.transfer (id, batch_id, kind, unit, debit_id, credit_id, amount, payer, payee, expires_at, hold_id,
                             hold_amount) OVERRIDING SYSTEM VALUE
    SELECT id, {batch} + id, kind, 'ROOSJE_MIN', debit, credit, amount, payer, payee, expires_at, hold_id, hold_amount
    FROM act ORDER BY id;
INSERT INTO ledger.open_hold (hold_id, debit_id, credit_id, amount, expires_at)
    SELECT id, debit, credit, amount, expires_at FROM act WHERE kind = 'hold' AND NOT settled;
ANALYZE ledger.batch, ledger.transfer
"""
CHAINED = """
INSERT INTO ledger.entry (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)
SELECT account_id, seq, transfer_id, delta, balance - delta, balance, lag(hash) OVER own, hash
FROM (
    SELECT *, pg_temp.chained(concat_ws('|', account_id, seq, delta, balance, said)) OVER own AS hash
    FROM (
        SELECT account_id, t.id AS transfer_id, delta, ledger.canonical(t, b) AS said,
               row_number() OVER own AS seq, (sum(delta) OVER own)::bigint AS balance
        FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        CROSS JOIN LATERAL (VALUES (debit_id, -amount), (credit_id, amount)) AS side (account_id, delta)
        WHERE t.id > {before} AND t.kind <> 'hold'
        WINDOW own AS (PARTITION BY account_id ORDER BY t.id)
    ) line WINDOW own AS (PARTITION BY account_id ORDER BY transfer_id)
) link WINDOW own AS (PARTITION BY account_id ORDER BY transfer_id);
UPDATE ledger.account a SET posted = balance, entries = seq, head = hash, earned = got
FROM (SELECT account_id, (array_agg(balance ORDER BY seq DESC))[1] AS balance, max(seq) AS seq,
          (array_agg(hash ORDER BY seq DESC))[1] AS hash,
          coalesce(sum(delta) FILTER (WHERE delta > 0 AND t.kind = 'settle'), 0) AS got
      FROM ledger.entry e JOIN ledger.transfer t ON t.id = transfer_id WHERE t.id > {before} GROUP BY 1) last
WHERE a.id = account_id;
UPDATE ledger.account a SET held_out = h.out, held_in = h.into
FROM (SELECT account_id, sum(out) AS out, sum(into_) AS into
      FROM ledger.open_hold,
          LATERAL (VALUES (debit_id, amount, 0), (credit_id, 0, amount)) AS side (account_id, out, into_)
      GROUP BY 1) h WHERE a.id = h.account_id;
SELECT setval(pg_get_serial_sequence('ledger.transfer', 'id'), (SELECT max(id) FROM ledger.transfer)),
    setval(pg_get_serial_sequence('ledger.batch', 'id'), (SELECT max(id) FROM ledger.batch))
"""


def book(connection: psycopg.Connection, before: int, entries: int) -> None:
    """Everything that copied times of help hold, their numbers being above ``before``; past the guards on each row.

    Months that were closed before are open again: something else happened in them now.
    """
    row = connection.execute(
        "SELECT coalesce(max(id), 0), (SELECT count(*) FROM ledger.entry) FROM ledger.batch"
    ).fetchone()
    assert row is not None
    batch, known = row
    for script in (BOOKED, LINK, CHAINED):
        connection.execute(
            script.format(before=before, far=FAR, batch=batch, entries=entries - known).encode()
        )
