-- Papers (dienstencheques, paper Roosjes), welfare budgets, allowances.

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

-- People may owe minutes. Of everything else only the issuer gives what it has not got, whatever the limits say.
ALTER TABLE ledger.account ADD CONSTRAINT account_owes_minutes_only
    CHECK (posted >= 0 OR kind = 'issuer' OR (unit = 'ROOSJE_MIN' AND kind <> 'suspense'));

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
                                 'welfare_grant', 'welfare_return')
                OR (b.operation = 'welfare_spend' AND NOT EXISTS (
                    SELECT FROM ledger.batch u WHERE u.id = NEW.batch_id AND u.operation = 'welfare_undo')))
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
    INSERT INTO ledger.transfer (batch_id, kind, unit, debit_id, credit_id, amount, payer, payee)
    VALUES (in_batch.id, 'pay', in_unit, in_debit, in_credit, in_amount, in_payer, in_payee)
    RETURNING * INTO leg;
    PERFORM ledger.move(leg, in_batch, 0);
    RETURN leg.id;
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
    TO {application};
GRANT SELECT ON ledger.serial_end TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.lapse_due(integer),
    ledger.worth(bytea, ledger.unit, integer)
TO {application};

ALTER TABLE ledger.serial ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.serial_end ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.serial TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.serial_end TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY with_account ON ledger.serial FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = source_id));
CREATE POLICY with_serial ON ledger.serial_end FOR SELECT
    USING (EXISTS (SELECT FROM ledger.serial s WHERE s.id = serial_id));

-- Dienstencheques: 15 euro for an hour by two people. Sold for cash at a desk, handed in to a provider of the same
-- municipality, who is paid out at the month's end.

CREATE FUNCTION ledger.voucher_cents(in_vouchers bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$ SELECT 1500 * in_vouchers $$;

-- Cash at the desk and cheques to whoever holds the papers, in one event.
CREATE FUNCTION ledger.sell(
    in_key text, in_actor uuid, in_desk bigint, in_hashes bytea[], in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Not the serials: a repeat makes new ones, which nobody needs.
    body bytea := ledger.body_hash(in_desk::text, cardinality(in_hashes)::text, ledger.micros(in_expires_at));
    batch ledger.batch := ledger.begin_batch(in_actor, 'sell', in_key, body, NULL, NULL, NULL, NULL);
    sold bigint := cardinality(in_hashes);
    municipality integer;
    cash bigint;
    stock bigint;
    suspense bigint;
    paid bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'sell', in_key, body);
    END IF;
    municipality := (ledger.expect(in_desk, 'EURCENT', 'desk')).municipality_id;
    cash := ledger.municipal(municipality, 'EURCENT', 'issuer');
    stock := ledger.municipal(municipality, 'VOUCHER', 'issuer');
    suspense := ledger.municipal(municipality, 'VOUCHER', 'suspense');
    PERFORM ledger.lock(ARRAY[in_desk, cash, stock, suspense], '{open}');
    PERFORM ledger.write_serials(batch, in_hashes, 'VOUCHER', 1, suspense, in_desk, in_expires_at);
    paid := ledger.book_leg(batch, 'EURCENT', cash, in_desk, ledger.voucher_cents(sold), NULL, NULL);
    PERFORM ledger.book_leg(batch, 'VOUCHER', stock, suspense, sold, NULL, NULL);
    RETURN ROW(batch.id, paid, false);
END
$$;

CREATE FUNCTION ledger.redeem(in_key text, in_actor uuid, in_hash bytea, in_provider bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(encode(in_hash, 'hex'), in_provider::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'redeem', in_key, body, NULL, NULL, NULL, NULL);
    provider ledger.account;
    paper ledger.serial;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'redeem', in_key, body);
    END IF;
    provider := ledger.expect(in_provider, 'VOUCHER', 'provider');
    paper := ledger.outstanding(in_hash, 'VOUCHER', batch.booked_at);
    IF (ledger.existing(paper.suspense_id)).municipality_id <> provider.municipality_id THEN
        PERFORM ledger.refuse_serial();
    END IF;
    PERFORM ledger.lock_papers(ARRAY[paper.id], ARRAY[paper.suspense_id, in_provider]);
    leg := ledger.book_leg(batch, 'VOUCHER', paper.suspense_id, in_provider, 1, NULL, provider.owner_pseudonym);
    PERFORM ledger.end_serials(ARRAY[paper.id], 'redeemed', leg);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Cheques back to the issuer and their cash out of the desk that sold them.
CREATE FUNCTION ledger.refund_papers(in_batch ledger.batch, in_papers bigint[], in_desk bigint, in_suspense bigint)
RETURNS ledger.booking
LANGUAGE plpgsql
AS $$
DECLARE
    number bigint := cardinality(in_papers);
    municipality integer := (ledger.existing(in_desk)).municipality_id;
    cash bigint := ledger.municipal(municipality, 'EURCENT', 'issuer');
    stock bigint := ledger.municipal(municipality, 'VOUCHER', 'issuer');
    given_back bigint;
    taken_back bigint;
BEGIN
    PERFORM ledger.lock_papers(in_papers, ARRAY[in_desk, cash, stock, in_suspense]);
    given_back := ledger.book_leg(in_batch, 'EURCENT', in_desk, cash, ledger.voucher_cents(number), NULL, NULL);
    taken_back := ledger.book_leg(in_batch, 'VOUCHER', in_suspense, stock, number, NULL, NULL);
    PERFORM ledger.end_serials(in_papers, 'refunded', taken_back);
    RETURN ROW(in_batch.id, given_back, false);
END
$$;

CREATE FUNCTION ledger.refund(in_key text, in_actor uuid, in_hash bytea, in_desk bigint) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(encode(in_hash, 'hex'), in_desk::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'refund', in_key, body, NULL, NULL, NULL, NULL);
    paper ledger.serial;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'refund', in_key, body);
    END IF;
    PERFORM ledger.expect(in_desk, 'EURCENT', 'desk');
    paper := ledger.outstanding(in_hash, 'VOUCHER', batch.booked_at);
    IF paper.source_id <> in_desk THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN ledger.refund_papers(batch, ARRAY[paper.id], in_desk, paper.suspense_id);
END
$$;

-- A sale whose papers never came out of the printer: all of them, or nothing when one has ended or expired.
CREATE FUNCTION ledger.refund_sale(in_key text, in_actor uuid, in_sale bigint, in_desk bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash('sale', in_sale::text, in_desk::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'refund', in_key, body, NULL, NULL, NULL, NULL);
    papers bigint[];
    suspense bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'refund', in_key, body);
    END IF;
    PERFORM ledger.expect(in_desk, 'EURCENT', 'desk');
    SELECT array_agg(s.id), min(s.suspense_id) INTO papers, suspense FROM ledger.serial s
        WHERE s.batch_id = in_sale AND s.source_id = in_desk AND s.expires_at > batch.booked_at;
    IF papers IS NULL THEN
        PERFORM ledger.refuse_serial();
    END IF;
    RETURN ledger.refund_papers(batch, papers, in_desk, suspense);
