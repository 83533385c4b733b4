"""Metrics for Prometheus, with labels from the allow-list alone."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from pratique.telemetry.allowed import UNAUDITED, Allowed

CONTENT_TYPE = "text/plain; version=0.0.4"
"""Media type of `exposition`."""

Reading = tuple[str, tuple[str, ...], float]
"""Metric, values of its labels, and its value now."""

Readings = Callable[[], Iterable[Reading]]
"""What is read only when somebody asks: spend, releases."""


class Metrics:
    """The metrics of this process.

    A label that is not on the list is told as `unaudited`, and `pratique_unaudited_total` counts it.
    """

    def __init__(self, allowed: Allowed, readings: Readings | None = None) -> None:
        """Make the metrics of *allowed*; those that *readings* yields are read when asked for."""
        self._allowed = allowed
        self._registry = CollectorRegistry()
        self._made: dict[str, Counter | Gauge | Histogram] = {}
        self._children: dict[tuple[str, tuple[str, ...]], Counter | Gauge | Histogram] = {}
        read = _READ if readings else frozenset()
        for name, metric in allowed.signals.metrics.items():
            if name in read:
                continue
            if metric.kind == "counter":
                self._made[name] = Counter(
                    name, metric.about, metric.labels, registry=self._registry
                )
            elif metric.kind == "gauge":
                self._made[name] = Gauge(name, metric.about, metric.labels, registry=self._registry)
            else:
                self._made[name] = Histogram(
                    name,
                    metric.about,
                    metric.labels,
                    buckets=metric.buckets,
                    registry=self._registry,
                )
        if readings:
            self._registry.register(_Readings(self, readings))

    def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
        """Add *amount* to the counter or gauge *name*, *labels* in the order of the list."""
        child = self._child(name, labels)
        # Not asked as "no Histogram": to say that of a protocol's subclass takes long.
        if not isinstance(child, (Counter, Gauge)):
            raise TypeError(f"`{name}` is a histogram: observe it")
        child.inc(amount)

    def observe(self, name: str, labels: tuple[str, ...], value: float) -> None:
        """Put *value* into the histogram *name*."""
        child = self._child(name, labels)
        if not isinstance(child, Histogram):
            raise TypeError(f"`{name}` is no histogram: add to it")
        child.observe(value)

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

    def _child(self, name: str, labels: tuple[str, ...]) -> Counter | Gauge | Histogram:
        # Only what is on the list is remembered, so the memory is bounded.
        found = self._children.get((name, labels))
        if found is None:
            held = self.audited(name, labels)
            metric = self._made[name]
            found = metric.labels(*held) if held else metric
            if held == labels:
                self._children[name, labels] = found
        return found


_READ = frozenset({"pratique_spend_total", "pratique_release_on", "pratique_release_fraction"})


class _Readings(Collector):
    """Turns readings into metrics at the moment they are asked for."""

    def __init__(self, metrics: Metrics, readings: Readings) -> None:
        self._metrics = metrics
        self._readings = readings

    def describe(self) -> Iterable[CounterMetricFamily | GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        listed = self._metrics._allowed.signals.metrics
        for name, labels, value in self._readings():
            metric = listed[name]
            if name not in families:
                kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
                families[name] = kind(name, metric.about, labels=metric.labels)
            families[name].add_metric(self._metrics.audited(name, labels), value)
        yield from families.values()
