-- Following the change log, whatever happens to the log, the server or the clock.

-- Days are Dutch days: what was valid until yesterday is over at midnight here, one or two hours before UTC's.
ALTER FUNCTION match_offers(uuid[]) SET timezone = 'Europe/Amsterdam';
ALTER FUNCTION match_requests(uuid[]) SET timezone = 'Europe/Amsterdam';

-- All changes since a mark, and the next mark: the oldest transaction that was still open, for what it wrote is not
-- seen yet. Asked on a connection that writes nothing itself. A log that was restored from another server holds numbers
-- that this one has yet to give out: no snapshot sees what was written after it, so those rows are passed by.
CREATE OR REPLACE FUNCTION match_changes(mark xid8) RETURNS TABLE (next_mark xid8, entity "char", id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT pg_snapshot_xmin(pg_current_snapshot()), NULL::"char", NULL::uuid
    UNION ALL
    SELECT DISTINCT pg_snapshot_xmin(pg_current_snapshot()), c.entity, c.id FROM match_change c
    WHERE c.xid >= mark AND c.xid < pg_snapshot_xmax(pg_current_snapshot())
$$;

-- What changes by time alone: somebody asked a week ago may be asked again, help that begins or comes within the
-- week changes the load, and a rest is over. Days are counted anew each day.
CREATE FUNCTION match_turned(since timestamptz, until timestamptz) RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT o.id FROM help_offer o WHERE o.status = 'open' AND o.person_id IN (
        SELECT helper_id FROM proposal
        WHERE created_at > since - interval '7 days' AND created_at <= until - interval '7 days'
        UNION ALL
        SELECT helper_id FROM occurrence
        WHERE (starts_at > since AND starts_at <= until)
           OR (starts_at > since + interval '7 days' AND starts_at <= until + interval '7 days')
        UNION ALL
        SELECT k.helper_id FROM occurrence k
        JOIN help_offer h ON h.person_id = k.helper_id
        JOIN person p ON p.id = h.person_id
        JOIN municipality m ON m.id = h.municipality_id
        WHERE k.ends_at > since - interval '61 days' AND k.ends_at <= until
          AND k.ends_at > since - make_interval(days => coalesce(p.rest_days, m.rest_days))
          AND k.ends_at <= until - make_interval(days => coalesce(p.rest_days, m.rest_days))
    )
$$;

-- The log lets go of nothing that a process may still have to read, and leaves word of what went: whoever was not
-- past it finds an order to read everything anew.
CREATE FUNCTION keep_match_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.xid >= pg_snapshot_xmin(pg_current_snapshot()) THEN
        RETURN NULL;
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION mark_match_changes_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (xid, entity, id)
        SELECT max(xid), 'b', '00000000-0000-0000-0000-000000000000' FROM gone HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER keep BEFORE DELETE ON match_change FOR EACH ROW EXECUTE FUNCTION keep_match_change();
CREATE TRIGGER gone AFTER DELETE ON match_change REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION mark_match_changes_gone();

-- Rows that go, and help that moves to another day, as well.
CREATE FUNCTION log_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) VALUES (TG_ARGV[0]::"char", OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER log_gone AFTER DELETE ON help_offer FOR EACH ROW EXECUTE FUNCTION log_gone('o');
CREATE TRIGGER log_gone AFTER DELETE ON help_request FOR EACH ROW EXECUTE FUNCTION log_gone('r');
DROP TRIGGER log ON occurrence;
CREATE TRIGGER log AFTER INSERT OR UPDATE OF status, starts_at, ends_at, minutes ON occurrence
    FOR EACH ROW EXECUTE FUNCTION log_helper();

-- Whoever said yes to a request is free again when it closes, and busier when it grows or comes nearer.
CREATE FUNCTION log_willing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id)
        SELECT 'o', o.id FROM proposal p JOIN help_offer o ON o.person_id = p.helper_id
        WHERE p.help_request_id = NEW.id AND p.status IN ('willing', 'meeting');
    RETURN NULL;
END $$;
CREATE TRIGGER log_willing AFTER UPDATE OF status, minutes, on_date ON help_request
    FOR EACH ROW EXECUTE FUNCTION log_willing();

-- Holds a helper for one who confirms them: whoever pauses, withdraws or is confirmed elsewhere at this moment comes
-- before or after, and what is read next knows it. Says how many minutes of the coming seven days the helper has
-- promised, if something was promised after `since`; nothing else about those promises gets out.
CREATE FUNCTION hold_helper(helper uuid, offer uuid, since timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM person WHERE id = helper FOR NO KEY UPDATE;
    PERFORM FROM help_offer WHERE id = offer FOR SHARE;
    IF NOT EXISTS (SELECT FROM agreement WHERE helper_id = helper AND created_at > since) THEN
        RETURN NULL;
    END IF;
    RETURN coalesce((
        SELECT sum(minutes) FROM occurrence
        WHERE helper_id = helper AND status IN ('planned', 'agreed')
          AND starts_at >= ledger.now() AND starts_at < ledger.now() + interval '7 days'
    ), 0);
END $$;

REVOKE EXECUTE ON FUNCTION match_turned(timestamptz, timestamptz), hold_helper(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_turned(timestamptz, timestamptz), hold_helper(uuid, uuid, timestamptz) TO {application};
