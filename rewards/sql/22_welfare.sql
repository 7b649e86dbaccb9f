-- Welfare budgets (PGB Welzijn): per person, municipality and period at most 45,000 cents of grants. What counts is
-- what was granted, not what is left: a ceiling on the balance would let somebody spend and be granted again.

CREATE TYPE ledger.welfare_kind AS ENUM ('grant', 'spend', 'undo', 'close');

CREATE TABLE ledger.welfare_period (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL,
    unit ledger.unit NOT NULL DEFAULT 'WELFARE_CENT',
    person uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    opened_by uuid NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    opened_at timestamptz NOT NULL,

    CONSTRAINT welfare_period_once UNIQUE (opened_by, key),
    CONSTRAINT welfare_period_person UNIQUE (id, person),
    CONSTRAINT welfare_period_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT welfare_period_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT welfare_period_unit CHECK (unit = 'WELFARE_CENT'),
    CONSTRAINT welfare_period_dates CHECK (starts_on > '2000-01-01' AND ends_on BETWEEN starts_on AND starts_on + 366),
    CONSTRAINT welfare_period_opened_by_another CHECK (opened_by <> person),
    CONSTRAINT welfare_period_account FOREIGN KEY (account_id, unit) REFERENCES ledger.account (id, unit),
    CONSTRAINT welfare_period_apart EXCLUDE USING gist (
        int8range(account_id, account_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&
    )
);

CREATE INDEX welfare_period_by_end ON ledger.welfare_period (ends_on);

-- What happened in a period, as a chain: each line begins with the sums in which the one before it ended, so that the
-- ceiling of grants and the rest are CHECKs on a line. Nothing follows the line that closes.
CREATE TABLE ledger.welfare_line (
    period_id bigint NOT NULL,
    seq integer NOT NULL,
    person uuid NOT NULL,
    kind ledger.welfare_kind NOT NULL,
    cents bigint NOT NULL,
    prev_seq integer GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
    prev_granted bigint NOT NULL,
    prev_rest bigint NOT NULL,
    prev_open boolean GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN true END) STORED,
    granted bigint NOT NULL,
    rest bigint NOT NULL,
    stays_open boolean GENERATED ALWAYS AS (kind <> 'close') STORED,
    transfer_id bigint REFERENCES ledger.transfer,
    done_by uuid NOT NULL,
    approved_by uuid,
    receipt_hash bytea,
    -- 0, and 1 more for each time that a refund against this receipt was undone.
    receipt_use smallint,

    PRIMARY KEY (period_id, seq),
    CONSTRAINT welfare_line_period FOREIGN KEY (period_id, person) REFERENCES ledger.welfare_period (id, person),
    CONSTRAINT welfare_line_link UNIQUE (period_id, seq, granted, rest, stays_open),
    CONSTRAINT welfare_line_chain FOREIGN KEY (period_id, prev_seq, prev_granted, prev_rest, prev_open)
        REFERENCES ledger.welfare_line (period_id, seq, granted, rest, stays_open),
    CONSTRAINT welfare_line_first CHECK (seq > 1 OR (seq = 1 AND prev_granted = 0 AND prev_rest = 0)),
    CONSTRAINT welfare_line_sum CHECK (CASE kind
        WHEN 'grant' THEN granted = prev_granted + cents AND rest = prev_rest + cents
        WHEN 'spend' THEN granted = prev_granted AND rest = prev_rest - cents
        WHEN 'undo' THEN granted = prev_granted AND rest = prev_rest + cents
        WHEN 'close' THEN granted = prev_granted AND rest = 0 AND cents = prev_rest
    END),
    CONSTRAINT welfare_line_cents CHECK (cents >= 1 OR (cents = 0 AND kind = 'close')),
    CONSTRAINT welfare_line_ceiling CHECK (granted <= 45000),
    CONSTRAINT welfare_line_rest CHECK (rest BETWEEN 0 AND granted),
    CONSTRAINT welfare_line_transfer CHECK ((transfer_id IS NULL) = (cents = 0)),
    CONSTRAINT welfare_line_moved_once UNIQUE (transfer_id),
    CONSTRAINT welfare_line_not_for_oneself CHECK (person <> done_by AND person <> approved_by),
    CONSTRAINT welfare_line_second_eyes
        CHECK (kind <> 'grant' OR approved_by <> done_by),  -- empty below the amount of the policy
    CONSTRAINT welfare_line_approved_or_receipt CHECK (
        CASE kind WHEN 'spend' THEN (approved_by IS NULL) <> (receipt_hash IS NULL) ELSE receipt_hash IS NULL END
    ),
    CONSTRAINT welfare_line_receipt CHECK (
        (receipt_hash IS NULL) = (receipt_use IS NULL) AND octet_length(receipt_hash) = 32 AND receipt_use >= 0
    ),
    CONSTRAINT welfare_line_receipt_once UNIQUE (receipt_hash, receipt_use)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.welfare_period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.welfare_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

CREATE FUNCTION ledger.amsterdam_day(in_moment timestamptz) RETURNS date
LANGUAGE sql STABLE
AS $$ SELECT (in_moment AT TIME ZONE 'Europe/Amsterdam')::date $$;

-- The period of this key if there is one, refused when the key asked for something else.
CREATE FUNCTION ledger.welfare_period_of_key(in_actor uuid, in_key text, in_body bytea)
RETURNS ledger.welfare_period
LANGUAGE plpgsql
AS $$
DECLARE
    period ledger.welfare_period;
BEGIN
    SELECT * INTO period FROM ledger.welfare_period WHERE opened_by = in_actor AND key = in_key;
    IF period.body_hash <> in_body THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    RETURN period;
END
$$;

-- A new period of this person's budget in this municipality, beside none that overlaps.
CREATE FUNCTION ledger.open_welfare_period(
    in_key text, in_actor uuid, in_municipality integer, in_person uuid, in_starts_on date, in_ends_on date
) RETURNS ledger.welfare_period
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_municipality::text, in_person::text, in_starts_on::text, in_ends_on::text);
    budget bigint := (ledger.open_account(in_municipality, 'WELFARE_CENT', 'member', in_person,
                                          NULL, 0, NULL, NULL)).id;
    period ledger.welfare_period;
