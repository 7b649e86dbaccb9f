"""Signals with consent, who does not ask, neighbourhoods, trustees, and mediation that nobody else reads."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError

from app.access.actor import VISITOR, Actor
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.help_requests import service as help_requests
from app.outreach import near, service
from app.outreach.models import MediationStatus, OutreachStatus
from app.outreach.schemas import (
    Assigned,
    Done,
    Mediated,
    NewLookIn,
    NewMediation,
    NewMediator,
    NewSignal,
    NewTrustee,
)
from app.outreach.service import AlreadyThere
from app.reports import hiding
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, a_request, act, nobody
from tests.databases import Database

HERE = 1771
SEEN: dict[str, Any] = {
    "wieBentU": "buur", "watZagU": "De gordijnen blijven dicht.", "postcode": "5664 HJ", "naam": "Greet Jansen",
    "telefoon": "06 22334455", "huisnummer": "12", "uwNaam": "Bo", "uwTelefoon": "06 11111111",
}  # fmt: skip


class Street:
    """Marja at the desk, Ria, Bo and Joop."""

    def __init__(self, database: Database, program: Program) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.karin = a_member_of_staff(database, session, municipality_id=EINDHOVEN, first_name="Karin")
            self.bram = a_member_of_staff(database, session, role=Role.TREASURER, first_name="Bram")
            self.ria, self.bo = a_person(session), a_person(session, first_name="Bo")
            self.joop = a_person(session, first_name="Joop")

    def do(self, who: Actor, act_on: Any, *args: Any, **more: Any) -> Any:
        with self.program.transaction() as session:
            return act_on(session, act(session, who), *args, **more)

    def day(self, ahead: int) -> str:
        with self.program.transaction() as session:
            return (today(session) + timedelta(days=ahead)).isoformat()

    def told(self, kind: str) -> list[Any]:
        return [
            row.person_id
            for row in rows_of(self.database, "SELECT person_id FROM notice WHERE kind = :k", k=kind)
        ]


@pytest.fixture
def street(fresh_database: Database, program: Program) -> Street:
    return Street(fresh_database, program)


def signal(street: Street, **changes: Any) -> Any:
    with street.program.transaction() as session:
        nobody(session)
        return service.signal(session, VISITOR, NewSignal.model_validate(SEEN | changes), "127.0.0.1")


def test_without_the_others_yes_a_street_is_kept_and_no_name(street: Street) -> None:
    signal(street)
    signal(street, weetErvan=True)

    rows = rows_of(
        street.database,
        "SELECT agreed, about_name, about_phone, house_number, pc4 FROM outreach ORDER BY agreed",
    )
    assert [tuple(row) for row in rows] == [
        (False, "", "", "", 5664),
        (True, "Greet Jansen", "+31622334455", "12", 5664),
    ]
    assert street.told("outreach-signal") == [street.marja.person_id] * 2
    with street.program.transaction() as session:
        nobody(session)
        assert session.execute(text("SELECT count(*) FROM outreach")).scalar_one() == 0
    for who in (street.ria, street.bram, street.karin):
        with street.program.transaction() as session:
            act(session, who)
            assert session.execute(text("SELECT count(*) FROM outreach")).scalar_one() == 0
    with pytest.raises(Invalid):
        signal(street, weetErvan=True, naam=None)


def test_a_makelaar_plans_goes_and_writes_what_came_of_it(street: Street) -> None:
    id = signal(street, weetErvan=True)
    with pytest.raises(Invalid):
        street.do(
            street.marja,
            service.step,
            id,
            Done.model_validate({"wat": "plannen", "versie": 1, "wanneer": street.day(-1)}),
        )
    row = street.do(
        street.marja,
        service.step,
        id,
        Done.model_validate({"wat": "plannen", "versie": 1, "wanneer": street.day(2)}),
    )
    assert (row.status, row.owner_id) == (OutreachStatus.PLANNED, street.marja.person_id)
    with pytest.raises(Stale):
        street.do(street.marja, service.step, id, Done.model_validate({"wat": "bezocht", "versie": 1}))
    street.do(street.marja, service.step, id, Done.model_validate({"wat": "bezocht", "versie": 2}))
    street.do(
        street.marja,
        service.step,
        id,
        Done.model_validate({"wat": "geholpen", "versie": 3, "notitie": "Zij komt dinsdag eten."}),
    )
    assert street.do(street.marja, service.board, HERE) == []
    (over,) = street.do(street.marja, service.ended, HERE)
    assert over.outcome == "Zij komt dinsdag eten."
    with pytest.raises(Forbidden):
        street.do(street.bram, service.board, HERE)


def test_who_took_a_question_back_is_thought_of_and_who_is_not_to_be_asked_never(
    street: Street, travel: Any
) -> None:
    for who in (street.ria, street.bo):
        with street.program.transaction() as session:
            row = a_request(session, act(session, who))
            help_requests.withdraw(session, act(session, who), row.id)
    rows_of(
        street.database,
        "UPDATE person SET do_not_ask = true WHERE id = :id RETURNING id",
        id=street.bo.person_id,
    )
    assert street.do(street.marja, service.shy, HERE) == []
    travel(timedelta(days=61))

    (one,) = street.do(street.marja, service.shy, HERE)
    assert (one.person_id, one.withdrew) == (street.ria.person_id, True)
    street.do(street.marja, service.add, NewLookIn.model_validate({"persoon": street.ria.person_id}))
    assert street.do(street.marja, service.shy, HERE) == []
    with pytest.raises(AlreadyThere):
        street.do(street.marja, service.add, NewLookIn.model_validate({"persoon": street.ria.person_id}))
    with pytest.raises(Invalid):
        street.do(street.marja, service.add, NewLookIn.model_validate({"persoon": street.bo.person_id}))


def test_a_neighbourhood_with_few_is_hidden_and_cannot_be_computed(street: Street) -> None:
    with street.program.transaction() as session:
        for _ in range(6):
            a_request(session, a_person(session, geboortejaar=1940, postcode="5664 HJ"))
        for _ in range(2):
            a_request(session, a_person(session, geboortejaar=1940, postcode="5667 AB"))
        a_request(session, a_person(session, geboortejaar=1990, postcode="5664 HJ"))

    with pytest.raises(Forbidden):
        street.do(street.bram, service.reached, HERE)
    rows = street.do(street.marja, service.reached, HERE)

    shown = {row.pc4: row.asked for row in rows}
    assert shown[5667] is None
    hidden = [row for row in rows if row.asked is None]
    assert len(hidden) >= 2  # never one alone, which is the total less the rest
    assert all(row.asked >= hiding.LEAST for row in rows if row.asked is not None)


def test_a_trustee_is_there_by_their_own_yes_and_stops_when_they_like(street: Street) -> None:
    new = {"persoon": street.joop.person_id, "postcode": "5664 HJ", "woorden": "Ik spreek Pools."}
    with pytest.raises(Invalid):
        street.do(street.marja, near.add_trustee, HERE, NewTrustee.model_validate(new))
    row = street.do(
        street.marja, near.add_trustee, HERE, NewTrustee.model_validate(new | {"vindtGoed": True})
    )
    with street.program.transaction() as session:
        nobody(session)
        (shown,) = near.trustees(session, VISITOR, HERE)
        assert (shown.person.first_name, shown.pc4) == ("Joop", 5664)
    with pytest.raises((Forbidden, NotFound)):
        street.do(street.bo, near.end_trustee, row.id)
    with pytest.raises(NotFound):
        street.do(street.bo, near.stop_being_trustee, row.id)
    street.do(street.joop, near.stop_being_trustee, row.id)
    assert street.do(street.marja, near.trustees, HERE) == []


def test_a_mediation_is_read_by_who_asked_the_desk_and_who_was_trained(street: Street, travel: Any) -> None:
    asked = street.do(
        street.ria, near.ask, NewMediation.model_validate({"watSpeeltEr": "De heg.", "metWie": "nummer 14"})
    )
    assert street.told("mediation-asked") == [street.marja.person_id]
    with pytest.raises(Invalid):  # nobody who was not trained
        street.do(
            street.marja,
            near.assign,
            asked.id,
            Assigned.model_validate({"bemiddelaar": street.joop.person_id, "versie": 1}),
        )
    trained = NewMediator.model_validate(
        {"persoon": street.joop.person_id, "getraindOp": street.day(-10), "geldigTot": street.day(20)}
    )
    street.do(street.marja, near.add_mediator, HERE, trained)
    street.do(
        street.marja,
        near.assign,
        asked.id,
        Assigned.model_validate({"bemiddelaar": street.joop.person_id, "versie": 1}),
    )
    row = street.do(
        street.joop,
        near.mediate,
        asked.id,
        Mediated.model_validate({"wat": "ander-wil", "notitie": "Bo wil ook.", "versie": 2}),
    )
    assert row.status is MediationStatus.BOTH
    assert street.told("mediation-news") == [street.ria.person_id]
    for who, reads in ((street.joop, 1), (street.marja, 0), (street.ria, 0), (street.bo, 0)):
        with street.program.transaction() as session:
            act(session, who)
            assert session.execute(text("SELECT count(*) FROM mediation_note")).scalar_one() == reads
    with pytest.raises(InvalidRequestError):  # the desk sees that it was asked, and not what it is about
        street.do(street.marja, lambda session, actor: near.of_desk(session, actor, HERE)[0].words)
    assert street.do(street.joop, near.reach, [row])[row.id].email.startswith("ria.")
    assert street.do(street.bo, near.reach, [row])[row.id].email == ""
    for stranger in (street.bo, street.bram, street.karin):
        with street.program.transaction() as session:
            act(session, stranger)
            assert session.execute(text("SELECT count(*) FROM mediation")).scalar_one() == 0
    with pytest.raises(NotFound):
        street.do(street.bo, near.given_to_me)
    travel(timedelta(days=21))  # the training counts no more, and neither does the look
    with pytest.raises(NotFound):
        street.do(street.joop, near.given_to_me)
    with street.program.transaction() as session:
        act(session, street.joop)
        assert session.execute(text("SELECT count(*) FROM mediation")).scalar_one() == 0
    again = {"persoon": street.joop.person_id, "getraindOp": street.day(-1), "geldigTot": street.day(20)}
    street.do(street.marja, near.add_mediator, HERE, NewMediator.model_validate(again))
    assert [one.id for one in street.do(street.joop, near.given_to_me)] == [asked.id]
    street.do(street.ria, near.withdraw, asked.id)
    assert street.do(street.marja, near.of_desk, HERE) == []


def test_a_desk_looks_in_on_people_a_page_at_a_time_and_the_count_is_that_of_all_pages(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 2)
    for number in range(3):
        signal(street, huisnummer=str(number + 1))

    pages = [street.do(street.marja, service.board, HERE, page) for page in (1, 2, 3)]

    assert [len(rows) for rows in pages] == [2, 1, 0]
    assert len({row.id for rows in pages for row in rows}) == 3
    assert street.do(street.marja, service.count_live, HERE)[0] == 3
