-- Invoices: what a municipality owes for cheques that were handed in, to a neighbour whose organisations took them in,
-- or to one organisation. Making one takes the cheques out of the provider's account and sets the money aside; paying
-- it needs two people and books it on both sides. Nothing of it is changed: it is corrected by a reversal.

CREATE TABLE ledger.invoice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL,
    payer_id integer NOT NULL,
    -- Who is paid: a municipality, or one organisation.
    payee_id integer,
    owner_pseudonym uuid,
    month date NOT NULL,
    vouchers bigint NOT NULL,
    cents bigint NOT NULL,
    -- The event that set its money aside: the making of it, or the payment of the invoice that it passes on.
    batch_id bigint NOT NULL REFERENCES ledger.batch,
    follows_id bigint REFERENCES ledger.invoice,

    CONSTRAINT invoice_number UNIQUE (number),
    CONSTRAINT invoice_number_reads CHECK (number ~ '^[0-9]{6}-[0-9]{4}-[A0-9]?[0-9]{3,18}(-[0-9]{1,6})?$'),
    CONSTRAINT invoice_to_another CHECK (payee_id <> payer_id),
    CONSTRAINT invoice_to_one CHECK ((payee_id IS NULL) = (owner_pseudonym IS NOT NULL)),
    CONSTRAINT invoice_of_a_month CHECK (month = date_trunc('month', month::timestamp)::date),
    CONSTRAINT invoice_vouchers CHECK (vouchers BETWEEN 1 AND 100000),
    CONSTRAINT invoice_cents CHECK (cents = 1500 * vouchers),
    CONSTRAINT invoice_passes_on_to_one CHECK (follows_id IS NULL OR payee_id IS NULL)
);

CREATE INDEX invoice_by_payer ON ledger.invoice (payer_id, month);
CREATE INDEX invoice_by_payee ON ledger.invoice (payee_id, month) WHERE payee_id IS NOT NULL;
CREATE INDEX invoice_by_owner ON ledger.invoice (owner_pseudonym) WHERE owner_pseudonym IS NOT NULL;
CREATE INDEX invoice_by_batch ON ledger.invoice (batch_id);
CREATE INDEX invoice_by_follows ON ledger.invoice (follows_id) WHERE follows_id IS NOT NULL;

-- From which account of cheques how many.
CREATE TABLE ledger.invoice_line (
    invoice_id bigint NOT NULL REFERENCES ledger.invoice,
    account_id bigint NOT NULL REFERENCES ledger.account,
    vouchers bigint NOT NULL,

    PRIMARY KEY (invoice_id, account_id),
    CONSTRAINT invoice_line_vouchers CHECK (vouchers BETWEEN 1 AND 100000)
);

CREATE INDEX invoice_line_by_account ON ledger.invoice_line (account_id);

-- The life of an invoice, a row for each step; the last says how it stands. Each row names the one before it, so that
-- no step can be left out, doubled, or taken by one person where two are asked for.
CREATE TABLE ledger.invoice_step (
    invoice_id bigint NOT NULL REFERENCES ledger.invoice,
    seq integer NOT NULL,
    state text NOT NULL,
    by_whom uuid NOT NULL,
    at timestamptz NOT NULL,
    -- On which day it was paid, by the bank.
    paid_on date,
    reason text,
    batch_id bigint REFERENCES ledger.batch,
    prev_seq integer GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
    prev_state text,
    prev_by uuid,

    PRIMARY KEY (invoice_id, seq),
    CONSTRAINT invoice_step_link UNIQUE (invoice_id, seq, state, by_whom),
    CONSTRAINT invoice_step_first_or_linked CHECK (
        (seq = 1 AND state = 'made' AND prev_state IS NULL AND prev_by IS NULL)
        OR (seq > 1 AND prev_state IS NOT NULL AND prev_by IS NOT NULL)
    ),
    CONSTRAINT invoice_step_chain FOREIGN KEY (invoice_id, prev_seq, prev_state, prev_by)
        REFERENCES ledger.invoice_step (invoice_id, seq, state, by_whom),
    CONSTRAINT invoice_step_allowed CHECK (seq = 1 OR (prev_state, state) IN (
        ('made', 'sent'), ('made', 'withdrawn'),
        ('sent', 'reported'), ('sent', 'disputed'), ('sent', 'withdrawn'),
        ('disputed', 'sent'), ('disputed', 'withdrawn'),
        ('reported', 'sent'), ('reported', 'paid'),
        ('paid', 'sent')
    )),
    CONSTRAINT invoice_step_paid_by_two CHECK (state <> 'paid' OR by_whom <> prev_by),
    CONSTRAINT invoice_step_paid_on CHECK ((state = 'reported') = (paid_on IS NOT NULL) AND isfinite(paid_on)),
    CONSTRAINT invoice_step_reason CHECK (
        reason ~ '^[a-z_]{1,40}$'
        AND (reason IS NOT NULL) = (state IN ('disputed', 'withdrawn') OR (prev_state = 'paid' AND state = 'sent'))
    ),
    CONSTRAINT invoice_step_books CHECK (
        (batch_id IS NOT NULL) = (seq = 1 OR state IN ('paid', 'withdrawn') OR prev_state = 'paid')
    )
);

