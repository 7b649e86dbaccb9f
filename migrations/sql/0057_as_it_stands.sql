-- A row that says what happened can be written by whoever took a step, and nobody else can look whether they did. So
-- what goes outside waits until everything was written, and goes only where what it tells of stands as it says: in that
-- municipality, with that neighbour, in that state.
CREATE FUNCTION stands_so(entity text, key uuid, after text, place integer, neighbour integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT CASE entity
            WHEN 'help_request' THEN EXISTS (
                SELECT FROM help_request r WHERE r.id = key AND r.status = after AND r.municipality_id = place
                    AND neighbour IS NULL)
            WHEN 'help_offer' THEN EXISTS (
                SELECT FROM help_offer o WHERE o.id = key AND o.status = after AND o.municipality_id = place
                    AND neighbour IS NULL)
            WHEN 'agreement' THEN EXISTS (
                SELECT FROM agreement a WHERE a.id = key AND a.status = after AND a.municipality_id = place
                    AND coalesce(neighbour, a.helper_municipality_id) = a.helper_municipality_id)
            WHEN 'occurrence' THEN EXISTS (
                SELECT FROM occurrence k WHERE k.id = key AND k.status = after AND k.municipality_id = place
                    AND coalesce(neighbour, k.helper_municipality_id) = k.helper_municipality_id)
            WHEN 'activity' THEN EXISTS (
                SELECT FROM activity v WHERE v.id = key AND v.status = after AND v.municipality_id = place
                    AND neighbour IS NULL)
            WHEN 'joining' THEN EXISTS (
                SELECT FROM joining j WHERE j.id = key AND j.status = after AND j.municipality_id = place
                    AND neighbour IS NULL)
            ELSE false
        END
    $$;
REVOKE EXECUTE ON FUNCTION stands_so(text, uuid, text, integer, integer) FROM PUBLIC;

CREATE OR REPLACE FUNCTION tell_webhooks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE message uuid;
BEGIN
    FOR message IN
        INSERT INTO webhook_message (id, municipality_id, webhook_id, kind, subject_id, at)
        SELECT gen_random_uuid(), w.municipality_id, w.id, webhook_kind(NEW.entity, NEW.after), NEW.entity_id, NEW.at
        FROM webhook w
        WHERE w.municipality_id IN (NEW.municipality_id, NEW.other_municipality_id) AND w.ended_at IS NULL
          AND webhook_kind(NEW.entity, NEW.after) = ANY (w.kinds)
          AND stands_so(NEW.entity, NEW.entity_id, NEW.after, NEW.municipality_id, NEW.other_municipality_id)
        RETURNING id
    LOOP
        PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
            'webhooks'::varchar, 'webhooks.send'::varchar, 0, NULL::text, NULL::text,
            jsonb_build_object('message_id', message), NULL::timestamptz
        )]::procrastinate_job_to_defer_v1[]);
    END LOOP;
    RETURN NULL;
END $$;

DROP TRIGGER tell_webhooks ON state_event;
CREATE CONSTRAINT TRIGGER tell_webhooks AFTER INSERT ON state_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (webhook_kind(NEW.entity, NEW.after) IS NOT NULL AND NEW.before IS DISTINCT FROM NEW.after)
    EXECUTE FUNCTION tell_webhooks();
