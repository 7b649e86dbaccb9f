"""Who asks for a copy of their own data to learn what no page tells of somebody else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.clock import today
from app.db import Base, Database as Program
from app.privacy import export
from app.safety import reports, subjects, suspensions
from app.safety.schemas import Handling, NewReport, NewSuspension
from tests.app.factories import a_member_of_staff, act
from tests.app.rings.three import Circle, circle
from tests.app.safety.meeting import Met
from tests.databases import Database

__all__ = ["circle"]


def rows_in(session: Session, actor: Actor, table: str) -> list[dict[str, Any]]:
    """The rows of a table in somebody's copy."""
    copy = json.loads(export.collect(session, actor, "K-1").as_json())
    return [row for part in copy["gegevens"].values() for row in part["rijen"].get(table, [])]


def test_a_reporter_does_not_read_in_their_copy_what_became_of_the_other(
    program: Program, fresh_database: Database
) -> None:
    met = Met(program)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        ria = act(session, met.asker)
        at = subjects.contact(session, ria, "voorstel", met.proposal_key)
        new = NewReport.model_validate({"waarover": "money", "uitleg": "Hij vroeg om geld."})
        report = reports.report(session, ria, at, new)
    with program.transaction() as session:
        actor = act(session, marja)
        version = reports.open_report(session, actor, report).version
        done = {"uitkomst": "suspended", "antwoord": "Wij spraken met hem.", "versie": version}
        reports.handle(session, actor, report, Handling.model_validate(done))
        day = (today(session) + timedelta(days=9)).isoformat()
        typed = {"waarom": "money", "uitleg": "Wij kijken.", "kijkWeerOp": day, "melding": report}
        suspensions.suspend(session, actor, met.helper.person_id, NewSuspension.model_validate(typed))

    with program.transaction() as session:
        mine = rows_in(session, act(session, met.asker), "safety_report")
        assert [row["answer"] for row in mine] == ["Wij spraken met hem."]
        assert "outcome" not in mine[0]
    with program.transaction() as session:
        copied = export.collect(session, act(session, met.helper), "K-1").as_json()
        assert "Wij kijken." in copied
        assert str(report) not in copied, "that somebody reported, and when"


def test_a_copy_does_not_tell_who_said_no_to_a_ring(circle: Circle) -> None:
    ring = circle.find()[-1]
    circle.says_no(circle.ans, ring)
    with circle.program.transaction() as session:
        receiver = act(session, circle.ria)  # Ans would have helped her
        arcs, rings = rows_in(session, receiver, "ring_arc"), rows_in(session, receiver, "ring")
    assert len(arcs) == len(rings) == 1
    assert not {"answer", "answered_at"} & set(arcs[0])
    assert "yes" not in rings[0]


@pytest.mark.parametrize("table", export.UNTOLD)
def test_what_is_left_out_of_a_copy_is_there(table: str) -> None:
    assert export.UNTOLD[table] <= set(Base.metadata.tables[table].columns.keys())
