-- The list of open holds says the same as the transfers, until when too: what falls due is read from it.

CREATE OR REPLACE VIEW ledger.broken_i3 AS  -- What is held is what the open holds say, and the list of them is right.
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
    FULL JOIN (ledger.open_by_transfers h JOIN ledger.transfer t ON t.id = h.id)
        ON (t.id, t.debit_id, t.credit_id, t.amount, t.expires_at, coalesce(t.follows_id, 0))
         = (o.hold_id, o.debit_id, o.credit_id, o.amount, o.expires_at, coalesce(o.follows_id, 0))
    WHERE o.hold_id IS NULL OR h.id IS NULL;
