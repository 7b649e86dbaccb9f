-- The one clock of the program. Holds, links and deadlines ask it; only the owner can move it,
-- so that tests and the demonstration travel in time while the application cannot.

CREATE SCHEMA ledger;

CREATE TABLE ledger.clock (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT clock_one_row CHECK (only_row),
    ahead_seconds numeric NOT NULL DEFAULT 0
);
INSERT INTO ledger.clock DEFAULT VALUES;

CREATE FUNCTION ledger.now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT clock_timestamp() + make_interval(secs => ahead_seconds::double precision) FROM ledger.clock
$$;

-- Moves the clock on (or back, when negative) and says what time it is then. A month counts as 30 days.
CREATE FUNCTION ledger.shift(in_by interval) RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE ledger.clock SET ahead_seconds = ahead_seconds + extract(epoch FROM in_by);
    SELECT ledger.now();
$$;

-- Accounts: who holds how much of what. A row is never deleted and never becomes another account.

CREATE TYPE ledger.unit AS ENUM ('ROOSJE_MIN', 'VOUCHER', 'EURCENT', 'WELFARE_CENT');
CREATE TYPE ledger.account_kind AS ENUM (
    'member', 'organisation', 'pot', 'issuer', 'desk', 'provider', 'clearing', 'suspense', 'expired'
);
CREATE TYPE ledger.account_status AS ENUM ('open', 'frozen', 'closed');

CREATE TABLE ledger.account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_id integer NOT NULL,
    unit ledger.unit NOT NULL,
    kind ledger.account_kind NOT NULL,
    owner_pseudonym uuid,
    counter_municipality_id integer,
    shard smallint NOT NULL DEFAULT 0,
    status ledger.account_status NOT NULL DEFAULT 'open',
    -- The limits as they were set ...
    floor bigint NOT NULL,
    ceiling bigint NOT NULL,
    -- ... and as they are in force: a limit tightened past the balance lets the balance be,
    -- blocks whatever would take it further away, and follows it home.
    min_available bigint NOT NULL,
    max_balance bigint NOT NULL,
    posted bigint NOT NULL DEFAULT 0,
    held_out bigint NOT NULL DEFAULT 0,
    held_in bigint NOT NULL DEFAULT 0,
    -- The end of the account's chain of entries.
    entries bigint NOT NULL DEFAULT 0,
    head bytea,
    opened_at timestamptz NOT NULL,

    CONSTRAINT account_natural_key UNIQUE NULLS NOT DISTINCT
        (municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard),
    CONSTRAINT account_unit UNIQUE (id, unit),
    CONSTRAINT account_municipality CHECK (municipality_id BETWEEN 1 AND 9999),
    CONSTRAINT account_owner
        CHECK ((kind IN ('member', 'organisation', 'provider')) = (owner_pseudonym IS NOT NULL)),
    CONSTRAINT account_counter CHECK ((kind = 'clearing') = (counter_municipality_id IS NOT NULL)),
    CONSTRAINT account_counter_is_another CHECK (counter_municipality_id <> municipality_id),
    CONSTRAINT account_shard CHECK (shard = 0 OR (kind = 'pot' AND shard BETWEEN 1 AND 63)),
    CONSTRAINT account_limits_around_zero
        CHECK (floor BETWEEN -1000000000000 AND 0 AND ceiling BETWEEN 0 AND 1000000000000),
    CONSTRAINT account_limits_in_force CHECK (min_available <= floor AND max_balance >= ceiling),
    CONSTRAINT account_held CHECK (held_out >= 0 AND held_in >= 0),
    CONSTRAINT account_floor CHECK (posted - held_out >= min_available),
    CONSTRAINT account_ceiling CHECK (posted + held_in <= max_balance),
    CONSTRAINT account_head
        CHECK ((entries = 0 AND head IS NULL AND posted = 0) OR (entries > 0 AND head IS NOT NULL)),
    CONSTRAINT account_closed_is_empty
        CHECK (status <> 'closed' OR (posted = 0 AND held_out = 0 AND held_in = 0))
) WITH (fillfactor = 70);

