"""What all tests share: databases and a browser. Except under xdist, nothing starts before a test asks."""

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.looking import WINDOWS
from tests.clients import one_loop
from tests.databases import ROOT, Database, Server, a_server, let_go
from tests.promised import missing, not_built
from tools.find_system import NAMES, has_pdf_libraries

SERVER = pytest.StashKey[Server]()
STACK = pytest.StashKey[ExitStack]()

# No deadline, for a busy machine is no error. The quick form draws the same cases each time; the long one goes on.
settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=2_000)
settings.load_profile("long" if os.environ.get("ZVE_TEST_LONG") else "quick")

CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

CHROMIUM: list[tuple[Browser, ExitStack]] = []
"""The browser that is open, and how it closes. To open one takes as long as five pages do."""
GARBAGE = 20_000
TOGETHER = ("tests/app/matrix/",)
"""Folders whose files go to one worker: they share a village that takes long to build, and what was asked of it."""
LONGEST = (
    "tests/app/demo/test_region.py", "tests/browser/", "tests/faults/", "tests/app/api/test_fuzz.py",
    "tests/app/api/test_queries.py", "tests/bench/", "tests/rewards/test_model.py", "tests/rewards/test_every_race.py",
    "tests/docs/test_api_docs.py", "tests/app/attacks/", "tests/app/test_cli.py", "tests/app/test_run.py",
    "tests/app/matrix/", "tests/web/pages/test_every_form.py", "tests/web/pages/test_in_a_browser.py",
    "tests/web/oidc/test_refusals.py", "tests/web/safety/test_safety_in_a_browser.py", "tests/web/test_browser.py",
    "tests/web/test_every_header.py", "tests/app/demo/",
)  # fmt: skip
"""The first fills the demonstration, of which the last need copies: in between nobody waits for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that at the end no worker waits for another's last file."""
    items.sort(
        key=lambda item: next((n for n, path in enumerate(LONGEST) if item.nodeid.startswith(path)), 99)
    )


def pytest_configure(config: pytest.Config) -> None:
    # a sixth of the time of importing six hundred files went into looking for garbage among them
    gc.disable()
    config.stash[STACK] = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Where nothing was compiled yet, as in a new clone, workers that all begin at the first file compile each of six
    hundred files as often as there are workers, which takes each of them fifteen seconds. So each begins with another
    part of them, and finds the rest done."""
    given = getattr(session.config, "workerinput", {})
    if "workercount" in given and session.config.args == session.config.getini("testpaths"):
        first = int(given["workerid"].removeprefix("gw"))
        for file in sorted((ROOT / "tests").rglob("test_*.py"))[first :: given["workercount"]]:
            # what cannot be imported says so when it is collected
            with suppress(Exception, pytest.skip.Exception):
                import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    return (yield)


def pytest_collection_finish() -> None:
    """What was imported stays: nobody need look for garbage there, and elsewhere not after every 700 objects."""
    gc.freeze()
    gc.set_threshold(GARBAGE)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """A browser goes on to the next file that begins with one. Before any other it closes: it has a loop of its own."""
    try:
        return (yield)
    finally:
        if nextitem is None or (
            nextitem.path != item.path and "browser" not in getattr(nextitem, "fixturenames", ())
        ):
            close_chromium()


def close_chromium() -> None:
    """The one that is open, if any."""
    while CHROMIUM:
        CHROMIUM.pop()[1].close()


def pytest_unconfigure(config: pytest.Config) -> None:
    close_chromium()
    let_go()
    config.stash[STACK].close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """As ``--dist loadfile``, but for what belongs together."""
    if config.getvalue("dist") != "loadfile":
        return None
    # only there where xdist is used
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    class Together(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next(filter(nodeid.startswith, TOGETHER), super()._split_scope(nodeid))

    return Together(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Under xdist the server is the controller's, who outlives the workers."""
    node.workerinput["server"] = asdict(_started(node.config))


def _started(config: pytest.Config) -> Server:
    if SERVER not in config.stash:
        config.stash[SERVER] = config.stash[STACK].enter_context(a_server())
    return config.stash[SERVER]


@pytest.fixture(scope="session", autouse=True)
def settings_of_ones_own_do_not_reach_tests() -> Iterator[None]:
    """What the shell sets for `make run` (a database, a data folder) is no business of a test."""
    kept = {"ZVE_POSTGRES_BIN", "ZVE_TEST_LONG"}
    theirs = {
        name: os.environ.pop(name)
        for name in list(os.environ)
        if name.startswith(("ZVE_", "DATABASE_")) and name not in kept
    }
    yield
    os.environ.update(theirs)


@pytest.fixture(scope="session", autouse=True)
def requests_share_a_loop() -> Iterator[None]:
    """Whatever is asked within this process; see `tests.clients`."""
    with one_loop():
        yield


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Server:
    """Makes databases: `copy(name)` of the migrated template, or an `empty(name)` one."""
    given = getattr(request.config, "workerinput", {}).get("server")
    return Server(**given) if given else _started(request.config)


@pytest.fixture(scope="session")
def database(database_server: Server, worker: str) -> Iterator[Database]:
    """This worker's migrated database. Tests roll back: what one commits here, the next one sees."""
    with database_server.copy(worker) as database:
        yield database


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """A name that no other process of this run has."""
    given = getattr(request.config, "workerinput", {})
    return str(given.get("workerid", "main"))


@pytest.fixture(scope="session")
def new_database(database_server: Server, worker: str) -> Callable[[], Any]:
    """Makes a migrated database of its own for whoever needs one, as a context manager."""

    @contextmanager
    def made() -> Iterator[Database]:
        with database_server.copy(worker) as database:
            yield database

    return made


@pytest.fixture
def fresh_database(new_database: Callable[[], Any]) -> Iterator[Database]:
    """A migrated database for one test that commits, as everything over HTTP does."""
    with new_database() as database:
        yield database


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, or the reason why browser tests are skipped, or fail where it could be installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("no Chromium: install Debian's package `chromium-headless-shell`, or run `make test` as root")
    return found


@pytest.fixture(scope="session")
def printer() -> None:
    """For a test that makes a PDF."""
    if not has_pdf_libraries():
        missing("no Pango, so that no PDF can be made: install it, or run `make test` as root")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium that asks nobody but the pages under test."""
    if CHROMIUM and not CHROMIUM[0][0].is_connected():
        close_chromium()
    if not CHROMIUM:
        CHROMIUM.append(_opened(chromium))
    browser, _ = CHROMIUM[0]
    yield browser
    for context in _left_open(browser):
        context.close()


def _opened(chromium: str) -> tuple[Browser, ExitStack]:
    with ExitStack() as closing:
        playwright = closing.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        closing.callback(browser.close)
        # what a service worker fetches passes by a test that answers for the site: who tests it asks for it
        browser.new_context = partial(browser.new_context, service_workers="block")  # type: ignore[method-assign]
        return browser, closing.pop_all()


def _left_open(browser: Browser) -> list[BrowserContext]:
    """What the tests of a file did not close. The window in which pages are looked at stays: it is nobody's."""
    window = WINDOWS.get(browser)
    return [one for one in browser.contexts if window is None or one is not window.page.context]


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker, for `page.evaluate(axe_source)`: a strict CSP forbids a script tag."""
    path = ROOT / "node_modules/axe-core/axe.min.js"
    if not path.exists():
        not_built("no axe-core")
    return path.read_text()
