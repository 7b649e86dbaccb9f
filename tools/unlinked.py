"""Pages that no link leads to: each follows from what was typed or pressed before it. For `tools.screens`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import Page
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app import postgres
from tests.web.oidc import provider
from tests.web.oidc.provider import IDS, Provider, a_provider

Tale = Callable[[Page], Iterator[str]]
"""Goes from page to page; while the page stands there, it says under which address to keep the picture."""
VISITOR: Final = "bezoeker"
RESIDENT: Final = "bewoner"
NAME: Final = "DorpsPas"
RIA: Final = {"sub": "screens-2", "email": "ria@voorbeeld.example", "email_verified": True}
ONWARD: Final = "main form button.btn >> nth=0"
WAITING: Final = """fields => {
  const form = document.querySelector("form[action='/uitloggen']");
  form.action = "/inloggen/tweede";
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  }
  form.submit();
}"""
"""What the page "Laat zien dat u het bent" sends on: a form that waits. A fresh session is not asked for it."""


def tales(issuer: Provider | None) -> dict[str, list[Tale]]:
    """By persona; the pages of a provider only where one runs."""
    through: dict[str, list[Tale]] = {}
    if issuer is not None:
        through = {VISITOR: [partial(arriving, issuer)], RESIDENT: [partial(going_on, issuer)]}
    return {
        VISITOR: [asking, choosing, signing_in, *through.get(VISITOR, [])],
        RESIDENT: [proving, reporting_and_blocking, *through.get(RESIDENT, [])],
    }


@contextmanager
def with_a_provider(address: str, data: Path) -> Iterator[Provider]:
    """A provider of Geldrop-Mierlo beside a demonstration of one's own."""
    with a_provider(IDS[0], address) as issuer, postgres.attach_or_start(data) as server:
        engine = create_engine(server.owner_url, poolclass=NullPool)
        with engine.begin() as connection:
            provider.add(
                connection, issuer, municipality="Geldrop-Mierlo", name=NAME, client_id="zve-none",
                client_auth="none", registers=True,
            )  # fmt: skip
        yield issuer


def asking(page: Page) -> Iterator[str]:
    """The five screens of asking."""
    page.goto("/")
    page.fill("textarea", "Samen naar de weekmarkt. Ik loop met een rollator.")
    page.click("main button[value=begin]")
    yield "/hulpvragen/nieuw/stap-twee"
    page.check("input[name=thema][value=samen]")
    page.click(ONWARD)
    yield "/hulpvragen/nieuw/stap-drie"
    page.click(ONWARD)
    yield "/hulpvragen/nieuw/stap-vier"
    page.fill("input[name=postcode]", "5664 HJ")
    page.click(ONWARD)
    yield "/hulpvragen/nieuw/stap-vijf"


def choosing(page: Page) -> Iterator[str]:
    """Help mij kiezen: the questions of a theme, an outcome, one in an emergency, and a question begun before."""
    page.goto("/help-mij-kiezen")
    page.check("input[name=keus][value=g]")
    page.check("input[name=keus][value=k]")
    page.click("main form button.btn.full")
    yield "/help-mij-kiezen/vragen"
    page.check("input[name=keus][value=g1a]")
    page.check("input[name=g2][value=c]")
    page.click("main form button.btn.full")
    page.check("input[name=keus][value=k1a]")
    page.check("input[name=k3][value=a]")
    page.click("main form button.btn.full")
    yield "/help-mij-kiezen/uitkomst"
    page.click("main .draft button >> nth=0")
    yield "/help-mij-kiezen/begonnen"
    page.goto("/help-mij-kiezen/uitkomst?keus=c&c2=c&keus=h&keus=h1e")
    yield "/help-mij-kiezen/nood"


def signing_in(page: Page) -> Iterator[str]:
    """The page that takes the code of a mail, and what it says of a wrong one."""
    page.goto("/inloggen")
    page.fill("input[name=email]", "ria@voorbeeld.example")
    page.click("main form[action='/inloggen'] button")
    yield "/inloggen/gemaild"
    page.fill("input[name=code]", "000 000")
    page.click("main form[action='/inloggen/code'] button")
    yield "/inloggen/code-klopt-niet"


def arriving(issuer: Provider, page: Page) -> Iterator[str]:
    """Back from a provider: who one is here, an address that is known already, and what is said when it fails."""
    for name, account in (
        ("nieuw", {"sub": "screens-1", "given_name": "Truus"}),
        ("bekend", RIA),
    ):
        issuer.control(account=account, amr=["pwd"])
        _to_the_provider(page)
        yield f"/inloggen/koppelen/{name}"
    issuer.control(refuse="access_denied")
    _to_the_provider(page)
    yield "/inloggen/via/gestopt"


def going_on(issuer: Provider, page: Page) -> Iterator[str]:
    """Back from a provider while one is signed in: shall it open this door from now on, and that it does."""
    issuer.control(account=RIA, amr=["pwd"])
    page.goto("/mijn/inloggen")
    page.click(f"text=Koppel {NAME}")
    yield "/inloggen/koppelen/voortaan"
    page.click(ONWARD)
    yield "/mijn/inloggen/gekoppeld"


def _to_the_provider(page: Page) -> None:
    page.context.clear_cookies()  # else the provider knows who came before
    page.goto("/inloggen")
    page.click(f"text=Inloggen met {NAME}")


def proving(page: Page) -> Iterator[str]:
    """The door that asks for one more proof while a form waits, and the page where it stands ready afterwards."""
    page.goto("/mijn")
    waiting = """{"naar": "/mijn/gegevens/kopie", "velden": {}}"""
    with page.expect_navigation():
        page.evaluate(WAITING, {"bewaard": waiting})
    yield "/inloggen/tweede/deur"
    page.goto("/inloggen/tweede/klaar")
    yield "/inloggen/tweede/klaar"


def reporting_and_blocking(page: Page) -> Iterator[str]:
    """What one reads after a report, and after saying that one wants no more contact."""
    page.goto("/mijn/afspraken")
    page.goto(page.get_attribute("main a[href^='/mijn/afspraken/'] >> nth=0", "href") or "")
    page.goto(page.get_attribute("main a[href^='/melden/'] >> nth=0", "href") or "")
    page.click(ONWARD)
    yield "/melden/niet-ingevuld"
    page.check("input[name=waarover] >> nth=1")
    page.fill("textarea[name=uitleg]", "Hij bleef vragen naar mijn pincode.")
    page.check("input[name=hoeSnel] >> nth=0")
    page.click(ONWARD)
    yield "/melden/verstuurd"
    page.click("main a[href^='/blokkeren/']")
    yield "/blokkeren"
    page.click(ONWARD)
    yield "/mijn/veilig/geblokkeerd"
