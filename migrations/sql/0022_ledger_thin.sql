-- A booking reads both accounts at once, and locks two of them in one plain statement.

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
REVOKE ALL ON FUNCTION ledger.lock_two(bigint, bigint) FROM PUBLIC;

-- payer -> payee, or payer -> clearing(A -> B) and clearing(B -> A) -> payee when the payee's
-- municipality trusts the payer's. Both are read at once; what makes an account another than it was never changes.
CREATE OR REPLACE FUNCTION ledger.route_between(in_payer bigint, in_payee bigint) RETURNS ledger.route
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

CREATE OR REPLACE FUNCTION ledger.book_along(
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

CREATE OR REPLACE FUNCTION ledger.pay(
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
