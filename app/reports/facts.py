"""What is counted: bare rows of a period, of one municipality or the region. They never leave the release that counts
them, and stand nowhere."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Result, Select, Uuid, func, literal, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status as AgreementStatus
from app.categories.models import Category
from app.clock import AMSTERDAM
from app.help_requests.models import HelpRequest, Status
from app.matches.models import Proposal
from app.people.models import Contact
from app.reports.disclosure import Plan, Row
from app.reports.periods import Period
from app.reports.sums import first_found

NOBODY: Final = "nobody"
YES, NO = "yes", "no"
WAITS: Final = (("day0", 1), ("day1", 2), ("days3", 4), ("days7", 8))
"""Name, and below how many days; longer is ``days8``."""
LONGEST: Final = "days8"
KM: Final = (("km1", 1_000), ("km3", 3_000), ("km5", 5_000), ("km10", 10_000))
FARTHEST: Final = "further"
AGES: Final = (("to26", 27), ("to49", 50), ("to64", 65), ("to74", 75))
OLDEST: Final = "from75"
UNTOLD: Final = "untold"
HERE, ELSEWHERE = "here", "elsewhere"
ASKS, HELPS, BOTH = "asks", "helps", "both"

REQUESTS: Final = Plan(
    faces=(
        ("theme",), ("month",), ("area",), ("helped",), ("wait",), ("vulnerable",), ("age",),
        ("theme", "month"), ("theme", "area"), ("theme", "helped"), ("vulnerable", "wait"),
    ),
    finer={"wait": "helped"},
)  # fmt: skip
"""What was asked in a half year. A tree: theme hangs together with month, area and helped, waiting with vulnerable."""
AGREEMENTS: Final = Plan(faces=(("month",), ("distance",), ("from",), ("kind",)))
"""For how many of the people and how far; each table by itself."""
PEOPLE: Final = Plan(faces=(("part",), ("part", "age"), ("part", "new")))
"""Who took part: asked, helped or both; how old they are and whether they are new, by that."""
MONTH: Final = Plan(faces=())
"""Of a month only how many."""
FLOWS: Final = Plan(faces=(("to",), ("from",), ("from", "to")), zeros=False)
"""Help between municipalities."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of one municipality over one period."""

    requests: list[Row]
    agreements: list[Row]
    people: list[Row]
    minutes: int
    """Of help that both said was given."""
    minutes_of: tuple[int, int]
    """How many asked and how many helped in those minutes."""
    waited: list[int]
    """Whole days until somebody was found, for who was found."""


def of(session: Session, actor: Actor, municipality_id: int, period: Period) -> Facts:
    """Everything that a release of the municipality counts; the transaction reaches the whole region."""
    asked, helped = _first_times(session, actor, municipality_id, period)
    born = _born(session, asked.keys() | helped.keys())
    requests = _asked(session, actor, municipality_id, period, born)
    minutes, askers, helpers = _given(session, actor, municipality_id, period)
    return Facts(
        requests=[row for row, _ in requests],
        agreements=_agreed(session, actor, municipality_id, period),
        people=_people(asked, helped, born, period),
        minutes=minutes,
        minutes_of=(askers, helpers),
        waited=[days for _, days in requests if days is not None],
    )


def of_months(
    session: Session, actor: Actor, municipality_id: int, months: Sequence[Period]
) -> Iterator[tuple[Period, Facts]]:
    """What releases of these months count, read at once: who asked and who was found, and when."""
    if not months:
        return
    stretch = Period(min(month.since for month in months), max(month.until for month in months))
    asked, agreed = defaultdict[str, list[Row]](list), defaultdict[str, list[Row]](list)
    of_requests = _requests(actor, municipality_id, stretch, HelpRequest.posted_at, HelpRequest.person_id)
    of_agreements = _agreements(
        actor, municipality_id, stretch, Agreement.created_at, Agreement.asker_id, Agreement.helper_id
    )
    for rows, query in ((asked, of_requests), (agreed, of_agreements)):
        for moment, *people in session.execute(query):
            name = month_name(moment.astimezone(AMSTERDAM))
            rows[name].append(Row(tuple(people), {"month": name}))
    for month in months:
        name = month_name(month.since)
        yield month, Facts(asked[name], agreed[name], [], 0, (0, 0), [])


