-- A draft is thrown away by whose it is or who wrote it down, and by nobody else who can read it.
ALTER POLICY throw_away ON help_request USING (
    status = 'draft'
    AND (SELECT actor_person()) IN (person_id, author_id)
);

-- As before, and the answers kept under an Idempotency-Key go after two days: whoever repeats an act does so within
-- minutes, and the answer holds what the act showed. The ledger keeps the keys of its own bookings for ever.
CREATE OR REPLACE FUNCTION forget_expired() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DELETE FROM match_change WHERE at < clock_timestamp() - interval '3 days';
    DELETE FROM ask_draft WHERE expires_at < ledger.now();
    DELETE FROM sign_in_link WHERE expires_at < ledger.now() - interval '1 day';
    DELETE FROM web_session WHERE coalesce(ended_at, expires_at) < ledger.now() - interval '30 days';
    DELETE FROM idempotency_key WHERE created_at < ledger.now() - interval '48 hours';
    DELETE FROM attempt WHERE at < ledger.now() - interval '2 days';
$$;

-- As before, but a clock that was set back leaves nobody proposed in the future: nought days ago. Never is NULL still.
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
               CASE WHEN count(*) > 0 THEN greatest(extract(day FROM ledger.now() - max(created_at))::integer, 0) END AS days
        FROM proposal WHERE helper_id = o.person_id
    ) q ON true
    WHERE (wanted IS NULL AND o.status = 'open') OR o.id = ANY (wanted)
$$;

-- Whether everybody could see a request before somebody was found for it: only then a volunteer who comes too late is
-- told so. Of any other request, and of one that stopped, it tells nothing.
CREATE OR REPLACE FUNCTION was_shown(asked uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT EXISTS (
        SELECT FROM help_request r
        JOIN municipality m ON m.id = r.municipality_id
        JOIN category c ON c.number = r.category_number
        WHERE r.id = asked AND r.status IN ('filled', 'done') AND r.visibility = 'iedereen'
          AND m.mediation < 5 AND NOT c.sensitive
    )
$$;
REVOKE EXECUTE ON FUNCTION was_shown(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION was_shown(uuid) TO {application};
