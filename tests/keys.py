"""A passkey in software: what a telephone would send, and what a thief might."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
ADDRESS = "http://localhost:8000"


class Key:
    """One credential on one device; ``count`` is what its counter says next."""

    def __init__(self, origin: str = ADDRESS, rp_id: str = "localhost", *, counts: bool = True) -> None:
        self.origin, self.rp_id, self.counts = origin, rp_id, counts
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.handle = b""
        self.count = 0
        self.flags = PRESENT | VERIFIED

    def made(self, options: str) -> str:
        """The answer to an invitation to make a key."""
        asked = json.loads(options)
        self.handle = _bytes(asked["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        said = self._said("webauthn.create", asked["challenge"])
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + about})
        return self._sent({"clientDataJSON": _text(said), "attestationObject": _text(attested)})

    def shown(self, options: str) -> str:
        """The answer to an invitation to use it."""
        self.count += self.counts
        said, data = self._said("webauthn.get", json.loads(options)["challenge"]), self._data(0)
        signature = self.private.sign(data + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(
            {
                "clientDataJSON": _text(said), "authenticatorData": _text(data), "signature": _text(signature),
                "userHandle": _text(self.handle),
            }
        )  # fmt: skip

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: int) -> bytes:
        return (
            sha256(self.rp_id.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")
        )

    def _sent(self, response: dict[str, Any]) -> str:
        name = _text(self.id)
        sent = {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
        return json.dumps(sent)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
