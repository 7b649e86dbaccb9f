"""Traces for whoever has a collector: a span for each request and each job, as OpenTelemetry's OTLP over HTTP in JSON.

https://opentelemetry.io/docs/specs/otlp: a few fields of a stable format, sent by a thread of its own, a handful at a
time. What a collector does not take in time is let go of, and counted. A span says which route, how long, and how it
ended: no path, nobody.
"""

import json
import logging
import os
import queue
import re
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from app import outgoing
from app.config import Settings

WAITING_MAX: Final = 2_000
AT_ONCE: Final = 200
EVERY_S: Final = 2.0
WITHIN_S: Final = 3.0
SERVER: Final = 2
CONSUMER: Final = 5
PARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
"""The header `traceparent` of W3C Trace Context."""
log = logging.getLogger("zorgvoorelkaar.traces")


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took a while."""

    name: str
    kind: int
    trace: str
    number: str
    parent: str
    began_ns: int
    ended_ns: int
    said: Mapping[str, str | int]
    failed: bool = False

    def as_json(self) -> dict[str, Any]:
        """As OTLP writes it."""
        return {
            "traceId": self.trace, "spanId": self.number, "parentSpanId": self.parent, "name": self.name,
            "kind": self.kind, "startTimeUnixNano": str(self.began_ns), "endTimeUnixNano": str(self.ended_ns),
            "attributes": _attributes(self.said), "status": {"code": 2 if self.failed else 0},
        }  # fmt: skip


def _attributes(said: Mapping[str, str | int]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in said.items()
    ]


def parent_of(header: str) -> tuple[str, str]:
    """The trace that a request belongs to and its span there; a new trace without one."""
    found = PARENT.fullmatch(header)
    return (found[1], found[2]) if found else (secrets.token_hex(16), "")


class Traces:
    """Spans on their way; ``part`` is what this process is."""

    def __init__(self, address: str, part: str) -> None:
        self._url = f"{address.rstrip('/')}/v1/traces"
        self._resource = {
            "service.name": "zorgvoorelkaar", "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
            "zorgvoorelkaar.part": part,
        }  # fmt: skip
        self._waiting: queue.Queue[Span] = queue.Queue(WAITING_MAX)
        self.lost = 0
        threading.Thread(target=self._run, name="traces", daemon=True).start()

    def add(self, span: Span) -> None:
        """Never waits."""
        try:
            self._waiting.put_nowait(span)
        except queue.Full:
            self.lost += 1

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """A span around a job."""
        began, failed = time.time_ns(), True
        try:
            yield
            failed = False
        finally:
            said = {"messaging.system": "procrastinate", "messaging.operation.name": name}
            self.add(
                Span(
                    name, CONSUMER, secrets.token_hex(16), secrets.token_hex(8), "", began, time.time_ns(),
                    said, failed,
                )
            )  # fmt: skip

    def _run(self) -> None:
        while True:
            spans = [self._waiting.get()]
            until = time.monotonic() + EVERY_S
            while len(spans) < AT_ONCE and (left := until - time.monotonic()) > 0:
                try:
                    spans.append(self._waiting.get(timeout=left))
                except queue.Empty:
                    break
            self._send(spans)

    def _send(self, spans: list[Span]) -> None:
        body = {
            "resourceSpans": [
                {
                    "resource": {"attributes": _attributes(self._resource)},
                    "scopeSpans": [
                        {"scope": {"name": "zorgvoorelkaar"}, "spans": [span.as_json() for span in spans]}
                    ],
                }
            ]
        }
        try:
            with outgoing.client([self._url], timeout_s=WITHIN_S) as client:
                answer = outgoing.fetch(
                    client, "POST", self._url, within_s=WITHIN_S, content=json.dumps(body).encode(),
                    headers={"Content-Type": "application/json"},
                )  # fmt: skip
            taken = answer.status < HTTPStatus.MULTIPLE_CHOICES
        except outgoing.Unreached as error:
            log.warning("the collector of traces does not answer: %s", error)
            taken = False
        self.lost += 0 if taken else len(spans)


def traces_of(settings: Settings, part: str) -> Traces | None:
    """Where the settings name a collector."""
    return Traces(settings.traces_to, part) if settings.traces_to else None