CREATE INDEX account_by_owner ON ledger.account (owner_pseudonym) WHERE owner_pseudonym IS NOT NULL;

-- How far one municipality goes along with another: the most, in minutes, that its helpers may have
-- helped the other's residents on balance. It is the floor of clearing(municipality -> counter).
CREATE TABLE ledger.trust (
    municipality_id integer NOT NULL,
    counter_municipality_id integer NOT NULL,
    limit_minutes bigint NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, counter_municipality_id),
    CONSTRAINT trust_in_another CHECK (municipality_id <> counter_municipality_id),
    CONSTRAINT trust_limit CHECK (limit_minutes BETWEEN 0 AND 1000000000000)
);

-- Transfers: one debit account, one credit account, one amount. What was written stays written.

CREATE TYPE ledger.transfer_kind AS ENUM ('hold', 'settle', 'void', 'expire', 'pay', 'reverse');

-- One event: what somebody did once. Its transfers are written in the same transaction.
-- The key is the caller's and opaque; it is kept for ever, together with a hash of what was asked.
CREATE TABLE ledger.batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    subject uuid,
    reason text,
    note_hash bytea,
    occurred_at timestamptz NOT NULL,
    booked_at timestamptz NOT NULL,

    CONSTRAINT batch_once UNIQUE (actor, operation, key),
    CONSTRAINT batch_operation CHECK (operation ~ '^[a-z_]{1,40}$'),
    CONSTRAINT batch_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT batch_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT batch_reason CHECK (reason ~ '^[a-z_]{1,40}$'),
    CONSTRAINT batch_note_hash CHECK (octet_length(note_hash) = 32),
    CONSTRAINT batch_reversal_has_a_reason CHECK (operation <> 'reverse' OR reason IS NOT NULL),
    CONSTRAINT batch_times CHECK (isfinite(occurred_at) AND isfinite(booked_at))
);

CREATE INDEX batch_by_subject ON ledger.batch (subject) WHERE subject IS NOT NULL;

CREATE TABLE ledger.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES ledger.batch,
    kind ledger.transfer_kind NOT NULL,
    unit ledger.unit NOT NULL,
    debit_id bigint NOT NULL,
    credit_id bigint NOT NULL,
    amount bigint NOT NULL,
    -- Between municipalities a transfer has two legs; the second follows the first.
    follows_id bigint REFERENCES ledger.transfer,
    -- The pseudonyms at the two ends, also when a leg ends at a clearing account.
    payer uuid,
    payee uuid,
    expires_at timestamptz,
    -- settle, void and expire end a hold between the same accounts; a settlement may be for less.
    hold_id bigint,
    hold_kind ledger.transfer_kind
        GENERATED ALWAYS AS (CASE WHEN hold_id IS NOT NULL THEN 'hold'::ledger.transfer_kind END) STORED,
    hold_amount bigint,
    -- A reversal is the exact opposite of what it reverses, and is not itself reversed.
    reverses_id bigint,
    reverses_kind ledger.transfer_kind,

    CONSTRAINT transfer_identity UNIQUE (id, kind, unit, debit_id, credit_id, amount),
    CONSTRAINT transfer_debit FOREIGN KEY (debit_id, unit) REFERENCES ledger.account (id, unit),
    CONSTRAINT transfer_credit FOREIGN KEY (credit_id, unit) REFERENCES ledger.account (id, unit),
    CONSTRAINT transfer_of_the_hold
        FOREIGN KEY (hold_id, hold_kind, unit, debit_id, credit_id, hold_amount)
        REFERENCES ledger.transfer (id, kind, unit, debit_id, credit_id, amount),
    CONSTRAINT transfer_opposite
        FOREIGN KEY (reverses_id, reverses_kind, unit, credit_id, debit_id, amount)
        REFERENCES ledger.transfer (id, kind, unit, debit_id, credit_id, amount),
    CONSTRAINT transfer_two_accounts CHECK (debit_id <> credit_id),
    CONSTRAINT transfer_amount CHECK (amount BETWEEN 1 AND 1000000000),
    CONSTRAINT transfer_expiry CHECK ((kind = 'hold') = (expires_at IS NOT NULL) AND isfinite(expires_at)),
    CONSTRAINT transfer_resolution CHECK (
        (kind IN ('settle', 'void', 'expire')) = (hold_id IS NOT NULL)
        AND (hold_id IS NULL) = (hold_amount IS NULL)
    ),
    CONSTRAINT transfer_within_the_hold CHECK (amount <= hold_amount),
    CONSTRAINT transfer_release_is_whole CHECK (kind NOT IN ('void', 'expire') OR amount = hold_amount),
    CONSTRAINT transfer_reversal CHECK (
        (kind = 'reverse') = (reverses_id IS NOT NULL)
        AND (reverses_id IS NULL) = (reverses_kind IS NULL)
    ),
    CONSTRAINT transfer_reversible CHECK (reverses_kind IN ('settle', 'pay')),
    CONSTRAINT transfer_reversed_once UNIQUE (reverses_id)
);

