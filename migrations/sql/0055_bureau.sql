-- A desk reads pages of its people in the order of their names, and finds them by it, without reading all of them.

-- The name stands beside the tie: whoever may read a tie by its municipality may read the name there anyway.
ALTER TABLE membership ADD COLUMN name text NOT NULL DEFAULT '';

CREATE FUNCTION known_name(whose uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT plain(p.first_name || ' ' || coalesce(c.last_name, ''))
    FROM person p LEFT JOIN contact c ON c.person_id = p.id WHERE p.id = whose
$$;
REVOKE EXECUTE ON FUNCTION known_name(uuid) FROM PUBLIC;

UPDATE membership m SET name = plain(p.first_name || ' ' || coalesce(c.last_name, ''))
    FROM person p LEFT JOIN contact c ON c.person_id = p.id WHERE p.id = m.person_id;

-- Nobody writes another name there than the one they have.
CREATE FUNCTION name_tie() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.name := coalesce(known_name(NEW.person_id), '');
    RETURN NEW;
END $$;
CREATE TRIGGER named BEFORE INSERT OR UPDATE OF name, person_id ON membership FOR EACH ROW EXECUTE FUNCTION name_tie();

CREATE FUNCTION name_ties() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'person' THEN
        UPDATE membership SET name = '' WHERE person_id = NEW.id;
    ELSE
        UPDATE membership SET name = '' WHERE person_id = coalesce(NEW.person_id, OLD.person_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER named AFTER UPDATE OF first_name ON person FOR EACH ROW
    WHEN (OLD.first_name IS DISTINCT FROM NEW.first_name) EXECUTE FUNCTION name_ties();
CREATE TRIGGER named AFTER UPDATE OF last_name ON contact FOR EACH ROW
    WHEN (OLD.last_name IS DISTINCT FROM NEW.last_name) EXECUTE FUNCTION name_ties();
CREATE TRIGGER named_at_first AFTER INSERT OR DELETE ON contact FOR EACH ROW EXECUTE FUNCTION name_ties();

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_membership_municipality_id_name_person_id ON membership (municipality_id, name, person_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_membership_name ON membership USING gin (name gin_trgm_ops);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_contact_phone ON contact USING gin (phone gin_trgm_ops);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_contact_postcode ON contact (postcode text_pattern_ops);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_person_check_ending ON person_check (municipality_id, valid_until) WHERE withdrawn_at IS NULL;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_help_request_over ON help_request (municipality_id, created_at, id)
    WHERE status IN ('withdrawn', 'done', 'expired') AND (status <> 'done' OR vulnerable);

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_help_offer_organisation_id ON help_offer (organisation_id) WHERE organisation_id IS NOT NULL;

-- What somebody typed, as a part of what is searched.
CREATE FUNCTION a_part(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT '%' || replace(replace(replace(typed, '\', '\\'), '%', '\%'), '_', '\_') || '%' $$;

-- Whom the desk knows in these municipalities by all these words of a name, by a part of a telephone number, or by the
-- beginning of a postcode. With its own tenancy, as the search for requests has: under row-level security no index
-- would be used for it.
CREATE FUNCTION people_found(way text, typed text[], places integer[]) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE ROWS 200 SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
DECLARE
    here integer[] := ARRAY(SELECT unnest(places) INTERSECT SELECT unnest(actor_reach()));
    parts text[];
BEGIN
    IF way = 'name' THEN
        parts := ARRAY(SELECT a_part(plain(one)) FROM unnest(typed) one ORDER BY length(one) DESC);
        RETURN QUERY SELECT DISTINCT m.person_id FROM membership m
            WHERE m.municipality_id = ANY (here) AND m.name LIKE parts[1] AND m.name LIKE ALL (parts);
    ELSIF way = 'phone' THEN
        RETURN QUERY SELECT DISTINCT m.person_id FROM contact c JOIN membership m ON m.person_id = c.person_id
            WHERE m.municipality_id = ANY (here) AND c.phone LIKE a_part(typed[1]);
    ELSIF way = 'postcode' THEN
        RETURN QUERY SELECT DISTINCT m.person_id FROM contact c JOIN membership m ON m.person_id = c.person_id
            WHERE m.municipality_id = ANY (here) AND c.postcode LIKE left(typed[1], 4) || '%'
                AND replace(c.postcode, ' ', '') LIKE typed[1] || '%';
    END IF;
END $$;

-- The newest requests of a desk with these words: those of the region that rank highest may all be elsewhere.
CREATE FUNCTION requests_with(typed text, place integer, most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE ROWS 30 SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT r.id FROM help_request r
    WHERE (r.search @@ websearch_to_tsquery('dutch', plain(typed)) OR r.words LIKE a_part(plain(typed)))
        AND r.municipality_id = place AND place = ANY ((SELECT actor_reach())::integer[]) AND r.status <> 'draft'
    ORDER BY r.id DESC LIMIT most
$$;

-- Times to come of a desk whose helper will not hold on that day what the request asks: as holds_checks, for all of
-- them at once. What is asked is found once for each agreement.
CREATE FUNCTION unchecked_times(place integer, until timestamptz, most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE ROWS 20 SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH coming AS MATERIALIZED (
        SELECT k.id, k.agreement_id, k.starts_at FROM occurrence k
        WHERE k.municipality_id = place AND place = ANY ((SELECT actor_reach())::integer[])
            AND k.status IN ('planned', 'agreed') AND k.starts_at BETWEEN ledger.now() AND until
    ), asking AS MATERIALIZED (
        SELECT a.id, a.proposal_id, f.checks
        FROM (SELECT DISTINCT agreement_id FROM coming) one
        JOIN agreement a ON a.id = one.agreement_id
        JOIN request_facts f ON f.id = a.help_request_id
        WHERE f.checks <> 0
    ), asked AS MATERIALIZED (
        SELECT asking.id, asking.checks, o.person_id, o.organisation_id
        FROM asking JOIN proposal p ON p.id = asking.proposal_id JOIN help_offer o ON o.id = p.help_offer_id
    )
    SELECT coming.id FROM coming JOIN asked ON asked.id = coming.agreement_id
    WHERE asked.checks & coalesce((
        SELECT bit_or(c.kind)::integer FROM person_check c
        WHERE c.person_id = asked.person_id AND c.withdrawn_at IS NULL
            AND (c.organisation_id IS NULL OR c.organisation_id = asked.organisation_id)
            AND c.valid_from <= (coming.starts_at AT TIME ZONE 'Europe/Amsterdam')::date
            AND (c.valid_until IS NULL OR c.valid_until >= (coming.starts_at AT TIME ZONE 'Europe/Amsterdam')::date)
    ), 0) <> asked.checks
    ORDER BY coming.starts_at, coming.id LIMIT most
$$;

-- Of these helpers those who helped fewer times than this, and how often: as visits_of tells a desk of each.
CREATE FUNCTION few_visits(helpers uuid[], fewer integer) RETURNS TABLE (helper uuid, visits integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT h, v.visits FROM unnest(helpers) h, LATERAL (
        SELECT count(*)::integer AS visits FROM (
            SELECT FROM occurrence k WHERE k.helper_id = h AND k.status = 'done' LIMIT fewer
        ) k
    ) v
    WHERE v.visits < fewer AND EXISTS (
        SELECT FROM help_offer o WHERE o.person_id = h AND o.municipality_id = ANY ((SELECT actor_reach())::integer[])
    )
$$;

REVOKE EXECUTE ON FUNCTION people_found(text, text[], integer[]), requests_with(text, integer, integer),
    unchecked_times(integer, timestamptz, integer), few_visits(uuid[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_found(text, text[], integer[]), requests_with(text, integer, integer),
    unchecked_times(integer, timestamptz, integer), few_visits(uuid[], integer) TO {application};
