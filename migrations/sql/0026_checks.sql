-- Checks (VOG, identity, references, ...): what was seen, by whom, where and until when; what a municipality asks for
-- each kind of help; what the register of companies answered. Nowhere a document.

ALTER TABLE person_check
    ADD COLUMN way VARCHAR(32) DEFAULT 'gezien' NOT NULL,
    ADD COLUMN number TEXT DEFAULT '' NOT NULL,
    ADD COLUMN source TEXT DEFAULT '' NOT NULL,
    ADD COLUMN reason TEXT DEFAULT '' NOT NULL,
    ADD COLUMN organisation_id UUID,
    ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN withdrawn_by_id UUID,
    ADD COLUMN withdrawn_reason TEXT DEFAULT '' NOT NULL;
ALTER TABLE person_check ADD CONSTRAINT ck_person_check_way CHECK (way IN ('gezien', 'opgezocht', 'ontheffing')) NOT VALID;
ALTER TABLE person_check ADD CONSTRAINT ck_person_check_kind CHECK (kind IN (1, 2, 4, 8, 16, 32, 64, 128)) NOT VALID;
ALTER TABLE person_check ADD CONSTRAINT ck_person_check_exemption
    CHECK (way <> 'ontheffing' OR (valid_until IS NOT NULL AND reason <> '')) NOT VALID;
ALTER TABLE person_check ADD CONSTRAINT ck_person_check_withdrawn
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)) NOT VALID;
ALTER TABLE person_check VALIDATE CONSTRAINT ck_person_check_way;
ALTER TABLE person_check VALIDATE CONSTRAINT ck_person_check_kind;
ALTER TABLE person_check VALIDATE CONSTRAINT ck_person_check_exemption;
ALTER TABLE person_check VALIDATE CONSTRAINT ck_person_check_withdrawn;
ALTER TABLE person_check ADD CONSTRAINT fk_person_check_organisation_id_organisation
    FOREIGN KEY (organisation_id) REFERENCES organisation (id) NOT VALID;
ALTER TABLE person_check VALIDATE CONSTRAINT fk_person_check_organisation_id_organisation;
ALTER TABLE person_check ADD CONSTRAINT fk_person_check_withdrawn_by_id_person
    FOREIGN KEY (withdrawn_by_id) REFERENCES person (id) NOT VALID;
ALTER TABLE person_check VALIDATE CONSTRAINT fk_person_check_withdrawn_by_id_person;

-- A professional whose papers the desk had seen has been looked up in the register of companies.
INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, number, way)
    SELECT gen_random_uuid(), f.municipality_id, f.person_id, 8,
           (f.checked_at AT TIME ZONE 'Europe/Amsterdam')::date, f.kvk_number, 'opgezocht'
    FROM professional f
    WHERE f.checked_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM person_check c WHERE c.person_id = f.person_id AND c.kind = 8);

-- What was seen stays as it was written down: it can be withdrawn and written anew, not changed.
REVOKE UPDATE ON person_check FROM {application};
GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_reason) ON person_check TO {application};

-- A check that is given or taken back, and a helper who is confirmed, come one after the other.
CREATE FUNCTION hold_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM person WHERE id = coalesce(NEW.person_id, OLD.person_id) FOR NO KEY UPDATE;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER hold BEFORE INSERT OR UPDATE OR DELETE ON person_check FOR EACH ROW EXECUTE FUNCTION hold_checked();