CREATE UNIQUE INDEX transfer_resolved_once ON ledger.transfer (hold_id)
    WHERE kind IN ('settle', 'void', 'expire');
CREATE UNIQUE INDEX transfer_second_leg ON ledger.transfer (follows_id) WHERE follows_id IS NOT NULL;
CREATE INDEX transfer_by_batch ON ledger.transfer (batch_id);

-- The holds that still wait, so that finding the due ones does not search through history.
-- The only rows here that go away; check I3 compares them with the transfers.
CREATE TABLE ledger.open_hold (
    hold_id bigint PRIMARY KEY REFERENCES ledger.transfer,
    debit_id bigint NOT NULL REFERENCES ledger.account,
    credit_id bigint NOT NULL REFERENCES ledger.account,
    amount bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    follows_id bigint
);

CREATE INDEX open_hold_by_debit ON ledger.open_hold (debit_id);
CREATE INDEX open_hold_by_credit ON ledger.open_hold (credit_id);
CREATE INDEX open_hold_by_expiry ON ledger.open_hold (expires_at) WHERE follows_id IS NULL;

-- Entries: what a transfer did to each of its two accounts, as a chain per account.
-- The foreign key makes a missing, doubled or reordered entry impossible to write.

CREATE TABLE ledger.entry (
    account_id bigint NOT NULL REFERENCES ledger.account,
    seq bigint NOT NULL,
    transfer_id bigint NOT NULL REFERENCES ledger.transfer,
    delta bigint NOT NULL,
    prev_seq bigint GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
    prev_balance bigint NOT NULL,
    balance bigint NOT NULL,
    prev_hash bytea,
    hash bytea NOT NULL,

    PRIMARY KEY (account_id, seq),
    CONSTRAINT entry_link UNIQUE (account_id, seq, balance, hash),
    CONSTRAINT entry_once UNIQUE (transfer_id, account_id),
    CONSTRAINT entry_moves CHECK (delta <> 0),
    CONSTRAINT entry_sum CHECK (balance = prev_balance + delta),
    CONSTRAINT entry_hash CHECK (octet_length(hash) = 32),
    -- A composite foreign key with a NULL in it is not checked: only the first entry may have one.
    CONSTRAINT entry_first_or_linked CHECK (
        (seq = 1 AND prev_hash IS NULL AND prev_balance = 0) OR (seq > 1 AND prev_hash IS NOT NULL)
    ),
    CONSTRAINT entry_chain FOREIGN KEY (account_id, prev_seq, prev_balance, prev_hash)
        REFERENCES ledger.entry (account_id, seq, balance, hash)
);

-- An account's balance is the balance of an entry, not a number of its own.
ALTER TABLE ledger.account ADD CONSTRAINT account_is_its_last_entry
    FOREIGN KEY (id, entries, posted, head) REFERENCES ledger.entry (account_id, seq, balance, hash);

