-- Who did or read what of whom, and why. A row is only ever added; a job chains the rows afterwards, since one head
-- that every page waits for would put all pages in one line.
CREATE TABLE audit_entry (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    actor_id UUID,
    role TEXT NOT NULL,
    act TEXT NOT NULL,
    subject_id UUID,
    municipality_id INTEGER,
    entity TEXT NOT NULL,
    entity_id UUID,
    case_id UUID,
    reason_hash BYTEA,
    shown_from TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_audit_entry PRIMARY KEY (id),
    CONSTRAINT fk_audit_entry_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_audit_entry_subject_id_at ON audit_entry (subject_id, at);
CREATE INDEX ix_audit_entry_actor_id_at ON audit_entry (actor_id, at);
CREATE INDEX ix_audit_entry_municipality_id_at ON audit_entry (municipality_id, at);

-- The words of a reason stand apart, with their salt: they can be forgotten, and the chain still verifies.
CREATE TABLE audit_reason (
    entry_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_audit_reason PRIMARY KEY (entry_id)
);

CREATE TABLE audit_link (
    number BIGINT NOT NULL,
    entry_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    entry_hash BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_audit_link PRIMARY KEY (number),
    CONSTRAINT uq_audit_link_entry_id UNIQUE (entry_id)
);

-- What waits for its link.
CREATE TABLE audit_waiting (
    entry_id UUID NOT NULL,
    CONSTRAINT pk_audit_waiting PRIMARY KEY (entry_id)
);

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_reason' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' THEN
        IF OLD.at < ledger.now() - interval '5 years' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_reason FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();

-- What is hashed of an entry: all of it, in one unambiguous form, whatever the time zone of the session.
CREATE FUNCTION audit_hash(entry audit_entry) RETURNS bytea LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
        SELECT sha256(convert_to(jsonb_build_array(
            entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.actor_id, entry.role, entry.act,
            entry.subject_id, entry.municipality_id, entry.entity, entry.entity_id, entry.case_id,
            encode(entry.reason_hash, 'hex'), (extract(epoch FROM entry.shown_from) * 1000000)::bigint
        )::text, 'UTF8'))
    $$;

CREATE FUNCTION audit_link_hash(number bigint, at timestamptz, entry_hash bytea, previous bytea) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
        SELECT sha256(previous || int8send(number) || int8send((extract(epoch FROM at) * 1000000)::bigint) || entry_hash)
    $$;

-- The only way to add an entry. Who did it is who this transaction acts as: nobody writes in another's name, and who
-- acts for somebody else is the one who did it.
CREATE FUNCTION audit_write(
    role text, act text, subject uuid, municipality integer, entity text, entity_id uuid, case_id uuid, reason text,
    shown_from timestamptz
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hand uuid := CASE WHEN is_acting() THEN (acting_under()).representative_id
                      ELSE nullif(current_setting('app.person_id', true), '')::uuid END;
    salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    new_id uuid := gen_random_uuid();
BEGIN
    INSERT INTO audit_entry VALUES (
        new_id, ledger.now(), hand, role, act, subject, municipality, entity, entity_id, case_id,
        CASE WHEN reason <> '' THEN sha256(salt || convert_to(reason, 'UTF8')) END, shown_from
    );
    IF reason <> '' THEN
        INSERT INTO audit_reason VALUES (new_id, salt, reason);
    END IF;
    INSERT INTO audit_waiting VALUES (new_id);
END $$;

-- Links what waits, in the order of time; says how many. One at a time.
CREATE FUNCTION audit_chain(most integer) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_link;
    entry audit_entry;
    made integer := 0;
    content bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_chain', 0));
    SELECT * INTO head FROM audit_link ORDER BY number DESC LIMIT 1;
    FOR entry IN
        SELECT e.* FROM audit_waiting w JOIN audit_entry e ON e.id = w.entry_id
        ORDER BY e.at, e.id LIMIT most
    LOOP
        content := audit_hash(entry);
        INSERT INTO audit_link VALUES (
            coalesce(head.number, 0) + 1, entry.id, entry.at, content, coalesce(head.hash, '\x'::bytea),
            audit_link_hash(coalesce(head.number, 0) + 1, entry.at, content, coalesce(head.hash, '\x'::bytea))
        ) RETURNING * INTO head;
        DELETE FROM audit_waiting WHERE entry_id = entry.id;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- What is not as it was written, the first row first. Entries go after five years, their links stay.
CREATE FUNCTION audit_faults() RETURNS TABLE (number bigint, entry_id uuid, fault text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH chain AS (
        SELECT l.number, l.entry_id, l.at, l.entry_hash, l.previous, l.hash,
               lag(l.number) OVER beside AS number_before, lag(l.hash) OVER beside AS hash_before
        FROM audit_link l WINDOW beside AS (ORDER BY l.number)
    ), found AS (
        SELECT c.number, c.entry_id, CASE
            WHEN c.number <> coalesce(c.number_before, 0) + 1 THEN 'a link before it is gone'
            WHEN c.previous IS DISTINCT FROM coalesce(c.hash_before, '\x'::bytea) THEN 'it does not follow the one before'
            WHEN c.hash IS DISTINCT FROM audit_link_hash(c.number, c.at, c.entry_hash, c.previous) THEN 'the link was changed'
            WHEN e.id IS NULL AND c.at > ledger.now() - interval '5 years' THEN 'the entry is gone'
            WHEN e.id IS NOT NULL AND audit_hash(e) IS DISTINCT FROM c.entry_hash THEN 'the entry was changed'
            WHEN r.entry_id IS NOT NULL AND sha256(r.salt || convert_to(r.reason, 'UTF8')) IS DISTINCT FROM e.reason_hash
                THEN 'the reason was changed'
        END AS fault
        FROM chain c LEFT JOIN audit_entry e ON e.id = c.entry_id LEFT JOIN audit_reason r ON r.entry_id = e.id
    )
    SELECT f.number, f.entry_id, f.fault FROM found f WHERE f.fault IS NOT NULL
    UNION ALL
    SELECT NULL, e.id, 'the entry was never linked' FROM audit_entry e
    WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.entry_id = e.id)
      AND NOT EXISTS (SELECT FROM audit_waiting w WHERE w.entry_id = e.id)
    UNION ALL
    SELECT NULL, w.entry_id, 'the entry is gone before it was linked' FROM audit_waiting w
    WHERE NOT EXISTS (SELECT FROM audit_entry e WHERE e.id = w.entry_id)
    ORDER BY 1 NULLS LAST, 2
$$;

-- For the copy outside: keys, never names or reasons. Only for who reaches every municipality.
CREATE FUNCTION audit_lines(after bigint, most integer) RETURNS TABLE (
    number bigint, at timestamptz, actor_id uuid, act text, subject_id uuid, entity text, entity_id uuid, hash bytea
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT l.number, l.at, e.actor_id, e.act, e.subject_id, e.entity, e.entity_id, l.hash
    FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id
    WHERE l.number > after
      AND NOT EXISTS (SELECT FROM municipality m WHERE m.joined AND NOT m.id = ANY (coalesce(actor_reach(), '{}')))
    ORDER BY l.number LIMIT most
$$;

-- How far the chain is: for the page that shows it, and the check.
CREATE FUNCTION audit_state() RETURNS TABLE (links bigint, waiting bigint, oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT (SELECT coalesce(max(l.number), 0) FROM audit_link l), (SELECT count(*) FROM audit_waiting),
           (SELECT min(e.at) FROM audit_waiting w JOIN audit_entry e ON e.id = w.entry_id)
$$;

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_reason ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_waiting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON audit_entry TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON audit_reason TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON audit_link TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON audit_waiting TO CURRENT_USER USING (true) WITH CHECK (true);

-- Whether a look belongs to a file about safety whose day has not come: the opening itself, and what its officer looked
-- up besides. Both would warn whoever reads along. The day may be moved, so it is asked of the file and not of the entry.
CREATE FUNCTION look_waits(act text, role text, subject uuid, file uuid, looked_at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT CASE
        WHEN act = 'safety-file' THEN NOT safety_disclosed(file)
        WHEN role ~ 'safety_officer' THEN EXISTS (
            SELECT FROM safety_file f
            WHERE f.person_id = subject AND looked_at >= f.opened_at - interval '1 day'
              AND f.disclose_on > (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
        )
        ELSE false END
$$;

-- The person concerned, unless it is shown later; and the privacy officer of the municipality, by the grant itself.
CREATE POLICY own ON audit_entry FOR SELECT TO {application} USING (
    subject_id = (SELECT actor_person())
    AND (shown_from IS NULL OR shown_from <= (SELECT ledger.now()))
    AND NOT look_waits(act, role, subject_id, entity_id, at)
);
CREATE POLICY officer ON audit_entry FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    AND EXISTS (
        SELECT FROM role_grant g
        WHERE g.person_id = (SELECT actor_person()) AND g.role = 'privacy_officer'
          AND g.municipality_id = audit_entry.municipality_id
    )
);
CREATE POLICY with_entry ON audit_reason FOR SELECT TO {application} USING (
    EXISTS (SELECT FROM audit_entry e WHERE e.id = entry_id)
);
GRANT SELECT ON audit_entry, audit_reason TO {application};
REVOKE EXECUTE ON FUNCTION
    audit_write(text, text, uuid, integer, text, uuid, uuid, text, timestamptz), audit_chain(integer), audit_faults(),
    audit_lines(bigint, integer), audit_state(), look_waits(text, text, uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    audit_write(text, text, uuid, integer, text, uuid, uuid, text, timestamptz), audit_chain(integer), audit_faults(),
    audit_lines(bigint, integer), audit_state(), look_waits(text, text, uuid, uuid, timestamptz) TO {application};