CREATE INDEX invoice_step_by_batch ON ledger.invoice_step (batch_id) WHERE batch_id IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.invoice
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.invoice_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.invoice_step
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

-- How an invoice stands.
CREATE FUNCTION ledger.last_step(in_invoice bigint) RETURNS ledger.invoice_step
LANGUAGE sql STABLE
AS $$ SELECT * FROM ledger.invoice_step WHERE invoice_id = in_invoice ORDER BY seq DESC LIMIT 1 $$;

-- Only staff of either side have to do with it; to others there is no such invoice.
CREATE FUNCTION ledger.require_side(in_municipality integer, in_payer integer, in_payee integer) RETURNS void
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(in_municipality <> ALL (nullif(current_setting('app.municipalities', true), '')::int[]), true)
        OR (in_municipality IN (in_payer, in_payee)) IS NOT TRUE THEN
        PERFORM ledger.refuse('ZL070', 'there is no such invoice here');
    END IF;
END
$$;

-- The cheques of a provider that came in before a moment and were not paid or invoiced yet.
CREATE FUNCTION ledger.vouchers_due(in_account bigint, in_before timestamptz) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT greatest(0, a.posted - (
        SELECT coalesce(sum(e.delta), 0) FROM ledger.entry e
        JOIN ledger.transfer t ON t.id = e.transfer_id
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'redeem' AND b.booked_at >= in_before
        WHERE e.account_id = a.id))::bigint
    FROM ledger.account a WHERE a.id = in_account
$$;

-- One account of money of a municipality towards another: what the one paid the other.
CREATE FUNCTION ledger.paid_between(in_municipality integer, in_counter integer) RETURNS bigint
LANGUAGE sql
AS $$
    SELECT (ledger.open_account(in_municipality, 'EURCENT', 'clearing', NULL, in_counter, 0,
                                -1000000000000, 1000000000000)).id
$$;

-- A number that says month, who pays and whom; one that is made again after a withdrawal counts on.
CREATE FUNCTION ledger.write_invoice(
    in_batch ledger.batch, in_payer integer, in_payee integer, in_month date, in_follows bigint,
    in_accounts bigint[], in_vouchers bigint[]
) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    base text := concat_ws('-', to_char(in_month, 'YYYYMM'), lpad(in_payer::text, 4, '0'),
                           coalesce(lpad(in_payee::text, 4, '0'), 'A' || lpad(in_accounts[1]::text, 4, '0')));
    total bigint := (SELECT sum(v) FROM unnest(in_vouchers) v);
    earlier bigint;
    new_id bigint;
