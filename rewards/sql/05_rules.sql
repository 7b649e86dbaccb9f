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
-- municipality trusts the payer's. Both are read at once; what makes an account another than it was never changes.
CREATE FUNCTION ledger.route_between(in_payer bigint, in_payee bigint) RETURNS ledger.route
LANGUAGE plpgsql
AS $$
DECLARE
    ends record;
    clearing bigint[];
BEGIN
    SELECT payer.id AS payer_id, payer.unit, payer.kind, payer.municipality_id AS home, payer.owner_pseudonym AS payer,
           payee.id AS payee_id, payee.unit AS payee_unit, payee.kind AS payee_kind,
           payee.municipality_id AS there, payee.owner_pseudonym AS payee
        INTO ends
        FROM (VALUES (in_payer, in_payee)) AS asked (payer_id, payee_id)
        LEFT JOIN ledger.account payer ON payer.id = asked.payer_id
        LEFT JOIN ledger.account payee ON payee.id = asked.payee_id;
    IF ends.payer_id IS NULL THEN
        PERFORM ledger.existing(in_payer);
    ELSIF ends.kind = 'pot' THEN
        -- A grant looks at who asks, for whom and how much: nothing leaves a pot past that.
        PERFORM ledger.refuse('ZL022', 'the pot gives by grants only');
    ELSIF ends.payee_id IS NULL THEN
        PERFORM ledger.existing(in_payee);
    ELSIF in_payer = in_payee THEN
        PERFORM ledger.refuse('ZL003', 'payer and payee are the same account');
    ELSIF ends.unit <> ends.payee_unit THEN
        PERFORM ledger.refuse('ZL004', 'the accounts have different units');
    ELSIF ends.unit <> 'ROOSJE_MIN'
        OR ends.kind NOT IN ('member', 'organisation')
        OR ends.payee_kind NOT IN ('member', 'organisation', 'pot') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    ELSIF ends.home = ends.there THEN
        RETURN ROW(ARRAY[in_payer, in_payee], ends.unit, ends.payer, ends.payee);
    END IF;
    SELECT array_agg(a.id ORDER BY a.municipality_id = ends.home DESC) INTO clearing
        FROM ledger.trust t JOIN ledger.account a ON a.kind = 'clearing' AND a.unit = ends.unit
            AND (a.municipality_id, a.counter_municipality_id) IN ((ends.home, ends.there), (ends.there, ends.home))
        WHERE t.municipality_id = ends.there AND t.counter_municipality_id = ends.home;
    IF clearing IS NULL THEN
        PERFORM ledger.refuse('ZL007', 'no trust between the municipalities', jsonb_build_object(
            'municipality', ends.there, 'counter_municipality', ends.home));
    END IF;
    RETURN ROW(ARRAY[in_payer, clearing[1], clearing[2], in_payee], ends.unit, ends.payer, ends.payee);
END
$$;

-- Locks two accounts that are there, in ascending order as `lock` does, in one plain statement; says whether both
-- are open. Asked of the count, not in WHERE: there the planner moves it below the locks, and one that is closed is
-- passed over and locked too late.
CREATE FUNCTION ledger.lock_two(in_one bigint, in_other bigint) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    both_open boolean;
BEGIN
    SELECT count(*) FILTER (WHERE status = 'open') = 2 INTO both_open FROM (
        SELECT status FROM ledger.account WHERE id IN (in_one, in_other) ORDER BY id FOR NO KEY UPDATE) locked;
    RETURN both_open;
END
$$;

-- Locks the accounts, always in ascending order, so that bookings wait for each other but never in a ring.
-- One plan for however many: without that each booking would plan this anew for its own list.
CREATE FUNCTION ledger.lock(in_accounts bigint[], in_statuses ledger.account_status[]) RETURNS void
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
