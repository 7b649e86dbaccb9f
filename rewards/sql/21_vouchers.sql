-- Dienstencheques: 15 euro for an hour by two people. Sold for cash at a desk, handed in to a provider of the same
-- municipality, who is paid out at the month's end.

CREATE FUNCTION ledger.voucher_cents(in_vouchers bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$ SELECT 1500 * in_vouchers $$;

-- Cash at the desk and cheques to whoever holds the papers, in one event.
CREATE FUNCTION ledger.sell(
    in_key text, in_actor uuid, in_desk bigint, in_hashes bytea[], in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Not the serials: a repeat makes new ones, which nobody needs.
    body bytea := ledger.body_hash(in_desk::text, cardinality(in_hashes)::text, ledger.micros(in_expires_at));
    batch ledger.batch := ledger.begin_batch(in_actor, 'sell', in_key, body, NULL, NULL, NULL, NULL);
    sold bigint := cardinality(in_hashes);
    municipality integer;
    cash bigint;
    stock bigint;
    suspense bigint;
    paid bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'sell', in_key, body);
    END IF;
    municipality := (ledger.expect(in_desk, 'EURCENT', 'desk')).municipality_id;
    cash := ledger.municipal(municipality, 'EURCENT', 'issuer');
    stock := ledger.municipal(municipality, 'VOUCHER', 'issuer');
    suspense := ledger.municipal(municipality, 'VOUCHER', 'suspense');
    PERFORM ledger.lock(ARRAY[in_desk, cash, stock, suspense], '{open}');
    PERFORM ledger.write_serials(batch, in_hashes, 'VOUCHER', 1, suspense, in_desk, in_expires_at);
    paid := ledger.book_leg(batch, 'EURCENT', cash, in_desk, ledger.voucher_cents(sold), NULL, NULL);
    PERFORM ledger.book_leg(batch, 'VOUCHER', stock, suspense, sold, NULL, NULL);
    RETURN ROW(batch.id, paid, false);
END
$$;

CREATE FUNCTION ledger.redeem(in_key text, in_actor uuid, in_hash bytea, in_provider bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(encode(in_hash, 'hex'), in_provider::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'redeem', in_key, body, NULL, NULL, NULL, NULL);
    provider ledger.account;
    paper ledger.serial;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'redeem', in_key, body);
    END IF;
    provider := ledger.expect(in_provider, 'VOUCHER', 'provider');
    paper := ledger.outstanding(in_hash, 'VOUCHER', batch.booked_at);
    IF (ledger.existing(paper.suspense_id)).municipality_id <> provider.municipality_id THEN
        PERFORM ledger.refuse_serial();
    END IF;
    PERFORM ledger.lock_papers(ARRAY[paper.id], ARRAY[paper.suspense_id, in_provider]);
    leg := ledger.book_leg(batch, 'VOUCHER', paper.suspense_id, in_provider, 1, NULL, provider.owner_pseudonym);
    PERFORM ledger.end_serials(ARRAY[paper.id], 'redeemed', leg);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Cheques back to the issuer and their cash out of the desk that sold them.
CREATE FUNCTION ledger.refund_papers(in_batch ledger.batch, in_papers bigint[], in_desk bigint, in_suspense bigint)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    number bigint := cardinality(in_papers);
    municipality integer := (ledger.existing(in_desk)).municipality_id;
    cash bigint := ledger.municipal(municipality, 'EURCENT', 'issuer');
    stock bigint := ledger.municipal(municipality, 'VOUCHER', 'issuer');
    given_back bigint;
    taken_back bigint;
BEGIN
    PERFORM ledger.lock_papers(in_papers, ARRAY[in_desk, cash, stock, in_suspense]);
    given_back := ledger.book_leg(in_batch, 'EURCENT', in_desk, cash, ledger.voucher_cents(number), NULL, NULL);
    taken_back := ledger.book_leg(in_batch, 'VOUCHER', in_suspense, stock, number, NULL, NULL);
    PERFORM ledger.end_serials(in_papers, 'refunded', taken_back);
    RETURN ROW(in_batch.id, given_back, false);
END
$$;

CREATE FUNCTION ledger.refund(in_key text, in_actor uuid, in_hash bytea, in_desk bigint) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(encode(in_hash, 'hex'), in_desk::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'refund', in_key, body, NULL, NULL, NULL, NULL);
    paper ledger.serial;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'refund', in_key, body);
    END IF;
    PERFORM ledger.expect(in_desk, 'EURCENT', 'desk');
    paper := ledger.outstanding(in_hash, 'VOUCHER', batch.booked_at);
    IF paper.source_id <> in_desk THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN ledger.refund_papers(batch, ARRAY[paper.id], in_desk, paper.suspense_id);
