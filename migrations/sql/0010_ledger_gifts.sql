-- The ledger beyond hold and settle: policies with limits that grow, the pot, what waits for somebody.

ALTER TABLE ledger.account ADD COLUMN personal boolean NOT NULL DEFAULT false;
ALTER TABLE ledger.account ADD COLUMN earned bigint NOT NULL DEFAULT 0;
ALTER TABLE ledger.account ADD COLUMN entries_at_close bigint;

-- Whoever has other limits than everybody had got them from a makelaar.
UPDATE ledger.account SET personal = true
    WHERE unit = 'ROOSJE_MIN' AND kind IN ('member', 'organisation') AND (floor, ceiling) <> (-720, 3600);
UPDATE ledger.account a SET earned = helped.total
FROM (
    SELECT e.account_id, sum(e.delta) AS total
    FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id
    WHERE (t.kind = 'settle' AND e.delta > 0) OR (t.reverses_kind = 'settle' AND e.delta < 0)
    GROUP BY e.account_id
) helped
WHERE a.id = helped.account_id AND a.kind IN ('member', 'organisation');

ALTER TABLE ledger.account ADD CONSTRAINT account_earned CHECK (earned >= 0);

UPDATE ledger.account SET entries_at_close = entries WHERE status = 'closed';
ALTER TABLE ledger.account ADD CONSTRAINT account_closed_for_good CHECK (
    (status = 'closed') = (entries_at_close IS NOT NULL)
    AND coalesce(entries_at_close = entries, true)
);

CREATE FUNCTION ledger.write_along(
    in_route ledger.route, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    leg ledger.transfer;
    first_id bigint;
BEGIN
    FOR i IN 1 .. cardinality(in_route.accounts) BY 2 LOOP
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                     payer, payee, expires_at)
        VALUES (in_batch.id, in_kind, in_route.unit, in_route.accounts[i], in_route.accounts[i + 1],
                in_amount, first_id, in_route.payer, in_route.payee, in_expires_at)
        RETURNING * INTO leg;
        first_id := coalesce(first_id, leg.id);
        IF in_kind = 'hold' THEN
            PERFORM ledger.reserve(leg);
        ELSE
            PERFORM ledger.move(leg, in_batch, 0);
        END IF;
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
END
$$;
REVOKE ALL ON FUNCTION
    ledger.write_along(ledger.route, ledger.transfer_kind, ledger.batch, bigint, timestamptz)
FROM PUBLIC;

CREATE OR REPLACE FUNCTION ledger.move(in_leg ledger.transfer, in_batch ledger.batch, in_held bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    said text := ledger.canonical(in_leg, in_batch);
BEGIN
    PERFORM ledger.post(in_leg.debit_id, in_leg.id, -in_leg.amount, in_held, 0, said);
    PERFORM ledger.post(in_leg.credit_id, in_leg.id, in_leg.amount, 0, in_held, said);
    IF in_leg.kind = 'settle' THEN
        PERFORM ledger.earn(in_leg.credit_id, in_leg.amount);
    ELSIF in_leg.reverses_kind = 'settle' THEN
        PERFORM ledger.earn(in_leg.debit_id, -in_leg.amount);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION ledger.book_along(
    in_route ledger.route, in_kind ledger.transfer_kind, in_batch ledger.batch, in_amount bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.lock(in_route.accounts, '{open}');
    RETURN ledger.write_along(in_route, in_kind, in_batch, in_amount, in_expires_at);
END
$$;

CREATE OR REPLACE FUNCTION ledger.book_back(in_transfer bigint, in_batch ledger.batch) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    original ledger.transfer;
    leg ledger.transfer;
    first_id bigint;
BEGIN
    PERFORM ledger.lock_legs(in_transfer, '{open,frozen}');
    IF EXISTS (SELECT FROM ledger.transfer WHERE reverses_id = in_transfer) THEN
        PERFORM ledger.refuse('ZL017', 'the transfer was reversed before');
    ELSIF EXISTS (SELECT FROM ledger.made_whole WHERE transfer_id = in_transfer) THEN
        PERFORM ledger.refuse('ZL038', 'the pot made good for this transfer before');
    END IF;
    FOR original IN SELECT * FROM ledger.legs(in_transfer) LOOP
        INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, follows_id,
                                     payer, payee, reverses_id, reverses_kind)
        VALUES (in_batch.id, 'reverse', original.unit, original.credit_id, original.debit_id, original.amount,
                first_id, original.payee, original.payer, original.id, original.kind)
        RETURNING * INTO leg;
        first_id := coalesce(first_id, leg.id);
        PERFORM ledger.move(leg, in_batch, 0);
    END LOOP;
    RETURN ROW(in_batch.id, first_id, false);
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

CREATE OR REPLACE FUNCTION ledger.set_status(in_account bigint, in_status ledger.account_status)
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
    CONSTRAINT policy_days CHECK (grace_days BETWEEN 1 AND 365 AND asked_days BETWEEN 1 AND 365)
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
                            NULL, NULL, NULL, NULL)::ledger.policy;
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
    END IF;
    PERFORM ledger.lock(ARRAY[in_account], '{open,frozen}');
    UPDATE ledger.account SET personal = false WHERE id = in_account;
    PERFORM ledger.apply_policy(account.municipality_id, in_account - 1, 1);
    RETURN ledger.existing(in_account);
