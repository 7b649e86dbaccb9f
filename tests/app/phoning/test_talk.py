"""By telephone: all that was read back is done in the person's name with the makelaar's hand on it, or nothing is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.activities import joining
from app.clock import today
from app.db import Database as Program
from app.errors import Invalid, NotFound
from app.matches import volunteer
from app.phoning import service
from app.phoning.schemas import Talk
from tests.app.activities.making import hosted_by_desk
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_helper, a_member_of_staff, a_person, a_request, act, an_agreement
from tests.databases import Database


class Line:
    """Marja with Ria on the telephone, who has an appointment with Tonnie."""

    def __init__(self, database: Database, program: Program) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.karin = a_member_of_staff(database, session, municipality_id=EINDHOVEN, first_name="Karin")
            self.ria, (self.tonnie, _) = a_person(session), a_helper(session)
        with program.transaction() as session:
            an_agreement(session, self.ria, self.tonnie)
        with program.transaction() as session:
            hosted_by_desk(session, act(session, self.marja), days=3)

    def screen(self, who: Actor | None = None) -> service.Screen:
        with self.program.transaction() as session:
            return service.screen(session, act(session, who or self.marja), self.ria.person_id)

    def does(self, lines: list[str], **typed: Any) -> Any:
        talk = Talk.model_validate({"hoe": "telefoon", **typed})
        with self.program.transaction() as session:
            return service.do(session, act(session, self.marja), self.ria.person_id, talk, lines)


@pytest.fixture
def line(fresh_database: Database, program: Program) -> Line:
    return Line(fresh_database, program)


def test_one_screen_does_all_in_the_persons_name_and_says_whose_hand_it_was(line: Line) -> None:
    seen = line.screen()
    assert [one.who for one in seen.ahead] == ["Tonnie"]
    (time,) = seen.ahead
    (meal, *_) = seen.activities

    row = line.does(
        ["U biedt aan: voorlezen.", "U komt eten.", "U zegt af."],
        aanbodTitel="Voorlezen", aanbodWat=["samen-op-pad"], komtNaar=[str(meal.id)], zegtAf=[str(time.id)],
        rustTot="2199-01-01", nietVragen=True, telefoon="06 22334466",
    )  # fmt: skip

    assert (row.by_id, row.person_id) == (line.marja.person_id, line.ria.person_id)
    after = line.screen()
    assert (after.ahead, [one.title for one in after.coming], after.do_not_ask) == ([], [meal.title], True)
    assert after.person.phone == "+31622334466"
    assert (
        rows_of(line.database, "SELECT title FROM help_offer WHERE person_id = :p", p=line.ria.person_id)[0][
            0
        ]
        == "Voorlezen"
    )
    hand = rows_of(
        line.database,
        "SELECT by_person_id FROM state_event WHERE entity = 'occurrence' AND after = 'cancelled'",
    )
    assert [one[0] for one in hand] == [line.marja.person_id]
    told = rows_of(line.database, "SELECT person_id FROM notice WHERE kind = 'cancelled'")
    assert [one[0] for one in told] == [line.tonnie.person_id]
    with line.program.transaction() as session:  # Ria reads what was done with her, Tonnie does not
        ria = act(session, line.ria)
        assert [one.activity.title for one in joining.mine(session, ria)] == [meal.title]
        assert session.execute(text("SELECT count(*) FROM phone_talk")).scalar_one() == 1
        act(session, line.tonnie)
        assert session.execute(text("SELECT count(*) FROM phone_talk")).scalar_one() == 0


def test_a_helper_is_chosen_and_a_day_is_moved_on_the_same_screen(line: Line) -> None:
    with line.program.transaction() as session:
        asked = a_request(session, act(session, line.ria))
    with line.program.transaction() as session:
        proposal = volunteer.come_forward(session, act(session, line.tonnie), asked.id, "")
    with line.program.transaction() as session:
        free = str(today(session) + timedelta(days=9))
    seen = line.screen()
    assert [(one.id, one.who) for one in seen.helpers] == [(proposal.id, "Tonnie")]
    (time,) = seen.ahead

    for field, typed in (
        ("kiestDag", {"kiest": str(proposal.id)}),
        ("kiest", {"kiestDag": free}),
        ("kiestDag", {"kiest": str(proposal.id), "kiestDag": "2020-01-01", "kiestTijd": "10:00"}),
        ("verzetTijd", {"verzet": str(time.id), "verzetDag": free}),
        (
            "verzet",
            {"verzet": str(time.id), "verzetDag": free, "verzetTijd": "10:00", "zegtAf": [str(time.id)]},
        ),
    ):
        with pytest.raises(Invalid) as refused:
            line.does(["Iets."], **typed)
        assert list(refused.value.details) == [field]
    line.does(
        ["U kiest Tonnie.", "U vraagt een ander moment."],
        kiest=str(proposal.id), kiestDag=free, kiestTijd="10:00",
        verzet=str(time.id), verzetDag=free, verzetTijd="14:00",
    )  # fmt: skip

    assert line.screen().helpers == []
    assert [one.who for one in line.screen().ahead] == ["Tonnie", "Tonnie"]
    ((arranged,),) = rows_of(line.database, "SELECT status FROM proposal WHERE id = :id", id=proposal.id)
    assert arranged == "agreed"
    proposed = rows_of(line.database, "SELECT proposed_by_id, status FROM time_proposal")
    assert [tuple(one) for one in proposed] == [(line.ria.person_id, "proposed")]


def test_what_cannot_be_done_undoes_all_of_it(line: Line) -> None:
    (time,) = line.screen().ahead
    line.does(["U zegt af."], zegtAf=[str(time.id)])

    with pytest.raises(service.NotThereAnyMore):
        line.does(
            ["Twee dingen."], aanbodTitel="Voorlezen", aanbodWat=["samen-op-pad"], zegtAf=[str(time.id)]
        )
    assert (
        rows_of(line.database, "SELECT id FROM help_offer WHERE person_id = :p", p=line.ria.person_id) == []
    )
    for typed in ({}, {"aanbodTitel": "Voorlezen"}, {"rustTot": "2020-01-01"}):
        with pytest.raises(Invalid):
            line.does(["Iets."] if typed else [], **typed)


def test_nobody_of_elsewhere_and_nobody_for_themselves(line: Line) -> None:
    with pytest.raises(NotFound):
        line.screen(line.karin)
    with pytest.raises(NotFound):
        line.screen(line.ria)
