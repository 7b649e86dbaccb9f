"""What a provider says about itself: its addresses and its keys, asked when needed and kept for an hour."""

import json
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.oidc.errors import ProviderDown
from app.oidc.models import OidcProvider
from app.outgoing import Answer, NotOnTheList, client, fetch, origin_of
from app.places.outside import Guard, NoAnswer

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

KEPT_S = 3600.0
AGAIN_S = 5.0
"""Keys are asked for anew when a token names one that we have not, though not more often than this."""
WITHIN_S = 4.0

log = logging.getLogger("zorgvoorelkaar.oidc")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The addresses of a provider, each at an origin that was allowed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    end_session_endpoint: str
    says_issuer: bool
    """Whether its answers carry ``iss`` (RFC 9207)."""


@dataclass(slots=True)
class _Known:
    """What this process knows of one provider."""

    guard: Guard
    metadata: Metadata | None = None
    metadata_at: float = 0.0
    keys: "KeySet | None" = None
    keys_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Talk:
    """Our side of the line to all providers. One of it serves a process; calls from threads are safe."""

    def __init__(
        self, *, within_s: float = WITHIN_S, kept_s: float = KEPT_S, again_s: float = AGAIN_S
    ) -> None:
        self.within_s = within_s
        self.kept_s = kept_s
        self.again_s = again_s
        self._known: dict[tuple[Any, str], _Known] = {}
        self._lock = threading.Lock()

    def metadata(self, provider: OidcProvider) -> Metadata:
        """The provider's addresses. Raises ProviderDown."""
        known = self._of(provider)
        if known.metadata is None or time.monotonic() - known.metadata_at > self.kept_s:
            found = self.json(
                provider, "GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            )
            known.metadata, known.metadata_at = _read(provider, found), time.monotonic()
        return known.metadata

    def keys(self, provider: OidcProvider, *, anew: bool = False) -> "KeySet | None":
        """The provider's public keys; with ``anew``, None when they were asked for a moment ago.

        Raises ProviderDown.
        """
        known = self._of(provider)
        age = time.monotonic() - known.keys_at
        with known.lock:
            if anew and known.keys is not None and age < self.again_s:
                return None
            if anew or known.keys is None or age > self.kept_s:
                found = self.json(provider, "GET", self.metadata(provider).jwks_uri)
                known.keys, known.keys_at = _key_set(found), time.monotonic()
            return known.keys

    def json(self, provider: OidcProvider, method: str, url: str, **rest: Any) -> dict[str, Any]:
        """The object that an address answers with 200. Raises ProviderDown."""
        answer = self.ask(provider, method, url, **rest)
        if answer.status != 200:
            raise ProviderDown(f"status-{answer.status}")
        return as_object(answer.body)

    def ask(self, provider: OidcProvider, method: str, url: str, **rest: Any) -> Answer:
        """An answer of the provider within its time, whatever its status. Raises ProviderDown."""

        def call() -> Answer:
            with client([provider.issuer, *provider.origins], timeout_s=self.within_s) as line:
                return fetch(line, method, url, within_s=self.within_s, **rest)

        try:
            return self._of(provider).guard.call(call)
        except NoAnswer as silence:
            raise ProviderDown(str(silence)) from None

    def _of(self, provider: OidcProvider) -> _Known:
        with self._lock:
            return self._known.setdefault(
                (provider.id, provider.issuer), _Known(Guard(self.within_s + 1, rest_s=20.0))
            )


def as_object(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises ProviderDown for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderDown("not-json") from None
    if not isinstance(found, dict):
        raise ProviderDown("not-an-object")
    return found


def _read(provider: OidcProvider, found: dict[str, Any]) -> Metadata:
    """Addresses that may be used: of this very issuer, over TLS, ours to call where we call them."""
    if found.get("issuer") != provider.issuer:
        raise ProviderDown("other-issuer")
    allowed = {origin_of(url) for url in (provider.issuer, *provider.origins)}

    def address(name: str, *, called: bool = True, needed: bool = True) -> str:
        url = found.get(name)
        if url is None and not needed:
            return ""
        try:
            origin = origin_of(url if isinstance(url, str) else "")
        except NotOnTheList:
            raise ProviderDown(f"no-{name}") from None
        if called and origin not in allowed:
            raise ProviderDown(f"{name}-elsewhere")
        return str(url)

    return Metadata(
        issuer=provider.issuer,
        authorization_endpoint=address("authorization_endpoint", called=False),
        token_endpoint=address("token_endpoint"),
        jwks_uri=address("jwks_uri"),
        userinfo_endpoint=address("userinfo_endpoint", needed=False),
        end_session_endpoint=address("end_session_endpoint", called=False, needed=False),
        says_issuer=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _key_set(found: dict[str, Any]) -> "KeySet":
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        return KeySet.import_key_set(found)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise ProviderDown("no-keys") from None
