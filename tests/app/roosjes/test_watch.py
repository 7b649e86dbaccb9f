"""Case 38: what is unusual in the books is shown to a makelaar; overlaps are refused; nobody is punished."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import rewards
from app.access.actor import Actor
from app.agreements.agree import HelperBusy
from app.clock import now
from app.db import Database as Program
from app.errors import NotFound
from app.jobs import tasks
from app.jobs.work import Work
from app.people.models import Person
from app.roosjes import service, watch
from app.roosjes.models import SignalKind
from app.roosjes.watch import Remark
from tests.app.api.conftest import ApiFor
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.app.roosjes.moving import balances
from tests.databases import Database
from tests.web.pages.helpers import Visit

Visits = Callable[[], Visit]
EIGHT_HOURS = 480


def two(program: Program, **details: str) -> tuple[Actor, Actor]:
    """Two residents."""
    with program.transaction() as session:
        return tuple(a_person(session, first_name=name, **details) for name in ("Aad", "Bep"))  # type: ignore[return-value]


def paid(
    program: Program, payer: Actor, payee: Actor, minutes: int, days_ago: float, number: int = 0
) -> None:
    """Roosjes from one to the other, for so many days ago."""
    with program.transaction() as session:
        act(session, payer)
        people = [session.get_one(Person, one.person_id) for one in (payer, payee)]
        accounts = [service.account_of(session, one, 1771).id for one in people]
        rewards.pay(session.connection(), key=f"{payer.person_id}-{days_ago}-{number}", actor=people[0].pseudonym,
                    payer=accounts[0], payee=accounts[1], minutes=minutes,
                    occurred_at=now(session) - timedelta(days=days_ago))  # fmt: skip


def back_and_forth(program: Program, one: Actor, other: Actor) -> None:
    """Eight hours a day for thirty days, there one day and back the next."""
    for day in range(30):
        there = (one, other) if day % 2 else (other, one)
        paid(program, *there, EIGHT_HOURS, 29.5 - day)


def seen_signals(database: Database) -> list[tuple[str, int]]:
    rows = rows_of(database, "SELECT kind, minutes FROM roosjes_signal ORDER BY kind, since")
    return [tuple(row) for row in rows]


def test_eight_hours_a_day_back_and_forth_for_a_month_is_shown_and_changes_nothing(
    program: Program, fresh_database: Database, work: Work
) -> None:
    one, other = two(program)
    with program.transaction() as session:
        a_member_of_staff(fresh_database, session)
    back_and_forth(program, one, other)
    before = balances(program, one, other)
    for _ in range(2):
        tasks.watch_books(work)

    assert seen_signals(fresh_database) == [("back_and_forth", 30 * EIGHT_HOURS)]
    assert balances(program, one, other) == before
    statuses = rows_of(
        fresh_database, "SELECT DISTINCT status::text, floor FROM ledger.account WHERE kind = 'member'"
    )
    assert [tuple(row) for row in statuses] == [("open", -720)]
    told = rows_of(fresh_database, "SELECT kind FROM notice")
    assert [row.kind for row in told] == ["roosjes-signal"]


def test_twenty_five_hours_on_one_day_are_shown(
    program: Program, fresh_database: Database, work: Work
) -> None:
    one, other = two(program)
    with program.transaction() as session:
        third = a_person(session, first_name="Cor")
    noon = _days_since_noon(program)
    paid(program, one, other, 720, noon, 1)
    paid(program, third, other, 720, noon, 2)
    tasks.watch_books(work)
    assert seen_signals(fresh_database) == [("long_day", 1440)]


def _days_since_noon(program: Program) -> float:
    """So many days ago it was yesterday noon in UTC: both times lie on one day in Amsterdam."""
    with program.transaction() as session:
        moment = now(session)
    noon = (moment - timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    return (moment - noon) / timedelta(days=1)


@pytest.mark.parametrize(
    "details", [{"telefoon": "06 12345678"}, {"huisnummer": "12"}], ids=["one telephone", "one address"]
)
def test_a_second_account_of_one_household_is_shown(
    program: Program, fresh_database: Database, work: Work, details: dict[str, str]
) -> None:
    one, other = two(program, **details)
    paid(program, one, other, 600, 3)
    tasks.watch_books(work)

    assert seen_signals(fresh_database) == [("one_household", 600)]


def test_ordinary_help_and_what_was_taken_back_are_not_shown(
    program: Program, fresh_database: Database, work: Work
) -> None:
    one, other = two(program)
    for day in range(6):
        paid(program, one, other, 60, day + 0.5)
    paid(program, other, one, 300, 2.5, 1)
    tasks.watch_books(work)

    assert seen_signals(fresh_database) == []


def test_a_helper_is_not_agreed_at_two_places_at_once(program: Program) -> None:
    with program.transaction() as session:
        one, other = a_person(session, first_name="Aad"), a_person(session, first_name="Bep")
        helper, _ = a_helper(session, minutenPerWeek=2400)
        an_agreement(session, one, helper, minuten=480)
        with pytest.raises(HelperBusy), session.begin_nested():
            an_agreement(session, other, helper, minuten=480)


def test_only_the_desk_of_the_place_sees_a_signal_and_says_what_came_of_it(
    program: Program, fresh_database: Database, work: Work, visit: Visits, api_for: ApiFor
) -> None:
    one, other = two(program)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        far = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
    back_and_forth(program, one, other)
    tasks.watch_books(work)

    with program.transaction() as session:
        (signal,) = watch.waiting(session, act(session, marja), 1771)
        assert signal.kind is SignalKind.BACK_AND_FORTH
        for stranger in (far, one):
            with pytest.raises(NotFound):
                watch.seen(session, act(session, stranger), signal.id, Remark())
    assert api_for(one).get("/roosjessignalen").status_code == 403
    (row,) = api_for(marja).get("/roosjessignalen").json()
    assert row["soort"] == "heenEnWeer"
    desk = visit().sign_in(program, marja).get("/bureau/roosjesvragen")
    assert desk.says("Veel heen en weer tussen twee mensen")
    assert desk.says("er gebeurt niets vanzelf")
    desk.post(f"/bureau/roosjesvragen/signalen/{signal.id}", opmerking="Ze verzorgen samen hun moeder.")
    assert desk.says("Er viel niets op.")
    (kept,) = rows_of(fresh_database, "SELECT remark, seen_by_id FROM roosjes_signal")
    assert tuple(kept) == ("Ze verzorgen samen hun moeder.", marja.person_id)
