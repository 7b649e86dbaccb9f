CREATE OR REPLACE VIEW ledger.open_by_transfers AS
    SELECT id, debit_id, credit_id, amount FROM ledger.transfer h
    WHERE kind = 'hold' AND NOT EXISTS (
        SELECT FROM ledger.transfer r WHERE r.hold_id = h.id AND r.kind IN ('settle', 'void', 'expire'));

CREATE OR REPLACE VIEW ledger.broken_i5 AS  -- A transfer that moves has two entries, opposite, in accounts of its unit.
    SELECT t.id::text AS offender, t.kind::text AS detail FROM ledger.transfer t
    LEFT JOIN ledger.entry e ON e.transfer_id = t.id
    LEFT JOIN ledger.account a ON a.id = e.account_id
    WHERE t.kind NOT IN ('hold', 'void', 'expire')
    GROUP BY t.id
    HAVING count(e.seq) <> 2 OR sum(e.delta) <> 0 OR bool_or(a.unit <> t.unit)
        OR count(*) FILTER (WHERE (e.account_id, e.delta) = (t.debit_id, -t.amount)) <> 1
        OR count(*) FILTER (WHERE (e.account_id, e.delta) = (t.credit_id, t.amount)) <> 1;

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
        OR (a.unit = 'ROOSJE_MIN' AND a.floor <> -coalesce(t.limit_minutes, 0)))
    UNION ALL
    SELECT second.id::text, 'second leg' FROM ledger.transfer second
    JOIN ledger.transfer first ON first.id = second.follows_id
    WHERE (second.batch_id, second.kind, second.unit, second.amount)
        <> (first.batch_id, first.kind, first.unit, first.amount);

CREATE OR REPLACE VIEW ledger.broken_i25 AS  -- Lines, states and bookings of invoices say the same; two people paid.
    SELECT 'invoice ' || i.id AS offender, concat_ws(' ', i.state, 'lines', l.vouchers) AS detail
    FROM ledger.invoice_standing i
    LEFT JOIN (
        SELECT invoice_id, sum(vouchers) AS vouchers, count(*) AS lines FROM ledger.invoice_line GROUP BY invoice_id
    ) l ON l.invoice_id = i.id
    WHERE l.vouchers IS DISTINCT FROM i.vouchers OR (i.payee_id IS NULL AND l.lines <> 1)
    UNION ALL
    SELECT 'invoice ' || i.id, concat_ws(' ', i.state, 'but booked otherwise')
    FROM ledger.invoice_standing i
    WHERE (i.follows_id IS NULL AND (i.state = 'withdrawn') IS DISTINCT FROM (
            SELECT bool_and(EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id))
            FROM ledger.transfer t WHERE t.batch_id = i.batch_id))
        OR (i.paid_batch_id IS NOT NULL AND (i.state <> 'paid') IS DISTINCT FROM (
            SELECT bool_and(EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id) AND t.amount = i.cents)
            FROM ledger.transfer t WHERE t.batch_id = i.paid_batch_id))
        OR (i.paid_batch_id IS NULL AND i.state = 'paid')
    UNION ALL
    SELECT 'invoice ' || p.invoice_id, 'paid by one'
    FROM ledger.invoice_step p
    LEFT JOIN ledger.invoice_step r ON (r.invoice_id, r.seq) = (p.invoice_id, p.seq - 1)
    WHERE p.state = 'paid' AND ((r.state = 'reported') IS NOT TRUE OR r.by_whom = p.by_whom)
    UNION ALL
    SELECT 'batch ' || b.id, 'invoice without its row' FROM ledger.batch b
    WHERE (b.operation = 'invoice' AND NOT EXISTS (SELECT FROM ledger.invoice i WHERE i.batch_id = b.id))
        OR (b.operation IN ('invoice_pay', 'invoice_withdraw', 'invoice_correct')
            AND NOT EXISTS (SELECT FROM ledger.invoice_step s WHERE s.batch_id = b.id))
    UNION ALL
    SELECT 'municipality ' || coalesce(a.municipality_id, o.payer_id), concat_ws(' ', 'set aside', a.posted, 'open', o.cents)
    FROM (SELECT * FROM ledger.account WHERE unit = 'EURCENT' AND kind = 'suspense') a
    FULL JOIN (
        SELECT payer_id, sum(cents) AS cents FROM ledger.invoice_standing
        WHERE state NOT IN ('paid', 'withdrawn') GROUP BY payer_id
    ) o ON o.payer_id = a.municipality_id
    WHERE coalesce(a.posted, 0) <> coalesce(o.cents, 0)
    UNION ALL
    SELECT concat_ws('-', 'paid', a.municipality_id, a.counter_municipality_id), 'posted ' || a.posted
    FROM ledger.account a
    WHERE a.unit = 'EURCENT' AND a.kind = 'clearing' AND a.posted <> (
        SELECT coalesce(sum(CASE WHEN i.payer_id = a.municipality_id THEN i.cents ELSE -i.cents END), 0)
        FROM ledger.invoice_standing i
        WHERE i.state = 'paid' AND (i.payer_id, i.payee_id) IN (
            (a.municipality_id, a.counter_municipality_id), (a.counter_municipality_id, a.municipality_id)));

CREATE OR REPLACE VIEW ledger.broken_i12_paid AS  -- What a provider handed in waits, was invoiced or was paid; a purse has what was.
    SELECT p.id::text AS offender, 'provider ' || p.posted AS detail
    FROM ledger.account p
    LEFT JOIN (
        SELECT t.credit_id, count(*) AS handed_in
        FROM ledger.serial_end e JOIN ledger.transfer t ON t.id = e.transfer_id
        WHERE e.ending = 'redeemed' AND t.unit = 'VOUCHER' GROUP BY t.credit_id
    ) got ON got.credit_id = p.id
    LEFT JOIN (
        SELECT t.debit_id, sum(t.amount) AS vouchers FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'pay_out'
        WHERE t.unit = 'VOUCHER' GROUP BY t.debit_id
    ) paid ON paid.debit_id = p.id
    LEFT JOIN (
        SELECT l.account_id, sum(l.vouchers) AS vouchers
        FROM ledger.invoice_line l JOIN ledger.invoice_standing i ON i.id = l.invoice_id
        WHERE i.follows_id IS NULL AND i.state <> 'withdrawn' GROUP BY l.account_id
    ) billed ON billed.account_id = p.id
    WHERE p.kind = 'provider' AND p.unit = 'VOUCHER'
        AND coalesce(got.handed_in, 0) <> p.posted + coalesce(paid.vouchers, 0) + coalesce(billed.vouchers, 0)
    UNION ALL
    SELECT purse.id::text, 'purse ' || purse.posted
    FROM ledger.account purse
    LEFT JOIN (
        SELECT t.credit_id, sum(t.amount) AS cents FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'pay_out'
        WHERE t.unit = 'EURCENT' GROUP BY t.credit_id
    ) paid ON paid.credit_id = purse.id
    LEFT JOIN (
        SELECT payer_id, owner_pseudonym, sum(cents) AS cents FROM ledger.invoice_standing
        WHERE state = 'paid' GROUP BY payer_id, owner_pseudonym
    ) billed ON (billed.payer_id, billed.owner_pseudonym) = (purse.municipality_id, purse.owner_pseudonym)
    WHERE purse.kind = 'provider' AND purse.unit = 'EURCENT'
        AND purse.posted <> coalesce(paid.cents, 0) + coalesce(billed.cents, 0);

DROP TABLE ledger.elsewhere;
ALTER TABLE municipality DROP COLUMN moved_to;
