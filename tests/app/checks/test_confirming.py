"""The last look: whose VOG lapsed, was withdrawn or ends before the day is not confirmed, in whatever order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.agreements import agree, upkeep
from app.checks import ahead, newcomers, requirements, service
from app.checks.newcomers import MeetFirst
from app.checks.schemas import CheckSettings, NewCheck, NewRequirement, TaxonomyAgain, Withdrawn
from app.clock import today
from app.db import Database
from app.matches import answer, propose
from app.matches.index import request_by_id
from app.matches.propose import DoesNotFit
from app.places.models import Municipality
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_appointment,
)
from tests.app.matches.comparing import agrees, owner_runs
from tests.app.matches.test_confirming import PATIENCE_S, waits_or_ends
from tests.databases import Database as Migrated

HOMEWORK = "huiswerk-en-bijles"
WALKS = TaxonomyAgain.model_validate({"categorie": "samen-op-pad", "rol": "volunteer"})
Travel = Callable[[timedelta], None]


class Story:
    """A helper with a VOG, who was asked, or said yes."""

    def __init__(
        self,
        program: Database,
        database: Migrated,
        *,
        yes: bool = True,
        weeks: int | None = None,
        **request: Any,
    ) -> None:
        self.program, self.database = program, database
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.helper, _ = a_helper(session, categorieen=[request.get("categorie", HOMEWORK)])
            self.asker = a_person(session)
            marja = act(session, self.marja)
            until = today(session) + timedelta(weeks=weeks) if weeks is not None else None
            new = NewCheck.model_validate({"soort": "vog", "totEnMet": until})
            self.check_id = service.record(session, marja, self.helper.person_id, new).id
        with program.transaction() as session:
            asker = act(session, self.asker)
            asked = a_request(session, asker, **{"categorie": HOMEWORK, **request})
            proposals = propose.for_request(session, asker, asked)
            self.request_id = asked.id
            self.proposal_id = proposals[0].id
            if yes:
                self.proposal_id = a_willing_helper(session, asker, self.helper, asked).id

    def withdraw(self, session: Session) -> None:
        """Marja takes the VOG back."""
        why = Withdrawn.model_validate({"reden": "Toch niet."})
        service.withdraw(session, act(session, self.marja), self.check_id, why)

    def says_yes(self, session: Session) -> None:
        """The helper, to what was asked."""
        answer.accept(session, act(session, self.helper), self.proposal_id)

    def is_chosen(self, session: Session, *, days: int = 3) -> UUID:
        """By the asker."""
        asker = act(session, self.asker)
        return agree.agree(session, asker, self.proposal_id, an_appointment(session, days=days)).id


def committed(program: Database, act_: Callable[[Session], object]) -> object:
    with program.transaction() as session:
        return act_(session)


@pytest.mark.parametrize("moment", ["says_yes", "is_chosen"])
def test_whose_vog_was_withdrawn_a_moment_ago_is_not_confirmed(
    program: Database, fresh_database: Migrated, moment: str
) -> None:
    story = Story(program, fresh_database, yes=moment == "is_chosen")
    committed(program, story.withdraw)

    with pytest.raises(DoesNotFit) as refused:
        committed(program, getattr(story, moment))
    assert refused.value.details == {"regel": "checks"}
    assert rows_of(fresh_database, "SELECT FROM agreement") == []


@pytest.mark.parametrize("moment", ["says_yes", "is_chosen"])
def test_whose_vog_lapsed_last_midnight_is_not_confirmed(
    program: Database, fresh_database: Migrated, travel: Travel, moment: str
) -> None:
    story = Story(program, fresh_database, yes=moment == "is_chosen", weeks=1)
    travel(timedelta(days=8))

    with pytest.raises(DoesNotFit):
        committed(program, getattr(story, moment))


def test_a_day_after_the_last_day_of_the_vog_is_not_agreed_and_the_last_day_is(
    program: Database, fresh_database: Migrated
) -> None:
    story = Story(program, fresh_database, weeks=1)
    with pytest.raises(DoesNotFit) as refused:
        committed(program, lambda session: story.is_chosen(session, days=8))
    assert refused.value.details == {"regel": "checks"}

    committed(program, lambda session: story.is_chosen(session, days=7))
    assert len(rows_of(fresh_database, "SELECT FROM agreement")) == 1


@pytest.mark.parametrize("moment", ["says_yes", "is_chosen"])
@pytest.mark.parametrize("goes_through", [True, False])
def test_a_withdrawal_that_is_not_committed_yet_is_waited_for(
    program: Database, fresh_database: Migrated, moment: str, goes_through: bool
) -> None:
    story = Story(program, fresh_database, yes=moment == "is_chosen")

    with ThreadPoolExecutor(1) as pool:
        withdrawing = program.sessions()
        story.withdraw(withdrawing)
        withdrawing.flush()
        confirmed = pool.submit(committed, program, getattr(story, moment))
        waits_or_ends(program, confirmed)  # type: ignore[arg-type]
        assert not confirmed.done()
        withdrawing.commit() if goes_through else withdrawing.rollback()
        withdrawing.close()

        if goes_through:
            with pytest.raises(DoesNotFit):
                confirmed.result(PATIENCE_S)
        else:
            confirmed.result(PATIENCE_S)


def test_a_series_waits_from_the_day_on_which_the_vog_ends_and_goes_on_after_a_new_one(
    program: Database, fresh_database: Migrated, travel: Travel
) -> None:
    story = Story(program, fresh_database, weeks=3, hoeVaak="wekelijks")
    agreement_id = committed(program, story.is_chosen)
    travel(timedelta(days=15))

    def advance() -> list[str]:
        with program.transaction() as session:
            act(session, story.marja)
            upkeep.advance(session, story.marja, UUID(str(agreement_id)))
        rows = rows_of(fresh_database, "SELECT status FROM occurrence ORDER BY starts_at")
        return [row.status for row in rows[:5]]

    assert advance() == advance() == ["agreed", "agreed", "agreed", "planned", "planned"]
    told = rows_of(fresh_database, "SELECT person_id, kind FROM notice WHERE kind LIKE 'check-missing%'")
    assert sorted((row.person_id, row.kind) for row in told) == sorted(
        [(story.helper.person_id, "check-missing"), (story.marja.person_id, "check-missing-desk")]
    )
    with program.transaction() as session:
        listed = ahead.of_municipality(session, act(session, story.marja), GELDROP_MIERLO)
        assert listed
        assert {one.helper_id for one in listed} == {story.helper.person_id}

        new = NewCheck.model_validate({"soort": "vog"})
        service.record(session, act(session, story.marja), story.helper.person_id, new)
    assert advance() == ["agreed"] * 4 + ["planned"]
    with program.transaction() as session:
        assert ahead.of_municipality(session, act(session, story.marja), GELDROP_MIERLO) == []


def administrator_of(program: Database, database: Migrated, act_: Callable[[Session, Any], object]) -> None:
    with program.transaction() as session:
        actor = a_member_of_staff(database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Bea")
        act_(session, actor)


def test_what_a_municipality_asks_reaches_open_requests_at_once_and_bars_who_has_it_not(
    program: Database, fresh_database: Migrated
) -> None:
    story = Story(program, fresh_database, categorie="samen-op-pad")
    agrees(program)
    rule = {"categorie": "samen-op-pad", "controles": ["vog", "referenties"]}
    administrator_of(
        program, fresh_database,
        lambda session, actor: requirements.decide(session, actor, GELDROP_MIERLO, NewRequirement.model_validate(rule)),
    )  # fmt: skip
    agrees(program)
    with pytest.raises(DoesNotFit):
        committed(program, story.is_chosen)

    administrator_of(
        program, fresh_database,
        lambda session, actor: requirements.undo(session, actor, GELDROP_MIERLO, WALKS),
    )  # fmt: skip
    agrees(program)
    committed(program, story.is_chosen)


@pytest.mark.parametrize(
    ("request_", "role", "needed"),
    [
        ({"hoeVaak": "eenmalig"}, "volunteer", 2), ({"hoeVaak": "wekelijks"}, "volunteer", 3),
        ({"soort": "betaald"}, "volunteer", 8), ({"soort": "betaald"}, "professional", 2),
    ],
)  # fmt: skip
def test_help_that_comes_back_and_paid_help_ask_what_was_decided_for_them(
    program: Database, fresh_database: Migrated, request_: dict[str, str], role: str, needed: int
) -> None:
    rule = {"categorie": "samen-op-pad", "rol": role, "controles": ["identiteit"], "ookBijVast": ["vog"]}
    administrator_of(
        program, fresh_database,
        lambda session, actor: requirements.decide(session, actor, GELDROP_MIERLO, NewRequirement.model_validate(rule)),
    )  # fmt: skip
    with program.transaction() as session:
        asked = a_request(session, a_person(session), **request_)
        session.flush()
        assert request_by_id(session, asked.id).checks == needed


def test_a_new_helper_gets_acquainted_first_where_the_municipality_wants_it_until_they_are_new_no_more(
    program: Database, fresh_database: Migrated
) -> None:
    story = Story(program, fresh_database)
    wanted = CheckSettings.model_validate({"wekenVooraf": [8, 3], "eersteKeren": 1, "eerstKennismaken": True})
    administrator_of(
        program,
        fresh_database,
        lambda session, actor: requirements.settle(session, actor, GELDROP_MIERLO, wanted),
    )
    with pytest.raises(MeetFirst):
        committed(program, story.is_chosen)
    committed(program, lambda session: answer.meet(session, act(session, story.asker), story.proposal_id))
    committed(program, story.is_chosen)
    with program.transaction() as session:
        municipality = session.get_one(Municipality, GELDROP_MIERLO)
        (new,) = newcomers.of_municipality(session, act(session, story.marja), municipality)
        assert (new.person_id, new.visits) == (story.helper.person_id, 0)
        assert new.next_at is not None

    owner_runs(fresh_database, "UPDATE occurrence SET status = 'done'")
    with program.transaction() as session:
        municipality = session.get_one(Municipality, GELDROP_MIERLO)
        assert newcomers.of_municipality(session, act(session, story.marja), municipality) == []
        asker = a_person(session, first_name="Jan")
        again = a_request(session, asker, categorie=HOMEWORK)
        made = a_willing_helper(session, asker, story.helper, again)
        agree.agree(session, asker, made.id, an_appointment(session, days=5))


def test_a_stranger_learns_nothing_of_how_often_somebody_helped(
    program: Database, fresh_database: Migrated
) -> None:
    story = Story(program, fresh_database)
    committed(program, story.is_chosen)
    owner_runs(fresh_database, "UPDATE occurrence SET status = 'done'")
    with program.transaction() as session:
        a_person(session, first_name="Wil")
        assert newcomers.visits(session, story.helper.person_id) == 0
        act(session, story.asker)
        assert newcomers.visits(session, story.helper.person_id) == 1
