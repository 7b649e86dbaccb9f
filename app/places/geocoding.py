"""Where an address lies: PDOK's point when it is certain, the postcode's own point otherwise.

The point of an address serves the agreed pair and the choice of a cell; asking for help never waits for it.
"""

import logging
import re
from dataclasses import dataclass
from typing import Literal

from app.places.bounds import is_dutch
from app.places.outside import NoAnswer
from app.places.pdok import PDOK, Address
from app.places.postcodes import Postcode

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS84."""

_HOUSE_NUMBER = re.compile(r"\s*([1-9][0-9]{0,4})(?![0-9])")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Located:
    """A point, and whether somebody should look at it.

    ``flagged`` says that the address was asked for and not confirmed: no answer, no such address, or one in
    another municipality. It is False where nothing was asked, for want of a geocoder or of a whole address.
    """

    lat: float
    lon: float
    source: Literal["pdok", "postcode"]
    flagged: bool


def geocoder_at(url: str, timeout_s: float) -> PDOK | None:
    """A geocoder that asks this server, or None for an empty address: then postcodes must do."""
    return PDOK(url, timeout_s=timeout_s) if url else None


def locate(
    geocoder: PDOK | None, postcode: Postcode, house_number: str, municipality_id: int, fallback: Point
) -> Located:
    """The point of an address in this municipality, or ``fallback``, the postcode's own.

    Never raises, and returns within the geocoder's guard's time. Not for inside a transaction: it may take
    that long.
    """
    number = _HOUSE_NUMBER.match(house_number)
    if geocoder is None or postcode.letters is None or number is None:
        return Located(*fallback, source="postcode", flagged=False)
    try:
        point = _asked(geocoder, Address(postcode, int(number[1])), municipality_id)
    except NoAnswer as reason:
        _log.warning("geocoder gave nothing usable: %s", reason)
        return Located(*fallback, source="postcode", flagged=True)
    return Located(*point, source="pdok", flagged=False)


def _asked(geocoder: PDOK, address: Address, municipality_id: int) -> Point:
    found = geocoder.guard.call(lambda: geocoder.geocode(address))
    if found is None:
        raise NoAnswer("no such address")
    if found.raw["municipality_id"] != municipality_id:
        raise NoAnswer("in another municipality")
    if not is_dutch(found.latitude, found.longitude):
        raise NoAnswer("outside the Netherlands")
    return found.latitude, found.longitude