END
$$;

REVOKE ALL ON FUNCTION
    ledger.policy_at(integer, timestamptz),
    ledger.floor_by(ledger.policy, bigint),
    ledger.earn(bigint, bigint),
    ledger.set_policy(text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer),
    ledger.apply_policy(integer, bigint, integer),
    ledger.follow_policy(bigint)
FROM PUBLIC;
GRANT SELECT ON ledger.policy TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.policy_at(integer, timestamptz),
    ledger.set_policy(text, uuid, integer, timestamptz, bigint, bigint, bigint, integer, bigint, integer, integer),
    ledger.apply_policy(integer, bigint, integer),
    ledger.follow_policy(bigint)
TO {application};

ALTER TABLE ledger.policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.policy TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.policy FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));
-- Whoever has an account knows the rules for it.
CREATE POLICY with_account ON ledger.policy FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.municipality_id = policy.municipality_id));

-- What waits for somebody: a payment that was asked of its payer, a grant that needs a second pair of eyes.
-- Nothing moves before it is accepted, and each question has at most one answer.

CREATE TYPE ledger.outcome AS ENUM ('accepted', 'rejected', 'lapsed');
CREATE TYPE ledger.asking AS (pending_id bigint, hit boolean);
CREATE TYPE ledger.verdict AS (
    pending_id bigint, outcome ledger.outcome, batch_id bigint, transfer_id bigint, hit boolean
);

CREATE TABLE ledger.pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The operation of the batch that it becomes when it is accepted.
    operation text NOT NULL,
    payer_id bigint REFERENCES ledger.account,
    payee_id bigint NOT NULL REFERENCES ledger.account,
    amount bigint NOT NULL,
    asked_by uuid NOT NULL,
    -- Who would get it: the payee's owner, or the nil UUID for nobody in particular.
    beneficiary uuid NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    subject uuid,
    reason text,
    note_hash bytea,
    asked_at timestamptz NOT NULL,
    lapses_at timestamptz NOT NULL,

    CONSTRAINT pending_once UNIQUE (asked_by, operation, key),
    CONSTRAINT pending_parties UNIQUE (id, asked_by, beneficiary),
    CONSTRAINT pending_operation CHECK (operation IN ('pay', 'grant')),
    -- A grant comes out of the pot, whichever of its shards.
    CONSTRAINT pending_payer CHECK ((operation = 'grant') = (payer_id IS NULL)),
    CONSTRAINT pending_two_accounts CHECK (payer_id <> payee_id),
    CONSTRAINT pending_amount CHECK (amount BETWEEN 1 AND 1000000000),
    CONSTRAINT pending_grant_for_another CHECK (operation <> 'grant' OR asked_by <> beneficiary),
    CONSTRAINT pending_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT pending_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT pending_reason CHECK (reason ~ '^[a-z_]{1,40}$'),
    CONSTRAINT pending_note_hash CHECK (octet_length(note_hash) = 32),
    CONSTRAINT pending_lapses CHECK (lapses_at > asked_at AND isfinite(lapses_at))
);

