"""The preview of the shell, looked at by a visitor or by somebody who is signed in."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from app.access.actor import Actor
from tests.clients import TestClient
from tests.web.preview import create_preview

ORIGIN = "https://testserver"


@pytest.fixture(scope="session")
def visitor_app() -> Callable[[], TestClient]:
    """Makes a browser of its own, without cookies, for every call."""
    app = create_preview()
    return lambda: TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)


@pytest.fixture
def visitor(visitor_app: Callable[[], TestClient]) -> TestClient:
    """Somebody who never came before; the Origin header is that of our own pages."""
    return visitor_app()


@pytest.fixture(scope="session")
def resident() -> TestClient:
    """Ria, signed in."""
    app = create_preview(Actor(person=uuid4(), first_name="Ria"))
    return TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
