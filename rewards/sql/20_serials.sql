-- What is on paper: dienstencheques and paper Roosjes. A paper is known by the hash of its serial and by nothing
-- else. What it is worth waits in its municipality's suspense account until the paper ends, once.

CREATE TYPE ledger.serial_ending AS ENUM ('redeemed', 'refunded', 'lapsed');

CREATE TABLE ledger.serial (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    serial_hash bytea NOT NULL,
    unit ledger.unit NOT NULL,
    amount bigint NOT NULL,
    -- The event that brought it into the world, where its worth waits, and where it came from: the desk that
    -- sold it, or the account that it was issued against.
    batch_id bigint NOT NULL REFERENCES ledger.batch,
    suspense_id bigint NOT NULL,
    source_id bigint NOT NULL REFERENCES ledger.account,
    expires_at timestamptz NOT NULL,

    CONSTRAINT serial_once UNIQUE (serial_hash),
    CONSTRAINT serial_hash_of_32 CHECK (octet_length(serial_hash) = 32),
    CONSTRAINT serial_worth CHECK (
        (unit = 'VOUCHER' AND amount = 1) OR (unit = 'ROOSJE_MIN' AND amount BETWEEN 1 AND 100000)
    ),
    CONSTRAINT serial_expiry CHECK (isfinite(expires_at)),
    CONSTRAINT serial_suspense FOREIGN KEY (suspense_id, unit) REFERENCES ledger.account (id, unit)
);

CREATE INDEX serial_by_batch ON ledger.serial (batch_id);
CREATE INDEX serial_by_source ON ledger.serial (source_id);
CREATE INDEX serial_by_expiry ON ledger.serial (expires_at);

-- How a paper ended: one row, so once.
CREATE TABLE ledger.serial_end (
    serial_id bigint PRIMARY KEY REFERENCES ledger.serial,
    ending ledger.serial_ending NOT NULL,
    transfer_id bigint NOT NULL REFERENCES ledger.transfer
);

CREATE INDEX serial_end_by_transfer ON ledger.serial_end (transfer_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.serial
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.serial_end
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- People may owe minutes. Of everything else only the issuer gives what it has not got, whatever the limits say; what
-- municipalities paid each other stands against each other.
ALTER TABLE ledger.account ADD CONSTRAINT account_owes_minutes_only CHECK (
    posted >= 0 OR kind = 'issuer' OR (unit = 'ROOSJE_MIN' AND kind <> 'suspense')
    OR (unit = 'EURCENT' AND kind = 'clearing')
);

-- A municipality has several desks, told apart by number.
ALTER TABLE ledger.account DROP CONSTRAINT account_shard;
ALTER TABLE ledger.account ADD CONSTRAINT account_shard
    CHECK (shard = 0 OR (kind IN ('pot', 'desk') AND shard BETWEEN 1 AND 63));

-- These bookings come in pairs with rows of their own; half of one cannot be taken back.
CREATE FUNCTION ledger.forbid_half_a_reversal() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = NEW.reverses_id
            AND (b.operation IN ('sell', 'redeem', 'refund', 'lapse', 'pay_out', 'issue', 'hand_in',
                                 'take_back', 'welfare_grant', 'welfare_return')
                OR (b.operation = 'welfare_spend' AND NOT EXISTS (
                    SELECT FROM ledger.batch u WHERE u.id = NEW.batch_id AND u.operation = 'welfare_undo'))
                OR (b.operation IN ('invoice', 'invoice_pay') AND NOT EXISTS (
                    SELECT FROM ledger.batch u WHERE u.id = NEW.batch_id
                        AND u.operation IN ('invoice_withdraw', 'invoice_correct'))))
    ) THEN
        PERFORM ledger.refuse('ZL016', 'what is on paper, or of a budget, is not reversed');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER paper_is_not_reversed BEFORE INSERT ON ledger.transfer
    FOR EACH ROW WHEN (NEW.kind = 'reverse') EXECUTE FUNCTION ledger.forbid_half_a_reversal();

-- One refusal for whatever is wrong with a serial, so that it says nothing about the papers of others.
CREATE FUNCTION ledger.refuse_serial() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.refuse('ZL040', 'no paper with this serial can be handed in here');
END
$$;

