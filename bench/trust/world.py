"""A region full of help requests, once as it is and once with row-level security switched off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url, text

import app.models  # noqa: F401 - every table, before the first query
from app import postgres, upkeep
from app.access.models import Way
from app.access.roles import Role
from app.access.sign_in import Proof, act_as, open_session
from app.db import Database
from app.help_requests import service as help_requests
from app.help_requests.schemas import NewHelpRequest
from app.ids import uuid7
from app.people import service as people
from app.people.service import NewPerson

PLAIN = "plain"
MUNICIPALITY_ID = 1771
SHOWN = Proof(Way.PASSKEY, second=True)
WORDS = (
    "wandelen",
    "boodschappen",
    "tuin",
    "computer",
    "ziekenhuis",
    "kast",
    "hond",
    "koffie",
    "fiets",
    "lamp",
)
"""Every request has two of them, so that each is found in a fifth of all, and a number that is found once."""
PROPOSALS = """
INSERT INTO proposal (id, municipality_id, helper_municipality_id, help_request_id, asker_id, helper_id, origin,
    status, score, terms, distance_m, message, code_word, created_at, answered_at, expires_at)
SELECT gen_random_uuid(), r.municipality_id, r.municipality_id, r.id, r.person_id, h.id, 'engine',
    CASE WHEN r.status IN ('filled', 'done') THEN 'agreed' ELSE 'proposed' END,
    500, '{}', 1000, '', '', r.created_at, CASE WHEN r.status IN ('filled', 'done') THEN r.created_at END,
    r.created_at + interval '7 days'
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM help_request WHERE status <> 'submitted') r
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS many FROM person) h
    ON h.n = r.n * 7 % h.many
WHERE h.id <> r.person_id
"""
"""One for every request that was sent on: a policy that looks for parties finds rows to look through."""
AGREEMENTS = """
INSERT INTO agreement (id, municipality_id, helper_municipality_id, help_request_id, proposal_id, asker_id, helper_id,
    kind, minutes, frequency, flag, arranged_by, arranged_by_id, contract_seen, status, created_at, version)
SELECT gen_random_uuid(), p.municipality_id, p.helper_municipality_id, r.id, p.id, p.asker_id, p.helper_id,
    r.kind, r.minutes, r.frequency, '', 'asker', p.asker_id, false,
    CASE WHEN r.status = 'done' THEN 'done' ELSE 'active' END, p.created_at, 1
