"""Human limits reach the engine: full weeks, rest, one's own share of questions, and help through an organisation."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.clock import today
from app.db import Database
from app.errors import Invalid
from app.help_offers import service as help_offers
from app.ids import uuid7
from app.matches import answer, nearby, propose, volunteer
from app.matches.index import MatchIndex, offers_by_id, request_by_id
from app.people import limits, service as people
from app.people.limits import LimitsChange
from matching.rules import Rule, first_failed
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_person,
    a_request,
    act,
    an_agreement,
    proposals_for,
)
from tests.databases import Database as Migrated

Travel = Callable[[timedelta], None]


def helper_of(program: Database, **offer: Any) -> tuple[Actor, UUID]:
    with program.transaction() as session:
        actor, row = a_helper(session, **offer)
        return actor, row.id


def asked_for(
    program: Database, *, first_name: str = "Ria", **request: Any
) -> tuple[Actor, UUID, list[UUID]]:
    """Somebody asks; whom the engine asked for it."""
    with program.transaction() as session:
        asker = a_person(session, first_name=first_name)
        row = a_request(session, asker, **request)
        session.flush()
        rows = propose.for_request(session, asker, row)
        return asker, row.id, [proposal.helper_id for proposal in rows]


def the_rule(session: Session, help_request_id: UUID, offer_id: UUID) -> Rule | None:
    """What keeps the two apart now."""
    offer = offers_by_id(session, [offer_id])[offer_id]
    return first_failed(request_by_id(session, help_request_id), offer, MatchIndex.of(session).borders)


def say(program: Database, helper: Actor, **typed: Any) -> None:
    with program.transaction() as session:
        limits.save(session, act(session, helper), LimitsChange.model_validate(typed))


def test_a_volunteer_who_accepted_what_blocks_the_week_is_not_asked_elsewhere(program: Database) -> None:
    helper, _ = helper_of(program, minutenPerWeek=120)
    _, _, asked = asked_for(program, minuten=120)
    assert asked == [helper.person_id]
    with program.transaction() as session:
        (proposal,) = answer.for_helper(session, act(session, helper))
        answer.accept(session, helper, proposal.id)

    _, _, elsewhere = asked_for(program, first_name="Bo", minuten=60)
    assert elsewhere == []


def test_one_who_was_merely_invited_is_asked_elsewhere_too(program: Database) -> None:
    helper, _ = helper_of(program, minutenPerWeek=120)
    assert asked_for(program, minuten=120)[2] == [helper.person_id]

    assert asked_for(program, first_name="Bo", minuten=60)[2] == [helper.person_id]


def test_an_agreement_fills_the_week_and_a_no_empties_it(program: Database) -> None:
    helper, offer = helper_of(program, minutenPerWeek=120)
    with program.transaction() as session:
        an_agreement(session, a_person(session), helper, minuten=120)
    _, other, asked = asked_for(program, first_name="Bo")
    assert asked == []
    with program.transaction() as session:
        assert the_rule(session, other, offer) is Rule.LOAD

    willing, offer = helper_of(program, first_name="Toos", minutenPerWeek=120)
    _, _, asked = asked_for(program, first_name="Cor", minuten=120)
    assert asked == [willing.person_id]
    with program.transaction() as session:
        (proposal,) = answer.for_helper(session, act(session, willing))
        answer.accept(session, willing, proposal.id)
    with program.transaction() as session:
        answer.decline(session, act(session, willing), proposal.id)
    assert asked_for(program, first_name="Dora")[2] == [willing.person_id]


def test_a_yes_for_a_day_far_ahead_leaves_this_week_free(program: Database) -> None:
    helper, offer = helper_of(program, minutenPerWeek=120)
    with program.transaction() as session:
        later = (today(session) + timedelta(days=20)).isoformat()
    asked_for(program, minuten=120, datum=later)
    with program.transaction() as session:
        (proposal,) = answer.for_helper(session, act(session, helper))
        answer.accept(session, helper, proposal.id)

    with program.transaction() as session:
        assert offers_by_id(session, [offer])[offer].load_minutes == 0


def test_exclusive_to_one_organisation_is_invisible_to_another(
    program: Database, fresh_database: Migrated
) -> None:
    helper, offer = helper_of(program)
    other = uuid7()
    ours = uuid7()
    for key, name in ((ours, "P"), (other, "Q")):
        rows_of(
            fresh_database,
            "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website)"
            " VALUES (:id, 1771, :name, 'volunteers', '', '', '') RETURNING id",
            id=key, name=name,
        )  # fmt: skip
    rows_of(
        fresh_database, "UPDATE help_offer SET organisation_id = :o, exclusive = true WHERE id = :i RETURNING id",
        o=ours, i=offer,
    )  # fmt: skip
    _, request, asked = asked_for(program)
    assert asked == []

    def through(organisation: UUID | None) -> list[UUID]:
        rows_of(
            fresh_database, "UPDATE help_request SET organisation_id = :o WHERE id = :i RETURNING id",
            o=organisation, i=request,
        )  # fmt: skip
        with program.transaction() as session:
            row = request_by_id(session, request)
            return [match.person_id for match in MatchIndex.of(session).offers.top_k(row)]

    assert through(other) == []
    assert through(ours) == [helper.person_id]
    with program.transaction() as session:
        limits.save(session, act(session, helper), LimitsChange())  # shared from now on
    assert through(other) == [helper.person_id]


def test_one_is_asked_no_more_than_ones_own_share_of_the_week(program: Database) -> None:
    helper, _ = helper_of(program)
    say(program, helper, vragenPerWeek=1)
    assert asked_for(program, first_name="Ans")[2] == [helper.person_id]
    assert asked_for(program, first_name="Bo")[2] == []


def test_the_share_is_the_municipalitys_for_who_says_nothing_and_counts_at_once(
    program: Database, fresh_database: Migrated
) -> None:
    helper, _ = helper_of(program)
    for name in ("Ans", "Bo", "Cor"):
        assert asked_for(program, first_name=name)[2] == [helper.person_id]
    assert asked_for(program, first_name="Dora")[2] == []

    rows_of(fresh_database, "UPDATE municipality SET proposals_per_week = 4 WHERE id = 1771 RETURNING id")
    assert asked_for(program, first_name="Els")[2] == [helper.person_id]


def test_coming_forward_oneself_is_no_question_of_ours(program: Database) -> None:
    helper, offer = helper_of(program)
    with program.transaction() as session:
        other = a_request(session, a_person(session)).id
        volunteer.come_forward(session, act(session, helper), other)

    with program.transaction() as session:
        assert offers_by_id(session, [offer])[offer].proposals_this_week == 0


def test_at_most_so_many_are_asked_at_once_as_the_municipality_says(
    program: Database, fresh_database: Migrated
) -> None:
    for _ in range(4):
        helper_of(program)
    rows_of(fresh_database, "UPDATE municipality SET asked_at_once = 2 WHERE id = 1771 RETURNING id")

    assert len(asked_for(program)[2]) == 2
    assert len(asked_for(program, first_name="Bo", aantalHelpers=2)[2]) == 3


def test_after_a_spell_of_help_there_is_rest_and_then_not(
    program: Database, fresh_database: Migrated, travel: Travel
) -> None:
    helper, offer = helper_of(program)
    say(program, helper, rustDagen=3)
    with program.transaction() as session:
        an_agreement(session, a_person(session), helper, days=1)
    travel(timedelta(days=2))
    for table in ("occurrence", "agreement"):
        rows_of(fresh_database, f"UPDATE {table} SET status = 'cancelled' RETURNING id")
    rows_of(fresh_database, "UPDATE occurrence SET status = 'done', hold_id = 1 RETURNING id")
    rows_of(fresh_database, "UPDATE agreement SET status = 'done' RETURNING id")

    _, request, asked = asked_for(program, first_name="Bo")
    assert asked == []
    with program.transaction() as session:
        assert the_rule(session, request, offer) is Rule.RESTING
        # who looks for themselves still sees everything, and may come forward
        offers = help_offers.mine(session, act(session, helper))
        assert request in {one.help_request.id for one in nearby.for_offers(session, helper, offers)}
        volunteer.come_forward(session, helper, request)
    travel(timedelta(days=4))
    with program.transaction() as session:
        assert not offers_by_id(session, [offer])[offer].resting


def test_ones_own_limit_counts_over_all_of_ones_offers(program: Database) -> None:
    helper, offer = helper_of(program)
    say(program, helper, minutenSamen=60)

    assert asked_for(program, minuten=90)[2] == []
    assert asked_for(program, first_name="Bo", minuten=60)[2] == [helper.person_id]
    with program.transaction() as session:
        assert offers_by_id(session, [offer])[offer].load_limit_minutes == 60


def test_a_pause_until_a_day_is_over_on_that_day(program: Database, travel: Travel) -> None:
    helper, _ = helper_of(program)
    with program.transaction() as session:
        until: date = today(session) + timedelta(days=5)
    say(program, helper, pauzeTot=until.isoformat())
    assert asked_for(program)[2] == []

    travel(timedelta(days=5))
    assert asked_for(program, first_name="Bo")[2] == [helper.person_id]


def test_the_night_after_a_pause_its_switch_is_off(program: Database, travel: Travel) -> None:
    helper, _ = helper_of(program)
    with program.transaction() as session:
        until = today(session) + timedelta(days=2)
    say(program, helper, pauzeTot=until.isoformat())
    travel(timedelta(days=2))
    with program.transaction() as session:
        act(session, helper)
        assert people.resume_due(session) == 1
        assert not limits.current(session, helper).person.paused


def test_a_pause_until_yesterday_is_no_pause(program: Database) -> None:
    helper, _ = helper_of(program)
    with pytest.raises(Invalid):
        say(program, helper, pauzeTot="2020-01-01")


@pytest.mark.parametrize(("gender", "fits"), [("vrouw", True), ("man", False), (None, False)])
def test_a_wish_for_who_gives_care_of_the_body_is_kept(
    program: Database, fresh_database: Migrated, gender: str | None, fits: bool
) -> None:
    helper, offer = helper_of(program)
    say(program, helper, geslacht=gender)
    _, request, _ = asked_for(program)
    rows_of(
        fresh_database,
        "UPDATE help_request SET helper_gender = 'vrouw' WHERE id = :i RETURNING id",
        i=request,
    )

    with program.transaction() as session:
        assert (the_rule(session, request, offer) is Rule.GENDER) is not fits


def test_work_that_unpaid_people_may_not_do_goes_to_no_volunteer_whatever_the_row_says(
    program: Database, fresh_database: Migrated
) -> None:
    _, offer = helper_of(program)
    _, request, asked = asked_for(program)
    assert len(asked) == 1
    rows_of(
        fresh_database,
        "UPDATE category SET unpaid = 'professionals' WHERE slug = 'samen-op-pad' RETURNING number",
    )

    with program.transaction() as session:
        assert the_rule(session, request, offer) is Rule.KIND
        row = request_by_id(session, request)
        assert MatchIndex.of(session).offers.top_k(row) == []


def test_who_does_not_want_to_cross_the_border_is_asked_at_home_only(program: Database) -> None:
    helper, _ = helper_of(program, postcode="5708 AB", buurgemeenten=False)
    assert asked_for(program)[2] == []
    with program.transaction() as session:
        at_home = a_person(session, first_name="Bo", postcode="5708 AB")
        row = a_request(session, at_home)
    with program.transaction() as session:
        act(session, at_home)
        assert len(proposals_for(session, at_home, session.merge(row))) == 1
    assert helper.home != GELDROP_MIERLO
