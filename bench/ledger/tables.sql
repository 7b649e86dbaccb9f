-- The tables of those that do not write into the ledger's own.

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

-- Where rows are only copied to: the ledger's tables once more, with all their keys (primary, unique and foreign) and
-- indexes, without a CHECK, a trigger or a policy.
CREATE SCHEMA copied;
CREATE TABLE copied.batch (LIKE ledger.batch INCLUDING GENERATED INCLUDING INDEXES);
CREATE TABLE copied.transfer (LIKE ledger.transfer INCLUDING GENERATED INCLUDING INDEXES);
CREATE TABLE copied.entry (LIKE ledger.entry INCLUDING GENERATED INCLUDING INDEXES);
ALTER TABLE copied.transfer
    ADD FOREIGN KEY (batch_id) REFERENCES copied.batch,
    ADD FOREIGN KEY (follows_id) REFERENCES copied.transfer,
    ADD FOREIGN KEY (debit_id, unit) REFERENCES ledger.account (id, unit),
    ADD FOREIGN KEY (credit_id, unit) REFERENCES ledger.account (id, unit),
    ADD FOREIGN KEY (hold_id, hold_kind, unit, debit_id, credit_id, hold_amount)
        REFERENCES copied.transfer (id, kind, unit, debit_id, credit_id, amount),
    ADD FOREIGN KEY (reverses_id, reverses_kind, unit, credit_id, debit_id, amount)
        REFERENCES copied.transfer (id, kind, unit, debit_id, credit_id, amount);
ALTER TABLE copied.entry
    ADD FOREIGN KEY (account_id) REFERENCES ledger.account,
    ADD FOREIGN KEY (transfer_id) REFERENCES copied.transfer,
    ADD FOREIGN KEY (account_id, prev_seq, prev_balance, prev_hash)
        REFERENCES copied.entry (account_id, seq, balance, hash);