END
$$;

-- The provider's cheques go back to the issuer, who pays for them.
CREATE FUNCTION ledger.pay_out(in_key text, in_actor uuid, in_provider bigint, in_vouchers bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_provider::text, in_vouchers::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'pay_out', in_key, body, NULL, NULL, NULL, NULL);
    provider ledger.account;
    cash bigint;
    stock bigint;
    purse bigint;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'pay_out', in_key, body);
    END IF;
    provider := ledger.expect(in_provider, 'VOUCHER', 'provider');
    cash := ledger.municipal(provider.municipality_id, 'EURCENT', 'issuer');
    stock := ledger.municipal(provider.municipality_id, 'VOUCHER', 'issuer');
    purse := (ledger.open_account(provider.municipality_id, 'EURCENT', 'provider', provider.owner_pseudonym,
                                  NULL, 0, NULL, NULL)).id;
    PERFORM ledger.lock(ARRAY[in_provider, cash, stock, purse], '{open}');
    provider := ledger.existing(in_provider);
    IF in_vouchers > provider.posted THEN
        PERFORM ledger.refuse('ZL005', 'the provider has no more cheques to be paid for', jsonb_build_object(
            'account', provider.id, 'asked', in_vouchers, 'room', provider.posted));
    END IF;
    leg := ledger.book_leg(batch, 'VOUCHER', in_provider, stock, in_vouchers, provider.owner_pseudonym, NULL);
    PERFORM ledger.book_leg(batch, 'EURCENT', cash, purse, ledger.voucher_cents(in_vouchers),
                            NULL, provider.owner_pseudonym);
    RETURN ROW(batch.id, leg, false);
END
$$;

CREATE VIEW ledger.broken_i12 AS  -- Sold = redeemed + out + expired + refunded; a desk has 1,500 cents for what it kept.
    SELECT a.id::text AS offender, 'desk ' || a.posted AS detail
    FROM ledger.account a
    LEFT JOIN (
        SELECT s.source_id, count(*) FILTER (WHERE e.ending IS DISTINCT FROM 'refunded') AS kept
        FROM ledger.serial s LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
        WHERE s.unit = 'VOUCHER' GROUP BY s.source_id
    ) sold ON sold.source_id = a.id
    WHERE a.kind = 'desk' AND a.posted <> 1500 * coalesce(sold.kept, 0)
    UNION ALL
    SELECT 'municipality ' || m.municipality_id, concat_ws(' ', 'vouchers', m.issued, m.expired, m.redeemed)
    FROM (
        SELECT municipality_id,
            -coalesce(sum(posted) FILTER (WHERE unit = 'VOUCHER' AND kind = 'issuer'), 0) AS issued,
            coalesce(sum(posted) FILTER (WHERE unit = 'VOUCHER' AND kind = 'expired'), 0) AS expired,
            coalesce(sum(posted) FILTER (WHERE unit = 'VOUCHER' AND kind = 'provider'), 0) AS redeemed,
            coalesce(sum(posted) FILTER (WHERE unit = 'EURCENT' AND kind = 'provider'), 0) AS paid_cents
        FROM ledger.account WHERE unit IN ('VOUCHER', 'EURCENT') GROUP BY municipality_id
    ) m
    LEFT JOIN (
        SELECT a.municipality_id, count(*) AS sold,
            count(*) FILTER (WHERE e.ending = 'redeemed') AS redeemed,
            count(*) FILTER (WHERE e.ending = 'refunded') AS refunded,
            count(*) FILTER (WHERE e.ending = 'lapsed') AS lapsed
        FROM ledger.serial s JOIN ledger.account a ON a.id = s.suspense_id
        LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
        WHERE s.unit = 'VOUCHER' GROUP BY a.municipality_id
    ) s ON s.municipality_id = m.municipality_id
    WHERE m.expired <> coalesce(s.lapsed, 0)
        OR 1500 * (coalesce(s.redeemed, 0) - m.redeemed) <> m.paid_cents
        OR 1500 * (coalesce(s.sold - s.refunded, 0) - m.issued) <> m.paid_cents
    UNION ALL
    SELECT p.id::text, 'provider ' || p.posted
    FROM ledger.account p
    LEFT JOIN ledger.account purse ON purse.kind = 'provider' AND purse.unit = 'EURCENT'
        AND (purse.municipality_id, purse.owner_pseudonym) = (p.municipality_id, p.owner_pseudonym)
    LEFT JOIN (
        SELECT t.credit_id, count(*) AS handed_in
        FROM ledger.serial_end e JOIN ledger.transfer t ON t.id = e.transfer_id
        WHERE e.ending = 'redeemed' AND t.unit = 'VOUCHER' GROUP BY t.credit_id
    ) got ON got.credit_id = p.id
    WHERE p.kind = 'provider' AND p.unit = 'VOUCHER'
        AND 1500 * (coalesce(got.handed_in, 0) - p.posted) <> coalesce(purse.posted, 0);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.sell(text, uuid, bigint, bytea[], timestamptz),
    ledger.redeem(text, uuid, bytea, bigint),
    ledger.refund(text, uuid, bytea, bigint),
    ledger.refund_sale(text, uuid, bigint, bigint),
    ledger.pay_out(text, uuid, bigint, bigint)
TO {application};

-- Welfare budgets (PGB Welzijn): per person, municipality and period at most 45,000 cents of grants. What counts is
-- what was granted, not what is left: a ceiling on the balance would let somebody spend and be granted again.

CREATE TYPE ledger.welfare_kind AS ENUM ('grant', 'spend', 'undo', 'close');

