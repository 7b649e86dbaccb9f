"""The program as a server begins and ends it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app import main
from app.config import Settings
from app.db import Database as Program
from tests.sites import a_site


class Worker:
    """Counts how often it was stopped."""

    def __init__(self) -> None:
        self.stopped = 0

    def stop(self) -> None:
        self.stopped += 1


@pytest.mark.parametrize("asks", [True, False], ids=["asked to end", "interrupted twice"])
def test_the_worker_beside_the_pages_ends_with_them(
    asks: bool, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, told = Worker(), []
    monkeypatch.setattr(main, "beside", lambda *_: worker)
    site = a_site(Settings(data_dir=tmp_path), program, jobs_url="never asked")
    site.state.demonstration = True

    async def a_server() -> None:
        says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        says.put_nowait({"type": "lifespan.startup"})
        heard = asyncio.Event()

        async def hear(message: Any) -> None:
            told.append(message["type"])
            heard.set()

        running = asyncio.create_task(site({"type": "lifespan", "state": {}}, says.get, hear))
        await heard.wait()
        assert worker.stopped == 0
        if asks:
            says.put_nowait({"type": "lifespan.shutdown"})
        else:
            running.cancel()
        await running

    asyncio.run(a_server())

    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert worker.stopped == 1
