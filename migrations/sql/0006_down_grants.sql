REVOKE EXECUTE ON FUNCTION match_offers(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_offers(uuid[]) TO {application};
