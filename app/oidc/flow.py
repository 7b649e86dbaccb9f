"""There and back: the authorization code flow with PKCE, state, nonce and an address to return to per provider.

What proves that an answer belongs to an attempt is made anew from the browser's cookie and the installation's
secret: the database holds a hash, and nothing that would let somebody finish another's attempt. No call here
happens inside a transaction.
"""

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from app.oidc.claims import Arrived, arrived
from app.oidc.client_auth import as_client
from app.oidc.errors import AnswerRefused, OidcFailed, ProviderDown, ProviderRefused
from app.oidc.metadata import Metadata, Talk, as_object, log
from app.oidc.models import OidcProvider
from app.oidc.tokens import SECOND_AGE_S, counts_second, id_token_claims, shows_second


@dataclass(frozen=True, slots=True)
class Way:
    """One attempt, as its own browser knows it: what goes out in the address and what stays behind."""

    state: str
    verifier: str
    nonce: str


def way(secret: bytes, state: str, browser: str) -> Way:
    """The attempt of this browser; another cookie, or another installation, makes another."""

    def derived(purpose: str) -> str:
        text = f"oidc {purpose}\0{state}\0{browser}".encode()
        return base64.urlsafe_b64encode(hmac.new(secret, text, sha256).digest()).rstrip(b"=").decode()

    return Way(state, derived("verifier"), derived("nonce"))


def return_address(address: str, provider_id: UUID) -> str:
    """Where a provider sends people back to; one each, so that the answer of one cannot pass for another's."""
    return f"{address}/inloggen/terug/{provider_id}"


def authorization_url(talk: Talk, provider: OidcProvider, address: str, way: Way) -> str:
    """Where the browser goes. Raises ProviderDown."""
    challenge = base64.urlsafe_b64encode(sha256(way.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_address(address, provider.id),
        "scope": " ".join(["openid", *(scope for scope in provider.scopes if scope != "openid")]),
        "state": way.state,
        "nonce": way.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if levels := dict.fromkeys([*provider.acr_values, *provider.second_acr]):
        asked["acr_values"] = " ".join(levels)
    if counts_second(provider):
        asked["max_age"] = str(SECOND_AGE_S)
    return _with(talk.metadata(provider).authorization_endpoint, asked)


def sign_out_url(talk: Talk, provider: OidcProvider, address: str) -> str | None:
    """Where one signs out at the provider as well (RP-Initiated Logout 1.0); None where it has no such place."""
    there = talk.metadata(provider).end_session_endpoint
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": f"{address}/"}
    return _with(there, asked) if there else None


def _with(url: str, asked: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"


def came_back(talk: Talk, provider: OidcProvider, address: str, way: Way, answer: dict[str, str]) -> Arrived:
    """Who the provider says this is. Raises OidcFailed, of one kind or another, and nothing else."""
    try:
        return _came_back(talk, provider, address, way, answer)
    except OidcFailed as failure:
        log.warning("provider %s let nobody in: %s", provider.id, failure.reason)
        raise


def _came_back(talk: Talk, provider: OidcProvider, address: str, way: Way, answer: dict[str, str]) -> Arrived:
    metadata = talk.metadata(provider)
    if answer.get("iss", "" if metadata.says_issuer else provider.issuer) != provider.issuer:
        raise AnswerRefused("other-issuer")
    if "error" in answer:
        raise _refusal(answer["error"])
    if not answer.get("code"):
        raise AnswerRefused("no-code")
    tokens = _exchanged(talk, provider, metadata, return_address(address, provider.id), way, answer["code"])
    claims = id_token_claims(talk, provider, tokens.get("id_token"), way.nonce)
    about = _about(talk, provider, metadata, tokens, claims)
    if "email" in claims and claims["email"] != about.get("email"):
        about.pop("email_verified", None)  # that was said of another address
    return arrived(provider, {**about, **claims}, second=shows_second(provider, claims))


def _refusal(error: str) -> OidcFailed:
    if error in ("server_error", "temporarily_unavailable"):
        return ProviderDown(error)
    known = ("access_denied", "login_required", "interaction_required", "consent_required")
    return ProviderRefused(error if error in known else "other-error")


def _exchanged(
    talk: Talk, provider: OidcProvider, metadata: Metadata, back: str, way: Way, code: str
) -> dict[str, Any]:
    """The code for tokens. Raises AnswerRefused for a code that is not good, ProviderDown for all else."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": way.verifier, "client_id": provider.client_id}  # fmt: skip
    rest = as_client(provider, metadata, sent)
    answer = talk.ask(provider, "POST", metadata.token_endpoint, data=sent, **rest)
    if answer.status == 200:
        return as_object(answer.body)
    if answer.status in (400, 401) and as_object(answer.body).get("error") == "invalid_grant":
        raise AnswerRefused("code-refused")
    raise ProviderDown(f"token-status-{answer.status}")


def _about(
    talk: Talk, provider: OidcProvider, metadata: Metadata, tokens: dict[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """What the provider tells besides the ID token, about the same subject or not at all."""
    access = tokens.get("access_token")
    if not metadata.userinfo_endpoint or not isinstance(access, str) or not access.isascii():
        return {}
    answer = talk.json(
        provider, "GET", metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access}"}
    )
    if answer.get("sub") != claims["sub"]:
        raise AnswerRefused("other-subject")
    return answer
