-- The pot of a municipality, in shards so that many can give at once, and what goes in and out of it.

-- The shards by number, opened when there are none yet.
CREATE FUNCTION ledger.pot(in_municipality integer) RETURNS bigint[]
LANGUAGE plpgsql
AS $$
DECLARE
    shards bigint[];
BEGIN
    FOR attempt IN 1 .. 2 LOOP
        shards := ARRAY(
            SELECT id FROM ledger.account
            WHERE municipality_id = in_municipality AND unit = 'ROOSJE_MIN' AND kind = 'pot' AND shard < 16
            ORDER BY shard);
        EXIT WHEN cardinality(shards) = 16;
        -- From the first to the last: two that open a pot at once wait at the first.
        FOR number IN 0 .. 15 LOOP
            PERFORM ledger.open_account(in_municipality, 'ROOSJE_MIN', 'pot', NULL, NULL, number, NULL, NULL);
        END LOOP;
    END LOOP;
    RETURN shards;
END
$$;

-- The shard of a key: the same each time, and all alike often.
CREATE FUNCTION ledger.shard_of(in_key text) RETURNS integer
LANGUAGE sql STABLE
AS $$ SELECT get_byte(sha256(convert_to(in_key, 'UTF8')), 0) & 15 $$;

-- What a shard can give now; nothing when it is not open.
CREATE FUNCTION ledger.room_of(in_shard ledger.account) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE in_shard.status
        WHEN 'open' THEN greatest(0, in_shard.posted - in_shard.held_out - in_shard.min_available) ELSE 0 END
$$;

-- The shard for a key, as one finds it most of the time; a pot that is not there yet opens whole.
CREATE FUNCTION ledger.pot_shard(in_municipality integer, in_key text) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    number integer := ledger.shard_of(in_key);
    found_id bigint;
BEGIN
    SELECT id INTO found_id FROM ledger.account
        WHERE municipality_id = in_municipality AND unit = 'ROOSJE_MIN' AND kind = 'pot' AND owner_pseudonym IS NULL
            AND counter_municipality_id IS NULL AND shard = number;
    RETURN coalesce(found_id, (ledger.pot(in_municipality))[1 + number]);
END
$$;

-- The account that a grant is for: a member's or an organisation's, and not one's own.
CREATE FUNCTION ledger.grantee(in_payee bigint, in_actor uuid) RETURNS ledger.account
LANGUAGE plpgsql
AS $$
DECLARE
    payee ledger.account := ledger.existing(in_payee);
BEGIN
    IF payee.unit <> 'ROOSJE_MIN' OR payee.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    ELSIF payee.owner_pseudonym = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody grants to themselves');
    END IF;
    RETURN payee;
END
$$;

-- Locks what a payment out of the pot takes: one shard, by a key, when that has enough; else all.
-- Which shards may give is the answer.
CREATE FUNCTION ledger.lock_pot(in_shards bigint[], in_payee bigint, in_key text, in_minutes bigint)
RETURNS bigint[]
LANGUAGE plpgsql
AS $$
DECLARE
    every ledger.account_status[] := '{open,frozen,closed}';
    likely bigint := in_shards[1 + ledger.shard_of(in_key)];
BEGIN
    IF ledger.room_of(ledger.existing(likely)) >= in_minutes THEN
        BEGIN
            PERFORM ledger.lock(ARRAY[likely, in_payee], every);
            IF ledger.room_of(ledger.existing(likely)) >= in_minutes THEN
                RETURN ARRAY[likely];
            END IF;
            -- Somebody was first. To lock the others as well would break the ascending order: let go and start again.
            RAISE EXCEPTION USING ERRCODE = 'ZL098', MESSAGE = 'the shard ran dry';
        EXCEPTION WHEN SQLSTATE 'ZL098' THEN
            NULL;
        END;
    END IF;
    PERFORM ledger.lock(in_shards || in_payee, every);
    RETURN in_shards;
