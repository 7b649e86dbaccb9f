-- One of two helpers sees their own agreement only, and may say the last word about it while the other's goes on.
CREATE FUNCTION agreement_statuses(request uuid) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT array_agg(DISTINCT a.status::text) FROM agreement a
        WHERE a.help_request_id = request AND EXISTS (
            SELECT FROM agreement own
            WHERE own.help_request_id = request
              AND ((SELECT actor_person()) IN (own.asker_id, own.helper_id)
                   OR own.municipality_id = ANY (coalesce((SELECT actor_reach()), '{}')))
        )
    $$;
REVOKE EXECUTE ON FUNCTION agreement_statuses(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agreement_statuses(uuid) TO {application};
