-- The tables of the two that are compared with: what each of them needs, and nothing that it does not use.

CREATE SCHEMA plain;

-- The guards of the ledger, kept by Python and declared as far as a table can: key with a hash of what was asked,
-- limits that count holds, a running balance and a hash chain whose links are foreign keys.
CREATE TABLE plain.account (
    id bigint PRIMARY KEY,
    status text NOT NULL DEFAULT 'open',
    min_available bigint NOT NULL,
    max_balance bigint NOT NULL,
    posted bigint NOT NULL DEFAULT 0,
    held_out bigint NOT NULL DEFAULT 0,
    held_in bigint NOT NULL DEFAULT 0,
    entries bigint NOT NULL DEFAULT 0,
    head bytea,
    CHECK (posted - held_out >= min_available),
    CHECK (posted + held_in <= max_balance)
) WITH (fillfactor = 70);
CREATE TABLE plain.batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    booked_at timestamptz NOT NULL,
    UNIQUE (actor, operation, key)
);
CREATE TABLE plain.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES plain.batch,
    kind text NOT NULL,
    debit_id bigint NOT NULL REFERENCES plain.account,
    credit_id bigint NOT NULL REFERENCES plain.account,
    amount bigint NOT NULL,
    CHECK (debit_id <> credit_id),
    CHECK (amount BETWEEN 1 AND 1000000000)
);
CREATE INDEX ON plain.transfer (batch_id);
CREATE TABLE plain.entry (
    account_id bigint NOT NULL REFERENCES plain.account,
    seq bigint NOT NULL,
    transfer_id bigint NOT NULL REFERENCES plain.transfer,
    delta bigint NOT NULL,
    prev_seq bigint GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
    prev_balance bigint NOT NULL,
    balance bigint NOT NULL,
    prev_hash bytea,
    hash bytea NOT NULL,
    PRIMARY KEY (account_id, seq),
    UNIQUE (account_id, seq, balance, hash),
    UNIQUE (transfer_id, account_id),
    CHECK (balance = prev_balance + delta),
    CHECK ((seq = 1 AND prev_hash IS NULL AND prev_balance = 0) OR (seq > 1 AND prev_hash IS NOT NULL)),
    FOREIGN KEY (account_id, prev_seq, prev_balance, prev_hash)
        REFERENCES plain.entry (account_id, seq, balance, hash)
);

-- A double entry as one writes it first with an ORM: a balance on the account, a floor, two lines.
CREATE SCHEMA orm;
CREATE TABLE orm.account (
    id bigint PRIMARY KEY,
    balance bigint NOT NULL DEFAULT 0,
    floor bigint NOT NULL
);
CREATE TABLE orm.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    debit_id bigint NOT NULL REFERENCES orm.account,
    credit_id bigint NOT NULL REFERENCES orm.account,
    amount bigint NOT NULL,
    booked_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orm.entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id bigint NOT NULL REFERENCES orm.transfer,
    account_id bigint NOT NULL REFERENCES orm.account,
    delta bigint NOT NULL,
    balance bigint NOT NULL
);
CREATE INDEX ON orm.entry (account_id, id);

-- Where rows are only copied to: no key, no index, no guard.
CREATE TABLE plain.copied_transfer (
    id bigint, batch_id bigint, kind text, unit text, debit_id bigint, credit_id bigint, amount bigint,
    payer uuid, payee uuid
);
CREATE TABLE plain.copied_entry (
    account_id bigint, seq bigint, transfer_id bigint, delta bigint, prev_balance bigint, balance bigint,
    prev_hash bytea, hash bytea
);
