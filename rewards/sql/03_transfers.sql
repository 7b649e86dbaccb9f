-- Transfers: one debit account, one credit account, one amount. What was written stays written.

CREATE TYPE ledger.transfer_kind AS ENUM ('hold', 'settle', 'void', 'expire', 'pay', 'reverse');

-- One event: what somebody did once. Its transfers are written in the same transaction.
-- The key is the caller's and opaque; it is kept for ever, together with a hash of what was asked.
CREATE TABLE ledger.batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    subject uuid,
    reason text,
    note_hash bytea,
    occurred_at timestamptz NOT NULL,
    booked_at timestamptz NOT NULL,

    CONSTRAINT batch_once UNIQUE (actor, operation, key),
    CONSTRAINT batch_operation CHECK (operation ~ '^[a-z_]{1,40}$'),
    CONSTRAINT batch_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT batch_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT batch_reason CHECK (reason ~ '^[a-z_]{1,40}$'),
    CONSTRAINT batch_note_hash CHECK (octet_length(note_hash) = 32),
    CONSTRAINT batch_reversal_has_a_reason CHECK (operation <> 'reverse' OR reason IS NOT NULL),
    CONSTRAINT batch_times CHECK (isfinite(occurred_at) AND isfinite(booked_at)),
    -- Two years, in hours: days and months depend on the time zone of who writes.
    CONSTRAINT batch_in_living_memory CHECK (
        occurred_at BETWEEN booked_at - interval '17544 hours' AND booked_at + interval '17544 hours'
    )
);

CREATE INDEX batch_by_subject ON ledger.batch (subject) WHERE subject IS NOT NULL;

CREATE TABLE ledger.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES ledger.batch,
    kind ledger.transfer_kind NOT NULL,
    unit ledger.unit NOT NULL,
    debit_id bigint NOT NULL,
    credit_id bigint NOT NULL,
    amount bigint NOT NULL,
    -- Between municipalities a transfer has two legs; the second follows the first.
    follows_id bigint REFERENCES ledger.transfer,
    -- The pseudonyms at the two ends, also when a leg ends at a clearing account.
    payer uuid,
    payee uuid,
    expires_at timestamptz,
    -- settle, void and expire end a hold between the same accounts; a settlement may be for less.
    hold_id bigint,
    hold_kind ledger.transfer_kind
        GENERATED ALWAYS AS (CASE WHEN hold_id IS NOT NULL THEN 'hold'::ledger.transfer_kind END) STORED,
    hold_amount bigint,
    -- A reversal is the exact opposite of what it reverses, and is not itself reversed.
    reverses_id bigint,
    reverses_kind ledger.transfer_kind,

    CONSTRAINT transfer_identity UNIQUE (id, kind, unit, debit_id, credit_id, amount),
    CONSTRAINT transfer_debit FOREIGN KEY (debit_id, unit) REFERENCES ledger.account (id, unit),
    CONSTRAINT transfer_credit FOREIGN KEY (credit_id, unit) REFERENCES ledger.account (id, unit),
    CONSTRAINT transfer_of_the_hold
        FOREIGN KEY (hold_id, hold_kind, unit, debit_id, credit_id, hold_amount)
        REFERENCES ledger.transfer (id, kind, unit, debit_id, credit_id, amount),
    CONSTRAINT transfer_opposite
        FOREIGN KEY (reverses_id, reverses_kind, unit, credit_id, debit_id, amount)
        REFERENCES ledger.transfer (id, kind, unit, debit_id, credit_id, amount),
    CONSTRAINT transfer_two_accounts CHECK (debit_id <> credit_id),
    CONSTRAINT transfer_amount CHECK (amount BETWEEN 1 AND 1000000000),
    CONSTRAINT transfer_expiry CHECK ((kind = 'hold') = (expires_at IS NOT NULL) AND isfinite(expires_at)),
    CONSTRAINT transfer_resolution CHECK (
        (kind IN ('settle', 'void', 'expire')) = (hold_id IS NOT NULL)
        AND (hold_id IS NULL) = (hold_amount IS NULL)
    ),
    CONSTRAINT transfer_within_the_hold CHECK (amount <= hold_amount),
    CONSTRAINT transfer_release_is_whole CHECK (kind NOT IN ('void', 'expire') OR amount = hold_amount),
    CONSTRAINT transfer_reversal CHECK (
        (kind = 'reverse') = (reverses_id IS NOT NULL)
        AND (reverses_id IS NULL) = (reverses_kind IS NULL)
    ),
    CONSTRAINT transfer_reversible CHECK (reverses_kind IN ('settle', 'pay')),
    CONSTRAINT transfer_reversed_once UNIQUE (reverses_id)
);

CREATE UNIQUE INDEX transfer_resolved_once ON ledger.transfer (hold_id)
    WHERE kind IN ('settle', 'void', 'expire');
CREATE UNIQUE INDEX transfer_second_leg ON ledger.transfer (follows_id) WHERE follows_id IS NOT NULL;
CREATE INDEX transfer_by_batch ON ledger.transfer (batch_id);

-- The holds that still wait, so that finding the due ones does not search through history.
-- The only rows here that go away; check I3 compares them with the transfers.
CREATE TABLE ledger.open_hold (
    hold_id bigint PRIMARY KEY REFERENCES ledger.transfer,
    debit_id bigint NOT NULL REFERENCES ledger.account,
    credit_id bigint NOT NULL REFERENCES ledger.account,
    amount bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    follows_id bigint
);

CREATE INDEX open_hold_by_debit ON ledger.open_hold (debit_id);
CREATE INDEX open_hold_by_credit ON ledger.open_hold (credit_id);
CREATE INDEX open_hold_by_expiry ON ledger.open_hold (expires_at) WHERE follows_id IS NULL;
