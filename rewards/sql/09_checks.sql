-- The invariants. Each view returns what is wrong, so nothing when all is well. They compute from the
-- rows again and trust no constraint.

-- Accounts of other municipalities whose entries stand in the books of another installation: a municipality moved
-- here and took along its own books whole, and of the neighbours' only what its transfers lead to. Nothing is booked
-- on them. For a clearing account, `posted` is what it stood at over there when the house moved.
CREATE TABLE ledger.elsewhere (
    account_id bigint PRIMARY KEY REFERENCES ledger.account,
    posted bigint NOT NULL
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.elsewhere
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

ALTER TABLE ledger.elsewhere ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.elsewhere TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE VIEW ledger.broken_i1 AS  -- Per unit the balances sum to zero.
    SELECT unit::text AS offender, sum(posted)::text AS detail FROM ledger.account
    GROUP BY unit HAVING sum(posted) <> 0;

CREATE VIEW ledger.broken_i2 AS  -- An account is the sum of its entries and ends in the last of them.
    SELECT a.id::text AS offender, concat_ws(' ', 'posted', a.posted, 'entries', a.entries) AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT account_id, sum(delta) AS total, count(*) AS number, max(seq) AS last,
               (array_agg(hash ORDER BY seq DESC))[1] AS head
        FROM ledger.entry GROUP BY account_id
    ) e ON e.account_id = a.id
    WHERE (a.posted, a.entries, a.entries) <> (coalesce(e.total, 0), coalesce(e.number, 0), coalesce(e.last, 0))
        OR a.head IS DISTINCT FROM e.head;

CREATE VIEW ledger.broken_i2_earned AS  -- What was earned is what was settled and not taken back.
    SELECT a.id::text AS offender, 'earned ' || a.earned AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT e.account_id, sum(e.delta) AS total
        FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id
        WHERE (t.kind = 'settle' AND e.delta > 0) OR (t.reverses_kind = 'settle' AND e.delta < 0)
        GROUP BY e.account_id
    ) helped ON helped.account_id = a.id
    WHERE a.kind IN ('member', 'organisation') AND a.earned <> coalesce(helped.total, 0);

CREATE VIEW ledger.open_by_transfers AS
    SELECT id, debit_id, credit_id, amount FROM ledger.transfer h
    WHERE kind = 'hold' AND NOT EXISTS (
        SELECT FROM ledger.transfer r WHERE r.hold_id = h.id AND r.kind IN ('settle', 'void', 'expire'))
        AND NOT EXISTS (SELECT FROM ledger.elsewhere o WHERE o.account_id = h.debit_id);

CREATE VIEW ledger.broken_i3 AS  -- What is held is what the open holds say, and the list of them is right.
    SELECT a.id::text AS offender, concat_ws(' ', 'held out', a.held_out, 'in', a.held_in) AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT account_id, sum(amount_out) AS total_out, sum(amount_in) AS total_in
        FROM ledger.open_by_transfers,
            LATERAL (VALUES (debit_id, amount, 0), (credit_id, 0, amount)) AS side (account_id, amount_out, amount_in)
        GROUP BY account_id
    ) held ON held.account_id = a.id
    WHERE (a.held_out, a.held_in) <> (coalesce(held.total_out, 0), coalesce(held.total_in, 0))
    UNION ALL
    SELECT coalesce(o.hold_id, h.id)::text, 'open_hold differs' FROM ledger.open_hold o
    FULL JOIN (ledger.open_by_transfers h JOIN ledger.transfer t ON t.id = h.id)
        ON (t.id, t.debit_id, t.credit_id, t.amount, t.expires_at, coalesce(t.follows_id, 0))
         = (o.hold_id, o.debit_id, o.credit_id, o.amount, o.expires_at, coalesce(o.follows_id, 0))
    WHERE o.hold_id IS NULL OR h.id IS NULL;

CREATE VIEW ledger.broken_i4 AS  -- Nobody is past a limit, holds included.
    SELECT id::text AS offender, concat_ws(' ', 'posted', posted, 'held', held_out, held_in) AS detail FROM ledger.account
    WHERE posted - held_out < min_available OR posted + held_in > max_balance
        OR min_available > floor OR max_balance < ceiling;

CREATE VIEW ledger.broken_i5 AS  -- A transfer that moves has two entries, opposite, in accounts of its unit.
    SELECT t.id::text AS offender, t.kind::text AS detail FROM ledger.transfer t
    LEFT JOIN ledger.entry e ON e.transfer_id = t.id
    LEFT JOIN ledger.account a ON a.id = e.account_id
    WHERE t.kind NOT IN ('hold', 'void', 'expire')
        AND NOT EXISTS (SELECT FROM ledger.elsewhere o WHERE o.account_id = t.debit_id)
    GROUP BY t.id
    HAVING count(e.seq) <> 2 OR sum(e.delta) <> 0 OR bool_or(a.unit <> t.unit)
        OR count(*) FILTER (WHERE (e.account_id, e.delta) = (t.debit_id, -t.amount)) <> 1
        OR count(*) FILTER (WHERE (e.account_id, e.delta) = (t.credit_id, t.amount)) <> 1;

