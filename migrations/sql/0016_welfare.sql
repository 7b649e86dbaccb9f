-- Welfare plans with what they are spent on, and the costs that helper and asker agree on.
CREATE TABLE welfare_plan (
    person_id UUID NOT NULL,
    author_id UUID NOT NULL,
    broker_id UUID,
    goal TEXT NOT NULL,
    wish TEXT NOT NULL,
    why TEXT NOT NULL,
    asked_cents INTEGER,
    starts_on DATE,
    ends_on DATE,
    period_id BIGINT,
    status VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    brought TEXT NOT NULL,
    helped VARCHAR(32),
    sees_people VARCHAR(32),
    evaluated_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_welfare_plan PRIMARY KEY (id),
    CONSTRAINT ck_welfare_plan_status CHECK (status IN ('asked', 'proposed', 'active', 'ended', 'closed', 'rejected', 'withdrawn')),
    CONSTRAINT ck_welfare_plan_helped CHECK (helped IN ('ja', 'beetje', 'nee')),
    CONSTRAINT ck_welfare_plan_asked_cents CHECK (asked_cents BETWEEN 1 AND 45000),
    CONSTRAINT ck_welfare_plan_period CHECK (ends_on BETWEEN starts_on AND starts_on + 366),
    CONSTRAINT ck_welfare_plan_worked_out CHECK (status NOT IN ('proposed', 'active', 'ended', 'closed') OR (starts_on IS NOT NULL AND ends_on IS NOT NULL AND broker_id IS NOT NULL)),
    CONSTRAINT ck_welfare_plan_funded CHECK ((period_id IS NOT NULL) = (status IN ('active', 'ended', 'closed'))),
    CONSTRAINT ck_welfare_plan_evaluated CHECK ((evaluated_at IS NULL) = (brought = '')),
    CONSTRAINT ck_welfare_plan_two_people CHECK (broker_id <> person_id),
    CONSTRAINT uq_welfare_plan_period_id UNIQUE (period_id),
    CONSTRAINT fk_welfare_plan_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_plan_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_plan_broker_id_person FOREIGN KEY(broker_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_plan_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_welfare_plan_municipality_id_status_created_at ON welfare_plan (municipality_id, status, created_at);
CREATE INDEX ix_welfare_plan_person_id ON welfare_plan (person_id);
CREATE INDEX ix_welfare_plan_status_ends_on ON welfare_plan (status, ends_on);
CREATE UNIQUE INDEX uq_welfare_plan_standing_person_id ON welfare_plan (person_id) WHERE status IN ('asked', 'proposed', 'active');

CREATE TABLE welfare_grant (
    plan_id UUID NOT NULL,
    person_id UUID NOT NULL,
    cents INTEGER NOT NULL,
    proposed_by_id UUID NOT NULL,
    decided_by_id UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    reason TEXT NOT NULL,
    transfer_id BIGINT,
    status VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_welfare_grant PRIMARY KEY (id),
    CONSTRAINT ck_welfare_grant_status CHECK (status IN ('asked', 'granted', 'rejected')),
    CONSTRAINT ck_welfare_grant_cents CHECK (cents BETWEEN 1 AND 45000),
    CONSTRAINT ck_welfare_grant_booked CHECK ((status = 'granted') = (transfer_id IS NOT NULL)),
    CONSTRAINT ck_welfare_grant_decided CHECK ((status = 'asked') = (decided_at IS NULL)),
    CONSTRAINT ck_welfare_grant_not_for_oneself CHECK (person_id <> proposed_by_id AND person_id <> decided_by_id),
    CONSTRAINT uq_welfare_grant_transfer_id UNIQUE (transfer_id),
    CONSTRAINT fk_welfare_grant_plan_id_welfare_plan FOREIGN KEY(plan_id) REFERENCES welfare_plan (id),
    CONSTRAINT fk_welfare_grant_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_grant_proposed_by_id_person FOREIGN KEY(proposed_by_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_grant_decided_by_id_person FOREIGN KEY(decided_by_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_grant_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_welfare_grant_municipality_id_status ON welfare_grant (municipality_id, status);
CREATE INDEX ix_welfare_grant_plan_id ON welfare_grant (plan_id);
CREATE UNIQUE INDEX uq_welfare_grant_asked_plan_id ON welfare_grant (plan_id) WHERE status = 'asked';

CREATE TABLE welfare_spending (
    plan_id UUID NOT NULL,
    person_id UUID NOT NULL,
    author_id UUID NOT NULL,
    way VARCHAR(32) NOT NULL,
    what TEXT NOT NULL,
    cents INTEGER NOT NULL,
    spent_on DATE,
    status VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    decided_by_id UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    transfer_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_welfare_spending PRIMARY KEY (id),
    CONSTRAINT ck_welfare_spending_status CHECK (status IN ('asked', 'approved', 'paid', 'refunded', 'rejected', 'withdrawn', 'undone')),
    CONSTRAINT ck_welfare_spending_way CHECK (way IN ('beforehand', 'receipt')),
    CONSTRAINT ck_welfare_spending_cents CHECK (cents BETWEEN 1 AND 45000),
    CONSTRAINT ck_welfare_spending_spent_on CHECK ((way = 'receipt') = (spent_on IS NOT NULL)),
    CONSTRAINT ck_welfare_spending_booked CHECK ((status IN ('paid', 'refunded', 'undone')) = (transfer_id IS NOT NULL)),
    CONSTRAINT ck_welfare_spending_refunded_on_receipt CHECK (status <> 'refunded' OR way = 'receipt'),
    CONSTRAINT ck_welfare_spending_paid_beforehand CHECK (status NOT IN ('approved', 'paid') OR way = 'beforehand'),
    CONSTRAINT ck_welfare_spending_rejected_with_a_reason CHECK (status <> 'rejected' OR reason <> ''),
    CONSTRAINT ck_welfare_spending_not_for_oneself CHECK (decided_by_id <> person_id),
    CONSTRAINT uq_welfare_spending_transfer_id UNIQUE (transfer_id),
    CONSTRAINT fk_welfare_spending_plan_id_welfare_plan FOREIGN KEY(plan_id) REFERENCES welfare_plan (id),
    CONSTRAINT fk_welfare_spending_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_spending_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_spending_decided_by_id_person FOREIGN KEY(decided_by_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_spending_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_welfare_spending_municipality_id_status ON welfare_spending (municipality_id, status);
CREATE INDEX ix_welfare_spending_person_id ON welfare_spending (person_id);
CREATE INDEX ix_welfare_spending_plan_id ON welfare_spending (plan_id);

CREATE TABLE welfare_receipt (
    spending_id UUID NOT NULL,
    person_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    sent_hash BYTEA NOT NULL,
    content BYTEA NOT NULL,
    width SMALLINT,
    height SMALLINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_welfare_receipt PRIMARY KEY (id),
    CONSTRAINT ck_welfare_receipt_media_type CHECK (media_type IN ('image/jpeg', 'application/pdf')),
    CONSTRAINT ck_welfare_receipt_size CHECK (octet_length(content) BETWEEN 1 AND 5242880),
    CONSTRAINT ck_welfare_receipt_sent_hash CHECK (octet_length(sent_hash) = 32),
    CONSTRAINT uq_welfare_receipt_spending_id UNIQUE (spending_id),
    CONSTRAINT fk_welfare_receipt_spending_id_welfare_spending FOREIGN KEY(spending_id) REFERENCES welfare_spending (id),
    CONSTRAINT fk_welfare_receipt_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_welfare_receipt_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_welfare_receipt_municipality_id ON welfare_receipt (municipality_id);
CREATE INDEX ix_welfare_receipt_person_id ON welfare_receipt (person_id);

CREATE TABLE mileage_rate (
    valid_from DATE NOT NULL,
    cents_per_km SMALLINT NOT NULL,
    source TEXT NOT NULL,
    set_by_id UUID,
    set_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    CONSTRAINT pk_mileage_rate PRIMARY KEY (valid_from),
    CONSTRAINT ck_mileage_rate_cents_per_km CHECK (cents_per_km BETWEEN 1 AND 200),
    CONSTRAINT ck_mileage_rate_source CHECK (source <> ''),
    CONSTRAINT fk_mileage_rate_set_by_id_person FOREIGN KEY(set_by_id) REFERENCES person (id)
);


CREATE TABLE agreed_cost (
    agreement_id UUID NOT NULL,
    helper_municipality_id INTEGER NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    payer VARCHAR(32) NOT NULL,
    most_km SMALLINT,
    most_cents INTEGER NOT NULL,
    proposed_by_id UUID NOT NULL,
    status VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_agreed_cost PRIMARY KEY (id),
    CONSTRAINT ck_agreed_cost_kind CHECK (kind IN ('kilometers', 'parkeren', 'materiaal')),
    CONSTRAINT ck_agreed_cost_payer CHECK (payer IN ('vrager', 'welzijnsbudget')),
    CONSTRAINT ck_agreed_cost_status CHECK (status IN ('proposed', 'agreed', 'declined', 'stopped')),
    CONSTRAINT ck_agreed_cost_most_cents CHECK (most_cents BETWEEN 1 AND 100000),
    CONSTRAINT ck_agreed_cost_most_km CHECK ((kind = 'kilometers') = (most_km IS NOT NULL)),
    CONSTRAINT ck_agreed_cost_km CHECK (most_km BETWEEN 1 AND 500),
    CONSTRAINT fk_agreed_cost_agreement_id_agreement FOREIGN KEY(agreement_id) REFERENCES agreement (id),
    CONSTRAINT fk_agreed_cost_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_agreed_cost_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_agreed_cost_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_agreed_cost_proposed_by_id_person FOREIGN KEY(proposed_by_id) REFERENCES person (id),
    CONSTRAINT fk_agreed_cost_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_agreed_cost_agreement_id ON agreed_cost (agreement_id);
CREATE INDEX ix_agreed_cost_helper_municipality_id ON agreed_cost (helper_municipality_id);
CREATE INDEX ix_agreed_cost_municipality_id ON agreed_cost (municipality_id);
CREATE UNIQUE INDEX uq_agreed_cost_live_agreement_id_kind ON agreed_cost (agreement_id, kind) WHERE status IN ('proposed', 'agreed');

CREATE TABLE paid_cost (
    agreed_cost_id UUID NOT NULL,
    occurrence_id UUID NOT NULL,
    helper_municipality_id INTEGER NOT NULL,
    asker_id UUID NOT NULL,
    helper_id UUID NOT NULL,
    km SMALLINT,
    cents INTEGER NOT NULL,
    status VARCHAR(32) NOT NULL,
    confirmed_by_id UUID,
    allowance_id BIGINT,
    spending_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_paid_cost PRIMARY KEY (id),
    CONSTRAINT ck_paid_cost_status CHECK (status IN ('reported', 'paid', 'refused', 'withdrawn')),
    CONSTRAINT ck_paid_cost_cents CHECK (cents BETWEEN 1 AND 100000),
    CONSTRAINT ck_paid_cost_km CHECK (km BETWEEN 1 AND 500),
    CONSTRAINT ck_paid_cost_counted CHECK (status <> 'paid' OR allowance_id IS NOT NULL),
    CONSTRAINT ck_paid_cost_not_by_oneself CHECK (confirmed_by_id <> helper_id),
    CONSTRAINT ck_paid_cost_confirmed CHECK ((confirmed_by_id IS NULL) = (allowance_id IS NULL)),
    CONSTRAINT uq_paid_cost_allowance_id UNIQUE (allowance_id),
    CONSTRAINT fk_paid_cost_agreed_cost_id_agreed_cost FOREIGN KEY(agreed_cost_id) REFERENCES agreed_cost (id),
    CONSTRAINT fk_paid_cost_occurrence_id_occurrence FOREIGN KEY(occurrence_id) REFERENCES occurrence (id),
    CONSTRAINT fk_paid_cost_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_paid_cost_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_paid_cost_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_paid_cost_confirmed_by_id_person FOREIGN KEY(confirmed_by_id) REFERENCES person (id),
    CONSTRAINT fk_paid_cost_spending_id_welfare_spending FOREIGN KEY(spending_id) REFERENCES welfare_spending (id),
    CONSTRAINT fk_paid_cost_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE INDEX ix_paid_cost_helper_id_created_at ON paid_cost (helper_id, created_at);
CREATE INDEX ix_paid_cost_helper_municipality_id ON paid_cost (helper_municipality_id);
CREATE INDEX ix_paid_cost_municipality_id ON paid_cost (municipality_id);
CREATE INDEX ix_paid_cost_occurrence_id ON paid_cost (occurrence_id);
CREATE UNIQUE INDEX uq_paid_cost_live_agreed_cost_id_occurrence_id ON paid_cost (agreed_cost_id, occurrence_id) WHERE status IN ('reported', 'paid');

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['welfare_plan', 'welfare_grant', 'welfare_spending', 'welfare_receipt',
                             'agreed_cost', 'paid_cost', 'mileage_rate'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
    -- A budget is its resident's, and the desk's of the municipality that gives it.
    FOREACH t IN ARRAY ARRAY['welfare_plan', 'welfare_grant', 'welfare_spending', 'welfare_receipt'] LOOP
        EXECUTE format('CREATE POLICY tenant ON %I USING (municipality_id = ANY ((SELECT actor_reach())::integer[])'
                       ' OR person_id = (SELECT actor_person()))', t);
    END LOOP;
    -- Costs are the two people's, and their desks' on either side of a border.
    FOREACH t IN ARRAY ARRAY['agreed_cost', 'paid_cost'] LOOP
        EXECUTE format('CREATE POLICY tenant ON %I USING (municipality_id = ANY ((SELECT actor_reach())::integer[])'
                       ' OR helper_municipality_id = ANY ((SELECT actor_reach())::integer[])'
                       ' OR asker_id = (SELECT actor_person()) OR helper_id = (SELECT actor_person()))', t);
    END LOOP;
END $$;
CREATE POLICY read ON mileage_rate FOR SELECT USING (true);
-- Added by somebody of a desk in their own name; which desk is said in Python.
CREATE POLICY own ON mileage_rate FOR INSERT
    WITH CHECK (set_by_id = (SELECT actor_person()) AND (SELECT actor_reach()) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON welfare_plan, welfare_grant, welfare_spending, agreed_cost, paid_cost TO {application};
-- A receipt stays as it was handed in, and a rate as it was set.
GRANT SELECT, INSERT ON welfare_receipt, mileage_rate TO {application};

-- What was read when this was written; whoever runs a region looks it up each year.
INSERT INTO mileage_rate (valid_from, cents_per_km, source, set_at) VALUES
    ('2000-01-01', 23, 'Belastingdienst: onbelaste reiskostenvergoeding, 0,23 euro per kilometer', ledger.now());
