DROP FUNCTION match_places();
DROP FUNCTION match_asked();