CREATE INDEX pending_by_payer ON ledger.pending (payer_id);
CREATE INDEX pending_by_payee ON ledger.pending (payee_id);
CREATE INDEX pending_by_lapse ON ledger.pending (lapses_at);

CREATE TABLE ledger.decision (
    pending_id bigint PRIMARY KEY,
    asked_by uuid NOT NULL,
    beneficiary uuid NOT NULL,
    outcome ledger.outcome NOT NULL,
    decided_by uuid NOT NULL,
    key text NOT NULL,
    reason text,
    batch_id bigint REFERENCES ledger.batch,
    decided_at timestamptz NOT NULL,

    CONSTRAINT decision_of_the_question FOREIGN KEY (pending_id, asked_by, beneficiary)
        REFERENCES ledger.pending (id, asked_by, beneficiary),
    CONSTRAINT decision_once UNIQUE (decided_by, key),
    CONSTRAINT decision_booked_once UNIQUE (batch_id),
    CONSTRAINT decision_books CHECK ((outcome = 'accepted') = (batch_id IS NOT NULL)),
    -- Four eyes: neither who asked nor who would get it.
    CONSTRAINT decision_by_another
        CHECK (outcome = 'lapsed' OR (decided_by <> asked_by AND decided_by <> beneficiary)),
    CONSTRAINT decision_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT decision_reason CHECK (reason ~ '^[a-z_]{1,40}$')
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.pending
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.decision
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- What the key asked the first time, if it did; refused when something else is asked under it now.
CREATE FUNCTION ledger.first_question(in_actor uuid, in_operation text, in_key text, in_body bytea)
RETURNS ledger.asking
LANGUAGE plpgsql
AS $$
DECLARE
    earlier ledger.pending;
BEGIN
    SELECT * INTO earlier FROM ledger.pending
        WHERE asked_by = in_actor AND operation = in_operation AND key = in_key;
    IF earlier.body_hash <> in_body THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    RETURN ROW(earlier.id, earlier.id IS NOT NULL);
END
$$;

-- Writes the question down; how long it waits is for the municipality of whoever would get it to say.
CREATE FUNCTION ledger.put_question(
    in_key text, in_actor uuid, in_operation text, in_body bytea, in_payer bigint, in_payee bigint,
    in_amount bigint, in_subject uuid, in_reason text, in_note_hash bytea
) RETURNS ledger.asking
LANGUAGE plpgsql
AS $$
DECLARE
    payee ledger.account := ledger.existing(in_payee);
    moment timestamptz := ledger.now();
    days integer := (ledger.policy_at(payee.municipality_id, moment)).asked_days;
    asked_id bigint;
BEGIN
    INSERT INTO ledger.pending (operation, payer_id, payee_id, amount, asked_by, beneficiary, key, body_hash,
                                subject, reason, note_hash, asked_at, lapses_at)
    VALUES (in_operation, in_payer, in_payee, in_amount, in_actor,
            coalesce(payee.owner_pseudonym, '00000000-0000-0000-0000-000000000000'), in_key, in_body,
            in_subject, in_reason, in_note_hash, moment, moment + make_interval(days => days))
    ON CONFLICT ON CONSTRAINT pending_once DO NOTHING
    RETURNING id INTO asked_id;
    IF asked_id IS NULL THEN
        RETURN ledger.first_question(in_actor, in_operation, in_key, in_body);
    END IF;
    RETURN ROW(asked_id, false);
END
$$;

-- Asks the payer for a payment. What could not be paid to begin with is not asked either.
CREATE FUNCTION ledger.ask(
    in_key text, in_actor uuid, in_payer bigint, in_payee bigint, in_minutes bigint, in_subject uuid,
    in_reason text, in_note_hash bytea
) RETURNS ledger.asking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_payee::text, in_minutes::text, in_subject::text,
                                   in_reason, encode(in_note_hash, 'hex'));
    earlier ledger.asking := ledger.first_question(in_actor, 'pay', in_key, body);
    party ledger.account;
