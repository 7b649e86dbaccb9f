"""Roosjes on paper near their end: whoever made them hears so two weeks before, and once more when they ended."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.clock import now
from app.notifications.service import tell

BEFORE: Final = timedelta(days=14)
AFTER: Final = timedelta(days=14)
"""A job that stood still for longer has nothing to say any more."""
EXPIRING: Final = "paper-expiring"
EXPIRED: Final = "paper-expired"

# unscoped: the worker's reach is every municipality
_PAPERS = text("""
    SELECT p.id, a.municipality_id, s.expires_at, k.kind,
        to_char(s.expires_at AT TIME ZONE 'Europe/Amsterdam', 'YYYYMMDD')::integer AS turn
    FROM ledger.serial s
    JOIN ledger.account a ON a.id = s.source_id
    JOIN person p ON p.pseudonym = a.owner_pseudonym AND p.disabled_at IS NULL
    LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
    CROSS JOIN LATERAL (SELECT CASE WHEN e.ending = 'lapsed' THEN :expired ELSE :expiring END AS kind) k
    WHERE s.unit = 'ROOSJE_MIN' AND (
        (e.serial_id IS NULL AND s.expires_at > :moment AND s.expires_at <= :soon)
        OR (e.ending = 'lapsed' AND s.expires_at > :lately AND s.expires_at <= :moment)
    ) AND NOT EXISTS (
        SELECT FROM notice n WHERE n.person_id = p.id AND n.kind = k.kind AND n.subject_id = p.id
            AND n.turn = to_char(s.expires_at AT TIME ZONE 'Europe/Amsterdam', 'YYYYMMDD')::integer
    )
    GROUP BY p.id, a.municipality_id, s.expires_at, k.kind ORDER BY p.id, s.expires_at
""")


def tell_makers(session: Session) -> int:
    """One notice to each maker for all papers of one date; how many. The worker's reach is all."""
    moment = now(session)
    values = {"moment": moment, "soon": moment + BEFORE, "lately": moment - AFTER}
    rows = session.execute(_PAPERS, values | {"expired": EXPIRED, "expiring": EXPIRING}).all()
    for person_id, municipality_id, expires_at, kind, turn in rows:
        # the last minute that counts, so that nobody reads the day after
        until = (expires_at - timedelta(minutes=1)).isoformat()
        tell(session, person_id, municipality_id, kind, person_id, turn=turn, starts_at=until)
    return len(rows)
