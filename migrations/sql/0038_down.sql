DROP TRIGGER own_words ON organisation;
DROP FUNCTION keep_to_own_words();
DROP POLICY of_organisation ON organisation;
DROP TABLE provision;
DROP TABLE activity_signup;
DROP TABLE activity_date;
DROP TABLE activity_home;
DROP TABLE activity;
DROP FUNCTION search_provisions(text, smallint[]), search_activities(text), forget_signups(), people_of_date(uuid), leave_place(uuid),
    move_up(uuid), take_place(uuid, smallint), count_places(), has_place_in(uuid), comes_to(uuid), hosts_activity(uuid);
ALTER TABLE organisation DROP COLUMN email, DROP COLUMN external_id;
