-- What happens between two people around an agreement: messages, another time, and "Tevreden?" afterwards.

CREATE TABLE message (
    helper_municipality_id INTEGER NOT NULL,
    proposal_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    author_id UUID NOT NULL,
    form_key UUID NOT NULL,
    words TEXT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_message PRIMARY KEY (id),
    CONSTRAINT ck_message_words CHECK (char_length(words) <= 2000),
    CONSTRAINT ck_message_author CHECK (author_id = asker_id OR author_id = helper_id),
    CONSTRAINT uq_message_proposal_id_author_id_form_key UNIQUE (proposal_id, author_id, form_key),
    CONSTRAINT fk_message_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_message_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id) ON DELETE CASCADE,
    CONSTRAINT fk_message_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_message_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_message_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_message_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_message_proposal_id_sent_at ON message (proposal_id, sent_at);
CREATE INDEX ix_message_asker_id ON message (asker_id);
CREATE INDEX ix_message_helper_id ON message (helper_id);
CREATE INDEX ix_message_municipality_id ON message (municipality_id);
CREATE INDEX ix_message_helper_municipality_id ON message (helper_municipality_id);

CREATE TABLE talk_side (
    helper_municipality_id INTEGER NOT NULL,
    proposal_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    person_id UUID NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    shares_at TIMESTAMP WITH TIME ZONE,
    shows_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_talk_side PRIMARY KEY (id),
    CONSTRAINT ck_talk_side_person CHECK (person_id = asker_id OR person_id = helper_id),
    CONSTRAINT uq_talk_side_proposal_id_person_id UNIQUE (proposal_id, person_id),
    CONSTRAINT fk_talk_side_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_talk_side_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id) ON DELETE CASCADE,
    CONSTRAINT fk_talk_side_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_talk_side_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_talk_side_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_talk_side_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_talk_side_asker_id ON talk_side (asker_id);
CREATE INDEX ix_talk_side_helper_id ON talk_side (helper_id);
CREATE INDEX ix_talk_side_municipality_id ON talk_side (municipality_id);
CREATE INDEX ix_talk_side_helper_municipality_id ON talk_side (helper_municipality_id);

