DROP FUNCTION hold_helper(uuid, uuid, timestamptz);
DROP TRIGGER log_willing ON help_request;
DROP FUNCTION log_willing();
DROP TRIGGER log ON occurrence;
CREATE TRIGGER log AFTER INSERT OR UPDATE OF status ON occurrence FOR EACH ROW EXECUTE FUNCTION log_helper();
DROP TRIGGER log_gone ON help_offer;
DROP TRIGGER log_gone ON help_request;
DROP FUNCTION log_gone();
DROP TRIGGER gone ON match_change;
DROP TRIGGER keep ON match_change;
DROP FUNCTION mark_match_changes_gone();
DROP FUNCTION keep_match_change();
DROP FUNCTION match_turned(timestamptz, timestamptz);
ALTER FUNCTION match_offers(uuid[]) RESET timezone;
ALTER FUNCTION match_requests(uuid[]) RESET timezone;

CREATE OR REPLACE FUNCTION match_changes(mark xid8) RETURNS TABLE (next_mark xid8, entity "char", id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH recent AS MATERIALIZED (
        SELECT c.xid, c.entity, c.id,
               coalesce(bool_or(c.xid = pg_current_xact_id_if_assigned()) OVER (PARTITION BY c.entity, c.id), false) AS own
        FROM match_change c WHERE c.xid >= mark
    ), marks AS (
        SELECT least(
            pg_snapshot_xmin(pg_current_snapshot()),
            (SELECT min(xid) FROM recent WHERE own)
        ) AS value
    )
    SELECT marks.value, NULL::"char", NULL::uuid FROM marks
    UNION ALL
    SELECT marks.value, r.entity, r.id FROM marks, (SELECT DISTINCT entity, id FROM recent WHERE NOT own) r
$$;
