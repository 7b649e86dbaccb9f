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
CREATE OR REPLACE FUNCTION match_offers(wanted uuid[]) RETURNS TABLE (
    id uuid, person_id uuid, municipality_id integer, cell integer, category_numbers smallint[], skills integer,
    slots integer, minutes_per_week integer, radius_km smallint, cross_border boolean, languages integer,
    paid boolean, organisation_id uuid, exclusive boolean, open boolean, checks integer, load_minutes integer,
    proposals_this_week integer, last_proposed_days integer, proposal_cap integer, load_limit_minutes integer,
    resting boolean, gender text
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT o.id, o.person_id, o.municipality_id, o.cell, o.category_numbers, o.skills, o.slots, o.minutes_per_week,
           o.radius_km, o.cross_border, o.languages, o.paid, o.organisation_id, o.exclusive,
           o.status = 'open' AND p.disabled_at IS NULL AND NOT (
               p.paused
               AND coalesce(p.paused_until > (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date, true)
           ),
           coalesce((
               SELECT bit_or(c.kind) FROM person_check c
               WHERE c.person_id = o.person_id AND c.valid_from <= ledger.now()::date
                 AND (c.valid_until IS NULL OR c.valid_until >= ledger.now()::date)
           ), 0)::integer,
           (coalesce((
               SELECT sum(k.minutes) FROM occurrence k
               WHERE k.helper_id = o.person_id AND k.status IN ('planned', 'agreed')
                 AND k.starts_at >= ledger.now() AND k.starts_at < ledger.now() + interval '7 days'
           ), 0) + coalesce((
               SELECT sum(r.minutes) FROM proposal w JOIN help_request r ON r.id = w.help_request_id
               WHERE w.helper_id = o.person_id AND w.status IN ('willing', 'meeting') AND r.status = 'open'
                 AND coalesce(r.on_date < (ledger.now() + interval '7 days')::date, true)
           ), 0))::integer,
           coalesce(q.this_week, 0)::integer, q.days,
           coalesce(p.proposals_per_week, m.proposals_per_week)::integer,
           coalesce(p.load_limit_minutes, o.minutes_per_week),
           CASE WHEN coalesce(p.rest_days, m.rest_days) > 0 THEN EXISTS (
               SELECT FROM occurrence k JOIN agreement a ON a.id = k.agreement_id
               WHERE k.helper_id = o.person_id AND k.status = 'done' AND a.status = 'done'
                 AND k.ends_at > ledger.now() - make_interval(days => coalesce(p.rest_days, m.rest_days))
           ) ELSE false END,
           f.gender
    FROM help_offer o
    JOIN person p ON p.id = o.person_id
    JOIN municipality m ON m.id = o.municipality_id
    LEFT JOIN contact f ON f.person_id = o.person_id
    LEFT JOIN LATERAL (
        -- who came forward was not asked; a clock that was set back leaves nobody proposed in the future
        SELECT count(*) FILTER (WHERE origin <> 'helper' AND created_at > ledger.now() - interval '7 days') AS this_week,
               CASE WHEN count(*) > 0 THEN greatest(extract(day FROM ledger.now() - max(created_at))::integer, 0) END AS days
        FROM proposal WHERE helper_id = o.person_id
    ) q ON true
    WHERE (wanted IS NULL AND o.status = 'open') OR o.id = ANY (wanted)
$$;

CREATE OR REPLACE FUNCTION match_requests(wanted uuid[]) RETURNS TABLE (
    id uuid, person_id uuid, municipality_id integer, cell integer, category_number smallint, kind text,
    skills integer, slots integer, minutes integer, max_km smallint, cross_border boolean, languages integer,
    checks smallint, urgency smallint, vulnerable boolean, open boolean, days_waiting integer, is_public boolean,
    professionals_only boolean, helper_gender text, organisation_id uuid
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT r.id, r.person_id, r.municipality_id, r.cell, r.category_number, r.kind, r.skills, r.slots, r.minutes,
           r.max_km, r.cross_border, r.languages, c.checks, r.urgency, r.vulnerable,
           r.status = 'open' AND p.disabled_at IS NULL,
           greatest(extract(day FROM ledger.now() - coalesce(r.posted_at, ledger.now()))::integer, 0), r.is_public,
           c.unpaid = 'professionals', r.helper_gender, r.organisation_id
    FROM help_request r JOIN category c ON c.number = r.category_number JOIN person p ON p.id = r.person_id
    WHERE (wanted IS NULL AND r.status = 'open') OR r.id = ANY (wanted)
$$;

DROP VIEW offer_facts, request_facts;

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
