DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW ledger.violation AS ' || regexp_replace(
        pg_get_viewdef('ledger.violation'::regclass), '\s*UNION ALL\s+SELECT ''I21''.*$', '');
END
$$;

DROP VIEW ledger.broken_i21;
DROP FUNCTION ledger.seal_faults(bigint);
DROP FUNCTION ledger.seals();
DROP FUNCTION ledger.make_seal();
DROP FUNCTION ledger.seal_hash(ledger.seal);
DROP FUNCTION ledger.merkle_root(bytea[]);
DROP FUNCTION ledger.seal_leaf(bigint, bigint, bytea);
DROP TABLE ledger.sealed_head;
DROP TABLE ledger.seal;