CREATE TABLE ledger.welfare_period (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL,
    unit ledger.unit NOT NULL DEFAULT 'WELFARE_CENT',
    person uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    opened_by uuid NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    opened_at timestamptz NOT NULL,

    CONSTRAINT welfare_period_once UNIQUE (opened_by, key),
    CONSTRAINT welfare_period_person UNIQUE (id, person),
    CONSTRAINT welfare_period_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT welfare_period_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT welfare_period_unit CHECK (unit = 'WELFARE_CENT'),
    CONSTRAINT welfare_period_dates CHECK (starts_on > '2000-01-01' AND ends_on BETWEEN starts_on AND starts_on + 366),
    CONSTRAINT welfare_period_opened_by_another CHECK (opened_by <> person),
    CONSTRAINT welfare_period_account FOREIGN KEY (account_id, unit) REFERENCES ledger.account (id, unit),
    CONSTRAINT welfare_period_apart EXCLUDE USING gist (
        int8range(account_id, account_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&
    )
);

CREATE INDEX welfare_period_by_end ON ledger.welfare_period (ends_on);

-- What happened in a period, as a chain: each line begins with the sums in which the one before it ended, so that the
-- ceiling of grants and the rest are CHECKs on a line. Nothing follows the line that closes.
CREATE TABLE ledger.welfare_line (
    period_id bigint NOT NULL,
    seq integer NOT NULL,
    person uuid NOT NULL,
    kind ledger.welfare_kind NOT NULL,
    cents bigint NOT NULL,
    prev_seq integer GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
    prev_granted bigint NOT NULL,
    prev_rest bigint NOT NULL,
    prev_open boolean GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN true END) STORED,
    granted bigint NOT NULL,
    rest bigint NOT NULL,
    stays_open boolean GENERATED ALWAYS AS (kind <> 'close') STORED,
    transfer_id bigint REFERENCES ledger.transfer,
    done_by uuid NOT NULL,
    approved_by uuid,
    receipt_hash bytea,
    -- 0, and 1 more for each time that a refund against this receipt was undone.
    receipt_use smallint,

    PRIMARY KEY (period_id, seq),
    CONSTRAINT welfare_line_period FOREIGN KEY (period_id, person) REFERENCES ledger.welfare_period (id, person),
    CONSTRAINT welfare_line_link UNIQUE (period_id, seq, granted, rest, stays_open),
    CONSTRAINT welfare_line_chain FOREIGN KEY (period_id, prev_seq, prev_granted, prev_rest, prev_open)
        REFERENCES ledger.welfare_line (period_id, seq, granted, rest, stays_open),
    CONSTRAINT welfare_line_first CHECK (seq > 1 OR (seq = 1 AND prev_granted = 0 AND prev_rest = 0)),
    CONSTRAINT welfare_line_sum CHECK (CASE kind
        WHEN 'grant' THEN granted = prev_granted + cents AND rest = prev_rest + cents
        WHEN 'spend' THEN granted = prev_granted AND rest = prev_rest - cents
        WHEN 'undo' THEN granted = prev_granted AND rest = prev_rest + cents
        WHEN 'close' THEN granted = prev_granted AND rest = 0 AND cents = prev_rest
    END),
    CONSTRAINT welfare_line_cents CHECK (cents >= 1 OR (cents = 0 AND kind = 'close')),
    CONSTRAINT welfare_line_ceiling CHECK (granted <= 45000),
    CONSTRAINT welfare_line_rest CHECK (rest BETWEEN 0 AND granted),
    CONSTRAINT welfare_line_transfer CHECK ((transfer_id IS NULL) = (cents = 0)),
    CONSTRAINT welfare_line_moved_once UNIQUE (transfer_id),
    CONSTRAINT welfare_line_not_for_oneself CHECK (person <> done_by AND person <> approved_by),
    CONSTRAINT welfare_line_second_eyes
        CHECK (kind <> 'grant' OR approved_by <> done_by),  -- empty below the amount of the policy
    CONSTRAINT welfare_line_approved_or_receipt CHECK (
        CASE kind WHEN 'spend' THEN (approved_by IS NULL) <> (receipt_hash IS NULL) ELSE receipt_hash IS NULL END
    ),
    CONSTRAINT welfare_line_receipt CHECK (
        (receipt_hash IS NULL) = (receipt_use IS NULL) AND octet_length(receipt_hash) = 32 AND receipt_use >= 0
    ),
    CONSTRAINT welfare_line_receipt_once UNIQUE (receipt_hash, receipt_use)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.welfare_period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.welfare_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

CREATE FUNCTION ledger.amsterdam_day(in_moment timestamptz) RETURNS date
LANGUAGE sql STABLE
AS $$ SELECT (in_moment AT TIME ZONE 'Europe/Amsterdam')::date $$;

-- The period of this key if there is one, refused when the key asked for something else.
CREATE FUNCTION ledger.welfare_period_of_key(in_actor uuid, in_key text, in_body bytea)
RETURNS ledger.welfare_period
LANGUAGE plpgsql
AS $$
DECLARE
    period ledger.welfare_period;
BEGIN
    SELECT * INTO period FROM ledger.welfare_period WHERE opened_by = in_actor AND key = in_key;
    IF period.body_hash <> in_body THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    RETURN period;
END
$$;

-- A new period of this person's budget in this municipality, beside none that overlaps.
CREATE FUNCTION ledger.open_welfare_period(
    in_key text, in_actor uuid, in_municipality integer, in_person uuid, in_starts_on date, in_ends_on date
) RETURNS ledger.welfare_period
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_municipality::text, in_person::text, in_starts_on::text, in_ends_on::text);
    budget bigint := (ledger.open_account(in_municipality, 'WELFARE_CENT', 'member', in_person,
                                          NULL, 0, NULL, NULL)).id;
    period ledger.welfare_period;
BEGIN
    PERFORM ledger.lock(ARRAY[budget], '{open,frozen,closed}');
    period := ledger.welfare_period_of_key(in_actor, in_key, body);
    IF period.id IS NOT NULL THEN
        RETURN period;
    ELSIF in_actor = in_person THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    ELSIF in_ends_on < in_starts_on OR in_ends_on > in_starts_on + 366 THEN
        PERFORM ledger.refuse('ZL020', 'a period has from 1 to 367 days');
    END IF;
    PERFORM ledger.expect(budget, 'WELFARE_CENT', 'member');
    IF EXISTS (SELECT FROM ledger.welfare_period WHERE account_id = budget
               AND daterange(starts_on, ends_on, '[]') && daterange(in_starts_on, in_ends_on, '[]')) THEN
        PERFORM ledger.refuse('ZL042', 'the person has a period on some of these days');
    END IF;
    INSERT INTO ledger.welfare_period
        (account_id, person, starts_on, ends_on, opened_by, key, body_hash, opened_at)
    VALUES (budget, in_person, in_starts_on, in_ends_on, in_actor, in_key, body, ledger.now())
    ON CONFLICT ON CONSTRAINT welfare_period_once DO NOTHING;
    RETURN ledger.welfare_period_of_key(in_actor, in_key, body);
END
$$;

CREATE FUNCTION ledger.existing_period(in_period bigint) RETURNS ledger.welfare_period
LANGUAGE plpgsql
AS $$
DECLARE
    period ledger.welfare_period;
BEGIN
    SELECT * INTO period FROM ledger.welfare_period WHERE id = in_period;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL043', 'no such period', jsonb_build_object('period', in_period));
    END IF;
    RETURN period;
END
$$;

