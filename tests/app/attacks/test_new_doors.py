"""Referrals, organisations, cases, figures and outreach at the database's own door, and around their pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor, system
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program, Scope, scope_to
from app.errors import Invalid
from app.households import service as households
from app.households.schemas import NewMember, NewPlan
from app.ids import uuid7
from app.imports.lines import Fault, OrganisationLine, read
from app.life import stopping
from app.life.models import LifeEvent, LifeKind
from app.outreach import near
from app.outreach.schemas import Assigned, NewMediation, NewMediator
from app.partners import people as partners
from app.partners.schemas import Invite, NewJoining
from app.phoning import service as phoning
from app.phoning.schemas import Talk
from app.pots.errors import OwnInterest
from app.referrals import sending, sharing
from app.referrals.schemas import OnVersion, Sharing
from app.safety import suspensions
from app.safety.schemas import NewSuspension
from tests.app.attacks.test_own_door import refused
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.app.referrals.making import Chain
from tests.databases import Database
from tests.sites import a_program
from tests.web.desks.cheques import an_organisation, grant

HERE = GELDROP_MIERLO


class Doors(Chain):
    """The village of a referral, with Ria who asks, Eva, and Karin who works at another desk."""

    def __init__(self, database: Database, program: Program) -> None:
        super().__init__(database, program)
        with program.transaction() as session:
            self.karin = a_member_of_staff(database, session, municipality_id=EINDHOVEN, first_name="Karin")
            self.ria, self.eva = a_person(session), a_person(session, first_name="Eva")
            self.request = a_request(session, act(session, self.ria)).id

    @contextmanager
    def at(self, who: Actor) -> Iterator[Session]:
        """The database as somebody reaches it; nothing of it stays."""
        with self.program.sessions(info={"scope": Scope()}) as session:
            act(session, who)
            yield session
            session.rollback()

    def tries(self, who: Actor, statement: str, **values: Any) -> bool:
        """Whether the database refuses it."""
        with self.at(who) as session:
            return refused(session, statement, **{"id": uuid7(), "me": who.person_id, "here": HERE} | values)

    def does(self, who: Actor, statement: str, **values: Any) -> None:
        with self.program.transaction() as session:
            act(session, who)
            session.execute(text(statement), {"id": uuid7(), "me": who.person_id, "here": HERE} | values)

    def reads(self, who: Actor, statement: str, **values: Any) -> list[Any]:
        with self.at(who) as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def owner(self, statement: str, **values: Any) -> list[Any]:
        return rows_of(self.database, statement, **values)

    def a_flag(self, name: str, *administrators: Actor) -> UUID:
        made = an_organisation(self.database, name)
        for one in administrators:
            grant(self.database, one, Role.ORGANISATION_ADMINISTRATOR, made)
        return made


@pytest.fixture(scope="module")
def doors(new_database: Callable[[], Any]) -> Iterator[Doors]:
    """One village for all of these: what a test commits is of people of its own."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        yield Doors(database, program)
        program.close()


def test_no_desk_writes_the_figures_of_its_own_or_of_the_region(doors: Doors) -> None:
    region = "INSERT INTO region_release (id, since, until, figures) VALUES (:id, '2020-01-01', '2020-07-01', '{}')"
    own = (
        "INSERT INTO report_release (id, municipality_id, span, since, until, figures)"
        " VALUES (:id, :here, 'half', '2020-01-01', '2020-07-01', '{}')"
    )

    assert doors.tries(doors.bram, region)
    assert doors.tries(doors.bram, own)
    doors.work(lambda session, _: session.execute(text(region), {"id": uuid7()}))