BEGIN
    -- The caller holds what the payer set aside, so that two are not counted at once.
    SELECT count(*) INTO earlier FROM ledger.invoice WHERE number = base OR starts_with(number, base || '-');
    INSERT INTO ledger.invoice (number, payer_id, payee_id, owner_pseudonym, month, vouchers, cents, batch_id,
                                follows_id)
    VALUES (concat(base, '-' || (nullif(earlier, 0) + 1)), in_payer, in_payee,
            CASE WHEN in_payee IS NULL THEN (ledger.existing(in_accounts[1])).owner_pseudonym END, in_month, total,
            ledger.voucher_cents(total), in_batch.id, in_follows)
    RETURNING id INTO new_id;
    INSERT INTO ledger.invoice_line (invoice_id, account_id, vouchers)
    SELECT new_id, * FROM unnest(in_accounts, in_vouchers);
    INSERT INTO ledger.invoice_step (invoice_id, seq, state, by_whom, at, batch_id)
    VALUES (new_id, 1, 'made', in_batch.actor, in_batch.booked_at, in_batch.id);
    RETURN new_id;
END
$$;

-- Makes an invoice: to a municipality (in_payee) for all that came in until the month was over, or to the organisation
-- of the one account for so many cheques. The cheques go back to the issuer, and their worth is set aside.
CREATE FUNCTION ledger.make_invoice(
    in_key text, in_actor uuid, in_municipality integer, in_payer integer, in_payee integer, in_month date,
    in_accounts bigint[], in_vouchers bigint
) RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_payer::text, in_payee::text, in_month::text,
                                   array_to_string(in_accounts, ','), in_vouchers::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'invoice', in_key, body, NULL, NULL, NULL, NULL);
    ends timestamptz := ledger.month_begins((in_month + interval '1 month')::date);
    cash bigint;
    stock bigint;
    aside bigint;
    provider ledger.account;
    due bigint;
    leg bigint;
    total bigint := 0;
    billed bigint[] := '{}';
    numbers bigint[] := '{}';
BEGIN
    PERFORM ledger.require_side(in_municipality, in_payer, in_payee);
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'invoice', in_key, body);
    ELSIF coalesce(cardinality(in_accounts), 0) NOT BETWEEN 1 AND 1000
        OR (in_payee IS NULL) <> (in_vouchers IS NOT NULL) OR (in_payee IS NULL AND cardinality(in_accounts) > 1) THEN
        PERFORM ledger.refuse('ZL020', 'an invoice is for a municipality, or for so many cheques of one provider');
    ELSIF batch.booked_at < (CASE WHEN in_payee IS NULL THEN ledger.month_begins(in_month) ELSE ends END) THEN
        PERFORM ledger.refuse('ZL062', 'the month is not over');
    END IF;
    FOR provider IN SELECT p.* FROM unnest(in_accounts) a, ledger.expect(a, 'VOUCHER', 'provider') p LOOP
        IF provider.municipality_id <> in_payer THEN
            PERFORM ledger.refuse('ZL022', 'these are not cheques of who pays');
        END IF;
    END LOOP;
    cash := ledger.municipal(in_payer, 'EURCENT', 'issuer');
    stock := ledger.municipal(in_payer, 'VOUCHER', 'issuer');
    aside := ledger.municipal(in_payer, 'EURCENT', 'suspense');
    PERFORM ledger.lock(in_accounts || ARRAY[cash, stock, aside], '{open}');
    FOR provider IN SELECT * FROM ledger.account a WHERE a.id = ANY (in_accounts) ORDER BY a.id LOOP
        due := coalesce(in_vouchers, least(ledger.vouchers_due(provider.id, ends), 100000 - total));
        IF due > provider.posted THEN
            PERFORM ledger.refuse('ZL005', 'the provider has no more cheques to be paid for', jsonb_build_object(
                'account', provider.id, 'asked', due, 'room', provider.posted));
        ELSIF due > 0 THEN
            leg := least(leg, ledger.book_leg(batch, 'VOUCHER', provider.id, stock, due, provider.owner_pseudonym, NULL));
            billed := billed || provider.id;
            numbers := numbers || due;
            total := total + due;
        END IF;
    END LOOP;
    IF total = 0 THEN
        PERFORM ledger.refuse('ZL071', 'there is nothing to invoice');
    END IF;
    PERFORM ledger.book_leg(batch, 'EURCENT', cash, aside, ledger.voucher_cents(total), NULL, NULL);
    PERFORM ledger.write_invoice(batch, in_payer, in_payee, in_month, NULL, billed, numbers);
    RETURN ROW(batch.id, leg, false);
