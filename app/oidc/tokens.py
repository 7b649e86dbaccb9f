"""Whether an ID token is what this provider says to us, about this very attempt, now (OpenID Connect Core 3.1.3.7).

The library is loaded where it is used: it brings a cryptography of its own.
"""

import hmac
import time
from typing import TYPE_CHECKING, Any

from app.access.sign_in import FRESH_FOR
from app.oidc.errors import AnswerRefused, TooWeak
from app.oidc.metadata import Talk
from app.oidc.models import OidcProvider

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signed with a key that only the provider has: neither ``none`` nor one that we share with it."""
LEEWAY_S = 60
AGE_S_MAX = 600
SECOND_AGE_S = int(FRESH_FOR.total_seconds())
TOKEN_LENGTH_MAX = 20_000
SUBJECT_LENGTH_MAX = 255
Claims = dict[str, Any]


def id_token_claims(talk: Talk, provider: OidcProvider, token: object, nonce: str) -> Claims:
    """The claims of a token that holds. Raises AnswerRefused, TooWeak, ProviderDown."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    if not isinstance(token, str) or token.count(".") != 2 or len(token) > TOKEN_LENGTH_MAX:
        raise AnswerRefused("no-id-token")
    claims = signed(talk, provider, token)
    registry = jwt.JWTClaimsRegistry(
        now=lambda: int(time.time()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise AnswerRefused(f"claims-{error.error}") from None
    _more(provider, claims, nonce)
    return claims


def _more(provider: OidcProvider, claims: Claims, nonce: str) -> None:
    """What the library leaves to us: for nobody beside us, fresh, this attempt's, and strong enough."""
    if claims["aud"] not in (provider.client_id, [provider.client_id]):
        raise AnswerRefused("other-audience")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise AnswerRefused("other-party")
    if claims["iat"] < time.time() - AGE_S_MAX:
        raise AnswerRefused("stale-token")
    if not 0 < len(claims["sub"]) <= SUBJECT_LENGTH_MAX:
        raise AnswerRefused("no-subject")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise AnswerRefused("other-nonce")
    if provider.acr_values and claims.get("acr") not in provider.acr_values:
        raise TooWeak


def shows_second(provider: OidcProvider, claims: Claims) -> bool:
    """Whether a token says that a second proof was shown just now, in the words that the municipality named.

    ``auth_time`` has to say when: whoever is still known there from this morning has shown nothing now.
    """
    if not counts_second(provider):
        return False
    at, methods = claims.get("auth_time"), claims.get("amr")
    if isinstance(at, bool) or not isinstance(at, int | float) or at < time.time() - SECOND_AGE_S - LEEWAY_S:
        return False
    if provider.second_acr and claims.get("acr") not in provider.second_acr:
        return False
    shown = [name for name in methods if isinstance(name, str)] if isinstance(methods, list) else []
    return not provider.second_amr or not set(shown).isdisjoint(provider.second_amr)


def counts_second(provider: OidcProvider) -> bool:
    """Whether the municipality takes a second proof that was shown to this provider."""
    return bool(provider.second_acr or provider.second_amr)


def signed(talk: Talk, provider: OidcProvider, token: str) -> Claims:
    """The claims under a signature of the provider's, whose keys may have changed since we asked for them."""
    from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

    keys = talk.keys(provider)
    try:
        try:
            return _opened(token, keys)
        except (InvalidKeyIdError, BadSignatureError):
            newer = talk.keys(provider, anew=True)
            if newer is None:
                raise
            return _opened(token, newer)
    except JoseError as error:
        raise AnswerRefused(f"signature-{error.error}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise AnswerRefused("garbled-token") from None


def _opened(token: str, keys: "KeySet | None") -> Claims:
    from joserfc import jwt

    if keys is None:
        raise AnswerRefused("no-keys")
    claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    if not isinstance(claims, dict):
        raise AnswerRefused("garbled-token")
    return claims
