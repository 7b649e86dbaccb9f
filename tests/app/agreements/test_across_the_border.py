"""Help from one municipality to another: the Roosjes go along over both, or the help goes on without."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.agreements import occur
from app.agreements.models import OccurrenceStatus
from app.agreements.upkeep import OCCURRENCES_OUT_OF_STEP
from app.categories.vocabulary import Kind
from app.db import Database as Program
from app.notifications.models import Notice
from app.roosjes import codes, giving, service as roosjes
from app.roosjes.giving import Gift
from app.roosjes.service import OutOfRoosjes
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    act,
    an_agreement,
)
from tests.app.roosjes.moving import STORED, balances
from tests.databases import Database

Travel = Callable[[timedelta], None]
IN_HELMOND, IN_BERGEIJK = "5708 AB", "5571 AA"
BETWEEN = (
    "SELECT posted FROM ledger.account"
    " WHERE kind = 'clearing' AND (municipality_id, counter_municipality_id) = (:one, :other)"
)
BROKEN = "SELECT invariant FROM ledger.violation"


def between(database: Database) -> list[int]:
    """What Geldrop-Mierlo has of Helmond, and the other way round."""
    pairs = (GELDROP_MIERLO, HELMOND), (HELMOND, GELDROP_MIERLO)
    return [rows_of(database, BETWEEN, one=one, other=other)[0].posted for one, other in pairs]


def test_ten_hours_of_help_across_the_border_move_and_the_two_municipalities_sum_to_zero(
    program: Program, fresh_database: Database, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, postcode=IN_HELMOND, minutenPerWeek=2400)
        agreement = an_agreement(session, asker, helper, minuten=600)
        (time,) = occur.get(session, asker, agreement.id).occurrences
    assert (time.municipality_id, time.helper_municipality_id) == (GELDROP_MIERLO, HELMOND)
    assert time.kind is Kind.ROOSJES

    travel(timedelta(days=4))
    for who in (helper, asker):
        with program.transaction() as session:
            occur.happened(session, act(session, who), time.id)

    assert balances(program, asker, helper) == (-600, 600)
    assert between(fresh_database) == [600, -600]
    assert rows_of(fresh_database, BROKEN) == rows_of(fresh_database, OCCURRENCES_OUT_OF_STEP) == []


@pytest.mark.parametrize(
    "without",
    [
        "SELECT ledger.set_trust(794, 1771, 0, '00000000-0000-0000-0000-000000000000')",
        "DELETE FROM ledger.trust WHERE (municipality_id, counter_municipality_id) = (794, 1771)",
    ],
    ids=["taken back", "never given"],
)
def test_without_trust_the_help_goes_on_without_roosjes_and_the_makelaar_hears(
    program: Program, fresh_database: Database, without: str
) -> None:
    with fresh_database.owner.begin() as owner:
        owner.exec_driver_sql(without)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        asker, (helper, _) = a_person(session), a_helper(session, postcode=IN_HELMOND)
        agreement = an_agreement(session, asker, helper)
        (time,) = occur.get(session, asker, agreement.id).occurrences

    assert (time.status, time.kind, time.hold_id) == (OccurrenceStatus.AGREED, Kind.ZONDER, None)
    with program.transaction() as session:
        act(session, marja)
        assert session.query(Notice).filter_by(kind="without-roosjes").one().subject_id == time.id
        assert roosjes.statement(session, act(session, asker)).balance.held_out == 0
    assert rows_of(fresh_database, OCCURRENCES_OUT_OF_STEP) == []


def test_a_gift_to_where_no_trust_goes_is_refused_and_leaves_nothing(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria, bergeijk = a_person(session), a_person(session, first_name="Bo", postcode=IN_BERGEIJK)
        code = codes.own(session, act(session, bergeijk))
    assert balances(program, ria, bergeijk) == (0, 0)
    before = rows_of(fresh_database, STORED)

    with program.transaction() as session:
        to = giving.by_code(session, act(session, ria), code)
        with pytest.raises(OutOfRoosjes):
            giving.give(session, ria, to, Gift(30, "k", "Dank u"))

    assert rows_of(fresh_database, STORED) == before
    assert balances(program, ria, bergeijk) == (0, 0)
