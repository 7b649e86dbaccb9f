"""A word on the balance, at most one message at a time, and to nobody who has "niet vragen" set.

Whoever is below zero and offers nothing may offer something; whoever is above and asks nothing may ask. Halfway to
a limit and at four fifths of it somebody is told so, what is reserved included, and after eighteen still months that
their Roosjes are there. Only a word on a limit is sent while something is going on: who gets help every week must hear
it as well. Of all others none is sent within a week of anything else; and none twice within three months.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.clock import now
from app.notifications.service import tell

QUIET: Final = timedelta(days=7)
AGAIN: Final = timedelta(days=91)
"""Three months, whichever they are."""
STILL: Final = timedelta(days=548)
"""Eighteen months without a booking."""
HALF, FOUR_FIFTHS = 50, 80
OFFER: Final = "advice-offer"
ASK: Final = "advice-ask"
SUGGESTIONS: Final = (OFFER, ASK)

# unscoped: the worker's reach is every municipality
_ACCOUNTS = text(
    """
    SELECT a.posted, a.held_out, a.held_in, a.floor, a.ceiling, a.municipality_id, p.id AS person_id,
           EXISTS (SELECT FROM help_offer o WHERE o.person_id = p.id AND o.status = 'open') AS offers,
           EXISTS (SELECT FROM help_request r WHERE r.person_id = p.id
                   AND r.status IN ('submitted', 'open', 'filled', 'paused')) AS asks,
           coalesce(last.booked_at, a.opened_at) AS last_booked_at,
           ARRAY(SELECT DISTINCT n.kind FROM notice n
                 WHERE n.person_id = p.id AND n.created_at > :again) AS told,
           EXISTS (SELECT FROM notice n WHERE n.person_id = p.id AND n.kind = 'dormant'
                   AND n.created_at > last.booked_at) AS told_dormant,
           a.posted <> 0 AND p.registered_at <= :quiet AND last.booked_at <= :quiet
      AND NOT EXISTS (SELECT FROM notice n WHERE n.person_id = p.id AND n.created_at > :quiet)
      AND NOT EXISTS (SELECT FROM ledger.open_hold h WHERE a.id IN (h.debit_id, h.credit_id))
      AND NOT EXISTS (SELECT FROM help_request r WHERE r.person_id = p.id
                      AND greatest(r.created_at, r.posted_at) > :quiet)
      AND NOT EXISTS (SELECT FROM help_offer o WHERE o.person_id = p.id
                      AND greatest(o.created_at, o.posted_at) > :quiet) AS quiet
    FROM ledger.account a
    JOIN person p ON p.pseudonym = a.owner_pseudonym
    LEFT JOIN ledger.entry e ON e.account_id = a.id AND e.seq = a.entries
    LEFT JOIN ledger.transfer t ON t.id = e.transfer_id
    LEFT JOIN ledger.batch last ON last.id = t.batch_id
    WHERE a.unit = 'ROOSJE_MIN' AND a.kind = 'member' AND a.status = 'open' AND a.moved_to IS NULL
      AND (a.posted, a.held_out, a.held_in) <> (0, 0, 0)
      AND NOT p.do_not_ask AND p.disabled_at IS NULL AND NOT p.paused
    ORDER BY a.id
    """
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a message is chosen from; minutes. ``told`` are the kinds of notices of the last three months."""

    posted: int
    available: int
    """What is left when all that is reserved goes out."""
    coming: int
    """What it will be when all that is reserved comes in."""
    floor: int
    ceiling: int
    offers: bool
    asks: bool
    told: frozenset[str]
    dormant: bool
    quiet: bool = True
    """Nothing happened for a week, and nothing is reserved."""


def message(standing: Standing) -> str:
    """The kind of the one message for this account, or "" for none."""
    level = nearness(standing.available, standing.coming, standing.floor, standing.ceiling)
    side = "floor" if standing.available < 0 else "ceiling"
    # who heard of four fifths needs not hear of half
    said = {f"near-{side}-{higher}" for higher in (HALF, FOUR_FIFTHS) if higher >= level}
    if level and not standing.told & said:
        return f"near-{side}-{level}"
    if not standing.quiet:
        return ""
    if standing.dormant:
        return "dormant"
    suggestion = OFFER if standing.posted < 0 and not standing.offers else ""
    suggestion = ASK if standing.posted > 0 and not standing.asks else suggestion
    return "" if standing.told & set(SUGGESTIONS) else suggestion


def nearness(available: int, coming: int, floor: int, ceiling: int) -> int:
    """80 or 50: so many hundredths of the way to the floor or the ceiling were gone; else 0. Minutes."""
    limit, gone = (floor, -available) if available < 0 else (ceiling, coming)
    for level in (FOUR_FIFTHS, HALF):
        if limit and gone * 100 >= abs(limit) * level:
            return level
    return 0


def send(session: Session) -> int:
    """Tell everybody for whom there is something to say tonight; how many that were. The worker's reach is all."""
    moment = now(session)
    values: dict[str, Any] = {"quiet": moment - QUIET, "again": moment - AGAIN}
    sent = 0
    for row in session.execute(_ACCOUNTS, values).mappings().all():
        kind = message(_standing(row, still=row["last_booked_at"] <= moment - STILL))
        if kind:
            sent += 1
            tell(session, row["person_id"], row["municipality_id"], kind, row["person_id"],
                 turn=moment.toordinal())  # fmt: skip
    return sent


def _standing(row: RowMapping, *, still: bool) -> Standing:
    return Standing(
        posted=row["posted"],
        available=row["posted"] - row["held_out"],
        coming=row["posted"] + row["held_in"],
        floor=row["floor"],
        ceiling=row["ceiling"],
        offers=row["offers"],
        asks=row["asks"],
        told=frozenset(row["told"]),
        dormant=still and not row["told_dormant"],
        quiet=bool(row["quiet"]),
    )


_NEAR = text(
    """
    SELECT p.id AS person_id, p.first_name, p.do_not_ask OR p.paused AS silent, a.available, a.coming,
           a.floor, a.ceiling
    FROM members_near(:municipality, :half) a JOIN person p ON p.pseudonym = a.owner
    WHERE p.disabled_at IS NULL
    ORDER BY CASE WHEN a.available < 0 THEN a.available::numeric / a.floor ELSE a.coming::numeric / a.ceiling END DESC,
        a.account_id
    LIMIT 100
    """
)


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody at half of the way to a limit or further. Minutes; ``level`` is 50 or 80."""

    person_id: UUID
    first_name: str
    silent: bool
    """Gets no word about it: does not want to be asked, or takes a rest."""
    available: int
    """Towards the floor what is left, towards the ceiling what is there or coming."""
    limit: int
    level: int


def near(session: Session, actor: Actor, municipality_id: int) -> list[Near]:
    """The makelaar's list of who is near a limit in one municipality, the nearest first; at most 100."""
    require(actor, Permission.CORRECT_LEDGER, municipality_id)
    rows = session.execute(_NEAR, {"municipality": municipality_id, "half": HALF}).mappings()
    return [_near(row) for row in rows]


def _near(row: RowMapping) -> Near:
    below = row["available"] < 0
    return Near(
        row["person_id"], row["first_name"], row["silent"],
        available=row["available"] if below else row["coming"],
        limit=row["floor"] if below else row["ceiling"],
        level=nearness(row["available"], row["coming"], row["floor"], row["ceiling"]),
    )  # fmt: skip
