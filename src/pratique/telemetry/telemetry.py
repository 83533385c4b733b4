"""The one door by which anything is told of what the service does."""

import logging
from typing import TYPE_CHECKING

from pratique.telemetry.allowed import Allowed
from pratique.telemetry.calls import CallFacts
from pratique.telemetry.logs import LOGGER
from pratique.telemetry.metrics import Metrics, Readings

if TYPE_CHECKING:
    from pratique.telemetry.traces import Traces


class Telemetry:
    """Metrics, traces and the log of one process."""

    def __init__(
        self, allowed: Allowed, readings: Readings | None = None, traces: "Traces | None" = None
    ) -> None:
        """Tell what *allowed* lists; spans go to *traces*, where there is a collector."""
        self.allowed = allowed
        self.metrics = Metrics(allowed, readings)
        self._traces = traces
        self._log = logging.getLogger(LOGGER)

    def answered(self, facts: CallFacts) -> None:
        """Tell of one request that passed the gate."""
        add, who = self.metrics.add, (facts.feature, facts.model)
        add("pratique_requests_total", (facts.feature, facts.locale, facts.model, facts.status))
        if facts.reply:
            add("pratique_replies_total", (facts.model, facts.reply))
        self.metrics.observe("pratique_request_seconds", who, facts.seconds)
        if facts.first_piece_seconds is not None:
            self.metrics.observe("pratique_first_piece_seconds", who, facts.first_piece_seconds)
        if facts.input_tokens:
            add("pratique_tokens_total", (*who, "input"), facts.input_tokens)
        if facts.output_tokens:
            add("pratique_tokens_total", (*who, "output"), facts.output_tokens)
        for check in facts.failed_checks:
            add("pratique_checks_failed_total", (facts.feature, check))
        for side, action in facts.screened:
            add("pratique_screened_total", (facts.feature, side, action))
        if self._traces:
            self._traces.answered(facts)

    def refused(self, feature: str, locale: str, reason: str) -> None:
        """Tell of one request that the service refused; empty names are those that are not known."""
        self.metrics.add("pratique_refusals_total", (feature, locale, reason))

    def stream_opened(self) -> None:
        """Tell that a stream was opened."""
        self.metrics.add("pratique_streams_open")

    def stream_closed(self) -> None:
        """Tell that a stream has ended."""
        self.metrics.add("pratique_streams_open", amount=-1)

    def say(self, event: str, level: int = logging.INFO, **fields: str | float) -> None:
        """Write a line of the log; *event* and *fields* are those of the list."""
        self._log.log(level, event, extra=fields)

    def close(self) -> None:
        """Send what is left."""
        if self._traces:
            self._traces.close()
