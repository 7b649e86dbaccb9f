DROP FUNCTION letter_notices(uuid[]), forget_dispatches(integer, timestamptz);
DROP TABLE dispatch;
DROP TABLE notice_wish;
DROP INDEX ix_notice_waiting;
-- squawk-ignore ban-drop-column
ALTER TABLE notice DROP COLUMN waiting;
