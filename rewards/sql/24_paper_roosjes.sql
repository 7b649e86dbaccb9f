-- Paper Roosjes: minutes taken off an account onto papers, handed in once by whoever holds one.

-- Both clearing accounts on the way from one municipality to another; NULL without trust of the second in the first.
CREATE FUNCTION ledger.clearing_between(in_from integer, in_to integer, in_unit ledger.unit) RETURNS bigint[]
LANGUAGE sql STABLE
AS $$
    SELECT array_agg(a.id ORDER BY a.municipality_id = in_from DESC)
    FROM ledger.trust t JOIN ledger.account a ON a.kind = 'clearing' AND a.unit = in_unit
        AND (a.municipality_id, a.counter_municipality_id) IN ((in_from, in_to), (in_to, in_from))
    WHERE t.municipality_id = in_to AND t.counter_municipality_id = in_from
$$;

-- The account pays when the papers are issued, within its limits, holds included.
CREATE FUNCTION ledger.issue(
    in_key text, in_actor uuid, in_account bigint, in_hashes bytea[], in_minutes bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_account::text, cardinality(in_hashes)::text, in_minutes::text,
                                   ledger.micros(in_expires_at));
    batch ledger.batch := ledger.begin_batch(in_actor, 'issue', in_key, body, NULL, NULL, NULL, NULL);
    issuer ledger.account;
    suspense bigint;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'issue', in_key, body);
    END IF;
    issuer := ledger.expect(in_account, 'ROOSJE_MIN', 'member', 'organisation');
    suspense := ledger.municipal(issuer.municipality_id, 'ROOSJE_MIN', 'suspense');
    PERFORM ledger.lock(ARRAY[in_account, suspense], '{open}');
    PERFORM ledger.write_serials(batch, in_hashes, 'ROOSJE_MIN', in_minutes, suspense, in_account, in_expires_at);
    leg := ledger.book_leg(batch, 'ROOSJE_MIN', in_account, suspense, in_minutes * cardinality(in_hashes),
                           issuer.owner_pseudonym, NULL);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Whoever holds the paper gets its minutes, across municipalities as a payment would. The paper does not say whose
-- it was: it is given away like cash.
CREATE FUNCTION ledger.hand_in(in_key text, in_actor uuid, in_hash bytea, in_account bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(encode(in_hash, 'hex'), in_account::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'hand_in', in_key, body, NULL, NULL, NULL, NULL);
    holder ledger.account;
    paper ledger.serial;
    of_municipality integer;
    clearing bigint[] := '{}';
    accounts bigint[];
    result ledger.booking;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'hand_in', in_key, body);
    END IF;
    holder := ledger.expect(in_account, 'ROOSJE_MIN', 'member', 'organisation');
    paper := ledger.outstanding(in_hash, 'ROOSJE_MIN', batch.booked_at);
    of_municipality := (ledger.existing(paper.suspense_id)).municipality_id;
    IF of_municipality <> holder.municipality_id THEN
        clearing := ledger.clearing_between(of_municipality, holder.municipality_id, 'ROOSJE_MIN');
    END IF;
    IF clearing IS NULL THEN
        PERFORM ledger.refuse_serial();
    END IF;
    accounts := paper.suspense_id || clearing || in_account;
    PERFORM ledger.lock_papers(ARRAY[paper.id], accounts);
    result := ledger.book_along(ROW(accounts, paper.unit, NULL, holder.owner_pseudonym),
                                'pay', batch, paper.amount, NULL);
    PERFORM ledger.end_serials(ARRAY[paper.id], 'redeemed', result.transfer_id);
    RETURN result;
END
$$;

-- Whoever issued a paper takes it back, by its number, before it is handed in: it was lost, or is not needed.
CREATE FUNCTION ledger.take_back(in_key text, in_actor uuid, in_paper bigint, in_account bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_paper::text, in_account::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'take_back', in_key, body, NULL, NULL, NULL, NULL);
    issuer ledger.account;
    paper ledger.serial;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'take_back', in_key, body);
    END IF;
    issuer := ledger.expect(in_account, 'ROOSJE_MIN', 'member', 'organisation');
    paper := ledger.outstanding_from(in_paper, in_account, 'ROOSJE_MIN', batch.booked_at);
    PERFORM ledger.lock_papers(ARRAY[paper.id], ARRAY[paper.suspense_id, in_account]);
    leg := ledger.book_leg(batch, 'ROOSJE_MIN', paper.suspense_id, in_account, paper.amount, NULL,
                           issuer.owner_pseudonym);
    PERFORM ledger.end_serials(ARRAY[paper.id], 'refunded', leg);
    RETURN ROW(batch.id, leg, false);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.issue(text, uuid, bigint, bytea[], bigint, timestamptz),
    ledger.hand_in(text, uuid, bytea, bigint),
    ledger.take_back(text, uuid, bigint, bigint)
TO :"application_role";
