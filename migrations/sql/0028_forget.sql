-- Forgetting somebody: everything in every table, by the register of the code (data_table, data_column).

-- A column's values that touch one of the keys, for a key and for a list of keys.
CREATE FUNCTION touching(in_table text, columns text[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
    SELECT coalesce(string_agg(
        CASE WHEN a.atttypid = 'uuid[]'::regtype THEN format('%I && $1', a.attname)
             ELSE format('%I = ANY ($1)', a.attname) END, ' OR '), 'false')
    FROM pg_attribute a WHERE a.attrelid = to_regclass(in_table) AND a.attname = ANY (columns)
$$;

-- Words as they may stand in a text, whatever signs are in them.
CREATE FUNCTION literally(words text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
    AS $$ SELECT regexp_replace(regexp_replace(trim(words), '([^[:alnum:][:space:]])', '\\\1', 'g'), '\s+', '\\s+', 'g') $$;

-- A number with whatever stands between its digits, in its Dutch forms.
CREATE FUNCTION any_number(phone text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
    AS $$
    SELECT CASE WHEN phone LIKE '+31%' THEN '(\+31|0031|0)[ .()-]*' ELSE '\+?' END
        || array_to_string(regexp_split_to_array(regexp_replace(regexp_replace(phone, '^\+31', ''), '\D', '', 'g'), ''), '[ .()-]*')
$$;

-- Three patterns: what tells who it is wherever it stands; names where they stand beside the person's own rows; and
-- names that nobody else in the region has, written with their capital.
CREATE FUNCTION patterns_of(who uuid, OUT strong text, OUT beside text, OUT rare text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one person; face contact;
BEGIN
    SELECT * INTO one FROM person p WHERE p.id = who;
    SELECT * INTO face FROM contact c WHERE c.person_id = who;
    strong := (SELECT string_agg(part, '|') FROM unnest(ARRAY[
        CASE WHEN face.email IS NOT NULL THEN literally(face.email::text) END,
        CASE WHEN char_length(face.phone) >= 8 THEN any_number(face.phone) END,
        CASE WHEN face.last_name <> '' THEN '\y' || literally(one.first_name) || '\s+' || literally(face.last_name) || '\y' END,
        CASE WHEN face.postcode <> '' AND face.house_number <> '' THEN
            '\y' || left(face.postcode, 4) || '\s*' || right(trim(face.postcode), 2) || '[\s,]*' || literally(face.house_number) || '\y' END,
        CASE WHEN face.street <> '' AND face.house_number <> '' THEN
            '\y' || literally(face.street) || '\s+' || literally(face.house_number) || '\y' END
    ]) AS part WHERE part IS NOT NULL);
    beside := (SELECT '\y(' || string_agg(literally(part), '|') || ')\y' FROM unnest(ARRAY[
        one.first_name, nullif(face.last_name, ''), nullif(face.street, ''), nullif(face.postcode, '')
    ]) AS part WHERE part IS NOT NULL);
    rare := (SELECT '\y(' || string_agg(literally(part), '|') || ')\y' FROM unnest(ARRAY[
        CASE WHEN NOT EXISTS (SELECT FROM person p WHERE p.id <> who AND lower(p.first_name) = lower(one.first_name))
             THEN one.first_name END,
        CASE WHEN face.last_name <> '' AND NOT EXISTS (
            SELECT FROM contact c WHERE c.person_id <> who AND lower(c.last_name) = lower(face.last_name)
        ) THEN face.last_name END
    ]) AS part WHERE part IS NOT NULL);
END $$;

-- Takes words out of the text columns of a table, in rows that touch the keys, or in all.
CREATE FUNCTION take_out(in_table text, pattern text, flags text, linked text[], keys uuid[]) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    c record; n bigint; total bigint := 0; where_to_look text := 'true'; new_value text;
BEGIN
    IF pattern IS NULL THEN
        RETURN 0;
    ELSIF linked IS NOT NULL THEN
        where_to_look := touching(in_table, linked);
    END IF;
    FOR c IN
        SELECT a.attname, a.atttypid FROM data_column d
        JOIN pg_attribute a ON a.attrelid = to_regclass(d.table_name) AND a.attname = d.name
        WHERE d.table_name = in_table AND d.words AND a.attgenerated = ''
    LOOP
        new_value := CASE
            WHEN c.atttypid = 'jsonb'::regtype THEN format('regexp_replace(%I::text, $2, ''iemand'', $3)::jsonb', c.attname)
            WHEN c.atttypid = 'text[]'::regtype THEN
                format('(SELECT array_agg(regexp_replace(part, $2, ''…'', $3)) FROM unnest(%I) AS part)', c.attname)
            ELSE format('regexp_replace(%I::text, $2, ''…'', $3)', c.attname) END;
        EXECUTE format('UPDATE %I SET %I = %s WHERE (%s) AND regexp_like(%I::text, $2, $4)',
                       in_table, c.attname, new_value, where_to_look, c.attname)
            USING keys, pattern, flags, replace(flags, 'g', '');
        GET DIAGNOSTICS n = ROW_COUNT;
        total := total + n;
    END LOOP;
    RETURN total;
END $$;

-- What still stands open of somebody, as the last guard: the program handles it before, in sentences.
CREATE FUNCTION stands_open(who uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM role_grant WHERE person_id = who) THEN 'role'
        WHEN EXISTS (SELECT FROM agreement WHERE status = 'active' AND who IN (asker_id, helper_id)) THEN 'agreement'
        WHEN EXISTS (SELECT FROM occurrence WHERE status IN ('planned', 'agreed', 'helped', 'received', 'disputed')
                       AND who IN (asker_id, helper_id)) THEN 'occurrence'
        WHEN EXISTS (SELECT FROM help_request WHERE person_id = who AND status IN ('submitted', 'open', 'filled', 'paused'))
            THEN 'request'
        WHEN EXISTS (SELECT FROM help_offer WHERE person_id = who AND status IN ('open', 'paused')) THEN 'offer'
        WHEN EXISTS (SELECT FROM representation WHERE status IN ('asked', 'active')
                       AND who IN (representative_id, represented_id)) THEN 'representation'
        WHEN EXISTS (SELECT FROM welfare_plan WHERE person_id = who AND status IN ('asked', 'proposed', 'active', 'ended'))
            THEN 'welfare'
        WHEN EXISTS (SELECT FROM ledger.account a JOIN public.person p ON p.pseudonym = a.owner_pseudonym
                     WHERE p.id = who AND a.status = 'open' AND a.unit::text = 'ROOSJE_MIN') THEN 'roosjes'
    END
$$;

-- Empties and deletes what is the person's own, takes their names out of what is not, and leaves a line in the
-- deletion log that names nobody. Says how many rows each took.
CREATE FUNCTION forget_person(who uuid, way text, receipt text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one person; face contact; home integer; keys uuid[] := ARRAY[who]; found_keys uuid[]; t record; n bigint;
    patterns record; counts jsonb := '{}'; changes text; open_thing text;
BEGIN
    SELECT * INTO one FROM person p WHERE p.id = who FOR UPDATE;
    SELECT municipality_id INTO home FROM membership m WHERE m.person_id = who ORDER BY kind = 'lives' DESC, since DESC LIMIT 1;
    IF NOT coalesce(who = actor_person() AND NOT is_acting(), false)
       AND NOT EXISTS (
           SELECT FROM membership m
           WHERE m.person_id = who AND m.municipality_id = ANY (coalesce(granted_in(ARRAY['privacy_officer']), '{}'))
       )
    THEN
        RAISE EXCEPTION 'nobody may have this person forgotten but they themselves and the privacy officer where they live'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    open_thing := stands_open(who);
    IF one.forgotten_at IS NOT NULL OR open_thing IS NOT NULL THEN
        RAISE EXCEPTION 'this person cannot be forgotten: %', coalesce(open_thing, 'forgotten before')
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT * INTO face FROM contact c WHERE c.person_id = who;
    patterns := patterns_of(who);

    FOR t IN SELECT * FROM data_table WHERE follow ORDER BY place LOOP
        EXECUTE format('SELECT array_agg(id) FROM %I WHERE %s', t.name, touching(t.name, t.own || t.linked))
            INTO found_keys USING keys;
        keys := keys || coalesce(found_keys, '{}');
    END LOOP;

    FOR t IN SELECT * FROM data_table ORDER BY place LOOP
        n := take_out(t.name, patterns.beside, 'gi', t.own || t.linked, keys);
        n := n + take_out(t.name, patterns.strong, 'gi', NULL, keys);
        n := n + take_out(t.name, patterns.rare, 'g', NULL, keys);
        IF n > 0 THEN
            counts := counts || jsonb_build_object(t.name, n);
        END IF;
    END LOOP;

    FOR t IN SELECT * FROM data_table WHERE own <> '{}' ORDER BY place DESC LOOP
        IF t.goes THEN
            EXECUTE format('DELETE FROM %I WHERE %s', t.name, touching(t.name, t.own)) USING ARRAY[who];
        ELSE
            SELECT string_agg(format('%I = %s', d.name, CASE
                WHEN d.fate = 'null' THEN 'NULL'
                WHEN d.fate = 'gone' THEN '''[gewist]'''
                WHEN a.atttypid = 'jsonb'::regtype THEN '''{}'''
                WHEN a.atttypid = 'boolean'::regtype THEN 'false'
                WHEN a.attndims > 0 THEN '''{}'''
                WHEN a.atttypid IN ('smallint'::regtype, 'integer'::regtype) THEN '0'
                ELSE '''''' END), ', ')
            INTO changes FROM data_column d
            JOIN pg_attribute a ON a.attrelid = to_regclass(d.table_name) AND a.attname = d.name
            WHERE d.table_name = t.name AND d.fate <> 'keep';
            CONTINUE WHEN changes IS NULL;
            EXECUTE format('UPDATE %I SET %s WHERE %s', t.name, changes, touching(t.name, t.own)) USING ARRAY[who];
        END IF;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n > 0 THEN
            counts := counts || jsonb_build_object(t.name, coalesce((counts ->> t.name)::bigint, 0) + n);
        END IF;
    END LOOP;

    DELETE FROM audit_reason r USING audit_entry e WHERE e.id = r.entry_id AND e.subject_id = who;
    DELETE FROM audit_reason r WHERE patterns.strong IS NOT NULL AND regexp_like(r.reason, patterns.strong, 'i');
    DELETE FROM audit_reason r WHERE patterns.rare IS NOT NULL AND regexp_like(r.reason, patterns.rare);
    DELETE FROM sign_in_link l WHERE l.email = face.email;
    DELETE FROM staff_invitation i WHERE i.email = face.email;
    DELETE FROM oidc_arrival v WHERE v.email = face.email;
    DELETE FROM ask_draft d WHERE (patterns.strong IS NOT NULL AND regexp_like(d.answers::text, patterns.strong, 'i'))
        OR (patterns.rare IS NOT NULL AND regexp_like(d.answers::text, patterns.rare));
    UPDATE procrastinate_jobs j SET args = regexp_replace(j.args::text, patterns.strong, 'iemand', 'gi')::jsonb
        WHERE patterns.strong IS NOT NULL AND regexp_like(j.args::text, patterns.strong, 'i');
    UPDATE safety_file SET name = concat_ws(' ', one.first_name, nullif(face.last_name, '')) WHERE person_id = who;
    UPDATE person SET first_name = 'Iemand', disabled_at = coalesce(disabled_at, ledger.now()), forgotten_at = ledger.now(),
        language = 'nl', do_not_ask = true, paused = true, paused_until = NULL, proposals_per_week = NULL,
        rest_days = NULL, load_limit_minutes = NULL WHERE id = who;
    INSERT INTO erasure (reference, way, person_hash, counts, id, municipality_id)
        VALUES (receipt, way, sha256(uuid_send(who)), counts, gen_random_uuid(),
                coalesce(home, (SELECT default_municipality_id FROM region LIMIT 1)));
    RETURN counts;
END $$;

-- The mailbox of a demonstration holds words too: the program asks what to look for, before they are gone.
CREATE FUNCTION words_of_oneself() RETURNS TABLE (strong text, rare text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT p.strong, p.rare FROM patterns_of(actor_person()) p $$;

REVOKE EXECUTE ON FUNCTION
    take_out(text, text, text, text[], uuid[]), patterns_of(uuid), stands_open(uuid), forget_person(uuid, text, text),
    words_of_oneself() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    stands_open(uuid), forget_person(uuid, text, text), words_of_oneself() TO {application};
