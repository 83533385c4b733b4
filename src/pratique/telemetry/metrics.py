"""Metrics for Prometheus, with labels from the allow-list alone."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from pratique.telemetry.allowed import UNAUDITED, Allowed

CONTENT_TYPE = "text/plain; version=0.0.4"
"""Media type of `exposition`."""

Reading = tuple[str, tuple[str, ...], float]
"""Metric, values of its labels, and its value now."""

Readings = Callable[[], Iterable[Reading]]
"""What is read only when somebody asks: spend, releases."""

_Series = tuple[str, tuple[str, ...]]
"""Metric, and values of its labels."""

_Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class _Seen:
    """What a histogram has seen of one series."""

    __slots__ = ("counts", "ends", "total")

    def __init__(self, ends: tuple[float, ...]) -> None:
        self.ends = ends
        self.counts = [0] * (len(ends) + 1)
        self.total = 0.0


class Metrics:
    """The metrics of this process; safe between threads.

    A label that is not on the list is told as `unaudited`, and `pratique_unaudited_total` counts it.
    Values are numbers of ours, which become the client library's families when somebody asks: to
    count costs a look and a sum, several times at each request.
    """

    def __init__(self, allowed: Allowed, readings: Readings | None = None) -> None:
        """Make the metrics of *allowed*; those that *readings* yields are read when asked for."""
        self._allowed = allowed
        self._readings = readings
        self._lock = threading.Lock()
        self._values: dict[_Series, float] = {}
        self._seen: dict[_Series, _Seen] = {}
        read = _READ if readings else frozenset()
        for name, metric in allowed.signals.metrics.items():
            if name not in read and not metric.labels and metric.kind != "histogram":
                self._values[name, ()] = 0.0
        self._registry = CollectorRegistry()
        self._registry.register(_Families(self._families))

    def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
        """Add *amount* to the counter or gauge *name*, *labels* in the order of the list."""
        series = name, labels
        with self._lock:
            value = self._values.get(series)
            if value is not None:
                self._values[series] = value + amount
                return
        # Only what is on the list is remembered, so the memory is bounded.
        if self._allowed.signals.metrics[name].kind == "histogram":
            raise TypeError(f"`{name}` is a histogram: observe it")
        series = name, self.audited(name, labels)
        with self._lock:
            self._values[series] = self._values.get(series, 0.0) + amount

    def observe(self, name: str, labels: tuple[str, ...], value: float) -> None:
        """Put *value* into the histogram *name*."""
        seen = self._seen.get((name, labels))
        if seen is None:
            metric = self._allowed.signals.metrics[name]
            if metric.kind != "histogram":
                raise TypeError(f"`{name}` is no histogram: add to it")
            series = name, self.audited(name, labels)
            with self._lock:
                seen = self._seen.setdefault(series, _Seen(metric.buckets))
        with self._lock:
            seen.counts[bisect_left(seen.ends, value)] += 1
            seen.total += value

    def exposition(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self._registry)

    def audited(self, name: str, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return *labels* of the metric *name*, with what is not on the list put aside."""
        names = self._allowed.signals.metrics[name].labels
        if len(names) != len(labels):
            raise ValueError(f"`{name}` has the labels {', '.join(names)}")
        held = tuple(
            value if not value or self._allowed.holds(label, value) else UNAUDITED
            for label, value in zip(names, labels, strict=True)
        )
        if UNAUDITED in held:
            self.add("pratique_unaudited_total")
        return held

    def _families(self) -> Iterator[_Family]:
        """Yield every metric with its series as they are now."""
        read = [
            ((name, self.audited(name, labels)), value)
            for name, labels, value in (self._readings() if self._readings else ())
        ]
        with self._lock:
            values = [*self._values.items(), *read]
            seen = [(*key, _cumulated(one), one.total) for key, one in self._seen.items()]
        plain: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        histograms: dict[str, HistogramMetricFamily] = {}
        for name, metric in self._allowed.signals.metrics.items():
            if metric.kind == "histogram":
                histograms[name] = HistogramMetricFamily(name, metric.about, labels=metric.labels)
            elif metric.kind == "gauge":
                plain[name] = GaugeMetricFamily(name, metric.about, labels=metric.labels)
            else:
                plain[name] = CounterMetricFamily(name, metric.about, labels=metric.labels)
        for (name, labels), value in values:
            plain[name].add_metric(labels, value)
        for name, labels, buckets, total in seen:
            histograms[name].add_metric(labels, buckets, total)
        yield from (*plain.values(), *histograms.values())


_READ = frozenset({"pratique_spend_total", "pratique_release_on", "pratique_release_fraction"})


def _cumulated(seen: _Seen) -> list[tuple[str, float]]:
    """Return the buckets as the format wants them: each with all that are below it."""
    found: list[tuple[str, float]] = []
    below = 0
    for end, count in zip((*seen.ends, "+Inf"), seen.counts, strict=True):
        below += count
        found.append((str(end), below))
    return found


class _Families(Collector):
    """What the registry asks."""

    def __init__(self, families: Callable[[], Iterator[_Family]]) -> None:
        self._families = families

    def describe(self) -> Iterable[_Family]:
        """Say nothing: names are looked at when they are asked for."""
        return []

    def collect(self) -> Iterator[_Family]:
        """Yield every metric."""
        return self._families()
