-- What is past its last day between two people ends, whoever asks and wherever they live now: it only says what
-- the clock says already, and makes room for a new one.
CREATE FUNCTION end_overdue_representation(by_whom uuid, for_whom uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH over AS (
            UPDATE representation SET status = 'ended', ended_at = ledger.now()
            WHERE status = 'active' AND representative_id = by_whom AND represented_id = for_whom
              AND valid_until < (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
            RETURNING *
        )
        INSERT INTO state_event (id, municipality_id, entity, entity_id, before, after, parties)
        SELECT gen_random_uuid(), municipality_id, 'representation', id, 'active', 'ended',
               ARRAY[representative_id, represented_id]
        FROM over RETURNING true
    $$;
REVOKE EXECUTE ON FUNCTION end_overdue_representation(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_overdue_representation(uuid, uuid) TO {application};