-- The last line of a period, or one of zeroes; the caller holds the account.
CREATE FUNCTION ledger.last_line(in_period bigint) RETURNS ledger.welfare_line
LANGUAGE plpgsql
AS $$
DECLARE
    line ledger.welfare_line;
BEGIN
    SELECT * INTO line FROM ledger.welfare_line WHERE period_id = in_period ORDER BY seq DESC LIMIT 1;
    IF NOT FOUND THEN
        line.seq := 0;
        line.granted := 0;
        line.rest := 0;
        line.stays_open := true;
    END IF;
    RETURN line;
END
$$;

-- The next line of a period; the caller holds the account and checked what it refuses with a reason.
CREATE FUNCTION ledger.write_line(
    in_period ledger.welfare_period, in_kind ledger.welfare_kind, in_cents bigint, in_transfer bigint,
    in_done_by uuid, in_approved_by uuid, in_receipt bytea, in_use integer
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    last ledger.welfare_line := ledger.last_line(in_period.id);
BEGIN
    INSERT INTO ledger.welfare_line (period_id, seq, person, kind, cents, prev_granted, prev_rest, granted, rest,
                                     transfer_id, done_by, approved_by, receipt_hash, receipt_use)
    VALUES (in_period.id, last.seq + 1, in_period.person, in_kind, in_cents, last.granted, last.rest,
            last.granted + CASE in_kind WHEN 'grant' THEN in_cents ELSE 0 END,
            last.rest + CASE WHEN in_kind IN ('grant', 'undo') THEN in_cents ELSE -in_cents END,
            in_transfer, in_done_by, in_approved_by, in_receipt, in_use)
    ON CONFLICT ON CONSTRAINT welfare_line_receipt_once DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL045', 'the receipt was refunded before');
    END IF;
END
$$;

CREATE FUNCTION ledger.refuse_closed() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM ledger.refuse('ZL044', 'the period is over');
END
$$;

CREATE FUNCTION ledger.welfare_grant(
    in_key text, in_actor uuid, in_period bigint, in_cents bigint, in_approved_by uuid
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_period::text, in_cents::text, in_approved_by::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'welfare_grant', in_key, body, NULL, NULL, NULL, NULL);
    period ledger.welfare_period := ledger.existing_period(in_period);
    last ledger.welfare_line;
    municipality integer := (ledger.existing(period.account_id)).municipality_id;
    threshold bigint := (ledger.policy_at(municipality, batch.booked_at)).eyes_above_cents;
    alone bigint;
    source bigint;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_grant', in_key, body);
    ELSIF in_approved_by = in_actor OR period.person IN (in_actor, in_approved_by) THEN
        PERFORM ledger.refuse('ZL032', 'nobody grants to themselves, nor is a second pair of eyes of their own');
    END IF;
    source := ledger.municipal(municipality, 'WELFARE_CENT', 'issuer');
    PERFORM ledger.lock(ARRAY[period.account_id, source], '{open}');
    last := ledger.last_line(in_period);
    IF NOT last.stays_open OR ledger.amsterdam_day(batch.booked_at) > period.ends_on THEN
        PERFORM ledger.refuse_closed();
    ELSIF last.granted + in_cents > 45000 THEN
        PERFORM ledger.refuse('ZL046', 'the period would pass its ceiling of grants', jsonb_build_object(
            'account', period.account_id, 'asked', in_cents, 'room', 45000 - last.granted));
    ELSIF in_approved_by IS NULL THEN
        -- What the period was granted without a second pair of eyes counts together.
        SELECT coalesce(sum(cents), 0) INTO alone FROM ledger.welfare_line
            WHERE period_id = in_period AND kind = 'grant' AND approved_by IS NULL;
        IF alone + in_cents > threshold THEN
            PERFORM ledger.refuse('ZL033', 'a second pair of eyes must see this', jsonb_build_object(
                'asked', in_cents, 'granted', alone, 'threshold', threshold));
        END IF;
    END IF;
    leg := ledger.book_leg(batch, 'WELFARE_CENT', source, period.account_id, in_cents, NULL, period.person);
    PERFORM ledger.write_line(period, 'grant', in_cents, leg, in_actor, in_approved_by, NULL, NULL);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Either approved beforehand (by whom), or refunded against a receipt (its hash). It happened within the period; a
-- receipt may come in later, until the period is closed.
CREATE FUNCTION ledger.welfare_spend(
    in_key text, in_actor uuid, in_period bigint, in_cents bigint, in_approved_by uuid, in_receipt bytea,
    in_occurred_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_period::text, in_cents::text, in_approved_by::text,
                                   encode(in_receipt, 'hex'), ledger.micros(in_occurred_at));
    batch ledger.batch := ledger.begin_batch(in_actor, 'welfare_spend', in_key, body, NULL, in_occurred_at, NULL, NULL);
    period ledger.welfare_period := ledger.existing_period(in_period);
    last ledger.welfare_line;
    sink bigint;
    uses integer;
    undone integer;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_spend', in_key, body);
    ELSIF (in_approved_by IS NULL) = (in_receipt IS NULL) THEN
        PERFORM ledger.refuse('ZL020', 'a spending was approved, or has a receipt: one of the two');
    ELSIF period.person IN (in_actor, in_approved_by) THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    END IF;
    sink := ledger.municipal((ledger.existing(period.account_id)).municipality_id, 'WELFARE_CENT', 'suspense');
    PERFORM ledger.lock(ARRAY[period.account_id, sink], '{open}');
    last := ledger.last_line(in_period);
    IF NOT last.stays_open OR batch.occurred_at > batch.booked_at
        OR ledger.amsterdam_day(batch.occurred_at) NOT BETWEEN period.starts_on AND period.ends_on THEN
        PERFORM ledger.refuse_closed();
    ELSIF in_cents > last.rest THEN
        PERFORM ledger.refuse('ZL005', 'the budget has not got that much left', jsonb_build_object(
            'account', period.account_id, 'asked', in_cents, 'room', last.rest));
    END IF;
    IF in_receipt IS NOT NULL THEN
        SELECT count(*), count(r.id) INTO uses, undone FROM ledger.welfare_line l
            LEFT JOIN ledger.transfer r ON r.reverses_id = l.transfer_id
            WHERE l.receipt_hash = in_receipt;
        IF uses > undone THEN
            PERFORM ledger.refuse('ZL045', 'the receipt was refunded before');
        END IF;
    END IF;
    leg := ledger.book_leg(batch, 'WELFARE_CENT', period.account_id, sink, in_cents, period.person, NULL);
    PERFORM ledger.write_line(period, 'spend', in_cents, leg, in_actor, in_approved_by, in_receipt, uses);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Takes a spending back, once and whole, while its period is open: it was written down wrongly.
CREATE FUNCTION ledger.welfare_undo(in_key text, in_actor uuid, in_transfer bigint, in_reason text)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_transfer::text, in_reason);
    batch ledger.batch := ledger.begin_batch(in_actor, 'welfare_undo', in_key, body, NULL, NULL, in_reason, NULL);
    spent ledger.welfare_line;
    period ledger.welfare_period;
    result ledger.booking;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_undo', in_key, body);
    END IF;
    SELECT * INTO spent FROM ledger.welfare_line WHERE transfer_id = in_transfer AND kind = 'spend';
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL015', 'no such spending', jsonb_build_object('transfer', in_transfer));
    END IF;
    period := ledger.existing_period(spent.period_id);
    IF period.person = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    END IF;
    PERFORM ledger.lock(ARRAY[period.account_id], '{open}');
    IF NOT (ledger.last_line(period.id)).stays_open THEN
        PERFORM ledger.refuse_closed();
    END IF;
    result := ledger.book_back(in_transfer, batch);
    PERFORM ledger.write_line(period, 'undo', spent.cents, result.transfer_id, in_actor, NULL, NULL, NULL);
    RETURN result;
