-- What row-level security costs a list, said in a cheaper form: the same rows for everybody.

-- Who acts is asked in every policy. As SQL each of these was read and unfolded into every statement that was planned;
-- this way they are planned once a session. They say what they said.
CREATE OR REPLACE FUNCTION is_acting() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$ BEGIN RETURN coalesce(current_setting('app.representation', true), '') <> ''; END $$;

CREATE OR REPLACE FUNCTION actor_person() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN CASE WHEN public.is_acting() THEN (public.acting_under()).represented_id
                    ELSE nullif(current_setting('app.person_id', true), '')::uuid END;
    END $$;

CREATE OR REPLACE FUNCTION acting_contact() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN CASE WHEN public.is_acting() AND (public.acting_under()).kind = 'contactpersoon'
                    THEN (public.acting_under()).representative_id END;
    END $$;

CREATE OR REPLACE FUNCTION actor_hand() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN CASE WHEN public.is_acting() THEN (public.acting_under()).representative_id
                    ELSE nullif(current_setting('app.person_id', true), '')::uuid END;
    END $$;

CREATE OR REPLACE FUNCTION actor_reach() RETURNS integer[] LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN CASE WHEN NOT public.is_acting() THEN nullif(current_setting('app.municipalities', true), '')::integer[] END;
    END $$;

CREATE OR REPLACE FUNCTION actor_organisations() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN CASE WHEN NOT public.is_acting() THEN nullif(current_setting('app.organisations', true), '')::uuid[] END;
    END $$;

-- Requests that somebody was proposed for, and offers that were proposed to somebody: the actor, or people of the
-- municipalities in reach. They run as whoever asks, so that the policies of proposal say what they always say. As a
-- subquery of the policy it was planned for every request, at a cost beside which the planner no longer told a good
-- join of the rest from a bad one.
CREATE FUNCTION requests_proposed() RETURNS SETOF uuid LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN QUERY SELECT p.help_request_id FROM public.proposal p
            WHERE p.helper_id = (SELECT public.actor_person())
               OR p.helper_municipality_id = ANY ((SELECT public.actor_reach())::integer[]);
    END $$;

CREATE FUNCTION offers_proposed() RETURNS SETOF uuid LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
    BEGIN
        RETURN QUERY SELECT p.help_offer_id FROM public.proposal p
            WHERE p.help_offer_id IS NOT NULL
              AND (p.asker_id = (SELECT public.actor_person())
                   OR p.municipality_id = ANY ((SELECT public.actor_reach())::integer[]));
    END $$;
REVOKE EXECUTE ON FUNCTION requests_proposed(), offers_proposed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requests_proposed(), offers_proposed() TO {application};

ALTER POLICY seen ON help_request USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR id IN (SELECT p FROM requests_proposed() AS p)
);
ALTER POLICY seen ON help_offer USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR id IN (SELECT p FROM offers_proposed() AS p)
);
-- An author is always there: the same rows, and one question less.
ALTER POLICY acting ON help_request USING (
    NOT (SELECT is_acting())
    OR (person_id = (SELECT actor_person()) AND author_id = coalesce((SELECT acting_contact()), author_id))
);
