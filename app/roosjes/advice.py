"""A word on the balance, at most one message at a time, and to nobody who has "niet vragen" set.

Whoever is below zero and offers nothing may offer something; whoever is above and asks nothing may ask. Halfway to
a limit and at four fifths of it somebody is told so, and after eighteen still months that their Roosjes are there.
Nothing is sent within a week of anything else, and no advice twice within three months.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

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

_ACCOUNTS = text(
    """
    SELECT a.posted, a.held_out, a.floor, a.ceiling, a.municipality_id, p.id AS person_id,
           EXISTS (SELECT FROM help_offer o WHERE o.person_id = p.id AND o.status = 'open') AS offers,
           EXISTS (SELECT FROM help_request r WHERE r.person_id = p.id
                   AND r.status IN ('submitted', 'open', 'filled', 'paused')) AS asks,
           last.booked_at AS last_booked_at,
           ARRAY(SELECT DISTINCT n.kind FROM notice n
                 WHERE n.person_id = p.id AND n.created_at > :again) AS told,
           EXISTS (SELECT FROM notice n WHERE n.person_id = p.id AND n.kind = 'dormant'
                   AND n.created_at > last.booked_at) AS told_dormant
    FROM ledger.account a
    JOIN person p ON p.pseudonym = a.owner_pseudonym
    JOIN ledger.entry e ON e.account_id = a.id AND e.seq = a.entries
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch last ON last.id = t.batch_id
    WHERE a.unit = 'ROOSJE_MIN' AND a.kind = 'member' AND a.status = 'open' AND a.posted <> 0
      AND NOT p.do_not_ask AND p.disabled_at IS NULL AND NOT p.paused
      AND p.registered_at <= :quiet AND last.booked_at <= :quiet
      AND NOT EXISTS (SELECT FROM notice n WHERE n.person_id = p.id AND n.created_at > :quiet)
      AND NOT EXISTS (SELECT FROM ledger.open_hold h WHERE a.id IN (h.debit_id, h.credit_id))
      AND NOT EXISTS (SELECT FROM help_request r WHERE r.person_id = p.id
                      AND greatest(r.created_at, r.posted_at) > :quiet)
      AND NOT EXISTS (SELECT FROM help_offer o WHERE o.person_id = p.id
                      AND greatest(o.created_at, o.posted_at) > :quiet)
    ORDER BY a.id
    """
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a message is chosen from; minutes. ``told`` are the kinds of notices of the last three months."""

    posted: int
    available: int
    floor: int
    ceiling: int
    offers: bool
    asks: bool
    told: frozenset[str]
    dormant: bool


def message(standing: Standing) -> str:
    """The kind of the one message for this account, or "" for none."""
    level = nearness(standing.available, standing.posted, standing.floor, standing.ceiling)
    warning = f"near-{'floor' if standing.posted < 0 else 'ceiling'}-{level}"
    if level and warning not in standing.told:
        return warning
    if standing.dormant:
        return "dormant"
    suggestion = OFFER if standing.posted < 0 and not standing.offers else ""
    suggestion = ASK if standing.posted > 0 and not standing.asks else suggestion
    return "" if standing.told & set(SUGGESTIONS) else suggestion


def nearness(available: int, posted: int, floor: int, ceiling: int) -> int:
    """80 or 50: so many hundredths of the way to the floor or the ceiling were gone; else 0. Minutes."""
    limit, gone = (floor, -available) if available < 0 else (ceiling, posted)
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
        floor=row["floor"],
        ceiling=row["ceiling"],
        offers=row["offers"],
        asks=row["asks"],
        told=frozenset(row["told"]),
        dormant=still and not row["told_dormant"],
    )
