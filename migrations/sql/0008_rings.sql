-- A ring is its members' and their municipalities' desks'; of its arcs a member sees the two at their own place.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['ring', 'ring_arc'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY tenant ON ring USING (
    municipality_ids && (SELECT actor_reach())::integer[] OR (SELECT actor_person()) = ANY (member_ids)
);
CREATE POLICY tenant ON ring_arc USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR giver_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR giver_id = (SELECT actor_person()) OR receiver_id = (SELECT actor_person())
);
GRANT SELECT, INSERT, UPDATE, DELETE ON ring, ring_arc TO {application};

-- Whoever ends a ring sets all its members free at that moment, also those whose arcs they cannot see.
CREATE FUNCTION free_ring() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
BEGIN
    UPDATE ring_arc SET live = false WHERE ring_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION free_ring() FROM PUBLIC;
CREATE TRIGGER free_ring AFTER UPDATE OF status ON ring FOR EACH ROW
    WHEN (NEW.status IN ('agreed', 'dissolved', 'expired') AND OLD.status IN ('proposed', 'ready'))
    EXECUTE FUNCTION free_ring();
