-- Addresses of a municipality's own systems that hear that something happened, and each message to one of them.

CREATE TABLE webhook (
    made_by_id UUID NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    turn SMALLINT DEFAULT 1 NOT NULL,
    turned_at TIMESTAMP WITH TIME ZONE,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    failures SMALLINT DEFAULT 0 NOT NULL,
    rests_until TIMESTAMP WITH TIME ZONE,
    taken_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_webhook PRIMARY KEY (id),
    CONSTRAINT ck_webhook_name CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT ck_webhook_address CHECK (char_length(address) BETWEEN 10 AND 500),
    CONSTRAINT ck_webhook_kinds CHECK (cardinality(kinds) BETWEEN 1 AND 20),
    CONSTRAINT ck_webhook_turn CHECK (turn BETWEEN 1 AND 30000),
    CONSTRAINT ck_webhook_failures CHECK (failures BETWEEN 0 AND 30000),
    CONSTRAINT fk_webhook_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_webhook_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_webhook_live ON webhook (municipality_id, address) WHERE ended_at IS NULL;

CREATE TABLE webhook_message (
    webhook_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    status VARCHAR(32) DEFAULT 'waiting' NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    answer SMALLINT,
    tried_at TIMESTAMP WITH TIME ZONE,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_webhook_message PRIMARY KEY (id),
    CONSTRAINT ck_webhook_message_status CHECK (status IN ('waiting', 'delivered', 'dead')),
    CONSTRAINT ck_webhook_message_attempts CHECK (attempts BETWEEN 0 AND 100),
    CONSTRAINT ck_webhook_message_answer CHECK (answer IS NULL OR answer BETWEEN 100 AND 999),
    CONSTRAINT fk_webhook_message_webhook_id_webhook FOREIGN KEY(webhook_id) REFERENCES webhook (id),
    CONSTRAINT fk_webhook_message_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_webhook_message_webhook_id_status_at ON webhook_message (webhook_id, status, at);
CREATE INDEX ix_webhook_message_municipality_id_at ON webhook_message (municipality_id, at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['webhook', 'webhook_message'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY tenant ON webhook TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON webhook_message TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
GRANT SELECT, INSERT, DELETE ON webhook, webhook_message TO {application};
-- Where it goes and what it hears of is chosen once: another address is another webhook.
GRANT UPDATE (turn, turned_at, ended_at, failures, rests_until, taken_at) ON webhook TO {application};
GRANT UPDATE (status, attempts, answer, tried_at, since) ON webhook_message TO {application};

-- As what a step in the life of something is told, if it is.
CREATE FUNCTION webhook_kind(entity text, after text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
    AS $$
        SELECT CASE entity
            WHEN 'help_request' THEN CASE
                WHEN after = 'open' THEN 'hulpvraag.open'
                WHEN after = 'filled' THEN 'hulpvraag.vervuld'
                WHEN after = 'done' THEN 'hulpvraag.klaar'
                WHEN after IN ('closed', 'withdrawn', 'expired', 'referred') THEN 'hulpvraag.gestopt'
            END
            WHEN 'help_offer' THEN CASE WHEN after = 'open' THEN 'hulpaanbod.open' END
            WHEN 'agreement' THEN CASE after
                WHEN 'active' THEN 'afspraak.gemaakt'
                WHEN 'done' THEN 'afspraak.klaar'
                WHEN 'cancelled' THEN 'afspraak.afgezegd'
            END
            WHEN 'occurrence' THEN CASE WHEN after = 'done' THEN 'keer.klaar' END
            WHEN 'activity' THEN CASE WHEN after = 'open' THEN 'activiteit.open' END
            WHEN 'joining' THEN CASE WHEN after = 'approved' THEN 'organisatie.aangesloten' END
        END
    $$;

-- With every step in a life, in the same transaction: a message to each address that wants to hear of it, of either side
-- of a border. Whoever takes the step need not see a municipality's webhooks.
CREATE FUNCTION tell_webhooks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE message uuid;
BEGIN
    FOR message IN
        INSERT INTO webhook_message (id, municipality_id, webhook_id, kind, subject_id, at)
        SELECT gen_random_uuid(), w.municipality_id, w.id, webhook_kind(NEW.entity, NEW.after), NEW.entity_id, NEW.at
        FROM webhook w
        WHERE w.municipality_id IN (NEW.municipality_id, NEW.other_municipality_id) AND w.ended_at IS NULL
          AND webhook_kind(NEW.entity, NEW.after) = ANY (w.kinds)
        RETURNING id
    LOOP
        PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
            'webhooks'::varchar, 'webhooks.send'::varchar, 0, NULL::text, NULL::text,
            jsonb_build_object('message_id', message), NULL::timestamptz
        )]::procrastinate_job_to_defer_v1[]);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_webhooks AFTER INSERT ON state_event FOR EACH ROW
    WHEN (webhook_kind(NEW.entity, NEW.after) IS NOT NULL AND NEW.before IS DISTINCT FROM NEW.after)
    EXECUTE FUNCTION tell_webhooks();

-- How it goes with all of them, for whoever watches: counts over the whole region, and no row.
CREATE FUNCTION webhook_figures() RETURNS TABLE (webhooks bigint, resting bigint, waiting bigint, oldest_s double precision, dead bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT count(DISTINCT w.id), count(DISTINCT w.id) FILTER (WHERE w.rests_until > ledger.now()),
            count(m.id) FILTER (WHERE m.status = 'waiting'),
            coalesce(extract(epoch FROM ledger.now() - min(m.at) FILTER (WHERE m.status = 'waiting')), 0)::float8,
            count(m.id) FILTER (WHERE m.status = 'dead')
        FROM webhook w LEFT JOIN webhook_message m ON m.webhook_id = w.id WHERE w.ended_at IS NULL
    $$;
REVOKE EXECUTE ON FUNCTION webhook_kind(text, text), tell_webhooks(), webhook_figures() FROM PUBLIC;
-- the condition of the trigger is asked as whoever takes the step
GRANT EXECUTE ON FUNCTION webhook_kind(text, text), webhook_figures() TO {application};
