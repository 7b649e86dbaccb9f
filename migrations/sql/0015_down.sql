DROP TABLE cheque_use;
DROP TABLE cheque_provider;
DROP TABLE cheque_seller;
DROP TABLE cheque_desk;
DROP FUNCTION actor_organisations();
DROP POLICY of_organisation ON ledger.account;
DROP FUNCTION ledger.take_back(text, uuid, bigint, bigint);
DROP FUNCTION ledger.refund_lost(text, uuid, bigint, bigint);
DROP FUNCTION ledger.outstanding_from(bigint, bigint, ledger.unit, timestamptz);
-- These bookings come in pairs with rows of their own; half of one cannot be taken back.
CREATE OR REPLACE FUNCTION ledger.forbid_half_a_reversal() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = NEW.reverses_id
            AND (b.operation IN ('sell', 'redeem', 'refund', 'lapse', 'pay_out', 'issue', 'hand_in',
                                 'welfare_grant', 'welfare_return')
                OR (b.operation = 'welfare_spend' AND NOT EXISTS (
                    SELECT FROM ledger.batch u WHERE u.id = NEW.batch_id AND u.operation = 'welfare_undo')))
    ) THEN
        PERFORM ledger.refuse('ZL016', 'what is on paper, or of a budget, is not reversed');
    END IF;
    RETURN NEW;
END
$$;
