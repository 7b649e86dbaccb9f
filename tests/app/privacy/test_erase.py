"""Somebody who is forgotten is nowhere: in no table, index, job or mailbox. The books still verify."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor, system
from app.access.roles import Role
from app.access.sign_in import act_as, new_link
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence
from app.config import Settings
from app.db import Database as Program, scope_to
from app.help_requests import service as help_requests
from app.ids import uuid7
from app.jobs.work import Work
from app.moderation import cases
from app.notifications.models import Notice
from app.people import service as people
from app.people.models import Contact, Person
from app.people.service import PersonChange
from app.postgres import wheel_bin_dir
from app.pots import notes as desk
from app.pots.models import NoteKind
from app.privacy import erase, obligations
from app.representations.models import Representation, RepresentationStatus
from app.roosjes import notes
from app.roosjes.giving import Gift, Receiver, give
from app.roosjes.notes import Words
from app.treasury import check
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    an_agreement,
    an_offer,
)  # fmt: skip
from tests.app.notifications.posting import post_all
from tests.databases import Database

FIRST, LAST, EMAIL, PHONE = "Zwaantje", "Quispel-Overduin", "zwaantje.quispel@voorbeeld.nl", "+31612987654"
TRACES = (FIRST, LAST, EMAIL, "612987654", "Overduin", "5664 HJ 137", "5664HJ 137")


def zwaantje(session: Session) -> Actor:
    """Somebody whose name nobody else has, with a whole address."""
    actor = a_person(session, first_name=FIRST, email=EMAIL)
    people.change(session, actor, PersonChange.model_validate({
        "voornaam": FIRST, "achternaam": LAST, "postcode": "5664 HJ", "huisnummer": "137", "telefoon": PHONE,
        "geboortejaar": 1948,
    }))  # fmt: skip
    session.flush()
    return actor


def dump(database: Database) -> str:
    """The whole database as text, every table and row of it."""
    url = make_url(database.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(wheel_bin_dir() / "pg_dump"), "--data-only", "--inserts", "--enable-row-security", url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def traces(written: str) -> list[str]:
    return [trace for trace in TRACES if re.search(re.escape(trace), written, re.IGNORECASE)]


def receiver(session: Session, other: Actor) -> Receiver:
    """Somebody as the other end of a gift."""
    return Receiver(session.get_one(Person, other.person_id), GELDROP_MIERLO)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_an_erased_person_is_not_found_anywhere(
    program: Program, fresh_database: Database, settings: Settings, travel: Any
) -> None:
    with program.transaction() as session:
        me = zwaantje(session)
        helper, _ = a_helper(session)
        agreement = an_agreement(
            session, me, helper, titel=f"Op pad met {FIRST}", toelichting=f"Bel {PHONE} of mail {EMAIL}"
        )
        occurrence_id = session.scalars(
            select(Occurrence.id).where(Occurrence.agreement_id == agreement.id)
        ).one()
    travel(timedelta(days=4))
    with program.transaction() as session:
        helper = act_as(session, helper.person_id)
        occur.happened(session, helper, occurrence_id)
        me = act_as(session, me.person_id)
        occur.happened(session, me, occurrence_id)
        occur.thank(session, me, occurrence_id, f"Dank, {FIRST} {LAST}")
        give(session, me, receiver(session, helper), Gift(15, "sleutel-0001", f"groetjes {FIRST}"))
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
        case = a_request_of(session, me)
        act_as(session, broker.person_id)
        cases.note(session, broker, case, f"Mevrouw {LAST} belde, woont op 5664HJ 137, mail {EMAIL}")
        cases.open_case(session, broker, case)
    with program.transaction() as session:
        me = act_as(session, me.person_id)
        an_offer(session, me, titel=f"{FIRST} helpt")
        other, _ = a_helper(session, first_name="Corrie")
        an_agreement(session, act_as(session, me.person_id), other, titel="Naar de kapper")
        new_link(session, EMAIL, "/mijn")
    work = Work(settings, program)
    post_all(work)
    assert set(traces(dump(fresh_database))) >= {FIRST, LAST, EMAIL, "612987654"}

    with program.transaction() as session:
        receipt = erase.erase(session, act_as(session, me.person_id), settings, to_pot=True)

    assert traces(dump(fresh_database)) == []
    assert (
        traces("".join(path.read_text() for path in settings.mailbox_dir.rglob("*") if path.is_file())) == []
    )
    assert rows_of(fresh_database, "SELECT * FROM ledger.violation") == []
    assert [row.reference for row in rows_of(fresh_database, "SELECT * FROM erasure")] == [receipt.reference]
    told = rows_of(fresh_database, "SELECT kind FROM notice WHERE person_id = :id", id=other.person_id)
    assert "ended" in {row.kind for row in told}
    assert receipt.rows > 10


def test_an_address_that_reads_as_a_pattern_takes_only_itself_along(
    session: Session, settings: Settings
) -> None:
    mine, alike = "z.q+a@voorbeeld.nl", "zxqqa@voorbeeld.nl"
    me, other = a_person(session, first_name=FIRST, email=mine), a_person(session)
    row = a_request(session, other, toelichting=f"Mail {alike} of {mine}")
    session.flush()

    erase.erase(session, act_as(session, me.person_id), settings, to_pot=True)

    act_as(session, other.person_id)
    session.refresh(row)
    assert alike in row.body
    assert mine not in row.body


def a_request_of(session: Session, actor: Actor) -> Any:
    """An open request, after which the session acts as before."""
    act_as(session, actor.person_id)
    return a_request(session, actor, titel=f"Vraag van {FIRST} {LAST}").id


def test_nothing_is_erased_while_help_waits_for_a_yes(session: Session, settings: Settings) -> None:
    me, (helper, _) = zwaantje(session), a_helper(session)
    agreement = an_agreement(session, me, helper)
    session.execute(text("SELECT 1"))
    occurrence = session.scalars(select(Occurrence).where(Occurrence.agreement_id == agreement.id)).one()
    occurrence.step(type(occurrence.status).HELPED, helper.person_id)
    session.flush()

    with pytest.raises(erase.StillOpen):
        erase.erase(session, me, settings, to_pot=True)

    assert obligations.of(session, me).to_confirm == [occurrence]
    assert people.details(session, me).last_name == LAST


def test_roosjes_go_to_the_pot_only_when_that_is_said(session: Session, settings: Settings) -> None:
    (helper, _), me = a_helper(session), zwaantje(session)
    give(session, me, receiver(session, helper), Gift(30, "sleutel-0002", ""))

    with pytest.raises(erase.BalanceNotConfirmed):
        erase.erase(session, me, settings)

    assert obligations.of(session, me).balance_minutes == -30


def test_holds_come_free_and_the_other_hears_it(session: Session, settings: Settings) -> None:
    me, (helper, _) = zwaantje(session), a_helper(session)
    agreement = an_agreement(session, me, helper)
    assert obligations.of(session, me).held_minutes == 60

    erase.erase(session, me, settings, to_pot=True)

    act_as(session, helper.person_id)
    assert session.get(Agreement, agreement.id).status.value == "cancelled"  # type: ignore[union-attr]
    assert "ended" in set(session.scalars(select(Notice.kind).where(Notice.person_id == helper.person_id)))


def test_who_acted_for_somebody_hears_that_it_ended(
    program: Program, fresh_database: Database, settings: Settings
) -> None:
    with program.transaction() as session:
        me, son = zwaantje(session), a_person(session, first_name="Kees")
        a_representation(session, a_member_of_staff(fresh_database, session), son, me)

    with program.transaction() as session:
        erase.erase(session, act_as(session, me.person_id), settings)

    with program.transaction() as session:
        act_as(session, son.person_id)
        assert session.scalars(select(Representation.status)).one() is RepresentationStatus.ENDED
        assert "representation-ended" in set(
            session.scalars(select(Notice.kind).where(Notice.person_id == son.person_id))
        )


def test_whoever_works_here_hands_over_first(
    program: Program, fresh_database: Database, settings: Settings
) -> None:
    with program.transaction() as session:
        me = zwaantje(session)
    grant = (
        "INSERT INTO role_grant (id, person_id, role, municipality_id)"
        " VALUES (gen_random_uuid(), :id, :role, :m) RETURNING id"
    )
    rows_of(fresh_database, grant, id=me.person_id, role=Role.BROKER.value, m=GELDROP_MIERLO)

    with program.transaction() as session, pytest.raises(erase.StillOpen):
        erase.erase(session, act_as(session, me.person_id), settings)


def test_nobody_has_another_forgotten(session: Session) -> None:
    me = zwaantje(session)
    a_person(session, first_name="Vreemde")

    with pytest.raises(DBAPIError, match="nobody may have this person forgotten"):
        session.execute(text("SELECT forget_person(:id, 'zelf', 'W-1')"), {"id": me.person_id})


def test_what_is_left_of_whoever_was_forgotten_is_named_with_the_books(
    session: Session, settings: Settings
) -> None:
    def said() -> list[str]:
        scope_to(session, system(frozenset({GELDROP_MIERLO})).scope)
        return [fault for fault in check.faults(session) if fault.startswith("I20")]

    me, other = zwaantje(session), a_helper(session)[0]
    give(
        session, act_as(session, me.person_id), receiver(session, other), Gift(15, "sleutel-0001", "groetjes")
    )
    erase.erase(session, act_as(session, me.person_id), settings, to_pot=True)
    assert said() == []

    act_as(session, me.person_id)
    session.get_one(Person, me.person_id).first_name = FIRST
    session.flush()
    scope_to(session, system(frozenset({GELDROP_MIERLO})).scope)
    words = Words(other.person_id, GELDROP_MIERLO, me.person_id, None, "sleutel-0002", f"Dag {FIRST}")
    notes.keep(session, words)
    desk.write(session, other, uuid7(), NoteKind.GRANT, me.person_id, GELDROP_MIERLO, f"{FIRST} hielp veel")

    assert said() == [
        f"I20: person {me.person_id} has {what}"
        for what in ("a name", "words of the desk", "words with a gift")
    ]


def test_others_with_the_same_name_keep_theirs(session: Session, settings: Settings) -> None:
    me, (namesake, offer) = (
        zwaantje(session),
        a_helper(session, first_name=FIRST, titel=f"{FIRST} wandelt mee"),
    )
    act_as(session, me.person_id)

    erase.erase(session, me, settings)

    act_as(session, namesake.person_id)
    session.expire_all()
    assert people.oneself(session, namesake).first_name == FIRST
    assert offer.title == f"{FIRST} wandelt mee"


def test_a_draft_is_gone_too(session: Session, settings: Settings) -> None:
    me = zwaantje(session)
    help_request = a_request(session, me)
    help_requests.withdraw(session, me, help_request.id)

    erase.erase(session, me, settings)

    assert session.scalars(select(Contact.email).where(Contact.person_id == me.person_id)).one() is None