-- The text that is hashed: everything that was booked, in pseudonyms, without the caller's key.
CREATE FUNCTION ledger.canonical(in_transfer ledger.transfer, in_batch ledger.batch) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT array_to_string(ARRAY[
        in_transfer.id::text, in_transfer.batch_id::text, in_transfer.follows_id::text,
        in_transfer.kind::text, in_transfer.unit::text,
        in_transfer.debit_id::text, in_transfer.credit_id::text, in_transfer.amount::text,
        in_transfer.payer::text, in_transfer.payee::text,
        in_transfer.hold_id::text, in_transfer.reverses_id::text,
        in_batch.actor::text, in_batch.operation, encode(in_batch.body_hash, 'hex'),
        in_batch.subject::text, in_batch.reason, encode(in_batch.note_hash, 'hex'),
        (extract(epoch FROM in_batch.occurred_at) * 1000000)::bigint::text,
        (extract(epoch FROM in_batch.booked_at) * 1000000)::bigint::text
    ], '|', '')
$$;

CREATE FUNCTION ledger.entry_hash(
    in_prev bytea, in_account bigint, in_seq bigint, in_delta bigint, in_balance bigint, in_canonical text
) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256(
        coalesce(in_prev, ''::bytea)
        || convert_to(concat_ws('|', in_account, in_seq, in_delta, in_balance, in_canonical), 'UTF8')
    )
$$;

-- Append-only, for the owner as well.
CREATE FUNCTION ledger.forbid() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'ZL090', TABLE = TG_TABLE_NAME,
        MESSAGE = 'ledger.' || TG_TABLE_NAME || ' allows no ' || TG_OP;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.batch
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON ledger.account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER never_another BEFORE UPDATE OF
        id, municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard, opened_at
    ON ledger.account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- What every booking goes through first: its key, its route, its locks. The application cannot call these.

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

-- What the application may call. Each runs as the owner with a fixed search path, checks what it
-- changed, and either books everything or raises one of the codes that rewards/errors.py lists.

-- The account with this natural key, opened when there is none yet; limits count at opening only.
CREATE FUNCTION ledger.open_account(
    in_municipality integer, in_unit ledger.unit, in_kind ledger.account_kind, in_owner uuid,
    in_counter_municipality integer, in_shard integer, in_floor bigint, in_ceiling bigint
) RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
    credit_line boolean := in_unit = 'ROOSJE_MIN' AND in_kind IN ('member', 'organisation');
    -- These give what others hold, so they run below zero by their nature.
    source boolean := in_kind IN ('issuer', 'desk', 'provider', 'suspense', 'expired');
BEGIN
    in_floor := coalesce(in_floor, CASE WHEN credit_line THEN -720 WHEN source THEN -1000000000000 ELSE 0 END);
    in_ceiling := coalesce(in_ceiling, CASE WHEN credit_line THEN 3600 ELSE 1000000000000 END);
    INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard,
                                floor, ceiling, min_available, max_balance, opened_at)
    VALUES (in_municipality, in_unit, in_kind, in_owner, in_counter_municipality, in_shard,
            in_floor, in_ceiling, in_floor, in_ceiling, ledger.now())
    ON CONFLICT ON CONSTRAINT account_natural_key DO NOTHING
    RETURNING * INTO account;
    IF account.id IS NULL THEN
        SELECT * INTO STRICT account FROM ledger.account
            WHERE municipality_id = in_municipality AND unit = in_unit AND kind = in_kind
                AND owner_pseudonym IS NOT DISTINCT FROM in_owner
                AND counter_municipality_id IS NOT DISTINCT FROM in_counter_municipality
                AND shard = in_shard;
    END IF;
    RETURN account;
END
$$;

CREATE FUNCTION ledger.set_limits(in_account bigint, in_floor bigint, in_ceiling bigint)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
BEGIN
    IF (ledger.existing(in_account)).kind = 'clearing' THEN
        PERFORM ledger.refuse('ZL022', 'the limit of a clearing account is the trust');
    END IF;
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    UPDATE ledger.account SET
        floor = in_floor, min_available = least(in_floor, posted - held_out),
        ceiling = in_ceiling, max_balance = greatest(in_ceiling, posted + held_in)
    WHERE id = in_account RETURNING * INTO STRICT account;
    RETURN account;
END
$$;

