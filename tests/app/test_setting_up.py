"""Setting up a region of one's own by the command line: every step a command, every slip a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.access import authenticators
from app.access.roles import Role
from app.access.sign_in import act_as, actor_of_session, open_session, person_for_email
from app.cli import command
from app.clock import now
from app.db import Database as Program
from app.places.import_csv import FACTS
from app.places.region import NotPossible
from tests.app.conftest import rows_of
from tests.app.factories import a_person
from tests.databases import Database, Server, migrate

MARJA = "marja@geldrop-mierlo.example"


class Installation:
    """A migrated database in which no region was set up, and the commands on it."""

    def __init__(self, database: Database, program: Program) -> None:
        self.database = database
        self.program = program
        self.runner = CliRunner(
            env={"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url, "COLUMNS": "200"}
        )

    def run(self, *words: str) -> Result:
        return self.runner.invoke(command, list(words))

    def done(self, *words: str) -> str:
        """What a command that works says."""
        result = self.run(*words)
        assert result.exception is None, result.exception
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    def refused(self, *words: str) -> str:
        """The sentence of one that is refused."""
        result = self.run(*words)
        assert isinstance(result.exception, NotPossible), (result.exception, result.output)
        return str(result.exception)

    def grants(self) -> list[tuple[str, int | None]]:
        rows = rows_of(self.database, "SELECT role, municipality_id FROM role_grant ORDER BY given_at")
        return [tuple(row) for row in rows]


@pytest.fixture(scope="module")
def migrated(database_server: Server, worker: str) -> Iterator[Database]:
    """Without a region; to be copied, for which nobody may be connected to it."""
    with database_server.empty(f"{worker}_bare") as database:
        migrate(database)
        yield database


@pytest.fixture(scope="module")
def begun(database_server: Server, worker: str, migrated: Database) -> Iterator[Database]:
    """The same with the facts loaded, a region, and one municipality that takes part."""
    with database_server.copied(migrated, f"{worker}_begun") as database:
        with installation(database) as bare:
            bare.done("geo", "import", str(FACTS))
            bare.done("region", "create", "Zuidoost-Brabant")
            bare.done("region", "join", "Geldrop-Mierlo")
        yield database


@contextmanager
def installation(database: Database) -> Iterator[Installation]:
    program = Program(database.app_url, pool_size=2)
    yield Installation(database, program)
    program.close()


@pytest.fixture
def bare(database_server: Server, worker: str, migrated: Database) -> Iterator[Installation]:
    with database_server.copied(migrated, f"{worker}_bare") as database, installation(database) as made:
        yield made


@pytest.fixture
def region(database_server: Server, worker: str, begun: Database) -> Iterator[Installation]:
    with database_server.copied(begun, f"{worker}_region") as database, installation(database) as made:
        yield made


def test_a_region_is_set_up_from_nothing_and_its_makelaar_signs_in(bare: Installation) -> None:
    bare.done("geo", "import", str(FACTS))
    assert "Zuidoost-Brabant" in bare.done("region", "create", "Zuidoost-Brabant")
    assert "Geldrop-Mierlo, Helmond" in bare.done("region", "join", "geldrop-mierlo", "GM0794")
    assert "/inloggen" in bare.done(
        "user", "invite", MARJA, "--role", "broker", "--municipality", "1771", "--name", "Marja"
    )

    shown = bare.done("region", "show")
    assert shown == "Zuidoost-Brabant default: Geldrop-Mierlo joined: Geldrop-Mierlo, Helmond"
    (row,) = rows_of(bare.database, "SELECT demonstration, default_municipality_id FROM region")
    assert tuple(row) == (False, 1771)
    with bare.program.transaction() as session:
        person_id = person_for_email(session, MARJA.upper())
        assert person_id is not None
        actor = act_as(session, person_id)
        assert (actor.first_name, actor.home, actor.is_staff) == ("Marja", None, True)
        assert actor.scope.municipalities == frozenset({1771})
    assert MARJA in bare.done("user", "list")


def test_a_role_for_who_is_known_already_keeps_the_person(region: Installation) -> None:
    with region.program.transaction() as session:
        resident = a_person(session, first_name="Karin", email="karin@voorbeeld.example")

    said = region.done(
        "user", "invite", "Karin@voorbeeld.example", "--role", "treasurer", "--municipality", "1771"
    )

    assert "registered" not in said
    with region.program.transaction() as session:
        actor = act_as(session, resident.person_id)
        assert (actor.home, actor.has(Role.TREASURER)) == (1771, True)
    assert len(rows_of(region.database, "SELECT FROM person")) == 1


def test_a_role_in_the_whole_region_reaches_every_municipality_that_takes_part(region: Installation) -> None:
    region.done("region", "join", "Helmond", "Someren")
    region.done("user", "invite", "iris@regio.example", "--role", "region_administrator", "--name", "Iris")

    with region.program.transaction() as session:
        person_id = person_for_email(session, "iris@regio.example")
        assert person_id is not None
        assert act_as(session, person_id).scope.municipalities == frozenset({1771, 794, 847})
    assert "(region)" in region.done("user", "list")


def test_the_last_administrator_who_lost_a_telephone_begins_anew(region: Installation) -> None:
    region.done("user", "invite", MARJA, "--role", "broker", "--municipality", "1771", "--name", "Marja")
    with region.program.transaction() as session:
        person_id = person_for_email(session, MARJA)
        assert person_id is not None
        marja = act_as(session, person_id)
        authenticators.begin(session, marja).confirmed_at = now(session)
        token = open_session(session, person_id)

    assert "Marja has no key" in region.done("user", "reset", MARJA)

    with region.program.transaction() as session:
        assert not actor_of_session(session, token).signed_in
        assert not authenticators.has(session, act_as(session, person_id))
    assert "Nobody here" in region.refused("user", "reset", "niemand@voorbeeld.example")


@pytest.mark.parametrize("change", ["given", "ended"])
def test_another_role_ends_every_session_from_before(region: Installation, change: str) -> None:
    whose = ("user", "invite", MARJA, "--municipality", "1771", "--name", "Marja")
    region.done(*whose, "--role", "broker")
    with region.program.transaction() as session:
        person_id = person_for_email(session, MARJA)
        assert person_id is not None
        token = open_session(session, person_id)

    if change == "given":
        region.done(*whose, "--role", "treasurer")
    else:
        region.done("user", "end", MARJA, "--role", "broker", "--municipality", "1771")

    with region.program.transaction() as session:
        assert not actor_of_session(session, token).signed_in
    with region.program.transaction() as session:
        assert act_as(session, person_id).is_staff is (change == "given")
    works = rows_of(region.database, "SELECT municipality_id FROM membership WHERE kind = 'works'")
    assert [row[0] for row in works] == ([1771] if change == "given" else [])


WRONG: tuple[tuple[tuple[str, ...], str], ...] = (
    (("region", "create", "Nog een"), "has its region already: Zuidoost-Brabant"),
    (("region", "rename", "  "), "needs a name"),
    (("region", "join", "Helmond", "Gelderop-Mierlo"), "Did you mean Geldrop-Mierlo?"),
    (("region", "join", "Rotterdam"), "No municipality is called Rotterdam."),
    (("region", "default", "Someren"), "Someren does not take part"),
    (("user", "invite", MARJA, "--role", "broker", "--municipality", "Someren", "--name", "Marja"),
     'zorgvoorelkaar region join "Someren"'),
    (("user", "invite", MARJA, "--role", "broker", "--name", "Marja"), "Say in which municipality"),
    (("user", "invite", MARJA, "--role", "region_administrator", "--municipality", "1771", "--name", "Marja"),
     "leave the municipality out"),
    (("user", "invite", MARJA, "--role", "broker", "--municipality", "1771"), "Say their first name as well"),
    (("user", "invite", MARJA, "--role", "broker", "--municipality", "1771", "--name", "\u202e"), "first name"),
    (("user", "invite", "marja", "--role", "broker", "--municipality", "1771", "--name", "Marja"),
     "marja is no e-mail address"),
    (("user", "end", MARJA, "--role", "broker", "--municipality", "1771"), "Nobody here has the e-mail address"),
)  # fmt: skip
"""What is typed, and what is said."""


def test_what_is_wrong_is_said_and_changes_nothing(region: Installation) -> None:
    before = region.done("region", "show"), region.grants()

    for words, sentence in WRONG:
        assert sentence in region.refused(*words), words

    assert (region.done("region", "show"), region.grants()) == before
    assert rows_of(region.database, "SELECT FROM person") == []


def test_a_role_is_given_once_and_ended_once(region: Installation) -> None:
    given = ("user", "invite", MARJA, "--role", "broker", "--municipality", "1771", "--name", "Marja")
    region.done(*given)
    assert "has this role already: broker of Geldrop-Mierlo" in region.refused(*given)

    ended = ("user", "end", MARJA, "--role", "broker", "--municipality", "Geldrop-Mierlo")
    region.done(*ended)
    assert "is no broker of Geldrop-Mierlo" in region.refused(*ended)
    assert region.grants() == []


def test_who_was_shut_out_gets_no_role(region: Installation) -> None:
    with region.program.transaction() as session:
        a_person(session, first_name="Karin", email="karin@voorbeeld.example")
    rows_of(region.database, "UPDATE person SET disabled_at = ledger.now() RETURNING id")

    words = ("user", "invite", "karin@voorbeeld.example", "--role", "broker", "--municipality", "1771")
    assert "was shut out" in region.refused(*words)
    assert region.grants() == []


def test_a_role_that_is_none_of_the_desks_is_refused_with_those_that_are(region: Installation) -> None:
    result = region.run(
        "user", "invite", MARJA, "--role", "member", "--municipality", "1771", "--name", "Marja"
    )

    assert result.exit_code == 2
    assert "municipality_administrator" in result.output
    assert region.grants() == []


def test_nothing_goes_before_the_facts_and_the_region(bare: Installation) -> None:
    assert "There is no region yet" in bare.refused("region", "join", "Helmond")
    assert "There is no region yet" in bare.refused(
        "user", "invite", MARJA, "--role", "broker", "--municipality", "1771", "--name", "Marja"
    )
    bare.done("region", "create", "Zuidoost-Brabant")
    assert "zorgvoorelkaar geo import FOLDER" in bare.refused("region", "join", "Helmond")


def test_names_and_the_default_change_later(region: Installation) -> None:
    region.done("region", "join", "Helmond")
    region.done("region", "rename", "De Peel")
    region.done("region", "default", "Helmond")

    assert region.done("region", "show") == "De Peel default: Helmond joined: Geldrop-Mierlo, Helmond"


def test_it_is_the_owners_work(region: Installation, tmp_path: Path) -> None:
    runner = CliRunner(env={"DATABASE_URL": region.database.app_url, "ZVE_DATA_DIR": str(tmp_path)})

    result = runner.invoke(command, ["region", "show"])

    assert "DATABASE_OWNER_URL" in str(result.exception)


def test_a_region_that_was_set_up_shows_its_name_and_no_personas(
    region: Installation, tmp_path: Path
) -> None:
    from app.config import Settings
    from app.main import create_app
    from tests.clients import TestClient

    with TestClient(create_app(Settings(data_dir=tmp_path), region.program)) as client:
        assert "Geldrop-Mierlo" in client.get("/").text
        assert client.get("/personas").status_code == 404