END
$$;

-- Pays out of the pot of the payee's municipality, in as few legs as there can be, the fullest shard first.
CREATE FUNCTION ledger.draw(
    in_payee bigint, in_batch ledger.batch, in_minutes bigint, in_key text,
    in_statuses ledger.account_status[] DEFAULT '{open}'
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    shards bigint[] := ledger.pot((ledger.existing(in_payee)).municipality_id);
    sources bigint[] := ledger.lock_pot(shards, in_payee, in_key, in_minutes);
    payee ledger.account := ledger.existing(in_payee);
    missing bigint := in_minutes;
    room numeric;
    source record;
    leg ledger.booking;
    first_id bigint;
BEGIN
    IF payee.status <> ALL (in_statuses) THEN
        PERFORM ledger.refuse('ZL002', 'the account is ' || payee.status,
                              jsonb_build_object('account', payee.id, 'status', payee.status));
    END IF;
    SELECT sum(ledger.room_of(a)) INTO room FROM ledger.account a WHERE id = ANY (sources);
    IF room < in_minutes THEN
        PERFORM ledger.refuse('ZL031', 'the pot has not got that much',
                              jsonb_build_object('asked', in_minutes, 'room', room));
    END IF;
    FOR source IN SELECT a.id, ledger.room_of(a) AS room FROM ledger.account a
            WHERE a.id = ANY (sources) ORDER BY ledger.room_of(a) DESC, a.shard LOOP
        leg := ledger.write_along(
            ROW(ARRAY[source.id, in_payee], payee.unit, NULL, payee.owner_pseudonym)::ledger.route,
            'pay', in_batch, least(source.room, missing), NULL);
        first_id := coalesce(first_id, leg.transfer_id);
        missing := missing - least(source.room, missing);
        EXIT WHEN missing = 0;
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

-- A gift to the pot of one's own municipality.
CREATE FUNCTION ledger.donate(
    in_key text, in_actor uuid, in_payer bigint, in_minutes bigint, in_occurred_at timestamptz,
    in_subject uuid, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_minutes::text, ledger.micros(in_occurred_at),
                                   in_subject::text, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'donate', in_key, body, in_subject, in_occurred_at, NULL, in_note_hash);
    payer ledger.account;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'donate', in_key, body);
    END IF;
    payer := ledger.existing(in_payer);
    IF payer.unit <> 'ROOSJE_MIN' OR payer.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    END IF;
    RETURN ledger.book_along(
        ROW(ARRAY[in_payer, ledger.pot_shard(payer.municipality_id, in_key)], payer.unit, payer.owner_pseudonym, NULL),
        'pay', batch, in_minutes, NULL);
END
$$;

-- What the account was granted in the days before, and nobody else looked at.
CREATE FUNCTION ledger.granted_alone(in_payee bigint, in_moment timestamptz, in_days integer) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(sum(e.delta), 0)::bigint
    FROM ledger.entry e
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    WHERE e.account_id = in_payee AND e.delta > 0 AND b.operation = 'grant'
        AND b.booked_at > in_moment - make_interval(days => in_days)
        AND NOT EXISTS (SELECT FROM ledger.decision d WHERE d.batch_id = b.id)
$$;

-- A gift from the pot, up to the policy's threshold; above it a second pair of eyes is asked (ask_grant). Several
-- within the policy's days count together, whoever gave them: they are added up when the payee's row is locked.
CREATE FUNCTION ledger.grant(
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
    policy ledger.policy;
    granted bigint := in_minutes;
    booked ledger.booking;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'grant', in_key, body);
    END IF;
    payee := ledger.grantee(in_payee, in_actor);
    policy := ledger.policy_at(payee.municipality_id, batch.booked_at);
    IF in_minutes <= policy.eyes_above THEN
        booked := ledger.draw(in_payee, batch, in_minutes, in_key);
        granted := ledger.granted_alone(in_payee, batch.booked_at, policy.eyes_days);
    END IF;
    IF granted > policy.eyes_above THEN
        PERFORM ledger.refuse('ZL033', 'a second pair of eyes must see this', jsonb_build_object(
            'asked', in_minutes, 'granted', granted - in_minutes, 'threshold', policy.eyes_above));
    END IF;
    RETURN booked;
