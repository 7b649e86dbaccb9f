-- Bookings with fewer statements: both entries of a transfer at once, the month looked at once a statement, the
-- payments of one event written together. What is hashed, and what is refused, stays the same.

-- Locks the accounts, always in ascending order, so that bookings wait for each other but never in a ring.
-- One plan for however many: without that each booking would plan this anew for its own list.
CREATE OR REPLACE FUNCTION ledger.lock(in_accounts bigint[], in_statuses ledger.account_status[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    locked record;
    number_locked integer := 0;
BEGIN
    FOR locked IN SELECT id, status FROM ledger.account
            WHERE id = ANY (in_accounts) ORDER BY id FOR NO KEY UPDATE LOOP
        number_locked := number_locked + 1;
        IF locked.status <> ALL (in_statuses) THEN
            PERFORM ledger.refuse('ZL002', 'the account is ' || locked.status,
                                  jsonb_build_object('account', locked.id, 'status', locked.status));
        END IF;
    END LOOP;
    -- A policy that hides a row must not turn a booking into half a booking. As many rows as were named are all
    -- of them; fewer may be, where one was named twice.
    IF number_locked IS DISTINCT FROM cardinality(in_accounts)
        AND number_locked <> (SELECT count(DISTINCT a) FROM unnest(in_accounts) a) THEN
        PERFORM ledger.refuse('ZL099', 'not every account could be locked');
    END IF;
END
$$;

-- Writes a transfer that moves its amount, with an entry on either side, and the accounts that end in them: all in
-- one statement, which costs less than three. Of in_leg the id does not count; in_held is what a hold had set aside
-- for it (0 without a hold). Returns the id.
CREATE FUNCTION ledger.write(in_leg ledger.transfer, in_batch ledger.batch, in_held bigint) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    leg_id bigint;
    sides integer;
BEGIN
    WITH leg AS (
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id, payer, payee,
                                     hold_id, hold_amount, reverses_id, reverses_kind)
        VALUES (in_batch.id, in_leg.kind, in_leg.unit, in_leg.debit_id, in_leg.credit_id, in_leg.amount,
                in_leg.follows_id, in_leg.payer, in_leg.payee,
                in_leg.hold_id, in_leg.hold_amount, in_leg.reverses_id, in_leg.reverses_kind)
        RETURNING id, ledger.canonical(transfer, in_batch) AS said
    ), line AS (
        INSERT INTO ledger.entry
            (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)
        SELECT a.id, entries + 1, leg.id, step, posted, posted + step, head,
               ledger.entry_hash(head, a.id, entries + 1, step, posted + step, said)
        FROM leg CROSS JOIN (
            VALUES (in_leg.debit_id, -in_leg.amount), (in_leg.credit_id, in_leg.amount)) AS side (account_id, step)
        JOIN ledger.account a ON a.id = side.account_id
        RETURNING account_id, seq, delta, balance, hash,
            CASE WHEN delta < 0 THEN in_held ELSE 0 END AS from_out, CASE WHEN delta > 0 THEN in_held ELSE 0 END AS from_in
    ), ended AS (
        UPDATE ledger.account SET
            posted = line.balance,
            entries = line.seq,
            head = line.hash,
            held_out = held_out - from_out,
            held_in = held_in - from_in,
            min_available = ledger.floor_in_force(floor, min_available, line.balance - held_out + from_out),
            max_balance = ledger.ceiling_in_force(ceiling, max_balance, line.balance + held_in - from_in)
        FROM line
        WHERE id = line.account_id
            AND line.balance - held_out + from_out >= min_available
            AND line.balance + held_in - from_in <= max_balance
        RETURNING id
    )
    SELECT (SELECT id FROM leg), (SELECT count(*) FROM ended) INTO leg_id, sides;
    IF sides <> 2 THEN  -- the first side that stayed behind, the payer's before the payee's
        PERFORM ledger.refuse_limit(e.account_id, e.delta) FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id
            WHERE e.transfer_id = leg_id AND a.entries < e.seq ORDER BY e.delta LIMIT 1;
        PERFORM ledger.refuse('ZL099', 'a transfer moved on one side only');
    END IF;
    IF in_leg.kind = 'settle' THEN
        PERFORM ledger.earn(in_leg.credit_id, in_leg.amount);
    ELSIF in_leg.reverses_kind = 'settle' THEN
        PERFORM ledger.earn(in_leg.debit_id, -in_leg.amount);
    END IF;
    RETURN leg_id;
END
$$;
REVOKE ALL ON FUNCTION ledger.write(ledger.transfer, ledger.batch, bigint) FROM PUBLIC;

-- Writes a hold or a payment along its route, whose accounts are locked.
CREATE OR REPLACE FUNCTION ledger.write_along(
    in_route ledger.route, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    leg ledger.transfer;
    first_id bigint;
BEGIN
    FOR i IN 1 .. cardinality(in_route.accounts) BY 2 LOOP
        IF in_kind = 'hold' THEN
            INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                         payer, payee, expires_at)
            VALUES (in_batch.id, in_kind, in_route.unit, in_route.accounts[i], in_route.accounts[i + 1],
                    in_amount, first_id, in_route.payer, in_route.payee, in_expires_at)
            RETURNING * INTO leg;
            PERFORM ledger.reserve(leg);
        ELSE
            leg.kind := in_kind;
            leg.unit := in_route.unit;
            leg.debit_id := in_route.accounts[i];
            leg.credit_id := in_route.accounts[i + 1];
            leg.amount := in_amount;
            leg.follows_id := first_id;
            leg.payer := in_route.payer;
            leg.payee := in_route.payee;
            leg.id := ledger.write(leg, in_batch, 0);
        END IF;
        first_id := coalesce(first_id, leg.id);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

-- Ends a hold: settle moves in_amount and lets go of the rest; void and expire let go of all.
CREATE OR REPLACE FUNCTION ledger.resolve(
    in_hold bigint, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    held ledger.transfer;
    leg ledger.transfer;
    first_id bigint;
BEGIN
    -- A closed account has no open hold: below it is told that this one has ended.
    PERFORM ledger.lock_legs(in_hold, '{open,frozen,closed}');
    FOR held IN SELECT * FROM ledger.legs(in_hold) LOOP
        DELETE FROM ledger.open_hold WHERE hold_id = held.id;
        IF NOT FOUND THEN
            PERFORM ledger.refuse('ZL011', 'the hold has ended already', jsonb_build_object('ended_by',
                (SELECT kind FROM ledger.transfer WHERE hold_id = held.id)));
        ELSIF in_kind = 'settle' AND held.expires_at <= in_batch.booked_at THEN
            PERFORM ledger.refuse('ZL012', 'the hold is past its expiry');
        ELSIF in_kind = 'expire' AND held.expires_at > in_batch.booked_at THEN
            PERFORM ledger.refuse('ZL013', 'the hold is not due yet');
        ELSIF in_amount > held.amount THEN
            PERFORM ledger.refuse('ZL014', 'more than was held', jsonb_build_object('held', held.amount));
        END IF;
        IF in_kind = 'settle' THEN
            leg := held;
            leg.kind := in_kind;
            leg.amount := in_amount;
            leg.follows_id := first_id;
            leg.hold_id := held.id;
            leg.hold_amount := held.amount;
            leg.id := ledger.write(leg, in_batch, held.amount);
        ELSE
            INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                         payer, payee, hold_id, hold_amount)
            VALUES (in_batch.id, in_kind, held.unit, held.debit_id, held.credit_id, held.amount, first_id,
                    held.payer, held.payee, held.id, held.amount)
            RETURNING * INTO leg;
            PERFORM ledger.release(held);
        END IF;
        first_id := coalesce(first_id, leg.id);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

-- Writes the opposite of a settlement or payment, legs and all.
CREATE OR REPLACE FUNCTION ledger.book_back(in_transfer bigint, in_batch ledger.batch) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    original ledger.transfer;
    leg ledger.transfer;
    first_id bigint;
BEGIN
    PERFORM ledger.lock_legs(in_transfer, '{open,frozen}');
    IF EXISTS (SELECT FROM ledger.transfer WHERE reverses_id = in_transfer) THEN
        PERFORM ledger.refuse('ZL017', 'the transfer was reversed before');
    ELSIF EXISTS (SELECT FROM ledger.made_whole WHERE transfer_id = in_transfer) THEN
        PERFORM ledger.refuse('ZL038', 'the pot made good for this transfer before');
    END IF;
    FOR original IN SELECT * FROM ledger.legs(in_transfer) LOOP
        leg.kind := 'reverse';
        leg.unit := original.unit;
        leg.debit_id := original.credit_id;
        leg.credit_id := original.debit_id;
        leg.amount := original.amount;
        leg.follows_id := first_id;
        leg.payer := original.payee;
        leg.payee := original.payer;
        leg.reverses_id := original.id;
        leg.reverses_kind := original.kind;
        leg.id := ledger.write(leg, in_batch, 0);
        first_id := coalesce(first_id, leg.id);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

-- One leg between accounts that are locked already, moved at once.
CREATE OR REPLACE FUNCTION ledger.book_leg(
    in_batch ledger.batch, in_unit ledger.unit, in_debit bigint, in_credit bigint, in_amount bigint,
    in_payer uuid, in_payee uuid
) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    leg ledger.transfer;
BEGIN
    leg.kind := 'pay';
    leg.unit := in_unit;
    leg.debit_id := in_debit;
    leg.credit_id := in_credit;
    leg.amount := in_amount;
    leg.payer := in_payer;
    leg.payee := in_payee;
    RETURN ledger.write(leg, in_batch, 0);
END
$$;
DROP FUNCTION ledger.move(ledger.transfer, ledger.batch, bigint);
DROP FUNCTION ledger.post(bigint, bigint, bigint, bigint, bigint, text);

CREATE OR REPLACE FUNCTION ledger.entry_in_an_open_month() RETURNS trigger
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
DROP TRIGGER in_an_open_month ON ledger.entry;
CREATE TRIGGER in_an_open_month AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.entry_in_an_open_month();

-- The shard for a key, as one finds it most of the time; a pot that is not there yet opens whole.
CREATE FUNCTION ledger.pot_shard(in_municipality integer, in_key text) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    number integer := ledger.shard_of(in_key);
    found_id bigint;
BEGIN
    SELECT id INTO found_id FROM ledger.account
        WHERE municipality_id = in_municipality AND unit = 'ROOSJE_MIN' AND kind = 'pot' AND owner_pseudonym IS NULL
            AND counter_municipality_id IS NULL AND shard = number;
    RETURN coalesce(found_id, (ledger.pot(in_municipality))[1 + number]);
END
$$;
REVOKE ALL ON FUNCTION ledger.pot_shard(integer, text) FROM PUBLIC;

-- A gift to the pot of one's own municipality.
CREATE OR REPLACE FUNCTION ledger.donate(
    in_key text, in_actor uuid, in_payer bigint, in_minutes bigint, in_occurred_at timestamptz,
    in_subject uuid, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_minutes::text, ledger.micros(in_occurred_at),
                                   in_subject::text, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'donate', in_key, body, in_subject, in_occurred_at, NULL, in_note_hash);
    payer ledger.account;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'donate', in_key, body);
    END IF;
    payer := ledger.existing(in_payer);
    IF payer.unit <> 'ROOSJE_MIN' OR payer.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    END IF;
    RETURN ledger.book_along(
        ROW(ARRAY[in_payer, ledger.pot_shard(payer.municipality_id, in_key)], payer.unit, payer.owner_pseudonym, NULL),
        'pay', batch, in_minutes, NULL);
