"""A replica's gate: the state in memory, read anew in the background, and the counts going back."""

import logging
import os
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from pratique.errors import NotFound, PratiqueError, Tampered
from pratique.rollout.clock import SteadyClock
from pratique.rollout.evaluation import evaluate
from pratique.rollout.gate import Admission, Context, Refusal, Rules, admit
from pratique.rollout.state import GateState, Sealed, open_sealed, read_record, seal
from pratique.rollout.tally import Tally
from pratique.workspace.opened import Opened

REFRESH_SECONDS = 0.5
"""Time between two looks at the store: a decision counts on every replica well within 2 s."""

EVALUATE_SECONDS = 30.0
"""Time between two evaluations of the halt rules."""

_KEPT_EVERY = 8
"""A state is kept on the disk this often in its lease, and whenever it changed."""

Work = Callable[[], object]
"""Something to do again and again."""

_log = logging.getLogger(__name__)


class Gate:
    """Admits by the last signed state. Before `start`, it reads the store at each question."""

    def __init__(self, opened: Opened, rules: Rules) -> None:
        self._opened = opened
        # A signature over the same bytes holds for ever: only new ones cost the arithmetic.
        remembered = lru_cache(maxsize=8192)(rules.verifies)
        self._rules = msgspec.structs.replace(rules, verifies=remembered)
        self._lease = timedelta(seconds=opened.workspace.configuration.serve.lease_seconds)
        self._path = opened.workspace.state / f"gate-{rules.market.id}.json"
        self._clock = SteadyClock(opened.clock)
        self._state: GateState | None = None
        self._kept: GateState | None = None
        self._ends = threading.Event()
        self._threads: list[threading.Thread] = []
        self.tally = Tally(opened.database, rules.market.halt_rules)
        """Counts of this replica's requests."""

    def admit(
        self, feature: str, locale: str, context: Context, *, consented: bool = False
    ) -> Admission | Refusal:
        """Ask the gate now (see `pratique.rollout.gate.admit`)."""
        state = self.state
        return admit(state, feature, locale, context, self._clock(), consented=consented)

    @property
    def state(self) -> GateState:
        """The state that counts now."""
        if self._state is None or not self._threads:
            return self.refresh()
        return self._state

    def refresh(self) -> GateState:
        """Read the store and return its state; where it cannot be read, the last one known.

        Raises:
            PratiqueError: the store cannot be read, and no earlier state is known.
        """
        try:
            with self._opened.database.connect() as connection:
                record, data = read_record(connection, self._rules, self._clock(), self._lease)
        except (PratiqueError, SQLAlchemyError):
            if self._state is None:
                self._state = self._read_kept()
            if self._state is None:
                raise
            return self._state
        sealed = seal(record, data, self._opened.key)
        self._state = state = open_sealed(sealed, self._rules)
        self._clock.not_before(state.generated)
        self._keep(state, sealed)
        return state

    def start(self) -> None:
        """Go on refreshing, counting and evaluating in the background, until `close`.

        Raises:
            PratiqueError: the store cannot be read, and no earlier state is known.
        """
        self.refresh()
        for name, work, seconds in (
            ("refresh", self.refresh, REFRESH_SECONDS),
            ("count", self._flush, 1.0),
            ("evaluate", self._evaluate, EVALUATE_SECONDS),
        ):
            thread = threading.Thread(
                target=self._again, args=(name, work, seconds), name=f"gate-{name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End the work in the background and store the last counts."""
        self._ends.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._quietly("count", self._flush)

    def _again(self, name: str, work: Work, seconds: float) -> None:
        while not self._ends.wait(seconds):
            self._quietly(name, work)

    def _quietly(self, name: str, work: Work) -> None:
        """Do *work*; a failure of the store is logged, and the next time comes soon."""
        try:
            work()
        except PratiqueError as error:
            _failed(name, error)
        except SQLAlchemyError as error:
            _failed(name, error)

    def _flush(self) -> None:
        self.tally.flush(self._clock())

    def _evaluate(self) -> None:
        if self._rules.market.halt_rules:
            evaluate(self._opened, self._rules.market.id)

    def _keep(self, state: GateState, sealed: Sealed) -> None:
        """Keep the state beside the store, for a start while the store is down."""
        kept, soon = self._kept, self._lease / _KEPT_EVERY
        if kept and _says_the_same(kept, state) and state.generated - kept.generated < soon:
            return
        try:
            _write(self._path, msgspec.json.encode(sealed))
        except OSError as error:
            _failed("keep", error)
            return
        self._kept = state

    def _read_kept(self) -> GateState | None:
        try:
            sealed = msgspec.json.decode(self._path.read_bytes(), type=Sealed)
        except (OSError, msgspec.DecodeError):
            return None
        try:
            state = open_sealed(sealed, self._rules)
        except (Tampered, NotFound) as error:
            _failed("read", error)
            return None
        self._clock.not_before(state.generated)
        return state


def _failed(work: str, error: Exception) -> None:
    """Log that some *work* failed; of an error its kind, since its words may quote a statement."""
    _log.warning("gate work failed", extra={"work": work, "error": type(error).__name__})


def _says_the_same(one: GateState, other: GateState) -> bool:
    timeless = {"generated": other.generated, "lease_ends": other.lease_ends}
    return msgspec.structs.replace(one.record, **timeless) == other.record


def _write(path: Path, data: bytes) -> None:
    """Write *data* to *path* at once: a reader sees the old bytes or the new."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