def band(value: float, bands: Sequence[tuple[str, int]], beyond: str) -> str:
    """The first band that the value is below."""
    return next((name for name, below in bands if value < below), beyond)


def age_band(birth_year: int | None, year: int) -> str:
    """By the year alone: a day of birth is not known."""
    return UNTOLD if birth_year is None else band(year - birth_year, AGES, OLDEST)


def month_name(day: date) -> str:
    """A month as it stands in a release: ``2026-03``."""
    return f"{day:%Y-%m}"


def _requests(actor: Actor, municipality_id: int, period: Period, *columns: Any) -> Select[Any]:
    """What was asked in the period, the first first."""
    since, until = period.moments
    return (
        select(*columns)
        .where(
            HelpRequest.in_reach_of(actor.reach(Permission.SEE_FIGURES)),
            HelpRequest.municipality_id == municipality_id,
            HelpRequest.status != Status.DRAFT,
            HelpRequest.posted_at >= since,
            HelpRequest.posted_at < until,
        )
        .order_by(HelpRequest.posted_at, HelpRequest.id)
    )


def _agreements(actor: Actor, municipality_id: int, period: Period, *columns: Any) -> Select[Any]:
    """Agreements that were made in the period and not cancelled, of who asked here; the first first."""
    since, until = period.moments
    return (
        select(*columns)
        .where(
            Agreement.in_reach_of(actor.reach(Permission.SEE_FIGURES)),
            Agreement.municipality_id == municipality_id,
            Agreement.status != AgreementStatus.CANCELLED,
            Agreement.created_at >= since,
            Agreement.created_at < until,
        )
        .order_by(Agreement.created_at, Agreement.id)
    )


def _asked(
    session: Session, actor: Actor, municipality_id: int, period: Period, born: Mapping[UUID, int | None]
) -> list[tuple[Row, int | None]]:
    """With the days until somebody was found."""
    query = _requests(
        actor,
        municipality_id,
        period,
        HelpRequest.person_id,
        HelpRequest.posted_at,
        HelpRequest.pc4,
        HelpRequest.vulnerable,
        Category.theme_name,
        first_found().label("found_at"),
    ).join(Category, Category.number == HelpRequest.category_number)
    year = period.until.year
    return [_one_asked(row, age_band(born.get(row.person_id), year)) for row in session.execute(query)]


def _one_asked(row: Any, age: str) -> tuple[Row, int | None]:
    days = None if row.found_at is None else max(row.found_at - row.posted_at, timedelta()).days
    values = {
        "theme": row.theme_name,
        "month": month_name(row.posted_at.astimezone(AMSTERDAM)),
        "area": str(row.pc4),
        "helped": NO if days is None else YES,
        "wait": NOBODY if days is None else band(days, WAITS, LONGEST),
        "vulnerable": YES if row.vulnerable else NO,
        "age": age,
    }
    return Row((row.person_id,), values), days


def _agreed(session: Session, actor: Actor, municipality_id: int, period: Period) -> list[Row]:
    query = _agreements(
        actor,
        municipality_id,
        period,
        Agreement.asker_id,
        Agreement.helper_id,
        Agreement.helper_municipality_id,
        Agreement.created_at,
        Agreement.kind,
        Proposal.distance_m,
    ).join(Proposal, Proposal.id == Agreement.proposal_id)
    return [
        Row(
            (row.asker_id, row.helper_id),
            {
                "month": month_name(row.created_at.astimezone(AMSTERDAM)),
                "distance": band(row.distance_m, KM, FARTHEST),
                "from": HERE if row.helper_municipality_id == municipality_id else ELSEWHERE,
                "kind": str(row.kind),
            },
        )
        for row in session.execute(query)
    ]


Firsts = Mapping[UUID, datetime]
"""When each of some people first did something."""