BEGIN
    IF earlier.hit THEN
        RETURN earlier;
    END IF;
    PERFORM ledger.route_between(in_payer, in_payee);
    IF EXISTS (SELECT FROM ledger.account WHERE id IN (in_payer, in_payee) AND kind = 'pot') THEN
        PERFORM ledger.refuse('ZL022', 'what a pot gives or gets is not asked in this way');
    END IF;
    FOR party IN SELECT * FROM ledger.account WHERE id IN (in_payer, in_payee) ORDER BY id LOOP
        IF party.status <> 'open' THEN
            PERFORM ledger.refuse('ZL002', 'the account is ' || party.status,
                                  jsonb_build_object('account', party.id, 'status', party.status));
        END IF;
    END LOOP;
    RETURN ledger.put_question(in_key, in_actor, 'pay', body, in_payer, in_payee, in_minutes, in_subject,
                               in_reason, in_note_hash);
END
$$;

-- Asks a second pair of eyes for a grant; below the threshold one may ask as well.
CREATE FUNCTION ledger.ask_grant(
    in_key text, in_actor uuid, in_payee bigint, in_minutes bigint, in_subject uuid, in_reason text,
    in_note_hash bytea
) RETURNS ledger.asking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payee::text, in_minutes::text, in_subject::text, in_reason,
                                   encode(in_note_hash, 'hex'));
    earlier ledger.asking := ledger.first_question(in_actor, 'grant', in_key, body);
BEGIN
    IF earlier.hit THEN
        RETURN earlier;
    END IF;
    PERFORM ledger.grantee(in_payee, in_actor);
    RETURN ledger.put_question(in_key, in_actor, 'grant', body, NULL, in_payee, in_minutes, in_subject,
                               in_reason, in_note_hash);
END
$$;

-- Books what was asked, now that somebody said yes.
CREATE FUNCTION ledger.carry_out(in_asked ledger.pending, in_batch ledger.batch) RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
BEGIN
    IF in_asked.operation = 'grant' THEN
        RETURN ledger.draw(in_asked.payee_id, in_batch, in_asked.amount, in_asked.key);
    END IF;
    RETURN ledger.book_along(
        ledger.route_between(in_asked.payer_id, in_asked.payee_id), 'pay', in_batch, in_asked.amount, NULL);
END
$$;

-- The one answer. The question's row is locked before any account, so that two answers wait for each other there.
CREATE FUNCTION ledger.decide(
    in_key text, in_actor uuid, in_pending bigint, in_outcome ledger.outcome, in_reason text
) RETURNS ledger.verdict
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asked ledger.pending;
    earlier ledger.decision;
    batch ledger.batch;
    booked ledger.booking;
    moment timestamptz;
BEGIN
    SELECT * INTO asked FROM ledger.pending WHERE id = in_pending FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL034', 'no such question', jsonb_build_object('pending', in_pending));
    END IF;
    SELECT * INTO earlier FROM ledger.decision WHERE decided_by = in_actor AND key = in_key;
    IF FOUND AND (earlier.pending_id, earlier.outcome) = (in_pending, in_outcome)
        AND earlier.reason IS NOT DISTINCT FROM in_reason THEN
        RETURN ROW(in_pending, in_outcome, earlier.batch_id,
                   (SELECT min(id) FROM ledger.transfer WHERE batch_id = earlier.batch_id), true);
    ELSIF FOUND THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    SELECT * INTO earlier FROM ledger.decision WHERE pending_id = in_pending;
    IF FOUND THEN
        PERFORM ledger.refuse('ZL035', 'the question was answered before',
                              jsonb_build_object('outcome', earlier.outcome));
    ELSIF in_actor IN (asked.asked_by, asked.beneficiary) THEN
        PERFORM ledger.refuse('ZL032', 'who asked or would get it does not decide');
    ELSIF asked.operation = 'pay'
        AND (ledger.existing(asked.payer_id)).owner_pseudonym IS DISTINCT FROM in_actor THEN
        PERFORM ledger.refuse('ZL032', 'whoever would pay decides, and nobody else');
    END IF;
    moment := ledger.now();
    IF asked.lapses_at <= moment THEN
        PERFORM ledger.refuse('ZL036', 'nobody answered in time');
    ELSIF in_outcome = 'accepted' THEN
        batch := ledger.begin_batch(in_actor, asked.operation, 'pending:' || in_pending, asked.body_hash,
                                    asked.subject, NULL, asked.reason, asked.note_hash);
        IF batch.id IS NULL THEN
            PERFORM ledger.refuse('ZL009', 'the key was used for something else');
        END IF;
        booked := ledger.carry_out(asked, batch);
    END IF;
    INSERT INTO ledger.decision (pending_id, asked_by, beneficiary, outcome, decided_by, key, reason, batch_id,
                                 decided_at)
    VALUES (in_pending, asked.asked_by, asked.beneficiary, in_outcome, in_actor, in_key, in_reason,
            booked.batch_id, moment)
    ON CONFLICT ON CONSTRAINT decision_once DO NOTHING;
    IF NOT FOUND THEN  -- the same key for another question, at the same moment
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    RETURN ROW(in_pending, in_outcome, booked.batch_id, booked.transfer_id, false);
END
$$;

