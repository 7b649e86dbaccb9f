-- Somebody chooses themselves who arranges things for them, from a day until a day; nobody else wrote it down.

ALTER TABLE representation ADD COLUMN valid_from DATE;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE representation ADD CONSTRAINT ck_representation_span CHECK (valid_from <= valid_until);

-- What begins later lets nobody act yet. Whom somebody chose is kept apart with them from the first moment
-- (`hands_of`): that only ever hides more.
CREATE OR REPLACE FUNCTION acting_under() RETURNS representation
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r FROM representation r
        WHERE r.id = nullif(current_setting('app.representation', true), '')::uuid
          AND r.represented_id = nullif(current_setting('app.person_id', true), '')::uuid
          AND r.status = 'active'
          AND (r.valid_from IS NULL OR r.valid_from <= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
          AND (r.valid_until IS NULL OR r.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
          AND NOT is_suspended(r.representative_id)
    $$;

-- The first name of who gave somebody the link with their own signed key; nothing of who is gone, suspended, or kept
-- apart from the actor.
CREATE FUNCTION who_offers_to_arrange(key uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT p.first_name FROM person p
        WHERE p.id = key AND p.disabled_at IS NULL AND p.id <> actor_person() AND NOT is_acting()
          AND NOT is_suspended(p.id) AND NOT are_blocked(p.id, actor_person())
    $$;

-- One's own yes, for oneself: a legal representative needs a paper, which the desk reads.
CREATE POLICY give ON representation FOR INSERT TO {application} WITH CHECK (
    NOT (SELECT is_acting()) AND represented_id = (SELECT actor_person()) AND recorded_by_id = (SELECT actor_person())
    AND status = 'active' AND consent_way = 'site' AND kind IN ('contactpersoon', 'gemachtigde')
    AND EXISTS (
        SELECT FROM membership m
        WHERE m.person_id = represented_id AND m.kind = 'lives' AND m.municipality_id = representation.municipality_id
    )
);
REVOKE EXECUTE ON FUNCTION who_offers_to_arrange(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION who_offers_to_arrange(uuid) TO {application};
