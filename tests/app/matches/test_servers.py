"""A server that is killed, one that comes back as it was earlier, another one under the same address."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db import Database
from app.help_offers import service as help_offers
from tests.app.factories import a_helper, act
from tests.app.matches.comparing import agrees, offer_ids
from tests.app.matches.servers import Region, a_region


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with a_region(tmp_path) as region:
        yield region


def test_after_a_kill_and_a_new_start_all_that_was_committed_is_known(region: Region) -> None:
    first = region.posted()
    assert region.knows() == {first}
    undone = region.program.sessions()
    a_helper(undone)
    undone.flush()
    second = region.posted()

    region.killed()
    undone.invalidate()
    with pytest.raises(OperationalError):
        offer_ids(region.program)
    region.started()

    assert region.knows() == {first, second}
    third = region.posted()
    assert region.knows() == {first, second, third}
    agrees(region.program)


def test_a_server_that_was_set_back_to_an_earlier_point_is_noticed(region: Region) -> None:
    with region.program.transaction() as session:
        helper, kept = a_helper(session)
    assert region.knows() == {kept.id}
    region.server.stop()
    copy = region.folder.parent / "backup"
    shutil.copytree(region.folder / "postgres", copy, symlinks=True)
    _own(copy, region.folder / "postgres")
    region.started()
    lost = [region.posted() for _ in range(3)]
    with region.program.transaction() as session:
        help_offers.pause(session, act(session, helper), kept.id)
    assert region.knows() == set(lost)

    region.server.stop()
    shutil.rmtree(region.folder / "postgres")
    copy.rename(region.folder / "postgres")
    region.started()

    assert region.knows() == {kept.id}
    agrees(region.program)


def test_nor_does_a_server_fool_us_whose_numbers_have_run_ahead_again(region: Region) -> None:
    assert region.knows() == set()
    region.server.stop()
    copy = region.folder.parent / "backup"
    shutil.copytree(region.folder / "postgres", copy, symlinks=True)
    _own(copy, region.folder / "postgres")
    region.started()
    region.posted()
    region.knows()
    mark = region.next_xid()
    region.server.stop()
    shutil.rmtree(region.folder / "postgres")
    copy.rename(region.folder / "postgres")
    region.started()
    other = Database(region.server.application_url, pool_size=1)
    with other.transaction() as session:
        made = a_helper(session)[1].id
    while region_xid(other) <= mark + 10:  # what was missed now lies behind the mark
        with other.transaction() as session:
            session.execute(text("SELECT pg_current_xact_id()"))
    other.close()

    assert region.knows() == {made}
    agrees(region.program)


def region_xid(program: Database) -> int:
    with program.transaction() as session:
        return int(session.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one())


def _own(copy: Path, original: Path) -> None:
    """As root the server runs under an account of its own."""
    owner = original.stat()
    if os.geteuid() == 0:
        for path in [copy, *copy.rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
