"""One village for every test of the matrix."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.app.matrix.asking import Asking
from tests.app.matrix.village import a_village
from tests.sites import a_program
from web import documents


@pytest.fixture(scope="package")
def asking(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Everybody, and one real row of every kind."""
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        asking = Asking(a_village(database, program, tmp_path_factory.mktemp("matrix")))
        yield asking
        asking.loop.close()
        program.close()


@pytest.fixture(autouse=True)
def papers_are_their_words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody finds a name among the bytes of a PDF, which takes a second to lay out: what it says is looked through.

    Who looks at real papers asks for `printer`.
    """
    if "printer" not in request.fixturenames:
        monkeypatch.setattr(documents, "pdf_of", lambda html, _inside=(): html.encode())