BEGIN
    PERFORM ledger.lock(ARRAY[budget], '{open,frozen,closed}');
    period := ledger.welfare_period_of_key(in_actor, in_key, body);
    IF period.id IS NOT NULL THEN
        RETURN period;
    ELSIF in_actor = in_person THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    ELSIF in_ends_on < in_starts_on OR in_ends_on > in_starts_on + 366 THEN
        PERFORM ledger.refuse('ZL020', 'a period has from 1 to 367 days');
    END IF;
    PERFORM ledger.expect(budget, 'WELFARE_CENT', 'member');
    IF EXISTS (SELECT FROM ledger.welfare_period WHERE account_id = budget
               AND daterange(starts_on, ends_on, '[]') && daterange(in_starts_on, in_ends_on, '[]')) THEN
        PERFORM ledger.refuse('ZL042', 'the person has a period on some of these days');
    END IF;
    INSERT INTO ledger.welfare_period
        (account_id, person, starts_on, ends_on, opened_by, key, body_hash, opened_at)
    VALUES (budget, in_person, in_starts_on, in_ends_on, in_actor, in_key, body, ledger.now())
    ON CONFLICT ON CONSTRAINT welfare_period_once DO NOTHING;
    RETURN ledger.welfare_period_of_key(in_actor, in_key, body);
END
$$;

CREATE FUNCTION ledger.existing_period(in_period bigint) RETURNS ledger.welfare_period
LANGUAGE plpgsql
AS $$
DECLARE
    period ledger.welfare_period;
BEGIN
    SELECT * INTO period FROM ledger.welfare_period WHERE id = in_period;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL043', 'no such period', jsonb_build_object('period', in_period));
    END IF;
    RETURN period;
END
$$;

-- The last line of a period, or one of zeroes; the caller holds the account.
CREATE FUNCTION ledger.last_line(in_period bigint) RETURNS ledger.welfare_line
LANGUAGE plpgsql
AS $$
DECLARE
    line ledger.welfare_line;
BEGIN
    SELECT * INTO line FROM ledger.welfare_line WHERE period_id = in_period ORDER BY seq DESC LIMIT 1;
    IF NOT FOUND THEN
        line.seq := 0;
        line.granted := 0;
        line.rest := 0;
        line.stays_open := true;
    END IF;
    RETURN line;
END
$$;

