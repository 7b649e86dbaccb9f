DROP POLICY coordinator ON talk_answer;
DROP POLICY coordinator_leads ON coupling_talk;
DROP POLICY coordinator ON coupling_talk;
DROP TRIGGER flag ON coupling_talk;
DROP FUNCTION flag_talk(), flag_of_agreement(uuid), coordinators_of_talk(uuid), coordinates(uuid);
-- squawk-ignore ban-drop-column
ALTER TABLE coupling_talk DROP COLUMN organisation_id;
