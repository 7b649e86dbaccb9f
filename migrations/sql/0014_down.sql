CREATE OR REPLACE FUNCTION ledger.grant(
    in_key text, in_actor uuid, in_payee bigint, in_minutes bigint, in_occurred_at timestamptz,
    in_subject uuid, in_reason text, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payee::text, in_minutes::text, ledger.micros(in_occurred_at),
                                   in_subject::text, in_reason, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'grant', in_key, body, in_subject, in_occurred_at, in_reason, in_note_hash);
    payee ledger.account;
    threshold bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'grant', in_key, body);
    END IF;
    payee := ledger.grantee(in_payee, in_actor);
    threshold := (ledger.policy_at(payee.municipality_id, batch.booked_at)).eyes_above;
    IF in_minutes > threshold THEN
        PERFORM ledger.refuse('ZL033', 'a second pair of eyes must see this',
                              jsonb_build_object('asked', in_minutes, 'threshold', threshold));
    END IF;
    RETURN ledger.draw(in_payee, batch, in_minutes, in_key);
END
$$;

DROP FUNCTION ledger.granted_alone(bigint, timestamptz, integer);
CREATE OR REPLACE FUNCTION ledger.follow_policy(in_account bigint) RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account := ledger.existing(in_account);
BEGIN
    IF account.unit <> 'ROOSJE_MIN' OR account.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'policies are for members and organisations');
    END IF;
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    UPDATE ledger.account SET personal = false WHERE id = in_account;
    PERFORM ledger.apply_policy(account.municipality_id, in_account - 1, 1);
    RETURN ledger.existing(in_account);
END
$$;

DROP FUNCTION ledger.set_policy(
    text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer, integer,
    bigint);
CREATE FUNCTION ledger.set_policy(
    in_key text, in_actor uuid, in_municipality integer, in_valid_from timestamptz,
    in_floor bigint, in_ceiling bigint, in_lowest_floor bigint, in_growth_percent integer,
    in_eyes_above bigint, in_grace_days integer, in_asked_days integer
) RETURNS ledger.policy
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := ledger.now();
    body bytea := ledger.body_hash(in_municipality::text, ledger.micros(in_valid_from), in_floor::text,
        in_ceiling::text, in_lowest_floor::text, in_growth_percent::text, in_eyes_above::text,
        in_grace_days::text, in_asked_days::text);
    policy ledger.policy;
BEGIN
    SELECT * INTO policy FROM ledger.policy WHERE set_by = in_actor AND key = in_key;
    IF NOT FOUND AND in_valid_from < moment THEN
        PERFORM ledger.refuse('ZL030', 'the policy would begin in the past');
    ELSIF NOT FOUND THEN
        INSERT INTO ledger.policy (municipality_id, valid_from, floor, ceiling, lowest_floor, growth_percent,
                                   eyes_above, grace_days, asked_days, set_by, key, body_hash, set_at)
        VALUES (in_municipality, coalesce(in_valid_from, moment), in_floor, in_ceiling, in_lowest_floor,
                in_growth_percent, in_eyes_above, in_grace_days, in_asked_days, in_actor, in_key, body, moment)
        ON CONFLICT ON CONSTRAINT policy_once DO NOTHING;
        SELECT * INTO STRICT policy FROM ledger.policy WHERE set_by = in_actor AND key = in_key;
    END IF;
    IF policy.body_hash <> body THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    RETURN policy;
END
$$;

REVOKE ALL ON FUNCTION ledger.set_policy(
    text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.set_policy(
    text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer) TO {application};
DROP FUNCTION ledger.policy_at(integer, timestamptz);
ALTER TABLE ledger.policy DROP COLUMN eyes_days;
ALTER TABLE ledger.policy DROP COLUMN eyes_above_cents;
CREATE FUNCTION ledger.policy_at(in_municipality integer, in_moment timestamptz) RETURNS ledger.policy
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_policy ledger.policy;
BEGIN
    SELECT * INTO found_policy FROM ledger.policy
        WHERE municipality_id = in_municipality AND valid_from <= in_moment
        ORDER BY valid_from DESC, id DESC LIMIT 1;
    IF NOT FOUND THEN
        found_policy := ROW(NULL, in_municipality, '-infinity', -720, 3600, -720, 0, 600, 30, 14,
                            NULL, NULL, NULL, NULL)::ledger.policy;
    END IF;
    RETURN found_policy;
END
$$;

REVOKE ALL ON FUNCTION ledger.policy_at(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.policy_at(integer, timestamptz) TO {application};
CREATE OR REPLACE FUNCTION ledger.pay(
    in_key text, in_actor uuid, in_payer bigint, in_payee bigint, in_minutes bigint,
    in_occurred_at timestamptz, in_subject uuid, in_reason text, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_payee::text, in_minutes::text,
        ledger.micros(in_occurred_at), in_subject::text, in_reason, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'pay', in_key, body, in_subject, in_occurred_at, in_reason, in_note_hash);
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'pay', in_key, body);
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_payer, in_payee), 'pay', batch, in_minutes, NULL);
END
$$;

