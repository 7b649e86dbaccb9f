-- What the application may call. Each runs as the owner with a fixed search path, checks what it
-- changed, and either books everything or raises one of the codes that rewards/errors.py lists.

-- The account with this natural key, opened when there is none yet; limits count at opening only, and are
-- personal then. Without them members and organisations get those of the policy in force. A person has one account
-- of Roosjes in use: whoever has one elsewhere gets that, until they move (move_home).
CREATE FUNCTION ledger.open_account(
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
    IF in_kind = 'member' AND in_unit = 'ROOSJE_MIN' THEN
        account := ledger.in_use(in_owner);
        IF account.id IS NOT NULL THEN
            RETURN account;
        END IF;
    END IF;
    in_floor := coalesce(in_floor, CASE WHEN credit_line THEN policy.floor WHEN source THEN -1000000000000 ELSE 0 END);
    in_ceiling := coalesce(in_ceiling, CASE WHEN credit_line THEN policy.ceiling ELSE 1000000000000 END);
    INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard,
                                floor, ceiling, min_available, max_balance, opened_at, personal)
    VALUES (in_municipality, in_unit, in_kind, in_owner, in_counter_municipality, in_shard,
            in_floor, in_ceiling, in_floor, in_ceiling, ledger.now(), own_limits)
    -- Of two who open one at the same moment, here or in two municipalities, the second gets that of the first.
    ON CONFLICT DO NOTHING
    RETURNING * INTO account;
    IF account.id IS NULL AND in_kind = 'member' AND in_unit = 'ROOSJE_MIN' THEN
        account := ledger.in_use(in_owner);
    END IF;
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

-- A makelaar's limits for one account, which policies leave alone from then on.
CREATE FUNCTION ledger.set_limits(in_account bigint, in_floor bigint, in_ceiling bigint)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
BEGIN
    IF (ledger.existing(in_account)).kind = 'clearing' THEN
        PERFORM ledger.refuse('ZL022', 'the limit of a clearing account is the trust');
    ELSIF (ledger.existing(in_account)).moved_to IS NOT NULL THEN
        PERFORM ledger.refuse('ZL022', 'the owner of this account moved');
    END IF;
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    UPDATE ledger.account SET
        floor = in_floor, min_available = least(in_floor, posted - held_out),
        ceiling = in_ceiling, max_balance = greatest(in_ceiling, posted + held_in),
        personal = true, narrowed = false
    WHERE id = in_account RETURNING * INTO STRICT account;
    RETURN account;
END
$$;

-- frozen: nothing new, what was agreed is still settled; closed: empty, for good.
CREATE FUNCTION ledger.set_status(in_account bigint, in_status ledger.account_status)
RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account;
BEGIN
    PERFORM ledger.existing(in_account);
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    account := ledger.existing(in_account);
    IF in_status = 'closed' AND (account.posted, account.held_out, account.held_in) <> (0, 0, 0) THEN
        PERFORM ledger.refuse('ZL019', 'the account is not empty');
    END IF;
    UPDATE ledger.account SET
        status = in_status, entries_at_close = CASE WHEN in_status = 'closed' THEN entries END
    WHERE id = in_account RETURNING * INTO STRICT account;
    RETURN account;
END
$$;

-- Records the trust, opens both clearing accounts and sets the floor of this side's.
CREATE FUNCTION ledger.set_trust(
    in_municipality integer, in_counter integer, in_limit bigint, in_actor uuid
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mine bigint;
BEGIN
    -- Both directions take the two accounts in the same order, whoever sets the trust.
    PERFORM ledger.open_account(least(in_municipality, in_counter), 'ROOSJE_MIN', 'clearing', NULL,
                                greatest(in_municipality, in_counter), 0, NULL, NULL);
    PERFORM ledger.open_account(greatest(in_municipality, in_counter), 'ROOSJE_MIN', 'clearing', NULL,
                                least(in_municipality, in_counter), 0, NULL, NULL);
    SELECT id INTO STRICT mine FROM ledger.account
        WHERE kind = 'clearing' AND unit = 'ROOSJE_MIN' AND shard = 0
            AND municipality_id = in_municipality AND counter_municipality_id = in_counter;
    INSERT INTO ledger.trust VALUES (in_municipality, in_counter, in_limit, in_actor, ledger.now())
    ON CONFLICT (municipality_id, counter_municipality_id) DO UPDATE
        SET limit_minutes = excluded.limit_minutes, set_by = excluded.set_by, set_at = excluded.set_at;
    PERFORM ledger.lock(ARRAY[mine], '{open,frozen}');
    UPDATE ledger.account SET floor = -in_limit, min_available = least(-in_limit, posted - held_out)
        WHERE id = mine;
END
$$;

CREATE FUNCTION ledger.hold(
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
    ELSIF (ledger.existing(in_asker)).kind = 'pot' THEN
        PERFORM ledger.refuse('ZL022', 'the pot gives by grants only');
    ELSIF in_expires_at <= batch.booked_at THEN
        PERFORM ledger.refuse('ZL018', 'the hold would expire in the past');
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_asker, in_helper), 'hold', batch, in_minutes, in_expires_at);
END
$$;

