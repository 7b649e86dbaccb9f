-- Months that are closed, imbalances between municipalities that are cancelled, and a seal for every night.

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
    PERFORM ledger.refuse_closed_month(NEW.account_id, t.batch_id) FROM ledger.transfer t WHERE t.id = NEW.transfer_id;
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

-- After the row, so that a row that is wrong in itself hears that first.
CREATE TRIGGER in_an_open_month AFTER INSERT ON ledger.entry
    FOR EACH ROW EXECUTE FUNCTION ledger.entry_in_an_open_month();
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
GRANT SELECT ON ledger.period, ledger.period_line TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.month_of(timestamptz),
    ledger.month_movements(integer, ledger.unit, date, date),
    ledger.month_balances(integer, ledger.unit, date),
    ledger.month_clearing(integer, ledger.unit, date),
    ledger.month_holds(integer, ledger.unit, date),
    ledger.next_month(integer, ledger.unit),
    ledger.close_month(uuid, integer, ledger.unit, date)
TO {application};

ALTER TABLE ledger.period ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.period_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.period TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.period_line TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.period FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));
CREATE POLICY staff ON ledger.period_line FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));

-- Netting: what one municipality's residents got more from another's than they gave, cancelled against the pots.
-- The pot of those who gave more pays, the pot of those who got more receives; nothing is ever paid in euro.

CREATE TABLE ledger.netting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Whose residents got more, and whose gave more: clearing(taker -> giver) stands above zero.
    taker_id integer NOT NULL,
    giver_id integer NOT NULL,
    month date NOT NULL,
    amount bigint NOT NULL,
    proposed_at timestamptz NOT NULL,

    CONSTRAINT netting_once_a_month UNIQUE (taker_id, giver_id, month),
    CONSTRAINT netting_with_another CHECK (taker_id <> giver_id),
    CONSTRAINT netting_amount CHECK (amount BETWEEN 1 AND 1000000000),
    CONSTRAINT netting_of_a_month CHECK (month = date_trunc('month', month::timestamp)::date)
);

CREATE INDEX netting_by_giver ON ledger.netting (giver_id);