ABOUT_A_QUESTION = [
    (
        "INSERT INTO case_task (id, municipality_id, help_request_id, asker_id, kind, what, due_at, made_by_id)"
        " VALUES (:id, :there, :request, :asker, 'belofte', 'Bel mij op 06', ledger.now(), :me)"
    ),
    (
        "INSERT INTO case_team (id, municipality_id, help_request_id, asker_id, second_id, version)"
        " VALUES (:id, :there, :request, :asker, :me, 1)"
    ),
    (
        "INSERT INTO case_question (id, municipality_id, help_request_id, asker_id, kind, asked_by_id, asked_of_id,"
        " question, due_at) VALUES (:id, :there, :request, :asker, 'knoop', :me, :me, 'Ja?', ledger.now())"
    ),
    (
        "INSERT INTO wmo_report (id, municipality_id, help_request_id, person_id, number, reported_on, words, by_id)"
        " VALUES (:id, :there, :request, :asker, 1, '2026-01-01', 'Hulp', :me)"
    ),
    (
        "INSERT INTO case_evaluation (id, municipality_id, help_request_id, asker_id, number, held_on, face, by_id)"
        " VALUES (:id, :there, :request, :asker, 1, '2026-01-01', 'blij', :me)"
    ),
]
ABOUT_SOMEBODY = [
    (
        "INSERT INTO life_event (id, municipality_id, person_id, kind, on_date, by_id)"
        " VALUES (:id, :there, :asker, 'overleden', '2026-01-01', :me)"
    ),
    "INSERT INTO carer_load (id, municipality_id, person_id, load, by_id) VALUES (:id, :there, :asker, 5, :me)",
]


def test_a_desk_writes_about_its_own_people_and_questions_only(doors: Doors) -> None:
    ria = {"request": doors.request, "asker": doors.ria.person_id}
    for statement in ABOUT_A_QUESTION + ABOUT_SOMEBODY:
        assert doors.tries(doors.karin, statement, there=EINDHOVEN, **ria), statement
    for statement in ABOUT_A_QUESTION:  # nor is a promise made to somebody who did not ask this
        assert doors.tries(
            doors.marja, statement, there=GELDROP_MIERLO, request=doors.request, asker=doors.eva.person_id
        )
    for statement in ABOUT_A_QUESTION + ABOUT_SOMEBODY:
        assert not doors.tries(doors.marja, statement, there=GELDROP_MIERLO, **ria), statement


def test_nobody_of_elsewhere_is_put_in_a_plan(doors: Doors) -> None:
    plan = (
        "INSERT INTO household_plan (id, municipality_id, goal, contact_id, status, made_by_id, version)"
        " VALUES (:plan, :there, 'Rust', :me, 'loopt', :me, 1)"
    )
    joins = (
        "INSERT INTO plan_person (id, municipality_id, plan_id, person_id, role)"
        " VALUES (:id, :there, :plan, :ria, 'volwassene')"
    )
    values = {"id": uuid7(), "plan": uuid7(), "there": EINDHOVEN, "ria": doors.ria.person_id}
    with doors.at(doors.karin) as session:
        session.execute(text(plan), values | {"me": doors.karin.person_id})

        assert refused(session, joins, **values)


def test_whether_mail_to_somebody_stopped_is_told_to_the_worker_only(doors: Doors) -> None:
    asks = text("SELECT mail_stopped(:ria)").bindparams(ria=doors.ria.person_id)
    with doors.at(doors.marja) as session:
        session.add(a_life_event(doors, session, LifeKind.HOSPITAL))
        session.flush()
        for somebody in (doors.eva, doors.karin):
            act(session, somebody)
            assert session.execute(asks).scalar_one() is False
        scope_to(session, system(frozenset({HERE})).scope)
        assert session.execute(asks).scalar_one() is True


def a_life_event(doors: Doors, session: Session, kind: LifeKind, **more: Any) -> LifeEvent:
    return LifeEvent(
        id=uuid7(), municipality_id=GELDROP_MIERLO, person_id=doors.ria.person_id, kind=kind, words="",
        on_date=today(session), by_id=doors.marja.person_id, **more,
    )  # fmt: skip


def test_what_is_put_back_after_a_mistake_is_of_whom_it_was_about(doors: Doors) -> None:
    with doors.program.transaction() as session:
        tonnie, offer = a_helper(session)
        rested = a_request(session, act(session, doors.eva)).id
        asked = a_request(session, act(session, doors.eva))
        proposal = a_willing_helper(session, doors.eva, tonnie, asked).id
    rows_of(
        doors.database, "UPDATE proposal SET status = 'withdrawn' WHERE id = :id RETURNING id", id=proposal
    )
    rows = "UPDATE {} SET status = 'paused', is_public = false WHERE id = :id RETURNING id"
    rows_of(doors.database, rows.format("help_request"), id=rested)
    rows_of(doors.database, rows.format("help_offer"), id=offer.id)
    forged = {
        "times": [], "requests": [{"id": str(rested), "public": True}],
        "offers": [{"id": str(offer.id), "public": True}],
        "proposals": [{"id": str(proposal), "was": "willing"}],
    }  # fmt: skip
    with doors.program.transaction() as session:
        act(session, doors.marja)
        event = a_life_event(
            doors, session, LifeKind.MOVED, stopped=forged, undone_at=text("ledger.now()"),
            undone_by_id=doors.marja.person_id,
        )  # fmt: skip
        session.add(event)
        session.flush()
        key = event.id

    doors.work(lambda session, worker: stopping.put_back(session, worker, key))

    still = "SELECT status, is_public FROM {} WHERE id = :id"
    assert rows_of(doors.database, still.format("help_request"), id=rested) == [("paused", False)]
    assert rows_of(doors.database, still.format("help_offer"), id=offer.id) == [("paused", False)]
    proposed = "SELECT status FROM proposal WHERE id = :id"
    assert rows_of(doors.database, proposed, id=proposal) == [("withdrawn",)]


