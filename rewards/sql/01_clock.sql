-- The one clock of the program. Holds, links and deadlines ask it; only the owner can move it,
-- so that tests and the demonstration travel in time while the application cannot.

CREATE SCHEMA ledger;

CREATE TABLE ledger.clock (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT clock_one_row CHECK (only_row),
    ahead_seconds numeric NOT NULL DEFAULT 0
);
INSERT INTO ledger.clock DEFAULT VALUES;

CREATE FUNCTION ledger.now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT clock_timestamp() + make_interval(secs => ahead_seconds::double precision) FROM ledger.clock
$$;

-- Moves the clock on (or back, when negative) and says what time it is then. A month counts as 30 days.
CREATE FUNCTION ledger.shift(in_by interval) RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE ledger.clock SET ahead_seconds = ahead_seconds + extract(epoch FROM in_by);
    SELECT ledger.now();
$$;