END
$$;

-- A sale whose papers never came out of the printer: all of them, or nothing when one has ended or expired.
CREATE FUNCTION ledger.refund_sale(in_key text, in_actor uuid, in_sale bigint, in_desk bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash('sale', in_sale::text, in_desk::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'refund', in_key, body, NULL, NULL, NULL, NULL);
    papers bigint[];
    suspense bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'refund', in_key, body);
    END IF;
    PERFORM ledger.expect(in_desk, 'EURCENT', 'desk');
    SELECT array_agg(s.id), min(s.suspense_id) INTO papers, suspense FROM ledger.serial s
        WHERE s.batch_id = in_sale AND s.source_id = in_desk AND s.expires_at > batch.booked_at;
    IF papers IS NULL THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN ledger.refund_papers(batch, papers, in_desk, suspense);
END
$$;

-- One cheque that was lost, by its number: nobody has its serial any more, and whoever finds it gets nothing for it.
CREATE FUNCTION ledger.refund_lost(in_key text, in_actor uuid, in_paper bigint, in_desk bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash('lost', in_paper::text, in_desk::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'refund', in_key, body, NULL, NULL, NULL, NULL);
    paper ledger.serial;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'refund', in_key, body);
    END IF;
    PERFORM ledger.expect(in_desk, 'EURCENT', 'desk');
    paper := ledger.outstanding_from(in_paper, in_desk, 'VOUCHER', batch.booked_at);
    RETURN ledger.refund_papers(batch, ARRAY[paper.id], in_desk, paper.suspense_id);
END
$$;

CREATE VIEW ledger.broken_i12 AS  -- Sold = redeemed + out + expired + refunded; a desk has 1,500 cents for what it kept.
    SELECT a.id::text AS offender, 'desk ' || a.posted AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT s.source_id, count(*) FILTER (WHERE e.ending IS DISTINCT FROM 'refunded') AS kept
        FROM ledger.serial s LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
        WHERE s.unit = 'VOUCHER' GROUP BY s.source_id
    ) sold ON sold.source_id = a.id
    WHERE a.kind = 'desk' AND a.posted <> 1500 * coalesce(sold.kept, 0)
    UNION ALL
    SELECT 'municipality ' || m.municipality_id, concat_ws(' ', 'vouchers', m.issued, m.expired, m.redeemed)
    FROM (
        SELECT municipality_id,
            -coalesce(sum(posted) FILTER (WHERE unit = 'VOUCHER' AND kind = 'issuer'), 0) AS issued,
            coalesce(sum(posted) FILTER (WHERE unit = 'VOUCHER' AND kind = 'expired'), 0) AS expired,
            coalesce(sum(posted) FILTER (WHERE unit = 'VOUCHER' AND kind = 'provider'), 0) AS redeemed,
            -- Paid, set aside to be paid, and paid to neighbours less what they paid.
            coalesce(sum(posted) FILTER (
                WHERE unit = 'EURCENT' AND kind IN ('provider', 'suspense', 'clearing')), 0) AS paid_cents
        FROM ledger.account WHERE unit IN ('VOUCHER', 'EURCENT') GROUP BY municipality_id
    ) m
    LEFT JOIN (
        SELECT a.municipality_id, count(*) AS sold,
            count(*) FILTER (WHERE e.ending = 'redeemed') AS redeemed,
            count(*) FILTER (WHERE e.ending = 'refunded') AS refunded,
            count(*) FILTER (WHERE e.ending = 'lapsed') AS lapsed
        FROM ledger.serial s JOIN ledger.account a ON a.id = s.suspense_id
        LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
        WHERE s.unit = 'VOUCHER' GROUP BY a.municipality_id
    ) s ON s.municipality_id = m.municipality_id
    WHERE m.expired <> coalesce(s.lapsed, 0)
        OR 1500 * (coalesce(s.redeemed, 0) - m.redeemed) <> m.paid_cents
        OR 1500 * (coalesce(s.sold - s.refunded, 0) - m.issued) <> m.paid_cents;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.sell(text, uuid, bigint, bytea[], timestamptz),
    ledger.redeem(text, uuid, bytea, bigint),
    ledger.refund(text, uuid, bytea, bigint),
    ledger.refund_sale(text, uuid, bigint, bigint),
    ledger.refund_lost(text, uuid, bigint, bigint)
TO :"application_role";

-- A provider's account is an organisation's: who works there sees what it handed in.
CREATE POLICY of_organisation ON ledger.account FOR SELECT USING (
    kind = 'provider'
    AND owner_pseudonym = ANY ((SELECT nullif(current_setting('app.organisations', true), ''))::uuid[])
);
