-- Moving house: one account in use per person.
ALTER TABLE ledger.account ADD COLUMN moved_to integer;
ALTER TABLE ledger.account ADD COLUMN narrowed boolean NOT NULL DEFAULT false;
-- Who has several by now keeps the one opened last; what stands on the others is carried along afterwards.
UPDATE ledger.account a SET moved_to = newest.municipality_id, personal = true,
    floor = 0, min_available = least(0, a.posted - a.held_out),
    ceiling = 0, max_balance = greatest(0, a.posted + a.held_in)
FROM (SELECT DISTINCT ON (owner_pseudonym) owner_pseudonym, municipality_id, id FROM ledger.account
      WHERE kind = 'member' AND unit = 'ROOSJE_MIN' AND status <> 'closed'
      ORDER BY owner_pseudonym, opened_at DESC, id DESC) newest
WHERE a.kind = 'member' AND a.unit = 'ROOSJE_MIN' AND a.status <> 'closed'
    AND a.owner_pseudonym = newest.owner_pseudonym AND a.id <> newest.id;
ALTER TABLE ledger.account ADD CONSTRAINT account_moved CHECK (
    moved_to IS NULL OR (moved_to <> municipality_id AND kind = 'member' AND personal AND floor = 0)
);
CREATE UNIQUE INDEX account_one_in_use ON ledger.account (owner_pseudonym)
    WHERE kind = 'member' AND unit = 'ROOSJE_MIN' AND status <> 'closed' AND moved_to IS NULL;

-- Moving house: a person takes their account along, so that nobody has two credit lines.

-- The one account of Roosjes that a person gives from and gets on; no row when there is none.
CREATE FUNCTION ledger.in_use(in_owner uuid) RETURNS ledger.account
LANGUAGE sql STABLE
AS $$
    SELECT a FROM ledger.account a
    WHERE owner_pseudonym = in_owner AND kind = 'member' AND unit = 'ROOSJE_MIN' AND status <> 'closed'
        AND moved_to IS NULL
$$;

-- The line of credit that the municipality's rules give, less what the owner still owes on accounts left behind.
CREATE FUNCTION ledger.set_line(in_account bigint) RETURNS ledger.account
LANGUAGE plpgsql
AS $$
DECLARE
    mine ledger.account := ledger.existing(in_account);
    policy ledger.policy := ledger.policy_at(mine.municipality_id, ledger.now());
    owed bigint := (SELECT coalesce(sum(greatest(0, held_out - posted)), 0)::bigint FROM ledger.account
                    WHERE owner_pseudonym = mine.owner_pseudonym AND kind = 'member' AND unit = 'ROOSJE_MIN'
                        AND moved_to IS NOT NULL);
    line bigint := least(0, ledger.floor_by(policy, mine.earned) + owed);
BEGIN
    UPDATE ledger.account SET
        personal = owed > 0, narrowed = owed > 0,
        floor = line, min_available = least(line, posted - held_out),
        ceiling = policy.ceiling, max_balance = greatest(policy.ceiling, posted + held_in)
    WHERE id = in_account RETURNING * INTO STRICT mine;
    RETURN mine;
END
$$;

-- From now on the person's account is kept by this municipality. The one of before ends what it holds and takes on
-- nothing new; what is owed there narrows the new credit line until it is carried along (carry_home).
CREATE FUNCTION ledger.move_home(in_owner uuid, in_municipality integer) RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old ledger.account := ledger.in_use(in_owner);
    mine ledger.account;
BEGIN
    IF old.id IS NULL OR old.municipality_id = in_municipality THEN
        RETURN ledger.open_account(in_municipality, 'ROOSJE_MIN', 'member', in_owner, NULL, 0, NULL, NULL);
    END IF;
    SELECT * INTO mine FROM ledger.account
        WHERE municipality_id = in_municipality AND unit = 'ROOSJE_MIN' AND kind = 'member'
            AND owner_pseudonym = in_owner;
    IF mine.status = 'closed' THEN
        RETURN old;  -- closed for good: then the other one stays in use
    END IF;
    PERFORM ledger.lock(array_remove(ARRAY[old.id, mine.id], NULL), '{open,frozen}');
    UPDATE ledger.account SET
        moved_to = in_municipality, personal = true, narrowed = false,
        floor = 0, min_available = least(0, posted - held_out),
        ceiling = 0, max_balance = greatest(0, posted + held_in)
    WHERE id = old.id AND moved_to IS NULL RETURNING * INTO old;
    IF NOT FOUND THEN
        RETURN ledger.in_use(in_owner);  -- moved at the same moment, by another tab
    ELSIF mine.id IS NULL THEN
        mine := ledger.open_account(in_municipality, 'ROOSJE_MIN', 'member', in_owner, NULL, 0, NULL, NULL);
    END IF;
    UPDATE ledger.account SET moved_to = NULL, status = old.status WHERE id = mine.id;
    RETURN ledger.set_line(mine.id);
