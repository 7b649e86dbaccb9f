-- What is withdrawn leaves no words and then no row, whoever answered; and nobody reads or is told at a desk of what a
-- safety file, a signal or a suspension says about their own house.

-- All that people wrote around a question, and the notices about it; that it was so, and when, stays.
CREATE FUNCTION forget_words(due uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE help_request SET title = '[gewist]', body = '', consent = '' WHERE id = ANY (due);
    UPDATE proposal SET message = '', code_word = '' WHERE help_request_id = ANY (due);
    UPDATE ring_arc SET title = '[gewist]' WHERE help_request_id = ANY (due);
    UPDATE case_note SET text = '' WHERE help_request_id = ANY (due);
    UPDATE state_event SET reason = '' WHERE reason <> '' AND (entity_id = ANY (due) OR entity_id IN (
        SELECT id FROM proposal WHERE help_request_id = ANY (due)
        UNION ALL SELECT id FROM agreement WHERE help_request_id = ANY (due)
        UNION ALL SELECT o.id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id WHERE a.help_request_id = ANY (due)));
    DELETE FROM notice WHERE subject_id = ANY (due);
END $$;

CREATE OR REPLACE FUNCTION let_go(what text, municipality integer, before timestamptz, OUT looked_at integer, OUT done integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due uuid[];
    people uuid[];
    about uuid[];
BEGIN
    IF NOT municipality = ANY (coalesce(actor_reach(), '{}')) THEN
        RAISE EXCEPTION 'out of reach' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF what = 'contact' THEN
        -- e-mail and telephone of who has nothing open any more
        SELECT count(*) INTO looked_at FROM help_request r WHERE r.municipality_id = municipality AND r.status <> 'draft';
        SELECT array_agg(r.id), array_agg(DISTINCT r.person_id) INTO due, people FROM help_request r
            JOIN contact c ON c.person_id = r.person_id AND (c.email IS NOT NULL OR c.phone <> '')
            WHERE r.municipality_id = municipality AND r.status IN ('closed', 'done', 'withdrawn')
              AND over_since(r.id) <= before AND needs_no_contact(r.person_id, before);
        UPDATE contact SET email = NULL, phone = '' WHERE person_id = ANY (people);
        INSERT INTO state_event (id, municipality_id, entity, entity_id, before, after, reason, parties)
            SELECT gen_random_uuid(), r.municipality_id, 'help_request', r.id, r.status, r.status, 'contact-let-go', ARRAY[r.person_id]
            FROM help_request r WHERE r.id = ANY (due);
        done := coalesce(cardinality(due), 0);
    ELSIF what = 'withdrawn_text' THEN
        SELECT count(*), array_agg(id) FILTER (WHERE over_since(id) <= before AND title <> '[gewist]') INTO looked_at, due
            FROM help_request WHERE municipality_id = municipality AND status = 'withdrawn'
              AND NOT EXISTS (SELECT FROM agreement a WHERE a.help_request_id = help_request.id AND a.status = 'active');
        PERFORM forget_words(due);
        done := coalesce(cardinality(due), 0);
    ELSIF what = 'withdrawn_record' THEN
        -- where there was an agreement, the bare record is the other's too, and what was booked points at it
        SELECT count(*) INTO looked_at FROM help_request WHERE municipality_id = municipality AND status = 'withdrawn';
        SELECT array_agg(r.id) INTO due FROM help_request r
            WHERE r.municipality_id = municipality AND r.status = 'withdrawn' AND over_since(r.id) <= before
              AND NOT EXISTS (SELECT FROM agreement a WHERE a.help_request_id = r.id)
              AND NOT EXISTS (SELECT FROM ring_arc a WHERE a.help_request_id = r.id AND a.live);
        about := due || ARRAY(
            SELECT id FROM proposal WHERE help_request_id = ANY (due)
            UNION SELECT ring_id FROM ring_arc WHERE help_request_id = ANY (due)
        );
        DELETE FROM distribution_line WHERE help_request_id = ANY (due);
        DELETE FROM case_note WHERE help_request_id = ANY (due);
        DELETE FROM ring WHERE id = ANY (about);
        DELETE FROM notice WHERE subject_id = ANY (about);
        DELETE FROM state_event WHERE entity_id = ANY (about);
        DELETE FROM proposal WHERE help_request_id = ANY (due);
        DELETE FROM help_request WHERE id = ANY (due);
        done := coalesce(cardinality(due), 0);
    ELSIF what = 'closed_help' THEN
        SELECT count(*), array_agg(id) FILTER (WHERE over_since(id) <= before AND title <> '[gewist]') INTO looked_at, due
            FROM help_request WHERE municipality_id = municipality AND status IN ('closed', 'done')
              AND NOT EXISTS (SELECT FROM agreement a WHERE a.help_request_id = help_request.id AND a.status = 'active');
        PERFORM forget_words(due);
        -- and the thanks for what was done before the rest was withdrawn
        UPDATE occurrence SET thanks = '' WHERE thanks <> '' AND agreement_id IN (
            SELECT a.id FROM agreement a JOIN help_request r ON r.id = a.help_request_id
            WHERE r.id = ANY (due) OR (r.municipality_id = municipality AND r.status = 'withdrawn' AND over_since(r.id) <= before));
        done := coalesce(cardinality(due), 0);
    ELSIF what = 'notices' THEN
        SELECT count(*) INTO looked_at FROM notice WHERE municipality_id = municipality;
        DELETE FROM notice WHERE municipality_id = municipality AND created_at <= before;
        GET DIAGNOSTICS done = ROW_COUNT;
    ELSIF what = 'wmo' THEN
        SELECT count(*) INTO looked_at FROM welfare_plan WHERE municipality_id = municipality;
        UPDATE welfare_plan SET goal = '', wish = '', why = '', reason = '', brought = ''
            WHERE municipality_id = municipality AND status IN ('closed', 'rejected', 'withdrawn') AND created_at <= before
              AND coalesce(ends_on, created_at::date) <= before::date AND (goal <> '' OR wish <> '' OR why <> '' OR brought <> '');
        GET DIAGNOSTICS done = ROW_COUNT;
    ELSIF what = 'receipts' THEN
        SELECT count(*) INTO looked_at FROM welfare_receipt WHERE municipality_id = municipality;
        DELETE FROM welfare_receipt WHERE municipality_id = municipality AND created_at <= before;
        GET DIAGNOSTICS done = ROW_COUNT;
    ELSIF what = 'checks' THEN
        SELECT count(*) INTO looked_at FROM person_check WHERE municipality_id = municipality;
        DELETE FROM person_check WHERE municipality_id = municipality
            AND least(valid_until, (withdrawn_at AT TIME ZONE 'Europe/Amsterdam')::date) <= before::date;
        GET DIAGNOSTICS done = ROW_COUNT;
    ELSIF what = 'safety' THEN
        -- reports that were handled, suspensions that were lifted, signals: the words go, that it was so stays
        SELECT count(*), array_agg(id) FILTER (WHERE status = 'handled' AND handled_at <= before AND words <> '[gewist]')
            INTO looked_at, due FROM safety_report WHERE municipality_id = municipality;
        UPDATE safety_report SET title = '', words = '[gewist]', answer = '' WHERE id = ANY (due);
        UPDATE safety_note SET text = '' WHERE report_id = ANY (due);
        done := coalesce(cardinality(due), 0);
        UPDATE suspension_appeal a SET words = '[gewist]', answer = '' FROM suspension s
            WHERE s.id = a.suspension_id AND s.municipality_id = municipality AND s.lifted_at <= before;
        UPDATE suspension SET told = '[gewist]', lifted_words = '' WHERE municipality_id = municipality AND lifted_at <= before;
        DELETE FROM person_block WHERE municipality_id = municipality AND ended_at <= before;
        DELETE FROM safety_signal WHERE municipality_id = municipality AND found_at <= before;
    ELSIF what = 'safety_file' THEN
        SELECT count(*), array_agg(id) FILTER (WHERE closed_at <= before) INTO looked_at, due
            FROM safety_file WHERE municipality_id = municipality;
        DELETE FROM safety_entry WHERE file_id = ANY (due);
        DELETE FROM safety_step WHERE file_id = ANY (due);
        DELETE FROM safety_opening WHERE file_id = ANY (due);
        DELETE FROM safety_file WHERE id = ANY (due);
        done := coalesce(cardinality(due), 0);
    ELSIF what = 'audit' THEN
        SELECT count(*) INTO looked_at FROM audit_entry WHERE municipality_id = municipality;
        DELETE FROM audit_reason r USING audit_entry e WHERE e.id = r.entry_id AND e.municipality_id = municipality
            AND e.at <= before AND e.at < ledger.now() - interval '5 years';
        DELETE FROM audit_entry WHERE municipality_id = municipality AND at <= before AND at < ledger.now() - interval '5 years';
        GET DIAGNOSTICS done = ROW_COUNT;
    ELSE
        RAISE EXCEPTION 'no such kind: %', what;
    END IF;
END $$;

-- What was withdrawn before, and kept the words of who answered.
SELECT forget_words(array_agg(id)) FROM help_request WHERE status = 'withdrawn' AND title = '[gewist]';
REVOKE EXECUTE ON FUNCTION forget_words(uuid[]) FROM PUBLIC;

-- A privacy officer reads of themselves and of whoever lives with them what these may read.
DROP POLICY officer ON audit_entry;
CREATE POLICY officer ON audit_entry FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    AND EXISTS (
        SELECT FROM role_grant g
        WHERE g.person_id = (SELECT actor_person()) AND g.role = 'privacy_officer'
          AND g.municipality_id = audit_entry.municipality_id
    )
    AND NOT (
        subject_id IS NOT NULL
        AND (look_waits(act, role, subject_id, entity_id, at) OR coalesce(shown_from > (SELECT ledger.now()), false))
        AND one_house(subject_id, (SELECT actor_person()))
    )
);

-- Whom of the officers a disclosure that comes near may be told: not who lives with whom the file is about.
DROP FUNCTION safety_disclosing();
CREATE FUNCTION safety_disclosing()
    RETURNS TABLE (file_id uuid, municipality_id integer, disclose_on date, officers uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT f.id, f.municipality_id, f.disclose_on, ARRAY(
            SELECT DISTINCT s.person_id FROM municipality_staff(f.municipality_id) s
            WHERE s.role = 'safety_officer' AND NOT one_house(f.person_id, s.person_id)
        )
        FROM safety_file f
        WHERE f.disclose_on BETWEEN (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
                                AND (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date + 14
          AND nullif(current_setting('app.person_id', true), '') IS NULL
          AND f.municipality_id = ANY ((SELECT actor_reach())::integer[])
    $$;
REVOKE EXECUTE ON FUNCTION safety_disclosing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION safety_disclosing() TO {application};

-- Whoever acts for another is met by name too, and so is who is in a ring, or gives Roosjes or asks for them.
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'none'));

-- How somebody comes in without a letter: by mail, or by a key or a municipality's own sign-in, which can be lost.
CREATE FUNCTION other_way_in(who uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT CASE
            WHEN EXISTS (SELECT FROM contact c WHERE c.person_id = who AND c.email IS NOT NULL) THEN 'mail'
            WHEN EXISTS (SELECT FROM passkey k WHERE k.person_id = who)
              OR EXISTS (SELECT FROM oidc_identity i WHERE i.person_id = who) THEN 'key'
            ELSE '' END
    $$;
REVOKE EXECUTE ON FUNCTION other_way_in(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION other_way_in(uuid) TO {application};

-- Who writes down for an organisation what was seen of its volunteers works at a desk too: no letter lets them in.
CREATE OR REPLACE FUNCTION works_at_a_desk(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g
            WHERE g.person_id = who AND g.role NOT IN ('member', 'organisation_member', 'referrer')
        )
    $$;
