-- A block holds for who acts for one of the two as well, and who is suspended acts for nobody. And who lives at the
-- same address, said in one place.

CREATE FUNCTION one_house(one uuid, other uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT coalesce(one = other, false) OR EXISTS (
            SELECT FROM contact a JOIN contact b
              ON upper(replace(a.postcode, ' ', '')) = upper(replace(b.postcode, ' ', ''))
             AND upper(replace(a.house_number, ' ', '')) = upper(replace(b.house_number, ' ', ''))
            WHERE a.person_id = one AND b.person_id = other AND a.postcode <> '' AND a.house_number <> ''
        )
    $$;

-- Somebody and whoever acts for them today: what one of these reads or meets, the other does.
CREATE FUNCTION hands_of(person uuid) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT person || ARRAY(
            SELECT r.representative_id FROM representation r
            WHERE r.represented_id = person AND r.status = 'active'
              AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
        )
    $$;

CREATE OR REPLACE FUNCTION are_blocked(one uuid, other uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM person_block b, hands_of(one) AS ours, hands_of(other) AS theirs
            WHERE b.ended_at IS NULL
              AND ((b.blocker_id = ANY (ours) AND b.blocked_id = ANY (theirs))
                   OR (b.blocker_id = ANY (theirs) AND b.blocked_id = ANY (ours)))
        )
    $$;

-- From whom somebody is kept apart: whom they or their hands blocked or were blocked by, and for whom those act.
CREATE FUNCTION apart_from(person uuid) RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH others AS (
            SELECT b.blocked_id AS id FROM person_block b WHERE b.ended_at IS NULL AND b.blocker_id = ANY (hands_of(person))
            UNION
            SELECT b.blocker_id FROM person_block b WHERE b.ended_at IS NULL AND b.blocked_id = ANY (hands_of(person))
        )
        SELECT ARRAY(
            SELECT id FROM others
            UNION
            SELECT r.represented_id FROM representation r JOIN others o ON o.id = r.representative_id
            WHERE r.status = 'active'
              AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
        )
    $$;

CREATE OR REPLACE FUNCTION match_apart(wanted uuid[]) RETURNS TABLE (person_id uuid, excluded uuid[], suspended boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE people uuid[];
BEGIN
    IF wanted IS NULL THEN
        people := ARRAY(
            WITH met AS (
                SELECT blocker_id AS id FROM person_block WHERE ended_at IS NULL
                UNION SELECT blocked_id FROM person_block WHERE ended_at IS NULL
            )
            SELECT id FROM met
            UNION SELECT r.represented_id FROM representation r JOIN met ON met.id = r.representative_id
                  WHERE r.status = 'active'
            UNION SELECT s.person_id FROM suspension s WHERE s.status = 'active'
        );
    ELSE
        people := ARRAY(
            SELECT o.person_id FROM help_offer o WHERE o.id = ANY (wanted)
            UNION SELECT r.person_id FROM help_request r WHERE r.id = ANY (wanted)
        );
    END IF;
    RETURN QUERY SELECT p.id, apart_from(p.id), is_suspended(p.id) FROM unnest(people) AS p (id);
END $$;

-- The index reads anew what is of these people.
CREATE FUNCTION log_people(people uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        INSERT INTO match_change (entity, id) SELECT 'o', id FROM help_offer WHERE person_id = ANY (people);
        INSERT INTO match_change (entity, id)
            SELECT 'r', id FROM help_request WHERE person_id = ANY (people) AND status = 'open';
    $$;
CREATE OR REPLACE FUNCTION log_apart() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM log_people(ARRAY[NEW.blocker_id, NEW.blocked_id] || ARRAY(
        SELECT r.represented_id FROM representation r
        WHERE r.status = 'active' AND r.representative_id IN (NEW.blocker_id, NEW.blocked_id)
    ));
    RETURN NULL;
END $$;
CREATE FUNCTION log_hand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM log_people(NEW.represented_id || ARRAY(
        SELECT CASE WHEN b.blocker_id = NEW.representative_id THEN b.blocked_id ELSE b.blocker_id END
        FROM person_block b
        WHERE b.ended_at IS NULL AND NEW.representative_id IN (b.blocker_id, b.blocked_id)
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER log AFTER INSERT OR UPDATE OF status, valid_until ON representation FOR EACH ROW
    WHEN (NEW.represented_id IS NOT NULL) EXECUTE FUNCTION log_hand();

-- Who is suspended acts for nobody.
CREATE OR REPLACE FUNCTION acting_under() RETURNS representation
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r FROM representation r
        WHERE r.id = nullif(current_setting('app.representation', true), '')::uuid
          AND r.represented_id = nullif(current_setting('app.person_id', true), '')::uuid
          AND r.status = 'active'
          AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
          AND NOT is_suspended(r.representative_id)
    $$;

-- What was agreed before somebody came to act for another stands; they read nothing of whom they are kept apart from.
CREATE POLICY acting_apart ON contact AS RESTRICTIVE FOR ALL TO {application} USING (
    NOT (SELECT is_acting()) OR NOT are_blocked((SELECT (acting_under()).representative_id), person_id)
);
CREATE POLICY acting_apart ON proposal AS RESTRICTIVE FOR ALL TO {application} USING (
    NOT (SELECT is_acting()) OR NOT are_blocked((SELECT (acting_under()).representative_id), helper_id)
);
CREATE POLICY acting_apart ON agreement AS RESTRICTIVE FOR ALL TO {application} USING (
    NOT (SELECT is_acting()) OR NOT are_blocked((SELECT (acting_under()).representative_id), helper_id)
);
CREATE POLICY acting_apart ON occurrence AS RESTRICTIVE FOR ALL TO {application} USING (
    NOT (SELECT is_acting()) OR NOT are_blocked((SELECT (acting_under()).representative_id), helper_id)
);

REVOKE EXECUTE ON FUNCTION
    one_house(uuid, uuid), hands_of(uuid), apart_from(uuid), log_people(uuid[]), log_hand() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION one_house(uuid, uuid) TO {application};
