"""The whole story over HTTP, as the programs of four people tell it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.db import Database as Program, Scope
from app.matches.models import Proposal
from tests.app.api.conftest import OFFER, SAID, WALK, Api, ApiFor, agreed, on_day
from tests.app.factories import a_helper


def test_a_question_is_asked_answered_agreed_done_and_booked(
    program: Program, ria: Api, youssef: Api, travel: Callable[[timedelta], None]
) -> None:
    youssef.made("/hulpaanbod", OFFER)
    question = ria.made("/hulpvragen", WALK)
    assert question["status"] == "open"

    (proposal,) = youssef.get("/voorstellen").json()
    assert proposal["hulpvraag"] == question["id"]
    assert "tijd" in proposal["redenen"]
    answered = youssef.made(f"/voorstellen/{proposal['id']}/acceptaties", {"bericht": "Dat doe ik graag"})
    assert answered["status"] == "bereid"

    (seen,) = ria.get(f"/hulpvragen/{question['id']}/voorstellen").json()
    assert (seen["helper"], seen["bericht"]) == ("Youssef", "Dat doe ik graag")
    response = ria.post(f"/voorstellen/{proposal['id']}/afspraken", on_day(program), key="yes")
    assert response.status_code == 201
    agreement = response.json()
    assert response.headers["location"] == f"/api/v1/afspraken/{agreement['id']}"
    (time,) = agreement["keren"]
    assert ria.get("/roosjesrekeningen/mijn").json()["opzijGezetMinuten"] == 60
    assert ria.get(f"/afspraken/{agreement['id']}").json()["contact"]["telefoon"] == "+31612345678"
    assert youssef.get(f"/afspraken/{agreement['id']}").json()["contact"]["huisnummer"] == "12"

    assert youssef.post(f"/keren/{time['id']}/bevestigingen").json()["code"] == "too-early"
    travel(timedelta(days=4))
    assert youssef.made(f"/keren/{time['id']}/bevestigingen", {"minuten": 60})["status"] == "geholpen"
    assert ria.made(f"/keren/{time['id']}/bevestigingen")["status"] == "gedaan"
    assert (
        ria.made(f"/keren/{time['id']}/bedankjes", {"bedankje": "Dank u wel!"})["bedankje"] == "Dank u wel!"
    )

    (line,) = youssef.get("/roosjesrekeningen/mijn/boekingen").json()
    assert (line["minuten"], line["saldoMinuten"], line["met"]) == (60, 60, "Ria")
    assert ria.get("/roosjesrekeningen/mijn").json()["saldoMinuten"] == -60
    assert ria.get(f"/hulpvragen/{question['id']}").json()["status"] == "gedaan"
    kinds = {notice["soort"] for notice in youssef.get("/meldingen").json()}
    assert {"proposed", "agreed", "done", "thanked"} <= kinds


def test_who_helped_may_be_given_roosjes_too(program: Program, ria: Api, youssef: Api) -> None:
    agreement = agreed(program, ria, youssef)
    helper, asker = agreement["helper"]["id"], agreement["vrager"]["id"]

    assert ria.post("/roosjesrekeningen/mijn/betalingen", {"aan": helper, "minuten": 30}).status_code == 400
    paid = ria.post("/roosjesrekeningen/mijn/betalingen", {"aan": helper, "minuten": 30}, key="k")
    assert (paid.status_code, paid.json()["saldoMinuten"]) == (201, -30)
    myself = ria.post("/roosjesrekeningen/mijn/betalingen", {"aan": asker, "minuten": 30}, key="l")
    assert myself.status_code == 400
    assert youssef.get("/roosjesrekeningen/mijn").json()["saldoMinuten"] == 30


def test_a_volunteer_comes_forward_and_one_gets_acquainted_first(
    program: Program, ria: Api, youssef: Api
) -> None:
    question = ria.made("/hulpvragen", WALK)
    youssef.made("/hulpaanbod", OFFER)
    (fits,) = youssef.get("/passende-hulpvragen").json()
    assert fits["hulpvraag"]["id"] == question["id"]
    assert fits["afstandMeter"] > 0

    answer = youssef.post(f"/hulpvragen/{question['id']}/aanmeldingen", {"bericht": "Ik woon vlakbij"})
    assert (answer.status_code, answer.json()["status"]) == (201, "bereid")
    met = ria.made(f"/voorstellen/{answer.json()['id']}/kennismakingen")
    assert met["codewoord"]
    assert ria.post(f"/voorstellen/{met['id']}/afspraken", on_day(program)).status_code == 201


def test_a_time_is_moved_and_called_off(program: Program, ria: Api, youssef: Api) -> None:
    agreement = agreed(program, ria, youssef)
    path = f"/keren/{agreement['keren'][0]['id']}"

    began = agreement["keren"][0]["begin"]
    waits = youssef.made(f"{path}/verplaatsingen", on_day(program, 5))
    assert waits["keer"]["begin"] == began
    (proposed,) = ria.get(f"{path}/verplaatsingen").json()["voorstellen"]
    assert (proposed["vanMij"], proposed["status"]) == (False, "voorgesteld")
    said = {"voorstel": proposed["id"], "antwoord": "ja"}
    moved = ria.made(f"{path}/verplaatsingen/antwoorden", said)
    assert moved["keer"]["begin"] == proposed["begin"] != began
    assert ria.made(f"{path}/verplaatsingen/antwoorden", said) == moved
    assert ria.made(f"{path}/afzeggingen", {"reden": "Ik ben ziek"})["status"] == "afgezegd"
    assert ria.get(path).json()["status"] == "afgezegd"
    assert ria.get("/roosjesrekeningen/mijn").json()["opzijGezetMinuten"] == 0
    gone = youssef.get(f"/afspraken/{agreement['id']}").json()
    assert (gone["status"], gone["contact"]) == ("afgezegd", None)
    assert ria.get(f"/hulpvragen/{agreement['hulpvraag']}").json()["status"] == "open"


def test_an_agreement_is_ended(program: Program, ria: Api, youssef: Api) -> None:
    agreement = agreed(program, ria, youssef)
    ended = youssef.made(f"/afspraken/{agreement['id']}/beeindigingen", {"reden": "Ik verhuis"})
    assert ended["status"] == "afgezegd"
    assert ria.get("/afspraken").json()[0]["keren"][0]["status"] == "afgezegd"


def test_what_did_not_happen_is_said_and_decided(
    program: Program, ria: Api, youssef: Api, marja: Api, travel: Callable[[timedelta], None]
) -> None:
    agreement = agreed(program, ria, youssef)
    path = f"/keren/{agreement['keren'][0]['id']}"
    travel(timedelta(days=4))
    youssef.made(f"{path}/bevestigingen")
    assert ria.made(f"{path}/bezwaren", {"reden": "Het was een half uur"})["status"] == "betwist"
    assert ria.post(f"{path}/besluiten", {"minuten": 30}).status_code == 403
    assert marja.made(f"{path}/besluiten", {"minuten": 30})["gedaanMinuten"] == 30
    assert youssef.get("/roosjesrekeningen/mijn").json()["saldoMinuten"] == 30


def test_nobody_came(program: Program, ria: Api, youssef: Api, travel: Callable[[timedelta], None]) -> None:
    agreement = agreed(program, ria, youssef)
    travel(timedelta(days=4))
    path = f"/keren/{agreement['keren'][0]['id']}/niet-gekomen"
    assert ria.made(path, {"reden": "Ik heb gewacht"})["status"] == "nietGekomen"


def test_a_draft_is_changed_sent_and_withdrawn(ria: Api, youssef: Api) -> None:
    draft = ria.made("/hulpvragen", WALK | {"concept": True})
    path = f"/hulpvragen/{draft['id']}"
    assert draft["status"] == "concept"
    assert youssef.get(path).status_code == 404
    changed = ria.put(path, WALK | {"titel": "Naar het museum", "versie": draft["versie"]}).json()
    assert changed["titel"] == "Naar het museum"
    assert ria.put(path, WALK | {"versie": draft["versie"]}).json()["code"] == "stale"

    assert ria.made(f"{path}/verzendingen")["status"] == "open"
    assert youssef.get(path).json()["titel"] == "Naar het museum"
    assert ria.client.delete(f"/api/v1{path}").status_code == 409
    assert ria.made(f"{path}/pauzes")["status"] == "gepauzeerd"
    assert ria.made(f"{path}/verlengingen")["status"] == "open"
    assert ria.made(f"{path}/intrekkingen", {"reden": "Het is opgelost"})["status"] == "ingetrokken"
    assert youssef.get(path).status_code == 404


def test_a_draft_is_thrown_away_and_a_booking_never(ria: Api) -> None:
    draft = ria.made("/hulpvragen", WALK | {"concept": True})
    assert ria.client.delete(f"/api/v1/hulpvragen/{draft['id']}").status_code == 204
    assert ria.get(f"/hulpvragen/{draft['id']}").status_code == 404
    assert ria.client.delete("/api/v1/roosjesrekeningen/mijn/boekingen").status_code == 405


def test_an_offer_is_paused_resumed_and_withdrawn(youssef: Api) -> None:
    offer = youssef.made("/hulpaanbod", OFFER)
    path = f"/hulpaanbod/{offer['id']}"
    changed = youssef.put(path, OFFER | {"hoeVerKm": 3, "versie": offer["versie"]}).json()
    assert changed["hoeVerKm"] == 3
    assert youssef.made(f"{path}/pauzes")["status"] == "gepauzeerd"
    assert youssef.made(f"{path}/hervattingen")["status"] == "open"
    assert youssef.made(f"{path}/intrekkingen")["status"] == "ingetrokken"
    assert youssef.post(f"{path}/hervattingen").json()["code"] == "transition-not-allowed"
    assert [row["id"] for row in youssef.get("/hulpaanbod", mijn=True).json()] == [offer["id"]]


def test_a_makelaar_reads_releases_proposes_and_closes(ria: Api, youssef: Api, marja: Api) -> None:
    other = "iets-anders-of-ik-weet-het-niet"
    question = ria.made("/hulpvragen", WALK | SAID | {"categorie": other})
    path = f"/hulpvragen/{question['id']}"
    assert question["status"] == "ingediend"
    assert ria.post(f"{path}/vrijgaven").status_code == 403
    assert youssef.post(f"{path}/vrijgaven").status_code == 404
    assert marja.made(f"{path}/vrijgaven")["status"] == "open"

    offer = youssef.made("/hulpaanbod", OFFER | {"categorieen": [other]})
    (candidate,) = marja.get(f"{path}/kandidaten").json()
    assert candidate["punten"] == sum(candidate["onderdelen"].values())
    assert ria.get(f"{path}/kandidaten").status_code == 403
    proposal = marja.post(f"{path}/voorstellen", {"hulpaanbod": offer["id"]})
    assert (proposal.status_code, proposal.json()["herkomst"]) == (201, "makelaar")

    assert marja.post(f"{path}/afsluitingen").status_code == 400
    assert marja.post(f"{path}/afsluitingen", {"reden": "zomaar"}).json()["errors"][0]["code"] == "choose"
    assert marja.made(f"{path}/afsluitingen", {"reden": "niet gelukt"})["status"] == "gesloten"


def test_a_makelaar_writes_down_a_spoken_yes(program: Program, ria: Api, youssef: Api, marja: Api) -> None:
    youssef.made("/hulpaanbod", OFFER)
    question = ria.made("/hulpvragen", WALK)
    (proposal,) = youssef.get("/voorstellen").json()
    youssef.made(f"/voorstellen/{proposal['id']}/acceptaties")
    path = f"/voorstellen/{proposal['id']}/afspraken"

    assert youssef.post(path, on_day(program)).status_code == 403
    assert marja.post(path, on_day(program)).json()["errors"][0]["location"] == {"pointer": "#/gesproken"}
    agreement = marja.made(path, on_day(program) | {"gesproken": True})
    assert agreement["geregeldDoor"] == "makelaar"
    assert agreement["hulpvraag"] == question["id"]
    assert marja.get(f"/afspraken/{agreement['id']}").json()["contact"] is None


def test_a_no_is_neutral_from_either_side(ria: Api, youssef: Api) -> None:
    youssef.made("/hulpaanbod", OFFER)
    ria.made("/hulpvragen", WALK)
    ria.made("/hulpvragen", WALK)
    one, two = (row["id"] for row in youssef.get("/voorstellen").json())

    assert youssef.made(f"/voorstellen/{one}/afwijzingen")["status"] == "afgewezen"
    youssef.made(f"/voorstellen/{two}/acceptaties")
    assert ria.made(f"/voorstellen/{two}/afwijzingen", {"reden": "Ik ken u al"})["status"] == "bedankt"


def test_one_reads_and_changes_ones_own_details(ria: Api) -> None:
    me = ria.get("/personen/mij").json()
    assert (me["voornaam"], me["postcode"], me["gemeente"]) == ("Ria", "5664 HJ", 1771)
    moved = ria.put("/personen/mij", {"voornaam": "Ria", "postcode": "5708AB", "nietVragen": True}).json()
    assert (moved["postcode"], moved["gemeente"], moved["nietVragen"]) == ("5708 AB", 794, True)
    other = ria.put("/personen/mij", {"voornaam": "Ria", "postcode": "5708AB", "email": "a@voorbeeld.nl"})
    assert other.status_code == 400
    assert ria.made("/personen/mij/pauzes")["gepauzeerd"] is True
    assert ria.made("/personen/mij/hervattingen")["gepauzeerd"] is False


def test_facts_are_there_for_anybody(api_for: ApiFor) -> None:
    nobody = api_for(None)
    assert len(nobody.get("/gemeenten").json()) == 21
    assert nobody.get("/categorieen", zoek="ramen lappen").json()[0]["code"] == "klussen-in-huis"
    (here,) = nobody.get("/buurten", postcode="5664").json()
    assert here["gemeente"] == 1771
    assert nobody.get("/buurten", postcode="0000").status_code == 400
    assert len(nobody.get("/buurten", gemeente=794, aantal=5).json()) == 5


def test_requests_are_listed_in_pages_and_searched(ria: Api, youssef: Api) -> None:
    for number in range(5):
        ria.made("/hulpvragen", WALK | {"titel": f"Naar de markt, keer {number}"})
    ria.made("/hulpvragen", WALK | {"concept": True})

    first = youssef.get("/hulpvragen", aantal=2)
    assert [row["titel"][-1] for row in first.json()] == ["4", "3"]
    links = first.headers["link"]
    assert '</api/v1/hulpvragen?aantal=2&pagina=2>; rel="next"' in links
    last = youssef.get("/hulpvragen", aantal=2, pagina=3)
    assert len(last.json()) == 1
    assert 'rel="next"' not in last.headers["link"]
    assert 'rel="prev"' in last.headers["link"]
    assert len(youssef.get("/hulpvragen", zoek="markten").json()) == 5
    assert len(ria.get("/hulpvragen", mijn=True).json()) == 6
    assert youssef.get("/hulpvragen", gemeente=794).json() == []
    assert len(youssef.get("/hulpvragen", categorie="samen-op-pad").json()) == 5


def test_what_is_confirmed_after_the_hold_ran_out_is_a_conflict(
    program: Program, ria: Api, youssef: Api, travel: Callable[[timedelta], None]
) -> None:
    path = f"/keren/{agreed(program, ria, youssef)['keren'][0]['id']}/bevestigingen"
    travel(timedelta(days=60))
    assert youssef.made(path)["status"] == "geholpen"
    assert ria.post(path).status_code == 409


def test_who_finds_few_reads_what_would_help_and_asks_more_widely_once(
    program: Program, ria: Api, youssef: Api
) -> None:
    with program.transaction() as session:
        for _ in range(5):
            a_helper(session, postcode="5708 AB", hoeVerKm=50)
    question = ria.made("/hulpvragen", {**WALK, "hoeVerKm": 1})
    path = f"/hulpvragen/{question['id']}/verruimingen"
    (way,) = [one for one in ria.get(path).json() if (one["ruimer"], one["hoeveel"]) == ("verder", 10)]
    assert way["meer"] == 5
    assert youssef.get(path).status_code == 404

    wanted = {"ruimer": "verder", "hoeveel": 10, "versie": question["versie"]}
    changed = ria.made(path, wanted)["versie"]
    assert changed > question["versie"]
    assert ria.made(path, wanted)["versie"] == changed, "it was no longer the request that was read"
    assert ria.post(path, {**wanted, "hoeveel": 3, "versie": changed}).status_code == 400
    with program.transaction(Scope(municipalities=frozenset({1771}))) as session:
        asked = session.scalars(
            select(Proposal.helper_id).where(Proposal.help_request_id == UUID(question["id"]))
        )
        assert len(set(asked)) == 5


def test_a_helper_says_how_often_and_reads_it_back(youssef: Api) -> None:
    assert youssef.get("/personen/mij/grenzen").json()["vragenPerWeek"] is None
    said = {"vragenPerWeek": 2, "minutenSamen": 120, "rustDagen": 7}
    assert (
        youssef.put("/personen/mij/grenzen", said).json() | said
        == youssef.get("/personen/mij/grenzen").json()
    )
    assert youssef.put("/personen/mij/grenzen", {"vragenPerWeek": 0}).status_code == 400
    assert youssef.get("/personen/mij/grenzen").json()["vragenPerWeek"] == 2
