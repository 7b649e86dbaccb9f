"""Hosting something: who may, who looks at it first, and who sees what of it."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.access.actor import system
from app.access.roles import Role
from app.activities import changing, joining, judging, service
from app.activities.models import Activity, ActivityHome, ActivitySignup, DateStatus, SignupStatus, Status
from app.clock import AMSTERDAM
from app.db import Database as Program, scope_to
from app.errors import Forbidden, Invalid, NotFound, Stale
from tests.app.activities.making import (
    a_new_activity,
    an_organisation,
    changed,
    hosted_by_desk,
    joining as to_join,
    stopping,
    times,
    works_for,
)
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, act, nobody
from tests.databases import Database


def told(database: Database, kind: str) -> list[tuple[object, object]]:
    rows = rows_of(
        database,
        "SELECT person_id, subject_id FROM notice WHERE kind = :kind ORDER BY created_at, id",
        kind=kind,
    )
    return [(row.person_id, row.subject_id) for row in rows]


def test_what_a_resident_hosts_waits_for_the_desk_and_is_then_shown_to_all(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, host = a_member_of_staff(fresh_database, session), a_person(session)
        made = service.make(session, act(session, host), a_new_activity(session))
    with program.transaction() as session:
        nobody(session)
        before = session.scalars(select(Activity)).all()
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)
    with program.transaction() as session:
        nobody(session)
        after = session.scalars(select(Activity.status)).all()

    assert (before, after) == ([], [Status.OPEN])
    assert told(fresh_database, "activity-waits") == [(marja.person_id, made.id)]
    assert told(fresh_database, "activity-approved") == [(host.person_id, made.id)]


def test_the_desk_reads_what_is_on_a_page_at_a_time_each_with_its_next_time(
    fresh_database: Database, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "PAGE", 2)
    with program.transaction() as session:
        marja, host = a_member_of_staff(fresh_database, session), a_person(session)
        made = [service.make(session, act(session, host), a_new_activity(session)).id for _ in range(3)]
    with program.transaction() as session:
        waiting = judging.waiting(session, act(session, marja), 1771)
        for id in made:
            judging.approve(session, act(session, marja), id)
    with program.transaction() as session:
        pages = [judging.running(session, act(session, marja), 1771, page) for page in (1, 2)]

    assert (len(waiting.rows), waiting.count) == (2, 3)
    assert [(len(page.rows), page.follows) for page in pages] == [(2, True), (1, False)]
    shown = [activity.id for page in pages for activity, _ in page.rows]
    assert sorted(shown) == sorted(made)


def test_the_desk_says_no_with_a_reason_that_the_host_reads(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, host = a_member_of_staff(fresh_database, session), a_person(session)
        made = service.make(session, act(session, host), a_new_activity(session))
    with program.transaction() as session:
        judging.reject(session, act(session, marja), made.id, "Vraag eerst de zaal.")

    with program.transaction() as session:
        seen = service.get(session, act(session, host), made.id)

    assert (seen.status, seen.reason) == (Status.REJECTED, "Vraag eerst de zaal.")
    assert told(fresh_database, "activity-rejected") == [(host.person_id, made.id)]


def test_nobody_of_the_desk_approves_what_they_host_at_home_themselves(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        made = service.make(session, act(session, marja), a_new_activity(session))

        with pytest.raises(Forbidden):
            judging.approve(session, act(session, marja), made.id)


def test_a_makelaar_of_elsewhere_judges_nothing(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
        host = a_person(session)
        made = service.make(session, act(session, host), a_new_activity(session))
    with program.transaction() as session, pytest.raises(NotFound):
        judging.approve(session, act(session, karin), made.id)


@pytest.mark.parametrize(("covenant", "status"), [(True, Status.OPEN), (False, Status.SUBMITTED)])
def test_an_organisation_that_signed_hosts_at_once(
    fresh_database: Database, program: Program, covenant: bool, status: Status
) -> None:
    flag = an_organisation(fresh_database, covenant=covenant)
    with program.transaction() as session:
        head = a_person(session, first_name="Sjef")
    works_for(fresh_database, head, flag, Role.ORGANISATION_MEMBER)

    with program.transaction() as session:
        made = service.make(session, act(session, head), a_new_activity(session, gastheer=str(flag)))

        assert (made.status, made.organisation_id, made.host_id) == (status, flag, None)


@pytest.mark.parametrize("host", ["bureau", "01890000-0000-7000-8000-00000000000a"])
def test_nobody_hosts_in_a_name_that_is_not_theirs(program: Program, host: str) -> None:
    with program.transaction() as session, pytest.raises(Invalid):
        service.make(session, a_person(session), a_new_activity(session, gastheer=host))


def test_the_database_refuses_a_host_that_one_is_not(fresh_database: Database, program: Program) -> None:
    flag = an_organisation(fresh_database)
    with program.transaction() as session:
        host = a_person(session)
        made = service.make(session, host, a_new_activity(session))
    taken = text("UPDATE activity SET host_id = NULL, organisation_id = :o WHERE id = :id")
    with program.transaction() as session:
        act(session, host)
        with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
            session.execute(taken, {"o": flag, "id": made.id})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": -1}, "datum"),
        ({"days": 500}, "datum"),
        ({"hoeVaak": "wekelijks"}, "totEnMet"),
        ({"hoeVaak": "wekelijks", "until_days": 1}, "totEnMet"),
        ({"hoeVaak": "wekelijks", "until_days": 700}, "totEnMet"),
        ({"thuis": True, "gastheer": "ik", "postcode": "9999 ZZ"}, "postcode"),
    ],
)
def test_when_and_where_are_looked_at(program: Program, changes: dict[str, object], field: str) -> None:
    with program.transaction() as session:
        host = a_person(session)

        with pytest.raises(Invalid) as refusal:
            service.make(session, host, a_new_activity(session, **changes))  # type: ignore[arg-type]

        assert list(refusal.value.details) == [field]


def test_a_series_keeps_its_clock_across_the_change_of_time(program: Program) -> None:
    with program.transaction() as session:
        host = a_person(session)
        made = service.make(
            session, host, a_new_activity(session, days=1, hoeVaak="wekelijks", until_days=300)
        )
        shown = {f"{date.starts_at.astimezone(AMSTERDAM):%H:%M}" for date in times(session, host, made)}

        assert shown == {"17:30"}


def test_a_weekly_series_that_ends_in_eight_days_has_two_times_and_ending_it_tells_each_once(
    fresh_database: Database, program: Program
) -> None:
    """Scenario 23: ending it now takes the empty times away, and who had joined is told, once."""
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria, joop = a_person(session), a_person(session, first_name="Joop")
        made = hosted_by_desk(session, marja, days=1, hoeVaak="wekelijks", until_days=8, plaatsen=1)
        first, second = times(session, marja, made)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join(first))
    with program.transaction() as session:
        joining.join(session, act(session, joop), made.id, to_join(first))

    with program.transaction() as session:
        joining.stop(session, act(session, marja), made.id, stopping())
    with program.transaction() as session:
        left = times(session, act(session, ria), made)

    assert [(date.id, date.status, date.reason) for date in left] == [
        (first.id, DateStatus.CANCELLED, "De kok is ziek.")
    ]
    assert second.id not in {date.id for date in left}
    assert sorted(told(fresh_database, "activity-stopped"), key=str) == sorted(
        [(ria.person_id, made.id), (joop.person_id, made.id)], key=str
    )


def test_who_joined_both_times_of_a_series_is_told_once_that_it_ends(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, ria = a_member_of_staff(fresh_database, session), a_person(session)
        made = hosted_by_desk(session, marja, days=1, hoeVaak="wekelijks", until_days=8)
    with program.transaction() as session:
        standing = joining.join(session, act(session, ria), made.id, to_join())
    with program.transaction() as session:
        joining.stop(session, act(session, marja), made.id, stopping())

    assert standing == [SignupStatus.IN, SignupStatus.IN]
    assert told(fresh_database, "activity-stopped") == [(ria.person_id, made.id)]


def test_one_time_is_cancelled_and_the_others_go_on(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja, ria = a_member_of_staff(fresh_database, session), a_person(session)
        made = hosted_by_desk(session, marja, days=1, hoeVaak="wekelijks", until_days=8)
        first, _ = times(session, marja, made)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join())
    with program.transaction() as session:
        joining.stop(session, act(session, marja), made.id, stopping(date=first))
    with program.transaction() as session:
        left = [date.status for date in times(session, act(session, ria), made)]

    assert left == [DateStatus.CANCELLED, DateStatus.PLANNED]
    assert told(fresh_database, "activity-cancelled") == [(ria.person_id, first.id)]
    assert told(fresh_database, "activity-stopped") == []


def test_the_desk_stops_what_a_resident_hosts_and_reads_not_who_comes(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        host, ria = a_person(session, first_name="Ans"), a_person(session)
        made = service.make(session, act(session, host), a_new_activity(session))
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join())
    with program.transaction() as session:
        desk = act(session, marja)
        read = session.scalars(select(ActivitySignup)).all()
        with pytest.raises(Forbidden):
            joining.who_comes(session, desk, made.id)
        joining.stop(session, desk, made.id, stopping())

    assert read == []
    assert told(fresh_database, "activity-stopped") == [(ria.person_id, made.id)]


def test_the_address_of_a_home_is_there_for_who_has_a_place_and_nobody_else(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        host, ria, joop = (a_person(session, first_name=name) for name in ("Ans", "Ria", "Joop"))
        made = service.make(
            session,
            act(session, host),
            a_new_activity(session, thuis=True, adres="Molenstraat 5", plaatsen=1),
        )
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)
    for who in (ria, joop):
        with program.transaction() as session:
            joining.join(session, act(session, who), made.id, to_join())
    reads = {}
    for name, who in {"host": host, "ria": ria, "joop": joop}.items():
        with program.transaction() as session:
            seer = act(session, who)
            activity = service.get(session, seer, made.id)
            reads[name] = (activity.address, service.address_of(session, seer, activity))
    with program.transaction() as session:
        nobody(session)
        visitor = session.scalars(select(ActivityHome)).all()

    assert reads == {"host": ("", "Molenstraat 5"), "ria": ("", "Molenstraat 5"), "joop": ("", "")}
    assert visitor == []


def test_only_the_host_reads_who_comes(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria, joop = a_person(session), a_person(session, first_name="Joop")
        made = hosted_by_desk(session, marja)
        (date,) = times(session, marja, made)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join(date))
    with program.transaction() as session:
        shown = joining.who_comes(session, act(session, marja), made.id)
        names = [one.person.first_name for _, signups in shown for one in signups]
    with program.transaction() as session:
        other = act(session, joop)
        read = session.scalars(select(ActivitySignup)).all()
        with pytest.raises(Forbidden):
            joining.who_comes(session, other, made.id)

    assert (names, read) == (["Ria"], [])


def test_more_places_let_in_who_waits_and_fewer_than_are_taken_are_refused(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        people = [a_person(session, first_name=name) for name in ("Ria", "Joop", "Wim")]
        made = hosted_by_desk(session, marja, plaatsen=2)
        (date,) = times(session, marja, made)
    for who in people:
        with program.transaction() as session:
            joining.join(session, act(session, who), made.id, to_join())
    with program.transaction() as session:
        desk = act(session, marja)
        activity = service.get(session, desk, made.id)
        with pytest.raises(Invalid):
            changing.change(session, desk, made.id, changed(activity, plaatsen=1))
    with program.transaction() as session:
        desk = act(session, marja)
        activity = service.get(session, desk, made.id)
        changing.change(session, desk, made.id, changed(activity, plaatsen=3))

    assert told(fresh_database, "activity-let-in") == [(people[2].person_id, date.id)]


def test_another_place_is_told_to_who_comes_and_a_stale_change_is_refused(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, ria = a_member_of_staff(fresh_database, session), a_person(session)
        made = hosted_by_desk(session, marja)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join())
    with program.transaction() as session:
        desk = act(session, marja)
        activity = service.get(session, desk, made.id)
        typed = changed(activity, plek="Bibliotheek", adres="Markt 2")
        changing.change(session, desk, made.id, typed)
    with program.transaction() as session, pytest.raises(Stale):
        changing.change(session, act(session, marja), made.id, typed)

    assert told(fresh_database, "activity-moved") == [(ria.person_id, made.id)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"titel": "Bel 0900-1234 voor snel geld"}, False),
        ({"toelichting": "Kom langs, neem niemand mee."}, False),
        ({"adres": "Molenstraat 5", "thuis": True}, False),
        ({"plaatsen": 9}, True),
    ],
)
def test_what_a_resident_changes_in_what_the_desk_approved_is_looked_at_before_others_read_it(
    fresh_database: Database, program: Program, typed: dict[str, object], shown: bool
) -> None:
    with program.transaction() as session:
        marja, ans = a_member_of_staff(fresh_database, session), a_person(session, first_name="Ans")
        made = service.make(session, act(session, ans), a_new_activity(session))
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)

    with program.transaction() as session:
        host = act(session, ans)
        changing.change(session, host, made.id, changed(service.get(session, host, made.id), **typed))

    with program.transaction() as session:
        nobody(session)
        assert bool(session.scalars(select(Activity)).all()) is shown
    if not shown:
        assert told(fresh_database, "activity-waits") == [(marja.person_id, made.id)] * 2
        with program.transaction() as session:
            judging.approve(session, act(session, marja), made.id)
        assert told(fresh_database, "activity-approved") == [(ans.person_id, made.id)] * 2


@pytest.mark.parametrize("change", ["is_public = true, status = 'open'", "title = 'Bel 0900-1234'"])
def test_at_the_database_too_nobody_shows_what_the_desk_did_not_read(
    fresh_database: Database, program: Program, change: str
) -> None:
    with program.transaction() as session:
        marja, ans = a_member_of_staff(fresh_database, session), a_person(session, first_name="Ans")
        made = service.make(session, act(session, ans), a_new_activity(session))
    if change.startswith("title"):
        with program.transaction() as session:
            judging.approve(session, act(session, marja), made.id)

    with program.transaction() as session:
        act(session, ans)
        with pytest.raises(DBAPIError, match="looks first"), session.begin_nested():
            session.execute(text(f"UPDATE activity SET {change}"))


def test_who_had_a_place_hears_it_when_the_desk_says_no_to_what_was_changed(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, ans = a_member_of_staff(fresh_database, session), a_person(session, first_name="Ans")
        ria = a_person(session)
        made = service.make(session, act(session, ans), a_new_activity(session))
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join())
    with program.transaction() as session:
        host = act(session, ans)
        changing.change(session, host, made.id, changed(service.get(session, host, made.id), titel="Anders"))

    with program.transaction() as session:
        joining.reject(session, act(session, marja), made.id, "Dit kan zo niet.")

    assert told(fresh_database, "activity-stopped") == [(ria.person_id, made.id)]
    assert rows_of(fresh_database, "SELECT status FROM activity_date") == [("cancelled",)]


def test_the_day_before_who_has_a_place_is_reminded_once(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria, joop = a_person(session), a_person(session, first_name="Joop")
        made = hosted_by_desk(session, marja, days=1, tijd="00:30", plaatsen=1)
        (date,) = times(session, marja, made)
    for who in (ria, joop):
        with program.transaction() as session:
            joining.join(session, act(session, who), made.id, to_join())
    for _ in range(2):
        with program.transaction() as session:
            worker = system(frozenset({1771, 772}))
            scope_to(session, worker.scope)
            joining.remind(session, worker)

    assert told(fresh_database, "activity-reminder") == [(ria.person_id, date.id)]


def test_nobody_writes_more_heads_than_there_are_places_whoever_writes(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, ria = a_member_of_staff(fresh_database, session), a_person(session)
        made = hosted_by_desk(session, marja, plaatsen=1)
        (date,) = times(session, marja, made)
    row = {"d": date.id, "a": made.id, "p": ria.person_id}
    into = (
        "INSERT INTO activity_signup (id, municipality_id, date_id, activity_id, person_id, heads, status)"
        " VALUES (gen_random_uuid(), 1771, :d, :a, :p, 2, 'in')"
    )

    with pytest.raises(IntegrityError, match="ck_activity_date_taken"), fresh_database.owner.begin() as owner:
        owner.execute(text(into), row)
    with program.transaction() as session:
        act(session, ria)
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(into), row)