-- The municipality's own account of this kind, opened when there is none yet.
CREATE FUNCTION ledger.municipal(in_municipality integer, in_unit ledger.unit, in_kind ledger.account_kind)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    account_id bigint;
BEGIN
    SELECT id INTO account_id FROM ledger.account
        WHERE municipality_id = in_municipality AND unit = in_unit AND kind = in_kind
            AND owner_pseudonym IS NULL AND counter_municipality_id IS NULL AND shard = 0;
    IF NOT FOUND THEN
        account_id := (ledger.open_account(in_municipality, in_unit, in_kind, NULL, NULL, 0, NULL, NULL)).id;
    END IF;
    RETURN account_id;
END
$$;

-- The account, if it is of this unit and of one of these kinds.
CREATE FUNCTION ledger.expect(
    in_account bigint, in_unit ledger.unit, VARIADIC in_kinds ledger.account_kind[]
) RETURNS ledger.account
LANGUAGE plpgsql
AS $$
DECLARE
    account ledger.account := ledger.existing(in_account);
BEGIN
    IF account.unit <> in_unit OR account.kind <> ALL (in_kinds) THEN
        PERFORM ledger.refuse('ZL022', 'accounts of this kind or unit are not booked on in this way');
    ELSIF account.status <> 'open' THEN
        PERFORM ledger.refuse('ZL002', 'the account is ' || account.status,
                              jsonb_build_object('account', account.id, 'status', account.status));
    END IF;
    RETURN account;
END
$$;

-- One leg between accounts that are locked already, moved at once.
CREATE FUNCTION ledger.book_leg(
    in_batch ledger.batch, in_unit ledger.unit, in_debit bigint, in_credit bigint, in_amount bigint,
    in_payer uuid, in_payee uuid
) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    leg ledger.transfer;
BEGIN
    leg.kind := 'pay';
    leg.unit := in_unit;
    leg.debit_id := in_debit;
    leg.credit_id := in_credit;
    leg.amount := in_amount;
    leg.payer := in_payer;
    leg.payee := in_payee;
    RETURN ledger.write(leg, in_batch, 0);
END
$$;

-- The paper with this serial that still counts at this moment; refused when there is none.
CREATE FUNCTION ledger.outstanding(in_hash bytea, in_unit ledger.unit, in_moment timestamptz)
RETURNS ledger.serial
LANGUAGE plpgsql
AS $$
DECLARE
    paper ledger.serial;
BEGIN
    SELECT * INTO paper FROM ledger.serial s
        WHERE s.serial_hash = in_hash AND s.unit = in_unit AND s.expires_at > in_moment
            AND NOT EXISTS (SELECT FROM ledger.serial_end e WHERE e.serial_id = s.id);
    IF NOT FOUND THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN paper;
END
$$;

-- The paper with this number, which is printed on it for everybody to read, while it still counts and came from here.
CREATE FUNCTION ledger.outstanding_from(
    in_paper bigint, in_source bigint, in_unit ledger.unit, in_moment timestamptz
) RETURNS ledger.serial
LANGUAGE plpgsql
AS $$
DECLARE
    paper ledger.serial;
BEGIN
    SELECT * INTO paper FROM ledger.serial s WHERE s.id = in_paper;
    IF NOT FOUND OR paper.source_id <> in_source THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN ledger.outstanding(paper.serial_hash, in_unit, in_moment);
END
$$;

