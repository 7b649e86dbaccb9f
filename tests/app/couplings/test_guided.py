"""An organisation guides its own buddies: it plans and holds their talks, reads what they say for them, and no more."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access.actor import Actor
from app.access.roles import Role
from app.agreements import occur
from app.agreements.models import Status
from app.config import Settings
from app.couplings import service
from app.couplings.models import CouplingTalk, TalkStatus
from app.couplings.schemas import TalkHeld
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound
from app.jobs import tasks
from app.jobs.work import Work
from tests.app.conftest import rows_of
from tests.app.couplings.test_talks import Buddies
from tests.app.factories import a_person, act
from tests.databases import Database
from tests.web.desks.cheques import an_organisation, grant


class Guided(Buddies):
    """The same, and Coby who guides buddies for the organisation through which Tonnie helps."""

    def __init__(self, database: Database, program: Program) -> None:
        super().__init__(database, program)
        self.flag: UUID = an_organisation(database)
        rows_of(database, "UPDATE organisation SET covenant_signed_on = '2026-01-01' RETURNING id")
        rows_of(
            database,
            "UPDATE help_offer SET organisation_id = :flag WHERE person_id = :who RETURNING id",
            flag=self.flag, who=self.tonnie.person_id,
        )  # fmt: skip
        # as if it were agreed now: the database looks whose flag it is
        rows_of(
            database,
            "WITH gone AS (DELETE FROM coupling_talk WHERE kind = 'start' RETURNING *) SELECT 1 FROM gone",
        )
        rows_of(
            database,
            "INSERT INTO coupling_talk (id, municipality_id, helper_municipality_id, agreement_id, asker_id, helper_id,"
            " kind, due_on, status, version) SELECT gen_random_uuid(), municipality_id, helper_municipality_id,"
            " agreement_id, asker_id, helper_id, 'start', current_date, 'due', 1 FROM coupling_talk WHERE kind = 'eind'"
            " RETURNING id",
        )
        with program.transaction() as session:
            self.coby = a_person(session, first_name="Coby", email="coby@voorbeeld.nl")
        grant(database, self.coby, Role.ORGANISATION_ADMINISTRATOR, self.flag)

    def led_by(self, who: Actor) -> list[CouplingTalk]:
        with self.program.transaction() as session:
            return service.of_flag(session, act(session, who), self.flag)

    def held_by(self, who: Actor, **typed: Any) -> None:
        key, version = self.first()
        said = TalkHeld.model_validate({"uitkomst": "verder", "versie": version} | typed)
        with self.program.transaction() as session:
            service.hold(session, act(session, who), key, said)


@pytest.fixture
def guided(fresh_database: Database, program: Program) -> Guided:
    """Ria, Tonnie, Marja and Coby."""
    return Guided(fresh_database, program)


def test_whoever_guides_for_the_organisation_plans_and_holds_and_reads_what_both_say(
    guided: Guided, program: Program
) -> None:
    guided.says(guided.ria, "weet-niet", "Tonnie komt laat")
    assert [talk.organisation_id for talk in guided.led_by(guided.coby)] == [guided.flag]

    guided.plans(guided.coby)
    with program.transaction() as session:
        coby = act(session, guided.coby)
        (talk,) = service.of_flag(session, coby, guided.flag)
        (said,) = service.answers(session, coby, [talk.id])[talk.id]
        assert said.words == "Tonnie komt laat"
    assert sorted(guided.told("talk-planned")) == sorted([guided.ria.person_id, guided.tonnie.person_id])
    guided.held_by(guided.coby, uitkomst="anders")

    assert guided.talks()[0][1] is TalkStatus.HELD
    assert guided.led_by(guided.coby) == []


def test_nobody_else_leads_it_and_no_note_of_the_desk_comes_from_there(
    guided: Guided, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        other = a_person(session, first_name="Bo", email="bo@voorbeeld.nl")
    grant(fresh_database, other, Role.ORGANISATION_MEMBER, guided.flag)
    for who in (other, guided.ria, guided.tonnie):
        with pytest.raises((Forbidden, NotFound)):
            guided.plans(who)
    with pytest.raises(Invalid):
        guided.held_by(guided.coby, notitie="Belde met Ria")
    grant(fresh_database, guided.tonnie, Role.ORGANISATION_ADMINISTRATOR, guided.flag)
    assert guided.led_by(guided.tonnie) == []
    with pytest.raises(Forbidden):
        guided.plans(guided.tonnie)
    rows_of(fresh_database, "UPDATE organisation SET covenant_signed_on = NULL RETURNING id")

    assert guided.led_by(guided.coby) == []


def test_where_two_stop_the_agreement_ends_and_whoever_led_the_talk_reads_nothing_of_it(
    guided: Guided, program: Program, fresh_database: Database, tmp_path: Any
) -> None:
    guided.plans(guided.coby)
    guided.held_by(guided.coby, uitkomst="gestopt")
    ((args,),) = rows_of(
        fresh_database, "SELECT args FROM procrastinate_jobs WHERE task_name = 'couplings.end'"
    )

    for _ in range(2):
        tasks.end_coupling(Work(Settings(data_dir=tmp_path), program), args["talk_id"])

    with program.transaction() as session:
        agreement = occur.get(session, act(session, guided.ria), guided.agreement_id)
        assert agreement.status is Status.CANCELLED
    assert sorted(guided.told("ended")) == sorted([guided.ria.person_id, guided.tonnie.person_id])
    with program.transaction() as session, pytest.raises(NotFound):
        occur.get(session, act(session, guided.coby), guided.agreement_id)


def test_who_would_rather_stop_is_heard_by_the_desk_and_by_the_organisation(guided: Guided) -> None:
    guided.says(guided.tonnie, "stoppen")

    assert guided.told("coupling-doubt") == [guided.marja.person_id]
    assert guided.told("coupling-doubt-here") == [guided.coby.person_id]


def test_the_database_lets_nobody_of_the_organisation_do_more(guided: Guided, program: Program) -> None:
    key, _ = guided.first()
    ends = "UPDATE coupling_talk SET status = 'cancelled', ended_at = now() WHERE id = :key"
    plans = (
        "UPDATE coupling_talk SET status = 'planned', starts_at = now(), how = 'bureau', planned_by_id = asker_id"
        " WHERE id = :key"
    )
    with program.transaction() as session:
        act(session, guided.coby)
        for statement in (ends, plans):
            with pytest.raises(ProgrammingError), session.begin_nested():
                session.execute(text(statement), {"key": key})
    with program.transaction() as session:
        act(session, guided.coby)
        assert session.execute(text("SELECT count(*) FROM agreement")).scalar_one() == 0
        assert (
            session.execute(text("SELECT count(*) FROM help_request WHERE NOT is_public")).scalar_one() == 0
        )
