"""What each persona finds, and that the program simply goes on from there."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission, Role
from app.access.sign_in import act_as, act_for
from app.agreements import agree, occur
from app.agreements.models import Status as AgreementStatus
from app.agreements.schemas import Appointment
from app.cheques import desks as cheque_desks, handing_in, selling
from app.clock import now, today
from app.demo.personas import PERSONAS, persona_id
from app.help_requests import service as help_requests
from app.help_requests.models import Status as RequestStatus
from app.matches import answer
from app.matches.models import Status
from app.representations import service as representations
from app.rings import service as rings
from app.rings.models import RingStatus
from app.roosjes import service as roosjes
from tests.app.demo.conftest import Region


def as_persona(session: Session, slug: str) -> Actor:
    """The session acts as this persona."""
    person_id = persona_id(session, slug)
    assert person_id is not None
    return act_as(session, person_id)


def test_every_persona_is_there(looking: Session) -> None:
    for persona in PERSONAS:
        assert as_persona(looking, persona.slug).first_name == persona.first_name
    assert persona_id(looking, "burgemeester") is None


def test_a_region_that_is_no_demonstration_has_no_personas(session: Session) -> None:
    assert all(persona_id(session, persona.slug) is None for persona in PERSONAS)


def test_ria_has_three_to_choose_from_and_can_choose(looking: Session) -> None:
    ria = as_persona(looking, "bewoner")
    market = next(r for r in help_requests.mine(looking, ria) if r.title == "Samen naar de weekmarkt")
    assert market.status is RequestStatus.OPEN
    willing = [p for p in answer.for_request(looking, ria, market.id) if p.status is Status.WILLING]
    assert len(willing) == 3
    assert all(proposal.message for proposal in willing)

    day = today(looking) + timedelta(days=6)
    chosen = agree.agree(
        looking, ria, willing[0].id, Appointment.model_validate({"datum": day.isoformat(), "tijd": "10:00"})
    )

    assert chosen.status is AgreementStatus.ACTIVE
    assert help_requests.get(looking, ria, market.id).status == "filled"


def test_ria_is_asked_whether_she_takes_part_in_a_ring_of_three(looking: Session) -> None:
    ria = as_persona(looking, "bewoner")
    ring = rings.waiting(looking, ria)
    assert ring is not None
    assert ria.person is not None
    gives, gets = rings.own_arcs(ring, ria.person)
    assert (ring.people, ring.status) == (3, RingStatus.PROPOSED)
    assert gives.receiver_id != gets.giver_id


def test_ria_has_a_past_and_something_coming(looking: Session) -> None:
    ria = as_persona(looking, "bewoner")
    statement = roosjes.statement(looking, ria)
    assert len(statement.lines) >= 8
    assert {line.delta > 0 for line in statement.lines} == {True, False}
    times = [o for agreement in occur.mine(looking, ria) for o in agreement.occurrences]
    assert any(o.starts_at > now(looking) and o.status == "agreed" for o in times)


def test_ria_asked_for_a_neighbour_and_follows_that_and_nothing_else(looking: Session) -> None:
    ria = as_persona(looking, "bewoner")
    (for_whom,) = representations.for_others(looking, ria)
    acting = act_for(looking, ria, for_whom.id)
    assert acting is not None
    (question,) = help_requests.mine(looking, acting)
    assert question.author_id == ria.person_id
    assert question.person.first_name == acting.first_name


def test_a_handful_may_act_for_another_and_one_waits_at_marjas_desk(looking: Session, region: Region) -> None:
    marja = as_persona(looking, "makelaar")
    assert [row.about for row in representations.waiting(looking, marja, 1771)] == ["Harrie"]
    kinds = dict(
        region.rows("SELECT kind, count(*)::int FROM representation WHERE status = 'active' GROUP BY 1")
    )
    assert kinds == {"contactpersoon": 3, "gemachtigde": 1, "wettelijk vertegenwoordiger": 1}


def test_youssef_is_asked_from_across_the_border_and_can_say_yes(looking: Session) -> None:
    youssef = as_persona(looking, "vrijwilliger")
    assert youssef.home == 794
    waiting = [p for p in answer.for_helper(looking, youssef) if p.status is Status.PROPOSED]
    across = next(p for p in waiting if p.municipality_id == 1771)

    answer.accept(looking, youssef, across.id, "Ik kom graag.")

    assert across.status is Status.WILLING
    assert roosjes.statement(looking, youssef).balance.posted > 0
    assert any(a.status is AgreementStatus.ACTIVE for a in occur.mine(looking, youssef))


def test_marja_has_work(looking: Session, region: Region) -> None:
    marja = as_persona(looking, "makelaar")
    assert marja.reach(Permission.MODERATE_REQUEST) == {1771}
    here = "SELECT count(*) FROM help_request r WHERE municipality_id = 1771 AND "
    assert region.one(here + "seen_at IS NULL AND status IN ('submitted', 'open')") >= 3
    nobody = (
        " NOT EXISTS (SELECT FROM proposal p WHERE p.help_request_id = r.id"
        " AND p.status IN ('willing', 'meeting'))"
    )
    assert region.one(here + "status = 'open' AND posted_at < now() - interval '3 days' AND" + nobody) >= 3
    times = "SELECT count(*) FROM occurrence WHERE municipality_id = 1771 AND "
    assert region.one(times + "status = 'disputed'") >= 1
    assert region.one(times + "status IN ('helped', 'received')") >= 1
    assert region.one(times + "status = 'done' AND starts_at > now() - interval '14 days'") >= 3


def test_the_administrators_have_their_roles(looking: Session) -> None:
    assert as_persona(looking, "beheerder").has(Role.MUNICIPALITY_ADMINISTRATOR)
    assert len(as_persona(looking, "regiobeheerder").reach(Permission.SEE_REGION)) == 21


def test_toos_sells_in_the_library_and_coby_takes_for_an_organisation(looking: Session) -> None:
    toos = as_persona(looking, "verkoper")
    (library,) = cheque_desks.mine(looking, toos)
    assert library.name == "Bibliotheek Geldrop"
    assert {sale.seller for sale in selling.sales(looking, [library])} == {"Toos"}

    coby = as_persona(looking, "aanbieder")
    (provider,) = handing_in.mine(looking, coby)
    book = handing_in.book(looking, provider)
    assert book.unpaid > 0
    assert [one.state for one in book.invoices] == ["paid"]
    assert not coby.is_staff
