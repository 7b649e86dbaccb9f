"""Whether a webhook comes from whom it says, and what happened. Standard Webhooks: https://www.standardwebhooks.com."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

PREFIX: Final = "whsec_"
LATE_S_MAX: Final = 300


class NotOurs(Exception):
    """Not signed with this secret, or of another time: nothing is to be done with it."""


class About(TypedDict):
    """What it is about: a key to read the rest with, and where."""

    id: NotRequired[str]
    gemeente: int


class Happened(TypedDict):
    """The body of a webhook."""

    type: str
    timestamp: str
    data: About


def opened(
    body: bytes, headers: Mapping[str, str], secret: str, *, now_s: float | None = None
) -> tuple[str, Happened]:
    """The webhook-id, by which the same told twice is known, and what happened. Raises NotOurs."""
    said = {name.lower(): value for name, value in headers.items()}
    try:
        number, at = said["webhook-id"], int(said["webhook-timestamp"])
        marks = [
            part.removeprefix("v1,") for part in said["webhook-signature"].split() if part.startswith("v1,")
        ]
    except (KeyError, ValueError):
        raise NotOurs("a header is missing") from None
    if abs((time.time() if now_s is None else now_s) - at) > LATE_S_MAX:
        raise NotOurs("of another time")
    key = base64.b64decode(secret.removeprefix(PREFIX))
    right = base64.b64encode(hmac.digest(key, f"{number}.{at}.".encode() + body, hashlib.sha256)).decode()
    if not any(hmac.compare_digest(mark.encode(), right.encode()) for mark in marks):
        raise NotOurs("not signed with this secret")
    happened: Happened = json.loads(body)
    return number, happened
