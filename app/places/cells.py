"""Cells, as the features use them; the grid itself is the engine's (``matching.cells``)."""

from matching.cells import cell_of, centre, is_cell, metres_between

__all__ = ["cell_of", "centre", "distance_km", "distance_text", "is_cell", "metres_between", "rounded_km"]

_PRECISE_BELOW_KM = 10
"""From here on tenths of a kilometre help nobody choose."""


def distance_km(one: int, other: int) -> float:
    """Kilometres between the centres of two cells; 0 within one."""
    return metres_between(one, other) / 1000


def rounded_km(distance_km: float) -> float | None:
    """What may be shown: tenths, whole kilometres from 10 on, and None for less than 1 km.

    A cell is a square kilometre, so anything finer would claim what it does not know.
    """
    if distance_km < 1:
        return None
    tenths = round(distance_km, 1)
    return tenths if tenths < _PRECISE_BELOW_KM else float(round(distance_km))


def distance_text(distance_km: float) -> str:
    """The same as a Dutch phrase: ``minder dan 1 km``, ``1,4 km``, ``12 km``."""
    shown = rounded_km(distance_km)
    if shown is None:
        return "minder dan 1 km"
    return f"{shown:.{int(shown < _PRECISE_BELOW_KM)}f} km".replace(".", ",")
