ALTER TABLE ring DROP COLUMN members, DROP COLUMN served, DROP COLUMN upper_bound, DROP COLUMN optimal;
