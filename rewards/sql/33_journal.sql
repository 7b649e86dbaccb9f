-- What stands behind the figures of a month: its bookings line by line, and the rows that do not fit.

-- What moved in a month, in the order of its booking, a page at a time. Owners are pseudonyms. A correction names the
-- booking that it takes back or makes good, and the month of that one.
CREATE FUNCTION ledger.month_journal(
    in_municipality integer, in_unit ledger.unit, in_month date, in_after bigint, in_limit integer,
    in_corrections boolean
)
RETURNS TABLE (
    transfer bigint, batch bigint, booked_at timestamptz, occurred_at timestamptz, operation text,
    kind ledger.transfer_kind, amount bigint,
    debit_id bigint, debit_kind ledger.account_kind, debit_owner uuid,
    credit_id bigint, credit_kind ledger.account_kind, credit_owner uuid,
    corrects bigint, corrects_month date, reason text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    RETURN QUERY
        SELECT t.id, b.id, b.booked_at, b.occurred_at, b.operation, t.kind, t.amount,
               d.id, d.kind, d.owner_pseudonym, c.id, c.kind, c.owner_pseudonym,
               o.id, ledger.month_of(ob.booked_at), b.reason
        FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id
        JOIN ledger.account d ON d.id = t.debit_id
        JOIN ledger.account c ON c.id = t.credit_id
        LEFT JOIN ledger.made_whole w ON w.batch_id = b.id
        LEFT JOIN ledger.transfer o ON o.id = coalesce(t.reverses_id, w.transfer_id)
        LEFT JOIN ledger.batch ob ON ob.id = o.batch_id
        WHERE t.unit = in_unit AND in_municipality IN (d.municipality_id, c.municipality_id)
            AND t.kind IN ('settle', 'pay', 'reverse') AND t.id > in_after
            AND (NOT in_corrections OR o.id IS NOT NULL)
            AND b.booked_at >= ledger.month_begins(in_month)
            AND b.booked_at < ledger.month_begins((in_month + interval '1 month')::date)
        ORDER BY t.id LIMIT in_limit;
END
$$;

-- The rows of a municipality's books, up to the end of a month, that do not say what they have to: the first of each
-- account, so that what follows from one wrong row is not told again.
CREATE FUNCTION ledger.month_faults(in_municipality integer, in_unit ledger.unit, in_month date)
RETURNS TABLE (fault text, account bigint, seq bigint, transfer bigint, booked_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    RETURN QUERY
        WITH line AS (
            SELECT e.*, b.booked_at, t.kind, t.debit_id, t.credit_id, t.amount, a.posted, a.entries,
                   row_number() OVER own AS expected, coalesce(lag(e.balance) OVER own, 0) AS balance_before,
                   lag(e.hash) OVER own AS hash_before,
                   e.hash <> ledger.entry_hash(e.prev_hash, e.account_id, e.seq, e.delta, e.balance,
                                               ledger.canonical(t, b)) AS forged
            FROM ledger.entry e
            JOIN ledger.account a ON a.id = e.account_id
            JOIN ledger.transfer t ON t.id = e.transfer_id
            JOIN ledger.batch b ON b.id = t.batch_id
            WHERE a.municipality_id = in_municipality AND a.unit = in_unit
                AND b.booked_at < ledger.month_begins((in_month + interval '1 month')::date)
            WINDOW own AS (PARTITION BY e.account_id ORDER BY e.seq)
        ), wrong AS (
            SELECT CASE
                       WHEN l.seq <> l.expected THEN 'missing'
                       WHEN l.balance <> l.prev_balance + l.delta OR l.prev_balance <> l.balance_before
                           OR l.delta IS DISTINCT FROM (CASE l.account_id WHEN l.debit_id THEN -l.amount
                                                                          WHEN l.credit_id THEN l.amount END) THEN 'amount'
                       WHEN l.prev_hash IS DISTINCT FROM l.hash_before THEN 'chain'
                       WHEN l.forged THEN 'hash'
                   END AS what,
                   l.account_id, l.seq, l.transfer_id, l.booked_at
            FROM line l
        )
        SELECT DISTINCT ON (w.account_id) w.what, w.account_id, w.seq, w.transfer_id, w.booked_at
        FROM wrong w WHERE w.what IS NOT NULL
        ORDER BY w.account_id, w.seq;
    RETURN QUERY
        SELECT 'entries', NULL::bigint, NULL::bigint, t.id, b.booked_at
        FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id
        JOIN ledger.account d ON d.id = t.debit_id
        JOIN ledger.account c ON c.id = t.credit_id
        WHERE t.unit = in_unit AND in_municipality IN (d.municipality_id, c.municipality_id)
            AND t.kind IN ('settle', 'pay', 'reverse')
            AND b.booked_at < ledger.month_begins((in_month + interval '1 month')::date)
            AND (SELECT count(*) FROM ledger.entry e WHERE e.transfer_id = t.id) <> 2
        ORDER BY t.id;
    RETURN QUERY
        SELECT 'leg', a.id, NULL::bigint, t.id, b.booked_at
        FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id
        JOIN ledger.account a ON a.id IN (t.debit_id, t.credit_id) AND a.kind = 'clearing'
        WHERE a.unit = in_unit AND in_municipality IN (a.municipality_id, a.counter_municipality_id)
            AND t.kind IN ('settle', 'pay', 'reverse')
            AND b.booked_at < ledger.month_begins((in_month + interval '1 month')::date)
            AND NOT EXISTS (
                SELECT FROM ledger.transfer other
                JOIN ledger.account m ON m.id IN (other.debit_id, other.credit_id) AND m.kind = 'clearing'
                WHERE other.batch_id = t.batch_id AND other.amount = t.amount
                    AND (m.municipality_id, m.counter_municipality_id) = (a.counter_municipality_id, a.municipality_id))
        ORDER BY t.id;
END
$$;

REVOKE ALL ON FUNCTION
    ledger.month_journal(integer, ledger.unit, date, bigint, integer, boolean),
    ledger.month_faults(integer, ledger.unit, date)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.month_journal(integer, ledger.unit, date, bigint, integer, boolean),
    ledger.month_faults(integer, ledger.unit, date)
TO :"application_role";
