-- 0043 let activities in and forgot what 0042 had let in.
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'story', 'idea', 'reaction', 'activity', 'none')) NOT VALID;
ALTER TABLE safety_report VALIDATE CONSTRAINT ck_safety_report_subject;

-- A desk prints letters and makes none, and puts nothing in them: what it could put in one, of whomever, it could read.
CREATE POLICY by_worker ON dispatch AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (nullif(current_setting('app.person_id', true), '') IS NULL);
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
