"""Acting for another through the API: the same rules as on the pages."""

from typing import Any

import pytest

from app.access.sign_in import actor_of_token
from app.db import Database as Program
from app.ids import uuid7
from tests.app.api.conftest import WALK, Api, on_day

GREET = {"voornaam": "Greet", "postcode": "5664 HJ", "telefoon": "06 22334455"}
PATH = "/vertegenwoordigingen"


def own_id(program: Program, api: Api) -> str:
    """Pages show the desk whom it has; here the token's owner is looked up."""
    with program.transaction() as session:
        return str(
            actor_of_token(session, api.client.headers["authorization"].removeprefix("Bearer ")).person
        )


def namens(api: Api, id: str) -> Api:
    """The same program, acting for another."""
    other = Api(
        api.client.__class__(api.client.app, raise_server_exceptions=False, headers=dict(api.client.headers))
    )
    other.client.headers["Namens"] = id
    return other


def arranged(program: Program, marja: Api, ria: Api, neighbour: Api, kind: str) -> str:
    email = neighbour.get("/personen/mij").json()["email"]
    body = {"persoon": own_id(program, ria), "email": email, "soort": kind, "hoe": "schriftelijk"}
    key: str = marja.made(f"{PATH}/vastleggingen", body)["id"]
    return key


def test_what_is_asked_for_another_waits_for_the_makelaar_and_then_goes_through(
    neighbour: Api, marja: Api
) -> None:
    asked = neighbour.made(PATH, {"voorWie": GREET, "hulpvraag": WALK})
    assert asked["status"] == "gevraagd"
    assert neighbour.get("/hulpvragen", mijn=True).json() == []
    assert marja.get("/hulpvragen").json() == []

    marja.made(f"{PATH}/{asked['id']}/toestemmingen", {"hoe": "mondeling"})

    answer = namens(neighbour, asked["id"]).get("/hulpvragen", mijn=True)
    assert answer.status_code == 200, answer.text
    (question,) = namens(neighbour, asked["id"]).get("/hulpvragen", mijn=True).json()
    assert question["voornaam"] == "Greet"
    assert "Bo" not in str(question)


def test_an_authorised_person_agrees_and_ends_and_a_contact_person_does_not(
    program: Program, marja: Api, ria: Api, neighbour: Api, youssef: Api
) -> None:
    youssef.made("/hulpaanbod", {"categorieen": ["samen-op-pad"], "titel": "Wandelen", "hoeVerKm": 20,
                                 "minutenPerWeek": 600})  # fmt: skip
    question = ria.made("/hulpvragen", WALK)
    (proposal,) = youssef.get("/voorstellen").json()
    youssef.made(f"/voorstellen/{proposal['id']}/acceptaties")
    contact = namens(neighbour, arranged(program, marja, ria, neighbour, "contactpersoon"))
    path = f"/voorstellen/{proposal['id']}/afspraken"
    assert contact.get(f"/hulpvragen/{question['id']}").status_code == 404
    assert contact.post(path, on_day(program)).status_code == 403
    assert contact.get("/roosjesrekeningen/mijn").status_code == 403
    key = contact.client.headers["Namens"]
    assert ria.made(f"{PATH}/{key}/beeindigingen")["status"] == "afgelopen"
    assert contact.get("/hulpvragen", mijn=True).status_code == 404

    full = namens(neighbour, arranged(program, marja, ria, neighbour, "gemachtigde"))

    agreement = full.made(path, on_day(program))
    assert ria.get(f"/afspraken/{agreement['id']}").status_code == 200
    assert full.get("/roosjesrekeningen/mijn").status_code == 200
    for forbidden, body in (("betalingen", {"nummer": "x", "minuten": 15}), ("schenkingen", {"minuten": 15})):
        assert full.post(f"/roosjesrekeningen/mijn/{forbidden}", body, key="k").status_code == 403
    assert full.get("/personen/mij").status_code == 403


NOBODYS = "01900000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("named", ["", "x", "0", NOBODYS])
def test_a_key_that_is_none_of_ones_own_is_as_one_that_never_was(neighbour: Api, named: str) -> None:
    answer = namens(neighbour, named).get("/hulpvragen")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_anothers_key_answers_as_no_key(
    program: Program, marja: Api, ria: Api, neighbour: Api, youssef: Api
) -> None:
    key = arranged(program, marja, ria, neighbour, "gemachtigde")
    told: list[Any] = [namens(youssef, one).get("/hulpvragen") for one in (key, str(uuid7()))]
    assert told[0].status_code == told[1].status_code == 404
    assert told[0].json() == told[1].json()
    assert youssef.get(f"{PATH}/{key}").status_code == 404
    assert youssef.post(f"{PATH}/{key}/beeindigingen").status_code == 404
    assert youssef.post(f"{PATH}/{key}/toestemmingen", {}).status_code == 404


def test_known_and_unknown_addresses_answer_alike(ria: Api, neighbour: Api) -> None:
    known = ria.get("/personen/mij").json()["email"]
    bodies = []
    for email in (known, "niemand@voorbeeld.nl"):
        other = {"voornaam": "Greet", "postcode": "5664 HJ", "email": email}
        row = neighbour.made(PATH, {"voorWie": other, "hulpvraag": WALK})
        bodies.append({name: value for name, value in row.items() if name not in ("id", "gemaaktOp")})
    assert bodies[0] == bodies[1]
    assert ria.get(PATH).json() == []


def test_a_mandate_is_given_by_the_others_link_holds_in_its_days_and_ends_at_once(
    program: Program, ria: Api, neighbour: Api
) -> None:
    link = neighbour.get(f"{PATH}/volmachtlinks/mijn").json()
    assert link["adres"].endswith(f"?t={link['sleutel']}")
    name = neighbour.get("/personen/mij").json()["voornaam"]
    assert ria.get(f"{PATH}/volmachtlinks/{link['sleutel']}").json() == {"voornaam": name}
    first, last = (on_day(program, days)["datum"] for days in (0, 9))
    body = {"sleutel": link["sleutel"], "soort": "gemachtigde", "vanaf": first, "totEnMet": last}

    given = ria.made(f"{PATH}/volmachten", body)

    assert (given["doorWie"], given["hoe"], given["vanaf"], given["totEnMet"]) == (name, "site", first, last)
    assert [row["id"] for row in neighbour.get(PATH).json()] == [given["id"]]
    assert ria.post(f"{PATH}/volmachten", body).json()["code"] == "representation-stands"
    assert namens(neighbour, given["id"]).get("/roosjesrekeningen/mijn").status_code == 200
    assert namens(neighbour, given["id"]).get(f"{PATH}/volmachtlinks/mijn").status_code == 403
    ria.made(f"{PATH}/{given['id']}/beeindigingen")
    assert namens(neighbour, given["id"]).get("/hulpvragen").status_code == 404


def test_nobody_gives_a_mandate_by_ones_own_link_a_wrong_one_or_of_the_law(ria: Api, neighbour: Api) -> None:
    theirs, own = (api.get(f"{PATH}/volmachtlinks/mijn").json()["sleutel"] for api in (neighbour, ria))
    for token in (own, "geen", theirs[:-1]):
        assert ria.get(f"{PATH}/volmachtlinks/{token}").status_code == 404
        body = {"sleutel": token, "soort": "contactpersoon"}
        assert ria.post(f"{PATH}/volmachten", body).json()["code"] == "not-found"
    legal = {"sleutel": theirs, "soort": "wettelijk vertegenwoordiger"}
    assert ria.post(f"{PATH}/volmachten", legal).status_code == 400
