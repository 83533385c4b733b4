"""The watcher: a thread of the service that looks again and again."""

import asyncio
import logging
import threading

from pratique.errors import PratiqueError
from pratique.evals.budget import Budget
from pratique.rollout.watch.acts import WATCH
from pratique.rollout.watch.look import look
from pratique.rollout.watch.report import Report
from pratique.settings.workspace import Workspace
from pratique.workspace.opened import Opened

_log = logging.getLogger(__name__)


class Watcher:
    """Looks at one market every so many hours; the first time at once, never for 0.

    One replica is enough.

    A look that fails is told in the log, and the next one is made all the same.
    """

    def __init__(self, workspace: Workspace, market: str) -> None:
        self._workspace = workspace
        self._market = market
        self._seconds = workspace.configuration.watch.hours * 3600.0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look, unless the settings leave it to others."""
        if self._seconds > 0:
            self._thread.start()

    def close(self) -> None:
        """Look no more; a look under way is left to its own end, every act of it whole."""
        self._ends.set()

    def _watch(self) -> None:
        while not self._ends.is_set():
            try:
                report = once(self._workspace, self._market)
                _log.info("watched", extra={"count": len(report.acts)})
            except PratiqueError as error:
                _log.error("watch failed", extra={"error": type(error).__name__})
            self._ends.wait(self._seconds)


def once(workspace: Workspace, market: str, calls: int | None = None) -> Report:
    """Look once, in the name of the watch, with at most *calls* calls; else as the settings say."""
    budget = Budget(calls=calls if calls is not None else workspace.configuration.watch.calls)
    opened = Opened(workspace, who=WATCH)
    try:
        return asyncio.run(look(opened, market, budget))
    finally:
        opened.close()
