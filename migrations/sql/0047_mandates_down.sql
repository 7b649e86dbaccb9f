DROP POLICY give ON representation;
DROP FUNCTION who_offers_to_arrange(uuid);
CREATE OR REPLACE FUNCTION acting_under() RETURNS representation
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r FROM representation r
        WHERE r.id = nullif(current_setting('app.representation', true), '')::uuid
          AND r.represented_id = nullif(current_setting('app.person_id', true), '')::uuid
          AND r.status = 'active'
          AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
          AND NOT is_suspended(r.representative_id)
    $$;
-- What had not begun would hold at once: it ends.
UPDATE representation SET status = 'ended', ended_at = ledger.now()
WHERE status = 'active' AND valid_from > (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date;
ALTER TABLE representation DROP CONSTRAINT ck_representation_span;
-- squawk-ignore ban-drop-column
ALTER TABLE representation DROP COLUMN valid_from;
