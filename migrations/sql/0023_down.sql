DROP FUNCTION public.invoice_names(bigint[]);
DROP FUNCTION public.cheques_due(integer, date);

DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW ledger.violation AS ' || regexp_replace(
        pg_get_viewdef('ledger.violation'::regclass), '\s*UNION ALL\s+SELECT ''I25''.*$', '');
END
$$;

DROP VIEW ledger.broken_i12_paid;
DROP VIEW ledger.broken_i25;
DROP VIEW ledger.invoice_standing;
DROP FUNCTION ledger.step_invoice(uuid, bigint, integer, text, date, text);
DROP FUNCTION ledger.step_is_for(ledger.invoice, text, text);
DROP FUNCTION ledger.withdraw_followers(bigint, ledger.batch);
DROP FUNCTION ledger.book_back_whole(bigint, ledger.batch);
DROP FUNCTION ledger.book_invoice(ledger.invoice, ledger.batch);
DROP FUNCTION ledger.make_invoice(text, uuid, integer, integer, integer, date, bigint[], bigint);
DROP FUNCTION ledger.write_invoice(ledger.batch, integer, integer, date, bigint, bigint[], bigint[]);
DROP FUNCTION ledger.paid_between(integer, integer);
DROP FUNCTION ledger.vouchers_due(bigint, timestamptz);
DROP FUNCTION ledger.require_side(integer, integer, integer);
DROP FUNCTION ledger.last_step(bigint);
DROP TABLE ledger.invoice_step;
DROP TABLE ledger.invoice_line;
DROP TABLE ledger.invoice;

CREATE OR REPLACE VIEW ledger.broken_i11 AS  -- Clearing accounts mirror each other within the trust; legs go together.
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

CREATE OR REPLACE VIEW ledger.broken_i12 AS  -- Sold = redeemed + out + expired + refunded; a desk has 1,500 cents for what it kept.
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
            coalesce(sum(posted) FILTER (WHERE unit = 'EURCENT' AND kind = 'provider'), 0) AS paid_cents
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
        OR 1500 * (coalesce(s.sold - s.refunded, 0) - m.issued) <> m.paid_cents
    UNION ALL
    SELECT p.id::text, 'provider ' || p.posted
    FROM ledger.account p
    LEFT JOIN ledger.account purse ON purse.kind = 'provider' AND purse.unit = 'EURCENT'
        AND (purse.municipality_id, purse.owner_pseudonym) = (p.municipality_id, p.owner_pseudonym)
    LEFT JOIN (
        SELECT t.credit_id, count(*) AS handed_in
        FROM ledger.serial_end e JOIN ledger.transfer t ON t.id = e.transfer_id
        WHERE e.ending = 'redeemed' AND t.unit = 'VOUCHER' GROUP BY t.credit_id
    ) got ON got.credit_id = p.id
    WHERE p.kind = 'provider' AND p.unit = 'VOUCHER'
        AND 1500 * (coalesce(got.handed_in, 0) - p.posted) <> coalesce(purse.posted, 0);

CREATE OR REPLACE FUNCTION ledger.forbid_half_a_reversal() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = NEW.reverses_id
            AND (b.operation IN ('sell', 'redeem', 'refund', 'lapse', 'pay_out', 'issue', 'hand_in',
                                 'take_back', 'welfare_grant', 'welfare_return')
                OR (b.operation = 'welfare_spend' AND NOT EXISTS (
                    SELECT FROM ledger.batch u WHERE u.id = NEW.batch_id AND u.operation = 'welfare_undo')))
    ) THEN
        PERFORM ledger.refuse('ZL016', 'what is on paper, or of a budget, is not reversed');
    END IF;
    RETURN NEW;
END
$$;

-- Only in books in which no municipality paid another.
ALTER TABLE ledger.account DROP CONSTRAINT account_owes_minutes_only;
ALTER TABLE ledger.account ADD CONSTRAINT account_owes_minutes_only
    CHECK (posted >= 0 OR kind = 'issuer' OR (unit = 'ROOSJE_MIN' AND kind <> 'suspense')) NOT VALID;
ALTER TABLE ledger.account VALIDATE CONSTRAINT account_owes_minutes_only;

-- The provider's cheques go back to the issuer, who pays for them.
CREATE FUNCTION ledger.pay_out(in_key text, in_actor uuid, in_provider bigint, in_vouchers bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_provider::text, in_vouchers::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'pay_out', in_key, body, NULL, NULL, NULL, NULL);
    provider ledger.account;
    cash bigint;
    stock bigint;
    purse bigint;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'pay_out', in_key, body);
    END IF;
    provider := ledger.expect(in_provider, 'VOUCHER', 'provider');
    cash := ledger.municipal(provider.municipality_id, 'EURCENT', 'issuer');
    stock := ledger.municipal(provider.municipality_id, 'VOUCHER', 'issuer');
    purse := (ledger.open_account(provider.municipality_id, 'EURCENT', 'provider', provider.owner_pseudonym,
                                  NULL, 0, NULL, NULL)).id;
    PERFORM ledger.lock(ARRAY[in_provider, cash, stock, purse], '{open}');
    provider := ledger.existing(in_provider);
    IF in_vouchers > provider.posted THEN
        PERFORM ledger.refuse('ZL005', 'the provider has no more cheques to be paid for', jsonb_build_object(
            'account', provider.id, 'asked', in_vouchers, 'room', provider.posted));
    END IF;
    leg := ledger.book_leg(batch, 'VOUCHER', in_provider, stock, in_vouchers, provider.owner_pseudonym, NULL);
    PERFORM ledger.book_leg(batch, 'EURCENT', cash, purse, ledger.voucher_cents(in_vouchers),
                            NULL, provider.owner_pseudonym);
    RETURN ROW(batch.id, leg, false);
END
$$;
REVOKE ALL ON FUNCTION ledger.pay_out(text, uuid, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.pay_out(text, uuid, bigint, bigint) TO {application};
