"""/kringen over HTTP: one's own place in a ring, yes and no, and a makelaar's search."""

from uuid import UUID

import pytest

from app.jobs import tasks
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person
from tests.app.rings.three import Circle, circle
from tests.queries import count_queries

__all__ = ["api_for", "circle"]


@pytest.fixture
def ring(circle: Circle) -> UUID:
    (found,) = circle.find()
    return found


def test_a_member_reads_what_they_give_and_get_and_who_helps_only_after_a_yes(
    circle: Circle, ring: UUID, api_for: ApiFor
) -> None:
    ria = api_for(circle.ria)
    (seen,) = ria.get("/kringen").json()
    assert seen == ria.get(f"/kringen/{ring}").json()
    assert (seen["status"], seen["mensen"], seen["zeidenJa"], seen["ikZeiJa"]) == ("voorgesteld", 3, 0, False)
    assert (seen["ikGeef"]["voor"], seen["ikGeef"]["titel"]) == ("Kees", "Een eindje lopen")
    assert (seen["ikKrijg"]["door"], seen["ikKrijg"]["titel"]) == (None, "Een warme maaltijd")
    circle.says_yes(circle.ans, ring)
    assert ria.get(f"/kringen/{ring}").json()["ikKrijg"]["door"] == "Ans"


def test_when_all_say_yes_each_finds_the_proposal(circle: Circle, ring: UUID, api_for: ApiFor) -> None:
    for member in circle.members:
        answered = api_for(member).post(f"/kringen/{ring}/acceptaties")
        assert answered.status_code == 200
        assert answered.json()["ikZeiJa"] is True
    tasks.carry_out_ring(circle.work, str(ring))
    for member in circle.members:
        api = api_for(member)
        seen = api.get(f"/kringen/{ring}").json()
        proposal = api.get(f"/voorstellen/{seen['ikKrijg']['voorstel']}").json()
        assert (seen["status"], proposal["status"], proposal["herkomst"]) == (
            "afgesproken",
            "bereid",
            "kring",
        )


def test_a_no_ends_it_and_a_yes_after_that_is_refused(circle: Circle, ring: UUID, api_for: ApiFor) -> None:
    assert api_for(circle.kees).post(f"/kringen/{ring}/afwijzingen").json()["status"] == "ontbonden"
    late = api_for(circle.ria).post(f"/kringen/{ring}/acceptaties")
    assert (late.status_code, late.json()["code"]) == (409, "ring-ended")


def test_for_somebody_else_a_ring_does_not_exist(circle: Circle, ring: UUID, api_for: ApiFor) -> None:
    with circle.program.transaction() as session:
        stranger = a_person(session, first_name="Bo")
    api: Api = api_for(stranger)
    assert api.get(f"/kringen/{ring}").status_code == 404
    assert api.post(f"/kringen/{ring}/acceptaties").status_code == 404
    assert api.post(f"/kringen/{ring}/afwijzingen").status_code == 404
    assert api.get("/kringen").json() == []


def test_a_makelaar_of_the_municipality_has_rings_looked_for_and_nobody_else(
    circle: Circle, api_for: ApiFor
) -> None:
    with circle.program.transaction() as session:
        marja = a_member_of_staff(circle.database, session)
    assert (
        api_for(circle.ria).post("/kringen/zoekopdrachten", {"gemeente": GELDROP_MIERLO}).status_code == 403
    )
    assert api_for(marja).post("/kringen/zoekopdrachten", {"gemeente": HELMOND}).status_code == 403
    assert circle.waiting_jobs("rings.propose") == 0
    assert api_for(marja).post("/kringen/zoekopdrachten", {"gemeente": GELDROP_MIERLO}).status_code == 200
    assert circle.waiting_jobs("rings.propose") == 1


def test_the_list_takes_the_same_queries_for_one_ring_and_for_three(
    circle: Circle, ring: UUID, api_for: ApiFor
) -> None:
    ria = api_for(circle.ria)
    ria.get("/kringen")  # a token notes at its first use that it was used
    with count_queries(circle.program.engine) as one:
        ria.get("/kringen")
    copied = (
        "WITH r AS (INSERT INTO ring SELECT (r).municipality_ids, (r).member_ids, 'expired', (r).occasion, 0, 0, '',"
        " (r).created_at, (r).expires_at, NULL, gen_random_uuid(), (r).municipality_id FROM (SELECT r FROM ring r"
        " LIMIT 1) x, generate_series(1, 2) RETURNING id) INSERT INTO ring_arc SELECT r.id, a.position,"
        " a.giver_municipality_id, a.giver_id, a.receiver_id, a.help_request_id, a.help_offer_id, a.title, a.score,"
        " a.terms, a.distance_m, false, 'waiting', NULL, NULL, gen_random_uuid(), a.municipality_id"
        " FROM r, ring_arc a RETURNING id"
    )
    rows_of(circle.database, copied)
    with count_queries(circle.program.engine) as three:
        assert len(ria.get("/kringen").json()) == 3
    assert three.count == one.count


def test_a_member_reads_why_and_nothing_that_tells_who_may_not_be_known(
    circle: Circle, ring: UUID, api_for: ApiFor
) -> None:
    ria = api_for(circle.ria)
    seen = ria.get(f"/kringen/{ring}").json()
    assert seen["ikGeef"]["redenen"] == ["dichtbij", "tijd", "zelfdeBuurt"]
    assert seen["ikKrijg"]["redenen"] == ["dichtbij", "tijd"]
    circle.says_yes(circle.ans, ring)
    assert ria.get(f"/kringen/{ring}").json()["ikKrijg"]["redenen"] == ["dichtbij", "tijd", "zelfdeBuurt"]


def test_a_desk_reads_every_arc_with_parts_that_add_up_to_its_points(
    circle: Circle, ring: UUID, api_for: ApiFor
) -> None:
    with circle.program.transaction() as session:
        marja = api_for(a_member_of_staff(circle.database, session))
        helmond = api_for(a_member_of_staff(circle.database, session, municipality_id=HELMOND))
    (seen,) = marja.get("/kringen/bureau").json()
    assert seen == marja.get(f"/kringen/bureau/{ring}").json()
    assert [(arc["helper"], arc["vrager"]) for arc in seen["schakels"]] == [
        ("Ria", "Kees"), ("Kees", "Ans"), ("Ans", "Ria"),
    ]  # fmt: skip
    for arc in seen["schakels"]:
        assert arc["punten"] == sum(arc["onderdelen"].values()) > 0
    assert helmond.get("/kringen/bureau").json() == []
    assert helmond.get(f"/kringen/bureau/{ring}").status_code == 404
    assert api_for(circle.ria).get(f"/kringen/bureau/{ring}").status_code == 404
