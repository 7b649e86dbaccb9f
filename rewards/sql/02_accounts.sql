-- Accounts: who holds how much of what. A row is never deleted and never becomes another account.

CREATE TYPE ledger.unit AS ENUM ('ROOSJE_MIN', 'VOUCHER', 'EURCENT', 'WELFARE_CENT');
CREATE TYPE ledger.account_kind AS ENUM (
    'member', 'organisation', 'pot', 'issuer', 'desk', 'provider', 'clearing', 'suspense', 'expired'
);
CREATE TYPE ledger.account_status AS ENUM ('open', 'frozen', 'closed');

CREATE TABLE ledger.account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_id integer NOT NULL,
    unit ledger.unit NOT NULL,
    kind ledger.account_kind NOT NULL,
    owner_pseudonym uuid,
    counter_municipality_id integer,
    shard smallint NOT NULL DEFAULT 0,
    status ledger.account_status NOT NULL DEFAULT 'open',
    -- The limits as they were set ...
    floor bigint NOT NULL,
    ceiling bigint NOT NULL,
    -- ... and as they are in force: a limit tightened past the balance lets the balance be,
    -- blocks whatever would take it further away, and follows it home.
    min_available bigint NOT NULL,
    max_balance bigint NOT NULL,
    posted bigint NOT NULL DEFAULT 0,
    held_out bigint NOT NULL DEFAULT 0,
    held_in bigint NOT NULL DEFAULT 0,
    -- The end of the account's chain of entries.
    entries bigint NOT NULL DEFAULT 0,
    head bytea,
    opened_at timestamptz NOT NULL,
    -- A makelaar set these limits for this one account: policies leave them alone.
    personal boolean NOT NULL DEFAULT false,
    -- Minutes that came in by helping, less what was taken back: the credit line grows with them.
    earned bigint NOT NULL DEFAULT 0,
    -- How many entries there were when it was closed; there will be no more.
    entries_at_close bigint,
    -- The municipality that the owner moved to: this account gives and gets nothing new, until they move back.
    moved_to integer,
    -- These limits are the rules' less what the owner still owes on accounts left behind (set_line).
    narrowed boolean NOT NULL DEFAULT false,

    CONSTRAINT account_natural_key UNIQUE NULLS NOT DISTINCT
        (municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard),
    CONSTRAINT account_unit UNIQUE (id, unit),
    CONSTRAINT account_municipality CHECK (municipality_id BETWEEN 1 AND 9999),
    CONSTRAINT account_owner
        CHECK ((kind IN ('member', 'organisation', 'provider')) = (owner_pseudonym IS NOT NULL)),
    CONSTRAINT account_counter CHECK ((kind = 'clearing') = (counter_municipality_id IS NOT NULL)),
    CONSTRAINT account_counter_is_another CHECK (counter_municipality_id <> municipality_id),
    CONSTRAINT account_shard CHECK (shard = 0 OR (kind = 'pot' AND shard BETWEEN 1 AND 63)),
    CONSTRAINT account_limits_around_zero
        CHECK (floor BETWEEN -1000000000000 AND 0 AND ceiling BETWEEN 0 AND 1000000000000),
    CONSTRAINT account_limits_in_force CHECK (min_available <= floor AND max_balance >= ceiling),
    CONSTRAINT account_earned CHECK (earned >= 0),
    CONSTRAINT account_held CHECK (held_out >= 0 AND held_in >= 0),
    CONSTRAINT account_floor CHECK (posted - held_out >= min_available),
    CONSTRAINT account_ceiling CHECK (posted + held_in <= max_balance),
    CONSTRAINT account_head
        CHECK ((entries = 0 AND head IS NULL AND posted = 0) OR (entries > 0 AND head IS NOT NULL)),
    CONSTRAINT account_closed_is_empty
        CHECK (status <> 'closed' OR (posted = 0 AND held_out = 0 AND held_in = 0)),
    CONSTRAINT account_closed_for_good CHECK (
        (status = 'closed') = (entries_at_close IS NOT NULL)
        AND coalesce(entries_at_close = entries, true)
    ),
    CONSTRAINT account_moved CHECK (
        moved_to IS NULL OR (moved_to <> municipality_id AND kind = 'member' AND personal AND floor = 0)
    )
) WITH (fillfactor = 70);

CREATE INDEX account_by_owner ON ledger.account (owner_pseudonym) WHERE owner_pseudonym IS NOT NULL;
-- One person has one account of Roosjes in use, and so one credit line, wherever they live and lived.
CREATE UNIQUE INDEX account_one_in_use ON ledger.account (owner_pseudonym)
    WHERE kind = 'member' AND unit = 'ROOSJE_MIN' AND status <> 'closed' AND moved_to IS NULL;

-- How far one municipality goes along with another: the most, in minutes, that its helpers may have
-- helped the other's residents on balance. It is the floor of clearing(municipality -> counter).
CREATE TABLE ledger.trust (
    municipality_id integer NOT NULL,
    counter_municipality_id integer NOT NULL,
    limit_minutes bigint NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, counter_municipality_id),
    CONSTRAINT trust_in_another CHECK (municipality_id <> counter_municipality_id),
    CONSTRAINT trust_limit CHECK (limit_minutes BETWEEN 0 AND 1000000000000)
);
