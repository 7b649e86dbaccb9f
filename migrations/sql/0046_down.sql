DROP POLICY of_what_one_sees ON proposal;
DROP POLICY of_a_yes ON agreement;
DROP TRIGGER parties ON agreement;
DROP TRIGGER parties ON proposal;
DROP FUNCTION keep_parties();
DROP TRIGGER later_yes ON proposal;
DROP TRIGGER first_yes ON proposal;
DROP FUNCTION keep_yes();
DROP TRIGGER unread ON activity;
DROP FUNCTION keep_unread();
CREATE OR REPLACE FUNCTION leave_place(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM activity_date WHERE id = wanted FOR UPDATE;
    DELETE FROM activity_signup WHERE date_id = wanted AND person_id = actor_person();
    IF FOUND THEN
        RETURN QUERY SELECT let_waiting_in(wanted);
    END IF;
END $$;
DROP FUNCTION let_go(text, integer, timestamptz);
DROP FUNCTION let_go_messages(integer, timestamptz);
ALTER FUNCTION let_go_kind(text, integer, timestamptz) RENAME TO let_go;
ALTER FUNCTION let_go_words(integer, timestamptz) RENAME TO let_go_messages;
GRANT EXECUTE ON FUNCTION let_go(text, integer, timestamptz), let_go_messages(integer, timestamptz) TO {application};
DROP POLICY in_own_name ON staff_invitation;
REVOKE UPDATE ON staff_invitation FROM {application};
GRANT UPDATE ON staff_invitation TO {application};
DROP POLICY tie ON membership;
DROP FUNCTION may_tie(uuid);
REVOKE UPDATE ON membership FROM {application};
GRANT UPDATE ON membership TO {application};
