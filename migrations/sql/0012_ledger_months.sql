-- Months that are closed, imbalances between municipalities that are cancelled, and a seal for every night.

-- Seals: each night one number that stands for every chain as it was. Whoever rewrites a chain whole, hashes
-- and all, still has to answer to the seals; and whoever rewrites these, to the copies that were sent outside.

CREATE TABLE ledger.seal (
    number bigint PRIMARY KEY,
    sealed_on date NOT NULL,
    sealed_at timestamptz NOT NULL,
    accounts bigint NOT NULL,
    entries bigint NOT NULL,
    root bytea NOT NULL,
    prev_number bigint GENERATED ALWAYS AS (CASE WHEN number > 1 THEN number - 1 END) STORED,
    prev_hash bytea,
    hash bytea NOT NULL,

    CONSTRAINT seal_link UNIQUE (number, hash),
    CONSTRAINT seal_once_a_day UNIQUE (sealed_on),
    CONSTRAINT seal_hashes CHECK (octet_length(root) = 32 AND octet_length(hash) = 32),
    CONSTRAINT seal_first_or_linked CHECK (
        (number = 1 AND prev_hash IS NULL) OR (number > 1 AND prev_hash IS NOT NULL)
    ),
    CONSTRAINT seal_chain FOREIGN KEY (prev_number, prev_hash) REFERENCES ledger.seal (number, hash)
);