END
$$;

-- Takes what stands on an account that was left behind to the one in use, through the clearing accounts of the two
-- municipalities; what is owed goes along as well, and the credit line is as wide again as what is left behind lets
-- it be. NULL when nothing was left. Holds are ended first.
CREATE FUNCTION ledger.carry_home(in_account bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old ledger.account := ledger.existing(in_account);
    mine ledger.account := ledger.in_use(old.owner_pseudonym);
    before ledger.account := old;
    route ledger.route;
    batch ledger.batch;
BEGIN
    IF old.moved_to IS NULL OR mine.id IS NULL THEN
        PERFORM ledger.refuse('ZL022', 'nobody moved away from this account');
    ELSIF (old.held_out, old.held_in) <> (0, 0) THEN
        PERFORM ledger.refuse('ZL019', 'the account has open holds');
    ELSIF old.posted = 0 THEN
        PERFORM ledger.lock(ARRAY[mine.id], '{open,frozen}');
        IF (ledger.existing(mine.id)).narrowed THEN  -- what was reserved when the owner moved was let go of
            PERFORM ledger.set_line(mine.id);
        END IF;
        RETURN NULL;
    END IF;
    route := CASE WHEN old.posted < 0 THEN ledger.route_between(mine.id, in_account)
                  ELSE ledger.route_between(in_account, mine.id) END;
    PERFORM ledger.lock(route.accounts, '{open,frozen}');
    -- Which way it goes is known for sure only under the lock. Nothing new begins here, so this ends.
    old := ledger.existing(in_account);
    IF (old.posted, old.held_out, old.held_in, old.moved_to)
        IS DISTINCT FROM (before.posted, before.held_out, before.held_in, before.moved_to) THEN
        RETURN ledger.carry_home(in_account);
    END IF;
    UPDATE ledger.account SET
        min_available = least(min_available, posted - held_out + old.posted),
        max_balance = greatest(max_balance, posted + held_in + old.posted)
    WHERE id = mine.id;
    batch := ledger.begin_batch(old.owner_pseudonym, 'move', concat_ws(':', 'move', in_account, old.entries),
                                ledger.body_hash(in_account::text, mine.id::text), NULL, NULL, NULL, NULL);
    PERFORM ledger.write_along(route, 'pay', batch, abs(old.posted), NULL);
    IF (ledger.existing(mine.id)).narrowed THEN
        PERFORM ledger.set_line(mine.id);
    END IF;
    RETURN batch.id;
END
$$;

REVOKE ALL ON FUNCTION
    ledger.in_use(uuid),
    ledger.set_line(bigint),
    ledger.move_home(uuid, integer),
    ledger.carry_home(bigint)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.move_home(uuid, integer),
    ledger.carry_home(bigint)
TO {application};

-- The account with this natural key, opened when there is none yet; limits count at opening only, and are
-- personal then. Without them members and organisations get those of the policy in force. A person has one account
-- of Roosjes in use: whoever has one elsewhere gets that, until they move (move_home).
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
CREATE OR REPLACE FUNCTION ledger.set_limits(in_account bigint, in_floor bigint, in_ceiling bigint)
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

-- Nothing leaves a pot but by a grant.
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
    ELSIF (ledger.existing(in_asker)).kind = 'pot' THEN
        PERFORM ledger.refuse('ZL022', 'the pot gives by grants only');
    ELSIF in_expires_at <= batch.booked_at THEN
        PERFORM ledger.refuse('ZL018', 'the hold would expire in the past');
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_asker, in_helper), 'hold', batch, in_minutes, in_expires_at);
END
$$;

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
    ELSIF (ledger.existing(in_payer)).kind = 'pot' THEN
        -- A grant looks at who asks, for whom and how much: nothing leaves a pot past that.
        PERFORM ledger.refuse('ZL022', 'the pot gives by grants only');
    END IF;
    RETURN ledger.book_along(ledger.route_between(in_payer, in_payee), 'pay', batch, in_minutes, NULL);