-- The next line of a period; the caller holds the account and checked what it refuses with a reason.
CREATE FUNCTION ledger.write_line(
    in_period ledger.welfare_period, in_kind ledger.welfare_kind, in_cents bigint, in_transfer bigint,
    in_done_by uuid, in_approved_by uuid, in_receipt bytea, in_use integer
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    last ledger.welfare_line := ledger.last_line(in_period.id);
BEGIN
    INSERT INTO ledger.welfare_line (period_id, seq, person, kind, cents, prev_granted, prev_rest, granted, rest,
                                     transfer_id, done_by, approved_by, receipt_hash, receipt_use)
    VALUES (in_period.id, last.seq + 1, in_period.person, in_kind, in_cents, last.granted, last.rest,
            last.granted + CASE in_kind WHEN 'grant' THEN in_cents ELSE 0 END,
            last.rest + CASE WHEN in_kind IN ('grant', 'undo') THEN in_cents ELSE -in_cents END,
            in_transfer, in_done_by, in_approved_by, in_receipt, in_use)
    ON CONFLICT ON CONSTRAINT welfare_line_receipt_once DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL045', 'the receipt was refunded before');
    END IF;
END
$$;

CREATE FUNCTION ledger.refuse_closed() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.refuse('ZL044', 'the period is over');
END
$$;

CREATE FUNCTION ledger.welfare_grant(
    in_key text, in_actor uuid, in_period bigint, in_cents bigint, in_approved_by uuid
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_period::text, in_cents::text, in_approved_by::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'welfare_grant', in_key, body, NULL, NULL, NULL, NULL);
    period ledger.welfare_period := ledger.existing_period(in_period);
    last ledger.welfare_line;
    municipality integer := (ledger.existing(period.account_id)).municipality_id;
    threshold bigint := (ledger.policy_at(municipality, batch.booked_at)).eyes_above_cents;
    alone bigint;
    source bigint;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_grant', in_key, body);
    ELSIF in_approved_by = in_actor OR period.person IN (in_actor, in_approved_by) THEN
        PERFORM ledger.refuse('ZL032', 'nobody grants to themselves, nor is a second pair of eyes of their own');
    END IF;
    source := ledger.municipal(municipality, 'WELFARE_CENT', 'issuer');
    PERFORM ledger.lock(ARRAY[period.account_id, source], '{open}');
    last := ledger.last_line(in_period);
    IF NOT last.stays_open OR ledger.amsterdam_day(batch.booked_at) > period.ends_on THEN
        PERFORM ledger.refuse_closed();
    ELSIF last.granted + in_cents > 45000 THEN
        PERFORM ledger.refuse('ZL046', 'the period would pass its ceiling of grants', jsonb_build_object(
            'account', period.account_id, 'asked', in_cents, 'room', 45000 - last.granted));
    ELSIF in_approved_by IS NULL THEN
        -- What the period was granted without a second pair of eyes counts together.
        SELECT coalesce(sum(cents), 0) INTO alone FROM ledger.welfare_line
            WHERE period_id = in_period AND kind = 'grant' AND approved_by IS NULL;
        IF alone + in_cents > threshold THEN
            PERFORM ledger.refuse('ZL033', 'a second pair of eyes must see this', jsonb_build_object(
                'asked', in_cents, 'granted', alone, 'threshold', threshold));
        END IF;
    END IF;
    leg := ledger.book_leg(batch, 'WELFARE_CENT', source, period.account_id, in_cents, NULL, period.person);
    PERFORM ledger.write_line(period, 'grant', in_cents, leg, in_actor, in_approved_by, NULL, NULL);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Either approved beforehand (by whom), or refunded against a receipt (its hash). It happened within the period; a
-- receipt may come in later, until the period is closed.
CREATE FUNCTION ledger.welfare_spend(
    in_key text, in_actor uuid, in_period bigint, in_cents bigint, in_approved_by uuid, in_receipt bytea,
    in_occurred_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_period::text, in_cents::text, in_approved_by::text,
                                   encode(in_receipt, 'hex'), ledger.micros(in_occurred_at));
    batch ledger.batch := ledger.begin_batch(in_actor, 'welfare_spend', in_key, body, NULL, in_occurred_at, NULL, NULL);
    period ledger.welfare_period := ledger.existing_period(in_period);
    last ledger.welfare_line;
    sink bigint;
    uses integer;
    undone integer;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_spend', in_key, body);
    ELSIF (in_approved_by IS NULL) = (in_receipt IS NULL) THEN
        PERFORM ledger.refuse('ZL020', 'a spending was approved, or has a receipt: one of the two');
    ELSIF period.person IN (in_actor, in_approved_by) THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    END IF;
    sink := ledger.municipal((ledger.existing(period.account_id)).municipality_id, 'WELFARE_CENT', 'suspense');
    PERFORM ledger.lock(ARRAY[period.account_id, sink], '{open}');
    last := ledger.last_line(in_period);
    IF NOT last.stays_open OR batch.occurred_at > batch.booked_at
        OR ledger.amsterdam_day(batch.occurred_at) NOT BETWEEN period.starts_on AND period.ends_on THEN
        PERFORM ledger.refuse_closed();
    ELSIF in_cents > last.rest THEN
        PERFORM ledger.refuse('ZL005', 'the budget has not got that much left', jsonb_build_object(
            'account', period.account_id, 'asked', in_cents, 'room', last.rest));
    END IF;
    IF in_receipt IS NOT NULL THEN
        SELECT count(*), count(r.id) INTO uses, undone FROM ledger.welfare_line l
            LEFT JOIN ledger.transfer r ON r.reverses_id = l.transfer_id
            WHERE l.receipt_hash = in_receipt;
        IF uses > undone THEN
            PERFORM ledger.refuse('ZL045', 'the receipt was refunded before');
        END IF;
    END IF;
    leg := ledger.book_leg(batch, 'WELFARE_CENT', period.account_id, sink, in_cents, period.person, NULL);
    PERFORM ledger.write_line(period, 'spend', in_cents, leg, in_actor, in_approved_by, in_receipt, uses);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Takes a spending back, once and whole, while its period is open: it was written down wrongly.
CREATE FUNCTION ledger.welfare_undo(in_key text, in_actor uuid, in_transfer bigint, in_reason text)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_transfer::text, in_reason);
    batch ledger.batch := ledger.begin_batch(in_actor, 'welfare_undo', in_key, body, NULL, NULL, in_reason, NULL);
    spent ledger.welfare_line;
    period ledger.welfare_period;
    result ledger.booking;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_undo', in_key, body);
    END IF;
    SELECT * INTO spent FROM ledger.welfare_line WHERE transfer_id = in_transfer AND kind = 'spend';
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL015', 'no such spending', jsonb_build_object('transfer', in_transfer));
    END IF;
    period := ledger.existing_period(spent.period_id);
    IF period.person = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    END IF;
    PERFORM ledger.lock(ARRAY[period.account_id], '{open}');
    IF NOT (ledger.last_line(period.id)).stays_open THEN
        PERFORM ledger.refuse_closed();
    END IF;
    result := ledger.book_back(in_transfer, batch);
    PERFORM ledger.write_line(period, 'undo', spent.cents, result.transfer_id, in_actor, NULL, NULL, NULL);
    RETURN result;