END
$$;

-- The money leaves what was set aside: along both sides to what the neighbour sets aside for its organisations, each of
-- which gets an invoice of its own for it; or to the organisation.
CREATE FUNCTION ledger.book_invoice(in_invoice ledger.invoice, in_batch ledger.batch) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    aside bigint := ledger.municipal(in_invoice.payer_id, 'EURCENT', 'suspense');
    line ledger.invoice_line;
    accounts bigint[];
BEGIN
    IF in_invoice.payee_id IS NULL THEN
        accounts := ARRAY[aside, (ledger.open_account(in_invoice.payer_id, 'EURCENT', 'provider',
                                                      in_invoice.owner_pseudonym, NULL, 0, NULL, NULL)).id];
    ELSE
        -- Whoever pays whom, the pair is opened in one order.
        PERFORM ledger.paid_between(least(in_invoice.payer_id, in_invoice.payee_id),
                                    greatest(in_invoice.payer_id, in_invoice.payee_id));
        accounts := ARRAY[aside,
                          ledger.paid_between(in_invoice.payer_id, in_invoice.payee_id),
                          ledger.paid_between(in_invoice.payee_id, in_invoice.payer_id),
                          ledger.municipal(in_invoice.payee_id, 'EURCENT', 'suspense')];
    END IF;
    PERFORM ledger.book_along(ROW(accounts, 'EURCENT', NULL, in_invoice.owner_pseudonym)::ledger.route, 'pay', in_batch,
                              in_invoice.cents, NULL);
    IF in_invoice.payee_id IS NOT NULL THEN
        FOR line IN SELECT * FROM ledger.invoice_line WHERE invoice_id = in_invoice.id ORDER BY account_id LOOP
            PERFORM ledger.write_invoice(in_batch, in_invoice.payee_id, NULL, in_invoice.month, in_invoice.id,
                                         ARRAY[line.account_id], ARRAY[line.vouchers]);
        END LOOP;
    END IF;
END
$$;

-- Everything that an event booked, back: legs and all.
CREATE FUNCTION ledger.book_back_whole(in_booked bigint, in_batch ledger.batch) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    first_leg bigint;
BEGIN
    PERFORM ledger.lock(
        ARRAY(SELECT a FROM ledger.transfer t, unnest(ARRAY[t.debit_id, t.credit_id]) a WHERE t.batch_id = in_booked),
        '{open,frozen}');
    FOR first_leg IN SELECT id FROM ledger.transfer WHERE batch_id = in_booked AND follows_id IS NULL ORDER BY id LOOP
        PERFORM ledger.book_back(first_leg, in_batch);
    END LOOP;
END
$$;

-- What a payment that is taken back had made: withdrawn with it, unless somebody recorded a payment of it.
CREATE FUNCTION ledger.withdraw_followers(in_invoice bigint, in_batch ledger.batch) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    follower bigint;
    last ledger.invoice_step;
BEGIN
    FOR follower IN SELECT id FROM ledger.invoice WHERE follows_id = in_invoice ORDER BY id FOR UPDATE LOOP
        last := ledger.last_step(follower);
        IF last.state IN ('reported', 'paid') THEN
            PERFORM ledger.refuse('ZL074', 'the money was passed on', jsonb_build_object('invoice', follower));
        ELSIF last.state <> 'withdrawn' THEN
            INSERT INTO ledger.invoice_step (invoice_id, seq, state, by_whom, at, reason, batch_id, prev_state, prev_by)
            VALUES (follower, last.seq + 1, 'withdrawn', in_batch.actor, in_batch.booked_at, in_batch.reason,
                    in_batch.id, last.state, last.by_whom);
        END IF;
    END LOOP;
END
$$;

-- Who may take this step: who is paid sends and withdraws, who pays disputes and reports. Either side confirms a
-- payment, takes back what was said, and corrects.
CREATE FUNCTION ledger.step_is_for(in_invoice ledger.invoice, in_from text, in_to text) RETURNS integer
LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN in_to IN ('disputed', 'reported') THEN in_invoice.payer_id
        WHEN in_to = 'withdrawn' OR in_from = 'made' THEN coalesce(in_invoice.payee_id, in_invoice.payer_id)
    END
