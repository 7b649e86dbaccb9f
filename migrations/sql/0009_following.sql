-- Following the change log, whatever happens to the log, the server or the clock.

-- As before, but planned for a few rows as for all (one function for both planned a change as a reading of everything),
-- and by Dutch days: what was valid until yesterday is over at midnight here, one or two hours before UTC's. Days since
-- something are counted by the calendar, so that all processes count alike whenever they began to read.
CREATE VIEW offer_facts AS
    SELECT o.id, o.person_id, o.municipality_id, o.cell, o.category_numbers, o.skills, o.slots, o.minutes_per_week,
           o.radius_km, o.cross_border, o.languages, o.paid, o.organisation_id, o.exclusive,
           o.status = 'open' AND p.disabled_at IS NULL AND NOT (
               p.paused
               AND coalesce(p.paused_until > (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date), true)
           ) AS open,
           coalesce((
               SELECT bit_or(c.kind) FROM person_check c
               WHERE c.person_id = o.person_id
                 AND c.valid_from <= (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                 AND (c.valid_until IS NULL
                      OR c.valid_until >= (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date))
           ), 0)::integer AS checks,
           (coalesce((
               SELECT sum(k.minutes) FROM occurrence k
               WHERE k.helper_id = o.person_id AND k.status IN ('planned', 'agreed')
                 AND k.starts_at >= (SELECT ledger.now())
                 AND k.starts_at < (SELECT ledger.now() + interval '7 days')
           ), 0) + coalesce((
               SELECT sum(r.minutes) FROM proposal w JOIN help_request r ON r.id = w.help_request_id
               WHERE w.helper_id = o.person_id AND w.status IN ('willing', 'meeting') AND r.status = 'open'
                 AND coalesce(r.on_date < (SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date + 7), true)
           ), 0))::integer AS load_minutes,
           coalesce(q.this_week, 0)::integer AS proposals_this_week, q.days AS last_proposed_days,
           coalesce(p.proposals_per_week, m.proposals_per_week)::integer AS proposal_cap,
           coalesce(p.load_limit_minutes, o.minutes_per_week) AS load_limit_minutes,
           CASE WHEN coalesce(p.rest_days, m.rest_days) > 0 THEN EXISTS (
               SELECT FROM occurrence k JOIN agreement a ON a.id = k.agreement_id
               WHERE k.helper_id = o.person_id AND k.status = 'done' AND a.status = 'done'
                 AND k.ends_at > (SELECT ledger.now()) - make_interval(days => coalesce(p.rest_days, m.rest_days))
           ) ELSE false END AS resting,
           f.gender::text AS gender, o.status
    FROM help_offer o
    JOIN person p ON p.id = o.person_id
    JOIN municipality m ON m.id = o.municipality_id
    LEFT JOIN contact f ON f.person_id = o.person_id
    LEFT JOIN LATERAL (
        -- who came forward was not asked; a clock that was set back leaves nobody proposed in the future
        SELECT count(*) FILTER (
                   WHERE origin <> 'helper' AND created_at > (SELECT ledger.now() - interval '7 days')
               ) AS this_week,
               greatest((SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                        - (max(created_at) AT TIME ZONE 'Europe/Amsterdam')::date,
                        CASE WHEN count(*) > 0 THEN 0 END) AS days
        FROM proposal WHERE helper_id = o.person_id
    ) q ON true;

CREATE VIEW request_facts AS
    SELECT r.id, r.person_id, r.municipality_id, r.cell, r.category_number, r.kind::text AS kind, r.skills, r.slots,
           r.minutes, r.max_km, r.cross_border, r.languages, c.checks, r.urgency, r.vulnerable,
           r.status = 'open' AND p.disabled_at IS NULL AS open,
           greatest((SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                    - (r.posted_at AT TIME ZONE 'Europe/Amsterdam')::date, 0) AS days_waiting,
           r.is_public, c.unpaid = 'professionals' AS professionals_only, r.helper_gender::text AS helper_gender,
           r.organisation_id, r.status
    FROM help_request r JOIN category c ON c.number = r.category_number JOIN person p ON p.id = r.person_id;
REVOKE ALL ON offer_facts, request_facts FROM {application};

CREATE OR REPLACE FUNCTION match_offers(wanted uuid[]) RETURNS TABLE (
    id uuid, person_id uuid, municipality_id integer, cell integer, category_numbers smallint[], skills integer,
    slots integer, minutes_per_week integer, radius_km smallint, cross_border boolean, languages integer,
    paid boolean, organisation_id uuid, exclusive boolean, open boolean, checks integer, load_minutes integer,
    proposals_this_week integer, last_proposed_days integer, proposal_cap integer, load_limit_minutes integer,
    resting boolean, gender text
)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    AS $$
#variable_conflict use_column
BEGIN
    IF wanted IS NULL THEN
        RETURN QUERY SELECT
            f.id, f.person_id, f.municipality_id, f.cell, f.category_numbers, f.skills, f.slots, f.minutes_per_week,
            f.radius_km, f.cross_border, f.languages, f.paid, f.organisation_id, f.exclusive, f.open, f.checks,
            f.load_minutes, f.proposals_this_week, f.last_proposed_days, f.proposal_cap, f.load_limit_minutes,
            f.resting, f.gender
            FROM offer_facts f WHERE f.status = 'open';
    ELSE
        RETURN QUERY SELECT
            f.id, f.person_id, f.municipality_id, f.cell, f.category_numbers, f.skills, f.slots, f.minutes_per_week,
            f.radius_km, f.cross_border, f.languages, f.paid, f.organisation_id, f.exclusive, f.open, f.checks,
            f.load_minutes, f.proposals_this_week, f.last_proposed_days, f.proposal_cap, f.load_limit_minutes,
            f.resting, f.gender
            FROM offer_facts f WHERE f.id = ANY (wanted);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION match_requests(wanted uuid[]) RETURNS TABLE (
    id uuid, person_id uuid, municipality_id integer, cell integer, category_number smallint, kind text,
    skills integer, slots integer, minutes integer, max_km smallint, cross_border boolean, languages integer,
    checks smallint, urgency smallint, vulnerable boolean, open boolean, days_waiting integer, is_public boolean,
    professionals_only boolean, helper_gender text, organisation_id uuid
)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    AS $$
#variable_conflict use_column
BEGIN
    IF wanted IS NULL THEN
        RETURN QUERY SELECT
            f.id, f.person_id, f.municipality_id, f.cell, f.category_number, f.kind, f.skills, f.slots, f.minutes,
            f.max_km, f.cross_border, f.languages, f.checks, f.urgency, f.vulnerable, f.open, f.days_waiting,
            f.is_public, f.professionals_only, f.helper_gender, f.organisation_id
            FROM request_facts f WHERE f.status = 'open';
    ELSE
        RETURN QUERY SELECT
            f.id, f.person_id, f.municipality_id, f.cell, f.category_number, f.kind, f.skills, f.slots, f.minutes,
            f.max_km, f.cross_border, f.languages, f.checks, f.urgency, f.vulnerable, f.open, f.days_waiting,
            f.is_public, f.professionals_only, f.helper_gender, f.organisation_id
            FROM request_facts f WHERE f.id = ANY (wanted);
    END IF;
END $$;

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
