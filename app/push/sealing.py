"""What a push service carries and cannot read: RFC 8291, which is RFC 8188 with keys that the browser made.

The library is loaded where it is used: it brings a cryptography of its own.
"""

import base64
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

RECORD_BYTES: Final = 4096
"""The one record that a push service takes at most."""
PADDED_BYTES: Final = 64
"""Every message is as long as every other: its length says nothing."""
KEY_BYTES: Final = 65
AUTH_BYTES: Final = 16


def unpadded(value: bytes) -> str:
    """Base64url as the web writes it."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(value: str) -> bytes:
    """The bytes of it; raises ValueError for anything else."""
    raw = value.encode("ascii")
    return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)


def is_point(value: bytes) -> bool:
    """Whether it is a public key on P-256, uncompressed."""
    from cryptography.hazmat.primitives.asymmetric import ec

    if len(value) != KEY_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), value)
    except ValueError:
        return False
    return True


def sealed(
    words: bytes, public_key: bytes, auth: bytes,
    *, salt: bytes | None = None, own: "EllipticCurvePrivateKey | None" = None,
) -> bytes:  # fmt: skip
    """One record for the browser with these keys. ``salt`` and ``own`` are new each time; a test may say them."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(ec.SECP256R1())
    ours = own.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _stretched(shared, auth, b"WebPush: info\0" + public_key + ours, 32)
    key = _stretched(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _stretched(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, words + b"\x02", None)


def padded(words: bytes) -> bytes:
    """The words with spaces behind them, as JSON may have."""
    return words.ljust(PADDED_BYTES)


def _stretched(secret: bytes, salt: bytes, about: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt, about).derive(secret)
