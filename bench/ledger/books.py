"""A durable server of the bench's own, with the ledger and the tables of those it is compared with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, create_engine, make_url

from app import postgres
from bench.ledger.places import Book, Places
from bench.measure import database_cpu_s
from rewards import AccountKind, Unit, open_account
from rewards.schema import install_statements

MUNICIPALITY = 1771
COLD = 1_000
EARLIER = 20_000
FAR = 1_000_000_000_000
"""Limits that no round reaches: they are checked all the same."""
OPEN_MEMBERS = """
INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, floor, ceiling, min_available,
                            max_balance, opened_at, personal)
SELECT {municipality}, 'ROOSJE_MIN', 'member', gen_random_uuid(), -{far}, {far}, -{far}, {far}, ledger.now(), true
FROM generate_series(1, {many}) RETURNING id
"""
HISTORY_OF_ORM = """
INSERT INTO orm.transfer (key, debit_id, credit_id, amount)
SELECT 'earlier ' || n, 1 + mod(n, {many}), 1 + mod(n + 1, {many}), 1 FROM generate_series(1, {transfers}) n;
INSERT INTO orm.entry (transfer_id, account_id, delta, balance)
SELECT id, account_id, delta, 0
FROM orm.transfer, LATERAL (VALUES (debit_id, -1), (credit_id, 1)) AS side (account_id, delta);
"""
"""A prepared SELECT that was planned on a table of a few pages would read all of it for ever after."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and where to find its books."""

    places: Places
    folder: Path

    def cpu_s(self) -> float:
        """Seconds of CPU of all its processes so far, also of those that ended."""
        return database_cpu_s(self.folder)

    def violations(self) -> list[str]:
        """What the ledger's own check says after all this; none, or the figures are of a broken ledger."""
        engine = create_engine(self.places.owner_url)
        with engine.begin() as owner:
            found = [
                " ".join(map(str, row)) for row in owner.exec_driver_sql("SELECT * FROM ledger.violation")
            ]
        engine.dispose()
        return found

    def know_itself(self) -> None:
        """Statistics of what there is: an analysed empty table would be scanned whole by every plan made then."""
        engine = create_engine(self.places.owner_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as owner:
            owner.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()


@contextmanager
def a_server() -> Iterator[Server]:
    """Started on an empty folder with the settings of the program, thrown away afterwards."""
    with TemporaryDirectory(prefix="zve-bench-") as folder:
        data = Path(folder) / "data"
        with postgres.start(data) as server:
            engine = create_engine(server.owner_url)
            with engine.begin() as owner:
                places = _filled(owner, server.application_url, server.owner_url)
            engine.dispose()
            yield Server(places, data)


def _filled(owner: Connection, application_url: str, owner_url: str) -> Places:
    for script in install_statements(str(make_url(application_url).username)):
        owner.exec_driver_sql(script)
    owner.exec_driver_sql((Path(__file__).parent / "tables.sql").read_text())
    members = members_of(owner, COLD + 1)
    shards = [
        open_account(owner, municipality_id=MUNICIPALITY, unit=Unit.ROOSJE_MIN, kind=AccountKind.POT, owner=None,
                     shard=number).id for number in range(16)
    ]  # fmt: skip
    ours = Book(tuple(members[1:]), members[0], tuple(int(shard) for shard in shards))
    many = COLD + 17
    owner.exec_driver_sql(
        f"INSERT INTO orm.account (id, floor) SELECT n, -{FAR} FROM generate_series(1, {many}) n"
    )
    owner.exec_driver_sql(HISTORY_OF_ORM.format(many=many, transfers=EARLIER))
    others = Book(tuple(range(1, COLD + 1)), COLD + 1, tuple(range(COLD + 2, many + 1)))
    return Places(application_url, owner_url, ours, others)


def members_of(owner: Connection, many: int) -> list[int]:
    """New member accounts with limits of their own."""
    rows = owner.exec_driver_sql(OPEN_MEMBERS.format(municipality=MUNICIPALITY, far=FAR, many=many))
    return [int(row[0]) for row in rows]