CREATE VIEW ledger.broken_i6 AS  -- Holding and letting go move nothing.
    SELECT t.id::text AS offender, t.kind::text AS detail
    FROM ledger.transfer t JOIN ledger.entry e ON e.transfer_id = t.id
    WHERE t.kind IN ('hold', 'void', 'expire');

CREATE VIEW ledger.broken_i7 AS  -- Each entry begins where the one before it ended.
    SELECT concat_ws('/', account_id, seq) AS offender, 'chain' AS detail
    FROM (
        SELECT *, row_number() OVER own AS expected, coalesce(lag(balance) OVER own, 0) AS balance_before,
               lag(hash) OVER own AS hash_before
        FROM ledger.entry WINDOW own AS (PARTITION BY account_id ORDER BY seq)
    ) e
    WHERE seq <> expected OR prev_balance <> balance_before OR balance <> prev_balance + delta
        OR prev_hash IS DISTINCT FROM hash_before;

CREATE VIEW ledger.broken_i8 AS  -- Each hash is that of the entry before and of what was booked.
    SELECT concat_ws('/', e.account_id, e.seq) AS offender, 'hash' AS detail
    FROM ledger.entry e
    JOIN ledger.transfer t ON t.id = e.transfer_id JOIN ledger.batch b ON b.id = t.batch_id
    WHERE e.hash <> ledger.entry_hash(
        e.prev_hash, e.account_id, e.seq, e.delta, e.balance, ledger.canonical(t, b));

CREATE VIEW ledger.broken_i9 AS  -- A hold ends once, for no more than was held, and at the right time.
    SELECT h.id::text AS offender, string_agg(r.kind::text, ' ') AS detail
    FROM ledger.transfer h
    JOIN ledger.transfer r ON r.hold_id = h.id JOIN ledger.batch b ON b.id = r.batch_id
    GROUP BY h.id
    HAVING count(*) > 1 OR max(r.amount) > h.amount OR h.kind <> 'hold'
        OR bool_or(r.kind = 'settle' AND b.booked_at >= h.expires_at)
        OR bool_or(r.kind = 'expire' AND b.booked_at < h.expires_at);

CREATE VIEW ledger.broken_i10 AS  -- A reversal is the only one, the exact opposite, and of no reversal.
    SELECT o.id::text AS offender, 'reversal' AS detail
    FROM ledger.transfer o JOIN ledger.transfer r ON r.reverses_id = o.id
    GROUP BY o.id
    HAVING count(*) > 1 OR o.kind NOT IN ('settle', 'pay') OR bool_or(
        (r.kind, r.unit, r.debit_id, r.credit_id, r.amount)
        <> ('reverse', o.unit, o.credit_id, o.debit_id, o.amount));

CREATE VIEW ledger.broken_i11 AS  -- Clearing accounts mirror each other within the trust; legs go together.
    SELECT concat_ws('-', 'clearing', a.municipality_id, a.counter_municipality_id) AS offender,
           'posted ' || a.posted AS detail
    FROM ledger.account a
    LEFT JOIN ledger.account m ON m.kind = 'clearing' AND m.unit = a.unit
        AND (m.municipality_id, m.counter_municipality_id) = (a.counter_municipality_id, a.municipality_id)
    LEFT JOIN ledger.elsewhere o ON o.account_id = m.id
    LEFT JOIN ledger.trust t
        ON (t.municipality_id, t.counter_municipality_id) = (a.municipality_id, a.counter_municipality_id)
    WHERE a.kind = 'clearing' AND NOT EXISTS (SELECT FROM ledger.elsewhere e WHERE e.account_id = a.id) AND (
        m.id IS NULL OR a.posted + coalesce(o.posted, m.posted) <> 0 OR a.held_out <> m.held_in
        OR (a.unit = 'ROOSJE_MIN' AND a.floor <> -coalesce(t.limit_minutes, 0)))
    UNION ALL
    SELECT second.id::text, 'second leg' FROM ledger.transfer second
    JOIN ledger.transfer first ON first.id = second.follows_id
    WHERE (second.batch_id, second.kind, second.unit, second.amount)
        <> (first.batch_id, first.kind, first.unit, first.amount);

CREATE VIEW ledger.broken_i14 AS  -- One key: one body, and transfers.
    SELECT concat_ws(' ', operation, min(id)) AS offender, 'key used twice' AS detail
    FROM ledger.batch GROUP BY actor, operation, key HAVING count(*) > 1
    UNION ALL
    SELECT b.id::text, 'batch without transfers' FROM ledger.batch b
    WHERE NOT EXISTS (SELECT FROM ledger.transfer t WHERE t.batch_id = b.id);
