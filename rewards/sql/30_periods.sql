-- Months: what a municipality's books said of one, and the lock that keeps it so. Corrections go to the open month.

-- A month begins on the first at midnight, by the clock of Amsterdam.
CREATE FUNCTION ledger.month_of(in_moment timestamptz) RETURNS date
LANGUAGE sql STABLE
AS $$ SELECT date_trunc('month', in_moment AT TIME ZONE 'Europe/Amsterdam')::date $$;

CREATE FUNCTION ledger.month_begins(in_month date) RETURNS timestamptz
LANGUAGE sql STABLE
AS $$ SELECT in_month::timestamp AT TIME ZONE 'Europe/Amsterdam' $$;

CREATE TABLE ledger.period (
    municipality_id integer NOT NULL,
    unit ledger.unit NOT NULL,
    month date NOT NULL,
    -- The month closed before this one; none before the first, which begins with the books themselves.
    prev_month date,
    ends_at timestamptz NOT NULL,
    transfers bigint NOT NULL,
    -- Open at the end of the month: how many holds, and what they hold by the age of the hold.
    holds bigint NOT NULL,
    held_to_30_days bigint NOT NULL,
    held_to_90_days bigint NOT NULL,
    held_longer bigint NOT NULL,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,

    PRIMARY KEY (municipality_id, unit, month),
    CONSTRAINT period_follows UNIQUE NULLS NOT DISTINCT (municipality_id, unit, prev_month),
    CONSTRAINT period_is_a_month CHECK (month = date_trunc('month', month::timestamp)::date),
    CONSTRAINT period_next CHECK (prev_month = (month - interval '1 month')::date),
    CONSTRAINT period_is_over CHECK (closed_at >= ends_at),
    CONSTRAINT period_counts CHECK (least(transfers, holds, held_to_30_days, held_to_90_days, held_longer) >= 0),
    CONSTRAINT period_chain FOREIGN KEY (municipality_id, unit, prev_month)
        REFERENCES ledger.period (municipality_id, unit, month)
);