$$;

-- The next step of an invoice, by staff of one side. The same again by the same person changes nothing.
CREATE FUNCTION ledger.step_invoice(
    in_actor uuid, in_invoice bigint, in_municipality integer, in_state text, in_paid_on date, in_reason text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    invoice ledger.invoice;
    last ledger.invoice_step;
    batch ledger.batch;
    today date := (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date;
    said text;
BEGIN
    -- Whoever comes second waits here, and sees what the first did.
    SELECT * INTO invoice FROM ledger.invoice WHERE id = in_invoice FOR UPDATE;
    PERFORM ledger.require_side(in_municipality, invoice.payer_id, invoice.payee_id);
    last := ledger.last_step(in_invoice);
    IF (last.state, last.by_whom) = (in_state, in_actor)
        AND (last.paid_on, last.reason) IS NOT DISTINCT FROM (in_paid_on, in_reason) THEN
        RETURN;
    ELSIF (last.state, in_state) NOT IN (
            ('made', 'sent'), ('made', 'withdrawn'), ('sent', 'reported'), ('sent', 'disputed'), ('sent', 'withdrawn'),
            ('disputed', 'sent'), ('disputed', 'withdrawn'), ('reported', 'sent'), ('reported', 'paid'), ('paid', 'sent'))
        OR (in_state = 'withdrawn' AND invoice.follows_id IS NOT NULL) THEN
        PERFORM ledger.refuse('ZL072', 'the invoice does not stand so', jsonb_build_object('state', last.state));
    ELSIF in_municipality <> ledger.step_is_for(invoice, last.state, in_state) THEN
        PERFORM ledger.refuse('ZL073', 'that is for the other side');
    ELSIF (in_state = 'reported') <> (in_paid_on IS NOT NULL) OR in_paid_on NOT BETWEEN invoice.month AND today THEN
        PERFORM ledger.refuse('ZL020', 'a payment has its day, and not one to come');
    ELSIF (in_state IN ('disputed', 'withdrawn') OR last.state = 'paid') <> (in_reason IS NOT NULL) THEN
        PERFORM ledger.refuse('ZL020', 'who takes something back says why');
    ELSIF in_state = 'paid' AND last.by_whom = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody confirms what they reported');
    END IF;
    said := CASE WHEN in_state = 'paid' THEN 'invoice_pay' WHEN in_state = 'withdrawn' THEN 'invoice_withdraw'
                 WHEN last.state = 'paid' THEN 'invoice_correct' END;
    IF said IS NOT NULL THEN
        batch := ledger.begin_batch(in_actor, said, concat_ws(':', 'invoice', in_invoice, last.seq + 1),
            ledger.body_hash(in_invoice::text, (last.seq + 1)::text, in_state), NULL, NULL, in_reason, NULL);
        IF said = 'invoice_pay' THEN
            PERFORM ledger.book_invoice(invoice, batch);
        ELSIF said = 'invoice_withdraw' THEN
            PERFORM ledger.book_back_whole(invoice.batch_id, batch);
        ELSE
            PERFORM ledger.withdraw_followers(in_invoice, batch);
            PERFORM ledger.book_back_whole(last.batch_id, batch);
        END IF;
    END IF;
    INSERT INTO ledger.invoice_step (invoice_id, seq, state, by_whom, at, paid_on, reason, batch_id, prev_state, prev_by)
    VALUES (in_invoice, last.seq + 1, in_state, in_actor, ledger.now(), in_paid_on, in_reason, batch.id,
            last.state, last.by_whom);
END
$$;

-- How each invoice stands by its last step, and whether its money was set aside and paid by what is booked.
CREATE VIEW ledger.invoice_standing AS
    SELECT i.id, i.payer_id, i.payee_id, i.owner_pseudonym, i.vouchers, i.cents, i.batch_id, i.follows_id, s.state,
           p.batch_id AS paid_batch_id
    FROM ledger.invoice i
    JOIN LATERAL (
        SELECT * FROM ledger.invoice_step WHERE invoice_id = i.id ORDER BY seq DESC LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT * FROM ledger.invoice_step WHERE invoice_id = i.id AND state = 'paid' ORDER BY seq DESC LIMIT 1
    ) p ON true;

CREATE VIEW ledger.broken_i25 AS  -- Lines, states and bookings of invoices say the same; two people paid.
    SELECT 'invoice ' || i.id AS offender, concat_ws(' ', i.state, 'lines', l.vouchers) AS detail
    FROM ledger.invoice_standing i
    LEFT JOIN (
        SELECT invoice_id, sum(vouchers) AS vouchers, count(*) AS lines FROM ledger.invoice_line GROUP BY invoice_id
    ) l ON l.invoice_id = i.id
    WHERE l.vouchers IS DISTINCT FROM i.vouchers OR (i.payee_id IS NULL AND l.lines <> 1)
    UNION ALL
    SELECT 'invoice ' || i.id, concat_ws(' ', i.state, 'but booked otherwise')
    FROM ledger.invoice_standing i
    WHERE (i.follows_id IS NULL AND (i.state = 'withdrawn') IS DISTINCT FROM (
            SELECT bool_and(EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id))
            FROM ledger.transfer t WHERE t.batch_id = i.batch_id))
        OR (i.paid_batch_id IS NOT NULL AND (i.state <> 'paid') IS DISTINCT FROM (
            SELECT bool_and(EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id) AND t.amount = i.cents)
            FROM ledger.transfer t WHERE t.batch_id = i.paid_batch_id))
        OR (i.paid_batch_id IS NULL AND i.state = 'paid')
    UNION ALL
    SELECT 'invoice ' || p.invoice_id, 'paid by one'
    FROM ledger.invoice_step p
    LEFT JOIN ledger.invoice_step r ON (r.invoice_id, r.seq) = (p.invoice_id, p.seq - 1)
    WHERE p.state = 'paid' AND ((r.state = 'reported') IS NOT TRUE OR r.by_whom = p.by_whom)
    UNION ALL
    SELECT 'batch ' || b.id, 'invoice without its row' FROM ledger.batch b
    WHERE (b.operation = 'invoice' AND NOT EXISTS (SELECT FROM ledger.invoice i WHERE i.batch_id = b.id))
        OR (b.operation IN ('invoice_pay', 'invoice_withdraw', 'invoice_correct')
            AND NOT EXISTS (SELECT FROM ledger.invoice_step s WHERE s.batch_id = b.id))
    UNION ALL
    SELECT 'municipality ' || coalesce(a.municipality_id, o.payer_id), concat_ws(' ', 'set aside', a.posted, 'open', o.cents)
    FROM (SELECT * FROM ledger.account WHERE unit = 'EURCENT' AND kind = 'suspense') a
    FULL JOIN (
        SELECT payer_id, sum(cents) AS cents FROM ledger.invoice_standing
        WHERE state NOT IN ('paid', 'withdrawn') GROUP BY payer_id
    ) o ON o.payer_id = a.municipality_id
    WHERE coalesce(a.posted, 0) <> coalesce(o.cents, 0)
    UNION ALL
    SELECT concat_ws('-', 'paid', a.municipality_id, a.counter_municipality_id), 'posted ' || a.posted
    FROM ledger.account a
    WHERE a.unit = 'EURCENT' AND a.kind = 'clearing'
        AND NOT EXISTS (SELECT FROM ledger.elsewhere o WHERE o.account_id = a.id) AND a.posted <> (
        SELECT coalesce(sum(CASE WHEN i.payer_id = a.municipality_id THEN i.cents ELSE -i.cents END), 0)
        FROM ledger.invoice_standing i
        WHERE i.state = 'paid' AND (i.payer_id, i.payee_id) IN (
            (a.municipality_id, a.counter_municipality_id), (a.counter_municipality_id, a.municipality_id)));

