-- One person acting for another, with consent that is recorded and can be taken back at once.
CREATE TABLE representation (
    representative_id UUID NOT NULL,
    represented_id UUID,
    kind VARCHAR(32) NOT NULL,
    status VARCHAR(32) NOT NULL,
    claimed JSONB NOT NULL,
    question JSONB NOT NULL,
    consent_way VARCHAR(32),
    consent_at TIMESTAMP WITH TIME ZONE,
    recorded_by_id UUID,
    valid_until DATE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_representation PRIMARY KEY (id),
    CONSTRAINT ck_representation_kind CHECK (kind IN ('contactpersoon', 'gemachtigde', 'wettelijk vertegenwoordiger')),
    CONSTRAINT ck_representation_status CHECK (status IN ('asked', 'active', 'declined', 'lapsed', 'ended')),
    CONSTRAINT ck_representation_consent_way CHECK (consent_way IN ('schriftelijk', 'mondeling', 'site')),
    CONSTRAINT ck_representation_two_people CHECK (represented_id <> representative_id),
    CONSTRAINT ck_representation_consent CHECK (status NOT IN ('active') OR (represented_id IS NOT NULL AND consent_way IS NOT NULL AND consent_at IS NOT NULL AND recorded_by_id IS NOT NULL)),
    CONSTRAINT ck_representation_on_paper CHECK (kind <> 'wettelijk vertegenwoordiger' OR consent_way IS NULL OR consent_way = 'schriftelijk'),
    CONSTRAINT ck_representation_kept_while_asked CHECK (status = 'asked' OR (claimed = '{}' AND question = '{}')),
    CONSTRAINT ck_representation_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_representation_representative_id_person FOREIGN KEY(representative_id) REFERENCES person (id),
    CONSTRAINT fk_representation_represented_id_person FOREIGN KEY(represented_id) REFERENCES person (id),
    CONSTRAINT fk_representation_recorded_by_id_person FOREIGN KEY(recorded_by_id) REFERENCES person (id),
    CONSTRAINT fk_representation_ended_by_id_person FOREIGN KEY(ended_by_id) REFERENCES person (id),
    CONSTRAINT fk_representation_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_representation_municipality_id_status ON representation (municipality_id, status);
CREATE INDEX ix_representation_representative_id ON representation (representative_id);
CREATE INDEX ix_representation_represented_id ON representation (represented_id);
CREATE UNIQUE INDEX uq_representation_live ON representation (representative_id, represented_id) WHERE status = 'active';

-- A browser in which somebody acts for another at this moment.
ALTER TABLE web_session ADD COLUMN representation_id UUID;
ALTER TABLE web_session ADD CONSTRAINT fk_web_session_representation_id_representation
    FOREIGN KEY (representation_id) REFERENCES representation (id);

ALTER TABLE representation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON representation TO CURRENT_USER USING (true) WITH CHECK (true);

-- The representation that this transaction acts under. It is looked up each time, so that what was taken back a
-- moment ago shows nothing any more.
CREATE FUNCTION acting_under() RETURNS representation
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r FROM representation r
        WHERE r.id = nullif(current_setting('app.representation', true), '')::uuid
          AND r.represented_id = nullif(current_setting('app.person_id', true), '')::uuid
          AND r.status = 'active'
          AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
    $$;

CREATE FUNCTION is_acting() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('app.representation', true), '') <> '' $$;

-- Whose name one acts in: one's own, or that of whom one stands for as long as their consent does.
CREATE OR REPLACE FUNCTION actor_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN is_acting() THEN (acting_under()).represented_id
                    ELSE nullif(current_setting('app.person_id', true), '')::uuid END
    $$;

-- A contact person sees of the other only what they asked themselves.
CREATE FUNCTION acting_contact() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN is_acting() AND (acting_under()).kind = 'contactpersoon' THEN (acting_under()).representative_id END
    $$;

CREATE FUNCTION asked_by_contact(request uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM help_request h WHERE h.id = request AND h.author_id = acting_contact()) $$;

-- Whose Roosjes one reads while acting: nobody's, but for who may decide.
CREATE FUNCTION acting_pseudonym() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT p.pseudonym FROM person p
        WHERE p.id = (acting_under()).represented_id AND (acting_under()).kind <> 'contactpersoon'
    $$;

CREATE POLICY tenant ON representation TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON representation FOR SELECT TO {application} USING (
    representative_id = (SELECT actor_person()) OR represented_id = (SELECT actor_person())
);
-- One says that one stands for somebody; that it is so, somebody else says.
CREATE POLICY ask ON representation FOR INSERT TO {application} WITH CHECK (
    NOT (SELECT is_acting()) AND representative_id = (SELECT actor_person()) AND status = 'asked' AND represented_id IS NULL
);
-- Either of the two ends it; neither makes it live again.
CREATE POLICY stop ON representation FOR UPDATE TO {application} USING (
    NOT (SELECT is_acting()) AND (representative_id = (SELECT actor_person()) OR represented_id = (SELECT actor_person()))
) WITH CHECK (status = 'ended' AND ended_by_id = (SELECT actor_person()));

