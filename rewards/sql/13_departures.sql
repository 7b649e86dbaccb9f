-- Where the pot stands in: for a booking that its receiver cannot give back, and for who leaves.

-- Transfers that the pot made good for: these are not reversed any more.
CREATE TABLE ledger.made_whole (
    transfer_id bigint PRIMARY KEY REFERENCES ledger.transfer,
    batch_id bigint NOT NULL REFERENCES ledger.batch,

    CONSTRAINT made_whole_once UNIQUE (batch_id)
);

-- Who left, by whose confirmation. What was left went to the pot; what was owed came out of it.
CREATE TABLE ledger.departure (
    account_id bigint PRIMARY KEY REFERENCES ledger.account,
    balance bigint NOT NULL,
    confirmed_by uuid NOT NULL,
    key text NOT NULL,
    batch_id bigint REFERENCES ledger.batch,
    left_at timestamptz NOT NULL,

    CONSTRAINT departure_once UNIQUE (confirmed_by, key),
    CONSTRAINT departure_booked_once UNIQUE (batch_id),
    CONSTRAINT departure_books CHECK ((balance <> 0) = (batch_id IS NOT NULL)),
    CONSTRAINT departure_key CHECK (length(key) BETWEEN 1 AND 200)
);

CREATE TYPE ledger.parting AS (account_id bigint, balance bigint, batch_id bigint, transfer_id bigint, hit boolean);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.made_whole
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.departure
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- Pays the one who was wronged out of the pot, when the receiver cannot bear that the booking is reversed.
CREATE FUNCTION ledger.make_whole(
    in_key text, in_actor uuid, in_transfer bigint, in_reason text, in_occurred_at timestamptz,
    in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_transfer::text, in_reason, ledger.micros(in_occurred_at),
                                   encode(in_note_hash, 'hex'));
    original record;
    batch ledger.batch;
    wronged ledger.account;
    receiver ledger.account;
    policy ledger.policy;
    alone bigint;
    booked ledger.booking;
BEGIN
    SELECT t.kind, t.debit_id, t.amount, b.subject INTO original
        FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = in_transfer AND t.follows_id IS NULL;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL015', 'no such transfer', jsonb_build_object('transfer', in_transfer));
    ELSIF original.kind NOT IN ('settle', 'pay') THEN
        PERFORM ledger.refuse('ZL016', 'only a settlement or a payment is reversed');
    END IF;
    batch := ledger.begin_batch(in_actor, 'make_whole', in_key, body, original.subject, in_occurred_at,
                                in_reason, in_note_hash);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'make_whole', in_key, body);
    END IF;
    wronged := ledger.grantee(original.debit_id, in_actor);
    -- The accounts of the booking as well, so that a reversal waits for this or goes first.
    PERFORM ledger.lock(
        ledger.pot(wronged.municipality_id)
        || ARRAY(SELECT a FROM ledger.legs(in_transfer), unnest(ARRAY[debit_id, credit_id]) a),
        '{open,frozen,closed}');
    IF EXISTS (SELECT FROM ledger.transfer WHERE reverses_id = in_transfer) THEN
        PERFORM ledger.refuse('ZL017', 'the transfer was reversed before');
    ELSIF EXISTS (SELECT FROM ledger.made_whole WHERE transfer_id = in_transfer) THEN
        PERFORM ledger.refuse('ZL038', 'the pot made good for this transfer before');
    END IF;
    receiver := ledger.existing((SELECT l.credit_id FROM ledger.legs(in_transfer) l ORDER BY l.id DESC LIMIT 1));
    IF receiver.status <> 'closed'
        AND receiver.posted - receiver.held_out - original.amount >= receiver.min_available THEN
        PERFORM ledger.refuse('ZL037', 'the receiver can bear a reversal');
    END IF;
    booked := ledger.draw(wronged.id, batch, original.amount, in_key);
    -- What the pot gave this account by one pair of eyes, in this way or as grants: above the threshold the rest is a
    -- grant that a colleague looks at. Else who sets limits and makes friends pay each other empties the pot alone.
    policy := ledger.policy_at(wronged.municipality_id, batch.booked_at);
    SELECT coalesce(sum(e.delta), 0) INTO alone
        FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id JOIN ledger.batch b ON b.id = t.batch_id
        WHERE e.account_id = wronged.id AND e.delta > 0 AND b.operation = 'make_whole'
            AND b.booked_at > batch.booked_at - make_interval(days => policy.eyes_days);
    IF alone + ledger.granted_alone(wronged.id, batch.booked_at, policy.eyes_days) > policy.eyes_above THEN
        PERFORM ledger.refuse('ZL033', 'a second pair of eyes must see this', jsonb_build_object(
            'asked', original.amount, 'threshold', policy.eyes_above));
    END IF;
    INSERT INTO ledger.made_whole VALUES (in_transfer, batch.id);
    RETURN booked;
END
$$;

