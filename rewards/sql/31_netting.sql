-- Netting: what one municipality's residents got more from another's than they gave, cancelled against the pots.
-- The pot of those who gave more pays, the pot of those who got more receives; nothing is ever paid in euro.

CREATE TABLE ledger.netting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Whose residents got more, and whose gave more: clearing(taker -> giver) stands above zero.
    taker_id integer NOT NULL,
    giver_id integer NOT NULL,
    month date NOT NULL,
    amount bigint NOT NULL,
    proposed_at timestamptz NOT NULL,

    CONSTRAINT netting_once_a_month UNIQUE (taker_id, giver_id, month),
    CONSTRAINT netting_with_another CHECK (taker_id <> giver_id),
    CONSTRAINT netting_amount CHECK (amount BETWEEN 1 AND 1000000000),
    CONSTRAINT netting_of_a_month CHECK (month = date_trunc('month', month::timestamp)::date)
);

CREATE INDEX netting_by_giver ON ledger.netting (giver_id);

-- Each side answers once, and not the same person for both; the second approval books.
CREATE TABLE ledger.netting_answer (
    netting_id bigint NOT NULL REFERENCES ledger.netting,
    side text NOT NULL,
    approved boolean NOT NULL,
    answered_by uuid NOT NULL,
    answered_at timestamptz NOT NULL,
    batch_id bigint REFERENCES ledger.batch,

    PRIMARY KEY (netting_id, side),
    CONSTRAINT netting_answer_side CHECK (side IN ('taker', 'giver')),
    CONSTRAINT netting_answer_by_two UNIQUE (netting_id, answered_by),
    CONSTRAINT netting_answer_booked_once UNIQUE (batch_id),
    CONSTRAINT netting_answer_books CHECK (approved OR batch_id IS NULL)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.netting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.netting_answer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.forbid();

CREATE FUNCTION ledger.clearing_of(in_municipality integer, in_counter integer) RETURNS ledger.account
LANGUAGE sql STABLE
AS $$
    SELECT * FROM ledger.account WHERE kind = 'clearing' AND unit = 'ROOSJE_MIN'
        AND (municipality_id, counter_municipality_id) = (in_municipality, in_counter)
$$;

-- Proposes, for each neighbour, to cancel what stood open at the end of a month and still does. Once per pair
-- and month, whichever side asks; a later month's proposal takes the place of an earlier one.
CREATE FUNCTION ledger.propose_netting(in_municipality integer, in_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM ledger.require_books(in_municipality, 'ROOSJE_MIN');
    IF ledger.month_begins((in_month + interval '1 month')::date) > ledger.now() THEN
        PERFORM ledger.refuse('ZL062', 'the month is not over');
    END IF;
    INSERT INTO ledger.netting (taker_id, giver_id, month, amount, proposed_at)
    SELECT taker, giver, in_month, least(stood, (ledger.clearing_of(taker, giver)).posted, 1000000000), ledger.now()
    FROM (
        SELECT CASE WHEN balance > 0 THEN in_municipality ELSE counter_municipality_id END AS taker,
               CASE WHEN balance > 0 THEN counter_municipality_id ELSE in_municipality END AS giver,
               abs(balance) AS stood
        FROM ledger.month_clearing(in_municipality, 'ROOSJE_MIN', in_month) WHERE balance <> 0
    ) pair
    WHERE (ledger.clearing_of(taker, giver)).posted > 0
    -- Two sides that propose at once insert in the same order.
    ORDER BY taker, giver
    ON CONFLICT ON CONSTRAINT netting_once_a_month DO NOTHING;
END
$$;

-- From the giver's pot, shard by shard, along both clearing accounts into the taker's.
CREATE FUNCTION ledger.book_netting(in_netting ledger.netting, in_batch ledger.batch) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    giving bigint[] := ledger.pot(in_netting.giver_id);
    receiving bigint := (ledger.pot(in_netting.taker_id))[1 + ledger.shard_of(in_batch.key)];
    owed ledger.account := ledger.clearing_of(in_netting.taker_id, in_netting.giver_id);
    mirror ledger.account := ledger.clearing_of(in_netting.giver_id, in_netting.taker_id);
    missing bigint := in_netting.amount;
    shard ledger.account;
BEGIN
    PERFORM ledger.lock(giving || ARRAY[receiving, owed.id, mirror.id], '{open,frozen}');
    IF (ledger.existing(owed.id)).posted < in_netting.amount THEN
        PERFORM ledger.refuse('ZL066', 'by now less is open than this', jsonb_build_object(
            'asked', in_netting.amount, 'room', greatest(0, (ledger.existing(owed.id)).posted)));
    END IF;
    FOR shard IN SELECT * FROM ledger.account a WHERE a.id = ANY (giving) ORDER BY ledger.room_of(a) DESC, a.id LOOP
        EXIT WHEN missing = 0 OR ledger.room_of(shard) = 0;
        PERFORM ledger.book_along(ROW(ARRAY[shard.id, mirror.id, owed.id, receiving], 'ROOSJE_MIN', NULL, NULL)::ledger.route,
                                  'pay', in_batch, least(missing, ledger.room_of(shard)), NULL);
        missing := missing - least(missing, ledger.room_of(shard));
    END LOOP;
    IF missing > 0 THEN
        PERFORM ledger.refuse('ZL031', 'the pot has not got that much', jsonb_build_object(
            'asked', in_netting.amount, 'room', in_netting.amount - missing));
    END IF;
END
$$;

-- What staff of one side say; the same again changes nothing. The second approval books.
CREATE FUNCTION ledger.answer_netting(
    in_actor uuid, in_netting bigint, in_municipality integer, in_approved boolean
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    netting ledger.netting;
    earlier ledger.netting_answer;
    my_side text;
    batch ledger.batch;
BEGIN
    -- Both sides take the row in turn: one of them comes second, and books.
    SELECT * INTO netting FROM ledger.netting WHERE id = in_netting FOR UPDATE;
    my_side := CASE in_municipality WHEN netting.taker_id THEN 'taker' WHEN netting.giver_id THEN 'giver' END;
    IF my_side IS NULL
        OR coalesce(in_municipality <> ALL (nullif(current_setting('app.municipalities', true), '')::int[]), true) THEN
        PERFORM ledger.refuse('ZL065', 'there is no such proposal here', jsonb_build_object('netting', in_netting));
    END IF;
    SELECT * INTO earlier FROM ledger.netting_answer WHERE netting_id = in_netting AND side = my_side;
    IF FOUND AND (earlier.approved, earlier.answered_by) = (in_approved, in_actor) THEN
        RETURN;
    ELSIF FOUND OR EXISTS (SELECT FROM ledger.netting_answer WHERE netting_id = in_netting AND NOT approved) THEN
        PERFORM ledger.refuse('ZL067', 'the proposal was answered before');
    ELSIF EXISTS (SELECT FROM ledger.netting n WHERE n.month > netting.month AND (n.taker_id, n.giver_id)
                  IN ((netting.taker_id, netting.giver_id), (netting.giver_id, netting.taker_id))) THEN
        PERFORM ledger.refuse('ZL066', 'a later proposal took the place of this one');
    END IF;
    SELECT * INTO earlier FROM ledger.netting_answer WHERE netting_id = in_netting;
    IF earlier.answered_by = in_actor THEN
        PERFORM ledger.refuse('ZL032', 'nobody answers for both sides');
    ELSIF in_approved AND earlier.approved THEN
        batch := ledger.begin_batch(in_actor, 'net', 'netting:' || in_netting, ledger.body_hash(
            in_netting::text, netting.amount::text), NULL, NULL, NULL, NULL);
        PERFORM ledger.book_netting(netting, batch);
    END IF;
    INSERT INTO ledger.netting_answer (netting_id, side, approved, answered_by, answered_at, batch_id)
    VALUES (in_netting, my_side, in_approved, in_actor, ledger.now(), batch.id);
END
$$;

CREATE VIEW ledger.broken_i23 AS  -- What both sides approved was booked, once and whole; nothing else was.
    SELECT n.id::text AS offender, concat_ws(' ', 'netting of', n.amount, 'booked', sum(b.booked)) AS detail
    FROM ledger.netting n
    LEFT JOIN (
        SELECT a.netting_id, count(*) FILTER (WHERE a.approved) AS approvals, count(DISTINCT a.answered_by) AS people,
               max(a.batch_id) AS batch_id
        FROM ledger.netting_answer a GROUP BY a.netting_id
    ) a ON a.netting_id = n.id
    LEFT JOIN (
        SELECT t.batch_id, sum(t.amount) AS booked
        FROM ledger.transfer t JOIN ledger.account c ON c.id = t.debit_id
        JOIN ledger.batch b ON b.id = t.batch_id
        WHERE b.operation = 'net' AND c.kind = 'clearing' GROUP BY t.batch_id
    ) b ON b.batch_id = a.batch_id
    GROUP BY n.id, n.amount, a.approvals, a.people
    HAVING CASE WHEN a.approvals = 2 THEN (sum(b.booked), a.people) IS DISTINCT FROM (n.amount, 2)
                ELSE sum(b.booked) IS NOT NULL END
    UNION ALL
    SELECT 'batch ' || b.id, 'netting without approval' FROM ledger.batch b
    WHERE b.operation = 'net' AND NOT EXISTS (SELECT FROM ledger.netting_answer a WHERE a.batch_id = b.id);

REVOKE ALL ON FUNCTION
    ledger.clearing_of(integer, integer),
    ledger.propose_netting(integer, date),
    ledger.book_netting(ledger.netting, ledger.batch),
    ledger.answer_netting(uuid, bigint, integer, boolean)
FROM PUBLIC;
GRANT SELECT ON ledger.netting, ledger.netting_answer TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.propose_netting(integer, date),
    ledger.answer_netting(uuid, bigint, integer, boolean)
TO :"application_role";

ALTER TABLE ledger.netting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.netting_answer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ledger.netting TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON ledger.netting_answer TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff ON ledger.netting FOR SELECT USING (
    taker_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
    OR giver_id = ANY ((SELECT nullif(current_setting('app.municipalities', true), ''))::int[])
);
CREATE POLICY with_netting ON ledger.netting_answer FOR SELECT
    USING (EXISTS (SELECT FROM ledger.netting n WHERE n.id = netting_id));
