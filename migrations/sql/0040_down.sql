ALTER POLICY acting ON help_request USING (
    NOT (SELECT is_acting())
    OR (person_id = (SELECT actor_person()) AND ((SELECT acting_contact()) IS NULL OR author_id = (SELECT acting_contact())))
);
ALTER POLICY seen ON help_request USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR EXISTS (
        SELECT FROM proposal p
        WHERE p.help_request_id = help_request.id
          AND (p.helper_id = (SELECT actor_person()) OR p.helper_municipality_id = ANY ((SELECT actor_reach())::integer[]))
    )
);
ALTER POLICY seen ON help_offer USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR person_id = (SELECT actor_person())
    OR EXISTS (
        SELECT FROM proposal p
        WHERE p.help_offer_id = help_offer.id
          AND (p.asker_id = (SELECT actor_person()) OR p.municipality_id = ANY ((SELECT actor_reach())::integer[]))
    )
);
DROP FUNCTION requests_proposed(), offers_proposed();

CREATE OR REPLACE FUNCTION is_acting() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('app.representation', true), '') <> '' $$;
CREATE OR REPLACE FUNCTION actor_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN is_acting() THEN (acting_under()).represented_id
                    ELSE nullif(current_setting('app.person_id', true), '')::uuid END
    $$;
CREATE OR REPLACE FUNCTION acting_contact() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN is_acting() AND (acting_under()).kind = 'contactpersoon' THEN (acting_under()).representative_id END
    $$;
CREATE OR REPLACE FUNCTION actor_hand() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN is_acting() THEN (acting_under()).representative_id
                    ELSE nullif(current_setting('app.person_id', true), '')::uuid END
    $$;
CREATE OR REPLACE FUNCTION actor_reach() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN NOT is_acting() THEN nullif(current_setting('app.municipalities', true), '')::integer[] END
    $$;
CREATE OR REPLACE FUNCTION actor_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN NOT is_acting() THEN nullif(current_setting('app.organisations', true), '')::uuid[] END
    $$;
