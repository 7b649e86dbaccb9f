DROP TRIGGER forget_plan ON person;
DROP FUNCTION forget_plan();
DROP TRIGGER forget_casework ON help_request;
DROP FUNCTION forget_casework();
DROP POLICY asker ON case_note;
DROP POLICY faces ON case_note;
-- what was for few is for nobody where there is no such difference
DELETE FROM case_note WHERE access = 'zaak';
ALTER TABLE case_note DROP COLUMN link;
ALTER TABLE case_note DROP COLUMN access;
DROP TABLE life_event, carer_load, plan_moment, plan_decision, plan_line, plan_person, household_plan,
    case_evaluation, wmo_report, case_question, case_team, case_task, desk_choice, desk_presence;
DROP FUNCTION on_case(uuid), asked_by_actor(uuid), actor_plan(), mail_stopped(uuid);
