-- Lasting couplings (maatjes) with their talks, and what activities still needed: signing up in another's name, a door
-- that only the host opens for who waits, and addresses of homes for makelaars only.

-- A talk that goes with a lasting agreement: at the start, half-way and at the end.
CREATE TABLE coupling_talk (
    agreement_id UUID NOT NULL,
    helper_municipality_id INTEGER NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    due_on DATE NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE,
    how VARCHAR(32),
    planned_by_id UUID,
    status VARCHAR(32) NOT NULL,
    outcome VARCHAR(32),
    ended_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_coupling_talk PRIMARY KEY (id),
    CONSTRAINT uq_coupling_talk_agreement_id_kind UNIQUE (agreement_id, kind),
    CONSTRAINT ck_coupling_talk_kind CHECK (kind IN ('start', 'halverwege', 'eind')),
    CONSTRAINT ck_coupling_talk_how CHECK (how IN ('thuis', 'bureau', 'telefoon')),
    CONSTRAINT ck_coupling_talk_status CHECK (status IN ('due', 'planned', 'held', 'cancelled')),
    CONSTRAINT ck_coupling_talk_outcome CHECK (outcome IN ('verder', 'anders', 'gestopt')),
    CONSTRAINT ck_coupling_talk_planned CHECK (status <> 'planned' OR (starts_at IS NOT NULL AND how IS NOT NULL AND planned_by_id IS NOT NULL)),
    CONSTRAINT ck_coupling_talk_held CHECK ((status = 'held') = (outcome IS NOT NULL)),
    CONSTRAINT ck_coupling_talk_ended CHECK ((status IN ('held', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT fk_coupling_talk_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id),
    CONSTRAINT fk_coupling_talk_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_coupling_talk_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_coupling_talk_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_coupling_talk_planned_by_id_person FOREIGN KEY(planned_by_id) REFERENCES person (id),
    CONSTRAINT fk_coupling_talk_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_coupling_talk_municipality_id_status_due_on ON coupling_talk (municipality_id, status, due_on);
CREATE INDEX ix_coupling_talk_helper_municipality_id ON coupling_talk (helper_municipality_id);
CREATE INDEX ix_coupling_talk_asker_id ON coupling_talk (asker_id);
CREATE INDEX ix_coupling_talk_helper_id ON coupling_talk (helper_id);

-- What one of the two says for a talk: for whoever leads it, never for the other.
CREATE TABLE talk_answer (
    talk_id UUID NOT NULL,
    helper_municipality_id INTEGER NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    author_id UUID NOT NULL,
    face VARCHAR(32) NOT NULL,
    goes_on VARCHAR(32) NOT NULL,
    words TEXT NOT NULL,
    said_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_talk_answer PRIMARY KEY (id),
    CONSTRAINT uq_talk_answer_talk_id_author_id UNIQUE (talk_id, author_id),
    CONSTRAINT ck_talk_answer_face CHECK (face IN ('blij', 'gaat-wel', 'niet-blij')),
    CONSTRAINT ck_talk_answer_goes_on CHECK (goes_on IN ('verder', 'weet-niet', 'stoppen')),
    CONSTRAINT ck_talk_answer_words CHECK (char_length(words) <= 1000),
    CONSTRAINT ck_talk_answer_author CHECK (author_id = asker_id OR author_id = helper_id),
    CONSTRAINT fk_talk_answer_talk_id_coupling_talk FOREIGN KEY(talk_id) REFERENCES coupling_talk (id),
    CONSTRAINT fk_talk_answer_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_talk_answer_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_talk_answer_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_talk_answer_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_talk_answer_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_talk_answer_municipality_id ON talk_answer (municipality_id);
CREATE INDEX ix_talk_answer_helper_municipality_id ON talk_answer (helper_municipality_id);
CREATE INDEX ix_talk_answer_asker_id ON talk_answer (asker_id);
CREATE INDEX ix_talk_answer_helper_id ON talk_answer (helper_id);

ALTER TABLE coupling_talk ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupling_talk FORCE ROW LEVEL SECURITY;
ALTER TABLE talk_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE talk_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON coupling_talk TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON talk_answer TO CURRENT_USER USING (true) WITH CHECK (true);

-- The two read when their talks are and begin them with their agreement; the desks of both plan and end them.
CREATE POLICY tenant ON coupling_talk TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY party ON coupling_talk FOR SELECT TO {application} USING (
    asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);
CREATE POLICY begin ON coupling_talk FOR INSERT TO {application} WITH CHECK (
    status = 'due' AND starts_at IS NULL
    AND (asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person()))
    AND EXISTS (
        SELECT FROM agreement a
        WHERE a.id = agreement_id AND a.asker_id = coupling_talk.asker_id AND a.helper_id = coupling_talk.helper_id
          AND a.municipality_id = coupling_talk.municipality_id
          AND a.helper_municipality_id = coupling_talk.helper_municipality_id
    )
);
-- Either of the two may end the agreement, and with it what was still to be talked about.
CREATE POLICY stop ON coupling_talk FOR UPDATE TO {application} USING (
    (asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())) AND status IN ('due', 'planned')
) WITH CHECK (
    (asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())) AND status = 'cancelled'
);

CREATE POLICY read ON talk_answer FOR SELECT TO {application} USING (
    author_id = (SELECT actor_person())
    OR ((municipality_id = ANY ((SELECT actor_reach())::integer[])
         OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[]))
        AND coalesce(asker_id <> (SELECT actor_person()) AND helper_id <> (SELECT actor_person()), true))
);
CREATE POLICY say ON talk_answer FOR INSERT TO {application} WITH CHECK (
    author_id = (SELECT actor_person())
    AND EXISTS (
        SELECT FROM coupling_talk t
        WHERE t.id = talk_id AND t.status IN ('due', 'planned')
          AND t.asker_id = talk_answer.asker_id AND t.helper_id = talk_answer.helper_id
          AND t.municipality_id = talk_answer.municipality_id
          AND t.helper_municipality_id = talk_answer.helper_municipality_id
    )
);
CREATE POLICY change ON talk_answer FOR UPDATE TO {application} USING (author_id = (SELECT actor_person()))
    WITH CHECK (author_id = (SELECT actor_person()) AND EXISTS (
        SELECT FROM coupling_talk t WHERE t.id = talk_id AND t.status IN ('due', 'planned')));

