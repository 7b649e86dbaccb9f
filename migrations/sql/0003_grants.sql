-- The application role: no more than it needs. {application} is whatever DATABASE_URL logs in as.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {application};
GRANT USAGE ON SCHEMA public TO {application};
GRANT SELECT ON category, region, municipality, neighbourhood, neighbourhood_span, border, role_grant TO {application};
GRANT UPDATE ON municipality TO {application};
GRANT SELECT, INSERT, UPDATE, DELETE ON sharing TO {application};
GRANT SELECT, INSERT, UPDATE ON
    person, contact, membership, person_check, professional, organisation, help_request, help_offer, proposal,
    agreement, occurrence, notice, idempotency_key, sign_in_link, web_session, api_token
    TO {application};
GRANT DELETE ON help_request, membership TO {application};
GRANT SELECT, INSERT, UPDATE, DELETE ON ask_draft TO {application};
-- What happened is only ever added to.
GRANT SELECT, INSERT ON state_event, case_note, attempt, refused_access TO {application};
GRANT USAGE ON SEQUENCE help_request_reference TO {application};
REVOKE EXECUTE ON FUNCTION
    person_for_email(citext), municipality_staff(integer), match_changes(xid8), match_offers(uuid[]),
    match_requests(uuid[]), search_requests(text, smallint[]), search_offers(text, smallint[]), forget_expired() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    person_for_email(citext), municipality_staff(integer), match_changes(xid8), match_offers(uuid[]),
    match_requests(uuid[]), search_requests(text, smallint[]), search_offers(text, smallint[]), forget_expired() TO {application};
