"""What every generated method goes through: a token, an answer or a problem, trying again, and the next page."""

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

PREFIX: Final = "/api/v1"
AGAIN: Final = frozenset({429, 503})
WAIT_S_MAX: Final = 60.0
SAFE: Final = frozenset({"GET", "PUT", "DELETE"})
"""What may be sent twice; a POST may with a key."""


class Problem(Exception):
    """A refusal, as RFC 9457 says it."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(said.get("code", ""))
        self.detail = str(said.get("detail", ""))
        self.details: dict[str, str] = dict(said.get("details") or {})
        self.errors: list[dict[str, Any]] = list(said.get("errors") or [])
        super().__init__(f"{status} {said.get('title', '')}: {self.detail or self.code}")


class NoAnswer(Exception):
    """The line broke as often as was tried; whether it was done is not known, but for what had a key."""


class Calls:
    """The line to one installation, in the name of whose token this is; ``acting_for`` is a representation's key."""

    def __init__(  # noqa: PLR0913 - what a line may be told
        self, address: str, token: str = "", *, acting_for: str = "", timeout_s: float = 15.0, tries: int = 3,
        transport: httpx.BaseTransport | None = None, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if acting_for:
            headers["Namens"] = acting_for
        self._client = httpx.Client(
            base_url=address.rstrip("/"), headers=headers, timeout=timeout_s, transport=transport
        )
        self._tries, self._sleep = tries, sleep

    def __enter__(self) -> Self:
        """The same."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the line."""
        self.close()

    def close(self) -> None:
        """Let go of the line."""
        self._client.close()

    def call(  # noqa: PLR0913 - what an operation may have
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None,
        key: str | None = None, keyed: bool = False, no_bsn: bool = False, files: Mapping[str, Any] | None = None,
    ) -> Any:  # fmt: skip
        """What an operation answers. Raises Problem, NoAnswer."""
        headers = {}
        if keyed:
            headers["Idempotency-Key"] = key or uuid4().hex
        if no_bsn:
            headers["Geen-BSN"] = "ja"
        answer = self._answer(
            method, PREFIX + path, headers, again=keyed or method in SAFE,
            params=_plain(query), **({"data": body, "files": files} if files else {"json": body}),
        )  # fmt: skip
        return _content(answer)

    def every(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """The rows of all pages, asked for as they are needed."""
        answer = self._answer("GET", PREFIX + path, {}, again=True, params=_plain(query))
        while True:
            yield from _content(answer)
            following = answer.links.get("next", {}).get("url")
            if not following:
                return
            answer = self._answer("GET", following, {}, again=True)

    def _answer(
        self, method: str, path: str, headers: dict[str, str], *, again: bool, **rest: Any
    ) -> httpx.Response:
        for left in range(self._tries - 1, -1, -1):
            try:
                answer = self._client.request(method, path, headers=headers, **rest)
            except httpx.TransportError as broken:
                if not (again and left):
                    raise NoAnswer(type(broken).__name__) from broken
                self._sleep(0.5)
                continue
            if not (answer.status_code in AGAIN and again and left):
                return answer
            self._sleep(_wait_s(answer))
        raise NoAnswer("not tried")


def _wait_s(answer: httpx.Response) -> float:
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), WAIT_S_MAX) if asked.isascii() and asked.isdigit() else 1.0


def _content(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        said = answer.json()
    except ValueError:
        said = {}
    raise Problem(answer.status_code, said if isinstance(said, dict) else {})


def _plain(query: Mapping[str, Any] | None) -> dict[str, Any]:
    """Without what was left out; yes and no as the API reads them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in (query or {}).items()
        if value is not None
    }


def in_path(value: object) -> str:
    """A key as it stands in a path."""
    return quote(str(value), safe="")
