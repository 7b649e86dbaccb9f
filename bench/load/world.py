"""Whom the mix is about, in whatever region: helpers with a token and Roosjes to give, and what is asked in public."""

from hashlib import sha256
from typing import Final

import psycopg
from sqlalchemy import make_url

from app.ids import uuid7
from bench.load.mix import World

HELPERS: Final = 200
REQUESTS: Final = 500
MINUTES: Final = 300
"""Each has so many to give at least."""
_HELPERS: Final = """
SELECT o.person_id, p.pseudonym, l.municipality_id FROM help_offer o
JOIN person p ON p.id = o.person_id AND p.disabled_at IS NULL AND NOT p.paused
JOIN membership l ON l.person_id = p.id AND l.kind = 'lives'
LEFT JOIN ledger.account a ON a.owner_pseudonym = p.pseudonym AND a.kind = 'member' AND a.unit = 'ROOSJE_MIN'
WHERE o.status = 'open' AND coalesce(a.posted - a.held_out - a.min_available, %(minutes)s) >= %(minutes)s
  AND coalesce(a.status, 'open') = 'open'
GROUP BY 1, 2, 3 HAVING count(DISTINCT a.id) <= 1 ORDER BY sha256(o.person_id::text::bytea) LIMIT %(helpers)s
"""
_SHOWN: Final = """
INSERT INTO api_token (token_hash, person_id, name, expires_at, scope)
VALUES (%s, %s, 'bench', ledger.now() + interval '1 day', 'all')
"""


def world_of(owner_url: str) -> World:
    """Takes the mark of a demonstration away, so that a web process is one as it serves; makes the tokens."""
    address = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as owner:
        owner.execute("UPDATE region SET demonstration = false")
        people = owner.execute(_HELPERS, {"helpers": HELPERS, "minutes": MINUTES}).fetchall()
        tokens = tuple(f"zve_bench-{uuid7()}" for _ in people)
        with owner.cursor() as cursor:
            cursor.executemany(
                _SHOWN,
                [
                    (sha256(token.encode()).digest(), person[0])
                    for token, person in zip(tokens, people, strict=True)
                ],
            )
        requests = owner.execute(
            "SELECT id FROM help_request WHERE is_public ORDER BY sha256(id::text::bytea) LIMIT %s",
            (REQUESTS,),
        )
        keys = tuple(str(row[0]) for row in requests.fetchall())
        joined = owner.execute("SELECT id FROM municipality WHERE joined ORDER BY id").fetchall()
    return World(tokens, keys, tuple(row[0] for row in joined))