END
$$;

-- Writes several payments of one event, all their accounts locked beforehand: all of them or none.
CREATE OR REPLACE FUNCTION ledger.book_all(in_routes ledger.route[], in_amounts bigint[], in_batch ledger.batch)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    accounts bigint[] := ARRAY(SELECT a FROM unnest(in_routes) r, unnest(r.accounts) a);
    leg ledger.booking;
    first_id bigint;
BEGIN
    PERFORM ledger.lock(accounts, '{open}');
    IF ledger.all_fit(in_routes, in_amounts) THEN
        RETURN ROW(in_batch.id, ledger.write_all(in_routes, in_amounts, in_batch), false);
    END IF;
    -- One by one, to name the first that a limit refuses.
    FOR i IN 1 .. cardinality(in_routes) LOOP
        leg := ledger.write_along(in_routes[i], 'pay', in_batch, in_amounts[i], NULL);
        first_id := coalesce(first_id, leg.transfer_id);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

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
REVOKE ALL ON FUNCTION
    ledger.all_fit(ledger.route[], bigint[]),
    ledger.write_all(ledger.route[], bigint[], ledger.batch),
    ledger.move_all(ledger.batch)
FROM PUBLIC;

-- Two years, in hours: days and months depend on the time zone of who writes.
ALTER TABLE ledger.batch ADD CONSTRAINT batch_in_living_memory CHECK (
    occurred_at BETWEEN booked_at - interval '17544 hours' AND booked_at + interval '17544 hours'
);
