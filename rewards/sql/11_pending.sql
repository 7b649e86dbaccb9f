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
GRANT SELECT ON ledger.pending, ledger.decision TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.ask(text, uuid, bigint, bigint, bigint, uuid, text, bytea),
    ledger.ask_grant(text, uuid, bigint, bigint, uuid, text, bytea),
    ledger.decide(text, uuid, bigint, ledger.outcome, text),
    ledger.lapse_questions(integer)
TO :"application_role";

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