END
$$;

-- Closes a period and returns what is left of it. No batch when there is nothing left: then the booking is empty.
CREATE FUNCTION ledger.welfare_return(in_key text, in_actor uuid, in_period bigint) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_period::text);
    period ledger.welfare_period := ledger.existing_period(in_period);
    source bigint := ledger.municipal((ledger.existing(period.account_id)).municipality_id, 'WELFARE_CENT', 'issuer');
    last ledger.welfare_line;
    batch ledger.batch;
    leg bigint;
BEGIN
    PERFORM ledger.lock(ARRAY[period.account_id, source], '{open,frozen,closed}');
    last := ledger.last_line(in_period);
    IF period.person = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody decides on a budget of their own');
    ELSIF last.stays_open AND last.rest = 0 THEN
        PERFORM ledger.write_line(period, 'close', 0, NULL, in_actor, NULL, NULL, NULL);
        RETURN ROW(NULL::bigint, NULL::bigint, false);
    ELSIF NOT last.stays_open AND last.cents = 0 THEN
        RETURN ROW(NULL::bigint, NULL::bigint, true);
    END IF;
    batch := ledger.begin_batch(in_actor, 'welfare_return', in_key, body, NULL, NULL, NULL, NULL);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'welfare_return', in_key, body);
    ELSIF NOT last.stays_open THEN
        PERFORM ledger.refuse_closed();
    END IF;
    leg := ledger.book_leg(batch, 'WELFARE_CENT', period.account_id, source, last.rest, period.person, NULL);
    PERFORM ledger.write_line(period, 'close', last.rest, leg, in_actor, NULL, NULL, NULL);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Closes the periods that ended longer ago than receipts may take; call again until it returns none. The accounts