CREATE VIEW ledger.broken_i12_paid AS  -- What a provider handed in waits, was invoiced or was paid; a purse has what was.
    SELECT p.id::text AS offender, 'provider ' || p.posted AS detail
    FROM ledger.account p
    LEFT JOIN (
        SELECT t.credit_id, count(*) AS handed_in
        FROM ledger.serial_end e JOIN ledger.transfer t ON t.id = e.transfer_id
        WHERE e.ending = 'redeemed' AND t.unit = 'VOUCHER' GROUP BY t.credit_id
    ) got ON got.credit_id = p.id
    LEFT JOIN (
        SELECT t.debit_id, sum(t.amount) AS vouchers FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'pay_out'
        WHERE t.unit = 'VOUCHER' GROUP BY t.debit_id
    ) paid ON paid.debit_id = p.id
    LEFT JOIN (
        SELECT l.account_id, sum(l.vouchers) AS vouchers
        FROM ledger.invoice_line l JOIN ledger.invoice_standing i ON i.id = l.invoice_id
        WHERE i.follows_id IS NULL AND i.state <> 'withdrawn' GROUP BY l.account_id
    ) billed ON billed.account_id = p.id
    WHERE p.kind = 'provider' AND p.unit = 'VOUCHER'
        AND NOT EXISTS (SELECT FROM ledger.elsewhere o WHERE o.account_id = p.id)
        AND coalesce(got.handed_in, 0) <> p.posted + coalesce(paid.vouchers, 0) + coalesce(billed.vouchers, 0)
    UNION ALL
    SELECT purse.id::text, 'purse ' || purse.posted
    FROM ledger.account purse
    LEFT JOIN (
        SELECT t.credit_id, sum(t.amount) AS cents FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'pay_out'
        WHERE t.unit = 'EURCENT' GROUP BY t.credit_id
    ) paid ON paid.credit_id = purse.id
    LEFT JOIN (
        SELECT payer_id, owner_pseudonym, sum(cents) AS cents FROM ledger.invoice_standing
        WHERE state = 'paid' GROUP BY payer_id, owner_pseudonym
    ) billed ON (billed.payer_id, billed.owner_pseudonym) = (purse.municipality_id, purse.owner_pseudonym)
    WHERE purse.kind = 'provider' AND purse.unit = 'EURCENT'
        AND NOT EXISTS (SELECT FROM ledger.elsewhere o WHERE o.account_id = purse.id)
        AND purse.posted <> coalesce(paid.cents, 0) + coalesce(billed.cents, 0);

