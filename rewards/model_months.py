"""The pure model's months: which are closed, and what each ended with."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rewards.errors import MonthNotOver, MonthOutOfOrder, UnknownBooks
from rewards.model_departures import Departures
from rewards.types import AccountKind

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def month_of(moment: datetime) -> date:
    """The first day of the month in which a moment falls, in Amsterdam."""
    return moment.astimezone(AMSTERDAM).date().replace(day=1)


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


class Months(Departures):
    """Months of minutes, closed in order; an entry keeps the month in which it was booked."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.began: dict[int, date] = {}
        self.closed: dict[tuple[int, date], dict[AccountKind, int]] = {}
        self.booked_in: dict[int, list[date]] = {}

    def note_months(self) -> None:
        """Give every entry that has none yet the month that runs, and every municipality its first."""
        running = month_of(self.now)
        for account in [*self.accounts.values(), *self.clearing.values()]:
            self.began.setdefault(account.municipality_id, running)
            months = self.booked_in.setdefault(int(account.id), [])
            months += [running] * (len(account.deltas) - len(months))

    def next_month(self, municipality_id: int) -> date:
        """The month to close next."""
        if municipality_id not in self.began:
            raise UnknownBooks
        done = [month for place, month in self.closed if place == municipality_id]
        return following(max(done)) if done else self.began[municipality_id]

    def close_month(self, municipality_id: int, month: date) -> dict[AccountKind, int]:
        """What each kind of account ended with; again says the same."""
        earlier = self.closed.get((municipality_id, month))
        if earlier is not None:
            return earlier
        due = self.next_month(municipality_id)
        if month_of(self.now) <= month:
            raise MonthNotOver
        if month != due:
            raise MonthOutOfOrder
        self.closed[municipality_id, month] = self.closings(municipality_id, month)
        return self.closed[municipality_id, month]

    def closings(self, municipality_id: int, month: date) -> dict[AccountKind, int]:
        """Per kind of account the sum of what was booked up to the end of a month; kinds with nothing left out."""
        sums: dict[AccountKind, int] = {}
        for account in [*self.accounts.values(), *self.clearing.values()]:
            if account.municipality_id == municipality_id:
                months = self.booked_in.get(int(account.id), [])
                moved = sum(
                    delta for delta, booked in zip(account.deltas, months, strict=True) if booked <= month
                )
                sums[account.kind] = sums.get(account.kind, 0) + moved
        return {kind: moved for kind, moved in sums.items() if moved}