def _first_times(
    session: Session, actor: Actor, municipality_id: int, period: Period
) -> tuple[Firsts, Firsts]:
    """Of who asked here in the period, and of who helped somebody here, when they first did."""
    since, until = period.moments
    asked = _first(
        session.execute(
            select(HelpRequest.person_id, func.min(HelpRequest.posted_at))
            .where(
                HelpRequest.in_reach_of(actor.reach(Permission.SEE_FIGURES)),
                HelpRequest.municipality_id == municipality_id,
                HelpRequest.status != Status.DRAFT,
                HelpRequest.posted_at < until,
            )
            .group_by(HelpRequest.person_id)
            .having(func.max(HelpRequest.posted_at) >= since)
        )
    )
    helped = _first(
        session.execute(
            select(Agreement.helper_id, func.min(Agreement.created_at))
            .where(
                Agreement.in_reach_of(actor.reach(Permission.SEE_FIGURES)),
                Agreement.municipality_id == municipality_id,
                Agreement.status != AgreementStatus.CANCELLED,
                Agreement.created_at < until,
            )
            .group_by(Agreement.helper_id)
            .having(func.max(Agreement.created_at) >= since)
        )
    )
    return asked, helped


def _born(session: Session, people: Collection[UUID]) -> Mapping[UUID, int | None]:
    """The year, of who told it."""
    # in a query of its own, which hides how many they are: else, to look whether thousands may be read, all who take
    # part in the region are gone through at once, instead of each of these by its key
    keys = select(literal(list(people), ARRAY(Uuid))).scalar_subquery()
    whose = func.unnest(keys).column_valued("whose")
    # unscoped: the permission was asked by the caller, who narrows the query
    query = select(Contact.person_id, Contact.birth_year).where(Contact.person_id == whose)
    return _first(session.execute(query))


def _people(asked: Firsts, helped: Firsts, born: Mapping[UUID, int | None], period: Period) -> list[Row]:
    """Who asked here or helped somebody here in the period; new is who did neither before."""
    since, until = period.moments
    return [
        Row(
            (person,),
            {
                "part": BOTH if person in asked and person in helped else ASKS if person in asked else HELPS,
                "age": age_band(born.get(person), until.year),
                "new": YES
                if all(first is None or first >= since for first in (asked.get(person), helped.get(person)))
                else NO,
            },
        )
        for person in sorted(asked.keys() | helped.keys())
    ]


def _first(rows: Result[Any, Any]) -> dict[Any, Any]:
    """The second of each row by the first."""
    return dict(rows.all())  # a Result has keys(), as a mapping has: dict() would ask it for them


def _given(session: Session, actor: Actor, municipality_id: int, period: Period) -> tuple[int, int, int]:
    since, until = period.moments
    query = select(
        func.coalesce(func.sum(func.coalesce(Occurrence.done_minutes, Occurrence.minutes)), 0),
        func.count(func.distinct(Occurrence.asker_id)),
        func.count(func.distinct(Occurrence.helper_id)),
    ).where(
        Occurrence.in_reach_of(actor.reach(Permission.SEE_FIGURES)),
        Occurrence.municipality_id == municipality_id,
        Occurrence.status == OccurrenceStatus.DONE,
        Occurrence.starts_at >= since,
        Occurrence.starts_at < until,
    )
    minutes, askers, helpers = session.execute(query).one()
    return int(minutes), int(askers), int(helpers)


def flows(session: Session, actor: Actor, period: Period) -> list[Row]:
    """Every agreement of the period in the region: from which municipality to which."""
    since, until = period.moments
    query = select(
        Agreement.asker_id, Agreement.helper_id, Agreement.municipality_id, Agreement.helper_municipality_id
    ).where(
        Agreement.in_reach_of(actor.reach(Permission.SEE_FIGURES)),
        Agreement.status != AgreementStatus.CANCELLED,
        Agreement.created_at >= since,
        Agreement.created_at < until,
    )
    return [
        Row((asker, helper), {"to": str(to), "from": str(at)})
        for asker, helper, to, at in session.execute(query)
    ]
