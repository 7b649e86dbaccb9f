"""Who sees what of a ring, and that the worker does what is put on the queue for it."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.sign_in import act_as
from app.config import Settings
from app.errors import Forbidden, NotFound
from app.jobs import tasks
from app.jobs.worker import Beside
from app.matches import answer as matches
from app.rings import answer, propose, service
from app.rings.models import Ring, RingArc
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    HELMOND,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_offer,
)
from tests.app.rings.three import ERRANDS, MEALS, WALK, Circle, circle
from tests.app.test_jobs import eventually

__all__ = ["circle"]


def known(circle: Circle, ring: UUID) -> bool:
    """Whether Ria may know who would help her."""
    with circle.program.transaction() as session:
        ria = act_as(session, circle.ria.person_id)
        return service.own_arcs(service.get(session, ria, ring), ria.person_id)[1].is_known


def test_who_helps_is_known_by_their_own_yes(circle: Circle) -> None:
    (ring,) = circle.find()
    assert not known(circle, ring)
    circle.says_yes(circle.kees, ring)
    assert not known(circle, ring)
    circle.says_yes(circle.ans, ring)
    assert known(circle, ring)


def test_where_a_makelaar_introduces_a_yes_is_not_enough(circle: Circle) -> None:
    rows_of(circle.database, "UPDATE municipality SET mediation = 4 WHERE id = 1771 RETURNING id")
    (ring,) = circle.find()
    circle.all_say_yes(ring)
    tasks.carry_out_ring(circle.work, str(ring))
    assert circle.state(ring) == ("agreed", "")
    assert not known(circle, ring)
    with circle.program.transaction() as session:
        marja = a_member_of_staff(circle.database, session)
        for row in rows_of(circle.database, "SELECT id FROM proposal"):
            matches.confirm(session, marja, row.id)
    assert known(circle, ring)


def test_a_ring_across_the_border_is_seen_at_both_desks_and_at_no_third(circle: Circle) -> None:
    with circle.program.transaction() as session:
        youssef = a_person(session, first_name="Youssef", postcode="5708 AB")
        a_request(session, youssef, categorie=WALK, titel="Naar het park")
        an_offer(session, youssef, categorieen=[WALK])
        bo = a_person(session, first_name="Bo")
        a_request(session, bo, categorie=WALK, titel="Naar het bos")
        an_offer(session, bo, categorieen=[WALK])
    circle.find()
    (both,) = rows_of(circle.database, "SELECT id FROM ring WHERE 794 = ANY (municipality_ids)")
    with circle.program.transaction() as session:
        for municipality_id, sees in ((GELDROP_MIERLO, True), (HELMOND, True), (EINDHOVEN, False)):
            makelaar = a_member_of_staff(circle.database, session, municipality_id=municipality_id)
            listed = [ring.id for ring in service.of_desk(session, makelaar, municipality_id)]
            assert (both.id in listed) is sees
            assert (both.id in session.scalars(select(Ring.id)).all()) is sees


def test_the_desk_of_another_municipality_is_closed(circle: Circle) -> None:
    with circle.program.transaction() as session:
        makelaar = a_member_of_staff(circle.database, session, municipality_id=HELMOND)
        with pytest.raises(Forbidden):
            service.of_desk(session, makelaar, GELDROP_MIERLO)
        with pytest.raises(Forbidden):
            propose.ask(session, makelaar, GELDROP_MIERLO)
        with pytest.raises(Forbidden):
            propose.ask(session, act(session, circle.ria), GELDROP_MIERLO)


def test_two_who_need_each_other_make_a_ring_of_two(circle: Circle) -> None:
    with circle.program.transaction() as session:
        for name, asks, does in (("Bo", MEALS, ERRANDS), ("Cor", ERRANDS, MEALS)):
            actor = a_person(session, first_name=name)
            a_request(session, actor, categorie=asks, titel=f"Voor {name}")
            an_offer(session, actor, categorieen=[does])
    circle.find()
    served = circle.count("SELECT sum(cardinality(member_ids)) FROM ring")
    assert served == 5


def test_the_worker_finds_carries_out_and_tells(circle: Circle) -> None:
    with circle.program.transaction() as session:
        propose.ask(session, a_member_of_staff(circle.database, session), GELDROP_MIERLO)
    beside = Beside(Settings(data_dir=circle.work.settings.data_dir), circle.database.app_url)
    beside.start()
    try:
        assert eventually(lambda: circle.count("SELECT count(*) FROM ring") == 1)
        (ring,) = rows_of(circle.database, "SELECT id FROM ring")[0]
        circle.all_say_yes(ring)
        assert eventually(lambda: circle.state(ring) == ("agreed", ""))
    finally:
        beside.stop()


def test_a_member_sees_the_two_arcs_at_their_own_place_and_a_stranger_nothing(circle: Circle) -> None:
    (ring,) = circle.find()
    with circle.program.transaction() as session:
        ria = act_as(session, circle.ria.person_id)
        mine = service.get(session, ria, ring)
        gives, gets = service.own_arcs(mine, ria.person_id)
        assert (gives.receiver.first_name, gets.giver.first_name) == ("Kees", "Ans")
        assert len(mine.arcs) == 2
        stranger = a_person(session, first_name="Bo")
        with pytest.raises(NotFound):
            service.get(session, stranger, ring)
        with pytest.raises(NotFound):
            answer.yes(session, stranger, ring)
        assert seen_by(session) == (0, 0)


def seen_by(session: Session) -> tuple[int, int]:
    """Rings and arcs that row-level security lets through, without any condition."""
    rings = session.scalars(select(Ring)).all()
    arcs = session.scalars(select(RingArc)).all()
    return len(rings), len(arcs)


def test_the_database_allows_nobody_in_two_live_rings(circle: Circle) -> None:
    circle.find()
    copied = (
        "INSERT INTO ring_arc SELECT ring_id, 3, giver_municipality_id, giver_id, receiver_id, help_request_id,"
        " help_offer_id, title, score, terms, distance_m, true, 'waiting', NULL, NULL, gen_random_uuid(),"
        " municipality_id FROM ring_arc LIMIT 1"
    )
    with circle.program.transaction() as session:
        act_as(session, circle.ria.person_id)
        with pytest.raises(IntegrityError, match="uq_ring_arc_live_giver_id"):
            session.execute(text(copied))
        session.rollback()