CREATE FUNCTION ledger.pay(
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

-- The three ways in which a hold ends; in_minutes only for settle.
CREATE FUNCTION ledger.end_hold(
    in_kind ledger.transfer_kind, in_key text, in_actor uuid, in_hold bigint, in_minutes bigint,
    in_occurred_at timestamptz, in_reason text
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    body bytea := ledger.body_hash(in_hold::text, in_minutes::text, ledger.micros(in_occurred_at), in_reason);
    about uuid;
    batch ledger.batch;
BEGIN
    SELECT b.subject INTO about FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = in_hold AND t.kind = 'hold' AND t.follows_id IS NULL;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL010', 'no such hold', jsonb_build_object('hold', in_hold));
    END IF;
    batch := ledger.begin_batch(in_actor, in_kind::text, in_key, body, about, in_occurred_at, in_reason, NULL);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, in_kind::text, in_key, body);
    END IF;
    RETURN ledger.resolve(in_hold, in_kind, batch, in_minutes);
END
$$;

CREATE FUNCTION ledger.settle(
    in_key text, in_actor uuid, in_hold bigint, in_minutes bigint, in_occurred_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF in_minutes IS NULL THEN
        PERFORM ledger.refuse('ZL020', 'a settlement needs its minutes');
    END IF;
    RETURN ledger.end_hold('settle', in_key, in_actor, in_hold, in_minutes, in_occurred_at, NULL);
END
$$;

CREATE FUNCTION ledger.void(
    in_key text, in_actor uuid, in_hold bigint, in_occurred_at timestamptz, in_reason text
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ledger.end_hold('void', in_key, in_actor, in_hold, NULL, in_occurred_at, in_reason);
END
$$;

CREATE FUNCTION ledger.expire(in_key text, in_actor uuid, in_hold bigint) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ledger.end_hold('expire', in_key, in_actor, in_hold, NULL, NULL, NULL);
END
$$;

-- Ends the holds that are past their date, oldest first. All their accounts are locked beforehand and
-- in order, so that a row of expiries cannot deadlock with bookings.
CREATE FUNCTION ledger.expire_due(in_limit integer) RETURNS TABLE (hold_id bigint, subject uuid, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    due bigint[] := ARRAY(
        SELECT o.hold_id FROM ledger.open_hold o WHERE o.follows_id IS NULL AND o.expires_at <= ledger.now()
        ORDER BY o.expires_at LIMIT in_limit);
    ended ledger.booking;
BEGIN
    PERFORM ledger.lock(
        ARRAY(SELECT a FROM ledger.transfer t, unnest(ARRAY[t.debit_id, t.credit_id]) a
              WHERE t.kind = 'hold' AND (t.id = ANY (due) OR t.follows_id = ANY (due))),
        '{open,frozen,closed}');
    FOR hold_id, subject IN
        SELECT o.hold_id, b.subject FROM ledger.open_hold o
            JOIN ledger.transfer t ON t.id = o.hold_id JOIN ledger.batch b ON b.id = t.batch_id
        WHERE o.hold_id = ANY (due) ORDER BY o.expires_at, o.hold_id LOOP
        ended := ledger.end_hold('expire', 'hold:' || hold_id, '00000000-0000-0000-0000-000000000000',
                                 hold_id, NULL, NULL, NULL);
        transfer_id := ended.transfer_id;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Takes a settlement or payment back: once, whole, with a reason.
CREATE FUNCTION ledger.reverse(
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
BEGIN
    SELECT t.kind, b.subject INTO original FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = in_transfer AND t.follows_id IS NULL;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL015', 'no such transfer', jsonb_build_object('transfer', in_transfer));
    ELSIF original.kind NOT IN ('settle', 'pay') THEN
        PERFORM ledger.refuse('ZL016', 'only a settlement or a payment is reversed');
    END IF;
    batch := ledger.begin_batch(in_actor, 'reverse', in_key, body, original.subject, in_occurred_at,
                                in_reason, in_note_hash);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'reverse', in_key, body);
    END IF;
    RETURN ledger.book_back(in_transfer, batch);
END
$$;