END
$$;

-- Writes several payments of one event, all their accounts locked beforehand: all of them or none.
CREATE FUNCTION ledger.book_all(in_routes ledger.route[], in_amounts bigint[], in_batch ledger.batch)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    accounts bigint[] := ARRAY(SELECT a FROM unnest(in_routes) r, unnest(r.accounts) a);
    leg ledger.booking;
    first_id bigint;
BEGIN
    PERFORM ledger.lock(accounts, '{open}');
    IF ledger.all_fit(in_routes, in_amounts) THEN
        RETURN ROW(in_batch.id, ledger.write_all(in_routes, in_amounts, in_batch), false);
    END IF;
    -- One by one, to name the first that a limit refuses.
    FOR i IN 1 .. cardinality(in_routes) LOOP
        leg := ledger.write_along(in_routes[i], 'pay', in_batch, in_amounts[i], NULL);
        first_id := coalesce(first_id, leg.transfer_id);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;

CREATE FUNCTION ledger.refuse_list(in_accounts bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF coalesce(cardinality(in_accounts), 0) NOT BETWEEN 1 AND 100 OR array_position(in_accounts, NULL) IS NOT NULL
        OR cardinality(in_accounts) <> (SELECT count(DISTINCT a) FROM unnest(in_accounts) a) THEN
        PERFORM ledger.refuse('ZL020', 'a list names 1 to 100 accounts, each once');
    END IF;
END
$$;

-- One organiser pays many helpers, each an amount of their own: all of them or none.
CREATE FUNCTION ledger.pay_many(
    in_key text, in_actor uuid, in_payer bigint, in_payees bigint[], in_minutes bigint[],
    in_occurred_at timestamptz, in_subject uuid, in_reason text, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_payees::text, in_minutes::text,
        ledger.micros(in_occurred_at), in_subject::text, in_reason, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'pay_many', in_key, body, in_subject, in_occurred_at, in_reason, in_note_hash);
    payee bigint;
    routes ledger.route[] := '{}';
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'pay_many', in_key, body);
    ELSIF (ledger.existing(in_payer)).kind = 'pot' THEN
        PERFORM ledger.refuse('ZL022', 'the pot gives by grants only');
    END IF;
    PERFORM ledger.refuse_list(in_payees);
    IF cardinality(in_minutes) IS DISTINCT FROM cardinality(in_payees) THEN
        PERFORM ledger.refuse('ZL020', 'each payee has an amount');
    END IF;
    FOREACH payee IN ARRAY in_payees LOOP
        routes := routes || ledger.route_between(in_payer, payee);
    END LOOP;
    RETURN ledger.book_all(routes, in_minutes, batch);
END
$$;

