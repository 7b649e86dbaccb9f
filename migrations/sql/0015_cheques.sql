-- Papers that were lost are known by their number; organisations see their own cheques; desks, sellers and providers.
-- These bookings come in pairs with rows of their own; half of one cannot be taken back.
CREATE OR REPLACE FUNCTION ledger.forbid_half_a_reversal() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
        WHERE t.id = NEW.reverses_id
            AND (b.operation IN ('sell', 'redeem', 'refund', 'lapse', 'pay_out', 'issue', 'hand_in',
                                 'take_back', 'welfare_grant', 'welfare_return')
                OR (b.operation = 'welfare_spend' AND NOT EXISTS (
                    SELECT FROM ledger.batch u WHERE u.id = NEW.batch_id AND u.operation = 'welfare_undo')))
    ) THEN
        PERFORM ledger.refuse('ZL016', 'what is on paper, or of a budget, is not reversed');
    END IF;
    RETURN NEW;
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

-- One cheque that was lost, by its number: nobody has its serial any more, and whoever finds it gets nothing for it.
CREATE FUNCTION ledger.refund_lost(in_key text, in_actor uuid, in_paper bigint, in_desk bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash('lost', in_paper::text, in_desk::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'refund', in_key, body, NULL, NULL, NULL, NULL);
    paper ledger.serial;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'refund', in_key, body);
    END IF;
    PERFORM ledger.expect(in_desk, 'EURCENT', 'desk');
    paper := ledger.outstanding_from(in_paper, in_desk, 'VOUCHER', batch.booked_at);
    RETURN ledger.refund_papers(batch, ARRAY[paper.id], in_desk, paper.suspense_id);
END
$$;

-- Whoever issued a paper takes it back, by its number, before it is handed in: it was lost, or is not needed.
CREATE FUNCTION ledger.take_back(in_key text, in_actor uuid, in_paper bigint, in_account bigint)
RETURNS ledger.booking
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body bytea := ledger.body_hash(in_paper::text, in_account::text);
    batch ledger.batch := ledger.begin_batch(in_actor, 'take_back', in_key, body, NULL, NULL, NULL, NULL);
    issuer ledger.account;
    paper ledger.serial;
    leg bigint;
BEGIN
    IF batch.id IS NULL THEN
        RETURN ledger.first_result(in_actor, 'take_back', in_key, body);
    END IF;
    issuer := ledger.expect(in_account, 'ROOSJE_MIN', 'member', 'organisation');
    paper := ledger.outstanding_from(in_paper, in_account, 'ROOSJE_MIN', batch.booked_at);
    PERFORM ledger.lock_papers(ARRAY[paper.id], ARRAY[paper.suspense_id, in_account]);
    leg := ledger.book_leg(batch, 'ROOSJE_MIN', paper.suspense_id, in_account, paper.amount, NULL,
                           issuer.owner_pseudonym);
    PERFORM ledger.end_serials(ARRAY[paper.id], 'refunded', leg);
    RETURN ROW(batch.id, leg, false);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.refund_lost(text, uuid, bigint, bigint),
    ledger.take_back(text, uuid, bigint, bigint)
TO {application};

-- A provider's account is an organisation's: who works there sees what it handed in.
CREATE POLICY of_organisation ON ledger.account FOR SELECT USING (
    kind = 'provider'
    AND owner_pseudonym = ANY ((SELECT nullif(current_setting('app.organisations', true), ''))::uuid[])
);

-- Where cheques are sold. Facts that everybody may read; the municipality keeps them.
CREATE TABLE cheque_desk (
    number SMALLINT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_cheque_desk PRIMARY KEY (id),
    CONSTRAINT ck_cheque_desk_number CHECK (number BETWEEN 1 AND 63),
    CONSTRAINT ck_cheque_desk_name CHECK (name <> ''),
    CONSTRAINT uq_cheque_desk_municipality_id_number UNIQUE (municipality_id, number),
    CONSTRAINT fk_cheque_desk_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

-- Who may sell there.
CREATE TABLE cheque_seller (
    desk_id UUID NOT NULL,
    person_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_cheque_seller PRIMARY KEY (id),
    CONSTRAINT fk_cheque_seller_desk_id_cheque_desk FOREIGN KEY(desk_id) REFERENCES cheque_desk (id),
    CONSTRAINT fk_cheque_seller_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_cheque_seller_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_cheque_seller_desk_id_person_id ON cheque_seller (desk_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX ix_cheque_seller_person_id ON cheque_seller (person_id);

-- Organisations that take cheques for their work.
CREATE TABLE cheque_provider (
    organisation_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_cheque_provider PRIMARY KEY (id),
    CONSTRAINT uq_cheque_provider_municipality_id_organisation_id UNIQUE (municipality_id, organisation_id),
    CONSTRAINT fk_cheque_provider_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_cheque_provider_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_cheque_provider_organisation_id ON cheque_provider (organisation_id);

-- Which time a cheque paid for; the cheque itself is the ledger's.
CREATE TABLE cheque_use (
    occurrence_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    transfer_id BIGINT NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_cheque_use PRIMARY KEY (id),
    CONSTRAINT uq_cheque_use_transfer_id UNIQUE (transfer_id),
    CONSTRAINT fk_cheque_use_occurrence_id_occurrence FOREIGN KEY(occurrence_id) REFERENCES occurrence (id),
    CONSTRAINT fk_cheque_use_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_cheque_use_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_cheque_use_occurrence_id ON cheque_use (occurrence_id);
CREATE INDEX ix_cheque_use_organisation_id ON cheque_use (organisation_id);

CREATE FUNCTION actor_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.organisations', true), '')::uuid[] $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['cheque_desk', 'cheque_seller', 'cheque_provider', 'cheque_use'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (municipality_id = ANY ((SELECT actor_reach())::integer[]))', t);
    END LOOP;
END $$;
CREATE POLICY read ON cheque_desk FOR SELECT USING (true);
CREATE POLICY own ON cheque_seller FOR SELECT USING (person_id = (SELECT actor_person()));
CREATE POLICY read ON cheque_provider FOR SELECT USING (true);
CREATE POLICY organisation ON cheque_use USING (organisation_id = ANY ((SELECT actor_organisations())::uuid[]));
CREATE POLICY party ON cheque_use FOR SELECT
    USING (EXISTS (SELECT FROM occurrence o WHERE o.id = occurrence_id));
GRANT SELECT, INSERT, UPDATE ON cheque_desk, cheque_seller, cheque_provider TO {application};
GRANT SELECT, INSERT ON cheque_use TO {application};
