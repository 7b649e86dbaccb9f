-- What is past its last day between two people ends, whoever asks and wherever they live now: it only says what
-- the clock says already, and makes room for a new one.
CREATE FUNCTION end_overdue_representation(by_whom uuid, for_whom uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH over AS (
            UPDATE representation SET status = 'ended', ended_at = ledger.now()
            WHERE status = 'active' AND representative_id = by_whom AND represented_id = for_whom
              AND valid_until < (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
            RETURNING *
        )
        INSERT INTO state_event (id, municipality_id, entity, entity_id, before, after, parties)
        SELECT gen_random_uuid(), municipality_id, 'representation', id, 'active', 'ended',
               ARRAY[representative_id, represented_id]
        FROM over RETURNING true
    $$;
REVOKE EXECUTE ON FUNCTION end_overdue_representation(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_overdue_representation(uuid, uuid) TO {application};

-- Who does it: oneself, or who acts for somebody while the consent stands.
CREATE FUNCTION actor_hand() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN is_acting() THEN (acting_under()).representative_id
                    ELSE nullif(current_setting('app.person_id', true), '')::uuid END
    $$;

-- Nobody brings a role along into another's name.
CREATE OR REPLACE FUNCTION actor_reach() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN NOT is_acting() THEN nullif(current_setting('app.municipalities', true), '')::integer[] END
    $$;
CREATE OR REPLACE FUNCTION actor_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN NOT is_acting() THEN nullif(current_setting('app.organisations', true), '')::uuid[] END
    $$;

-- Whether something belongs to a question of whom one acts for; for a contact person, to one that they asked.
CREATE FUNCTION acting_on(entity text, key uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM help_request h
            WHERE h.person_id = actor_person() AND (acting_contact() IS NULL OR h.author_id = acting_contact())
              AND h.id IN (
                  SELECT key WHERE entity = 'help_request'
                  UNION ALL SELECT p.help_request_id FROM proposal p WHERE entity = 'proposal' AND p.id = key
                  UNION ALL SELECT a.help_request_id FROM agreement a WHERE entity = 'agreement' AND a.id = key
                  UNION ALL SELECT a.help_request_id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id
                      WHERE entity = 'occurrence' AND o.id = key
                  UNION ALL SELECT r.help_request_id FROM ring_arc r WHERE entity = 'ring' AND r.ring_id = key
              )
        )
    $$;
REVOKE EXECUTE ON FUNCTION acting_on(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION acting_on(text, uuid) TO {application};

-- A contact person follows an agreement and changes nothing; nobody changes another's details or notices.
ALTER POLICY acting ON agreement WITH CHECK (
    NOT (SELECT is_acting()) OR (asker_id = (SELECT actor_person()) AND (SELECT acting_pseudonym()) IS NOT NULL)
);
ALTER POLICY acting ON occurrence WITH CHECK (
    NOT (SELECT is_acting()) OR (asker_id = (SELECT actor_person()) AND (SELECT acting_pseudonym()) IS NOT NULL)
);
ALTER POLICY acting ON contact WITH CHECK (NOT (SELECT is_acting()));
CREATE POLICY acting_change ON notice AS RESTRICTIVE FOR UPDATE TO {application} USING (NOT (SELECT is_acting()));
-- A first answer is kept for who asked, so that nobody reads one that was given to whom they act for.
ALTER POLICY own ON idempotency_key USING (person_id = (SELECT actor_hand()));

-- From when the promise counts of what was opened anew, and costs of what was agreed; before, nobody noted it down.
ALTER TABLE help_request ADD COLUMN reopened_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE agreed_cost ADD COLUMN agreed_at TIMESTAMP WITH TIME ZONE;
UPDATE agreed_cost c SET agreed_at = coalesce(
    (SELECT max(e.at) FROM state_event e WHERE e.entity_id = c.id AND e.after = 'agreed'), c.created_at
) WHERE c.status IN ('agreed', 'stopped');
