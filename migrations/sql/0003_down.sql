DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', r.policyname, r.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', r.tablename);
    END LOOP;
    FOR r IN SELECT tgrelid::regclass AS tab FROM pg_trigger WHERE tgname = 'log' AND NOT tgisinternal LOOP
        EXECUTE format('DROP TRIGGER log ON %s', r.tab);
    END LOOP;
END $$;
DROP FUNCTION search_offers(text, smallint[]), search_requests(text, smallint[]), match_requests(uuid[]),
    match_offers(uuid[]), match_changes(xid8), forget_expired(), log_offer(), log_request(), log_person(), log_check(), log_helper(),
    log_sharing(), municipality_staff(integer), person_for_email(citext), actor_reach(),
    actor_person();
DROP TABLE match_change;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {application};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {application};
