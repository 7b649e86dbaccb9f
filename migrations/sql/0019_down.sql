ALTER TABLE ledger.batch DROP CONSTRAINT batch_in_living_memory;

DROP TRIGGER in_an_open_month ON ledger.entry;
CREATE OR REPLACE FUNCTION ledger.entry_in_an_open_month() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.refuse_closed_month(NEW.account_id, t.batch_id) FROM ledger.transfer t WHERE t.id = NEW.transfer_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER in_an_open_month AFTER INSERT ON ledger.entry
    FOR EACH ROW EXECUTE FUNCTION ledger.entry_in_an_open_month();

-- Locks the accounts, always in ascending order, so that bookings wait for each other but never in a ring.
CREATE OR REPLACE FUNCTION ledger.lock(in_accounts bigint[], in_statuses ledger.account_status[]) RETURNS void
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

REVOKE ALL ON FUNCTION ledger.post(bigint, bigint, bigint, bigint, bigint, text) FROM PUBLIC;

-- Moves a transfer's amount; in_held is what a hold had set aside for it (0 without a hold).
CREATE FUNCTION ledger.move(in_leg ledger.transfer, in_batch ledger.batch, in_held bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    said text := ledger.canonical(in_leg, in_batch);
BEGIN
    PERFORM ledger.post(in_leg.debit_id, in_leg.id, -in_leg.amount, in_held, 0, said);
    PERFORM ledger.post(in_leg.credit_id, in_leg.id, in_leg.amount, 0, in_held, said);
    IF in_leg.kind = 'settle' THEN
        PERFORM ledger.earn(in_leg.credit_id, in_leg.amount);
    ELSIF in_leg.reverses_kind = 'settle' THEN
        PERFORM ledger.earn(in_leg.debit_id, -in_leg.amount);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION ledger.move(ledger.transfer, ledger.batch, bigint) FROM PUBLIC;

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
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                     payer, payee, reverses_id, reverses_kind)
        VALUES (in_batch.id, 'reverse', original.unit, original.credit_id, original.debit_id, original.amount,
                first_id, original.payee, original.payer, original.id, original.kind)
        RETURNING * INTO leg;
        first_id := coalesce(first_id, leg.id);
        PERFORM ledger.move(leg, in_batch, 0);
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
    INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, payer, payee)
    VALUES (in_batch.id, 'pay', in_unit, in_debit, in_credit, in_amount, in_payer, in_payee)
    RETURNING * INTO leg;
    PERFORM ledger.move(leg, in_batch, 0);
    RETURN leg.id;
END
$$;

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
    shards bigint[];
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'donate', in_key, body);
    END IF;
    payer := ledger.existing(in_payer);
    IF payer.unit <> 'ROOSJE_MIN' OR payer.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    END IF;
    shards := ledger.pot(payer.municipality_id);
    RETURN ledger.book_along(
        ledger.route_between(in_payer, shards[1 + ledger.shard_of(in_key)]), 'pay', batch, in_minutes, NULL);
END
$$;

-- Writes several payments of one event, all their accounts locked beforehand: all of them or none.
CREATE OR REPLACE FUNCTION ledger.book_all(in_routes ledger.route[], in_amounts bigint[], in_batch ledger.batch)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    route ledger.route;
    accounts bigint[] := '{}';
    leg ledger.booking;
    first_id bigint;
BEGIN
    FOREACH route IN ARRAY in_routes LOOP
        accounts := accounts || route.accounts;
    END LOOP;
    PERFORM ledger.lock(accounts, '{open}');
    FOR i IN 1 .. cardinality(in_routes) LOOP
        leg := ledger.write_along(in_routes[i], 'pay', in_batch, in_amounts[i], NULL);
        first_id := coalesce(first_id, leg.transfer_id);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

DROP FUNCTION ledger.write(ledger.transfer, ledger.batch, bigint);
DROP FUNCTION ledger.write_all(ledger.route[], bigint[], ledger.batch);
DROP FUNCTION ledger.move_all(ledger.batch);
DROP FUNCTION ledger.all_fit(ledger.route[], bigint[]);
DROP FUNCTION ledger.pot_shard(integer, text);
