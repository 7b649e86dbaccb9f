DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW ledger.violation AS ' || regexp_replace(
        pg_get_viewdef('ledger.violation'::regclass), '\s*UNION ALL\s+SELECT ''I21''.*$', '');
END
$$;

DROP VIEW ledger.broken_i23;
DROP FUNCTION ledger.answer_netting(uuid, bigint, integer, boolean);
DROP FUNCTION ledger.book_netting(ledger.netting, ledger.batch);
DROP FUNCTION ledger.propose_netting(integer, date);
DROP FUNCTION ledger.clearing_of(integer, integer);
DROP TABLE ledger.netting_answer;
DROP TABLE ledger.netting;
DROP VIEW ledger.broken_i22;
DROP FUNCTION ledger.close_month(uuid, integer, ledger.unit, date);
DROP FUNCTION ledger.next_month(integer, ledger.unit);
DROP FUNCTION ledger.month_holds(integer, ledger.unit, date);
DROP FUNCTION ledger.month_clearing(integer, ledger.unit, date);
DROP FUNCTION ledger.month_balances(integer, ledger.unit, date);
DROP FUNCTION ledger.month_movements(integer, ledger.unit, date, date);
DROP FUNCTION ledger.require_books(integer, ledger.unit);
DROP FUNCTION ledger.held_at(integer, ledger.unit, timestamptz);
DROP VIEW ledger.hold_span;
DROP VIEW ledger.monthly;
DROP TRIGGER in_an_open_month ON ledger.transfer;
DROP TRIGGER in_an_open_month ON ledger.entry;
DROP FUNCTION ledger.hold_in_an_open_month();
DROP FUNCTION ledger.entry_in_an_open_month();
DROP FUNCTION ledger.refuse_closed_month(bigint, bigint);
DROP TABLE ledger.period_line;
DROP TABLE ledger.period;
DROP FUNCTION ledger.month_begins(date);
DROP FUNCTION ledger.month_of(timestamptz);

DROP VIEW ledger.broken_i21;
DROP FUNCTION ledger.seal_faults(bigint);
DROP FUNCTION ledger.seals();
DROP FUNCTION ledger.make_seal();
DROP FUNCTION ledger.seal_hash(ledger.seal);
DROP FUNCTION ledger.merkle_root(bytea[]);
DROP FUNCTION ledger.seal_leaf(bigint, bigint, bytea);
DROP TABLE ledger.sealed_head;
DROP TABLE ledger.seal;