GRANT SELECT, INSERT ON coupling_talk TO {application};
GRANT UPDATE (starts_at, how, planned_by_id, status, outcome, ended_at, version) ON coupling_talk TO {application};
GRANT SELECT, INSERT ON talk_answer TO {application};
GRANT UPDATE (face, goes_on, words, said_at) ON talk_answer TO {application};

-- Who signed somebody up, where that was another.
ALTER TABLE activity_signup ADD COLUMN by_id UUID;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE activity_signup ADD CONSTRAINT fk_activity_signup_by_id_person FOREIGN KEY (by_id) REFERENCES person (id);
CREATE INDEX ix_activity_signup_by_id ON activity_signup (by_id);

-- As before, and also for whoever acts for somebody: the place is that person's, and says whose hand it was.
CREATE OR REPLACE FUNCTION take_place(wanted uuid, number_of smallint) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := actor_person(); d activity_date; a activity; said text;
BEGIN
    IF me IS NULL OR is_suspended(me) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO d FROM activity_date WHERE id = wanted FOR UPDATE;
    SELECT * INTO a FROM activity WHERE id = d.activity_id;
    IF a.id IS NULL OR a.status <> 'open' OR d.status <> 'planned' OR d.starts_at <= ledger.now()
       OR a.host_id = me OR number_of > 1 + a.guests OR (a.host_id IS NOT NULL AND are_apart(a.host_id, me)) THEN
        RETURN NULL;
    END IF;
    SELECT status INTO said FROM activity_signup WHERE date_id = wanted AND person_id = me;
    IF said IS NOT NULL THEN
        RETURN said;
    END IF;
    -- who waits is let in as soon as they fit: whoever waits now is with too many for what is free
    said := CASE WHEN d.taken + number_of <= d.places THEN 'in' ELSE 'waiting' END;
    INSERT INTO activity_signup (id, municipality_id, date_id, activity_id, person_id, heads, status, by_id)
        VALUES (gen_random_uuid(), d.municipality_id, wanted, d.activity_id, me, number_of, said,
                CASE WHEN is_acting() THEN actor_hand() END);
    RETURN said;
