DROP FUNCTION leave_push_device(bytea);
DROP TABLE push_device;
-- squawk-ignore ban-drop-column
ALTER TABLE notice_wish DROP COLUMN push;
