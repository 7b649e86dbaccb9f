-- Where a row that somebody may write opened what others keep: who writes it, and about whom, is looked at as well.

-- A tie to a municipality shows its desk how to reach somebody. A desk ties who is new, and those who have a tie there;
-- people of elsewhere come by themselves.
CREATE FUNCTION may_tie(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT nullif(current_setting('app.person_id', true), '') IS NULL OR coalesce(who = actor_person(), false)
            OR NOT EXISTS (SELECT FROM membership m WHERE m.person_id = who)
            OR EXISTS (SELECT FROM membership m WHERE m.person_id = who
                         AND m.municipality_id = ANY (coalesce(actor_reach(), '{}')))
    $$;
REVOKE EXECUTE ON FUNCTION may_tie(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_tie(uuid) TO {application};
CREATE POLICY tie ON membership AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (may_tie(person_id));
-- whose it is, and where, stays as it was written
REVOKE UPDATE ON membership FROM {application};
GRANT UPDATE (pc4, cell, since) ON membership TO {application};

-- An invitation holds for as long as who made it administers that place: nobody makes one in another's name, and what
-- stands in it stays.
CREATE POLICY in_own_name ON staff_invitation AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (invited_by_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid));
REVOKE UPDATE ON staff_invitation FROM {application};
GRANT UPDATE (withdrawn_at) ON staff_invitation TO {application};

-- What goes, and when, is said by the terms and done by the worker: a desk names no day of its own.
ALTER FUNCTION let_go(text, integer, timestamptz) RENAME TO let_go_kind;
ALTER FUNCTION let_go_messages(integer, timestamptz) RENAME TO let_go_words;
REVOKE EXECUTE ON FUNCTION let_go_kind(text, integer, timestamptz), let_go_words(integer, timestamptz) FROM {application};
CREATE FUNCTION let_go(what text, municipality integer, before timestamptz, OUT looked_at integer, OUT done integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF nullif(current_setting('app.person_id', true), '') IS NOT NULL THEN
        RAISE EXCEPTION 'only the worker lets go' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT k.looked_at, k.done INTO looked_at, done FROM let_go_kind(what, municipality, before) k;
END $$;
CREATE FUNCTION let_go_messages(municipality integer, before timestamptz, OUT looked_at integer, OUT done integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF nullif(current_setting('app.person_id', true), '') IS NOT NULL THEN
        RAISE EXCEPTION 'only the worker lets go' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT w.looked_at, w.done INTO looked_at, done FROM let_go_words(municipality, before) w;
END $$;
REVOKE EXECUTE ON FUNCTION let_go(text, integer, timestamptz), let_go_messages(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION let_go(text, integer, timestamptz), let_go_messages(integer, timestamptz) TO {application};

-- A contact person gives back the place that they took, and no other.
CREATE OR REPLACE FUNCTION leave_place(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM activity_date WHERE id = wanted FOR UPDATE;
    DELETE FROM activity_signup WHERE date_id = wanted AND person_id = actor_person()
        AND (acting_contact() IS NULL OR by_id = acting_contact());
    IF FOUND THEN
        RETURN QUERY SELECT let_waiting_in(wanted);
    END IF;
END $$;

-- What a resident hosts shows through the desk, and so do other words about it.
CREATE FUNCTION keep_unread() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = TG_RELID)
       AND NOT NEW.municipality_id = ANY (coalesce(actor_reach(), '{}'))
       AND NOT EXISTS (SELECT FROM organisation o WHERE o.id = NEW.organisation_id
                         AND o.covenant_signed_on <= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date)
       AND (TG_OP = 'INSERT' OR NOT OLD.is_public
            OR (NEW.title, NEW.body, NEW.cost_words, NEW.venue, NEW.address, NEW.at_home, NEW.pc4)
               IS DISTINCT FROM (OLD.title, OLD.body, OLD.cost_words, OLD.venue, OLD.address, OLD.at_home, OLD.pc4))
    THEN
        RAISE EXCEPTION 'the desk looks first' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unread BEFORE INSERT OR UPDATE ON activity FOR EACH ROW WHEN (NEW.is_public) EXECUTE FUNCTION keep_unread();

-- An agreement shows where somebody lives. The asker's side makes it, of a proposal between these two to which the helper
-- said yes; that yes nobody says for another but a desk that heard it, and nobody comes in another's place.
CREATE FUNCTION keep_yes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = TG_RELID)
       AND nullif(current_setting('app.person_id', true), '') IS NOT NULL
       AND NOT coalesce(NEW.helper_id = actor_person() AND NOT is_acting(), false)
       AND NOT coalesce(ARRAY[NEW.municipality_id, NEW.helper_municipality_id] && actor_reach(), false)
    THEN
        RAISE EXCEPTION 'nobody says yes for another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER first_yes BEFORE INSERT ON proposal FOR EACH ROW
    WHEN (NEW.status IN ('willing', 'meeting', 'agreed')) EXECUTE FUNCTION keep_yes();
CREATE TRIGGER later_yes BEFORE UPDATE ON proposal FOR EACH ROW
    WHEN (NEW.status IN ('willing', 'meeting', 'agreed') AND OLD.status NOT IN ('willing', 'meeting', 'agreed'))
    EXECUTE FUNCTION keep_yes();

CREATE FUNCTION keep_parties() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = TG_RELID) THEN
        RAISE EXCEPTION 'nobody comes in the place of another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parties BEFORE UPDATE ON proposal FOR EACH ROW
    WHEN ((NEW.asker_id, NEW.helper_id, NEW.help_request_id) IS DISTINCT FROM (OLD.asker_id, OLD.helper_id, OLD.help_request_id))
    EXECUTE FUNCTION keep_parties();
CREATE TRIGGER parties BEFORE UPDATE ON agreement FOR EACH ROW
    WHEN ((NEW.asker_id, NEW.helper_id, NEW.proposal_id) IS DISTINCT FROM (OLD.asker_id, OLD.helper_id, OLD.proposal_id))
    EXECUTE FUNCTION keep_parties();

CREATE POLICY of_a_yes ON agreement AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
    nullif(current_setting('app.person_id', true), '') IS NULL
    OR ((asker_id = (SELECT actor_person()) OR municipality_id = ANY ((SELECT actor_reach())::integer[]))
        AND EXISTS (
            SELECT FROM proposal p
            WHERE p.id = proposal_id AND p.status = 'agreed' AND p.help_request_id = agreement.help_request_id
              AND p.asker_id = agreement.asker_id AND p.helper_id = agreement.helper_id
              AND p.municipality_id = agreement.municipality_id
              AND p.helper_municipality_id = agreement.helper_municipality_id
        ))
);
-- What one is proposed for, one reads: a proposal is made for a request that its maker sees, or saw before it was filled.
CREATE POLICY of_what_one_sees ON proposal AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
    nullif(current_setting('app.person_id', true), '') IS NULL OR was_shown(help_request_id)
    OR EXISTS (SELECT FROM help_request r WHERE r.id = help_request_id AND r.person_id = proposal.asker_id)
);
