DROP FUNCTION take_roles(uuid);
DROP FUNCTION here_again(uuid);
CREATE FUNCTION here_again(who uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM role_grant WHERE person_id = who;
    RETURN EXISTS (SELECT FROM person WHERE id = who AND forgotten_at IS NULL);
END $$;
REVOKE EXECUTE ON FUNCTION here_again(uuid) FROM PUBLIC;
DROP POLICY of_the_worker ON dispatch;
DROP TRIGGER keep_dispatch ON dispatch;
DROP FUNCTION keep_dispatch();
DROP POLICY by_worker ON dispatch;
UPDATE safety_report SET subject = 'none', subject_id = NULL WHERE subject IN ('story', 'idea', 'reaction');
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'activity', 'none'));
