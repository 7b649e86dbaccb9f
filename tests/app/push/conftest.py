"""A worker with a key towards push services, and a server on this machine that behaves like one."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.config import Settings
from app.db import Database as Program
from app.jobs import timetable
from app.jobs.work import Work
from app.push import keys
from app.push.sealing import unpadded
from app.push.service import NewDevice
from tests.app.conftest import rows_of
from tests.databases import Database

KEY = keys.new_secret()
TASKS = {task.name: task.run for task in timetable.DEFERRED}
DUE = (
    "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id) FROM procrastinate_jobs"
    " WHERE status = 'todo' AND task_name = ANY(:names)) RETURNING task_name, args"
)


@dataclass
class PushService:
    """Takes what is posted and answers as it is told; it cannot read a word of it."""

    origin: str = ""
    status: int = 201
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def push_service() -> Iterator[PushService]:
    """At an address of this machine."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            service.got.append(
                (self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            self.send_response(service.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield service
    server.shutdown()
    server.server_close()


@dataclass
class Browser:
    """What a browser keeps to itself, and what it hands over."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen bytes ok"

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def agrees(self, settings: Settings, **other: str) -> NewDevice:
        """What the page posts for it."""
        said = {
            "adres": self.endpoint, "sleutel": unpadded(self.public), "geheim": unpadded(self.auth),
            "onzeSleutel": keys.public_key(settings),
        }  # fmt: skip
        return NewDevice.model_validate(said | other)

    def reads(self, body: bytes) -> dict[str, Any]:
        """Open it as RFC 8291 says, in other words than ours."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert (length, len(sealed) <= size) == (65, True)
        server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), server)
        first = HKDF(SHA256(), 32, self.auth, b"WebPush: info\x00" + self.public + theirs).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(first)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(first)
        words = AESGCM(key).decrypt(nonce, sealed, None)
        assert words[-1:] == b"\x02"
        return dict(json.loads(words[:-1]))


@pytest.fixture
def work(program: Program, tmp_path: Path, push_service: PushService) -> Work:
    """A worker that posts to that server only."""
    said = {"data_dir": tmp_path, "base_url": "https://zve.example", "push_key": KEY}
    return Work(Settings(**said, push_services=push_service.origin), program)  # type: ignore[arg-type]


@pytest.fixture
def done(work: Work, fresh_database: Database) -> Callable[[], None]:
    """Does all that waits to be told and shown, also what would wait a few minutes or for the morning."""

    def run() -> None:
        while found := rows_of(fresh_database, DUE, names=["notices.mail", "push.send"]):
            ((name, args),) = found
            TASKS[name](work, **(json.loads(args) if isinstance(args, str) else args))

    return run