CREATE TABLE time_proposal (
    helper_municipality_id INTEGER NOT NULL,
    occurrence_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    proposed_by_id UUID NOT NULL,
    was_at TIMESTAMP WITH TIME ZONE NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_time_proposal PRIMARY KEY (id),
    CONSTRAINT ck_time_proposal_status CHECK (status IN ('proposed', 'agreed', 'declined', 'countered', 'withdrawn', 'lapsed')),
    CONSTRAINT ck_time_proposal_another CHECK (starts_at <> was_at),
    CONSTRAINT ck_time_proposal_answered CHECK ((status = 'proposed') = (answered_at IS NULL)),
    CONSTRAINT ck_time_proposal_proposed_by CHECK (proposed_by_id = asker_id OR proposed_by_id = helper_id),
    CONSTRAINT fk_time_proposal_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_time_proposal_occurrence_id_occurrence FOREIGN KEY(occurrence_id) REFERENCES occurrence (id),
    CONSTRAINT fk_time_proposal_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_time_proposal_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_time_proposal_proposed_by_id_person FOREIGN KEY(proposed_by_id) REFERENCES person (id),
    CONSTRAINT fk_time_proposal_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_time_proposal_open_occurrence_id ON time_proposal (occurrence_id) WHERE status = 'proposed';
CREATE INDEX ix_time_proposal_occurrence_id ON time_proposal (occurrence_id);
CREATE INDEX ix_time_proposal_asker_id ON time_proposal (asker_id);
CREATE INDEX ix_time_proposal_helper_id ON time_proposal (helper_id);
CREATE INDEX ix_time_proposal_municipality_id ON time_proposal (municipality_id);
CREATE INDEX ix_time_proposal_helper_municipality_id ON time_proposal (helper_municipality_id);

CREATE TABLE satisfaction (
    helper_municipality_id INTEGER NOT NULL,
    occurrence_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    author_id UUID NOT NULL,
    face VARCHAR(32) NOT NULL,
    words TEXT NOT NULL,
    for_other BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_satisfaction PRIMARY KEY (id),
    CONSTRAINT ck_satisfaction_face CHECK (face IN ('blij', 'gaat-wel', 'niet-blij')),
    CONSTRAINT ck_satisfaction_words CHECK (char_length(words) <= 1000),
    CONSTRAINT ck_satisfaction_author CHECK (author_id = asker_id OR author_id = helper_id),
    CONSTRAINT uq_satisfaction_occurrence_id_author_id UNIQUE (occurrence_id, author_id),
    CONSTRAINT fk_satisfaction_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_satisfaction_occurrence_id_occurrence FOREIGN KEY(occurrence_id) REFERENCES occurrence (id),
    CONSTRAINT fk_satisfaction_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_satisfaction_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_satisfaction_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_satisfaction_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_satisfaction_asker_id ON satisfaction (asker_id);
CREATE INDEX ix_satisfaction_helper_id ON satisfaction (helper_id);
CREATE INDEX ix_satisfaction_municipality_id ON satisfaction (municipality_id);
CREATE INDEX ix_satisfaction_helper_municipality_id ON satisfaction (helper_municipality_id);

-- Until when two people may write to each other: without end while a helper is willing or the agreement lives, two
-- weeks after it ended, and not at all before an introduction or after a no. The caller's own rows are asked.
CREATE FUNCTION talk_until(of_proposal uuid) RETURNS timestamptz
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
        SELECT CASE
            WHEN p.confirmed_at IS NULL AND m.mediation >= 4 AND a.id IS NULL THEN NULL
            WHEN p.status IN ('willing', 'meeting') OR a.status = 'active' THEN 'infinity'::timestamptz
            WHEN a.id IS NOT NULL THEN interval '14 days' + (
                SELECT max(e.at) FROM state_event e WHERE e.entity_id = a.id AND e.after IN ('done', 'cancelled'))
        END
        FROM proposal p JOIN municipality m ON m.id = p.municipality_id LEFT JOIN agreement a ON a.proposal_id = p.id
        WHERE p.id = of_proposal
    $$;

ALTER TABLE message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE talk_side ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE time_proposal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE satisfaction ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON message TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON talk_side TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON time_proposal TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON satisfaction TO CURRENT_USER USING (true) WITH CHECK (true);

-- The two read what was said; each writes in their own name, while both may. No desk has a policy here: it reads
-- through read_conversation() below, which writes down that it did.
CREATE POLICY party ON message FOR SELECT TO {application} USING (
    asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);
CREATE POLICY say ON message FOR INSERT TO {application} WITH CHECK (
    author_id = (SELECT actor_person())
    AND talk_until(proposal_id) > ledger.now() AND NOT are_apart(asker_id, helper_id)
    AND EXISTS (
        SELECT FROM proposal p
        WHERE p.id = proposal_id AND p.asker_id = message.asker_id AND p.helper_id = message.helper_id
          AND p.municipality_id = message.municipality_id AND p.helper_municipality_id = message.helper_municipality_id
    )
);
CREATE POLICY party ON talk_side FOR SELECT TO {application} USING (
    asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);
CREATE POLICY own ON talk_side FOR INSERT TO {application} WITH CHECK (
    person_id = (SELECT actor_person())
    AND EXISTS (
        SELECT FROM proposal p
        WHERE p.id = proposal_id AND p.asker_id = talk_side.asker_id AND p.helper_id = talk_side.helper_id
          AND p.municipality_id = talk_side.municipality_id AND p.helper_municipality_id = talk_side.helper_municipality_id
    )
);
CREATE POLICY change ON talk_side FOR UPDATE TO {application} USING (person_id = (SELECT actor_person()))
    WITH CHECK (person_id = (SELECT actor_person()));

CREATE POLICY tenant ON time_proposal TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
) WITH CHECK (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);

-- The other reads it only where the writer says so; who works at a desk and is party to it reads no more than that.
CREATE POLICY read ON satisfaction FOR SELECT TO {application} USING (
    author_id = (SELECT actor_person())
    OR (for_other AND (asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())))
    OR ((municipality_id = ANY ((SELECT actor_reach())::integer[])
         OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[]))
        AND coalesce(asker_id <> (SELECT actor_person()) AND helper_id <> (SELECT actor_person()), true))
);
CREATE POLICY say ON satisfaction FOR INSERT TO {application} WITH CHECK (
    author_id = (SELECT actor_person())
    AND EXISTS (
        SELECT FROM occurrence o
        WHERE o.id = occurrence_id AND o.status = 'done'
          AND o.asker_id = satisfaction.asker_id AND o.helper_id = satisfaction.helper_id
          AND o.municipality_id = satisfaction.municipality_id
          AND o.helper_municipality_id = satisfaction.helper_municipality_id
    )
);

