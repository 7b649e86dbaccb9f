-- How many payments of one event are written at once. The application cannot call these either.

-- Whether every account either pays or is paid, and stays within its limits with all of it.
CREATE FUNCTION ledger.all_fit(in_routes ledger.route[], in_amounts bigint[]) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT NOT EXISTS (
        SELECT FROM (
            SELECT a.account_id, sum(CASE WHEN a.place & 1 = 1 THEN r.amount END) AS paid,
                   sum(CASE WHEN a.place & 1 = 0 THEN r.amount END) AS got
            FROM ROWS FROM (unnest(in_routes), unnest(in_amounts)) AS r (accounts, unit, payer, payee, amount),
                unnest(r.accounts) WITH ORDINALITY AS a (account_id, place)
            GROUP BY a.account_id
        ) moved JOIN ledger.account m ON m.id = moved.account_id
        WHERE (paid IS NOT NULL AND got IS NOT NULL)
            OR m.posted - m.held_out - paid < m.min_available OR m.posted + m.held_in + got > m.max_balance)
$$;

-- Moves what the transfers of a batch say, all of which fit: each link needs the one before, so these are computed
-- in turn and written together.
CREATE FUNCTION ledger.move_all(in_batch ledger.batch) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    step record;
    last ledger.entry;
    lines ledger.entry[] := '{}';
BEGIN
    FOR step IN
        SELECT a.id, a.posted, a.entries, a.head, t.id AS transfer_id, side.delta, t.said
        FROM (SELECT id, debit_id, credit_id, amount, ledger.canonical(transfer, in_batch) AS said
              FROM ledger.transfer WHERE batch_id = in_batch.id OFFSET 0) t
        CROSS JOIN LATERAL (VALUES (t.debit_id, -t.amount), (t.credit_id, t.amount)) AS side (account_id, delta)
        JOIN ledger.account a ON a.id = side.account_id
        ORDER BY a.id, t.id
    LOOP
        IF last.account_id IS DISTINCT FROM step.id THEN
            last.account_id := step.id;
            last.seq := step.entries;
            last.balance := step.posted;
            last.hash := step.head;
        END IF;
        last.transfer_id := step.transfer_id;
        last.delta := step.delta;
        last.seq := last.seq + 1;
        last.prev_balance := last.balance;
        last.balance := last.balance + step.delta;
        last.prev_hash := last.hash;
        last.hash := ledger.entry_hash(last.prev_hash, step.id, last.seq, step.delta, last.balance, step.said);
        lines := lines || last;
    END LOOP;
    IF cardinality(lines) <> 2 * (SELECT count(*) FROM ledger.transfer WHERE batch_id = in_batch.id) THEN
        PERFORM ledger.refuse('ZL099', 'a batch moved on one side only');
    END IF;
    INSERT INTO ledger.entry (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)
    SELECT account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash FROM unnest(lines);
    UPDATE ledger.account SET
        posted = line.balance,
        entries = line.seq,
        head = line.hash,
        min_available = ledger.floor_in_force(floor, min_available, line.balance - held_out),
        max_balance = ledger.ceiling_in_force(ceiling, max_balance, line.balance + held_in)
    FROM (SELECT DISTINCT ON (account_id) account_id, seq, balance, hash FROM unnest(lines)
          ORDER BY account_id, seq DESC) line
    WHERE id = line.account_id;
END
$$;

-- Writes them all at once: the transfers, first legs first, then the chains and the accounts that end in them.
-- Returns the first transfer.
CREATE FUNCTION ledger.write_all(in_routes ledger.route[], in_amounts bigint[], in_batch ledger.batch) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    firsts bigint[];
BEGIN
    WITH written AS (
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, payer, payee)
        SELECT in_batch.id, 'pay', r.unit, r.accounts[1], r.accounts[2], r.amount, r.payer, r.payee
        FROM ROWS FROM (unnest(in_routes), unnest(in_amounts)) WITH ORDINALITY
            AS r (accounts, unit, payer, payee, amount, place)
        ORDER BY r.place
        RETURNING id
    )
    SELECT array_agg(id ORDER BY id) INTO firsts FROM written;
    INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id, payer, payee)
    SELECT in_batch.id, 'pay', r.unit, r.accounts[3], r.accounts[4], r.amount, r.first_id, r.payer, r.payee
    FROM ROWS FROM (unnest(in_routes), unnest(in_amounts), unnest(firsts)) WITH ORDINALITY
        AS r (accounts, unit, payer, payee, amount, first_id, place)
    WHERE cardinality(r.accounts) = 4
    ORDER BY r.place;
    PERFORM ledger.move_all(in_batch);
    RETURN firsts[1];
END
$$;
