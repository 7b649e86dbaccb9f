DROP FUNCTION end_overdue_representation(uuid, uuid);