-- Whoever acts for another sees that person as one who asks, and nothing of what they do for others.
-- For the application only: the owner's functions are bound by what they ask themselves.
CREATE POLICY acting ON help_request AS RESTRICTIVE TO {application} USING (
    NOT (SELECT is_acting())
    OR (person_id = (SELECT actor_person()) AND ((SELECT acting_contact()) IS NULL OR author_id = (SELECT acting_contact())))
);
CREATE POLICY acting ON proposal AS RESTRICTIVE TO {application} USING (
    NOT (SELECT is_acting())
    OR (asker_id = (SELECT actor_person()) AND ((SELECT acting_contact()) IS NULL OR asked_by_contact(help_request_id)))
);
CREATE POLICY acting ON agreement AS RESTRICTIVE TO {application} USING (
    NOT (SELECT is_acting())
    OR (asker_id = (SELECT actor_person()) AND ((SELECT acting_contact()) IS NULL OR asked_by_contact(help_request_id)))
);
CREATE POLICY acting ON occurrence AS RESTRICTIVE TO {application} USING (
    NOT (SELECT is_acting())
    OR (asker_id = (SELECT actor_person()) AND EXISTS (SELECT FROM agreement a WHERE a.id = agreement_id))
);
CREATE POLICY acting ON contact AS RESTRICTIVE TO {application} USING (
    (SELECT acting_contact()) IS NULL OR person_id <> (SELECT actor_person())
);
CREATE POLICY acting ON notice AS RESTRICTIVE FOR SELECT TO {application} USING (NOT (SELECT is_acting()));
-- I17: a statement is for the owner, who may decide for the owner, the own makelaar and the treasurer.
CREATE POLICY acting ON ledger.account AS RESTRICTIVE FOR SELECT TO {application} USING (
    NOT (SELECT public.is_acting()) OR owner_pseudonym = (SELECT public.acting_pseudonym())
);

-- What the link in the mail shows, before anyone is signed in: found by a key that only the mail has signed.
CREATE FUNCTION asked_representation(key uuid)
    RETURNS TABLE (representative_id uuid, first_name text, kind text, claimed jsonb, question jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT p.id, p.first_name, r.kind, r.claimed, r.question
        FROM representation r JOIN person p ON p.id = r.representative_id
        WHERE r.id = key AND r.status = 'asked' AND r.created_at > ledger.now() - interval '14 days'
          AND p.disabled_at IS NULL
    $$;

-- The person of that very address says yes; who acts for another cannot say it in their name.
CREATE FUNCTION consent_to(key uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        UPDATE representation r
        SET status = 'active', represented_id = c.person_id, consent_way = 'site', consent_at = ledger.now(),
            recorded_by_id = c.person_id, claimed = '{}', question = '{}', municipality_id = m.municipality_id
        FROM contact c JOIN membership m ON m.person_id = c.person_id AND m.kind = 'lives'
        WHERE r.id = key AND r.status = 'asked' AND r.created_at > ledger.now() - interval '14 days'
          AND NOT is_acting()
          AND c.person_id = nullif(current_setting('app.person_id', true), '')::uuid
          AND c.email = (r.claimed ->> 'email')::citext
          AND c.person_id <> r.representative_id
          AND NOT EXISTS (
              SELECT FROM representation o
              WHERE o.status = 'active' AND o.representative_id = r.representative_id AND o.represented_id = c.person_id
          )
        RETURNING true
    $$;

-- Or no; nobody has to be signed in for that.
CREATE FUNCTION decline_representation(key uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH declined AS (
            UPDATE representation SET status = 'declined', claimed = '{}', question = '{}'
            WHERE id = key AND status = 'asked' RETURNING *
        )
        INSERT INTO state_event (id, municipality_id, entity, entity_id, before, after, parties)
        SELECT gen_random_uuid(), municipality_id, 'representation', id, 'asked', 'declined', ARRAY[representative_id]
        FROM declined RETURNING true
    $$;

GRANT SELECT, INSERT, UPDATE ON representation TO {application};
REVOKE EXECUTE ON FUNCTION
    acting_under(), asked_by_contact(uuid), acting_pseudonym(), asked_representation(uuid), consent_to(uuid),
    decline_representation(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    acting_under(), asked_by_contact(uuid), acting_pseudonym(), asked_representation(uuid), consent_to(uuid),
    decline_representation(uuid) TO {application};
