-- How good the search was that found a ring: with how many in a ring, of how many at most.
ALTER TABLE ring ADD COLUMN members integer, ADD COLUMN served integer, ADD COLUMN upper_bound integer,
    ADD COLUMN optimal boolean;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE ring ADD CONSTRAINT ck_ring_search CHECK (
    num_nulls(members, served, upper_bound, optimal) IN (0, 4) AND served BETWEEN 0 AND upper_bound
    AND upper_bound <= members
);
