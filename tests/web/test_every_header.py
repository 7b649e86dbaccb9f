"""Every route, whatever it answers, carries the headers of its kind."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.branch import routes_of
from app.config import Settings
from app.db import Database as Program
from app.main import create_app
from tests.app.conftest import program_database
from tests.clients import TestClient
from tests.sites import a_site

__all__ = ["program_database"]
PAGE = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
API = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
POLICY = re.compile(
    r"default-src 'self'; script-src 'self' 'nonce-[\w-]{20,}'; style-src 'self'; img-src 'self' data:; "
    r"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    r"report-uri /csp"
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
ODD = (
    "/nergens",
    "/api/v1/nergens",
    "/static/nergens.css",
    "/static/zve.css",
    "/%00",
    "/api/v1/%ff",
    "/bureau//",
    "/API/v1",
)


@pytest.fixture(scope="module")
def client(program_database: Program, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A visitor with a cookie that is nobody's; what would commit is refused before."""
    site = a_site(Settings(data_dir=tmp_path_factory.mktemp("data")), program_database)
    made = TestClient(
        site, base_url="https://testserver", raise_server_exceptions=False, follow_redirects=False
    )
    made.headers["cookie"] = "__Host-zve=nobodys"
    return made


def addresses(site: FastAPI) -> Iterator[str]:
    """An address for every route."""
    for route in routes_of(site):
        yield re.sub(
            r"\{\w*municipality\w*\}|\{code\}", "1771", re.sub(r"\{path:path\}", "x", str(route.path))
        )


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", str(uuid4()), path)


def wrong(path: str, method: str, client: TestClient) -> list[str]:
    """What the answer lacks."""
    answer = client.request(method, path)
    is_api = path.startswith("/api/")
    found = [
        f"{method} {path} {answer.status_code}: {name} is {answer.headers.get(name)}"
        for name, value in (API if is_api else PAGE).items()
        if answer.headers.get(name) != value
        and not (name == "cache-control" and path.endswith("openapi.json"))
    ]
    if not is_api and not POLICY.fullmatch(answer.headers.get("content-security-policy", "")):
        found.append(f"{method} {path}: {answer.headers.get('content-security-policy')}")
    if answer.status_code >= 500:
        found.append(f"{method} {path}: {answer.status_code}")
    if not is_api and not path.startswith("/static") and answer.headers.get("cache-control") != "no-store":
        found.append(f"{method} {path}: may be kept")
    kind = answer.headers.get("content-type", "")
    if answer.content and (not kind or (kind.startswith("text/") and "charset=utf-8" not in kind)):
        found.append(f"{method} {path}: is {kind}")
    if method == "TRACE" and answer.status_code not in (403, 404, 405):
        found.append(f"{method} {path}: {answer.status_code}")
    if "server" in answer.headers or "x-powered-by" in answer.headers:
        found.append(f"{method} {path}: says what it runs on")
    return found


def test_every_route_and_every_refusal_carries_its_headers(client: TestClient) -> None:
    paths = sorted({filled(path) for path in addresses(client.app)} | set(ODD))  # type: ignore[arg-type]
    assert len(paths) > 150
    assert [
        fault for path in paths for method in ("GET", "POST") for fault in wrong(path, method, client)
    ] == []


@pytest.mark.parametrize("method", METHODS)
def test_whatever_the_method(client: TestClient, method: str) -> None:
    paths = (
        "/",
        "/mijn",
        "/bureau",
        "/inloggen",
        "/hulpvragen",
        "/hulpaanbod",
        "/api/v1/hulpvragen",
        "/static/zve.css",
        *ODD,
    )
    assert [fault for path in paths for fault in wrong(path, method, client)] == []


def test_a_failure_of_ours_carries_them_too(
    program_database: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), program_database)

    def broken() -> None:
        raise ZeroDivisionError("of Ria")

    site.get("/stuk")(broken)
    client = TestClient(site, base_url="https://testserver", raise_server_exceptions=False)
    answer = client.get("/stuk")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in PAGE} == PAGE
    assert POLICY.fullmatch(answer.headers["content-security-policy"])
    assert answer.headers["cache-control"] == "no-store"
    assert "Ria" not in answer.text


def test_security_txt_can_be_read_by_a_machine_and_does_not_lapse(client: TestClient) -> None:
    from datetime import UTC, datetime, timedelta

    answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert {"Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"} <= set(fields)
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=366)
    policy = fields["Policy"].partition("#")
    assert f'id="{policy[2]}"' in client.get("/contact").text
