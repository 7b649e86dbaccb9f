-- Webhooks are their municipality's administrators', and the worker's. Nobody else at a desk reads where messages go (an
-- address may hold a key of the other side), and nobody writes what was never said.

CREATE FUNCTION webhook_desk() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN nullif(current_setting('app.person_id', true), '') IS NULL THEN actor_reach()
                    ELSE granted_in(ARRAY['municipality_administrator']) END
    $$;
CREATE POLICY administered ON webhook AS RESTRICTIVE TO {application}
    USING (municipality_id = ANY ((SELECT webhook_desk())::integer[]));
CREATE POLICY administered ON webhook_message AS RESTRICTIVE TO {application}
    USING (municipality_id = ANY ((SELECT webhook_desk())::integer[]));
CREATE POLICY in_own_name ON webhook AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK ((SELECT actor_person()) IS NULL OR made_by_id = (SELECT actor_person()));
-- What happened is told by `tell_webhooks()`, as the owner. An administrator has a trial sent, to an address of theirs.
CREATE POLICY a_trial ON webhook_message AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
    ((SELECT actor_person()) IS NULL OR kind = 'proef' AND subject_id IS NULL AND status = 'waiting')
    AND EXISTS (SELECT FROM webhook w WHERE w.id = webhook_id AND w.municipality_id = webhook_message.municipality_id)
);
-- What was sent stays to be seen until the worker lets go of it.
CREATE POLICY let_go ON webhook AS RESTRICTIVE FOR DELETE TO {application} USING ((SELECT actor_person()) IS NULL);
CREATE POLICY let_go ON webhook_message AS RESTRICTIVE FOR DELETE TO {application} USING ((SELECT actor_person()) IS NULL);