-- frozen: nothing new, what was agreed is still settled; closed: empty, for good.
CREATE FUNCTION ledger.set_status(in_account bigint, in_status ledger.account_status)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
BEGIN
    PERFORM ledger.existing(in_account);
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    account := ledger.existing(in_account);
    IF in_status = 'closed' AND (account.posted, account.held_out, account.held_in) <> (0, 0, 0) THEN
        PERFORM ledger.refuse('ZL019', 'the account is not empty');
    END IF;
    UPDATE ledger.account SET status = in_status WHERE id = in_account RETURNING * INTO STRICT account;
    RETURN account;
END
$$;

-- Records the trust, opens both clearing accounts and sets the floor of this side's.
CREATE FUNCTION ledger.set_trust(
    in_municipality integer, in_counter integer, in_limit bigint, in_actor uuid
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine bigint;
BEGIN
    -- Both directions take the two accounts in the same order, whoever sets the trust.
    PERFORM ledger.open_account(least(in_municipality, in_counter), 'ROOSJE_MIN', 'clearing', NULL,
                                greatest(in_municipality, in_counter), 0, NULL, NULL);
    PERFORM ledger.open_account(greatest(in_municipality, in_counter), 'ROOSJE_MIN', 'clearing', NULL,
                                least(in_municipality, in_counter), 0, NULL, NULL);
    SELECT id INTO STRICT mine FROM ledger.account
        WHERE kind = 'clearing' AND unit = 'ROOSJE_MIN' AND shard = 0
            AND municipality_id = in_municipality AND counter_municipality_id = in_counter;
    INSERT INTO ledger.trust VALUES (in_municipality, in_counter, in_limit, in_actor, ledger.now())
    ON CONFLICT (municipality_id, counter_municipality_id) DO UPDATE
        SET limit_minutes = excluded.limit_minutes, set_by = excluded.set_by, set_at = excluded.set_at;
    PERFORM ledger.lock(ARRAY[mine], '{open,frozen}');
    UPDATE ledger.account SET floor = -in_limit, min_available = least(-in_limit, posted - held_out)
        WHERE id = mine;
END
$$;

CREATE FUNCTION ledger.hold(
    in_key text, in_actor uuid, in_asker bigint, in_helper bigint, in_minutes bigint,
    in_expires_at timestamptz, in_occurred_at timestamptz, in_subject uuid
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_asker::text, in_helper::text, in_minutes::text,
        ledger.micros(in_expires_at), ledger.micros(in_occurred_at), in_subject::text);
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'hold', in_key, body, in_subject, in_occurred_at, NULL, NULL);
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'hold', in_key, body);
    ELSIF in_expires_at <= batch.booked_at THEN
        PERFORM ledger.refuse('ZL018', 'the hold would expire in the past');
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_asker, in_helper), 'hold', batch, in_minutes, in_expires_at);
END
$$;

CREATE FUNCTION ledger.pay(
    in_key text, in_actor uuid, in_payer bigint, in_payee bigint, in_minutes bigint,
    in_occurred_at timestamptz, in_subject uuid, in_reason text, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_payee::text, in_minutes::text,
        ledger.micros(in_occurred_at), in_subject::text, in_reason, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'pay', in_key, body, in_subject, in_occurred_at, in_reason, in_note_hash);
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'pay', in_key, body);
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_payer, in_payee), 'pay', batch, in_minutes, NULL);
END
$$;

-- The three ways in which a hold ends; in_minutes only for settle.
CREATE FUNCTION ledger.end_hold(
    in_kind ledger.transfer_kind, in_key text, in_actor uuid, in_hold bigint, in_minutes bigint,
    in_occurred_at timestamptz, in_reason text
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    body bytea := ledger.body_hash(in_hold::text, in_minutes::text, ledger.micros(in_occurred_at), in_reason);
    about uuid;
    batch ledger.batch;
BEGIN
    SELECT b.subject INTO about FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = in_hold AND t.kind = 'hold' AND t.follows_id IS NULL;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL010', 'no such hold', jsonb_build_object('hold', in_hold));
    END IF;
    batch := ledger.begin_batch(in_actor, in_kind::text, in_key, body, about, in_occurred_at, in_reason, NULL);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, in_kind::text, in_key, body);
    END IF;
    RETURN ledger.resolve(in_hold, in_kind, batch, in_minutes);
