"""Our own key towards push services (VAPID, RFC 8292): whoever shows it is the site that the browser agreed to.

The libraries are loaded where they are used: they bring a cryptography of their own.
"""

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from app.config import Settings
from app.push.sealing import decoded, unpadded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SECRET_BYTES: Final = 32
TOKEN_S: Final = 12 * 3600
"""Half of what RFC 8292 allows; a clock may be wrong."""


def new_secret() -> str:
    """A private key on P-256, as the setting holds it."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return unpadded(number.to_bytes(SECRET_BYTES, "big"))


def public_key(settings: Settings) -> str:
    """What a page gives the browser; empty where nothing is set, and then no page offers it."""
    return unpadded(public_bytes(settings.push_key)) if settings.push_key else ""


def public_bytes(secret: SecretStr) -> bytes:
    """The public half, as 65 bytes."""
    return _public(secret.get_secret_value())


@lru_cache(maxsize=4)
def _public(secret: str) -> bytes:
    from cryptography.hazmat.primitives import serialization

    form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return _private(secret).public_key().public_bytes(*form)


def _private(secret: str) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(decoded(secret), "big"), ec.SECP256R1())


def authorization(settings: Settings, origin: str) -> str:
    """The header that a push service at this origin asks for; it names the site and no person.

    Signed by the computer's own clock, whatever a demonstration has done to time.
    """
    from cryptography.hazmat.primitives import serialization
    from joserfc import jwt
    from joserfc.jwk import ECKey

    assert settings.push_key is not None, "nobody asks without a key"
    secret = settings.push_key.get_secret_value()
    pem = _private(secret).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    said = {"aud": origin, "exp": int(time.time()) + TOKEN_S, "sub": _contact(settings)}
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, said, ECKey.import_key(pem))
    return f"vapid t={token}, k={unpadded(_public(secret))}"


def _contact(settings: Settings) -> str:
    """Where a push service finds whoever runs this."""
    from email.utils import parseaddr

    address = settings.address
    return address if address.startswith("https://") else f"mailto:{parseaddr(settings.mail_from)[1]}"
