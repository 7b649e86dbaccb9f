-- Who sees and does what. Everybody else: nothing. The application role reads what its policies
-- show and calls the functions; it writes to no table.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO :"application_role";
GRANT SELECT ON ledger.account, ledger.trust, ledger.batch, ledger.transfer, ledger.entry, ledger.open_hold
    TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.now(),
    ledger.open_account(integer, ledger.unit, ledger.account_kind, uuid, integer, integer, bigint, bigint),
    ledger.set_limits(bigint, bigint, bigint),
    ledger.set_status(bigint, ledger.account_status),
    ledger.set_trust(integer, integer, bigint, uuid),
    ledger.hold(text, uuid, bigint, bigint, bigint, timestamptz, timestamptz, uuid),
    ledger.pay(text, uuid, bigint, bigint, bigint, timestamptz, uuid, text, bytea),
    ledger.settle(text, uuid, bigint, bigint, timestamptz),
    ledger.void(text, uuid, bigint, timestamptz, text),
    ledger.expire(text, uuid, bigint),
    ledger.expire_due(integer),
    ledger.reverse(text, uuid, bigint, text, timestamptz, bytea)
TO :"application_role";

ALTER TABLE ledger.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.trust ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.batch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.transfer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.open_hold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- The functions above run as the owner; under FORCE it would see nothing without a policy of its own.
CREATE POLICY owner_all ON ledger.account TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.trust TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.batch TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.transfer TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.entry TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.open_hold TO CURRENT_USER USING (true) WITH CHECK (true);

-- The rule is said once, on accounts; the other tables follow what one sees of those.
CREATE POLICY own ON ledger.account FOR SELECT
    USING (owner_pseudonym = (SELECT nullif(current_setting('app.pseudonym', true), ''))::uuid);
CREATE POLICY staff ON ledger.account FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));

CREATE POLICY staff ON ledger.trust FOR SELECT USING (
    municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
    OR counter_municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
);
CREATE POLICY with_account ON ledger.entry FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = account_id));
CREATE POLICY with_account ON ledger.transfer FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id IN (debit_id, credit_id)));
CREATE POLICY with_account ON ledger.open_hold FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id IN (debit_id, credit_id)));
CREATE POLICY with_transfer ON ledger.batch FOR SELECT
    USING (EXISTS (SELECT FROM ledger.transfer t WHERE t.batch_id = batch.id));
