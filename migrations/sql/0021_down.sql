ALTER TABLE agreed_cost DROP COLUMN agreed_at;
ALTER TABLE help_request DROP COLUMN reopened_at;
ALTER POLICY own ON idempotency_key USING (person_id = (SELECT actor_person()));
DROP POLICY acting_change ON notice;
-- A WITH CHECK cannot be taken off again: the policies are made as they were.
DROP POLICY acting ON agreement;
CREATE POLICY acting ON agreement AS RESTRICTIVE TO {application} USING (
    NOT (SELECT is_acting())
    OR (asker_id = (SELECT actor_person()) AND ((SELECT acting_contact()) IS NULL OR asked_by_contact(help_request_id)))
);
DROP POLICY acting ON occurrence;
CREATE POLICY acting ON occurrence AS RESTRICTIVE TO {application} USING (
    NOT (SELECT is_acting())
    OR (asker_id = (SELECT actor_person()) AND EXISTS (SELECT FROM agreement a WHERE a.id = agreement_id))
);
DROP POLICY acting ON contact;
CREATE POLICY acting ON contact AS RESTRICTIVE TO {application} USING (
    (SELECT acting_contact()) IS NULL OR person_id <> (SELECT actor_person())
);
DROP FUNCTION acting_on(text, uuid);
CREATE OR REPLACE FUNCTION actor_reach() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.municipalities', true), '')::integer[] $$;
CREATE OR REPLACE FUNCTION actor_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.organisations', true), '')::uuid[] $$;
DROP FUNCTION actor_hand();
DROP FUNCTION end_overdue_representation(uuid, uuid);
