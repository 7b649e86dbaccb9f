"""Stories, plans with what others say of them, signing up for an activity and talks of buddies: over the API."""

from app.activities import judging, service as activities
from app.db import Database as Program
from app.ids import uuid7
from tests.app.activities.making import a_new_activity
from tests.app.api.conftest import Api, ApiFor
from tests.app.couplings.test_talks import Buddies
from tests.app.factories import a_member_of_staff, a_person, act
from tests.databases import Database

STORY = {"titel": "Samen naar de markt", "verhaal": "Wij gaan elke week.", "magErop": True}


def test_a_story_is_told_read_by_the_desk_shown_and_taken_back(ria: Api, marja: Api, neighbour: Api) -> None:
    key = uuid7().hex
    assert ria.post("/verhalen", STORY | {"magErop": False}).status_code == 400
    story = ria.post("/verhalen", STORY, key=key).json()
    assert ria.post("/verhalen", STORY, key=key).json()["id"] == story["id"]
    here = f"/verhalen/{story['id']}"
    assert story["naam"] == "Ria, Geldrop"
    assert neighbour.get(here).status_code == 404
    assert [one["id"] for one in marja.get("/verhalen/wachtend/1771").json()] == [story["id"]]
    assert neighbour.get("/verhalen/wachtend/1771").status_code == 404
    assert ria.post(f"{here}/goedkeuringen").status_code == 403

    assert marja.made(f"{here}/goedkeuringen")["staat"] == "getoond"
    assert marja.post(f"{here}/goedkeuringen").json()["code"] == "transition-not-allowed"
    assert [one["titel"] for one in neighbour.get("/verhalen", gemeente=1771).json()] == [STORY["titel"]]
    assert neighbour.post(f"{here}/intrekkingen").status_code == 404
    assert ria.made(f"{here}/intrekkingen")["staat"] == "ingetrokken"
    assert neighbour.get("/verhalen").json() == []
    assert [one["staat"] for one in ria.get("/verhalen/mijn").json()] == ["ingetrokken"]


def test_a_plan_is_laid_before_everybody_who_react_and_hear_what_was_done(
    ria: Api, marja: Api, neighbour: Api
) -> None:
    new = {"titel": "Bankjes", "idee": "Bij de brug."}
    assert ria.post("/plannen/gemeenten/1771", new).status_code == 404
    plan = marja.made("/plannen/gemeenten/1771", new)
    idea = ria.made("/plannen", {"titel": "Een moestuin", "idee": "Achter de kerk."})
    assert (plan["soort"], idea["soort"], idea["staat"]) == ("plan", "idea", "ingediend")
    assert [one["id"] for one in neighbour.get("/plannen", gemeente=1771).json()] == [plan["id"]]

    said = neighbour.made(f"/plannen/{plan['id']}/reacties", {"reactie": "Met een leuning."})
    waiting = marja.get("/plannen/wachtend/1771").json()
    assert [one["id"] for one in waiting["ideeen"]] == [idea["id"]]
    assert [one["id"] for one in waiting["reacties"]] == [said["id"]]
    assert ria.get(f"/plannen/{plan['id']}/reacties").json() == []
    marja.made(f"/planreacties/{said['id']}/goedkeuringen")
    assert [one["van"] for one in ria.get(f"/plannen/{plan['id']}/reacties").json()] == ["Bo, Geldrop"]
    assert (
        marja.made(f"/plannen/{idea['id']}/afwijzingen", {"reden": "Er is al een tuin"})["staat"]
        == "afgekeurd"
    )
    assert (
        marja.made(f"/plannen/{plan['id']}/antwoorden", {"uitkomst": "Zij staan er."})["staat"]
        == "beantwoord"
    )
    late = ria.post(f"/plannen/{plan['id']}/reacties", {"reactie": "Mooi."})
    assert (late.status_code, late.json()["code"]) == (409, "idea-over")
    assert neighbour.made(f"/planreacties/{said['id']}/intrekkingen")["staat"] == "ingetrokken"
    assert [one["id"] for one in neighbour.get("/planreacties").json()] == [said["id"]]
    assert ria.get(f"/planreacties/{said['id']}").status_code == 404


def test_somebody_signs_up_for_every_time_and_off_for_one(
    program: Program, ria: Api, fresh_database: Database, neighbour: Api
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        host = a_person(session, first_name="Greet")
        activity = activities.make(session, host, a_new_activity(session)).id
    with program.transaction() as session:
        judging.approve(session, act(session, marja), activity)

    mine = ria.made(f"/activiteiten/{activity}/aanmeldingen", {"keer": "alle"})
    assert {one["aanmelding"] for one in mine["aanmeldingen"]} == {"plaats"}
    again = ria.made(f"/activiteiten/{activity}/aanmeldingen", {"keer": "alle", "mee": 1})
    assert again == mine
    date = mine["aanmeldingen"][0]["keer"]
    left = ria.made(f"/activiteitkeren/{date}/afmeldingen")
    assert date not in [one["keer"] for one in left["aanmeldingen"]]
    assert ria.get("/activiteitaanmeldingen").json() == left["aanmeldingen"]
    assert neighbour.get("/activiteitaanmeldingen").json() == []
    assert ria.post(f"/activiteitkeren/{uuid7()}/afmeldingen").status_code == 404


def test_buddies_say_how_it_goes_and_only_who_leads_the_talk_reads_both(
    program: Program, fresh_database: Database, api_for: ApiFor, neighbour: Api
) -> None:
    buddies = Buddies(fresh_database, program)
    ria, tonnie, marja = (api_for(who) for who in (buddies.ria, buddies.tonnie, buddies.marja))
    talk = ria.get("/begeleidingsgesprekken").json()[0]
    here = f"/begeleidingsgesprekken/{talk['id']}"
    assert (talk["soort"], talk["staat"]) == ("start", "tePlannen")
    assert neighbour.get(here).status_code == 404

    ria.made(
        f"{here}/antwoorden", {"gezicht": "gaat-wel", "verder": "weet-niet", "woorden": "Tonnie komt laat"}
    )
    assert ria.get(here).json()["antwoord"]["woorden"] == "Tonnie komt laat"
    assert "laat" not in tonnie.get(here).text
    led = marja.get("/begeleidingsgesprekken/bureau").json()
    assert [one["antwoorden"][0]["woorden"] for one in led if one["id"] == talk["id"]] == ["Tonnie komt laat"]
    assert ria.get("/begeleidingsgesprekken/bureau").json() == []
    when = {"datum": led[0]["rond"], "tijd": "14:00", "hoe": "telefoon", "versie": talk["versie"]}
    assert ria.post(f"{here}/planningen", when).status_code == 403
    planned = marja.made(f"{here}/planningen", when)
    assert (planned["staat"], planned["hoe"]) == ("gepland", "telefoon")
    stale = marja.post(f"{here}/planningen", when)
    assert stale.status_code == 409
    held = marja.made(f"{here}/verslagen", {"uitkomst": "verder", "versie": planned["versie"]})
    assert held["staat"] == "gehouden"
