"""All that a question can be and become, over the pages and the API: every wish in it, and its whole life."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.clock import today
from app.config import Settings
from app.db import Database as Program
from app.jobs import tasks
from app.jobs.work import Work
from tests.app.api.conftest import ApiFor, api_for
from tests.app.factories import SENSITIVE_TEXT, a_person
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
Travel = Callable[[timedelta], None]
START = "/hulpvragen/nieuw"
__all__ = ["api_for"]


@pytest.fixture
def ria(program: Program) -> Actor:
    """Who asks."""
    with program.transaction() as session:
        return a_person(session)


def test_every_wish_is_kept_shown_and_read_back(
    visit: Browsers, program: Program, ria: Actor, api_for: ApiFor
) -> None:
    visitor = visit().sign_in(program, ria).get(START)
    visitor.post(START, tekst="Samen naar de weekmarkt. Ik loop met een stok.")
    visitor.post(f"{START}/soort", thema="samen", categorie="samen-op-pad")
    visitor.post(f"{START}/wanneer", wanneer="dagdelen", tijden=["4", "5"], hoeVaak="wekelijks", minuten="90",
                 aantalHelpers="2")  # fmt: skip
    visitor.post(f"{START}/waar", hoeVerKm="5", zichtbaarVoor="voorgesteld", talen=["0", "4"],
                 vaardigheden=["0", "3"])  # fmt: skip
    assert visitor.path == f"{START}/versturen"
    visitor.post(f"{START}/versturen", soort="zonder", jaGevoelig=str(SENSITIVE_TEXT))  # for the wheelchair

    row = visitor.rows("SELECT * FROM help_request")[0]
    assert (row.slots, row.frequency, row.minutes, row.helpers_wanted) == (0b110000, "wekelijks", 90, 2)
    assert (row.max_km, row.cross_border, row.visibility) == (5, False, "voorgesteld")
    assert (row.languages, row.skills, row.kind) == (0b10001, 0b1001, "zonder")
    page = visitor.get(f"/mijn/vragen/{row.id}/veranderen").page
    for chosen in ('value="4" checked', 'value="voorgesteld" checked', 'value="zonder" checked'):
        assert chosen in page
    said = api_for(ria).get(f"/hulpvragen/{row.id}").json()
    assert (said["tijden"], said["aantalHelpers"], said["zichtbaarVoor"]) == (0b110000, 2, "voorgesteld")
    assert visit().get(f"/hulpvragen/{row.id}").status == 404  # nobody but who is asked


def test_a_question_is_warned_renewed_expires_and_is_opened_again(
    visit: Browsers, program: Program, ria: Actor, api_for: ApiFor, travel: Travel, tmp_path: Path
) -> None:
    work, api = Work(Settings(data_dir=tmp_path), program), api_for(ria)
    draft = api.made("/hulpvragen", {"categorie": "samen-op-pad", "titel": "Naar de markt", "concept": True})
    path = f"/mijn/vragen/{draft['id']}"
    visitor = visit().sign_in(program, ria).get(path)
    assert visitor.says("Nog niet verstuurd")
    visitor.post(f"{path}/versturen")
    assert visitor.says("Wij zoeken iemand")

    travel(timedelta(days=54))
    for _ in range(2):
        tasks.expire(work)
    assert told(visitor, UUID(draft["id"])) == ["expiring"]
    visitor.sign_in(program, ria).get(path)
    assert visitor.says("Uw vraag loopt over 5 dagen af. Is het nog nodig?")
    visitor.post(f"{path}/verder")
    assert not visitor.says("Is het nog nodig?")

    travel(timedelta(days=61))
    tasks.expire(work)
    assert told(visitor, UUID(draft["id"])) == ["expiring", "expired"]
    visitor.sign_in(program, ria).get(path)
    assert visitor.says("Verlopen")
    visitor.post(f"{path}/verder")
    assert visitor.says("Wij zoeken iemand")
    assert visitor.rows("SELECT status FROM help_request")[0].status == "open"

    visitor.get(f"{path}/stoppen").post(f"{path}/stoppen", reden="")
    assert visitor.get(path).says("Door u gestopt")


def told(visitor: Visit, id: UUID) -> list[str]:
    query = "SELECT kind FROM notice WHERE subject_id = :id ORDER BY created_at, id"
    return [row.kind for row in visitor.rows(query, id=id) if row.kind in ("expiring", "expired")]


def test_a_change_with_mistakes_comes_back_with_every_word(
    visit: Browsers, program: Program, ria: Actor, api_for: ApiFor
) -> None:
    asked = api_for(ria).made("/hulpvragen", {"categorie": "samen-op-pad", "titel": "Naar de markt"})
    path = f"/mijn/vragen/{asked['id']}/veranderen"
    visitor = visit().sign_in(program, ria).get(path)
    typed: dict[str, object] = {
        "titel": "T" * 130, "toelichting": "Lang verhaal. " * 400, "categorie": "samen-op-pad", "wanneer": "dag",
        "datum": "31 februari", "tijd": "kwart over twee", "minuten": "60", "hoeVaak": "eenmalig",
        "aantalHelpers": "1", "soort": "roosjes", "hoeVerKm": "15", "zichtbaarVoor": "iedereen",
        "talen": ["0", "2"], "vaardigheden": ["1"], "versie": str(asked["versie"]),
    }  # fmt: skip

    visitor.post(path, **typed)

    assert visitor.status == 422
    assert "T" * 130 in visitor.page
    assert ("Lang verhaal. " * 400).strip() in visitor.page
    assert 'value="31 februari"' in visitor.page
    assert 'value="kwart over twee"' in visitor.page
    for sentence in ("Vul de dag in, bijvoorbeeld 3-12-2026.", "Vul een tijd in, bijvoorbeeld 14.00."):
        assert visitor.says(sentence)
    with program.transaction() as session:
        day = today(session) + timedelta(days=10)
    mended = {"titel": "Naar de markt", "toelichting": "Kort.", "datum": f"{day:%d-%m-%Y}", "tijd": "14.15"}
    visitor.post(path, **typed | mended)
    assert visitor.path == f"/mijn/vragen/{asked['id']}?klaar=bewaard"
    row = visitor.rows("SELECT on_date, at_time, languages, skills FROM help_request")[0]
    assert (row.on_date, f"{row.at_time:%H.%M}", row.languages, row.skills) == (day, "14.15", 0b101, 0b10)


def test_in_english_the_kinds_of_help_are_english_wherever_one_chooses(
    visit: Browsers, program: Program, ria: Actor, api_for: ApiFor
) -> None:
    asked = api_for(ria).made("/hulpvragen", {"categorie": "samen-op-pad", "titel": "Naar de markt"})
    visitor = visit().sign_in(program, ria)
    visitor.client.cookies.set("__Host-taal", "en", domain="testserver.local", path="/")
    for path in (f"/mijn/vragen/{asked['id']}/veranderen", "/mijn/wedervraag"):
        assert visitor.get(path).says("Out together"), path
        assert not visitor.says("Samen op pad"), path
