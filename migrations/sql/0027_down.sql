DROP TABLE safety_signal, safety_step, safety_entry, safety_opening, safety_file, rules_acceptance, house_rules,
    suspension_appeal, suspension, person_block, safety_note, safety_report CASCADE;
DROP FUNCTION log_suspended();
DROP FUNCTION log_apart();
DROP FUNCTION match_apart(uuid[]);
DROP FUNCTION hold_two(uuid, uuid);
DROP FUNCTION are_apart(uuid, uuid);
DROP FUNCTION are_blocked(uuid, uuid);
DROP FUNCTION is_suspended(uuid);
DROP FUNCTION safety_disclosing();
DROP FUNCTION safety_disclosed(uuid);
DROP FUNCTION safety_desk();
DROP FUNCTION safety_reach();
DROP FUNCTION let_in(uuid);
DROP FUNCTION shut_out(uuid);
DROP FUNCTION sign_out(uuid);
DROP FUNCTION ways_in(uuid);
DROP FUNCTION shut_by_desk(uuid);
DROP FUNCTION minds(uuid);
DROP FUNCTION granted_in(text[]);
DELETE FROM role_grant WHERE role = 'safety_officer';
ALTER TABLE role_grant DROP CONSTRAINT ck_role_grant_role;
ALTER TABLE role_grant ADD CONSTRAINT ck_role_grant_role CHECK (role IN (
    'member', 'organisation_member', 'organisation_administrator', 'referrer', 'broker', 'treasurer', 'seller',
    'privacy_officer', 'municipality_administrator', 'region_administrator'
));
ALTER TABLE agreement DROP COLUMN insurance, DROP COLUMN flag_id;
ALTER TABLE organisation DROP COLUMN insurance;
ALTER TABLE municipality DROP COLUMN insurance;
