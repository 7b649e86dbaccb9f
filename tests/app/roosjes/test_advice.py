"""A word on the balance: one message, to who may like it, never twice in three months or within a week of anything."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

import rewards
from app.access.actor import Actor
from app.clock import now
from app.db import Database as Program
from app.errors import Forbidden
from app.help_requests.models import Status
from app.jobs import tasks
from app.jobs.work import Work
from app.notifications.service import tell
from app.people import service as people
from app.people.models import Person
from app.roosjes import advice, giving, service as roosjes
from app.roosjes.advice import Standing
from app.roosjes.giving import Gift
from tests.app.api.conftest import ApiFor
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_request, act, an_offer
from tests.app.roosjes.moving import a_pair
from tests.databases import Database
from tests.web.pages.helpers import Visit

Travel = Callable[[timedelta], None]
Visits = Callable[[], Visit]
WEEK = timedelta(days=8)


@pytest.fixture
def pair(program: Program, travel: Travel) -> tuple[Actor, Actor]:
    """Ria is an hour below zero and asks something; Tonnie is an hour above and offers something. A week has passed."""
    ria, tonnie, _ = a_pair(program)
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(60, "k"))
    travel(WEEK)
    return ria, tonnie


def told(database: Database, actor: Actor) -> list[str]:
    """The advice that somebody got, in order."""
    rows = rows_of(
        database,
        "SELECT kind FROM notice WHERE person_id = :id AND subject_id = :id ORDER BY created_at",
        id=actor.person_id,
    )
    return [row.kind for row in rows]


def test_below_zero_without_an_offer_hears_of_offering_and_above_without_a_request_of_asking(
    fresh_database: Database, work: Work, pair: tuple[Actor, Actor]
) -> None:
    for _ in range(2):
        tasks.advise(work)

    assert [told(fresh_database, one) for one in pair] == [["advice-offer"], ["advice-ask"]]


def test_no_advice_comes_twice_within_three_months_and_again_after(
    fresh_database: Database, work: Work, pair: tuple[Actor, Actor], travel: Travel
) -> None:
    tasks.advise(work)
    for days in (8, 40, 40):
        travel(timedelta(days=days))
        tasks.advise(work)
        assert told(fresh_database, pair[0]) == ["advice-offer"]
    travel(timedelta(days=10))
    tasks.advise(work)

    assert told(fresh_database, pair[0]) == ["advice-offer", "advice-offer"]


def test_nothing_comes_within_a_week_of_anything_else(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor], travel: Travel
) -> None:
    ria, tonnie = pair
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(5, "again"))
    tasks.advise(work)
    travel(timedelta(days=6))
    tasks.advise(work)
    assert [told(fresh_database, one) for one in pair] == [[], []]
    travel(timedelta(days=2))
    tasks.advise(work)

    assert [told(fresh_database, one) for one in pair] == [["advice-offer"], ["advice-ask"]]


def test_nothing_comes_within_a_week_of_another_message(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor], travel: Travel
) -> None:
    ria, _ = pair
    with program.transaction() as session:
        act(session, ria)
        home = people.home(session, ria.person_id)
        tell(session, ria.person_id, home.municipality_id, "house-rules", uuid4())
    tasks.advise(work)
    assert [told(fresh_database, one) for one in pair] == [[], ["advice-ask"]]
    travel(WEEK)
    tasks.advise(work)

    assert told(fresh_database, ria) == ["advice-offer"]


def test_who_offers_or_asks_already_hears_nothing(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor], travel: Travel
) -> None:
    ria, tonnie = pair
    with program.transaction() as session:
        an_offer(session, act(session, ria))
    with program.transaction() as session:
        asked = a_request(session, act(session, tonnie))
        assert asked.status in (Status.OPEN, Status.SUBMITTED)
    travel(WEEK)
    tasks.advise(work)

    assert [told(fresh_database, one) for one in pair] == [[], []]


@pytest.mark.parametrize("silent", ["do_not_ask", "paused"])
def test_who_does_not_want_to_be_asked_hears_nothing(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor], silent: str
) -> None:
    rows_of(fresh_database, f"UPDATE person SET {silent} = true RETURNING id")
    tasks.advise(work)

    assert [told(fresh_database, one) for one in pair] == [[], []]


def test_halfway_and_at_four_fifths_somebody_is_told_softly(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor], travel: Travel
) -> None:
    ria, tonnie = pair
    for minutes in (300, 216):
        with program.transaction() as session:
            to = giving.known(session, act(session, ria), tonnie.person_id)
            giving.give(session, ria, to, Gift(minutes, f"k{minutes}"))
        travel(WEEK)
        tasks.advise(work)

    assert told(fresh_database, ria) == ["near-floor-50", "near-floor-80"]


def test_who_gets_help_every_week_hears_of_the_limit_as_well(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor]
) -> None:
    ria, tonnie = pair
    with program.transaction() as session:
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(60, "today"))
        account, other = (
            roosjes.account_of(session, session.get_one(Person, one.person_id), 1771).id for one in pair
        )
        rewards.hold(
            session.connection(), key="h", actor=uuid4(), asker=account, helper=other, minutes=240,
            subject=uuid4(), expires_at=now(session) + WEEK,
        )  # fmt: skip
    for _ in range(2):
        tasks.advise(work)

    assert [told(fresh_database, one) for one in pair] == [["near-floor-50"], []]


def test_the_desk_sees_who_is_near_a_limit_the_nearest_first_also_who_gets_no_message(
    program: Program, fresh_database: Database, pair: tuple[Actor, Actor], visit: Visits, api_for: ApiFor
) -> None:
    ria, tonnie = pair
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session, first_name="Marja")
        to = giving.known(session, act(session, ria), tonnie.person_id)
        giving.give(session, ria, to, Gift(516, "much"))
    rows_of(fresh_database, "UPDATE person SET do_not_ask = true RETURNING id")
    with program.transaction() as session:
        near = advice.near(session, act(session, marja), 1771)
        assert [(one.person_id, one.level, one.available, one.limit, one.silent) for one in near] == [
            (ria.person_id, 80, -576, -720, True)
        ]
    with program.transaction() as session, pytest.raises(Forbidden):
        advice.near(session, act(session, ria), 1771)
    (row,) = api_for(marja).get("/roosjesgrenzen").json()
    assert (row["persoon"], row["procent"], row["zonderBericht"]) == (str(ria.person_id), 80, True)
    desk = visit().sign_in(program, marja).get("/bureau/roosjesvragen")
    assert desk.says("krijgt geen bericht")


def test_after_eighteen_still_months_somebody_hears_once_that_their_roosjes_are_there(
    program: Program, fresh_database: Database, work: Work, pair: tuple[Actor, Actor], travel: Travel
) -> None:
    tasks.advise(work)
    travel(timedelta(days=540))
    for _ in range(3):
        travel(WEEK)
        tasks.advise(work)

    assert told(fresh_database, pair[1]).count("dormant") == 1
    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.transfer")[0][0] == 1


def a_standing(**changes: object) -> Standing:
    values: dict[str, object] = {
        "posted": -60, "available": -60, "coming": changes.get("posted", -60), "floor": -720,
        "ceiling": 3600, "offers": False, "asks": False,
        "told": frozenset(), "dormant": False,
    }  # fmt: skip
    return Standing(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "advice-offer"),
        ({"offers": True}, ""),
        ({"told": frozenset({"advice-ask"})}, ""),
        ({"posted": 60, "available": 60}, "advice-ask"),
        ({"posted": 60, "available": 60, "asks": True}, ""),
        ({"posted": -360, "available": -360}, "near-floor-50"),
        ({"posted": -359, "available": -359}, "advice-offer"),
        ({"posted": -576, "available": -576}, "near-floor-80"),
        ({"posted": 1800, "available": 1800}, "near-ceiling-50"),
        ({"posted": 2880, "available": 2880, "told": frozenset({"near-ceiling-50"})}, "near-ceiling-80"),
        ({"posted": -400, "available": -400, "told": frozenset({"near-floor-50"})}, "advice-offer"),
        ({"posted": -400, "available": -400, "told": frozenset({"near-floor-80"}), "offers": True}, ""),
        ({"posted": 60, "available": -400}, "near-floor-50"),
        ({"posted": 60, "available": 60, "coming": 1800}, "near-ceiling-50"),
        ({"posted": -400, "available": -400, "quiet": False}, "near-floor-50"),
        ({"quiet": False, "dormant": True}, ""),
        ({"dormant": True}, "dormant"),
        ({"floor": 0, "offers": True}, ""),
    ],
)
def test_one_message_is_chosen_from_where_somebody_stands(changes: dict[str, object], kind: str) -> None:
    assert advice.message(a_standing(**changes)) == kind
