-- What a monitor reads: counts over the whole region, and nothing of anybody. The application may call it and sees no
-- row by it.
CREATE FUNCTION running_figures() RETURNS TABLE (name text, label text, value double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT 'open', '', count(*)::float8 FROM help_request WHERE status = 'open'
    UNION ALL
    SELECT 'covered', '', count(*)::float8 FROM help_request r WHERE r.status = 'open' AND EXISTS (
        SELECT FROM proposal p WHERE p.help_request_id = r.id AND p.status IN ('proposed', 'willing', 'meeting'))
    UNION ALL
    SELECT 'agreements', '', count(*)::float8 FROM agreement WHERE status = 'active'
    UNION ALL
    SELECT 'sessions', '', count(*)::float8 FROM web_session
        WHERE ended_at IS NULL AND last_seen_at > ledger.now() - interval '1 hour'
    UNION ALL
    SELECT 'proposals', status, count(*)::float8 FROM proposal GROUP BY status
$$;

-- After a backup is put back: whether somebody who was forgotten since is here with their name. The roles that they
-- had are none of theirs any more. For the owner alone.
CREATE FUNCTION here_again(who uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM role_grant WHERE person_id = who;
    RETURN EXISTS (SELECT FROM person WHERE id = who AND forgotten_at IS NULL);
END $$;

-- Who has something open that a person must settle first is let in no more, and asked for nothing.
CREATE FUNCTION keep_out(who uuid) RETURNS void
    LANGUAGE sql SECURITY INVOKER SET search_path = public, pg_temp AS $$
    UPDATE person SET disabled_at = coalesce(disabled_at, ledger.now()), paused = true, do_not_ask = true WHERE id = who
$$;

-- Where the secrets of providers stand, by name: a backup says that it does not hold them. For the owner alone.
CREATE FUNCTION secrets_named() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY INVOKER SET search_path = public, pg_temp
    AS $$ SELECT DISTINCT secret_from FROM oidc_provider WHERE secret_from <> '' $$;

REVOKE EXECUTE ON FUNCTION running_figures(), here_again(uuid), keep_out(uuid), secrets_named() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION running_figures() TO {application};
GRANT SELECT ON alembic_version TO {application};
