-- How a booking changes balances and holds. The application cannot call these either.

-- A limit that was tightened past the balance follows it back, never the other way.
CREATE FUNCTION ledger.floor_in_force(in_floor bigint, in_before bigint, in_available bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$ SELECT least(in_floor, greatest(in_before, in_available)) $$;

CREATE FUNCTION ledger.ceiling_in_force(in_ceiling bigint, in_before bigint, in_balance bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$ SELECT greatest(in_ceiling, least(in_before, in_balance)) $$;

CREATE FUNCTION ledger.refuse_limit(in_account bigint, in_delta bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    account ledger.account := ledger.existing(in_account);
BEGIN
    IF in_delta > 0 THEN
        PERFORM ledger.refuse('ZL006', 'the account would pass its ceiling', jsonb_build_object(
            'account', account.id, 'asked', in_delta,
            'room', account.max_balance - account.posted - account.held_in));
    END IF;
    PERFORM ledger.refuse(CASE account.kind WHEN 'clearing' THEN 'ZL008' ELSE 'ZL005' END,
        'the account would pass its floor', jsonb_build_object(
            'account', account.id, 'asked', -in_delta,
            'room', account.posted - account.held_out - account.min_available));
END
$$;

-- Sets minutes aside on both sides of a hold.
CREATE FUNCTION ledger.reserve(in_hold ledger.transfer) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE ledger.account SET held_out = held_out + in_hold.amount
        WHERE id = in_hold.debit_id AND posted - held_out - in_hold.amount >= min_available;
    IF NOT FOUND THEN
        PERFORM ledger.refuse_limit(in_hold.debit_id, -in_hold.amount);
    END IF;
    UPDATE ledger.account SET held_in = held_in + in_hold.amount
        WHERE id = in_hold.credit_id AND posted + held_in + in_hold.amount <= max_balance;
    IF NOT FOUND THEN
        PERFORM ledger.refuse_limit(in_hold.credit_id, in_hold.amount);
    END IF;
    INSERT INTO ledger.open_hold (hold_id, debit_id, credit_id, amount, expires_at, follows_id)
    VALUES (in_hold.id, in_hold.debit_id, in_hold.credit_id, in_hold.amount,
            in_hold.expires_at, in_hold.follows_id);
END
$$;

-- Gives back what a hold set aside, for a void or an expiry.
CREATE FUNCTION ledger.release(in_hold ledger.transfer) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    rows_changed integer;
BEGIN
    UPDATE ledger.account SET
        held_out = held_out - out_amount,
        held_in = held_in - in_amount,
        min_available = ledger.floor_in_force(floor, min_available, posted - held_out + out_amount),
        max_balance = ledger.ceiling_in_force(ceiling, max_balance, posted + held_in - in_amount)
    FROM (VALUES (in_hold.debit_id, in_hold.amount, 0), (in_hold.credit_id, 0, in_hold.amount))
        AS side (account_id, out_amount, in_amount)
    WHERE id = account_id;
    GET DIAGNOSTICS rows_changed = ROW_COUNT;
    IF rows_changed <> 2 THEN
        PERFORM ledger.refuse('ZL099', 'a hold was released on one side only');
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

-- Writes a hold or a payment along its route, whose accounts are locked.
CREATE FUNCTION ledger.write_along(
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

CREATE FUNCTION ledger.book_along(
    in_route ledger.route, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
BEGIN
    -- Most routes are short; the other lock says what is wrong.
    IF cardinality(in_route.accounts) > 2 OR NOT ledger.lock_two(in_route.accounts[1], in_route.accounts[2]) THEN
        PERFORM ledger.lock(in_route.accounts, '{open}');
    END IF;
    RETURN ledger.write_along(in_route, in_kind, in_batch, in_amount, in_expires_at);
END
$$;

-- The legs of a transfer, by its first one.
CREATE FUNCTION ledger.legs(in_first bigint) RETURNS SETOF ledger.transfer
LANGUAGE sql STABLE ROWS 2
AS $$
    SELECT * FROM ledger.transfer WHERE (id = in_first AND follows_id IS NULL) OR follows_id = in_first
    ORDER BY id
$$;

CREATE FUNCTION ledger.lock_legs(in_first bigint, in_statuses ledger.account_status[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.lock(
        (SELECT array_agg(a) FROM ledger.legs(in_first), unnest(ARRAY[debit_id, credit_id]) a),
        in_statuses);
END
$$;

-- Ends a hold: settle moves in_amount and lets go of the rest; void and expire let go of all.
CREATE FUNCTION ledger.resolve(
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
CREATE FUNCTION ledger.book_back(in_transfer bigint, in_batch ledger.batch) RETURNS ledger.booking
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
