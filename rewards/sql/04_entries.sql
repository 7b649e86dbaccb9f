-- Entries: what a transfer did to each of its two accounts, as a chain per account.
-- The foreign key makes a missing, doubled or reordered entry impossible to write.

CREATE TABLE ledger.entry (
    account_id bigint NOT NULL REFERENCES ledger.account,
    seq bigint NOT NULL,
    transfer_id bigint NOT NULL REFERENCES ledger.transfer,
    delta bigint NOT NULL,
    prev_seq bigint GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
    prev_balance bigint NOT NULL,
    balance bigint NOT NULL,
    prev_hash bytea,
    hash bytea NOT NULL,

    PRIMARY KEY (account_id, seq),
    CONSTRAINT entry_link UNIQUE (account_id, seq, balance, hash),
    CONSTRAINT entry_once UNIQUE (transfer_id, account_id),
    CONSTRAINT entry_moves CHECK (delta <> 0),
    CONSTRAINT entry_sum CHECK (balance = prev_balance + delta),
    CONSTRAINT entry_hash CHECK (octet_length(hash) = 32),
    -- A composite foreign key with a NULL in it is not checked: only the first entry may have one.
    CONSTRAINT entry_first_or_linked CHECK (
        (seq = 1 AND prev_hash IS NULL AND prev_balance = 0) OR (seq > 1 AND prev_hash IS NOT NULL)
    ),
    CONSTRAINT entry_chain FOREIGN KEY (account_id, prev_seq, prev_balance, prev_hash)
        REFERENCES ledger.entry (account_id, seq, balance, hash)
);

-- An account's balance is the balance of an entry, not a number of its own.
ALTER TABLE ledger.account ADD CONSTRAINT account_is_its_last_entry
    FOREIGN KEY (id, entries, posted, head) REFERENCES ledger.entry (account_id, seq, balance, hash);

-- The text that is hashed: everything that was booked, in pseudonyms, without the caller's key.
CREATE FUNCTION ledger.canonical(in_transfer ledger.transfer, in_batch ledger.batch) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT array_to_string(ARRAY[
        in_transfer.id::text, in_transfer.batch_id::text, in_transfer.follows_id::text,
        in_transfer.kind::text, in_transfer.unit::text,
        in_transfer.debit_id::text, in_transfer.credit_id::text, in_transfer.amount::text,
        in_transfer.payer::text, in_transfer.payee::text,
        in_transfer.hold_id::text, in_transfer.reverses_id::text,
        in_batch.actor::text, in_batch.operation, encode(in_batch.body_hash, 'hex'),
        in_batch.subject::text, in_batch.reason, encode(in_batch.note_hash, 'hex'),
        (extract(epoch FROM in_batch.occurred_at) * 1000000)::bigint::text,
        (extract(epoch FROM in_batch.booked_at) * 1000000)::bigint::text
    ], '|', '')
$$;

CREATE FUNCTION ledger.entry_hash(
    in_prev bytea, in_account bigint, in_seq bigint, in_delta bigint, in_balance bigint, in_canonical text
) RETURNS bytea
LANGUAGE sql STABLE
AS $$
    SELECT sha256(
        coalesce(in_prev, ''::bytea)
        || convert_to(concat_ws('|', in_account, in_seq, in_delta, in_balance, in_canonical), 'UTF8')
    )
$$;

-- Append-only, for the owner as well.
CREATE FUNCTION ledger.forbid() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'ZL090', TABLE = TG_TABLE_NAME,
        MESSAGE = 'ledger.' || TG_TABLE_NAME || ' allows no ' || TG_OP;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.batch
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON ledger.account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER never_another BEFORE UPDATE OF
        id, municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard, opened_at
    ON ledger.account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