-- Telephone and mail of the other, once both said that they may be known; never where they live.
CREATE FUNCTION shared_contact(of_proposal uuid) RETURNS TABLE (phone text, email text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT c.phone, c.email::text
        FROM talk_side ours JOIN talk_side theirs ON theirs.proposal_id = ours.proposal_id AND theirs.person_id <> ours.person_id
        JOIN contact c ON c.person_id = theirs.person_id
        WHERE ours.proposal_id = of_proposal AND ours.person_id = actor_person() AND NOT is_acting()
          AND ours.shares_at IS NOT NULL AND theirs.shares_at IS NOT NULL
          AND talk_until(of_proposal) > ledger.now() AND NOT are_blocked(ours.person_id, theirs.person_id)
    $$;

-- Why whoever works at a desk may read this conversation now: both people said so, or one of them made a report about
-- the other that is not handled. Nobody reads one of their own house.
CREATE FUNCTION conversation_open_by(of_proposal uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT CASE
            WHEN NOT coalesce(
                ARRAY[p.municipality_id, p.helper_municipality_id] && granted_in(ARRAY['broker', 'safety_officer']), false
            ) OR one_house(actor_person(), p.asker_id) OR one_house(actor_person(), p.helper_id) THEN NULL
            WHEN EXISTS (
                SELECT FROM safety_report r
                WHERE r.status <> 'handled'
                  AND ((r.reporter_id = p.asker_id AND r.about_id = p.helper_id)
                       OR (r.reporter_id = p.helper_id AND r.about_id = p.asker_id))
            ) THEN 'report'
            WHEN (SELECT count(*) FROM talk_side s WHERE s.proposal_id = p.id AND s.shows_at IS NOT NULL) = 2 THEN 'consent'
        END
        FROM proposal p WHERE p.id = of_proposal
    $$;

-- The only way in for a desk: what it reads is written down for both people, or nothing is read.
CREATE FUNCTION read_conversation(of_proposal uuid, role text, about_case uuid, why text)
    RETURNS TABLE (author text, by_asker boolean, words text, sent_at timestamptz)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    p proposal;
    open_by text := conversation_open_by(of_proposal);
BEGIN
    IF open_by IS NULL OR NOT EXISTS (SELECT FROM message m WHERE m.proposal_id = of_proposal) THEN
        RETURN;
    END IF;
    SELECT * INTO p FROM proposal x WHERE x.id = of_proposal;
    PERFORM audit_write(role, 'messages', p.asker_id, p.municipality_id, 'proposal', p.id, about_case, why, NULL);
    PERFORM audit_write(role, 'messages', p.helper_id, p.helper_municipality_id, 'proposal', p.id, about_case, why, NULL);
    RETURN QUERY SELECT w.first_name, m.author_id = m.asker_id, m.words, m.sent_at
        FROM message m JOIN person w ON w.id = m.author_id WHERE m.proposal_id = of_proposal ORDER BY m.sent_at, m.id;
END $$;

-- Which conversations there were between two people, for who handles a report between them: how many words, not which.
CREATE FUNCTION reported_conversations(report uuid) RETURNS TABLE (proposal_id uuid, messages bigint, last_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT m.proposal_id, count(*), max(m.sent_at)
        FROM safety_report r JOIN message m
          ON (m.asker_id = r.reporter_id AND m.helper_id = r.about_id) OR (m.asker_id = r.about_id AND m.helper_id = r.reporter_id)
        WHERE r.id = report AND conversation_open_by(m.proposal_id) = 'report'
        GROUP BY m.proposal_id ORDER BY max(m.sent_at) DESC
    $$;

-- What people wrote to each other goes with the words of the question, and half a year after its end at the latest.
CREATE FUNCTION let_go_messages(municipality integer, before timestamptz, OUT looked_at integer, OUT done integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due uuid[];
BEGIN
    IF NOT municipality = ANY (coalesce(actor_reach(), '{}')) THEN
        RAISE EXCEPTION 'out of reach' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT count(*) INTO looked_at FROM message m WHERE m.municipality_id = municipality;
    SELECT array_agg(p.id) INTO due FROM proposal p
        WHERE p.municipality_id = municipality AND coalesce(talk_until(p.id), '-infinity') <= before
          AND (SELECT max(m.sent_at) FROM message m WHERE m.proposal_id = p.id) <= before
          -- what a report that is not handled asks about waits for its answer
          AND NOT EXISTS (SELECT FROM safety_report r WHERE r.status <> 'handled'
                          AND r.reporter_id IN (p.asker_id, p.helper_id) AND r.about_id IN (p.asker_id, p.helper_id));
    DELETE FROM message m WHERE m.proposal_id = ANY (due);
    GET DIAGNOSTICS done = ROW_COUNT;
    DELETE FROM talk_side s WHERE s.proposal_id = ANY (due);
END $$;

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
    DELETE FROM notice WHERE subject_id = ANY (due)
        OR (kind = 'message' AND subject_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due)));
END $$;

GRANT SELECT, INSERT ON message, satisfaction TO {application};
GRANT SELECT, INSERT ON talk_side, time_proposal TO {application};
GRANT UPDATE (read_at, shares_at, shows_at) ON talk_side TO {application};
GRANT UPDATE (status, answered_at) ON time_proposal TO {application};
REVOKE EXECUTE ON FUNCTION
    talk_until(uuid), shared_contact(uuid), conversation_open_by(uuid), read_conversation(uuid, text, uuid, text),
    reported_conversations(uuid), let_go_messages(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    talk_until(uuid), shared_contact(uuid), conversation_open_by(uuid), read_conversation(uuid, text, uuid, text),
    reported_conversations(uuid), let_go_messages(integer, timestamptz) TO {application};
