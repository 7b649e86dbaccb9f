"""A mail server for tests, as well or as ill as one asks, with a certificate that nobody vouches for."""

import datetime as dt
import socket
import socketserver
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Ill(StrEnum):
    """What may be the matter with a mail server."""

    SLOW = "says nothing for a minute"
    AWAY = "refuses the line"
    LATER = "asks to come back"
    NEVER = "does not want it"
    DROPS = "breaks off halfway"


class Postman:
    """Listens on two names of this machine; ``came`` has the recipient of each mail that was taken."""

    def __init__(self, certificate: ssl.SSLContext) -> None:
        self.ill: Ill | None = None
        self.offers_tls = False
        self.came: list[str] = []
        self.well = threading.Event()
        self.certificate = certificate
        self.server = _Server(("127.0.0.1", 0), _Call)
        self.other = _Server(("127.0.0.2", 0), _Call)
        self.tls = _Server(("127.0.0.1", 0), _Call)
        self.tls.socket = certificate.wrap_socket(self.tls.socket, server_side=True)
        self.servers = (self.server, self.other, self.tls)
        for one in self.servers:
            one.postman = self

    @property
    def address(self) -> str:
        """As it stands in the settings."""
        return f"smtp://127.0.0.1:{self.server.server_address[1]}"

    @property
    def elsewhere(self) -> str:
        """The same under a name that is not this machine's own, as our settings see it."""
        return f"smtp://127.0.0.2:{self.other.server_address[1]}"

    @property
    def tls_address(self) -> str:
        """Where only TLS is spoken."""
        return f"smtps://127.0.0.1:{self.tls.server_address[1]}"

    def recover(self) -> None:
        """Take mail again, from whoever still waits too."""
        self.ill = None
        self.well.set()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    postman: Postman

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is what these tests are about."""


class _Call(socketserver.StreamRequestHandler):
    to = ""

    def handle(self) -> None:
        """One client, by the letter of SMTP, or not."""
        self.postman = cast("_Server", self.server).postman
        if self.postman.ill is Ill.AWAY:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        elif self.postman.ill is Ill.SLOW:
            self.postman.well.wait(60)
        else:
            self._say("220 here")
            while (line := self.rfile.readline().decode().strip()) and self._answered(line):
                continue

    def _answered(self, line: str) -> bool:
        """Whether one goes on after this line."""
        match line.upper()[:4]:
            case "EHLO" if self.postman.offers_tls:
                self._say("250-here\r\n250 STARTTLS")
            case "STAR":
                self._say("220 go on")
                self.request = self.postman.certificate.wrap_socket(self.request, server_side=True)
                self.setup()
            case "RCPT":
                self.to = line.partition("<")[2].partition(">")[0]
                refusals = {Ill.LATER: "451 later", Ill.NEVER: "550 never"}
                self._say(refusals.get(self.postman.ill or Ill.AWAY, "250 yes"))
            case "DATA":
                self._say("354 go on")
                while self.rfile.readline().rstrip(b"\r\n") != b".":
                    if self.postman.ill is Ill.DROPS:
                        return False
                self.postman.came.append(self.to)
                self._say("250 taken")
            case _:  # also to QUIT, where another word is due: what was taken is taken
                self._say("250 yes")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def _nobodys_certificate() -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "both.pem"
        plain = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        place.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(place)
    return context


@contextmanager
def a_postman() -> Iterator[Postman]:
    """At work until the end of the block."""
    postman = Postman(_nobodys_certificate())
    threads = [threading.Thread(target=one.serve_forever) for one in postman.servers]
    for thread in threads:
        thread.start()
    try:
        yield postman
    finally:
        postman.well.set()
        for one in postman.servers:
            one.shutdown()
            one.server_close()
        for thread in threads:
            thread.join()
