"""How we prove to a provider that we are its client; the secret is read each time from where it is kept."""

import json
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from app.oidc.errors import ProviderDown
from app.oidc.metadata import Metadata, log
from app.oidc.models import ClientAuth, OidcProvider

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_S = 60


def as_client(provider: OidcProvider, metadata: Metadata, sent: dict[str, str]) -> dict[str, Any]:
    """What goes beside the form; some ways add to the form itself. Raises ProviderDown without a secret."""
    if provider.client_auth is ClientAuth.NONE:
        return {}
    secret = secret_of(provider)
    if provider.client_auth is ClientAuth.BASIC:  # RFC 6749 2.3.1: both are form-encoded first
        return {"auth": (quote(provider.client_id, safe=""), quote(secret, safe=""))}
    if provider.client_auth is ClientAuth.POST:
        sent["client_secret"] = secret
        return {}
    sent["client_assertion_type"] = ASSERTION
    sent["client_assertion"] = _assertion(provider, metadata, secret)
    return {}


def secret_of(provider: OidcProvider) -> str:
    """The secret, or the private JWK, without the line end of a file. Raises ProviderDown."""
    kind, _, where = provider.secret_from.partition(":")
    try:
        found = os.environ[where] if kind == "env" else Path(where).read_text(encoding="utf-8")
    except (KeyError, OSError, UnicodeDecodeError):
        log.error("the secret of provider %s is not where it should be", provider.id)
        raise ProviderDown("no-secret") from None
    return found.strip()


def _assertion(provider: OidcProvider, metadata: Metadata, secret: str) -> str:
    """A word of ours under our own key (RFC 7523), good for a minute."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey, import_key

    now = int(time.time())
    claims = {"iss": provider.client_id, "sub": provider.client_id, "aud": metadata.issuer,
              "jti": str(uuid4()), "iat": now, "exp": now + ASSERTION_S}  # fmt: skip
    try:
        key = import_key(json.loads(secret))
        algorithm = {RSAKey: "PS256", ECKey: "ES256"}[type(key)]
        header = {"alg": algorithm, **({"kid": key.kid} if key.kid else {})}
        return jwt.encode(header, claims, key, algorithms=[algorithm])
    except (JoseError, ValueError, KeyError, TypeError):
        log.error("the key of provider %s cannot be used", provider.id)
        raise ProviderDown("no-key") from None
