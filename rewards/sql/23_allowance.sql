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
GRANT SELECT ON ledger.allowance_limit, ledger.allowance, ledger.allowance_total TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.note_allowance(text, uuid, integer, uuid, ledger.allowance_kind, date, bigint, uuid),
    ledger.withdraw_allowance(text, uuid, bigint),
    ledger.set_allowance_limit(uuid, ledger.allowance_kind, date, bigint, bigint)
TO :"application_role";

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
