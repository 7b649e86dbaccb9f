"""The pages of safety in a real browser: nothing for axe to find, nothing outside the screen, in either theme."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from app.access.actor import Actor
from app.access.sign_in import open_session
from app.db import Database as Program
from app.safety import files, reports, subjects, suspensions, watch
from app.safety.schemas import NewAppeal, NewFile, NewNote, NewReport, NewSuspension, Opening
from tests.app.factories import SHOWN, a_request, act
from tests.app.safety.meeting import as_worker
from tests.browser.sizes import SIZES
from tests.databases import Database
from tests.targets import too_small
from tests.web.pages.helpers import Visit
from tests.web.pages.test_in_a_browser import a_page, accessible, address
from tests.web.safety.test_safety_pages import Village
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
__all__ = ["address"]
WORDS = "Hij bleef maar vragen stellen over mijn geld, ook toen ik zei dat ik dat niet wilde."


class Full(Village):
    """A village in which every page has something to show."""

    def __init__(self, program: Program, database: Database, visit: Callable[[], Visit]) -> None:
        super().__init__(program, database, visit)
        typed = {"waarover": "unsafe", "uitleg": WORDS, "hoeSnel": "now"}
        with program.transaction() as session:
            ria = act(session, self.asker)
            at = subjects.contact(session, ria, "afspraak", self.agreement_id)
            self.report_id = reports.report(session, ria, at, NewReport.model_validate(typed))
            a_request(session, ria, toelichting="Bel mij op 06-12345678")
            as_worker(session)
            watch.look(session)
        with program.transaction() as session:
            marja = act(session, self.marja)
            reports.note(
                session, marja, self.report_id, NewNote.model_validate({"soort": "call", "notitie": WORDS})
            )
            new = {"waarom": "looking", "uitleg": WORDS, "afspraken": "keep", "kijkWeerOp": self.day}
            suspensions.suspend(session, marja, self.helper.person_id, NewSuspension.model_validate(new))
        with program.transaction() as session:
            tonnie = act(session, self.helper)
            suspensions.appeal(session, tonnie, NewAppeal.model_validate({"uitleg": WORDS}))
            fatma = act(session, self.fatma)
            new_file = NewFile.model_validate({"aanleiding": WORDS})
            self.file_id = files.start(session, fatma, self.asker.person_id, new_file).id

    def pages(self) -> list[tuple[Actor, list[str]]]:
        """Who looks at what."""
        contact = f"afspraak/{self.agreement_id}"
        return [
            (self.asker, ["/mijn", f"/melden/{contact}", "/melden", f"/blokkeren/{contact}", "/mijn/veilig",
                          "/huisregels", f"/mijn/afspraken/{self.agreement_id}"]),
            (self.helper, ["/mijn", "/mijn/veilig"]),
            (self.marja, ["/bureau", "/bureau/veiligheid", f"/bureau/veiligheid/{self.report_id}",
                          f"/bureau/mensen/{self.asker.person_id}/schorsing",
                          f"/bureau/mensen/{self.helper.person_id}/schorsing",
                          f"/bureau/mensen/{self.helper.person_id}"]),
            (self.fatma, ["/bureau/dossiers", f"/bureau/dossiers/{self.file_id}",
                          f"/bureau/mensen/{self.helper.person_id}/dossier"]),
            (self.an, ["/gemeente/huisregels"]),
        ]  # fmt: skip

    def open_file(self) -> None:
        """Fatma opens the file."""
        with self.program.transaction() as session:
            why = Opening.model_validate({"reden": "Ria belde vanmorgen in paniek."})
            files.open_file(session, act(session, self.fatma), self.file_id, why)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_on_the_pages_of_safety(
    browser: Browser, address: str, axe_source: str, fresh_database: Database, program: Program,
    visit: Callable[[], Visit], width: int, scheme: str,
) -> None:  # fmt: skip
    village, look = Full(program, fresh_database, visit), accessible(axe_source)
    seen = [*village.pages(), (village.fatma, [f"/bureau/dossiers/{village.file_id}?open"])]
    for who, paths in seen:
        with program.transaction() as session:
            token = open_session(session, who.person_id, proof=SHOWN)
        page = a_page(browser, width, scheme)
        cookie: Any = {
            "name": SESSION_COOKIE,
            "value": token,
            "url": address.replace("http:", "https:"),
            "secure": True,
        }
        page.context.add_cookies([cookie])
        for path in paths:
            if path.endswith("?open"):
                village.open_file()
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            look(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert too_small(page) == [] or width > 800, path
        page.context.close()
