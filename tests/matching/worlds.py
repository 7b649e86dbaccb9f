"""Small crowded worlds, in which every rule fails often; and plain rows for single examples."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st

from matching.borders import Borders
from matching.cells import STRIDE, cell_of
from matching.kernel.load import without_kernel
from matching.types import WHOLE_WEEK_MINUTES, Gender, Kind, Offer, Request

Answer = TypeVar("Answer")
GELDROP = cell_of(51.4214, 5.5597)
BORDERS = Borders([(1771, 772), (772, 794)])

OFFER = Offer(
    id=UUID(int=1),
    person_id=UUID(int=101),
    municipality_id=1771,
    cell=GELDROP,
    categories=(3, 7),
    slots=0b1111,
    minutes_per_week=240,
    radius_km=10,
    languages=0b11,
)
REQUEST = Request(
    id=UUID(int=2),
    person_id=UUID(int=102),
    municipality_id=1771,
    cell=GELDROP,
    category=3,
    slots=0b0110,
    minutes=60,
    max_km=10,
    languages=0b01,
)


def an_offer(**changes: Any) -> Offer:
    """An offer that fits `a_request()`, but for the changes."""
    return replace(OFFER, **changes)


def a_request(**changes: Any) -> Request:
    """A request that `an_offer()` fits, but for the changes."""
    return replace(REQUEST, **changes)


def alike(answer: Callable[[], Answer]) -> Answer:
    """The answer, after a look whether numpy gives the same as the kernel."""
    answered = answer()
    with without_kernel():
        assert answer() == answered
    return answered


keys = st.builds(UUID, int=st.integers(0, 2**128 - 1) | st.integers(0, 40))
persons = st.integers(0, 7).map(lambda number: UUID(int=number << 62))
cells = st.builds(
    lambda north, east: GELDROP + north * STRIDE + east, st.integers(-6, 6), st.integers(-6, 6)
) | st.sampled_from([GELDROP, 0, cell_of(53.3, 6.9), cell_of(50.8, 5.7)])
municipalities = st.sampled_from([1771, 772, 794, 9999])
mostly_all = st.just(0b111) | st.integers(0, 7)


def _shared() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "id": keys,
        "person_id": persons,
        "municipality_id": municipalities,
        "cell": cells,
        "slots": st.just(2**28 - 1) | st.integers(0, 2**28 - 1) | st.integers(0, 7),
        "languages": mostly_all | st.integers(0, 2**32 - 1),
        "kinds": st.just(15) | st.integers(0, 15),
        "organisation": st.none() | st.none() | st.integers(1, 2),
        "cross_border": st.booleans(),
        "gender": st.none() | st.none() | st.sampled_from(Gender),
        "excluded": st.just(frozenset()) | st.frozensets(persons, max_size=2),
    }


_WILD_OFFER: dict[str, st.SearchStrategy[Any]] = _shared() | {
    "categories": st.sets(st.sampled_from([0, 1, 5, 63]), max_size=4).map(lambda found: tuple(sorted(found))),
    "minutes_per_week": st.integers(0, WHOLE_WEEK_MINUTES),
    "radius_km": st.sampled_from([0, 3, 6, 25, 400]),
    "skills": mostly_all | st.integers(0, 2**32 - 1),
    "checks": mostly_all | st.integers(0, 2**16 - 1),
    "paused": st.booleans(),
    "resting": st.booleans(),
    "load_minutes": st.integers(0, WHOLE_WEEK_MINUTES),
    "load_limit_minutes": st.integers(0, WHOLE_WEEK_MINUTES),
    "proposals_this_week": st.integers(0, 3) | st.just(32_000),
    "proposal_cap": st.integers(2, 4) | st.just(32_000),
    "last_proposed_days": st.none() | st.integers(0, 40) | st.just(32_000),
}
_WILD_REQUEST: dict[str, st.SearchStrategy[Any]] = _shared() | {
    "category": st.sampled_from([0, 1, 5, 63]),
    "minutes": st.integers(1, WHOLE_WEEK_MINUTES),
    "max_km": st.sampled_from([0, 3, 6, 25, 400]),
    "skills": mostly_all,
    "skills_wished": mostly_all | st.integers(0, 2**32 - 1),
    "checks": mostly_all,
    "urgency": st.integers(0, 3),
    "vulnerable": st.booleans(),
    "days_waiting": st.integers(0, 40) | st.just(32_000),
}
_TAME: dict[str, st.SearchStrategy[Any]] = {
    "id": keys,
    "person_id": persons,
    "municipality_id": st.sampled_from([1771, 772]),
    "cell": st.builds(lambda north, east: GELDROP + north * STRIDE + east, *[st.integers(-2, 2)] * 2),
    "slots": st.integers(0, 255).map(lambda more: 1 | more << 1),
    "languages": st.integers(0, 15).map(lambda more: 1 | more << 1),
}
_TAME_OFFER = _TAME | {
    "categories": st.just((0, 5, 63)) | st.just((5,)),
    "radius_km": st.just(25),
    "skills": st.integers(0, 15),
    "proposals_this_week": st.integers(0, 2),
    "load_minutes": st.integers(0, 100),
    "load_limit_minutes": st.integers(200, 10_080),
    "last_proposed_days": st.none() | st.integers(0, 40),
}
_TAME_REQUEST = _TAME | {
    "category": st.just(5),
    "max_km": st.just(25),
    "skills_wished": st.integers(0, 15),
    "urgency": st.integers(0, 3),
    "days_waiting": st.integers(0, 40),
}


@st.composite
def _mostly(draw: st.DrawFn, row: Any, tame: dict[str, Any], wild: dict[str, Any]) -> Any:
    """The row with all its tame fields drawn so that it may fit, but for at most two drawn wildly."""
    fields = {name: draw(strategy) for name, strategy in tame.items()}
    for name in draw(st.lists(st.sampled_from(sorted(wild)), max_size=2)):
        fields[name] = draw(wild[name])
    return replace(row, **fields)


offers: st.SearchStrategy[Offer] = _mostly(replace(OFFER, minutes_per_week=480), _TAME_OFFER, _WILD_OFFER)
requests: st.SearchStrategy[Request] = _mostly(REQUEST, _TAME_REQUEST, _WILD_REQUEST)
wild_offers = offers | st.builds(Offer, **_WILD_OFFER)
wild_requests = requests | st.builds(Request, **_WILD_REQUEST)


def several(rows: st.SearchStrategy[Any], most: int = 40) -> st.SearchStrategy[list[Any]]:
    """Rows under distinct keys."""
    return st.lists(rows, max_size=most, unique_by=lambda row: row.id)


ANY_KIND = Kind.ROOSJES | Kind.ZONDER | Kind.BETAALD | Kind.CHEQUE
