"""Where a makelaar introduces each pair: what an asker learns of a helper before that, on pages and in the API."""

from collections.abc import Iterator

import pytest

from app.privacy import export
from tests.app.attacks.conftest import World, as_owner

MEDIATION = "UPDATE municipality SET mediation = :degree WHERE id = 1771"


@pytest.fixture
def introducing(world: World) -> Iterator[World]:
    """The asker's municipality introduces; the others' world stays as it was."""
    before = world.rows("SELECT mediation FROM municipality WHERE id = 1771")[0][0]
    as_owner(world.database, MEDIATION, degree=4)
    yield world
    as_owner(world.database, MEDIATION, degree=before)


def test_an_asker_does_not_know_a_helper_before_the_makelaar_introduces_them(introducing: World) -> None:
    eva, tonnie, marja = (introducing.client(name) for name in ("eva", "tonnie", "marja"))
    words = {"categorie": "samen-op-pad", "titel": "Samen wandelen"}
    asked = eva.api("POST", "/hulpvragen", words).json()["id"]
    assert marja.api("POST", f"/hulpvragen/{asked}/vrijgaven").status_code == 200
    said = tonnie.api("POST", f"/hulpvragen/{asked}/aanmeldingen", {"bericht": "Ik woon in de Dorpsstraat"})
    assert said.status_code == 201
    proposal = said.json()["id"]

    assert eva.api("GET", f"/voorstellen/{proposal}").status_code == 404
    for path in ("/voorstellen", f"/hulpvragen/{asked}/voorstellen"):
        assert proposal not in eva.api("GET", path).text
    page = eva.get(f"/mijn/vragen/{asked}").text
    assert "Tonnie" not in page
    assert "Dorpsstraat" not in page
    key = introducing.people["tonnie"].person_id
    assert str(key) not in copied(introducing, "eva")
    for what in ("melden", "blokkeren"):  # somebody's key alone shows nobody
        assert eva.get(f"/{what}/mens/{key}").status_code == 404
    for act in ("kennismakingen", "afspraken"):
        body = {"datum": "2030-01-01", "tijd": "10:00"} if act == "afspraken" else None
        assert eva.api("POST", f"/voorstellen/{proposal}/{act}", body).status_code == 409
    for who in (eva, tonnie):
        assert who.api("POST", f"/voorstellen/{proposal}/bevestigingen").status_code == 403

    assert marja.api("POST", f"/voorstellen/{proposal}/bevestigingen").status_code == 200
    assert eva.api("GET", f"/voorstellen/{proposal}").json()["helper"] == "Tonnie"
    assert "Tonnie" in eva.get(f"/mijn/vragen/{asked}").text
    assert eva.get(f"/melden/mens/{key}").status_code == 200
    assert str(key) in copied(introducing, "eva")


def copied(world: World, name: str) -> str:
    """The copy of their data that somebody may ask for."""
    with world.acting(name) as (session, actor):
        return export.collect(session, actor, "K-1").as_json()
