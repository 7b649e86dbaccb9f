-- 0043 let activities in and forgot what 0042 had let in.
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'story', 'idea', 'reaction', 'activity', 'none')) NOT VALID;
ALTER TABLE safety_report VALIDATE CONSTRAINT ck_safety_report_subject;

-- A desk prints letters and makes none, and puts nothing in them: what it could put in one, of whomever, it could read.
CREATE POLICY by_worker ON dispatch AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (nullif(current_setting('app.person_id', true), '') IS NULL);
-- What left the house is known until its term; a desk takes nothing of it away.
CREATE POLICY of_the_worker ON dispatch AS RESTRICTIVE FOR DELETE TO {application}
    USING (nullif(current_setting('app.person_id', true), '') IS NULL AND sent_at IS NULL);
CREATE FUNCTION keep_dispatch() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF nullif(current_setting('app.person_id', true), '') IS NOT NULL THEN
        RAISE EXCEPTION 'only the worker says what goes into a letter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_dispatch BEFORE UPDATE ON dispatch
    FOR EACH ROW WHEN (NEW.notice_ids IS DISTINCT FROM OLD.notice_ids) EXECUTE FUNCTION keep_dispatch();

-- After a backup is put back: to ask whether somebody is here is one thing, to take their roles another.
DROP FUNCTION here_again(uuid);
CREATE FUNCTION here_again(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY INVOKER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM person WHERE id = who AND forgotten_at IS NULL) $$;
CREATE FUNCTION take_roles(who uuid) RETURNS void
    LANGUAGE sql SECURITY INVOKER SET search_path = public, pg_temp
    AS $$ DELETE FROM role_grant WHERE person_id = who $$;
REVOKE EXECUTE ON FUNCTION here_again(uuid), take_roles(uuid) FROM PUBLIC;
