DROP FUNCTION was_shown(uuid);

ALTER POLICY throw_away ON help_request USING (
    status = 'draft'
    AND (municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person()))
);

CREATE OR REPLACE FUNCTION forget_expired() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DELETE FROM match_change WHERE at < clock_timestamp() - interval '3 days';
    DELETE FROM ask_draft WHERE expires_at < ledger.now();
    DELETE FROM sign_in_link WHERE expires_at < ledger.now() - interval '1 day';
    DELETE FROM web_session WHERE coalesce(ended_at, expires_at) < ledger.now() - interval '30 days';
    DELETE FROM attempt WHERE at < ledger.now() - interval '2 days';
$$;

CREATE OR REPLACE FUNCTION match_offers(wanted uuid[]) RETURNS TABLE (
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
