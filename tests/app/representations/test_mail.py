"""Mail about acting for another: the question for consent, and notices to who acts for somebody without an address."""

import mailbox
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access import sign_in
from app.access.actor import Actor
from app.clock import today
from app.config import Settings
from app.db import Database as Program
from app.help_requests.schemas import NewHelpRequest
from app.jobs import mails, tasks
from app.jobs.work import Work
from app.notifications.service import tell
from app.people import service as people
from app.people.service import NewPerson
from app.representations import service
from app.representations.models import Representation, RepresentationKind, RepresentationStatus
from app.representations.schemas import ForAnother, HeardQuestion
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, a_representation, a_request, act
from tests.app.notifications.posting import post_all
from tests.databases import Database

GREET = {"voornaam": "Greet", "postcode": "5664 HJ", "email": "greet@voorbeeld.nl"}
WALK = {"categorie": "samen-op-pad", "titel": "Samen naar de weekmarkt"}


@pytest.fixture
def work(program: Program, tmp_path: Path) -> Work:
    """A worker whose mail goes to a folder."""
    return Work(Settings(data_dir=tmp_path), program)


def letters(work: Work) -> list[tuple[str, str]]:
    """To whom, and what was said."""
    if not work.settings.mailbox_dir.exists():
        return []
    found = []
    for one in mailbox.Maildir(work.settings.mailbox_dir):
        plain = next(part for part in one.walk() if part.get_content_type() == "text/plain")
        said = plain.get_payload(decode=True)
        assert isinstance(said, bytes)
        found.append((str(one["To"]), said.decode()))
    return found


def asked(program: Program, **other: str) -> UUID:
    """Karin asks for somebody."""
    with program.transaction() as session:
        karin = a_person(session, first_name="Karin")
        typed = ForAnother.model_validate({"voorWie": GREET | other, "hulpvraag": WALK})
        return service.ask(session, karin, typed).id


def test_the_other_is_asked_by_mail_while_it_waits(program: Program, work: Work) -> None:
    id = asked(program)

    mails.mail_representation(work, str(id))

    ((to, said),) = letters(work)
    assert to == "greet@voorbeeld.nl"
    assert "Karin wil voor u hulp vragen" in said
    assert "/namens/toestemming?t=" in said


def test_an_address_gets_no_more_than_its_share_and_nobody_hears_so(
    program: Program, fresh_database: Database
) -> None:
    for _ in range(5):
        asked(program)

    queued = rows_of(
        fresh_database, "SELECT FROM procrastinate_jobs WHERE task_name = 'representations.mail'"
    )
    assert len(queued) == service.MAILED_TO.most
    assert len(rows_of(fresh_database, "SELECT FROM representation")) == 5


def test_what_waits_in_vain_is_forgotten_and_the_link_dies(
    program: Program, work: Work, travel: Callable[[timedelta], None]
) -> None:
    id = asked(program)
    travel(timedelta(days=service.ASKED_DAYS, hours=1))

    tasks.tidy(work)
    mails.mail_representation(work, str(id))

    with work.transaction() as (session, _):
        row = session.get_one(Representation, id)
        assert (row.status, row.claimed, row.question) == (RepresentationStatus.LAPSED, {}, {})
    assert letters(work) == []


@pytest.mark.parametrize(
    ("kind", "about", "mailed"),
    [(RepresentationKind.CONTACT, "own", True), (RepresentationKind.CONTACT, "other", False),
     (RepresentationKind.AUTHORISED, "other", True)],
)  # fmt: skip
def test_notices_to_somebody_without_an_address_go_to_who_acts_for_them(
    program: Program, fresh_database: Database, work: Work, kind: RepresentationKind, about: str, mailed: bool
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        karin = a_person(session, first_name="Karin", email="karin@voorbeeld.nl")
        annie = _without_address(session, marja)
        id = a_representation(session, marja, karin, annie, kind=kind).id
        acting = sign_in.act_for(session, act(session, karin), id)
        asker = acting if about == "own" else act(session, annie)
        assert asker is not None
        row = a_request(session, asker)
        tell(session, annie.person_id, row.municipality_id, "released", row.id, title=row.title)

    for _ in range(2):
        post_all(work, only=annie.person_id)

    assert [to for to, _ in letters(work)] == (["karin@voorbeeld.nl"] if mailed else [])
    for _, said in letters(work):
        assert "Dit bericht is voor Annie." in said
        assert f"/mijn/namens?naar=/mijn/vragen/{row.id}" in said


def _without_address(session: Session, marja: Actor) -> Actor:
    new = NewPerson.model_validate({"voornaam": "Annie", "postcode": "5664 HJ", "telefoon": "0612345678"})
    person = people.register_for(session, act(session, marja), new)
    return act(session, Actor(person=person.id))


def test_a_question_whose_day_passed_while_it_waited_is_asked_without_the_day(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        karin = a_person(session, first_name="Karin")
        marja = a_member_of_staff(fresh_database, session)
        act(session, karin)
        soon = (today(session) + timedelta(days=2)).isoformat()
        question = NewHelpRequest.model_validate(WALK | {"datum": soon}).model_dump(
            mode="json", by_alias=True
        )
        typed = ForAnother.model_validate({"voorWie": GREET, "hulpvraag": {**WALK, "datum": soon}})
        assert question["datum"] == soon
        id = service.ask(session, karin, typed).id
    travel(timedelta(days=5))

    with program.transaction() as session:
        service.record(session, act(session, marja), id, HeardQuestion())

    ((on_date, status),) = rows_of(fresh_database, "SELECT on_date, status FROM help_request")
    assert (on_date, status) == (None, "open")