-- Lets up to in_limit questions lapse that nobody answered in time, the oldest first, and names them.
CREATE FUNCTION ledger.lapse_questions(in_limit integer) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := ledger.now();
    due bigint[] := ARRAY(
        SELECT p.id FROM ledger.pending p
        WHERE p.lapses_at <= moment AND NOT EXISTS (SELECT FROM ledger.decision d WHERE d.pending_id = p.id)
        ORDER BY p.lapses_at, p.id LIMIT in_limit);
BEGIN
    -- In one order, for when two do this at once; the second finds the decisions of the first.
    PERFORM FROM ledger.pending WHERE id = ANY (due) ORDER BY id FOR NO KEY UPDATE;
    RETURN QUERY
        INSERT INTO ledger.decision (pending_id, asked_by, beneficiary, outcome, decided_by, key, decided_at)
        SELECT id, asked_by, beneficiary, 'lapsed', '00000000-0000-0000-0000-000000000000',
               'pending:' || id, moment
        FROM ledger.pending WHERE id = ANY (due)
        ON CONFLICT DO NOTHING
        RETURNING pending_id;
END
$$;

CREATE VIEW ledger.broken_i9_asked AS  -- A question has one answer, by another, and books what was asked.
    SELECT p.id::text AS offender, concat_ws(' ', 'asked', p.operation, string_agg(d.outcome::text, ' ')) AS detail
    FROM ledger.pending p JOIN ledger.decision d ON d.pending_id = p.id
    LEFT JOIN ledger.batch b ON b.id = d.batch_id
    LEFT JOIN LATERAL (
        SELECT sum(t.amount) FILTER (WHERE t.credit_id = p.payee_id) AS reached
        FROM ledger.transfer t WHERE t.batch_id = d.batch_id
    ) moved ON true
    GROUP BY p.id, p.operation
    HAVING count(*) > 1
        OR bool_or(d.outcome = 'accepted' AND (b.operation, moved.reached) IS DISTINCT FROM (p.operation, p.amount::numeric))
        OR bool_or(d.outcome <> 'accepted' AND d.batch_id IS NOT NULL)
        OR bool_or(d.outcome <> 'lapsed' AND d.decided_by IN (p.asked_by, p.beneficiary))
        OR bool_or((d.outcome = 'lapsed') <> (d.decided_at >= p.lapses_at));

REVOKE ALL ON FUNCTION
    ledger.first_question(uuid, text, text, bytea),
    ledger.put_question(text, uuid, text, bytea, bigint, bigint, bigint, uuid, text, bytea),
    ledger.ask(text, uuid, bigint, bigint, bigint, uuid, text, bytea),
    ledger.ask_grant(text, uuid, bigint, bigint, uuid, text, bytea),
    ledger.carry_out(ledger.pending, ledger.batch),
    ledger.decide(text, uuid, bigint, ledger.outcome, text),
    ledger.lapse_questions(integer)
FROM PUBLIC;
GRANT SELECT ON ledger.pending, ledger.decision TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.ask(text, uuid, bigint, bigint, bigint, uuid, text, bytea),
    ledger.ask_grant(text, uuid, bigint, bigint, uuid, text, bytea),
    ledger.decide(text, uuid, bigint, ledger.outcome, text),
    ledger.lapse_questions(integer)
TO {application};

ALTER TABLE ledger.pending ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.decision ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.pending TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.decision TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY asked ON ledger.pending FOR SELECT
    USING (asked_by = (SELECT nullif(current_setting('app.pseudonym', true), ''))::uuid);
