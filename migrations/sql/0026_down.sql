DROP POLICY of_organisation ON person_check;
DROP FUNCTION volunteers_of(uuid);
DROP FUNCTION visits_of(uuid);
DROP FUNCTION holds_checks(uuid, uuid, date);
CREATE OR REPLACE VIEW offer_facts AS
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

CREATE OR REPLACE VIEW request_facts AS
    SELECT r.id, r.person_id, r.municipality_id, r.cell, r.category_number, r.kind::text AS kind, r.skills, r.slots,
           r.minutes, r.max_km, r.cross_border, r.languages, c.checks, r.urgency, r.vulnerable,
           r.status = 'open' AND p.disabled_at IS NULL AS open,
           greatest((SELECT (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
                    - (r.posted_at AT TIME ZONE 'Europe/Amsterdam')::date, 0) AS days_waiting,
           r.is_public, c.unpaid = 'professionals' AS professionals_only, r.helper_gender::text AS helper_gender,
           r.organisation_id, r.status
    FROM help_request r JOIN category c ON c.number = r.category_number JOIN person p ON p.id = r.person_id;
DROP TABLE check_requirement;
DROP FUNCTION log_requirement();
DROP TABLE kvk_lookup;
ALTER TABLE municipality DROP COLUMN check_notice_weeks, DROP COLUMN newcomer_visits, DROP COLUMN newcomer_meeting;
DROP TRIGGER hold ON person_check;
DROP FUNCTION hold_checked();
-- Earlier versions know no withdrawal: what was withdrawn is not to count again.
UPDATE person_check SET valid_until = greatest(valid_from, (withdrawn_at AT TIME ZONE 'Europe/Amsterdam')::date - 1)
    WHERE withdrawn_at IS NOT NULL;
DELETE FROM person_check WHERE organisation_id IS NOT NULL;
ALTER TABLE person_check
    DROP COLUMN way, DROP COLUMN number, DROP COLUMN source, DROP COLUMN reason, DROP COLUMN organisation_id,
    DROP COLUMN withdrawn_at, DROP COLUMN withdrawn_by_id, DROP COLUMN withdrawn_reason,
    DROP CONSTRAINT ck_person_check_kind;
GRANT UPDATE ON person_check TO {application};