END
$$;

-- What is granted in parts counts together.
ALTER TABLE ledger.policy ADD COLUMN eyes_days smallint NOT NULL DEFAULT 30;
ALTER TABLE ledger.policy ADD CONSTRAINT policy_eyes_days CHECK (eyes_days BETWEEN 1 AND 365);
ALTER TABLE ledger.policy ADD COLUMN eyes_above_cents bigint NOT NULL DEFAULT 10000;
ALTER TABLE ledger.policy ADD CONSTRAINT policy_eyes_cents CHECK (eyes_above_cents BETWEEN 0 AND 45000);
-- The policy of a municipality at a moment; the last one set, where two begin together. Without any, these defaults.
CREATE OR REPLACE FUNCTION ledger.policy_at(in_municipality integer, in_moment timestamptz) RETURNS ledger.policy
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
                            NULL, NULL, NULL, NULL, 30, 10000)::ledger.policy;
    END IF;
    RETURN found_policy;
END
$$;

DROP FUNCTION ledger.set_policy(
    text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer);
-- Follows the policies of before from a moment on (NULL: now). No policy reaches back.
CREATE FUNCTION ledger.set_policy(
    in_key text, in_actor uuid, in_municipality integer, in_valid_from timestamptz,
    in_floor bigint, in_ceiling bigint, in_lowest_floor bigint, in_growth_percent integer,
    in_eyes_above bigint, in_grace_days integer, in_asked_days integer, in_eyes_days integer DEFAULT 30,
    in_eyes_above_cents bigint DEFAULT 10000
) RETURNS ledger.policy
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := ledger.now();
    body bytea := ledger.body_hash(in_municipality::text, ledger.micros(in_valid_from), in_floor::text,
        in_ceiling::text, in_lowest_floor::text, in_growth_percent::text, in_eyes_above::text,
        -- A default is left out, as from before there was a choice: old keys keep meaning the same.
        in_grace_days::text, in_asked_days::text || coalesce('/' || nullif(in_eyes_days, 30), '')
            || coalesce('+' || nullif(in_eyes_above_cents, 10000), ''));
    policy ledger.policy;
BEGIN
    SELECT * INTO policy FROM ledger.policy WHERE set_by = in_actor AND key = in_key;
    IF NOT FOUND AND in_valid_from < moment THEN
        PERFORM ledger.refuse('ZL030', 'the policy would begin in the past');
    ELSIF NOT FOUND THEN
        INSERT INTO ledger.policy (municipality_id, valid_from, floor, ceiling, lowest_floor, growth_percent,
                                   eyes_above, grace_days, asked_days, set_by, key, body_hash, set_at, eyes_days,
                                   eyes_above_cents)
        VALUES (in_municipality, coalesce(in_valid_from, moment), in_floor, in_ceiling, in_lowest_floor,
                in_growth_percent, in_eyes_above, in_grace_days, in_asked_days, in_actor, in_key, body, moment,
                in_eyes_days, in_eyes_above_cents)
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
    text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer, integer,
    bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.set_policy(
    text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer, integer,
    bigint)
    TO {application};
-- Lets go of a personal limit: from now on the account follows the policies again.
CREATE OR REPLACE FUNCTION ledger.follow_policy(in_account bigint) RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    account ledger.account := ledger.existing(in_account);
BEGIN
    IF account.unit <> 'ROOSJE_MIN' OR account.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'policies are for members and organisations');
    ELSIF account.moved_to IS NOT NULL THEN
        PERFORM ledger.refuse('ZL022', 'the owner of this account moved');
    END IF;
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    RETURN ledger.set_line(in_account);
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

REVOKE ALL ON FUNCTION ledger.granted_alone(bigint, timestamptz, integer) FROM PUBLIC;
-- A gift from the pot, up to the policy's threshold; above it a second pair of eyes is asked (ask_grant). Several
-- within the policy's days count together, whoever gave them: they are added up when the payee's row is locked.
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


-- What the desk wrote beside what it did with somebody's Roosjes; it stays, and whom it is about reads it.
ALTER TABLE ledger_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_note FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger_note TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ledger_note USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON ledger_note FOR SELECT USING (person_id = (SELECT actor_person()));
GRANT SELECT, INSERT ON ledger_note TO {application};
