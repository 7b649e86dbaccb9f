"""Nobody is held to what they did not say yes to, and nobody can tell who said no."""

from typing import Any
from uuid import UUID

import pytest

from app.access.policy import found
from app.access.sign_in import act_as, act_for
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import HelpRequestChange
from app.jobs import tasks
from app.matches import changing, wider
from app.matches.wider import Wider
from app.representations.models import RepresentationKind
from tests.app.api.conftest import ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, a_representation
from tests.app.rings.three import WALK, Circle, circle

__all__ = ["api_for", "circle"]


def changes(circle: Circle, **typed: object) -> None:
    """Kees, whom Ria would help, asks for something else."""
    with circle.program.transaction() as session:
        kees = act_as(session, circle.kees.person_id)
        held = session.get_one(HelpRequest, circle.requests["Kees"])
        wanted = {"categorie": WALK, "titel": held.title, "minuten": held.minutes, "versie": held.version}
        changing.change(session, kees, held.id, HelpRequestChange.model_validate(wanted | typed))


def shortens(circle: Circle) -> None:
    """The same with the button that asks for less."""
    with circle.program.transaction() as session:
        kees = act_as(session, circle.kees.person_id)
        held = session.get_one(HelpRequest, circle.requests["Kees"])
        half = {"ruimer": "korter", "hoeveel": held.minutes // 2, "versie": held.version}
        wider.widen(session, kees, held.id, Wider.model_validate(half))


def test_a_yes_to_a_ring_is_no_yes_to_forty_hours(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.all_say_yes(ring)
    changes(circle, minuten=2400)
    tasks.carry_out_ring(circle.work, str(ring))

    assert circle.state(ring) == ("dissolved", "changed")
    assert circle.count("SELECT count(*) FROM proposal WHERE origin = 'ring'") == 0
    assert circle.count("SELECT count(*) FROM ring_arc WHERE live") == 0
    assert circle.waiting_jobs("rings.ended") == 1


def test_a_ring_that_still_waits_ends_when_a_member_asks_for_less(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    shortens(circle)
    assert circle.state(ring) == ("dissolved", "changed")


def test_other_words_leave_a_ring_as_it_is(circle: Circle) -> None:
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    changes(circle, toelichting="Ik loop met een stok.")
    assert circle.state(ring) == ("proposed", "")


@pytest.mark.parametrize("refuses", ["kees", "ans"])
def test_a_ring_that_ended_does_not_show_whose_no_it_was(
    circle: Circle, api_for: ApiFor, refuses: str
) -> None:
    """Ans said yes to Ria, by name. Then it ends: by Ans, who thought again, or by Kees."""
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    circle.says_yes(circle.ans, ring)
    circle.says_no(getattr(circle, refuses), ring)

    seen = ria_sees(circle, api_for, ring)
    assert (seen["status"], seen["zeidenJa"], seen["ikKrijg"]["door"]) == ("ontbonden", 0, None)


def ria_sees(circle: Circle, api_for: ApiFor, ring: UUID) -> dict[str, Any]:
    answer = api_for(circle.ria).get(f"/kringen/{ring}").json()
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("kind", [RepresentationKind.AUTHORISED, RepresentationKind.CONTACT])
def test_who_acts_for_the_asker_lets_the_ring_go_where_the_question_is_theirs_to_change(
    circle: Circle, kind: RepresentationKind
) -> None:
    (ring,) = circle.find()
    with circle.program.transaction() as session:
        marja = a_member_of_staff(circle.database, session)
        bo, kees = a_person(session, first_name="Bo"), circle.kees
        consent = a_representation(session, marja, bo, kees, kind=kind).id
    rows_of(
        circle.database,
        "UPDATE help_request SET author_id = :bo WHERE id = :id RETURNING id",
        bo=bo.person_id,
        id=circle.requests["Kees"],
    )

    with circle.program.transaction() as session:
        acting = found(act_for(session, act_as(session, bo.person_id), consent))
        held = session.get_one(HelpRequest, circle.requests["Kees"])
        wanted = {"categorie": WALK, "titel": held.title, "minuten": 90, "versie": held.version}
        changing.change(session, acting, held.id, HelpRequestChange.model_validate(wanted))

    assert circle.state(ring) == ("dissolved", "changed")
