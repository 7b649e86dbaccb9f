"""The register of companies (KvK): Zoeken version 2, and Basisprofiel version 1 for what a found company is.

    KvkError
      KeyRefused    401 or 403: the key is wrong, or not for this product
      Unavailable   down, slow, 5xx, or an answer that is none
        TooBusy     429; ``wait_s`` says how long, when the register did

Only a number of eight digits leaves the house; neither it nor the key is ever logged.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from app import outgoing
from app.categories.vocabulary import Check
from app.checks.numbers import register_number

KVK_URL: Final = "https://api.kvk.nl/api"
LARGEST_ANSWER_BYTES: Final = 512_000
"""The largest that the test data hold is a company with a thousand branches."""
LONGEST_NAME: Final = 200
NOTHING_FOUND: Final = frozenset({"IPD5200", "IPD0005"})
"""The register's codes for a number that it does not know; they come with status 404."""


class KvkError(Exception):
    """The register did not answer the question; the message holds no number and no key."""


class KeyRefused(KvkError):
    """The register does not accept our key."""


class Unavailable(KvkError):
    """No answer that can be used; asking again later may help."""


class TooBusy(Unavailable):
    """Too many questions at once."""

    def __init__(self, wait_s: int | None) -> None:
        super().__init__("too many questions")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Company:
    """What the makelaar compares with who sits at the table."""

    number: str
    name: str
    legal_form: str
    place: str
    active: bool


class Kvk:
    """The register behind one key. ``timeout_s`` is for a whole answer, however slowly it drips in.

    Raises NotOnTheList for an address that may not be asked.
    """

    def __init__(self, key: str, url: str = "", *, timeout_s: float = 5.0) -> None:
        self._key = key
        self._url = (url or KVK_URL).rstrip("/")
        self._origin = outgoing.origin_of(self._url)
        self._timeout_s = timeout_s

    def find(self, number: str) -> Company | None:
        """The company with this number, also when it has ended; None when the register knows none.

        Raises WrongNumber before anything is asked, and KvkError.
        """
        number = register_number(Check.KVK, number)
        with outgoing.client([self._origin], timeout_s=self._timeout_s) as client:
            asked = {"kvkNummer": number, "inclusiefInactieveRegistraties": "true"}
            found = self._ask(client, "/v2/zoeken", asked)
            if found is None:
                return None
            rows = _rows(found, number)
            if not rows:
                return None
            profile = self._ask(client, f"/v1/basisprofielen/{number}", {})
        return _company(number, rows, profile)

    def _ask(self, client: "outgoing.Client", path: str, asked: dict[str, str]) -> dict[str, Any] | None:
        """The answer as JSON, None where there is none to find."""
        try:
            answer = outgoing.fetch(
                client, "GET", f"{self._url}{path}", within_s=self._timeout_s, bytes_max=LARGEST_ANSWER_BYTES,
                params=asked, headers={"apikey": self._key},
            )  # fmt: skip
        except outgoing.Unreached as error:
            raise Unavailable(str(error)) from None
        if answer.status == HTTPStatus.OK:
            return _json(answer.body)
        if answer.status == HTTPStatus.NOT_FOUND and _codes(answer.body) & NOTHING_FOUND:
            return None
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise KeyRefused(f"status {answer.status}")
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = answer.retry_after
            raise TooBusy(
                min(int(wait), 3600) if wait.isascii() and wait.isdigit() and len(wait) < 9 else None
            )
        raise Unavailable(f"status {answer.status}")


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise Unavailable("not JSON") from None
    if not isinstance(answer, dict):
        raise Unavailable("not an answer of the register")
    return answer


def _codes(body: bytes) -> set[str]:
    """The codes in the register's own report of an error; any other 404 is none of its answers."""
    try:
        faults = _json(body).get("fout")
    except Unavailable:
        return set()
    if not isinstance(faults, list):
        return set()
    return {str(fault.get("code")) for fault in faults if isinstance(fault, dict)}


def _rows(found: dict[str, Any], number: str) -> list[dict[str, Any]]:
    """The results about this very number."""
    rows = found.get("resultaten")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unavailable("not an answer of the register")
    return [row for row in rows if row.get("kvkNummer") == number]


def _company(number: str, rows: list[dict[str, Any]], profile: dict[str, Any] | None) -> Company:
    """Search says whether it is active and where; the profile says its name and its form, when it may be read."""
    profile = profile or {}
    if profile.get("kvkNummer", number) != number:
        raise Unavailable("not an answer of the register")
    name = _text(profile.get("naam")) or next((said for row in rows if (said := _text(row.get("naam")))), "")
    if not name:
        raise Unavailable("a company without a name")
    inside = _inside(profile, "_embedded")
    ended = bool(_inside(profile, "materieleRegistratie").get("datumEinde"))
    return Company(
        number=number,
        name=name,
        legal_form=_text(_inside(inside, "eigenaar").get("rechtsvorm")),
        place=next((said for row in rows if (said := _place(row))), ""),
        active=not ended and any(row.get("actief", "Ja") != "Nee" for row in rows),
    )


def _place(row: dict[str, Any]) -> str:
    return _text(_inside(_inside(row, "adres"), "binnenlandsAdres").get("plaats"))


def _inside(outer: dict[str, Any], name: str) -> dict[str, Any]:
    inner = outer.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(value: object) -> str:
    """One line; anything that is no text is left out."""
    return " ".join(value.split())[:LONGEST_NAME].replace("\0", "") if isinstance(value, str) else ""
