-- Safety: reports, blocking, suspension with its appeal, house rules, the safety file behind a door of its own, and
-- under whose insurance help is given.
CREATE TABLE safety_report (
    other_municipality_id INTEGER,
    reporter_id UUID NOT NULL,
    by_id UUID NOT NULL,
    about_id UUID,
    subject VARCHAR(32) NOT NULL,
    subject_id UUID,
    title TEXT NOT NULL,
    what VARCHAR(32) NOT NULL,
    words TEXT NOT NULL,
    urgency VARCHAR(32) NOT NULL,
    anonymous BOOLEAN NOT NULL,
    status VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    seen_by_id UUID,
    assigned_to_id UUID,
    outcome VARCHAR(32),
    answer TEXT NOT NULL,
    handled_at TIMESTAMP WITH TIME ZONE,
    handled_by_id UUID,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_report PRIMARY KEY (id),
    CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'none')),
    CONSTRAINT ck_safety_report_what CHECK (what IN ('unsafe', 'money', 'boundary', 'damage', 'rules', 'other')),
    CONSTRAINT ck_safety_report_urgency CHECK (urgency IN ('now', 'soon', 'later')),
    CONSTRAINT ck_safety_report_status CHECK (status IN ('new', 'assigned', 'handled')),
    CONSTRAINT ck_safety_report_outcome CHECK (outcome IN ('talked', 'explained', 'stopped', 'apart', 'suspended', 'file', 'elsewhere', 'nothing')),
    CONSTRAINT ck_safety_report_words CHECK (char_length(words) BETWEEN 1 AND 2000),
    CONSTRAINT ck_safety_report_two_people CHECK (reporter_id <> about_id),
    CONSTRAINT ck_safety_report_handled CHECK ((status = 'handled') = (handled_at IS NOT NULL AND handled_by_id IS NOT NULL AND outcome IS NOT NULL)),
    CONSTRAINT ck_safety_report_assigned CHECK (status <> 'assigned' OR assigned_to_id IS NOT NULL),
    CONSTRAINT fk_safety_report_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_safety_report_reporter_id_person FOREIGN KEY (reporter_id) REFERENCES person (id),
    CONSTRAINT fk_safety_report_by_id_person FOREIGN KEY (by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_report_about_id_person FOREIGN KEY (about_id) REFERENCES person (id),
    CONSTRAINT fk_safety_report_seen_by_id_person FOREIGN KEY (seen_by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_report_assigned_to_id_person FOREIGN KEY (assigned_to_id) REFERENCES person (id),
    CONSTRAINT fk_safety_report_handled_by_id_person FOREIGN KEY (handled_by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_report_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_safety_report_municipality_id_status_due_at ON safety_report (municipality_id, status, due_at);
CREATE INDEX ix_safety_report_other_municipality_id_status_due_at ON safety_report (other_municipality_id, status, due_at);
CREATE INDEX ix_safety_report_reporter_id ON safety_report (reporter_id);
CREATE INDEX ix_safety_report_about_id ON safety_report (about_id);
CREATE TABLE safety_note (
    report_id UUID NOT NULL,
    other_municipality_id INTEGER,
    author_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    text TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_note PRIMARY KEY (id),
    CONSTRAINT ck_safety_note_kind CHECK (kind IN ('note', 'call', 'visit', 'step')),
    CONSTRAINT ck_safety_note_text CHECK (char_length(text) <= 4000),
    CONSTRAINT fk_safety_note_report_id_safety_report FOREIGN KEY (report_id) REFERENCES safety_report (id),
    CONSTRAINT fk_safety_note_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_safety_note_author_id_person FOREIGN KEY (author_id) REFERENCES person (id),
    CONSTRAINT fk_safety_note_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_safety_note_report_id_at ON safety_note (report_id, at);
CREATE INDEX ix_safety_note_municipality_id ON safety_note (municipality_id);
CREATE TABLE person_block (
    other_municipality_id INTEGER,
    blocker_id UUID NOT NULL,
    blocked_id UUID NOT NULL,
    agreements VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    by_id UUID NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_person_block PRIMARY KEY (id),
    CONSTRAINT ck_person_block_agreements CHECK (agreements IN ('stop', 'keep', 'call')),
    CONSTRAINT ck_person_block_two_people CHECK (blocker_id <> blocked_id),
    CONSTRAINT fk_person_block_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_person_block_blocker_id_person FOREIGN KEY (blocker_id) REFERENCES person (id),
    CONSTRAINT fk_person_block_blocked_id_person FOREIGN KEY (blocked_id) REFERENCES person (id),
    CONSTRAINT fk_person_block_by_id_person FOREIGN KEY (by_id) REFERENCES person (id),
    CONSTRAINT fk_person_block_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_person_block_live ON person_block (blocker_id, blocked_id) WHERE ended_at IS NULL;
CREATE INDEX ix_person_block_blocked_id ON person_block (blocked_id);
CREATE INDEX ix_person_block_municipality_id ON person_block (municipality_id);
CREATE TABLE suspension (
    person_id UUID NOT NULL,
    why VARCHAR(32) NOT NULL,
    told TEXT NOT NULL,
    agreements VARCHAR(32) NOT NULL,
    report_id UUID,
    status VARCHAR(32) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    by_id UUID NOT NULL,
    review_on DATE NOT NULL,
    lifted_at TIMESTAMP WITH TIME ZONE,
    lifted_by_id UUID,
    lifted_words TEXT NOT NULL,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_suspension PRIMARY KEY (id),
    CONSTRAINT ck_suspension_why CHECK (why IN ('safety', 'money', 'behaviour', 'rules', 'looking')),
    CONSTRAINT ck_suspension_agreements CHECK (agreements IN ('stop', 'keep', 'call')),
    CONSTRAINT ck_suspension_status CHECK (status IN ('active', 'lifted')),
    CONSTRAINT ck_suspension_told CHECK (char_length(told) BETWEEN 1 AND 2000),
    CONSTRAINT ck_suspension_lifted CHECK ((status = 'lifted') = (lifted_at IS NOT NULL AND lifted_by_id IS NOT NULL)),
    CONSTRAINT fk_suspension_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_suspension_report_id_safety_report FOREIGN KEY (report_id) REFERENCES safety_report (id),
    CONSTRAINT fk_suspension_by_id_person FOREIGN KEY (by_id) REFERENCES person (id),
    CONSTRAINT fk_suspension_lifted_by_id_person FOREIGN KEY (lifted_by_id) REFERENCES person (id),
    CONSTRAINT fk_suspension_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_suspension_live ON suspension (person_id) WHERE status = 'active';
CREATE INDEX ix_suspension_person_id ON suspension (person_id);
CREATE INDEX ix_suspension_municipality_id_status ON suspension (municipality_id, status);
CREATE TABLE suspension_appeal (
    suspension_id UUID NOT NULL,
    person_id UUID NOT NULL,
    words TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by_id UUID,
    granted BOOLEAN,
    answer TEXT NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_suspension_appeal PRIMARY KEY (id),
    CONSTRAINT ck_suspension_appeal_words CHECK (char_length(words) BETWEEN 1 AND 2000),
    CONSTRAINT ck_suspension_appeal_decided CHECK ((decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (granted IS NULL)),
    CONSTRAINT fk_suspension_appeal_suspension_id_suspension FOREIGN KEY (suspension_id) REFERENCES suspension (id),
    CONSTRAINT fk_suspension_appeal_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_suspension_appeal_decided_by_id_person FOREIGN KEY (decided_by_id) REFERENCES person (id),
    CONSTRAINT fk_suspension_appeal_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_suspension_appeal_municipality_id_decided_at ON suspension_appeal (municipality_id, decided_at);
CREATE UNIQUE INDEX uq_suspension_appeal_open ON suspension_appeal (suspension_id) WHERE decided_at IS NULL;
CREATE INDEX ix_suspension_appeal_person_id ON suspension_appeal (person_id);
CREATE TABLE house_rules (
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    changed TEXT NOT NULL,
    by_id UUID NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_house_rules PRIMARY KEY (id),
    CONSTRAINT uq_house_rules_municipality_id_version UNIQUE (municipality_id, version),
    CONSTRAINT ck_house_rules_version CHECK (version >= 2),
    CONSTRAINT ck_house_rules_text CHECK (char_length(text) BETWEEN 1 AND 8000),
    CONSTRAINT ck_house_rules_changed CHECK (char_length(changed) BETWEEN 1 AND 1000),
    CONSTRAINT fk_house_rules_by_id_person FOREIGN KEY (by_id) REFERENCES person (id),
    CONSTRAINT fk_house_rules_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE TABLE rules_acceptance (
    person_id UUID NOT NULL,
    version INTEGER NOT NULL,
    accepted BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_rules_acceptance PRIMARY KEY (id),
    CONSTRAINT uq_rules_acceptance_person_id_municipality_id_version UNIQUE (person_id, municipality_id, version),
    CONSTRAINT fk_rules_acceptance_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_rules_acceptance_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_rules_acceptance_municipality_id ON rules_acceptance (municipality_id);
CREATE TABLE safety_file (
    person_id UUID NOT NULL,
    why TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    opened_by_id UUID NOT NULL,
    disclose_on DATE NOT NULL,
    held_why TEXT NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by_id UUID,
    report_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_file PRIMARY KEY (id),
    CONSTRAINT ck_safety_file_why CHECK (char_length(why) BETWEEN 1 AND 2000),
    CONSTRAINT ck_safety_file_held_why CHECK (char_length(held_why) <= 2000),
    CONSTRAINT ck_safety_file_closed CHECK ((closed_at IS NULL) = (closed_by_id IS NULL)),
    CONSTRAINT fk_safety_file_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_safety_file_opened_by_id_person FOREIGN KEY (opened_by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_file_closed_by_id_person FOREIGN KEY (closed_by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_file_report_id_safety_report FOREIGN KEY (report_id) REFERENCES safety_report (id),
    CONSTRAINT fk_safety_file_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_safety_file_live ON safety_file (municipality_id, person_id) WHERE closed_at IS NULL;
CREATE INDEX ix_safety_file_person_id ON safety_file (person_id);
CREATE TABLE safety_opening (
    file_id UUID NOT NULL,
    person_id UUID NOT NULL,
    by_id UUID NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_opening PRIMARY KEY (id),
    CONSTRAINT ck_safety_opening_reason CHECK (char_length(btrim(reason)) BETWEEN 10 AND 400),
    CONSTRAINT fk_safety_opening_file_id_safety_file FOREIGN KEY (file_id) REFERENCES safety_file (id),
    CONSTRAINT fk_safety_opening_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_safety_opening_by_id_person FOREIGN KEY (by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_opening_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_safety_opening_file_id_by_id_at ON safety_opening (file_id, by_id, at);
CREATE INDEX ix_safety_opening_person_id ON safety_opening (person_id);
CREATE TABLE safety_entry (
    file_id UUID NOT NULL,
    author_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    text TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_entry PRIMARY KEY (id),
    CONSTRAINT ck_safety_entry_kind CHECK (kind IN ('note', 'call', 'visit')),
    CONSTRAINT ck_safety_entry_text CHECK (char_length(text) BETWEEN 1 AND 4000),
    CONSTRAINT fk_safety_entry_file_id_safety_file FOREIGN KEY (file_id) REFERENCES safety_file (id),
    CONSTRAINT fk_safety_entry_author_id_person FOREIGN KEY (author_id) REFERENCES person (id),
    CONSTRAINT fk_safety_entry_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_safety_entry_file_id_at ON safety_entry (file_id, at);
CREATE TABLE safety_step (
    file_id UUID NOT NULL,
    step SMALLINT NOT NULL,
    on_date DATE NOT NULL,
    words TEXT NOT NULL,
    decision VARCHAR(32),
    by_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_step PRIMARY KEY (id),
    CONSTRAINT ck_safety_step_step CHECK (step BETWEEN 1 AND 5),
    CONSTRAINT ck_safety_step_words CHECK (char_length(words) BETWEEN 1 AND 4000),
    CONSTRAINT ck_safety_step_decision CHECK (decision IN ('report_and_help', 'report', 'help', 'neither')),
    CONSTRAINT ck_safety_step_decided CHECK ((step = 5) = (decision IS NOT NULL)),
    CONSTRAINT fk_safety_step_file_id_safety_file FOREIGN KEY (file_id) REFERENCES safety_file (id),
    CONSTRAINT fk_safety_step_by_id_person FOREIGN KEY (by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_step_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_safety_step_file_id_step ON safety_step (file_id, step);
CREATE TABLE safety_signal (
    other_municipality_id INTEGER,
    kind VARCHAR(32) NOT NULL,
    person_id UUID NOT NULL,
    since DATE NOT NULL,
    count INTEGER NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    seen_by_id UUID,
    remark TEXT NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_safety_signal PRIMARY KEY (id),
    CONSTRAINT uq_safety_signal_kind_person_id_since UNIQUE (kind, person_id, since),
    CONSTRAINT ck_safety_signal_kind CHECK (kind IN ('money', 'many_vulnerable', 'contact_in_text', 'several_reports')),
    CONSTRAINT ck_safety_signal_remark CHECK (char_length(remark) <= 400),
    CONSTRAINT fk_safety_signal_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_safety_signal_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_safety_signal_seen_by_id_person FOREIGN KEY (seen_by_id) REFERENCES person (id),
    CONSTRAINT fk_safety_signal_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_safety_signal_municipality_id_seen_at ON safety_signal (municipality_id, seen_at);

-- Under whose flag, and so under whose insurance, recorded when the two agree.
ALTER TABLE municipality ADD COLUMN insurance TEXT DEFAULT '' NOT NULL;
ALTER TABLE organisation ADD COLUMN insurance TEXT DEFAULT '' NOT NULL;
ALTER TABLE agreement ADD COLUMN flag_id UUID;
ALTER TABLE agreement ADD COLUMN insurance TEXT DEFAULT '' NOT NULL;
ALTER TABLE agreement ADD CONSTRAINT fk_agreement_flag_id_organisation FOREIGN KEY (flag_id) REFERENCES organisation (id);

ALTER TABLE role_grant DROP CONSTRAINT ck_role_grant_role;
ALTER TABLE role_grant ADD CONSTRAINT ck_role_grant_role CHECK (role IN (
    'member', 'organisation_member', 'organisation_administrator', 'referrer', 'broker', 'treasurer', 'seller',
    'privacy_officer', 'safety_officer', 'municipality_administrator', 'region_administrator'
));

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'safety_report', 'safety_note', 'person_block', 'suspension', 'suspension_appeal', 'house_rules',
        'rules_acceptance', 'safety_file', 'safety_opening', 'safety_entry', 'safety_step', 'safety_signal'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Here the database knows roles, not only municipalities: it reads the grants itself. Nobody has a role while they act
-- in the name of another.
CREATE FUNCTION granted_in(roles text[]) RETURNS integer[]
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT array_agg(g.municipality_id) FROM role_grant g JOIN person p ON p.id = g.person_id
        WHERE g.person_id = nullif(current_setting('app.person_id', true), '')::uuid AND NOT is_acting()
          AND g.role = ANY (roles) AND p.disabled_at IS NULL
    $$;
-- Whose safety files one may open: those of the municipalities of which one is the safety officer.
CREATE FUNCTION safety_reach() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT granted_in(ARRAY['safety_officer']) $$;
-- Whose reports one may handle; for the worker, which is nobody, wherever it reaches.
CREATE FUNCTION safety_desk() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN nullif(current_setting('app.person_id', true), '') IS NULL THEN actor_reach()
                    ELSE granted_in(ARRAY['safety_officer', 'broker']) END
    $$;

-- A report is for the desks, and for who made it. Who works at the desk does not read what is said about themselves.
CREATE POLICY tenant ON safety_report USING (
    (municipality_id = ANY ((SELECT safety_desk())::integer[]) OR other_municipality_id = ANY ((SELECT safety_desk())::integer[]))
    AND coalesce(about_id <> (SELECT actor_person()), true)
);
CREATE POLICY own ON safety_report FOR SELECT USING (reporter_id = (SELECT actor_person()));
CREATE POLICY ask ON safety_report FOR INSERT WITH CHECK (reporter_id = (SELECT actor_person()) AND status = 'new');
CREATE POLICY tenant ON safety_note USING (
    (municipality_id = ANY ((SELECT safety_desk())::integer[]) OR other_municipality_id = ANY ((SELECT safety_desk())::integer[]))
    AND EXISTS (SELECT FROM safety_report r WHERE r.id = report_id)
);
CREATE POLICY own ON person_block USING (blocker_id = (SELECT actor_person()));
CREATE POLICY tenant ON person_block USING (
    (municipality_id = ANY ((SELECT safety_desk())::integer[]) OR other_municipality_id = ANY ((SELECT safety_desk())::integer[]))
    AND coalesce(blocked_id <> (SELECT actor_person()), true)
);
CREATE POLICY tenant ON suspension USING (
    municipality_id = ANY ((SELECT safety_desk())::integer[]) AND coalesce(person_id <> (SELECT actor_person()), true)
);
CREATE POLICY own ON suspension FOR SELECT USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON suspension_appeal USING (
    municipality_id = ANY ((SELECT safety_desk())::integer[]) AND coalesce(person_id <> (SELECT actor_person()), true)
);
CREATE POLICY own ON suspension_appeal FOR SELECT USING (person_id = (SELECT actor_person()));
CREATE POLICY ask ON suspension_appeal FOR INSERT WITH CHECK (
    person_id = (SELECT actor_person()) AND decided_at IS NULL
    AND EXISTS (SELECT FROM suspension s WHERE s.id = suspension_id AND s.person_id = (SELECT actor_person()) AND s.status = 'active')
);
CREATE POLICY read ON house_rules FOR SELECT USING (true);
CREATE POLICY give ON house_rules FOR INSERT WITH CHECK (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON rules_acceptance USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON rules_acceptance FOR SELECT USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON safety_signal USING (
    (municipality_id = ANY ((SELECT safety_desk())::integer[]) OR other_municipality_id = ANY ((SELECT safety_desk())::integer[]))
    AND coalesce(person_id <> (SELECT actor_person()), true)
);

-- The safety file: for the safety officers of that municipality, and nobody else; the worker sees none of it.
CREATE POLICY officer ON safety_file USING (
    municipality_id = ANY ((SELECT safety_reach())::integer[]) AND person_id <> (SELECT actor_person())
);
CREATE POLICY officer ON safety_opening FOR SELECT USING (
    municipality_id = ANY ((SELECT safety_reach())::integer[]) AND person_id <> (SELECT actor_person())
);
CREATE POLICY give ON safety_opening FOR INSERT WITH CHECK (
    by_id = (SELECT actor_person())
    AND EXISTS (SELECT FROM safety_file f WHERE f.id = file_id AND f.municipality_id = safety_opening.municipality_id
                AND f.person_id = safety_opening.person_id)
);
-- What stands in it is read by who opened it a moment ago, with a reason that stays.
CREATE POLICY opened ON safety_entry USING (
    municipality_id = ANY ((SELECT safety_reach())::integer[])
    AND EXISTS (SELECT FROM safety_opening o WHERE o.file_id = safety_entry.file_id
                AND o.by_id = (SELECT actor_person()) AND o.at > (SELECT ledger.now()) - interval '30 minutes')
);
CREATE POLICY opened ON safety_step USING (
    municipality_id = ANY ((SELECT safety_reach())::integer[])
    AND EXISTS (SELECT FROM safety_opening o WHERE o.file_id = safety_step.file_id
                AND o.by_id = (SELECT actor_person()) AND o.at > (SELECT ledger.now()) - interval '30 minutes')
);
-- Whom it is about reads who looked and why, from the day that was set: sooner it could warn who does the harm.
CREATE FUNCTION safety_disclosed(file uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM safety_file f WHERE f.id = file
              AND f.disclose_on <= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
        )
    $$;
-- Which days come near, for who tells the officers: the worker reads no file.
CREATE FUNCTION safety_disclosing() RETURNS TABLE (file_id uuid, municipality_id integer, disclose_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT f.id, f.municipality_id, f.disclose_on FROM safety_file f
        WHERE f.disclose_on BETWEEN (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
                                AND (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date + 14
          AND nullif(current_setting('app.person_id', true), '') IS NULL
          AND f.municipality_id = ANY ((SELECT actor_reach())::integer[])
    $$;
CREATE POLICY own ON safety_opening FOR SELECT USING (
    person_id = (SELECT actor_person()) AND safety_disclosed(file_id)
);

-- Whether two people may meet here: neither blocked the other, and neither is suspended. No more than that gets out.
CREATE FUNCTION is_suspended(person uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM suspension WHERE person_id = person AND status = 'active') $$;
CREATE FUNCTION are_blocked(one uuid, other uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM person_block WHERE ended_at IS NULL
              AND ((blocker_id = one AND blocked_id = other) OR (blocker_id = other AND blocked_id = one))
        )
    $$;
CREATE FUNCTION are_apart(one uuid, other uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT are_blocked(one, other) OR is_suspended(one) OR is_suspended(other) $$;
-- The same with both held until the transaction ends, in one order for all: who blocks, suspends or agrees at this very
-- moment comes before or after.
CREATE FUNCTION hold_two(one uuid, other uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM person WHERE id = least(one, other) FOR NO KEY UPDATE;
    PERFORM FROM person WHERE id = greatest(one, other) FOR NO KEY UPDATE;
    RETURN NOT are_apart(one, other);
END $$;

-- What the match index knows of it: with whom somebody is never matched, and whether they take part at all.
CREATE FUNCTION match_apart(wanted uuid[]) RETURNS TABLE (person_id uuid, excluded uuid[], suspended boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE people uuid[];
BEGIN
    IF wanted IS NULL THEN
        people := ARRAY(
            SELECT blocker_id FROM person_block WHERE ended_at IS NULL
            UNION SELECT blocked_id FROM person_block WHERE ended_at IS NULL
            UNION SELECT s.person_id FROM suspension s WHERE s.status = 'active'
        );
    ELSE
        people := ARRAY(
            SELECT o.person_id FROM help_offer o WHERE o.id = ANY (wanted)
            UNION SELECT r.person_id FROM help_request r WHERE r.id = ANY (wanted)
        );
    END IF;
    RETURN QUERY SELECT p.id, ARRAY(
            SELECT b.blocked_id FROM person_block b WHERE b.blocker_id = p.id AND b.ended_at IS NULL
            UNION SELECT b.blocker_id FROM person_block b WHERE b.blocked_id = p.id AND b.ended_at IS NULL
        ), is_suspended(p.id)
        FROM unnest(people) AS p (id);
END $$;
CREATE FUNCTION log_apart() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) SELECT 'o', id FROM help_offer WHERE person_id IN (NEW.blocker_id, NEW.blocked_id);
    INSERT INTO match_change (entity, id)
        SELECT 'r', id FROM help_request WHERE person_id IN (NEW.blocker_id, NEW.blocked_id) AND status = 'open';
    RETURN NULL;
END $$;
CREATE FUNCTION log_suspended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) SELECT 'o', id FROM help_offer WHERE person_id = NEW.person_id;
    INSERT INTO match_change (entity, id) SELECT 'r', id FROM help_request WHERE person_id = NEW.person_id AND status = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER log AFTER INSERT OR UPDATE OF ended_at ON person_block FOR EACH ROW EXECUTE FUNCTION log_apart();
CREATE TRIGGER log AFTER INSERT OR UPDATE OF status ON suspension FOR EACH ROW EXECUTE FUNCTION log_suspended();

-- Whose ways in a desk minds: of who lives there; never one's own, nor a colleague's, whose administrator does.
CREATE FUNCTION minds(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT who <> nullif(current_setting('app.person_id', true), '')::uuid
            AND EXISTS (
                SELECT FROM membership m WHERE m.person_id = who AND m.kind = 'lives'
                  AND m.municipality_id = ANY (granted_in(ARRAY['broker', 'safety_officer']))
            )
            AND NOT EXISTS (SELECT FROM role_grant g WHERE g.person_id = who AND g.organisation_id IS NULL)
    $$;
CREATE FUNCTION shut_by_desk(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT coalesce((
            SELECT e.kind = 'shut_out' FROM sign_in_event e
            WHERE e.person_id = who AND e.kind IN ('shut_out', 'let_in') ORDER BY e.at DESC, e.id DESC LIMIT 1
        ), false)
    $$;
-- How somebody comes in, by number only.
CREATE FUNCTION ways_in(who uuid)
    RETURNS TABLE (sessions bigint, passkeys bigint, app boolean, shut boolean, by_desk boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT (SELECT count(*) FROM web_session s
                WHERE s.person_id = who AND s.ended_at IS NULL AND s.expires_at > ledger.now()),
               (SELECT count(*) FROM passkey k WHERE k.person_id = who),
               EXISTS (SELECT FROM authenticator a WHERE a.person_id = who AND a.confirmed_at IS NOT NULL),
               p.disabled_at IS NOT NULL, p.disabled_at IS NOT NULL AND shut_by_desk(who)
        FROM person p WHERE p.id = who AND minds(who)
    $$;
CREATE FUNCTION sign_out(who uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        ended integer;
    BEGIN
        IF minds(who) IS NOT TRUE THEN
            RETURN NULL;
        END IF;
        UPDATE api_token SET ended_at = ledger.now() WHERE person_id = who AND ended_at IS NULL;
        UPDATE web_session SET ended_at = ledger.now() WHERE person_id = who AND ended_at IS NULL;
        GET DIAGNOSTICS ended = ROW_COUNT;
        RETURN ended;
    END $$;
-- The trigger on person ends sessions and tokens.
CREATE FUNCTION shut_out(who uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE person SET disabled_at = ledger.now() WHERE id = who AND disabled_at IS NULL AND minds(who);
        RETURN FOUND;
    END $$;
-- Only what a desk shut: who left or was forgotten stays away.
CREATE FUNCTION let_in(who uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE person SET disabled_at = NULL
        WHERE id = who AND disabled_at IS NOT NULL AND minds(who) AND shut_by_desk(who);
        RETURN FOUND;
    END $$;
REVOKE EXECUTE ON FUNCTION
    minds(uuid), shut_by_desk(uuid), ways_in(uuid), sign_out(uuid), shut_out(uuid), let_in(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ways_in(uuid), sign_out(uuid), shut_out(uuid), let_in(uuid) TO {application};

GRANT SELECT, INSERT, UPDATE ON safety_report, person_block, suspension, suspension_appeal, rules_acceptance, safety_signal,
    safety_file TO {application};
-- What was written, done, read and ruled is only ever added to.
GRANT SELECT, INSERT ON safety_note, house_rules, safety_opening, safety_entry, safety_step TO {application};
REVOKE EXECUTE ON FUNCTION
    granted_in(text[]), safety_disclosed(uuid), safety_disclosing(), is_suspended(uuid), are_blocked(uuid, uuid), are_apart(uuid, uuid), hold_two(uuid, uuid),
    match_apart(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    granted_in(text[]), safety_disclosed(uuid), safety_disclosing(), is_suspended(uuid), are_blocked(uuid, uuid), are_apart(uuid, uuid), hold_two(uuid, uuid),
    match_apart(uuid[]) TO {application};
