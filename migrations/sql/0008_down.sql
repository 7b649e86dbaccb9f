DROP FUNCTION free_ring();