END
$$;

-- Closes a period and returns what is left of it. No batch when there is nothing left: then the booking is empty.
CREATE FUNCTION ledger.welfare_return(in_key text, in_actor uuid, in_period bigint) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_period::text);
    period ledger.welfare_period := ledger.existing_period(in_period);
    source bigint := ledger.municipal((ledger.existing(period.account_id)).municipality_id, 'WELFARE_CENT', 'issuer');
    last ledger.welfare_line;
    batch ledger.batch;
    leg bigint;
BEGIN
    PERFORM ledger.lock(ARRAY[period.account_id, source], '{open,frozen,closed}');
    last := ledger.last_line(in_period);
    IF period.person = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    ELSIF last.stays_open AND last.rest = 0 THEN
        PERFORM ledger.write_line(period, 'close', 0, NULL, in_actor, NULL, NULL, NULL);
        RETURN ROW(NULL::bigint, NULL::bigint, false);
    ELSIF NOT last.stays_open AND last.cents = 0 THEN
        RETURN ROW(NULL::bigint, NULL::bigint, true);
    END IF;
    batch := ledger.begin_batch(in_actor, 'welfare_return', in_key, body, NULL, NULL, NULL, NULL);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_return', in_key, body);
    ELSIF NOT last.stays_open THEN
        PERFORM ledger.refuse_closed();
    END IF;
    leg := ledger.book_leg(batch, 'WELFARE_CENT', period.account_id, source, last.rest, period.person, NULL);
    PERFORM ledger.write_line(period, 'close', last.rest, leg, in_actor, NULL, NULL, NULL);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Closes the periods that ended longer ago than receipts may take; call again until it returns none. The accounts
