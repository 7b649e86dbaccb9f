"""What a web process keeps, minute after minute, while it is asked at an even pace."""

import math
from typing import Any, Final

from bench.load.driver import paced
from bench.load.mix import drawn
from bench.load.places import Place, opened_accounts

PACE: Final = 15.0
LOOKED_S: Final = 10.0


def watched(place: Place, minutes: float, failed: list[str]) -> dict[str, Any]:
    """From its start on; the first minute is that of the first requests."""
    world = place.world()
    with place.serving() as process:
        opened_accounts(process.address, world)
        seen: list[float] = []
        asked = 0
        for number in range(math.ceil(minutes * 60 / LOOKED_S)):
            played = paced([process.address], drawn(world, f"memory-{number}"), LOOKED_S, PACE)
            failed += played.failed
            asked += len(played.took_ms)
            seen.append(process.memory_mb())
    each = max(1, round(60 / LOOKED_S))
    per_minute = [max(seen[start : start + each]) for start in range(0, len(seen), each)]
    return {
        "minutes": minutes, "requests": asked, "pace": PACE,
        "first_minute_mb": round(per_minute[0], 1), "last_minute_mb": round(per_minute[-1], 1),
        "most_mb": round(max(seen), 1), "ratio": round(per_minute[-1] / per_minute[0], 3),
        "per_minute_mb": [round(one, 1) for one in per_minute],
    }  # fmt: skip