def test_who_stands_in_reads_what_is_for_few_while_they_stand_in(doors: Doors) -> None:
    team = (
        "INSERT INTO case_team (id, municipality_id, help_request_id, asker_id, stand_in_id, away_from, away_until,"
        " version) VALUES (:id, :here, :request, :ria, :samira, '2020-01-01', '2020-01-09', 1)"
    )
    values = {"id": uuid7(), "here": HERE, "request": doors.request, "ria": doors.ria.person_id,
              "samira": doors.samira.person_id}  # fmt: skip
    asks = text("SELECT on_case(:request)").bindparams(request=doors.request)
    with doors.at(doors.samira) as session:
        session.execute(text(team), values)
        assert session.execute(asks).scalar_one() is False
        session.execute(text("UPDATE case_team SET away_until = '2199-01-01'"))
        assert session.execute(asks).scalar_one() is True


def passed(doors: Doors) -> UUID:
    """About Eva, with her yes; Zorg Nabij took it."""
    id = doors.refer(magTerugvertellen=True)
    (row,) = doors.owner(
        "UPDATE referral SET person_id = :eva WHERE id = :id RETURNING version",
        eva=doors.eva.person_id,
        id=id,
    )
    with doors.program.transaction() as session:
        wanted = Sharing.model_validate({"versie": row.version, "organisatie": str(doors.zorg)})
        version = sharing.share(session, act(session, doors.marja), id, wanted).version
    with doors.program.transaction() as session:
        on = OnVersion.model_validate({"versie": version})
        sharing.take(session, act(session, doors.piet), id, on)
    return id


def test_whom_a_referral_is_about_takes_back_a_yes_and_changes_nothing_else(doors: Doors) -> None:
    id = passed(doors)
    for change in ("status = 'done', ended_at = ledger.now()", "first_name = 'Mallory'", "organisation_id = NULL",
                   "due_at = 'infinity'", "owner_id = person_id"):  # fmt: skip
        taken = f"UPDATE referral SET tells_back = false, {change} WHERE id = :id"
        assert doors.tries(doors.eva, taken, id=id), change
    assert not doors.tries(
        doors.eva, "UPDATE referral SET tells_back = false, told = '' WHERE id = :id", id=id
    )


def test_an_organisation_says_how_a_referral_goes_and_not_about_whom_it_is(doors: Doors) -> None:
    id = passed(doors)
    for change in ("person_id = :me", "first_name = 'Mallory'", "help_request_id = :request", "due_at = 'infinity'",
                   "organisation_id = :other"):  # fmt: skip
        changed = f"UPDATE referral SET {change} WHERE id = :id"
        assert doors.tries(doors.piet, changed, id=id, request=doors.request, other=doors.samen), change
    spoken = "UPDATE referral SET status = 'spoken', spoken_at = ledger.now() WHERE id = :id"
    assert not doors.tries(doors.piet, spoken, id=id)


def test_what_was_done_about_a_referral_is_told_in_ones_own_name(doors: Doors) -> None:
    id = passed(doors)
    step = (
        "INSERT INTO referral_step (id, municipality_id, referral_id, author_id, kind, words)"
        " VALUES (:id, :here, :referral, :author, 'gebeld', 'Zij wil niet.')"
    )

    assert doors.tries(doors.piet, step, referral=id, author=doors.marja.person_id)
    assert not doors.tries(doors.piet, step, referral=id, author=doors.piet.person_id)


