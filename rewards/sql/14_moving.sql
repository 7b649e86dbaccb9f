-- Moving house: a person takes their account along, so that nobody has two credit lines.

-- The one account of Roosjes that a person gives from and gets on; no row when there is none.
CREATE FUNCTION ledger.in_use(in_owner uuid) RETURNS ledger.account
LANGUAGE sql STABLE
AS $$
    SELECT a FROM ledger.account a
    WHERE owner_pseudonym = in_owner AND kind = 'member' AND unit = 'ROOSJE_MIN' AND status <> 'closed'
        AND moved_to IS NULL
$$;

-- The line of credit that the municipality's rules give, less what the owner still owes on accounts left behind.
CREATE FUNCTION ledger.set_line(in_account bigint) RETURNS ledger.account
LANGUAGE plpgsql
AS $$
DECLARE
    mine ledger.account := ledger.existing(in_account);
    policy ledger.policy := ledger.policy_at(mine.municipality_id, ledger.now());
    owed bigint := (SELECT coalesce(sum(greatest(0, held_out - posted)), 0)::bigint FROM ledger.account
                    WHERE owner_pseudonym = mine.owner_pseudonym AND kind = 'member' AND unit = 'ROOSJE_MIN'
                        AND moved_to IS NOT NULL);
    line bigint := least(0, ledger.floor_by(policy, mine.earned) + owed);
BEGIN
    UPDATE ledger.account SET
        personal = owed > 0, narrowed = owed > 0,
        floor = line, min_available = least(line, posted - held_out),
        ceiling = policy.ceiling, max_balance = greatest(policy.ceiling, posted + held_in)
    WHERE id = in_account RETURNING * INTO STRICT mine;
    RETURN mine;
END
$$;

-- From now on the person's account is kept by this municipality. The one of before ends what it holds and takes on
-- nothing new; what is owed there narrows the new credit line until it is carried along (carry_home).
CREATE FUNCTION ledger.move_home(in_owner uuid, in_municipality integer) RETURNS ledger.account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old ledger.account := ledger.in_use(in_owner);
    mine ledger.account;
BEGIN
    IF old.id IS NULL OR old.municipality_id = in_municipality THEN
        RETURN ledger.open_account(in_municipality, 'ROOSJE_MIN', 'member', in_owner, NULL, 0, NULL, NULL);
    END IF;
    SELECT * INTO mine FROM ledger.account
        WHERE municipality_id = in_municipality AND unit = 'ROOSJE_MIN' AND kind = 'member'
            AND owner_pseudonym = in_owner;
    IF mine.status = 'closed' THEN
        RETURN old;  -- closed for good: then the other one stays in use
    END IF;
    PERFORM ledger.lock(array_remove(ARRAY[old.id, mine.id], NULL), '{open,frozen}');
    UPDATE ledger.account SET
        moved_to = in_municipality, personal = true, narrowed = false,
        floor = 0, min_available = least(0, posted - held_out),
        ceiling = 0, max_balance = greatest(0, posted + held_in)
    WHERE id = old.id AND moved_to IS NULL RETURNING * INTO old;
    IF NOT FOUND THEN
        RETURN ledger.in_use(in_owner);  -- moved at the same moment, by another tab
    ELSIF mine.id IS NULL THEN
        mine := ledger.open_account(in_municipality, 'ROOSJE_MIN', 'member', in_owner, NULL, 0, NULL, NULL);
    END IF;
    UPDATE ledger.account SET moved_to = NULL, status = old.status WHERE id = mine.id;
    RETURN ledger.set_line(mine.id);
END
$$;

-- Takes what stands on an account that was left behind to the one in use, through the clearing accounts of the two
-- municipalities; what is owed goes along as well, and the credit line is as wide again as what is left behind lets
-- it be. NULL when nothing was left. Holds are ended first.
CREATE FUNCTION ledger.carry_home(in_account bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old ledger.account := ledger.existing(in_account);
    mine ledger.account := ledger.in_use(old.owner_pseudonym);
    before ledger.account := old;
    route ledger.route;
    batch ledger.batch;
BEGIN
    IF old.moved_to IS NULL OR mine.id IS NULL THEN
        PERFORM ledger.refuse('ZL022', 'nobody moved away from this account');
    ELSIF (old.held_out, old.held_in) <> (0, 0) THEN
        PERFORM ledger.refuse('ZL019', 'the account has open holds');
    ELSIF old.posted = 0 THEN
        PERFORM ledger.lock(ARRAY[mine.id], '{open,frozen}');
        IF (ledger.existing(mine.id)).narrowed THEN  -- what was reserved when the owner moved was let go of
            PERFORM ledger.set_line(mine.id);
        END IF;
        RETURN NULL;
    END IF;
    route := CASE WHEN old.posted < 0 THEN ledger.route_between(mine.id, in_account)
                  ELSE ledger.route_between(in_account, mine.id) END;
    PERFORM ledger.lock(route.accounts, '{open,frozen}');
    -- Which way it goes is known for sure only under the lock. Nothing new begins here, so this ends.
    old := ledger.existing(in_account);
    IF (old.posted, old.held_out, old.held_in, old.moved_to)
        IS DISTINCT FROM (before.posted, before.held_out, before.held_in, before.moved_to) THEN
        RETURN ledger.carry_home(in_account);
    END IF;
    UPDATE ledger.account SET
        min_available = least(min_available, posted - held_out + old.posted),
        max_balance = greatest(max_balance, posted + held_in + old.posted)
    WHERE id = mine.id;
    batch := ledger.begin_batch(old.owner_pseudonym, 'move', concat_ws(':', 'move', in_account, old.entries),
                                ledger.body_hash(in_account::text, mine.id::text), NULL, NULL, NULL, NULL);
    PERFORM ledger.write_along(route, 'pay', batch, abs(old.posted), NULL);
    IF (ledger.existing(mine.id)).narrowed THEN
        PERFORM ledger.set_line(mine.id);
    END IF;
    RETURN batch.id;
END
$$;

REVOKE ALL ON FUNCTION
    ledger.in_use(uuid),
    ledger.set_line(bigint),
    ledger.move_home(uuid, integer),
    ledger.carry_home(bigint)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger.move_home(uuid, integer),
    ledger.carry_home(bigint)
TO :"application_role";
