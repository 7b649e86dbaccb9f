-- Row-level security: which rows a transaction may touch, whatever the program asks for.
-- The settings are local to the transaction; once used, an unset one reads '' and not NULL.

CREATE FUNCTION actor_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.person_id', true), '')::uuid $$;

CREATE FUNCTION actor_reach() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.municipalities', true), '')::integer[] $$;

-- Everything that is tenanted or personal is forced, and open to its owner: without a policy of their own,
-- backfills and SECURITY DEFINER functions would silently touch no row.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'state_event', 'role_grant', 'idempotency_key', 'person', 'contact', 'membership', 'person_check',
        'professional', 'municipality', 'sharing', 'help_request', 'organisation', 'help_offer', 'proposal',
        'agreement', 'occurrence', 'case_note', 'notice'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Facts that everybody may read, changed by the municipality itself.
CREATE POLICY read ON municipality FOR SELECT USING (true);
CREATE POLICY settings ON municipality FOR UPDATE USING (id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY read ON sharing FOR SELECT USING (true);
CREATE POLICY give ON sharing FOR INSERT WITH CHECK (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY change ON sharing FOR UPDATE USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY take_back ON sharing FOR DELETE USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));

-- People. The public face is read beside rows that are themselves guarded.
CREATE POLICY read ON person FOR SELECT USING (true);
CREATE POLICY register ON person FOR INSERT WITH CHECK (true);
CREATE POLICY change ON person FOR UPDATE USING (
    id = (SELECT actor_person())
    OR EXISTS (SELECT FROM membership m WHERE m.person_id = person.id AND m.municipality_id = ANY ((SELECT actor_reach())::integer[]))
);
CREATE POLICY tenant ON membership USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person())
);
CREATE POLICY tenant ON contact USING (
    person_id = (SELECT actor_person())
    OR EXISTS (
        SELECT FROM membership m
        WHERE m.person_id = contact.person_id AND m.municipality_id = ANY ((SELECT actor_reach())::integer[])
    )
);
-- The other side of a live agreement, no longer than it lives.
CREATE POLICY counterpart ON contact FOR SELECT USING (
    EXISTS (
        SELECT FROM agreement a
        WHERE a.status = 'active'
          AND ((a.asker_id = contact.person_id AND a.helper_id = (SELECT actor_person()))
            OR (a.helper_id = contact.person_id AND a.asker_id = (SELECT actor_person())))
    )
);
CREATE POLICY tenant ON person_check USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
) WITH CHECK (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON person_check FOR SELECT USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON professional USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person())
);
CREATE POLICY found ON professional FOR SELECT USING (checked_at IS NOT NULL);
CREATE POLICY own ON role_grant FOR SELECT USING (
    person_id = (SELECT actor_person()) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY own ON idempotency_key USING (person_id = (SELECT actor_person()));
CREATE POLICY read ON organisation FOR SELECT USING (true);
CREATE POLICY tenant ON organisation USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));

-- Asking, offering, matching.
CREATE POLICY seen ON help_request FOR SELECT USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR EXISTS (
        SELECT FROM proposal p
        WHERE p.help_request_id = help_request.id
          AND (p.helper_id = (SELECT actor_person()) OR p.helper_municipality_id = ANY ((SELECT actor_reach())::integer[]))
    )
);
CREATE POLICY shown ON help_request FOR SELECT USING (is_public);
CREATE POLICY ask ON help_request FOR INSERT WITH CHECK (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person())
);
-- A helper who was proposed may lock the request, and gives their place back when they fall away.
CREATE POLICY change ON help_request FOR UPDATE USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR EXISTS (
        SELECT FROM proposal p
        WHERE p.help_request_id = help_request.id AND p.helper_id = (SELECT actor_person())
    )
);
CREATE POLICY throw_away ON help_request FOR DELETE USING (
    status = 'draft'
    AND (municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person()))
);
CREATE POLICY seen ON help_offer FOR SELECT USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR EXISTS (
        SELECT FROM proposal p
        WHERE p.help_offer_id = help_offer.id
          AND (p.asker_id = (SELECT actor_person()) OR p.municipality_id = ANY ((SELECT actor_reach())::integer[]))
    )
);
CREATE POLICY shown ON help_offer FOR SELECT USING (is_public);
CREATE POLICY own ON help_offer USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person())
);
CREATE POLICY tenant ON proposal USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);
CREATE POLICY tenant ON agreement USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);
CREATE POLICY tenant ON occurrence USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person())
);
CREATE POLICY tenant ON state_event USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR other_municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR (SELECT actor_person()) = ANY (parties)
    -- what one did oneself, also to something that belongs to another: a helper who cancels reopens the request
    OR by_person_id = (SELECT actor_person())
);
CREATE POLICY tenant ON case_note USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON notice USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person())
);
-- Whoever acts leaves a notice for the other side, whose rows they cannot read.
CREATE POLICY tell ON notice FOR INSERT WITH CHECK (true);

-- Before anyone is signed in, an address leads to a person and to nothing else.
CREATE FUNCTION person_for_email(address citext) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT person_id FROM contact WHERE email = address $$;

CREATE FUNCTION municipality_staff(municipality integer) RETURNS TABLE (person_id uuid, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT person_id, role FROM role_grant WHERE municipality_id = municipality $$;