def test_who_refers_no_more_reads_nothing_of_what_they_referred(doors: Doors) -> None:
    with doors.program.transaction() as session:
        nurse = a_person(session, first_name="Anja")
    grant(doors.database, nurse, Role.REFERRER)
    sent = "UPDATE referral SET link_id = NULL, referrer_id = :who WHERE id = :id RETURNING id"
    doors.owner(sent, who=nurse.person_id, id=doors.refer())
    assert len(doors.reads(nurse, "SELECT * FROM referrals_of_actor()")) == 1

    rows_of(doors.database, "DELETE FROM role_grant WHERE person_id = :who RETURNING id", who=nurse.person_id)
    grant(doors.database, nurse, Role.ORGANISATION_MEMBER, doors.samen)

    with doors.program.transaction() as session:
        assert sending.mine(session, act(session, nurse)) == []


def test_an_invitation_ends_with_the_role_of_who_made_it(doors: Doors) -> None:
    with doors.program.transaction() as session:
        second = a_person(session, first_name="Piets", email="tweede@voorbeeld.nl")
        gone = a_person(session, first_name="Wim")
    flag = doors.a_flag("Oud Koor", gone, doors.els)  # who stays did not make it
    wanted = Invite.model_validate(
        {"email": "tweede@voorbeeld.nl", "voornaam": "Piets", "rol": "organisation_administrator"}
    )
    with doors.program.transaction() as session:
        made = partners.invite(session, act(session, gone), flag, wanted).id
    asks = "SELECT organisation FROM invited_by_organisation(:id)"
    assert doors.reads(second, asks, id=made) == [("Oud Koor",)]

    doors.owner("DELETE FROM role_grant WHERE person_id = :who RETURNING id", who=gone.person_id)

    assert doors.reads(second, asks, id=made) == []
    accept = "SELECT accept_organisation_invitation(:id, :grant, :row)"
    assert doors.reads(second, accept, id=made, grant=uuid7(), row=uuid7()) == [(False,)]


def test_an_invitation_gives_a_role_in_the_organisations_own_municipality(doors: Doors) -> None:
    invite = (
        "INSERT INTO organisation_invitation (id, municipality_id, organisation_id, email, first_name, role,"
        " exclusive, invited_by_id, expires_at) VALUES (:id, :there, :zorg, 'a@voorbeeld.nl', 'A',"
        " 'organisation_member', false, :me, ledger.now() + interval '1 day')"
    )

    assert doors.tries(doors.piet, invite, there=EINDHOVEN, zorg=doors.zorg)
    assert not doors.tries(doors.piet, invite, there=GELDROP_MIERLO, zorg=doors.zorg)


def test_of_two_administrators_who_end_each_others_role_at_once_one_stays(doors: Doors) -> None:
    flag = doors.a_flag("Twee Hoofden", doors.els, doors.piet)
    roles = "SELECT person_id, id FROM role_grant WHERE organisation_id = :o"
    keys = {row.person_id: row.id for row in doors.owner(roles, o=flag)}
    barrier = Barrier(2)

    def end(who: Actor, whose: Actor) -> None:
        with doors.program.transaction() as session:
            act(session, who)
            barrier.wait()
            session.execute(text("SELECT end_organisation_role(:key)"), {"key": keys[whose.person_id]})
            session.execute(text("SELECT pg_sleep(0.3)"))

    both = [Thread(target=end, args=pair) for pair in ((doors.els, doors.piet), (doors.piet, doors.els))]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert len(doors.owner(roles, o=flag)) == 1


def test_a_desk_gives_no_role_in_an_organisation_that_somebody_administers(doors: Doors) -> None:
    joining = (
        "INSERT INTO joining (id, municipality_id, applicant_id, name, kind, description, phone, website,"
        " kvk_number, position, status, reason, version) VALUES (:id, :here, :me, 'Nep', 'club', '', '', '', '', '',"
        " 'submitted', '', 1)"
    )
    doors.does(doors.eva, joining)
    doors.does(doors.marja, "UPDATE joining SET status = 'approved', organisation_id = :o", o=doors.zorg)

    appoint = "SELECT appoint_at_organisation(:o, :eva, 'organisation_administrator', :key)"
    assert doors.reads(doors.marja, appoint, o=doors.zorg, eva=doors.eva.person_id, key=uuid7()) == [(False,)]