-- Each side answers once, and not the same person for both; the second approval books.
CREATE TABLE ledger.netting_answer (
    netting_id bigint NOT NULL REFERENCES ledger.netting,
    side text NOT NULL,
    approved boolean NOT NULL,
    answered_by uuid NOT NULL,
    answered_at timestamptz NOT NULL,
    batch_id bigint REFERENCES ledger.batch,

    PRIMARY KEY (netting_id, side),
    CONSTRAINT netting_answer_side CHECK (side IN ('taker', 'giver')),
    CONSTRAINT netting_answer_by_two UNIQUE (netting_id, answered_by),
    CONSTRAINT netting_answer_booked_once UNIQUE (batch_id),
    CONSTRAINT netting_answer_books CHECK (approved OR batch_id IS NULL)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.netting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.netting_answer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

CREATE FUNCTION ledger.clearing_of(in_municipality integer, in_counter integer) RETURNS ledger.account
LANGUAGE sql STABLE
AS $$
    SELECT * FROM ledger.account WHERE kind = 'clearing' AND unit = 'ROOSJE_MIN'
        AND (municipality_id, counter_municipality_id) = (in_municipality, in_counter)
$$;

-- Proposes, for each neighbour, to cancel what stood open at the end of a month and still does. Once per pair
-- and month, whichever side asks; a later month's proposal takes the place of an earlier one.
CREATE FUNCTION ledger.propose_netting(in_municipality integer, in_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, 'ROOSJE_MIN');
    IF ledger.month_begins((in_month + interval '1 month')::date) > ledger.now() THEN
        PERFORM ledger.refuse('ZL062', 'the month is not over');
    END IF;
    INSERT INTO ledger.netting (taker_id, giver_id, month, amount, proposed_at)
    SELECT taker, giver, in_month, least(stood, (ledger.clearing_of(taker, giver)).posted, 1000000000), ledger.now()
    FROM (
        SELECT CASE WHEN balance > 0 THEN in_municipality ELSE counter_municipality_id END AS taker,
               CASE WHEN balance > 0 THEN counter_municipality_id ELSE in_municipality END AS giver,
               abs(balance) AS stood
        FROM ledger.month_clearing(in_municipality, 'ROOSJE_MIN', in_month) WHERE balance <> 0
    ) pair
    WHERE (ledger.clearing_of(taker, giver)).posted > 0
    -- Two sides that propose at once insert in the same order.
    ORDER BY taker, giver
    ON CONFLICT ON CONSTRAINT netting_once_a_month DO NOTHING;
END
$$;

-- From the giver's pot, shard by shard, along both clearing accounts into the taker's.
CREATE FUNCTION ledger.book_netting(in_netting ledger.netting, in_batch ledger.batch) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    giving bigint[] := ledger.pot(in_netting.giver_id);
    receiving bigint := (ledger.pot(in_netting.taker_id))[1 + ledger.shard_of(in_batch.key)];
    owed ledger.account := ledger.clearing_of(in_netting.taker_id, in_netting.giver_id);
    mirror ledger.account := ledger.clearing_of(in_netting.giver_id, in_netting.taker_id);
    missing bigint := in_netting.amount;
    shard ledger.account;
BEGIN
    PERFORM ledger.lock(giving || ARRAY[receiving, owed.id, mirror.id], '{open,frozen}');
    IF (ledger.existing(owed.id)).posted < in_netting.amount THEN
        PERFORM ledger.refuse('ZL066', 'by now less is open than this', jsonb_build_object(
            'asked', in_netting.amount, 'room', greatest(0, (ledger.existing(owed.id)).posted)));
    END IF;
    FOR shard IN SELECT * FROM ledger.account a WHERE a.id = ANY (giving) ORDER BY ledger.room_of(a) DESC, a.id LOOP
        EXIT WHEN missing = 0 OR ledger.room_of(shard) = 0;
        PERFORM ledger.book_along(ROW(ARRAY[shard.id, mirror.id, owed.id, receiving], 'ROOSJE_MIN', NULL, NULL)::ledger.route,
                                  'pay', in_batch, least(missing, ledger.room_of(shard)), NULL);
        missing := missing - least(missing, ledger.room_of(shard));
    END LOOP;
    IF missing > 0 THEN
        PERFORM ledger.refuse('ZL031', 'the pot has not got that much', jsonb_build_object(
            'asked', in_netting.amount, 'room', in_netting.amount - missing));
    END IF;
END
$$;

-- What staff of one side say; the same again changes nothing. The second approval books.
CREATE FUNCTION ledger.answer_netting(
    in_actor uuid, in_netting bigint, in_municipality integer, in_approved boolean
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    netting ledger.netting;
    earlier ledger.netting_answer;
    my_side text;
    batch ledger.batch;
BEGIN
    -- Both sides take the row in turn: one of them comes second, and books.
    SELECT * INTO netting FROM ledger.netting WHERE id = in_netting FOR UPDATE;
    my_side := CASE in_municipality WHEN netting.taker_id THEN 'taker' WHEN netting.giver_id THEN 'giver' END;
    IF my_side IS NULL
        OR coalesce(in_municipality <> ALL (nullif(current_setting('app.municipalities', true), '')::int[]), true) THEN
        PERFORM ledger.refuse('ZL065', 'there is no such proposal here', jsonb_build_object('netting', in_netting));
    END IF;
    SELECT * INTO earlier FROM ledger.netting_answer WHERE netting_id = in_netting AND side = my_side;
    IF FOUND AND (earlier.approved, earlier.answered_by) = (in_approved, in_actor) THEN
        RETURN;
    ELSIF FOUND OR EXISTS (SELECT FROM ledger.netting_answer WHERE netting_id = in_netting AND NOT approved) THEN
        PERFORM ledger.refuse('ZL067', 'the proposal was answered before');
    ELSIF EXISTS (SELECT FROM ledger.netting n WHERE n.month > netting.month AND (n.taker_id, n.giver_id)
                  IN ((netting.taker_id, netting.giver_id), (netting.giver_id, netting.taker_id))) THEN
        PERFORM ledger.refuse('ZL066', 'a later proposal took the place of this one');
    END IF;
    SELECT * INTO earlier FROM ledger.netting_answer WHERE netting_id = in_netting;
    IF earlier.answered_by = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody answers for both sides');
    ELSIF in_approved AND earlier.approved THEN
        batch := ledger.begin_batch(in_actor, 'net', 'netting:' || in_netting, ledger.body_hash(
            in_netting::text, netting.amount::text), NULL, NULL, NULL, NULL);
        PERFORM ledger.book_netting(netting, batch);
    END IF;
    INSERT INTO ledger.netting_answer (netting_id, side, approved, answered_by, answered_at, batch_id)
    VALUES (in_netting, my_side, in_approved, in_actor, ledger.now(), batch.id);
END
$$;

CREATE VIEW ledger.broken_i23 AS  -- What both sides approved was booked, once and whole; nothing else was.
    SELECT n.id::text AS offender, concat_ws(' ', 'netting of', n.amount, 'booked', sum(b.booked)) AS detail
    FROM ledger.netting n
    LEFT JOIN (
        SELECT a.netting_id, count(*) FILTER (WHERE a.approved) AS approvals, count(DISTINCT a.answered_by) AS people,
               max(a.batch_id) AS batch_id
        FROM ledger.netting_answer a GROUP BY a.netting_id
    ) a ON a.netting_id = n.id
    LEFT JOIN (
        SELECT t.batch_id, sum(t.amount) AS booked
        FROM ledger.transfer t JOIN ledger.account c ON c.id = t.debit_id
        JOIN ledger.batch b ON b.id = t.batch_id
        WHERE b.operation = 'net' AND c.kind = 'clearing' GROUP BY t.batch_id
    ) b ON b.batch_id = a.batch_id
    GROUP BY n.id, n.amount, a.approvals, a.people
    HAVING CASE WHEN a.approvals = 2 THEN (sum(b.booked), a.people) IS DISTINCT FROM (n.amount, 2)
                ELSE sum(b.booked) IS NOT NULL END
    UNION ALL
    SELECT 'batch ' || b.id, 'netting without approval' FROM ledger.batch b
    WHERE b.operation = 'net' AND NOT EXISTS (SELECT FROM ledger.netting_answer a WHERE a.batch_id = b.id);

REVOKE ALL ON FUNCTION
    ledger.clearing_of(integer, integer),
    ledger.propose_netting(integer, date),
    ledger.book_netting(ledger.netting, ledger.batch),
    ledger.answer_netting(uuid, bigint, integer, boolean)
FROM PUBLIC;
GRANT SELECT ON ledger.netting, ledger.netting_answer TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.propose_netting(integer, date),
    ledger.answer_netting(uuid, bigint, integer, boolean)
TO {application};

ALTER TABLE ledger.netting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.netting_answer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.netting TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.netting_answer TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.netting FOR SELECT USING (
    taker_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
    OR giver_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
);
CREATE POLICY with_netting ON ledger.netting_answer FOR SELECT
    USING (EXISTS (SELECT FROM ledger.netting n WHERE n.id = netting_id));

-- Seals: each night one number that stands for every chain as it was. Whoever rewrites a chain whole, hashes
-- and all, still has to answer to the seals; and whoever rewrites these, to the copies that were sent outside.

CREATE TABLE ledger.seal (
    number bigint PRIMARY KEY,
    sealed_on date NOT NULL,
    sealed_at timestamptz NOT NULL,
    accounts bigint NOT NULL,
    entries bigint NOT NULL,
    root bytea NOT NULL,
    prev_number bigint GENERATED ALWAYS AS (CASE WHEN number > 1 THEN number - 1 END) STORED,
    prev_hash bytea,
    hash bytea NOT NULL,

    CONSTRAINT seal_link UNIQUE (number, hash),
    CONSTRAINT seal_once_a_day UNIQUE (sealed_on),
    CONSTRAINT seal_hashes CHECK (octet_length(root) = 32 AND octet_length(hash) = 32),
    CONSTRAINT seal_first_or_linked CHECK (
        (number = 1 AND prev_hash IS NULL) OR (number > 1 AND prev_hash IS NOT NULL)
    ),
    CONSTRAINT seal_chain FOREIGN KEY (prev_number, prev_hash) REFERENCES ledger.seal (number, hash)
);

-- Where each account's chain ended that night, for the accounts that had moved since the seal before.
CREATE TABLE ledger.sealed_head (
    seal bigint NOT NULL REFERENCES ledger.seal,
    account_id bigint NOT NULL REFERENCES ledger.account,
    entries bigint NOT NULL,
    head bytea,

    PRIMARY KEY (account_id, seal),
    CONSTRAINT sealed_head_of_a_chain CHECK (entries >= 0 AND (entries = 0) = (head IS NULL))
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.sealed_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- Leaves and nodes begin with a different byte, so that no node passes for a leaf (as in RFC 6962).
CREATE FUNCTION ledger.seal_leaf(in_account bigint, in_entries bigint, in_head bytea) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256('\x00'::bytea || convert_to(
        concat_ws('|', in_account, in_entries, coalesce(encode(in_head, 'hex'), '')), 'UTF8'))
$$;

-- Two by two, level after level; a node without a neighbour goes up as it is.
CREATE FUNCTION ledger.merkle_root(in_leaves bytea[]) RETURNS bytea
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    level bytea[] := in_leaves;
BEGIN
    IF coalesce(cardinality(level), 0) = 0 THEN
        RETURN sha256('');
    END IF;
    WHILE cardinality(level) > 1 LOOP
        level := ARRAY(
            SELECT CASE WHEN neighbour IS NULL THEN node ELSE sha256('\x01'::bytea || node || neighbour) END
            FROM (
                SELECT node, place, lead(node) OVER (ORDER BY place) AS neighbour
                FROM unnest(level) WITH ORDINALITY AS nodes (node, place)
            ) pairs
            WHERE mod(place, 2) = 1 ORDER BY place);
    END LOOP;
    RETURN level[1];
END
$$;

CREATE FUNCTION ledger.seal_hash(in_seal ledger.seal) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256(coalesce(in_seal.prev_hash, ''::bytea) || convert_to(concat_ws('|',
        in_seal.number, to_char(in_seal.sealed_on, 'YYYY-MM-DD'),
        (extract(epoch FROM in_seal.sealed_at) * 1000000)::bigint,
        in_seal.accounts, in_seal.entries, encode(in_seal.root, 'hex')), 'UTF8'))
$$;

-- The seal of today, made when there is none yet. What is being booked meanwhile is in the next one: all heads
-- are read in one statement, so in one state of the books.
CREATE FUNCTION ledger.make_seal() RETURNS ledger.seal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz;
    before ledger.seal;
    made ledger.seal;
BEGIN
    LOCK TABLE ledger.seal IN SHARE ROW EXCLUSIVE MODE;
    moment := ledger.now();
    SELECT * INTO made FROM ledger.seal WHERE sealed_on = (moment AT TIME ZONE 'Europe/Amsterdam')::date;
    IF FOUND THEN
        RETURN made;
    END IF;
    SELECT * INTO before FROM ledger.seal ORDER BY number DESC LIMIT 1;
    WITH heads AS MATERIALIZED (
        SELECT id, entries, head FROM ledger.account
    ), counted AS (
        SELECT ROW(coalesce(before.number, 0) + 1, (moment AT TIME ZONE 'Europe/Amsterdam')::date, moment,
                   count(*), coalesce(sum(entries), 0),
                   ledger.merkle_root(array_agg(ledger.seal_leaf(id, entries, head) ORDER BY id)),
                   before.number, before.hash, NULL)::ledger.seal AS seal
        FROM heads
    ), sealed AS (
        INSERT INTO ledger.seal (number, sealed_on, sealed_at, accounts, entries, root, prev_hash, hash)
        SELECT (seal).number, (seal).sealed_on, (seal).sealed_at, (seal).accounts, (seal).entries, (seal).root,
               (seal).prev_hash, ledger.seal_hash(seal)
        FROM counted RETURNING *
    ), known AS (
        SELECT DISTINCT ON (account_id) account_id, entries, head FROM ledger.sealed_head
        ORDER BY account_id, seal DESC
    ), moved AS (
        INSERT INTO ledger.sealed_head (seal, account_id, entries, head)
        SELECT sealed.number, h.id, h.entries, h.head
        FROM sealed, heads h LEFT JOIN known k ON k.account_id = h.id
        WHERE k.account_id IS NULL OR (k.entries, k.head) IS DISTINCT FROM (h.entries, h.head)
    )
    SELECT * INTO STRICT made FROM sealed;
    RETURN made;
END
$$;

-- A seal counts the whole region and names nobody; it is meant to be kept by others.
CREATE FUNCTION ledger.seals() RETURNS SETOF ledger.seal
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT * FROM ledger.seal ORDER BY number
$$;

-- What does not fit, the earliest seal first: entries of an account that are not what was sealed, a seal that
-- does not follow the one before it, or a root (computed again from seal in_roots_from on) that is another.
CREATE FUNCTION ledger.seal_faults(in_roots_from bigint)
RETURNS TABLE (seal bigint, account_id bigint, first_seq bigint, last_seq bigint, fault text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT h.seal, h.account_id, h.entries_before + 1, h.entries, 'entries'
    FROM (
        SELECT s.*, coalesce(lag(s.entries) OVER (PARTITION BY s.account_id ORDER BY s.seal), 0) AS entries_before
        FROM ledger.sealed_head s
    ) h
    LEFT JOIN ledger.account a ON a.id = h.account_id
    LEFT JOIN ledger.entry e ON (e.account_id, e.seq) = (h.account_id, h.entries)
    WHERE a.id IS NULL OR a.entries < h.entries OR h.entries < h.entries_before
        OR e.hash IS DISTINCT FROM h.head
    UNION ALL
    SELECT c.number, NULL, NULL, NULL, 'chain'
    FROM (
        SELECT s.number, s.prev_hash, s.hash, ledger.seal_hash(s) AS expected_hash,
               row_number() OVER own AS expected_number, lag(s.hash) OVER own AS hash_before
        FROM ledger.seal s WINDOW own AS (ORDER BY s.number)
    ) c
    WHERE c.number <> c.expected_number OR c.prev_hash IS DISTINCT FROM c.hash_before
        OR c.hash <> c.expected_hash
    UNION ALL
    SELECT s.number, NULL, NULL, NULL, 'root'
    FROM ledger.seal s, LATERAL (
        SELECT count(*) AS accounts, coalesce(sum(k.entries), 0) AS entries,
               ledger.merkle_root(array_agg(ledger.seal_leaf(k.account_id, k.entries, k.head) ORDER BY k.account_id))
                   AS root
        FROM (
            SELECT DISTINCT ON (h.account_id) h.account_id, h.entries, h.head FROM ledger.sealed_head h
            WHERE h.seal <= s.number ORDER BY h.account_id, h.seal DESC
        ) k
    ) again
    WHERE s.number >= in_roots_from
        AND (s.accounts, s.entries, s.root) IS DISTINCT FROM (again.accounts, again.entries, again.root)
    ORDER BY 1, 2, 5
$$;

CREATE VIEW ledger.broken_i21 AS  -- Every chain still ends, or passes, where it was sealed; each seal follows the last.
    SELECT CASE WHEN account_id IS NULL THEN 'seal ' || seal
                ELSE concat(account_id, '/', first_seq, '-', last_seq) END AS offender,
           concat_ws(' ', fault, 'of seal', seal) AS detail
    FROM ledger.seal_faults(coalesce((SELECT max(number) FROM ledger.seal), 1));

REVOKE ALL ON FUNCTION
    ledger.seal_leaf(bigint, bigint, bytea),
    ledger.merkle_root(bytea[]),
    ledger.seal_hash(ledger.seal),
    ledger.make_seal(),
    ledger.seals(),
    ledger.seal_faults(bigint)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.make_seal(), ledger.seals(), ledger.seal_faults(bigint) TO {application};

ALTER TABLE ledger.seal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.sealed_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.seal TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.sealed_head TO CURRENT_USER USING (true) WITH CHECK (true);

-- The lines of before stay as they are, whatever they are by now.
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW ledger.violation AS ' || rtrim(pg_get_viewdef('ledger.violation'::regclass), ';')
        || ' UNION ALL SELECT ''I21'', * FROM ledger.broken_i21'
        || ' UNION ALL SELECT ''I22'', * FROM ledger.broken_i22'
        || ' UNION ALL SELECT ''I23'', * FROM ledger.broken_i23';
END
$$;
