"""A report: made where the contact is, seen by the desk at once, never by whom it is about, answered in time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access import sign_in
from app.access.actor import Actor
from app.access.roles import Role
from app.clock import AMSTERDAM
from app.db import Database as Program, Scope, scope_to
from app.errors import Forbidden, Invalid, NotAllowed, NotFound, Stale
from app.help_requests import service as help_requests
from app.notifications.models import Notice
from app.places.working_days import add_working_days
from app.representations import mailed
from app.representations.models import RepresentationKind
from app.safety import reports, subjects
from app.safety.models import REPORT_TRANSITIONS, SafetyReport
from app.safety.schemas import Assignment, Handling, NewNote, NewReport
from app.safety.words import ReportStatus
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    act,
    an_agreement,
    proposals_for,
)
from tests.app.safety.meeting import Met, as_worker
from tests.databases import Database
from tests.queries import count_queries

TYPED = {"waarover": "unsafe", "uitleg": "Hij bleef maar vragen stellen over mijn geld.", "hoeSnel": "now"}


def new(**changes: object) -> NewReport:
    """A report as it is typed."""
    return NewReport.model_validate(TYPED | changes)


def handling(row: SafetyReport) -> Handling:
    """An answer on the version that was read."""
    return Handling.model_validate(
        {"uitkomst": "talked", "antwoord": "Wij belden hem.", "versie": row.version}
    )


@pytest.fixture
def met(session: Session) -> tuple[Actor, Actor, subjects.Contact]:
    """An asker, a helper, and what the asker sees of their agreement; the session acts as the asker."""
    asker, (helper, _) = a_person(session), a_helper(session)
    agreement = an_agreement(session, asker, helper)
    return asker, helper, subjects.contact(session, asker, "afspraak", agreement.id)


def test_a_report_goes_to_the_desk_of_the_reporter_with_a_day_in_working_days(
    session: Session, met: tuple[Actor, Actor, subjects.Contact]
) -> None:
    asker, helper, at = met

    row = session.get_one(SafetyReport, reports.report(session, asker, at, new()))

    assert (row.municipality_id, row.about_id, row.status) == (
        GELDROP_MIERLO,
        helper.person_id,
        ReportStatus.NEW,
    )
    assert row.due_at == add_working_days(row.created_at, 1)
    assert (row.anonymous, row.by_id) == (True, asker.person_id)


def test_a_friday_evening_is_answered_on_monday() -> None:
    friday = datetime(2026, 11, 20, 20, tzinfo=AMSTERDAM)

    assert add_working_days(friday, 1) == datetime(2026, 11, 23, 20, tzinfo=AMSTERDAM)


def test_whom_it_is_about_reads_nothing_of_it(
    session: Session, met: tuple[Actor, Actor, subjects.Contact]
) -> None:
    asker, helper, at = met
    reports.report(session, asker, at, new())
    session.flush()

    act(session, helper)

    assert session.scalars(select(SafetyReport)).all() == []  # unscoped: what row-level security leaves
    assert not [one for one in session.scalars(select(Notice)) if one.kind.startswith("safety")]


@pytest.mark.parametrize("word", ["keer", "voorstel", "vraag", "aanbod", "mens"])
def test_every_contact_that_one_sees_has_its_button(session: Session, word: str) -> None:
    asker, (helper, offer) = a_person(session), a_helper(session)
    agreement = an_agreement(session, asker, helper)
    request_id, proposal_id = agreement.help_request_id, agreement.proposal_id
    times = rows(session, "SELECT id FROM occurrence")
    who = act(session, helper) if word == "vraag" else asker
    key = {"keer": times[0], "voorstel": proposal_id, "vraag": request_id, "aanbod": offer.id,
           "mens": helper.person_id}[word]  # fmt: skip

    at = subjects.contact(session, who, word, key)

    assert at.person is not None
    assert at.person.id == (asker.person_id if word == "vraag" else helper.person_id)


def rows(session: Session, query: str) -> list[UUID]:
    return list(session.scalars(text(query)))


def test_nobody_reports_at_a_contact_of_others(
    session: Session, met: tuple[Actor, Actor, subjects.Contact]
) -> None:
    _asker, helper, at = met
    stranger = a_person(session, first_name="Wim")

    for word, key in (("afspraak", at.id), ("mens", helper.person_id), ("iets", at.id)):
        assert key is not None
        with pytest.raises(NotFound):
            subjects.contact(session, stranger, word, key)


def test_a_helper_who_was_asked_and_is_silent_is_no_contact_of_the_asker(program: Program) -> None:
    met = Met(program, willing=False)
    with program.transaction() as session:
        asker = act(session, met.asker)
        help_request = help_requests.get(session, asker, met.request_id)
        (proposal_id,) = proposals_for(session, asker, help_request)

        for word, key in (("voorstel", proposal_id), ("mens", met.helper.person_id)):
            with pytest.raises(NotFound):
                subjects.contact(session, asker, word, key)


class Desk:
    """A makelaar, a colleague, and a report that was committed."""

    def __init__(self, program: Program, database: Database) -> None:
        self.program = program
        with program.transaction() as session:
            self.asker, (self.helper, _) = a_person(session), a_helper(session)
            agreement = an_agreement(session, self.asker, self.helper)
            at = subjects.contact(session, self.asker, "afspraak", agreement.id)
            self.marja = a_member_of_staff(database, session)
            self.karin = a_member_of_staff(database, session, first_name="Karin", role=Role.SAFETY_OFFICER)
            self.far = a_member_of_staff(database, session, first_name="Ed", municipality_id=EINDHOVEN)
            self.treasurer = a_member_of_staff(database, session, first_name="Piet", role=Role.TREASURER)
            act(session, self.asker)
            self.id = reports.report(session, self.asker, at, new())


@pytest.fixture
def desk(program: Program, fresh_database: Database) -> Desk:
    return Desk(program, fresh_database)


def test_the_makelaar_sees_a_report_at_the_next_refresh_and_the_reporter_who_saw_it(desk: Desk) -> None:
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        assert reports.waiting(session, marja, GELDROP_MIERLO) == (1, 0)
        assert [row.id for row in reports.board(session, marja, GELDROP_MIERLO).open] == [desk.id]
        reports.open_report(session, marja, desk.id)
    with desk.program.transaction() as session:
        (mine,) = reports.mine(session, act(session, desk.asker))

        assert mine.seen_at is not None
        assert mine.seen_by is not None
        assert mine.seen_by.first_name == "Marja"


def test_the_desk_is_told_and_nobody_else(desk: Desk, fresh_database: Database) -> None:
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'safety-report'")

    assert {row[0] for row in told} == {desk.marja.person_id, desk.karin.person_id}


@pytest.mark.parametrize("who", ["far", "treasurer", "helper"])
def test_a_report_does_not_exist_for_another_desk_or_role(desk: Desk, who: str) -> None:
    with desk.program.transaction() as session:
        actor = act(session, getattr(desk, who))

        assert session.scalars(select(SafetyReport)).all() == []  # unscoped: what row-level security leaves
        with pytest.raises(NotFound):
            reports.open_report(session, actor, desk.id)
        with pytest.raises(Forbidden):
            reports.board(session, actor, GELDROP_MIERLO)


def test_a_report_about_a_makelaar_does_not_exist_for_that_makelaar(
    desk: Desk, fresh_database: Database
) -> None:
    rows_of(fresh_database, "UPDATE safety_report SET about_id = :me RETURNING id", me=desk.marja.person_id)

    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        assert session.scalars(select(SafetyReport)).all() == []  # unscoped: what row-level security leaves
        assert reports.waiting(session, marja, GELDROP_MIERLO) == (0, 0)
        with pytest.raises(NotFound):
            reports.open_report(session, marja, desk.id)
        assert reports.waiting(session, act(session, desk.karin), GELDROP_MIERLO) == (1, 0)


def test_a_report_is_taken_noted_handed_over_and_answered(desk: Desk, fresh_database: Database) -> None:
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        reports.assign(session, marja, desk.id, Assignment())
        reports.note(session, marja, desk.id, NewNote.model_validate({"soort": "call", "notitie": "Gebeld."}))
        reports.assign(session, marja, desk.id, Assignment.model_validate({"aan": desk.karin.person_id}))
    with desk.program.transaction() as session:
        karin = act(session, desk.karin)
        row = reports.handle(session, karin, desk.id, handling(reports.open_report(session, karin, desk.id)))
        assert (row.status, row.handled_by_id) == (ReportStatus.HANDLED, desk.karin.person_id)
        kinds = [note.kind for note in reports.notes(session, desk.id)]
        assert sorted(kinds) == ["call", "step", "step", "step"]
    with desk.program.transaction() as session:
        (mine,) = reports.mine(session, act(session, desk.asker))
        assert mine.answer == "Wij belden hem."
        assert session.scalars(text("SELECT count(*) FROM safety_note")).one() == 0
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'safety-answered'")
    assert [row[0] for row in told] == [desk.asker.person_id]


def test_an_answer_to_what_a_colleague_changed_meanwhile_is_refused(desk: Desk) -> None:
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        said = handling(reports.open_report(session, marja, desk.id))
        reports.assign(session, marja, desk.id, Assignment())

        with pytest.raises(Stale):
            reports.handle(session, marja, desk.id, said)


def test_what_was_handled_is_not_handled_again_but_can_be_taken_up(desk: Desk) -> None:
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        row = reports.handle(session, marja, desk.id, handling(reports.open_report(session, marja, desk.id)))
        with pytest.raises(NotAllowed):
            reports.handle(session, marja, desk.id, handling(row))
        assert reports.assign(session, marja, desk.id, Assignment()).outcome is None


def test_a_report_is_handed_to_nobody_without_the_role(desk: Desk) -> None:
    with desk.program.transaction() as session, pytest.raises(Invalid):
        reports.assign(
            session, act(session, desk.marja), desk.id, Assignment.model_validate({"aan": desk.far.person_id})
        )


def test_whose_promise_has_passed_is_told_once_and_counted_as_late(
    desk: Desk, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    travel(timedelta(days=6))
    for _ in range(2):
        with desk.program.transaction() as session:
            scope_to(session, Scope(municipalities=frozenset({GELDROP_MIERLO})))
            assert reports.late(session) == 1
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        assert reports.waiting(session, marja, GELDROP_MIERLO) == (1, 1)
        assert reports.board(session, marja, GELDROP_MIERLO).late == 1
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'safety-late'")
    assert len(told) == 2


def test_notes_cannot_be_changed(session: Session) -> None:
    for change in (
        "UPDATE safety_note SET text = ''",
        "DELETE FROM safety_note",
        "DELETE FROM safety_report",
    ):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(change))


def test_exactly_the_steps_of_the_table_are_taken() -> None:
    for before in ReportStatus:
        for after in ReportStatus:
            row = SafetyReport(status=before)
            if after in REPORT_TRANSITIONS.allowed[before]:
                row.step(after)
                assert row.status is after
            else:
                with pytest.raises(NotAllowed):
                    row.step(after)
                assert row.status is before


def test_who_acts_for_another_reports_in_their_name_and_reads_none_of_their_reports(
    desk: Desk, fresh_database: Database
) -> None:
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        anja = a_person(session, first_name="Anja")
        act(session, marja)
        stands = a_representation(session, marja, anja, desk.asker).id
    with desk.program.transaction() as session:
        behind = sign_in.act_for(session, act(session, anja), stands)
        assert behind is not None
        reports.report(session, behind, subjects.IN_GENERAL, new())
        assert reports.mine(session, behind) == []
    rows_ = rows_of(
        fresh_database, "SELECT reporter_id, by_id FROM safety_report ORDER BY created_at DESC LIMIT 1"
    )
    assert rows_[0] == (desk.asker.person_id, anja.person_id)


def test_a_queue_costs_as_many_queries_at_fifteen_reports_as_at_one(desk: Desk) -> None:
    counts = []
    for more in (0, 14):
        with desk.program.transaction() as session:
            asker = act(session, desk.asker)
            for _ in range(more):
                reports.keep(session, asker, subjects.IN_GENERAL, new())
        with desk.program.transaction() as session:
            marja = act(session, desk.marja)
            with count_queries(desk.program.engine) as queries:
                rows_ = reports.board(session, marja, GELDROP_MIERLO).open
                assert [row.reporter.first_name for row in rows_] == ["Ria"] * (more + 1)
            counts.append(queries.count)

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("kind", "read"), [("safety-answered", []), ("suspended", []), ("expiring", ["Anja"])]
)
def test_what_somebody_reported_is_not_mailed_to_who_acts_for_them(
    desk: Desk, kind: str, read: list[str]
) -> None:
    with desk.program.transaction() as session:
        marja = act(session, desk.marja)
        anja = a_person(session, first_name="Anja")
        act(session, marja)
        a_representation(session, marja, anja, desk.asker, kind=RepresentationKind.AUTHORISED)
        as_worker(session)
        notice = Notice(person_id=desk.asker.person_id, kind=kind, subject_id=desk.id, params={})

        assert [reader.first_name for reader in mailed.instead(session, notice)] == read
