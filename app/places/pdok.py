"""PDOK's Locatieserver, version 3.1, as a geocoder for geopy.

Only a postcode and a house number leave the house; neither is ever logged.
"""

import json
import re
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from app import outgoing
from app.places.outside import Guard
from app.places.postcodes import Postcode

PDOK_URL = "https://api.pdok.nl/bzk/locatieserver/search/v3_1"

_FIELDS = "type,postcode,huisnummer,gemeentecode,centroide_ll"
_POINT = re.compile(r"POINT\((-?[0-9]{1,3}(?:\.[0-9]{1,20})?) (-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\)")
_MUNICIPALITY = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Address:
    """What is asked for: a whole postcode and a house number without its addition."""

    postcode: Postcode
    house_number: int


class PDOK(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Geocodes Dutch addresses; ``guard`` serves callers that must not wait, such as ``locate``."""

    def __init__(self, url: str = PDOK_URL, *, timeout_s: float = 1.5, guard: Guard | None = None) -> None:
        super().__init__(
            timeout=timeout_s, user_agent=outgoing.USER_AGENT, adapter_factory=partial(HttpxAdapter, url)
        )
        self.url = url.rstrip("/")
        self.guard = guard or Guard(timeout_s)

    def geocode(self, query: Address, *, timeout: float | None = None) -> Location | None:
        """The address, ``raw['municipality_id']`` beside its point; None when PDOK knows no such address.

        Raises geopy's GeopyError when the server is down, slow, refuses or answers nonsense.
        """
        asked = {
            "q": f"{query.postcode.compact} {query.house_number}",
            "fq": [
                "type:adres",
                f"postcode:{query.postcode.compact}",
                f"huisnummer:{query.house_number}",
            ],
            "fl": _FIELDS,
            "rows": 5,
        }
        return self._call_geocoder(
            f"{self.url}/free?{urlencode(asked, doseq=True)}",
            lambda answer: _location(answer, query),
            timeout=timeout or self.timeout,
        )


def _location(answer: Any, asked: Address) -> Location | None:
    try:
        docs = answer["response"]["docs"]
        found = [doc for doc in docs if _is(doc, asked)]
    except (KeyError, TypeError, AttributeError) as error:
        raise GeocoderParseError("not an answer of the Locatieserver") from error
    if not found:
        return None
    point = _POINT.fullmatch(str(found[0].get("centroide_ll")))
    municipality = _MUNICIPALITY.fullmatch(str(found[0].get("gemeentecode")))
    if point is None or municipality is None:
        raise GeocoderParseError("an address without a point or a municipality")
    longitude, latitude = map(float, point.groups())
    label = f"{asked.postcode} {asked.house_number}"
    return Location(label, (latitude, longitude), {"municipality_id": int(municipality[0])})


def _is(doc: Any, asked: Address) -> bool:
    """Whether this is the address: the server also returns what merely resembles it."""
    return (
        doc.get("type") == "adres"
        and doc.get("postcode") == asked.postcode.compact
        and str(doc.get("huisnummer")) == str(asked.house_number)
    )


class HttpxAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """HTTP for geopy: no redirects, no compression, a small answer within its time."""

    def __init__(self, url: str, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._client = outgoing.client([url], timeout_s=1.5)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """The parsed answer."""
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise GeocoderParseError("not JSON") from None

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """The answer's body; raises what geopy expects of an adapter."""
        try:
            answer = outgoing.fetch(self._client, "GET", url, within_s=timeout, headers=headers)
        except outgoing.TooSlow:
            raise GeocoderTimedOut("too slow") from None
        except outgoing.AnswerTooLarge:
            raise GeocoderServiceError("too large") from None
        except outgoing.Unreached:
            raise GeocoderUnavailable("no connection") from None
        if answer.status != HTTPStatus.OK:
            # without its text, which geopy would log
            raise AdapterHTTPError(f"status {answer.status}", status_code=answer.status, headers={}, text="")
        try:
            return answer.body.decode()
        except UnicodeDecodeError:
            raise GeocoderParseError("not UTF-8") from None