-- are locked beforehand and in order.
CREATE FUNCTION ledger.welfare_return_due(in_grace_days integer, in_limit integer)
RETURNS TABLE (period_id bigint, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    due bigint[] := ARRAY(
        SELECT p.id FROM ledger.welfare_period p
        WHERE p.ends_on < ledger.amsterdam_day(ledger.now()) - in_grace_days
            AND NOT EXISTS (SELECT FROM ledger.welfare_line l WHERE l.period_id = p.id AND l.kind = 'close')
        ORDER BY p.ends_on, p.id LIMIT in_limit);
    over_id bigint;
BEGIN
    PERFORM ledger.lock(
        ARRAY(SELECT a FROM ledger.welfare_period p JOIN ledger.account b ON b.id = p.account_id,
                  unnest(ARRAY[b.id, ledger.municipal(b.municipality_id, 'WELFARE_CENT', 'issuer')]) a
              WHERE p.id = ANY (due)),
        '{open,frozen,closed}');
    FOR over_id IN
        SELECT p.id FROM ledger.welfare_period p WHERE p.id = ANY (due)
            AND NOT EXISTS (SELECT FROM ledger.welfare_line l WHERE l.period_id = p.id AND l.kind = 'close')
        ORDER BY p.ends_on, p.id LOOP
        RETURN QUERY SELECT over_id, (ledger.welfare_return(
            'period:' || over_id, '00000000-0000-0000-0000-000000000000', over_id)).transfer_id;
    END LOOP;
END
$$;

CREATE VIEW ledger.broken_i13 AS  -- Grants are at most 45,000; spent no more than granted; lines and bookings agree.
    SELECT 'period ' || l.period_id AS offender, concat_ws(' ', 'granted', l.granted, 'spent', l.spent) AS detail
    FROM (
        SELECT period_id,
            coalesce(sum(cents) FILTER (WHERE kind = 'grant'), 0) AS granted,
            coalesce(sum(CASE kind WHEN 'spend' THEN cents WHEN 'undo' THEN -cents ELSE 0 END), 0) AS spent,
            coalesce(sum(cents) FILTER (WHERE kind = 'close'), 0) AS returned,
            count(*) FILTER (WHERE kind = 'close') AS closed,
            max(granted) AS said_granted,
            (array_agg(rest ORDER BY seq DESC))[1] AS rest
        FROM ledger.welfare_line GROUP BY period_id
    ) l
    WHERE l.granted > 45000 OR l.spent NOT BETWEEN 0 AND l.granted OR l.granted <> l.said_granted
        OR l.granted <> l.spent + l.returned + l.rest OR l.closed > 1
    UNION ALL
    SELECT 'account ' || a.id, 'posted ' || a.posted
    FROM ledger.account a
    LEFT JOIN (
        SELECT p.account_id, sum(CASE l.kind WHEN 'grant' THEN l.cents WHEN 'undo' THEN l.cents ELSE -l.cents END) AS rest
        FROM ledger.welfare_line l JOIN ledger.welfare_period p ON p.id = l.period_id GROUP BY p.account_id
    ) periods ON periods.account_id = a.id
    WHERE a.unit = 'WELFARE_CENT' AND a.kind = 'member' AND a.posted <> coalesce(periods.rest, 0)
    UNION ALL
    SELECT 'transfer ' || t.id, 'welfare line'
    FROM ledger.transfer t
    LEFT JOIN ledger.welfare_line l ON l.transfer_id = t.id
    LEFT JOIN ledger.welfare_period p ON p.id = l.period_id
    WHERE t.unit = 'WELFARE_CENT' AND (
        l.period_id IS NULL OR t.amount <> l.cents
        OR p.account_id <> CASE WHEN l.kind IN ('grant', 'undo') THEN t.credit_id ELSE t.debit_id END);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT SELECT ON ledger.welfare_period, ledger.welfare_line TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.open_welfare_period(text, uuid, integer, uuid, date, date),
    ledger.welfare_grant(text, uuid, bigint, bigint, uuid),
    ledger.welfare_spend(text, uuid, bigint, bigint, uuid, bytea, timestamptz),
    ledger.welfare_undo(text, uuid, bigint, text),
    ledger.welfare_return(text, uuid, bigint),
    ledger.welfare_return_due(integer, integer)
TO :"application_role";

ALTER TABLE ledger.welfare_period ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.welfare_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.welfare_period TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.welfare_line TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY with_account ON ledger.welfare_period FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = account_id));
CREATE POLICY with_period ON ledger.welfare_line FOR SELECT
    USING (EXISTS (SELECT FROM ledger.welfare_period p WHERE p.id = period_id));