-- Where each account's chain ended that night, for the accounts that had moved since the seal before.
CREATE TABLE ledger.sealed_head (
    seal bigint NOT NULL REFERENCES ledger.seal,
    account_id bigint NOT NULL REFERENCES ledger.account,
    entries bigint NOT NULL,
    head bytea,

    PRIMARY KEY (account_id, seal),
    CONSTRAINT sealed_head_of_a_chain CHECK (entries >= 0 AND (entries = 0) = (head IS NULL))
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.sealed_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- Leaves and nodes begin with a different byte, so that no node passes for a leaf (as in RFC 6962).
CREATE FUNCTION ledger.seal_leaf(in_account bigint, in_entries bigint, in_head bytea) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256('\x00'::bytea || convert_to(
        concat_ws('|', in_account, in_entries, coalesce(encode(in_head, 'hex'), '')), 'UTF8'))
$$;

-- Two by two, level after level; a node without a neighbour goes up as it is.
CREATE FUNCTION ledger.merkle_root(in_leaves bytea[]) RETURNS bytea
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    level bytea[] := in_leaves;
BEGIN
    IF coalesce(cardinality(level), 0) = 0 THEN
        RETURN sha256('');
    END IF;
    WHILE cardinality(level) > 1 LOOP
        level := ARRAY(
            SELECT CASE WHEN neighbour IS NULL THEN node ELSE sha256('\x01'::bytea || node || neighbour) END
            FROM (
                SELECT node, place, lead(node) OVER (ORDER BY place) AS neighbour
                FROM unnest(level) WITH ORDINALITY AS nodes (node, place)
            ) pairs
            WHERE mod(place, 2) = 1 ORDER BY place);
    END LOOP;
    RETURN level[1];
END
$$;

CREATE FUNCTION ledger.seal_hash(in_seal ledger.seal) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256(coalesce(in_seal.prev_hash, ''::bytea) || convert_to(concat_ws('|',
        in_seal.number, to_char(in_seal.sealed_on, 'YYYY-MM-DD'),
        (extract(epoch FROM in_seal.sealed_at) * 1000000)::bigint,
        in_seal.accounts, in_seal.entries, encode(in_seal.root, 'hex')), 'UTF8'))
$$;

-- The seal of today, made when there is none yet. What is being booked meanwhile is in the next one: all heads
-- are read in one statement, so in one state of the books.
CREATE FUNCTION ledger.make_seal() RETURNS ledger.seal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz;
    before ledger.seal;
    made ledger.seal;
BEGIN
    LOCK TABLE ledger.seal IN SHARE ROW EXCLUSIVE MODE;
    moment := ledger.now();
    SELECT * INTO made FROM ledger.seal WHERE sealed_on = (moment AT TIME ZONE 'Europe/Amsterdam')::date;
    IF FOUND THEN
        RETURN made;
    END IF;
    SELECT * INTO before FROM ledger.seal ORDER BY number DESC LIMIT 1;
    WITH heads AS MATERIALIZED (
        SELECT id, entries, head FROM ledger.account
    ), counted AS (
        SELECT ROW(coalesce(before.number, 0) + 1, (moment AT TIME ZONE 'Europe/Amsterdam')::date, moment,
                   count(*), coalesce(sum(entries), 0),
                   ledger.merkle_root(array_agg(ledger.seal_leaf(id, entries, head) ORDER BY id)),
                   before.number, before.hash, NULL)::ledger.seal AS seal
        FROM heads
    ), sealed AS (
        INSERT INTO ledger.seal (number, sealed_on, sealed_at, accounts, entries, root, prev_hash, hash)
        SELECT (seal).number, (seal).sealed_on, (seal).sealed_at, (seal).accounts, (seal).entries, (seal).root,
               (seal).prev_hash, ledger.seal_hash(seal)
        FROM counted RETURNING *
    ), known AS (
        SELECT DISTINCT ON (account_id) account_id, entries, head FROM ledger.sealed_head
        ORDER BY account_id, seal DESC
    ), moved AS (
        INSERT INTO ledger.sealed_head (seal, account_id, entries, head)
        SELECT sealed.number, h.id, h.entries, h.head
        FROM sealed, heads h LEFT JOIN known k ON k.account_id = h.id
        WHERE k.account_id IS NULL OR (k.entries, k.head) IS DISTINCT FROM (h.entries, h.head)
    )
    SELECT * INTO STRICT made FROM sealed;
    RETURN made;
END
$$;

-- A seal counts the whole region and names nobody; it is meant to be kept by others.
CREATE FUNCTION ledger.seals() RETURNS SETOF ledger.seal
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT * FROM ledger.seal ORDER BY number
$$;

-- What does not fit, the earliest seal first: entries of an account that are not what was sealed, a seal that
-- does not follow the one before it, or a root (computed again from seal in_roots_from on) that is another.
CREATE FUNCTION ledger.seal_faults(in_roots_from bigint)
RETURNS TABLE (seal bigint, account_id bigint, first_seq bigint, last_seq bigint, fault text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT h.seal, h.account_id, h.entries_before + 1, h.entries, 'entries'
    FROM (
        SELECT s.*, coalesce(lag(s.entries) OVER (PARTITION BY s.account_id ORDER BY s.seal), 0) AS entries_before
        FROM ledger.sealed_head s
    ) h
    LEFT JOIN ledger.account a ON a.id = h.account_id
    LEFT JOIN ledger.entry e ON (e.account_id, e.seq) = (h.account_id, h.entries)
    WHERE a.id IS NULL OR a.entries < h.entries OR h.entries < h.entries_before
        OR e.hash IS DISTINCT FROM h.head
    UNION ALL
    SELECT c.number, NULL, NULL, NULL, 'chain'
    FROM (
        SELECT s.number, s.prev_hash, s.hash, ledger.seal_hash(s) AS expected_hash,
               row_number() OVER own AS expected_number, lag(s.hash) OVER own AS hash_before
        FROM ledger.seal s WINDOW own AS (ORDER BY s.number)
    ) c
    WHERE c.number <> c.expected_number OR c.prev_hash IS DISTINCT FROM c.hash_before
        OR c.hash <> c.expected_hash
    UNION ALL
    SELECT s.number, NULL, NULL, NULL, 'root'
    FROM ledger.seal s, LATERAL (
        SELECT count(*) AS accounts, coalesce(sum(k.entries), 0) AS entries,
               ledger.merkle_root(array_agg(ledger.seal_leaf(k.account_id, k.entries, k.head) ORDER BY k.account_id))
                   AS root
        FROM (
            SELECT DISTINCT ON (h.account_id) h.account_id, h.entries, h.head FROM ledger.sealed_head h
            WHERE h.seal <= s.number ORDER BY h.account_id, h.seal DESC
        ) k
    ) again
    WHERE s.number >= in_roots_from
        AND (s.accounts, s.entries, s.root) IS DISTINCT FROM (again.accounts, again.entries, again.root)
    ORDER BY 1, 2, 5
$$;

CREATE VIEW ledger.broken_i21 AS  -- Every chain still ends, or passes, where it was sealed; each seal follows the last.
    SELECT CASE WHEN account_id IS NULL THEN 'seal ' || seal
                ELSE concat(account_id, '/', first_seq, '-', last_seq) END AS offender,
           concat_ws(' ', fault, 'of seal', seal) AS detail
    FROM ledger.seal_faults(coalesce((SELECT max(number) FROM ledger.seal), 1));

REVOKE ALL ON FUNCTION
    ledger.seal_leaf(bigint, bigint, bytea),
    ledger.merkle_root(bytea[]),
    ledger.seal_hash(ledger.seal),
    ledger.make_seal(),
    ledger.seals(),
    ledger.seal_faults(bigint)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.make_seal(), ledger.seals(), ledger.seal_faults(bigint) TO {application};

ALTER TABLE ledger.seal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.sealed_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.seal TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.sealed_head TO CURRENT_USER USING (true) WITH CHECK (true);

-- The lines of before stay as they are, whatever they are by now.
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW ledger.violation AS ' || rtrim(pg_get_viewdef('ledger.violation'::regclass), ';')
        || ' UNION ALL SELECT ''I21'', * FROM ledger.broken_i21';
END
$$;
