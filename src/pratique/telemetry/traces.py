"""Traces by OpenTelemetry: a span a request, with the names of its GenAI and feature-flag conventions.

Names as in the semantic conventions 1.40 (attributes `gen_ai.*` and `feature_flag.*`, both in
development there). Attributes that hold content (`gen_ai.input.messages`, …) or name a person
(`feature_flag.context.id`) are not on our list, and are never set.
"""

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode

from pratique.telemetry.allowed import Allowed
from pratique.telemetry.calls import CallFacts

_NANO = 1_000_000_000


class Traces:
    """Sends spans to a collector, in the background, a stated share of them."""

    def __init__(
        self, allowed: Allowed, exporter: SpanExporter, version: str, share: float
    ) -> None:
        """Send *share* of the spans by *exporter*; *version* is the product's."""
        self._allowed = allowed
        about = {"service.name": "pratique", "service.version": version}
        self._provider = TracerProvider(
            # `create` would add what the environment says of this machine.
            resource=Resource(about),
            sampler=ParentBased(TraceIdRatioBased(share)),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("pratique", version)

    def answered(self, facts: CallFacts) -> None:
        """Send the span of one request."""
        began = int(facts.started * _NANO)
        span = self._tracer.start_span(
            f"chat {facts.model}" if self._allowed.holds("model", facts.model) else "chat",
            kind=SpanKind.CLIENT,
            start_time=began,
            attributes=self._attributes(facts),
        )
        flag = {
            "feature_flag.key": self._text("feature", facts.feature),
            "feature_flag.provider.name": "pratique",
            "feature_flag.result.variant": self._text("release", facts.release),
            "feature_flag.result.reason": "targeting_match",
        }
        span.add_event("feature_flag.evaluation", {k: v for k, v in flag.items() if v}, began)
        if facts.status == "failed":
            span.set_status(Status(StatusCode.ERROR))
        span.end(began + int(facts.seconds * _NANO))

    def close(self) -> None:
        """Send what is left, and stop."""
        self._provider.shutdown()

    def _attributes(self, facts: CallFacts) -> dict[str, str | int | float]:
        model = facts.model.partition("/")[2]
        known = self._allowed.holds("model", facts.model)
        told: dict[str, str | int | float] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": self._text("partner", facts.partner),
            "gen_ai.request.model": model if known else "",
            "gen_ai.usage.input_tokens": facts.input_tokens,
            "gen_ai.usage.output_tokens": facts.output_tokens,
            "pratique.feature": self._text("feature", facts.feature),
            "pratique.locale": self._text("locale", facts.locale),
            "pratique.status": self._text("status", facts.status),
        }
        if facts.first_piece_seconds is not None:
            told["gen_ai.response.time_to_first_chunk"] = facts.first_piece_seconds
        if facts.status == "failed":
            told["error.type"] = self._text("reply", facts.reply)
        return {name: value for name, value in told.items() if value != ""}

    def _text(self, field: str, value: str) -> str:
        return value if self._allowed.holds(field, value) else ""


def otlp_exporter(endpoint: str) -> SpanExporter:
    """Return what sends spans to the collector at *endpoint* by OTLP over HTTP.

    Raises:
        ImportError: the extra `traces` is not installed.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=endpoint)
