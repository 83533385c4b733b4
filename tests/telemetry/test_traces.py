"""Traces reach a collector by OTLP, with the names of the conventions and nothing else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from pratique.telemetry.telemetry import Telemetry
from pratique.telemetry.traces import Traces, otlp_exporter
from tests.telemetry.test_metrics import ALLOWED, facts


class Collector(HTTPServer):
    """Keeps what it is sent."""

    bodies: list[bytes]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector on loopback."""
    server = Collector(("127.0.0.1", 0), _Handler)
    server.bodies = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def sent(collector: Collector, share: float, **changes: object) -> list[dict[str, object]]:
    """The spans that *collector* gets of one request, by their attributes."""
    endpoint = f"http://127.0.0.1:{collector.server_address[1]}/v1/traces"
    telemetry = Telemetry(ALLOWED, traces=Traces(ALLOWED, otlp_exporter(endpoint), "1", share))
    telemetry.answered(facts(**changes))
    telemetry.close()
    spans: list[dict[str, object]] = []
    for body in collector.bodies:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    held: dict[str, object] = {"name": span.name}
                    for one in [*span.attributes, *span.events[0].attributes]:
                        held[one.key] = one.value.string_value or one.value.int_value
                    spans.append(held)
    return spans


def test_a_request_is_a_span_with_the_names_of_the_conventions(collector: Collector) -> None:
    """Any backend that knows them shows model, tokens and flag."""
    (span,) = sent(collector, 1.0)
    assert span["name"] == "chat embedded/rules"
    assert span["gen_ai.provider.name"] == "embedded"
    assert span["gen_ai.request.model"] == "rules"
    assert span["gen_ai.usage.input_tokens"] == 7
    assert span["feature_flag.key"] == "proofread"
    assert span["feature_flag.result.variant"] == "CN-proofread-en-1"


def test_nothing_unlisted_is_in_a_span(collector: Collector) -> None:
    """A mistake of ours in a field leaves it out."""
    sent(collector, 1.0, model="leak/leak", status="leak", release="leak", feature="leak")
    assert collector.bodies
    assert all(b"leak" not in body for body in collector.bodies)


def test_a_share_of_nothing_sends_nothing(collector: Collector) -> None:
    """The operator says how much is traced."""
    assert sent(collector, 0.0) == []