-- One helps many at once (a course): each pays the same; the helper gets it once, the pots of those who paid
-- the rest. A receiver of the helper's own municipality pays the helper, where there is one.
CREATE FUNCTION ledger.share(
    in_key text, in_actor uuid, in_helper bigint, in_receivers bigint[], in_minutes bigint,
    in_occurred_at timestamptz, in_subject uuid, in_reason text, in_note_hash bytea
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_helper::text, in_receivers::text, in_minutes::text,
        ledger.micros(in_occurred_at), in_subject::text, in_reason, encode(in_note_hash, 'hex'));
    batch ledger.batch := ledger.begin_batch(
        in_actor, 'share', in_key, body, in_subject, in_occurred_at, in_reason, in_note_hash);
    helper ledger.account;
    receiver ledger.account;
    routes ledger.route[] := '{}';
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'share', in_key, body);
    END IF;
    PERFORM ledger.refuse_list(in_receivers);
    helper := ledger.existing(in_helper);
    PERFORM ledger.existing(id) FROM unnest(in_receivers) id;
    IF in_helper = ANY (in_receivers) THEN
        PERFORM ledger.refuse('ZL003', 'payer and payee are the same account');
    ELSIF EXISTS (SELECT FROM ledger.account WHERE id = ANY (in_helper || in_receivers)
                  AND (unit <> 'ROOSJE_MIN' OR kind NOT IN ('member', 'organisation'))) THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    END IF;
    -- Pots that are not there yet open in one order.
    PERFORM ledger.pot(m) FROM (
        SELECT DISTINCT municipality_id AS m FROM ledger.account WHERE id = ANY (in_receivers) ORDER BY m) pots;
    FOR receiver IN SELECT a.* FROM unnest(in_receivers) WITH ORDINALITY AS listed (id, place)
            JOIN ledger.account a ON a.id = listed.id
            ORDER BY a.municipality_id = helper.municipality_id DESC, listed.place LOOP
        IF cardinality(routes) = 0 THEN
            routes := routes || ledger.route_between(receiver.id, in_helper);
        ELSE
            routes := routes || ROW(
                ARRAY[receiver.id, (ledger.pot(receiver.municipality_id))[1 + ledger.shard_of(in_key)]],
                receiver.unit, receiver.owner_pseudonym, helper.owner_pseudonym)::ledger.route;
        END IF;
    END LOOP;
    RETURN ledger.book_all(routes, array_fill(in_minutes, ARRAY[cardinality(routes)]), batch);
END
$$;

CREATE VIEW ledger.broken_i19 AS  -- One to many: each pays t once, the helper gets t, pots the rest.
    SELECT t.batch_id::text AS offender, 'share' AS detail
    FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
    JOIN ledger.account d ON d.id = t.debit_id JOIN ledger.account c ON c.id = t.credit_id
    WHERE b.operation = 'share'
    GROUP BY t.batch_id
    HAVING min(t.amount) <> max(t.amount)
        OR count(*) FILTER (WHERE c.kind IN ('member', 'organisation')) <> 1
        OR count(*) FILTER (WHERE d.kind IN ('member', 'organisation'))
            <> 1 + count(*) FILTER (WHERE c.kind = 'pot')
        OR count(DISTINCT t.debit_id) FILTER (WHERE d.kind IN ('member', 'organisation'))
            <> count(*) FILTER (WHERE d.kind IN ('member', 'organisation'));

REVOKE ALL ON FUNCTION
    ledger.pot(integer),
    ledger.shard_of(text),
    ledger.pot_shard(integer, text),
    ledger.room_of(ledger.account),
    ledger.grantee(bigint, uuid),
    ledger.lock_pot(bigint[], bigint, text, bigint),
    ledger.draw(bigint, ledger.batch, bigint, text, ledger.account_status[]),
    ledger.donate(text, uuid, bigint, bigint, timestamptz, uuid, bytea),
    ledger.granted_alone(bigint, timestamptz, integer),
    ledger.grant(text, uuid, bigint, bigint, timestamptz, uuid, text, bytea),
    ledger.book_all(ledger.route[], bigint[], ledger.batch),
    ledger.refuse_list(bigint[]),
    ledger.pay_many(text, uuid, bigint, bigint[], bigint[], timestamptz, uuid, text, bytea),
    ledger.share(text, uuid, bigint, bigint[], bigint, timestamptz, uuid, text, bytea)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.donate(text, uuid, bigint, bigint, timestamptz, uuid, bytea),
    ledger.grant(text, uuid, bigint, bigint, timestamptz, uuid, text, bytea),
    ledger.pay_many(text, uuid, bigint, bigint[], bigint[], timestamptz, uuid, text, bytea),
    ledger.share(text, uuid, bigint, bigint[], bigint, timestamptz, uuid, text, bytea)
TO :"application_role";
