DROP TRIGGER tell_webhooks ON state_event;
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
        RETURNING id
    LOOP
        PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
            'webhooks'::varchar, 'webhooks.send'::varchar, 0, NULL::text, NULL::text,
            jsonb_build_object('message_id', message), NULL::timestamptz
        )]::procrastinate_job_to_defer_v1[]);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_webhooks AFTER INSERT ON state_event FOR EACH ROW
    WHEN (webhook_kind(NEW.entity, NEW.after) IS NOT NULL AND NEW.before IS DISTINCT FROM NEW.after)
    EXECUTE FUNCTION tell_webhooks();
DROP FUNCTION stands_so(text, uuid, text, integer, integer);
