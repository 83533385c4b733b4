"""The log: one JSON object a line, and nothing in it that is not on the allow-list.

A library may log whatever it likes, a user's text included. Of a line that is not ours only the
speaker and the class of an exception are told, with the places in the program it came from.
"""

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType

from pratique.telemetry.allowed import UNAUDITED, Allowed

LOGGER = "pratique"
"""Name of our logger; its children are ours too."""

_PLACES = 12
_SPEAKERS = {"uvicorn": "uvicorn", "litestar": "litestar"}


class Lines(logging.Formatter):
    """Formats every record of the process, ours and others'."""

    def __init__(self, allowed: Allowed) -> None:
        super().__init__()
        self._allowed = allowed

    def format(self, record: logging.LogRecord) -> str:
        """Return *record* as one line."""
        fields = self._fields(record)
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.casefold(),
            "event": record.msg if self._is_ours(record) else UNAUDITED,
        }
        return json.dumps(told | fields, ensure_ascii=True)

    def _is_ours(self, record: logging.LogRecord) -> bool:
        ours = record.name == LOGGER or record.name.startswith(LOGGER + ".")
        return ours and record.msg in self._allowed.signals.logs and not record.args

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        given: Mapping[str, object] = {
            "logger": _SPEAKERS.get(record.name.partition(".")[0], "other")
        }
        names = self._allowed.signals.logs[UNAUDITED]
        if self._is_ours(record):
            names = self._allowed.signals.logs[str(record.msg)]
            given = record.__dict__
        fields = {name: given[name] for name in names if name in given}
        if record.exc_info and record.exc_info[0] is not None:
            fields |= {"error": record.exc_info[0].__name__, "at": _places(record.exc_info[2])}
        return {name: value for name, value in fields.items() if self._allowed.holds(name, value)}


def _places(trace: TracebackType | None) -> str:
    """Return where an exception passed, the innermost first; no line of source, no value."""
    steps = [
        f"{'/'.join(PurePath(step.filename).parts[-3:])}:{step.lineno} {step.name}"
        for step in traceback.extract_tb(trace)
    ]
    return " < ".join(reversed(steps[-_PLACES:]))


def log_to_stderr(allowed: Allowed, level: int = logging.INFO) -> None:
    """Send every record of this process through the list, to standard error.

    Handlers that libraries set up are taken away: they would print whole lines.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(allowed))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        found = logging.getLogger(name)
        found.handlers.clear()
        found.propagate = True
    logging.getLogger(LOGGER).setLevel(level)