CREATE OR REPLACE FUNCTION ledger.hold(
    in_key text, in_actor uuid, in_asker bigint, in_helper bigint, in_minutes bigint,
    in_expires_at timestamptz, in_occurred_at timestamptz, in_subject uuid
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_asker::text, in_helper::text, in_minutes::text,
        ledger.micros(in_expires_at), ledger.micros(in_occurred_at), in_subject::text);
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'hold', in_key, body, in_subject, in_occurred_at, NULL, NULL);
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'hold', in_key, body);
    ELSIF in_expires_at <= batch.booked_at THEN
        PERFORM ledger.refuse('ZL018', 'the hold would expire in the past');
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_asker, in_helper), 'hold', batch, in_minutes, in_expires_at);
END
$$;

CREATE OR REPLACE FUNCTION ledger.set_limits(in_account bigint, in_floor bigint, in_ceiling bigint)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
BEGIN
    IF (ledger.existing(in_account)).kind = 'clearing' THEN
        PERFORM ledger.refuse('ZL022', 'the limit of a clearing account is the trust');
    END IF;
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    UPDATE ledger.account SET
        floor = in_floor, min_available = least(in_floor, posted - held_out),
        ceiling = in_ceiling, max_balance = greatest(in_ceiling, posted + held_in),
        personal = true
    WHERE id = in_account RETURNING * INTO STRICT account;
    RETURN account;
END
$$;

CREATE OR REPLACE FUNCTION ledger.open_account(
    in_municipality integer, in_unit ledger.unit, in_kind ledger.account_kind, in_owner uuid,
    in_counter_municipality integer, in_shard integer, in_floor bigint, in_ceiling bigint
) RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
    policy record := ledger.policy_at(in_municipality, ledger.now());
    own_limits boolean := in_floor IS NOT NULL OR in_ceiling IS NOT NULL;
    credit_line boolean := in_unit = 'ROOSJE_MIN' AND in_kind IN ('member', 'organisation');
    -- These give what others hold, so they run below zero by their nature.
    source boolean := in_kind IN ('issuer', 'desk', 'provider', 'suspense', 'expired');
BEGIN
    in_floor := coalesce(in_floor, CASE WHEN credit_line THEN policy.floor WHEN source THEN -1000000000000 ELSE 0 END);
    in_ceiling := coalesce(in_ceiling, CASE WHEN credit_line THEN policy.ceiling ELSE 1000000000000 END);
    INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard,
                                floor, ceiling, min_available, max_balance, opened_at, personal)
    VALUES (in_municipality, in_unit, in_kind, in_owner, in_counter_municipality, in_shard,
            in_floor, in_ceiling, in_floor, in_ceiling, ledger.now(), own_limits)
    ON CONFLICT ON CONSTRAINT account_natural_key DO NOTHING
    RETURNING * INTO account;
    IF account.id IS NULL THEN
        SELECT * INTO STRICT account FROM ledger.account
            WHERE municipality_id = in_municipality AND unit = in_unit AND kind = in_kind
                AND owner_pseudonym IS NOT DISTINCT FROM in_owner
                AND counter_municipality_id IS NOT DISTINCT FROM in_counter_municipality
                AND shard = in_shard;
    END IF;
    RETURN account;
END
$$;

DROP FUNCTION ledger.carry_home(bigint);
DROP FUNCTION ledger.move_home(uuid, integer);
DROP FUNCTION ledger.set_line(bigint);
DROP FUNCTION ledger.in_use(uuid);
DROP INDEX ledger.account_one_in_use;
ALTER TABLE ledger.account DROP COLUMN moved_to;
ALTER TABLE ledger.account DROP COLUMN narrowed;
