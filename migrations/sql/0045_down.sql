DROP TRIGGER keep_dispatch ON dispatch;
DROP FUNCTION keep_dispatch();
DROP POLICY by_worker ON dispatch;
UPDATE safety_report SET subject = 'none', subject_id = NULL WHERE subject IN ('story', 'idea', 'reaction');
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'activity', 'none'));