END
$$;

CREATE FUNCTION ledger.settle(
    in_key text, in_actor uuid, in_hold bigint, in_minutes bigint, in_occurred_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF in_minutes IS NULL THEN
        PERFORM ledger.refuse('ZL020', 'a settlement needs its minutes');
    END IF;
    RETURN ledger.end_hold('settle', in_key, in_actor, in_hold, in_minutes, in_occurred_at, NULL);
END
$$;

CREATE FUNCTION ledger.void(
    in_key text, in_actor uuid, in_hold bigint, in_occurred_at timestamptz, in_reason text
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ledger.end_hold('void', in_key, in_actor, in_hold, NULL, in_occurred_at, in_reason);
END
$$;

CREATE FUNCTION ledger.expire(in_key text, in_actor uuid, in_hold bigint) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ledger.end_hold('expire', in_key, in_actor, in_hold, NULL, NULL, NULL);
END
$$;

-- Ends the holds that are past their date, oldest first. All their accounts are locked beforehand and
-- in order, so that a row of expiries cannot deadlock with bookings.
CREATE FUNCTION ledger.expire_due(in_limit integer) RETURNS TABLE (hold_id bigint, subject uuid, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    due bigint[] := ARRAY(
        SELECT o.hold_id FROM ledger.open_hold o WHERE o.follows_id IS NULL AND o.expires_at <= ledger.now()
        ORDER BY o.expires_at LIMIT in_limit);
    ended ledger.booking;
BEGIN
    PERFORM ledger.lock(
        ARRAY(SELECT a FROM ledger.transfer t, unnest(ARRAY[t.debit_id, t.credit_id]) a
              WHERE t.kind = 'hold' AND (t.id = ANY (due) OR t.follows_id = ANY (due))),
        '{open,frozen,closed}');
    FOR hold_id, subject IN
        SELECT o.hold_id, b.subject FROM ledger.open_hold o
            JOIN ledger.transfer t ON t.id = o.hold_id JOIN ledger.batch b ON b.id = t.batch_id
        WHERE o.hold_id = ANY (due) ORDER BY o.expires_at, o.hold_id LOOP
        ended := ledger.end_hold('expire', 'hold:' || hold_id, '00000000-0000-0000-0000-000000000000',
                                 hold_id, NULL, NULL, NULL);
        transfer_id := ended.transfer_id;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Takes a settlement or payment back: once, whole, with a reason.
CREATE FUNCTION ledger.reverse(
    in_key text, in_actor uuid, in_transfer bigint, in_reason text, in_occurred_at timestamptz,
    in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_transfer::text, in_reason, ledger.micros(in_occurred_at),
                                   encode(in_note_hash, 'hex'));
    original record;
    batch ledger.batch;
BEGIN
    SELECT t.kind, b.subject INTO original FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = in_transfer AND t.follows_id IS NULL;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL015', 'no such transfer', jsonb_build_object('transfer', in_transfer));
    ELSIF original.kind NOT IN ('settle', 'pay') THEN
        PERFORM ledger.refuse('ZL016', 'only a settlement or a payment is reversed');
    END IF;
    batch := ledger.begin_batch(in_actor, 'reverse', in_key, body, original.subject, in_occurred_at,
                                in_reason, in_note_hash);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'reverse', in_key, body);
    END IF;
    RETURN ledger.book_back(in_transfer, batch);
END
$$;

-- Who sees and does what. Everybody else: nothing. The application role reads what its policies
-- show and calls the functions; it writes to no table.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO {application};
GRANT SELECT ON ledger.account, ledger.trust, ledger.batch, ledger.transfer, ledger.entry, ledger.open_hold
    TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.now(),
    ledger.open_account(integer, ledger.unit, ledger.account_kind, uuid, integer, integer, bigint, bigint),
    ledger.set_limits(bigint, bigint, bigint),
    ledger.set_status(bigint, ledger.account_status),
    ledger.set_trust(integer, integer, bigint, uuid),
    ledger.hold(text, uuid, bigint, bigint, bigint, timestamptz, timestamptz, uuid),
    ledger.pay(text, uuid, bigint, bigint, bigint, timestamptz, uuid, text, bytea),
    ledger.settle(text, uuid, bigint, bigint, timestamptz),
    ledger.void(text, uuid, bigint, timestamptz, text),
    ledger.expire(text, uuid, bigint),
    ledger.expire_due(integer),
    ledger.reverse(text, uuid, bigint, text, timestamptz, bytea)
TO {application};

ALTER TABLE ledger.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.trust ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.batch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.transfer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.open_hold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- The functions above run as the owner; under FORCE it would see nothing without a policy of its own.
CREATE POLICY owner_all ON ledger.account TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.trust TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.batch TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.transfer TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.entry TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.open_hold TO CURRENT_USER USING (true) WITH CHECK (true);

-- The rule is said once, on accounts; the other tables follow what one sees of those.
CREATE POLICY own ON ledger.account FOR SELECT
    USING (owner_pseudonym = (SELECT nullif(current_setting('app.pseudonym', true), ''))::uuid);
CREATE POLICY staff ON ledger.account FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));

