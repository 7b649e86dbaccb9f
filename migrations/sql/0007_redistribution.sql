-- Runs and their lines are the desk's: whoever reaches the municipality, and nobody else.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['distribution', 'distribution_line'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY tenant ON distribution USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON distribution_line USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON distribution, distribution_line TO {application};

-- A run looks at the whole region, of which a makelaar sees a part: how many helpers each open request still wants
-- beyond those who said yes, and who was asked for it. Keys only.
CREATE FUNCTION match_places() RETURNS TABLE (help_request_id uuid, places integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT r.id, greatest(r.helpers_wanted - r.helpers_found - (
        SELECT count(*) FROM proposal p WHERE p.help_request_id = r.id AND p.status IN ('willing', 'meeting')
    ), 0)::integer
    FROM help_request r WHERE r.status = 'open'
$$;

CREATE FUNCTION match_asked() RETURNS TABLE (help_request_id uuid, helper_id uuid, waiting boolean, this_week boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT p.help_request_id, p.helper_id, p.status = 'proposed',
           p.origin <> 'helper' AND p.created_at > ledger.now() - interval '7 days'
    FROM proposal p JOIN help_request r ON r.id = p.help_request_id
    WHERE r.status = 'open'
$$;

REVOKE EXECUTE ON FUNCTION match_places(), match_asked() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_places(), match_asked() TO {application};
