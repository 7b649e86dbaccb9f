DROP POLICY acting_apart ON contact;
DROP POLICY acting_apart ON proposal;
DROP POLICY acting_apart ON agreement;
DROP POLICY acting_apart ON occurrence;
DROP TRIGGER log ON representation;
CREATE OR REPLACE FUNCTION are_blocked(one uuid, other uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM person_block WHERE ended_at IS NULL
              AND ((blocker_id = one AND blocked_id = other) OR (blocker_id = other AND blocked_id = one))
        )
    $$;
CREATE OR REPLACE FUNCTION match_apart(wanted uuid[]) RETURNS TABLE (person_id uuid, excluded uuid[], suspended boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE people uuid[];
BEGIN
    IF wanted IS NULL THEN
        people := ARRAY(
            SELECT blocker_id FROM person_block WHERE ended_at IS NULL
            UNION SELECT blocked_id FROM person_block WHERE ended_at IS NULL
            UNION SELECT s.person_id FROM suspension s WHERE s.status = 'active'
        );
    ELSE
        people := ARRAY(
            SELECT o.person_id FROM help_offer o WHERE o.id = ANY (wanted)
            UNION SELECT r.person_id FROM help_request r WHERE r.id = ANY (wanted)
        );
    END IF;
    RETURN QUERY SELECT p.id, ARRAY(
            SELECT b.blocked_id FROM person_block b WHERE b.blocker_id = p.id AND b.ended_at IS NULL
            UNION SELECT b.blocker_id FROM person_block b WHERE b.blocked_id = p.id AND b.ended_at IS NULL
        ), is_suspended(p.id)
        FROM unnest(people) AS p (id);
END $$;
CREATE OR REPLACE FUNCTION log_apart() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) SELECT 'o', id FROM help_offer WHERE person_id IN (NEW.blocker_id, NEW.blocked_id);
    INSERT INTO match_change (entity, id)
        SELECT 'r', id FROM help_request WHERE person_id IN (NEW.blocker_id, NEW.blocked_id) AND status = 'open';
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION acting_under() RETURNS representation
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r FROM representation r
        WHERE r.id = nullif(current_setting('app.representation', true), '')::uuid
          AND r.represented_id = nullif(current_setting('app.person_id', true), '')::uuid
          AND r.status = 'active'
          AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
    $$;
DROP FUNCTION log_hand();
DROP FUNCTION log_people(uuid[]);
DROP FUNCTION apart_from(uuid);
DROP FUNCTION hands_of(uuid);
DROP FUNCTION one_house(uuid, uuid);