-- New papers, all alike. The caller made the serials and shows them once.
CREATE FUNCTION ledger.write_serials(
    in_batch ledger.batch, in_hashes bytea[], in_unit ledger.unit, in_amount bigint, in_suspense bigint,
    in_source bigint, in_expires_at timestamptz
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    rows_written integer;
BEGIN
    IF in_expires_at <= in_batch.booked_at THEN
        PERFORM ledger.refuse('ZL018', 'the paper would expire in the past');
    ELSIF coalesce(cardinality(in_hashes), 0) NOT BETWEEN 1 AND 100 THEN
        PERFORM ledger.refuse('ZL020', 'from 1 to 100 papers at a time');
    END IF;
    INSERT INTO ledger.serial (serial_hash, unit, amount, batch_id, suspense_id, source_id, expires_at)
    SELECT hash, in_unit, in_amount, in_batch.id, in_suspense, in_source, in_expires_at
    FROM unnest(in_hashes) hash
    ON CONFLICT ON CONSTRAINT serial_once DO NOTHING;
    GET DIAGNOSTICS rows_written = ROW_COUNT;
    IF rows_written <> cardinality(in_hashes) THEN
        PERFORM ledger.refuse('ZL041', 'a serial was used before');
    END IF;
END
$$;

-- Locks what ending these papers books on. The suspense account is among it: of two who end a paper the second waits
-- here, and finds that it has ended.
CREATE FUNCTION ledger.lock_papers(in_papers bigint[], in_accounts bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.lock(in_accounts, '{open}');
    IF EXISTS (SELECT FROM ledger.serial_end WHERE serial_id = ANY (in_papers)) THEN
        PERFORM ledger.refuse_serial();
    END IF;
END
$$;

-- Whoever gets here without those locks is stopped by the primary key.
CREATE FUNCTION ledger.end_serials(in_serials bigint[], in_ending ledger.serial_ending, in_transfer bigint)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    rows_written integer;
BEGIN
    INSERT INTO ledger.serial_end (serial_id, ending, transfer_id)
    SELECT serial, in_ending, in_transfer FROM unnest(in_serials) serial
    ON CONFLICT (serial_id) DO NOTHING;
    GET DIAGNOSTICS rows_written = ROW_COUNT;
    IF rows_written <> cardinality(in_serials) THEN
        PERFORM ledger.refuse_serial();
    END IF;
END
$$;

-- Where an expired paper's worth goes: a cheque's to expired, a paper Roosje's back to the account it was issued
-- against, or to the pot when that is closed.
CREATE FUNCTION ledger.lapses_to(in_paper ledger.serial) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    municipality integer := (ledger.existing(in_paper.suspense_id)).municipality_id;
BEGIN
    IF in_paper.unit = 'VOUCHER' THEN
        RETURN ledger.municipal(municipality, 'VOUCHER', 'expired');
    ELSIF (ledger.existing(in_paper.source_id)).status = 'closed' THEN
        RETURN ledger.municipal(municipality, in_paper.unit, 'pot');
    END IF;
    RETURN in_paper.source_id;
END
$$;

CREATE FUNCTION ledger.lapse(in_paper ledger.serial) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    target ledger.account := ledger.existing(ledger.lapses_to(in_paper));
    system uuid := '00000000-0000-0000-0000-000000000000';
    batch ledger.batch := ledger.begin_batch(system, 'lapse', 'serial:' || in_paper.id,
        ledger.body_hash(in_paper.id::text), NULL, NULL, NULL, NULL);
    leg bigint;
BEGIN
    -- Nobody loses minutes to a ceiling when they only come back: the limit in force makes room, and follows home.
    UPDATE ledger.account SET max_balance = greatest(max_balance, posted + held_in + in_paper.amount)
        WHERE id = target.id;
    leg := ledger.book_leg(batch, in_paper.unit, in_paper.suspense_id, target.id, in_paper.amount,
                           NULL, target.owner_pseudonym);
    PERFORM ledger.end_serials(ARRAY[in_paper.id], 'lapsed', leg);
    RETURN leg;
END
$$;

-- Ends the papers that are past their date, oldest first; call again until it returns none. All accounts are
-- locked beforehand and in order, and only then it counts what is still out.
CREATE FUNCTION ledger.lapse_due(in_limit integer)
RETURNS TABLE (serial_id bigint, unit ledger.unit, amount bigint, source_id bigint, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    due bigint[] := ARRAY(
        SELECT s.id FROM ledger.serial s WHERE s.expires_at <= ledger.now()
            AND NOT EXISTS (SELECT FROM ledger.serial_end e WHERE e.serial_id = s.id)
        ORDER BY s.expires_at, s.id LIMIT in_limit);
    paper ledger.serial;
BEGIN
    PERFORM ledger.lock(
        ARRAY(
            SELECT account_id FROM ledger.serial s JOIN ledger.account a ON a.id = s.suspense_id,
                unnest(CASE s.unit
                    WHEN 'VOUCHER' THEN ARRAY[a.id, ledger.municipal(a.municipality_id, s.unit, 'expired')]
                    ELSE ARRAY[a.id, s.source_id, ledger.municipal(a.municipality_id, s.unit, 'pot')]
                END) account_id
            WHERE s.id = ANY (due)),
        '{open,frozen,closed}');
    FOR paper IN
        SELECT s.* FROM ledger.serial s WHERE s.id = ANY (due)
            AND NOT EXISTS (SELECT FROM ledger.serial_end e WHERE e.serial_id = s.id)
        ORDER BY s.expires_at, s.id LOOP
        RETURN QUERY SELECT paper.id, paper.unit, paper.amount, paper.source_id, ledger.lapse(paper);
    END LOOP;
END
$$;

-- What a paper is worth to somebody in this municipality who holds it; refused as handing it in would be.
CREATE FUNCTION ledger.worth(in_hash bytea, in_unit ledger.unit, in_municipality integer)
RETURNS TABLE (serial_id bigint, amount bigint, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    paper ledger.serial := ledger.outstanding(in_hash, in_unit, ledger.now());
    of_municipality integer := (ledger.existing(paper.suspense_id)).municipality_id;
BEGIN
    IF of_municipality <> in_municipality AND (in_unit = 'VOUCHER' OR NOT EXISTS (
        SELECT FROM ledger.trust t
        WHERE (t.municipality_id, t.counter_municipality_id) = (in_municipality, of_municipality)
    )) THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN QUERY SELECT paper.id, paper.amount, paper.expires_at;
END
$$;

CREATE VIEW ledger.broken_i12_papers AS  -- What is out waits in suspense; papers begin and end with their worth.
    SELECT a.id::text AS offender, 'suspense ' || a.posted AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT s.suspense_id, sum(s.amount) AS total FROM ledger.serial s
        LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
        WHERE e.serial_id IS NULL GROUP BY s.suspense_id
    ) papers ON papers.suspense_id = a.id
    WHERE a.kind = 'suspense' AND a.unit IN ('VOUCHER', 'ROOSJE_MIN') AND a.posted <> coalesce(papers.total, 0)
    UNION ALL
    SELECT 'batch ' || t.batch_id, 'papers written'
    FROM ledger.transfer t
    JOIN ledger.account a ON a.id = t.credit_id AND a.kind = 'suspense'
    LEFT JOIN (
        SELECT batch_id, suspense_id, sum(amount) AS total FROM ledger.serial GROUP BY batch_id, suspense_id
    ) papers ON (papers.batch_id, papers.suspense_id) = (t.batch_id, t.credit_id)
    WHERE t.unit IN ('VOUCHER', 'ROOSJE_MIN') AND t.kind = 'pay' AND t.amount <> coalesce(papers.total, 0)
    UNION ALL
    SELECT 'transfer ' || t.id, 'papers ended'
    FROM ledger.transfer t
    JOIN ledger.serial_end e ON e.transfer_id = t.id
    JOIN ledger.serial s ON s.id = e.serial_id
    GROUP BY t.id, t.amount
    HAVING t.amount <> sum(s.amount) OR bool_or((t.debit_id, t.unit) <> (s.suspense_id, s.unit));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
-- All but the hash, which leads to a paper only for whoever has it in hand.
GRANT SELECT (id, unit, amount, batch_id, suspense_id, source_id, expires_at) ON ledger.serial
    TO :"application_role";
GRANT SELECT ON ledger.serial_end TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.lapse_due(integer),
    ledger.worth(bytea, ledger.unit, integer)
TO :"application_role";

ALTER TABLE ledger.serial ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.serial_end ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.serial TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.serial_end TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY with_account ON ledger.serial FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = source_id));
CREATE POLICY with_serial ON ledger.serial_end FOR SELECT
    USING (EXISTS (SELECT FROM ledger.serial s WHERE s.id = serial_id));
