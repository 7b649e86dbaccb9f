-- Policies: the limits and periods that a municipality gives its residents, from a moment on. A row is never
-- changed, only followed by a later one; a makelaar's personal limit on an account beats them.

CREATE TABLE ledger.policy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_id integer NOT NULL,
    valid_from timestamptz NOT NULL,
    -- Limits of a member or an organisation in minutes. The floor falls by growth_percent of what was earned
    -- by helping, and never below lowest_floor.
    floor bigint NOT NULL,
    ceiling bigint NOT NULL,
    lowest_floor bigint NOT NULL,
    growth_percent smallint NOT NULL,
    -- A grant of more minutes than this waits for a second pair of eyes.
    eyes_above bigint NOT NULL,
    -- How long a hold lasts after the agreed date, and how long a question waits for its answer.
    grace_days smallint NOT NULL,
    asked_days smallint NOT NULL,
    set_by uuid NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    set_at timestamptz NOT NULL,
    -- What one account was granted within so many days without a second pair of eyes counts together.
    eyes_days smallint NOT NULL DEFAULT 30,
    -- A welfare grant waits for a second pair of eyes when one makelaar alone would come above this in a period.
    eyes_above_cents bigint NOT NULL DEFAULT 10000,

    CONSTRAINT policy_once UNIQUE (set_by, key),
    CONSTRAINT policy_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT policy_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT policy_municipality CHECK (municipality_id BETWEEN 1 AND 9999),
    CONSTRAINT policy_never_reaches_back CHECK (valid_from >= set_at AND isfinite(valid_from)),
    CONSTRAINT policy_limits CHECK (
        lowest_floor BETWEEN -1000000000000 AND floor AND floor <= 0 AND ceiling BETWEEN 0 AND 1000000000000
    ),
    CONSTRAINT policy_growth CHECK (growth_percent BETWEEN 0 AND 100),
    CONSTRAINT policy_eyes CHECK (eyes_above BETWEEN 0 AND 1000000000),
    CONSTRAINT policy_days CHECK (grace_days BETWEEN 1 AND 365 AND asked_days BETWEEN 1 AND 365),
    CONSTRAINT policy_eyes_days CHECK (eyes_days BETWEEN 1 AND 365),
    CONSTRAINT policy_eyes_cents CHECK (eyes_above_cents BETWEEN 0 AND 45000)
);

CREATE INDEX policy_in_force ON ledger.policy (municipality_id, valid_from, id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.policy
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- The policy of a municipality at a moment; the last one set, where two begin together. Without any, these defaults.
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
                            NULL, NULL, NULL, NULL, 30, 10000)::ledger.policy;
    END IF;
    RETURN found_policy;
END
$$;

CREATE FUNCTION ledger.floor_by(in_policy ledger.policy, in_earned bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$
    SELECT greatest(in_policy.lowest_floor, in_policy.floor - in_earned * in_policy.growth_percent / 100)
$$;

-- Minutes that somebody earned by helping (or gave back): they widen the credit line as far as the policy says.
CREATE FUNCTION ledger.earn(in_account bigint, in_minutes bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    mine ledger.account := ledger.existing(in_account);
BEGIN
    IF mine.kind NOT IN ('member', 'organisation') THEN
        RETURN;
    ELSIF NOT mine.personal THEN
        mine.floor := ledger.floor_by(
            ledger.policy_at(mine.municipality_id, ledger.now()), mine.earned + in_minutes);
    END IF;
    UPDATE ledger.account SET
        earned = earned + in_minutes,
        floor = mine.floor,
        min_available = ledger.floor_in_force(mine.floor, min_available, posted - held_out)
    WHERE id = in_account;
END
$$;

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

-- Gives up to in_limit accounts after in_after the limits of the policy in force, where none has its own.
-- Returns the last account looked at, from which the next step goes on; NULL when there was none left.
CREATE FUNCTION ledger.apply_policy(in_municipality integer, in_after bigint, in_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    policy ledger.policy := ledger.policy_at(in_municipality, ledger.now());
    followers bigint[] := ARRAY(
        SELECT id FROM ledger.account
        WHERE municipality_id = in_municipality AND unit = 'ROOSJE_MIN' AND kind IN ('member', 'organisation')
            AND NOT personal AND id > in_after
        ORDER BY id LIMIT in_limit);
BEGIN
    PERFORM ledger.lock(followers, '{open,frozen,closed}');
    UPDATE ledger.account SET
        floor = ledger.floor_by(policy, earned),
        min_available = least(ledger.floor_by(policy, earned), posted - held_out),
        ceiling = policy.ceiling,
        max_balance = greatest(policy.ceiling, posted + held_in)
    WHERE id = ANY (followers) AND NOT personal AND status <> 'closed'
        AND (floor, ceiling) <> (ledger.floor_by(policy, earned), policy.ceiling);
    RETURN followers[cardinality(followers)];
END
$$;

-- Lets go of a personal limit: from now on the account follows the policies again.
CREATE FUNCTION ledger.follow_policy(in_account bigint) RETURNS ledger.account
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

REVOKE ALL ON FUNCTION
    ledger.policy_at(integer, timestamptz),
    ledger.floor_by(ledger.policy, bigint),
    ledger.earn(bigint, bigint),
    ledger.set_policy(
        text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer, integer,
        bigint),
    ledger.apply_policy(integer, bigint, integer),
    ledger.follow_policy(bigint)
FROM PUBLIC;
GRANT SELECT ON ledger.policy TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.policy_at(integer, timestamptz),
    ledger.set_policy(
        text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer, integer,
        bigint),
    ledger.apply_policy(integer, bigint, integer),
    ledger.follow_policy(bigint)
TO :"application_role";

ALTER TABLE ledger.policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.policy TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.policy FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));
-- Whoever has an account knows the rules for it.
CREATE POLICY with_account ON ledger.policy FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.municipality_id = policy.municipality_id));
