-- payer -> payee, or payer -> clearing(A -> B) and clearing(B -> A) -> payee when the payee's
-- municipality trusts the payer's.
CREATE OR REPLACE FUNCTION ledger.route_between(in_payer bigint, in_payee bigint) RETURNS ledger.route
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

CREATE OR REPLACE FUNCTION ledger.book_along(
    in_route ledger.route, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.lock(in_route.accounts, '{open}');
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
    ELSIF (ledger.existing(in_payer)).kind = 'pot' THEN
        -- A grant looks at who asks, for whom and how much: nothing leaves a pot past that.
        PERFORM ledger.refuse('ZL022', 'the pot gives by grants only');
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_payer, in_payee), 'pay', batch, in_minutes, NULL);
END
$$;

DROP FUNCTION ledger.lock_two(bigint, bigint);