-- Closes the account of a member or organisation that leaves: what is left goes to the pot, what is owed comes
-- out of it. Holds are ended first. Whoever leaves does not confirm it.
CREATE FUNCTION ledger.leave(in_key text, in_actor uuid, in_account bigint) RETURNS ledger.parting
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    leaver ledger.account := ledger.grantee(in_account, in_actor);
    shards bigint[] := ledger.pot(leaver.municipality_id);
    likely bigint := shards[1 + ledger.shard_of(in_key)];
    earlier ledger.departure;
    batch ledger.batch;
    booked ledger.booking;
BEGIN
    PERFORM ledger.lock(shards || in_account, '{open,frozen,closed}');
    leaver := ledger.existing(in_account);
    SELECT * INTO earlier FROM ledger.departure WHERE confirmed_by = in_actor AND key = in_key;
    IF FOUND AND earlier.account_id = in_account THEN
        RETURN ROW(in_account, earlier.balance, earlier.batch_id,
                   (SELECT min(id) FROM ledger.transfer WHERE batch_id = earlier.batch_id), true);
    ELSIF FOUND THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    ELSIF leaver.status = 'closed' THEN
        PERFORM ledger.refuse('ZL002', 'the account is closed',
                              jsonb_build_object('account', in_account, 'status', leaver.status));
    ELSIF (leaver.held_out, leaver.held_in) <> (0, 0) THEN
        PERFORM ledger.refuse('ZL019', 'the account has open holds');
    ELSIF leaver.posted <> 0 THEN
        batch := ledger.begin_batch(in_actor, 'leave', in_key, ledger.body_hash(in_account::text), NULL, NULL,
                                    NULL, NULL);
        IF batch.id IS NULL THEN
            PERFORM ledger.refuse('ZL009', 'the key was used for something else');
        ELSIF leaver.posted < 0 THEN
            booked := ledger.draw(in_account, batch, -leaver.posted, in_key, '{open,frozen}');
        ELSE
            PERFORM ledger.lock(ARRAY[likely], '{open}');
            booked := ledger.write_along(
                ROW(ARRAY[in_account, likely], leaver.unit, leaver.owner_pseudonym, NULL)::ledger.route,
                'pay', batch, leaver.posted, NULL);
        END IF;
    END IF;
    INSERT INTO ledger.departure (account_id, balance, confirmed_by, key, batch_id, left_at)
    VALUES (in_account, leaver.posted, in_actor, in_key, booked.batch_id, ledger.now())
    ON CONFLICT ON CONSTRAINT departure_once DO NOTHING;
    IF NOT FOUND THEN  -- the same key for somebody else, at the same moment
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    PERFORM ledger.set_status(in_account, 'closed');
    RETURN ROW(in_account, leaver.posted, booked.batch_id, booked.transfer_id, false);
END
$$;

CREATE VIEW ledger.broken_i10_whole AS  -- The pot stands in for what is not reversed, and for all of it.
    SELECT w.transfer_id::text AS offender, 'made whole' AS detail
    FROM ledger.made_whole w JOIN ledger.transfer o ON o.id = w.transfer_id
    LEFT JOIN ledger.transfer r ON r.reverses_id = o.id
    LEFT JOIN LATERAL (
        SELECT sum(t.amount) AS amount FROM ledger.transfer t
        WHERE t.batch_id = w.batch_id AND t.credit_id = o.debit_id
    ) paid ON true
    WHERE r.id IS NOT NULL OR paid.amount IS DISTINCT FROM o.amount;

CREATE VIEW ledger.broken_i18 AS  -- A closed account is empty, and stays as it was.
    SELECT a.id::text AS offender, concat_ws(' ', 'closed', a.posted, a.held_out, a.held_in) AS detail
    FROM ledger.account a
    WHERE a.status = 'closed' AND (
        (a.posted, a.held_out, a.held_in) <> (0, 0, 0)
        OR (SELECT count(*) FROM ledger.entry e WHERE e.account_id = a.id) IS DISTINCT FROM a.entries_at_close)
    UNION ALL
    SELECT d.account_id::text, 'left but not closed' FROM ledger.departure d
    JOIN ledger.account a ON a.id = d.account_id WHERE a.status <> 'closed';

REVOKE ALL ON FUNCTION
    ledger.make_whole(text, uuid, bigint, text, timestamptz, bytea),
    ledger.leave(text, uuid, bigint)
FROM PUBLIC;
GRANT SELECT ON ledger.made_whole, ledger.departure TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.make_whole(text, uuid, bigint, text, timestamptz, bytea),
    ledger.leave(text, uuid, bigint)
TO :"application_role";

ALTER TABLE ledger.made_whole ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.departure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.made_whole TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.departure TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY with_transfer ON ledger.made_whole FOR SELECT
    USING (EXISTS (SELECT FROM ledger.transfer t WHERE t.id = transfer_id));
CREATE POLICY with_account ON ledger.departure FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = account_id));
