"""The allow-list: which fields a signal may have, and which values each may take."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

SIGNALS = Path(str(files("pratique") / "content" / "telemetry" / "signals.toml"))
"""The list, as an auditor reads it."""

Known = Literal["features", "locales", "models", "partners", "markets", "checks"]
"""Names that a workspace settles."""

UNAUDITED = "unaudited"
"""What stands in a label in place of a value that is not on the list."""


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a signal; exactly one of the four says what it may hold."""

    about: str
    """What it tells."""
    one_of: tuple[str, ...] = ()
    """The only values."""
    known: Known | None = None
    """Names of the workspace are the only values."""
    pattern: str = ""
    """A regular expression that a whole value fits."""
    number: bool = False
    """Any finite number."""


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One metric."""

    kind: Literal["counter", "gauge", "histogram"]
    """What it counts like."""
    about: str
    """What it tells."""
    labels: tuple[str, ...]
    """Fields that it is told apart by."""
    buckets: tuple[float, ...] = ()
    """Upper ends of a histogram's buckets, in seconds."""


class Signals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file."""

    fields: Mapping[str, Field]
    """What may be told."""
    metrics: Mapping[str, Metric]
    """Metrics, by name."""
    logs: Mapping[str, tuple[str, ...]]
    """Lines of the log with the fields that each may have."""


class Allowed:
    """The list, with the names of one workspace filled in."""

    def __init__(self, signals: Signals, known: Mapping[Known, frozenset[str]]) -> None:
        self.signals = signals
        self._sets: dict[str, frozenset[str]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._numbers = {name for name, field in signals.fields.items() if field.number}
        for name, field in signals.fields.items():
            if field.known:
                self._sets[name] = known.get(field.known, frozenset())
            elif field.one_of:
                self._sets[name] = frozenset(field.one_of)
            elif field.pattern:
                self._patterns[name] = re.compile(field.pattern)

    def holds(self, field: str, value: object) -> bool:
        """Say whether *field* may have this *value*."""
        if field in self._sets:
            return isinstance(value, str) and value in self._sets[field]
        if field in self._patterns:
            return isinstance(value, str) and bool(self._patterns[field].fullmatch(value))
        if field not in self._numbers or isinstance(value, bool):
            return False
        return isinstance(value, int | float) and abs(value) < 1e15


def read_signals(path: Path = SIGNALS) -> Signals:
    """Return the list at *path*.

    Raises:
        ValueError: a metric or a line names a field that is not there, or a label of a metric is not
            one of a closed set.
    """
    found = msgspec.convert(tomllib.loads(path.read_text()), Signals)
    for name, metric in found.metrics.items():
        for label in metric.labels:
            field = found.fields.get(label)
            if field is None or not (field.one_of or field.known):
                raise ValueError(f"label `{label}` of metric `{name}` is not of a closed set")
    for line, fields in found.logs.items():
        for name in fields:
            if name not in found.fields:
                raise ValueError(f"line `{line}` names the field `{name}`, which is not listed")
    return found
