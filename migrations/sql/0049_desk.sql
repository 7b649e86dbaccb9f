-- The desk: who is busy with what, tasks and promises, the faces of a case, questions to others, reports under the Wmo,
-- talks about help that lasts, people to call on; the plan of a household; and what happens in a life.

CREATE TABLE desk_presence (
    help_request_id UUID NOT NULL,
    person_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_desk_presence PRIMARY KEY (id),
    CONSTRAINT uq_desk_presence_help_request_id_person_id UNIQUE (help_request_id, person_id),
    CONSTRAINT fk_desk_presence_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_desk_presence_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_desk_presence_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_desk_presence_person_id ON desk_presence (person_id);

CREATE TABLE desk_choice (
    person_id UUID NOT NULL,
    queue TEXT DEFAULT 'alles' NOT NULL,
    whose VARCHAR(32) DEFAULT 'allen' NOT NULL,
    pc4s INTEGER[] DEFAULT '{}' NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_desk_choice PRIMARY KEY (id),
    CONSTRAINT uq_desk_choice_person_id_municipality_id UNIQUE (person_id, municipality_id),
    CONSTRAINT ck_desk_choice_whose CHECK (whose IN ('allen', 'wijk', 'ik')),
    CONSTRAINT ck_desk_choice_pc4s CHECK (cardinality(pc4s) <= 60),
    CONSTRAINT fk_desk_choice_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_desk_choice_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE TABLE case_task (
    help_request_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    what TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    for_id UUID,
    made_by_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_case_task PRIMARY KEY (id),
    CONSTRAINT ck_case_task_kind CHECK (kind IN ('taak', 'belofte')),
    CONSTRAINT ck_case_task_what CHECK (char_length(what) BETWEEN 1 AND 200),
    CONSTRAINT ck_case_task_done CHECK ((done_at IS NULL) = (done_by_id IS NULL)),
    CONSTRAINT fk_case_task_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_case_task_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_case_task_for_id_person FOREIGN KEY(for_id) REFERENCES person (id),
    CONSTRAINT fk_case_task_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_case_task_done_by_id_person FOREIGN KEY(done_by_id) REFERENCES person (id),
    CONSTRAINT fk_case_task_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_case_task_due ON case_task (municipality_id, due_at) WHERE done_at IS NULL;
CREATE INDEX ix_case_task_help_request_id ON case_task (help_request_id);

CREATE TABLE case_team (
    help_request_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    second_id UUID,
    stand_in_id UUID,
    away_from DATE,
    away_until DATE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_case_team PRIMARY KEY (id),
    CONSTRAINT uq_case_team_help_request_id UNIQUE (help_request_id),
    CONSTRAINT ck_case_team_away CHECK (stand_in_id IS NOT NULL OR (away_from IS NULL AND away_until IS NULL)),
    CONSTRAINT ck_case_team_period CHECK (away_until >= away_from),
    CONSTRAINT fk_case_team_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_case_team_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_case_team_second_id_person FOREIGN KEY(second_id) REFERENCES person (id),
    CONSTRAINT fk_case_team_stand_in_id_person FOREIGN KEY(stand_in_id) REFERENCES person (id),
    CONSTRAINT fk_case_team_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_case_team_municipality_id ON case_team (municipality_id);
CREATE INDEX ix_case_team_second_id ON case_team (second_id);
CREATE INDEX ix_case_team_stand_in_id ON case_team (stand_in_id);

CREATE TABLE case_question (
    help_request_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    asked_by_id UUID NOT NULL,
    asked_of_id UUID,
    expert TEXT DEFAULT '' NOT NULL,
    question TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer TEXT DEFAULT '' NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_case_question PRIMARY KEY (id),
    CONSTRAINT ck_case_question_kind CHECK (kind IN ('overleg', 'knoop')),
    CONSTRAINT ck_case_question_expert CHECK (char_length(expert) <= 120),
    CONSTRAINT ck_case_question_question CHECK (char_length(question) BETWEEN 1 AND 2000),
    CONSTRAINT ck_case_question_answer CHECK (char_length(answer) <= 4000),
    CONSTRAINT ck_case_question_answered CHECK ((answered_at IS NULL) = (answered_by_id IS NULL)),
    CONSTRAINT ck_case_question_decider CHECK (kind <> 'knoop' OR asked_of_id IS NOT NULL),
    CONSTRAINT fk_case_question_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_case_question_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_case_question_asked_by_id_person FOREIGN KEY(asked_by_id) REFERENCES person (id),
    CONSTRAINT fk_case_question_asked_of_id_person FOREIGN KEY(asked_of_id) REFERENCES person (id),
    CONSTRAINT fk_case_question_answered_by_id_person FOREIGN KEY(answered_by_id) REFERENCES person (id),
    CONSTRAINT fk_case_question_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_case_question_help_request_id ON case_question (help_request_id);
CREATE INDEX ix_case_question_municipality_id ON case_question (municipality_id);
CREATE INDEX ix_case_question_waiting ON case_question (asked_of_id) WHERE answered_at IS NULL;
CREATE UNIQUE INDEX uq_case_question_one_knot ON case_question (help_request_id) WHERE kind = 'knoop' AND answered_at IS NULL;

CREATE TABLE wmo_report (
    help_request_id UUID,
    person_id UUID NOT NULL,
    number INTEGER NOT NULL,
    reported_on DATE NOT NULL,
    words TEXT NOT NULL,
    by_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_wmo_report PRIMARY KEY (id),
    CONSTRAINT uq_wmo_report_help_request_id UNIQUE (help_request_id),
    CONSTRAINT uq_wmo_report_municipality_id_number UNIQUE (municipality_id, number),
    CONSTRAINT ck_wmo_report_words CHECK (char_length(words) BETWEEN 1 AND 2000),
    CONSTRAINT fk_wmo_report_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE SET NULL,
    CONSTRAINT fk_wmo_report_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_wmo_report_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_wmo_report_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_wmo_report_person_id ON wmo_report (person_id);

CREATE TABLE case_evaluation (
    help_request_id UUID NOT NULL,
    asker_id UUID NOT NULL,
    number SMALLINT NOT NULL,
    held_on DATE NOT NULL,
    face VARCHAR(32) NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    next_on DATE,
    by_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_case_evaluation PRIMARY KEY (id),
    CONSTRAINT ck_case_evaluation_face CHECK (face IN ('blij', 'gaat-wel', 'niet-blij')),
    CONSTRAINT uq_case_evaluation_help_request_id_number UNIQUE (help_request_id, number),
    CONSTRAINT ck_case_evaluation_number CHECK (number >= 1),
    CONSTRAINT ck_case_evaluation_next_on CHECK (next_on > held_on),
    CONSTRAINT ck_case_evaluation_words CHECK (char_length(words) <= 2000),
    CONSTRAINT fk_case_evaluation_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_case_evaluation_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_case_evaluation_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_case_evaluation_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_case_evaluation_municipality_id ON case_evaluation (municipality_id);

CREATE TABLE household_plan (
    goal TEXT NOT NULL,
    known TEXT DEFAULT '' NOT NULL,
    contact_id UUID NOT NULL,
    second_id UUID,
    recognised_on DATE,
    lasts_until DATE,
    status VARCHAR(32) NOT NULL,
    reassessing_since DATE,
    promised_on DATE,
    closing_reason TEXT DEFAULT '' NOT NULL,
    made_by_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_household_plan PRIMARY KEY (id),
    CONSTRAINT ck_household_plan_status CHECK (status IN ('loopt', 'herbeoordeling', 'gesloten')),
    CONSTRAINT ck_household_plan_goal CHECK (char_length(goal) BETWEEN 1 AND 1000),
    CONSTRAINT ck_household_plan_known CHECK (char_length(known) <= 2000),
    CONSTRAINT ck_household_plan_reassessing CHECK ((status = 'herbeoordeling') = (reassessing_since IS NOT NULL)),
    CONSTRAINT ck_household_plan_promised CHECK ((reassessing_since IS NULL) = (promised_on IS NULL)),
    CONSTRAINT ck_household_plan_lasts CHECK (lasts_until >= recognised_on),
    CONSTRAINT fk_household_plan_contact_id_person FOREIGN KEY(contact_id) REFERENCES person (id),
    CONSTRAINT fk_household_plan_second_id_person FOREIGN KEY(second_id) REFERENCES person (id),
    CONSTRAINT fk_household_plan_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_household_plan_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_household_plan_municipality_id_status ON household_plan (municipality_id, status);

CREATE TABLE plan_person (
    person_id UUID NOT NULL,
    role VARCHAR(32) NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    left_on DATE,
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_plan_person PRIMARY KEY (id),
    CONSTRAINT ck_plan_person_role CHECK (role IN ('volwassene', 'kind', 'ouder', 'mantelzorger', 'ander')),
    CONSTRAINT fk_plan_person_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_plan_person_plan_id_household_plan FOREIGN KEY(plan_id) REFERENCES household_plan (id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_person_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_plan_person_municipality_id ON plan_person (municipality_id);
CREATE INDEX ix_plan_person_plan_id ON plan_person (plan_id);
CREATE UNIQUE INDEX uq_plan_person_one_plan ON plan_person (person_id) WHERE left_on IS NULL;

CREATE TABLE plan_line (
    source VARCHAR(32) NOT NULL,
    what TEXT NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    help_request_id UUID,
    provision_id UUID,
    collective BOOLEAN NOT NULL,
    organised BOOLEAN NOT NULL,
    respite BOOLEAN NOT NULL,
    carer_id UUID,
    minutes_per_week INTEGER,
    starts_on DATE NOT NULL,
    ends_on DATE,
    follows_id UUID,
    made_by_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_plan_line PRIMARY KEY (id),
    CONSTRAINT ck_plan_line_source CHECK (source IN ('eigen-kring', 'algemeen', 'vrijwilliger', 'beroep')),
    CONSTRAINT ck_plan_line_what CHECK (char_length(what) BETWEEN 1 AND 200),
    CONSTRAINT ck_plan_line_who CHECK (char_length(who) <= 120),
    CONSTRAINT ck_plan_line_minutes_per_week CHECK (minutes_per_week BETWEEN 15 AND 10080),
    CONSTRAINT ck_plan_line_period CHECK (ends_on >= starts_on),
    CONSTRAINT ck_plan_line_respite CHECK (NOT respite OR carer_id IS NOT NULL),
    CONSTRAINT fk_plan_line_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id) ON DELETE SET NULL,
    CONSTRAINT fk_plan_line_provision_id_provision FOREIGN KEY(provision_id) REFERENCES provision (id) ON DELETE SET NULL,
    CONSTRAINT fk_plan_line_carer_id_person FOREIGN KEY(carer_id) REFERENCES person (id),
    CONSTRAINT fk_plan_line_follows_id_plan_line FOREIGN KEY(follows_id) REFERENCES plan_line (id),
    CONSTRAINT fk_plan_line_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_plan_line_plan_id_household_plan FOREIGN KEY(plan_id) REFERENCES household_plan (id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_line_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_plan_line_carer_id ON plan_line (carer_id);
CREATE INDEX ix_plan_line_help_request_id ON plan_line (help_request_id);
CREATE INDEX ix_plan_line_municipality_id ON plan_line (municipality_id);
CREATE INDEX ix_plan_line_plan_id ON plan_line (plan_id);

CREATE TABLE plan_decision (
    outcome VARCHAR(32) NOT NULL,
    words TEXT NOT NULL,
    reasons TEXT NOT NULL,
    from_on DATE NOT NULL,
    by_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_plan_decision PRIMARY KEY (id),
    CONSTRAINT ck_plan_decision_outcome CHECK (outcome IN ('ja', 'deels', 'zelfde', 'nee')),
    CONSTRAINT ck_plan_decision_words CHECK (char_length(words) BETWEEN 1 AND 1000),
    CONSTRAINT ck_plan_decision_reasons CHECK (char_length(reasons) BETWEEN 20 AND 2000),
    CONSTRAINT fk_plan_decision_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_plan_decision_plan_id_household_plan FOREIGN KEY(plan_id) REFERENCES household_plan (id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_decision_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_plan_decision_municipality_id ON plan_decision (municipality_id);
CREATE INDEX ix_plan_decision_plan_id ON plan_decision (plan_id);

CREATE TABLE plan_moment (
    about VARCHAR(32) NOT NULL,
    due_on DATE NOT NULL,
    held_on DATE,
    face VARCHAR(32),
    words TEXT DEFAULT '' NOT NULL,
    by_id UUID NOT NULL,
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_plan_moment PRIMARY KEY (id),
    CONSTRAINT ck_plan_moment_about CHECK (about IN ('afgesproken', 'verhuizing', 'nieuwe-school', 'achttien', 'ziekenhuis', 'verlies', 'anders')),
    CONSTRAINT ck_plan_moment_face CHECK (face IN ('blij', 'gaat-wel', 'niet-blij')),
    CONSTRAINT ck_plan_moment_words CHECK (char_length(words) <= 2000),
    CONSTRAINT ck_plan_moment_held CHECK ((held_on IS NULL) = (face IS NULL)),
    CONSTRAINT fk_plan_moment_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_plan_moment_plan_id_household_plan FOREIGN KEY(plan_id) REFERENCES household_plan (id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_moment_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_plan_moment_due ON plan_moment (municipality_id, due_on) WHERE held_on IS NULL;
CREATE INDEX ix_plan_moment_plan_id ON plan_moment (plan_id);

CREATE TABLE carer_load (
    person_id UUID NOT NULL,
    load SMALLINT NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    said_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    by_id UUID NOT NULL,
    heard_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_carer_load PRIMARY KEY (id),
    CONSTRAINT ck_carer_load_load CHECK (load BETWEEN 1 AND 5),
    CONSTRAINT ck_carer_load_words CHECK (char_length(words) <= 1000),
    CONSTRAINT fk_carer_load_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_carer_load_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_carer_load_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_carer_load_municipality_id_said_at ON carer_load (municipality_id, said_at);
CREATE INDEX ix_carer_load_person_id_said_at ON carer_load (person_id, said_at);

CREATE TABLE life_event (
    person_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    on_date DATE NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    by_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    stopped JSONB DEFAULT '{}' NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    undone_at TIMESTAMP WITH TIME ZONE,
    undone_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_life_event PRIMARY KEY (id),
    CONSTRAINT ck_life_event_kind CHECK (kind IN ('overleden', 'ziekenhuis', 'verhuisd')),
    CONSTRAINT ck_life_event_words CHECK (char_length(words) <= 1000),
    CONSTRAINT ck_life_event_undone CHECK ((undone_at IS NULL) = (undone_by_id IS NULL)),
    CONSTRAINT ck_life_event_one_end CHECK (settled_at IS NULL OR undone_at IS NULL),
    CONSTRAINT fk_life_event_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_life_event_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_life_event_undone_by_id_person FOREIGN KEY(undone_by_id) REFERENCES person (id),
    CONSTRAINT fk_life_event_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_life_event_municipality_id ON life_event (municipality_id);
CREATE UNIQUE INDEX uq_life_event_one_standing ON life_event (person_id) WHERE undone_at IS NULL;


ALTER TABLE desk_presence ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_presence FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON desk_presence TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE desk_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_choice FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON desk_choice TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE case_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_task FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON case_task TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE case_team ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_team FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON case_team TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE case_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_question FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON case_question TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE wmo_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE wmo_report FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON wmo_report TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE case_evaluation ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_evaluation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON case_evaluation TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE household_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE household_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON household_plan TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE plan_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_person FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_person TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE plan_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_line FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_line TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE plan_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_decision TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE plan_moment ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_moment FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plan_moment TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE carer_load ENABLE ROW LEVEL SECURITY;
ALTER TABLE carer_load FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON carer_load TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE life_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE life_event FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON life_event TO CURRENT_USER USING (true) WITH CHECK (true);

-- Whether the actor is one of the faces of a case, today: who has it, looks along, or stands in.
CREATE FUNCTION on_case(request uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (SELECT FROM help_request r WHERE r.id = request AND r.broker_id = actor_person())
            OR EXISTS (SELECT FROM case_team t, LATERAL (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date AS day) n
                       WHERE t.help_request_id = request AND (t.second_id = actor_person() OR (
                           t.stand_in_id = actor_person() AND n.day BETWEEN t.away_from AND coalesce(t.away_until, n.day))))
    $$;
-- Whether the actor is the one who asked.
CREATE FUNCTION asked_by_actor(request uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM help_request r WHERE r.id = request AND r.person_id = actor_person()) $$;
-- The plan of which the actor is part today: at most one.
CREATE FUNCTION actor_plan() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT p.plan_id FROM plan_person p WHERE p.person_id = actor_person() AND p.left_on IS NULL $$;
-- Whether mail to somebody has stopped: what is told them stays on the site. For the worker, which writes the mails:
-- nobody else learns by it that somebody died, is in hospital or moved.
CREATE FUNCTION mail_stopped(who uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT nullif(current_setting('app.person_id', true), '') IS NULL
            AND EXISTS (SELECT FROM life_event e WHERE e.person_id = who AND e.undone_at IS NULL)
    $$;
REVOKE EXECUTE ON FUNCTION on_case(uuid), asked_by_actor(uuid), actor_plan(), mail_stopped(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION on_case(uuid), asked_by_actor(uuid), actor_plan(), mail_stopped(uuid) TO {application};

CREATE POLICY tenant ON desk_presence TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[])) WITH CHECK (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) AND person_id = (SELECT actor_person())
);
CREATE POLICY own ON desk_choice TO {application} USING (person_id = (SELECT actor_person())) WITH CHECK (
    person_id = (SELECT actor_person()) AND municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY tenant ON case_task TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON case_team TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON case_question TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON wmo_report TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON case_evaluation TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON household_plan TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON plan_person TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON plan_line TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON plan_decision TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON plan_moment TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
-- Who works at another desk of the same municipality has nothing to do with it.
CREATE POLICY tenant ON carer_load TO {application} USING (
    municipality_id = ANY (coalesce(granted_in(ARRAY['broker']), '{}'))
);
CREATE POLICY tenant ON life_event TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));

-- A desk writes about its own: a question that was asked here, of whoever asked it, and who lives here. A row of ours about
-- somebody elsewhere would stop their mail, stand in the place of their own desk's, or speak to them as it.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['case_task', 'case_team', 'case_question', 'case_evaluation'] LOOP
        EXECUTE format('CREATE POLICY of_here ON %I AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
            EXISTS (SELECT FROM help_request r WHERE r.id = help_request_id AND r.person_id = asker_id
                      AND r.municipality_id = %I.municipality_id))', t, t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['plan_person', 'carer_load', 'life_event'] LOOP
        EXECUTE format('CREATE POLICY of_here ON %I AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
            EXISTS (SELECT FROM membership m WHERE m.person_id = %I.person_id AND m.kind = ''lives''
                      AND m.municipality_id = %I.municipality_id))', t, t, t);
    END LOOP;
END $$;
CREATE POLICY of_here ON wmo_report AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
    EXISTS (SELECT FROM help_request r WHERE r.id = help_request_id AND r.person_id = wmo_report.person_id
              AND r.municipality_id = wmo_report.municipality_id)
);

-- What is about oneself, to read.
CREATE POLICY own ON case_task FOR SELECT TO {application} USING (
    kind = 'belofte' AND asker_id = (SELECT actor_person())
);
CREATE POLICY own ON case_team FOR SELECT TO {application} USING (asker_id = (SELECT actor_person()));
CREATE POLICY own ON case_question FOR SELECT TO {application} USING (
    kind = 'knoop' AND answered_at IS NOT NULL AND asker_id = (SELECT actor_person())
);
CREATE POLICY own ON wmo_report FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY own ON life_event FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY own ON carer_load FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY say ON carer_load FOR INSERT TO {application} WITH CHECK (
    person_id = (SELECT actor_person()) AND by_id = (SELECT actor_person())
);
CREATE POLICY party ON household_plan FOR SELECT TO {application} USING (id = (SELECT actor_plan()));
CREATE POLICY party ON plan_person FOR SELECT TO {application} USING (plan_id = (SELECT actor_plan()));
CREATE POLICY party ON plan_line FOR SELECT TO {application} USING (plan_id = (SELECT actor_plan()));
CREATE POLICY party ON plan_decision FOR SELECT TO {application} USING (plan_id = (SELECT actor_plan()));
CREATE POLICY party ON plan_moment FOR SELECT TO {application} USING (plan_id = (SELECT actor_plan()));

GRANT SELECT, INSERT, DELETE ON desk_presence TO {application};
GRANT UPDATE (since, seen_at) ON desk_presence TO {application};
GRANT SELECT, INSERT ON desk_choice TO {application};
GRANT UPDATE (queue, whose, pc4s) ON desk_choice TO {application};
GRANT SELECT, INSERT ON case_task TO {application};
GRANT UPDATE (due_at, done_at, done_by_id) ON case_task TO {application};
GRANT SELECT, INSERT ON case_team TO {application};
GRANT UPDATE (second_id, stand_in_id, away_from, away_until, version) ON case_team TO {application};
GRANT SELECT, INSERT ON case_question TO {application};
GRANT UPDATE (answer, answered_at, answered_by_id) ON case_question TO {application};
GRANT SELECT, INSERT ON wmo_report, case_evaluation TO {application};
GRANT SELECT, INSERT ON household_plan TO {application};
GRANT UPDATE (goal, known, contact_id, second_id, recognised_on, lasts_until, status, reassessing_since, promised_on,
    closing_reason, version) ON household_plan TO {application};
GRANT SELECT, INSERT ON plan_person TO {application};
GRANT UPDATE (left_on) ON plan_person TO {application};
GRANT SELECT, INSERT ON plan_line TO {application};
GRANT UPDATE (ends_on) ON plan_line TO {application};
GRANT SELECT, INSERT ON plan_decision, plan_moment TO {application};
GRANT UPDATE (held_on, face, words, by_id) ON plan_moment TO {application};
GRANT SELECT, INSERT ON carer_load TO {application};
GRANT UPDATE (heard_at) ON carer_load TO {application};
GRANT SELECT, INSERT ON life_event TO {application};
GRANT UPDATE (stopped, settled_at, undone_at, undone_by_id) ON life_event TO {application};

-- Who reads a note: the desk, the faces of the case, or the asker as well; and where a document stands.
ALTER TABLE case_note ADD COLUMN access VARCHAR(32) DEFAULT 'bureau' NOT NULL;
ALTER TABLE case_note ADD COLUMN link TEXT DEFAULT '' NOT NULL;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE case_note ADD CONSTRAINT ck_case_note_access CHECK (access IN ('bureau', 'zaak', 'vrager'));
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE case_note ADD CONSTRAINT ck_case_note_link CHECK (char_length(link) <= 500);
CREATE POLICY faces ON case_note AS RESTRICTIVE FOR SELECT TO {application} USING (
    access <> 'zaak' OR author_id = (SELECT actor_person()) OR on_case(help_request_id)
);
CREATE POLICY asker ON case_note FOR SELECT TO {application} USING (
    access = 'vrager' AND asked_by_actor(help_request_id)
);

-- What was written about a case goes when the words of the question itself go.
CREATE FUNCTION forget_casework() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE case_task SET what = '[gewist]' WHERE help_request_id = NEW.id;
    UPDATE case_question SET question = '[gewist]', answer = '' WHERE help_request_id = NEW.id;
    UPDATE case_evaluation SET words = '' WHERE help_request_id = NEW.id AND words <> '';
    UPDATE case_note SET link = '' WHERE help_request_id = NEW.id AND link <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER forget_casework AFTER UPDATE OF title ON help_request FOR EACH ROW
    WHEN (NEW.title = '[gewist]' AND OLD.title <> '[gewist]') EXECUTE FUNCTION forget_casework();

-- Who is forgotten leaves their plan; of a plan in which nobody is left that is known, the words go.
CREATE FUNCTION forget_plan() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    empty uuid[];
BEGIN
    SELECT array_agg(m.plan_id) INTO empty FROM plan_person m
        WHERE m.person_id = NEW.id AND NOT EXISTS (
            SELECT FROM plan_person o JOIN person p ON p.id = o.person_id
            WHERE o.plan_id = m.plan_id AND o.person_id <> NEW.id AND p.forgotten_at IS NULL);
    UPDATE plan_person SET left_on = ledger.now()::date WHERE person_id = NEW.id AND left_on IS NULL;
    UPDATE household_plan SET goal = '[gewist]', known = '', closing_reason = '' WHERE id = ANY (empty);
    UPDATE plan_line SET what = '[gewist]', who = '' WHERE plan_id = ANY (empty);
    UPDATE plan_decision SET words = '[gewist]', reasons = '[gewist] [gewist] [gewist]' WHERE plan_id = ANY (empty);
    UPDATE plan_moment SET words = '' WHERE plan_id = ANY (empty) AND words <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER forget_plan AFTER UPDATE OF forgotten_at ON person FOR EACH ROW
    WHEN (NEW.forgotten_at IS NOT NULL AND OLD.forgotten_at IS NULL) EXECUTE FUNCTION forget_plan();
