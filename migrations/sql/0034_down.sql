CREATE OR REPLACE FUNCTION works_at_a_desk(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g
            WHERE g.person_id = who
              AND g.role NOT IN ('member', 'organisation_member', 'organisation_administrator', 'referrer')
        )
    $$;
DROP FUNCTION other_way_in(uuid);
UPDATE safety_report SET subject = 'none', subject_id = NULL WHERE subject IN ('representation', 'ring', 'roosjes');
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'none'));
DROP FUNCTION safety_disclosing();
CREATE FUNCTION safety_disclosing() RETURNS TABLE (file_id uuid, municipality_id integer, disclose_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT f.id, f.municipality_id, f.disclose_on FROM safety_file f
        WHERE f.disclose_on BETWEEN (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
                                AND (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date + 14
          AND nullif(current_setting('app.person_id', true), '') IS NULL
          AND f.municipality_id = ANY ((SELECT actor_reach())::integer[])
    $$;
REVOKE EXECUTE ON FUNCTION safety_disclosing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION safety_disclosing() TO {application};
DROP POLICY officer ON audit_entry;
CREATE POLICY officer ON audit_entry FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    AND EXISTS (
        SELECT FROM role_grant g
        WHERE g.person_id = (SELECT actor_person()) AND g.role = 'privacy_officer'
          AND g.municipality_id = audit_entry.municipality_id
    )
);
CREATE OR REPLACE FUNCTION let_go(what text, municipality integer, before timestamptz, OUT looked_at integer, OUT done integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due uuid[];
    people uuid[];
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
        SELECT count(*), count(*) FILTER (WHERE over_since(id) <= before AND title <> '[gewist]') INTO looked_at, done
            FROM help_request WHERE municipality_id = municipality AND status = 'withdrawn';
        UPDATE help_request SET title = '[gewist]', body = '', consent = ''
            WHERE municipality_id = municipality AND status = 'withdrawn' AND title <> '[gewist]' AND over_since(id) <= before;
    ELSIF what = 'withdrawn_record' THEN
        SELECT count(*) INTO looked_at FROM help_request WHERE municipality_id = municipality AND status = 'withdrawn';
        SELECT array_agg(r.id) INTO due FROM help_request r
            WHERE r.municipality_id = municipality AND r.status = 'withdrawn' AND over_since(r.id) <= before
              AND NOT EXISTS (SELECT FROM proposal p WHERE p.help_request_id = r.id)
              AND NOT EXISTS (SELECT FROM ring_arc a WHERE a.help_request_id = r.id);
        DELETE FROM distribution_line WHERE help_request_id = ANY (due);
        DELETE FROM case_note WHERE help_request_id = ANY (due);
        DELETE FROM notice WHERE subject_id = ANY (due);
        DELETE FROM state_event WHERE entity_id = ANY (due);
        DELETE FROM help_request WHERE id = ANY (due);
        done := coalesce(cardinality(due), 0);
    ELSIF what = 'closed_help' THEN
        SELECT count(*), array_agg(id) FILTER (WHERE over_since(id) <= before AND title <> '[gewist]') INTO looked_at, due
            FROM help_request WHERE municipality_id = municipality AND status IN ('closed', 'done')
              AND NOT EXISTS (SELECT FROM agreement a WHERE a.help_request_id = help_request.id AND a.status = 'active');
        UPDATE help_request SET title = '[gewist]', body = '', consent = '' WHERE id = ANY (due);
        UPDATE proposal SET message = '', code_word = '' WHERE help_request_id = ANY (due);
        UPDATE occurrence SET thanks = '' WHERE agreement_id IN (SELECT id FROM agreement WHERE help_request_id = ANY (due));
        UPDATE case_note SET text = '' WHERE help_request_id = ANY (due);
        UPDATE state_event SET reason = '' WHERE entity_id = ANY (due) OR entity_id IN (
            SELECT id FROM proposal WHERE help_request_id = ANY (due)
            UNION ALL SELECT id FROM agreement WHERE help_request_id = ANY (due)
            UNION ALL SELECT o.id FROM occurrence o JOIN agreement a ON a.id = o.agreement_id WHERE a.help_request_id = ANY (due));
        DELETE FROM notice WHERE subject_id = ANY (due);
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

DROP FUNCTION forget_words(uuid[]);