FROM proposal p JOIN help_request r ON r.id = p.help_request_id WHERE p.status = 'agreed'
"""
STATUSES = ("open", "open", "open", "submitted", "filled", "done", "withdrawn", "expired")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a session, as the program knows them."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class World:
    """Two databases of one server with the same rows, and who looks at them."""

    guarded: str
    plain: str
    broker: Person
    resident: Person
    requests: int


@contextmanager
def a_world(folder: Path, requests: int) -> Iterator[World]:
    """So many requests over all municipalities; gone at the end."""
    folder.chmod(0o755)
    with postgres.start(folder / "data", durable=False) as server:
        upkeep.migrate(server.owner_url, postgres.APPLICATION)
        with upkeep.as_owner(server.owner_url) as owner:
            upkeep.load_demonstration_region(owner)
        broker, resident = _people(server)
        _multiply(server.superuser_url, requests)
        _copy_without(server)
        yield World(
            server.application_url, server.url(postgres.APPLICATION, PLAIN), broker, resident, requests
        )


def _people(server: postgres.Server) -> tuple[Person, Person]:
    """A makelaar, and a resident with one request; the sessions are open in both databases."""
    made: list[Person] = []
    database = Database(server.application_url, pool_size=2)
    for name in ("Marja", "Ria"):
        typed = {"voornaam": name, "postcode": "5664 HJ", "email": f"{name.lower()}@voorbeeld.nl"}
        with database.transaction() as session:
            person, _ = people.register(session, NewPerson.model_validate(typed))
        if name == "Marja":
            with upkeep.as_owner(server.owner_url) as owner:
                owner.execute(
                    text(
                        "INSERT INTO role_grant (id, person_id, role, municipality_id) VALUES (:id, :who, :role, :at)"
                    ),
                    {"id": uuid7(), "who": person.id, "role": Role.BROKER.value, "at": MUNICIPALITY_ID},
                )
        with database.transaction() as session:
            token = open_session(session, person.id, proof=SHOWN)
            actor = act_as(session, person.id)
            if name == "Ria":
                asked = {"categorie": "samen-op-pad", "titel": "Samen naar de weekmarkt", "minuten": 60}
                help_requests.post(session, actor, NewHelpRequest.model_validate(asked))
        made.append(Person(str(person.id), token))
    database.close()
    return made[0], made[1]


def _connect(url: str, database: str | None = None) -> psycopg.Connection:
    there = make_url(url).set(drivername="postgresql")
    if database:
        there = there.set(database=database)
    return psycopg.connect(there.render_as_string(hide_password=False), autocommit=True)


def _multiply(superuser_url: str, requests: int) -> None:
    """Copies of the one request, of twenty residents to a hundred each, in every municipality and state, with what came
    of them."""
    with _connect(superuser_url, postgres.DATABASE) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # rows as they would stand there, without the way
        for table, changed, times in (
            ("person", "'id', gen_random_uuid(), 'pseudonym', gen_random_uuid()", max(20, requests // 100)),
            ("help_request", _changed(), requests),
        ):
            columns = [
                row[0] for row in connection.execute(
                    "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = 'public'"
                    " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position", (table,),
                )
            ]  # fmt: skip
            # with the number in what is built, for else it is built once for all
            connection.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT made.{', made.'.join(columns)} FROM"
                f" (SELECT * FROM {table} ORDER BY id DESC LIMIT 1) one, generate_series(1, {times}) n,"
                f" jsonb_populate_record(CAST(one AS {table}), jsonb_build_object('n', n, {changed})) made".encode()
            )
        connection.execute(PROPOSALS)
        connection.execute(AGREEMENTS)
        connection.execute("VACUUM ANALYZE")


def _changed() -> str:
    """What differs from one request to the next."""
    words = "ARRAY[" + ", ".join(f"'{word}'" for word in WORDS) + "]"
    statuses = "ARRAY[" + ", ".join(f"'{status}'" for status in STATUSES) + "]"
    status = f"({statuses})[1 + n % {len(STATUSES)}]"
    person = "(SELECT id FROM person ORDER BY id OFFSET n % (SELECT count(*) FROM person) LIMIT 1)"
    return (
        "'id', gen_random_uuid(), 'reference', nextval('help_request_reference'),"
        f" 'person_id', {person}, 'author_id', {person},"
        " 'municipality_id', (SELECT id FROM municipality ORDER BY id OFFSET n % (SELECT count(*) FROM municipality)"
        " LIMIT 1),"
        f" 'title', ({words})[1 + n % 10] || ' en ' || ({words})[1 + (n / 10) % 10] || ' nummer' || n,"
        f" 'status', {status}, 'is_public', {status} = 'open' AND n % 3 > 0,"
        " 'posted_at', now() - n * interval '1 minute', 'created_at', now() - n * interval '1 minute'"
    )


def _copy_without(server: postgres.Server) -> None:
    """The same rows where no policy is asked."""
    with _connect(server.superuser_url) as connection:
        connection.execute(
            f"CREATE DATABASE {PLAIN} TEMPLATE {postgres.DATABASE} OWNER {postgres.OWNER}".encode()
        )
    with _connect(server.superuser_url, PLAIN) as connection:
        connection.execute(
            "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP"
            " EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', t);"
            " END LOOP; END $$"
        )
        connection.execute("VACUUM ANALYZE")
