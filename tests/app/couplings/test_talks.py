"""Talks of buddies: when they are, who plans them, what each says, and an end that hurts nobody."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor, system
from app.access.roles import Role
from app.access.sign_in import act_for
from app.agreements import occur
from app.agreements.models import Status
from app.clock import today
from app.couplings import course, service
from app.couplings.models import TalkKind, TalkStatus
from app.couplings.schemas import NewAnswer, PlanTalk, TalkHeld
from app.couplings.service import TalkOver
from app.db import Database as Program, scope_to
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.representations.models import RepresentationKind
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    act,
    an_agreement,
)
from tests.databases import Database

BUDDY: dict[str, Any] = {"categorie": "vast-maatje", "titel": "Een vast maatje", "hoeVaak": "wekelijks"}


class Buddies:
    """Ria and her buddy Tonnie, every week, and Marja who looks along."""

    def __init__(self, database: Database, program: Program) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.ria = a_person(session)
            self.tonnie, _ = a_helper(session, categorieen=["vast-maatje"], minutenPerWeek=2400)
        _checks(database, self.tonnie)
        with program.transaction() as session:
            self.agreement_id: UUID = an_agreement(session, self.ria, self.tonnie, **BUDDY).id

    def talks(self, who: Actor | None = None) -> list[tuple[TalkKind, TalkStatus]]:
        with self.program.transaction() as session:
            rows = service.of_agreement(session, act(session, who or self.ria), self.agreement_id)
            return [(row.kind, row.status) for row in rows]

    def first(self) -> tuple[UUID, int]:
        with self.program.transaction() as session:
            row = service.of_agreement(session, act(session, self.ria), self.agreement_id)[0]
            return row.id, row.version

    def plans(self, who: Actor, *, days: int = 5, version: int | None = None) -> None:
        key, known = self.first()
        with self.program.transaction() as session:
            day = (today(session) + timedelta(days=days)).isoformat()
            typed = {"datum": day, "tijd": "14:00", "hoe": "bureau", "versie": version or known}
            service.plan(session, act(session, who), key, PlanTalk.model_validate(typed))

    def holds(self, outcome: str, note: str = "") -> None:
        key, version = self.first()
        typed = {"uitkomst": outcome, "notitie": note or None, "versie": version}
        with self.program.transaction() as session:
            service.hold(session, act(session, self.marja), key, TalkHeld.model_validate(typed))

    def says(self, who: Actor, goes_on: str, words: str = "") -> None:
        typed = {"gezicht": "gaat-wel", "verder": goes_on, "woorden": words or None}
        with self.program.transaction() as session:
            service.say(session, act(session, who), self.first()[0], NewAnswer.model_validate(typed))

    def told(self, kind: str) -> list[UUID]:
        rows = rows_of(self.database, "SELECT person_id FROM notice WHERE kind = :kind", kind=kind)
        return [row.person_id for row in rows]


def _checks(database: Database, actor: Actor) -> None:
    """What a lasting buddy needs was seen of this helper."""
    rows_of(
        database,
        "INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from) SELECT gen_random_uuid(), 1771,"
        " :who, k, current_date - 30 FROM unnest(ARRAY[1, 2, 4]) AS k RETURNING id",
        who=actor.person_id,
    )


@pytest.fixture
def buddies(fresh_database: Database, program: Program) -> Buddies:
    return Buddies(fresh_database, program)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, ["2026-01-12", "2026-04-06", "2026-07-06"]),
        (date(2026, 3, 2), ["2026-01-12", "2026-02-02", "2026-03-02"]),
        (date(2026, 1, 8), ["2026-01-08", "2026-01-08", "2026-01-08"]),
    ],
)
def test_talks_are_after_the_first_week_half_way_and_at_the_end(
    until: date | None, expected: list[str]
) -> None:
    found = course.days(date(2026, 1, 5), until)

    assert [found[kind].isoformat() for kind in TalkKind] == expected


def test_a_lasting_buddy_comes_with_three_talks_that_both_and_the_desk_see(buddies: Buddies) -> None:
    due = [(kind, TalkStatus.DUE) for kind in TalkKind]

    assert buddies.talks(buddies.ria) == buddies.talks(buddies.tonnie) == buddies.talks(buddies.marja) == due
    with buddies.program.transaction() as session:
        marja = act(session, buddies.marja)
        (row,) = service.due(session, marja, 1771)
        assert (row.kind, service.count_due(session, marja, 1771)) == (TalkKind.START, 1)


def test_what_happens_once_or_is_no_buddy_has_no_talks(program: Program) -> None:
    with program.transaction() as session:
        ria, (tonnie, _) = a_person(session), a_helper(session)
        once = an_agreement(session, ria, tonnie)

        assert service.of_agreement(session, ria, once.id) == []


def test_planning_invites_both_once_and_moving_it_invites_them_again(buddies: Buddies) -> None:
    both = sorted([buddies.ria.person_id, buddies.tonnie.person_id])

    buddies.plans(buddies.marja)
    assert sorted(buddies.told("talk-planned")) == both
    buddies.plans(buddies.marja, days=6)
    assert sorted(buddies.told("talk-planned")) == sorted([*both, *both])

    with pytest.raises(Stale):
        buddies.plans(buddies.marja, version=1)
    with pytest.raises(Invalid):
        buddies.plans(buddies.marja, days=-1)


def test_only_a_makelaar_of_there_plans_and_nobody_a_talk_about_themselves(
    fresh_database: Database, buddies: Buddies
) -> None:
    with buddies.program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
        kees = a_member_of_staff(fresh_database, session, role=Role.TREASURER, first_name="Kees")

    with pytest.raises(NotFound):
        buddies.plans(karin)
    for who in (buddies.ria, buddies.tonnie):
        with pytest.raises(Forbidden):
            buddies.plans(who)
    with pytest.raises((Forbidden, NotFound)):
        buddies.plans(kees)


def test_both_are_reminded_the_day_before_once(buddies: Buddies, travel: Callable[[timedelta], None]) -> None:
    buddies.plans(buddies.marja, days=4)
    (row,) = rows_of(
        buddies.database,
        "SELECT starts_at - ledger.now() AS ahead FROM coupling_talk WHERE starts_at IS NOT NULL",
    )
    left: timedelta = row.ahead
    for ahead in (timedelta(hours=40), timedelta(hours=20), timedelta(hours=19)):
        travel(left - ahead)
        left = ahead
        with buddies.program.transaction() as session:
            worker = system(frozenset({1771, 794}))
            scope_to(session, worker.scope)
            service.remind(session, worker)

    both = sorted([buddies.ria.person_id, buddies.tonnie.person_id])
    assert sorted(buddies.told("talk-reminder")) == both


def test_what_one_says_the_desk_reads_and_the_other_never(buddies: Buddies) -> None:
    buddies.says(buddies.tonnie, "verder", "Het is gezellig.")
    buddies.says(buddies.ria, "weet-niet")
    buddies.says(buddies.ria, "stoppen", "Hij praat veel.")  # said again it is what was said last
    key, _ = buddies.first()

    def reads(who: Actor) -> dict[str, str]:
        with buddies.program.transaction() as session:
            rows = service.answers(session, act(session, who), [key])[key]
            return {row.author.first_name: row.words for row in rows}

    assert reads(buddies.marja) == {"Tonnie": "Het is gezellig.", "Ria": "Hij praat veel."}
    assert reads(buddies.tonnie) == {"Tonnie": "Het is gezellig."}
    assert reads(buddies.ria) == {"Ria": "Hij praat veel."}
    # who would rather stop is called, and nobody else hears of it
    assert buddies.told("coupling-doubt") == [buddies.marja.person_id]
    with buddies.program.transaction() as session:
        act(session, buddies.tonnie)
        assert len(session.execute(text("SELECT id FROM talk_answer")).all()) == 1


def test_nobody_answers_in_the_name_of_another(buddies: Buddies) -> None:
    key, _ = buddies.first()
    typed = text(
        "INSERT INTO talk_answer (id, municipality_id, helper_municipality_id, talk_id, asker_id, helper_id,"
        " author_id, face, goes_on, words) SELECT gen_random_uuid(), municipality_id, helper_municipality_id, id,"
        " asker_id, helper_id, asker_id, 'blij', 'verder', '' FROM coupling_talk WHERE id = :id"
    )
    with buddies.program.transaction() as session:
        act(session, buddies.tonnie)
        with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
            session.execute(typed, {"id": key})
    with buddies.program.transaction() as session, pytest.raises(NotFound):
        service.own(session, act(session, buddies.marja), key)


def test_an_end_stops_what_was_to_come_without_a_reason_and_the_note_stays_at_the_desk(
    buddies: Buddies,
) -> None:
    buddies.holds("gestopt", "Ria wil liever rust.")

    with buddies.program.transaction() as session:
        agreement = occur.get(session, act(session, buddies.tonnie), buddies.agreement_id)
        assert agreement.status is Status.CANCELLED
    assert [status for _, status in buddies.talks()] == [
        TalkStatus.HELD, TalkStatus.CANCELLED, TalkStatus.CANCELLED,
    ]  # fmt: skip
    both = sorted([buddies.ria.person_id, buddies.tonnie.person_id])
    assert sorted(buddies.told("ended")) == both
    said = rows_of(buddies.database, "SELECT params FROM notice WHERE kind = 'ended'")
    assert all("rust" not in str(row.params) for row in said)
    notes = rows_of(buddies.database, "SELECT text FROM case_note")
    assert "Ria wil liever rust." in {row.text for row in notes}
    with pytest.raises(TalkOver):
        buddies.says(buddies.ria, "verder")


def test_going_on_leaves_the_agreement_and_the_talks_to_come(buddies: Buddies) -> None:
    buddies.holds("verder")

    assert [status for _, status in buddies.talks()] == [TalkStatus.HELD, TalkStatus.DUE, TalkStatus.DUE]
    with pytest.raises(TalkOver):
        buddies.plans(buddies.marja)


@pytest.mark.parametrize("who", ["ria", "tonnie"])
def test_either_may_end_it_and_the_talks_end_with_it(buddies: Buddies, who: str) -> None:
    with buddies.program.transaction() as session:
        occur.end(session, act(session, getattr(buddies, who)), buddies.agreement_id)

    assert {status for _, status in buddies.talks(buddies.marja)} == {TalkStatus.CANCELLED}


@pytest.mark.parametrize(
    ("whom", "kind", "count"),
    [
        ("ria", RepresentationKind.AUTHORISED, 3),
        ("ria", RepresentationKind.CONTACT, 0),
        ("tonnie", RepresentationKind.AUTHORISED, 0),
        ("tonnie", RepresentationKind.CONTACT, 0),
    ],
)
def test_who_acts_for_somebody_reads_of_the_talks_only_what_they_may_read_of_the_agreement(
    buddies: Buddies, whom: str, kind: RepresentationKind, count: int
) -> None:
    with buddies.program.transaction() as session:
        karin = a_person(session, first_name="Karin")
    with buddies.program.transaction() as session:
        under = a_representation(session, buddies.marja, karin, getattr(buddies, whom), kind=kind).id

    with buddies.program.transaction() as session:
        assert act_for(session, act(session, karin), under) is not None
        seen = session.execute(text("SELECT FROM coupling_talk")).all()

    assert len(seen) == count
