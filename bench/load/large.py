"""How long a page takes where a million people live, beside the demonstration, on one server and at one pace."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from app import postgres
from bench import region
from bench.load.beside import kinds_of
from bench.load.driver import Played, paced
from bench.load.mix import Act, drawn
from bench.load.places import Place, opened_accounts

SMALL, LARGE = "the demonstration", "the large region"
PACE: Final = 15.0
WARM_S: Final = 20.0


@contextmanager
def both(size: region.Size) -> Iterator[dict[str, Place]]:
    """Two databases of one server, made in minutes; thrown away afterwards."""
    with TemporaryDirectory(prefix="zve-bench-") as name, region.a_region(Path(name), size) as made:
        server, own = made.server, Path(name) / "own"
        yield {
            SMALL: Place(server.url(postgres.OWNER, region.SMALL), made.small, None, own),
            LARGE: Place(server.owner_url, made.large, None, own),
        }


def compared(places: dict[str, Place], rounds: int, seconds: float, failed: list[str]) -> dict[str, Any]:
    """In turn, so that what else the machine does falls on both; the figures are of all rounds together."""
    with ExitStack() as stack:
        served = {name: stack.enter_context(place.serving()) for name, place in places.items()}
        worlds = {name: place.world() for name, place in places.items()}
        for name, process in served.items():
            opened_accounts(process.address, worlds[name])
            paced([process.address], drawn(worlds[name], "warm"), min(WARM_S, seconds), PACE)
        played: dict[str, list[Played]] = {name: [] for name in served}
        for number in range(rounds):
            for name, process in served.items():
                mix = drawn(worlds[name], f"large-{number}")
                played[name].append(paced([process.address], mix, seconds, PACE))
        memory = {f"{name}, MB": round(process.memory_mb(), 1) for name, process in served.items()}
    failed += [said for each in played.values() for one in each for said in one.failed]
    whole = {name: _together(each) for name, each in played.items()}
    p99 = {name: round(one.p99_ms, 1) for name, one in whole.items()}
    return {
        "people": places[LARGE].people, "pace": PACE, "requests each": len(whole[LARGE].took_ms),
        **{f"{name}, p50 ms": round(one.p50_ms, 1) for name, one in whole.items()},
        **{f"{name}, p99 ms": ms for name, ms in p99.items()}, **memory,
        "p99 ratio": round(p99[LARGE] / p99[SMALL], 2),
        "by kind": {name: kinds_of(one) for name, one in whole.items()},
    }  # fmt: skip


def _together(rounds: list[Played]) -> Played:
    by_act = {act: [ms for one in rounds for ms in one.by_act.get(act, ())] for act in Act}
    took = [ms for each in by_act.values() for ms in each]
    return Played(sum(one.seconds for one in rounds), took, by_act, [], 0.0)
