"""One village, with everybody and one row of every kind, served on a port for all tests of this folder."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.app.matrix.asking import Asking
from tests.app.matrix.village import a_village
from tests.browser.every.pages import Sheet, sheets, to_be_mended
from tests.browser.every.serving import served
from tests.sites import a_program


@pytest.fixture(scope="package")
def asking(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Everybody, and one real row of every kind."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=6)
        asking = Asking(a_village(database, program, tmp_path_factory.mktemp("every")))
        yield asking
        asking.loop.close()
        program.close()


@pytest.fixture(scope="package")
def address(asking: Asking) -> Iterator[str]:
    """The village on a port of its own."""
    with served(asking.village.site) as found:
        yield found


@pytest.fixture(scope="package")
def every(asking: Asking) -> list[Sheet]:
    """Every page of the program, each as somebody who may see it."""
    return sheets(asking)


@pytest.fixture(scope="package")
def mended(asking: Asking) -> list[Sheet]:
    """Every form that came back with its mistakes. Asked before there is a browser, which has a loop of its own."""
    return to_be_mended(asking)
