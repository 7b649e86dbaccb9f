-- Where a row that somebody may write opened what others keep: who writes it, and about whom, is looked at as well.

-- A contact person gives back the place that they took, and no other.
CREATE OR REPLACE FUNCTION leave_place(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM activity_date WHERE id = wanted FOR UPDATE;
    DELETE FROM activity_signup WHERE date_id = wanted AND person_id = actor_person()
        AND (acting_contact() IS NULL OR by_id = acting_contact());
    IF FOUND THEN
        RETURN QUERY SELECT let_waiting_in(wanted);
    END IF;
END $$;
