CREATE OR REPLACE FUNCTION forget_words(due uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE help_request SET title = '[gewist]', body = '', consent = '' WHERE id = ANY (due);
    UPDATE proposal SET message = '', code_word = '' WHERE help_request_id = ANY (due);
    UPDATE ring_arc SET title = '[gewist]' WHERE help_request_id = ANY (due);
    UPDATE case_note SET text = '' WHERE help_request_id = ANY (due);
    UPDATE state_event SET reason = '' WHERE reason <> '' AND (entity_id = ANY (due) OR entity_id IN (
        SELECT id FROM proposal WHERE help_request_id = ANY (due)
        UNION ALL SELECT id FROM agreement WHERE help_request_id = ANY (due)
        UNION ALL SELECT o.id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id WHERE a.help_request_id = ANY (due)));
    DELETE FROM message WHERE proposal_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due));
    DELETE FROM talk_side WHERE proposal_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due));
    UPDATE satisfaction SET words = '' WHERE words <> '' AND occurrence_id IN (
        SELECT o.id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id WHERE a.help_request_id = ANY (due));
    DELETE FROM notice WHERE subject_id = ANY (due)
        OR (kind = 'message' AND subject_id IN (SELECT id FROM proposal WHERE help_request_id = ANY (due)));
END $$;
UPDATE api_token SET scope = 'read', ended_at = coalesce(ended_at, ledger.now()) WHERE scope = 'calendar';
ALTER TABLE api_token DROP CONSTRAINT ck_api_token_scope;
ALTER TABLE api_token ADD CONSTRAINT ck_api_token_scope CHECK (scope IN ('read', 'own', 'all'));
UPDATE safety_report SET subject = 'none', subject_id = NULL WHERE subject = 'activity';
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'none'));
DROP POLICY seen ON activity_home;
DROP POLICY host ON activity_home;
CREATE POLICY seen ON activity_home FOR SELECT TO {application} USING (
    hosts_activity(activity_id) OR has_place_in(activity_id) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY host ON activity_home TO {application} USING (
    hosts_activity(activity_id) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE OR REPLACE FUNCTION people_of_date(wanted uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT s.person_id FROM activity_signup s
        WHERE s.date_id = wanted
          AND (hosts_activity(s.activity_id) OR s.municipality_id = ANY (coalesce((SELECT actor_reach()), '{}')))
    $$;
DROP FUNCTION moderates_activities(integer);
DROP FUNCTION move_up(uuid);
ALTER FUNCTION let_waiting_in(uuid) RENAME TO move_up;
GRANT EXECUTE ON FUNCTION move_up(uuid) TO {application};
CREATE OR REPLACE FUNCTION leave_place(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM activity_date WHERE id = wanted FOR UPDATE;
    IF NOT is_acting() THEN
        DELETE FROM activity_signup WHERE date_id = wanted AND person_id = actor_person();
        RETURN QUERY SELECT move_up(wanted);
    END IF;
END $$;
CREATE OR REPLACE FUNCTION take_place(wanted uuid, number_of smallint) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := actor_person(); d activity_date; a activity; said text;
BEGIN
    IF me IS NULL OR is_acting() OR is_suspended(me) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO d FROM activity_date WHERE id = wanted FOR UPDATE;
    SELECT * INTO a FROM activity WHERE id = d.activity_id;
    IF a.id IS NULL OR a.status <> 'open' OR d.status <> 'planned' OR d.starts_at <= ledger.now()
       OR a.host_id = me OR number_of > 1 + a.guests OR (a.host_id IS NOT NULL AND are_apart(a.host_id, me)) THEN
        RETURN NULL;
    END IF;
    SELECT status INTO said FROM activity_signup WHERE date_id = wanted AND person_id = me;
    IF said IS NOT NULL THEN
        RETURN said;
    END IF;
    -- who waits is let in as soon as they fit: whoever waits now is with too many for what is free
    said := CASE WHEN d.taken + number_of <= d.places THEN 'in' ELSE 'waiting' END;
    INSERT INTO activity_signup (id, municipality_id, date_id, activity_id, person_id, heads, status)
        VALUES (gen_random_uuid(), d.municipality_id, wanted, d.activity_id, me, number_of, said);
    RETURN said;
END $$;
DROP INDEX ix_activity_signup_by_id;
ALTER TABLE activity_signup DROP COLUMN by_id;
DROP TABLE talk_answer;
DROP TABLE coupling_talk;
