"""There and back in a real browser, whose policy on forms is stricter than any test client's."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser

from app.config import Settings
from app.db import Database as Program
from app.oidc.metadata import Talk
from tests.databases import Database
from tests.sites import a_site
from tests.targets import too_small
from tests.web.oidc.provider import IDS, Provider, a_provider

pytestmark = pytest.mark.browser


@pytest.fixture
def address(program: Program, tmp_path: Path) -> Iterator[str]:
    """The program on a port that it knows of itself."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    here = f"http://localhost:{port}"
    site = a_site(Settings(data_dir=tmp_path, base_url=here), program)
    site.state.oidc = Talk()
    server = uvicorn.Server(uvicorn.Config(site, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield here
    server.should_exit = True
    thread.join(timeout=5)


def test_a_resident_comes_in_links_and_goes_out_and_axe_finds_nothing(
    browser: Browser, address: str, axe_source: str, added: Callable[..., Provider], fresh_database: Database
) -> None:
    with a_provider(IDS[0], address) as pas:
        added(issuer=pas.issuer)
        pas.vouches("digid-1", given_name="Ria", email="ria@voorbeeld.nl", email_verified=True)
        context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=True)
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda one: complaints.append(one.text) if "Content Security" in one.text else None
        )

        def looked_at() -> None:
            page.evaluate(axe_source)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [one["id"] for one in found] == [], page.url
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
            assert too_small(page) == [], page.url

        page.goto(f"{address}/inloggen")
        looked_at()
        page.click("text=Inloggen met DorpsPas")
        page.wait_for_url("**/inloggen/koppelen**")
        looked_at()
        page.fill("#veld-postcode", "5664 HJ")
        page.click("text=Ga verder")
        page.wait_for_url(re.compile(r"^[^?]*/mijn$"))
        page.goto(f"{address}/mijn/inloggen")
        looked_at()
        page.goto(f"{address}/mijn")
        page.evaluate("document.querySelector('form[action=\"/uitloggen\"]').submit()")
        page.wait_for_url("**/uitgelogd/**")
        looked_at()
        page.click("text=Log ook uit bij DorpsPas")
        page.wait_for_url(f"{pas.issuer}/session/end**")
        context.clear_cookies()  # else the provider still knows who this is
        pas.control(refuse="access_denied")
        page.goto(f"{address}/inloggen")
        page.click("text=Inloggen met DorpsPas")
        page.wait_for_selector("text=U bent daar gestopt")
        looked_at()
        context.close()
        assert complaints == []