CREATE POLICY with_account ON ledger.pending FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id IN (payer_id, payee_id)));
CREATE POLICY with_question ON ledger.decision FOR SELECT
    USING (EXISTS (SELECT FROM ledger.pending p WHERE p.id = pending_id));

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
    shards bigint[];
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'donate', in_key, body);
    END IF;
    payer := ledger.existing(in_payer);
    IF payer.unit <> 'ROOSJE_MIN' OR payer.kind NOT IN ('member', 'organisation') THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    END IF;
    shards := ledger.pot(payer.municipality_id);
    RETURN ledger.book_along(
        ledger.route_between(in_payer, shards[1 + ledger.shard_of(in_key)]), 'pay', batch, in_minutes, NULL);
END
$$;

-- A gift from the pot, up to the policy's threshold; above it a second pair of eyes is asked (ask_grant).
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

-- Writes several payments of one event, all their accounts locked beforehand: all of them or none.
CREATE FUNCTION ledger.book_all(in_routes ledger.route[], in_amounts bigint[], in_batch ledger.batch)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    route ledger.route;
    accounts bigint[] := '{}';
    leg ledger.booking;
    first_id bigint;
BEGIN
    FOREACH route IN ARRAY in_routes LOOP
        accounts := accounts || route.accounts;
    END LOOP;
    PERFORM ledger.lock(accounts, '{open}');
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
    ledger.room_of(ledger.account),
    ledger.grantee(bigint, uuid),
    ledger.lock_pot(bigint[], bigint, text, bigint),
    ledger.draw(bigint, ledger.batch, bigint, text, ledger.account_status[]),
    ledger.donate(text, uuid, bigint, bigint, timestamptz, uuid, bytea),
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
TO {application};

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
GRANT SELECT ON ledger.made_whole, ledger.departure TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.make_whole(text, uuid, bigint, text, timestamptz, bytea),
    ledger.leave(text, uuid, bigint)
TO {application};

ALTER TABLE ledger.made_whole ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.departure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.made_whole TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.departure TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY with_transfer ON ledger.made_whole FOR SELECT
    USING (EXISTS (SELECT FROM ledger.transfer t WHERE t.id = transfer_id));
CREATE POLICY with_account ON ledger.departure FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = account_id));

CREATE VIEW ledger.broken_i2_earned AS  -- What was earned is what was settled and not taken back.
    SELECT a.id::text AS offender, 'earned ' || a.earned AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT e.account_id, sum(e.delta) AS total
        FROM ledger.entry e JOIN ledger.transfer t ON t.id = e.transfer_id
        WHERE (t.kind = 'settle' AND e.delta > 0) OR (t.reverses_kind = 'settle' AND e.delta < 0)
        GROUP BY e.account_id
    ) helped ON helped.account_id = a.id
    WHERE a.kind IN ('member', 'organisation') AND a.earned <> coalesce(helped.total, 0);

CREATE OR REPLACE VIEW ledger.violation AS
    SELECT 'I1' AS invariant, * FROM ledger.broken_i1
    UNION ALL SELECT 'I2', * FROM ledger.broken_i2
    UNION ALL SELECT 'I2', * FROM ledger.broken_i2_earned
    UNION ALL SELECT 'I3', * FROM ledger.broken_i3
    UNION ALL SELECT 'I4', * FROM ledger.broken_i4
    UNION ALL SELECT 'I5', * FROM ledger.broken_i5
    UNION ALL SELECT 'I6', * FROM ledger.broken_i6
    UNION ALL SELECT 'I7', * FROM ledger.broken_i7
    UNION ALL SELECT 'I8', * FROM ledger.broken_i8
    UNION ALL SELECT 'I9', * FROM ledger.broken_i9
    UNION ALL SELECT 'I9', * FROM ledger.broken_i9_asked
    UNION ALL SELECT 'I10', * FROM ledger.broken_i10
    UNION ALL SELECT 'I10', * FROM ledger.broken_i10_whole
    UNION ALL SELECT 'I11', * FROM ledger.broken_i11
    UNION ALL SELECT 'I14', * FROM ledger.broken_i14
    UNION ALL SELECT 'I18', * FROM ledger.broken_i18
    UNION ALL SELECT 'I19', * FROM ledger.broken_i19;