END $$;

-- Who waits comes in as far as there are places: within the database only, for it asks nobody who they are.
ALTER FUNCTION move_up(uuid) RENAME TO let_waiting_in;
REVOKE EXECUTE ON FUNCTION let_waiting_in(uuid) FROM {application};
CREATE FUNCTION move_up(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF hosts_activity((SELECT activity_id FROM activity_date WHERE id = wanted)) THEN
        RETURN QUERY SELECT let_waiting_in(wanted);
    END IF;
END $$;
CREATE OR REPLACE FUNCTION leave_place(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM activity_date WHERE id = wanted FOR UPDATE;
    DELETE FROM activity_signup WHERE date_id = wanted AND person_id = actor_person();
    IF FOUND THEN
        RETURN QUERY SELECT let_waiting_in(wanted);
    END IF;
END $$;
-- Whether the actor looks after activities there: a makelaar, not whoever else works for the municipality; and the
-- worker, who is nobody, wherever it reaches.
CREATE FUNCTION moderates_activities(municipality integer) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT coalesce(municipality = ANY (
            CASE WHEN nullif(current_setting('app.person_id', true), '') IS NULL THEN actor_reach()
                 ELSE granted_in(ARRAY['broker']) END), false)
    $$;
-- Whom to tell of a change: for the host, and for the makelaar who stops something.
CREATE OR REPLACE FUNCTION people_of_date(wanted uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT s.person_id FROM activity_signup s
        WHERE s.date_id = wanted AND (hosts_activity(s.activity_id) OR moderates_activities(s.municipality_id))
    $$;

DROP POLICY seen ON activity_home;
DROP POLICY host ON activity_home;
CREATE POLICY seen ON activity_home FOR SELECT TO {application} USING (
    hosts_activity(activity_id) OR has_place_in(activity_id) OR moderates_activities(municipality_id)
);
CREATE POLICY host ON activity_home TO {application} USING (
    hosts_activity(activity_id) OR moderates_activities(municipality_id)
);

REVOKE EXECUTE ON FUNCTION move_up(uuid), moderates_activities(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION move_up(uuid), moderates_activities(integer) TO {application};

-- A report may be about an activity.
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'activity', 'none'));
-- A token may be for one's own agenda, and for nothing else.
ALTER TABLE api_token DROP CONSTRAINT ck_api_token_scope;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE api_token ADD CONSTRAINT ck_api_token_scope CHECK (scope IN ('read', 'own', 'all', 'calendar'));

-- What was said for a talk goes when the words of the help itself go.
CREATE OR REPLACE FUNCTION forget_words(due uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE help_request SET title = '[gewist]', body = '', consent = '' WHERE id = ANY (due);
    UPDATE proposal SET message = '', code_word = '' WHERE help_request_id = ANY (due);
    UPDATE ring_arc SET title = '[gewist]' WHERE help_request_id = ANY (due);
    UPDATE case_note SET text = '' WHERE help_request_id = ANY (due);
    UPDATE state_event SET reason = '' WHERE reason <> '' AND (entity_id = ANY (due) OR entity_id IN (
        SELECT id FROM proposal WHERE help_request_id = ANY (due)
        UNION ALL SELECT id FROM agreement WHERE help_request_id = ANY (due)
        UNION ALL SELECT o.id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id WHERE a.help_request_id = ANY (due)));
    DELETE FROM message WHERE proposal_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due));
    DELETE FROM talk_side WHERE proposal_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due));
    UPDATE satisfaction SET words = '' WHERE words <> '' AND occurrence_id IN (
        SELECT o.id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id WHERE a.help_request_id = ANY (due));
    UPDATE talk_answer SET words = '' WHERE words <> '' AND talk_id IN (
        SELECT t.id FROM coupling_talk t JOIN agreement a ON a.id = t.agreement_id WHERE a.help_request_id = ANY (due));
    DELETE FROM notice WHERE subject_id = ANY (due)
        OR (kind = 'message' AND subject_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due)));
END $$;
