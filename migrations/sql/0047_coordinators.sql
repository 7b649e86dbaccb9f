-- Who helps through an organisation is guided by that organisation: its administrator leads the talks of such a coupling,
-- beside the desk.

ALTER TABLE coupling_talk ADD COLUMN organisation_id UUID;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE coupling_talk ADD CONSTRAINT fk_coupling_talk_organisation_id_organisation
    FOREIGN KEY (organisation_id) REFERENCES organisation (id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_coupling_talk_organisation_id ON coupling_talk (organisation_id);

-- Under whose flag the helper offered: it follows from the agreement, and nobody says it.
CREATE FUNCTION flag_of_agreement(agreed uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT o.organisation_id FROM agreement a JOIN proposal p ON p.id = a.proposal_id
            JOIN help_offer o ON o.id = p.help_offer_id WHERE a.id = agreed
    $$;
CREATE FUNCTION flag_talk() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.organisation_id := flag_of_agreement(NEW.agreement_id);
    RETURN NEW;
END $$;
CREATE TRIGGER flag BEFORE INSERT ON coupling_talk FOR EACH ROW EXECUTE FUNCTION flag_talk();
UPDATE coupling_talk SET organisation_id = flag_of_agreement(agreement_id) WHERE status IN ('due', 'planned');

-- Whether the actor administers this organisation, which has a covenant.
CREATE FUNCTION coordinates(flag uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT flag = ANY ((SELECT actor_organisations())::uuid[]) AND NOT is_acting() AND EXISTS (
            SELECT FROM role_grant g JOIN organisation o ON o.id = g.organisation_id JOIN person p ON p.id = g.person_id
            WHERE g.person_id = actor_person() AND g.organisation_id = flag AND g.role = 'organisation_administrator'
              AND p.disabled_at IS NULL
              AND o.covenant_signed_on <= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
        )
    $$;

-- Who leads the talks of a coupling for the organisation, to be told when one of the two would rather stop: for the two
-- themselves and for the desk.
CREATE FUNCTION coordinators_of_talk(talk uuid) RETURNS TABLE (person_id uuid, municipality_id integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT DISTINCT g.person_id, t.municipality_id FROM coupling_talk t
            JOIN organisation o ON o.id = t.organisation_id
            JOIN role_grant g ON g.organisation_id = o.id AND g.role = 'organisation_administrator'
            JOIN person p ON p.id = g.person_id
        WHERE t.id = talk AND p.disabled_at IS NULL AND p.id NOT IN (t.asker_id, t.helper_id)
          AND o.covenant_signed_on <= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
          AND (actor_person() IN (t.asker_id, t.helper_id) OR t.municipality_id = ANY ((SELECT actor_reach())::integer[]))
    $$;

-- Nobody leads a talk about themselves.
CREATE POLICY coordinator ON coupling_talk FOR SELECT TO {application} USING (
    organisation_id IS NOT NULL AND coordinates(organisation_id)
);
CREATE POLICY coordinator_leads ON coupling_talk FOR UPDATE TO {application} USING (
    organisation_id IS NOT NULL AND coordinates(organisation_id) AND status IN ('due', 'planned')
    AND asker_id <> (SELECT actor_person()) AND helper_id <> (SELECT actor_person())
) WITH CHECK (
    organisation_id IS NOT NULL AND coordinates(organisation_id) AND status IN ('planned', 'held')
    AND (status = 'held' OR planned_by_id = (SELECT actor_person()))
);
CREATE POLICY coordinator ON talk_answer FOR SELECT TO {application} USING (
    EXISTS (
        SELECT FROM coupling_talk t
        WHERE t.id = talk_id AND t.organisation_id IS NOT NULL AND coordinates(t.organisation_id)
          AND t.asker_id <> (SELECT actor_person()) AND t.helper_id <> (SELECT actor_person())
    )
);
REVOKE EXECUTE ON FUNCTION flag_of_agreement(uuid), flag_talk(), coordinates(uuid), coordinators_of_talk(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION coordinates(uuid), coordinators_of_talk(uuid) TO {application};
