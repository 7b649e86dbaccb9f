-- The steps that the public functions share. The application cannot call these.

CREATE TYPE ledger.booking AS (batch_id bigint, transfer_id bigint, hit boolean);
-- Where minutes go: pairs of debit and credit account, one pair within a municipality, two across.
CREATE TYPE ledger.route AS (accounts bigint[], unit ledger.unit, payer uuid, payee uuid);

CREATE FUNCTION ledger.refuse(in_code text, in_message text, in_details jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = in_code, MESSAGE = in_message, DETAIL = in_details::text;
END
$$;

-- The hash of what was asked; the caller lists all that makes one request differ from another.
CREATE FUNCTION ledger.body_hash(VARIADIC in_parts text[]) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256(convert_to(array_to_string(in_parts, '|', ''), 'UTF8'))
$$;

CREATE FUNCTION ledger.micros(in_at timestamptz) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT (extract(epoch FROM in_at) * 1000000)::bigint::text
$$;

-- Opens a batch under its key. No row comes back when the key was used before: a second caller with
-- the same key waits here until the first has committed or given up.
CREATE FUNCTION ledger.begin_batch(
    in_actor uuid, in_operation text, in_key text, in_body bytea, in_subject uuid,
    in_occurred_at timestamptz, in_reason text, in_note_hash bytea
) RETURNS ledger.batch
LANGUAGE plpgsql
AS $$
DECLARE
    opened ledger.batch;
    moment timestamptz := ledger.now();
BEGIN
    INSERT INTO ledger.batch
        (actor, operation, key, body_hash, subject, reason, note_hash, occurred_at, booked_at)
    VALUES (in_actor, in_operation, in_key, in_body, in_subject, in_reason, in_note_hash,
            coalesce(in_occurred_at, moment), moment)
    ON CONFLICT (actor, operation, key) DO NOTHING
    RETURNING * INTO opened;
    RETURN opened;
END
$$;

-- What the key booked the first time; refused when something else is asked under it now.
CREATE FUNCTION ledger.first_result(in_actor uuid, in_operation text, in_key text, in_body bytea)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    earlier ledger.batch;
    result ledger.booking;
BEGIN
    SELECT * INTO STRICT earlier FROM ledger.batch
        WHERE actor = in_actor AND operation = in_operation AND key = in_key;
    IF earlier.body_hash <> in_body THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    SELECT earlier.id, min(id), true INTO result FROM ledger.transfer WHERE batch_id = earlier.id;
    RETURN result;
END
$$;

CREATE FUNCTION ledger.existing(in_account bigint) RETURNS ledger.account
LANGUAGE plpgsql
AS $$
DECLARE
    account ledger.account;
BEGIN
    SELECT * INTO account FROM ledger.account WHERE id = in_account;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL001', 'no such account', jsonb_build_object('account', in_account));
    END IF;
    RETURN account;
END
$$;

-- payer -> payee, or payer -> clearing(A -> B) and clearing(B -> A) -> payee when the payee's
-- municipality trusts the payer's.
CREATE FUNCTION ledger.route_between(in_payer bigint, in_payee bigint) RETURNS ledger.route
LANGUAGE plpgsql
AS $$
DECLARE
    payer ledger.account := ledger.existing(in_payer);
    payee ledger.account := ledger.existing(in_payee);
    clearing bigint[];
BEGIN
    IF in_payer = in_payee THEN
        PERFORM ledger.refuse('ZL003', 'payer and payee are the same account');
    ELSIF payer.unit <> payee.unit THEN
        PERFORM ledger.refuse('ZL004', 'the accounts have different units');
    ELSIF payer.unit <> 'ROOSJE_MIN'
        OR payer.kind NOT IN ('member', 'organisation', 'pot')
        OR payee.kind NOT IN ('member', 'organisation', 'pot') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    ELSIF payer.municipality_id = payee.municipality_id THEN
        RETURN ROW(ARRAY[in_payer, in_payee], payer.unit, payer.owner_pseudonym, payee.owner_pseudonym);
    END IF;
    SELECT array_agg(a.id ORDER BY a.municipality_id = payer.municipality_id DESC) INTO clearing
        FROM ledger.trust t JOIN ledger.account a ON a.kind = 'clearing' AND a.unit = payer.unit
            AND (a.municipality_id, a.counter_municipality_id) IN (
                (payer.municipality_id, payee.municipality_id),
                (payee.municipality_id, payer.municipality_id))
        WHERE t.municipality_id = payee.municipality_id
            AND t.counter_municipality_id = payer.municipality_id;
    IF clearing IS NULL THEN
        PERFORM ledger.refuse('ZL007', 'no trust between the municipalities', jsonb_build_object(
            'municipality', payee.municipality_id, 'counter_municipality', payer.municipality_id));
    END IF;
    RETURN ROW(ARRAY[in_payer, clearing[1], clearing[2], in_payee],
               payer.unit, payer.owner_pseudonym, payee.owner_pseudonym);
END
$$;

-- Locks the accounts, always in ascending order, so that bookings wait for each other but never in a ring.
CREATE FUNCTION ledger.lock(in_accounts bigint[], in_statuses ledger.account_status[]) RETURNS void
LANGUAGE plpgsql
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
    -- A policy that hides a row must not turn a booking into half a booking.
    IF number_locked <> (SELECT count(DISTINCT a) FROM unnest(in_accounts) a) THEN
        PERFORM ledger.refuse('ZL099', 'not every account could be locked');
    END IF;
END
$$;

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

-- One entry, and the account that ends in it; out of what was held, where it was held.
CREATE FUNCTION ledger.post(
    in_account bigint, in_transfer bigint, in_delta bigint, in_from_out bigint, in_from_in bigint,
    in_canonical text
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    WITH line AS (
        INSERT INTO ledger.entry
            (account_id, seq, transfer_id, delta, prev_balance, balance, prev_hash, hash)
        SELECT id, entries + 1, in_transfer, in_delta, posted, posted + in_delta, head,
               ledger.entry_hash(head, id, entries + 1, in_delta, posted + in_delta, in_canonical)
        FROM ledger.account WHERE id = in_account
        RETURNING account_id, seq, balance, hash
    )
    UPDATE ledger.account SET
        posted = line.balance,
        entries = line.seq,
        head = line.hash,
        held_out = held_out - in_from_out,
        held_in = held_in - in_from_in,
        min_available = ledger.floor_in_force(floor, min_available, line.balance - held_out + in_from_out),
        max_balance = ledger.ceiling_in_force(ceiling, max_balance, line.balance + held_in - in_from_in)
    FROM line
    WHERE id = line.account_id
        AND line.balance - held_out + in_from_out >= min_available
        AND line.balance + held_in - in_from_in <= max_balance;
    IF NOT FOUND THEN
        PERFORM ledger.refuse_limit(in_account, in_delta);
    END IF;
END
$$;

-- Moves a transfer's amount; in_held is what a hold had set aside for it (0 without a hold).
CREATE FUNCTION ledger.move(in_leg ledger.transfer, in_batch ledger.batch, in_held bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    said text := ledger.canonical(in_leg, in_batch);
BEGIN
    PERFORM ledger.post(in_leg.debit_id, in_leg.id, -in_leg.amount, in_held, 0, said);
    PERFORM ledger.post(in_leg.credit_id, in_leg.id, in_leg.amount, 0, in_held, said);
END
$$;

-- Writes a hold or a payment along its route.
CREATE FUNCTION ledger.book_along(
    in_route ledger.route, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    leg ledger.transfer;
    first_id bigint;
BEGIN
    PERFORM ledger.lock(in_route.accounts, '{open}');
    FOR i IN 1 .. cardinality(in_route.accounts) BY 2 LOOP
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                     payer, payee, expires_at)
        VALUES (in_batch.id, in_kind, in_route.unit, in_route.accounts[i], in_route.accounts[i + 1],
                in_amount, first_id, in_route.payer, in_route.payee, in_expires_at)
        RETURNING * INTO leg;
        first_id := coalesce(first_id, leg.id);
        IF in_kind = 'hold' THEN
            PERFORM ledger.reserve(leg);
        ELSE
            PERFORM ledger.move(leg, in_batch, 0);
        END IF;
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

-- The legs of a transfer, by its first one.
CREATE FUNCTION ledger.legs(in_first bigint) RETURNS SETOF ledger.transfer
LANGUAGE sql STABLE ROWS 2
AS $$
    SELECT * FROM ledger.transfer WHERE (id = in_first AND follows_id IS NULL) OR follows_id = in_first
    ORDER BY id
$$;

CREATE FUNCTION ledger.lock_legs(in_first bigint) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.lock(
        (SELECT array_agg(a) FROM ledger.legs(in_first), unnest(ARRAY[debit_id, credit_id]) a),
        '{open,frozen}');
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
    PERFORM ledger.lock_legs(in_hold);
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
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                     payer, payee, hold_id, hold_amount)
        VALUES (in_batch.id, in_kind, held.unit, held.debit_id, held.credit_id,
                coalesce(in_amount, held.amount), first_id, held.payer, held.payee, held.id, held.amount)
        RETURNING * INTO leg;
        first_id := coalesce(first_id, leg.id);
        IF in_kind = 'settle' THEN
            PERFORM ledger.move(leg, in_batch, held.amount);
        ELSE
            PERFORM ledger.release(held);
        END IF;
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;