def test_nobody_says_yes_for_the_other_of_an_introduction(doors: Doors) -> None:
    doors.does(
        doors.marja,
        "INSERT INTO introduction (id, municipality_id, one_id, other_id, why, status, outcome, made_by_id, version)"
        " VALUES (:id, :here, :one, :other, 'Samen', 'proposed', '', :me, 1)",
        one=doors.samen, other=doors.zorg,
    )  # fmt: skip

    both = "UPDATE introduction SET one_yes = true, other_yes = true, status = 'agreed'"
    assert doors.tries(doors.els, both)
    assert doors.tries(doors.marja, both)
    assert not doors.tries(doors.els, "UPDATE introduction SET one_yes = true")


def test_a_signature_is_under_the_words_of_that_covenant(doors: Doors) -> None:
    with doors.program.transaction() as session:
        an = a_member_of_staff(doors.database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="An")
    covenant = uuid7()
    doors.does(
        an, "INSERT INTO covenant (id, municipality_id, number, text, changed, by_id)"
        " VALUES (:id, :here, 1, 'Niemand zonder ja.', '', :me)",
        id=covenant,
    )  # fmt: skip
    sign = (
        "INSERT INTO covenant_signature (id, municipality_id, covenant_id, organisation_id, side, person_id, name,"
        " position, text_sha256) VALUES (:id, :here, :covenant, :o, 'organisatie', :me, 'Piet', 'voorzitter',"
        " encode(sha256(:words), 'hex'))"
    )

    values = {"covenant": covenant, "o": doors.zorg}
    assert doors.tries(doors.piet, sign, words=b"Iets anders.", **values)
    elsewhere = an_organisation(doors.database, "Elders", EINDHOVEN)
    grant(doors.database, doors.piet, Role.ORGANISATION_ADMINISTRATOR, elsewhere, EINDHOVEN)
    assert doors.tries(doors.piet, sign, words=b"Niemand zonder ja.", covenant=covenant, o=elsewhere)
    assert not doors.tries(doors.piet, sign, words=b"Niemand zonder ja.", **values)


def a_mediator(doors: Doors, who: Actor) -> None:
    trained = {"persoon": str(who.person_id), "getraindOp": "2020-01-01", "geldigTot": "2199-01-01"}
    with doors.program.transaction() as session:
        marja = act(session, doors.marja)
        near.add_mediator(session, marja, GELDROP_MIERLO, NewMediator.model_validate(trained))


def test_nobody_asks_for_mediation_in_the_name_of_another(doors: Doors) -> None:
    a_mediator(doors, doors.eva)
    asks = (
        "INSERT INTO mediation (id, municipality_id, asker_id, words, other, mediator_id, status, version)"
        " VALUES (:id, :here, :asker, 'Ruzie', '', :mediator, 'assigned', 1)"
    )

    assert doors.tries(doors.eva, asks, asker=doors.ria.person_id, mediator=doors.eva.person_id)
    assert doors.tries(doors.marja, asks, asker=doors.ria.person_id, mediator=doors.eva.person_id)


def test_who_is_suspended_or_blocked_by_the_asker_mediates_nothing_and_is_shown_to_nobody(
    doors: Doors,
) -> None:
    a_mediator(doors, doors.els)
    a_mediator(doors, doors.piet)
    with doors.program.transaction() as session:
        new = NewMediation.model_validate({"watSpeeltEr": "De heg."})
        asked = near.ask(session, act(session, doors.ria), new).id
    with doors.program.transaction() as session:
        wanted = Assigned.model_validate({"bemiddelaar": str(doors.els.person_id), "versie": 1})
        near.assign(session, act(session, doors.marja), asked, wanted)
    doors.does(
        doors.marja,
        "INSERT INTO trustee (id, municipality_id, person_id, people, words, made_by_id)"
        " VALUES (:id, :here, :els, 'Iedereen', '', :me)",
        els=doors.els.person_id,
    )  # fmt: skip
    reads, trusted = "SELECT words FROM mediation", "SELECT person_id FROM trustee"
    assert doors.reads(doors.els, reads) == [("De heg.",)]
    assert len(doors.reads(doors.eva, trusted)) == 1

    for other in (doors.els, doors.piet):
        blocks(doors, doors.ria, other)
    assert doors.reads(doors.els, reads) == []
    wanted = Assigned.model_validate({"bemiddelaar": str(doors.piet.person_id), "versie": 2})
    with doors.program.transaction() as session, pytest.raises(Invalid):
        near.assign(session, act(session, doors.marja), asked, wanted)

    suspended(doors, doors.els)
    assert doors.reads(doors.eva, trusted) == []
    assert doors.reads(doors.els, f"SELECT mediates({GELDROP_MIERLO})") == [(False,)]


