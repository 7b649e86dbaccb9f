"""Where somebody stands with a check on a day: pure, from the records that are there.

A day counts from its first to its last record's day, both included. Records that follow on each other without a day
between are one stretch; a day between is a gap, on which the check is missing. An exemption counts as the check until
its last day, and as nothing after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.categories.vocabulary import Check
from app.people.models import CheckWay, PersonCheck

SOON = timedelta(weeks=8)
A_DAY = timedelta(days=1)


class Stand(StrEnum):
    """What can be said of a check on a day."""

    MISSING = "missing"
    LATER = "later"
    """It holds from a day that is still to come."""
    VALID = "valid"
    ENDING = "ending"
    """It holds, and not for long."""
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """A check on a day, with the day that tells more: the last day, or the first one to come."""

    check: Check
    stand: Stand
    day: date | None = None
    exempt: bool = False
    """It holds by an exemption only."""
    again_from: date | None = None
    """After a gap it holds again from here."""

    @property
    def met(self) -> bool:
        """Whether it holds today."""
        return self.stand in (Stand.VALID, Stand.ENDING)


def of(
    check: Check,
    records: Iterable[PersonCheck],
    today: date,
    *,
    organisation_id: UUID | None = None,
    soon: timedelta = SOON,
) -> Standing:
    """How the check stands on ``today``; what an organisation saw counts under its own flag only."""
    ours = [
        row
        for row in records
        if row.kind == check and (row.organisation_id is None or row.organisation_id == organisation_id)
    ]
    live = sorted((row for row in ours if row.withdrawn_at is None), key=lambda row: row.valid_from)
    now = [row for row in live if holds(row, today)]
    if not now:
        return _not_now(check, live, today, was_withdrawn=len(live) < len(ours))
    until = last_day(live, today)
    exempt = all(row.way is CheckWay.EXEMPTION for row in now)
    if until is None:
        return Standing(check, Stand.VALID, exempt=exempt)
    stand = Stand.ENDING if until - today <= soon else Stand.VALID
    again = min((row.valid_from for row in live if row.valid_from > until), default=None)
    return Standing(check, stand, until, exempt, again)


def holds(row: PersonCheck, day: date) -> bool:
    """Whether this one record holds on a day."""
    return (
        row.withdrawn_at is None
        and row.valid_from <= day
        and (row.valid_until is None or day <= row.valid_until)
    )


def last_day(live: list[PersonCheck], today: date) -> date | None:
    """The last day of the stretch that ``today`` lies in; None when it has no end. ``live`` is in order of begin."""
    until = today
    for row in live:
        if row.valid_from > until + A_DAY:
            break
        if row.valid_until is None:
            return None
        until = max(until, row.valid_until)
    return until


def _not_now(check: Check, live: list[PersonCheck], today: date, *, was_withdrawn: bool) -> Standing:
    coming = min((row.valid_from for row in live if row.valid_from > today), default=None)
    if coming is not None:
        return Standing(check, Stand.LATER, coming)
    ended = max((row.valid_until for row in live if row.valid_until), default=None)
    if ended is not None:
        return Standing(check, Stand.ENDED, ended)
    return Standing(check, Stand.WITHDRAWN if was_withdrawn else Stand.MISSING)
