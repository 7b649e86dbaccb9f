DROP TRIGGER log ON person;
DROP TRIGGER log ON proposal;
DROP TRIGGER log ON agreement;
DROP TRIGGER log ON contact;
DROP TRIGGER log ON municipality;
DROP TRIGGER log ON category;
CREATE TRIGGER log AFTER UPDATE OF paused, disabled_at ON person FOR EACH ROW EXECUTE FUNCTION log_person();
CREATE TRIGGER log AFTER INSERT ON proposal FOR EACH ROW EXECUTE FUNCTION log_helper();
DROP FUNCTION match_offers(uuid[]);
DROP FUNCTION match_requests(uuid[]);

CREATE FUNCTION match_requests(wanted uuid[]) RETURNS TABLE (
    id uuid, person_id uuid, municipality_id integer, cell integer, category_number smallint, kind text,
    skills integer, slots integer, minutes integer, max_km smallint, cross_border boolean, languages integer,
    checks smallint, urgency smallint, vulnerable boolean, open boolean, days_waiting integer, is_public boolean
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT r.id, r.person_id, r.municipality_id, r.cell, r.category_number, r.kind, r.skills, r.slots, r.minutes,
           r.max_km, r.cross_border, r.languages, c.checks, r.urgency, r.vulnerable,
           r.status = 'open' AND p.disabled_at IS NULL,
           greatest(extract(day FROM ledger.now() - coalesce(r.posted_at, ledger.now()))::integer, 0), r.is_public
    FROM help_request r JOIN category c ON c.number = r.category_number JOIN person p ON p.id = r.person_id
    WHERE (wanted IS NULL AND r.status = 'open') OR r.id = ANY (wanted)
$$;

REVOKE EXECUTE ON FUNCTION match_requests(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_requests(uuid[]) TO {application};