REVOKE ALL ON FUNCTION
    ledger.last_step(bigint),
    ledger.require_side(integer, integer, integer),
    ledger.vouchers_due(bigint, timestamptz),
    ledger.paid_between(integer, integer),
    ledger.write_invoice(ledger.batch, integer, integer, date, bigint, bigint[], bigint[]),
    ledger.make_invoice(text, uuid, integer, integer, integer, date, bigint[], bigint),
    ledger.book_invoice(ledger.invoice, ledger.batch),
    ledger.book_back_whole(bigint, ledger.batch),
    ledger.withdraw_followers(bigint, ledger.batch),
    ledger.step_is_for(ledger.invoice, text, text),
    ledger.step_invoice(uuid, bigint, integer, text, date, text)
FROM PUBLIC;
GRANT SELECT ON ledger.invoice, ledger.invoice_line, ledger.invoice_step TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.make_invoice(text, uuid, integer, integer, integer, date, bigint[], bigint),
    ledger.step_invoice(uuid, bigint, integer, text, date, text)
TO :"application_role";

ALTER TABLE ledger.invoice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.invoice_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.invoice_step ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.invoice TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.invoice_line TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.invoice_step TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.invoice FOR SELECT USING (
    payer_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
    OR payee_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
);
-- An organisation reads the invoices that pay it.
CREATE POLICY of_organisation ON ledger.invoice FOR SELECT USING (
    owner_pseudonym = ANY ((SELECT nullif(current_setting('app.organisations', true), ''))::uuid[])
);
CREATE POLICY with_invoice ON ledger.invoice_line FOR SELECT
    USING (EXISTS (SELECT FROM ledger.invoice i WHERE i.id = invoice_id));
CREATE POLICY with_invoice ON ledger.invoice_step FOR SELECT
    USING (EXISTS (SELECT FROM ledger.invoice i WHERE i.id = invoice_id));
