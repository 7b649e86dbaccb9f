"""The makelaar's work list and notes, and the administrator's figures and settings: as on the pages."""

import pytest

from app.access.roles import Role
from app.db import Database as Program
from tests.app.api.conftest import SAID, WALK, Api, ApiFor
from tests.app.factories import HELMOND, a_member_of_staff
from tests.databases import Database

READ = (
    "/werklijsten/1771",
    "/gemeentecijfers/1771",
    "/instellingen/1771",
    "/samenwerkingen/1771",
    "/regiocijfers",
)


def of_staff(
    role: Role, municipality_id: int | None, program: Program, database: Database, api_for: ApiFor
) -> Api:
    with program.transaction() as session:
        actor = a_member_of_staff(database, session, role=role, municipality_id=municipality_id)
    return api_for(actor)


@pytest.mark.parametrize(
    ("role", "place", "statuses"),
    [
        (Role.BROKER, 1771, [200, 200, 404, 404, 404]),
        (Role.BROKER, HELMOND, [404, 404, 404, 404, 404]),
        (Role.MUNICIPALITY_ADMINISTRATOR, 1771, [404, 200, 200, 200, 404]),
        (Role.MUNICIPALITY_ADMINISTRATOR, HELMOND, [404, 404, 404, 404, 404]),
        (Role.REGION_ADMINISTRATOR, None, [404, 200, 404, 404, 200]),
    ],
)
def test_each_role_reads_what_its_pages_show_and_nothing_else_is_there(
    role: Role,
    place: int | None,
    statuses: list[int],
    program: Program,
    fresh_database: Database,
    api_for: ApiFor,
) -> None:
    api = of_staff(role, place, program, fresh_database, api_for)

    assert [api.get(path).status_code for path in READ] == statuses


def test_a_resident_and_a_stranger_have_no_desk(ria: Api, api_for: ApiFor) -> None:
    assert {ria.get(path).status_code for path in READ} == {404}
    assert {api_for(None).get(path).status_code for path in READ} == {401}


def test_the_work_list_says_who_waits_and_counts_every_queue(ria: Api, marja: Api) -> None:
    asked = ria.made(
        "/hulpvragen", SAID | {"categorie": "iets-anders-of-ik-weet-het-niet", "titel": "Wie denkt mee?"}
    )

    board = marja.get("/werklijsten/1771", bak="nieuw").json()

    assert [row["hulpvraag"] for row in board["regels"]] == [asked["id"]]
    row = board["regels"][0]
    assert (row["vrager"], row["haast"], "nieuw" in row["bakken"]) == ("Ria", "dezeWeek", True)
    assert row["wachtSindsOp"] < row["beloofdOp"]
    assert board["aantallen"]["nieuw"] == 1
    assert marja.get("/werklijsten/1771", bak="nergens").status_code == 400


def test_notes_are_the_desks_own(
    program: Program, fresh_database: Database, ria: Api, marja: Api, api_for: ApiFor
) -> None:
    path = f"/hulpvragen/{ria.made('/hulpvragen', WALK)['id']}/notities"

    made = marja.made(path, {"notitie": "Ria hoort slecht.", "soort": "telefoontje"})

    assert (made["soort"], made["door"], made["notitie"]) == ("telefoontje", "Marja", "Ria hoort slecht.")
    assert marja.get(path).json() == [made]
    elsewhere = of_staff(Role.BROKER, HELMOND, program, fresh_database, api_for)
    for other in (ria, elsewhere):
        assert other.get(path).status_code == 404
        assert other.post(path, {"notitie": "x"}).status_code == 404
    assert marja.post(path, {"notitie": ""}).status_code == 400
    assert marja.post(path, {"notitie": "x", "soort": "call"}).status_code == 400


def test_settings_go_back_as_they_came_and_never_over_a_newer_version(
    program: Program, fresh_database: Database, api_for: ApiFor
) -> None:
    api = of_staff(Role.MUNICIPALITY_ADMINISTRATOR, 1771, program, fresh_database, api_for)
    read = api.get("/instellingen/1771").json()
    partners = api.get("/samenwerkingen/1771").json()
    first = next(one["gemeente"] for one in partners if one["gemeente"] in read["deeltMet"])
    wanted = read | {"bemiddeling": 4, "deeltMet": [one for one in read["deeltMet"] if one != first]}

    saved = api.put("/instellingen/1771", wanted)

    assert saved.json() == wanted | {"versie": read["versie"] + 1}
    assert api.get("/instellingen/1771").json() == saved.json()
    left = {one["gemeente"]: one["wijDelen"] for one in api.get("/samenwerkingen/1771").json()}
    assert left[first] is False
    assert api.put("/instellingen/1771", wanted).status_code == 409
    assert api.put("/instellingen/1771", saved.json() | {"bemiddeling": 9}).status_code == 400
    assert api.put("/instellingen/794", saved.json()).status_code == 404
    not_a_neighbour = saved.json() | {"deeltMet": [9999]}
    assert api.put("/instellingen/1771", not_a_neighbour).status_code == 400
    assert api.get("/instellingen/1771").json() == saved.json()


def test_small_counts_stay_hidden_here_too(
    ria: Api, program: Program, fresh_database: Database, api_for: ApiFor
) -> None:
    ria.made("/hulpvragen", WALK)

    found = of_staff(Role.BROKER, 1771, program, fresh_database, api_for).get("/gemeentecijfers/1771").json()
    region = of_staff(Role.REGION_ADMINISTRATOR, None, program, fresh_database, api_for).get("/regiocijfers")

    assert found["vandaag"] == dict.fromkeys(("mensen", "openVragen", "openAanbod", "lopendeAfspraken"))
    assert len(region.json()["gemeenten"]) == 21
    assert {line["gevraagd"] for line in region.json()["gemeenten"]} == {None}