-- What a municipality asks beyond, or less than, the taxonomy: for a kind of help and for who gives it.
CREATE TABLE check_requirement (
    category_number SMALLINT NOT NULL,
    role VARCHAR(32) NOT NULL,
    checks SMALLINT NOT NULL,
    lasting_checks SMALLINT DEFAULT 0 NOT NULL,
    changed_by_id UUID NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_check_requirement PRIMARY KEY (id),
    CONSTRAINT uq_check_requirement_municipality_id_category_number_role UNIQUE (municipality_id, category_number, role),
    CONSTRAINT ck_check_requirement_role CHECK (role IN ('volunteer', 'professional')),
    CONSTRAINT ck_check_requirement_masks CHECK (checks BETWEEN 0 AND 255 AND lasting_checks BETWEEN 0 AND 255),
    CONSTRAINT fk_check_requirement_category_number_category FOREIGN KEY(category_number) REFERENCES category (number),
    CONSTRAINT fk_check_requirement_changed_by_id_person FOREIGN KEY(changed_by_id) REFERENCES person (id),
    CONSTRAINT fk_check_requirement_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
ALTER TABLE check_requirement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON check_requirement TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY read ON check_requirement FOR SELECT TO {application} USING (true);
CREATE POLICY tenant ON check_requirement TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON check_requirement TO {application};

-- A number that a makelaar had looked up in the register of companies, and what it answered.
CREATE TABLE kvk_lookup (
    person_id UUID NOT NULL,
    number TEXT NOT NULL,
    asked_by_id UUID NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    outcome VARCHAR(32),
    answered_at TIMESTAMP WITH TIME ZONE,
    name TEXT DEFAULT '' NOT NULL,
    legal_form TEXT DEFAULT '' NOT NULL,
    place TEXT DEFAULT '' NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_kvk_lookup PRIMARY KEY (id),
    CONSTRAINT ck_kvk_lookup_outcome CHECK (outcome IN ('found', 'ended', 'unknown', 'refused', 'unavailable')),
    CONSTRAINT ck_kvk_lookup_answered CHECK ((outcome IS NULL) = (answered_at IS NULL)),
    CONSTRAINT fk_kvk_lookup_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_kvk_lookup_asked_by_id_person FOREIGN KEY(asked_by_id) REFERENCES person (id),
    CONSTRAINT fk_kvk_lookup_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_kvk_lookup_person_id ON kvk_lookup (person_id);
ALTER TABLE kvk_lookup ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON kvk_lookup TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY tenant ON kvk_lookup TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON kvk_lookup TO {application};

-- When a municipality tells of a check that ends, and how it sees a newcomer through the first visits.
ALTER TABLE municipality
    ADD COLUMN check_notice_weeks SMALLINT[] DEFAULT '{8,3}' NOT NULL,
    ADD COLUMN newcomer_visits SMALLINT DEFAULT 3 NOT NULL,
    ADD COLUMN newcomer_meeting BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE municipality ADD CONSTRAINT ck_municipality_newcomer_visits
    CHECK (newcomer_visits BETWEEN 0 AND 10) NOT VALID;
ALTER TABLE municipality VALIDATE CONSTRAINT ck_municipality_newcomer_visits;
ALTER TABLE municipality ADD CONSTRAINT ck_municipality_check_notice_weeks
    CHECK (cardinality(check_notice_weeks) <= 4 AND 1 <= ALL (check_notice_weeks) AND 26 >= ALL (check_notice_weeks)) NOT VALID;
ALTER TABLE municipality VALIDATE CONSTRAINT ck_municipality_check_notice_weeks;

-- As before; what was withdrawn counts no more, and what an organisation saw of its own volunteers counts for what
-- they do under its flag.
CREATE OR REPLACE VIEW offer_facts AS
    SELECT o.id, o.person_id, o.municipality_id, o.cell, o.category_numbers, o.skills, o.slots, o.minutes_per_week,
           o.radius_km, o.cross_border, o.languages, o.paid, o.organisation_id, o.exclusive,
           o.status = 'open' AND p.disabled_at IS NULL AND NOT (
               p.paused
               AND coalesce(p.paused_until > (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date), true)
           ) AS open,
           coalesce((
               SELECT bit_or(c.kind) FROM person_check c
               WHERE c.person_id = o.person_id AND c.withdrawn_at IS NULL
                 AND (c.organisation_id IS NULL OR c.organisation_id = o.organisation_id)
                 AND c.valid_from <= (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                 AND (c.valid_until IS NULL
                      OR c.valid_until >= (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date))
           ), 0)::integer AS checks,
           (coalesce((
               SELECT sum(k.minutes) FROM occurrence k
               WHERE k.helper_id = o.person_id AND k.status IN ('planned', 'agreed')
                 AND k.starts_at >= (SELECT ledger.now())
                 AND k.starts_at < (SELECT ledger.now() + interval '7 days')
           ), 0) + coalesce((
               SELECT sum(r.minutes) FROM proposal w JOIN help_request r ON r.id = w.help_request_id
               WHERE w.helper_id = o.person_id AND w.status IN ('willing', 'meeting') AND r.status = 'open'
                 AND coalesce(r.on_date < (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date + 7), true)
           ), 0))::integer AS load_minutes,
           coalesce(q.this_week, 0)::integer AS proposals_this_week, q.days AS last_proposed_days,
           coalesce(p.proposals_per_week, m.proposals_per_week)::integer AS proposal_cap,
           coalesce(p.load_limit_minutes, o.minutes_per_week) AS load_limit_minutes,
           CASE WHEN coalesce(p.rest_days, m.rest_days) > 0 THEN EXISTS (
               SELECT FROM occurrence k JOIN agreement a ON a.id = k.agreement_id
               WHERE k.helper_id = o.person_id AND k.status = 'done' AND a.status = 'done'
                 AND k.ends_at > (SELECT ledger.now()) - make_interval(days => coalesce(p.rest_days, m.rest_days))
           ) ELSE false END AS resting,
           f.gender::text AS gender, o.status
    FROM help_offer o
    JOIN person p ON p.id = o.person_id
    JOIN municipality m ON m.id = o.municipality_id
    LEFT JOIN contact f ON f.person_id = o.person_id
    LEFT JOIN LATERAL (
        -- who came forward was not asked; a clock that was set back leaves nobody proposed in the future
        SELECT count(*) FILTER (
                   WHERE origin <> 'helper' AND created_at > (SELECT ledger.now() - interval '7 days')
               ) AS this_week,
               greatest((SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                        - (max(created_at) AT TIME ZONE 'Europe/Amsterdam')::date,
                        CASE WHEN count(*) > 0 THEN 0 END) AS days
        FROM proposal WHERE helper_id = o.person_id
    ) q ON true;

-- As before; what a municipality decided comes before the taxonomy, and paid work asks for a company.
CREATE OR REPLACE VIEW request_facts AS
    SELECT r.id, r.person_id, r.municipality_id, r.cell, r.category_number, r.kind::text AS kind, r.skills, r.slots,
           r.minutes, r.max_km, r.cross_border, r.languages,
           CASE WHEN q.id IS NULL THEN c.checks | CASE WHEN r.kind = 'betaald' THEN 8::smallint ELSE 0::smallint END
                ELSE q.checks | CASE WHEN r.frequency = 'eenmalig' THEN 0::smallint ELSE q.lasting_checks END
           END AS checks, r.urgency, r.vulnerable,
           r.status = 'open' AND p.disabled_at IS NULL AS open,
           greatest((SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                    - (r.posted_at AT TIME ZONE 'Europe/Amsterdam')::date, 0) AS days_waiting,
           r.is_public, c.unpaid = 'professionals' AS professionals_only, r.helper_gender::text AS helper_gender,
           r.organisation_id, r.status
    FROM help_request r JOIN category c ON c.number = r.category_number JOIN person p ON p.id = r.person_id
    LEFT JOIN check_requirement q ON q.municipality_id = r.municipality_id AND q.category_number = r.category_number
        AND q.role = CASE WHEN r.kind IN ('betaald', 'cheque') OR c.unpaid = 'professionals' THEN 'professional'
                          ELSE 'volunteer' END;

CREATE FUNCTION log_requirement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id)
        SELECT 'r', r.id FROM help_request r
        WHERE r.status = 'open' AND r.municipality_id = coalesce(NEW.municipality_id, OLD.municipality_id)
          AND r.category_number IN (NEW.category_number, OLD.category_number);
    RETURN NULL;
END $$;
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON check_requirement FOR EACH ROW EXECUTE FUNCTION log_requirement();

-- Whether a helper holds, on a day, all that a request asks: for whoever is party to the proposal, and for the desk.
CREATE FUNCTION holds_checks(request uuid, offer uuid, on_day date) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT f.checks & coalesce((
               SELECT bit_or(c.kind)::integer FROM person_check c
               WHERE c.person_id = o.person_id AND c.withdrawn_at IS NULL
                 AND (c.organisation_id IS NULL OR c.organisation_id = o.organisation_id)
                 AND c.valid_from <= on_day AND (c.valid_until IS NULL OR c.valid_until >= on_day)
           ), 0) = f.checks
    FROM request_facts f, help_offer o
    WHERE f.id = request AND o.id = offer AND EXISTS (
        SELECT FROM proposal p
        WHERE p.help_request_id = request AND p.help_offer_id = offer
          AND (p.asker_id = (SELECT actor_person()) OR p.helper_id = (SELECT actor_person())
               OR p.municipality_id = ANY ((SELECT actor_reach())::integer[])
               OR p.helper_municipality_id = ANY ((SELECT actor_reach())::integer[]))
    )
$$;

-- How often somebody helped, over all borders, for whoever has a proposal with them and for the desk; a number only.
CREATE FUNCTION visits_of(helper uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT count(*)::integer FROM occurrence k
    WHERE k.helper_id = helper AND k.status = 'done' AND (
        helper = (SELECT actor_person())
        OR EXISTS (SELECT FROM proposal p WHERE p.helper_id = helper AND p.asker_id = (SELECT actor_person()))
        OR EXISTS (SELECT FROM membership m
                   WHERE m.person_id = helper AND m.municipality_id = ANY ((SELECT actor_reach())::integer[]))
        OR EXISTS (SELECT FROM proposal p
                   WHERE p.helper_id = helper AND p.municipality_id = ANY ((SELECT actor_reach())::integer[]))
    )
$$;

-- Who helps under the flag of an organisation, for those who work for it: first names only.
CREATE FUNCTION volunteers_of(flag uuid) RETURNS TABLE (person_id uuid, first_name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT DISTINCT p.id, p.first_name FROM help_offer o JOIN person p ON p.id = o.person_id
    WHERE o.organisation_id = flag AND o.status IN ('open', 'paused') AND p.disabled_at IS NULL
      AND flag = ANY ((SELECT actor_organisations())::uuid[])
$$;

-- What an organisation saw of its own volunteers it reads back, writes down and withdraws; nothing else about them.
CREATE POLICY of_organisation ON person_check TO {application} USING (
    organisation_id = ANY ((SELECT actor_organisations())::uuid[])
) WITH CHECK (
    organisation_id = ANY ((SELECT actor_organisations())::uuid[])
    AND person_id IN (SELECT v.person_id FROM volunteers_of(organisation_id) v)
);

REVOKE EXECUTE ON FUNCTION holds_checks(uuid, uuid, date), visits_of(uuid), volunteers_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holds_checks(uuid, uuid, date), visits_of(uuid), volunteers_of(uuid) TO {application};
