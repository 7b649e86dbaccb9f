-- What the match index of each process follows. Ordered by transaction: a log ordered by a sequence would
-- lose for ever a row whose transaction commits late.

CREATE TABLE match_change (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    entity "char" NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ix_match_change_xid ON match_change (xid);

CREATE FUNCTION log_offer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) VALUES ('o', NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION log_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) VALUES ('r', NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION log_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) SELECT 'o', id FROM help_offer WHERE person_id = NEW.id;
    INSERT INTO match_change (entity, id) SELECT 'r', id FROM help_request WHERE person_id = NEW.id AND status = 'open';
    RETURN NULL;
END $$;
CREATE FUNCTION log_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id)
        SELECT 'o', id FROM help_offer WHERE person_id = coalesce(NEW.person_id, OLD.person_id);
    RETURN NULL;
END $$;
CREATE FUNCTION log_helper() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) SELECT 'o', id FROM help_offer WHERE person_id = NEW.helper_id;
    RETURN NULL;
END $$;
CREATE FUNCTION log_sharing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO match_change (entity, id) VALUES ('b', '00000000-0000-0000-0000-000000000000');
    RETURN NULL;
END $$;

CREATE TRIGGER log AFTER INSERT OR UPDATE ON help_offer FOR EACH ROW EXECUTE FUNCTION log_offer();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON help_request FOR EACH ROW EXECUTE FUNCTION log_request();
CREATE TRIGGER log AFTER UPDATE OF paused, disabled_at ON person FOR EACH ROW EXECUTE FUNCTION log_person();
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON person_check FOR EACH ROW EXECUTE FUNCTION log_check();
CREATE TRIGGER log AFTER INSERT ON proposal FOR EACH ROW EXECUTE FUNCTION log_helper();
CREATE TRIGGER log AFTER INSERT OR UPDATE OF status ON occurrence FOR EACH ROW EXECUTE FUNCTION log_helper();
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON sharing FOR EACH STATEMENT EXECUTE FUNCTION log_sharing();

-- All changes of others since a mark, and the next mark. One's own uncommitted changes are left out, and so is
-- any row that they cover: the shared index must not learn what may yet be rolled back. The mark waits for those.
CREATE FUNCTION match_changes(mark xid8) RETURNS TABLE (next_mark xid8, entity "char", id uuid)
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

-- What nobody reads any more. Every process loads its index anew each day, so changes of three days ago have been
-- seen; what a visitor typed and never sent holds a name and a number, and goes when its day is over.
CREATE FUNCTION forget_expired() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DELETE FROM match_change WHERE at < clock_timestamp() - interval '3 days';
    DELETE FROM ask_draft WHERE expires_at < ledger.now();
    DELETE FROM sign_in_link WHERE expires_at < ledger.now() - interval '1 day';
    DELETE FROM web_session WHERE coalesce(ended_at, expires_at) < ledger.now() - interval '30 days';
    DELETE FROM attempt WHERE at < ledger.now() - interval '2 days';
$$;

-- What the engine ranks on, and nothing that tells who somebody is or where exactly they live.
CREATE FUNCTION match_offers(wanted uuid[]) RETURNS TABLE (
    id uuid, person_id uuid, municipality_id integer, cell integer, category_numbers smallint[], skills integer,
    slots integer, minutes_per_week integer, radius_km smallint, cross_border boolean, languages integer,
    paid boolean, organisation_id uuid, exclusive boolean, open boolean, checks integer, load_minutes integer,
    proposals_this_week integer, last_proposed_days integer
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT o.id, o.person_id, o.municipality_id, o.cell, o.category_numbers, o.skills, o.slots, o.minutes_per_week,
           o.radius_km, o.cross_border, o.languages, o.paid, o.organisation_id, o.exclusive,
           o.status = 'open' AND NOT p.paused AND p.disabled_at IS NULL,
           coalesce((
               SELECT bit_or(c.kind) FROM person_check c
               WHERE c.person_id = o.person_id AND c.valid_from <= ledger.now()::date
                 AND (c.valid_until IS NULL OR c.valid_until >= ledger.now()::date)
           ), 0)::integer,
           coalesce((
               SELECT sum(k.minutes) FROM occurrence k
               WHERE k.helper_id = o.person_id AND k.status IN ('planned', 'agreed')
                 AND k.starts_at >= ledger.now() AND k.starts_at < ledger.now() + interval '7 days'
           ), 0)::integer,
           coalesce(q.this_week, 0)::integer, q.days
    FROM help_offer o
    JOIN person p ON p.id = o.person_id
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE created_at > ledger.now() - interval '7 days') AS this_week,
               extract(day FROM ledger.now() - max(created_at))::integer AS days
        FROM proposal WHERE helper_id = o.person_id
    ) q ON true
    WHERE (wanted IS NULL AND o.status = 'open') OR o.id = ANY (wanted)
$$;

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

-- Text search with its own tenancy: full-text and trigram operators are not leakproof, and under row-level
-- security the planner would not use their indexes.
CREATE FUNCTION search_requests(typed text, categories smallint[]) RETURNS TABLE (id uuid, rank real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT r.id, ts_rank(r.search, q.words) + (r.category_number = ANY (categories))::integer
    FROM (SELECT websearch_to_tsquery('dutch', plain(typed)) AS words,
                 '%' || replace(replace(replace(plain(typed), '\', '\\'), '%', '\%'), '_', '\_') || '%' AS part) q,
         help_request r
    WHERE (r.search @@ q.words OR r.words LIKE q.part OR r.category_number = ANY (categories))
      AND (r.is_public OR r.municipality_id = ANY ((SELECT actor_reach())::integer[])
           OR r.person_id = (SELECT actor_person()))
$$;

CREATE FUNCTION search_offers(typed text, categories smallint[]) RETURNS TABLE (id uuid, rank real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT o.id, ts_rank(o.search, q.words) + (o.category_numbers && categories)::integer
    FROM (SELECT websearch_to_tsquery('dutch', plain(typed)) AS words,
                 '%' || replace(replace(replace(plain(typed), '\', '\\'), '%', '\%'), '_', '\_') || '%' AS part) q,
         help_offer o
    WHERE (o.search @@ q.words OR o.words LIKE q.part OR o.category_numbers && categories)
      AND (o.is_public OR o.municipality_id = ANY ((SELECT actor_reach())::integer[])
           OR o.person_id = (SELECT actor_person()))
$$;
