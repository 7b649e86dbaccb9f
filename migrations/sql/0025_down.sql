DROP FUNCTION staff_through(integer);
DROP FUNCTION oidc_forget();
DROP FUNCTION oidc_roles(uuid, uuid, text[]);
DROP FUNCTION oidc_accept(uuid, bytea, citext);
DROP FUNCTION oidc_person(uuid, bytea);
CREATE OR REPLACE FUNCTION given_by_hand(who uuid, kind text, municipality integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g WHERE g.person_id = who AND g.role = kind AND g.municipality_id = municipality
        )
    $$;
DELETE FROM role_grant WHERE provider_id IS NOT NULL;
-- squawk-ignore ban-drop-column
ALTER TABLE role_grant DROP COLUMN provider_id;
-- squawk-ignore ban-drop-column
ALTER TABLE web_session DROP COLUMN provider_id;
DROP TABLE pace;
DROP TABLE oidc_invitation;
DROP TABLE oidc_arrival;
DROP TABLE oidc_identity;
DROP TABLE oidc_attempt;
DROP TABLE oidc_provider;