-- Per kind of account; the opening is the closing of the month before.
CREATE TABLE ledger.period_line (
    municipality_id integer NOT NULL,
    unit ledger.unit NOT NULL,
    month date NOT NULL,
    kind ledger.account_kind NOT NULL,
    prev_month date,
    opening bigint NOT NULL,
    credits bigint NOT NULL,
    debits bigint NOT NULL,
    closing bigint NOT NULL,

    PRIMARY KEY (municipality_id, unit, month, kind),
    CONSTRAINT period_line_link UNIQUE (municipality_id, unit, month, kind, closing),
    CONSTRAINT period_line_sum CHECK (closing = opening + credits - debits AND least(credits, debits) >= 0),
    CONSTRAINT period_line_begins_empty CHECK (prev_month IS NOT NULL OR opening = 0),
    CONSTRAINT period_line_next CHECK (prev_month = (month - interval '1 month')::date),
    CONSTRAINT period_line_of_a_period FOREIGN KEY (municipality_id, unit, month)
        REFERENCES ledger.period (municipality_id, unit, month),
    CONSTRAINT period_line_chain FOREIGN KEY (municipality_id, unit, prev_month, kind, opening)
        REFERENCES ledger.period_line (municipality_id, unit, month, kind, closing)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.period_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- Booking and closing take turns per municipality: bookings side by side, a closing alone. Whoever comes after
-- a closing sees it, and a closing sees whatever was booked before it. 5 is the number of this queue.
CREATE FUNCTION ledger.refuse_closed_month(in_account bigint, in_batch bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    mine record;
BEGIN
    SELECT a.municipality_id, a.unit, b.booked_at INTO STRICT mine
        FROM ledger.account a, ledger.batch b WHERE a.id = in_account AND b.id = in_batch;
    PERFORM pg_advisory_xact_lock_shared(5, mine.municipality_id);
    IF EXISTS (SELECT FROM ledger.period p
               WHERE p.municipality_id = mine.municipality_id AND p.unit = mine.unit AND p.ends_at > mine.booked_at) THEN
        PERFORM ledger.refuse('ZL060', 'the month is closed', jsonb_build_object(
            'municipality', mine.municipality_id, 'month', ledger.month_of(mine.booked_at)));
    END IF;
END
$$;

CREATE FUNCTION ledger.entry_in_an_open_month() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(5, booked.municipality_id) FROM (
        SELECT DISTINCT a.municipality_id FROM fresh f JOIN ledger.account a ON a.id = f.account_id ORDER BY 1) booked;
    -- A statement of its own, that sees what was closed while the lock was waited for.
    PERFORM ledger.refuse('ZL060', 'the month is closed', jsonb_build_object(
        'municipality', p.municipality_id, 'month', ledger.month_of(b.booked_at)))
    FROM fresh f
    JOIN ledger.account a ON a.id = f.account_id
    JOIN ledger.transfer t ON t.id = f.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    JOIN ledger.period p ON (p.municipality_id, p.unit) = (a.municipality_id, a.unit) AND p.ends_at > b.booked_at
    LIMIT 1;
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger.hold_in_an_open_month() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.refuse_closed_month(NEW.debit_id, NEW.batch_id);
    RETURN NULL;
END
$$;

-- After the rows, so that a row that is wrong in itself hears that first.
CREATE TRIGGER in_an_open_month AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.entry_in_an_open_month();
CREATE TRIGGER in_an_open_month AFTER INSERT ON ledger.transfer
    FOR EACH ROW WHEN (NEW.kind IN ('hold', 'void', 'expire')) EXECUTE FUNCTION ledger.hold_in_an_open_month();

-- What was booked, by month, kind of account and operation: all sums of months come from here.
CREATE VIEW ledger.monthly AS
    SELECT a.municipality_id, a.unit, ledger.month_of(b.booked_at) AS month, a.kind, b.operation,
           count(DISTINCT e.transfer_id) AS transfers,
           coalesce(sum(e.delta) FILTER (WHERE e.delta > 0), 0)::bigint AS credits,
           coalesce(-sum(e.delta) FILTER (WHERE e.delta < 0), 0)::bigint AS debits
    FROM ledger.entry e
    JOIN ledger.account a ON a.id = e.account_id
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    GROUP BY 1, 2, 3, 4, 5;

-- From when to when a hold was open.
CREATE VIEW ledger.hold_span AS
    SELECT a.municipality_id, a.unit, h.id, h.amount, b.booked_at AS held_at,
           coalesce(rb.booked_at, 'infinity') AS ended_at
    FROM ledger.transfer h
    JOIN ledger.batch b ON b.id = h.batch_id
    JOIN ledger.account a ON a.id = h.debit_id
    LEFT JOIN ledger.transfer r ON r.hold_id = h.id AND r.kind IN ('settle', 'void', 'expire')
    LEFT JOIN ledger.batch rb ON rb.id = r.batch_id
    WHERE h.kind = 'hold';

-- The holds that were open at a moment, by their age.
CREATE FUNCTION ledger.held_at(
    in_municipality integer, in_unit ledger.unit, in_moment timestamptz,
    OUT holds bigint, OUT to_30_days bigint, OUT to_90_days bigint, OUT longer bigint
)
LANGUAGE sql STABLE
AS $$
    SELECT count(*),
           coalesce(sum(amount) FILTER (WHERE held_at > in_moment - interval '30 days'), 0)::bigint,
           coalesce(sum(amount) FILTER (WHERE held_at <= in_moment - interval '30 days'
                                          AND held_at > in_moment - interval '90 days'), 0)::bigint,
           coalesce(sum(amount) FILTER (WHERE held_at <= in_moment - interval '90 days'), 0)::bigint
    FROM ledger.hold_span
    WHERE municipality_id = in_municipality AND unit = in_unit AND held_at < in_moment AND ended_at >= in_moment
$$;

-- Months are for whoever works in the municipality: to others there is none with accounts.
CREATE FUNCTION ledger.require_books(in_municipality integer, in_unit ledger.unit) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(in_municipality <> ALL (nullif(current_setting('app.municipalities', true), '')::int[]), true)
        OR NOT EXISTS (SELECT FROM ledger.account WHERE municipality_id = in_municipality AND unit = in_unit) THEN
        PERFORM ledger.refuse('ZL061', 'there are no such books here', jsonb_build_object(
            'municipality', in_municipality, 'unit', in_unit));
    END IF;
END
$$;

-- Per kind of account and operation what months brought, open or closed; NULL for the first: since the beginning.
CREATE FUNCTION ledger.month_movements(
    in_municipality integer, in_unit ledger.unit, in_first date, in_last date
)
RETURNS TABLE (kind ledger.account_kind, operation text, transfers bigint, credits bigint, debits bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    RETURN QUERY
        SELECT m.kind, m.operation, sum(m.transfers)::bigint, sum(m.credits)::bigint, sum(m.debits)::bigint
        FROM ledger.monthly m
        WHERE m.municipality_id = in_municipality AND m.unit = in_unit
            AND (in_first IS NULL OR m.month >= in_first) AND m.month <= in_last
        GROUP BY m.kind, m.operation ORDER BY m.kind, m.operation;
END
$$;

-- Per kind of account the balance at the beginning and at the end of a month, computed from the entries.
CREATE FUNCTION ledger.month_balances(in_municipality integer, in_unit ledger.unit, in_month date)
RETURNS TABLE (kind ledger.account_kind, opening bigint, credits bigint, debits bigint, closing bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    RETURN QUERY
        SELECT k.kind,
               coalesce(sum(m.credits - m.debits) FILTER (WHERE m.month < in_month), 0)::bigint,
               coalesce(sum(m.credits) FILTER (WHERE m.month = in_month), 0)::bigint,
               coalesce(sum(m.debits) FILTER (WHERE m.month = in_month), 0)::bigint,
               coalesce(sum(m.credits - m.debits), 0)::bigint
        FROM unnest(enum_range(NULL::ledger.account_kind)) AS k (kind)
        LEFT JOIN ledger.monthly m ON m.kind = k.kind AND m.municipality_id = in_municipality AND m.unit = in_unit
            AND m.month <= in_month
        GROUP BY k.kind ORDER BY k.kind;
END
$$;

-- What stands between this municipality and each neighbour at the end of a month: the two must net to 0.
CREATE FUNCTION ledger.month_clearing(in_municipality integer, in_unit ledger.unit, in_month date)
RETURNS TABLE (counter_municipality_id integer, balance bigint, counter_balance bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    RETURN QUERY
        SELECT CASE WHEN a.municipality_id = in_municipality THEN a.counter_municipality_id
                    ELSE a.municipality_id END AS counter,
               coalesce(sum(e.delta) FILTER (WHERE a.municipality_id = in_municipality), 0)::bigint,
               coalesce(sum(e.delta) FILTER (WHERE a.municipality_id <> in_municipality), 0)::bigint
        FROM ledger.account a
        LEFT JOIN (ledger.entry e
            JOIN ledger.transfer t ON t.id = e.transfer_id
            JOIN ledger.batch b ON b.id = t.batch_id AND b.booked_at < ledger.month_begins(
                (in_month + interval '1 month')::date)) ON e.account_id = a.id
        WHERE a.kind = 'clearing' AND a.unit = in_unit
            AND in_municipality IN (a.municipality_id, a.counter_municipality_id)
        GROUP BY counter ORDER BY counter;
END
$$;

CREATE FUNCTION ledger.month_holds(
    in_municipality integer, in_unit ledger.unit, in_month date,
    OUT holds bigint, OUT to_30_days bigint, OUT to_90_days bigint, OUT longer bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    SELECT h.holds, h.to_30_days, h.to_90_days, h.longer INTO holds, to_30_days, to_90_days, longer
        FROM ledger.held_at(in_municipality, in_unit,
                            ledger.month_begins((in_month + interval '1 month')::date)) h;
END
$$;

-- The month to close next: after the last, or the one in which the first account was opened.
CREATE FUNCTION ledger.next_month(in_municipality integer, in_unit ledger.unit) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    RETURN coalesce(
        (SELECT max(month) + interval '1 month' FROM ledger.period
         WHERE municipality_id = in_municipality AND unit = in_unit),
        (SELECT ledger.month_of(min(opened_at)) FROM ledger.account
         WHERE municipality_id = in_municipality AND unit = in_unit))::date;
END
$$;

-- Closes a month: for good, once it is over, in order, and only when it reconciles. The same again says what was closed.
CREATE FUNCTION ledger.close_month(in_actor uuid, in_municipality integer, in_unit ledger.unit, in_month date)
RETURNS ledger.period
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    closed ledger.period;
    due date;
    ends timestamptz := ledger.month_begins((in_month + interval '1 month')::date);
    before date;
BEGIN
    PERFORM ledger.require_books(in_municipality, in_unit);
    PERFORM pg_advisory_xact_lock(5, in_municipality);
    SELECT * INTO closed FROM ledger.period
        WHERE municipality_id = in_municipality AND unit = in_unit AND month = in_month;
    IF FOUND THEN
        RETURN closed;
    END IF;
    due := ledger.next_month(in_municipality, in_unit);
    IF ends > ledger.now() THEN
        PERFORM ledger.refuse('ZL062', 'the month is not over');
    ELSIF in_month <> due THEN
        PERFORM ledger.refuse('ZL063', 'another month is to be closed first', jsonb_build_object('month', due));
    ELSIF EXISTS (SELECT FROM ledger.month_clearing(in_municipality, in_unit, in_month) c
                  WHERE c.balance + c.counter_balance <> 0)
        OR (SELECT sum(b.closing) FROM ledger.month_balances(in_municipality, in_unit, in_month) b) <> 0 THEN
        PERFORM ledger.refuse('ZL064', 'the month does not reconcile');
    END IF;
    SELECT max(month) INTO before FROM ledger.period WHERE municipality_id = in_municipality AND unit = in_unit;
    INSERT INTO ledger.period (municipality_id, unit, month, prev_month, ends_at, transfers,
                               holds, held_to_30_days, held_to_90_days, held_longer, closed_by, closed_at)
    SELECT in_municipality, in_unit, in_month, before, ends,
           (SELECT count(DISTINCT t.id) FROM ledger.batch b JOIN ledger.transfer t ON t.batch_id = b.id
            JOIN ledger.entry e ON e.transfer_id = t.id JOIN ledger.account a ON a.id = e.account_id
            WHERE b.booked_at >= ledger.month_begins(in_month) AND b.booked_at < ends
                AND a.municipality_id = in_municipality AND a.unit = in_unit),
           h.holds, h.to_30_days, h.to_90_days, h.longer, in_actor, ledger.now()
    FROM ledger.held_at(in_municipality, in_unit, ends) h
    RETURNING * INTO STRICT closed;
    INSERT INTO ledger.period_line (municipality_id, unit, month, kind, prev_month, opening, credits, debits, closing)
    SELECT in_municipality, in_unit, in_month, b.kind, before, b.opening, b.credits, b.debits, b.closing
    FROM ledger.month_balances(in_municipality, in_unit, in_month) b;
    RETURN closed;
END
$$;

CREATE VIEW ledger.broken_i22 AS  -- A closed month still says what it said when it was closed.
    SELECT concat_ws('/', p.municipality_id, p.unit, to_char(p.month, 'YYYY-MM'), l.kind) AS offender,
           concat_ws(' ', 'closing', l.closing, 'entries', coalesce(sum(m.credits - m.debits), 0)) AS detail
    FROM ledger.period p
    CROSS JOIN unnest(enum_range(NULL::ledger.account_kind)) AS k (kind)
    LEFT JOIN ledger.period_line l ON (l.municipality_id, l.unit, l.month, l.kind)
        = (p.municipality_id, p.unit, p.month, k.kind)
    LEFT JOIN ledger.monthly m ON (m.municipality_id, m.unit, m.kind) = (p.municipality_id, p.unit, k.kind)
        AND m.month <= p.month
    GROUP BY p.municipality_id, p.unit, p.month, k.kind, l.kind, l.opening, l.credits, l.debits, l.closing
    HAVING (l.opening, l.credits, l.debits, l.closing) IS DISTINCT FROM (
        coalesce(sum(m.credits - m.debits) FILTER (WHERE m.month < p.month), 0)::bigint,
        coalesce(sum(m.credits) FILTER (WHERE m.month = p.month), 0)::bigint,
        coalesce(sum(m.debits) FILTER (WHERE m.month = p.month), 0)::bigint,
        coalesce(sum(m.credits - m.debits), 0)::bigint)
    UNION ALL
    SELECT concat_ws('/', p.municipality_id, p.unit, to_char(p.month, 'YYYY-MM')), 'holds'
    FROM ledger.period p
    LEFT JOIN ledger.hold_span h ON (h.municipality_id, h.unit) = (p.municipality_id, p.unit)
        AND h.held_at < p.ends_at AND h.ended_at >= p.ends_at
    GROUP BY p.municipality_id, p.unit, p.month, p.holds, p.held_to_30_days, p.held_to_90_days, p.held_longer
    HAVING (p.holds, p.held_to_30_days + p.held_to_90_days + p.held_longer)
        IS DISTINCT FROM (count(h.id), coalesce(sum(h.amount), 0)::bigint);

REVOKE ALL ON FUNCTION
    ledger.month_of(timestamptz),
    ledger.month_begins(date),
    ledger.refuse_closed_month(bigint, bigint),
    ledger.entry_in_an_open_month(),
    ledger.hold_in_an_open_month(),
    ledger.held_at(integer, ledger.unit, timestamptz),
    ledger.require_books(integer, ledger.unit),
    ledger.month_movements(integer, ledger.unit, date, date),
    ledger.month_balances(integer, ledger.unit, date),
    ledger.month_clearing(integer, ledger.unit, date),
    ledger.month_holds(integer, ledger.unit, date),
    ledger.next_month(integer, ledger.unit),
    ledger.close_month(uuid, integer, ledger.unit, date)
FROM PUBLIC;
GRANT SELECT ON ledger.period, ledger.period_line TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.month_of(timestamptz),
    ledger.month_movements(integer, ledger.unit, date, date),
    ledger.month_balances(integer, ledger.unit, date),
    ledger.month_clearing(integer, ledger.unit, date),
    ledger.month_holds(integer, ledger.unit, date),
    ledger.next_month(integer, ledger.unit),
    ledger.close_month(uuid, integer, ledger.unit, date)
TO :"application_role";

ALTER TABLE ledger.period ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.period_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.period TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.period_line TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.period FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));
CREATE POLICY staff ON ledger.period_line FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));