-- are locked beforehand and in order.
CREATE FUNCTION ledger.welfare_return_due(in_grace_days integer, in_limit integer)
RETURNS TABLE (period_id bigint, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    due bigint[] := ARRAY(
        SELECT p.id FROM ledger.welfare_period p
        WHERE p.ends_on < ledger.amsterdam_day(ledger.now()) - in_grace_days
            AND NOT EXISTS (SELECT FROM ledger.welfare_line l WHERE l.period_id = p.id AND l.kind = 'close')
        ORDER BY p.ends_on, p.id LIMIT in_limit);
    over_id bigint;
BEGIN
    PERFORM ledger.lock(
        ARRAY(SELECT a FROM ledger.welfare_period p JOIN ledger.account b ON b.id = p.account_id,
                  unnest(ARRAY[b.id, ledger.municipal(b.municipality_id, 'WELFARE_CENT', 'issuer')]) a
              WHERE p.id = ANY (due)),
        '{open,frozen,closed}');
    FOR over_id IN
        SELECT p.id FROM ledger.welfare_period p WHERE p.id = ANY (due)
            AND NOT EXISTS (SELECT FROM ledger.welfare_line l WHERE l.period_id = p.id AND l.kind = 'close')
        ORDER BY p.ends_on, p.id LOOP
        RETURN QUERY SELECT over_id, (ledger.welfare_return(
            'period:' || over_id, '00000000-0000-0000-0000-000000000000', over_id)).transfer_id;
    END LOOP;
END
$$;

CREATE VIEW ledger.broken_i13 AS  -- Grants are at most 45,000; spent no more than granted; lines and bookings agree.
    SELECT 'period ' || l.period_id AS offender, concat_ws(' ', 'granted', l.granted, 'spent', l.spent) AS detail
    FROM (
        SELECT period_id,
            coalesce(sum(cents) FILTER (WHERE kind = 'grant'), 0) AS granted,
            coalesce(sum(CASE kind WHEN 'spend' THEN cents WHEN 'undo' THEN -cents ELSE 0 END), 0) AS spent,
            coalesce(sum(cents) FILTER (WHERE kind = 'close'), 0) AS returned,
            count(*) FILTER (WHERE kind = 'close') AS closed,
            max(granted) AS said_granted,
            (array_agg(rest ORDER BY seq DESC))[1] AS rest
        FROM ledger.welfare_line GROUP BY period_id
    ) l
    WHERE l.granted > 45000 OR l.spent NOT BETWEEN 0 AND l.granted OR l.granted <> l.said_granted
        OR l.granted <> l.spent + l.returned + l.rest OR l.closed > 1
    UNION ALL
    SELECT 'account ' || a.id, 'posted ' || a.posted
    FROM ledger.account a
    LEFT JOIN (
        SELECT p.account_id, sum(CASE l.kind WHEN 'grant' THEN l.cents WHEN 'undo' THEN l.cents ELSE -l.cents END) AS rest
        FROM ledger.welfare_line l JOIN ledger.welfare_period p ON p.id = l.period_id GROUP BY p.account_id
    ) periods ON periods.account_id = a.id
    WHERE a.unit = 'WELFARE_CENT' AND a.kind = 'member' AND a.posted <> coalesce(periods.rest, 0)
    UNION ALL
    SELECT 'transfer ' || t.id, 'welfare line'
    FROM ledger.transfer t
    LEFT JOIN ledger.welfare_line l ON l.transfer_id = t.id
    LEFT JOIN ledger.welfare_period p ON p.id = l.period_id
    WHERE t.unit = 'WELFARE_CENT' AND (
        l.period_id IS NULL OR t.amount <> l.cents
        OR p.account_id <> CASE WHEN l.kind IN ('grant', 'undo') THEN t.credit_id ELSE t.debit_id END);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT SELECT ON ledger.welfare_period, ledger.welfare_line TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.open_welfare_period(text, uuid, integer, uuid, date, date),
    ledger.welfare_grant(text, uuid, bigint, bigint, uuid),
    ledger.welfare_spend(text, uuid, bigint, bigint, uuid, bytea, timestamptz),
    ledger.welfare_undo(text, uuid, bigint, text),
    ledger.welfare_return(text, uuid, bigint),
    ledger.welfare_return_due(integer, integer)
TO {application};

ALTER TABLE ledger.welfare_period ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.welfare_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.welfare_period TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.welfare_line TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY with_account ON ledger.welfare_period FOR SELECT
    USING (EXISTS (SELECT FROM ledger.account a WHERE a.id = account_id));
CREATE POLICY with_period ON ledger.welfare_line FOR SELECT
    USING (EXISTS (SELECT FROM ledger.welfare_period p WHERE p.id = period_id));

-- The meter of volunteers' allowances: euro-valued things that somebody got, by the day. No money moves here; what is
-- counted is refused when it would pass what the rules let a volunteer have, in a month and in a year.

-- A volunteer's allowance in general; the costs of driving for others, which have a ceiling of their own.
CREATE TYPE ledger.allowance_kind AS ENUM ('volunteer', 'driving');

-- The rules from a day on: never changed, only followed. Without a row nothing of the kind is counted.
CREATE TABLE ledger.allowance_limit (
    kind ledger.allowance_kind NOT NULL,
    valid_from date NOT NULL,
    month_cents bigint NOT NULL,
    year_cents bigint NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,

    PRIMARY KEY (kind, valid_from),
    CONSTRAINT allowance_limit_cents
        CHECK (month_cents BETWEEN 0 AND year_cents AND year_cents <= 1000000000),
    CONSTRAINT allowance_limit_from CHECK (valid_from BETWEEN '2000-01-01' AND '2199-12-31')
);

CREATE TABLE ledger.allowance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality_id integer NOT NULL,
    person uuid NOT NULL,
    kind ledger.allowance_kind NOT NULL,
    day date NOT NULL,
    -- Below zero for one that was withdrawn: the opposite of the first, once.
    cents bigint NOT NULL,
    withdraws_id bigint,
    withdrawn_cents bigint GENERATED ALWAYS AS (CASE WHEN withdraws_id IS NOT NULL THEN -cents END) STORED,
    subject uuid,
    actor uuid NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    noted_at timestamptz NOT NULL,

    CONSTRAINT allowance_once UNIQUE (actor, key),
    CONSTRAINT allowance_key CHECK (length(key) BETWEEN 1 AND 200),
    CONSTRAINT allowance_body_hash CHECK (octet_length(body_hash) = 32),
    CONSTRAINT allowance_municipality CHECK (municipality_id BETWEEN 1 AND 9999),
    CONSTRAINT allowance_day CHECK (day BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT allowance_cents CHECK (
        (withdraws_id IS NULL AND cents BETWEEN 1 AND 1000000000) OR (withdraws_id IS NOT NULL AND cents < 0)
    ),
    CONSTRAINT allowance_not_by_oneself CHECK (actor <> person),
    CONSTRAINT allowance_identity UNIQUE (id, municipality_id, person, kind, day, cents),
    CONSTRAINT allowance_opposite FOREIGN KEY (withdraws_id, municipality_id, person, kind, day, withdrawn_cents)
        REFERENCES ledger.allowance (id, municipality_id, person, kind, day, cents),
    CONSTRAINT allowance_withdrawn_once UNIQUE (withdraws_id)
);

CREATE INDEX allowance_by_person ON ledger.allowance (person, kind, day);

-- Sums per month (its first day) and per year, all municipalities together, with the most that they may be. Whoever
-- counts holds the row, so that of two at once the second sees what the first added.
CREATE TABLE ledger.allowance_total (
    person uuid NOT NULL,
    kind ledger.allowance_kind NOT NULL,
    span text NOT NULL,
    starts_on date NOT NULL,
    cents bigint NOT NULL,
    most_cents bigint NOT NULL,

    PRIMARY KEY (person, kind, span, starts_on),
    CONSTRAINT allowance_total_span
        CHECK (span IN ('month', 'year') AND date_part('day', starts_on) = 1
               AND (span = 'month' OR date_part('month', starts_on) = 1)),
    CONSTRAINT allowance_total_within CHECK (cents BETWEEN 0 AND most_cents)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.allowance_limit
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.allowance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON ledger.allowance_total
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- 210 euro a month and 2,100 a year. A driver may have the year's sum in any months.
INSERT INTO ledger.allowance_limit VALUES
    ('volunteer', '2000-01-01', 21000, 210000, '00000000-0000-0000-0000-000000000000', ledger.now()),
    ('driving', '2000-01-01', 210000, 210000, '00000000-0000-0000-0000-000000000000', ledger.now());

CREATE TYPE ledger.allowance_state AS (
    allowance_id bigint, month_cents bigint, month_most bigint, year_cents bigint, year_most bigint, hit boolean
);

CREATE FUNCTION ledger.allowance_limit_on(in_kind ledger.allowance_kind, in_day date)
RETURNS ledger.allowance_limit
LANGUAGE sql STABLE
AS $$
    SELECT * FROM ledger.allowance_limit WHERE kind = in_kind AND valid_from <= in_day
    ORDER BY valid_from DESC LIMIT 1
$$;

-- Where somebody stands in the month and year of a day.
CREATE FUNCTION ledger.allowance_standing(
    in_person uuid, in_kind ledger.allowance_kind, in_day date, in_allowance bigint, in_hit boolean
) RETURNS ledger.allowance_state
LANGUAGE sql STABLE
AS $$
    SELECT ROW(
        in_allowance,
        coalesce((SELECT cents FROM ledger.allowance_total WHERE person = in_person AND kind = in_kind
                  AND span = 'month' AND starts_on = date_trunc('month', in_day::timestamp)::date), 0),
        rules.month_cents,
        coalesce((SELECT cents FROM ledger.allowance_total WHERE person = in_person AND kind = in_kind
                  AND span = 'year' AND starts_on = date_trunc('year', in_day::timestamp)::date), 0),
        rules.year_cents,
        in_hit
    )::ledger.allowance_state
    FROM ledger.allowance_limit_on(in_kind, in_day) rules
$$;

-- Adds to the sum of a month or year, under its lock. What lowers a sum is never refused.
CREATE FUNCTION ledger.add_allowance(
    in_person uuid, in_kind ledger.allowance_kind, in_span text, in_day date, in_cents bigint, in_most bigint
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    first_day date := date_trunc(in_span, in_day::timestamp)::date;
    sum_so_far bigint;
BEGIN
    INSERT INTO ledger.allowance_total VALUES (in_person, in_kind, in_span, first_day, 0, in_most)
    ON CONFLICT (person, kind, span, starts_on) DO NOTHING;
    SELECT cents INTO STRICT sum_so_far FROM ledger.allowance_total
        WHERE (person, kind, span, starts_on) = (in_person, in_kind, in_span, first_day) FOR NO KEY UPDATE;
    IF in_cents > 0 AND sum_so_far + in_cents > in_most THEN
        PERFORM ledger.refuse('ZL050', 'the allowance would pass what the rules let somebody have',
            jsonb_build_object('span', in_span, 'asked', in_cents, 'room', greatest(0, in_most - sum_so_far)));
    END IF;
    UPDATE ledger.allowance_total
        SET cents = sum_so_far + in_cents, most_cents = greatest(in_most, sum_so_far + in_cents)
        WHERE (person, kind, span, starts_on) = (in_person, in_kind, in_span, first_day);
END
$$;

-- The row of this key if there is one, refused when the key asked for something else.
CREATE FUNCTION ledger.allowance_of_key(in_actor uuid, in_key text, in_body bytea) RETURNS ledger.allowance
LANGUAGE plpgsql
AS $$
DECLARE
    noted ledger.allowance;
BEGIN
    SELECT * INTO STRICT noted FROM ledger.allowance WHERE actor = in_actor AND key = in_key;
    IF noted.body_hash <> in_body THEN
        PERFORM ledger.refuse('ZL009', 'the key was used for something else');
    END IF;
    RETURN noted;
END
$$;

-- Counts what somebody got on a day, refused above the month's or the year's limit.
CREATE FUNCTION ledger.note_allowance(
    in_key text, in_actor uuid, in_municipality integer, in_person uuid, in_kind ledger.allowance_kind,
    in_day date, in_cents bigint, in_subject uuid
) RETURNS ledger.allowance_state
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_municipality::text, in_person::text, in_kind::text, in_day::text,
                                   in_cents::text, in_subject::text);
    rules ledger.allowance_limit := ledger.allowance_limit_on(in_kind, in_day);
    noted ledger.allowance;
BEGIN
    IF in_actor = in_person THEN
        PERFORM ledger.refuse('ZL032', 'nobody counts an allowance of their own');
    ELSIF rules.kind IS NULL OR in_day > ledger.amsterdam_day(ledger.now()) THEN
        PERFORM ledger.refuse('ZL020', 'no allowance is counted on this day');
    END IF;
    INSERT INTO ledger.allowance
        (municipality_id, person, kind, day, cents, subject, actor, key, body_hash, noted_at)
    VALUES (in_municipality, in_person, in_kind, in_day, in_cents, in_subject, in_actor, in_key, body, ledger.now())
    ON CONFLICT ON CONSTRAINT allowance_once DO NOTHING
    RETURNING * INTO noted;
    IF noted.id IS NULL THEN
        noted := ledger.allowance_of_key(in_actor, in_key, body);
        RETURN ledger.allowance_standing(in_person, in_kind, in_day, noted.id, true);
    END IF;
    PERFORM ledger.add_allowance(in_person, in_kind, 'month', in_day, in_cents, rules.month_cents);
    PERFORM ledger.add_allowance(in_person, in_kind, 'year', in_day, in_cents, rules.year_cents);
    RETURN ledger.allowance_standing(in_person, in_kind, in_day, noted.id, false);
END
$$;

-- Takes one back, once and whole: it was written down wrongly.
CREATE FUNCTION ledger.withdraw_allowance(in_key text, in_actor uuid, in_allowance bigint)
RETURNS ledger.allowance_state
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash('withdraw', in_allowance::text);
    original ledger.allowance;
    rules ledger.allowance_limit;
    noted ledger.allowance;
BEGIN
    SELECT * INTO original FROM ledger.allowance WHERE id = in_allowance AND withdraws_id IS NULL;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('ZL051', 'no such allowance', jsonb_build_object('allowance', in_allowance));
    ELSIF in_actor = original.person THEN
        PERFORM ledger.refuse('ZL032', 'nobody counts an allowance of their own');
    END IF;
    INSERT INTO ledger.allowance (municipality_id, person, kind, day, cents, withdraws_id, subject, actor, key,
                                  body_hash, noted_at)
    VALUES (original.municipality_id, original.person, original.kind, original.day, -original.cents, original.id,
            original.subject, in_actor, in_key, body, ledger.now())
    ON CONFLICT DO NOTHING
    RETURNING * INTO noted;
    IF noted.id IS NULL AND NOT EXISTS (
        SELECT FROM ledger.allowance WHERE actor = in_actor AND key = in_key
    ) THEN
        PERFORM ledger.refuse('ZL052', 'the allowance was withdrawn before');
    ELSIF noted.id IS NULL THEN
        noted := ledger.allowance_of_key(in_actor, in_key, body);
        RETURN ledger.allowance_standing(original.person, original.kind, original.day, noted.id, true);
    END IF;
    rules := ledger.allowance_limit_on(original.kind, original.day);
    PERFORM ledger.add_allowance(original.person, original.kind, 'month', original.day, -original.cents,
                                 rules.month_cents);
    PERFORM ledger.add_allowance(original.person, original.kind, 'year', original.day, -original.cents,
                                 rules.year_cents);
    RETURN ledger.allowance_standing(original.person, original.kind, original.day, noted.id, false);
END
$$;

-- Rules from a coming month on; what was counted before them stays as it is.
CREATE FUNCTION ledger.set_allowance_limit(
    in_actor uuid, in_kind ledger.allowance_kind, in_valid_from date, in_month_cents bigint, in_year_cents bigint
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    earlier ledger.allowance_limit;
BEGIN
    SELECT * INTO earlier FROM ledger.allowance_limit WHERE kind = in_kind AND valid_from = in_valid_from;
    IF earlier.kind IS NULL THEN
        IF in_valid_from <= ledger.amsterdam_day(ledger.now()) OR date_part('day', in_valid_from) <> 1 THEN
            PERFORM ledger.refuse('ZL053', 'rules begin with a month that is still to come');
        END IF;
        INSERT INTO ledger.allowance_limit
        VALUES (in_kind, in_valid_from, in_month_cents, in_year_cents, in_actor, ledger.now())
        ON CONFLICT (kind, valid_from) DO NOTHING;
        SELECT * INTO STRICT earlier FROM ledger.allowance_limit WHERE kind = in_kind AND valid_from = in_valid_from;
    END IF;
    IF (earlier.month_cents, earlier.year_cents) <> (in_month_cents, in_year_cents) THEN
        PERFORM ledger.refuse('ZL054', 'there are rules from this day on already');
    END IF;
END
$$;

CREATE VIEW ledger.broken_i24 AS  -- Each sum of allowances is that of its rows, and none is past its limit.
    SELECT concat_ws(' ', 'allowance', coalesce(t.starts_on, r.starts_on), coalesce(t.span, r.span)) AS offender,
           concat_ws(' ', 'sum', t.cents, 'rows', r.cents) AS detail
    FROM ledger.allowance_total t
    FULL JOIN (
        SELECT person, kind, span, date_trunc(span, day::timestamp)::date AS starts_on, sum(cents) AS cents
        FROM ledger.allowance, (VALUES ('month'), ('year')) AS spans (span)
        GROUP BY 1, 2, 3, 4
    ) r ON (r.person, r.kind, r.span, r.starts_on) = (t.person, t.kind, t.span, t.starts_on)
    WHERE t.cents IS DISTINCT FROM r.cents OR t.cents NOT BETWEEN 0 AND t.most_cents
    UNION ALL
    SELECT 'allowance ' || w.id, 'withdrawal'
    FROM ledger.allowance w LEFT JOIN ledger.allowance o ON o.id = w.withdraws_id
    WHERE (w.cents < 0) <> (w.withdraws_id IS NOT NULL)
        OR (w.withdraws_id IS NOT NULL AND (o.person, o.kind, o.day, o.cents, o.withdraws_id)
            IS DISTINCT FROM (w.person, w.kind, w.day, -w.cents, NULL::bigint));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT SELECT ON ledger.allowance_limit, ledger.allowance, ledger.allowance_total TO {application};
GRANT EXECUTE ON FUNCTION
    ledger.note_allowance(text, uuid, integer, uuid, ledger.allowance_kind, date, bigint, uuid),
    ledger.withdraw_allowance(text, uuid, bigint),
    ledger.set_allowance_limit(uuid, ledger.allowance_kind, date, bigint, bigint)
TO {application};

ALTER TABLE ledger.allowance_limit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.allowance ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.allowance_total ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.allowance_limit TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.allowance TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.allowance_total TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY read ON ledger.allowance_limit FOR SELECT USING (true);
CREATE POLICY own ON ledger.allowance FOR SELECT
    USING (person = (SELECT nullif(current_setting('app.pseudonym', true), ''))::uuid);
CREATE POLICY staff ON ledger.allowance FOR SELECT
    USING (municipality_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[]));
-- The rules look at a person, so whoever sees a row sees the sums that it counts in.
CREATE POLICY with_allowance ON ledger.allowance_total FOR SELECT USING (EXISTS (
    SELECT FROM ledger.allowance a
    WHERE a.person = allowance_total.person AND a.kind = allowance_total.kind
));

-- Paper Roosjes: minutes taken off an account onto papers, handed in once by whoever holds one.

-- Both clearing accounts on the way from one municipality to another; NULL without trust of the second in the first.
CREATE FUNCTION ledger.clearing_between(in_from integer, in_to integer, in_unit ledger.unit) RETURNS bigint[]
LANGUAGE sql STABLE
AS $$
    SELECT array_agg(a.id ORDER BY a.municipality_id = in_from DESC)
    FROM ledger.trust t JOIN ledger.account a ON a.kind = 'clearing' AND a.unit = in_unit
        AND (a.municipality_id, a.counter_municipality_id) IN ((in_from, in_to), (in_to, in_from))
    WHERE t.municipality_id = in_to AND t.counter_municipality_id = in_from
$$;

-- The account pays when the papers are issued, within its limits, holds included.
CREATE FUNCTION ledger.issue(
    in_key text, in_actor uuid, in_account bigint, in_hashes bytea[], in_minutes bigint,
    in_expires_at timestamptz
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_account::text, cardinality(in_hashes)::text, in_minutes::text,
                                   ledger.micros(in_expires_at));
    batch ledger.batch := ledger.begin_batch(in_actor, 'issue', in_key, body, NULL, NULL, NULL, NULL);
    issuer ledger.account;
    suspense bigint;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'issue', in_key, body);
    END IF;
    issuer := ledger.expect(in_account, 'ROOSJE_MIN', 'member', 'organisation');
    suspense := ledger.municipal(issuer.municipality_id, 'ROOSJE_MIN', 'suspense');
    PERFORM ledger.lock(ARRAY[in_account, suspense], '{open}');
    PERFORM ledger.write_serials(batch, in_hashes, 'ROOSJE_MIN', in_minutes, suspense, in_account, in_expires_at);
    leg := ledger.book_leg(batch, 'ROOSJE_MIN', in_account, suspense, in_minutes * cardinality(in_hashes),
                           issuer.owner_pseudonym, NULL);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- Whoever holds the paper gets its minutes, across municipalities as a payment would. The paper does not say whose
-- it was: it is given away like cash.
CREATE FUNCTION ledger.hand_in(in_key text, in_actor uuid, in_hash bytea, in_account bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(encode(in_hash, 'hex'), in_account::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'hand_in', in_key, body, NULL, NULL, NULL, NULL);
    holder ledger.account;
    paper ledger.serial;
    of_municipality integer;
    clearing bigint[] := '{}';
    accounts bigint[];
    result ledger.booking;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'hand_in', in_key, body);
    END IF;
    holder := ledger.expect(in_account, 'ROOSJE_MIN', 'member', 'organisation');
    paper := ledger.outstanding(in_hash, 'ROOSJE_MIN', batch.booked_at);
    of_municipality := (ledger.existing(paper.suspense_id)).municipality_id;
    IF of_municipality <> holder.municipality_id THEN
        clearing := ledger.clearing_between(of_municipality, holder.municipality_id, 'ROOSJE_MIN');
    END IF;
    IF clearing IS NULL THEN
        PERFORM ledger.refuse_serial();
    END IF;
    accounts := paper.suspense_id || clearing || in_account;
    PERFORM ledger.lock_papers(ARRAY[paper.id], accounts);
    result := ledger.book_along(ROW(accounts, paper.unit, NULL, holder.owner_pseudonym),
                                'pay', batch, paper.amount, NULL);
    PERFORM ledger.end_serials(ARRAY[paper.id], 'redeemed', result.transfer_id);
    RETURN result;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.issue(text, uuid, bigint, bytea[], bigint, timestamptz),
    ledger.hand_in(text, uuid, bytea, bigint)
TO {application};

-- The lines of these invariants come before that of I14, whatever lines there are by then.
DO $$
DECLARE
    lines text := pg_get_viewdef('ledger.violation'::regclass);
BEGIN
    DROP VIEW ledger.violation;
    EXECUTE 'CREATE VIEW ledger.violation AS ' || regexp_replace(lines, '(?=SELECT ''I14'')', $lines$
        SELECT 'I12', * FROM ledger.broken_i12 UNION ALL
        SELECT 'I12', * FROM ledger.broken_i12_papers UNION ALL
        SELECT 'I13', * FROM ledger.broken_i13 UNION ALL
        SELECT 'I24', * FROM ledger.broken_i24 UNION ALL
    $lines$);
END
$$;
GRANT SELECT ON ledger.violation TO {application};
