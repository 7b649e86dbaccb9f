-- The last talk of a case, without reading the talks before it.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_case_evaluation_last ON case_evaluation (help_request_id, number)
    INCLUDE (municipality_id, held_on, next_on);

-- How much is offered in each neighbourhood, from the index alone.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_help_offer_open ON help_offer (municipality_id, pc4) INCLUDE (id, person_id, is_public, status)
    WHERE status = 'open';

-- Who of a desk's people is near a limit, through the key of accounts, which begins with the municipality. With its own
-- tenancy, as the search has: under row-level security the kinds of accounts have no statistics, and those of the whole
-- region were read. The status is asked as text, or the index of accounts in use would be thought to hold but a few.
CREATE FUNCTION members_near(place integer, half integer)
    RETURNS TABLE (account_id bigint, owner uuid, available bigint, coming bigint, floor bigint, ceiling bigint)
    LANGUAGE sql STABLE ROWS 100 SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT a.id, a.owner_pseudonym, a.posted - a.held_out, a.posted + a.held_in, a.floor, a.ceiling
    FROM ledger.account a
    WHERE a.municipality_id = place AND place = ANY ((SELECT actor_reach())::integer[]) AND NOT (SELECT is_acting())
        AND a.kind = 'member' AND a.unit = 'ROOSJE_MIN' AND a.status::text = 'open' AND a.moved_to IS NULL
        AND CASE WHEN a.posted - a.held_out < 0
            THEN a.floor < 0 AND (a.posted - a.held_out) * 100 <= a.floor * half
            ELSE a.ceiling > 0 AND (a.posted + a.held_in) * 100 >= a.ceiling * half END
$$;
REVOKE EXECUTE ON FUNCTION members_near(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_near(integer, integer) TO {application};