def blocks(doors: Doors, one: Actor, other: Actor) -> None:
    doors.owner(
        "INSERT INTO person_block (id, municipality_id, other_municipality_id, blocker_id, blocked_id, by_id,"
        " agreements) VALUES (:id, :here, :here, :one, :other, :one, 'keep') RETURNING id",
        id=uuid7(), here=HERE, one=one.person_id, other=other.person_id,
    )  # fmt: skip


def suspended(doors: Doors, who: Actor) -> None:
    with doors.program.transaction() as session:
        review = (today(session) + timedelta(days=9)).isoformat()
        new = NewSuspension.model_validate(
            {"waarom": "looking", "uitleg": "Wij zoeken iets uit.", "afspraken": "keep", "kijkWeerOp": review}
        )
        suspensions.suspend(session, act(session, doors.marja), who.person_id, new)


def test_nobody_comes_in_a_plan_beside_somebody_who_blocked_them(doors: Doors) -> None:
    with doors.program.transaction() as session:
        new = NewPlan.model_validate({"watWillenZij": "Rust in huis."})
        plan = households.make(session, act(session, doors.marja), doors.ria.person_id, new).id
    blocks(doors, doors.ria, doors.eva)
    member = NewMember.model_validate({"persoon": str(doors.eva.person_id), "wieIsDit": "volwassene"})

    with doors.program.transaction() as session, pytest.raises(Invalid):
        households.add_member(session, act(session, doors.marja), plan, member)
    assert doors.reads(doors.eva, "SELECT goal FROM household_plan") == []


def test_a_makelaar_says_nothing_by_telephone_about_their_own_help(doors: Doors) -> None:
    with doors.program.transaction() as session:
        helper, _ = a_helper(session, first_name="Marja")
    with doors.program.transaction() as session:
        an_agreement(session, doors.ria, helper)
    grant(doors.database, helper, Role.BROKER)
    time = doors.owner("SELECT id FROM occurrence WHERE helper_id = :h", h=helper.person_id)[0].id

    def says(act_on: str) -> None:
        talk = Talk.model_validate({"hoe": "telefoon", act_on: [str(time)]})
        with doors.program.transaction() as session, pytest.raises(OwnInterest):
            phoning.do(session, act(session, helper), doors.ria.person_id, talk, ["Zo is het."])

    says("zegtAf")
    past = "UPDATE occurrence SET starts_at = ledger.now() - interval '1 day' WHERE id = :id RETURNING id"
    doors.owner(past, id=time)
    says("gebeurd")
    says("kwamNiet")
    with doors.program.transaction() as session:
        talk = Talk.model_validate({"hoe": "telefoon", "gebeurd": [str(time)]})
        phoning.do(session, act(session, doors.samira), doors.ria.person_id, talk, ["Dit is gebeurd."])


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://a.nl\\@b.nl", "//evil"]
)
def test_a_website_of_an_organisation_is_an_address_of_the_web(address: str) -> None:
    typed = {
        "naam": "Koor",
        "soort": "club",
        "wat": "Wij zingen.",
        "telefoon": "040 1234567",
        "functie": "voorzitter",
    }
    try:
        said = NewJoining.model_validate(typed | {"website": address}).website
    except ValueError:
        said = None
    assert said is None or said.startswith("https://")

    file = f"sleutel;naam;soort;website\n1;Koor;club;{address}".encode()
    (line,) = read(file, OrganisationLine)
    assert isinstance(line, Fault) or (line.value.website or "").startswith("https://")


def test_the_worker_alone_has_no_name(doors: Doors) -> None:
    """What above is the worker's is nobody's who signed in: with a name, a reach does not make one it."""
    with doors.program.transaction() as session:
        act(session, doors.karin)
        assert session.execute(text("SELECT forget_referrals()")).scalar_one() == 0
        assert refused(session, "SELECT forget_outreach()")
        scope_to(session, system(frozenset({GELDROP_MIERLO})).scope)
        session.execute(text("SELECT forget_outreach()"))
