"""What two people do around an agreement, over HTTP: write, propose another moment, look back."""

from collections.abc import Callable
from datetime import timedelta

from app.access.roles import TokenScope
from app.access.sign_in import act_as, new_api_token
from app.db import Database as Program, Scope
from tests.app.api.conftest import OFFER, WALK, Api, ApiFor, agreed, on_day
from tests.app.factories import a_person


def test_two_people_write_to_each_other_and_nobody_else_reads_it(
    program: Program, ria: Api, youssef: Api, neighbour: Api, marja: Api
) -> None:
    talk = f"/gesprekken/{agreed(program, ria, youssef)['voorstel']}"

    said = ria.post(f"{talk}/berichten", {"bericht": "Tot dinsdag!"}, key="hello")
    again = ria.post(f"{talk}/berichten", {"bericht": "Tot dinsdag!"}, key="hello")

    assert (again.headers["Idempotency-Hit"], again.json()) == ("true", said.json())
    read = youssef.get(talk).json()
    assert [(one["vanMij"], one["bericht"]) for one in read["berichten"]] == [(False, "Tot dinsdag!")]
    assert (read["ander"], read["kanSchrijven"]) == ("Ria", True)
    assert youssef.get("/gesprekken").json()[0]["ongelezen"] == 1
    youssef.made(f"{talk}/leesmomenten")
    assert youssef.get("/gesprekken").json()[0]["ongelezen"] == 0
    for other in (neighbour, marja):
        assert other.get(talk).status_code == 404
        assert other.post(f"{talk}/berichten", {"bericht": "Hallo"}).status_code == 404


def test_a_number_is_pointed_out_before_both_agreed_and_goes_when_it_is_meant(
    program: Program, ria: Api, youssef: Api
) -> None:
    youssef.made("/hulpaanbod", OFFER)
    question = ria.made("/hulpvragen", WALK)
    (proposal,) = [row for row in youssef.get("/voorstellen").json() if row["hulpvraag"] == question["id"]]
    youssef.made(f"/voorstellen/{proposal['id']}/acceptaties")
    talk, typed = f"/gesprekken/{proposal['id']}", {"bericht": "Bel mij op 06 12345678"}

    refused = ria.post(f"{talk}/berichten", typed)

    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")
    assert "contact-phone" in refused.text
    assert ria.post(f"{talk}/berichten", typed | {"tochVersturen": True}).status_code == 200
    assert ria.made(f"{talk}/gegevens", {"ja": True})["gegevens"] is None
    assert youssef.made(f"{talk}/gegevens", {"ja": True})["gegevens"]["telefoon"] == "+31612345678"
    assert youssef.made(f"{talk}/meelezen", {"ja": True})["makelaarMagMeelezen"] is False


def test_another_moment_is_declined_or_answered_with_the_same(
    program: Program, ria: Api, youssef: Api, marja: Api
) -> None:
    time = agreed(program, ria, youssef)["keren"][0]
    path = f"/keren/{time['id']}/verplaatsingen"
    first = youssef.made(path, on_day(program, 5))["voorstellen"][0]

    no = ria.made(f"{path}/antwoorden", {"voorstel": first["id"], "antwoord": "nee"})
    assert no["keer"]["begin"] == time["begin"]
    late = ria.post(f"{path}/antwoorden", {"voorstel": first["id"], "antwoord": "ja"})
    assert (late.status_code, late.json()["code"]) == (409, "time-changed")

    youssef.made(path, on_day(program, 6))
    yes = ria.made(path, on_day(program, 6))
    assert [one["status"] for one in yes["voorstellen"]] == ["afgewezen", "afgesproken"]
    assert yes["keer"]["begin"] == yes["voorstellen"][1]["begin"]
    # who spoke with both moves it at once
    assert marja.made(path, on_day(program, 8))["keer"]["begin"] != yes["keer"]["begin"]


def test_after_it_was_done_each_says_how_it_was_and_it_can_go_on(
    program: Program, ria: Api, youssef: Api, travel: Callable[[timedelta], None]
) -> None:
    agreement = agreed(program, ria, youssef)
    path = f"/keren/{agreement['keren'][0]['id']}"
    assert ria.post(f"{path}/tevredenheid", {"gezicht": "blij"}).status_code == 409
    travel(timedelta(days=4))
    youssef.made(f"{path}/bevestigingen")
    ria.made(f"{path}/bevestigingen")

    typed = {"gezicht": "gaat-wel", "woorden": "Het regende.", "voorWie": "makelaar"}
    said = ria.made(f"{path}/tevredenheid", typed)

    assert ria.made(f"{path}/tevredenheid", {"gezicht": "blij"}) == said
    assert ria.get(f"{path}/tevredenheid").json() == [said]
    assert youssef.get(f"{path}/tevredenheid").json() == []
    question = f"/hulpvragen/{agreement['hulpvraag']}"
    assert ria.made(f"{question}/heropeningen", {"reden": "Er is nog meer"})["status"] == "ingediend"
    assert youssef.post(f"{question}/heropeningen", {"reden": "x"}).status_code == 404


def test_a_token_that_reads_writes_no_message(
    program: Program, ria: Api, youssef: Api, api_for: ApiFor
) -> None:
    talk = f"/gesprekken/{agreed(program, ria, youssef)['voorstel']}"
    with program.transaction() as session:
        bo = a_person(session, first_name="Bo")
    with program.transaction(Scope()) as session:
        act_as(session, bo.person_id)
        token = new_api_token(session, bo.person_id, "leest", days=2, scope=TokenScope.READ)
    reading = api_for(None)
    reading.client.headers["Authorization"] = f"Bearer {token}"

    refused = reading.post(f"{talk}/berichten", {"bericht": "Hallo"})

    assert (refused.status_code, refused.json()["code"]) == (403, "beyond-token")
    assert reading.get("/gesprekken").json() == []
