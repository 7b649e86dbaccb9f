-- All invariants in one view: each file before this one may add its own views, and their lines stand here.
-- Migrations that add a line replace the view whole, with the lines that there are by then.

CREATE VIEW ledger.violation AS
    SELECT 'I1' AS invariant, * FROM ledger.broken_i1
    UNION ALL SELECT 'I2', * FROM ledger.broken_i2
    UNION ALL SELECT 'I2', * FROM ledger.broken_i2_earned
    UNION ALL SELECT 'I3', * FROM ledger.broken_i3
    UNION ALL SELECT 'I4', * FROM ledger.broken_i4
    UNION ALL SELECT 'I5', * FROM ledger.broken_i5
    UNION ALL SELECT 'I6', * FROM ledger.broken_i6
    UNION ALL SELECT 'I7', * FROM ledger.broken_i7
    UNION ALL SELECT 'I8', * FROM ledger.broken_i8
    UNION ALL SELECT 'I9', * FROM ledger.broken_i9
    UNION ALL SELECT 'I9', * FROM ledger.broken_i9_asked
    UNION ALL SELECT 'I10', * FROM ledger.broken_i10
    UNION ALL SELECT 'I10', * FROM ledger.broken_i10_whole
    UNION ALL SELECT 'I11', * FROM ledger.broken_i11
    UNION ALL SELECT 'I12', * FROM ledger.broken_i12
    UNION ALL SELECT 'I12', * FROM ledger.broken_i12_papers
    UNION ALL SELECT 'I13', * FROM ledger.broken_i13
    UNION ALL SELECT 'I24', * FROM ledger.broken_i24
    UNION ALL SELECT 'I14', * FROM ledger.broken_i14
    UNION ALL SELECT 'I18', * FROM ledger.broken_i18
    UNION ALL SELECT 'I19', * FROM ledger.broken_i19
    -- Months and seals stay last: their migration adds its lines to those that are there by then.
    UNION ALL SELECT 'I21', * FROM ledger.broken_i21
    UNION ALL SELECT 'I22', * FROM ledger.broken_i22
    UNION ALL SELECT 'I23', * FROM ledger.broken_i23
    UNION ALL SELECT 'I25', * FROM ledger.broken_i25
    UNION ALL SELECT 'I12', * FROM ledger.broken_i12_paid;

-- The nightly check runs as the application: it learns which ids are wrong and nothing about people.
-- A view borrows the owner's tables but not the owner's functions; these two only compute.
GRANT SELECT ON ledger.violation TO :"application_role";
GRANT EXECUTE ON FUNCTION
    ledger.canonical(ledger.transfer, ledger.batch),
    ledger.entry_hash(bytea, bigint, bigint, bigint, bigint, text)
TO :"application_role";
