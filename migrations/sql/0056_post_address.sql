ALTER TABLE municipality ADD COLUMN post_address text NOT NULL DEFAULT '';
