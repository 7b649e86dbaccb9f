"""The secret of this installation, and tokens that are kept as hashes only."""

import os
import secrets
from hashlib import sha256

from app.config import Settings


def installation_secret(settings: Settings) -> bytes:
    """From the environment, or kept under the data directory, readable by its owner only."""
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.data_dir / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def new_token() -> str:
    """256 random bits for a cookie or a header."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return sha256(token.encode()).digest()
