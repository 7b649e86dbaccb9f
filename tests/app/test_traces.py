"""Spans for a collector: one for each request and job, of routes and not of people, and never in anybody's way."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.db import Database as Program
from app.jobs.worker import queue_app
from app.watching.traces import SERVER, Span, Traces, parent_of
from tests.clients import TestClient
from tests.databases import Database
from tests.sites import a_program, a_site

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PATIENCE_S = 20


@dataclass
class Collector:
    """Takes what it is sent."""

    address: str = ""
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)

    def spans(self, number: int) -> list[dict[str, Any]]:
        """So many, once they are here."""
        until = time.monotonic() + PATIENCE_S
        while len(found := self._spans()) < number:
            assert time.monotonic() < until, found
            time.sleep(0.02)
        return found

    def _spans(self) -> list[dict[str, Any]]:
        return [
            span
            for body in list(self.got)
            for resource in body["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if found.status == 200 and self.path == "/v1/traces":
                found.got.append(json.loads(body))
            self.send_response(found.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def traced(database: Database) -> Iterator[Program]:
    made = a_program(database.app_url, pool_size=2)
    yield made
    made.close()


def test_a_request_is_a_span_of_its_route_in_the_trace_that_it_came_with(
    traced: Program, collector: Collector, tmp_path: Path
) -> None:
    site = a_site(Settings(data_dir=tmp_path, traces_to=collector.address), traced)
    with TestClient(site, base_url="https://localhost", raise_server_exceptions=False) as browser:
        path = "/hulpvragen/01890000-0000-7000-8000-000000000000?wie=ria@voorbeeld.nl"
        answer = browser.get(path, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
        browser.get("/zo-werkt-het", headers={"traceparent": "no such thing"})

    first, second = collector.spans(2)
    assert (first["traceId"], first["parentSpanId"]) == (TRACE, PARENT)
    assert first["spanId"] == answer.headers["X-Request-ID"]
    assert (first["name"], first["kind"]) == ("GET /hulpvragen/{id}", SERVER)
    said = {one["key"]: one["value"] for one in first["attributes"]}
    assert said["http.response.status_code"] == {"intValue": "404"}
    assert int(first["endTimeUnixNano"]) > int(first["startTimeUnixNano"])
    assert (len(second["traceId"]), second["parentSpanId"]) == (32, "")
    assert "ria@" not in json.dumps(collector.got)
    assert "01890000" not in json.dumps(collector.got)


def test_a_job_is_a_span_and_one_that_fails_says_so(
    traced: Program, collector: Collector, database: Database, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, traces_to=collector.address)
    tasks = queue_app(settings, traced, database.app_url).tasks
    tasks["push.send"].func(
        device_id="01890000-0000-7000-8000-000000000000", person_id="01890000-0000-7000-8000-000000000001"
    )
    with pytest.raises(ValueError, match="badly formed"):
        tasks["push.send"].func(device_id="niets", person_id="niets")

    spans = collector.spans(2)
    assert [(one["name"], one["status"]["code"]) for one in spans] == [("push.send", 0), ("push.send", 2)]
    assert "01890000" not in json.dumps(collector.got)


def test_a_collector_that_is_away_or_full_holds_nobody_up(collector: Collector) -> None:
    collector.status = 503
    for address in ("http://127.0.0.1:1", collector.address):
        traces = Traces(address, "web")
        began = time.monotonic()
        for _ in range(5_000):
            traces.add(Span("GET /", SERVER, TRACE, PARENT, "", 1, 2, {}))
        assert time.monotonic() - began < 2
        until = time.monotonic() + PATIENCE_S
        while traces.lost < 5_000:  # to the last, or they are sent while another test runs
            assert time.monotonic() < until, traces.lost
            time.sleep(0.05)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "00-0-0-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
    ],
)
def test_what_is_no_trace_begins_one(header: str) -> None:
    trace, parent = parent_of(header)

    assert (len(trace), parent) == (32, "")