CREATE POLICY staff ON ledger.trust FOR SELECT USING (
    municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
    OR counter_municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
);
CREATE POLICY with_account ON ledger.entry FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = account_id));
CREATE POLICY with_account ON ledger.transfer FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id IN (debit_id, credit_id)));
CREATE POLICY with_account ON ledger.open_hold FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id IN (debit_id, credit_id)));
CREATE POLICY with_transfer ON ledger.batch FOR SELECT
    USING (EXISTS (SELECT FROM ledger.transfer t WHERE t.batch_id = batch.id));

-- The invariants. Each view returns what is wrong, so nothing when all is well. They compute from the
-- rows again and trust no constraint.

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

CREATE VIEW ledger.open_by_transfers AS
    SELECT id, debit_id, credit_id, amount FROM ledger.transfer h
    WHERE kind = 'hold' AND NOT EXISTS (
        SELECT FROM ledger.transfer r WHERE r.hold_id = h.id AND r.kind IN ('settle', 'void', 'expire'));

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
    FULL JOIN ledger.open_by_transfers h
        ON (h.id, h.debit_id, h.credit_id, h.amount) = (o.hold_id, o.debit_id, o.credit_id, o.amount)
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
    LEFT JOIN ledger.trust t
        ON (t.municipality_id, t.counter_municipality_id) = (a.municipality_id, a.counter_municipality_id)
    WHERE a.kind = 'clearing' AND (
        m.id IS NULL OR a.posted + m.posted <> 0 OR a.held_out <> m.held_in
        OR a.floor <> -coalesce(t.limit_minutes, 0))
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

CREATE VIEW ledger.violation AS
    SELECT 'I1' AS invariant, * FROM ledger.broken_i1
    UNION ALL SELECT 'I2', * FROM ledger.broken_i2
    UNION ALL SELECT 'I3', * FROM ledger.broken_i3
    UNION ALL SELECT 'I4', * FROM ledger.broken_i4
    UNION ALL SELECT 'I5', * FROM ledger.broken_i5
    UNION ALL SELECT 'I6', * FROM ledger.broken_i6
    UNION ALL SELECT 'I7', * FROM ledger.broken_i7
    UNION ALL SELECT 'I8', * FROM ledger.broken_i8
    UNION ALL SELECT 'I9', * FROM ledger.broken_i9
    UNION ALL SELECT 'I10', * FROM ledger.broken_i10
    UNION ALL SELECT 'I11', * FROM ledger.broken_i11
    UNION ALL SELECT 'I14', * FROM ledger.broken_i14;

-- The nightly check runs as the application: it learns which ids are wrong and nothing about people.
-- A view borrows the owner's tables but not the owner's functions; these two only compute.
GRANT SELECT ON ledger.violation TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.canonical(ledger.transfer, ledger.batch),
    ledger.entry_hash(bytea, bigint, bigint, bigint, bigint, text)
TO {application};
