ALTER TABLE municipality DROP COLUMN post_address;
