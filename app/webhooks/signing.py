"""Standard Webhooks: what is posted, and the signature by which the other side knows that it comes from us.

https://www.standardwebhooks.com: HMAC-SHA256 over ``id.timestamp.body``, in the headers webhook-id, webhook-timestamp
and webhook-signature.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC
from typing import Final
from uuid import UUID

from app.webhooks.models import WebhookMessage

PREFIX: Final = "whsec_"


def key_of(secret: bytes, webhook_id: UUID, turn: int) -> bytes:
    """The key of an address: 32 bytes that follow from the installation's secret."""
    return hmac.digest(secret, b"webhook:" + webhook_id.bytes + turn.to_bytes(2, "big"), hashlib.sha256)


def shown(key: bytes) -> str:
    """As the other side types it over."""
    return PREFIX + base64.b64encode(key).decode()


def body_of(message: WebhookMessage) -> bytes:
    """What happened, when, where, and its key; nothing of anybody."""
    about: dict[str, str | int] = {"gemeente": message.municipality_id}
    if message.subject_id is not None:
        about = {"id": str(message.subject_id), **about}
    moment = message.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    said = {"type": message.kind, "timestamp": moment, "data": about}
    return json.dumps(said, separators=(",", ":")).encode()


def headers_of(message_id: UUID, at_s: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of one attempt; with two keys while a secret is being replaced."""
    signed = f"{message_id}.{at_s}.".encode() + body
    marks = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return {
        "Content-Type": "application/json",
        "webhook-id": str(message_id),
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
