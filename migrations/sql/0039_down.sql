DROP FUNCTION let_go_messages(integer, timestamptz);
DROP FUNCTION reported_conversations(uuid);
DROP FUNCTION read_conversation(uuid, text, uuid, text);
DROP FUNCTION conversation_open_by(uuid);
DROP FUNCTION shared_contact(uuid);
CREATE OR REPLACE FUNCTION forget_words(due uuid[]) RETURNS void
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
DROP TABLE satisfaction;
DROP TABLE time_proposal;
DROP TABLE talk_side;
DROP TABLE message;
DROP FUNCTION talk_until(uuid);
