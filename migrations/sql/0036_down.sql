DROP FUNCTION agreement_statuses(uuid);
